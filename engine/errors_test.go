package engine_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

// TestErrorPlaces holds the line of an error to the guest's own text.
func TestErrorPlaces(t *testing.T) {
	open := engine.Switches{Timers: true, Wasm: true, SharedMemory: true}
	for _, c := range []struct {
		name, guest, phase string
		line               int // 0: not known
		stack              string
	}{
		// The error points into another text.
		{name: "JSON", guest: "1;\nJSON.parse('{\\n\\n\\nbad')", phase: "run", line: 2},
		{name: "JSON beside await", guest: "await 1;\nJSON.parse('{\\n\\n\\nbad')", phase: "run", line: 2},
		{name: "JSON in a reviver's callee", guest: "const f = text =>\n  JSON.parse(text);\n\nf('[1')", phase: "run", line: 2},
		{name: "JSON rejected", guest: "1;\n(async text => {\n  await 0;\n  JSON.parse(text) })('\\n\\n<html>')", phase: "rejection", line: 4},
		{name: "JSON in a then", guest: "Promise.resolve('\\n\\n{')\n  .then(t => JSON.parse(t)); 1", phase: "rejection", line: 2},
		{name: "eval that does not compile", guest: "1;\n\neval('\\n\\n\\n\\n\\nlet x = ;')", phase: "run", line: 3},
		{name: "eval in eval", guest: "1;\neval(\"\\n\\neval('\\\\n\\\\nlet x = ;')\")", phase: "run", line: 2},
		{name: "eval that throws what is no error", guest: "1;\neval('\\n\\n\\nthrow 5')", phase: "run", line: 2},
		{name: "Function that does not compile", guest: "1;\n\nnew Function('a', '\\n\\n\\n+')", phase: "run", line: 3},
		{name: "a regular expression", guest: "1;\nnew RegExp('(')", phase: "run", line: 2},
		{name: "WebAssembly that traps", guest: "const m = new WebAssembly.Module(new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,5,1,3,0,0,11]));\nconst i = new WebAssembly.Instance(m);\ni.exports.f()", phase: "run", line: 3},
		{name: "an error made in one place and thrown in another", guest: "const e = new Error('x');\n\nthrow e", phase: "run", line: 3},

		// Top-level await.
		{name: "the end too early", guest: "async function f() {\n  await 1;", phase: "compile", line: 2},
		{name: "a template too long", guest: "await 1;\n`never ends", phase: "compile", line: 2},
		{name: "a private name outside its class", guest: "class A { #x = 1 }\nawait 0;\nnew A().#x", phase: "compile", line: 3},
		{name: "the same, in a function", guest: "class A { #x = 1 }\nawait 0;\nfunction f(a) {\n  return a.#x }", phase: "compile", line: 4},
		{name: "await in a comment only", guest: "// await\nclass A { #x = 1 }\nnew A().#x", phase: "compile", line: 3},
		{name: "await in an async function only", guest: "class A { #x = 1 }\nasync function f() { await (1) }\nnew A().#x", phase: "compile", line: 3},
		{name: "a brace too many", guest: "await 0;\n}\nf(); {", phase: "compile", line: 2},
		{name: "return beside await", guest: "await 0;\nreturn 1", phase: "compile", line: 2},
		{name: "await as a name, and something wrong", guest: "const await = 1;\nlet x = ;", phase: "compile", line: 2},

		// Rejected with what is no error.
		{name: "reject, in a function", guest: "function f() {\n  return Promise.reject('text');\n}\nf(); 1", phase: "rejection", line: 2, stack: "    at f (guest.js:2:18)\n    at guest.js:4:1"},
		{name: "a promise's own reject", guest: "new Promise((_, no) => {\n  no({status: 503}) }); 1", phase: "rejection", line: 2},
		{name: "an async function with one throw", guest: "async function f(x) {\n  if (x) throw {a: 1};\n  return 7;\n}\nf(1); 1", phase: "rejection", line: 2},
		{name: "an async function with several", guest: "async function f(x) {\n  if (x) throw {a: 1};\n  if (!x) throw 2;\n  return 7;\n}\nf(1); 1", phase: "rejection", line: 0},
		{name: "thrown in a then", guest: "Promise.resolve(1)\n  .then(v => {\n    throw v }); 1", phase: "rejection", line: 3},
		{name: "come by an await", guest: "const p = Promise.reject(1);\nasync function f() {\n  await p;\n  return 3; }\nf(); 1", phase: "rejection", line: 3},
		{name: "come by the guest's own await", guest: "1;\nawait Promise.any([Promise.reject(1)]);\n[].map(x => x)", phase: "run", line: 2},
		{name: "a whole stack of evals", guest: "const deep = n => n ? eval('deep(n - 1)') : Promise.reject(1);\n\ndeep(3); 1", phase: "rejection", line: 1},

		// Stacks.
		{name: "a full stack", guest: "1;\nfunction down(n) { return down(n + 1) + 1 }\n\ndown(0)", phase: "run", line: 2},
		{name: "awaits on the way", guest: "async function a() { await 0; throw new Error('x') }\nasync function b() { await a() }\nb(); 1", phase: "rejection", line: 1,
			stack: "    at a (guest.js:1:37)\n    at async b (guest.js:2:22)"},
		{name: "awaits at the top", guest: "const a = async () => { await 0; null.x };\nawait a()", phase: "run", line: 1, stack: "    at a (guest.js:1:39)\n    at async guest.js:2:1"},
		{name: "awaits, with prepareStackTrace", guest: "Error.prepareStackTrace = () => { for (;;); };\nasync function a() { await 0; throw new Error('x') }\nasync function b() { await a() }\nb(); 1", phase: "rejection", line: 2,
			stack: "    at a (guest.js:2:37)\n    at async b (guest.js:3:22)"},
		{name: "no stack at all", guest: "Error.stackTraceLimit = 0;\nconst f = () => {\n  throw new Error('x') };\nf()", phase: "run", line: 3},

		// By itself.
		{name: "a microtask", guest: "queueMicrotask(() => {\n  throw new TypeError('x') }); 1", phase: "run", line: 2},
		{name: "a microtask that throws text", guest: "queueMicrotask(() => {\n  throw 'text' });\nqueueMicrotask(() => { for (;;); }); 1", phase: "run", line: 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			open.Eval = strings.Contains(c.guest, "eval") || strings.Contains(c.guest, "Function")
			s := run(t, c.guest, limits(t, "64MB", "10s", open))
			e := s.Error
			if e == nil {
				t.Fatalf("ended as %s without an error", s.Outcome)
			}
			if e.Phase != c.phase || e.Line != c.line {
				t.Errorf("%s: %s, phase %s, line %d, want %s, line %d", e.Name, e.Message, e.Phase, e.Line, c.phase, c.line)
			}
			if c.stack != "" && e.Stack != c.stack {
				t.Errorf("stack\n%s\nwant\n%s", e.Stack, c.stack)
			}
			if strings.Contains(e.Stack, ":1:1\n    at down") {
				t.Errorf("frames without their places:\n%s", e.Stack)
			}
			if e.Line > strings.Count(c.guest, "\n")+1 {
				t.Errorf("line %d is behind the guest's end", e.Line)
			}
		})
	}
}

