package rooms

import (
	"fmt"
	"strings"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/inspector/session"
	"sealedroom/ui/kit/words"
)

// summary says how many rooms there are, and what their workers take together.
func summary(lanes []session.Lane) string {
	running, bytes := 0, int64(0)
	for _, l := range lanes {
		if !l.State.Running() {
			continue
		}
		running++
		for i := len(l.State.Heap) - 1; i >= 0; i-- {
			if process := l.State.Heap[i].Process; process > 0 {
				bytes += process
				break
			}
		}
	}
	text := words.Plural(len(lanes), "room") + " · a worker process each"
	if running > 0 {
		text += fmt.Sprintf(" · %d running, %s resident together", running, words.Sized(bytes))
	}
	return text
}

// weighs is how much the end of a room says about what holds the others: one that
// did not end by itself while others were running says most.
func weighs(e session.End) int {
	weight := 0
	if e.Ended.Outcome != engine.OK {
		weight++
	}
	if e.Others > 0 {
		weight += 2
	}
	return weight
}

// effects says what the end of one room did to the others, in figures: of the
// newest end that says most about it.
func effects(ends []session.End) string {
	var end *session.End
	for i := range ends {
		if end == nil || weighs(ends[i]) >= weighs(*end) {
			end = &ends[i]
		}
	}
	if end == nil {
		return ""
	}
	text := fmt.Sprintf("Room %s: %s", Letter(end.Number), outcome(end.Ended.Outcome))
	if gone := end.Ended.Time.Teardown; gone > 0 {
		text += ", its worker was gone " + words.Briefly(gone) + " later"
	}
	switch {
	case end.Others == 0:
		return text + ". No other room was running."
	case end.Fell > 0:
		return text + fmt.Sprintf(". %d of the %s running died with it.", end.Fell, words.Plural(end.Others, "room"))
	case end.Seen < end.Others:
		return text + fmt.Sprintf(". %d of the %s running have shown a sign of life since.", end.Seen, words.Plural(end.Others, "room"))
	}
	if end.Others == 1 {
		return text + ". The other room went on: it showed its next event within " + words.Briefly(end.Slowest) + "."
	}
	return text + fmt.Sprintf(". The other %s went on: each showed its next event within %s.",
		words.Plural(end.Others, "room"), words.Briefly(end.Slowest))
}

// Side is one of two rooms that are compared.
type Side struct {
	Name  string
	Setup session.Setup
	State inspector.State
}

// Line is one thing that two rooms are compared by.
type Line struct {
	What, A, B string
	Differs    bool
}

// Compared lists what two rooms were given and what came of it.
func Compared(a, b Side) []Line {
	var lines []Line
	add := func(what, left, right string) { lines = append(lines, Line{what, left, right, left != right}) }
	code := func(s session.Setup) string { return words.Plural(strings.Count(s.Code, "\n")+1, "line") }
	if a.Setup.Code == b.Setup.Code {
		add("code", "the same", "the same")
	} else {
		lines = append(lines, Line{"code", code(a.Setup), code(b.Setup), true})
	}
	for _, d := range a.Setup.Changes(b.Setup) {
		add(d.Key, d.Was, d.Is)
	}
	of := func(f func(s *inspector.State) string) (string, string) { return f(&a.State), f(&b.State) }
	for _, row := range []struct {
		what string
		of   func(s *inspector.State) string
	}{
		{"verdict", func(s *inspector.State) string { return inspector.Line(s.Verdict().Title) }},
		{"result", func(s *inspector.State) string {
			switch e := s.Ended; {
			case e == nil:
				return ""
			case e.Result != nil:
				return inspector.Line(words.Shortened(e.Result.Preview, 60))
			case e.Error != nil:
				return inspector.Line(words.Shortened(e.Error.Message, 60))
			}
			return "none"
		}},
		{"time", func(s *inspector.State) string {
			return ended(s, func(e *engine.Ended) string { return words.Briefly(e.Time.Wall) })
		}},
		{"CPU time", func(s *inspector.State) string {
			return ended(s, func(e *engine.Ended) string { return words.Briefly(e.Time.CPU) })
		}},
		{"peak memory", func(s *inspector.State) string { return words.Sized(s.PeakHeap) }},
		{"collections", func(s *inspector.State) string { return words.Grouped(s.GCCount) }},
		{"calls", func(s *inspector.State) string { return words.Grouped(s.CallCount) }},
		{"refused", func(s *inspector.State) string { return words.Grouped(s.Refused) }},
		{"doors tried", func(s *inspector.State) string { return words.Grouped(s.Attempts) }},
		{"secrets revealed", func(s *inspector.State) string {
			if names := s.Revealed(); len(names) > 0 {
				return inspector.Line(strings.Join(names, ", "))
			}
			return "none"
		}},
		{"console", func(s *inspector.State) string { return words.Plural(s.ConsoleLines, "line") }},
	} {
		left, right := of(row.of)
		add(row.what, left, right)
	}
	return lines
}

func ended(s *inspector.State, of func(*engine.Ended) string) string {
	if s.Ended == nil {
		return "not over"
	}
	return of(s.Ended)
}
