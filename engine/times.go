package engine

import (
	"time"

	"sealedroom/engine/host"
)

// accountLag is how far the kernel's account of a thread that runs may lag.
const accountLag = 10 * time.Millisecond

// processorUse is what the guest had of the processor since it was handed over.
type processorUse struct {
	had      host.Processor
	baseline host.Processor // at hand-over
	reading  host.Processor // the kernel's last account
	moved    time.Time      // when it last changed
}

// read takes a new reading and reports whether there was one; a dead worker's last
// reading stays. The kernel counts a wait for a core when it is over: one that is
// still going on is added here.
func (u *processorUse) read(from *host.Process, paused bool) bool {
	reading := from.Processor()
	if !reading.Known {
		return false
	}
	now := time.Now()
	if reading != u.reading {
		u.reading, u.moved = reading, now
	}
	u.had = reading.Since(u.baseline)
	if still := now.Sub(u.moved); still > accountLag && !paused && from.Runnable() {
		u.had.NoCore += still
	}
	return true
}

// times is where a run's time went that was over and, a moment later, gone.
func (r *run) times(over, gone time.Time) Times {
	t := Times{
		Wall: r.clock.of(over), Paused: r.clock.paused, Teardown: gone.Sub(over),
		CPU: r.processor.had.Used, HasCPU: r.processor.had.Known, NoCore: r.processor.had.NoCore, HasNoCore: r.processor.had.NoCoreKnown,
	}
	if r.stopping.started() {
		t.StopAt = max(0, r.clock.of(r.stopping.at))
		t.Stop = max(0, over.Sub(r.stopping.at))
		if r.stopping.killed {
			t.Stop = gone.Sub(r.stopping.at)
		}
	}
	d := r.final.done
	if d == nil {
		return t
	}
	// The worker's own clock is finer than the kernel's account of it, which
	// lags by up to a tick; limits go by the latter.
	if d.CPU > 0 {
		t.CPU, t.HasCPU = min(d.CPU, t.Wall), true
	}
	began, left := time.Duration(0), t.Wall // the worker's clock, and what its steps may come to
	step := func(took time.Duration) time.Duration {
		paused := r.clock.pausedUntil(began+took) - r.clock.pausedUntil(began)
		began += took
		took = min(max(0, took-paused), left)
		left -= took
		return took
	}
	t.Compile, t.Run, t.Settle, t.Read = step(d.Compile), step(d.Run), step(d.Settle), step(d.Read)
	t.FirstResult = r.final.arrived.Sub(r.start.requested) - t.Paused
	// What is not accounted for lies between the two processes. The guest may have
	// started before the host was back from sending it.
	rest := t.FirstResult - r.start.taken.Sub(r.start.requested) - t.Compile - t.Run - t.Settle - t.Read
	t.HandOver = min(r.start.sent.Sub(r.start.taken), rest)
	t.Between = rest - t.HandOver
	return t
}
