package editor

// change is one replacement: inserted stands where removed was.
type change struct {
	at                pos
	removed, inserted string
}

// selection is where the caret is, and where the selection it drags began.
type selection struct{ anchor, caret pos }

func (s selection) empty() bool { return s.anchor == s.caret }

func (s selection) ordered() (pos, pos) {
	if s.caret.less(s.anchor) {
		return s.caret, s.anchor
	}
	return s.anchor, s.caret
}

// kind says which edits may join into one step.
type kind int

const (
	editOther kind = iota
	editTyping
	editBackspace
	editDelete
)

// group is what one undo takes back.
type group struct {
	kind          kind
	changes       []change
	before, after selection
}

// Undo keeps this many steps and bytes; the oldest go first.
const (
	maxUndoSteps = 10_000
	maxUndoBytes = 64 << 20
)

// history holds the steps that were taken and those that were taken back.
type history struct {
	done, undone []group
	open         bool // whether the last step may still grow
	bytes        int
}

func (h *history) reset() { *h = history{} }

// close ends the run of typing, so that the next key starts a new step.
func (h *history) close() { h.open = false }

// add records g, or joins it to the step before when both are one run.
func (h *history) add(g group) {
	h.undone = nil
	if h.open && len(h.done) > 0 && join(&h.done[len(h.done)-1], g) {
		h.bytes += len(g.changes[0].removed) + len(g.changes[0].inserted)
		return
	}
	h.open = g.kind != editOther
	h.done = append(h.done, g)
	h.bytes += size(g)
	drop := 0
	for drop < len(h.done)-1 && (len(h.done)-drop > maxUndoSteps || h.bytes > maxUndoBytes) {
		h.bytes -= size(h.done[drop])
		drop++
	}
	if drop > 0 {
		h.done = append([]group(nil), h.done[drop:]...)
	}
}

func size(g group) int {
	n := 0
	for _, c := range g.changes {
		n += len(c.removed) + len(c.inserted)
	}
	return n
}

// join grows last by g when g goes on where last ended. A word and the blanks
// after it are one step, so that undo takes back words, not whole paragraphs.
func join(last *group, g group) bool {
	if g.kind != last.kind || len(g.changes) != 1 || len(last.changes) != 1 {
		return false
	}
	l, c := &last.changes[0], g.changes[0]
	switch g.kind {
	case editTyping:
		if c.removed != "" || l.inserted == "" || c.inserted == "" ||
			c.at != after(l.at, l.inserted) || blank(l.inserted[len(l.inserted)-1]) && !blank(c.inserted[0]) {
			return false
		}
		l.inserted += c.inserted
	case editBackspace:
		if c.inserted != "" || l.inserted != "" || after(c.at, c.removed) != l.at {
			return false
		}
		l.at, l.removed = c.at, c.removed+l.removed
	case editDelete:
		if c.inserted != "" || l.inserted != "" || c.at != l.at {
			return false
		}
		l.removed += c.removed
	default:
		return false
	}
	last.after = g.after
	return true
}

func blank(b byte) bool { return b == ' ' || b == '\t' || b == '\n' }
