package engine

import (
	"encoding/json"
	"time"

	"sealedroom/engine/advice"
	"sealedroom/engine/bridge"
)

// Event is one thing that happened in a run, in order. A Started comes first,
// an Ended last. Text is as the guest wrote it, bounded, and valid UTF-8.
type Event interface {
	// When is the time since the guest was handed over, without what the run was
	// paused while a person was asked.
	When() time.Duration
	event()
}

// Started says that a worker has the guest, and everything the run starts from
// but the values of secrets.
type Started struct {
	Name     string // the guest's file name
	Source   string // the guest, as it was given
	Limits   Limits
	Grants   map[string]bridge.Grant
	AskFirst []string `json:",omitempty"` // capabilities, in alphabetical order
	Secrets  []string `json:",omitempty"` // names of those that no grant brings

	PID     int // the worker's
	V8      string
	Walls   []Wall   // what holds the worker
	Lacking []string // what this system does not have, with why
	Has     []string `json:",omitempty"` // which of Abilities
	Waited  Waited
	Breach  *Breach `json:",omitempty"` // of a guest with native hands
	Profile bool    `json:",omitempty"` // parts of a profile come, as Profiled
}

// Waited is what starting a run took, before the guest was handed over.
type Waited struct {
	Bridge  time.Duration // opening what is granted
	Worker  time.Duration // waiting for a worker to be ready; next to nothing with a spare
	Spare   bool          // a spare was at hand
	Process time.Duration // the worker's own: to start the process …
	Isolate time.Duration // … V8 and the isolate …
	Context time.Duration // … its context and prelude, and a few guests to warm up …
	Seal    time.Duration // … and to confine itself
}

// Translated says that the guest is written in another language than JavaScript,
// and was translated before it ran. Places in events are those of its own text.
type Translated struct {
	At, Took time.Duration
	Language string // "typescript"
}

// Console is one line of the guest's console.
type Console struct {
	At           time.Duration
	Level, Text  string
	Truncated    bool
	Line, Column int   // 0 where unknown
	Tree         *Node `json:",omitempty"` // of the objects in it; the first lines that have any bring it
}

// Blocked is one or more attempts at a door that is shut, from one place.
type Blocked struct {
	At           time.Duration
	Kind, Name   string // Kind: "global", "codegen" or "import"
	Count        int
	Line, Column int
}

// Heap is a reading of memory, in bytes, and of the processor. While V8 cannot
// be interrupted there is no account of its own: only Process is known, and V8
// false.
type Heap struct {
	At                        time.Duration
	V8                        bool
	Used, Committed, External int64
	Process                   int64         // resident, all of the worker; 0 where it could not be read
	CPU                       time.Duration // of the isolate so far; 0 where it could not be read
	NoCore                    time.Duration `json:",omitempty"` // that it was ready to run and no core was free, so far
}

// GC is Count garbage collections of a kind; sizes in bytes.
type GC struct {
	At, Took      time.Duration
	Kind          string // V8's names: "scavenge", "mark-compact", …
	Count         int
	Before, After int64
}

// Call is one call through the teller window, from both of its sides. Texts
// are bounded; Args and Answer are JSON as it crossed. Args is empty where the
// arguments were no plain data: they did not cross.
type Call struct {
	At, Took           time.Duration
	N                  int64 // in the run, from 1
	Capability, Method string
	Args               string
	Answer             string // what the guest got: JSON, or an error's message
	Code               string // of the error; "" where it was answered
	Logged             string // what the host logged; it may hold secrets
	Decision           bridge.Decision
	BytesIn, BytesOut  int
	Line, Column       int
	Secrets            []string // seen in it
	// Asked is how long the run was paused for a person to decide about it; 0:
	// no person was asked.
	Asked time.Duration
}

// Asked is a call that waits for a person, and the run with it: its clocks
// stand still until an Answered.
type Asked struct {
	At                 time.Duration
	N                  int64 // the call's, as in Call
	Capability, Method string
	Args               string // all of them, JSON as it crossed: at most 64 KiB
	BytesIn            int
	Line, Column       int
	Secrets            []string // seen in the arguments
}

// Answered is the end of that wait, with how long the run was paused.
type Answered struct {
	At      time.Duration
	N       int64
	Verdict Verdict // "": the run ended first
	Took    time.Duration
}

// Verdict is what a person decides about a call.
type Verdict string

// The verdicts.
const (
	Deny   Verdict = "deny"
	Allow  Verdict = "allow"
	Always Verdict = "always" // and every later call of this method in this run
)

