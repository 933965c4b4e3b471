package inspector

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sealedroom/engine"
)

// Verdict is the outcome in words.
type Verdict struct {
	Outcome  engine.Outcome
	Title    string // "Timed out — stopped after 1 001 ms"
	Sentence string // one plain sentence
	Warnings []string
}

// Summary is the verdict's sentence: what happened and what held.
func (s *State) Summary() string { return s.Verdict().Sentence }

// Verdict explains a run, or says that there is none to explain yet.
func (s *State) Verdict() Verdict {
	if s.Ended == nil {
		if s.Started == nil {
			return Verdict{Title: "Ready", Sentence: "Nothing has run yet: press Run, and see what holds it in."}
		}
		if w := s.Waiting; w != nil {
			return Verdict{Title: "Waiting for you", Sentence: fmt.Sprintf(
				"The run is paused, and its clocks: the guest asks for %s.%s%s. Allow or deny it.", w.Capability, w.Method, atLine(w.Line))}
		}
		return Verdict{Title: "Running", Sentence: "The guest is in its room."}
	}
	e := s.Ended
	v := Verdict{Outcome: e.Outcome, Warnings: s.warnings()}
	v.Title, v.Sentence = s.explain(e)
	if e.Time.Paused > 0 {
		v.Sentence += " It was paused for " + engine.FormatTime(e.Time.Paused.Round(time.Millisecond)) + " while you decided."
	}
	return v
}

func (s *State) explain(e *engine.Ended) (title, sentence string) {
	where := ""
	if e.StoppedLine > 0 {
		where = fmt.Sprintf(" The guest was at line %d.", e.StoppedLine)
	}
	how := " V8 was told to terminate; the room was torn down, the app kept running."
	if e.Killed {
		how = " V8 would not stop, so the worker process was killed; the app kept running."
	}
	took := engine.FormatTime(e.Time.Wall.Round(time.Microsecond))
	switch e.Outcome {
	case engine.OK:
		if secrets := s.revealed(); secrets != "" {
			return "Finished, and a secret left the vault", fmt.Sprintf("The guest ran to its end in %s, and it got %s.", took, secrets)
		}
		sentence = "The guest ran to its end in " + took + "."
		if n := len(s.Blocked); n > 0 {
			sentence = fmt.Sprintf("The guest ran to its end in %s; it tried %s, all shut.", took, plural(n, "door"))
		}
		return "Finished", sentence
	case engine.Exception:
		return s.explainError(e)
	case engine.Pending:
		return "Waiting for ever", "The guest ended with a promise that nothing in the room can settle."
	case engine.Timeout:
		return "Timed out — stopped after " + engine.FormatTime(duration(e.Limit)),
			fmt.Sprintf("The guest was still running at its wall-clock limit of %s.%s%s", engine.FormatTime(s.Started.Limits.Wall()), where, how)
	case engine.ExceededCPU:
		return "Out of CPU time — stopped at " + engine.FormatTime(duration(e.Limit)),
			fmt.Sprintf("The guest used up its %s of CPU time.%s%s", engine.FormatTime(s.Started.Limits.CPU()), where, how)
	case engine.ExceededMemory:
		limit := engine.FormatSize(s.Started.Limits.Memory())
		if e.Killed {
			return "Out of memory — killed at its limit", fmt.Sprintf("The guest's footprint passed its limit of %s faster than V8 could stop it, so the worker process was killed; the app kept running.", limit)
		}
		return "Out of memory — stopped at its limit", fmt.Sprintf("The guest's footprint came to its limit of %s.%s The room was torn down, the app kept running.", limit, where)
	case engine.ExceededCalls:
		return "Too many calls", fmt.Sprintf("The guest used the teller window more often than its limit allows.%s%s", where, how)
	case engine.ExceededOutput:
		return "Too much output", fmt.Sprintf("The guest wrote more to its console than its limit of %s.%s%s", engine.FormatSize(s.Started.Limits.Output()), where, how)
	case engine.Canceled:
		return "Stopped by you", "The run was canceled." + where + how
	}
	return "The worker crashed", "The worker process died, and no limit explains why (" + Line(e.Detail) + "); the app kept running."
}

