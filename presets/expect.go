package presets

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
)

// Expect is what a run must have done. Nil and zero fields ask for nothing.
type Expect struct {
	Outcome     engine.Outcome
	Limit       string
	Killed      *bool
	Result      *string // in the result's preview
	Type        string
	Error       string
	Message     string // in the error's message
	Phase       string
	Line        int
	Console     []string         // in lines, in this order
	Blocked     []string         // exactly these; nil: any
	Calls       map[string]Count // exactly these; nil: any
	Used        []string         // exactly these; nil: any
	Revealed    []string         // exactly these; nil: any
	Collections int              // at least
	With        Change           // under what it ran: this change would change nothing
}

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

// Run is what of a run is held against what must happen.
type Run struct {
	Report   inspector.Report
	Setup    Setup          // what it was made of, but for its code
	Calls    map[string]int // "db.query" to how often
	Used     []string       // secrets
	Revealed []string
}

// RunOf takes from a run that has ended what is held against what must happen.
func RunOf(state *inspector.State) Run {
	run := Run{Report: state.Report(), Calls: map[string]int{}}
	if state.Started != nil {
		run.Setup.Limits = state.Started.Limits
		run.Setup.Grants = maps.Clone(state.Started.Grants)
		maps.DeleteFunc(run.Setup.Grants, func(_ string, how bridge.Grant) bool { return how == bridge.Off })
	}
	for _, call := range run.Report.Calls {
		run.Calls[call.Capability+"."+call.Method] += max(1, call.Count)
	}
	for _, secret := range run.Report.Secrets {
		if secret.Used > 0 {
			run.Used = append(run.Used, secret.Name)
		}
		if secret.Revealed > 0 {
			run.Revealed = append(run.Revealed, secret.Name)
		}
	}
	return run
}

// Differences are the ways in which a run is not what was asked for, each a
// line to read.
func (e *Expect) Differences(run Run) []string {
	r := run.Report
	var out []string
	differ := func(ok bool, format string, args ...any) {
		if !ok {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	if e.Outcome != "" {
		differ(r.Outcome == e.Outcome, "outcome is %s, not %s (%s)", r.Outcome, e.Outcome, inspector.Line(r.Summary))
	}
	if e.Limit != "" {
		name := "none"
		if r.Limit != nil {
			name = r.Limit.Name
		}
		differ(name == e.Limit, "limit is %s, not %s", name, e.Limit)
	}
	if e.Killed != nil {
		differ(r.Killed == *e.Killed, "killed is %v, not %v", r.Killed, *e.Killed)
	}
	e.result(r, differ)
	e.failure(r, differ)
	rest := r.Console
	for i, want := range e.Console {
		at := slices.IndexFunc(rest, func(c inspector.ConsoleLine) bool { return strings.Contains(c.Text, want) })
		differ(at >= 0, "console has no line with %q%s", want, after(e.Console[:i]))
		rest = rest[at+1:]
	}
	if e.Blocked != nil {
		var names []string
		for _, b := range r.Blocked {
			names = append(names, b.Name)
		}
		differ(same(names, e.Blocked), "doors tried are %s, not %s", list(names), list(e.Blocked))
	}
	if e.Calls != nil {
		for _, call := range slices.Sorted(maps.Keys(e.Calls)) {
			differ(e.Calls[call].matches(run.Calls[call]), "%s was called %d times, not %s", call, run.Calls[call], e.Calls[call])
		}
		for _, call := range slices.Sorted(maps.Keys(run.Calls)) {
			_, known := e.Calls[call]
			differ(known, "%s was called %d times, not at all expected", call, run.Calls[call])
		}
	}
	if e.Used != nil {
		differ(same(run.Used, e.Used), "secrets used are %s, not %s", list(run.Used), list(e.Used))
	}
	if e.Revealed != nil {
		differ(same(run.Revealed, e.Revealed), "secrets revealed are %s, not %s", list(run.Revealed), list(e.Revealed))
	}
	if e.Collections > 0 {
		n := 0
		for _, c := range r.GC {
			n += max(1, c.Count)
		}
		differ(n >= e.Collections, "garbage was collected %d times, not at least %d", n, e.Collections)
	}
	if e.With != "" {
		changed, err := new(Scenario).Apply(e.With, run.Setup)
		differ(err == nil && changed.same(run.Setup), "it did not run with %s", e.With)
	}
	return out
}

func (e *Expect) result(r inspector.Report, differ func(bool, string, ...any)) {
	var got engine.Result
	if r.Result != nil {
		got = *r.Result
	}
	if e.Result != nil {
		differ(r.Result != nil && strings.Contains(got.Preview, *e.Result), "result is %s, without %q", shown(got.Preview), *e.Result)
	}
	if e.Type != "" {
		differ(got.Type == e.Type, "result's type is %q, not %q", got.Type, e.Type)
	}
}

func (e *Expect) failure(r inspector.Report, differ func(bool, string, ...any)) {
	var got engine.GuestError
	if r.Error != nil {
		got = *r.Error
	}
	if e.Error != "" {
		differ(got.Name == e.Error, "error is %q, not %q", got.Name, e.Error)
	}
	if e.Message != "" {
		differ(strings.Contains(got.Message, e.Message), "error's message is %s, without %q", shown(got.Message), e.Message)
	}
	if e.Phase != "" {
		differ(got.Phase == e.Phase, "error's phase is %q, not %q", got.Phase, e.Phase)
	}
	if e.Line != 0 {
		differ(got.Line == e.Line, "error is at line %d, not %d", got.Line, e.Line)
	}
}

// Expected says of a run what an Expect would have to say for it to agree: for
// a scenario that is made of what was just done.
func Expected(run Run) *Expect {
	r := run.Report
	e := &Expect{Outcome: r.Outcome}
	if r.Limit != nil {
		e.Limit = r.Limit.Name
	}
	if r.Result != nil && !r.Result.Truncated && len(r.Result.Preview) <= 200 {
		e.Result, e.Type = &r.Result.Preview, r.Result.Type
	}
	if r.Error != nil {
		e.Error = r.Error.Name
	}
	// How often a guest came to do something before a limit ended it depends on
	// the machine.
	if r.Limit != nil {
		return e
	}
	for _, b := range r.Blocked {
		e.Blocked = append(e.Blocked, b.Name)
	}
	for call, n := range run.Calls {
		if e.Calls == nil {
			e.Calls = map[string]Count{}
		}
		e.Calls[call] = Count{N: n}
	}
	e.Revealed = slices.Clone(run.Revealed)
	return e
}

// same says whether two lists name the same things, however often.
func same(a, b []string) bool {
	unique := func(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }
	return slices.Equal(unique(a), unique(b))
}

func list(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return inspector.Line(strings.Join(slices.Compact(slices.Sorted(slices.Values(names))), ", "))
}

func shown(text string) string { return strconv.Quote(clip(text)) }

func after(before []string) string {
	if len(before) == 0 {
		return ""
	}
	return fmt.Sprintf(" after the one with %q", before[len(before)-1])
}