// TestAwaitKeepsTheLanguage runs guests in which `await` must change nothing else.
func TestAwaitKeepsTheLanguage(t *testing.T) {
	const early = "Cannot access 'y' before initialization"
	for _, c := range []struct{ guest, want string }{
		{"let m; try { y } catch (e) { m = e.message } let y = 1; m", early},
		{"// await\nlet m; try { y } catch (e) { m = e.message } let y = 1; m", early},
		{"await 0; let m; try { y } catch (e) { m = e.message } let y = 1; m", early},
		{"let m; try { y } catch (e) { m = e.message } const y = await 1; m", early},
		{"let m; try { new y } catch (e) { m = e.message } await 0; class y {} m", early},
		{"'use strict'; await 0; let m; try { y } catch (e) { m = e.message } let y = 1; m", early},
		{"const c = 1; await 0; try { c = 2 } catch (e) { e.message }", "Assignment to constant variable."},
		{"f() + await 1; function f() { return 6 }", "7"},
		{"var f = await 1; function g() { return 2 } f + g()", "3"},
		{"var v; function v() {} await 3", "3"},
		{"await 0; var v = 5; globalThis.v", "5"},
		{"class A { #x = 4; x() { return this.#x } } await 0; new A().x()", "4"},
		{"await 0; typeof arguments", "undefined"},
		{"'use strict'; await 0; let t; try { undeclared = 1 } catch (e) { t = e.name } t", "ReferenceError"},
		{"/* a */ 'use strict' // b\nawait 0; (function () { return typeof this })()", "undefined"},
		{"'use strictly'; await 0; (function () { return typeof this })()", "object"},
		{"const text = 'use strict'; await 0; (function () { return typeof this })()", "object"},
		{"with ({a: 1}) a + await 1", "2"},
		{"async function f() { return await (1) } with ({a: 3}) a", "3"},
		{"010 + await (async () => 5)()", "13"},
		{"await (async () => 5)()", "5"},
		{"await\n(async () => 5)()", "5"},
		{"const f = async () => await [1][0]; typeof f", "function"},
		{"function await(x) { return x * 2 } await (4)", "8"},
		{"await 0; { 1; let z = 2 }", "1"},
		{"const x = await 2; x * 2 // the end", "4"},
		{"await 3 //# sourceURL=other.js", "3"},
		{"#!/usr/bin/env node\nconst x = await 2; x", "2"},
	} {
		s := run(t, c.guest, limits(t, "64MB", "10s", engine.Switches{}))
		got := string(s.Outcome)
		if s.Result != nil {
			got = s.Result.Preview
		}
		if s.Error != nil {
			got = s.Error.Name + ": " + s.Error.Message
		}
		if got != c.want {
			t.Errorf("%s\ngives %s, want %s", c.guest, got, c.want)
		}
	}
}

