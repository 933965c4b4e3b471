package inspector_test

import (
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/inspector"
)

// What is drawn of external memory falls only where a reading did, and used
// memory is never above what is committed.
func TestSeries(t *testing.T) {
	at := func(n int, e engine.Heap) engine.Heap {
		e.At = time.Duration(n) * time.Millisecond
		return e
	}
	v8 := func(n int, used, committed, external int64) engine.Event {
		return at(n, engine.Heap{V8: true, Used: used, Committed: committed, External: external, Process: 900})
	}
	gc := func(n int, before, after int64) engine.Event {
		return engine.GC{At: time.Duration(n) * time.Millisecond, Took: time.Millisecond, Kind: "scavenge", Count: 1, Before: before, After: after}
	}
	process := func(n int) engine.Event { return at(n, engine.Heap{Process: 1000}) }
	for _, c := range []struct {
		name   string
		events []engine.Event
		falls  int
		peak   int64
	}{
		{"readings alone", []engine.Event{v8(1, 10, 20, 0), v8(2, 12, 20, 5), v8(3, 12, 20, 9)}, 0, 21},
		{"a collection after a reading of the process", []engine.Event{v8(1, 10, 20, 24), process(2), gc(3, 15, 8), v8(5, 9, 20, 48)}, 0, 57},
		{"a collection at once", []engine.Event{gc(1, 15, 8), v8(3, 9, 20, 30)}, 0, 39},
		{"a collection over what was committed", []engine.Event{v8(1, 10, 20, 0), gc(2, 45, 30), v8(4, 31, 50, 0)}, 0, 45},
		{"collections in a row", []engine.Event{v8(1, 10, 20, 7), gc(2, 45, 30), gc(4, 60, 10), process(6), gc(7, 70, 5), v8(9, 6, 20, 7)}, 0, 77},
		{"given back", []engine.Event{v8(1, 10, 20, 24), gc(2, 12, 8), v8(4, 9, 20, 3)}, 1, 36},
		{"two in one reading's time", []engine.Event{v8(1, 10, 20, 24), gc(1, 25, 8), v8(1, 8, 20, 24)}, 0, 49},
	} {
		var s inspector.State
		s.Apply(engine.Started{})
		for _, e := range c.events {
			s.Apply(e)
		}
		falls, external, committed, when := 0, int64(0), int64(0), time.Duration(0)
		for _, p := range s.Series() {
			if p.At < when {
				t.Errorf("%s: out of order: %+v", c.name, s.Series())
			}
			when = p.At
			if !p.V8 {
				continue
			}
			if p.External < external {
				falls++
			}
			external = p.External
			if p.Committed > 0 {
				committed = p.Committed
			}
			if p.Used > max(committed, 50) && p.Committed == 0 {
				t.Errorf("%s: used %d above committed: %+v", c.name, p.Used, p)
			}
			if p.Committed > 0 && p.Used > p.Committed {
				t.Errorf("%s: used %d of %d committed", c.name, p.Used, p.Committed)
			}
		}
		if falls != c.falls || s.PeakHeap != c.peak {
			t.Errorf("%s: external memory falls %d times, want %d; peak %d, want %d: %+v", c.name, falls, c.falls, s.PeakHeap, c.peak, s.Series())
		}
	}
}

// However many collections there are, the list spans the run, keeps the full
// ones as far as it can, and its counts are true.
func TestCollectionsSpanTheRun(t *testing.T) {
	for _, every := range []int{1, 2, 10, 1000} { // one of so many is a full one
		var s inspector.State
		s.Apply(engine.Started{})
		const n = 25_000
		majors := 0
		for i := range n {
			g := engine.GC{At: time.Duration(i) * time.Millisecond, Took: time.Microsecond, Kind: "scavenge", Count: 1, Before: int64(i + 2), After: 1}
			if i%every == 0 {
				g.Kind = "mark-compact"
				majors++
			}
			s.Apply(g)
		}
		count, took, kept := map[string]int{}, time.Duration(0), 0
		for i, g := range s.GCs {
			count[g.Kind] += g.Count
			took += g.Took
			if g.Kind == "mark-compact" {
				kept++
			}
			if i > 0 && (g.At < s.GCs[i-1].At || g.At-s.GCs[i-1].At > n*time.Millisecond/500) {
				t.Errorf("every %d: from %v to %v nothing is marked", every, s.GCs[i-1].At, g.At)
			}
		}
		if len(s.GCs) > 2000 || count["mark-compact"] != majors || count["scavenge"] != n-majors || s.GCCount != n || took != s.GCTime {
			t.Errorf("every %d: %d marks count %v of %d, %v of %v", every, len(s.GCs), count, n, took, s.GCTime)
		}
		if every == 1000 && kept != majors {
			t.Errorf("%d of %d full collections are kept", kept, majors)
		}
		if last := s.GCs[len(s.GCs)-1].At; last < n*time.Millisecond*99/100 {
			t.Errorf("every %d: the marks end at %v", every, last)
		}
	}
}

