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
	"sealedroom/inspector/session"
)

// Expect is what a run must have done. Nil and zero fields ask for nothing.
type Expect struct {
	Outcome     engine.Outcome
	Outcomes    []engine.Outcome // any of these, where one outcome says too little
	Limit       string
	Killed      *bool
	Result      *string // in the result's preview
	Value       Bound   // the result is a number in this range
	Type        string
	Error       string
	Message     string // in the error's message
	Phase       string
	Line        int
	Console     []string         // in lines, in this order
	Printed     *Count           // lines of the console
	Blocked     []string         // exactly these doors; nil: any
	Doors       map[string]Count // these doors this often; others are ignored
	Calls       map[string]Count // exactly these, unless others are named; nil: any
	Allowed     map[string]Count // calls with this decision; those not named are ignored
	Denied      map[string]Count
	Failed      map[string]Count
	Used        []string         // exactly these secrets; nil: any
	Uses        map[string]Count // these secrets this often; others are ignored
	Revealed    []string         // exactly these secrets; nil: any
	Leaks       map[string]Count // these secrets this often; others are ignored
	Held        map[string]Count // attempts of these native hands that were refused: "read", or "read by seccomp"; others are ignored
	Fell        map[string]Count // those that worked
	Collections int              // at least
	Collected   map[string]Count // collections of these kinds; others are ignored
	Took        map[string]Bound // by time: wall, cpu
	Peak        map[string]Bound // by memory: heap, external, process
	With        Change           // under what it ran: this change would change nothing
	Under       map[string]Bound // the same, with ranges
}

// Run is what of a run is held against what must happen.
type Run struct {
	Report   inspector.Report
	Setup    session.Setup  // what it started from, without the values of secrets
	Calls    map[string]int // "db.query" to how often its arguments reached the host
	Used     []string       // secrets
	Revealed []string
}

