package editor

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
)

func TestFind(t *testing.T) {
	for _, c := range []struct {
		name, text string
		q          Query
		want       []string // after each FindNext
	}{
		{"literal", "|a.b a.b", Query{Text: "a.b"}, []string{"|a.b| a.b", "a.b |a.b|", "|a.b| a.b"}},
		{"case is ignored", "|Ab", Query{Text: "aB"}, []string{"|Ab|"}},
		{"case counts", "|Ab ab", Query{Text: "ab", MatchCase: true}, []string{"Ab |ab|"}},
		{"a dot is a dot", "|axb a.b", Query{Text: "a.b"}, []string{"axb |a.b|"}},
		{"regex", "|axb a.b", Query{Text: `a.b`, Regexp: true}, []string{"|axb| a.b", "axb |a.b|"}},
		{"empty matches get on", "|a\nb", Query{Text: `^`, Regexp: true}, []string{"a\n|b", "|a\nb"}},
		{"none", "|ab", Query{Text: "x"}, []string{"|ab"}},
	} {
		e := open(t, c.text)
		if err := e.SetQuery(c.q); err != nil {
			t.Fatal(err)
		}
		for i, want := range c.want {
			e.FindNext()
			if shown(e) != want {
				t.Errorf("%s, find %d: got %q, want %q", c.name, i+1, shown(e), want)
			}
		}
	}
}

func TestFindPrevious(t *testing.T) {
	e := open(t, "ab ab\nab|")
	_ = e.SetQuery(Query{Text: "ab"})
	for _, want := range []string{"ab ab\n|ab|", "ab |ab|\nab", "|ab| ab\nab", "ab ab\n|ab|"} {
		if e.FindPrevious(); shown(e) != want {
			t.Errorf("got %q, want %q", shown(e), want)
		}
	}
}

func TestReplaceAll(t *testing.T) {
	for _, c := range []struct {
		text string
		q    Query
		with string
		want string
		n    int
	}{
		{"a b a", Query{Text: "a"}, "xx", "xx b xx", 2},
		{"a\nb\na", Query{Text: "a"}, "", "\nb\n", 2},
		{"f(1, 2)", Query{Text: `(\d), (\d)`, Regexp: true}, "$2, $1x", "f(2, 1x)", 1},
		{"ab", Query{Text: `b`, Regexp: true}, `[$&]\n$9`, "a[b]\n", 1},
		{"a$1", Query{Text: `$1`}, "$2", "a$2", 1},
		{"a\nb", Query{Text: `^`, Regexp: true}, "// ", "// a\n// b", 2},
		{"aaa", Query{Text: "x"}, "y", "aaa", 0},
	} {
		e := open(t, c.text)
		if err := e.SetQuery(c.q); err != nil {
			t.Fatal(err)
		}
		if n := e.ReplaceAll(c.with); n != c.n || e.Text() != c.want {
			t.Errorf("%q, %+v: %d, %q", c.text, c.q, n, e.Text())
		}
		if e.Undo(); e.Text() != c.text {
			t.Errorf("undone: %q", e.Text())
		}
	}
}

func TestReplaceOne(t *testing.T) {
	e := open(t, "|ab ab ab")
	_ = e.SetQuery(Query{Text: "ab"})
	for _, want := range []string{"|ab| ab ab", "x |ab| ab", "x x |ab|"} {
		if e.Replace("x"); shown(e) != want {
			t.Errorf("got %q, want %q", shown(e), want)
		}
	}
}

func TestBadRegexLosesNothing(t *testing.T) {
	e := open(t, "a |(b| c")
	for _, bad := range []string{"(", "[a", "a{2,1}", "*", `\`, "(?<x", strings.Repeat("a", 10) + "{9999}", "\xff("} {
		err := e.SetQuery(Query{Text: bad, Regexp: true})
		if err == nil || !strings.Contains(err.Error(), "not a regular expression") || strings.Contains(err.Error(), "(?i)") {
			t.Errorf("%q: %v", bad, err)
		}
		if e.FindNext() || e.Replace("x") || e.ReplaceAll("x") != 0 || shown(e) != "a |(b| c" {
			t.Errorf("%q changed the text to %q", bad, shown(e))
		}
	}
}

func TestFindBar(t *testing.T) {
	e := open(t, "one |two| one\nTWO two")
	b := func() *findBar { return e.finder.bar }
	press(t, e, "<C-H>")
	if !e.finder.open || b().find.Text != "two" || b().status.Text != "1 of 3" {
		t.Fatalf("the bar looks for %q: %q", b().find.Text, b().status.Text)
	}
	if e.canvas().Focused() != fyne.Focusable(b().find) {
		t.Error("the field has no focus")
	}
	enter := &fyne.KeyEvent{Name: fyne.KeyReturn}
	b().find.TypedKey(enter)
	if shown(e) != "one two one\n|TWO| two" || b().status.Text != "2 of 3" {
		t.Errorf("%q, %q", shown(e), b().status.Text)
	}
	b().exact.OnTapped()
	if b().status.Text != "1 of 2" {
		t.Errorf("with case: %q", b().status.Text)
	}
	b().replace.SetText("2")
	b().replace.TypedKey(enter)
	if e.Text() != "one 2 one\nTWO two" {
		t.Errorf("replaced: %q", e.Text())
	}
	b().regex.OnTapped()
	b().find.SetText("(")
	if !strings.Contains(b().problem.Text, "missing closing )") {
		t.Errorf("the bar says %q", b().problem.Text)
	}
	b().find.SetText("o.e")
	b().replaceAll()
	if e.Text() != "2 2 2\nTWO two" || b().status.Text != "2 replaced" {
		t.Errorf("%q, %q", e.Text(), b().status.Text)
	}
	b().find.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if e.finder.open || e.canvas().Focused() != fyne.Focusable(e) {
		t.Error("esc does not go back to the text")
	}
}

func TestGoToLine(t *testing.T) {
	e := open(t, "|a\nbcd\ne")
	for _, c := range []struct{ typed, want string }{
		{"2:3", "a\nbc|d\ne"}, {"3", "a\nbcd\n|e"}, {"99", "a\nbcd\ne|"}, {" 1 : 2 ", "a|\nbcd\ne"},
	} {
		press(t, e, "<C-G>")
		line := e.finder.bar.line
		line.SetText("nonsense")
		line.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if !e.finder.open || !strings.Contains(line.PlaceHolder, "12:5") {
			t.Error("no word about what a line is")
		}
		line.SetText(c.typed)
		line.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if e.finder.open || shown(e) != c.want {
			t.Errorf("%q: %q", c.typed, shown(e))
		}
	}
}
