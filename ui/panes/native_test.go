package panes

import (
	"slices"
	"testing"

	"sealedroom/engine"
	"sealedroom/inspector"
)

// Native hands stand for code that has left V8: its own walls are no rings.
func TestRingsAreOfNativeWalls(t *testing.T) {
	var s inspector.State
	s.Apply(engine.Started{Walls: []engine.Wall{
		{Name: "landlock"}, {Name: engine.WallV8Sandbox}, {Name: engine.WallThreadCount}, {Name: engine.WallPointerCompression},
	}})
	var names []string
	for _, w := range ringsOf(&s, &engine.Breach{Without: []string{"seccomp"}}).Walls {
		names = append(names, w.Name)
	}
	if want := []string{engine.WallThreadCount, "landlock", "seccomp"}; !slices.Equal(names, want) {
		t.Errorf("rings %q, want %q", names, want)
	}
}
