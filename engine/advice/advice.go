// Package advice says what a person can do about how a run ended: which limit,
// switch or grant decided it, or what a text that does not compile most likely
// is.
//
// One table (names.go) says what provides each name that a guest may look for.
// The summary of a run, its hint on the command line and the list of doors all
// read it. Guests are only read here, never run; grammar.go says what reading
// one may cost.
package advice

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Advice is what a person can do about how a run ended. The zero value is none.
type Advice struct {
	// Text is one or two sentences. Words of the guest's stand in quotes.
	Text string `json:"text"`
	// Control is the control of the limits panel that decided, as links name it:
	// "memory", "timers", "grant.db". It is empty where none would help.
	Control string `json:"control,omitempty"`
	// HostCode is set when the guest is the code of a host that runs guests.
	HostCode bool `json:"host_code,omitempty"`
}

// Run is what advice needs to know of a run that has ended.
type Run struct {
	Source string
	V8     string

	// What was thrown and not caught; Phase is empty where nothing was.
	Phase         string // "compile", "run" or "rejection"
	Name, Message string
	Line, Column  int // from 1; 0 where unknown

	Result  string // its type; empty where there is none
	Blocked string // the blocked name last tried, if that was on Line

	Memory  string              // the memory limit, to read
	NoJIT   bool                // the guest was only interpreted
	Granted map[string][]string // the methods of each granted capability

	// Parse says what a source can be read as; nil: that is not looked into.
	Parse func(source string) Grammar
}

// ForLimit returns the advice for a run that was stopped at a limit: its key,
// which is its flag, and its title in the panel.
func ForLimit(key, title string) Advice {
	return Advice{Control: key, Text: fmt.Sprintf("To let it run on, raise the %s limit: --%s, or %s in the panel.", strings.ToLower(title), key, title)}
}

// For returns the advice for a run that was not stopped at a limit.
func For(r Run) Advice {
	switch {
	case r.Phase == "":
		return r.forResult()
	case r.Phase == "compile":
		return r.forSource()
	}
	if isHostCode(r.Source) {
		return hostCode
	}
	for _, explain := range []func() Advice{r.forName, r.forSwitch, r.forMemory, r.forCall, r.forFence} {
		if a := explain(); a.Text != "" {
			return a
		}
	}
	return Advice{}
}

var (
	notDefined = regexp.MustCompile(`^([\p{L}_$][\p{L}\p{N}_$]*) is not defined$`)
	declared   = regexp.MustCompile(`^Identifier '([\p{L}_$][\p{L}\p{N}_$]*)' has already been declared(?: by a grant)?$`)
)

// forName explains a name that the room lacks.
func (r Run) forName() Advice {
	if m := notDefined.FindStringSubmatch(r.Message); m != nil && r.Name == "ReferenceError" {
		if a := r.explainName(m[1]); a.Text != "" {
			return a
		}
		return r.explainTypo(m[1])
	}
	if r.Blocked != "" && r.Name == "TypeError" {
		return r.explainName(r.Blocked)
	}
	return r.forDeclaration()
}

// forDeclaration explains that a guest declares the name of a capability.
func (r Run) forDeclaration() Advice {
	m := declared.FindStringSubmatch(r.Message)
	if m == nil || r.Name != "SyntaxError" {
		return Advice{}
	}
	if _, ok := r.Granted[m[1]]; !ok {
		return Advice{}
	}
	return Advice{Control: "grant." + m[1], Text: fmt.Sprintf(
		"%s is granted, so it is there without a declaration: use it as it is, or give your own variable another name.", m[1])}
}

// forSwitch explains code from strings and import().
func (r Run) forSwitch() Advice {
	switch {
	case r.Name == "EvalError" && strings.HasPrefix(r.Message, "Code generation from strings disallowed"):
		return find("eval").off()
	case r.Name == "TypeError" && strings.HasPrefix(r.Message, "cannot import "):
		return Advice{Text: moduleText}
	}
	return Advice{}
}

// refused are V8's words for memory that it did not get, and tooLong those for
// a length that it never allows.
var (
	refused = regexp.MustCompile(`^(Array buffer allocation failed|Out of memory|Failed to allocate.*|.*: Out of memory|.*could not allocate memory)$`)
	tooLong = regexp.MustCompile(`^(Invalid typed array length(: \d+)?|Invalid array buffer length|Invalid array length|Invalid string length|Maximum BigInt size exceeded|(Map|Set) maximum size exceeded)$`)
)

// forMemory explains what the memory limit refused, and what V8 itself did.
func (r Run) forMemory() Advice {
	if r.Name != "RangeError" {
		return Advice{}
	}
	switch {
	case refused.MatchString(r.Message):
		return Advice{Control: "memory", Text: fmt.Sprintf(
			"The %s memory limit refused this allocation. To allow it, raise the memory limit: --memory, or Memory in the panel.", r.Memory)}
	case tooLong.MatchString(r.Message):
		return Advice{Text: "No memory limit was the reason: this is a length that V8 never allows."}
	case r.Message == "Maximum call stack size exceeded":
		return Advice{Text: "The guest's functions call each other too deeply. The size of the stack is V8's own, and no limit in the panel changes it."}
	}
	return Advice{}
}

var (
	noPromise = regexp.MustCompile(`(^|\.)(then|catch|finally) is not a function$`)
	noMethod  = regexp.MustCompile(`^(?:globalThis\.)?(db|http|files|kv)\.([\p{L}\p{N}_$]+) is not a function$`)
	noJSON    = regexp.MustCompile(`\.(json|text|ok) is not a function$`)
)

// forCall explains how the teller window is used where a guest expects
// something else.
func (r Run) forCall() Advice {
	if r.Name != "TypeError" || len(r.Granted) == 0 {
		return Advice{}
	}
	_, http := r.Granted["http"]
	if m := noMethod.FindStringSubmatch(r.Message); m != nil && !noPromise.MatchString(r.Message) && r.Granted[m[1]] != nil {
		methods := slices.Clone(r.Granted[m[1]])
		for i, method := range methods {
			methods[i] = m[1] + "." + method
		}
		return Advice{Text: fmt.Sprintf("%s offers %s.", m[1], list(methods, "and"))}
	}
	switch {
	case noPromise.MatchString(r.Message):
		return Advice{Text: "Calls through the teller window return their answer at once, not a promise: use the returned value, without .then, .catch or .finally (await is harmless)."}
	case http && noJSON.MatchString(r.Message):
		return Advice{Text: "http.get and http.post return {status, headers, body}, and body is text: use JSON.parse(response.body)."}
	}
	return Advice{}
}

// list writes names as in "a, b and c".
func list(names []string, last string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	n := len(names) - 1
	return strings.Join(names[:n], ", ") + " " + last + " " + names[n]
}
