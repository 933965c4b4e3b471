package engine

import (
	"time"

	"sealedroom/engine/wire"
)

// grace is how long a guest may take to stop before its worker is killed: V8
// cannot interrupt everything.
const grace = 200 * time.Millisecond

// deadline is the wall time limit.
type deadline struct {
	alarm
	sent bool // to the worker, which then ends the run by itself
}

// stopping is why and how the host ends a run.
type stopping struct {
	why     Outcome // "" until the host decides
	limit   *LimitUse
	at      time.Time
	tooLong <-chan time.Time // set from then on
	killed  bool             // the worker
}

// started reports whether the host is ending the run.
func (s *stopping) started() bool { return s.why != "" }

// begin notes the reason. The first one counts.
func (s *stopping) begin(why Outcome, limit *LimitUse) {
	if !s.started() {
		s.why, s.limit, s.at = why, limit, time.Now()
	}
}

// sendDeadline sends the worker the deadline shortly before it, so that the
// worker stops the guest on time by itself.
func (r *run) sendDeadline() {
	at := r.clock.when(r.limits.Wall())
	r.deadline.sent = r.worker.Order(wire.KindDeadline, wire.Deadline{At: at}, time.Now().Add(pollEvery))
}

// withdrawDeadline has the worker forget the deadline.
func (r *run) withdrawDeadline() {
	if r.deadline.sent {
		r.deadline.sent = !r.worker.Order(wire.KindDeadline, wire.Deadline{}, time.Now().Add(pollEvery))
	}
}

// timeIsUp ends a run at its wall limit.
func (r *run) timeIsUp() {
	r.stop(Timeout, limitUse("wall", ms(r.limits.Wall()), ms(r.clock.now()), "ms"))
}

// stop asks the worker to end the run, and kills it after the grace period. Only the
// first reason counts.
func (r *run) stop(why Outcome, limit *LimitUse) {
	if r.stopping.started() {
		return
	}
	r.cancelCall() // so that a guest that waits for an answer gets one
	r.stopping.begin(why, limit)
	if why != Timeout || !r.deadline.sent { // else the worker is stopping the guest by itself
		r.worker.Order(wire.KindStop, struct{}{}, r.stopping.at.Add(grace))
	}
	r.stopping.tooLong = time.After(grace)
	r.emit(Stopping{At: r.clock.of(r.stopping.at), Outcome: why, Limit: limit})
}

// kill ends the worker at once.
func (r *run) kill(why Outcome, limit *LimitUse) {
	r.cancelCall()
	r.stopping.begin(why, limit)
	r.stopping.killed = true
	r.worker.Kill()
}

// protocolError ends a worker that sent what ours never sends.
func (r *run) protocolError(err error) {
	r.final.broken = shortDetail(err.Error()) // which may quote the worker
	r.kill(Crashed, nil)
}

func limitUse(name string, allowed, used float64, unit string) *LimitUse {
	return &LimitUse{Name: name, Allowed: allowed, Used: used, Unit: unit}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
