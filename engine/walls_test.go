package engine_test

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
)

// TestWalls takes the part of native code in a worker: it opens, connects,
// starts and signals with raw system calls, and nothing may work.
func TestWalls(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("there are no outer walls on " + runtime.GOOS + " yet")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s := run(t, "1", engine.Limits{})
	lacking := strings.Join(s.started.Lacking, "; ")
	if strings.Contains(lacking, "seccomp") {
		t.Skip("this kernel has no seccomp, and the worker says so: " + lacking)
	}
	walls, err := host.ProbeWalls(ctx)
	must(t, err)
	if len(walls) < 20 {
		t.Errorf("only %d walls were tried", len(walls))
	}
	for _, wall := range walls {
		if !wall.Held || wall.Detail == "" {
			t.Errorf("%s: %s", wall.Name, wall.Detail)
		}
	}
}

// What stands is named in every run, and what this system lacks is too.
func TestWallsAreNamed(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("there are no outer walls on " + runtime.GOOS + " yet")
	}
	s := run(t, "1", engine.Limits{})
	named := strings.Join(append(s.started.Walls, s.started.Lacking...), " ")
	for _, wall := range []string{"no-new-privs", "landlock", "rlimit", "seccomp"} {
		if strings.Count(named, wall) != 1 {
			t.Errorf("%s is not named once in %q", wall, named)
		}
	}
	if s.started.PID <= 0 || s.started.V8 == "" {
		t.Errorf("started as %+v", s.started)
	}
}