// Vault is what became of each secret so far. It comes when that changes.
type Vault struct {
	At      time.Duration
	Secrets []bridge.SecretReport
}

// Dropped counts events that were not passed on.
type Dropped struct {
	At               time.Duration
	Console, Blocked int
}

// Stopping is the host's decision to end the run.
type Stopping struct {
	At      time.Duration
	Outcome Outcome
	Limit   *LimitUse
}

// Ended is the last event of a run.
type Ended struct {
	At      time.Duration
	Outcome Outcome
	Killed  bool // V8 would not stop: the worker was killed
	Limit   *LimitUse
	Result  *Result
	Error   *GuestError
	Detail  string         // of a crash
	Advice  *advice.Advice `json:",omitempty"` // what a person can do about it; nil: nothing that we know of

	StoppedLine, StoppedColumn int // where a stopped guest was; 0 where unknown
	// LastSeen says that this is where it was seen last, some milliseconds before: its
	// worker was killed.
	LastSeen bool `json:",omitempty"`

	Time   Times
	Memory Peaks
	Spaces []Space
}

// Result previews what the guest returned.
type Result struct {
	Type      string `json:"type"`
	Preview   string `json:"preview"`
	Bytes     int    `json:"bytes"` // of the whole; 0 where it is cut and its size is not known
	Truncated bool   `json:"truncated"`
	// Tree is an object's parts; nil for what has none.
	Tree *Node `json:"tree,omitempty"`
}

// MarshalJSON leaves out a size that is not known.
func (r Result) MarshalJSON() ([]byte, error) {
	type plain Result
	shown := struct {
		plain
		Bytes *int `json:"bytes,omitempty"`
	}{plain: plain(r), Bytes: &r.Bytes}
	if r.Truncated && r.Bytes == 0 {
		shown.Bytes = nil
	}
	return json.Marshal(shown)
}

// GuestError is what the guest threw.
type GuestError struct {
	Phase   string `json:"phase,omitempty"` // "compile", "run" or "rejection"; "" inside another
	Type    string `json:"type,omitempty"`
	Name    string `json:"name,omitempty"`
	Message string `json:"message"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Stack   string `json:"stack,omitempty"`
	Code    string `json:"code,omitempty"`
	// Properties are other data that it carries, such as a status.
	Properties []Property `json:"properties,omitempty"`
	// Cause and Errors are what it was made from; More counts those of Errors
	// that are left out.
	Cause  *GuestError  `json:"cause,omitempty"`
	Errors []GuestError `json:"errors,omitempty"`
	More   int          `json:"more_errors,omitempty"`
}

// Property is one property of an error, its value as a preview.
type Property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Times is where a run's time went. What was not measured is 0.
//
// Where there was a result, FirstResult is the sum of Waited's Bridge and Worker
// and of HandOver, Compile, Run, Settle, Read and Between.
type Times struct {
	Wall        time.Duration // hand-over to the end, without what it was paused
	Paused      time.Duration // while a person was asked
	CPU         time.Duration // the isolate thread's
	HasCPU      bool
	NoCore      time.Duration // that thread was ready to run, and no core was free
	HasNoCore   bool          // only some systems say so
	FirstResult time.Duration // request to the worker's answer; 0 where there was none
	HandOver    time.Duration // the host's part of handing the guest over
	Compile     time.Duration
	Run         time.Duration
	Settle      time.Duration // microtasks, timers, waiting
	Read        time.Duration // the result or error
	Between     time.Duration // on the way there and back: the pipes, waking up, waiting for a core
	StopAt      time.Duration `json:"Told"` // when the host decided to end the run, on the guest's clock; 0 where it did not
	Stop        time.Duration // from then until it had ended
	Teardown    time.Duration // the end, until the worker was gone
}

// Peaks are the highest readings, in bytes. Process counts what the worker
// grew by since the guest was handed over, not counting its size before that.
type Peaks struct {
	Heap, External, Process, Growth int64
}

// Space is one of V8's heap spaces at the end, in bytes.
type Space struct {
	Name            string
	Used, Committed int64
}

// Err is nil when the guest completed; else a *StopError with the reason.
func (e Ended) Err() error {
	if e.Outcome == OK {
		return nil
	}
	detail := e.Detail
	if e.Error != nil {
		detail = e.Error.Message
	}
	stop := &StopError{Outcome: e.Outcome, Limit: e.Limit, Detail: detail}
	if e.Advice != nil {
		stop.Advice = e.Advice.Text
	}
	return stop
}
