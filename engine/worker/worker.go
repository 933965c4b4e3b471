// Package worker is the worker process: it confines itself, runs one guest,
// streams what happens, and dies with its run, its host and its pipe.
//
// Two goroutines share it. The isolate's, locked to its thread, makes the
// isolate, waits for the guest and runs it, and for the answers to its calls;
// the reader takes all else that the host says. Each waits on a pipe of its
// own, so that a guest starts without waking anybody.
package worker

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"time"

	"sealedroom/engine/advice"
	"sealedroom/engine/confine"
	"sealedroom/engine/isolate"
	"sealedroom/engine/wire"
)

const (
	// A preview longer than this goes ahead of its Done, raw and in pieces: JSON
	// may write a character with six, and a frame has to hold it.
	inlinePreview = 64 << 10
	pieceSize     = 256 << 10
	// lingers is how long a worker that has said all waits for the host to end it.
	lingers = time.Second
)

// Wanted says whether this process was started to be a worker. Ask first thing
// in main: a worker must not do anything else.
func Wanted() bool { return os.Getenv(confine.WorkerEnv) != "" }

// Main is the worker's life. It does not return.
func Main() {
	switch os.Getenv(confine.WorkerEnv) {
	case advice.GrammarWorker:
		os.Exit(advice.ServeGrammar(os.Stdin, os.Stdout))
	case confine.Sleeper:
		confine.Sleep()
		os.Exit(wire.ExitOK)
	}
	started := isolate.Now()
	// The guest and the answers to its calls have a pipe for the isolate's thread.
	in, out, guest := confine.Pipes()
	w := &worker{
		reader:  wire.NewReader(in, wire.MaxFromHost),
		writer:  wire.NewWriter(out),
		started: started,
		forRoom: wire.NewReader(guest, wire.MaxFromHost),
	}
	w.pump.send = w.flushOrDie
	w.log.wake = w.pump.turn
	w.expiry.prepare, w.expiry.stop = func() { w.iso.PrepareStop() }, func() { w.iso.Stop() }
	if err := w.live(); err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		os.Exit(wire.ExitBroken)
	}
	// The kernel likes to wake the host on this very core: taking the process
	// down at once would keep the result waiting.
	time.Sleep(lingers)
	os.Exit(wire.ExitOK)
}

type worker struct {
	reader  *wire.Reader
	writer  *wire.Writer
	started time.Duration
	iso     isolate.Isolate
	log     eventLog
	pump    pump
	expiry  expiry
	forRoom *wire.Reader
	walls   []confine.Wall
	hands   *confine.Hands // nil without
	profile profile
}

// live returns when the run is over.
func (w *worker) live() error {
	prepare, err := w.awaitPrepare()
	if err != nil {
		return err
	}
	runtime.LockOSThread()
	began := isolate.Now()
	isolate.OnFatal = w.fatal
	if w.iso, err = isolate.New(isolate.Config{
		HeapLimit: prepare.HeapLimit, NoJIT: prepare.NoJIT, NoOpt: prepare.NoOpt, Seed: prepare.Seed, Profile: prepare.Profile,
	}); err != nil {
		return err
	}
	confine.TrimPages()
	trimmed := isolate.Now()
	w.warmUp()
	made := isolate.Now()
	walls, lacking := confine.Seal()
	ready := wire.Ready{
		V8: isolate.Version(), Cage: w.iso.Cage(), Thread: threadID(), Lacking: lacking,
		Start: began - w.started, Isolate: w.iso.Startup().Isolate, Context: w.iso.Startup().Context + made - trimmed,
		Seal: isolate.Now() - made, Heap: w.sample(w.iso.Heap()),
	}
	w.walls = walls
	for _, wall := range walls {
		ready.Walls = append(ready.Walls, wire.Wall(wall))
	}
	go w.read()
	if err := w.writer.Send(wire.KindReady, ready); err != nil {
		return err
	}
	guest, err := w.awaitGuest()
	if err != nil {
		return err
	}
	return w.run(guest)
}

