package ui

import (
	"sealedroom/ui/kit/words"

	"math"
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/presets"
	"sealedroom/ui/cli"
	"sealedroom/ui/panes"
	"sealedroom/ui/theme"
)

// The bars move while a guest runs, each fills at its own limit, and what the
// wall time went on adds up to it.
func TestTimeBars(t *testing.T) {
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	limited, err := engine.Limits{}.WithCPU(ms(50))
	if err != nil {
		t.Fatal(err)
	}
	long, err := engine.Limits{}.WithWall(30 * time.Second)
	if err != nil {
		t.Fatal(err)
	}
	ended := func(times engine.Times) engine.Event { return engine.Ended{At: times.Wall, Time: times} }
	for _, c := range []struct {
		name                  string
		limits                engine.Limits
		events                []engine.Event
		wall, cpu             string
		wallFilled, cpuFilled float64
		noCore, waits, late   string
		stopped               string
	}{
		{name: "not read yet", wall: "0.0 ms of 1 s"},
		{name: "computes", events: []engine.Event{engine.Heap{At: ms(100), CPU: ms(99), NoCore: ms(1)}},
			wall: "0.10 s of 1 s", cpu: "99.0 ms, no limit", wallFilled: 0.1, cpuFilled: 0.099, noCore: "● no core free 1.0 ms", waits: "● the guest waited 0.0 ms"},
		{name: "read a while ago", events: []engine.Event{engine.Heap{At: ms(100), CPU: ms(99)}, engine.Heap{At: ms(120)}},
			wall: "0.12 s of 1 s", cpu: "99.0 ms, no limit", wallFilled: 0.12, cpuFilled: 0.099, waits: "● waited, or had no core 1.0 ms"},
		{name: "waits", events: []engine.Event{engine.Heap{At: ms(200), CPU: ms(20), NoCore: ms(30)}},
			wall: "0.20 s of 1 s", cpu: "20.0 ms, no limit", wallFilled: 0.2, cpuFilled: 0.02, noCore: "● no core free 30.0 ms", waits: "● the guest waited 150 ms"},
		{name: "at its limit of the processor", limits: limited, events: []engine.Event{engine.Heap{At: ms(60), CPU: ms(50)}},
			wall: "60.0 ms of 1 s", cpu: "50.0 ms of 50 ms", wallFilled: 0.06, cpuFilled: 1, waits: "● waited, or had no core 10.0 ms"},
		{name: "far from its limit", limits: long, events: []engine.Event{ended(engine.Times{Wall: ms(6056), CPU: ms(6056), HasCPU: true, HasNoCore: true})},
			wall: "6.1 s of 30 s", cpu: "6.06 s, no limit", wallFilled: 0.202, cpuFilled: 0.202, noCore: "● no core free 0.0 ms", waits: "● the guest waited 0.0 ms"},
		{name: "stopped late", events: []engine.Event{ended(engine.Times{Wall: ms(1205), CPU: ms(1200), HasCPU: true, HasNoCore: true, StopAt: ms(1000), Stop: ms(210)})},
			wall: "1.21 s of 1 s", cpu: "1.20 s, no limit", wallFilled: 1, cpuFilled: 1, noCore: "● no core free 0.0 ms", waits: "● the guest waited 5.0 ms", stopped: "told to stop at 1 s, gone at 1.21 s"},
		{name: "the host was late", events: []engine.Event{ended(engine.Times{Wall: ms(100), CPU: ms(20), HasCPU: true, HasNoCore: true, Run: ms(30)})},
			wall: "0.10 s of 1 s", cpu: "20.0 ms, no limit", wallFilled: 0.1, cpuFilled: 0.02, noCore: "● no core free 0.0 ms", waits: "● the guest waited 10.0 ms", late: "● between guest and host 70.0 ms"},
		{name: "stopped at once", events: []engine.Event{ended(engine.Times{Wall: ms(1001), CPU: ms(1001), HasCPU: true, HasNoCore: true, StopAt: ms(1000), Stop: ms(1)})},
			wall: "1.00 s of 1 s", cpu: "1 s, no limit", wallFilled: 1, cpuFilled: 1, noCore: "● no core free 0.0 ms", waits: "● the guest waited 0.0 ms"},
		{name: "not measured", events: []engine.Event{ended(engine.Times{Wall: ms(200)})}, wall: "0.20 s of 1 s", cpu: "not measured", wallFilled: 0.2},
	} {
		var s inspector.State
		s.Apply(engine.Started{Limits: c.limits})
		for _, e := range c.events {
			s.Apply(e)
		}
		bars := panes.NewTimeBars()
		bars.Show(&s)
		for what, pair := range map[string][2]string{
			"wall": {bars.Wall.Figure.Text, c.wall}, "cpu": {bars.CPU.Figure.Text, c.cpu}, "no core": {bars.NoCore.Text, c.noCore},
			"waits": {bars.Waits.Text, c.waits}, "late": {bars.Late.Text, c.late}, "stop": {bars.Stop.Text, c.stopped},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s, %s: %q, want %q", c.name, what, pair[0], pair[1])
			}
		}
		if got := bars.Wall.Filled(); math.Abs(got-c.wallFilled) > 0.001 {
			t.Errorf("%s: the wall's bar is filled to %.3f, want %.3f", c.name, got, c.wallFilled)
		}
		if got := bars.CPU.Filled(); math.Abs(got-c.cpuFilled) > 0.001 {
			t.Errorf("%s: the processor's bar is filled to %.3f, want %.3f", c.name, got, c.cpuFilled)
		}
		bars.Show(&inspector.State{})
		if bars.Wall.Filled() > 0 || bars.CPU.Filled() > 0 || bars.Wall.Figure.Text+bars.CPU.Figure.Text+bars.Used.Text+bars.Waits.Text+bars.Stop.Text != "" {
			t.Errorf("%s: something is left of the run when it is forgotten", c.name)
		}
	}
}

