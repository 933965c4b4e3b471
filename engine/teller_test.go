package engine_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

// visited is what a run at the teller window showed.
type visited struct {
	engine.Ended
	calls   []engine.Call
	console []string
	secrets []bridge.SecretReport
}

func (r visited) text() string {
	if r.Result != nil {
		return r.Result.Preview
	}
	if r.Error != nil {
		return r.Error.Name + ": " + r.Error.Message
	}
	return r.Detail
}

// visit runs a guest that has every capability in one way.
func visit(t testing.TB, source string, grant bridge.Grant, l engine.Limits, also ...func(engine.Event)) visited {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	guest := engine.Guest{Source: source, Grants: map[string]bridge.Grant{}}
	for _, kind := range engine.Capabilities() {
		guest.Grants[kind.Name] = grant
	}
	var r visited
	var err error
	r.Ended, err = host.Run(ctx, guest, l, func(e engine.Event) {
		switch e := e.(type) {
		case engine.Call:
			r.calls = append(r.calls, e)
		case engine.Console:
			r.console = append(r.console, e.Text)
		case engine.Vault:
			r.secrets = e.Secrets
		}
		for _, take := range also {
			take(e)
		}
	})
	must(t, err)
	if ctx.Err() != nil {
		t.Fatalf("the run hung: %.200s", source)
	}
	return r
}

// The article's second example, as it is printed there.
func TestTheArticlesGuest(t *testing.T) {
	for _, grant := range []bridge.Grant{bridge.Hardened, bridge.Naive} {
		r := visit(t, `
// This code runs inside the isolate
const users = db.query('SELECT * FROM users WHERE active = ?', [true]);
`+"`Found ${users.count} active users.`", grant, engine.Limits{})
		if r.text() != "Found 1 active users." {
			t.Errorf("%v: %s %s", grant, r.Outcome, r.text())
		}
	}
}

