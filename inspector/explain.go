package inspector

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/advice"
	"sealedroom/engine/bridge"
)

// Verdict is the outcome in words.
type Verdict struct {
	Outcome  engine.Outcome
	Title    string // "Timed out", or the error
	Sentence string // what happened, in a plain sentence or two
	Warnings []string

	Advice   string // what a person can do about it; "" where there is none
	Control  string // the control of the limits panel that decided, as links name it
	HostCode bool   // the guest is the code of a host, to be lifted out of it
}

// Summary is the verdict on one line: what happened, what held, and for an
// error what decided and what to do about it.
func (s *State) Summary() string {
	v := s.Verdict()
	if v.Outcome != engine.Exception {
		return strings.TrimSpace(v.Sentence + s.advice(v))
	}
	return strings.TrimRight(v.Title, ".") + ". " + v.Sentence + s.advice(v)
}

// lookingBack says what a moment of a recorded run is.
func (s *State) lookingBack() Verdict {
	v := Verdict{Title: "Looking back at " + engine.FormatTime(s.Now), Sentence: "The guest was in its room. This is the recording: nothing runs now."}
	switch {
	case s.Waiting != nil:
		v.Sentence = fmt.Sprintf("The run was paused: the guest had asked for %s.%s%s. This is the recording: nothing runs now.",
			s.Waiting.Capability, s.Waiting.Method, atLine(s.Waiting.Line))
	case s.Stopping != nil:
		v.Sentence = "The host had decided to end the run, and the guest was still there. This is the recording: nothing runs now."
	}
	return v
}

// advice is a verdict's, as a further sentence.
func (s *State) advice(v Verdict) string {
	if v.Advice == "" || s.Ended.Limit != nil {
		return ""
	}
	return " " + v.Advice
}

// Verdict explains a run, or says that there is none to explain yet.
func (s *State) Verdict() Verdict {
	if s.Ended == nil {
		if s.Started == nil {
			return Verdict{Title: "Ready", Sentence: "Nothing has run yet. Press Run to see what holds the guest in."}
		}
		if s.Recorded {
			return s.lookingBack()
		}
		if w := s.Waiting; w != nil {
			return Verdict{Title: "Waiting for you", Sentence: fmt.Sprintf(
				"The run and its clocks are paused: the guest asks for %s.%s%s. Allow or deny it.", w.Capability, w.Method, atLine(w.Line))}
		}
		return Verdict{Title: "Running", Sentence: "The guest is in its room."}
	}
	e := s.Ended
	v := Verdict{Outcome: e.Outcome, Warnings: s.warnings()}
	v.Title, v.Sentence = s.explain(e)
	if e.Advice != nil {
		v.Advice, v.Control, v.HostCode = Line(e.Advice.Text), e.Advice.Control, e.Advice.HostCode
	}
	v.Title, v.Sentence = s.explainHands(v.Title, v.Sentence)
	if e.Time.Paused > 0 {
		v.Sentence += " It was paused for " + engine.FormatTime(e.Time.Paused.Round(time.Millisecond)) + " while you decided."
	}
	return v
}

// explain returns a run's headline, and the sentences below it.
func (s *State) explain(e *engine.Ended) (title, sentence string) {
	limits := engine.Limits{}
	if s.Started != nil {
		limits = s.Started.Limits
	}
	switch e.Outcome {
	case engine.OK:
		return s.explainEnd(e)
	case engine.Exception:
		return s.explainError(e)
	case engine.Pending:
		waits := ""
		if e.StoppedLine > 0 {
			waits = fmt.Sprintf(" It still waits%s.", atLine(e.StoppedLine))
		}
		return "Waiting for ever", "The guest ended with a promise that nothing in the room can settle." + waits
	case engine.Timeout:
		doing := "The guest was still running"
		if s.waited(e) {
			doing = "The guest was still waiting"
		}
		return "Timed out", fmt.Sprintf("Stopped at the %s time limit%s. %s.%s", engine.FormatTime(limits.Wall()), stoppedOn(e), doing, s.ending(e))
	case engine.ExceededCPU:
		return "Out of CPU time", fmt.Sprintf("Stopped at the %s CPU limit%s.%s", engine.FormatTime(limits.CPU()), stoppedOn(e), s.ending(e))
	case engine.ExceededMemory:
		return "Out of memory", strings.TrimSpace(s.explainMemory(e, limits.Memory()) + " " + s.WhoFilledTheHeap())
	case engine.ExceededCalls:
		return "Too many calls", fmt.Sprintf("Stopped at the limit of %s through the teller window%s.%s", plural(limits.Calls(), "call"), stoppedOn(e), s.ending(e))
	case engine.ExceededOutput:
		return "Too much output", fmt.Sprintf("Stopped at the %s output limit%s.%s", engine.FormatSize(limits.Output()), stoppedOn(e), s.ending(e))
	case engine.Canceled:
		if s.Started == nil {
			return "Stopped by you", "You stopped the run before it began."
		}
		return "Stopped by you", fmt.Sprintf("You stopped the run after %s%s.%s", engine.FormatTime(e.Time.Wall.Round(time.Microsecond)), stoppedOn(e), s.ending(e))
	}
	return "The worker crashed", "The worker process died, and no limit explains why (" + quote(e.Detail, 200) + "). The app kept running."
}

