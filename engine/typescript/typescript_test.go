package typescript

import (
	"errors"
	"strings"
	"testing"
)

func TestTranslate(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"types", "type A = { b: number }\nconst a: A = { b: 1 }; a.b", "const a = { b: 1 };\na.b;\n"},
		{"nothing but types", "interface A { b: string }", ""},
		{"JavaScript", "'use strict'; let x = 1; x", "\"use strict\";\nlet x = 1;\nx;\n"},
		{"non-ASCII text", "const s: string = 'é😀'; s", "const s = \"é😀\";\ns;\n"},
		{"top-level await", "const a: number = await 1; a", "const a = await 1;\na;\n"},
	} {
		got, err := Translate(c.source)
		if err != nil || got.JavaScript != c.want {
			t.Errorf("%s: %q, %v, want %q", c.name, got.JavaScript, err, c.want)
		}
	}
}

// TestOriginal looks for the places of words, which stand once in each text.
func TestOriginal(t *testing.T) {
	const source = "interface Point { x: number; y: number }\n\n" +
		"enum Color {\n  Red = 1,\n}\n" +
		"function first<T extends object>(a: T[], b?: string): T | undefined {\n" +
		"  type Local = T;\n" +
		"  return inner(a as Local[], '😀', second!);\n}\n" +
		"class Shape { constructor(private readonly size: number) { third() } }\n"
	translated, err := Translate(source)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"first", "inner", "second", "third", "Shape"} {
		at, want := placeOf(t, translated.JavaScript, word), placeOf(t, source, word)
		if got := translated.Original(at); got != want {
			t.Errorf("%s at %v comes from %v, want %v", word, at, got, want)
		}
	}
	if got := translated.Original(Place{Line: 1000, Column: 1}); got.Line > strings.Count(source, "\n")+1 {
		t.Errorf("a place behind the end comes from %v", got)
	}
}

func placeOf(t *testing.T, text, word string) Place {
	t.Helper()
	i := strings.Index(text, word)
	if i < 0 {
		t.Fatalf("%s is not in\n%s", word, text)
	}
	before := text[:i]
	return Place{strings.Count(before, "\n") + 1, utf16Length(before[strings.LastIndex(before, "\n")+1:]) + 1}
}

func TestRefused(t *testing.T) {
	_, err := Translate("let a: number = 1;\nlet '😀' b: = 2")
	var wrong *SyntaxError
	if !errors.As(err, &wrong) || wrong.At.Line != 2 || wrong.Message == "" {
		t.Errorf("%v", err)
	}
	for name, source := range map[string]string{
		"long": strings.Repeat(" ", MaxSource+1), "deep": strings.Repeat("(", MaxDepth+1),
	} {
		if _, err := Translate(source); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, source := range []string{"1 + 1", "import a from 'b'", "@decorated class A {}", "using a = b", "a < b > (c)"} {
		if _, err := TranslateUnnamed(source); !errors.Is(err, ErrJavaScript) {
			t.Errorf("%q: %v", source, err)
		}
	}
	if _, err := TranslateUnnamed("let a: string"); err != nil {
		t.Error(err)
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]bool{"a.ts": true, "a.MTS": true, "a.cts": true, "a.js": false, "a.tsx": false, "ts": false, "": false} {
		if Named(name) != want {
			t.Errorf("%q", name)
		}
	}
	for source, want := range map[string]bool{"let a: number": true, "enum A {}": true, "f!()": true, "let = ;": false, "while (": false} {
		if Suspected(source) != want {
			t.Errorf("%q", source)
		}
	}
}

func FuzzTranslate(f *testing.F) {
	f.Add("enum A { B }\nconst a: A = A.B")
	f.Add("a<a<a<a<a>>>>()")
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > 200 {
			return // some longer texts take esbuild minutes
		}
		translated, err := Translate(source)
		if err != nil {
			return
		}
		lines := 1 + strings.Count(source, "\n") + strings.Count(source, "\r") + strings.Count(source, "\u2028") + strings.Count(source, "\u2029")
		for line := range strings.Count(translated.JavaScript, "\n") + 2 {
			if at := translated.Original(Place{line, 1}); at.Line < 0 || at.Column < 0 || at.Line > lines {
				t.Errorf("line %d comes from %v of a text of %d lines", line, at, lines)
			}
		}
	})
}
