package engine_test

import (
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
)

// attack is one shape of abuse and how it may end.
type attack struct {
	name     string
	guest    string
	memory   string // "" is 64MB here
	wall     string // "" is 400ms here
	switches engine.Switches
	want     []engine.Outcome
	preview  string // part of the result's preview or of the error's message
}

const (
	ok        = engine.OK
	exception = engine.Exception
	timeout   = engine.Timeout
	memory    = engine.ExceededMemory
	output    = engine.ExceededOutput
	pending   = engine.Pending
)

func only(o ...engine.Outcome) []engine.Outcome { return o }

var (
	eval   = engine.Switches{Eval: true}
	wasm   = engine.Switches{Wasm: true}
	shared = engine.Switches{SharedMemory: true}
	timers = engine.Switches{Timers: true}
)

// The shapes of design/attacks.md, by its groups, and some that it does not have.
// Made when asked for: the test binary's workers have no use for them.
func attacks() []attack {
	return []attack{
		// Time.
		{name: "infinite loop", guest: `while (true) {}`, want: only(timeout)},
		{name: "loop that swallows errors", guest: `for (;;) { try { for (;;); } catch (e) {} }`, want: only(timeout)},
		{name: "loop in finally", guest: `try { for (;;); } finally { for (;;); }`, want: only(timeout)},
		{name: "microtask flood", guest: `const f = () => Promise.resolve().then(f); f(); 1`, want: only(timeout, memory)},
		{name: "async loop", guest: `(async () => { for (;;) await 0; })()`, want: only(timeout)},
		{name: "top-level await loop", guest: `for (;;) await 0`, want: only(timeout)},
		{name: "ReDoS", guest: `/(a+)+$/.test('a'.repeat(40) + '!')`, want: only(timeout)},
		{name: "regex over giant string", guest: `/1+2/.test('1'.repeat(127 * 2 ** 20))`, want: only(memory, timeout)},
		{name: "costly comparator", guest: `Array.from({length: 1e7}, Math.random).sort((a, b) => { for (let i = 0; i < 1e4; i++); return a - b })`, want: only(timeout, memory)},
		{name: "Atomics.wait", guest: `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`, switches: shared, want: only(timeout)},
		{name: "wasm loop", guest: `new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,12,0,11,11]))).exports.f()`, switches: wasm, want: only(timeout)},
		{name: "BigInt power", guest: `(2n ** 100000000n) ** 5n`, want: only(timeout, memory, exception)},
		{name: "BigInt to text", guest: `(2n ** 30000000n).toString()`, want: only(timeout)},
		{name: "lastIndexOf of a giant length", guest: `const a = []; a.length = 2 ** 32 - 1; a.lastIndexOf(1)`, want: only(timeout)},
		{name: "indexOf of a claimed length", guest: `[].indexOf.call({length: 2 ** 53 - 1}, 1)`, want: only(timeout)},
		{name: "fill a giant array", guest: `Array(1e9).fill(0)`, want: only(timeout, memory)},
		{name: "deep JSON", guest: `JSON.parse('['.repeat(5e6) + ']'.repeat(5e6))`, want: only(timeout, memory)},
		{name: "Unicode expansion", guest: `for (;;) '\ufdfa'.repeat(1e6).normalize('NFKD')`, want: only(timeout, memory, exception)},
		{name: "Intl grind", guest: `for (let i = 0; i < 1e9; i++) i.toLocaleString('ar-EG')`, want: only(timeout, memory)},
		{name: "parser grind", guest: `eval('1'.repeat(4e7))`, switches: eval, want: only(timeout, memory, exception)},
		{name: "a long guest", guest: strings.Repeat("1+", 4<<20) + "1", want: only(timeout, memory, exception)},
		{name: "recursion that catches overflow", guest: `function f() { try { f() } catch { f() } } f()`, want: only(timeout)},
		{name: "replace callback growth", guest: `'a'.repeat(1e7).replace(/a/g, () => 'b'.repeat(30))`, want: only(timeout, memory)},
		{name: "loop that V8 drops the check of", guest: `for (;;) new Array(1000).fill({})`, want: only(timeout)},
		{name: "replaceAll on a giant string", guest: `'a'.repeat(2 ** 27).replaceAll('a', 'b')`, memory: "512MB", want: only(timeout, memory)},
		{name: "timer that never ends", guest: `setInterval(() => {}, 1); 1`, switches: timers, want: only(timeout)},
		{name: "timer far away", guest: `setTimeout(() => {}, 1e9)`, switches: timers, want: only(timeout)},
		{name: "generator for ever", guest: `const g = (function* () { for (;;) yield })(); for (const x of g);`, want: only(timeout)},
		{name: "unshift on a giant length", guest: `const a = {length: 2 ** 53 - 2}; Array.prototype.unshift.call(a, 1)`, want: only(timeout, exception)},

		// Memory.
		{name: "object bomb", guest: `const a = []; for (;;) a.push({x: new Array(100).fill(1)})`, wall: "20s", want: only(memory)},
		{name: "one giant array", guest: `const a = []; for (;;) a.push(1)`, wall: "20s", want: only(memory)},
		{name: "spread bomb", guest: `[...'.'.repeat(5e8)]`, wall: "20s", want: only(memory, exception)},
		{name: "buffer bomb", guest: `const a = []; for (;;) a.push(new Uint8Array(64 << 20).fill(1))`, wall: "20s", want: only(memory, exception)},
		{name: "buffer bomb that catches", guest: `const a = []; for (;;) try { a.push(new Uint8Array(1 << 20).fill(1)) } catch {}`, wall: "5s", want: only(memory)},
		{name: "small buffers", guest: `const a = []; for (;;) a.push(new Uint8Array(1000).fill(1))`, wall: "20s", want: only(memory, exception)},
		{name: "huge reserve", guest: `new ArrayBuffer(8 * 2 ** 30).byteLength`, wall: "20s", want: only(exception, memory)},
		{name: "resizable buffer", guest: `const b = new ArrayBuffer(1, {maxByteLength: 2 ** 31}); b.resize(2 ** 31); new Uint8Array(b).fill(1)`, wall: "10s", want: only(memory, exception)},
		{name: "shared buffers", guest: `const a = []; for (;;) a.push(new Uint8Array(new SharedArrayBuffer(1 << 24)).fill(1))`, switches: shared, wall: "20s", want: only(memory, exception)},
		{name: "wasm memory", guest: `const m = new WebAssembly.Memory({initial: 1, maximum: 65536}); m.grow(60000); new Uint8Array(m.buffer).fill(1)`, switches: wasm, wall: "20s", want: only(memory, exception)},
		{name: "rope flattened", guest: `let s = 'x'; for (;;) { s += s; s.split('') }`, wall: "20s", want: only(memory, exception)},
		{name: "map flood", guest: `const m = new Map(); for (let i = 0; ; i++) m.set(i, i)`, wall: "20s", want: only(memory)},
		{name: "closure leak", guest: `let f; for (;;) { const g = f, big = new Array(1000).fill(0); f = () => [g, big] }`, wall: "20s", want: only(memory)},
		{name: "JSON.parse for ever", guest: `const s = '[' + '1,'.repeat(5e6) + '1]'; for (;;) JSON.parse(s)`, want: only(timeout, memory)},
		{name: "strings", guest: `const a = []; for (let i = 0; ; i++) a.push(('x' + i).repeat(1000).replace(/x/g, 'y'))`, wall: "20s", want: only(memory)},
		{name: "Intl objects", guest: `const a = []; for (;;) a.push(new Intl.DateTimeFormat('de'), new Intl.NumberFormat('ja'))`, wall: "20s", want: only(memory)},
		{name: "stack capture growth", guest: `Error.stackTraceLimit = Infinity; function f() { f() } f()`, wall: "20s", want: only(exception), preview: "Maximum call stack"},
		{name: "pending promises", guest: `const a = []; for (;;) a.push(new Promise(() => {}).then(x => x))`, wall: "20s", want: only(memory)},
		{name: "rejections", guest: `for (;;) Promise.reject(1)`, wall: "5s", want: only(memory, timeout)},
		{name: "timers", guest: `for (;;) setTimeout(() => {}, 1e6)`, switches: timers, wall: "20s", want: only(memory)},
		{name: "finalizers", guest: `const r = new FinalizationRegistry(() => { for (;;); }); for (let i = 0; i < 1e5; i++) r.register({}, i); 'done'`, wall: "20s", want: only(ok), preview: "done"},
		{name: "console labels", guest: `for (let i = 0; ; i++) console.time('x'.repeat(1e4) + i)`, want: only(timeout, memory)},
		{name: "symbols", guest: `const a = []; for (let i = 0; ; i++) a.push(Symbol('s'.repeat(100) + i))`, wall: "20s", want: only(memory)},
		{name: "functions", guest: `const a = []; for (let i = 0; ; i++) a.push(new Function('return ' + i))`, switches: eval, wall: "20s", want: only(memory)},

		// Escape.
		{name: "constructor chain", guest: `({}).constructor.constructor('return process')()`, wall: "20s", want: only(exception), preview: "Code generation from strings disallowed"},
		{name: "constructor chain, eval allowed", guest: `({}).constructor.constructor('return typeof process')()`, wall: "20s", switches: eval, want: only(ok), preview: "undefined"},
		{name: "error constructor chain", guest: `try { x() } catch (e) { e.constructor.constructor('return this')() }`, wall: "20s", want: only(exception), preview: "Code generation"},
		{name: "console constructor chain", guest: `console.log.constructor('return process')()`, wall: "20s", want: only(exception), preview: "Code generation"},
		{name: "async function constructor", guest: `(async () => {}).constructor('return 1')()`, wall: "20s", want: only(exception), preview: "Code generation"},
		{name: "CallSite leak", guest: `Error.prepareStackTrace = (e, c) => c.map(f => typeof f.getThis() + '|' + typeof f.getFunction() + '|' + f.getFileName()).join(); function f() { 'use strict'; return new Error().stack } f()`, wall: "20s", want: only(ok), preview: "guest.js"},
		{name: "hooked stack formatter", guest: `Error.prepareStackTrace = () => { for (;;); }; null.x`, wall: "20s", want: only(exception), preview: "Cannot read properties"},
		{name: "proxy climb", guest: `let p = globalThis, n = 0; while ((p = Object.getPrototypeOf(p)) && n++ < 20); String(Object.getOwnPropertyNames(globalThis).filter(k => /native|prelude|process/.test(k)))`, wall: "20s", want: only(ok)},
		{name: "setter on Array.prototype", guest: `let stolen = []; Object.defineProperty(Array.prototype, 0, {set(v) { stolen.push(v) }, configurable: true}); console.log({a: [1, [2]]}, new Map([[1, 2]])); console.table([{a: 1}]); delete Array.prototype[0]; stolen.length`, wall: "20s", want: only(ok), preview: "0"},
		{name: "poisoned primordials", guest: `for (const k of Object.getOwnPropertyNames(Reflect)) Reflect[k] = () => { throw 1 }; Map.prototype.get = String.prototype.slice = Array.prototype.push = JSON.stringify = Object.getPrototypeOf = () => { throw 2 }; Array.prototype[Symbol.iterator] = null; Object.prototype.toJSON = Object.prototype.get = Object.prototype.value = () => 'evil'; console.log({a: 1}, [1]); ({a: {b: 1}})`, wall: "20s", want: only(ok), preview: "{ a: { b: 1 } }"},
		{name: "poisoned numbers", guest: `Number.prototype.toString = String.prototype.toString = () => { for (;;); }; console.log(1, 'a', [2]); 3`, wall: "20s", want: only(ok), preview: "3"},
		{name: "dynamic import", guest: `import('fs')`, wall: "20s", want: only(exception), preview: "no module loader"},
		{name: "import caught", guest: `import('fs').catch(e => e.name + ':' + (e instanceof TypeError))`, wall: "20s", want: only(ok), preview: "TypeError:true"},
		{name: "species self-return", guest: `const a = [1]; a.constructor = {[Symbol.species]: function () { return new Proxy([], {set() { for (;;); }}) }}; a`, wall: "20s", want: only(ok)},
		{name: "thenable result", guest: `({then(r) { for (;;); }})`, wall: "20s", want: only(ok), preview: "then"},
		{name: "promise with a getter then", guest: `Promise.resolve({get then() { for (;;); }})`, want: only(timeout)},
		{name: "patched Promise.prototype.then", guest: `Promise.prototype.then = () => { for (;;); }; Promise.resolve(7)`, wall: "20s", want: only(ok), preview: "7"},
		{name: "global replaced", guest: `delete globalThis.console; globalThis.Object = globalThis.JSON = null; 5`, wall: "20s", want: only(ok), preview: "5"},
		{name: "NUL in the guest", guest: "1\x00; 2", wall: "20s", want: only(exception)},
		{name: "WebAssembly is off", guest: `typeof WebAssembly`, wall: "20s", want: only(ok), preview: "undefined"},
		{name: "SharedArrayBuffer is off", guest: `typeof SharedArrayBuffer`, wall: "20s", want: only(ok), preview: "undefined"},
		{name: "SharedArrayBuffer through wasm", guest: `new WebAssembly.Memory({initial: 1, maximum: 2, shared: true}).buffer.constructor === Object`, wall: "20s", switches: wasm, want: only(ok), preview: "true"},
		{name: "timers are off", guest: `typeof setTimeout + typeof setInterval + typeof queueMicrotask`, wall: "20s", want: only(ok), preview: "undefinedundefinedundefined"},
		{name: "eval is off", guest: `try { eval('1') } catch (e) { e.name }`, wall: "20s", want: only(ok), preview: "EvalError"},
		{name: "natives syntax", guest: `%DebugPrint(1)`, wall: "20s", want: only(exception)},

		// Inspection.
		{name: "log flood", guest: `for (let i = 0; ; i++) console.log(i)`, wall: "20s", want: only(output)},
		{name: "empty log flood", guest: `for (;;) console.log()`, wall: "20s", want: only(output)},
		{name: "door flood", guest: `for (;;) typeof process`, want: only(timeout)},
		{name: "door flood of names", guest: `for (let i = 0; ; i++) ('n' + i) in globalThis`, want: only(timeout)},
		{name: "log bomb", guest: `console.log('x'.repeat(1 << 28)); 1`, wall: "5s", want: only(ok), preview: "1"},
		{name: "log of control characters", guest: `for (let i = 0; i < 1000; i++) console.log('\u0000'.repeat(9000)); 1`, wall: "20s", want: only(output)},
		{name: "huge result", guest: `'x'.repeat(1 << 28)`, wall: "5s", want: only(ok), preview: "xxx"},
		{name: "huge flat result", guest: `'x'.repeat(1 << 24).toUpperCase()`, wall: "5s", want: only(ok), preview: "XXX"},
		{name: "huge array result", guest: `new Array(1e6).fill('y'.repeat(1000))`, wall: "10s", want: only(ok), preview: "yyy"},
		{name: "result that runs code", guest: `({toString() { for (;;); }, valueOf() { for (;;); }, get a() { for (;;); }, [Symbol.toPrimitive]() { for (;;); }})`, wall: "20s", want: only(ok), preview: "[Getter]"},
		{name: "symbol result", guest: `Symbol('s')`, wall: "20s", want: only(ok), preview: "Symbol(s)"},
		{name: "null prototype result", guest: `Object.create(null)`, wall: "20s", want: only(ok), preview: "null prototype"},
		{name: "throws in toString", guest: `({toString() { throw 1 }})`, wall: "20s", want: only(ok), preview: "toString"},
		{name: "never-settling promise", guest: `new Promise(() => {})`, wall: "20s", want: only(pending)},
		{name: "throw null", guest: `throw null`, wall: "20s", want: only(exception), preview: "null"},
		{name: "throw undefined", guest: `throw undefined`, wall: "20s", want: only(exception), preview: "undefined"},
		{name: "throw symbol", guest: `throw Symbol('z')`, wall: "20s", want: only(exception), preview: "Symbol(z)"},
		{name: "throw object", guest: `throw {code: 42}`, wall: "20s", want: only(exception), preview: "code: 42"},
		{name: "throw hostile object", guest: `throw {get stack() { for (;;); }, get message() { for (;;); }, toString() { for (;;); }}`, wall: "20s", want: only(exception), preview: "[Getter]"},
		{name: "throw proxy", guest: `throw new Proxy({}, {get() { for (;;); }, getPrototypeOf() { for (;;); }})`, wall: "20s", want: only(exception), preview: "Proxy"},
		{name: "throw hostile error", guest: `const e = new Error('x'); Object.defineProperty(e, 'message', {get() { for (;;); }}); Object.defineProperty(e, 'name', {get() { for (;;); }}); throw e`, wall: "20s", want: only(exception)},
		{name: "error with a proxy for a prototype", guest: `const e = new Error('x'); Object.setPrototypeOf(e, new Proxy({}, {get() { for (;;); }, has() { for (;;); }, getOwnPropertyDescriptor() { for (;;); }})); throw e`, wall: "20s", want: only(exception), preview: "x"},
		{name: "256 MB message", guest: `throw new Error('A'.repeat(1 << 28))`, wall: "5s", want: only(exception), preview: "AAA"},
		{name: "rejected with 256 MB", guest: `Promise.reject('B'.repeat(1 << 28)); 1`, wall: "5s", want: only(exception), preview: "BBB"},
		{name: "cyclic result", guest: `const o = {}; o.o = o; o`, wall: "20s", want: only(ok), preview: "Circular"},
		{name: "deep result", guest: `let o = {}; for (let i = 0; i < 1e5; i++) o = {o}; o`, wall: "20s", want: only(ok)},
		{name: "wide shared result", guest: `let o = {x: 1}; for (let i = 0; i < 40; i++) o = {a: o, b: o, c: [o, o]}; o`, wall: "10s", want: only(ok)},
		{name: "look-alike verdict", guest: `console.log('\u001b[2J✔ Run succeeded'); 1`, wall: "20s", want: only(ok)},
		{name: "bidi result", guest: `'\u202e' + 'a'`, wall: "20s", want: only(ok)},
		{name: "lone surrogates", guest: `'\ud800'.repeat(10)`, wall: "20s", want: only(ok), preview: "\ufffd"},
		{name: "rejection", guest: `Promise.reject(new RangeError('later')); 'ok'`, wall: "20s", want: only(exception), preview: "later"},
		{name: "rejection handled later", guest: `const p = Promise.reject(1); Promise.resolve().then(() => p.catch(() => {})); 'fine'`, wall: "20s", want: only(ok), preview: "fine"},
		{name: "throw in a timer", guest: `setTimeout(() => { throw new Error('tick') }, 1); 1`, wall: "20s", switches: timers, want: only(exception), preview: "tick"},
		// What else was tried.
		{name: "eval of a number", guest: `eval(5)`, wall: "20s", want: only(ok), preview: "5"},
		{name: "import of what cannot be text", guest: `import({toString() { for (;;); }})`, want: only(timeout)},
		{name: "rejections beyond those kept", guest: `const p = Array.from({length: 5000}, (_, i) => Promise.reject(i)); p.forEach(q => q.catch(() => {})); 'fine'`, wall: "20s", want: only(ok), preview: "fine"},
		{name: "boxed giant string", guest: `new String('x'.repeat(1 << 28))`, wall: "5s", want: only(ok), preview: "[String"},
		{name: "boxed giant string thrown", guest: `throw new String('x'.repeat(1 << 28))`, wall: "5s", want: only(exception), preview: "[String"},
		{name: "deep parentheses", guest: strings.Repeat("(", 1e6), wall: "20s", want: only(exception)},
		{name: "deep brackets", guest: strings.Repeat("[", 1e6) + strings.Repeat("]", 1e6), wall: "20s", want: only(exception, engine.ExceededMemory)},
		{name: "deep JSON.stringify", guest: `let o = {}; for (let i = 0; i < 1e6; i++) o = {o}; JSON.stringify(o)`, want: only(exception, timeout, memory)},
		{name: "deep evaluation", guest: `eval('('.repeat(1e6))`, wall: "20s", switches: eval, want: only(exception)},
		{name: "deep regular expression", guest: `new RegExp('('.repeat(1e5) + ')'.repeat(1e5))`, wall: "20s", want: only(exception)},
		{name: "flat of a cycle", guest: `const a = []; a[0] = a; a.flat(Infinity)`, wall: "20s", want: only(exception)},
		{name: "a million arguments", guest: `console.log.apply(null, Array(1e5)); console.log(...Array(1e5)); 'done'`, wall: "20s", want: only(ok, exception)},
		{name: "arguments of a claimed length", guest: `Reflect.apply(console.log, null, {length: 2 ** 32})`, wall: "20s", want: only(exception)},
		{name: "overflow inside the console", guest: `let depth = 0; function f() { try { f() } catch (e) { if (depth++ < 20) try { console.log({a: {b: [1]}}) } catch {} throw e } } try { f() } catch {} 'back'`, wall: "20s", want: only(ok, output), preview: ""},
		{name: "overflow inside a door", guest: `function f() { try { f() } catch (e) { try { typeof zork } catch {} throw e } } try { f() } catch {} 'back'`, wall: "20s", want: only(ok), preview: "back"},
		{name: "labels without end", guest: `for (let i = 0; ; i++) { console.time(i); console.timeLog(i) }`, wall: "20s", want: only(output)},
		{name: "groups without end", guest: `for (let i = 0; i < 1e5; i++) console.group(); console.log('deep'); 1`, wall: "20s", want: only(ok), preview: "1"},
		{name: "holes in holes", guest: `const a = Array(1e5).fill(Array(1e5).fill(Array(1e5))); console.log(a); a`, wall: "20s", want: only(ok), preview: "empty items"},
		{name: "hostile table", guest: `console.table(new Array(1e6).fill({get a() { for (;;); }, b: new Proxy({}, {})})); 1`, wall: "5s", want: only(ok), preview: "1"},
		{name: "microtasks from timers", guest: `setInterval(() => { (async () => { for (;;) await 0 })() }, 1)`, switches: timers, want: only(timeout)},
		{name: "arguments of timers", guest: `for (;;) setTimeout(() => {}, 1e6, new Array(1e4).fill(1))`, switches: timers, wall: "20s", want: only(memory)},
		{name: "timers that make timers", guest: `function f() { setTimeout(f); setTimeout(f) } f()`, switches: timers, want: only(timeout, memory)},
		{name: "finalizers that loop while it waits", guest: `const r = new FinalizationRegistry(() => { for (;;); }); for (let i = 0; i < 1e5; i++) r.register({}, i); await new Promise(f => setTimeout(f, 50)); 'done'`, switches: engine.Switches{Timers: true, Wasm: true}, want: only(ok, timeout)},
		{name: "waiting that nobody ends", guest: `Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0).value`, wall: "20s", switches: shared, want: only(pending)},
		{name: "wasm compiled without end", guest: `const b = new Uint8Array([0,97,115,109,1,0,0,0]); for (;;) WebAssembly.compile(b)`, switches: wasm, wall: "10s", want: only(memory, timeout)},
		{name: "wasm tables", guest: `const a = []; for (;;) a.push(new WebAssembly.Table({initial: 1e6, element: 'anyfunc'}))`, switches: wasm, wall: "20s", want: only(memory, exception)},
		{name: "wasm memories reserved", guest: `const a = []; for (;;) a.push(new WebAssembly.Memory({initial: 0, maximum: 65536}))`, switches: wasm, want: only(timeout, memory, exception)},
		{name: "shared buffer grown", guest: `const b = new SharedArrayBuffer(1, {maxByteLength: 2 ** 31}); b.grow(2 ** 31); new Uint8Array(b).fill(1)`, switches: shared, wall: "10s", want: only(memory, exception)},
		{name: "BigInt of a billion bits", guest: `BigInt.asUintN(2 ** 30 - 1, -1n)`, wall: "5s", want: only(memory, exception, ok)},
		{name: "array of its own kind joined", guest: `new Array(2 ** 25).fill('abc').join().length`, wall: "5s", want: only(memory, exception)},
		{name: "code generation refused without end", guest: `for (let i = 0; ; i++) try { Function('x' + i) } catch {}`, want: only(timeout)},
		{name: "imports without end", guest: `for (let i = 0; ; i++) import('x' + i).catch(() => {})`, want: only(timeout, memory)},
		{name: "thenable that resolves with itself", guest: `const t = {then(r) { r(t) }}; Promise.resolve(t)`, want: only(timeout)},
	}
}

