package editor

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
)

// SelectedText returns what is selected, its lines ended by "\n".
func (e *Editor) SelectedText() string {
	a, b := e.sel.ordered()
	return e.doc.slice(a, b)
}

// Select selects from one place to another, where the caret is then. Lines and
// columns are counted from one, columns in UTF-16 units.
func (e *Editor) Select(fromLine, fromCol, toLine, toCol int) {
	e.selectRange(e.place(fromLine, fromCol), e.place(toLine, toCol))
}

// SelectAll selects the whole text.
func (e *Editor) SelectAll() {
	e.history.close()
	e.closePopup()
	e.goalCol = -1
	e.sel = selection{pos{}, e.doc.end()}
	e.steady()
	e.redraw() // the end need not be scrolled to
	e.tellCaret()
}

func (e *Editor) selectRange(a, b pos) {
	e.moveTo(a, false)
	e.moveTo(b, true)
}

// wordAt returns the run of like characters around p, the word before it when
// there is none behind.
func (e *Editor) wordAt(p pos) (pos, pos) {
	before, behind := e.doc.lines[p.row][:p.col], e.doc.lines[p.row][p.col:]
	last, _ := utf8.DecodeLastRuneInString(before)
	next, _ := utf8.DecodeRuneInString(behind)
	from, to := p.col, p.col
	if behind == "" || before != "" && sortOf(next) != 1 && sortOf(last) == 1 {
		from = wordStart(before)
	} else {
		to += wordEnd(behind)
		if before != "" && sortOf(last) == sortOf(next) {
			from = wordStart(before)
		}
	}
	return pos{p.row, from}, pos{p.row, to}
}

// selectLine selects the whole line that the caret is on, then the next as well.
func (e *Editor) selectLine() {
	a, b := e.sel.ordered()
	a.col = 0
	if b.row+1 < len(e.doc.lines) {
		b = pos{b.row + 1, 0}
	} else {
		b = e.lineEnd(b)
	}
	e.selectRange(a, b)
}

func (e *Editor) copy(c fyne.Clipboard) {
	if c == nil {
		return
	}
	if e.sel.empty() {
		c.SetContent(e.doc.lines[e.sel.caret.row] + "\n")
		return
	}
	c.SetContent(e.SelectedText())
}

// cut takes the selection, or the whole line when there is none.
func (e *Editor) cut(c fyne.Clipboard) {
	if e.ReadOnly || c == nil {
		return
	}
	e.copy(c)
	if e.sel.empty() {
		e.deleteLine()
		return
	}
	e.Insert("")
}

func (e *Editor) paste(c fyne.Clipboard) {
	if c == nil {
		return
	}
	// A NUL ends the clipboard's text on some systems.
	if s := strings.TrimSuffix(c.Content(), "\x00"); s != "" {
		e.Insert(s)
	}
}
