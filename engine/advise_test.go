package engine_test

import (
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

// Guests, run for real, and what a person is advised to do: a part of it, and the
// control of the panel that it names.
func TestAdvice(t *testing.T) {
	for _, c := range []struct {
		guest, granted, want, control string
	}{
		{"const data = db.query('SELECT 1');\ndata.count", "", "--grant db", "grant.db"},
		{"globalThis.kv.get('a')", "", "--grant kv", "grant.kv"},
		{"(async () => { await files.list() })()", "", "--grant files", "grant.files"},
		{"setInterval(() => {}, 5)", "", "--timers", "timers"},
		{"globalThis.setTimeout(f => f, 5)", "", "--timers", "timers"},
		{"Promise.resolve().then(() => queueMicrotask(f => f))", "", "--timers", "timers"},
		{"eval('1 + 1')", "", "--eval", "eval"},
		{"({}).constructor.constructor('return this')()", "", "--eval", "eval"},
		{"await WebAssembly.instantiate(new Uint8Array(8))", "", "--wasm", "wasm"},
		{"new SharedArrayBuffer(16)", "", "--shared-memory", "shared-memory"},
		{"await fetch('http://api.internal/')", "http", "call http.get(url)", ""},
		{"await fetch('http://api.internal/')", "", "--grant http", "grant.http"},
		{"new ArrayBuffer(100 << 20)", "", "The 64 MB memory limit refused", "memory"},
		{"new BigInt64Array(1e9).fill(7n)", "", "The 64 MB memory limit refused", "memory"},
		{"const b = new ArrayBuffer(8, { maxByteLength: 1 << 30 }); b.resize(1 << 30)", "", "The 64 MB memory limit refused", "memory"},
		{"new Float64Array(2 ** 40)", "", "V8 never allows", ""},
		{"db.query('SELECT name FROM users').then(r => r)", "db", "return their answer at once", ""},
		{"db.insert('users')", "db", "db offers db.query", ""},
		{"const db = { query() {} };\ndb.query()", "db", "db is granted", "grant.db"},
		{"const total = 5;\nconsol.log(totl)", "", "Did you mean “console”?", ""},
		{"const total = 5;\nconsole.log(totl)", "", "Did you mean “total”?", ""},
		{"Temporal.Now.plainDateISO()", "", "newer than this V8 (1", ""},
		{"if (1) return 2", "", "leave out return", ""},
		{"const a = 1;\n{ a: a, b: 2 }", "", "put it in parentheses", ""},
		{"const a = 1, b = 7;\n{ a, b }", "", "put it in parentheses", ""},
		{"import fs from 'fs'", "", "not a module", ""},
		{"await import('fs')", "", "not a module", ""},
		{"export default { async fetch() {} }", "", "not a module", ""},
		{"type A = { b: number };\nconst a: A = { b: 1 }", "", "", ""},
		{"const App = () => <div className='a'>Hello</div>", "", "This is JSX", ""},
		{"```js\nconst a = 1;\n```", "", "This is Markdown", ""},
		{"const s = “hello”;", "", "curly quote", ""},
		{"{ \"name\": \"demo\", \"private\": true }", "", "This is JSON", ""},
		{"\ufeff#!/usr/bin/env node\n1", "", "byte order mark", ""},
		{"const ivm = require('isolated-vm');\nnew ivm.Isolate()", "", "the code of a host", ""},
		{"throw new Error('mine')", "", "", ""},
		{"10 + 20", "", "", ""},
		{"const o = { a: 1 };\no", "", "", ""},
	} {
		guest := engine.Guest{Source: c.guest, Grants: map[string]bridge.Grant{}}
		if c.granted != "" {
			guest.Grants[c.granted] = bridge.Hardened
		}
		s := runGuest(t, guest, limits(t, "64MB", "20s", engine.Switches{}))
		text, control := "", ""
		if s.Advice != nil {
			text, control = s.Advice.Text, s.Advice.Control
		}
		if !strings.Contains(text, c.want) || control != c.control || (text == "") != (c.want == "") {
			t.Errorf("%q granted %q ended as %s %+v: %q at %q, want %q at %q", c.guest, c.granted, s.Outcome, s.Error, text, control, c.want, c.control)
		}
		if stop, ok := s.Err().(*engine.StopError); ok && stop.Hint() != text {
			t.Errorf("%q: hint %q, advice %q", c.guest, stop.Hint(), text)
		}
	}
}

// A source that takes a parser minutes holds a run up for seconds at most.
func TestAdviceIsBounded(t *testing.T) {
	for _, part := range []string{"a<", "(", "{", "`${", "a=>", "<a>("} {
		began := time.Now()
		s := run(t, strings.Repeat(part, 60_000/len(part)), limits(t, "64MB", "20s", engine.Switches{}))
		if took := time.Since(began); took > 25*time.Second || s.Outcome == engine.OK {
			t.Errorf("%q: %s after %v", part, s.Outcome, took)
		}
	}
}
