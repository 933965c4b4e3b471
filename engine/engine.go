// Package engine starts runs, keeps a spare worker warm, holds the limits,
// decides the outcome and emits events.
//
// Start reading at Engine.Run. A run is one worker process (package host) and one
// loop on one goroutine:
//
//	run.go      the loop: hand over, select, pause, end
//	stop.go     terminate, repeat, kill
//	memory.go   what the host reads and limits from outside; times.go: the processor
//	intake.go   untrusted frames to bounded events (event.go); node.go, thrown.go: their parts
//	verdict.go  how the run ended; outcome.go: the outcomes
//	teller.go   answers the guest's calls, on the goroutine that reads them
//	profile.go  where time and memory went
//	breach.go   native hands, and what stands behind the walls
//
// RATIONALE.md says why it is built so.
package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sealedroom/engine/bridge"
	"sealedroom/engine/host"
	"sealedroom/engine/wire"
)

// Engine runs guests. It may be used from several goroutines.
type Engine struct {
	pool      *host.Pool
	scheduler *host.Scheduler
	spares    bool
	window    bool // the program has one
}

// New returns an engine that, from the first Warm or Run on, keeps a spare
// worker for the next run.
func New() *Engine {
	return &Engine{pool: host.NewPool(host.Own), scheduler: host.NewScheduler(false), spares: true}
}

// NewBesideWindow is New for a program with a window: where there are not cores
// enough for both, guests that compute for longer than a moment wait for it.
func NewBesideWindow() *Engine {
	return &Engine{pool: host.NewPool(host.Own), scheduler: host.NewScheduler(true), spares: true, window: true}
}

// NewSingle returns an engine that starts a worker when it needs one: for a
// program that runs one guest and ends.
func NewSingle() *Engine { return newSingle(host.Own) }

func newSingle(s host.Starter) *Engine {
	return &Engine{pool: host.NewPool(s), scheduler: host.NewScheduler(false)}
}

// Guest is what is run.
type Guest struct {
	Name   string // a file name, for stacks and reports; "" means guest.js
	Source string // JavaScript, at most MaxSource bytes

	// Grants are the capabilities at the teller window, by name.
	Grants map[string]bridge.Grant
	// Secrets are put into the vault, in addition to those of the grants: written
	// NAME=VALUE, or NAME alone for a value made for the run.
	Secrets []string

	// AskFirst names the granted capabilities whose calls wait for Ask. The run
	// is paused meanwhile, its clocks too, and Ask gets the event. Its ctx
	// ends when there is nothing to decide any more; it returns soon after. Any
	// answer but Allow and Always denies, and so does having no Ask.
	AskFirst map[string]bool
	Ask      func(ctx context.Context, call Asked) Verdict

	// Profile has the run sample where its time and memory go, at little cost: see
	// Profiled.
	Profile bool

	// Breach, where set, gives the guest native hands.
	Breach *Breach
}

// ErrGuest is wrapped by errors about a guest that cannot be run.
var ErrGuest = errors.New("guest cannot be run")

// MaxSpares is how many spare workers an engine keeps at most.
const MaxSpares = host.MaxSpares

// Warm starts a spare worker for a run with each of these limits, where there is
// none, and ends spares for other limits. Runs at the same time want one each. Those
// past MaxSpares get none.
func (e *Engine) Warm(limits ...Limits) {
	configs := make([]host.Config, len(limits))
	for i, l := range limits {
		configs[i] = config(l, false)
	}
	e.pool.Keep(configs...)
}

// Ready reports whether a spare worker waits for the next run.
func (e *Engine) Ready() bool { return len(e.pool.Waiting()) > 0 }

// Close ends the spare workers and waits until every worker is gone. Runs under
// way should have been canceled.
func (e *Engine) Close() { e.pool.Close() }

// config is what of the limits is fixed when a worker starts.
func config(limits Limits, profile bool) host.Config {
	s := limits.Switches()
	return host.Config{Prepare: wire.Prepare{HeapLimit: limits.Memory(), NoJIT: s.NoJIT, NoOpt: s.NoOpt, Seed: s.Seed, Profile: profile}}
}

// Run runs a guest to its end. It calls emit for each event, in order, on the
// calling goroutine: a slow emit slows the guest and costs no memory. Canceling ctx
// ends the run with the outcome Canceled. An error means that the run could not be
// started.
func (e *Engine) Run(ctx context.Context, guest Guest, limits Limits, emit func(Event)) (Ended, error) {
	if guest.Name == "" {
		guest.Name = "guest.js"
	}
	if len(guest.Source) > MaxSource {
		return Ended{}, fmt.Errorf("%w: %s is %s long, at most %s", ErrGuest, guest.Name,
			FormatSize(int64(len(guest.Source))), FormatSize(MaxSource))
	}
	if err := guest.Breach.check(guest); err != nil {
		return Ended{}, err
	}
	requested := time.Now()
	window, err := openTeller(guest, limits)
	if err != nil {
		return Ended{}, err
	}
	defer window.close()
	opened := time.Since(requested)
	worker, spare, behind, err := e.worker(ctx, guest, limits)
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		ended := Ended{Outcome: Canceled, Detail: "before a worker was ready"}
		emit(ended)
		return ended, nil
	}
	if err != nil {
		return Ended{}, err
	}
	if behind != nil {
		defer behind.remove()
	}
	r := &run{
		engine: e, behind: behind, worker: worker, guest: guest, limits: limits, emit: emit, teller: window,
		start: start{requested: requested, opened: opened, spare: spare},
	}
	return r.run(ctx), nil
}
