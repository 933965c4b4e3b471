package advice

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for source, want := range map[string]Grammar{
		"const a = 1": JavaScript, "import a from 'b'; export default 1": JavaScript, "await 1": JavaScript,
		"interface User { id: number }":                               TypeScript,
		"const x: number = 5;\nx":                                     TypeScript,
		"function f<T>(a?: T, ...b: string[]): a is T { return a! }":  TypeScript,
		"enum Color { Red }":                                          TypeScript,
		"const a = b as unknown as string":                            TypeScript,
		"class A { private x = 1; constructor(public y: number) {} }": TypeScript,
		"const App = () => <div className=\"a\">Hello</div>;":         JSX,
		"const App = (p: Props) => <div>{p.name}</div>;":              TSX,
		"const a = 1;\n{ a: a, b: 2 }":                                Object,
		"{ a: 1, b: { c: 2 } }":                                       Object,
		"const a = 1; { 'a': a, b: 2 };":                              Object,
		"[1].map(x => { a: x, b: 2 })":                                Arrow,
		"const f = () => { a: 1, b: { c: 1 } };\nf()":                 Arrow,
		"let = = 3": Unknown, "for (": Unknown, "{ a: 1, b: 2": Unknown, "this is prose about code": Unknown,
		strings.Repeat("x", maxParsed+1): Unknown,
	} {
		if got := Parse(source); got != want {
			t.Errorf("%.80q is %q, want %q", source, got, want)
		}
	}
}

// Texts that do not compile, with V8's message and place, and what is said.
func TestSource(t *testing.T) {
	const token, unexpected = "Invalid or unexpected token", "Unexpected token"
	for _, c := range []struct {
		source, message string
		line, column    int
		want            string // a part of the advice; "": none
	}{
		{"return 1", "Illegal return statement", 1, 1, "leave out return"},
		{"import fs from 'fs'", "Cannot use import statement outside a module", 1, 1, "not a module"},
		{"export const a = 1", "Unexpected token 'export'", 1, 1, "not a module"},
		{"a = import.meta", "Cannot use 'import.meta' outside a module", 1, 12, "not a module"},
		{"import { a } from 'b';\nconst x: A = a", "Cannot use import statement outside a module", 1, 1, "not a module"},
		{"<div>hello</div>", unexpected, 1, 1, "This is JSX"},
		{"```js\n1\n```", "x", 1, 1, "This is Markdown"},
		{"Here is the code:\n\n~~~\n1\n~~~", "x", 1, 6, "This is Markdown"},
		{"<!DOCTYPE html>\n<p>", unexpected, 1, 1, "This is HTML"},
		{"<script>\nlet a\n</script>", unexpected, 1, 1, "between <script> and </script>"},
		{"\ufeff#!/usr/bin/env node\n1", token, 1, 2, "byte order mark"},
		{"\n#!/usr/bin/env node\n1", token, 2, 1, "very first"},
		{"{ \"name\": \"demo\", \"private\": true }", unexpected, 1, 9, "This is JSON"},
		{"// a comment\n{\"a\": [1, 2],\n\"b\": {}, }", unexpected, 2, 5, "This is JSON"},
		{"{ day: 1, days: 2 }", unexpected, 1, 15, "put it in parentheses"},
		{"[1].map(x => { a: x, b: 2 })", unexpected, 1, 1, "After =>"},
		{"const s = “hello”;", token, 1, 11, "Line 1, column 11 has a curly quote, “"},
		{"'😀' + ‘a’", token, 1, 8, "column 8 has a curly quote, ‘"},
		{"1 – 2", token, 1, 3, "type -"},
		{"const\u200b a = 1", token, 1, 6, "invisible character, a zero-width space (U+200B)"},
		{"{\n  using x = f();\n}", "Unexpected identifier 'x'", 2, 9, "newer JavaScript than this V8 (13.6)"},
		{"@sealed class A {}", token, 1, 1, "newer JavaScript"},
		{"const db = 1", "Identifier 'db' has already been declared", 1, 7, "db is granted"},
		{"npm install isolated-vm", unexpected, 1, 5, "a shell command"},
		{"$ node index.js", unexpected, 1, 3, "a shell command"},
		{"SELECT * FROM users", unexpected, 1, 8, "This is SQL"},
		{"def f(a):\n  return a", unexpected, 1, 5, "looks like Python"},
		{"> const a = 1\n> a", unexpected, 1, 1, "prompt"},
		{"1  const a = 1;\n2  a", unexpected, 1, 4, "line numbers"},
		{"const ivm = require('isolated-vm');\nreturn", "Illegal return statement", 2, 1, "the code of a host"},
		{"let = = 3", "Unexpected token '='", 1, 7, ""},
		{"for (", "Unexpected end of input", 1, 6, ""},
		{"", "", 0, 0, ""},
	} {
		got := For(Run{Source: c.source, Phase: "compile", Name: "SyntaxError", Message: c.message, Line: c.line, Column: c.column,
			V8: "13.6.233.10", Granted: map[string][]string{"db": {"query"}}, Parse: Parse}).Text
		if !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%q: %q, want %q", c.source, got, c.want)
		}
	}
}

