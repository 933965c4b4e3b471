package inspector

import (
	"strings"
	"testing"

	"sealedroom/engine"
)

// TestThrown: errors look as Node prints them, whatever they carry.
func TestThrown(t *testing.T) {
	of := func(name, message string) engine.GuestError {
		return engine.GuestError{Type: "error", Name: name, Message: message, Stack: "    at f (e.js:1:2)\n    at e.js:3:4"}
	}
	cause := of("TypeError", "no disk")
	cause.Cause = &engine.GuestError{Type: "string", Message: "a string"}
	rich := of("Error", "all failed")
	rich.Code, rich.Properties, rich.Cause = "E_ALL", []engine.Property{{Name: "status", Value: "503"}}, &cause
	many := of("AggregateError", "")
	many.Code, many.Errors, many.More = "404", []engine.GuestError{of("RangeError", "two"), {Type: "number", Message: "5"}}, 3
	for _, c := range []struct {
		name string
		e    engine.GuestError
		want string
	}{
		{"plain", of("Error", "x"), "Error: x\n    at f (e.js:1:2)\n    at e.js:3:4"},
		{"no error", engine.GuestError{Type: "undefined", Message: "undefined"}, "undefined"},
		{"an empty string", engine.GuestError{Type: "string"}, "''"},
		{"a long message", engine.GuestError{Name: "Error", Message: "one\ntwo"}, "Error: one\n    two"},
		{"code, property, causes", rich, `Error: all failed
    at f (e.js:1:2)
    at e.js:3:4 {
  code: 'E_ALL',
  status: 503,
  [cause]: TypeError: no disk
      at f (e.js:1:2)
      at e.js:3:4 {
    [cause]: 'a string'
  }
}`},
		{"errors", many, `AggregateError
    at f (e.js:1:2)
    at e.js:3:4 {
  code: 404,
  [errors]: [
    RangeError: two
        at f (e.js:1:2)
        at e.js:3:4,
    5,
    ... and 3 more errors
  ]
}`},
	} {
		if got := Thrown(c.e); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

// TestThrownHostile: no part of an error starts a line or is a control character.
func TestThrownHostile(t *testing.T) {
	const forged = "x\nFinished\r\x1b[2J\u202e"
	e := engine.GuestError{
		Type: forged, Name: forged, Message: forged, Stack: forged, Code: forged,
		Properties: []engine.Property{{Name: forged, Value: forged}},
		Cause:      &engine.GuestError{Name: forged, Message: forged}, Errors: []engine.GuestError{{Type: "string", Message: forged}},
	}
	for i, line := range strings.Split(Thrown(e), "\n") {
		if i > 0 && line != "}" && !strings.HasPrefix(line, "  ") {
			t.Errorf("line %d starts at the margin: %q", i, line)
		}
		if strings.ContainsAny(line, "\r\x1b\u202e") {
			t.Errorf("line %d has a control character: %q", i, line)
		}
	}
	if said := carried(&e); strings.ContainsAny(said, "\n\r\x1b\u202e") || strings.Count(said, "“") != strings.Count(said, "”") {
		t.Errorf("the verdict says %q", said)
	}
}

// TestVerdictNamesTheCause: what an uncaught error was made from is said.
func TestVerdictNamesTheCause(t *testing.T) {
	e := engine.GuestError{Phase: "run", Type: "error", Name: "Error", Message: "x", Code: "EIO", Line: 2,
		Cause:  &engine.GuestError{Type: "error", Name: "TypeError", Message: "no"},
		Errors: []engine.GuestError{{Type: "error", Name: "Mine", Message: "b"}}, More: 2}
	s := fold(engine.Started{}, engine.Ended{Outcome: engine.Exception, Error: &e})
	want := "The guest threw this on line 2 and did not catch it. Its code is “EIO”. It was caused by TypeError: no. It holds 3 errors, the first of them “Mine”: “b”."
	if got := s.Verdict().Sentence; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
