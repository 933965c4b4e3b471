package presets

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/shirou/gopsutil/v4/mem"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/inspector/session"
)

// Result is how one scenario went.
type Result struct {
	Scenario    *Scenario
	Run         Run
	Rooms       []RoomRun // those that ran side by side
	Differences []string  // from what was expected
	Skipped     string    // why it was not run
	Err         error     // of the host's own
	Took        time.Duration
}

// Agrees says whether all that was expected happened. A scenario that was not
// run neither agrees nor disagrees.
func (r Result) Agrees() bool { return r.Skipped == "" && r.Err == nil && len(r.Differences) == 0 }

// Disagrees says whether something else happened, or it is not known.
func (r Result) Disagrees() bool { return r.Skipped == "" && !r.Agrees() }

// Check runs the scenarios and compares what happened with what each expects:
// the guest as it is, then the way to each goal and the fix, then its rooms side
// by side. parallelism is how
// many run at once; with 0, as many as the machine has processors and memory
// for. progress is called with each result as it comes in, from one goroutine;
// the results are returned in the order of the scenarios.
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
	for _, w := range s.Warnings {
		if w.Broken {
			result.Differences = append(result.Differences, fmt.Sprintf("line %d %s", w.Line, w.Text))
		}
	}
	if s.Expect == nil {
		result.Differences = append(result.Differences, "nothing is expected: add expect: {outcome: ok}")
		return result
	}
	if s.Setup.Native && runtime.GOOS != "linux" {
		result.Skipped = "its native hands make Linux's system calls, and this is " + runtime.GOOS
		return result
	}
	began := time.Now()
	run, err := s.observe(ctx, host, s.Setup)
	result.Took = time.Since(began)
	if err == nil {
		result.Run = run
		result.Differences = append(result.Differences, s.Expect.Differences(run)...)
		var missed []string
		missed, err = s.checkWays(ctx, host, run)
		result.Differences = append(result.Differences, missed...)
	}
	if err == nil && ctx.Err() == nil {
		var differences []string
		result.Rooms, differences, err = s.checkRooms(ctx, host)
		result.Differences = append(result.Differences, differences...)
		result.Took = time.Since(began)
	}
	switch {
	case ctx.Err() != nil:
		result.Skipped = "canceled"
	case err != nil:
		result.Err = err
	}
	return result
}

// way is a change that a scenario says brings something about.
type way struct {
	what     string
	change   Change
	evidence Expect
}

// ways returns how the scenario's goals are reached and how it is fixed, as far
// as it says.
func (s *Scenario) ways() []way {
	var all []way
	for i, goal := range s.Goals {
		if goal.By != "" {
			all = append(all, way{fmt.Sprintf("goal %d is not reached by %s", i+1, goal.By), goal.By, goal.Evidence})
		}
	}
	if s.Fix != nil && s.Fix.Choices[s.Fix.Right].Set != "" {
		all = append(all, way{"the right choice does not fix it", s.Fix.Choices[s.Fix.Right].Set, s.Fix.Holds})
	}
	return all
}

// checkWays tries the ways there are to the goals and the fix, and returns what
// they did not bring about. own is the run of the scenario as it is.
func (s *Scenario) checkWays(ctx context.Context, host *engine.Engine, own Run) ([]string, error) {
	var missed []string
	for _, way := range s.ways() {
		setup, err := s.Apply(way.change, s.Setup)
		if err != nil {
			return missed, err // not from a file: Parse tries each change
		}
		run := own
		if setup.Code != s.Setup.Code || !setup.Same(s.Setup) {
			if run, err = s.observe(ctx, host, setup); err != nil {
				return missed, err
			}
		}
		if differences := way.evidence.Differences(run); len(differences) > 0 {
			missed = append(missed, way.what+": "+strings.Join(differences, "; "))
		}
	}
	return missed, nil
}

// observe runs the scenario and returns what is compared of the run.
func (s *Scenario) observe(ctx context.Context, host *engine.Engine, setup session.Setup) (Run, error) {
	state, err := s.Run(ctx, host, setup, nil)
	if err != nil {
		return Run{}, err
	}
	return RunOf(state), nil
}

// Run runs the scenario under this setup, its own or a changed one, and returns
// what was seen. Calls that ask first are answered as the scenario says. seen,
// where not nil, is called with each event.
func (s *Scenario) Run(ctx context.Context, host *engine.Engine, setup session.Setup, seen func(engine.Event)) (*inspector.State, error) {
	room := session.NewRoom(host)
	room.Seen, room.Ask = seen, s.answer
	setup = setup.Tidy() // a change may have taken a grant away
	setup.Name = cmp.Or(setup.Name, s.Name+".js")
	_, err := room.Run(ctx, setup)
	state := room.State()
	return &state, err
}

// answer decides about a call as the scenario says, for want of a person.
func (s *Scenario) answer(_ context.Context, call engine.Asked) engine.Verdict {
	return cmp.Or(s.Answers[call.Capability], engine.Deny)
}

// parallel is how many of the scenarios may run at once: as many as there are
// processors, as far as half of the memory at hand holds the largest of them.
func parallel(scenarios []*Scenario) int {
	const worker = 64 << 20 // a worker's own memory, and what it may go over
	n := runtime.NumCPU()
	var largest int64
	for _, s := range scenarios {
		all := s.Setup.Limits.Memory() + worker
		for i, room := range s.Rooms {
			if i == 0 {
				all = 0 // its own guest, again
			}
			all += room.Setup.Limits.Memory() + worker
		}
		largest = max(largest, all)
	}
	if memory, err := mem.VirtualMemory(); err == nil && largest > 0 {
		n = min(n, int(int64(memory.Available)/2/largest))
	}
	return max(1, n)
}
