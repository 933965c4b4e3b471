package engine_test

import (
	"os"
	"runtime"
	"slices"
	"testing"

	"sealedroom/engine"
)

// Linux has them all, but that some kernels do not count waits for a core; elsewhere
// a run names none that is not known.
func TestHas(t *testing.T) {
	s := run(t, "1", engine.Limits{})
	want := slices.Clone(engine.Abilities)
	if _, err := os.Stat("/proc/self/schedstat"); err != nil {
		want = slices.DeleteFunc(want, func(name string) bool { return name == "core-wait" })
	}
	if runtime.GOOS == "linux" && !slices.Equal(s.started.Has, want) {
		t.Errorf("has %q of %q", s.started.Has, want)
	}
	for _, name := range s.started.Has {
		if !slices.Contains(engine.Abilities, name) {
			t.Errorf("has %q, which is no ability", name)
		}
	}
}