// Each run, and each event, is distinguished from the one before: what shows a State
// needs no other sign that it changed.
func TestVersion(t *testing.T) {
	var s inspector.State
	seen := map[inspector.Version]bool{s.Version: true}
	note := func(what string) {
		t.Helper()
		if seen[s.Version] {
			t.Errorf("%s: %+v was seen before", what, s.Version)
		}
		seen[s.Version] = true
	}
	for range 2 {
		s.Apply(engine.Started{})
		note("started")
		s.Apply(engine.Vault{})
		note("an event")
		s.Apply(engine.Ended{})
		note("ended")
		s.Reset()
		note("reset")
		if s.Started != nil || s.Ended != nil {
			t.Error("a run is left after Reset")
		}
	}
}

// Where the time went adds up, whatever the readings are.
func TestSpent(t *testing.T) {
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	for _, c := range []struct {
		name   string
		events []engine.Event
		want   inspector.Spent
	}{
		{"nothing yet", nil, inspector.Spent{}},
		{"not read yet", []engine.Event{engine.Heap{At: ms(10)}}, inspector.Spent{Wall: ms(10)}},
		{"computes", []engine.Event{engine.Heap{At: ms(10), CPU: ms(10)}}, inspector.Spent{Wall: ms(10), CPU: ms(10), HasCPU: true}},
		{"no core", []engine.Event{engine.Heap{At: ms(100), CPU: ms(40), NoCore: ms(60)}}, inspector.Spent{Wall: ms(100), CPU: ms(40), NoCore: ms(60), HasCPU: true, HasNoCore: true}},
		{"waits and more", []engine.Event{engine.Heap{At: ms(100), CPU: ms(40), NoCore: ms(10)}}, inspector.Spent{Wall: ms(100), CPU: ms(40), NoCore: ms(10), Waiting: ms(50), HasCPU: true, HasNoCore: true}},
		{"readings that overlap", []engine.Event{engine.Heap{At: ms(100), CPU: ms(70), NoCore: ms(60)}}, inspector.Spent{Wall: ms(100), CPU: ms(70), NoCore: ms(30), HasCPU: true, HasNoCore: true}},
		{"ended, and the host was late", []engine.Event{engine.Ended{At: ms(100), Time: engine.Times{Wall: ms(100), CPU: ms(20), HasCPU: true, NoCore: ms(5), HasNoCore: true, Compile: ms(10), Run: ms(30)}}}, inspector.Spent{Wall: ms(100), CPU: ms(20), NoCore: ms(5), Waiting: ms(15), Between: ms(60), HasCPU: true, HasNoCore: true}},
		{"ended", []engine.Event{engine.Ended{At: ms(100), Time: engine.Times{Wall: ms(100), CPU: ms(20), HasCPU: true, NoCore: ms(30), HasNoCore: true}}}, inspector.Spent{Wall: ms(100), CPU: ms(20), NoCore: ms(30), Waiting: ms(50), HasCPU: true, HasNoCore: true}},
		{"ended, not measured", []engine.Event{engine.Ended{At: ms(100), Time: engine.Times{Wall: ms(100), NoCore: 5}}}, inspector.Spent{Wall: ms(100)}},
	} {
		var s inspector.State
		s.Apply(engine.Started{})
		for _, e := range c.events {
			s.Apply(e)
		}
		if got := s.Spent(); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// A run that was asked to stop and went on for a while says both.
func TestToldAndGone(t *testing.T) {
	var s inspector.State
	s.Apply(engine.Started{})
	s.Apply(engine.Ended{Outcome: engine.Timeout, Killed: true, Time: engine.Times{Wall: 505 * time.Millisecond, StopAt: 300 * time.Millisecond, Stop: 210 * time.Millisecond}})
	if told, gone, ok := s.Stop(); !ok || told != 300*time.Millisecond || gone != 510*time.Millisecond {
		t.Error(told, gone, ok)
	}
	s.Apply(engine.Started{})
	s.Apply(engine.Ended{Outcome: engine.OK})
	if _, _, ok := s.Stop(); ok {
		t.Error("a run that ended by itself was asked to stop")
	}
}
