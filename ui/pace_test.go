package ui

import (
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/panes"
)

// Pictures come the slower the longer a run lasts, within bounds.
func TestPictureAfter(t *testing.T) {
	for now, want := range map[time.Duration]time.Duration{
		0: 50 * time.Millisecond, time.Second: 50 * time.Millisecond, 1500 * time.Millisecond: 75 * time.Millisecond,
		2 * time.Second: 100 * time.Millisecond, time.Minute: 100 * time.Millisecond,
	} {
		if got := panes.PictureAfter(now); got != want {
			t.Errorf("after %v the next picture comes in %v, not in %v", now, got, want)
		}
	}
}

// A list that fills faster than anyone reads is shown less often, and the
// longer the run the less; its end is always shown.
func TestPace(t *testing.T) {
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	var p panes.Pace
	for _, c := range []struct {
		at, count int
		ended     bool
		want      bool
	}{
		{0, 0, false, true},
		{50, 10, false, true},     // few
		{100, 1000, false, false}, // many
		{310, 3000, false, true},
		{400, 3010, false, true}, // few again
		{3000, 9000, false, true},
		{4000, 19000, false, false},
		{5100, 29000, false, true},
		{5200, 39000, true, true},
		{10, 5, false, true}, // another run
		{20, 500, false, false},
	} {
		s := &inspector.State{Started: &engine.Started{}, Now: ms(c.at)}
		if c.ended {
			s.Ended = &engine.Ended{}
		}
		if got := p.Due(s, c.count); got != c.want {
			t.Errorf("%d things after %d ms: %v", c.count, c.at, got)
		}
	}
}

// While lines come too fast, the console counts them and shows them at times;
// when the run is over all of it is there.
func TestConsoleUnderAFlood(t *testing.T) {
	s := open(t, "")
	state := &inspector.State{}
	state.Apply(engine.Started{})
	show := func(n int, at time.Duration) {
		for range n {
			state.Apply(engine.Console{At: at, Level: "log", Text: "line"})
		}
		now := state.Clone()
		s.console.Show(&now)
	}
	show(5, time.Millisecond)
	show(500, 2*time.Millisecond)
	if rows, said := len(s.console.Rows), s.console.Summary.Text; rows != 5 || said[:9] != "505 lines" {
		t.Errorf("%d rows, %q", rows, said)
	}
	state.Apply(engine.Ended{At: 3 * time.Millisecond, Outcome: engine.Timeout, Limit: &engine.LimitUse{}})
	s.console.Show(state)
	if lines := firstRows(s.console); lines != 506 {
		t.Errorf("%d lines at the end", lines)
	}
}
