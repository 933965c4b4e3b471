package editor

import (
	"image/color"
	"slices"
	"sort"
	"strings"
)

// MarkKind is what a mark says about its line. Each kind has a shape, a word
// and a colour.
type MarkKind int

// The kinds, from the least to the most telling: a line with several marks
// shows the shape of the last of these that it has.
const (
	MarkConsole MarkKind = iota // a console line was written here
	MarkTeller                  // the host was called from here
	MarkHeld                    // a wall refused what native code tried here
	MarkRefused                 // a call to the host was refused
	MarkLeaked                  // a secret crossed in a call to the host
	MarkWorked                  // what native code tried here worked
	MarkBlocked                 // a global that is not there was tried here
	MarkThrown                  // an exception was thrown here
	MarkStopped                 // the program was stopped here
)

// String returns the kind's word, with which its note begins.
func (k MarkKind) String() string {
	switch k {
	case MarkConsole:
		return "console"
	case MarkTeller:
		return "teller"
	case MarkHeld:
		return "held"
	case MarkWorked:
		return "worked"
	case MarkRefused:
		return "refused"
	case MarkLeaked:
		return "leaked"
	case MarkBlocked:
		return "blocked"
	case MarkThrown:
		return "thrown"
	case MarkStopped:
		return "stopped here"
	}
	return "note"
}

func (k MarkKind) colour(p Palette) color.NRGBA {
	switch k {
	case MarkConsole:
		return p.Blue
	case MarkTeller, MarkHeld:
		return p.Teal
	case MarkThrown, MarkLeaked:
		return p.Amber
	}
	return p.Red
}

// Mark is something that happened on a line: a shape in the gutter and a note
// behind the text.
type Mark struct {
	Line int // from one
	Kind MarkKind
	Note string // shown after the kind's word; may be empty
	// Value is what the line made, in the program's own words. It is shown in
	// place of word and note, behind a sign that is not the program's.
	Value string

	about string // the line as it was when the mark was set
}

// SetMarks shows marks in place of those before. They move with their lines
// while the text is edited and go when their line is deleted or rewritten.
func (e *Editor) SetMarks(marks []Mark) {
	e.marks = append(e.marks[:0:0], marks...)
	for i, m := range e.marks {
		if m.Line >= 1 && m.Line <= len(e.doc.lines) {
			e.marks[i].about = e.doc.lines[m.Line-1]
		}
	}
	sort.SliceStable(e.marks, func(i, j int) bool {
		a, b := e.marks[i], e.marks[j]
		return a.Line < b.Line || a.Line == b.Line && a.Kind > b.Kind
	})
	e.redraw()
}

// Marks returns the marks where they are now, in order of their lines.
func (e *Editor) Marks() []Mark {
	marks := append([]Mark(nil), e.marks...)
	for i := range marks {
		marks[i].about = ""
	}
	return marks
}

// keepsOf is the part of a line that has to be left for its mark to stay: one in
// keepsOf.
const keepsOf = 3

// rewritten reports whether so little of a line is left that it is another one:
// what the two begin and end with alike is less than a part of the old one.
func rewritten(old, now string) bool {
	old, now = strings.TrimSpace(old), strings.TrimSpace(now)
	short := min(len(old), len(now))
	same := 0
	for same < short && old[same] == now[same] {
		same++
	}
	for i := 1; same < short && i <= short-same && old[len(old)-i] == now[len(now)-i]; i++ {
		same++
	}
	return same*keepsOf < len(old)
}

// dropRewritten takes the marks off lines that were rewritten, among the rows
// from first to last.
func (e *Editor) dropRewritten(first, last int) {
	e.marks = slices.DeleteFunc(e.marks, func(m Mark) bool {
		row := m.Line - 1
		gone := row >= first && row <= last && row < len(e.doc.lines) && rewritten(m.about, e.doc.lines[row])
		if gone && e.errorLine == m.Line {
			e.errorLine = 0
		}
		return gone
	})
}

// SetErrorLine shows line, counted from one, as the one an error points at.
// Zero shows none.
func (e *Editor) SetErrorLine(line int) {
	e.errorLine = line
	e.redraw()
}

