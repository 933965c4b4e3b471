package engine_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

// What a guest writes to its console, and what is seen of it: a level and a
// text a line. Stacks and times are cut out.
func TestConsole(t *testing.T) {
	for _, c := range []struct{ guest, want string }{
		// Levels and plain text.
		{`console.log('a', 1, true, null, undefined)`, "log a 1 true null undefined"},
		{`console.info(1); console.debug(2); console.warn(3); console.error(4)`, "info 1|debug 2|warn 3|error 4"},
		{`console.log()`, "log "},
		{`const {log} = console; log('free')`, "log free"},
		{`console.clear(); console.dirxml({a: 1})`, "log { a: 1 }"},

		// Format specifiers.
		{`console.log('%s|%s|%s', 'x', {a: 1}, -0)`, "log x|{ a: 1 }|-0"},
		{`console.log('%d|%d|%d|%d', '42', 1.5, 7n, {})`, "log 42|1.5|7n|NaN"},
		{`console.log('%i|%i|%i', 3.9, '12px', Symbol())`, "log 3|12|NaN"},
		{`console.log('%f|%f', '1.5x', 'x')`, "log 1.5|NaN"},
		{`console.log('%o|%O|%j', [1], {b: 2}, 'q')`, `log [ 1 ]|{ b: 2 }|"q"`},
		{`console.log('%cred', 'color: red')`, "log red"},
		{`console.log('100%% %s', 1); console.log('100%', 1); console.log('%', 1); console.log('%x', 1)`, "log 100% 1|log 100% 1|log % 1|log %x 1"},
		{`console.log('%s'); console.log('%s %s', 1)`, "log %s|log 1 %s"},
		{`console.log('a', '%s', 'b'); console.log(1, '%s', 2)`, "log a %s b|log 1 %s 2"},

		// The rest of the console standard.
		{`console.dir({a: {b: {c: {d: 1}}}})`, "log { a: { b: { c: [Object] } } }"},
		{`console.table([{a: 1, b: 'x'}, {a: 2}])`, "log ┌─────────┬───┬─────┐\n│ (index) │ a │ b   │\n├─────────┼───┼─────┤\n│ 0       │ 1 │ \"x\" │\n│ 1       │ 2 │     │\n└─────────┴───┴─────┘"},
		{`console.table({r: 1}); console.table(5); console.table(new Proxy([], {}))`, "log ┌─────────┬────────┐\n│ (index) │ Values │\n├─────────┼────────┤\n│ r       │ 1      │\n└─────────┴────────┘|log 5|log [Proxy]"},
		{`console.table([[1, {get g() { throw 1 }}]])`, "log ┌─────────┬───┬─────────────────┐\n│ (index) │ 0 │ 1               │\n├─────────┼───┼─────────────────┤\n│ 0       │ 1 │ { g: [Getter] } │\n└─────────┴───┴─────────────────┘"},
		{`console.assert(1, 'no'); console.assert(0); console.assert(false, 'x %s', 1)`, "error Assertion failed|error Assertion failed: x 1"},
		{`console.count(); console.count(); console.count('a'); console.countReset(); console.count()`, "log default: 1|log default: 2|log a: 1|log default: 1"},
		{`console.count({a: 1}); console.count('__proto__'); console.count('__proto__'); console.count('constructor')`, "log { a: 1 }: 1|log __proto__: 1|log __proto__: 2|log constructor: 1"},
		{`console.group('g'); console.log('in'); console.group(); console.log('deep'); console.groupEnd(); console.groupEnd(); console.groupEnd(); console.log('out')`, "log g|log   in|log     deep|log out"},
		{`console.timeEnd('no'); console.timeLog()`, "warn there is no timer 'no': call console.time first|warn there is no timer 'default': call console.time first"},
		{`function f() { console.trace('here') } f()`, "trace Trace: here\n    at 1:24"},

		// Previews of every kind of value.
		{`console.log(['a'], [1, , 3], [,,], [undefined], Array(3))`, `log [ "a" ] [ 1, <1 empty item>, 3 ] [ <2 empty items> ] [ undefined ] [ <3 empty items> ]`},
		{`console.log(-0, NaN, 1e21, 10n, -5n, Symbol('s'), Symbol())`, "log -0 NaN 1e+21 10n -5n Symbol(s) Symbol()"},
		{`console.log({}, Object.create(null), new (class A { x = 1 }), new (class B extends Array {}))`, "log {} [Object: null prototype] {} A { x: 1 } B(0) []"},
		{`console.log({'a b': 1, 2: 3, [Symbol('k')]: 4, ok_$: 5})`, `log { "2": 3, "a b": 1, ok_$: 5, [Symbol(k)]: 4 }`},
		{`console.log({get a() { throw 1 }, set b(v) {}, get c() { throw 1 }, set c(v) {}})`, "log { a: [Getter], b: [Setter], c: [Getter/Setter] }"},
		{`console.log(function f() {}, () => {}, class C {}, class { static x = 1 }, async () => {})`, "log [Function: f] [Function (anonymous)] [class C] [class (anonymous)] { x: 1 } [AsyncFunction (anonymous)]"},
		{`console.log(new Map([[1, {a: 2}]]), new Set(['x']), new Map(), new WeakMap(), new WeakSet())`, `log Map(1) { 1 => { a: 2 } } Set(1) { "x" } Map(0) {} WeakMap { <items unknown> } WeakSet { <items unknown> }`},
		{`console.log(new Date(0), new Date(NaN), /a\/b/gi, new RegExp(''))`, "log 1970-01-01T00:00:00.000Z Invalid Date /a\\/b/gi /(?:)/"},
		{`console.log(new ArrayBuffer(8), new Uint8Array([1, 2]), new BigInt64Array(1), new DataView(new ArrayBuffer(1)))`, "log ArrayBuffer { byteLength: 8 } Uint8Array(2) [ 1, 2 ] BigInt64Array(1) [ 0n ] DataView { byteLength: 1, byteOffset: 0, buffer: ArrayBuffer { byteLength: 1 } }"},
		{`console.log(Object(1), Object('s'), Object(true), Object(2n), Object(Symbol('y')))`, `log [Number: 1] [String: "s"] [Boolean: true] [BigInt: 2n] [Symbol: Symbol(y)]`},
		{`(function () { console.log(arguments) })(1, 'b')`, `log [Arguments] [ 1, "b" ]`},
		{`console.log(new Proxy({}, {}), new Proxy(() => {}, {}), [new Proxy([], {})])`, "log [Proxy] [Proxy of a function] [ [Proxy] ]"},
		{`console.log(Promise.resolve(1), new Promise(() => {})); const p = Promise.reject(2); p.catch(() => {}); console.log(p)`, "log Promise { 1 } Promise { <pending> }|log Promise { <rejected> 2 }"},
		{`const o = {}; o.self = o; console.log(o, [o])`, "log { self: [Circular ↻] } [ { self: [Circular ↻] } ]"},
		{`console.log(new WeakRef({}), globalThis.Math)`, "log WeakRef {} Object [Math] {}"},
		{`const e = new Error('m'); console.log(e)`, "log Error: m\n    at guest.js:1:11"},
		{`const e = new RangeError('m'); e.code = 7; e.name = 'Mine'; console.log([e].length, {e}.e.name)`, "log 1 Mine"},
		{`console.log(2n ** 1024n, -(2n ** 1024n))`, "log (more than 300 digits)n -(more than 300 digits)n"},

		// What an object is, by its class and its tag.
		{`console.log(Math, JSON, Reflect, Atomics, Intl, new Intl.NumberFormat('en'))`, "log Object [Math] {} Object [JSON] {} Object [Reflect] {} Object [Atomics] {} Object [Intl] {} NumberFormat [Intl.NumberFormat] {}"},
		{`const m = new Map([['k', 1]]), s = new Set([2]); console.log(m.keys(), m.entries(), s.values(), s.entries(), [1].values(), 'a'[Symbol.iterator](), (function* () {})(), m); console.log([...m.keys()].length)`,
			`log [Map Iterator] { "k" } [Map Entries] { [ "k", 1 ] } [Set Iterator] { 2 } [Set Entries] { [ 2, 2 ] } Object [Array Iterator] {} Object [String Iterator] {} Object [Generator] {} Map(1) { "k" => 1 }|log 1`},
		{`class M extends Map {} class S extends Set {} class P extends Promise {} class U extends Uint8Array {} class A extends Array {} class N extends M {}
			console.log(new M([[1, 2]]), new S([1]), P.resolve(1), new U(2), A.of(1), new N(), Object.setPrototypeOf(new Map(), null))`,
			"log M(1) [Map] { 1 => 2 } S(1) [Set] { 1 } P [Promise] { 1 } U(2) [Uint8Array] [ 0, 0 ] A(1) [ 1 ] N(0) [Map] {} [Map(0): null prototype] {}"},
		{`console.log(async function f() {}, function* g() {}, async function* h() {}, async () => {}, class A {}, class B extends Array {})`,
			"log [AsyncFunction: f] [GeneratorFunction: g] [AsyncGeneratorFunction: h] [AsyncFunction (anonymous)] [class A] [class B extends Array]"},
		{`console.log(Object(-0), [-0], new (class Foo { get [Symbol.toStringTag]() { throw 1 } }), {[Symbol.toStringTag]: 'own'}, Object.create(null, {[Symbol.toStringTag]: {value: 'T'}}))`,
			`log [Number: -0] [ -0 ] Foo {} { [Symbol(Symbol.toStringTag)]: "own" } [Object: null prototype] [T] {}`},
		{`console.log(Array.from({length: 40}, (_, i) => i * i))`, "log [\n     0,    1,    4,    9,   16,   25,   36,\n    49,   64,   81,  100,  121,  144,  169,\n   196,  225,  256,  289,  324,  361,  400,\n   441,  484,  529,  576,  625,  676,  729,\n   784,  841,  900,  961, 1024, 1089, 1156,\n  1225, 1296, 1369, 1444, 1521\n]"},
		{`console.log([1.5, 2.25, -3, 4, 5, 6, 7])`, "log [\n  1.5, 2.25, -3,\n    4,    5,  6,\n    7\n]"},
		{`(function () { arguments.length = 1e300; console.log(arguments); arguments.length = Symbol(); console.log(arguments); arguments.length = {toString() { console.log('ran') }}; console.log(arguments) })(5)`, "log [Arguments] [ 5, <4294967295 empty items> ]|log [Arguments] []|log [Arguments] []"},

		// Format specifiers, as in Node.
		{`console.log('%s|%s|%s|%s|%s', () => 1, {a: {b: 1}}, [1, [2, [3]]], Symbol('x'), class Q {})`, "log () => 1|{ a: [Object] }|[ 1, [Array] ]|Symbol(x)|class Q {}"},
		{`console.log('%d|%d|%d|%d|%i|%f', null, true, new Date(5), -0, -0.5, '-0')`, "log 0|1|5|-0|-0|-0"},
		{`console.log('%j|%j|%j', {a: [1, undefined, () => 1], u: undefined, d: new Date(0), n: NaN}, 'q', undefined)`, `log {"a":[1,null,null],"d":"1970-01-01T00:00:00.000Z","n":null}|"q"|undefined`},
		{`const o = {get g() { throw 1 }, toJSON() { throw 1 }, p: new Proxy({}, {})}; o.o = o; console.log('%j', o)`, `log {"g":"[Getter]","p":"[Proxy]","o":"[Circular]"}`},
		{`console.log('%o|%O', {a: {b: {c: {d: 1}}}}, {a: {b: {c: {d: 1}}}})`, "log { a: { b: { c: { d: 1 } } } }|{ a: { b: { c: [Object] } } }"},
		{`const d = {a: {b: {c: {d: {e: 1}}}}}; console.dir(d, {depth: 0}); console.dir(d, {depth: null}); console.dir(d, {get depth() { throw 1 }})`, "log { a: [Object] }|log { a: { b: { c: { d: { e: 1 } } } } }|log { a: { b: { c: [Object] } } }"},
		{`console.group('g\nh'); console.log('one\ntwo'); console.group(); console.log('a\n\nb'); console.groupEnd(); console.groupEnd(); console.log('x\ny')`, "log g\nh|log   one\n  two|log     a\n    \n    b|log x\ny"},
		{`console.profile('p'); console.profileEnd(); console.timeStamp(); console.exception('e'); console.context().log(1)`, "error e|log 1"},

		// Tables.
		{`console.table([{a: 1, b: 2}, {a: 3}], ['b', 'zz'])`, "log ┌─────────┬───┬────┐\n│ (index) │ b │ zz │\n├─────────┼───┼────┤\n│ 0       │ 2 │    │\n│ 1       │   │    │\n└─────────┴───┴────┘"},
		{`console.table(new Map([['k', {v: 1}], ['l', 2]]))`, "log ┌───────────────────┬─────┬──────────┐\n│ (iteration index) │ Key │ Values   │\n├───────────────────┼─────┼──────────┤\n│ 0                 │ \"k\" │ { v: 1 } │\n│ 1                 │ \"l\" │ 2        │\n└───────────────────┴─────┴──────────┘"},
		{`console.table(new Set(['x']))`, "log ┌───────────────────┬────────┐\n│ (iteration index) │ Values │\n├───────────────────┼────────┤\n│ 0                 │ \"x\"    │\n└───────────────────┴────────┘"},
		{`console.table([1, [2, 3]])`, "log ┌─────────┬───┬───┬────────┐\n│ (index) │ 0 │ 1 │ Values │\n├─────────┼───┼───┼────────┤\n│ 0       │   │   │ 1      │\n│ 1       │ 2 │ 3 │        │\n└─────────┴───┴───┴────────┘"},
		{`console.table([{c: '東京'}, {c: 'Oslo'}, {c: '🏆'}, {c: '👩‍💻é'}])`, "log ┌─────────┬────────┐\n│ (index) │ c      │\n├─────────┼────────┤\n│ 0       │ \"東京\" │\n│ 1       │ \"Oslo\" │\n│ 2       │ \"🏆\"   │\n│ 3       │ \"👩‍💻é\"  │\n└─────────┴────────┘"},

		// Bounds.
		{`console.log([...Array(200).keys()].length, new Set(Array(300).keys()).size)`, "log 200 300"},
		{`console.log('%s', 'x'.repeat(9)); console.log({a: 'y'.repeat(2000)}.a.length)`, "log xxxxxxxxx|log 2000"},
		{`console.log('\u0000\ud800é')`, "log \x00\ufffdé"},
	} {
		s := run(t, c.guest, limits(t, "64MB", "10s", engine.Switches{}))
		var lines []string
		for _, line := range s.console {
			lines = append(lines, line.Level+" "+line.Text)
		}
		if got := strings.Join(lines, "|"); got != c.want {
			t.Errorf("%s\nwrites\n%s\nwant\n%s", c.guest, got, c.want)
		}
	}
}

