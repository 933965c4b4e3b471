// Package isolate is everything that touches V8: one isolate with its context,
// its prelude and its limits, run on one thread and watched from others.
//
// The rest of the program sees the interface below; v8.go fills it with v8go
// and a C++ shim of ours (shim_*.cc) for what v8go lacks. An older v8go can fill
// it too, in a file of its own.
//
// How a guest is looked at without running it is in prelude/.
package isolate

import (
	"encoding/json"
	"time"

	"sealedroom/engine/wire"
)

// Config is what is fixed once the process's V8 has started.
type Config struct {
	HeapLimit int64 // bytes of JavaScript heap; V8 holds it softly, see RATIONALE.md
	NoJIT     bool  // interpreter only; WebAssembly goes with it
	NoOpt     bool  // neither Maglev nor TurboFan: V8's bugs are most of all in them
	Seed      int64 // for Math.random; 0: V8's own
	Profile   bool  // a profile is wanted: V8 compiles so that it knows every line
}

// Program is a guest and what its isolate has in addition to the language.
type Program struct {
	Source string // UTF-8
	Name   string // as stacks show it: "guest.js"

	Codegen      bool // eval and the Function constructors
	Wasm         bool
	SharedMemory bool
	Timers       bool // setTimeout, setInterval, queueMicrotask

	// Capabilities are the objects through which the guest reaches the host.
	Capabilities []Capability

	// Hands are the names of the native hands that the guest gets, and Targets
	// what they may reach for, a JSON object; without names there are none.
	Hands   []string
	Targets string

	ResultLimit int // bytes of the result's preview; of an error's message, 64 KiB at most

	ProfileEvery time.Duration // between two samples of where time goes; 0: no profile
}

// Capability is an object of functions that the host answers.
type Capability struct {
	Name    string
	Methods []string
}

// Isolate is one V8 isolate for one run. Run belongs to the goroutine that
// called New, which must be locked to its thread; Stop, PrepareStop,
// RequestSample, Sample and GCs may be called from others while it runs.
type Isolate interface {
	// Run runs the program to its end: compile, run, microtasks, timers, and
	// reading the result or error. Do not use the isolate again after a
	// guest that is not trusted: what one leaves behind would reach the next.
	Run(Program, Watcher) Completion

	// Stop makes Run return soon. It has no effect while no JavaScript runs, and
	// some builtins must end first: repeat it until Run has returned.
	Stop()

	// PrepareStop makes a Stop that follows soon take effect sooner.
	PrepareStop()

	// Startup says what New took.
	Startup() Startup

	// Cage measures how V8 confines the pointers of its heap.
	Cage() wire.Cage

	// Heap reads the statistics at once, on the isolate's own goroutine.
	Heap() Sample

	// RequestSample asks for heap statistics at the next point where V8 can be
	// interrupted; Sample returns those not yet taken.
	RequestSample()
	Sample() (Sample, bool)

	// RequestPart asks for a part of the profile at the next point where V8 can be
	// interrupted; Parts returns those not yet taken. EndProfile makes the last one,
	// on the isolate's own goroutine, after Run; it has no effect without a profile.
	RequestPart()
	Parts() []wire.Profile
	EndProfile()

	// GCs appends the garbage collections since the last call.
	GCs([]GC) []GC
}

// Startup is what making an isolate took.
type Startup struct {
	Isolate time.Duration // V8's own start, and the isolate
	Context time.Duration // context and prelude
}

// Watcher is called while the guest runs, on the isolate's thread, with what it does.
// Text is bounded by the prelude; it is valid UTF-8 but otherwise as the guest
// wrote it.
type Watcher interface {
	Console(Console)
	Blocked(Blocked)
	// Translated says that the guest is written in another language, such as
	// "typescript", and how long making JavaScript of it took.
	Translated(language string, took time.Duration)
	// Call answers a call through the teller window while the guest waits. The
	// answer is a JSON object with the key "value", or with "error": {name,
	// code, message}. It returns soon after the run was stopped.
	Call(Call) (answer string)
	// Hand makes a system call for a guest with native hands. Its answer is as
	// Call's; Capability is empty.
	Hand(Call) (answer string)
}

// Call is one call of a guest's; Args is a JSON array of plain data. Where the
// arguments are no plain data, Code and Why say so instead: it is then to be
// answered with an error.
type Call struct {
	Capability, Method, Args string
	Code, Why                string
	At                       Position
}

// Position is a place in the guest's source, from 1; zero where unknown.
type Position struct {
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
}

// Console is one line, at most 10,000 UTF-16 units.
type Console struct {
	Level     string
	Text      string
	Truncated bool
	Tree      json.RawMessage // of the objects in it, as Result's, smaller; none for most lines
	At        Position
}

// Blocked is an attempt at something the room does not have, or several in a
// row from one place.
type Blocked struct {
	Kind  string // "global", "codegen" or "import"
	Name  string
	Count int
	At    Position
}

// Sample is V8's own account of its heap, in bytes.
type Sample struct {
	When      time.Duration // on the monotonic clock, see Now
	Used      uint64
	Committed uint64
	External  uint64
	At        Position // where the guest was, of a requested one
}

// GC is one garbage collection, or several of a kind folded into one.
type GC struct {
	When   time.Duration // on the monotonic clock, see Now
	Took   time.Duration
	Kind   string // "scavenge", "mark-compact", …
	Count  int
	Before uint64 // used bytes
	After  uint64
}

// Space is one of V8's heap spaces, in bytes.
type Space struct {
	Name      string
	Used      uint64
	Committed uint64
}

// Kind says how a run ended, as far as V8 knows. Why it was stopped is for
// the host to know.
type Kind string

// The kinds of completion.
const (
	Returned   Kind = "returned"
	Threw      Kind = "threw"
	Pending    Kind = "pending"    // a promise that nothing left can settle
	Terminated Kind = "terminated" // Stop, or the heap limit
)

// Completion is how a run ended.
type Completion struct {
	Kind          Kind
	Result        *Result  // Returned
	Error         *Error   // Threw
	StoppedAt     Position // Terminated, where V8 knew
	NearHeapLimit bool     // V8's heap came to its limit

	Compile time.Duration
	Run     time.Duration // the script itself
	Settle  time.Duration // microtasks, timers, waiting
	Read    time.Duration // result or error
	Spaces  []Space       // those in use
}

// Result previews a completion value.
type Result struct {
	Type      string `json:"type"`
	Preview   string `json:"preview"`
	Bytes     int    `json:"bytes"` // of the whole, as UTF-8; 0 where it is cut and its size is not known
	Truncated bool   `json:"truncated"`
	// Tree is an object's parts, as engine.Node reads them: at most 2,000 of
	// them and 400 KiB; nil for what has none.
	Tree json.RawMessage `json:"tree"`
}

// Error describes what was thrown, without running any of its code.
type Error struct {
	Phase      string     `json:"phase"` // "compile", "run" or "rejection"
	Type       string     `json:"type"`  // as Result's
	Name       string     `json:"name"`  // empty where something other than an error was thrown
	Message    string     `json:"message"`
	Stack      string     `json:"stack"`
	Code       string     `json:"code"`       // its property, where that is text or a number
	Properties []Property `json:"properties"` // other data of its own, such as status: 16 at most
	// Cause and Errors are what it was made from: 24 in all, nested to a depth
	// of 5. More counts those of Errors that are left out.
	Cause  *Error  `json:"cause"`
	Errors []Error `json:"errors"`
	More   int     `json:"more"`
	Position
}

// Property is one property of an error, its value as a preview.
type Property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}
