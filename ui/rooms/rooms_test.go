package rooms

import (
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"sealedroom/engine"
	"sealedroom/engine/worker"
	"sealedroom/inspector"
	"sealedroom/inspector/session"
	"sealedroom/ui/kit/pointer"
)

// The test binary is its own worker.
func TestMain(m *testing.M) {
	if worker.Wanted() {
		worker.Main()
	}
	os.Exit(m.Run())
}

// stage is a grid whose window's thread is the test.
type stage struct {
	*Grid
	t      *testing.T
	work   chan func()
	said   string
	errors []string
	sides  []Side
}

func open(t *testing.T, setups ...session.Setup) *stage {
	t.Helper()
	test.NewTempApp(t)
	s := &stage{t: t, work: make(chan func(), 100)}
	onMain := func(f func()) { s.work <- f }
	s.Grid = New(onMain, pointer.New(onMain))
	s.Hooks = Hooks{
		Open: func(int) {}, Back: func() {}, New: func() session.Setup { return session.Setup{Code: "'added'"} },
		Compare: func(a, b Side) { s.sides = []Side{a, b} }, Tell: func(title string, err error) { s.errors = append(s.errors, title+": "+err.Error()) },
		Running: func(bool) {}, Say: func(text string) { s.said = text },
	}
	host := engine.New()
	t.Cleanup(host.Close)
	rooms, err := session.NewRooms(host, setups...)
	if err != nil {
		t.Fatal(err)
	}
	window := test.NewTempWindow(t, s.Object)
	window.Resize(fyne.NewSize(1200, 800))
	s.Set(rooms)
	return s
}

// settle plays what waits until no room is running and all is drawn.
func (s *stage) settle() {
	s.t.Helper()
	late := time.After(60 * time.Second)
	for {
		s.mutex.Lock()
		idle := !s.pumping
		s.mutex.Unlock()
		if idle && len(s.work) == 0 && s.rooms.Running() == 0 {
			return
		}
		select {
		case f := <-s.work:
			f()
		case <-time.After(5 * time.Millisecond):
		case <-late:
			s.t.Fatal("the rooms did not end")
		}
	}
}

func limited(t *testing.T, wall time.Duration, memory int64) engine.Limits {
	t.Helper()
	limits, err := engine.Limits{}.WithWall(wall)
	if err == nil {
		limits, err = limits.WithMemory(memory)
	}
	if err != nil {
		t.Fatal(err)
	}
	return limits
}

// Each room shows how it is doing, and the line about all what the end of one did.
func TestRoomsShowHowTheyAre(t *testing.T) {
	long := limited(t, 30*time.Second, 64<<20)
	s := open(t,
		session.Setup{Code: "let n = 0; for (let i = 0; i < 4e8; i++) n = (n + i) % 7; 'calm'", Limits: long},
		session.Setup{Name: "leak.js", Code: "const all = []; for (;;) all.push(new Array(1000).fill(1))", Limits: limited(t, 30*time.Second, 16<<20)},
		session.Setup{Code: "for (let i = 0; i < 9; i++) console.log('line', i); null.x", Limits: long})
	if got := s.cells[0].state.Text; got != "not run yet" {
		t.Errorf("at first a room is %q", got)
	}
	s.RunAll()
	s.settle()
	for i, want := range []struct{ title, state, happened string }{
		{"Room A · guest.js", "finished", "calm"},
		{"Room B · leak.js", "out of memory", ""},
		{"Room C · guest.js", "threw an error", "TypeError"},
	} {
		c := s.cells[i]
		if c.title.Text != want.title || !strings.HasSuffix(c.state.Text, want.state) || !strings.Contains(c.happened.Text, want.happened) {
			t.Errorf("%q is %q: %q, want %+v", c.title.Text, c.state.Text, c.happened.Text, want)
		}
		if !strings.Contains(c.figures.Text, "peak ") || c.run.Disabled() || !c.stop.Disabled() {
			t.Errorf("%s: %q", want.title, c.figures.Text)
		}
	}
	// Which of B and C ended last is the machine's affair.
	if !strings.HasPrefix(s.said, "Room B: out of memory") && !strings.HasPrefix(s.said, "Room C: threw an error") || !strings.Contains(s.said, "went on: ") {
		t.Errorf("of all it says %q", s.said)
	}
}

