package timeline

import (
	"fmt"
	"image"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/inspector/recording"
	"sealedroom/inspector/session"
)

// aRun records a run of 100 ms: a console line and a reading each millisecond, and
// a memory limit at 80 ms.
func aRun(t testing.TB) *recording.Recording {
	t.Helper()
	r := recording.NewRecorder()
	r.Add(engine.Started{Name: "guest.js", Source: "1"})
	for i := range 100 {
		at := time.Duration(i) * time.Millisecond
		r.Add(engine.Console{At: at, Level: "log", Text: fmt.Sprint(i)})
		r.Add(engine.Heap{At: at, V8: true, Used: int64(i) << 20})
		if i == 80 {
			r.Add(engine.Stopping{At: at, Outcome: engine.ExceededMemory, Limit: &engine.LimitUse{Name: "memory"}})
		}
	}
	r.Add(engine.Ended{At: 100 * time.Millisecond, Outcome: engine.ExceededMemory, Limit: &engine.LimitUse{Name: "memory"}})
	return r.Close()
}

// opened returns a timeline of that run, and what it last had shown.
func opened(t *testing.T) (*Timeline, *inspector.State) {
	t.Helper()
	test.NewTempApp(t)
	shown := &inspector.State{}
	timeline := New(fyne.Do, func() {})
	timeline.Look = func(s *inspector.State) { *shown = *s }
	window := test.NewTempWindow(t, timeline.Object)
	window.Resize(fyne.NewSize(1000, 200))
	timeline.Set(aRun(t).Play(), nil)
	return timeline, shown
}

func press(timeline *Timeline, keys ...fyne.KeyName) {
	for _, key := range keys {
		timeline.strip.TypedKey(&fyne.KeyEvent{Name: key})
	}
}

// Dragging and keys show the moment that they go to, and the end is the end.
func TestLookingBack(t *testing.T) {
	timeline, shown := opened(t)
	if timeline.Past() || shown.Started != nil {
		t.Fatal("it looks back by itself")
	}
	left, width := timeline.strip.axis()
	timeline.strip.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(left+width/2, 5)}})
	if !timeline.Past() || !shown.Recorded || shown.Ended != nil || shown.ConsoleLines < 49 || shown.ConsoleLines > 52 || shown.Span != 100*time.Millisecond {
		t.Errorf("in the middle: past %v, %d lines, ended %v", timeline.Past(), shown.ConsoleLines, shown.Ended)
	}
	for _, c := range []struct {
		key   fyne.KeyName
		lines int
	}{
		{fyne.KeyHome, 1}, {fyne.KeyRight, 2}, {fyne.KeyDown, 3}, {fyne.KeyUp, 2}, {fyne.KeyLeft, 1}, {fyne.KeyLeft, 1},
		{fyne.KeyPageDown, 11}, {fyne.KeyPageUp, 1},
	} {
		if press(timeline, c.key); shown.ConsoleLines != c.lines {
			t.Errorf("%s shows %d lines, want %d", c.key, shown.ConsoleLines, c.lines)
		}
	}
	press(timeline, fyne.KeyEnd)
	if timeline.Past() || shown.Ended == nil || shown.ConsoleLines != 100 {
		t.Errorf("at the end: past %v, %d lines", timeline.Past(), shown.ConsoleLines)
	}
}

// At the end of the last run of a room, what its State shows is shown.
func TestEndIsTheRoomsState(t *testing.T) {
	timeline, shown := opened(t)
	timeline.Set(aRun(t).Play(), func() inspector.State { return inspector.State{ConsoleLines: 7} })
	press(timeline, fyne.KeyHome, fyne.KeyEnd)
	if shown.ConsoleLines != 7 || shown.Recorded {
		t.Errorf("%+v", shown.ConsoleLines)
	}
}

// A run plays from its beginning, slower where that is wanted, and ends where it
// ended.
func TestPlaying(t *testing.T) {
	timeline, shown := opened(t)
	timeline.show(0)
	timeline.advance(10 * time.Millisecond)
	if timeline.moment != 10*time.Millisecond || shown.ConsoleLines != 11 {
		t.Errorf("at its own speed it is at %v with %d lines", timeline.moment, shown.ConsoleLines)
	}
	timeline.speed.Set(2)
	timeline.advance(time.Second)
	if timeline.moment != 20*time.Millisecond {
		t.Errorf("at a hundredth it is at %v", timeline.moment)
	}
	timeline.speed.Set(0)
	timeline.advance(time.Hour)
	if timeline.Past() || shown.Ended == nil {
		t.Errorf("it went on to %v", timeline.moment)
	}
	timeline.PlayOrPause()
	if timeline.ticker == nil || timeline.moment != 0 {
		t.Error("it does not play from the beginning")
	}
	timeline.PlayOrPause()
	if timeline.ticker != nil {
		t.Error("it plays on")
	}
}