// TestGrantedNames holds every way to declare a granted name to one answer.
func TestGrantedNames(t *testing.T) {
	for _, c := range []struct {
		guest string
		line  int // 0: it runs
	}{
		{"1;\nconst kv = {get() {}}; kv.get('a')", 2},
		{"1;\nlet kv = await 5; kv", 2},
		{"await 0;\n\nvar kv = {}; 1", 3},
		{"1;\nvar kv; 1", 2},
		{"1;\nfunction kv() {}", 2},
		{"1;\nclass kv {}", 2},
		{"1;\nconst {a, kv} = {}", 2},
		{"1;\nif (1) { var kv = 3 }", 2},
		{"1;\nfor (var kv of []);", 2},
		{"(() => { const kv = 4; return kv })()", 0},
		{"{ let kv = 4; kv }", 0},
		{"const [f] = [kv => kv]; f(await 4)", 0},
		{"const o = {kv: 4}; o.kv // kv", 0},
	} {
		r := visit(t, c.guest, bridge.Hardened, limits(t, "64MB", "10s", engine.Switches{}))
		switch {
		case c.line == 0 && r.text() != "4":
			t.Errorf("%s\ngives %s, want 4", c.guest, r.text())
		case c.line > 0 && (r.Error == nil || r.Error.Phase != "compile" || r.Error.Line != c.line || r.Error.Name != "SyntaxError" ||
			!strings.Contains(r.Error.Message, "'kv' has already been declared") || !strings.Contains(r.Error.Message, "grant")):
			t.Errorf("%s\nends with %+v, want a SyntaxError on line %d that names the grant", c.guest, r.Error, c.line)
		}
	}
}

