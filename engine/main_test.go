package engine_test

import (
	"context"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sealedroom/engine"
	"sealedroom/engine/worker"
)

// The test binary is its own worker, and its own hostile one.
func TestMain(m *testing.M) {
	if worker.Wanted() {
		worker.Main()
	}
	if name := os.Getenv(hostileEnv); name != "" {
		beHostile(name)
	}
	if os.Getenv(hostEnv) != "" {
		beHost()
	}
	code := m.Run()
	host.Close()
	if code == 0 {
		if err := goleak.Find(goleak.IgnoreTopFunction("sealedroom/engine/host.newSpawnThread.func1")); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			code = 1
		}
	}
	os.Exit(code)
}

// host is shared: a spare worker is most of a test's time.
var host = engine.New()

// limits reads a test's limits: size and time as typed, then switches.
func limits(t testing.TB, memory, wall string, switches engine.Switches) engine.Limits {
	t.Helper()
	l := engine.Limits{}.WithSwitches(switches)
	if memory != "" {
		bytes, err := engine.ParseSize(memory)
		must(t, err)
		l, err = l.WithMemory(bytes)
		must(t, err)
	}
	if wall != "" {
		d, err := engine.ParseTime(wall)
		must(t, err)
		l, err = l.WithWall(d)
		must(t, err)
	}
	return l
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// seen is what a run showed.
type seen struct {
	engine.Ended
	started    engine.Started
	console    []engine.Console
	blocked    []engine.Blocked
	heaps      []engine.Heap
	gcs        []engine.GC
	dropped    engine.Dropped
	translated []engine.Translated
}

// run runs a guest and gathers what it showed. A run that takes a minute hangs.
func run(t testing.TB, source string, l engine.Limits) seen {
	t.Helper()
	return runGuest(t, engine.Guest{Source: source}, l)
}

func runGuest(t testing.TB, guest engine.Guest, l engine.Limits) seen {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var s seen
	var err error
	s.Ended, err = host.Run(ctx, guest, l, s.take)
	must(t, err)
	if ctx.Err() != nil {
		t.Fatalf("the run hung: %.200s", guest.Source)
	}
	return s
}

func (s *seen) take(e engine.Event) {
	switch e := e.(type) {
	case engine.Started:
		s.started = e
	case engine.Console:
		s.console = append(s.console, e)
	case engine.Blocked:
		s.blocked = append(s.blocked, e)
	case engine.Heap:
		s.heaps = append(s.heaps, e)
	case engine.GC:
		s.gcs = append(s.gcs, e)
	case engine.Translated:
		s.translated = append(s.translated, e)
	case engine.Dropped:
		s.dropped.Console += e.Console
		s.dropped.Blocked += e.Blocked
	}
}
