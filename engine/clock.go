package engine

import (
	"slices"
	"time"
)

// clock is a run's time since its guest was handed over. It stands still while
// a person is asked about a call.
type clock struct {
	begun  time.Time
	paused time.Duration // in all, without the pause under way
	pauses []pause
	since  time.Time // when the pause under way began; zero: none is
}

// pause is one that is over. The worker's clock, which does not stand still,
// was at at.
type pause struct{ at, took time.Duration }

// mostPauses is how many are told apart; the oldest become one.
const mostPauses = 64

// now is the time that the guest has had.
func (c *clock) now() time.Duration { return c.of(time.Now()) }

// of is the time that the guest had had at t.
func (c *clock) of(t time.Time) time.Duration {
	if !c.since.IsZero() && t.After(c.since) {
		t = c.since
	}
	return t.Sub(c.begun) - c.paused
}

// when is the moment at which the guest will have had so much, unless the
// clock is stopped before.
func (c *clock) when(had time.Duration) time.Time { return c.begun.Add(had + c.paused) }

func (c *clock) stop() { c.since = time.Now() }

// resume ends the pause under way, for which the worker's clock was at at, and
// returns how long it was.
func (c *clock) resume(at time.Duration) time.Duration {
	took := time.Since(c.since)
	c.since = time.Time{}
	c.paused += took
	if len(c.pauses) == mostPauses {
		c.pauses[0].took += c.pauses[1].took
		c.pauses = slices.Delete(c.pauses, 1, 2)
	}
	c.pauses = append(c.pauses, pause{at, took})
	return took
}

// at is the guest's time at a moment of the worker's clock, and no later than
// now.
func (c *clock) at(worker time.Duration) time.Duration {
	return min(max(0, worker-c.pausedUntil(worker)), c.now())
}

// pausedUntil is how much of the worker's clock until then was no time of the
// guest's.
func (c *clock) pausedUntil(worker time.Duration) (sum time.Duration) {
	for _, p := range c.pauses {
		if worker > p.at {
			sum += min(p.took, worker-p.at)
		}
	}
	return sum
}