// Where a limit ended the run, playing can hold there.
func TestHoldAtTheLimit(t *testing.T) {
	timeline, shown := opened(t)
	timeline.hold.Set(true)
	timeline.show(0)
	timeline.advance(time.Hour)
	if timeline.moment != 80*time.Millisecond || shown.Stopping == nil || shown.Ended != nil {
		t.Errorf("held at %v", timeline.moment)
	}
	timeline.advance(time.Hour)
	if timeline.Past() {
		t.Errorf("it does not go on from %v", timeline.moment)
	}
}

// Without a run nothing moves.
func TestNothingToLookBackAt(t *testing.T) {
	timeline, shown := opened(t)
	timeline.Clear("")
	timeline.PlayOrPause()
	timeline.End()
	timeline.strip.Tapped(&fyne.PointEvent{})
	if press(timeline, fyne.KeyHome); shown.Started != nil || timeline.ticker != nil || !timeline.play.Disabled() {
		t.Error("something moved")
	}
}

// Each kind of event has its mark, in both forms of the strip.
func TestStripShowsEvents(t *testing.T) {
	timeline, _ := opened(t)
	for _, open := range []bool{false, true} {
		timeline.SetOpen(open)
		inks := map[string]bool{}
		drawn := timeline.strip.draw(1000, 200).(*image.RGBA)
		for i := 0; i < len(drawn.Pix); i += 4 {
			inks[fmt.Sprint(drawn.Pix[i:i+3])] = true
		}
		if len(inks) < 4 {
			t.Errorf("open %v: %d colours", open, len(inks))
		}
		if again := timeline.strip.draw(1000, 200); again != image.Image(drawn) {
			t.Errorf("open %v: it is drawn again for nothing", open)
		}
	}
}

// A row says how a run ended, and what is different from the one before.
func TestRows(t *testing.T) {
	limits, err := engine.Limits{}.WithMemory(32 << 20)
	if err != nil {
		t.Fatal(err)
	}
	first := session.Past{Number: 1, Setup: session.Setup{Code: "1"}, Recording: aRun(t)}
	second := session.Past{Number: 2, Setup: session.Setup{Code: "1\n2", Limits: limits}, Recording: aRun(t)}
	if row := RowOf(first, nil); row.Changed != "the first run that is kept" {
		t.Errorf("%+v", row)
	}
	if row := RowOf(second, &first); row.Changed != "other code (2 lines, was 1 line) · memory 32 MB, was 128 MB" {
		t.Errorf("%+v", row)
	}
	if row := RowOf(second, &second); row.Changed != "the same code, limits and grants as the run before" {
		t.Errorf("%+v", row)
	}
}

// A step along a run of 2,000,000 events, which is folded to its bound, with all
// that a step shows but the window.
func BenchmarkStep(b *testing.B) {
	r := recording.NewRecorder()
	r.Add(engine.Started{})
	for i := range 2_000_000 {
		at := time.Duration(i) * 10 * time.Microsecond
		switch i % 3 {
		case 0:
			r.Add(engine.Console{At: at, Level: "log", Text: "a line of the guest's", Line: 3})
		case 1:
			r.Add(engine.Call{At: at, N: int64(i), Capability: "db", Method: "query", Args: fmt.Sprint(i), Line: 1 + i%50})
		case 2:
			r.Add(engine.Heap{At: at, V8: true, Used: int64(i%1000) << 10})
		}
		if i%100_000 == 0 {
			time.Sleep(30 * time.Millisecond) // a guest has work of its own
		}
	}
	r.Add(engine.Ended{At: 20 * time.Second})
	p := r.Close().Play()
	n := 0
	for b.Loop() {
		n++
		state := p.At(time.Duration(n*7919%20000) * time.Millisecond)
		state.Verdict()
	}
	b.ReportMetric(float64(p.Len()), "events")
}