// Errors of guests that ran, and what is said.
func TestThrown(t *testing.T) {
	all := map[string][]string{"db": {"query"}, "http": {"get", "post"}, "files": {"list", "read", "write"}, "kv": {"get", "set"}}
	for _, c := range []struct {
		name, message string
		granted       map[string][]string
		want, control string
	}{
		{"ReferenceError", "db is not defined", nil, "--grant db", "grant.db"},
		{"ReferenceError", "kv is not defined", nil, "--grant kv", "grant.kv"},
		{"ReferenceError", "files is not defined", nil, "--grant files", "grant.files"},
		{"ReferenceError", "http is not defined", nil, "--grant http", "grant.http"},
		{"ReferenceError", "setTimeout is not defined", nil, "--timers", "timers"},
		{"ReferenceError", "setInterval is not defined", nil, "--timers", "timers"},
		{"ReferenceError", "queueMicrotask is not defined", nil, "--timers", "timers"},
		{"ReferenceError", "clearTimeout is not defined", nil, "--timers", "timers"},
		{"ReferenceError", "setImmediate is not defined", nil, "--timers", "timers"},
		{"ReferenceError", "requestAnimationFrame is not defined", nil, "--timers", "timers"},
		{"ReferenceError", "WebAssembly is not defined", nil, "--wasm", "wasm"},
		{"ReferenceError", "SharedArrayBuffer is not defined", nil, "--shared-memory", "shared-memory"},
		{"EvalError", "Code generation from strings disallowed for this context", nil, "--eval", "eval"},
		{"ReferenceError", "fetch is not defined", nil, "--grant http", "grant.http"},
		{"ReferenceError", "fetch is not defined", all, "http is granted: call http.get(url)", ""},
		{"ReferenceError", "XMLHttpRequest is not defined", all, "http is granted: call http.get(url)", ""},
		{"ReferenceError", "localStorage is not defined", nil, "--grant kv", "grant.kv"},
		{"ReferenceError", "fs is not defined", nil, "--grant files", "grant.files"},
		{"ReferenceError", "require is not defined", nil, "no modules to load", ""},
		{"ReferenceError", "process is not defined", nil, "process is provided by Node", ""},
		{"ReferenceError", "structuredClone is not defined", nil, "provided by browsers and Node", ""},
		{"ReferenceError", "window is not defined", nil, "globalThis", ""},
		{"ReferenceError", "Temporal is not defined", nil, "newer than this V8 (13.6)", ""},
		{"ReferenceError", "totl is not defined", nil, "Did you mean “total”?", ""},
		{"ReferenceError", "consol is not defined", nil, "Did you mean “console”?", ""},
		{"ReferenceError", "Consoel is not defined", nil, "misspelt", ""},
		{"ReferenceError", "maht is not defined", nil, "Did you mean “Math”?", ""},
		{"ReferenceError", "entirelyElse is not defined", nil, "or was it never declared?", ""},
		{"ReferenceError", "“x” is not defined", nil, "", ""},
		{"RangeError", "Array buffer allocation failed", nil, "The 64 MB memory limit refused this allocation", "memory"},
		{"RangeError", "ArrayBuffer.prototype.resize: Out of memory", nil, "--memory", "memory"},
		{"RangeError", "WebAssembly.Memory(): could not allocate memory", nil, "--memory", "memory"},
		{"RangeError", "Invalid typed array length: 1099511627776", nil, "V8 never allows", ""},
		{"RangeError", "Invalid array length", nil, "V8 never allows", ""},
		{"RangeError", "Invalid string length", nil, "V8 never allows", ""},
		{"RangeError", "Maximum call stack size exceeded", nil, "too deeply", ""},
		{"RangeError", "my own", nil, "", ""},
		{"TypeError", "db.query(...).then is not a function", all, "return their answer at once", ""},
		{"TypeError", "answer.catch is not a function", all, "return their answer at once", ""},
		{"TypeError", "answer.then is not a function", nil, "", ""},
		{"TypeError", "db.insert is not a function", all, "db offers db.query", ""},
		{"TypeError", "files.open is not a function", all, "files offers files.list, files.read and files.write", ""},
		{"TypeError", "response.json is not a function", all, "JSON.parse(response.body)", ""},
		{"TypeError", "cannot import 'x': the room has no module loader", nil, "not a module", ""},
		{"Error", "db is not defined", nil, "", ""},
	} {
		got := For(Run{Source: "const total = 1; a.totla; totl", Phase: "run", Name: c.name, Message: c.message, Line: 1,
			V8: "13.6.233.10", Memory: "64 MB", Granted: c.granted})
		if !strings.Contains(got.Text, c.want) || got.Control != c.control || (got.Text == "") != (c.want == "") {
			t.Errorf("%s: %s: %+v, want %q at %q", c.name, c.message, got, c.want, c.control)
		}
	}
}