func (s *State) explainError(e *engine.Ended) (title, sentence string) {
	if e.Error == nil {
		return "Threw", "The guest threw something."
	}
	name := e.Error.Name
	if !slices.Contains(errorNames, name) {
		if name == "" {
			name = e.Error.Type
		}
		name = quote(name, 60)
	}
	at := atLine(e.Error.Line)
	what := quote(e.Error.Message, 160)
	switch e.Error.Phase {
	case "compile":
		return "Does not compile", fmt.Sprintf("%s%s: %s. Nothing was run.", name, at, what)
	case "rejection":
		return "A promise was rejected", fmt.Sprintf("Nobody handled the rejection%s: %s, %s.", at, name, what)
	}
	if n := len(s.Blocked); n > 0 && e.Error.Name == "ReferenceError" && strings.HasPrefix(e.Error.Message, s.Blocked[n-1].Name+" ") {
		door := quote(s.Blocked[n-1].Name, 60)
		return "Threw at a shut door", fmt.Sprintf("The guest tried %s%s; the room has no such thing, so it is a ReferenceError like any other.", door, at)
	}
	title = "Threw an error"
	if !strings.HasPrefix(name, "“") {
		title = "Threw " + name
	}
	return title, fmt.Sprintf("Uncaught %s%s: %s.", name, at, what)
}

// atLine is " at line 3", or nothing where the line is unknown.
func atLine(line int) string {
	if line <= 0 {
		return ""
	}
	return fmt.Sprintf(" at line %d", line)
}

// errorNames are the language's own; any other name is the guest's choice.
var errorNames = []string{"Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError", "AggregateError", "InternalError"}

// quote sets a guest's words apart from ours: on one line, at most n
// characters of them, between quotes that they cannot close.
func quote(text string, n int) string {
	return "“" + strings.NewReplacer("“", "\"", "”", "\"").Replace(Line(shorten(text, n))) + "”"
}

// NearLimit is the part of a limit from which on a person is warned.
const NearLimit = 0.8

// Revealed names the secrets that left the vault.
func (s *State) Revealed() []string {
	var out []string
	for _, secret := range s.Secrets {
		if secret.Revealed > 0 {
			out = append(out, secret.Name)
		}
	}
	return out
}

func (s *State) revealed() string {
	var parts []string
	for _, secret := range s.Secrets {
		if secret.Revealed > 0 && len(secret.Where) > 0 {
			parts = append(parts, secret.Name+" (first in the "+secret.Where[0]+")")
		}
	}
	return strings.Join(parts, " and ")
}

// warnings tells which limits a guest that went well came close to.
func (s *State) warnings() []string {
	var out []string
	e := s.Ended
	if e.Outcome != engine.OK || s.Started == nil {
		return nil
	}
	near := func(name string, used, allowed float64) {
		if allowed > 0 && used >= NearLimit*allowed {
			out = append(out, fmt.Sprintf("used %.0f %% of its %s limit", 100*used/allowed, name))
		}
	}
	limits := s.Started.Limits
	near("memory", float64(s.PeakHeap), float64(limits.Memory()))
	near("wall", float64(e.Time.Wall), float64(limits.Wall()))
	near("cpu", float64(e.Time.CPU), float64(limits.CPU()))
	near("calls", float64(s.CallCount), float64(limits.Calls()))
	near("output", float64(s.ConsoleBytes), float64(limits.Output()))
	return out
}

func duration(limit *engine.LimitUse) time.Duration {
	if limit == nil {
		return 0
	}
	return time.Duration(limit.Used * float64(time.Millisecond))
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// shorten keeps at most n characters.
func shorten(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i] + "…"
		}
		n--
	}
	return text
}
