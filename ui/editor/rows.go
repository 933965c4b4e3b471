package editor

import (
	"strings"
)

// blockRows returns the rows that the selection touches. One that is only
// reached by its very start is not touched.
func (e *Editor) blockRows() (first, last int) {
	a, b := e.sel.ordered()
	if b.row > a.row && b.col == 0 {
		b.row--
	}
	return a.row, b.row
}

// editRows changes the selected rows line by line, as one step, and keeps the
// selection on what it was on.
func (e *Editor) editRows(f func(line string) string) {
	if e.ReadOnly {
		return
	}
	first, last := e.blockRows()
	e.step(editOther, func() {
		sel := e.sel
		old := e.doc.lines[first : last+1]
		lines := make([]string, len(old))
		for i, l := range old {
			lines[i] = f(l)
			for _, p := range []*pos{&sel.anchor, &sel.caret} {
				if p.row == first+i {
					p.col = max(0, p.col+len(lines[i])-len(l))
					if p.col == len(lines[i])-len(l) && !sel.empty() {
						p.col = 0 // a selection from the margin stays one
					}
				}
			}
		}
		if now := strings.Join(lines, "\n"); now != strings.Join(old, "\n") {
			e.replace(pos{first, 0}, pos{last, len(old[len(old)-1])}, now)
		}
		e.sel = selection{e.doc.clamp(sel.anchor), e.doc.clamp(sel.caret)}
	})
}

func (e *Editor) indent() {
	unit := e.indentUnit()
	e.editRows(func(l string) string {
		if l == "" {
			return l
		}
		return unit + l
	})
}

func (e *Editor) outdent() {
	e.editRows(func(l string) string {
		if strings.HasPrefix(l, "\t") {
			return l[1:]
		}
		n := 0
		for n < len(l) && n < tabWidth && l[n] == ' ' {
			n++
		}
		return l[n:]
	})
}

// tab indents the selected lines, or goes on to the next step of indentation.
func (e *Editor) tab() {
	if e.ReadOnly {
		return
	}
	if a, b := e.sel.ordered(); a.row != b.row {
		e.indent()
		return
	}
	unit := e.indentUnit()
	if unit != "\t" {
		a, _ := e.sel.ordered()
		unit = unit[e.column(a)%tabWidth:]
	}
	e.Insert(unit)
}

// toggleComment comments the selected lines out, or in again when all are.
func (e *Editor) toggleComment() {
	first, last := e.blockRows()
	all, margin := true, -1
	for _, l := range e.doc.lines[first : last+1] {
		if strings.TrimSpace(l) == "" {
			continue
		}
		n := len(indentOf(l))
		if margin < 0 || n < margin {
			margin = n
		}
		all = all && strings.HasPrefix(l[n:], "//")
	}
	if margin < 0 {
		margin, all = 0, false
	}
	one := first == last
	e.editRows(func(l string) string {
		switch {
		case all && strings.TrimSpace(l) == "":
			return l
		case all:
			n := len(indentOf(l))
			return l[:n] + strings.TrimPrefix(strings.TrimPrefix(l[n:], "//"), " ")
		case strings.TrimSpace(l) == "" && !one:
			return l
		}
		m := min(margin, len(l))
		return l[:m] + "// " + l[m:]
	})
}

func (e *Editor) duplicateLine() {
	if e.ReadOnly {
		return
	}
	first, last := e.blockRows()
	e.step(editOther, func() {
		sel, n := e.sel, last-first+1
		end := pos{last, len(e.doc.lines[last])}
		e.replace(end, end, "\n"+e.doc.slice(pos{first, 0}, end))
		sel.anchor.row += n
		sel.caret.row += n
		e.sel = selection{e.doc.clamp(sel.anchor), e.doc.clamp(sel.caret)}
	})
}

func (e *Editor) deleteLine() {
	if e.ReadOnly {
		return
	}
	first, last := e.blockRows()
	e.step(editOther, func() {
		col := e.column(e.sel.caret)
		a, b := pos{first, 0}, pos{last + 1, 0}
		if last+1 == len(e.doc.lines) {
			b = e.doc.end()
			if first > 0 {
				a = pos{first - 1, len(e.doc.lines[first-1])}
			}
		}
		e.replace(a, b, "")
		e.setCaret(e.atColumn(min(first, len(e.doc.lines)-1), col))
	})
}

// moveLines moves the selected lines up or down by one.
func (e *Editor) moveLines(by int) {
	first, last := e.blockRows()
	if e.ReadOnly || first+by < 0 || last+by >= len(e.doc.lines) {
		return
	}
	e.step(editOther, func() {
		sel := e.sel
		from, to := min(first, first+by), max(last, last+by)
		a, b := pos{from, 0}, pos{to, len(e.doc.lines[to])}
		block := e.doc.slice(pos{first, 0}, pos{last, len(e.doc.lines[last])})
		marks, errorLine := e.Marks(), e.errorLine
		if by < 0 {
			e.replace(a, b, block+"\n"+e.doc.lines[from])
		} else {
			e.replace(a, b, e.doc.lines[to]+"\n"+block)
		}
		sel.anchor.row += by
		sel.caret.row += by
		e.sel = selection{e.doc.clamp(sel.anchor), e.doc.clamp(sel.caret)}
		// What is known about the lines moves with them.
		swap := func(line int) int {
			switch r := line - 1; {
			case r < from || r > to:
				return line
			case r >= first && r <= last:
				return line + by
			}
			return line - by*(last-first+1)
		}
		for i := range marks {
			marks[i].Line = swap(marks[i].Line)
		}
		e.SetMarks(marks)
		e.errorLine = swap(errorLine)
	})
}
