package editor

import (
	"strings"
	"testing"
)

// Text that is nested as deep as its size allows is not parsed: the parser would
// use up its stack, which ends the process.
func TestDeeplyNestedTextIsNotParsed(t *testing.T) {
	for _, piece := range []string{"[", "(", "{", "({a:", "`${", "a(", "function f(){", "class A { static {", "[\n"} {
		text := strings.Repeat(piece, maxCheckBytes/len(piece))
		if found := parse(strings.Split(text, "\n")); found != nil {
			t.Errorf("%q, repeated, was parsed: %v", piece, found)
		}
	}
	if found := parse([]string{strings.Repeat("[", maxNesting)}); len(found) == 0 {
		t.Error("nothing is found in text that is nested as deep as is parsed")
	}
}
