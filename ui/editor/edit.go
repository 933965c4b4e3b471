package editor

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// step makes what f changes one step of undo. Steps within steps are part of
// the outer one. Every change of the text by the user comes through here.
func (e *Editor) step(k kind, f func()) {
	if e.edits != nil {
		f()
		return
	}
	e.edits = &group{kind: k, before: e.sel}
	f()
	g := *e.edits
	e.edits = nil
	if len(g.changes) > 0 {
		g.after = e.sel
		e.history.add(g)
	}
	e.goalCol = -1
	e.caretMoved()
	if len(g.changes) > 0 {
		e.tellChanged()
	}
}

// replace puts s in place of what lies between a and b, and leaves the caret
// behind it. It must be called within step.
func (e *Editor) replace(a, b pos, s string) {
	if a == b && s == "" {
		return
	}
	if strings.IndexByte(s, '\r') >= 0 {
		s = newLines.Replace(s)
	}
	removed, end := e.swap(a, b, s)
	e.edits.changes = append(e.edits.changes, change{a, removed, s})
	e.sel = selection{end, end}
}

// swap changes the text and all that has a place in it, but not the history.
func (e *Editor) swap(a, b pos, s string) (removed string, end pos) {
	removed, end = e.doc.replace(a, b, s)
	n := end.row - a.row + 1
	if n == 1 && a.row == b.row {
		e.rows[a.row] = row{}
	} else {
		e.rows = splice(e.rows, a.row, b.row+1, make([]row, n))
	}
	e.followEdit(a, b, end)
	e.moveProblems(a, b, end)
	pairs := e.pairs[:0]
	for _, p := range e.pairs {
		if p, kept := shift(p, a, b, end); kept {
			pairs = append(pairs, p)
		}
	}
	e.pairs = pairs
	blocks := e.blocks[:0]
	for _, in := range e.blocks {
		var kept bool
		if in.close, kept = shift(in.close, a, b, end); kept {
			blocks = append(blocks, in)
		}
	}
	e.blocks = blocks
	e.pointer.grip = gripNone // what it holds may be gone
	if p := &e.popup; p.open && (a.row != p.from.row || b.row != a.row || a.less(p.from)) {
		*p = popup{}
	}
	// The caret must exist for whoever is called before it finds its new place.
	e.sel.caret, e.sel.anchor = e.doc.clamp(e.sel.caret), e.doc.clamp(e.sel.anchor)
	e.textChanged(a.row, b.row-a.row+1, n)
	return removed, end
}

// Undo takes back the last step.
func (e *Editor) Undo() {
	h := &e.history
	if e.ReadOnly || len(h.done) == 0 {
		return
	}
	g := h.done[len(h.done)-1]
	h.done = h.done[:len(h.done)-1]
	h.undone = append(h.undone, g)
	h.bytes -= size(g)
	for i := len(g.changes) - 1; i >= 0; i-- {
		c := g.changes[i]
		e.swap(c.at, after(c.at, c.inserted), c.removed)
	}
	e.restored(g.before)
}

// Redo takes the last step again that was taken back.
func (e *Editor) Redo() {
	h := &e.history
	if e.ReadOnly || len(h.undone) == 0 {
		return
	}
	g := h.undone[len(h.undone)-1]
	h.undone = h.undone[:len(h.undone)-1]
	h.done = append(h.done, g)
	h.bytes += size(g)
	for _, c := range g.changes {
		e.swap(c.at, after(c.at, c.removed), c.inserted)
	}
	e.restored(g.after)
}

func (e *Editor) restored(s selection) {
	e.history.close()
	e.pairs, e.blocks = nil, nil
	e.closePopup()
	e.sel = selection{e.doc.clamp(s.anchor), e.doc.clamp(s.caret)}
	e.goalCol = -1
	e.caretMoved()
	e.tellChanged()
}

// Insert puts s in place of the selection, as if it was pasted; not into a text
// that is read-only.
func (e *Editor) Insert(s string) {
	if e.ReadOnly {
		return
	}
	e.step(editOther, func() {
		a, b := e.sel.ordered()
		e.replace(a, b, s)
	})
}

const (
	openers = "([{"
	closers = ")]}"
	quotes  = "'\"`"
)

