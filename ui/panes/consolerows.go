package panes

import (
	"strings"

	"fyne.io/fyne/v2"
	"github.com/rivo/uniseg"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/kit/words"
	"sealedroom/ui/theme"
)

// ConsoleRow is one row of the console: a piece of a guest's line, or of what
// the app says at the end.
type ConsoleRow struct {
	line  int // of the lines shown; or one of those below
	text  string
	First bool // of its line: with time and level
}

// Rows that are no line of the guest's: the run's end, and its result.
const (
	endRow    = -1
	resultRow = -2
	errorRow  = -3 // the error that nothing caught, as consoles print it
)

// How much of one line the console shows, and of all; the rest is read where a
// line opens.
const (
	MaxRowsOfLine = 60
	maxRows       = 20_000
	maxRowBytes   = 1024 // looked at for one row
)

// Folder breaks a text into at most rows rows of cols columns.
type Folder struct{ Cols, Rows int }

// Fold breaks a guest's text. Where it is too long, the last row says so.
func (f Folder) Fold(text string) []string {
	var out []string
	for part := range strings.SplitSeq(text, "\n") {
		for {
			if len(out) == f.Rows {
				return append(out, "… press to read the rest")
			}
			row, rest := f.row(part)
			out = append(out, row)
			if part = rest; rest == "" {
				break
			}
		}
	}
	return out
}

// row takes the first row off a text that has no line ends: to the last blank
// that fits, or within a word.
func (f Folder) row(text string) (row, rest string) {
	if n := min(len(text), f.Cols+1); words.Printable(text[:n]) {
		if n <= f.Cols {
			return text, ""
		}
		at := f.Cols
		if blank := strings.LastIndexByte(text[:n], ' ') + 1; blank > f.Cols/2 {
			at = blank
		}
		return text[:at], text[at:]
	}
	used, at, blank := 0, 0, 0
	for at < len(text) && at < maxRowBytes {
		// Never within a character: what joins its parts would be shown as an escape.
		character, _, w, _ := uniseg.FirstGraphemeClusterInString(text[at:min(len(text), at+maxRowBytes)], -1)
		c, size := rune(character[0]), len(character)
		if size > 1 || c < ' ' || c > '~' {
			w = words.Cells(visibleRow(character))
		}
		if used+w > f.Cols && at > 0 {
			break
		}
		used += w
		at += size
		if c == ' ' {
			blank = at
		}
	}
	if at < len(text) && blank > at/2 && text[at] != ' ' {
		at = blank
	}
	return visibleRow(text[:at]), text[at:]
}

// visibleRow is a row as it is drawn.
func visibleRow(text string) string {
	return strings.ReplaceAll(inspector.Visible(text), "\t", "    ")
}

// makeRows breaks what is to be shown into rows.
func (p *Console) makeRows() {
	p.Rows = p.Rows[:0]
	f := Folder{p.cols, min(MaxRowsOfLine, max(1, maxRows/max(1, len(p.Lines))))}
	add := func(line int, text string) {
		for i, row := range f.Fold(text) {
			p.Rows = append(p.Rows, ConsoleRow{line, row, i == 0})
		}
	}
	for i, c := range p.Lines {
		if p.wanted(c) {
			add(i, cutNote(c))
		}
	}
	if p.ended != nil && p.matching() < 0 {
		if p.uncaught != "" {
			add(errorRow, inspector.Visible(p.uncaught))
		}
		if p.ended.Result != nil {
			add(resultRow, inspector.Line(words.Shortened(p.ended.Result.Preview, 4*f.Cols)))
		}
		add(endRow, p.verdict)
	}
}

// cutNote is a line's text, with a word where some of it was dropped.
func cutNote(c engine.Console) string {
	if c.Truncated {
		return c.Text + " … (cut)"
	}
	return c.Text
}

// fitting lays the list out, after the rows have been broken to its width.
type fitting struct{ pane *Console }

func (l fitting) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	cell := fyne.MeasureText("MMMMMMMMMM", theme.Scaled(13), fyne.TextStyle{Monospace: true}).Width / 10
	cols := max(16, int((size.Width-consoleLayout{}.before()-theme.Scaled(12))/cell)-1)
	if cols != l.pane.cols {
		l.pane.cols = cols
		l.pane.makeRows()
		objects[0].Resize(size)
		l.pane.scroll()
		return
	}
	objects[0].Resize(size)
}

func (fitting) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }
