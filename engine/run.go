package engine

import (
	"context"
	"errors"
	"io"
	"time"

	"sealedroom/engine/host"
	"sealedroom/engine/wire"
)

// The run's clockwork. RATIONALE.md has the measurements behind it.
const (
	pollEvery   = time.Millisecond
	sampleEvery = 10 * time.Millisecond
	warmAfter   = 3 * time.Millisecond
	// firstMoments is how long the run's own goroutine reads frames.
	firstMoments = 4 * time.Millisecond
	// A worker that was taken over would compute for free during a pause, so it is
	// frozen: this long after the pause began, when it has read its new deadline.
	freezeAfter = 50 * time.Millisecond
)

// run is one guest's life, on one goroutine. This file has the loop; the parts of
// its state are in the files of their jobs.
type run struct {
	engine *Engine
	worker *host.Process
	guest  Guest
	limits Limits
	emit   func(Event)
	teller *teller
	behind *behindWalls // of a guest with native hands; nil without

	start     start
	clock     clock // since hand-over
	pausing   pausing
	deadline  deadline     // stop.go
	stopping  stopping     // stop.go
	memory    memory       // memory.go
	processor processorUse // times.go
	share     *host.Share  // of the cores
	intake    intake       // intake.go
	final     final        // verdict.go
	profiling profiling    // profile.go
	warmed    bool         // the next spare is being started
}

// start is what happened before the guest ran.
type start struct {
	requested time.Time
	opened    time.Duration // how long its capabilities took to open
	spare     bool          // its worker was one
	taken     time.Time     // when it had its worker
	sent      time.Time     // when the guest had been sent
}

func (s start) waited(w *host.Process) Waited {
	return Waited{
		Spare: s.spare, Bridge: s.opened, Worker: s.taken.Sub(s.requested) - s.opened,
		Process: w.Took - w.Ready.Isolate - w.Ready.Context - w.Ready.Seal,
		Isolate: w.Ready.Isolate, Context: w.Ready.Context, Seal: w.Ready.Seal,
	}
}

// pausing is what belongs to the pause under way; the clock has its reason.
type pausing struct {
	question *question // that a person decides about; nil: none
	verdicts chan Verdict
	frozen   bool // the worker
}

// run runs the guest to its end.
func (r *run) run(ctx context.Context) Ended {
	r.handOver(ctx)
	r.handleSample(r.worker.Ready.Heap)
	r.handleFirst()
	if r.final.done == nil && !r.stopping.killed {
		r.worker.Listen()
		r.watch(ctx)
	}
	r.awaitProfile()
	ended := r.end()
	ended.Advice = r.advise(ctx, ended)
	r.emit(ended)
	return ended
}

// handOver sends the guest to its worker and starts the clocks.
func (r *run) handOver(ctx context.Context) {
	w := r.worker
	r.start.taken = time.Now()
	waited := r.start.waited(w)
	w.Ready.Heap.At = 0
	r.memory.begin(w.Baseline)

	w.OnCall(func(body []byte) host.Note { return r.teller.ask(body, w.Guest) })
	r.teller.put = func(q *question) bool { return w.Put(q, r.teller.ended.Done()) }
	r.pausing.verdicts = make(chan Verdict, 1)
	baseline := w.Processor()
	r.clock.begun = time.Now()
	r.processor = processorUse{baseline: baseline, reading: baseline, moved: r.clock.begun}
	r.intake.reportAsked = r.clock.begun
	r.share = r.engine.scheduler.Join(w, r.clock.begun)
	switches := r.limits.Switches()
	// A worker that does not read must delay neither its deadline nor the person.
	w.HandOver(ctx, r.clock.when(r.limits.Wall()), wire.Run{
		Source: r.guest.Source, Name: r.guest.Name,
		Codegen: switches.Eval, Wasm: switches.Wasm, SharedMemory: switches.SharedMemory, Timers: switches.Timers,
		ResultLimit: int(r.limits.Result()), OutputLimit: int(r.limits.Output()),
		Capabilities: r.teller.granted, Native: r.native(), ProfileEvery: r.guest.profileEvery(),
	})
	r.start.sent = time.Now()
	walls, lacking := standing(w)
	r.emit(Started{
		Name: r.guest.Name, Source: r.guest.Source, Limits: r.limits, Grants: r.guest.Grants,
		AskFirst: r.guest.asksFirst(), Secrets: SecretNames(r.guest.Secrets), PID: w.PID(), V8: wallText(w.Ready.V8),
		Walls: walls, Lacking: lacking, Has: has(w, baseline), Waited: waited, Breach: r.guest.Breach,
		Profile: r.guest.Profile,
	})
	r.emitVault()
}

// handleFirst handles frames on this goroutine in the guest's first moments: most
// guests end by then, and starting the reader would cost more, most of all where
// a window leaves Go few threads. An incomplete frame is left for the reader.
func (r *run) handleFirst() {
	w, until := r.worker, min(firstMoments, r.limits.Wall()/4)
	w.ReadBy(r.clock.begun.Add(2 * until))
	defer w.ReadBy(time.Time{})
	for next := pollEvery; r.final.done == nil && !r.stopping.started() && !r.stopping.killed; {
		if !w.Soon(min(next, until) - r.clock.now()) {
			if now := r.clock.now(); now < min(next, until) || now >= until {
				return
			}
			r.poll()
			next += pollEvery
			continue
		}
		f, ok := w.Next()
		if !ok {
			return
		}
		if err := r.handle(f); err != nil {
			r.protocolError(err)
		}
	}
}

// watch is the loop. It returns when the worker has ended the run, or is dead.
func (r *run) watch(ctx context.Context) {
	r.deadline.alarm = newAlarm(r.clock.when(r.limits.Wall()))
	defer func() { r.deadline.forget() }()
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	canceled, exited := ctx.Done(), r.worker.Exited()
	for {
		select {
		case f, ok := <-r.worker.Frames():
			if !ok {
				// A worker that dies while it writes leaves an incomplete frame.
				if err := r.worker.Err(); !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
					r.final.broken = shortDetail(err.Error())
				}
				return
			}
			if err := r.handle(f); err != nil {
				r.protocolError(err)
			}
			if r.final.done != nil {
				return
			}
		case <-r.deadline.near:
			r.deadline.near = nil
			r.sendDeadline()
		case <-r.deadline.rings:
			r.deadline.rings = nil
			r.timeIsUp()
		case verdict := <-r.pausing.verdicts:
			if r.teller.ended.Err() == nil && verdict != Allow && verdict != Always {
				verdict = Deny
			}
			r.answer(verdict)
		case <-exited:
			exited = nil
			r.cancelCall() // its answer is no longer needed
		case <-canceled:
			canceled = nil
			r.stop(Canceled, nil)
		case <-poll.C:
			if err := r.handleNotes(r.worker.Notes()); err != nil {
				r.protocolError(err)
			}
			r.poll()
		case <-r.stopping.tooLong:
			r.kill(r.stopping.why, r.stopping.limit)
			return
		}
		if r.stopping.killed {
			return
		}
	}
}

// poll reads the worker from outside and holds it to its limits.
func (r *run) poll() {
	now := time.Now()
	if !r.engine.window && now.Sub(r.clock.begun) > warmAfter {
		r.warm()
	}
	if r.clock.reason.freezes() && !r.pausing.frozen && now.Sub(r.clock.since) > freezeAfter {
		r.pausing.frozen = true
		r.worker.Freeze()
	}
	if now.Sub(r.intake.reportAsked) >= sampleEvery && !r.paused() {
		r.intake.reportAsked = now
		r.emitFallen()
		r.worker.Order(wire.KindReport, struct{}{}, now.Add(pollEvery))
	}
	if !r.memory.read(r.worker) {
		return
	}
	if err := r.countThreads(); err != nil {
		r.protocolError(err)
		return
	}
	if now.Sub(r.intake.lastSample) >= sampleEvery*3/2 && !r.paused() {
		r.intake.lastSample = now
		r.emit(Heap{At: r.clock.of(now), Process: r.memory.now.Resident, CPU: r.processor.had.Used, NoCore: r.processor.had.NoCore})
	}
	r.pollMemory()
	if r.processor.read(r.worker, r.paused()) {
		if limit := r.limits.CPU(); limit > 0 && r.processor.had.Used >= limit {
			r.stop(ExceededCPU, limitUse("cpu", ms(limit), ms(r.processor.had.Used), "ms"))
		}
		r.share.Tend(now, r.processor.had.Used)
	}
}

