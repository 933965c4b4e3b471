package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"sealedroom/engine/bridge"
	"sealedroom/engine/wire"
)

// The kill ladder and the watch, in time and bytes. RATIONALE.md has the
// measurements behind them.
const (
	pollEvery   = time.Millisecond
	sampleEvery = 10 * time.Millisecond
	warmAfter   = 3 * time.Millisecond
	// firstMoments is how long the run's own goroutine listens before others do.
	firstMoments = 4 * time.Millisecond
	// While a person decides, the clocks stand still, and a worker that was taken
	// over would compute for free: it is stopped, once it has had the time to
	// read that its deadline has moved.
	freezeAfter = 50 * time.Millisecond
	// A guest that V8 cannot stop is killed this long after it was told to.
	grace = 200 * time.Millisecond
	// V8 and Go need memory of their own beside the guest's: the process may
	// grow this far past the limit before the run is stopped …
	ownGrowth = 8 << 20
	// … this far before it is killed …
	killGrowth = 12 << 20
	// … and this far before the kernel refuses.
	kernelGrowth = 16 << 20
	// The whole process, its program's own pages too, is stopped and killed at
	// these sizes past the limit.
	stopResident, killResident = 54 << 20, 58 << 20
	// Before that the worker is asked to give back what it can.
	shedResident, shedEvery = 36 << 20, 25 * time.Millisecond
	// A worker that sends more than this is not one of ours.
	trustedBytes, trustedBytesPerSecond = 32 << 20, 16 << 20
	longestText                         = 64 << 10 // of a console line, a message, a stack
	longestCallText                     = 4 << 10
	longestName                         = 1 << 10
	maxSpaces                           = 64
	// What one frame of events may hold: our worker sends less (worker/log.go).
	maxLinesAFrame, maxDoorsAFrame, maxGCsAFrame, maxSamplesAFrame = 4000, 1000, 4000, 100
	maxDetail                                                      = 200 // bytes of what a worker died of
	perEvent                                                       = 32  // bytes that an event counts for beside its frame
	largest                                                        = 1 << 50
)

// run is one guest's life, on one goroutine.
type run struct {
	engine    *Engine
	worker    *process
	guest     Guest
	limits    Limits
	emit      func(Event)
	requested time.Time
	opened    time.Duration // how long its capabilities took to open
	taken     time.Time     // when it had its worker
	sent      time.Time     // when the guest was on its way there
	teller    *teller
	behind    *behindWalls // of a guest with native hands; nil without
	hands     int64        // their attempts
	spare     bool
	warmed    bool

	clock       clock // since hand-over
	wall        alarm // at the limit
	foretold    bool  // to the worker, that the limit is near: it then ends the run by itself
	asking      *question
	frozen      bool // the worker, while a person is asked
	verdicts    chan Verdict
	base        footprint // of a worker without a guest
	now         footprint
	lastSample  time.Time
	reported    time.Time // when the worker was last asked to report
	shed        time.Time // … and to shed
	received    int64     // bytes of frames
	output      int64     // bytes of console text
	trees       int       // of console lines
	blocked     int64     // doors heard of
	lastBlocked Blocked

	stopping Outcome // "" until the host decides to end the run
	stopped  time.Time
	tooLong  <-chan time.Time // set from then on
	limit    *LimitUse
	lastAct  place // of the guest, that went past a limit of calls or output
	killed   bool
	fatal    *wire.Fatal
	done     *wire.Done
	arrived  time.Time
	text     strings.Builder // a long result's preview
	tree     *Node           // of the result
	broken   string          // how the worker broke the protocol
	peaks    Peaks
	before   processor // what the worker had of the processor at hand-over
	had      processor // since then
	reading  processor // the kernel's last account
	moved    time.Time // when it last changed
	cores    cores
}

