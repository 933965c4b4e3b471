package engine

import (
	"slices"
	"time"
)

// pauseReason is why a run is paused.
type pauseReason int

const (
	notPaused    pauseReason = iota
	forQuestion              // a person decides about a call
	atBreakpoint             // a person looks at the guest
	pauseReasons             // how many there are
)

// freezes reports whether the worker is stopped as a whole: nothing of it has to
// answer meanwhile.
func (r pauseReason) freezes() bool { return r == forQuestion }

// clock is a run's time since its guest was handed over. It stands still while
// the run is paused.
type clock struct {
	begun  time.Time
	paused time.Duration               // in total, without the pause under way
	by     [pauseReasons]time.Duration // of that, for each reason
	pauses []pause
	reason pauseReason // of the pause under way
	since  time.Time   // when it began; zero: there is none
}

// pause is one that is over. The worker's clock, which does not stand still, was
// at this time when it began.
type pause struct{ at, took time.Duration }

// maxPauses is how many are kept apart; the oldest are merged.
const maxPauses = 64

// now is the time that the guest has had.
func (c *clock) now() time.Duration { return c.of(time.Now()) }

// of is the time that the guest had had at t.
func (c *clock) of(t time.Time) time.Duration {
	if !c.since.IsZero() && t.After(c.since) {
		t = c.since
	}
	return t.Sub(c.begun) - c.paused
}

// when is the moment at which the guest will have had this much time, unless the
// clock is stopped before.
func (c *clock) when(had time.Duration) time.Time { return c.begun.Add(had + c.paused) }

// stop begins a pause.
func (c *clock) stop(reason pauseReason) { c.reason, c.since = reason, time.Now() }

// resume ends the pause under way, which began when the worker's clock was at this
// time, and returns how long it was.
func (c *clock) resume(at time.Duration) time.Duration {
	took := time.Since(c.since)
	c.by[c.reason] += took
	c.reason, c.since = notPaused, time.Time{}
	c.paused += took
	if len(c.pauses) == maxPauses {
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

// pausedUntil is how much of the worker's clock until then was pauses.
func (c *clock) pausedUntil(worker time.Duration) (sum time.Duration) {
	for _, p := range c.pauses {
		if worker > p.at {
			sum += min(p.took, worker-p.at)
		}
	}
	return sum
}
