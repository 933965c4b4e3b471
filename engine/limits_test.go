package engine_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"sealedroom/engine"
)

func TestDefaultLimits(t *testing.T) {
	var l engine.Limits
	if l.Memory() != 128<<20 || l.Wall() != time.Second || l.CPU() != 0 || l.Calls() != 0 ||
		l.Output() != 64<<10 || l.Result() != 1<<20 || l.Switches() != (engine.Switches{}) {
		t.Errorf("the zero limits are %+v", l)
	}
}

// Each limit, one step inside and one outside each end of its range.
func TestLimitRanges(t *testing.T) {
	var zero engine.Limits
	for name, c := range map[string]struct {
		with  func(int64) (engine.Limits, error)
		get   func(engine.Limits) int64
		r     engine.Range
		units int64
		free  bool // 0 lifts it
	}{
		"memory": {zero.WithMemory, engine.Limits.Memory, engine.MemoryLimit.Range(), 1, false},
		"output": {zero.WithOutput, engine.Limits.Output, engine.OutputLimit.Range(), 1, false},
		"result": {zero.WithResult, engine.Limits.Result, engine.ResultLimit.Range(), 1, false},
		"wall": {func(n int64) (engine.Limits, error) { return zero.WithWall(time.Duration(n)) },
			func(l engine.Limits) int64 { return int64(l.Wall()) }, engine.WallLimit.Range(), 1, false},
		"cpu": {func(n int64) (engine.Limits, error) { return zero.WithCPU(time.Duration(n)) },
			func(l engine.Limits) int64 { return int64(l.CPU()) }, engine.CPULimit.Range(), 1, true},
		"calls": {func(n int64) (engine.Limits, error) { return zero.WithCalls(int(n)) },
			func(l engine.Limits) int64 { return int64(l.Calls()) }, engine.CallsLimit.Range(), 1, true},
	} {
		for _, value := range []int64{c.r.Min, c.r.Min + 1, c.r.Max - 1, c.r.Max} {
			if l, err := c.with(value); err != nil || c.get(l) != value {
				t.Errorf("%s %d: %v, reads %d", name, value, err, c.get(l))
			}
		}
		for _, value := range []int64{c.r.Min - 1, c.r.Max + 1, -1, math.MinInt64, math.MaxInt64} {
			if c.free && value == 0 {
				continue
			}
			_, err := c.with(value)
			if !errors.Is(err, engine.ErrLimits) || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), " to ") {
				t.Errorf("%s %d: %v, want the range that is allowed", name, value, err)
			}
		}
		if l, err := c.with(0); c.free && (err != nil || c.get(l) != 0) {
			t.Errorf("%s 0: %v, want no limit", name, err)
		}
	}
}

// Each row of the table is found by its key, and what Exact writes of a value
// Parse reads.
func TestLimitTable(t *testing.T) {
	for _, limit := range engine.AllLimits() {
		if found, ok := engine.FindLimit(limit.String()); !ok || found != limit || limit.Title() == "" || limit.Word() == "" {
			t.Errorf("%v is %q to find, %q to show, %q in a sentence", limit, found, limit.Title(), limit.Word())
		}
		r := limit.Range()
		for _, value := range []int64{r.Min, r.Min + 1, r.Max - 1, r.Max, limit.Default()} {
			if got, err := limit.Parse(limit.Exact(value)); err != nil || got != value {
				t.Errorf("%v: %d is written %q and read as %d, %v", limit, value, limit.Exact(value), got, err)
			}
			l, err := engine.Limits{}.With(limit, value)
			if err != nil || l.Get(limit) != value || (l == engine.Limits{}) != (value == limit.Default()) {
				t.Errorf("%v: set to %d it is %d, %v", limit, value, l.Get(limit), err)
			}
		}
	}
	for _, which := range engine.AllSwitches() {
		on := engine.Switches{}.With(which, true)
		if found, ok := engine.FindSwitch(which.String()); !ok || found != which || which.Title() == "" || !on.On(which) || on.With(which, false) != (engine.Switches{}) {
			t.Errorf("%v is found as %v, on: %+v", which, found, on)
		}
	}
}

