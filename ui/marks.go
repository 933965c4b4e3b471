package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sealedroom/engine/bridge"
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
	for _, c := range callsByLine(s.Calls) {
		add(c.line, editor.MarkTeller, c.note())
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

// lineCalls is all calls of a kind from one line.
type lineCalls struct {
	line, times int
	name        string
	refused     int
	failed      int
	secrets     []string
	took        time.Duration
}

func callsByLine(calls []inspector.Call) []*lineCalls {
	type place struct {
		line int
		name string
	}
	var out []*lineCalls
	at := map[place]*lineCalls{}
	for _, c := range calls {
		where := place{c.Line, c.Capability + "." + c.Method}
		sum := at[where]
		if sum == nil {
			sum = &lineCalls{line: c.Line, name: where.name}
			at[where] = sum
			out = append(out, sum)
		}
		sum.times += c.Times
		sum.took += c.Took
		switch c.Decision {
		case bridge.Denied:
			sum.refused += c.Times
		case bridge.Failed:
			sum.failed += c.Times
		}
		for _, secret := range c.Secrets {
			if !slices.Contains(sum.secrets, secret) {
				sum.secrets = append(sum.secrets, secret)
			}
		}
	}
	return out
}

func (c *lineCalls) note() string {
	note := inspector.Line(shortened(c.name, 40))
	if c.times > 1 {
		note += " ×" + grouped(c.times)
	}
	if len(c.secrets) > 0 {
		note += " ▲ " + inspector.Line(strings.Join(c.secrets, ", ")) + " revealed"
	}
	if c.refused > 0 {
		note += " refused"
	}
	if c.failed > 0 {
		note += " failed"
	}
	return note + " · " + briefly(c.took)
}