// facadeAttacks are guests that turn the language against the guest's side of
// the window. Each must end as it says, having reached the host with nothing
// but plain data.
var facadeAttacks = []struct {
	name     string
	guest    string // ´ stands for a backtick
	want     string // the result's preview, or a part of it
	outcome  []engine.Outcome
	switches engine.Switches
}{
	// What is not plain data, and what runs when somebody looks.
	{name: "getter", guest: `let n = 0; try { kv.set('a', {get sql() { n++ }}) } catch (e) { n + e.name + e.message }`, want: "0TypeErrorkv.set: args[1].sql has a getter"},
	{name: "getter on an array", guest: `const a = []; Object.defineProperty(a, 0, {get() { return 1 }, enumerable: true}); try { kv.set('a', a) } catch (e) { e.message }`, want: "has a getter"},
	{name: "getter on Array.prototype behind a hole", guest: `let n = 0; Object.defineProperty(Array.prototype, 1, {get() { n++; return 'stolen' }, configurable: true}); kv.set('a', [1, , 3]); delete Array.prototype[1]; n + JSON.stringify(kv.get('a'))`, want: "0[1,null,3]"},
	{name: "setter on Array.prototype", guest: `let n = 0; for (let i = 0; i < 20; i++) Object.defineProperty(Array.prototype, i, {set() { n++ }, get() { n++ }, configurable: true}); kv.set('a', [[1], {b: [2]}]); const got = db.query('SELECT id, name FROM users WHERE id = 1'); n + got.rows[0].name`, want: "0Alice"},
	{name: "setters on Object.prototype", guest: `let n = 0; for (const k of ['toJSON', 'then', 'error', 'value', 'message', 'name', 'code', 'call', 'index', 'nodes', 'left', 'open', 'teller', 'get', 'set', 'enumerable', 'rows', 'count', 'writable']) Object.defineProperty(Object.prototype, k, {__proto__: null, get() { n++; return 'evil' }, set() { n++ }, configurable: true}); kv.set('a', {b: [1]}); const a = kv.get('a'); let e; try { db.query('SELECT 1 FROM credentials') } catch (x) { e = x } const seen = n; seen + '' + a.b[0] + Object.getOwnPropertyDescriptor(e, 'code').value + Object.getOwnPropertyDescriptor(e, 'message').value`, want: `01not_granteddb.query: the table`},
	{name: "proxy", guest: `try { kv.set('a', new Proxy({}, {get() { for (;;); }, ownKeys() { for (;;); }})) } catch (e) { e.message }`, want: "is a proxy"},
	{name: "revoked proxy", guest: `const p = Proxy.revocable([], {}); p.revoke(); try { kv.set('a', p.proxy) } catch (e) { e.message }`, want: "is a proxy"},
	{name: "proxy for a prototype", guest: `try { kv.set('a', Object.create(new Proxy({}, {}))) } catch (e) { e.message }`, want: "object of a class"},
	{name: "proxy inside", guest: `try { kv.set('a', [{b: new Proxy(() => {}, {})}]) } catch (e) { e.message }`, want: "kv.set: args[1][0].b is a function"},
	{name: "an array with a proxy for a prototype", guest: `kv.set('a', Object.setPrototypeOf([1, , 2], new Proxy({}, {get() { for (;;); }, has() { for (;;); }}))); JSON.stringify(kv.get('a'))`, want: "[1,null,2]"},
	{name: "a class's instance", guest: `class A { constructor() { this.x = 1 } } try { kv.set('a', new A) } catch (e) { e.message }`, want: "object of a class"},
	{name: "a class's instance with no prototype", guest: `class A { #s = 1; x = 2 } const a = Object.setPrototypeOf(new A, null); kv.set('a', a); JSON.stringify(kv.get('a'))`, want: `{"x":2}`},
	{name: "boxed", guest: `[new String('x'), new Number(1), new Boolean(true), Object(1n), Object(Symbol())].map(b => { try { kv.set('a', b); return 'taken' } catch (e) { return e.name } }).join()`, want: "TypeError,TypeError,TypeError,TypeError,TypeError"},
	{name: "of other kinds", guest: `[new Date, /x/, new Map, new Set, new WeakMap, new WeakRef({}), new ArrayBuffer(8), new Uint8Array(8), new DataView(new ArrayBuffer(1)), Promise.resolve(), new Error('x'), function () {}, () => {}, class {}, Symbol('x'), 1n, (function* () {})(), (function () { return arguments })(1), globalThis, Math, JSON, Reflect].map(b => { try { kv.set('a', b); return 'taken' } catch (e) { return e.name } }).filter(n => n !== 'TypeError').length`, want: "0"},
	{name: "detached and resizable buffers", guest: `const b = new ArrayBuffer(8, {maxByteLength: 16}), v = new Uint8Array(b); b.resize(0); const d = new ArrayBuffer(8), w = new Uint8Array(d); d.transfer(); [b, v, d, w].map(x => { try { kv.set('a', x); return 1 } catch (e) { return e.name } }).join()`, want: "TypeError,TypeError,TypeError,TypeError"},
	{name: "coercion traps", guest: `let n = 0; const o = {[Symbol.toPrimitive]() { n++; return 'SELECT 1' }, toString() { n++ }, valueOf() { n++ }}; try { db.query(o) } catch (e) { n + e.message }`, want: "0db.query: args[0].toString is a function"},
	{name: "thenable", guest: `let n = 0; try { kv.set('a', {then(r) { n++; r() }}) } catch (e) { n + e.message }`, want: "0kv.set: args[1].then is a function"},
	{name: "numbers that are none", guest: `[NaN, Infinity, -Infinity].map(x => { try { kv.set('a', x); return 1 } catch (e) { return e.name } }).join()`, want: "TypeError,TypeError,TypeError"},
	{name: "numbers at the edges", guest: `[-0, 1e308, 5e-324, 2 ** 53, 2 ** 63, -(2 ** 64), 0.1].map(x => { kv.set('a', x); return Object.is(kv.get('a'), x === 0 ? 0 : x) }).join()`, want: "true,true,true,true,true,true,true"},
	{name: "lone surrogates, NUL and line separators", guest: `['\ud800', '\udc00x', 'a\u0000b', '\u2028\u2029', '\uffff', '\ud83d\ude00'].map(s => { try { kv.set('k', s); return kv.get('k') === s } catch (e) { return e.code } }).join()`, want: "invalid,invalid,true,true,true,true"},
	{name: "keys that mean something", guest: `const o = JSON.parse('{"__proto__": {"admin": 1}, "constructor": 2, "toString": 3, "": 4, "then": 5}'); kv.set('a', o); const b = kv.get('a'); [Object.keys(b).length, Object.getPrototypeOf(b) === Object.prototype, b.admin, ({}).admin].join()`, want: "5,true,,"},
	{name: "a column named __proto__", guest: `const r = db.query('SELECT 1 AS "__proto__", 2 AS constructor FROM users LIMIT 1').rows[0]; [Object.getPrototypeOf(r) === Object.prototype, Object.keys(r).join('+'), ({}).x].join()`, want: "true,__proto__+constructor,"},

	// Size, before it costs anything.
	{name: "a length of 2**32-1", guest: `const a = []; a.length = 2 ** 32 - 1; try { kv.set('a', a) } catch (e) { e.message }`, want: "more than 4096 values"},
	{name: "holes upon holes", guest: `const h = []; for (let i = 0; i < 60; i++) h.push(new Array(10_000)); try { kv.set('a', h) } catch (e) { e.message }`, want: "more than 4096 values"},
	{name: "the same holes again and again", guest: `const h = new Array(5000), a = []; for (let i = 0; i < 4000; i++) a.push(h); try { kv.set('a', a) } catch (e) { e.message }`, want: "more than 4096 values"},
	{name: "doubling", guest: `let a = {x: 1}; for (let i = 0; i < 14; i++) a = {l: a, r: a}; try { kv.set('a', a) } catch (e) { e.message }`, want: "more than 4096 values"},
	{name: "many keys", guest: `const o = {}; for (let i = 0; i < 20_000; i++) o['k' + i] = i; try { kv.set('a', o) } catch (e) { e.message }`, want: "more than 4096 values"},
	{name: "100,000 arguments", guest: `try { kv.get.apply(null, new Array(1e5).fill(1)) } catch (e) { e.name + e.message }`, want: "TypeErrorkv.get: the arguments hold more than 4096 values"},
	{name: "100,000 undefined arguments", guest: `try { kv.get(...new Array(1e5)) } catch (e) { e.message }`, want: "kv.get: argument 1 is missing or undefined, 1 expected"},
	{name: "nested at the limit and past it", guest: `const nest = n => { let a = 1; for (let i = 0; i < n; i++) a = [a]; try { kv.set('a', a); return 'taken' } catch (e) { return e.code || e.name } }; [nest(15), nest(16), nest(17), nest(32), nest(33), nest(1e5)].join()`, want: "taken,taken,too_large,too_large,too_large,too_large"},
	{name: "a cycle", guest: `const o = {}; o.a = [o]; try { kv.set('a', o) } catch (e) { e.message }`, want: "contains itself"},
	{name: "a rope of 256 MB", guest: `try { db.query('x'.repeat(1 << 28)) } catch (e) { e.message }`, want: "have more than 65536 characters"},
	{name: "the widest text that is taken", guest: `['\u0001', '"', '\\', '\u2028', '\ud7ff', '<', '中'].map(c => { try { kv.set('a', c.repeat(65530)); return 1 } catch (e) { return e.code } }).join()`, want: "too_large,too_large,too_large,too_large,too_large,too_large,too_large"},
	{name: "the widest numbers", guest: `try { kv.set('a', new Array(9990).fill(-1.2345678901234567e-300)) } catch (e) { e.code }`, want: "too_large"},

	// The functions themselves.
	{name: "not to be changed", guest: `'use strict'; let n = 0; for (const f of [() => { db.query = 1 }, () => { delete db.query }, () => { db.x = 1 }, () => { db.query.x = 1 }, () => { globalThis.db = 1 }, () => { delete globalThis.db }, () => Object.setPrototypeOf(db, {}), () => Object.defineProperty(db, 'query', {value: 1})]) try { f(); n++ } catch {} [n, Object.getPrototypeOf(db), Object.isFrozen(db), Object.isFrozen(db.query)].join()`, want: "0,,true,true"},
	{name: "no constructor", guest: `[() => new db.query('SELECT 1'), () => Reflect.construct(db.query, []), () => Reflect.construct(Object, [], db.query), () => class extends db.query {}].map(f => { try { f(); return 1 } catch (e) { return e.name } }).join()`, want: "TypeError,TypeError,TypeError,TypeError"},
	{name: "no code of the host's realm", guest: `[db.query.constructor === Function, Object.getPrototypeOf(db.query) === Function.prototype, db.query.prototype, db.query.caller, db.query.arguments].map(x => { try { return x } catch (e) { return e.name } }).join()`, want: "TypeError", outcome: only(ok, exception)},
	{name: "as everything that calls", guest: `const out = []; const tries = [() => kv.set´k´, () => [3, 1, 2].sort(kv.set), () => 'abc'.replace(/b/, kv.get), () => ´${{toString: kv.keys}}´, () => [1].map(kv.get), () => JSON.stringify({toJSON: kv.keys}), () => Array.from({length: 2}, kv.get), () => Reflect.apply(kv.get, globalThis, ['x']), () => kv.get.bind(null, 'x')(), () => kv.get.call(new Proxy({}, {}), 'x')]; for (const f of tries) try { out.push(typeof f()) } catch (e) { out.push(e.name) } out.length`, want: "10"},
	{name: "as a trap and a getter", guest: `const p = new Proxy({a: 1}, {get: kv.get, has: kv.set, ownKeys: kv.keys}); const out = []; for (const f of [() => p.a, () => 'a' in p, () => Object.keys(p), () => Object.defineProperty({}, 'x', {get: kv.keys}).x]) try { out.push(JSON.stringify(f())) } catch (e) { out.push(e.name) } out.join()`, want: "TypeError,TypeError,TypeError,[]"},
	{name: "as a promise's handler", guest: `const got = await Promise.resolve('SELECT name FROM users WHERE id = 1').then(db.query); got.rows[0].name`, want: "Alice"},
	{name: "from a generator", guest: `const g = (function* () { for (;;) kv.set('g', yield kv.get('g')) })(); g.next(); g.next('one'); g.next('two').value`, want: "two"},
	{name: "from a timer and a microtask during others", guest: `const out = []; queueMicrotask(() => out.push(kv.get('a'))); setTimeout(() => out.push(kv.get('a')), 0); kv.set('a', 1); out.push('first'); await new Promise(r => setTimeout(r, 20)); out.join()`, want: "first,1,1", switches: timers},
	{name: "as an import of WebAssembly", guest: `const m = new WebAssembly.Module(new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,2,7,1,1,101,1,102,0,0,3,2,1,0,7,5,1,1,103,0,1,10,6,1,4,0,16,0,11])); new WebAssembly.Instance(m, {e: {f: kv.keys}}).exports.g(); 'called'`, want: "called", switches: wasm},

	// Primordials, poisoned before the first call.
	{name: "poisoned primordials", guest: `const names = Object.getOwnPropertyNames; for (const o of [Reflect, JSON, Object, Number, Math]) for (const k of names(o)) try { o[k] = () => { throw 'poison' } } catch {} for (const p of [Function.prototype, Array.prototype, String.prototype, Error.prototype, Map.prototype]) for (const k of ['call', 'apply', 'bind', 'push', 'join', 'slice', 'charCodeAt', 'toString', 'get', 'set']) p[k] = () => { throw 'poison' }; Array.prototype[Symbol.iterator] = null; kv.set('a', {b: ['c', 1]}); const got = kv.get('a'), rows = db.query('SELECT name FROM users WHERE id = ?', [1]).rows; got.b[0] + rows[0].name`, want: "cAlice"},
	{name: "Error replaced", guest: `const real = Error; globalThis.Error = globalThis.TypeError = class { constructor() { throw 'poison' } }; try { db.query('SELECT 1 FROM credentials') } catch (e) { [e instanceof real, e.code].join() }`, want: "true,not_granted"},
	{name: "Error.prepareStackTrace sees no frame of ours", guest: `const seen = []; Error.prepareStackTrace = (e, frames) => { for (const f of frames) seen.push(f.getFileName() + ':' + typeof f.getThis() + ':' + typeof f.getFunction()); return '' }; const look = f => { try { f() } catch (e) { e.stack } }; look(() => db.query('SELECT 1 FROM credentials')); look(() => db.query({get a() {}})); look(() => kv.set('a', [[[1n]]])); look(() => kv.get()); seen.filter(s => !s.startsWith('guest.js')).length + '/' + (seen.length > 3)`, want: "0/true"},
	{name: "stackTraceLimit as a trap", guest: `let n = 0; Object.defineProperty(Error, 'stackTraceLimit', {get() { n++; for (;;); }, set() { n++ }}); try { db.query('SELECT 1 FROM credentials') } catch (e) { n + e.code }`, want: "0not_granted"},
	{name: "no stack at all", guest: `Error.stackTraceLimit = 0; try { db.query('SELECT 1 FROM credentials') } catch (e) { e.code }`, want: "not_granted"},
	{name: "an error cannot be caught on its way", guest: `let n = 0; for (const k of ['message', 'stack', 'code', 'cause', 'name']) Object.defineProperty(Error.prototype, k, {set() { n++ }, get() { n++; return 'evil' }, configurable: true}); try { db.query('SELECT 1 FROM credentials') } catch (e) { n + Object.getOwnPropertyDescriptor(e, 'code').value }`, want: "0not_granted"},
	{name: "nothing hangs on an error", guest: `let e; try { db.query('SELECT 1 FROM credentials') } catch (x) { e = x } [Reflect.ownKeys(e).sort().join('+'), e.cause, Object.getPrototypeOf(e) === Error.prototype].join()`, want: "code+message+stack,,true"},

	// The edges of the stack and of the run.
	{name: "the edge of the stack", guest: `let tries = 0, best = 0, odd = []; function f() { try { f() } catch {} if (best < 20) try { tries++; const r = kv.get('x'); if (r !== null) odd.push(r); best++ } catch (e) { if (!(e instanceof RangeError)) odd.push(String(e)) } } f(); kv.set('x', 7); [tries > best, best, odd.length, kv.get('x')].join()`, want: "true,20,0,7", outcome: only(ok, timeout)},
	{name: "the edge of the stack, hostile arguments", guest: `let odd = []; const deep = [[[[[[[[1]]]]]]]]; let n = 0; function f() { try { f() } catch {} if (n++ < 100) for (const a of [deep, {a: {b: 1n}}, 'x'.repeat(9), [() => {}]]) try { kv.set('x', a) } catch (e) { if (!(e instanceof RangeError || e instanceof TypeError)) odd.push(String(e)) } } try { f() } catch {} odd.length + JSON.stringify(kv.keys())`, want: `0[`, outcome: only(ok, timeout)},
	{name: "calls for ever", guest: `for (;;) kv.get('x')`, outcome: only(timeout)},
	{name: "calls for ever that swallow errors", guest: `for (;;) try { db.query('SELECT * FROM users', {}) } catch {} finally { try { kv.get('x') } catch {} }`, outcome: only(timeout)},
	{name: "microtasks that call for ever", guest: `const f = () => { kv.get('x'); Promise.resolve().then(f) }; f(); 1`, outcome: only(timeout)},
	{name: "a call that does not come back", guest: `try { http.get('http://api.internal/slow') } catch (e) { for (;;); }`, outcome: only(timeout)},
	{name: "recursion through the host", guest: `const f = n => { const got = kv.get('x'); return n > 0 ? f(n - 1) : got }; f(2000)`, want: "null"},
	{name: "garbage that calls", guest: `const r = new FinalizationRegistry(() => kv.set('fin', 1)); for (let i = 0; i < 1e4; i++) r.register({}, i); kv.get('fin')`, want: "null"},
	{name: "an eval that calls", guest: `(0, eval)("kv.set('e', 1)"); new Function("return kv.get('e')")()`, want: "1", switches: eval},
}