func (r *run) run(ctx context.Context) Ended {
	w := r.worker
	r.taken = time.Now()
	waited := Waited{Spare: r.spare, Bridge: r.opened, Worker: r.taken.Sub(r.requested) - r.opened,
		Process: w.took - w.ready.Isolate - w.ready.Context - w.ready.Seal,
		Isolate: w.ready.Isolate, Context: w.ready.Context, Seal: w.ready.Seal}
	r.base, r.now, r.peaks.Process = w.rested, w.rested, w.rested.resident

	answer := func(body []byte) *answered { return r.teller.ask(body, w.guest) }
	w.answer.Store(&answer)
	r.teller.put = func(q *question) bool {
		w.ledger.send()
		select {
		case w.frames <- frame{kind: wire.KindCall, question: q}: // after those before it
			return true
		case <-r.teller.ended.Done():
			return false
		}
	}
	r.verdicts = make(chan Verdict, 1)
	r.before = w.meter.processor()
	r.clock.begun = time.Now()
	r.reading, r.moved = r.before, r.clock.begun
	r.reported = r.clock.begun
	r.cores = cores{worker: w, beside: r.engine.beside, at: r.clock.begun}
	switches := r.limits.Switches()
	// A worker that does not read must hold up neither its deadline nor the person.
	_ = w.toGuest.SetWriteDeadline(r.clock.when(r.limits.Wall()))
	handing := context.AfterFunc(ctx, func() { _ = w.toGuest.SetWriteDeadline(time.Now()) })
	// A worker that died this moment is found out by its silence.
	_ = w.guest.Send(wire.KindRun, wire.Run{
		Source: r.guest.Source, Name: r.guest.Name,
		Codegen: switches.Eval, Wasm: switches.Wasm, SharedMemory: switches.SharedMemory, Timers: switches.Timers,
		ResultLimit: int(r.limits.Result()), OutputLimit: int(r.limits.Output()),
		Capabilities: r.teller.granted, Native: r.native(),
	})
	handing()
	_ = w.toGuest.SetWriteDeadline(time.Time{})
	r.sent = time.Now()
	r.emit(Started{
		Name: r.guest.Name, Source: r.guest.Source, Limits: r.limits, Grants: r.guest.Grants,
		AskFirst: r.guest.asksFirst(), Secrets: r.guest.secretNames(), PID: w.pid(), V8: w.ready.V8,
		Walls: w.walls(), Lacking: w.ready.Lacking, Waited: waited, Breach: r.guest.Breach,
	})
	r.tellVault()
	start := w.ready.Heap
	start.At = 0
	r.hearSample(start)
	r.hearFirst()
	if r.done == nil && !r.killed {
		w.listen()
		r.watch(ctx)
	}
	ended := r.end()
	ended.Advice = r.advise(ctx, ended)
	r.emit(ended)
	return ended
}

// hearFirst handles frames on this goroutine in the guest's first moments: most
// guests end by then, and starting the reader would cost more, most of all where
// a window leaves Go few threads. An incomplete frame is left for the reader.
func (r *run) hearFirst() {
	w, until := r.worker, min(firstMoments, r.limits.Wall()/4)
	_ = w.fromWorker.SetReadDeadline(r.clock.begun.Add(2 * until))
	defer func() { _ = w.fromWorker.SetReadDeadline(time.Time{}) }()
	for next := pollEvery; r.done == nil && r.stopping == "" && !r.killed; {
		if !w.soon(min(next, until) - r.clock.now()) {
			if now := r.clock.now(); now < min(next, until) || now >= until {
				return
			}
			r.poll()
			next += pollEvery
			continue
		}
		if !w.reader.Whole() {
			return
		}
		kind, body, err := w.reader.Next()
		if err != nil || kind == wire.KindCall { // whoever answers it must not be who holds the limits
			w.reader.Unread()
			return
		}
		if err := r.hear(frame{kind: kind, body: body}); err != nil {
			r.distrust(err)
		}
	}
}