// Where request to result is shown, its parts add up, whoever made the worker.
func TestStartup(t *testing.T) {
	us := func(n int) time.Duration { return time.Duration(n) * time.Microsecond }
	for _, spare := range []bool{true, false} {
		var s inspector.State
		startup := panes.NewStartup()
		startup.Show(&s)
		s.Apply(engine.Started{Waited: engine.Waited{Spare: spare, Bridge: us(100), Worker: us(20), Process: us(9000), Isolate: us(800), Context: us(700), Seal: us(90)}})
		startup.Show(&s)
		if got := startup.Bars[6].Figure.Text; got != "–" {
			t.Errorf("spare %v: hand-over is %q before it is known", spare, got)
		}
		s.Apply(engine.Ended{Time: engine.Times{Wall: us(400), HandOver: us(30), Compile: us(40), Run: us(50), Settle: us(5), Read: us(60), Between: us(95), FirstResult: us(400), Teardown: us(900)}})
		startup.Show(&s)
		sum, result := time.Duration(0), time.Duration(0)
		for i, step := range panes.StartSteps {
			took, err := engine.ParseTime(strings.ReplaceAll(startup.Bars[i].Figure.Text, " ", ""))
			if err != nil {
				t.Fatal(err)
			}
			switch step.Kind {
			case panes.Within:
				sum += took
			case panes.Total:
				result = took
			}
			want := theme.RoleTeal
			if step.Kind == panes.Making && spare {
				want = theme.RoleBlue
			}
			if startup.Bars[i].Fills[0].Role()(theme.Dark) != want(theme.Dark) {
				t.Errorf("spare %v: %s has another colour than the legend says", spare, step.Name)
			}
		}
		if sum != result || result != us(400) {
			t.Errorf("spare %v: the parts come to %v, request to result is %v", spare, sum, result)
		}
	}
}

