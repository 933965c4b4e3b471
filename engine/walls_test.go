package engine_test

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
)

// TestWalls takes the part of native code in a worker: it opens, connects,
// starts and signals with raw system calls, and nothing may work.
func TestWalls(t *testing.T) {
	report := tryWalls(t, host)
	if len(report.Attempts) < 60 {
		t.Errorf("only %d things were tried", len(report.Attempts))
	}
	for _, a := range report.Attempts {
		if !a.Held || a.Detail == "" || len(a.By) == 0 {
			t.Errorf("%s: %s (held by %v)", a.Name, a.Detail, a.By)
		}
	}
	if fell := report.Fell(); len(fell) > 0 {
		t.Errorf("fell: %v", fell)
	}
}

func tryWallsWithout(t *testing.T, e *engine.Engine) engine.WallReport {
	return tryWallsOf(t, e, false)
}

func tryWalls(t *testing.T, e *engine.Engine) engine.WallReport { return tryWallsOf(t, e, true) }

func tryWallsOf(t *testing.T, e *engine.Engine, whole bool) engine.WallReport {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("Linux's walls: confine tests those of " + runtime.GOOS)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	report, err := e.TryWalls(ctx)
	must(t, err)
	if lacking := strings.Join(report.Lacking, "; "); whole && strings.Contains(lacking, "seccomp") {
		t.Skip("this kernel has no seccomp, and the worker says so: " + lacking)
	}
	return report
}

// Every wall that can be left out is shown to be one: without it, and without
// those that refuse the same, an attempt works.
func TestEachWallHolds(t *testing.T) {
	fell := func(t *testing.T, without ...string) map[string]bool {
		e := engine.NewWithoutWalls(without)
		defer e.Close()
		report := tryWallsWithout(t, e)
		for _, name := range without {
			if strings.Contains(strings.Join(engine.WallNames(report.Walls), " "), name) {
				t.Errorf("%s is named as a wall although it was left out", name)
			}
		}
		worked := map[string]bool{}
		for _, a := range report.Attempts {
			if !a.Held {
				worked[a.Name] = true
			}
		}
		if fell := report.Fell(); len(fell) > 0 {
			t.Errorf("without %v, walls that stand did not hold: %v", without, fell)
		}
		return worked
	}
	for _, test := range []struct {
		without []string
		works   []string
		holds   []string
	}{
		// On a kernel without Landlock's scope of signals, seccomp alone must hold them.
		{without: []string{"landlock"}, holds: []string{"signal the host", "have the kernel signal the host (F_SETOWN)", "choose which signal (F_SETSIG)", "arm it (O_ASYNC)", "open a file", "trace the host"}},
		{without: []string{"seccomp"}, works: []string{"hold memory that no limit counts", "ask who it runs as", "grow a pipe's buffer"}, holds: []string{"open a file", "signal the host", "open a TCP socket", "mount"}},
		{without: []string{"seccomp", "landlock"}, works: []string{"look at a file's size and owner", "have the kernel signal the host (F_SETOWN)"}, holds: []string{"open a file", "mount"}},
		{without: []string{"seccomp", "landlock", "rlimit"}, works: []string{"open a file", "open a TCP socket", "copy a descriptor"}, holds: []string{"mount"}},
		{without: []string{"descriptors"}, works: []string{"read what the app's parent left open"}},
	} {
		t.Run(strings.Join(test.without, "+"), func(t *testing.T) {
			worked := fell(t, test.without...)
			for _, name := range test.works {
				if !worked[name] {
					t.Errorf("%q did not work: the attempt proves nothing", name)
				}
			}
			for _, name := range test.holds {
				if worked[name] {
					t.Errorf("%q worked", name)
				}
			}
		})
	}
}

// What stands is named in every run, and what this system lacks is too.
func TestWallsAreNamed(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("Linux's walls: confine tests those of " + runtime.GOOS)
	}
	s := run(t, "1", engine.Limits{})
	named := engine.WallNames(s.started.Walls)
	for _, l := range s.started.Lacking {
		name, _, _ := strings.Cut(l, ":")
		named = append(named, name)
	}
	for _, wall := range []string{"no-new-privs", "descriptors", "capabilities", "landlock", "rlimit", "seccomp"} {
		if !slices.Contains(named, wall) {
			t.Errorf("%s is not named in %q", wall, named)
		}
	}
	for _, wall := range s.started.Walls {
		if wall.Strength == "" {
			t.Errorf("%s has no strength", wall.Name)
		}
	}
	if s.started.PID <= 0 || s.started.V8 == "" {
		t.Errorf("started as %+v", s.started)
	}
}
