package ui

import (
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/inspector"
)

// TestOnePictureAtATime: events come as fast as they like; at most one picture
// waits for the window's thread, and it shows the newest state.
func TestOnePictureAtATime(t *testing.T) {
	queue := make(chan func(), 1000)
	var drawn []int
	var state inspector.State
	running := true
	p := &pictures{
		onMain: func(f func()) { queue <- f }, draw: func(s *inspector.State) { drawn = append(drawn, s.ConsoleLines) },
		state: func() inspector.State { return state.Clone() }, running: func() bool { return running },
	}
	apply := func(e engine.Event) {
		state.Apply(e)
		p.changed()
	}
	apply(engine.Started{})
	for range 500 {
		apply(engine.Console{Text: "x"})
		p.picture()
	}
	if len(queue) != 1 {
		t.Fatalf("%d pictures wait", len(queue))
	}
	(<-queue)()
	if len(drawn) != 1 || drawn[0] != 500 {
		t.Errorf("drawn were %v", drawn)
	}
	p.picture()
	if len(queue) != 0 {
		t.Error("a picture of nothing new")
	}
	apply(engine.Console{Text: "x"})
	p.picture()
	running = false
	(<-queue)()
	if len(queue) != 0 || drawn[len(drawn)-1] != 501 {
		t.Errorf("%d pictures wait, drawn were %v", len(queue), drawn)
	}
}

// TestFlood: a guest that logs as fast as it can queues nothing in the window.
func TestFlood(t *testing.T) {
	s := open(t, "")
	s.limit(engine.Limits{}.WithOutput(engine.OutputLimit.Range().Max))
	s.document.Load("", "for (let i = 0;; i++) console.log(i)")
	s.Run()
	deadline := time.Now().Add(700 * time.Millisecond)
	for time.Now().Before(deadline) {
		if len(s.work) > 1 {
			t.Fatalf("%d frames wait", len(s.work))
		}
		time.Sleep(20 * time.Millisecond) // a window that is slow
	}
	s.Stop()
	s.settleDown()
	if outcome := s.inspector.State.Ended.Outcome; outcome != engine.Canceled && outcome != engine.ExceededOutput {
		t.Errorf("the outcome is %s", outcome)
	}
	if n := len(s.console.Rows); n == 0 || n > 2100 {
		t.Errorf("the console has %d rows", n)
	}
}

func TestRunOnlyOnce(t *testing.T) {
	s := open(t, "")
	s.document.Load("", "for(;;);")
	s.Run()
	s.Run()
	if !s.run.Disabled() {
		t.Error("Run can be pressed during a run")
	}
	s.Stop()
	s.settleDown()
	if s.run.Disabled() || s.inspector.State.Ended.Outcome != engine.Canceled {
		t.Errorf("after Stop: %s", s.inspector.State.Ended.Outcome)
	}
	s.play("1 + 1")
	if s.inspector.State.Ended.Outcome != engine.OK {
		t.Error("no run after a stop")
	}
}
