package display

import (
	"os"
	"testing"
)

func TestReachable(t *testing.T) {
	laptop := area{0, 30, 1440, 870}
	right := area{1440, 0, 1920, 1080}
	for _, c := range []struct {
		name  string
		place Place
		areas []area
		want  bool
	}{
		{"on the screen", Place{100, 60}, []area{laptop}, true},
		{"a little over the left edge", Place{-150, 60}, []area{laptop}, true},
		{"on the second screen", Place{1600, 40}, []area{laptop, right}, true},
		{"the second screen is gone", Place{1600, 40}, []area{laptop}, false},
		{"below the screen", Place{100, 890}, []area{laptop}, false},
		{"its title over the top", Place{100, 0}, []area{laptop}, false},
		{"far off", Place{-1 << 40, 1 << 40}, []area{laptop, right}, false},
		{"no screen", Place{}, nil, false},
	} {
		if got := c.place.reachable(c.areas); got != c.want {
			t.Errorf("%s: reachable = %v; want %v", c.name, got, c.want)
		}
	}
}

func TestSetScale(t *testing.T) {
	t.Setenv(scaleVariable, "")
	for scale, want := range map[float32]string{1.5: "1.5", 2: "2", Automatic: "", 0: "", -1: "", 99: ""} {
		SetScale(scale)
		if got := os.Getenv(scaleVariable); got != want {
			t.Errorf("SetScale(%v): %s=%q; want %q", scale, scaleVariable, got, want)
		}
	}
}

func TestTheEnvironmentDecides(t *testing.T) {
	t.Setenv(scaleVariable, "3")
	given = "3"
	defer func() { given = "" }()
	SetScale(1.5)
	if got := os.Getenv(scaleVariable); got != "3" {
		t.Errorf("%s=%q; want the environment's 3", scaleVariable, got)
	}
}
