package engine_test

import (
	"runtime"
	"slices"
	"strings"
	"testing"

	"sealedroom/engine"
	"sealedroom/engine/wire"
)

func TestCageWalls(t *testing.T) {
	const tb = 1 << 40
	for _, c := range []struct {
		name           string
		cage           wire.Cage
		walls, lacking []string
	}{
		{"both", wire.Cage{Secure: true, Size: tb, Reserved: tb + tb/4, PointerBytes: 4},
			[]string{"v8-sandbox 1 TB of address space, 1.25 TB with", "pointer-compression 4 bytes"}, nil},
		{"not all of it reserved", wire.Cage{Size: tb, Reserved: 8 << 30, PointerBytes: 4},
			[]string{"pointer-compression"}, []string{"v8-sandbox: not configured securely, V8 answers: 8 GB of its 1 TB"}},
		{"an older V8", wire.Cage{PointerBytes: 8}, nil, []string{"v8-sandbox: this V8 has none", "pointer-compression: 8 bytes"}},
		{"nothing measured", wire.Cage{}, nil, []string{"v8-sandbox: this V8 has none", "pointer-compression: the length"}},
		{"no figures that are true", wire.Cage{Secure: true, Size: 1<<64 - 1, Reserved: 1<<64 - 1, PointerBytes: -4},
			[]string{"v8-sandbox "}, []string{"pointer-compression: the length"}},
	} {
		walls, lacking := engine.CageWalls(c.cage)
		var named []string
		for _, w := range walls {
			named = append(named, w.Name+" "+w.Strength)
		}
		for _, check := range []struct{ got, want []string }{{named, c.walls}, {lacking, c.lacking}} {
			if len(check.got) != len(check.want) || slices.ContainsFunc(check.got, func(s string) bool {
				return len(s) > 200 || strings.Contains(s, "-4") || !slices.ContainsFunc(check.want, func(w string) bool { return strings.HasPrefix(s, w) })
			}) {
				t.Errorf("%s: %q, want %q", c.name, check.got, check.want)
			}
		}
	}
}

// The V8 that the app is built with has both, in every worker: also where the
// walls around it leave it little address space.
func TestV8WallsStand(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("not tried on Windows yet")
	}
	s := run(t, "1", engine.Limits{})
	for _, w := range s.started.Walls {
		if w.Name == engine.WallV8Sandbox && strings.HasPrefix(w.Strength, "1 TB of address space, 1.") {
			t.Log(w.Strength)
			return
		}
	}
	t.Errorf("no %s in %q, lacking %q", engine.WallV8Sandbox, s.started.Walls, s.started.Lacking)
}