// TestErrorParts reads what an error carries, with what it was made from.
func TestErrorParts(t *testing.T) {
	for _, c := range []struct{ name, guest, want string }{
		{"a cause", `throw new Error('a', {cause: new RangeError('b')})`, `Error a <- RangeError b`},
		{"a cause of a cause", `throw new Error('a', {cause: new Error('b', {cause: 'text'})})`, `Error a <- Error b <- string text`},
		{"a cause rejected", `(async () => { throw new Error('a', {cause: {status: 1}}) })()`, `Error a <- object { status: 1 }`},
		{"a cause beside await", `await 0; throw new Error('a', {cause: null})`, `Error a <- null null`},
		{"a cause that is undefined", `throw new Error('a', {cause: undefined})`, `Error a <- undefined undefined`},
		{"a code", `throw Object.assign(new Error('a'), {code: 'E_A', status: 503})`, `Error a code=E_A status=503`},
		{"a code that is a number", `throw Object.assign(new Error('a'), {code: 7})`, `Error a code=7`},
		{"a code that is an object", `throw Object.assign(new Error('a'), {code: {b: 1}})`, `Error a code={ b: 1 }`},
		{"several", `throw new AggregateError([new TypeError('x'), 5], 'a')`, `AggregateError a [TypeError x, number 5]`},
		{"several, by any", `await Promise.any([Promise.reject(new TypeError('x'))])`, `AggregateError All promises were rejected [TypeError x]`},
		{"more than are shown", `throw new AggregateError(Array(100).fill(1), 'a')`, `AggregateError a [` + strings.Repeat("number 1, ", 22) + `number 1] and 77`},
		{"a circle", `const e = new Error('a'); e.cause = e; throw e`, `Error a` + strings.Repeat(` <- Error a`, 5)},
		{"deep and wide", `const f = n => n ? new AggregateError([f(n - 1), f(n - 1)], 'a') : 1; throw f(12)`, ""},
		{"getters", `const e = new Error('a'); for (const k of ['code', 'cause', 'errors', 'x', 'name']) Object.defineProperty(e, k, {get() { for (;;); }, enumerable: true}); throw e`, `Error a code=[Getter] errors=[Getter] x=[Getter] <- accessor [Getter]`},
		{"proxies", `const p = new Proxy([], {get() { for (;;); }, getOwnPropertyDescriptor() { for (;;); }, ownKeys() { for (;;); }}); const e = new Error('a', {cause: p}); e.errors = p; e.code = p; throw e`, `Error a errors=[Proxy] code=[Proxy] <- proxy [Proxy]`},
		{"holes and getters in errors", `const e = new AggregateError([], 'a'); e.errors = [, 1, ]; Object.defineProperty(e.errors, 2, {get() { for (;;); }}); throw e`, `AggregateError a [number 1, accessor [Getter]]`},
		{"a message that is a getter", `class Dynamic extends Error { get message() { for (;;); } } throw new Dynamic()`, `Error [Getter: the message of Dynamic is made by code, which is not run for this report]`},
		{"a message that is data", `const e = new Error(); e.message = {code: 404}; throw e`, `Error { code: 404 }`},
		{"a name that is no text", `const e = new Error('a'); e.name = 5; throw e`, `Error a`},
		{"long", `throw new Error('a', {cause: new Error('b'.repeat(1e6), {cause: Object.assign(new Error('\x01'.repeat(1e6)), {c: '\u4e2d'.repeat(1e6)})})})`, ""},
		{"Object.prototype in the way", `for (const k of ['type', 'name', 'message', 'code', 'cause', 'errors', 'more', 'properties', 'stack', 'toJSON']) Object.defineProperty(Object.prototype, k, {get() { for (;;); }, set() { for (;;); }, configurable: true}); throw new Error('a', {cause: new TypeError('b')})`, `Error a <- TypeError b`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := run(t, c.guest, limits(t, "64MB", "10s", engine.Switches{}))
			if s.Error == nil {
				t.Fatalf("ended as %s (%s) without an error", s.Outcome, s.Detail)
			}
			if got := partsOf(*s.Error); c.want != "" && got != c.want {
				t.Errorf("carries\n%s\nwant\n%s", got, c.want)
			}
			text, err := json.Marshal(s.Error)
			must(t, err)
			if len(text) > 1<<20 {
				t.Errorf("an error of %d bytes", len(text))
			}
		})
	}
}

