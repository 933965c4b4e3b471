package ui

import "testing"

// A window that cannot keep up leaves out every other picture, and no more.
func TestSkip(t *testing.T) {
	for _, c := range []struct {
		rate float64
		want string
	}{{0, "dddddd"}, {60, "dddddd"}, {30, "sdsdsd"}} {
		f, got := &frames{last: c.rate}, ""
		for range 6 {
			if f.skip() {
				got += "s"
			} else {
				got += "d"
			}
		}
		if got != c.want {
			t.Errorf("at %.0f frames a second: %s, want %s", c.rate, got, c.want)
		}
	}
}
