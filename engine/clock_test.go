package engine

import (
	"testing"
	"time"
)

// TestPauseHasAReason: each reason has its own sum, the guest's clock stands still
// for all of them alike, and only a question stops the worker as a whole: one that
// is at a breakpoint has to answer.
func TestPauseHasAReason(t *testing.T) {
	c := clock{begun: time.Now()}
	for i, reason := range []pauseReason{forQuestion, atBreakpoint, forQuestion} {
		c.stop(reason)
		stood := c.now()
		time.Sleep(10 * time.Millisecond)
		if c.now() != stood || c.reason != reason {
			t.Errorf("pause %d: the clock went from %v to %v, its reason is %d", i, stood, c.now(), c.reason)
		}
		if took := c.resume(stood); took < 10*time.Millisecond || c.reason != notPaused {
			t.Errorf("pause %d took %v, and the reason is still %d", i, took, c.reason)
		}
	}
	question, breakpoint := c.by[forQuestion], c.by[atBreakpoint]
	if question < 20*time.Millisecond || breakpoint < 10*time.Millisecond || question+breakpoint != c.paused {
		t.Errorf("%v for questions and %v at breakpoints of %v", question, breakpoint, c.paused)
	}
	if !forQuestion.freezes() || atBreakpoint.freezes() || notPaused.freezes() {
		t.Error("the wrong pauses freeze the worker")
	}
}
