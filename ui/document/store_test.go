package document

import (
	"testing"
	"time"
)

// However long a person types without a pause, no edit waits a second to be kept.
func TestKeepDelay(t *testing.T) {
	for _, c := range []struct{ waited, most time.Duration }{
		{0, keepAfter}, {300 * time.Millisecond, keepAfter}, {700 * time.Millisecond, 200 * time.Millisecond}, {2 * time.Second, 0},
	} {
		if delay := keepDelay(c.waited); delay > c.most || c.waited+delay > time.Second && c.waited < time.Second {
			t.Errorf("after %v it waits %v more", c.waited, delay)
		}
	}
}