// A guess is rounded as a guess is, and one unit is used where two figures are
// compared.
func TestFigures(t *testing.T) {
	for d, want := range map[time.Duration]string{
		426 * time.Millisecond: "less than 1 s", 2900 * time.Millisecond: "about 3 s", 11_420 * time.Millisecond: "about 10 s",
		58 * time.Second: "about 60 s", 150 * time.Second: "about 3 min", 5 * time.Hour: "more than an hour",
	} {
		if got := words.About(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
	for _, c := range []struct {
		used, limit time.Duration
		want        string
	}{
		{6056 * time.Millisecond, 30 * time.Second, "6.1 s of 30 s"},
		{593 * time.Millisecond, time.Second, "0.59 s of 1 s"},
		{3 * time.Millisecond, 30 * time.Second, "3.0 ms of 30 s"},
		{343 * time.Millisecond, 300 * time.Millisecond, "343 ms of 300 ms"},
	} {
		if got := words.OfLimit(c.used, c.limit); got != c.want {
			t.Errorf("%v of %v: %q, want %q", c.used, c.limit, got, c.want)
		}
	}
	for d, want := range map[time.Duration]string{
		3604 * time.Millisecond: "3.60 s", 18_990 * time.Millisecond: "19.0 s", 250 * time.Millisecond: "250 ms", time.Second: "1 s", 2 * time.Minute: "2 min",
	} {
		if got := words.Briefly(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

// The memory pane shows the spaces and collections of the run it is given, never
// those of the one before, and no head with nothing below it.
func TestMemoryRows(t *testing.T) {
	pane := panes.NewMemory()
	var s inspector.State
	space := func(name string, used int64) engine.Space {
		return engine.Space{Name: name, Used: used, Committed: 2 * used}
	}
	for _, used := range []int64{1 << 20, 3 << 20} { // as many rows each time
		s.Apply(engine.Started{})
		s.Apply(engine.GC{Kind: "scavenge", Count: 2, Before: used, After: used / 2})
		s.Apply(engine.Ended{Spaces: []engine.Space{space("old", used)}})
		pane.Show(&s, engine.Limits{})
		if got := pane.Rows[1].Cells; got[0] != "old" || got[1] != words.Sized(used) || got[2] != words.Sized(2*used) {
			t.Errorf("%d bytes: %q", used, got)
		}
		if got := pane.Rows[3].Cells; got[0] != "scavenge ×2" || got[2] != words.Sized(used) || got[3] != words.Sized(used/2) {
			t.Errorf("%d bytes: %q", used, got)
		}
	}
	for _, events := range [][]engine.Event{
		nil,
		{engine.Started{}},
		{engine.Started{}, engine.Ended{Killed: true}},
		{engine.Started{}, engine.GC{Kind: "scavenge", Count: 1}, engine.Ended{Killed: true}},
	} {
		s.Reset()
		for _, e := range events {
			s.Apply(e)
		}
		pane.Show(&s, engine.Limits{})
		for i, row := range pane.Rows {
			if row.Head && (i+1 == len(pane.Rows) || pane.Rows[i+1].Head) {
				t.Errorf("%d events: a head without rows: %q", len(events), row.Cells)
			}
		}
		if len(pane.Rows) == 0 {
			t.Errorf("%d events: nothing is said", len(events))
		}
	}
}

// Another document has nothing of the run before: no verdict, no bar, no use of
// a limit, no mark.
func TestAnotherDocumentShowsNoRun(t *testing.T) {
	for _, change := range []struct {
		name string
		do   func(*stage)
	}{
		{"new", func(s *stage) { s.document.Empty() }},
		{"a text", func(s *stage) { s.open(cli.Document{Text: "1 + 1"}) }},
		{"a lesson", func(s *stage) { s.library.Show(presets.BuiltIn()[0]) }},
	} {
		s := open(t, "")
		s.play("console.log('former'); const a = []; for (;;) a.push(new Array(1000).fill(1))")
		if s.inspector.State.Ended == nil || !strings.Contains(s.memory(), "used") {
			t.Fatalf("the run is not shown: %q", s.memory())
		}
		change.do(s)
		state := s.inspector.State
		if state.Started != nil || len(state.Lines()) > 0 || s.inspector.Times.Wall.Filled() > 0 || s.inspector.Verdict.Title.Text != "Ready" {
			t.Errorf("%s: the former run is still there: %q", change.name, s.inspector.Verdict.Title.Text)
		}
		if note := s.memory(); strings.Contains(note, "used") {
			t.Errorf("%s: the memory limit says %q", change.name, note)
		}
	}
}

// What a run used of a limit is not said of another limit.
func TestUseOfAnotherLimit(t *testing.T) {
	s := open(t, "")
	s.play("1 + 1")
	used := s.memory()
	if !strings.Contains(used, "used") {
		t.Fatalf("the limit says %q", used)
	}
	s.limit(engine.Limits{}.WithMemory(256 << 20))
	if strings.Contains(s.memory(), "used") {
		t.Errorf("at 256 MB it says %q", s.memory())
	}
	s.limit(engine.Limits{}, nil)
	if s.memory() != used {
		t.Errorf("at the limit of the run it says %q, want %q", s.memory(), used)
	}
}
