package engine

import (
	"errors"

	"sealedroom/engine/advice"
)

// Outcome is how a run ended. The host decides it from what it did and saw,
// never from what the guest says.
type Outcome string

// The outcomes.
const (
	OK             Outcome = "ok"
	Exception      Outcome = "exception" // uncaught; syntax errors and unhandled rejections too
	Pending        Outcome = "pending"   // ended with a promise that nothing can settle
	Timeout        Outcome = "timeout"
	ExceededCPU    Outcome = "exceededCpu"
	ExceededMemory Outcome = "exceededMemory"
	ExceededCalls  Outcome = "exceededCalls"
	ExceededOutput Outcome = "exceededOutput"
	Canceled       Outcome = "canceled" // by the person
	Crashed        Outcome = "crashed"  // the worker died of something that no limit explains
)

// Outcomes lists them all.
var Outcomes = []Outcome{
	OK, Exception, Pending, Timeout, ExceededCPU, ExceededMemory, ExceededCalls, ExceededOutput, Canceled, Crashed,
}

// The causes, for errors.Is on what Ended.Err returns.
var (
	ErrException = errors.New("the guest threw")
	ErrPending   = errors.New("the guest's promise never settled")
	ErrTimeout   = errors.New("wall time limit")
	ErrCPU       = errors.New("cpu time limit")
	ErrMemory    = errors.New("memory limit")
	ErrCalls     = errors.New("call limit")
	ErrOutput    = errors.New("output limit")
	ErrCanceled  = errors.New("canceled")
	ErrCrashed   = errors.New("the worker died")
)

var causes = map[Outcome]error{
	Exception: ErrException, Pending: ErrPending, Timeout: ErrTimeout, ExceededCPU: ErrCPU,
	ExceededMemory: ErrMemory, ExceededCalls: ErrCalls, ExceededOutput: ErrOutput,
	Canceled: ErrCanceled, Crashed: ErrCrashed,
}

// LimitUse is a limit and how far the guest came.
type LimitUse struct {
	Name    string  `json:"name"` // "wall", "cpu", "memory", "calls", "output": as the flag
	Allowed float64 `json:"allowed"`
	Used    float64 `json:"used"`
	Unit    string  `json:"unit"` // "ms", "bytes" or "calls"
}

// advice returns how to let the guest run on.
func (u *LimitUse) advice() advice.Advice {
	limit, ok := FindLimit(u.Name)
	if !ok {
		return advice.Advice{}
	}
	return advice.ForLimit(limit.String(), limit.Title())
}

// StopError is why a run did not end well.
type StopError struct {
	Outcome Outcome
	Limit   *LimitUse // nil where no limit was the reason
	Detail  string    // what was thrown, or what the worker died of
	Advice  string    // of the run; "" where there is none
}

// Error says what happened, and what to do about it where a limit was the reason.
func (e *StopError) Error() string {
	text := causes[e.Outcome].Error()
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	if hint := e.Hint(); hint != "" {
		text += ". " + hint
	}
	return text
}

// Is matches the cause: errors.Is(err, ErrTimeout).
func (e *StopError) Is(target error) bool { return target == causes[e.Outcome] }

// Hint says in a sentence which limit, switch or grant decided, or what else a
// person can do; it is empty where nothing would help.
func (e *StopError) Hint() string {
	if e.Advice == "" && e.Limit != nil {
		return e.Limit.advice().Text
	}
	return e.Advice
}
