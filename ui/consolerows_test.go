package ui

import (
	"sealedroom/ui/kit/words"

	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/panes"
)

// firstRows is how many lines are shown, in one row or more.
func firstRows(p *panes.Console) int {
	n := 0
	for _, row := range p.Rows {
		if row.First {
			n++
		}
	}
	return n
}

// TestFold: a text is broken to its width, and nothing of it is lost.
func TestFold(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", []string{""}},
		{"short", []string{"short"}},
		{"exactly10!", []string{"exactly10!"}},
		{"two words and more", []string{"two words ", "and more"}},
		{"0123456789abcdef", []string{"0123456789", "abcdef"}},
		{"a\nb\n", []string{"a", "b", ""}},
		{"日本語日本語日本語", []string{"日本語日本", "語日本語"}},
		{"a\tb", []string{"a    b"}},
		{"\x1b[31mred", []string{`\x1b[31mre`, "d"}},
		{"\u202e", []string{`\u202e`}},
		{strings.Repeat("x\n", 99), append(strings.Split(strings.Repeat("x\n", 20), "\n")[:20], "… press to read the rest")},
	} {
		got := panes.Folder{Cols: 10, Rows: 20}.Fold(c.text)
		if strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%q is broken into %q, want %q", c.text, got, c.want)
		}
	}
	for _, text := range []string{"plain words that go on and on, with commas", "日本語 and e\u0301 and \x00 and \xff and 🏳️‍🌈", strings.Repeat("長", 500), strings.Repeat("\u0301", 3000)} {
		for cols := 16; cols < 60; cols += 7 {
			whole := ""
			for _, row := range (panes.Folder{Cols: cols, Rows: 10_000}).Fold(text) {
				if words.Cells(row) > cols+8 || !utf8.ValidString(row) {
					t.Errorf("a row of %d columns for %d: %q", words.Cells(row), cols, row)
				}
				whole += row
			}
			if want := inspector.Visible(text); whole != want {
				t.Errorf("%q at %d is shown as %q", want, cols, whole)
			}
		}
	}
}

// TestConsoleWraps: no row is drawn shortened, at any width, and rows are broken
// again when the width changes.
func TestConsoleWraps(t *testing.T) {
	s := open(t, "")
	long := strings.Repeat("a sentence that goes on ", 12) + "to its end."
	s.play("console.log('" + long + "')")
	rows := map[float32]int{}
	for _, width := range []float32{1024, 1440, 1920} {
		s.window.window.Resize(fyne.NewSize(width, 900))
		s.window.window.Content().Refresh()
		rows[width] = len(s.console.Rows)
		for _, text := range drawn(s.console.List) {
			if strings.HasSuffix(text, "…") {
				t.Errorf("at %v a row is shortened: %q", width, text)
			}
		}
		if !s.shows("to its end.") {
			t.Errorf("at %v the line's end is not shown", width)
		}
	}
	if rows[1024] <= rows[1920] {
		t.Errorf("rows by width: %v", rows)
	}
	s.console.List.Select(1)
	if !s.dialogOpen() {
		t.Error("a further row of a line does not open")
	}
}

// TestLongLinesAreCheap: however much is logged, the rows are few and soon made.
func TestLongLinesAreCheap(t *testing.T) {
	s := open(t, "")
	for name, text := range map[string]string{"wide": strings.Repeat("x", 1<<22), "high": strings.Repeat("\n", 1<<22), "other": strings.Repeat("長", 1<<20), "unseen": strings.Repeat("\u202e", 1<<20)} {
		state := &inspector.State{}
		state.Apply(engine.Started{})
		for range 3 {
			state.Apply(engine.Console{Level: "log", Text: text})
		}
		began := time.Now()
		s.console.Show(state)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s: rows took %v", name, took)
		}
		if n := len(s.console.Rows); n > 3*(panes.MaxRowsOfLine+1) {
			t.Errorf("%s: %d rows", name, n)
		}
	}
}

func BenchmarkConsoleRows(b *testing.B) {
	for name, text := range map[string]string{"short": "line", "long": strings.Repeat("word ", 800), "other": strings.Repeat("長", 1300)} {
		b.Run(name, func(b *testing.B) {
			p := &panes.Console{}
			for range 2000 {
				p.Lines = append(p.Lines, engine.Console{Text: text, Level: "log"})
			}
			f := panes.Folder{Cols: 60, Rows: 10}
			for b.Loop() {
				for _, c := range p.Lines {
					f.Fold(c.Text)
				}
			}
		})
	}
}