// marksOn returns the marks on a row, the most telling first.
func (e *Editor) marksOn(row int) []Mark {
	i := sort.Search(len(e.marks), func(i int) bool { return e.marks[i].Line > row })
	j := i
	for j < len(e.marks) && e.marks[j].Line == row+1 {
		j++
	}
	return e.marks[i:j]
}

// followEdit follows an edit that put text ending at end in place of what lay
// between a and b.
func (e *Editor) followEdit(a, b, end pos) {
	e.moveMarks(a, b, end)
	e.dropRewritten(a.row, end.row)
}

func (e *Editor) moveMarks(a, b, end pos) {
	if a != b && a == end && e.doc.lines[a.row] == "" { // nothing is left of what they were about
		e.marks = slices.DeleteFunc(e.marks, func(m Mark) bool { return m.Line == a.row+1 })
		if e.errorLine == a.row+1 {
			e.errorLine = 0
		}
	}
	if b.row == end.row { // each line is still where it was
		return
	}
	whole := a.col == 0 && b.col == 0 && a.row < b.row
	move := func(line int) int {
		p := pos{line - 1, 0}
		if p.row == a.row && (p.less(a) || a != b && !whole) {
			return line
		}
		p, kept := shift(p, a, b, end)
		if !kept {
			return 0
		}
		return p.row + 1
	}
	kept := e.marks[:0]
	for _, m := range e.marks {
		if m.Line = move(m.Line); m.Line > 0 {
			kept = append(kept, m)
		}
	}
	e.marks = kept
	if e.errorLine > 0 {
		e.errorLine = move(e.errorLine)
	}
}

// note is one thing said about a line: by the host, or by the check of the
// syntax.
type note struct {
	text string
	// What is shown where there is less and less room. A note that may be cut
	// is, where nothing shorter fits; otherwise only the gutter shows it.
	short  []string
	cut    bool
	colour func(Palette) color.NRGBA
}

// fit returns the note in at most cells columns; "" if there is no room.
func (n note) fit(cells int) string {
	for _, text := range append([]string{n.text}, n.short...) {
		if displayCells(text) <= cells {
			return text
		}
	}
	if n.cut && cells >= minNote {
		return cut(n.text, cells)
	}
	return ""
}

// notesOn returns what is said about a row, the most telling first.
func (e *Editor) notesOn(row int) []note {
	var notes []note
	for _, d := range e.diagnosticsOn(row) {
		notes = append(notes, note{
			text: "syntax error" + ": " + d.Message, short: []string{"syntax error"},
			colour: func(p Palette) color.NRGBA { return p.Red },
		})
	}
	for _, m := range e.marksOn(row) {
		notes = append(notes, e.noteOf(m))
	}
	return notes
}

// noteOf is what a mark says, and what of it goes first.
func (e *Editor) noteOf(m Mark) note {
	if m.Value != "" {
		text := "› " + visible(m.Value)
		if m.Note != "" {
			text += " · " + visible(m.Note)
		}
		return note{text: text, short: []string{"› " + visible(m.Value)}, cut: true, colour: m.Kind.colour}
	}
	word := m.Kind.String()
	if m.Note == "" {
		return note{text: word, colour: m.Kind.colour}
	}
	said := visible(m.Note)
	brief, _, _ := strings.Cut(said, " · ")
	n := note{text: word + ": " + said, short: []string{word + ": " + brief}, colour: m.Kind.colour}
	switch m.Kind {
	case MarkRefused, MarkLeaked: // the word decides
		n.short = append(n.short, word)
	case MarkThrown:
		n.short, n.cut = append(n.short, brief), true
	default: // the gutter shows the kind
		n.short = append(n.short, brief)
	}
	return n
}

// visible writes a text that came from elsewhere on one line, with a name in
// place of each character that would not be seen.
func visible(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		seg := nextSegment(s[i:], 0, 1)
		switch {
		case seg.look == lookTab, s[i] == '\n':
			b.WriteByte(' ')
		case seg.look == lookTag:
			b.WriteString(tagName(s[i : i+seg.bytes]))
		default:
			b.WriteString(s[i : i+seg.bytes])
		}
		i += seg.bytes
	}
	return b.String()
}