// typeRune does what the key for r does in a text.
func (e *Editor) typeRune(r rune) {
	if e.ReadOnly {
		return
	}
	s := string(r)
	switch {
	case !e.sel.empty() && strings.ContainsRune(openers+quotes, r):
		e.wrap(s, closing(s))
	case e.typesOver(s):
		e.pairs = e.pairs[:len(e.pairs)-1]
		e.setCaret(pos{e.sel.caret.row, e.sel.caret.col + 1})
		e.caretMoved()
	case e.closesBlock(s):
		e.step(editOther, func() {
			in := e.blocks[len(e.blocks)-1]
			e.blocks = e.blocks[:len(e.blocks)-1]
			row := e.sel.caret.row
			e.replace(pos{row, 0}, pos{in.close.row, 0}, "")
			e.setCaret(pos{row, in.close.col + 1})
			for i := in.more; i > 0; i-- {
				e.pairs = append(e.pairs, pos{row, in.close.col + i})
			}
		})
	case e.wantsClosing(s):
		e.step(editOther, func() {
			c := e.sel.caret
			e.replace(c, c, s+closing(s))
			e.setCaret(pos{c.row, c.col + 1})
			e.pairs = append(e.pairs, e.sel.caret)
		})
	default:
		k := editTyping
		if !e.sel.empty() {
			k = editOther
		}
		e.step(k, func() {
			if s == "}" {
				e.outdentBrace()
			}
			a, b := e.sel.ordered()
			e.replace(a, b, s)
		})
	}
}

func closing(open string) string {
	if i := strings.Index(openers, open); i >= 0 {
		return closers[i : i+1]
	}
	return open
}

// wrap puts open and close around the selection, which stays.
func (e *Editor) wrap(open, close string) {
	e.step(editOther, func() {
		a, b := e.sel.ordered()
		forward := e.sel.caret == b
		e.replace(b, b, close)
		e.replace(a, a, open)
		a.col++
		if a.row == b.row {
			b.col++
		}
		e.sel = selection{a, b}
		if !forward {
			e.sel = selection{b, a}
		}
	})
}

// typesOver holds when s is the closing bracket that came by itself and stands
// right here.
func (e *Editor) typesOver(s string) bool {
	n := len(e.pairs)
	c := e.sel.caret
	return n > 0 && e.sel.empty() && e.pairs[n-1] == c && strings.HasPrefix(e.doc.lines[c.row][c.col:], s)
}

// block is one that Enter has opened between brackets of which the closing one
// came by itself.
type block struct {
	row   int // of the opening one
	close pos
	more  int // closing ones behind it that came by themselves too
}

// closesBlock holds when s is the closing bracket of the block that the caret
// is at the end of, on a line of its own.
func (e *Editor) closesBlock(s string) bool {
	n, c := len(e.blocks), e.sel.caret
	if n == 0 || !e.sel.empty() || strings.Trim(e.doc.lines[c.row][:c.col], " \t") != "" {
		return false
	}
	at := e.blocks[n-1].close
	return !at.less(c) && at.row-c.row < 10 && strings.HasPrefix(e.doc.lines[at.row][at.col:], s) &&
		strings.Trim(e.doc.slice(c, at), " \t\n") == ""
}