func TestFacadeAttacks(t *testing.T) {
	for _, attack := range facadeAttacks {
		t.Run(attack.name, func(t *testing.T) {
			t.Parallel()
			wall := "20s" // far more than any takes, also on a machine under load
			if attack.outcome == nil {
				attack.outcome = only(ok)
			} else if slices.Equal(attack.outcome, only(timeout)) {
				wall = "1s"
			}
			r := visit(t, strings.ReplaceAll(attack.guest, "´", "`"), bridge.Hardened, limits(t, "128MB", wall, attack.switches))
			if !slices.Contains(attack.outcome, r.Outcome) || r.Killed {
				t.Errorf("ended as %s (%s), killed: %v; want %v", r.Outcome, r.text(), r.Killed, attack.outcome)
			} else if r.Outcome == ok && !strings.Contains(r.text(), attack.want) {
				t.Errorf("%q, want %q", r.text(), attack.want)
			}
			for _, secret := range r.secrets {
				if secret.Revealed > 0 {
					t.Errorf("revealed: %+v", secret)
				}
			}
			for _, c := range r.calls {
				if strings.Contains(c.Logged, "panic") || c.Decision == bridge.Failed && c.Code != bridge.CodeCanceled && c.Code != bridge.CodeFailed {
					t.Errorf("%s.%s failed on the host: %s", c.Capability, c.Method, c.Logged)
				}
			}
		})
	}
}

