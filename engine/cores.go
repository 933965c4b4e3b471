package engine

import "time"

// tendEvery is how often a run looks at where and when its threads run.
const tendEvery = 20 * time.Millisecond

// moment is how much of the processor a guest uses between two calls before it
// counts as one that computes. Time that passes says nothing: the window may
// have had the core.
const moment = 10 * time.Millisecond

// cores is how a run's threads share the machine's cores, with each other and
// with a window.
type cores struct {
	worker *process
	beside bool // a window

	at       time.Time // of the last look
	calls    int64
	spent    time.Duration // of the processor, when it was last seen to call
	together bool          // its calls' threads, on one core
	humbled  bool
}

// manners is how far a thread lets others go before it.
type manners int

const (
	ordinary manners = iota
	polite           // it gets little of a core that somebody else wants
	humble           // … and nothing
)

// tend looks, once in a while, at how many calls there were, and at how much of
// the processor the guest has used.
func (c *cores) tend(now time.Time, calls int64, used time.Duration) {
	took := now.Sub(c.at)
	if took < tendEvery {
		return
	}
	asked := calls - c.calls
	c.settle(asked > int64(took/time.Millisecond))
	if asked > 0 {
		c.spent = used
	}
	if c.beside && used-c.spent >= moment {
		c.giveWay()
	}
	c.at, c.calls = now, calls
}

// settle has the isolate's thread and the one that answers it share a core
// while there are many calls: to wake a thread on another core takes longer
// than to answer.
func (c *cores) settle(many bool) {
	if many == c.together {
		return
	}
	c.together = many
	threads := []int{c.worker.ready.Thread, int(c.worker.listener.Load())}
	if many {
		keepTogether(threads)
	} else {
		letGo(threads)
	}
}

// giveWay has a worker that computes for longer than a moment have only what
// time a window leaves over: the kernel would let it end its slice while a frame
// waits. One that calls waits for answers half of the time anyway.
func (c *cores) giveWay() {
	if !c.humbled {
		c.humbled = true
		c.worker.humble()
	}
}
