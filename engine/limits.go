package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/docker/go-units"
)

// Limits is what a guest may use, and what its room offers beside the
// language. It is immutable: the With methods return a copy. The zero value is
// the article's example: 128 MB and one second, everything else shut.
type Limits struct {
	memory   int64
	wall     time.Duration
	cpu      time.Duration
	calls    int
	output   int64
	result   int64
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

// The article's limits, and those it says nothing of.
const (
	DefaultMemory = 128 << 20
	DefaultWall   = time.Second
	DefaultOutput = 64 << 10
	DefaultResult = 1 << 20
)

// Range is what a limit may be, both ends included, in bytes, nanoseconds or
// as a count.
type Range struct{ Min, Max int64 }

// The ranges of the limits. A heap under MemoryRange.Min is too small for V8
// to start a guest in (measured); the others are what makes sense to a person.
var (
	MemoryRange = Range{8 << 20, 2 << 30}
	WallRange   = Range{int64(time.Millisecond), int64(10 * time.Minute)}
	CPURange    = Range{int64(time.Millisecond), int64(10 * time.Minute)}
	CallsRange  = Range{1, 100_000_000}
	OutputRange = Range{0, 64 << 20}
	ResultRange = Range{16, 16 << 20}
)

// MaxSource is the longest guest that is run, in bytes.
const MaxSource = 16 << 20

// ErrLimits is wrapped by every error about a limit's value.
var ErrLimits = errors.New("limit out of range")

// Memory is the guest's whole footprint at most, in bytes: V8's heap, what
// hangs on it outside, and what else the worker's process has grown by.
func (l Limits) Memory() int64 { return or(l.memory, DefaultMemory) }

// Wall is the time from handing the guest over to its result.
func (l Limits) Wall() time.Duration { return or(l.wall, DefaultWall) }

// CPU is the isolate thread's time; 0: no limit.
func (l Limits) CPU() time.Duration { return l.cpu }

// Calls is how often the guest may use the teller window; 0: no limit.
func (l Limits) Calls() int { return l.calls }

// Output is the console's text at most, in bytes.
func (l Limits) Output() int64 { return unset(l.output, DefaultOutput) }

// Result is how much of the result's preview is read at most, in bytes.
func (l Limits) Result() int64 { return or(l.result, DefaultResult) }

// Switches returns what the room has beside the language.
func (l Limits) Switches() Switches { return l.switches }

func or[T ~int64](value, otherwise T) T {
	if value == 0 {
		return otherwise
	}
	return value
}

// unset is or for a limit that may be 0: it is stored one higher.
func unset(stored, otherwise int64) int64 {
	if stored == 0 {
		return otherwise
	}
	return stored - 1
}

// WithMemory returns l with a memory limit in bytes.
func (l Limits) WithMemory(bytes int64) (Limits, error) {
	l.memory = bytes
	return l, MemoryRange.check("memory", bytes, FormatSize)
}

// WithWall returns l with a wall-clock limit.
func (l Limits) WithWall(wall time.Duration) (Limits, error) {
	l.wall = wall
	return l, WallRange.check("wall", int64(wall), formatNanoseconds)
}

// WithCPU returns l with a limit of the isolate's CPU time; 0 lifts it.
func (l Limits) WithCPU(cpu time.Duration) (Limits, error) {
	l.cpu = cpu
	if cpu == 0 {
		return l, nil
	}
	return l, CPURange.check("cpu", int64(cpu), formatNanoseconds)
}

// WithCalls returns l with a limit of calls; 0 lifts it.
func (l Limits) WithCalls(calls int) (Limits, error) {
	l.calls = calls
	if calls == 0 {
		return l, nil
	}
	return l, CallsRange.check("calls", int64(calls), func(n int64) string { return fmt.Sprint(n) })
}

// WithOutput returns l with a limit of console text in bytes.
func (l Limits) WithOutput(bytes int64) (Limits, error) {
	l.output = bytes + 1
	return l, OutputRange.check("output", bytes, FormatSize)
}

// WithResult returns l with a limit of the result's preview in bytes.
func (l Limits) WithResult(bytes int64) (Limits, error) {
	l.result = bytes
	return l, ResultRange.check("result", bytes, FormatSize)
}

// WithSwitches returns l with these switches.
func (l Limits) WithSwitches(s Switches) Limits {
	l.switches = s
	return l
}

func (r Range) check(name string, value int64, format func(int64) string) error {
	if value < r.Min || value > r.Max {
		return fmt.Errorf("%w: %s %s: give %s to %s", ErrLimits, name, format(value), format(r.Min), format(r.Max))
	}
	return nil
}

// ParseSize reads a size with its unit, such as "128MB" or "64KiB". As with
// V8 and the platforms that run it, a MB is 1,024 KB of 1,024 bytes.
func ParseSize(text string) (int64, error) {
	text = strings.TrimSpace(text)
	if text == "" || !strings.HasSuffix(strings.ToLower(text), "b") {
		return 0, fmt.Errorf("%w: size %q has no unit: write 128MB, 64KiB or 512B", ErrLimits, clip(text))
	}
	bytes, err := units.RAMInBytes(text)
	if err != nil || bytes < 0 {
		return 0, fmt.Errorf("%w: size %q: write a number and a unit, such as 128MB or 64KiB", ErrLimits, clip(text))
	}
	return bytes, nil
}

// ParseTime reads a time with its unit, such as "1s" or "250ms"; "0" is none.
func ParseTime(text string) (time.Duration, error) {
	text = strings.TrimSpace(text)
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("%w: time %q: write a number and a unit, such as 1s or 250ms", ErrLimits, clip(text))
	}
	return d, nil
}

// clip keeps a message about somebody's input short.
func clip(text string) string {
	if len(text) > 40 {
		return strings.ToValidUTF8(text[:40], "") + "…"
	}
	return text
}

// FormatSize writes bytes as ParseSize reads them: "128 MB".
func FormatSize(bytes int64) string {
	return units.CustomSize("%.4g %s", float64(bytes), 1024, []string{"B", "KB", "MB", "GB", "TB"})
}

// FormatTime writes a time as people read it: "1 s", "250 ms".
func FormatTime(d time.Duration) string {
	switch {
	case d >= time.Minute && d%time.Minute == 0:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d >= 10*time.Second || d >= time.Second && d%time.Second == 0:
		return fmt.Sprintf("%.4g s", d.Seconds())
	}
	return fmt.Sprintf("%.4g ms", float64(d)/1e6)
}

func formatNanoseconds(n int64) string { return FormatTime(time.Duration(n)) }

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
	out := Limits{switches: j.Switches}
	millis := func(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }
	var errs [6]error
	out, errs[0] = out.WithMemory(j.Memory)
	out, errs[1] = out.WithWall(millis(j.Wall))
	out, errs[2] = out.WithCPU(millis(j.CPU))
	out, errs[3] = out.WithCalls(j.Calls)
	out, errs[4] = out.WithOutput(j.Output)
	out, errs[5] = out.WithResult(j.Result)
	*l = out
	return errors.Join(errs[:]...)
}
