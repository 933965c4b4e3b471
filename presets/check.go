package presets

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/shirou/gopsutil/v4/mem"

	"sealedroom/engine"
	"sealedroom/inspector"
)

// Result is how one scenario went.
type Result struct {
	Scenario    *Scenario
	Run         Run
	Differences []string // from what was expected
	Skipped     string   // why it was not run
	Err         error    // of the host's own
	Took        time.Duration
}

// Agrees says whether all that was expected happened. A scenario that was not
// run neither agrees nor disagrees.
func (r Result) Agrees() bool { return r.Skipped == "" && r.Err == nil && len(r.Differences) == 0 }

// Disagrees says whether something else happened, or it could not be told.
func (r Result) Disagrees() bool { return r.Skipped == "" && !r.Agrees() }

// Check runs the scenarios, so many at once, and holds what happened against
// what each expects. It tells progress of each as it ends, on one goroutine,
// and returns all in the order of the scenarios. With parallelism 0, as many
// run at once as the machine has processors and memory for.
func Check(ctx context.Context, scenarios []*Scenario, parallelism int, progress func(Result)) []Result {
	if parallelism <= 0 {
		parallelism = parallel(scenarios)
	}
	host := engine.NewSingle()
	defer host.Close()
	results := make([]Result, len(scenarios))
	next := make(chan int)
	ended := make(chan int)
	var all sync.WaitGroup
	for range parallelism {
		all.Go(func() {
			for i := range next {
				results[i] = checkOne(ctx, host, scenarios[i])
				ended <- i
			}
		})
	}
	go func() {
		for i := range scenarios {
			next <- i
		}
		close(next)
		all.Wait()
		close(ended)
	}()
	for i := range ended {
		if progress != nil {
			progress(results[i])
		}
	}
	return results
}

func checkOne(ctx context.Context, host *engine.Engine, s *Scenario) Result {
	result := Result{Scenario: s}
	if s.Expect == nil {
		result.Differences = []string{"nothing is expected: add expect: {outcome: ok}"}
		return result
	}
	began := time.Now()
	state, err := s.Run(ctx, host, s.Setup, nil)
	result.Took = time.Since(began)
	switch {
	case err != nil:
		result.Err = err
	case ctx.Err() != nil:
		result.Skipped = "canceled"
	default:
		result.Run = RunOf(state)
		result.Differences = s.Expect.Differences(result.Run)
	}
	return result
}

// Run runs the scenario under this setup, its own or a changed one, and returns
// what was seen. It tells hear, if there is one, of each event.
func (s *Scenario) Run(ctx context.Context, host *engine.Engine, setup Setup, hear func(engine.Event)) (*inspector.State, error) {
	state := &inspector.State{}
	_, err := host.Run(ctx, setup.Guest(s.Name+".js"), setup.Limits, func(e engine.Event) {
		state.Apply(e)
		if hear != nil {
			hear(e)
		}
	})
	return state, err
}

// parallel is how many of the scenarios may run at once: as many as there are
// processors, as far as half of the memory at hand holds the largest of them.
func parallel(scenarios []*Scenario) int {
	const worker = 64 << 20 // a worker's own memory, and what it may go over
	n := runtime.NumCPU()
	var largest int64
	for _, s := range scenarios {
		largest = max(largest, s.Setup.Limits.Memory()+worker)
	}
	if memory, err := mem.VirtualMemory(); err == nil && largest > 0 {
		n = min(n, int(int64(memory.Available)/2/largest))
	}
	return max(1, n)
}
