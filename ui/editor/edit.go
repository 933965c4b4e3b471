package editor

import (
	"strings"
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
	// Callbacks may read the caret before it has its new place.
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
