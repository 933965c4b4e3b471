package engine

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/docker/go-units"
)

// Limit is one of the limits: a row of the table that says all there is to say
// about each. Its String is the key that flags, links, scenario files and
// reports use.
type Limit int

// The limits, in the order to show them.
const (
	MemoryLimit Limit = iota
	WallLimit
	CPULimit
	CallsLimit
	OutputLimit
	ResultLimit
	limitCount
)

// Unit is what a limit's values count.
type Unit int

// The units of limits.
const (
	UnitBytes Unit = iota
	UnitTime       // nanoseconds, as in time.Duration
	UnitCount
)

// Range is what a limit may be, both ends included, in the limit's unit.
type Range struct{ Min, Max int64 }

// limitTable has a row for each limit. A heap under the least memory is too
// small for V8 to start a guest in (measured); the other ranges are what makes
// sense to a person. The standard values are the article's; it says nothing of
// output and result.
var limitTable = [limitCount]struct {
	key, title, word string
	unit             Unit
	allowed          Range
	standard         int64
	liftable, stops  bool
}{
	MemoryLimit: {"memory", "Memory", "memory", UnitBytes, Range{8 << 20, 2 << 30}, 128 << 20, false, true},
	WallLimit:   {"wall", "Wall time", "time", UnitTime, Range{int64(time.Millisecond), int64(10 * time.Minute)}, int64(time.Second), false, true},
	CPULimit:    {"cpu", "CPU time", "CPU", UnitTime, Range{int64(time.Millisecond), int64(10 * time.Minute)}, 0, true, true},
	CallsLimit:  {"calls", "Teller calls", "calls", UnitCount, Range{1, 100_000_000}, 0, true, true},
	OutputLimit: {"output", "Console", "output", UnitBytes, Range{0, 64 << 20}, 64 << 10, false, true},
	ResultLimit: {"result", "Result", "result", UnitBytes, Range{16, 16 << 20}, 1 << 20, false, false},
}

// AllLimits returns the limits in the order to show them.
func AllLimits() []Limit {
	all := make([]Limit, limitCount)
	for i := range all {
		all[i] = Limit(i)
	}
	return all
}

// FindLimit returns the limit with this key; false where there is none.
func FindLimit(key string) (Limit, bool) {
	for _, limit := range AllLimits() {
		if limit.String() == key {
			return limit, true
		}
	}
	return 0, false
}

// String returns the limit's key: "wall".
func (l Limit) String() string { return limitTable[l].key }

// Title returns what the panel calls the limit: "Wall time".
func (l Limit) Title() string { return limitTable[l].title }

// Word returns what a sentence calls the limit: its "time" limit.
func (l Limit) Word() string { return limitTable[l].word }

// Unit returns what the limit's values count.
func (l Limit) Unit() Unit { return limitTable[l].unit }

// Range returns what the limit may be. A liftable one may be 0 too.
func (l Limit) Range() Range { return limitTable[l].allowed }

// Default returns the limit's value in the zero Limits.
func (l Limit) Default() int64 { return limitTable[l].standard }

// Liftable reports whether 0 means that there is no limit.
func (l Limit) Liftable() bool { return limitTable[l].liftable }

// Stops reports whether a guest that meets the limit is stopped; otherwise what
// is over the limit is left out.
func (l Limit) Stops() bool { return limitTable[l].stops }

// Parse reads a value of the limit, in its unit. It does not check its range:
// Limits.With does. Its errors wrap ErrLimits.
func (l Limit) Parse(text string) (int64, error) {
	switch l.Unit() {
	case UnitTime:
		d, err := ParseTime(text)
		return int64(d), err
	case UnitCount:
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			return 0, fmt.Errorf("%w: %s %q: write a whole number, such as 100", ErrLimits, l, clip(text))
		}
		return int64(n), nil
	}
	return ParseSize(text)
}

// Format writes a value of the limit for a person, perhaps rounded: "128 MB",
// "no limit".
func (l Limit) Format(value int64) string {
	switch {
	case value == 0 && l.Liftable():
		return "no limit"
	case l.Unit() == UnitTime:
		return FormatTime(time.Duration(value))
	case l.Unit() == UnitCount:
		return strconv.FormatInt(value, 10)
	}
	return FormatSize(value)
}

// Exact writes a value of the limit so that Parse reads the same value again.
func (l Limit) Exact(value int64) string {
	switch {
	case l.Unit() == UnitTime:
		return time.Duration(value).String()
	case l.Unit() == UnitCount:
		return strconv.FormatInt(value, 10)
	case value > 0 && value%(1<<20) == 0:
		return fmt.Sprintf("%dMB", value>>20)
	case value > 0 && value%(1<<10) == 0:
		return fmt.Sprintf("%dKB", value>>10)
	}
	return fmt.Sprintf("%dB", value)
}

func (l Limit) check(value int64) error {
	r := l.Range()
	if value == 0 && l.Liftable() || value >= r.Min && value <= r.Max {
		return nil
	}
	text := l.Format(value)
	if value == 0 {
		text = "0" // not: no limit
	}
	return fmt.Errorf("%w: %s %s: give %s to %s", ErrLimits, l, text, l.Format(r.Min), l.Format(r.Max))
}

// Switch is one of the switches that are on or off: a row of their table. Its
// String is the key that flags, links and scenario files use.
type Switch int

// The switches, in the order to show them.
const (
	EvalSwitch Switch = iota
	WasmSwitch
	SharedMemorySwitch
	TimersSwitch
	NoOptSwitch
	NoJITSwitch
	switchCount
)

var switchTable = [switchCount]struct {
	key, title string
	removes    bool
	field      func(*Switches) *bool
}{
	EvalSwitch:         {"eval", "eval / new Function", false, func(s *Switches) *bool { return &s.Eval }},
	WasmSwitch:         {"wasm", "WebAssembly", false, func(s *Switches) *bool { return &s.Wasm }},
	SharedMemorySwitch: {"shared-memory", "Shared memory", false, func(s *Switches) *bool { return &s.SharedMemory }},
	TimersSwitch:       {"timers", "Timers", false, func(s *Switches) *bool { return &s.Timers }},
	NoOptSwitch:        {"no-opt", "Optimizing compilers", true, func(s *Switches) *bool { return &s.NoOpt }},
	NoJITSwitch:        {"no-jit", "JIT compiler", true, func(s *Switches) *bool { return &s.NoJIT }},
}

// AllSwitches returns the switches in the order to show them.
func AllSwitches() []Switch {
	all := make([]Switch, switchCount)
	for i := range all {
		all[i] = Switch(i)
	}
	return all
}

// FindSwitch returns the switch with this key; false where there is none.
func FindSwitch(key string) (Switch, bool) {
	for _, s := range AllSwitches() {
		if s.String() == key {
			return s, true
		}
	}
	return 0, false
}

// String returns the switch's key: "shared-memory".
func (s Switch) String() string { return switchTable[s].key }

// Title returns what the panel calls the thing that is switched: "WebAssembly".
func (s Switch) Title() string { return switchTable[s].title }

// Removes reports whether the switch, when it is on, takes away what its title
// names.
func (s Switch) Removes() bool { return switchTable[s].removes }

// On reports whether the switch is on.
func (s Switches) On(which Switch) bool { return *switchTable[which].field(&s) }

// With returns s with one switch set.
func (s Switches) With(which Switch, on bool) Switches {
	*switchTable[which].field(&s) = on
	return s
}

// ErrLimits is wrapped by every error about a limit's value.
var ErrLimits = errors.New("limit out of range")

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

// clip keeps a message about invalid input short.
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
