package engine

import (
	"encoding/json"
	"errors"
	"time"
)

// Limits is what a guest may use, and what its room offers in addition to
// the language. It is immutable: the With methods return a copy. The zero value is
// the article's example: 128 MB and one second, everything else shut. Equal
// limits are ==.
type Limits struct {
	above    [limitCount]int64 // each limit's value, less its default
	switches Switches
}

// Switches are what a room has only when asked. All are off at first.
type Switches struct {
	Eval         bool  `json:"eval,omitempty"`          // code from strings: eval and the Function constructors
	Wasm         bool  `json:"wasm,omitempty"`          // WebAssembly
	SharedMemory bool  `json:"shared_memory,omitempty"` // SharedArrayBuffer
	Timers       bool  `json:"timers,omitempty"`        // setTimeout, setInterval, queueMicrotask
	NoJIT        bool  `json:"no_jit,omitempty"`        // interpreter only
	NoOpt        bool  `json:"no_opt,omitempty"`        // no optimizing compilers; NoJIT leaves out more
	Seed         int64 `json:"seed,omitempty"`          // of Math.random; 0: V8's own
}

// MaxSource is the longest guest that is run, in bytes.
const MaxSource = 16 << 20

// Get returns a limit's value, in its unit; 0 where a liftable one is lifted.
func (l Limits) Get(limit Limit) int64 { return l.above[limit] + limit.Default() }

// With returns l with one limit set to a value in its unit; 0 lifts a liftable
// one. On an error, which wraps ErrLimits, l is returned as it is.
func (l Limits) With(limit Limit, value int64) (Limits, error) {
	if err := limit.check(value); err != nil {
		return l, err
	}
	l.above[limit] = value - limit.Default()
	return l, nil
}

// Memory is the guest's whole footprint at most, in bytes: V8's heap, what
// hangs on it outside, and what else the worker's process has grown by.
func (l Limits) Memory() int64 { return l.Get(MemoryLimit) }

// Wall is the time from handing the guest over to its result.
func (l Limits) Wall() time.Duration { return time.Duration(l.Get(WallLimit)) }

// CPU is the isolate thread's time; 0: no limit.
func (l Limits) CPU() time.Duration { return time.Duration(l.Get(CPULimit)) }

// Calls is how often the guest may use the teller window; 0: no limit.
func (l Limits) Calls() int { return int(l.Get(CallsLimit)) }

// Output is the console's text at most, in bytes.
func (l Limits) Output() int64 { return l.Get(OutputLimit) }

// Result is how much of the result's preview is read at most, in bytes.
func (l Limits) Result() int64 { return l.Get(ResultLimit) }

// Switches returns what the room has in addition to the language.
func (l Limits) Switches() Switches { return l.switches }

// WithMemory returns l with a memory limit in bytes.
func (l Limits) WithMemory(bytes int64) (Limits, error) { return l.With(MemoryLimit, bytes) }

// WithWall returns l with a wall-clock limit.
func (l Limits) WithWall(wall time.Duration) (Limits, error) { return l.With(WallLimit, int64(wall)) }

// WithCPU returns l with a limit of the isolate's CPU time; 0 lifts it.
func (l Limits) WithCPU(cpu time.Duration) (Limits, error) { return l.With(CPULimit, int64(cpu)) }

// WithCalls returns l with a limit of calls; 0 lifts it.
func (l Limits) WithCalls(calls int) (Limits, error) { return l.With(CallsLimit, int64(calls)) }

// WithOutput returns l with a limit of console text in bytes.
func (l Limits) WithOutput(bytes int64) (Limits, error) { return l.With(OutputLimit, bytes) }

// WithResult returns l with a limit of the result's preview in bytes.
func (l Limits) WithResult(bytes int64) (Limits, error) { return l.With(ResultLimit, bytes) }

// WithSwitches returns l with these switches.
func (l Limits) WithSwitches(s Switches) Limits {
	l.switches = s
	return l
}

// limitsJSON is how limits are written: bytes and milliseconds.
type limitsJSON struct {
	Memory int64   `json:"memory"`
	Wall   float64 `json:"wall_ms"`
	CPU    float64 `json:"cpu_ms"`
	Calls  int     `json:"calls"`
	Output int64   `json:"output"`
	Result int64   `json:"result"`
	Switches
}

// MarshalJSON writes every limit, also those at their default.
func (l Limits) MarshalJSON() ([]byte, error) {
	return json.Marshal(limitsJSON{l.Memory(), ms(l.Wall()), ms(l.CPU()), l.Calls(), l.Output(), l.Result(), l.switches})
}

// UnmarshalJSON reads limits and checks each.
func (l *Limits) UnmarshalJSON(data []byte) error {
	var j limitsJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	millis := func(ms float64) int64 { return int64(ms * float64(time.Millisecond)) }
	out, errs := Limits{switches: j.Switches}, make([]error, limitCount)
	for i, value := range [limitCount]int64{
		MemoryLimit: j.Memory, WallLimit: millis(j.Wall), CPULimit: millis(j.CPU),
		CallsLimit: int64(j.Calls), OutputLimit: j.Output, ResultLimit: j.Result,
	} {
		out, errs[i] = out.With(Limit(i), value)
	}
	*l = out
	return errors.Join(errs...)
}
