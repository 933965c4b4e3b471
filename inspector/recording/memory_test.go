package recording

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/inspector"
)

// recordInMemory records a run of n events, each passed through change.
func recordInMemory(events int, change func(engine.Event) engine.Event) *Recording {
	r := NewRecorder()
	r.Add(engine.Started{Name: "guest.js", Source: "10 + 20"})
	for i := range events {
		e := eventOf(i)
		if change != nil {
			e = change(e)
		}
		for r.waits() > maxUnfolded/2 { // a guest has work of its own between its events
			time.Sleep(time.Millisecond)
		}
		r.Add(e)
	}
	r.Add(engine.Ended{At: eventOf(events).When(), Outcome: engine.OK})
	return r.Close()
}

func (r *Recorder) waits() int {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.bytes
}

// A run that fits is kept as it was: what a player shows last is what was seen.
func TestRecorderKeepsARun(t *testing.T) {
	var seen inspector.State
	recording := recordInMemory(5000, func(e engine.Event) engine.Event {
		if seen.Started == nil {
			seen.Apply(engine.Started{Name: "guest.js", Source: "10 + 20"})
		}
		seen.Apply(e)
		return e
	})
	seen.Apply(recording.Ended())
	p := recording.Play()
	if p.Missing() != 0 || p.Len() != 5002 || p.Started().Name != "guest.js" {
		t.Errorf("%d events, %d missing", p.Len(), p.Missing())
	}
	got := p.After(p.Len())
	if !reflect.DeepEqual(got.Report(), seen.Report()) {
		t.Error("the report differs")
	}
}

// However much a run shows, its recording is bounded, and says what it lacks.
func TestRecorderIsBounded(t *testing.T) {
	long := strings.Repeat("x", 60_000)
	for name, change := range map[string]func(engine.Event) engine.Event{
		"many events": nil,
		"long lines": func(e engine.Event) engine.Event {
			return engine.Console{At: e.When(), Text: long}
		},
		"calls that are all kept": func(e engine.Event) engine.Event {
			return engine.Call{At: e.When(), Args: long, Secrets: []string{"TOKEN"}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			events := 20_000
			if change == nil {
				events = 500_000
			}
			recording := recordInMemory(events, change)
			if recording.Bytes() > MemoryBound+maxUnfolded {
				t.Errorf("%d bytes", recording.Bytes())
			}
			if p := recording.Play(); p.Missing() == 0 || p.Duration() != eventOf(events).When() {
				t.Errorf("%d events missing of a run of %v", p.Missing(), p.Duration())
			}
		})
	}
}

// Events that come faster than they are folded are counted; the end is kept.
func TestRecorderCannotFollow(t *testing.T) {
	r := NewRecorder()
	r.Add(engine.Started{})
	const lines = 20_000
	text := strings.Repeat("x", 60_000)
	for range lines {
		r.Add(engine.Console{Text: text})
		if waits := r.waits(); waits > maxUnfolded {
			t.Fatalf("%d bytes wait", waits)
		}
	}
	r.Add(engine.Ended{Outcome: engine.OK})
	recording := r.Close()
	if recording.Ended().Outcome != engine.OK || recording.Play().Missing() == 0 {
		t.Errorf("%+v", recording.left)
	}
}

func TestRecorderOfNoRun(t *testing.T) {
	if r := NewRecorder().Close(); r != nil {
		t.Errorf("%+v", r)
	}
}

// A recording that is saved is read back with all that it holds, and what it
// lacks.
func TestSave(t *testing.T) {
	recording := recordInMemory(3000, nil)
	recording.left.Lines, recording.left.Events = 7, 7
	path := filepath.Join(t.TempDir(), "run.jsonl")
	if err := recording.Save(path); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, data)
	want, got := recording.Play(), p.After(p.Len())
	state := want.After(want.Len())
	if p.Missing() != 7 || p.Len() != want.Len() || !reflect.DeepEqual(got.Report(), state.Report()) {
		t.Errorf("%d events, %d missing; want %d", p.Len(), p.Missing(), want.Len())
	}
	if err := recording.Save(path, path); err == nil {
		t.Error("it was written over a file to keep")
	}
}

// TestVersions: States of one Version are the same, also of two players and after
// going back.
func TestVersions(t *testing.T) {
	recording := recordInMemory(1000, nil)
	seen := map[inspector.Version]int{}
	for range 2 {
		p := recording.Play()
		for _, n := range []int{1, 500, 600, 1002, 600, 599, 601, 1} {
			state := p.After(n)
			if before, ok := seen[state.Version]; ok && before != n {
				t.Errorf("version %v is of %d and %d events", state.Version, before, n)
			}
			seen[state.Version] = n
		}
	}
}

// What recording an event in memory costs the run.
func BenchmarkRecorderAdd(b *testing.B) {
	r := NewRecorder()
	r.Add(engine.Started{})
	i := 0
	for b.Loop() {
		i++
		r.Add(eventOf(i))
	}
	r.Add(engine.Ended{})
	b.ReportMetric(float64(r.Close().Bytes())/1e6, "MB-kept")
}
