package rooms

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/inspector/session"
)

// A picture of a room that has run for ten seconds.
func BenchmarkCell(b *testing.B) {
	test.NewTempApp(b)
	g := New(func(f func()) { f() }, nil)
	c := newCell(g, 0)
	window := test.NewTempWindow(b, c.object)
	window.Resize(fyne.NewSize(470, 280))
	var s inspector.State
	s.Apply(engine.Started{})
	i := 0
	for b.Loop() {
		i++
		at := time.Duration(i) * 10 * time.Millisecond % (10 * time.Second)
		s.Apply(engine.Heap{At: at, V8: true, Used: int64(i%1000) << 16, Committed: 80 << 20, Process: 100 << 20})
		s.Apply(engine.GC{At: at, Kind: "scavenge", Count: 1})
		c.show(session.Lane{State: s.Clone()}, "guest.js", session.Setup{}, true, 10*time.Second)
	}
}