// watch returns when the worker has said its last word, or is dead.
func (r *run) watch(ctx context.Context) {
	r.wall = newAlarm(r.clock.when(r.limits.Wall()))
	defer func() { r.wall.forget() }()
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	canceled, exited := ctx.Done(), r.worker.exited
	for {
		select {
		case f, ok := <-r.worker.frames:
			if !ok {
				// A frame cut short is how a worker dies that was writing.
				if !errors.Is(r.worker.err, io.EOF) && !errors.Is(r.worker.err, io.ErrUnexpectedEOF) {
					r.broken = shortDetail(r.worker.err.Error())
				}
				return
			}
			if err := r.hear(f); err != nil {
				r.distrust(err)
			}
			if r.done != nil {
				return
			}
		case <-r.wall.near:
			r.wall.near = nil
			at := r.clock.when(r.limits.Wall())
			r.foretold = r.worker.order(wire.KindDeadline, wire.Deadline{At: at}, time.Now().Add(pollEvery))
		case <-r.wall.rings:
			r.wall.rings = nil
			r.timeIsUp()
		case verdict := <-r.verdicts:
			if r.teller.ended.Err() == nil && verdict != Allow && verdict != Always {
				verdict = Deny
			}
			r.goOn(verdict)
		case <-exited:
			exited = nil
			r.giveUp() // nobody waits for the answer any more
		case <-canceled:
			canceled = nil
			r.stop(Canceled, nil)
		case <-poll.C:
			if err := r.called(r.worker.ledger.take()); err != nil {
				r.distrust(err)
			}
			r.poll()
		case <-r.tooLong:
			r.kill(r.stopping, r.limit)
			return
		}
		if r.killed {
			return
		}
	}
}

