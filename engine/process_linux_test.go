package engine_test

import (
	"context"
	"testing"

	"golang.org/x/sys/unix"

	"sealedroom/engine"
)

// TestGivingWay: a window's workers are scheduled behind it, and others are not.
func TestGivingWay(t *testing.T) {
	yields := func(host *engine.Engine) (yields bool) {
		defer host.Close()
		_, err := host.Run(context.Background(), engine.Guest{Source: "1"}, engine.Limits{}, func(e engine.Event) {
			if started, ok := e.(engine.Started); ok {
				attributes, err := unix.SchedGetAttr(started.PID, 0)
				must(t, err)
				yields = attributes.Policy == unix.SCHED_IDLE || attributes.Nice >= 10
			}
		})
		must(t, err)
		return yields
	}
	if yields(engine.New()) || !yields(engine.NewBesideWindow()) {
		t.Error("it is not a window's workers that give way, and they alone")
	}
}
