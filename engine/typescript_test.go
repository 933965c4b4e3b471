package engine_test

import (
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
)

// TestTypeScript runs guests whose name or text is TypeScript. Every place is one
// in the guest's own text.
func TestTypeScript(t *testing.T) {
	open := engine.Switches{Timers: true, Eval: true}
	const head = "interface User {\n  name: string\n}\ntype Id = number;\n\n" // five lines that are gone in JavaScript
	for _, c := range []struct {
		name, file, guest string
		outcome           engine.Outcome
		result            string
		line              int    // of the error, or where it was stopped
		stack             string // part of it
	}{
		{name: "pasted", guest: head + "const u: User = { name: 'Ada' };\nu.name", outcome: engine.OK, result: "Ada"},
		{name: "by its name", file: "a.ts", guest: "let x = 1 as number; x + 1", outcome: engine.OK, result: "2"},
		{name: "JavaScript by that name", file: "a.ts", guest: "2 + 3", outcome: engine.OK, result: "5"},
		{name: "an enum", guest: "enum Color { Red = 3 }\nColor[Color.Red]", outcome: engine.OK, result: "Red"},
		{name: "top-level await", guest: head + "const x: number = await Promise.resolve(4);\nx * 2", outcome: engine.OK, result: "8"},
		{name: "an error", guest: head + "function f(u?: User): string {\n  return u!.name;\n}\nf()", outcome: engine.Exception, line: 7, stack: "    at f (guest.js:7:13)\n    at guest.js:9:1"},
		{name: "an error in a generator", guest: head + "function* g(): Generator<Id> {\n  yield 1;\n  throw new Error('x');\n}\n[...g()]", outcome: engine.Exception, line: 8},
		{name: "an error behind awaits", guest: head + "async function a(): Promise<Id> {\n  await 0;\n  throw new Error('x');\n}\nasync function b() {\n  await a();\n}\nb(); 1", outcome: engine.Exception, line: 8, stack: "at async b (guest.js:11:"},
		{name: "rejected with what is no error", guest: head + "const p: Promise<Id> = new Promise((_, no) => {\n  no({ status: 503 }) }); 1", outcome: engine.Exception, line: 7},
		{name: "an error that does not compile", file: "a.ts", guest: head + "let x: = 3", outcome: engine.Exception, line: 6},
		{name: "one that neither language has", guest: head + "let x: number = = 3", outcome: engine.Exception, line: 1},
		{name: "a loop", guest: head + "let n: Id = 0;\nfor (;;) {\n  n++\n}", outcome: engine.Timeout, line: 7},
		{name: "nested deep", file: "a.ts", guest: strings.Repeat("(", 3000), outcome: engine.Exception},
		{name: "a text that takes esbuild minutes", file: "a.ts", guest: strings.Repeat("a?(b):c=>(", 30), outcome: engine.Timeout},
	} {
		t.Run(c.name, func(t *testing.T) {
			wall := "20s"
			if c.outcome == engine.Timeout {
				wall = "300ms"
			}
			s := runGuest(t, engine.Guest{Name: c.file, Source: c.guest}, limits(t, "64MB", wall, open))
			if s.Outcome != c.outcome {
				t.Fatalf("ended as %s: %s %+v", s.Outcome, s.Detail, s.Error)
			}
			if s.Result != nil && s.Result.Preview != c.result {
				t.Errorf("result %s, want %s", s.Result.Preview, c.result)
			}
			line, stack := s.StoppedLine, ""
			if s.Error != nil {
				line, stack = s.Error.Line, s.Error.Stack
			}
			if line != c.line && !(c.outcome == engine.Timeout && line == c.line+1) || !strings.Contains(stack, c.stack) {
				t.Errorf("line %d, want %d; %+v", line, c.line, s.Error)
			}
		})
	}
}

// TestTypeScriptPlaces holds lines of the console and of doors to the guest's text.
func TestTypeScriptPlaces(t *testing.T) {
	s := runGuest(t, engine.Guest{Source: "interface A {\n  b: string\n}\nconsole.log('x' as string);\ntype B = A;\n(globalThis as any).process;\ntry { process!.env } catch {}"},
		limits(t, "64MB", "20s", engine.Switches{}))
	if len(s.console) != 1 || s.console[0].Line != 4 {
		t.Errorf("console %+v, want a line at 4", s.console)
	}
	var lines []int
	for _, b := range s.blocked {
		lines = append(lines, b.Line)
	}
	if len(lines) != 2 || lines[0] != 6 || lines[1] != 7 {
		t.Errorf("doors at lines %v, want 6 and 7", lines)
	}
	if len(s.translated) != 1 || s.translated[0].Language != "typescript" || s.translated[0].Took <= 0 || s.translated[0].Took > time.Minute {
		t.Errorf("%+v", s.translated)
	}
}
