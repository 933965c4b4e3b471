package panes

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/ui/editor"
	"sealedroom/ui/kit/words"
)

// mostMarks keeps the gutter of a hostile guest readable.
const mostMarks = 200

// MarksOf is what the editor shows of a run, which has ended or is looked back at.
// place turns V8's lines into the editor's.
func MarksOf(s *inspector.State, place func(int) int) (marks []editor.Mark, errorLine int) {
	seen := map[editor.Mark]bool{}
	put := func(m editor.Mark) {
		if m.Line <= 0 || len(marks) >= mostMarks {
			return
		}
		m.Line = place(m.Line)
		if !seen[m] {
			seen[m] = true
			marks = append(marks, m)
		}
	}
	add := func(line int, kind editor.MarkKind, note string) {
		put(editor.Mark{Line: line, Kind: kind, Note: note})
	}
	for _, b := range s.Places {
		note := inspector.Line(words.Shortened(b.Name, 40))
		if b.Count > 1 {
			note += fmt.Sprintf(" ×%d", b.Count)
		}
		add(b.Line, editor.MarkBlocked, note)
	}
	for _, m := range logged(s) {
		put(m)
	}
	for _, c := range callsByLine(s.Calls) {
		kind, note := c.note()
		add(c.line, kind, note)
	}
	for _, c := range attemptsOf(s) {
		switch method := inspector.Line(c.Method); {
		case c.Decision == bridge.Allowed:
			add(c.Line, editor.MarkWorked, method)
		case c.Decision == bridge.Denied && c.Code != "" && c.Code != engine.ByHands:
			add(c.Line, editor.MarkHeld, method+" by "+inspector.Line(c.Code))
		default:
			add(c.Line, editor.MarkHeld, method+": "+heldOrFell(c).word)
		}
	}
	e := s.Ended
	if e == nil {
		return marks, 0
	}
	if e.Error != nil && e.Error.Line > 0 {
		add(e.Error.Line, editor.MarkThrown, inspector.Line(words.Shortened(e.Error.Message, 60)))
		errorLine = place(e.Error.Line)
	}
	if e.StoppedLine > 0 {
		note := stoppedBy(e.Outcome)
		if e.LastSeen {
			note += " (last seen)"
		}
		add(e.StoppedLine, editor.MarkStopped, note)
		errorLine = place(e.StoppedLine)
	}
	return marks, errorLine
}

// stoppedBy is what ended a run, in a word or two.
func stoppedBy(outcome engine.Outcome) string {
	switch outcome {
	case engine.Timeout:
		return "time limit"
	case engine.ExceededCPU:
		return "CPU limit"
	case engine.ExceededMemory:
		return "memory limit"
	case engine.ExceededCalls:
		return "call limit"
	case engine.ExceededOutput:
		return "console limit"
	case engine.Canceled:
		return "by you"
	case engine.Crashed:
		return "the worker crashed"
	}
	return ""
}

// maxValue is how many characters of a logged line are shown next to the code.
const maxValue = 80

// logged is what each line of the guest wrote last, and how often it wrote.
func logged(s *inspector.State) []editor.Mark {
	lines, last := map[int]int{}, map[int]string{}
	var order []int
	for _, c := range s.Lines() {
		if lines[c.Line] == 0 {
			order = append(order, c.Line)
		}
		lines[c.Line]++
		last[c.Line] = c.Text
	}
	marks := make([]editor.Mark, 0, len(order))
	for _, line := range order {
		text, more, _ := strings.Cut(last[line], "\n")
		if more != "" {
			text += " …"
		}
		m := editor.Mark{Line: line, Kind: editor.MarkConsole, Value: inspector.Line(words.Shortened(text, maxValue))}
		if m.Value == "" {
			m.Value = "(empty line)"
		}
		if n := lines[line]; n > 1 {
			m.Note = "last of " + words.Plural(n, "line")
		}
		marks = append(marks, m)
	}
	return marks
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

// note is the mark of these calls: what became of them comes first.
func (c *lineCalls) note() (editor.MarkKind, string) {
	note := inspector.Line(words.Shortened(c.name, 40))
	if c.times > 1 {
		note += " ×" + words.Grouped(c.times)
	}
	kind := editor.MarkTeller
	switch {
	case len(c.secrets) > 0:
		kind, note = editor.MarkLeaked, inspector.Line(strings.Join(c.secrets, ", "))+" · by "+note
	case c.refused == c.times:
		kind = editor.MarkRefused
	case c.refused > 0:
		kind, note = editor.MarkRefused, words.Grouped(c.refused)+" of "+note
	case c.failed == c.times:
		note = "failed: " + note
	case c.failed > 0:
		note = words.Grouped(c.failed) + " failed of " + note
	}
	return kind, note + " · " + words.Briefly(c.took)
}