func TestAttacks(t *testing.T) {
	for _, a := range attacks() {
		t.Run(a.name, func(t *testing.T) {
			l := limits(t, orElse(a.memory, "64MB"), orElse(a.wall, "400ms"), a.switches)
			began := time.Now()
			s := run(t, a.guest, l)
			if raceOverhead > 0 && strings.Contains(s.Detail, "ThreadSanitizer: out of memory") {
				t.Skip("the race detector's own memory reached the worker's limit first")
			}
			if !slices.Contains(a.want, s.Outcome) {
				t.Errorf("ended as %s (%s; %+v), want one of %v", s.Outcome, s.Detail, s.Error, a.want)
			}
			if over := time.Since(began) - l.Wall(); over > 5*time.Second {
				t.Errorf("took %v past its wall-clock limit", over)
			}
			if most := l.Memory() + 64<<20 + raceOverhead; s.Memory.Process > most {
				t.Errorf("the worker grew to %d MB, past its limit of %d MB + 64", s.Memory.Process>>20, l.Memory()>>20)
			}
			if a.preview != "" && !strings.Contains(text(s), a.preview) {
				t.Errorf("shows %.200q, want it to have %q", text(s), a.preview)
			}
			if n := len(text(s)); n > int(l.Result()) {
				t.Errorf("copied %d bytes of a result", n)
			}
			t.Logf("%s killed=%v wall=%v stop=%v peak=%dMB", s.Outcome, s.Killed, s.Time.Wall, s.Time.Stop, s.Memory.Process>>20)
		})
	}
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func text(s seen) string {
	switch {
	case s.Result != nil:
		return s.Result.Preview
	case s.Error != nil:
		return s.Error.Name + ": " + s.Error.Message
	}
	return ""
}

// TestHostIsUntouched runs a hundred attacks and looks for what they left.
func TestHostIsUntouched(t *testing.T) {
	if testing.Short() {
		t.Skip("a hundred attacks take half a minute")
	}
	some := []string{
		`while (true) {}`, `const a = []; for (;;) a.push({x: new Array(100).fill(1)})`,
		`for (;;) console.log('x'.repeat(100))`, `[...'.'.repeat(5e8)]`, `'x'.repeat(1 << 28)`,
		`for (;;) typeof process`, `const a = []; a.length = 2 ** 32 - 1; a.lastIndexOf(1)`,
		`throw new Error('A'.repeat(1 << 28))`, `new Array(1e6).fill('y'.repeat(1000))`, `Promise.reject(1)`,
	}
	l := limits(t, "64MB", "50ms", engine.Switches{})
	attack := func(n int) {
		for i := range n {
			run(t, some[i%len(some)], l)
		}
	}
	attack(20) // buffers and pools reach their size
	before := footprint()
	attack(100)
	after := footprint()
	t.Logf("before %+v, after %+v", before, after)
	if grown := after.memory - before.memory; grown > 5<<20 {
		t.Errorf("the host grew by %d bytes", grown)
	}
	if after.files > before.files+2 { // the spare may be on its way
		t.Errorf("%d descriptors before, %d after", before.files, after.files)
	}
	if after.children > before.children+1 {
		t.Errorf("%d child processes before, %d after", before.children, after.children)
	}
}

type foot struct {
	memory          int64
	files, children int
}

func footprint() foot {
	for !host.Ready() { // else the spare's start is seen in one and not in the other
		time.Sleep(time.Millisecond)
	}
	debug.FreeOSMemory()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	files, _ := os.ReadDir("/proc/self/fd")
	return foot{int64(stats.HeapInuse + stats.StackInuse), len(files), len(children())}
}

// children are the process IDs of our children, zombies too.
func children() []string {
	var out []string
	tasks, _ := filepath.Glob("/proc/self/task/*/children")
	for _, task := range tasks {
		data, _ := os.ReadFile(task)
		out = append(out, strings.Fields(string(data))...)
	}
	return out
}
