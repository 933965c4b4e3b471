package ui

import (
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/inspector"
)

// The processor's bar moves while a guest runs, and tells waiting from work.
func TestTimeBars(t *testing.T) {
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	limited, err := engine.Limits{}.WithCPU(ms(50))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		limits engine.Limits
		events []engine.Event
		want   string
	}{
		{"not read yet", engine.Limits{}, nil, ""},
		{"works", engine.Limits{}, []engine.Event{engine.Heap{At: ms(100), CPU: ms(99)}}, "99.0 ms, no limit"},
		{"works, read a while ago", engine.Limits{}, []engine.Event{engine.Heap{At: ms(100), CPU: ms(99)}, engine.Heap{At: ms(120)}}, "99.0 ms, no limit"},
		{"waits", engine.Limits{}, []engine.Event{engine.Heap{At: ms(20), CPU: ms(20)}, engine.Heap{At: ms(100), CPU: ms(20)}}, "20.0 ms · waiting 80.0 ms"},
		{"limited", limited, []engine.Event{engine.Heap{At: ms(40), CPU: ms(40)}}, "40.0 ms of 50 ms"},
		{"over", engine.Limits{}, []engine.Event{engine.Heap{At: ms(20), CPU: ms(20)}, engine.Ended{At: ms(200), Time: engine.Times{Wall: ms(200), CPU: ms(60), HasCPU: true}}}, "60.0 ms · waiting 140 ms"},
		{"over, not measured", engine.Limits{}, []engine.Event{engine.Ended{At: ms(200), Time: engine.Times{Wall: ms(200)}}}, "not measured"},
	} {
		var s inspector.State
		s.Apply(engine.Started{Limits: c.limits})
		for _, e := range c.events {
			s.Apply(e)
		}
		bars := newTimeBars()
		bars.show(&s)
		if got := bars.cpu.figure.Text; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if (bars.cpu.part > 0) != (s.CPU > 0 || s.Ended != nil && s.Ended.Time.HasCPU) {
			t.Errorf("%s: filled to %v", c.name, bars.cpu.part)
		}
	}
}
