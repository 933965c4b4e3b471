package editor

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// setCaret puts the caret at p with nothing selected.
func (e *Editor) setCaret(p pos) { e.sel = selection{p, p} }

// caretMoved draws the caret where it is now and calls OnCaret.
func (e *Editor) caretMoved() {
	if n := len(e.pairs); n > 0 && e.pairs[n-1].row != e.sel.caret.row {
		e.pairs = nil
	}
	for n := len(e.blocks); n > 0 && (e.sel.caret.row < e.blocks[n-1].row || e.blocks[n-1].close.less(e.sel.caret)); n-- {
		e.blocks = e.blocks[:n-1]
	}
	e.steady()
	e.reveal()
	e.redraw()
	e.tellCaret()
}

func (e *Editor) tellCaret() {
	if e.reportedAt != e.sel.caret {
		e.reportedAt = e.sel.caret
		if e.OnCaret != nil {
			e.OnCaret(e.Caret())
		}
	}
}

// moveTo moves the caret to p, and the selection with it when it extends.
func (e *Editor) moveTo(p pos, extend bool) {
	e.history.close()
	e.goalCol = -1
	e.closePopup()
	e.sel.caret = p
	if !extend {
		e.sel.anchor = p
	}
	e.caretMoved()
}

// Caret returns where the caret is, line and column from one. Columns count
// UTF-16 units.
func (e *Editor) Caret() (line, col int) {
	return e.sel.caret.row + 1, e.utf16Col(e.sel.caret)
}

// GoTo puts the caret at a line and column from one, or at the nearest place
// there is, in the middle of the view when it was out of it.
func (e *Editor) GoTo(line, col int) {
	p := e.place(line, col)
	first, end := e.visibleRows()
	e.moveTo(p, false)
	if p.row < first || p.row >= end-1 {
		e.centre(p.row)
		e.redraw()
	}
}

func (e *Editor) left(p pos) pos {
	if p.col > 0 {
		return pos{p.row, e.layout(p.row).prev(e.doc.lines[p.row], tabWidth, p.col)}
	}
	if p.row > 0 {
		return pos{p.row - 1, len(e.doc.lines[p.row-1])}
	}
	return p
}

func (e *Editor) right(p pos) pos {
	if line := e.doc.lines[p.row]; p.col < len(line) {
		return pos{p.row, e.layout(p.row).next(line, tabWidth, p.col)}
	}
	if p.row+1 < len(e.doc.lines) {
		return pos{p.row + 1, 0}
	}
	return p
}

// sort of a character, as far as words go.
func sortOf(r rune) int {
	switch {
	case unicode.IsSpace(r):
		return 0
	case wordRune(r):
		return 1
	}
	return 2
}

// wordLeft and wordRight return the caret's stop before and behind p that is at
// the edge of a word.
func (e *Editor) wordLeft(p pos) pos {
	if p.col == 0 {
		return e.left(p)
	}
	s := strings.TrimRight(e.doc.lines[p.row][:p.col], " \t")
	if s == "" {
		return pos{p.row, 0}
	}
	return pos{p.row, e.boundary(pos{p.row, len(s)}, wordStart(s))}
}

func (e *Editor) wordRight(p pos) pos {
	line := e.doc.lines[p.row]
	if p.col == len(line) {
		return e.right(p)
	}
	s := line[p.col:]
	blanks := len(s) - len(strings.TrimLeft(s, " \t"))
	to := p.col + blanks + wordEnd(s[blanks:])
	if next := e.layout(p.row).next(line, tabWidth, p.col); to < next {
		to = next
	}
	return pos{p.row, e.boundary(p, to)}
}

// boundary returns the caret's stop at byte to, or the last one before it.
func (e *Editor) boundary(p pos, to int) int {
	l, line := e.layout(p.row), e.doc.lines[p.row]
	return l.offset(line, tabWidth, float64(l.column(line, tabWidth, to)))
}

// wordEnd returns where the run of like characters that s begins with ends.
func wordEnd(s string) int {
	first, _ := utf8.DecodeRuneInString(s)
	for i, r := range s {
		if sortOf(r) != sortOf(first) {
			return i
		}
	}
	return len(s)
}

// wordStart returns where the run of like characters that s ends with begins.
func wordStart(s string) int {
	last, _ := utf8.DecodeLastRuneInString(s)
	i := len(s)
	for i > 0 {
		r, n := utf8.DecodeLastRuneInString(s[:i])
		if sortOf(r) != sortOf(last) {
			break
		}
		i -= n
	}
	return i
}

// lineStart returns the first character of the line that is not blank, or the
// margin when the caret is there already.
func (e *Editor) lineStart(p pos) pos {
	if n := len(indentOf(e.doc.lines[p.row])); p.col != n {
		return pos{p.row, n}
	}
	return pos{p.row, 0}
}

func (e *Editor) lineEnd(p pos) pos { return pos{p.row, len(e.doc.lines[p.row])} }

// atColumn returns the place on a row that is nearest to a column of the screen.
func (e *Editor) atColumn(row, col int) pos {
	return pos{row, e.layout(row).offset(e.doc.lines[row], tabWidth, float64(col))}
}

// moveRows moves the caret by rows of the screen. It keeps aiming for the column it started
// from, through shorter lines.
func (e *Editor) moveRows(by int, extend bool) {
	c := e.sel.caret
	goal := e.goalCol
	row, col := e.screenOf(c)
	if goal < 0 {
		goal = col
	}
	switch row += by; {
	case row < 0:
		c = pos{}
	case row >= e.firstOf(len(e.doc.lines)):
		c = e.doc.end()
	default:
		c = e.atScreen(row, float64(goal))
	}
	e.moveTo(c, extend)
	e.goalCol = goal
}

// sideways moves by one character, or to the selection's edge when there is one
// and it is not extended.
func (e *Editor) sideways(to func(pos) pos, extend bool, back bool) {
	if a, b := e.sel.ordered(); a != b && !extend {
		if back {
			e.moveTo(a, false)
		} else {
			e.moveTo(b, false)
		}
		return
	}
	e.moveTo(to(e.sel.caret), extend)
}