// warm starts the next spare, once. It is called when the guest has run for a
// moment, so as not to slow its start; and with a window, which needs the cores
// to draw, when the run is over.
func (r *run) warm() {
	if r.engine.spares && !r.warmed {
		r.warmed = true
		r.engine.pool.Refill(r.worker.Config)
	}
}

// ask pauses the run until a person has decided about a call.
func (r *run) ask(q *question) {
	if r.stopping.started() {
		return // the call is being canceled
	}
	r.pausing.question = q
	r.pause(forQuestion)
	asked := Asked{
		At: r.at(q.call.At), N: q.request.N, Capability: q.request.Capability, Method: q.request.Method,
		Args: q.call.Args, BytesIn: len(q.call.Args), Line: number(q.call.Line), Column: number(q.call.Column),
		Secrets: secretsOf(q.request.Seen),
	}
	r.emit(asked)
	if r.guest.Ask == nil {
		r.pausing.verdicts <- Deny
		return
	}
	go func() { r.pausing.verdicts <- r.guest.Ask(r.teller.ended, asked) }()
}

func (r *run) paused() bool { return r.clock.reason != notPaused }

// pause stops the guest's clock and withdraws its deadline.
func (r *run) pause(reason pauseReason) {
	r.deadline.forget()
	r.clock.stop(reason)
	r.withdrawDeadline()
}

// resume ends a pause that began when the worker's clock was at this time, and
// returns how long it was. The deadline moves by as much.
func (r *run) resume(at time.Duration) time.Duration {
	if r.pausing.frozen {
		r.pausing.frozen = false
		r.worker.Resume()
	}
	took := r.clock.resume(at)
	r.deadline.alarm = newAlarm(r.clock.when(r.limits.Wall()))
	return took
}

// answer ends the pause for a question, if there is one.
func (r *run) answer(verdict Verdict) {
	q := r.pausing.question
	if q == nil {
		return
	}
	r.pausing.question = nil
	took := r.resume(q.call.At)
	r.emit(Answered{At: r.clock.now(), N: q.request.N, Verdict: verdict, Took: took})
	q.verdict <- verdict
}

// cancelCall ends the call under way, and the pause if it waits for a person.
func (r *run) cancelCall() {
	r.teller.end()
	r.answer("")
}

// end ends the worker and says how the run ended.
func (r *run) end() Ended {
	over := time.Now()
	if r.final.done != nil {
		over = r.final.arrived
	}
	r.warm()
	r.memory.read(r.worker)
	r.processor.read(r.worker, r.paused())
	r.cancelCall()
	late := r.worker.End()
	gone := time.Now()
	r.share.Leave()
	_ = r.called(late) // a protocol error no longer matters
	if r.behind != nil {
		r.behind.settle()
		r.emitFallen()
	}

	wall := r.clock.of(over)
	e := Ended{At: wall, Killed: r.stopping.killed, Limit: r.stopping.limit, Memory: r.memory.peaks}
	e.Outcome, e.Detail = r.judge(&e)
	e.Time = r.times(over, gone)
	if d := r.final.done; d != nil {
		e.StoppedLine, e.StoppedColumn = number(d.Line), number(d.Column)
		for _, s := range d.Spaces {
			e.Spaces = append(e.Spaces, Space{word(s.Name), amount(s.Used), amount(s.Committed)})
		}
		r.describe(&e, d)
	}
	if r.intake.pastLimit.line > 0 && (e.Outcome == ExceededCalls || e.Outcome == ExceededOutput) {
		e.StoppedLine, e.StoppedColumn = r.intake.pastLimit.line, r.intake.pastLimit.column
	}
	if seen := r.intake.lastSeen; r.final.done == nil && e.StoppedLine == 0 {
		e.StoppedLine, e.StoppedColumn, e.LastSeen = seen.line, seen.column, seen.line > 0
	}
	r.sawEnd(e)
	r.emitVault()
	return e
}