// wantsClosing holds when s opens something that should be closed by itself:
// not in the middle of words, nor in strings and comments.
func (e *Editor) wantsClosing(s string) bool {
	if !e.sel.empty() {
		return false
	}
	c := e.sel.caret
	before, behind := e.doc.lines[c.row][:c.col], e.doc.lines[c.row][c.col:]
	free := behind == "" || strings.ContainsRune(" \t)]};,", rune(behind[0]))
	if !free || e.insideQuoted(c) {
		return false
	}
	if strings.Contains(openers, s) {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	return strings.Contains(quotes, s) && !wordRune(last) && !strings.ContainsRune(quotes+`\`, last)
}

// insideQuoted holds when what is typed at p becomes part of a string, a
// comment or a regular expression.
func (e *Editor) insideQuoted(p pos) bool {
	r := &e.rows[p.row]
	if p.col == 0 {
		return strings.HasSuffix(r.start, "T") || strings.HasSuffix(r.start, "C")
	}
	from, line := 0, e.doc.lines[p.row]
	for _, s := range r.spans {
		if p.col <= s.end && p.col > from {
			if !s.class.quoted() {
				return false
			}
			// At its end a span is left, unless it could not end there.
			if p.col < s.end || s.class == classComment && !strings.HasSuffix(line[:p.col], "*/") {
				return true
			}
			return p.col == len(line) && s.class == classString &&
				(r.end != "" || p.col-from == 1 || line[p.col-1] != line[from])
		}
		from = s.end
	}
	return false
}

func wordRune(r rune) bool {
	return r == '_' || r == '$' || r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r))
}

// indentOf returns the blanks that a line begins with.
func indentOf(line string) string {
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}

// indentUnit is one step of indentation: a tab where the document uses tabs.
func (e *Editor) indentUnit() string {
	for i := range min(len(e.doc.lines), 500) {
		switch l := e.doc.lines[i]; {
		case strings.HasPrefix(l, "\t"):
			return "\t"
		case strings.HasPrefix(l, "  "):
			return strings.Repeat(" ", e.tabWidth)
		}
	}
	return strings.Repeat(" ", e.tabWidth)
}

// outdentBrace brings the blank line that a closing brace is typed on back to
// where its opening line begins.
func (e *Editor) outdentBrace() {
	c := e.sel.caret
	line := e.doc.lines[c.row]
	if !e.sel.empty() || strings.TrimSpace(line) != "" || line == "" {
		return
	}
	open, ok := e.openerBefore(c)
	if !ok {
		return
	}
	want := indentOf(e.doc.lines[open.row])
	if len(want) < len(line) {
		e.replace(pos{c.row, 0}, pos{c.row, len(line)}, want)
	}
}

// newLine breaks the line and indents the next one.
func (e *Editor) newLine() {
	e.step(editOther, func() {
		a, b := e.sel.ordered()
		before, behind := e.doc.lines[a.row][:a.col], e.doc.lines[b.row][b.col:]
		indent := indentOf(before)
		trimmed := strings.TrimRight(before, " \t")
		if trimmed == "" || !strings.Contains(openers, trimmed[len(trimmed)-1:]) {
			e.replace(a, b, "\n"+indent)
			return
		}
		deeper := "\n" + indent + e.indentUnit()
		if !strings.HasPrefix(strings.TrimLeft(behind, " \t"), closing(trimmed[len(trimmed)-1:])) {
			e.replace(a, b, deeper)
			return
		}
		n := len(e.pairs)
		own, more := n > 0 && e.pairs[n-1] == b, 0
		for own && n > more+1 && e.pairs[n-2-more] == (pos{b.row, b.col + 1 + more}) {
			more++
		}
		e.replace(a, b, deeper+"\n"+indent)
		if own {
			e.blocks = append(e.blocks, block{a.row, e.pairs[n-1], more})
		}
		e.setCaret(after(a, deeper))
	})
}

// erase removes the selection or, when there is none, what lies between the
// caret and where to.
func (e *Editor) erase(k kind, to func() pos) {
	if e.ReadOnly {
		return
	}
	a, b := e.sel.ordered()
	if a == b {
		b = to()
		if b.less(a) {
			a, b = b, a
		}
	} else {
		k = editOther
	}
	e.step(k, func() { e.replace(a, b, "") })
}

func (e *Editor) backspace() {
	c := e.sel.caret
	line := e.doc.lines[c.row]
	if n := len(e.pairs); !e.ReadOnly && n > 0 && e.sel.empty() && c == e.pairs[n-1] && c.col > 0 && c.col < len(line) &&
		closing(line[c.col-1:c.col]) == line[c.col:c.col+1] {
		e.step(editOther, func() { e.replace(pos{c.row, c.col - 1}, pos{c.row, c.col + 1}, "") })
		return
	}
	e.erase(editBackspace, func() pos {
		// In the indentation, one key takes one step of it.
		if c.col > 1 && strings.Trim(line[:c.col], " ") == "" {
			return pos{c.row, (c.col - 1) / e.tabWidth * e.tabWidth}
		}
		return e.left(c)
	})
}

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
		for n < len(l) && n < e.tabWidth && l[n] == ' ' {
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
		unit = unit[e.column(a)%e.tabWidth:]
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