// RunOf takes from a run that has ended what is held against what must happen.
func RunOf(state *inspector.State) Run {
	run := Run{Report: state.Report(), Calls: map[string]int{}}
	if state.Started != nil {
		run.Setup = session.SetupOf(*state.Started)
	}
	for _, call := range run.Report.Calls {
		if call.Args != "" { // else it was refused in the room: nothing of it crossed
			run.Calls[call.Capability+"."+call.Method] += max(1, call.Count)
		}
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
	if len(e.Outcomes) > 0 {
		differ(slices.Contains(e.Outcomes, r.Outcome), "outcome is %s, not one of %s (%s)", r.Outcome, outcomeList(e.Outcomes), inspector.Line(r.Summary))
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
	e.console(r, differ)
	e.doorsAndCalls(run, differ)
	e.secrets(run, differ)
	e.hands(run, differ)
	e.measured(run, differ)
	if e.With != "" {
		changed, err := new(Scenario).Apply(e.With, run.Setup)
		differ(err == nil && changed.Same(run.Setup), "it did not run with %s", e.With)
	}
	withDifferences(e.Under, run.Setup, differ)
	return out
}

func (e *Expect) console(r inspector.Report, differ func(bool, string, ...any)) {
	rest := r.Console
	for i, want := range e.Console {
		at := slices.IndexFunc(rest, func(c inspector.ConsoleLine) bool { return strings.Contains(c.Text, want) })
		differ(at >= 0, "console has no line with %q%s", want, after(e.Console[:i]))
		rest = rest[at+1:]
	}
	if e.Printed != nil {
		n := len(r.Console) + r.Dropped.Console
		differ(e.Printed.matches(n), "console has %d lines, not %s", n, e.Printed)
	}
}

func (e *Expect) doorsAndCalls(run Run, differ func(bool, string, ...any)) {
	var names []string
	doors := map[string]int{}
	for _, b := range run.Report.Blocked {
		names = append(names, b.Name)
		doors[b.Name] += max(1, b.Count)
	}
	if e.Blocked != nil {
		differ(same(names, e.Blocked), "doors tried are %s, not %s", list(names), list(e.Blocked))
	}
	countDifferences("was %stried", e.Doors, doors, differ)
	if e.Calls != nil {
		want := e.Calls
		if _, said := want[others]; !said {
			want = maps.Clone(want)
			for call := range run.Calls {
				if _, named := want[call]; !named {
					want[call] = Count{}
				}
			}
		}
		countDifferences("was %scalled", want, run.Calls, differ)
	}
	decided := map[bridge.Decision]map[string]int{}
	for _, call := range run.Report.Calls {
		if decided[call.Decision] == nil {
			decided[call.Decision] = map[string]int{}
		}
		decided[call.Decision][call.Capability+"."+call.Method] += max(1, call.Count)
	}
	countDifferences("was %sallowed", e.Allowed, decided[bridge.Allowed], differ)
	countDifferences("was %sdenied", e.Denied, decided[bridge.Denied], differ)
	countDifferences("%sfailed", e.Failed, decided[bridge.Failed], differ)
}

func (e *Expect) secrets(run Run, differ func(bool, string, ...any)) {
	if e.Used != nil {
		differ(same(run.Used, e.Used), "secrets used are %s, not %s", list(run.Used), list(e.Used))
	}
	if e.Revealed != nil {
		differ(same(run.Revealed, e.Revealed), "secrets revealed are %s, not %s", list(run.Revealed), list(e.Revealed))
	}
	uses, leaks := map[string]int{}, map[string]int{}
	for _, secret := range run.Report.Secrets {
		uses[secret.Name] += secret.Used
		leaks[secret.Name] += secret.Revealed
	}
	countDifferences("was %sused", e.Uses, uses, differ)
	countDifferences("was %srevealed", e.Leaks, leaks, differ)
}

func (e *Expect) hands(run Run, differ func(bool, string, ...any)) {
	held, fell := map[string]int{}, map[string]int{}
	for _, a := range run.Report.Attempts {
		if a.Held {
			held[a.Name]++
			held[a.Name+" by "+a.By]++
		}
		if a.Worked {
			fell[a.Name]++
		}
	}
	countDifferences("was %sheld", e.Held, held, differ)
	countDifferences("%sworked", e.Fell, fell, differ)
}

func (e *Expect) measured(run Run, differ func(bool, string, ...any)) {
	if e.Collections > 0 {
		n := 0
		for _, c := range run.Report.GC {
			n += max(1, c.Count)
		}
		differ(n >= e.Collections, "garbage was collected %d times, not at least %d", n, e.Collections)
	}
	kinds := map[string]int{}
	for _, c := range run.Report.GC {
		kinds[c.Kind] += max(1, c.Count)
	}
	countDifferences("%shappened", e.Collected, kinds, differ)
	for _, key := range slices.Sorted(maps.Keys(e.Took)) {
		n, known := took[key](run)
		differ(known && e.Took[key].holds(n, measureTime), "%s time was %s ms, not %s", key, shortNumber(n), e.Took[key])
	}
	for _, key := range slices.Sorted(maps.Keys(e.Peak)) {
		n, known := peaks[key](run)
		differ(known && e.Peak[key].holds(n, measureSize), "%s peak was %s, not %s", key, engine.FormatSize(int64(n)), e.Peak[key])
	}
}

func (e *Expect) result(r inspector.Report, differ func(bool, string, ...any)) {
	var got engine.Result
	if r.Result != nil {
		got = *r.Result
	}
	if e.Result != nil {
		differ(r.Result != nil && strings.Contains(got.Preview, *e.Result), "result is %s, without %q", shown(got.Preview), *e.Result)
	}
	if e.Value != (Bound{}) {
		n, err := strconv.ParseFloat(got.Preview, 64)
		differ(got.Type == "number" && err == nil && e.Value.holds(n, measureNumber), "result is %s, not a number of %s", shown(got.Preview), e.Value)
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

// Answered returns how calls that asked first were answered in a run, by
// capability: for a scenario that is made of what was just done. One that was
// denied once is denied.
func Answered(run Run) map[string]engine.Verdict {
	answers := map[string]engine.Verdict{}
	for _, call := range run.Report.Calls {
		switch {
		case call.AskedMS == nil:
		case call.Decision == bridge.Denied:
			answers[call.Capability] = engine.Deny
		case answers[call.Capability] == "":
			answers[call.Capability] = engine.Allow
		}
	}
	return answers
}

// same says whether two lists name the same things, however often.
func same(a, b []string) bool {
	unique := func(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }
	return slices.Equal(unique(a), unique(b))
}

func outcomeList(outcomes []engine.Outcome) string {
	names := make([]string, len(outcomes))
	for i, outcome := range outcomes {
		names[i] = string(outcome)
	}
	return strings.Join(names, ", ")
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