// What a guest's value looks like as its result.
func TestResults(t *testing.T) {
	for _, c := range []struct{ guest, kind, want string }{
		{`10 + 20`, "number", "30"},
		{`'text'`, "string", "text"},
		{``, "undefined", "undefined"},
		{`// nothing`, "undefined", "undefined"},
		{`null`, "null", "null"},
		{`true`, "boolean", "true"},
		{`5n`, "bigint", "5n"},
		{`Symbol('s')`, "symbol", "Symbol(s)"},
		{`[1, [2]]`, "array", "[ 1, [ 2 ] ]"},
		{`({a: {b: {c: {d: 1}}}})`, "object", "{ a: { b: { c: { d: 1 } } } }"},
		{`() => 1`, "function", "[Function (anonymous)]"},
		{`new Proxy([], {})`, "proxy", "[Proxy]"},
		{`new TypeError('t')`, "error", "TypeError: t\n    at guest.js:1:1"},
		{`Promise.resolve(Promise.resolve(7))`, "number", "7"},
		{`({then(done) { done(1) }})`, "object", "{ then: [Function: then] }"},

		// Top-level await, and what only looks like it.
		{`await 5`, "number", "5"},
		{`await (async () => 5)()`, "number", "5"},
		{`let n = 0; for await (const x of [1, Promise.resolve(2)]) n += x; n`, "number", "3"},
		{`await 0; if (0) {}`, "undefined", "undefined"},
		{`await 0; Promise.resolve(8)`, "number", "8"},
		{`await 7 // to the end`, "number", "7"},
		{`await 7 <!-- to the end`, "number", "7"},
		{"#!/usr/bin/env node\nawait 7", "number", "7"},
		{"\ufeffawait 7", "number", "7"},
		{`const await = 3; await + 1`, "number", "4"},
		{`'await'.length`, "number", "5"},
		{`await: for (;;) break await; 3`, "number", "3"},
		{`'use strict'; /* await */ (function () { return typeof this })()`, "string", "undefined"},
		{`'use strict'; await 0; (function () { return typeof this })()`, "string", "undefined"},
		{`/* await */ (function () { return typeof this })()`, "string", "object"},
		{`await 0; this === globalThis`, "boolean", "true"},
		{`Object.prototype.then = function (done) { done('stolen') }; await 0; 7`, "number", "7"},
		{`Object.defineProperty(Object.prototype, '.repl_result', {get() { return 'stolen' }, set() {}}); await 0; 7`, "number", "7"},

		// Doors do not change the language.
		{`typeof process`, "string", "undefined"},
		{`'process' in globalThis`, "boolean", "false"},
		{`globalThis.process === undefined`, "boolean", "true"},
		{`try { process } catch (e) { e instanceof ReferenceError && e.message }`, "string", "process is not defined"},
		{`undeclared = 1; delete globalThis.undeclared`, "boolean", "true"},
		{`globalThis.process = 5; process`, "number", "5"},
		{`Object.getOwnPropertyNames(globalThis).filter(k => /native|prelude|process/.test(k)).length`, "number", "0"},
		{`Object.freeze(globalThis); 3`, "number", "3"},
		{`Object.setPrototypeOf(globalThis, null); typeof process`, "string", "undefined"},
		{`Object.setPrototypeOf(globalThis, new Proxy({}, {has: () => true, get: (o, k) => k})); process`, "string", "process"},
		{`Object.freeze(Object.prototype); Object.freeze(Array.prototype); [{a: 1}]`, "array", "[ { a: 1 } ]"},
	} {
		s := run(t, c.guest, limits(t, "64MB", "10s", engine.Switches{}))
		if s.Outcome != engine.OK || s.Result.Type != c.kind || s.Result.Preview != c.want {
			t.Errorf("%s\nis %s: %+v %+v, want %s %q", c.guest, s.Outcome, s.Result, s.Error, c.kind, c.want)
		}
	}
}