// partsOf writes an error in short.
func partsOf(e engine.GuestError) string {
	text := e.Name
	if text == "" {
		text = e.Type
	}
	text += " " + e.Message
	if e.Code != "" {
		text += " code=" + e.Code
	}
	for _, p := range e.Properties {
		text += " " + p.Name + "=" + p.Value
	}
	if len(e.Errors) > 0 {
		var parts []string
		for _, one := range e.Errors {
			parts = append(parts, partsOf(one))
		}
		text += " [" + strings.Join(parts, ", ") + "]"
	}
	if e.More > 0 {
		text += " and " + strconv.Itoa(e.More)
	}
	if e.Cause != nil {
		text += " <- " + partsOf(*e.Cause)
	}
	return text
}

// TestSecretsInErrors finds a secret wherever an error carries it.
func TestSecretsInErrors(t *testing.T) {
	const secret = "hunter2-hunter2-hunter2"
	for _, guest := range []string{
		`throw new Error('x', {cause: new Error(S)})`,
		`throw new AggregateError([1, S], 'x')`,
		`throw Object.assign(new Error('x'), {code: S})`,
		`throw Object.assign(new Error('x'), {status: S})`,
		`throw Object.assign(new Error('x'), {[S]: 1})`,
		`throw new Error('x', {cause: Object.assign(new Error('y'), {inner: {deep: S}})})`,
	} {
		source := strings.ReplaceAll(guest, "S", "'hunter2-' + 'hunter2-' + 'hunter2'")
		if strings.Contains(guest, "[S]") {
			source = strings.ReplaceAll(guest, "S", "'hunter2-' + 'hunter2-hunter2'")
		}
		var secrets []bridge.SecretReport
		s, err := host.Run(t.Context(), engine.Guest{Source: source, Secrets: []string{"MINE=" + secret}},
			limits(t, "64MB", "10s", engine.Switches{}), func(e engine.Event) {
				if v, ok := e.(engine.Vault); ok {
					secrets = v.Secrets
				}
			})
		must(t, err)
		found := false
		for _, one := range secrets {
			found = found || one.Name == "MINE" && one.Revealed > 0
		}
		if text, _ := json.Marshal(s.Error); strings.Contains(string(text), secret) && !found {
			t.Errorf("%s: the error shows the secret and the search did not see it", guest)
		} else if !strings.Contains(string(text), secret) {
			t.Errorf("%s: the error does not show what it carries: %s", guest, text)
		}
	}
}

// TestStoppedPlaces asks where a guest was that was stopped, or that waits. A busy
// machine serves stops elsewhere than an idle one.
func TestStoppedPlaces(t *testing.T) {
	on := engine.Switches{Timers: true, SharedMemory: true}
	for _, c := range []struct {
		name, guest string
		want        engine.Outcome
		from, to    int // the line is one of these
	}{
		{"a loop of awaits", "async function spin() {\n  for (;;) {\n    await null;\n  }\n}\nspin();", engine.Timeout, 2, 3},
		{"a loop of awaits in an arrow", "const spin = async n => {\n  for (;;) {\n    await n;\n  }\n};\nspin();", engine.Timeout, 2, 3},
		{"a loop of awaits in a method", "const o = {async spin () {\n  for (;;) {\n    await null;\n  }\n}};\no.spin();", engine.Timeout, 2, 3},
		{"a loop of thens", "function next() {\n  return Promise.resolve().then(next);\n}\nnext();\n1", engine.Timeout, 1, 2},
		{"a loop of microtasks", "function next() {\n  queueMicrotask(next);\n}\nnext();\n1", engine.Timeout, 1, 2},
		{"a loop in a module's way", "await null;\nfor (;;)\n  await null;", engine.Timeout, 2, 3},
		{"a timer far away", "1;\nawait new Promise(r => setTimeout(r, 60_000));\n2", engine.Timeout, 2, 2},
		{"a timer far away, in a function", "const wait = ms => new Promise(r => setTimeout(r, ms));\nasync function main() {\n  await wait(1);\n  await wait(60_000);\n}\nmain();\n", engine.Timeout, 4, 6},
		{"a wait for memory far away", "const a = new Int32Array(new SharedArrayBuffer(4));\nawait Atomics.waitAsync(a, 0, 0, 60_000).value", engine.Timeout, 2, 2},
		{"nothing to wait for", "1;\nawait 2;\nawait new Promise(() => {});\n4", engine.Pending, 3, 3},
		{"nothing to wait for, in a function", "async function f() {\n  await null;\n  await new Promise(() => {});\n}\nf()", engine.Pending, 3, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := run(t, c.guest, limits(t, "512MB", "300ms", on)) // a chain of promises fills 64 MB in that time
			if s.Outcome != c.want || s.StoppedLine < c.from || s.StoppedLine > c.to {
				t.Errorf("%s at %d:%d, want %s on %d to %d", s.Outcome, s.StoppedLine, s.StoppedColumn, c.want, c.from, c.to)
			}
		})
	}
}

