package host

import (
	"sync"
	"time"
)

// tendEvery is how often a run looks at whether its guest calls a lot.
const tendEvery = 20 * time.Millisecond

// moment is how much processor time a guest of a program with a window may use before it
// yields, and how much between two calls before it counts as one that computes.
// Elapsed time says nothing: the window may have had the core.
const moment = 10 * time.Millisecond

// schedClass is how the kernel schedules a worker's threads. A worker goes down
// the list and not back: an ordinary user may lower a class, not raise it.
type schedClass int

const (
	normal schedClass = iota
	low               // little of a core that another thread wants
	idle              // nothing of it
)

// Scheduler decides how workers share the machine's cores, with each other and
// with a window. There is one for all runs of an engine, on any goroutines.
type Scheduler struct {
	yield bool // to a window
	mutex sync.Mutex
	taken map[int]bool // cores that a run's call threads are kept on
}

// NewScheduler returns a scheduler whose workers yield to a window, or do not.
func NewScheduler(yield bool) *Scheduler {
	return &Scheduler{yield: yield, taken: map[int]bool{}}
}

// Share is one run's part of the cores. It belongs to the run's goroutine.
type Share struct {
	scheduler *Scheduler
	worker    *Process

	at       time.Time // of the last look at the calls
	calls    int64     // by then
	together bool      // its calls' threads, on one core
	core     int       // that one

	called int64         // calls when there last was a new one
	spent  time.Duration // of the processor, by then
}

// Join adds a run at its start. The run calls Leave when it is over.
func (s *Scheduler) Join(worker *Process, now time.Time) *Share {
	return &Share{scheduler: s, worker: worker, at: now}
}

// Tend is called about every millisecond with how much of the processor the guest
// has used.
func (c *Share) Tend(now time.Time, used time.Duration) {
	calls := c.worker.Calls()
	if c.scheduler.yield {
		c.giveWay(calls, used)
	}
	took := now.Sub(c.at)
	if took < tendEvery {
		return
	}
	c.settle(calls-c.calls > int64(took/time.Millisecond))
	c.at, c.calls = now, calls
}

// Leave frees the run's core.
func (c *Share) Leave() {
	if c.together {
		c.together = false
		c.scheduler.free(c.core)
	}
}

// settle keeps the isolate's thread and the one that answers it on one core while
// there are many calls: to wake a thread on another core takes longer than to
// answer. Where another run is kept on that core already, it tries again later.
func (c *Share) settle(many bool) {
	if many == c.together {
		return
	}
	threads := []int{c.worker.Ready.Thread, int(c.worker.listener.Load())}
	if !many {
		c.Leave()
		freeCores(threads)
		return
	}
	if core, ok := thisCore(); ok && c.scheduler.take(core) {
		c.together, c.core = true, core
		keepOn(threads, core)
	}
}

func (s *Scheduler) take(core int) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.taken[core] {
		return false
	}
	s.taken[core] = true
	return true
}

func (s *Scheduler) free(core int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.taken, core)
}

// giveWay lowers the priority of a worker in a window once its guest has used a moment of the
// processor. Until then it is scheduled like everything else: most guests are over
// by then, and a person waits for the result. One that computes gets only what time
// the window leaves over, because at low priority alone the kernel would let it end
// its slice while a frame waits. One that calls waits for answers half of the time
// anyway, and needs the other half soon.
func (c *Share) giveWay(calls int64, used time.Duration) {
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
