package ui

import (
	"fmt"
	"strings"

	"sealedroom/inspector"
	"sealedroom/ui/editor"
)

// mostMarks keeps the gutter of a hostile guest readable.
const mostMarks = 200

// marksOf is what the editor shows of a run that has ended. place turns V8's
// lines into the editor's.
func marksOf(s *inspector.State, place func(int) int) (marks []editor.Mark, errorLine int) {
	seen := map[editor.Mark]bool{}
	add := func(line int, kind editor.MarkKind, note string) {
		if line <= 0 || len(marks) >= mostMarks {
			return
		}
		m := editor.Mark{Line: place(line), Kind: kind, Note: note}
		if !seen[m] {
			seen[m] = true
			marks = append(marks, m)
		}
	}
	for _, b := range s.Places {
		note := inspector.Line(shortened(b.Name, 40))
		if b.Count > 1 {
			note += fmt.Sprintf(" ×%d", b.Count)
		}
		add(b.Line, editor.MarkBlocked, note)
	}
	lines := map[int]int{}
	var order []int
	for _, c := range s.Lines() {
		if lines[c.Line] == 0 {
			order = append(order, c.Line)
		}
		lines[c.Line]++
	}
	for _, line := range order {
		add(line, editor.MarkConsole, plural(lines[line], "line"))
	}
	e := s.Ended
	if e.Error != nil && e.Error.Line > 0 {
		add(e.Error.Line, editor.MarkThrown, inspector.Line(shortened(e.Error.Message, 60)))
		errorLine = place(e.Error.Line)
	}
	if e.StoppedLine > 0 {
		add(e.StoppedLine, editor.MarkStopped, string(e.Outcome))
		errorLine = place(e.StoppedLine)
	}
	return marks, errorLine
}

// shortened keeps at most n characters.
func shortened(text string, n int) string {
	for i := range text {
		if n == 0 {
			return strings.ToValidUTF8(text[:i], "\ufffd") + "…"
		}
		n--
	}
	return text
}