// awaitGuest reads on the isolate's own thread: the guest then starts without
// a change of threads.
func (w *worker) awaitGuest() (guest wire.Run, err error) {
	for {
		kind, body, err := w.forRoom.Next()
		if errors.Is(err, io.EOF) {
			os.Exit(wire.ExitOK) // a spare that is no longer wanted
		}
		switch {
		case err != nil:
			return guest, err
		case kind == wire.KindRun:
			return guest, wire.Decode(kind, body, &guest)
		case kind == wire.KindProbe:
			var probe wire.Probe
			if err := wire.Decode(kind, body, &probe); err != nil {
				return guest, err
			}
			if probe.Threads > 0 {
				confine.MakeThreads(probe.Threads)
				continue // the host ends this worker
			}
			var walls wire.Walls
			for _, a := range confine.Probe(confine.Target{Inherited: probe.Inherited}) {
				walls.Attempts = append(walls.Attempts, wire.Attempt(a))
			}
			if err := w.writer.Send(wire.KindWalls, walls); err != nil {
				return guest, err
			}
		default:
			return guest, fmt.Errorf("frame %d before a guest: %w", kind, wire.ErrUnknown)
		}
	}
}

func (w *worker) awaitPrepare() (prepare wire.Prepare, err error) {
	kind, body, err := w.reader.Next()
	if err != nil {
		return prepare, err
	}
	if kind != wire.KindPrepare {
		return prepare, fmt.Errorf("frame %d before the worker was prepared: %w", kind, wire.ErrUnknown)
	}
	return prepare, wire.Decode(kind, body, &prepare)
}

// warmUpGuests take the steps that real guests do. No two are alike, since V8 does
// not compile a text again that it knows.
var warmUpGuests = []string{
	"({a: [1, 'x']})", "2 + 2", "null.x", "while (", "console.log('%s', {})", "typeof globalThis.process", "3 + 4",
}

// warmUp runs a few guests with output discarded, so that the real one meets no cold
// path: the prelude's functions are compiled, pages and reflection are there, and
// Go's timers have opened what they need while they still may.
func (w *worker) warmUp() {
	time.Sleep(time.Microsecond)
	host := w.writer
	w.writer = wire.NewWriter(io.Discard)
	for i, source := range warmUpGuests {
		if i == len(warmUpGuests)/2 {
			runtime.GC() // so that Go has free memory in pages that are already mapped
		}
		text, _ := json.Marshal(wire.Run{Source: source, Name: "warm.js", ResultLimit: 100})
		var guest wire.Run
		_ = wire.Decode(wire.KindRun, text, &guest)
		_ = w.run(guest)
	}
	_ = w.writer.Send(wire.KindEvents, wire.Events{Samples: []wire.Sample{{}}, GCs: []wire.GC{{}}})
	w.writer = host
}

// read takes the host's orders. When the pipe closes, the host is gone and the
// worker exits.
func (w *worker) read() {
	for {
		kind, body, err := w.reader.Next()
		if err != nil {
			os.Exit(wire.ExitBroken)
		}
		switch kind {
		case wire.KindReport:
			w.pump.turn()
		case wire.KindTrimPages:
			confine.TrimPages()
		case wire.KindStop:
			go w.expiry.now()
		case wire.KindDeadline:
			var deadline wire.Deadline
			if wire.Decode(kind, body, &deadline) != nil {
				os.Exit(wire.ExitBroken)
			}
			w.expiry.set(deadline.At)
		}
	}
}

func (w *worker) run(guest wire.Run) error {
	w.log.begin(guest.OutputLimit)
	program := isolate.Program{
		Source: guest.Source, Name: guest.Name,
		Codegen: guest.Codegen, Wasm: guest.Wasm, SharedMemory: guest.SharedMemory, Timers: guest.Timers,
		ResultLimit: guest.ResultLimit, Capabilities: capabilities(guest),
	}
	w.takeHands(guest.Native, &program)
	program.ProfileEvery = guest.ProfileEvery
	w.profile.begin(guest.ProfileEvery > 0)
	w.pump.start()
	cpu := threadCPU()
	done := w.iso.Run(program, w)
	cpu = threadCPU() - cpu
	heap := w.iso.Heap()
	w.pump.stop()
	if err := w.flush(); err != nil {
		return err
	}
	if err := w.finish(done, heap, cpu); err != nil {
		return err
	}
	return w.endProfile()
}

