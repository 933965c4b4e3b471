package editor

import (
	"math"
	"sort"
)

// wrapping says how lines are broken to fit the view. A line that fits takes
// one row of the screen; a longer one goes on below, indented.
type wrapping struct {
	on   bool
	cols int // the columns that a row of the screen has room for

	// tops is the screen row at which each line begins, and last the number of
	// them all. It is of one revision, width and tab width.
	tops    []int32
	topsAt  uint64
	topsFor int
}

// breaks says where a line is broken: the columns at which its second and
// later screen rows begin, and how far those are indented.
type breaks struct {
	width int // the width it was made for; 0: not made
	at    []int
	hang  int
}

const (
	minWrap   = 12 // columns that are broken at, however narrow the view is
	wordBreak = 24 // columns that are looked through for a blank
	maxHang   = 12 // columns of indentation
)

// SetWrap breaks lines that are too long for the view, or has the view scroll
// sideways.
func (e *Editor) SetWrap(on bool) {
	if e.folds.on == on {
		return
	}
	top, _ := e.rowAt(int(e.view.y / max(1, e.view.line)))
	e.folds.on, e.folds.tops = on, nil
	e.view.x = 0
	if e.view.line > 0 {
		e.measure()
		e.view.y = float64(e.firstOf(top)) * e.view.line
	}
	e.clampScroll()
	e.redraw()
}

// Wrapped reports whether lines that are too long are broken.
func (e *Editor) Wrapped() bool { return e.folds.on }

// measureWrap finds how many columns a screen row has.
func (e *Editor) measureWrap() {
	w, _ := e.view.text()
	e.folds.cols = max(minWrap, int((w-barThickness)/e.view.cell)-1)
}

// broken returns where a line is broken.
func (e *Editor) broken(row int) *breaks {
	b := &e.rows[row].breaks
	if !e.folds.on || e.folds.cols == 0 {
		return &noBreaks
	}
	if b.width != e.folds.cols {
		*b = e.breakLine(row)
	}
	return b
}

var noBreaks breaks

// breakLine breaks a line at blanks where it can, and else within a word.
func (e *Editor) breakLine(row int) breaks {
	cols, line := e.folds.cols, e.doc.lines[row]
	b := breaks{width: cols}
	l := e.layout(row)
	if l.width(line) <= cols {
		return b
	}
	if !e.Plain {
		b.hang = min(len(indentOf(line))+tabWidth, cols/3, maxHang)
	}
	start, room, blank := 0, cols, 0 // blank: behind the last one on this row
	end := func(col int) {
		b.at = append(b.at, col)
		start, room, blank = col, cols-b.hang, 0
	}
	if l.simple {
		for len(line)-start > room {
			stop := start + room
			for blank = stop; blank > max(start, stop-wordBreak) && line[blank-1] != ' '; {
				blank--
			}
			if blank <= max(start, stop-wordBreak) { // within a line of words without blanks
				for blank = stop; blank > max(start, stop-wordBreak) && wordRune(rune(line[blank-1])); {
					blank--
				}
			}
			if blank <= max(start, stop-wordBreak) {
				blank = stop
			}
			end(blank)
		}
		return b
	}
	l.walk(line, tabWidth, 0, byCol, func(at checkpoint, s segment) bool {
		if at.col+s.cells-start > room && at.col > start {
			if blank > start && at.col-blank < wordBreak && at.col+s.cells-blank <= cols-b.hang {
				end(blank)
			} else {
				end(at.col)
			}
		}
		if line[at.byte] == ' ' || s.look == lookTab {
			blank = at.col + s.cells
		}
		return true
	})
	return b
}

// part returns the screen row within its line on which a column stands.
func (b *breaks) part(col int) int {
	return sort.Search(len(b.at), func(i int) bool { return b.at[i] > col })
}

// from returns the column at which a screen row of a line begins, and how far
// it is indented.
func (b *breaks) from(part int) (col, indent int) {
	if part == 0 || len(b.at) == 0 {
		return 0, 0
	}
	return b.at[part-1], b.hang
}

// to returns the column before which a screen row of a line ends.
func (b *breaks) to(part int) int {
	if part < len(b.at) {
		return b.at[part]
	}
	return math.MaxInt32
}

// tops brings the screen rows of all lines up to date.
func (e *Editor) tops() []int32 {
	w := &e.folds
	if w.tops != nil && w.topsAt == e.revision && w.topsFor == w.cols && len(w.tops) == len(e.doc.lines)+1 {
		return w.tops
	}
	n := len(e.doc.lines)
	if cap(w.tops) < n+1 {
		w.tops = make([]int32, n+1, n+1+n/4)
	}
	w.tops = w.tops[:n+1]
	at := int32(0)
	for i := range n {
		w.tops[i] = at
		at += int32(len(e.broken(i).at)) + 1
	}
	w.tops[n] = at
	w.topsAt, w.topsFor = e.revision, w.cols
	return w.tops
}

// wraps reports whether lines can take several screen rows.
func (e *Editor) wraps() bool { return e.folds.on && e.folds.cols > 0 }

// firstOf returns the screen row at which a line begins. Beyond the last line
// it is how many screen rows there are.
func (e *Editor) firstOf(row int) int {
	if !e.wraps() {
		return row
	}
	tops := e.tops()
	return int(tops[max(0, min(row, len(tops)-1))])
}

// rowAt returns the line that has a screen row, and which part of it.
func (e *Editor) rowAt(screen int) (row, part int) {
	last := len(e.doc.lines) - 1
	if !e.wraps() {
		return max(0, min(screen, last)), 0
	}
	tops := e.tops()
	screen = max(0, min(screen, int(tops[last+1])-1))
	row = sort.Search(last+1, func(i int) bool { return int(tops[i+1]) > screen })
	return row, screen - int(tops[row])
}

// screenOf returns the screen row and the column in it where p stands.
func (e *Editor) screenOf(p pos) (row, col int) {
	col = e.column(p)
	b := e.broken(p.row)
	part := b.part(col)
	from, indent := b.from(part)
	return e.firstOf(p.row) + part, col - from + indent
}

// atScreen returns the place that is nearest to a column of a screen row.
func (e *Editor) atScreen(screen int, col float64) pos {
	row, part := e.rowAt(screen)
	b := e.broken(row)
	from, indent := b.from(part)
	col += float64(from - indent)
	if end := b.to(part); col > float64(end)-1 && part < len(b.at) {
		col = float64(end) - 1 // behind it, the caret would stand on the next
	}
	return pos{row, e.layout(row).offset(e.doc.lines[row], tabWidth, max(float64(from), col))}
}