// TestWaitAsync ends waits by their time-out, and by nothing else.
func TestWaitAsync(t *testing.T) {
	const memory = "const a = new Int32Array(new SharedArrayBuffer(8));\n"
	for _, c := range []struct {
		name, guest, want string
	}{
		{"alone", "await Atomics.waitAsync(a, 0, 0, 20).value", "timed-out"},
		{"beside a timer", "setTimeout(() => {}, 2000); const began = Date.now(); await Atomics.waitAsync(a, 0, 0, 20).value + (Date.now() - began < 1500)", "timed-outtrue"},
		{"several, in order", "const seen = []; const one = ms => Atomics.waitAsync(a, 0, 0, ms).value.then(() => seen.push(ms)); await Promise.all([one(120), one(20), one(60)]); seen.join()", "20,60,120"},
		{"in a plain script", "let n = 0; Atomics.waitAsync(a, 0, 0, 20).value.then(how => console.log(how)); 'value'", "value, timed-out"},
		{"notified", "setTimeout(() => Atomics.notify(a, 0), 5); await Atomics.waitAsync(a, 0, 0, 60_000).value", "ok"},
		{"notified, and nothing left", "const w = Atomics.waitAsync(a, 0, 0, 60_000).value; Atomics.notify(a, 0); 'value'", "value"},
		{"not waited for", "Atomics.waitAsync(a, 0, 1, 20).value", "not-equal"},
		{"without a time-out", "await Atomics.waitAsync(a, 0, 0).value", "pending"},
		{"with an endless time-out", "await Atomics.waitAsync(a, 0, 0, Infinity).value", "pending"},
		{"with a time-out to be converted once", "let n = 0; const how = await Atomics.waitAsync(a, 0, 0, {valueOf() { n++; return 20 }}).value; how + n", "timed-out1"},
		{"with a time-out of text", "await Atomics.waitAsync(a, 0, 0, '20').value", "timed-out"},
		{"with a BigInt", "try { Atomics.waitAsync(a, 0, 0, 20n) } catch (e) { e.name }", "TypeError"},
		{"of a wrong kind", "try { Atomics.waitAsync([], 0, 0, 20) } catch (e) { e.name }", "TypeError"},
		{"as a function", "const f = Atomics.waitAsync; [f.name, f.length, 'prototype' in f, Object.keys(Atomics).length].join()", "waitAsync,4,false,0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := run(t, memory+c.guest, limits(t, "64MB", "10s", engine.Switches{Timers: true, SharedMemory: true}))
			got := string(s.Outcome)
			if s.Result != nil {
				got = s.Result.Preview
			}
			for _, line := range s.console {
				got += ", " + line.Text
			}
			if got != c.want {
				t.Errorf("gives %s (%+v), want %s", got, s.Error, c.want)
			}
		})
	}
}