func (r *run) used(name string, allowed, used float64, unit string) *LimitUse {
	return &LimitUse{Name: name, Allowed: allowed, Used: used, Unit: unit}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// ask has a person decide about a call. Until then the run is paused.
func (r *run) ask(q *question) {
	if r.stopping != "" {
		return // the call is being canceled
	}
	r.asking = q
	r.wall.forget()
	r.clock.stop()
	if r.foretold {
		r.worker.order(wire.KindDeadline, wire.Deadline{}, time.Now().Add(pollEvery))
	}
	asked := Asked{
		At: r.at(q.call.At), N: q.request.N, Capability: q.request.Capability, Method: q.request.Method,
		Args: q.call.Args, BytesIn: len(q.call.Args), Line: number(q.call.Line), Column: number(q.call.Column),
		Secrets: secretsOf(q.request.Seen),
	}
	r.emit(asked)
	if r.guest.Ask == nil {
		r.verdicts <- Deny // there is nobody to ask
		return
	}
	go func() { r.verdicts <- r.guest.Ask(r.teller.ended, asked) }()
}

// goOn ends the pause, if the run is paused.
func (r *run) goOn(verdict Verdict) {
	q := r.asking
	if q == nil {
		return
	}
	r.asking = nil
	if r.frozen {
		r.frozen = false
		r.worker.resume()
	}
	took := r.clock.goOn(q.call.At)
	r.emit(Answered{At: r.clock.now(), N: q.request.N, Verdict: verdict, Took: took})
	r.wall = newAlarm(r.clock.when(r.limits.Wall()))
	q.verdict <- verdict
}

// giveUp ends the call under way, and the pause that it may be the reason of.
func (r *run) giveUp() {
	r.teller.end()
	r.goOn("")
}

// timeIsUp ends a run at its wall limit.
func (r *run) timeIsUp() {
	r.stop(Timeout, r.used("wall", ms(r.limits.Wall()), ms(r.clock.now()), "ms"))
}

// stop tells the worker to end the run. The first reason counts.
func (r *run) stop(why Outcome, limit *LimitUse) {
	if r.stopping != "" {
		return
	}
	r.giveUp() // a guest that waits for an answer gets one
	r.stopping, r.limit, r.stopped = why, limit, time.Now()
	if why != Timeout || !r.foretold { // else it is stopping by itself, and is left to it
		r.worker.order(wire.KindStop, struct{}{}, r.stopped.Add(grace))
	}
	r.tooLong = time.After(grace)
	r.emit(Stopping{At: r.clock.of(r.stopped), Outcome: why, Limit: limit})
}

// kill ends a worker that would not end by itself.
func (r *run) kill(why Outcome, limit *LimitUse) {
	r.giveUp()
	if r.stopping == "" {
		r.stopping, r.limit, r.stopped = why, limit, time.Now()
	}
	r.killed = true
	r.worker.kill()
}

// distrust ends a worker that says what none of ours would.
func (r *run) distrust(err error) {
	r.broken = shortDetail(err.Error()) // which may quote the worker
	r.kill(Crashed, nil)
}

// ---- reading the worker from outside -----------------------------------------

func (r *run) poll() {
	now := time.Now()
	if !r.engine.beside && now.Sub(r.clock.begun) > warmAfter {
		r.warm()
	}
	if r.asking != nil && !r.frozen && now.Sub(r.clock.since) > freezeAfter {
		r.frozen = true
		r.worker.freeze()
	}
	if now.Sub(r.reported) >= sampleEvery && r.asking == nil {
		r.reported = now
		r.emitFallen()
		r.worker.order(wire.KindReport, struct{}{}, now.Add(pollEvery))
	}
	if !r.readMemory() {
		return
	}
	if err := r.countThreads(); err != nil {
		r.distrust(err)
		return
	}
	if now.Sub(r.lastSample) >= sampleEvery*3/2 && r.asking == nil {
		r.lastSample = now
		r.emit(Heap{At: r.clock.of(now), Process: r.now.resident, CPU: r.had.Used, NoCore: r.had.NoCore})
	}
	r.pollMemory()
	if r.readProcessor() {
		if limit := r.limits.CPU(); limit > 0 && r.had.Used >= limit {
			r.stop(ExceededCPU, r.used("cpu", ms(limit), ms(r.had.Used), "ms"))
		}
		r.cores.tend(now, r.worker.asked.Load(), r.had.Used)
	}
}

// warm starts the next spare: not before this guest has started, whose first
// moments it would slow. Beside a window, which runs one guest at a time and
// has frames to draw meanwhile, not before it is over.
func (r *run) warm() {
	if r.engine.spares && !r.warmed {
		r.warmed = true
		r.engine.pool.warm(r.worker.config)
	}
}

// pollMemory holds the guest to its limit by what the process has grown, and
// the process to a size as a whole.
func (r *run) pollMemory() {
	limit := r.limits.Memory()
	growth := r.now.private - r.base.private
	// A worker that was larger to begin with may keep what it had.
	resident := r.now.resident - max(0, r.base.resident+kernelGrowth-killResident)
	if resident > limit+shedResident && time.Since(r.shed) > shedEvery {
		r.shed = time.Now()
		r.worker.order(wire.KindShed, struct{}{}, r.shed.Add(pollEvery))
	}
	switch {
	case growth > limit+killGrowth || resident > limit+killResident:
		r.kill(ExceededMemory, r.memoryUse(growth))
	case growth > limit+ownGrowth || resident > limit+stopResident:
		r.stop(ExceededMemory, r.memoryUse(growth))
	}
}

// countThreads refuses a worker that starts threads by the hundred: V8 and Go
// need few more than they have when it is ready, and each costs memory of the
// kernel's that no limit counts.
func (r *run) countThreads() error {
	n, ok := r.worker.meter.threads()
	if ok && r.worker.threads > 0 && n > r.worker.threads+maxThreads {
		if r.behind != nil {
			r.tooManyThreads(n)
		}
		return fmt.Errorf("%d threads where it had %d: %w", n, r.worker.threads, wire.ErrTooLong)
	}
	return nil
}

func (r *run) readMemory() bool {
	now, ok := r.worker.meter.memory()
	if ok && now.resident > 0 {
		r.now = now
		r.peaks.Process = max(r.peaks.Process, now.resident)
		r.peaks.Growth = max(r.peaks.Growth, now.private-r.base.private)
	}
	return ok
}

// checkMemory stops a guest whose footprint is past its limit.
func (r *run) checkMemory(footprint int64) {
	if footprint > r.limits.Memory() {
		r.stop(ExceededMemory, r.memoryUse(footprint))
	}
}

// memoryUse is what the guest used: by V8's account or what is private to the
// process, or where neither is past the limit, the growth of all of it.
func (r *run) memoryUse(used int64) *LimitUse {
	if used < r.limits.Memory() {
		used = max(used, r.now.resident-r.base.resident)
	}
	return r.used("memory", float64(r.limits.Memory()), float64(used), "bytes")
}

// ---- what the worker says -------------------------------------------------------

// hear takes one frame. An error means that no worker of ours sent it.
func (r *run) hear(f frame) error {
	if f.question != nil {
		r.ask(f.question)
		return nil
	}
	if f.answered != nil { // these come no faster than the host answers
		return r.called(f.answered)
	}
	if err := r.count(len(f.body) + perEvent); err != nil {
		return err
	}
	switch f.kind {
	case wire.KindEvents:
		var events wire.Events
		if err := wire.Decode(f.kind, f.body, &events); err != nil {
			return err
		}
		return r.hearEvents(events)
	case wire.KindResultText:
		if int64(r.text.Len()+len(f.body)) > r.limits.Result() {
			return fmt.Errorf("result: %w", wire.ErrTooLong)
		}
		r.text.Write(f.body)
		return nil
	case wire.KindFatal:
		r.fatal = &wire.Fatal{}
		err := wire.Decode(f.kind, f.body, r.fatal)
		r.fatal.Message = shortDetail(r.fatal.Message)
		return err
	case wire.KindDone:
		done := &wire.Done{}
		if err := wire.Decode(f.kind, f.body, done); err != nil {
			return err
		}
		if err := r.checkDone(done); err != nil {
			return err
		}
		if done.Result != nil {
			var err error
			if r.tree, err = treeOf(done.Result.Tree, mostNodes); err != nil {
				return fmt.Errorf("end of the run: %w", err)
			}
		}
		r.done, r.arrived = done, time.Now()
		if r.foretold && r.stopping == "" && done.Kind == "terminated" && !done.NearHeapLimit {
			r.timeIsUp() // which it knew as soon as we do
		}
		r.hearSample(done.Heap)
		return nil
	}
	return fmt.Errorf("%w: %d", wire.ErrUnknown, f.kind)
}

// called tells of calls that were answered.
func (r *run) called(calls []*answered) error {
	for _, a := range calls {
		if a.err != nil {
			return a.err
		}
		r.calledOnce(a)
	}
	return nil
}

func (r *run) calledOnce(a *answered) {
	c, answer := a.call, a.answer
	event := Call{
		At: r.at(c.At), Took: answer.Took, N: answer.N, Capability: answer.Capability, Method: answer.Method,
		Args: clipped(c.Args), Answer: clipped(string(answer.JSON)), Logged: answer.Logged, Decision: answer.Decision,
		BytesIn: answer.BytesIn, BytesOut: answer.BytesOut, Line: number(c.Line), Column: number(c.Column),
		Secrets: secretsOf(answer.Seen), Asked: answer.Asked,
	}
	if answer.Error != nil {
		event.Answer, event.Code = answer.Error.Message, answer.Error.Code
	}
	r.emit(event)
	r.tellVault()
	var budget *bridge.BudgetError
	if errors.As(answer.Stop, &budget) {
		r.pastLimit(c.Line, c.Column)
		r.stop(ExceededCalls, r.used(budget.Name, float64(budget.Allowed), float64(budget.Used), budget.Unit))
	}
}

// place is a place in the guest's source, from 1; zero where unknown.
type place struct{ line, column int }

// pastLimit notes the first call or console line that goes past its limit: the
// guest may do other things before it is stopped.
func (r *run) pastLimit(line, column int) {
	if r.lastAct == (place{}) {
		r.lastAct = place{number(line), number(column)}
	}
}

// secretsOf names what was seen, each once.
func secretsOf(seen []bridge.Sighting) (names []string) {
	for _, s := range seen {
		if !slices.Contains(names, s.Secret) {
			names = append(names, s.Secret)
		}
	}
	return names
}

func (r *run) tellVault() {
	if secrets, changed := r.teller.news(); changed {
		r.emit(Vault{At: r.clock.now(), Secrets: secrets})
	}
}

// clipped keeps a call's text short in events: its start is what people read.
func clipped(text string) string {
	if len(text) <= longestCallText {
		return text
	}
	return strings.ToValidUTF8(text[:longestCallText], "") + "…"
}

// count holds a worker to what one of ours could have sent by now.
func (r *run) count(bytes int) error {
	r.received += int64(bytes)
	if r.received > trustedBytes+r.limits.Output()*8+int64(r.clock.now().Seconds()*trustedBytesPerSecond) {
		return fmt.Errorf("%d bytes of events: %w", r.received, wire.ErrTooLong)
	}
	return nil
}

// checkDone refuses what no worker of ours says at the end.
func (r *run) checkDone(d *wire.Done) error {
	long := len(d.Spaces) > maxSpaces
	if result := d.Result; result != nil {
		long = long || int64(len(result.Preview)) > r.limits.Result()
	}
	if d.Error != nil {
		long = long || !sound(d.Error)
	}
	if long {
		return fmt.Errorf("end of the run: %w", wire.ErrTooLong)
	}
	return nil
}

func (r *run) hearEvents(events wire.Events) error {
	n := len(events.Console) + len(events.Blocked) + len(events.GCs) + len(events.Samples) + len(events.Natives)
	if err := r.count(n * perEvent); err != nil {
		return err
	}
	// Each entry costs the loop something, which meanwhile looks neither at the
	// time nor at memory.
	if len(events.Console) > maxLinesAFrame || len(events.Blocked) > maxDoorsAFrame ||
		len(events.GCs) > maxGCsAFrame || len(events.Samples) > maxSamplesAFrame {
		return fmt.Errorf("%d events in a frame: %w", n, wire.ErrTooLong)
	}
	for _, c := range events.Console {
		if len(c.Text) > longestText {
			return fmt.Errorf("console line: %w", wire.ErrTooLong)
		}
		r.output += int64(len(c.Text)) + 1
		if r.output-int64(len(c.Text))-1 > r.limits.Output() {
			continue // past the limit already: the run is being stopped
		}
		if r.output > r.limits.Output() {
			r.pastLimit(c.Line, c.Column)
		}
		tree, err := r.treeOfLine(c.Tree)
		if err != nil {
			return err
		}
		r.teller.sawLine(c.Text + tree.allText())
		r.emit(Console{At: r.at(c.At), Level: level(c.Level), Text: c.Text, Truncated: c.Truncated,
			Line: number(c.Line), Column: number(c.Column), Tree: tree})
	}
	if r.output > r.limits.Output() {
		r.stop(ExceededOutput, r.used("output", float64(r.limits.Output()), float64(r.output), "bytes"))
	}
	for _, b := range events.Blocked {
		r.blocked++
		r.teller.saw(bridge.Blocked, r.blocked, b.Name)
		if len(b.Name) > longestName {
			return fmt.Errorf("name of a door: %w", wire.ErrTooLong)
		}
		r.lastBlocked = Blocked{At: r.at(b.At), Kind: kind(b.Kind), Name: b.Name, Count: max(1, number(b.Count)),
			Line: number(b.Line), Column: number(b.Column)}
		r.emit(r.lastBlocked)
	}
	for _, g := range events.GCs {
		r.peaks.Heap = max(r.peaks.Heap, amount(g.Before))
		r.emit(GC{At: r.at(g.At), Took: min(max(0, g.Took), r.clock.now()), Kind: word(g.Kind), Count: max(1, number(g.Count)),
			Before: amount(g.Before), After: amount(g.After)})
	}
	for _, s := range events.Samples {
		r.hearSample(s)
	}
	if err := r.handleAttempts(events.Natives); err != nil {
		return err
	}
	if events.DroppedConsole > 0 || events.DroppedBlocked > 0 {
		r.emit(Dropped{At: r.clock.now(), Console: number(events.DroppedConsole), Blocked: number(events.DroppedBlocked)})
	}
	return nil
}

// treeOfLine reads the tree of a console line, which most have not.
func (r *run) treeOfLine(data json.RawMessage) (*Node, error) {
	if len(data) == 0 {
		return nil, nil
	}
	if r.trees++; r.trees > lineTrees {
		return nil, errTree
	}
	return treeOf(data, lineNodes)
}

func (r *run) hearSample(s wire.Sample) {
	r.lastSample = time.Now()
	heap := Heap{At: r.at(s.At), V8: true, Used: amount(s.Used), Committed: amount(s.Committed),
		External: amount(s.External), CPU: r.had.Used, NoCore: r.had.NoCore}
	if r.clock.now()-heap.At < 2*sampleEvery { // else the process's size is of another moment
		heap.Process = r.now.resident
	}
	r.peaks.Heap = max(r.peaks.Heap, heap.Used)
	r.peaks.External = max(r.peaks.External, heap.External)
	r.emit(heap)
	r.checkMemory(heap.Used + heap.External)
}

// at is the run's time at a moment of the worker's clock.
func (r *run) at(t time.Duration) time.Duration { return r.clock.at(t) }

// number and amount keep what a worker counts in bounds that can be added up.
func number(n int) int          { return min(max(0, n), 1<<30) }
func amount(bytes uint64) int64 { return int64(min(bytes, largest)) }

// word lets through what V8 and the prelude call things, and no other text.
func word(s string) string {
	for _, c := range s {
		if c != '-' && c != '_' && (c < 'a' || c > 'z') {
			return "unknown"
		}
	}
	return s[:min(len(s), 40)]
}

// level and kind let nothing through that the host would not say itself.
func level(s string) string {
	switch s {
	case "info", "debug", "warn", "error", "trace":
		return s
	}
	return "log"
}

func kind(s string) string {
	switch s {
	case "codegen", "import":
		return s
	}
	return "global"
}

// ---- the end ----------------------------------------------------------------------

func (r *run) end() Ended {
	over := time.Now()
	if r.done != nil {
		over = r.arrived
	}
	r.warm()
	r.readMemory()
	r.readProcessor()
	r.giveUp()
	late := r.worker.end()
	gone := time.Now()
	_ = r.called(late) // whoever sent them is gone
	if r.behind != nil {
		r.behind.settle()
		r.emitFallen()
	}

	wall := r.clock.of(over)
	e := Ended{At: wall, Killed: r.killed, Limit: r.limit, Memory: r.peaks}
	e.Outcome, e.Detail = r.judge(&e)
	e.Time = r.times(over, gone)
	if d := r.done; d != nil {
		e.StoppedLine, e.StoppedColumn = number(d.Line), number(d.Column)
		for _, s := range d.Spaces {
			e.Spaces = append(e.Spaces, Space{word(s.Name), amount(s.Used), amount(s.Committed)})
		}
		r.describe(&e, d)
	}
	if r.lastAct.line > 0 && (e.Outcome == ExceededCalls || e.Outcome == ExceededOutput) {
		e.StoppedLine, e.StoppedColumn = r.lastAct.line, r.lastAct.column
	}
	r.sawEnd(e)
	r.tellVault()
	return e
}

// sawEnd has the watch look at the last that leaves the guest.
func (r *run) sawEnd(e Ended) {
	if e.Result != nil {
		r.teller.saw(bridge.Result, 0, e.Result.Preview)
		if e.Result.Tree != nil { // which may show what its preview does not
			r.teller.saw(bridge.Result, 0, e.Result.Tree.allText())
		}
	}
	if e.Error != nil {
		r.teller.saw(bridge.Exception, 0, e.Error.allText())
	}
}

// judge decides the outcome: what the host did comes first, then how the
// worker died, and only then what the worker says.
func (r *run) judge(e *Ended) (Outcome, string) {
	words := strings.TrimPrefix(r.worker.lastWords(), ": ")
	memory := func() Outcome {
		if e.Limit == nil {
			// V8 gave up at the limit; the last reading may be from just before.
			e.Limit = r.memoryUse(max(r.limits.Memory(), r.peaks.Growth, r.peaks.Heap+r.peaks.External))
		}
		return ExceededMemory
	}
	switch {
	case r.stopping != "" && r.stopping != Crashed:
		return r.stopping, ""
	case r.broken != "":
		return Crashed, "the worker broke the protocol: " + r.broken
	case r.done == nil:
		if r.diedOfMemory(words) {
			return memory(), ""
		}
		return Crashed, r.causeOfDeath(words)
	}
	switch r.done.Kind {
	case "returned":
		return OK, ""
	case "threw":
		return Exception, ""
	case "pending":
		return Pending, ""
	case "terminated":
		if r.done.NearHeapLimit {
			return memory(), ""
		}
	}
	return Crashed, "the worker ended the run by itself"
}

// memoryWords are what V8, Go and C++ print as they abort for want of memory, on
// threads that cannot send a frame.
var memoryWords = regexp.MustCompile(`(?m)^(# )?Fatal (process|JavaScript) out of memory|^(fatal error: )?runtime: (cannot allocate|out of memory)|^runtime/cgo: pthread_create failed|std::bad_alloc`)

// diedOfMemory reports whether the worker aborted for want of memory: V8 said so,
// or it died as such aborts do, and printed what they print or had used nearly
// all that it may. No guest in JavaScript can print there, but native code can:
// a death of another kind stays a crash, whatever was printed or used.
func (r *run) diedOfMemory(words string) bool {
	if r.fatal != nil && (r.fatal.OutOfMemory || strings.Contains(r.fatal.Message, "invalid size") ||
		strings.Contains(r.fatal.Message, "out of memory")) {
		return true
	}
	state := r.worker.cmd.ProcessState
	if state.ExitCode() == wire.ExitOutOfMemory {
		return true
	}
	return aborted(state, words) && (memoryWords.MatchString(words) || r.nearlyFull())
}

// nearlyFull reports whether the process had used most of what it may.
func (r *run) nearlyFull() bool { return r.peaks.Growth > r.limits.Memory()*9/10 }

// exitGoCrash is the status of a Go program that died of a signal it handled.
const exitGoCrash = 2

// aborted reports whether a process ended itself as V8, Go and C++ do on a fatal
// error, or was killed by the system; an access to invalid memory is neither.
func aborted(state *os.ProcessState, words string) bool {
	status, ok := state.Sys().(syscall.WaitStatus)
	if ok && status.Signaled() {
		switch status.Signal() {
		case syscall.SIGABRT, syscall.SIGTRAP, syscall.SIGILL, syscall.SIGKILL:
			return true
		}
		return false
	}
	return state.ExitCode() == exitGoCrash && !strings.HasPrefix(words, "SIGSEGV")
}

func (r *run) causeOfDeath(words string) string {
	state := r.worker.cmd.ProcessState
	cause := fmt.Sprintf("exit status %d", state.ExitCode())
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		cause = "signal: " + status.Signal().String()
	}
	if r.nearlyFull() {
		cause += fmt.Sprintf(" with %s of memory used", FormatSize(r.peaks.Growth))
	}
	if r.fatal != nil && r.fatal.Message != "" {
		return cause + ": " + r.fatal.Message
	}
	if line, _, _ := strings.Cut(strings.TrimSpace(words), "\n"); line != "" {
		return cause + ": " + shortDetail(line)
	}
	return cause
}

// shortDetail bounds what a worker says of its own end: it may have been taken
// over, and what it says is shown in the verdict.
func shortDetail(text string) string {
	if len(text) > maxDetail {
		text = text[:maxDetail] + "…"
	}
	return strings.ToValidUTF8(text, "\ufffd")
}

// describe copies result and error, within their limits.
func (r *run) describe(e *Ended, d *wire.Done) {
	if d.Result != nil && e.Outcome == OK {
		e.Result = &Result{Type: word(d.Result.Type), Preview: d.Result.Preview, Bytes: number(d.Result.Bytes), Truncated: d.Result.Truncated, Tree: r.tree}
		if r.text.Len() > 0 {
			e.Result.Preview = strings.ToValidUTF8(r.text.String(), "\ufffd")
		}
	}
	if d.Error != nil && e.Outcome == Exception {
		thrown := guestError(*d.Error, r.guest.Name)
		thrown.Phase = word(d.Error.Phase)
		e.Error = &thrown
	}
}
