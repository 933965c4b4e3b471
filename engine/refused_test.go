package engine_test

import (
	"strings"
	"testing"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

// What is no plain data is refused with a code and with the place at fault, and
// the host has it among its calls: without the arguments, which did not cross.
func TestRefusedArguments(t *testing.T) {
	for _, c := range []struct{ args, code, text string }{
		{`new Date()`, "type", "kv.set: argument 1 is a Date, plain data was expected"},
		{`'k', {when: new Date()}`, "type", "kv.set: args[1].when is a Date, plain data was expected"},
		{`'k', {list: [1, {'a b': 1n}]}`, "type", `kv.set: args[1].list[1]["a b"] is a BigInt, plain data was expected: pass a number or text`},
		{`'k', [() => 1]`, "type", "kv.set: args[1][0] is a function, plain data was expected"},
		{`'k', [, , Symbol()]`, "type", "kv.set: args[1][2] is a symbol, plain data was expected"},
		{`'k', {[Symbol.iterator]: 1}`, "type", "kv.set: args[1][symbol] is a property whose key is a symbol, plain data was expected"},
		{`'k', {a: {b: -Infinity}}`, "type", "kv.set: args[1].a.b is -Infinity, a finite number was expected"},
		{`'k', NaN`, "type", "kv.set: argument 2 is NaN, a finite number was expected"},
		{`'k', new Uint8Array(8)`, "type", "kv.set: argument 2 is a Uint8Array, plain data was expected"},
		{`'k', new Error('x')`, "type", "kv.set: argument 2 is an Error, plain data was expected"},
		{`'k', {p: Promise.resolve()}`, "type", "kv.set: args[1].p is a Promise, plain data was expected"},
		{`'k', new Proxy({}, {get() { for (;;); }})`, "type", "kv.set: argument 2 is a proxy, plain data was expected"},
		{`'k', {get secret() { for (;;); }}`, "type", "kv.set: args[1].secret has a getter, plain data was expected"},
		{`'k', new (class A {})`, "type", "kv.set: argument 2 is an object of a class, plain data was expected"},
		{`'k', (o => (o.a = {b: o}, o))({})`, "type", "kv.set: args[1].a.b contains itself"},
		{`'k', 'half \ud800'`, "invalid", `kv.set: argument 2 has a lone surrogate (half of a character, such as \ud800), which is no text: toWellFormed() replaces it`},
		{`'\udc00', 1`, "invalid", `kv.set: argument 1 has a lone surrogate (half of a character, such as \ud800), which is no text: toWellFormed() replaces it`},
		{`'k', {'\ud800': 1}`, "invalid", `kv.set: args[1]["\ud800"] has a lone surrogate (half of a character, such as \ud800), which is no text: toWellFormed() replaces it`},
		{`'k', JSON.parse('['.repeat(17) + ']'.repeat(17))`, "too_large", "kv.set: the arguments nest deeper than 16 levels"},
		{`'k', JSON.parse('['.repeat(5000) + ']'.repeat(5000))`, "too_large", "kv.set: the arguments nest deeper than 16 levels"},
		{`'k', new Array(4095)`, "too_large", "kv.set: the arguments hold more than 4096 values"},
		{`'k', 'x'.repeat(1 << 20)`, "too_large", "kv.set: the arguments have more than 65536 characters"},
		{`'k', {['x'.repeat(60000)]: 1n}`, "type", `kv.set: args[1]["` + strings.Repeat("x", 40) + `"…] is a BigInt, plain data was expected: pass a number or text`},
		{`'k', {'a\nb\u202e\x1b': 1n}`, "type", `kv.set: args[1]["a\nb` + "\u202e" + `\u001b"] is a BigInt, plain data was expected: pass a number or text`},
		// These the host refuses, in the same way.
		{`'k', undefined`, "type", "kv.set: argument 2 is missing or undefined, 2 expected"},
		{`undefined, 1`, "type", "kv.set: argument 1 is null or undefined, text expected"},
		{``, "type", "kv.set: argument 1 is missing or undefined, 2 expected"},
		{`'k', 1, 2`, "type", "kv.set: 3 arguments given, 2 expected"},
	} {
		r := visit(t, "let n = 0;\ntry { kv.set("+c.args+`) } catch (e) { [e instanceof TypeError, e.code, e.message].join('|') }`,
			bridge.Hardened, limits(t, "128MB", "20s", engine.Switches{}))
		if want := "true|" + c.code + "|" + c.text; r.text() != want {
			t.Errorf("kv.set(%s)\ngives %q\nwant  %q", c.args, r.text(), want)
		}
		if len(r.calls) != 1 {
			t.Errorf("kv.set(%s): %d calls", c.args, len(r.calls))
			continue
		}
		if got := r.calls[0]; got.Decision != bridge.Denied || got.Code != c.code || got.Answer != c.text || got.Line != 2 || len(got.Args) > 100 || strings.Contains(got.Logged, "\n") {
			t.Errorf("kv.set(%s) is kept as %+v", c.args, got)
		}
	}
}

// At the bounds themselves arguments are taken.
func TestArgumentsAtTheirBounds(t *testing.T) {
	r := visit(t, `
		const deep = n => JSON.parse('['.repeat(n) + ']'.repeat(n));
		const tries = [deep(16), deep(17), new Array(4094).fill(1), new Array(4095).fill(1), Object.fromEntries(Array.from({length: 2047}, (_, i) => ['k' + i, i]))];
		tries.map(v => { try { kv.set('k', v); return 'taken' } catch (e) { return e.code } }).join()`,
		bridge.Naive, limits(t, "128MB", "20s", engine.Switches{}))
	if want := "taken,too_large,taken,too_large,taken"; r.text() != want {
		t.Errorf("%q, want %q", r.text(), want)
	}
}

// A guest that goes on after its last call gets no further one answered: neither
// those that the host refuses nor those that do not cross.
func TestCallsPastTheBudget(t *testing.T) {
	for _, call := range []string{`kv.set('k' + n, n)`, `kv.set('k', n % 2 ? 1n : n)`, `kv.set('k', new Date())`, `n % 3 ? db.query('SELECT 1 FROM users') : http.get('http://api.internal/users')`} {
		l, err := limits(t, "128MB", "20s", engine.Switches{}).WithCalls(7)
		must(t, err)
		r := visit(t, `let n = 0; for (;;) try { n++; `+call+` } catch {}`, bridge.Hardened, l)
		if r.Outcome != engine.ExceededCalls || r.Limit == nil || r.Limit.Allowed != 7 || r.Limit.Used != 8 {
			t.Errorf("%s: ended as %s, limit %+v", call, r.Outcome, r.Limit)
		}
		if len(r.calls) < 8 {
			t.Errorf("%s: %d calls are kept", call, len(r.calls))
		}
		for i, c := range r.calls {
			switch past := i >= 7; {
			case c.N != int64(i+1):
				t.Errorf("%s: call %d is number %d", call, i+1, c.N)
			case past && (c.Decision != bridge.Denied || c.Code != bridge.CodeBudget) && c.Code != bridge.CodeCanceled:
				t.Errorf("%s: call %d, past the budget, was %s (%s)", call, i+1, c.Decision, c.Code)
			case !past && c.Code == bridge.CodeBudget:
				t.Errorf("%s: call %d, within the budget, was refused for it", call, i+1)
			}
		}
	}
}
