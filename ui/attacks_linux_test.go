package ui

import "sealedroom/engine"

// guest is a program that the window has to bear.
type guest struct {
	name, source string
	switches     engine.Switches
}

var everySwitch = engine.Switches{Eval: true, Wasm: true, SharedMemory: true, Timers: true}

// attacks are the shapes of abuse that aim at time, at memory and at whoever
// looks on.
var attacks = []guest{
	// Time.
	{name: "swallowed errors", source: "for (;;) { try { for (;;); } catch {} finally { for (;;); } }"},
	{name: "microtasks", source: "const f = () => Promise.resolve().then(f); f(); 1"},
	{name: "async loop", source: "(async () => { for (;;) await 0 })()"},
	{name: "ReDoS", source: "/(a+)+$/.test('a'.repeat(40) + '!')"},
	{name: "giant regex", source: "/1+2/.test('1'.repeat(127 * 2 ** 20))"},
	{name: "comparator", source: "Array.from({length: 1e7}, Math.random).sort((a, b) => { for (let i = 0; i < 1e4; i++); return a - b })"},
	{name: "Atomics.wait", source: "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)", switches: everySwitch},
	{name: "wasm loop", source: "new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,12,0,11,11]))).exports.f()", switches: everySwitch},
	{name: "BigInt", source: "(2n ** 30000000n).toString()"},
	{name: "lastIndexOf", source: "const a = []; a.length = 2 ** 32 - 1; a.lastIndexOf(1)"},
	{name: "fill", source: "Array(1e9).fill(0)"},
	{name: "deep JSON", source: "JSON.parse('['.repeat(5e6) + ']'.repeat(5e6))"},
	{name: "normalize", source: "for (;;) '\ufdfa'.repeat(1e6).normalize('NFKD')"},
	{name: "Intl", source: "for (let i = 0; ; i++) i.toLocaleString('ar-EG')"},
	{name: "parser", source: "eval('1'.repeat(4e7))", switches: everySwitch},
	{name: "caught recursion", source: "function f() { try { f() } catch { f() } } f()"},
	{name: "replace", source: "'a'.repeat(1e7).replace(/a/g, () => 'b'.repeat(30))"},
	{name: "timers", source: "function f() { setTimeout(f); setTimeout(f) } f()", switches: everySwitch},
	// Memory.
	{name: "one array", source: "const a = []; for (;;) a.push(1)"},
	{name: "spread", source: "[...'.'.repeat(5e8)]"},
	{name: "huge reserve", source: "for (;;) try { new ArrayBuffer(8 * 2 ** 30) } catch {}"},
	{name: "wasm memory", source: "const m = new WebAssembly.Memory({initial: 1, maximum: 65536}); for (;;) m.grow(100)", switches: everySwitch},
	{name: "ropes", source: "let s = 'x'; for (;;) { s += s; s.split('') }"},
	{name: "map", source: "const m = new Map(); for (let i = 0; ; i++) m.set(i, i)"},
	{name: "closures", source: "let f; for (;;) { const g = f, big = new Array(1000).fill(0); f = () => [g, big] }"},
	{name: "JSON.parse", source: "const s = '[' + '1,'.repeat(1e5) + '1]'; for (;;) JSON.parse(s)"},
	{name: "stack text", source: "Error.stackTraceLimit = Infinity; function f() { f() } for (;;) try { f() } catch (e) { e.stack }"},
	{name: "finalizers", source: "const r = new FinalizationRegistry(() => { for (;;); }); for (let i = 0; ; i++) r.register({}, i)"},
	// Whoever looks on.
	{name: "empty lines", source: "for (;;) console.log()"},
	{name: "long lines", source: "for (let i = 0; ; i++) console.log(('x' + i).repeat(2000))"},
	{name: "control text", source: "for (;;) console.log('\\u0000\\u202e\\ud800'.repeat(3000))"},
	{name: "log bomb", source: "for (;;) console.log('x'.repeat(1 << 28))"},
	{name: "tables", source: "for (;;) console.table(Array(100).fill({a: 1, b: 2}))"},
	{name: "huge result", source: "'x'.repeat(1 << 28)"},
	{name: "giant graph", source: "let o = {x: 1}; for (let i = 0; i < 40; i++) o = {a: o, b: o, c: [o, o]}; o"},
	{name: "cycles", source: "const all = []; for (let i = 0; i < 90; i++) { const one = [all]; for (let j = 0; j < 90; j++) one.push(one, all); all.push(one) } all"},
	{name: "code in a result", source: "({toString() { for (;;); }, get a() { for (;;); }, p: new Proxy({}, {get() { for (;;); }})})"},
	{name: "never settles", source: "new Promise(() => {})"},
	{name: "hostile error", source: "throw {get stack() { for (;;); }, get message() { for (;;); }}"},
	{name: "256 MB message", source: "throw new Error('A'.repeat(1 << 28))"},
	{name: "doors by name", source: "for (let i = 0; ; i++) ('n' + i) in globalThis"},
	{name: "imports", source: "for (let i = 0; ; i++) import('x' + i).catch(() => {})"},
}