// Timers run in the order of their times, with microtasks between.
func TestTimers(t *testing.T) {
	for _, c := range []struct{ guest, want string }{
		{`const o = []; setTimeout(() => o.push('t5'), 5); setTimeout(() => o.push('t0')); queueMicrotask(() => o.push('m')); Promise.resolve().then(() => o.push('p')); await new Promise(r => setTimeout(r, 30)); o.join()`, "m,p,t0,t5"},
		{`await new Promise(r => setTimeout((a, b) => r(a + b), 1, 2, 3))`, "5"},
		{`let n = 0; const id = setInterval(() => { if (++n === 3) clearInterval(id) }, 1); await new Promise(r => setTimeout(r, 100)); n`, "3"},
		{`let n = 0; clearTimeout(setTimeout(() => n++)); clearTimeout('x'); clearTimeout(); await new Promise(r => setTimeout(r, 5)); n`, "0"},
		{`const o = []; setTimeout(() => { o.push(1); Promise.resolve().then(() => o.push(2)) }); setTimeout(() => o.push(3)); await new Promise(r => setTimeout(r, 5)); o.join()`, "1,2,3"},
		{`let self; setTimeout(function () { self = this }); await new Promise(r => setTimeout(r, 5)); self === globalThis`, "true"},
		{`for (const delay of [NaN, -5, undefined, 'x', {}, 1e300]) clearTimeout(setTimeout(() => {}, delay)); 'fine'`, "fine"},
		{`let hits = 0; Object.defineProperty(Promise.prototype, 'constructor', {get() { hits++ }}); queueMicrotask(() => {}); hits`, "0"},
		// A frame of the prelude gives a guest nothing to hold.
		{`Error.prepareStackTrace = (e, sites) => sites.filter(s => s.getScriptNameOrSourceURL() !== 'guest.js').every(s => s.getThis() === undefined && s.getFunction() === undefined);
		  const seen = []; setTimeout(() => seen.push(new Error().stack)); queueMicrotask(() => seen.push(new Error().stack)); const end = new Promise(r => setTimeout(r, 5)); await end; seen.join()`, "true,true"},
	} {
		s := run(t, c.guest, limits(t, "64MB", "10s", engine.Switches{Timers: true}))
		if s.Outcome != engine.OK || s.Result.Preview != c.want {
			t.Errorf("%s\nis %s: %+v %+v, want %q", c.guest, s.Outcome, s.Result, s.Error, c.want)
		}
	}
}