func TestLimitsAreValues(t *testing.T) {
	a := engine.Limits{}
	b, err := a.WithMemory(32 << 20)
	must(t, err)
	c := b.WithSwitches(engine.Switches{Eval: true})
	if a.Memory() != engine.MemoryLimit.Default() || b.Switches().Eval || c.Memory() != 32<<20 {
		t.Errorf("a With changed what it was called on: %+v %+v %+v", a, b, c)
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string]int64{
		"128MB": 128 << 20, "64KiB": 64 << 10, "512B": 512, "1 GB": 1 << 30, " 2mb ": 2 << 20, "1.5MB": 3 << 19, "0B": 0,
	} {
		if got, err := engine.ParseSize(text); err != nil || got != want {
			t.Errorf("size %q is %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "128", "MB", "B", "12 parsecs", "-1MB", "1e3", "∞MB", "0x10MB", "1MBMB", "NaNB", strings.Repeat("9", 400) + "MB"} {
		if got, err := engine.ParseSize(text); !errors.Is(err, engine.ErrLimits) || len(err.Error()) > 200 {
			t.Errorf("size %.40q is %d, %v", text, got, err)
		}
	}
	for text, want := range map[string]time.Duration{"1s": time.Second, "250ms": 250 * time.Millisecond, "0": 0, " 2m ": 2 * time.Minute, "1.5s": 1500 * time.Millisecond} {
		if got, err := engine.ParseTime(text); err != nil || got != want {
			t.Errorf("time %q is %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "1", "s", "1 second", "1e3s", "NaNs", strings.Repeat("1s", 1000) + "x"} {
		if got, err := engine.ParseTime(text); !errors.Is(err, engine.ErrLimits) || len(err.Error()) > 200 {
			t.Errorf("time %.40q is %v, %v", text, got, err)
		}
	}
}

func TestLimitsJSON(t *testing.T) {
	l := limits(t, "32MB", "250ms", engine.Switches{Eval: true, Timers: true, Seed: 42})
	l, err := l.WithCalls(7)
	must(t, err)
	l, err = l.WithOutput(0)
	must(t, err)
	l, err = l.WithCPU(1500 * time.Microsecond)
	must(t, err)
	for _, want := range []engine.Limits{{}, l} {
		data, err := json.Marshal(want)
		must(t, err)
		var got engine.Limits
		must(t, json.Unmarshal(data, &got))
		again, err := json.Marshal(got)
		must(t, err)
		if string(again) != string(data) || got.Memory() != want.Memory() || got.Wall() != want.Wall() ||
			got.CPU() != want.CPU() || got.Calls() != want.Calls() || got.Output() != want.Output() || got.Switches() != want.Switches() {
			t.Errorf("%s came back as %s", data, again)
		}
	}
	var got engine.Limits
	for _, text := range []string{`{}`, `{"memory":1,"wall_ms":1000,"result":100}`, `{"memory":33554432,"wall_ms":1e300,"result":100}`, `[]`, `{"memory":"1MB"}`} {
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s was read as %+v", text, got)
		}
	}
}

func FuzzLimits(f *testing.F) {
	for _, text := range []string{"128MB", "64KiB", "1s", "-3s", "0", "9e99GB", "1.7976931348623157e308B", "\x00b", "１MB", "１s"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		check := func(err error) {
			if err == nil {
				return
			}
			if !errors.Is(err, engine.ErrLimits) || len(err.Error()) > 300 || utf8.ValidString(text) && !utf8.ValidString(err.Error()) {
				t.Errorf("%q: %v", text, err)
			}
		}
		if bytes, err := engine.ParseSize(text); err == nil {
			if bytes < 0 {
				t.Errorf("%q is %d bytes", text, bytes)
			}
			l, err := engine.Limits{}.WithMemory(bytes)
			check(err)
			if err == nil {
				again, err := engine.ParseSize(engine.FormatSize(bytes))
				// Formatting keeps four digits.
				if err != nil || math.Abs(float64(again-bytes)) > float64(bytes)/1000+1 {
					t.Errorf("%q is %d bytes, which is written %s and read back as %d, %v", text, bytes, engine.FormatSize(bytes), again, err)
				}
				data, err := json.Marshal(l)
				must(t, err)
				must(t, json.Unmarshal(data, &l))
			}
		} else {
			check(err)
		}
		if d, err := engine.ParseTime(text); err == nil {
			_, err = engine.Limits{}.WithWall(d)
			check(err)
		} else {
			check(err)
		}
	})
}