// explainEnd explains a guest that ended by itself: its result, and what held.
func (s *State) explainEnd(e *engine.Ended) (title, sentence string) {
	took := engine.FormatTime(e.Time.Wall.Round(time.Microsecond))
	if secrets := s.revealed(); secrets != "" {
		return "Finished, and a secret left the vault", fmt.Sprintf("The guest finished in %s, and it got %s.", took, secrets)
	}
	title, sentence = "Finished", "The guest finished in "+took+"."
	if e.Result != nil && e.Result.Type != "undefined" {
		sentence += " The result is " + resultWords(e.Result) + "."
	}
	if hole := s.Hole(); hole != "" {
		return "Finished, and it used a hole in a grant", sentence + " " + hole
	}
	var held []string
	if s.Refused > 0 {
		held = append(held, fmt.Sprintf("%s refused", were(s.Refused, "call")))
		title = "Finished, and the teller window held"
	}
	if n := s.doorsTried(); n > 0 {
		held = append(held, fmt.Sprintf("%s tried and stayed shut", were(n, "door")))
	}
	if len(held) > 0 {
		sentence += " " + strings.Join(held, ", and ") + "."
		if len(s.Secrets) > 0 {
			sentence += " No secret left the vault."
		}
	}
	return title, sentence
}

// plainResult is a result that needs no quotes: none of its words are a guest's.
var plainResult = regexp.MustCompile(`^(-?[0-9][0-9.e+-]*n?|true|false|null|NaN|-?Infinity)$`)

// resultWords is a result on one line.
func resultWords(r *engine.Result) string {
	if r.Type != "string" && plainResult.MatchString(r.Preview) {
		return r.Preview
	}
	if r.Type == "string" {
		return quote(r.Preview, 80)
	}
	return quote(strings.Join(strings.Fields(shorten(r.Preview, 400)), " "), 80)
}

// doorsTried counts the doors that were tried, without names that are likely
// misspelt.
func (s *State) doorsTried() int {
	n := 0
	for _, b := range s.Blocked {
		if b.Kind != "global" || len(advice.Find(b.Name).Names) > 0 {
			n++
		}
	}
	return n
}

func were(n int, noun string) string {
	if n == 1 {
		return "1 " + noun + " was"
	}
	return plural(n, noun) + " were"
}

// waited reports whether a guest that was stopped was waiting, for a timer say,
// and neither computing nor kept from a core by other programs.
func (s *State) waited(e *engine.Ended) bool {
	if !e.Time.HasCPU || e.Killed {
		return false
	}
	busy := e.Time.CPU
	if n := len(s.Heap); n > 0 {
		busy += s.Heap[n-1].NoCore
	}
	share := float64(busy) / float64(max(1, e.Time.Wall))
	return share < 0.03 || e.StoppedLine == 0 && share < 0.2
}

// ending says how a run that was stopped ended, and when, where that was later
// than it was told to.
func (s *State) ending(e *engine.Ended) string {
	var asked time.Duration
	if s.Stopping != nil {
		asked = s.Stopping.At
	}
	late := asked > 0 && e.Time.Wall-asked >= max(asked/50, 5*time.Millisecond)
	at := func(d time.Duration) string { return engine.FormatTime(d.Round(time.Millisecond)) }
	switch {
	case e.Killed && late:
		return fmt.Sprintf(" V8 was told to stop at %s and would not, so the worker process was killed; it was gone at %s. The app kept running.", at(asked), at(e.Time.Wall))
	case e.Killed:
		return " V8 would not stop, so the worker process was killed. The app kept running."
	case late:
		return fmt.Sprintf(" V8 was told to stop at %s, and the guest was gone at %s. The app kept running.", at(asked), at(e.Time.Wall))
	}
	return " The room was torn down; the app kept running."
}

// explainMemory also says so where V8 asked for more at once than was left.
func (s *State) explainMemory(e *engine.Ended, limit int64) string {
	sentence := fmt.Sprintf("Stopped at the %s memory limit%s.", engine.FormatSize(limit), stoppedOn(e))
	held := s.PeakUsed + s.PeakExternal
	if e.Killed {
		sentence = fmt.Sprintf("The guest passed the %s memory limit faster than V8 could stop it%s.", engine.FormatSize(limit), stoppedOn(e))
	} else if held > 0 && held < limit*95/100 && e.Memory.Growth < limit*95/100 {
		sentence += fmt.Sprintf(" The guest held %s, and what V8 asked for next would have passed the limit.", engine.FormatSize(held))
	}
	return sentence + s.ending(e)
}

// Uncaught is the error that ended a run, as consoles print it: "Uncaught
// TypeError: no". It is empty where none did. The text is the app's, made from
// the error, and no line of the guest's console.
func (s *State) Uncaught() string {
	if s.Ended == nil || s.Ended.Outcome != engine.Exception || s.Ended.Error == nil {
		return ""
	}
	return uncaught(s.Ended.Error, 400)
}