// Lines and results are cut at their bounds, and say so.
func TestTruncation(t *testing.T) {
	l := limits(t, "256MB", "20s", engine.Switches{})
	l, err := l.WithResult(1000)
	must(t, err)
	s := run(t, `console.log('é'.repeat(20_000)); console.log('x'.repeat(10_000)); console.log({a: Array(1e5).fill('y'.repeat(100))}); '😀'.repeat(5000)`, l)
	if len(s.console) != 3 || s.Outcome != engine.OK {
		t.Fatalf("%s, %d lines", s.Outcome, len(s.console))
	}
	for i, truncated := range []bool{true, false, true} {
		if c := s.console[i]; c.Truncated != truncated || len([]rune(c.Text)) > 10_000 {
			t.Errorf("line %d has %d characters, truncated %v", i, len([]rune(c.Text)), c.Truncated)
		}
	}
	if r := s.Result; !r.Truncated || r.Preview != strings.Repeat("😀", 250) || r.Bytes != 20_000 {
		t.Errorf("result of %d bytes, preview of %d, truncated %v", r.Bytes, len(r.Preview), r.Truncated)
	}
	for guest, most := range map[string]int{
		`Array.from({length: 1e5}, (_, i) => ({i}))`:                                        1000,
		`const o = {}; for (let i = 0; i < 1e5; i++) o['k' + i] = i; o`:                     1000,
		`new Map(Array.from({length: 1e5}, (_, i) => [i, i]))`:                              1000,
		`new String('x'.repeat(1 << 28))`:                                                   1100,
		`Object.assign(new String('x'.repeat(1 << 20)), {a: 1})`:                            1100,
		`({['k'.repeat(1 << 20)]: 1})`:                                                      1100,
		`Symbol('s'.repeat(1 << 20))`:                                                       1000,
		`new Error('m'.repeat(1 << 20))`:                                                    1000,
		`new RegExp('r'.repeat(1 << 16))`:                                                   1100,
		`class A {}; Object.defineProperty(A, 'name', {value: 'n'.repeat(1 << 20)}); new A`: 1000,
	} {
		if s := run(t, guest, l); s.Outcome != engine.OK || len(s.Result.Preview) > most {
			t.Errorf("%s\nended as %s with %+v", guest, s.Outcome, s.Result)
		}
	}
}

