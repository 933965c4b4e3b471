package engine

import "time"

// tendEvery is how often a run looks at whether its guest calls a lot.
const tendEvery = 20 * time.Millisecond

// moment is how much of the processor a guest beside a window may use before it
// gives way, and how much between two calls before it counts as one that
// computes. Time that passes says nothing: the window may have had the core.
const moment = 10 * time.Millisecond

// schedClass is how the kernel schedules a worker's threads. A worker goes down
// the list and not back: an ordinary user may lower a class, not raise it.
type schedClass int

const (
	normal schedClass = iota
	low               // little of a core that another thread wants
	idle              // nothing of it
)

// cores is how a run's threads share the machine's cores, with each other and
// with a window.
type cores struct {
	worker *process
	beside bool // a window

	at       time.Time // of the last look at the calls
	calls    int64     // by then
	together bool      // its calls' threads, on one core

	called int64         // calls when there last was a new one
	spent  time.Duration // of the processor, by then
}

// tend is called about every millisecond with how many calls there were, and
// how much of the processor the guest has used.
func (c *cores) tend(now time.Time, calls int64, used time.Duration) {
	if c.beside {
		c.giveWay(calls, used)
	}
	took := now.Sub(c.at)
	if took < tendEvery {
		return
	}
	c.settle(calls-c.calls > int64(took/time.Millisecond))
	c.at, c.calls = now, calls
}

// settle keeps the isolate's thread and the one that answers it on one core
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

// giveWay lowers a worker beside a window once its guest has used a moment of
// the processor. Until then it is scheduled like everything else: most guests
// are over by then, and a person waits for the result. One that computes gets
// only what time the window leaves over, because at low priority alone the
// kernel would let it end its slice while a frame waits. One that calls waits
// for answers half of the time anyway, and needs the other half soon.
func (c *cores) giveWay(calls int64, used time.Duration) {
	if calls != c.called {
		c.called, c.spent = calls, used
	}
	switch {
	case used-c.spent >= moment:
		c.worker.schedule(idle)
	case used >= moment:
		c.worker.schedule(low)
	}
}