// uncaught is the headline of an error; n is the most characters of its
// message.
func uncaught(e *engine.GuestError, n int) string {
	what := quote(e.Message, n)
	switch {
	case slices.Contains(errorNames, e.Name):
		what = strings.TrimSuffix(e.Name+": "+straight.Replace(Line(shorten(e.Message, n))), ": ")
	case e.Name != "":
		what = quote(e.Name, 60) + ": " + what
	case e.Type == "null" || e.Type == "undefined":
		what = e.Type
	}
	if e.Phase == "rejection" {
		return "Uncaught (in promise) " + what
	}
	return "Uncaught " + what
}

// errorNames are the language's own; any other name is the guest's choice, and
// stands in quotes.
var errorNames = []string{"Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError", "AggregateError", "InternalError"}

// thrownKinds are the words for what is thrown and is not an error.
var thrownKinds = map[string]string{
	"null": "null", "undefined": "undefined", "string": "a string", "number": "a number", "boolean": "a boolean",
	"bigint": "a bigint", "symbol": "a symbol", "function": "a function", "object": "an object",
}

func (s *State) explainError(e *engine.Ended) (title, sentence string) {
	if e.Error == nil {
		return "Uncaught error", "The guest threw something."
	}
	title = uncaught(e.Error, 120)
	on := strings.TrimPrefix(onLine(e.Error.Line), ",")
	thing, isOther := thrownKinds[e.Error.Type]
	switch {
	case e.Error.Phase == "compile":
		sentence = "The guest does not compile, so nothing was run."
		if on != "" {
			sentence = fmt.Sprintf("Line %d does not compile, so nothing was run.", e.Error.Line)
		}
	case e.Error.Phase == "rejection" && isOther:
		sentence = fmt.Sprintf("A promise was rejected with %s%s, and nothing in the guest handled it.", thing, on)
	case e.Error.Phase == "rejection":
		sentence = fmt.Sprintf("A promise was rejected%s, and nothing in the guest handled it.", on)
	case isOther:
		sentence = fmt.Sprintf("The guest threw %s%s, which is not an Error, and did not catch it.", thing, on)
	default:
		sentence = fmt.Sprintf("The guest threw this%s and did not catch it.", on)
	}
	return title, sentence + carried(e.Error)
}

// Hole names the hole of a naive grant that the guest used without getting a
// secret, in a sentence; it is empty where the app saw none.
func (s *State) Hole() string {
	if s.Started == nil {
		return ""
	}
	for _, c := range s.Calls {
		if c.Decision != bridge.Allowed || s.Started.Grants[c.Capability] != bridge.Naive {
			continue
		}
		var args []any
		if json.Unmarshal([]byte(c.Args), &args) != nil || len(args) == 0 {
			continue
		}
		key, _ := args[0].(string)
		switch {
		case c.Capability == "kv" && c.Method == "set" && key == "__proto__":
			return fmt.Sprintf("The naive kv took the key __proto__%s: every record of the store now inherits what the guest put there.", strings.TrimPrefix(onLine(c.Line), ","))
		case c.Capability == "files" && slices.Contains(strings.FieldsFunc(key, func(c rune) bool { return c == '/' || c == '\\' }), ".."):
			return fmt.Sprintf("The naive files followed a name with .. in it%s, out of the folder that was granted.", strings.TrimPrefix(onLine(c.Line), ","))
		}
	}
	return ""
}

// onLine is ", on line 3", or nothing where the line is unknown.
func onLine(line int) string {
	if line <= 0 {
		return ""
	}
	return fmt.Sprintf(", on line %d", line)
}

// stoppedOn is where a guest was stopped, for the end of a sentence: ", on line 3",
// or nothing where that is not known.
func stoppedOn(e *engine.Ended) string {
	if e.LastSeen {
		return fmt.Sprintf("; the guest was last seen on line %d", e.StoppedLine)
	}
	return onLine(e.StoppedLine)
}

// atLine is " at line 3", or nothing where the line is unknown.
func atLine(line int) string {
	if line <= 0 {
		return ""
	}
	return fmt.Sprintf(" at line %d", line)
}

// quote sets a guest's words apart from ours: on one line, at most n
// characters of them, between quotes that they cannot close.
func quote(text string, n int) string {
	return "“" + straight.Replace(Line(shorten(text, n))) + "”"
}

var straight = strings.NewReplacer("“", "\"", "”", "\"")

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

// warnings says which limits a guest that finished came close to.
func (s *State) warnings() []string {
	var out []string
	e := s.Ended
	if e.Outcome != engine.OK || s.Started == nil {
		return nil
	}
	for _, limit := range engine.AllLimits() {
		used, allowed := float64(s.Used(limit)), float64(s.Started.Limits.Get(limit))
		if limit.Stops() && allowed > 0 && used >= NearLimit*allowed {
			out = append(out, fmt.Sprintf("used %.0f %% of its %s limit", 100*used/allowed, limit.Word()))
		}
	}
	return out
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