// A result that leaves something out says so, and shows what lies behind holes.
func TestLeftOut(t *testing.T) {
	for _, c := range []struct {
		guest     string
		truncated bool
		end       string // of the preview
	}{
		{`Array.from({length: 500}, (_, i) => i)`, true, "… 400 more\n]"},
		{`Array.from({length: 100}, (_, i) => i)`, false, "99\n]"},
		{`new Map(Array.from({length: 150}, (_, i) => [i, i]))`, true, "… 50 more\n}"},
		{`new Set(Array(150).keys()).values()`, true, "… 50 more\n}"},
		{`new Uint8Array(300)`, true, "… 200 more\n]"},
		{`['x'.repeat(3000)]`, true, "… (3000 characters)\n]"},
		{`({['k'.repeat(3000)]: 1})`, true, "… (3000 characters): 1\n}"},
		{`const o = {}; for (let i = 0; i < 130; i++) o['k' + i] = i; Object.defineProperty(o, 'hidden', {value: 1}); o`, true, "… 30 more\n}"},
		{`let o = 1; for (let i = 0; i < 12; i++) o = {o}; o`, true, ""},
		{`let o = 1; for (let i = 0; i < 6; i++) o = {o}; o`, false, ""},
		{`const a = []; a[4294967294] = 'last'; a[5] = 'five'; a`, false, `[ <5 empty items>, "five", <4294967288 empty items>, "last" ]`},
		{`const a = Array(1e9); a.name = 'kept'; a`, false, `[ <1000000000 empty items>, name: "kept" ]`},
		{`Object.assign(Array.from({length: 2000}, (_, i) => i), {name: 'kept'})`, true, "\n  name: \"kept\"\n]"},
		{`Object.assign(new Uint8Array(2), {name: 'kept'})`, false, `[ 0, 0, name: "kept" ]`},
		{`const a = []; a[30000] = 'far'; a['007'] = 'no index'; a`, false, `[ <30000 empty items>, "far", "007": "no index" ]`},
		{`(function () { arguments.length = 1e300; return arguments })(1)`, false, "[Arguments] [ 1, <4294967295 empty items> ]"},
		{`(function () { arguments.length = Symbol(); return arguments })(1)`, false, "[Arguments] []"},
	} {
		s := run(t, c.guest, limits(t, "64MB", "10s", engine.Switches{}))
		if s.Outcome != engine.OK {
			t.Errorf("%s\nended as %s (%s)", c.guest, s.Outcome, s.Detail)
			continue
		}
		r := s.Result
		if r.Truncated != c.truncated || !strings.HasSuffix(r.Preview, c.end) || r.Truncated == (r.Bytes == len(r.Preview)) {
			t.Errorf("%s\nis cut: %v, of %d bytes, and ends with %.80q; want %v, %q", c.guest, r.Truncated, r.Bytes, r.Preview[max(0, len(r.Preview)-80):], c.truncated, c.end)
		}
	}
	s := run(t, `console.log(Array(500).fill(1)); console.log([1]); console.table(Array(200).fill({a: 1})); console.log({s: 'x'.repeat(2000)}); console.log({a: {b: {c: {d: 1}}}})`, engine.Limits{})
	for i, want := range []bool{true, false, true, true, false} {
		if s.console[i].Truncated != want {
			t.Errorf("line %d is cut: %v", i, s.console[i].Truncated)
		}
	}
}

