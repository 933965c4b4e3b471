package engine_test

import (
	"runtime"
	"slices"
	"testing"

	"sealedroom/engine"
)

// Linux has them all; elsewhere a run names none that is not known.
func TestHas(t *testing.T) {
	s := run(t, "1", engine.Limits{})
	if runtime.GOOS == "linux" && !slices.Equal(s.started.Has, engine.Abilities) {
		t.Errorf("has %q of %q", s.started.Has, engine.Abilities)
	}
	for _, name := range s.started.Has {
		if !slices.Contains(engine.Abilities, name) {
			t.Errorf("has %q, which is no ability", name)
		}
	}
}