func (w *worker) flushOrDie() {
	w.iso.RequestSample()
	if w.profile.due(isolate.Now()) {
		w.iso.RequestPart()
	}
	if w.flush() != nil || w.sendParts() != nil {
		os.Exit(wire.ExitBroken) // the host is gone
	}
}

// flush sends all that has gathered, in as many frames as it takes.
func (w *worker) flush() error {
	for {
		sent, err := w.flushOnce()
		if err != nil || !sent {
			return err
		}
	}
}

func (w *worker) flushOnce() (sent bool, err error) {
	events := w.log.take()
	for _, gc := range w.iso.GCs(nil) {
		events.GCs = append(events.GCs, wire.GC{
			At: w.log.since(gc.When), Took: gc.Took, Kind: gc.Kind, Count: gc.Count, Before: gc.Before, After: gc.After,
		})
	}
	if sample, ok := w.iso.Sample(); ok {
		events.Samples = append(events.Samples, w.sample(sample))
	}
	if len(events.Console)+len(events.Blocked)+len(events.GCs)+len(events.Samples)+len(events.Natives)+events.DroppedConsole+events.DroppedBlocked == 0 &&
		events.Translated == nil {
		return false, nil
	}
	return true, w.writer.Send(wire.KindEvents, events)
}

func (w *worker) sample(s isolate.Sample) wire.Sample {
	return wire.Sample{At: w.log.since(s.When), Used: s.Used, Committed: s.Committed, External: s.External, Line: s.At.Line, Column: s.At.Column}
}

func (w *worker) finish(done isolate.Completion, heap isolate.Sample, cpu time.Duration) error {
	message := wire.Done{
		Kind: string(done.Kind), NearHeapLimit: done.NearHeapLimit,
		Line: done.StoppedAt.Line, Column: done.StoppedAt.Column,
		Compile: done.Compile, Run: done.Run, Settle: done.Settle, Read: done.Read,
		Heap: w.sample(heap), CPU: cpu, Profiling: w.profile.on,
	}
	for _, s := range done.Spaces {
		message.Spaces = append(message.Spaces, wire.Space(s))
	}
	if done.Error != nil {
		thrown := wireError(*done.Error)
		message.Error = &thrown
	}
	if r := done.Result; r != nil {
		message.Result = &wire.Result{Type: r.Type, Preview: r.Preview, Bytes: r.Bytes, Truncated: r.Truncated, Tree: r.Tree}
		if len(r.Preview) > inlinePreview {
			message.Result.Preview = ""
			for piece := range slices.Chunk([]byte(r.Preview), pieceSize) {
				if err := w.writer.SendRaw(wire.KindResultText, piece); err != nil {
					return err
				}
			}
		}
	}
	return w.writer.Send(wire.KindDone, message)
}

func wireError(e isolate.Error) wire.Error {
	out := wire.Error{
		Phase: e.Phase, Type: e.Type, Name: e.Name, Message: e.Message, Stack: e.Stack, Code: e.Code,
		Line: e.Line, Column: e.Column, More: e.More,
	}
	for _, p := range e.Properties {
		out.Properties = append(out.Properties, wire.Property(p))
	}
	if e.Cause != nil {
		cause := wireError(*e.Cause)
		out.Cause = &cause
	}
	for _, part := range e.Errors {
		out.Errors = append(out.Errors, wireError(part))
	}
	return out
}

// fatal sends the host V8's last message, if the process still can.
func (w *worker) fatal(outOfMemory bool, message string) {
	status := wire.ExitFatal
	if outOfMemory {
		status = wire.ExitOutOfMemory
	}
	if len(message) > 1000 {
		message = message[:1000]
	}
	_ = w.flush()
	_ = w.writer.Send(wire.KindFatal, wire.Fatal{OutOfMemory: outOfMemory, Message: message})
	if w.profile.on {
		// V8 may be in no state to end one.
		time.AfterFunc(fatalProfile, func() { os.Exit(status) })
		_ = w.endProfile()
	}
	os.Exit(status)
}