// Attempts are reported with their place, once a place.
func TestBlocked(t *testing.T) {
	for _, c := range []struct{ guest, want string }{
		{"1;\n  typeof process", "global process 2:3 ×1"},
		{`process.env`, "global process 1:1 ×1"},
		{`globalThis.process; globalThis.nothingKnown`, "global process 1:12 ×1"},
		{`'fetch' in globalThis`, "global fetch 1:9 ×1"},
		{`for (let i = 0; i < 5; i++) typeof require`, "global require 1:29 ×5"},
		{`try { eval('1') } catch {}`, "codegen eval 1:7 ×1"},
		{`try { Function('1') } catch {}`, "codegen Function 1:7 ×1"},
		{`try { (async function* () {}).constructor('1') } catch {}`, "codegen Function 1:31 ×1"},
		{`import('fs').catch(() => {})`, "import fs 1:1 ×1"},
		{`var known = 1; known; undefined; NaN; toString; console; Math`, ""},
		{`eval(5); eval({})`, ""},

		// A store is no attempt, and a name that is there is no door.
		{`later = 1; later`, ""},
		{`process = 1; this.fs = 2; globalThis.net = 3; Reflect.set(globalThis, 'http', 4); process + fs + net + http`, ""},
		{`this.fs = 1; 'require' in globalThis`, "global require 1:24 ×1"},
		{`var process = 1; function require() {} process; require()`, ""},
		{`with ({process: 1}) process; with ({}) require = 1`, ""},
		{`with ({}) typeof process`, "global process 1:11 ×1"},
		{`for (let i = 0; i < 5; i++) 'fetch' in globalThis; this.fetch = 1`, "global fetch 1:37 ×5"},
		{`(() => { 'use strict'; later = 1 })()`, ""},
		{`temp = 1; const copy = temp; delete globalThis.temp; copy`, ""},
		{`temp = 1; temp = 2; delete globalThis.temp; temp = 3; delete globalThis.temp`, ""},
		{`[temp] = [1]; delete globalThis.temp; ({a: temp} = {a: 1}); delete globalThis.temp; for (temp of [1]); delete globalThis.temp`, ""},
		{`globalThis.fetch = () => {}; fetch(); delete globalThis.fetch`, ""},
		{`Reflect.set(globalThis, 'fetch', 1); delete globalThis.fetch; Object.assign(globalThis, {fetch: 1}); delete globalThis.fetch; [globalThis.fetch] = [1]; delete globalThis.fetch`, ""},
		{`with ({}) temp = 1; delete globalThis.temp; with ({}) delete process`, ""},
		{`function f() { try { eval('1') } catch {} temp = 1; delete globalThis.temp; process } try { f() } catch {}`, "codegen eval 1:22 ×1|global process 1:77 ×1"},
		{`const o = Object.create(globalThis); o.fetch = 1; o.nothing; 'nothing' in o`, ""},
		{`globalThis.fetch ??= 1`, "global fetch 1:1 ×1"},
		{`let n = 0; n += typeof arguments; (() => typeof arguments)(); typeof await; typeof yield`, ""},
		{`typeof consol`, "global consol 1:1 ×1"},
		{`const {process: p, fetch: f} = globalThis`, "global process 1:17 ×1|global fetch 1:27 ×1"},
		{`Reflect.has(globalThis, 'Bun'); Object.create(globalThis).Deno`, "global Bun 1:9 ×1|global Deno 1:58 ×1"},
		{`const have = []; for (const n of ['TextEncoder', 'URL', 'atob', 'crypto', 'Headers', 'alert', 'nothing']) have.push(typeof globalThis[n])`,
			"global TextEncoder 1:134 ×1|global URL 1:134 ×1|global atob 1:134 ×1|global crypto 1:134 ×1|global Headers 1:134 ×1|global alert 1:134 ×1"},
		// The room's own look at its global, and the language's, are none of the guest's.
		{`console.log(globalThis, [globalThis], Object.create(globalThis)); console.table(globalThis); console.dir(globalThis); console.log('%o %s', globalThis, globalThis)`, ""},
		{`class Late extends Array {}; Object.setPrototypeOf(Late.prototype, globalThis); console.log(new Late(), Object.getPrototypeOf(globalThis)); throw Object.create(globalThis)`, ""},
		{`globalThis`, ""},
		{`JSON.stringify(globalThis); String(globalThis); Array.from(globalThis); Promise.resolve(globalThis)`, ""},
		{`globalThis[Symbol.iterator]; Object.keys(globalThis); for (const k in globalThis) k; delete globalThis.process`, ""},
	} {
		s := run(t, c.guest, limits(t, "64MB", "10s", engine.Switches{}))
		var tried []string
		for _, b := range s.blocked {
			tried = append(tried, fmt.Sprintf("%s %s %d:%d ×%d", b.Kind, b.Name, b.Line, b.Column, b.Count))
		}
		if got := strings.Join(tried, "|"); got != c.want {
			t.Errorf("%s\ntried %s, want %s", c.guest, got, c.want)
		}
	}
	s := run(t, "1;\n eval('typeof process')", limits(t, "64MB", "10s", engine.Switches{Eval: true}))
	if len(s.blocked) != 1 || s.blocked[0].Line != 2 {
		t.Errorf("from evaluated code: %+v", s.blocked)
	}
}

// Watching the doors changes nothing of the language: each of these is true
// in a room, as in any other JavaScript.
func TestDoorsKeepTheLanguage(t *testing.T) {
	for _, guest := range []string{
		`(() => { 'use strict'; try { undeclared = 1 } catch (e) { return e instanceof ReferenceError && typeof undeclared === 'undefined' } })()`,
		`undeclared = 1; undeclared === 1 && Object.hasOwn(globalThis, 'undeclared') && delete globalThis.undeclared`,
		`(() => { 'use strict'; globalThis.made = 1; made = 2; return made === 2 })()`,
		`typeof process === 'undefined' && !('process' in globalThis) && globalThis.process === undefined`,
		`Object.getOwnPropertyDescriptor(globalThis, 'process') === undefined && !Object.hasOwn(globalThis, 'process')`,
		`globalThis.constructor === Object && globalThis instanceof Object`,
		`Object.isFrozen(Object.freeze(globalThis))`,
		`Object.getOwnPropertyNames(globalThis).every(name => Object.hasOwn(globalThis, name))`,
		`toString === Object.prototype.toString && hasOwnProperty === Object.prototype.hasOwnProperty`,
		`Object.create(globalThis).process === undefined`,
		`Object.prototype.process = 5; process === 5 && 'process' in globalThis`,
		`Object.defineProperty(globalThis, 'process', {get: () => 6, configurable: true}); process === 6`,
		`(() => { let e = 0; try { missing } catch (x) { e = x } return e instanceof ReferenceError && e.message === 'missing is not defined' })()`,
		`(() => { let n = 0; for (let i = 0; i < 1e5; i++) n += Math.max(i, 0) > 5 ? 1 : 0; return n === 99994 })()`,
	} {
		if s := run(t, guest, limits(t, "64MB", "10s", engine.Switches{})); text(s) != "true" {
			t.Errorf("%s\nis %s %s", guest, s.Outcome, text(s))
		}
	}
}