// FuzzArguments hands the window whatever a hostile guest can make of values
// and of the language: none of the guest's code runs while they are copied or
// refused, and the host gets plain data.
func FuzzArguments(f *testing.F) {
	for seed := range uint64(4) {
		f.Add(seed, uint8(12+seed*10))
	}
	f.Fuzz(func(t *testing.T, seed uint64, size uint8) {
		guest := hostileGraph(rand.New(rand.NewPCG(seed, 2)), int(size)%64+2)
		r := visit(t, guest+`
			armed = true;
			let taken = 0, refused = 0;
			const attempt = call => { try { call(); taken++ } catch (e) { if (e === 'guest code spoke') ran++; refused++ } };
			for (let i = 0; i < values.length; i++) {
				const v = values[i];
				attempt(() => kv.set('k', v)); attempt(() => kv.set(v, 1)); attempt(() => kv.get(v)); attempt(() => db.query('SELECT ?', v)); attempt(() => db.query(v, v));
				attempt(() => http.get('http://api.internal/status', v)); attempt(() => files.write('f', v)); attempt(() => kv.keys(v));
			}
			console.log('ran ' + ran); taken + refused`, bridge.Hardened, limits(t, "128MB", "20s", engine.Switches{}))
		if r.Outcome != engine.OK || !slices.Contains(r.console, "ran 0") {
			t.Fatalf("ended as %s (%s), said %q\n%s", r.Outcome, r.text(), r.console, guest)
		}
		for _, c := range r.calls {
			if !utf8.ValidString(c.Args) || c.Decision == bridge.Failed || strings.Contains(c.Logged, "panic") {
				t.Errorf("%s.%s(%.200q): %s, logged %s", c.Capability, c.Method, c.Args, c.Decision, c.Logged)
			}
		}
	})
}