// A guest that ends in a block where an object was likely meant, or not.
func TestResult(t *testing.T) {
	for source, want := range map[string]bool{
		"const day = 1, days = 7;\n{ day, days }": true,
		"const day = 1\n{ day }":                  true,
		"{ a: 1 }":                                true,
		"let a = 1; { a };":                       true,
		"f(); ({ a })":                            false,
		"const o = { a }":                         false,
		"const o =\n{ a }":                        false,
		"if (x) { a }":                            false,
		"if (x)\n{ a }":                           false,
		"if (x) y; else\n{ a }":                   false,
		"try { f() } finally { a }":               false,
		"class A\n{ a }":                          false,
		"class A extends B\n{ a }":                false,
		"const f = () =>\n{ a }":                  false,
		"function f()\n{ a }":                     false,
		"for (const a of b) { a; b }":             false,
		"f()":                                     false,
	} {
		if got := For(Run{Source: source, Result: "number"}); (got.Text != "") != want {
			t.Errorf("%q: %q", source, got.Text)
		}
	}
}

// Each name that the app provides has a control and a flag, and each listed
// door a paragraph.
func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for _, n := range table {
		for _, name := range n.Names {
			if seen[name] {
				t.Errorf("%s is listed twice", name)
			}
			seen[name] = true
		}
		if n.Listed && n.Why == "" || (n.Kind == Locked || n.Kind == Off || n.Kind == Grant) && (n.Control == "" || n.Flag == "" || n.Label == "") {
			t.Errorf("%v is incomplete", n.Names)
		}
		if Explain(n.Names[0]) == "" {
			t.Errorf("%v is not explained", n.Names)
		}
	}
	if Explain("somethingElse") != "" {
		t.Error("an unknown name is explained")
	}
}

func FuzzFor(f *testing.F) {
	f.Add("a<a", "Unexpected token", "compile", 1, 2)
	f.Add("totl", "totl is not defined", "run", 1, 1)
	f.Fuzz(func(t *testing.T, source, message, phase string, line, column int) {
		for _, name := range []string{"SyntaxError", "ReferenceError", "TypeError", "RangeError"} {
			For(Run{Source: source, Phase: phase, Name: name, Message: message, Line: line, Column: column, Result: "number", Granted: map[string][]string{"db": nil}})
		}
	})
}