// No stack shows how the room is made: neither its text, nor the objects that
// V8 hands to Error.prepareStackTrace.
func TestStacksShowTheGuestAlone(t *testing.T) {
	stack := func(e string) string { return e + `.stack.split('\n').slice(1).map(s => s.trim()).join()` }
	catching := func(call string) string { return `let e; try { ` + call + ` } catch (x) { e = x } ` + stack("e") }
	for _, c := range []struct{ guest, want string }{
		{`await new Promise(done => setTimeout(function late() { done(` + stack("new Error()") + `) }))`, "at late (guest.js:1:61)"},
		{`await new Promise(done => { const id = setInterval(function again() { clearInterval(id); done(` + stack("new Error()") + `) }) })`, "at again (guest.js:1:95)"},
		{`await new Promise(done => queueMicrotask(function soon() { done(` + stack("new Error()") + `) }))`, "at soon (guest.js:1:65)"},
		{catching(`setTimeout(5)`), "at guest.js:1:14"},
		{catching(`queueMicrotask(5)`), "at guest.js:1:14"},
		{catching(`db.query(1n)`), "at guest.js:1:17"},
		{catching(`db.query([{get a() {}}])`), "at guest.js:1:17"},
		{catching(`db.query('DROP TABLE users')`), "at guest.js:1:17"},
		{`Error.prepareStackTrace = (e, sites) => sites.map(s => s.getFileName() + ' ' + s.getFunctionName() + ' ' + s.getFunction()).join();
			let e; try { db.query(1n) } catch (x) { e = x } e.stack`, "guest.js null undefined"},
		{`let deep = 0; const f = () => { deep++; console.log(db.query([[1]]), f()) }; let e; try { f() } catch (x) { e = x } /prelude|schedule|inspect|refuse/.test(e.stack)`, "false"},
	} {
		s := runGuest(t, engine.Guest{Source: c.guest, Grants: map[string]bridge.Grant{"db": bridge.Hardened}},
			limits(t, "64MB", "20s", engine.Switches{Timers: true}))
		if got := text(s); got != c.want {
			t.Errorf("%s\nends as %s with %s, want %s", c.guest, s.Outcome, got, c.want)
		}
	}
}

// FuzzPreview builds a random graph of hostile values, and has it printed in
// every way there is. Whatever it is, none of the guest's code runs meanwhile
// and the text is bounded and valid.
func FuzzPreview(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed, uint8(30))
	}
	f.Add(uint64(99), uint8(255))
	f.Add(uint64(198), uint8(61)) // prints more than 1 MB
	f.Fuzz(func(t *testing.T, seed uint64, size uint8) {
		guest := hostileGraph(rand.New(rand.NewPCG(seed, 1)), int(size)%64+2)
		l := limits(t, "128MB", "20s", engine.Switches{})
		l, err := l.WithOutput(16 << 20)
		must(t, err)
		for _, end := range []string{"values", "throw values"} {
			s := run(t, guest+"armed = true;\n"+`
				for (let i = 0; i < values.length; i++) {
					const v = values[i];
					console.log(v); console.dir(v); console.table(v); console.error('%s %o %d', v, v, v); console.count(v); console.time(v);
				}
				console.log('ran', ran);
				`+end, l)
			want := engine.OK
			if end != "values" {
				want = engine.Exception
			}
			if s.Outcome != want {
				t.Fatalf("ended as %s (%s): %s\n%s", s.Outcome, s.Detail, text(s), guest)
			}
			told := false
			for _, c := range s.console {
				if !utf8.ValidString(c.Text) || len(c.Text) > 4*10_000 {
					t.Errorf("a line of %d bytes", len(c.Text))
				}
				if strings.HasPrefix(c.Text, "ran ") {
					told = true
					if c.Text != "ran 0" {
						t.Errorf("the guest's code ran during a preview: %s\n%s", c.Text, guest)
					}
				}
				if strings.Contains(c.Text, "guest code spoke") {
					t.Errorf("the guest's code ran during a preview: %s\n%s", c.Text, guest)
				}
			}
			if !told && s.dropped.Console == 0 {
				t.Error("the guest did not come to its end")
			}
			if preview := text(s); !utf8.ValidString(preview) || int64(len(preview)) > engine.ResultLimit.Default() || strings.Contains(preview, "guest code spoke") {
				t.Errorf("a preview of %d bytes: %.200q", len(preview), preview)
			}
		}
	})
}

