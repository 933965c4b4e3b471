package ui

import (
	"strings"
	"testing"
)

// TestTypeScriptInTheEditor holds the editor's caption to the language of the text
// or of the file's name.
func TestTypeScriptInTheEditor(t *testing.T) {
	s := newSource(func() {}, func() {})
	for _, c := range []struct {
		file, text string
		want       bool
	}{
		{"guest.js", "let = = :", false},
		{"guest.js", "let x: number = 1", true},
		{"a.ts", "let x: number = = 1", true}, // the run says what is wrong
		{"a.js", "let = =", false},
	} {
		s.setFile(c.file)
		if got := s.isTypeScript(c.text); got != c.want {
			t.Errorf("%q in %s is TypeScript: %v, want %v", c.text, c.file, got, c.want)
		}
		if named := strings.HasPrefix(s.caret.Text, "TYPESCRIPT"); named != strings.HasSuffix(c.file, ".ts") {
			t.Errorf("%s is captioned %q", c.file, s.caret.Text)
		}
	}
}