// One room is run and stopped by itself, and rooms are added and taken away.
func TestOneRoomOfSeveral(t *testing.T) {
	loop := session.Setup{Code: "for (;;);", Limits: limited(t, 30*time.Second, 64<<20)}
	s := open(t, loop, session.Setup{Code: "2"})
	s.runOne(0)
	for s.rooms.Running() == 0 || s.rooms.Lanes()[0].State.Started == nil {
		time.Sleep(time.Millisecond)
	}
	s.addRoom()
	s.runOne(2)
	for s.rooms.Lanes()[2].State.Ended == nil {
		time.Sleep(time.Millisecond)
	}
	s.stopOne(0)
	s.settle()
	if got := s.cells[0].state.Text; !strings.HasSuffix(got, "stopped by you") {
		t.Errorf("room A is %q", got)
	}
	if got := s.cells[1].state.Text; got != "not run yet" {
		t.Errorf("room B is %q", got)
	}
	if got := s.cells[2].happened.Text; got != "result added" {
		t.Errorf("room C shows %q", got)
	}
	s.remove(1)
	if len(s.cells) != 2 || s.cells[1].title.Text != "Room C · guest.js" || s.differ.Text != "Compare A and C" {
		t.Errorf("%d rooms, %q", len(s.cells), s.differ.Text)
	}
	s.remove(0)
	if len(s.cells) != 2 || len(s.errors) != 1 {
		t.Errorf("%d rooms, %q", len(s.cells), s.errors)
	}
	for range 20 {
		s.addRoom()
	}
	if len(s.cells) != session.MaxRooms || !s.add.Disabled() {
		t.Errorf("%d rooms", len(s.cells))
	}
}

// What two rooms were given and what came of it is compared line by line.
func TestCompare(t *testing.T) {
	a := session.Setup{Code: "const a = []; for (let i = 0; i < 3e6; i++) a.push({ i }); a.length", Limits: limited(t, 30*time.Second, 16<<20)}
	b := a
	b.Limits = limited(t, 30*time.Second, 256<<20)
	s := open(t, a, b)
	s.RunAll()
	s.settle()
	s.compare()
	if len(s.sides) != 2 {
		t.Fatal("nothing is compared")
	}
	differs := map[string]bool{}
	for _, line := range Compared(s.sides[0], s.sides[1]) {
		differs[line.What] = line.Differs
		if line.Differs == (line.A == line.B) {
			t.Errorf("%+v", line)
		}
	}
	for what, want := range map[string]bool{"code": false, "memory": true, "verdict": true, "calls": false} {
		if got, listed := differs[what]; !listed || got != want {
			t.Errorf("%s differs: %v, want %v", what, got, want)
		}
	}
}

// Rooms are placed in rows, and none is narrower than it can be read.
func TestCellLayout(t *testing.T) {
	for _, c := range []struct {
		rooms   int
		width   float32
		columns int
	}{{2, 1400, 2}, {3, 1400, 2}, {4, 1400, 2}, {6, 1400, 3}, {9, 1400, 3}, {9, 400, 1}} {
		if got := (cellLayout{}).columns(c.rooms, c.width); got != c.columns {
			t.Errorf("%d rooms in %v: %d columns, want %d", c.rooms, c.width, got, c.columns)
		}
	}
}

func TestEffects(t *testing.T) {
	ended := func(o engine.Outcome) engine.Ended { return engine.Ended{Outcome: o} }
	for want, ends := range map[string][]session.End{
		"": nil,
		"Room A: finished. No other room was running.":                                            {{Ended: ended(engine.OK)}},
		"Room B: its worker died. 2 of the 3 rooms running died with it.":                         {{Number: 1, Ended: ended(engine.Crashed), Others: 3, Seen: 3, Fell: 2}, {Number: 0, Ended: ended(engine.OK)}},
		"Room B: timed out. 1 of the 2 rooms running have shown a sign of life since.":            {{Number: 1, Ended: ended(engine.Timeout), Others: 2, Seen: 1}},
		"Room A: timed out. The other 2 rooms went on: each showed its next event within 3.0 ms.": {{Ended: ended(engine.Timeout), Others: 2, Seen: 2, Slowest: 3 * time.Millisecond}},
	} {
		if got := effects(ends); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if text, _, _ := standing(&inspector.State{}); text != "not run yet" {
		t.Errorf("%q", text)
	}
}
