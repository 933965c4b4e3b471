package editor

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// wrapHolds checks that all lines are broken so that they fit, and that each
// place of the text is found again from where it is drawn.
func (e *Editor) wrapHolds(t *testing.T) {
	t.Helper()
	screen := 0
	for row := range min(len(e.doc.lines), 200) {
		if got := e.firstOf(row); got != screen {
			t.Fatalf("line %d begins at %d, not at %d", row+1, got, screen)
		}
		b, width := e.broken(row), e.layout(row).width(e.doc.lines[row])
		for part := range len(b.at) + 1 {
			from, indent := b.from(part)
			if to := min(b.to(part), width); to-from+indent > e.folds.cols && to-from > 8 || part > 0 && to <= from {
				t.Fatalf("line %d, part %d has columns %d to %d at %d of %d", row+1, part, from, to, indent, e.folds.cols)
			}
		}
		for i := 0; i <= len(e.doc.lines[row]); i = max(i+1, e.layout(row).next(e.doc.lines[row], tabWidth, i)) {
			at, col := e.screenOf(pos{row, i})
			if got := e.atScreen(at, float64(col)); got != (pos{row, i}) {
				t.Fatalf("%v is drawn at row %d, column %d, where %v is", pos{row, i}, at, col, got)
			}
		}
		screen += len(b.at) + 1
	}
}

func TestWrap(t *testing.T) {
	for _, text := range []string{
		"", "short", strings.Repeat("word ", 200), strings.Repeat("x", 1000), "  indented(" + strings.Repeat("argument, ", 50) + ")",
		strings.Repeat("日本語", 100), strings.Repeat("a\u202e", 100), strings.Repeat("\t", 100), strings.Repeat(" ", 50) + strings.Repeat("deep ", 50),
		strings.Repeat("e\u0301", 300), "one\n" + strings.Repeat("two ", 60) + "\nthree",
	} {
		for _, width := range []float32{90, 200, 600, 1500} {
			e := open(t, text+"\n|end")
			e.Resize(fyne.NewSize(width, 400))
			e.SetWrap(true)
			e.wrapHolds(t)
			if x, _ := e.extent(); x != 0 {
				t.Errorf("%.20q at %v: scrolls sideways", text, width)
			}
			for _, o := range e.view.renderer.Objects() {
				if tx, ok := o.(*canvas.Text); ok && width > 200 && tx.Position().X+tx.Size().Width > width {
					t.Errorf("%.20q at %v: %q is drawn beyond the edge", text, width, tx.Text)
				}
			}
			rows := e.firstOf(len(e.doc.lines))
			press(t, e, "<C-Home>")
			for range rows - 1 {
				press(t, e, "<Down>")
			}
			if e.sel.caret.row != len(e.doc.lines)-1 {
				t.Errorf("%.20q at %v: %d times down leads to %v", text, width, rows-1, e.sel.caret)
			}
			e.SetWrap(false)
			if e.firstOf(len(e.doc.lines)) != len(e.doc.lines) {
				t.Errorf("%.20q: still broken", text)
			}
		}
	}
}

// All of a broken line is drawn, once, in its colours.
func TestWrappedTextIsWhole(t *testing.T) {
	line := "console.log('a string that goes on', 12345, /* a remark */ users.filter((u) => u.active).map((u) => u.name));"
	e := open(t, line+"|")
	e.Resize(fyne.NewSize(300, 400))
	e.SetWrap(true)
	drawn := strings.Join(texts(e), "")
	for _, want := range strings.Fields(line) {
		if !strings.Contains(strings.ReplaceAll(drawn, " ", ""), want) {
			t.Errorf("%q is not in %q", want, drawn)
		}
	}
}

// Notes never lie over code, and show a word that decides or nothing.
func TestNotesNeverCoverCode(t *testing.T) {
	marks := []Mark{
		{Kind: MarkConsole, Value: "found 1 active users"}, {Kind: MarkConsole, Value: "x", Note: "last of 3 lines"},
		{Kind: MarkBlocked, Note: "process ×3"}, {Kind: MarkRefused, Note: "db.query · 3.1 ms"},
		{Kind: MarkLeaked, Note: "DB_PASSWORD · by db.query"}, {Kind: MarkStopped, Note: "time limit"}, {Kind: MarkThrown, Note: "process is not defined"},
	}
	for _, wrap := range []bool{false, true} {
		for length := 1; length < 90; length++ {
			code := strings.Repeat("c", length)
			e := open(t, "|\n"+code)
			e.SetWrap(wrap)
			for n := 1; n <= 3; n++ {
				for _, m := range marks {
					m.Line = 2
					e.SetMarks(append([]Mark{m}, []Mark{{Line: 2, Kind: MarkConsole, Value: "one"}, {Line: 2, Kind: MarkConsole, Value: "two"}}[:n-1]...))
					where := fmt.Sprintf("wrap %v, %d columns, %d notes, %v", wrap, length, n, m.Kind)
					x, y := e.view.renderer.at(1, length)
					for _, o := range e.view.renderer.Objects() {
						tx, ok := o.(*canvas.Text)
						if !ok || float64(tx.Position().X) < e.view.gutter || strings.Trim(tx.Text, "c") == "" || tx.Position().Y < float32(e.view.line) {
							continue
						}
						if float64(tx.Position().X) < x || float64(tx.Position().Y) < y || tx.Position().X+tx.Size().Width > e.Size().Width {
							t.Errorf("%s: %q is at %v", where, tx.Text, tx.Position())
						}
						if m.Kind == MarkRefused && !strings.Contains(tx.Text, "refused") && !strings.Contains(tx.Text, "›") {
							t.Errorf("%s: %q says nothing", where, tx.Text)
						}
					}
				}
			}
		}
	}
}
