package engine

import "time"

// accountLag is how far the kernel's account of a thread that runs may lag.
const accountLag = 10 * time.Millisecond

// readProcessor reads what the guest had of the processor so far; a dead
// worker's last reading stays. The kernel counts a wait for a core when it is
// over: one that goes on is added here.
func (r *run) readProcessor() bool {
	reading := r.worker.meter.processor()
	if !reading.known {
		return false
	}
	now := time.Now()
	if reading != r.reading {
		r.reading, r.moved = reading, now
	}
	r.had = reading.since(r.before)
	if still := now.Sub(r.moved); still > accountLag && r.asking == nil && r.worker.meter.runnable() {
		r.had.NoCore += still
	}
	return true
}

// times is where a run's time went that was over and, a moment later, gone.
func (r *run) times(over, gone time.Time) Times {
	t := Times{
		Wall: r.clock.of(over), Paused: r.clock.paused, Teardown: gone.Sub(over),
		CPU: r.had.Used, HasCPU: r.had.known, NoCore: r.had.NoCore, HasNoCore: r.had.noCoreKnown,
	}
	if r.stopping != "" {
		t.Told = max(0, r.clock.of(r.stopped))
		t.Stop = max(0, over.Sub(r.stopped))
		if r.killed {
			t.Stop = gone.Sub(r.stopped)
		}
	}
	d := r.done
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
	t.FirstResult = r.arrived.Sub(r.requested) - t.Paused
	// What is not accounted for lies between the two processes. The guest may have
	// started before the host was back from sending it.
	rest := t.FirstResult - r.taken.Sub(r.requested) - t.Compile - t.Run - t.Settle - t.Read
	t.HandOver = min(r.sent.Sub(r.taken), rest)
	t.Between = rest - t.HandOver
	return t
}