// hostileGraph is the source of a guest that makes n values, each a step
// nastier than data, referring to one another. Its own code counts its runs
// while armed is set.
func hostileGraph(random *rand.Rand, n int) string {
	var b strings.Builder
	b.WriteString(`
		var armed = false, ran = 0;
		const spy = () => { if (armed) { ran++; throw 'guest code spoke' } };
		const spied = {__proto__: null, get: spy, set: spy, enumerable: true, configurable: true};
		const poisonAll = (define => (object, keys) => {
			for (let i = 0; i < keys.length; i++) try { define(object, keys[i], spied) } catch {}
		})(Object.defineProperty);
		const primordials = [Map, Set, Date, RegExp, Promise, Error, Function].map(c => [c.prototype, Reflect.ownKeys(c.prototype)]);
		const traps = Object.fromEntries(Reflect.ownKeys(Reflect).filter(k => typeof Reflect[k] === 'function').map(k => [k, spy]));
		const poison = {};
		poisonAll(poison, ['toString', 'valueOf', 'toJSON', 'constructor', 'name', 'message', 'stack', 'length', 'size', 'description', 'source', 'flags', 'then', Symbol.toPrimitive, Symbol.toStringTag, Symbol.iterator, Symbol.species]);
		const values = [];
		const any = i => values[i % Math.max(1, values.length)];
	`)
	pick := func() int { return random.IntN(1 << 20) }
	for range n {
		kinds := []string{
			`{a: any(%d), b: any(%d), get c() { spy() }, set c(v) { spy() }}`,
			`[any(%d), , any(%d), 'text']`,
			`new Proxy({a: any(%d), b: any(%d)}, traps)`,
			`new Proxy(function () { spy(); return [any(%d), any(%d)] }, traps)`,
			`Object.setPrototypeOf({a: any(%d), b: any(%d)}, new Proxy({}, traps))`,
			`Object.setPrototypeOf(Object.assign(new Error('m'), {a: any(%d), b: any(%d)}), new Proxy({}, traps))`,
			`Object.setPrototypeOf({a: any(%d), b: any(%d)}, poison)`,
			`new Map([[any(%d), any(%d)]])`,
			`Object.setPrototypeOf(new Map([[any(%d), any(%d)]]), poison)`,
			`Object.setPrototypeOf(new Set([any(%d), any(%d)]), new Proxy(Set.prototype, traps))`,
			`Object.defineProperties(new Date(%d), {toISOString: {get: spy}, x: {value: any(%d), enumerable: true}})`,
			`Object.defineProperties(/x/g, {source: {get: spy}, flags: {get: spy}, lastIndex: {value: any(%d), writable: true}, y: {value: any(%d)}})`,
			`Object.defineProperties(new Error('m'), {message: {get: spy}, name: {get: spy}, stack: {get: spy}, cause: {value: any(%d), enumerable: true}, z: {value: any(%d)}})`,
			`Object.defineProperty(Object.assign(function () { spy() }, {a: any(%d), b: any(%d)}), 'name', {get: spy})`,
			`Object.defineProperty(class { static s = any(%d); static t = any(%d) }, 'name', {value: '\u202e\ud800'})`,
			`(p => (p.catch?.(() => {}), p))(Promise.reject([any(%d), any(%d)]))`,
			`Object.assign(Promise.resolve(1), {a: any(%d), b: any(%d)})`,
			`Object.assign(Object(Symbol('s')), {a: any(%d), b: any(%d)})`,
			`Object.assign(new String('text'), {a: any(%d), b: any(%d)})`,
			`Object.setPrototypeOf(new Uint8Array([%d, %d]), poison)`,
			`(function () { Object.defineProperty(arguments, Symbol.iterator, {get: spy}); return arguments })(any(%d), any(%d))`,
			`Object.defineProperty([any(%d), any(%d)], 1, {get: spy, enumerable: true})`,
			`(function () { arguments.length = [1e300, -1, NaN, 2 ** 53, 0.5, 1n, 'x'][%d %% 7]; return arguments })(any(%d))`,
			`(function () { arguments.length = [Symbol(), {toString: spy, valueOf: spy}, {__proto__: null}, new Proxy({}, traps)][%d %% 4]; return arguments })(any(%d))`,
			`(function () { Object.defineProperty(arguments, 'length', {get: spy, set: spy}); arguments.x = any(%d); return arguments })(any(%d))`,
			`Object.defineProperty({a: any(%d), b: any(%d)}, Symbol.toStringTag, {get: spy})`,
			`Object.assign(Object.create({[Symbol.toStringTag]: {toString: spy}}), {a: any(%d), b: any(%d)})`,
			`(a => { a[2 ** 31 + %d] = any(%d); a.name = a; return a })([])`,
			`Object.setPrototypeOf(new Map([[any(%d), any(%d)]]).entries(), poison)`,
			`Object.assign(new DataView(new ArrayBuffer(8)), {a: any(%d), b: any(%d)})`,
			`(b => { const v = new DataView(b, 4); b.transfer(); return Object.assign(v, {a: any(%d), b: any(%d)}) })(new ArrayBuffer(8))`,
			`Object.freeze({[Symbol('k%d')]: any(%d), '\u0000 key': 1, __proto__: null})`,
			`(o => { o.self = o; o.a = any(%d); o.b = any(%d); return o })({})`,
			`(o => { for (let i = 0; i < 200; i++) o['k' + i] = any(%d + i); return o })({x: any(%d)})`,
			`(o => { for (let i = 0; i < 300; i++) o = [o, any(%d)]; return o })(any(%d))`,
			`'x'.repeat(%d %% 3e4) + '\ud83d'.repeat(%d %% 50)`,
			`2n ** BigInt(%d %% 3000) * BigInt(%d)`,
			`Object.assign(new WeakRef({}), {a: any(%d), b: any(%d)})`,
			`(function* () { spy(); yield [any(%d), any(%d)] })()`,
			`Proxy.revocable({a: any(%d), b: any(%d)}, traps).proxy`,
			`(r => (r.revoke(), r.proxy))(Proxy.revocable([any(%d), any(%d)], {}))`,
		}
		fmt.Fprintf(&b, "values.push("+kinds[random.IntN(len(kinds))]+");\n", pick(), pick())
	}
	// And, for some, a language whose own parts are hostile.
	for _, part := range []string{
		`poisonAll(Object.prototype, ['value', 'get', 'set', 'enumerable', 'done', 'left', 'open', 'toJSON', '0', '1']);`,
		`poisonAll(Array.prototype, ['0', '1', 'length', 'push', 'join', Symbol.iterator]);`,
		`poisonAll(String.prototype, ['slice', 'charCodeAt', 'repeat', 'toString', 'length', Symbol.iterator]);`,
		`for (let i = 0; i < primordials.length; i++) poisonAll(primordials[i][0], primordials[i][1]);`,
		`Error.prepareStackTrace = spy; poisonAll(Error, ['stackTraceLimit']);`,
	} {
		if random.IntN(3) == 0 {
			b.WriteString(part + "\n")
		}
	}
	return b.String()
}
