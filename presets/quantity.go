package presets

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sealedroom/engine"
	"sealedroom/inspector/session"
)

// Count is how often something must have happened.
type Count struct {
	N      int
	OrMore bool
}

// String writes a count as it is read: "2", or "2+" for two or more.
func (c Count) String() string {
	if c.OrMore {
		return strconv.Itoa(c.N) + "+"
	}
	return strconv.Itoa(c.N)
}

func (c Count) matches(n int) bool { return n == c.N || c.OrMore && n > c.N }

var countText = regexp.MustCompile(`^([0-9]{1,9})(\+?)$`)

// parseCount reads "2", "2+", or "any" for 0+.
func parseCount(text string) (Count, error) {
	if text == "any" {
		return Count{OrMore: true}, nil
	}
	found := countText.FindStringSubmatch(text)
	if found == nil {
		return Count{}, fmt.Errorf("count %q: write 2, or 2+ for two or more", clip(text))
	}
	n, _ := strconv.Atoi(found[1]) // nine digits fit
	return Count{N: n, OrMore: found[2] != ""}, nil
}

// others is the name that stands for all calls that are not named.
const others = "others"

// countDifferences compares how often things happened with how often they must
// have. verb says what happened, with a %s where "never" fits. Names that are not in want are ignored, unless want has others.
func countDifferences(verb string, want map[string]Count, got map[string]int, differ func(bool, string, ...any)) {
	rest := 0
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, named := want[name]; !named {
			rest += got[name]
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		n := got[name]
		if name == others {
			n = rest
		}
		never := ""
		if n == 0 {
			never = "never "
		}
		differ(want[name].matches(n), "%s "+verb+"%s, not %s", name, never, times(n), want[name])
	}
}

// times writes how often, after a verb: " once", " 3 times", nothing for 0.
func times(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return " once"
	}
	return " " + strconv.Itoa(n) + " times"
}

// Bound is what a quantity may be, as it is written: "at least 48MB", "at most
// 300ms", "1s to 5s", or one value. Least or Most is empty where that end is
// open; the zero Bound allows everything.
type Bound struct{ Least, Most string }

var boundText = regexp.MustCompile(`^(?:at least (\S+)|at most (\S+)|(\S+) to (\S+)|(\S+))$`)

// parseBound reads a bound whose values measure understands.
func parseBound(text string, measure func(string) (float64, error)) (Bound, error) {
	found := boundText.FindStringSubmatch(text)
	if found == nil {
		return Bound{}, fmt.Errorf("%q: write a value, \"at least VALUE\", \"at most VALUE\" or \"VALUE to VALUE\"", clip(text))
	}
	b := Bound{Least: found[1] + found[3] + found[5], Most: found[2] + found[4] + found[5]}
	for _, end := range []string{b.Least, b.Most} {
		if end == "" {
			continue
		}
		if _, err := measure(end); err != nil {
			return Bound{}, err
		}
	}
	if low, high := b.ends(measure); low > high {
		return Bound{}, fmt.Errorf("%q: nothing can be in this range, its ends are the wrong way round", clip(text))
	}
	return b, nil
}

// String writes the bound as parseBound reads it.
func (b Bound) String() string {
	switch {
	case b.Least == b.Most:
		return b.Least
	case b.Most == "":
		return "at least " + b.Least
	case b.Least == "":
		return "at most " + b.Most
	}
	return b.Least + " to " + b.Most
}

func (b Bound) ends(measure func(string) (float64, error)) (low, high float64) {
	low, high = math.Inf(-1), math.Inf(1)
	if b.Least != "" {
		low, _ = measure(b.Least) // parseBound tried it
	}
	if b.Most != "" {
		high, _ = measure(b.Most)
	}
	return low, high
}

func (b Bound) holds(n float64, measure func(string) (float64, error)) bool {
	low, high := b.ends(measure)
	return low <= n && n <= high
}

func measureNumber(text string) (float64, error) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) {
		return 0, fmt.Errorf("%q: write a number", clip(text))
	}
	return n, nil
}

// measureTime is in milliseconds, as reports are.
func measureTime(text string) (float64, error) {
	d, err := engine.ParseTime(text)
	return float64(d) / 1e6, err
}

func measureSize(text string) (float64, error) {
	n, err := engine.ParseSize(text)
	return float64(n), err
}

// took and peaks are the measurements that a run can be held to, by the key in
// the file. They return false where the run has no such figure.
var took = map[string]func(Run) (float64, bool){
	"wall": func(r Run) (float64, bool) { return r.Report.Time.Wall, true },
	"cpu": func(r Run) (float64, bool) {
		if cpu := r.Report.Time.CPU; cpu != nil {
			return *cpu, true
		}
		return 0, false
	},
}

var peaks = map[string]func(Run) (float64, bool){
	"heap":     func(r Run) (float64, bool) { return float64(r.Report.Memory.PeakHeap), true },
	"external": func(r Run) (float64, bool) { return float64(r.Report.Memory.PeakExternal), true },
	"process": func(r Run) (float64, bool) {
		return float64(r.Report.Memory.PeakGrowth), r.Report.Memory.PeakGrowth > 0
	},
}

// limitOf returns a limit's value, in its unit. No limit is more than any.
func limitOf(l engine.Limits, limit engine.Limit) float64 {
	if value := l.Get(limit); value != 0 || !limit.Liftable() {
		return float64(value)
	}
	return math.Inf(1)
}

// measureLimit returns what reads the values of a limit; it refuses those that
// the limit cannot have.
func measureLimit(limit engine.Limit) func(string) (float64, error) {
	return func(text string) (float64, error) {
		l, err := setLimit(engine.Limits{}, limit.String(), text)
		return limitOf(l, limit), err
	}
}

// withDifferences compares what a run was made of with what it must have been.
func withDifferences(want map[string]Bound, setup session.Setup, differ func(bool, string, ...any)) {
	for _, key := range slices.Sorted(maps.Keys(want)) {
		bound := want[key]
		if limit, ok := engine.FindLimit(key); ok && bound.Least != bound.Most {
			differ(bound.holds(limitOf(setup.Limits, limit), measureLimit(limit)), "it did not run with %s %s", key, bound)
			continue
		}
		changed, err := new(Scenario).set(setup, key, bound.Least)
		differ(err == nil && changed.Same(setup), "it did not run with %s %s", key, bound)
	}
}

// shortNumber writes a measured value for a person.
func shortNumber(n float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(n, 'f', 1, 64), ".0")
}
