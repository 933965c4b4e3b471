package wire

import (
	"encoding/json"
	"time"
)

// Prepare starts a worker's V8: what is fixed for the process.
type Prepare struct {
	HeapLimit int64 // bytes
	NoJIT     bool
	NoOpt     bool
	Seed      int64
	Profile   bool `json:",omitempty"`
}

// Run is a guest and its room.
type Run struct {
	Source, Name                        string
	Codegen, Wasm, SharedMemory, Timers bool
	ResultLimit, OutputLimit            int           // bytes
	ProfileEvery                        time.Duration `json:",omitempty"` // between two samples; 0: no profile
	Capabilities                        []Capability
	Native                              *Native `json:",omitempty"` // the guest gets native hands
}

// Native is what stands behind the walls of a run with native hands, and which
// of them are left out: confine.Planted explains the rest.
type Native struct {
	File, Program, Socket string
	Port, PID, Descriptor int
	Address               uint64
	Traceable             bool
	Without               []string
}

// Capability is one that is granted: what the guest may call, never how it is
// answered.
type Capability struct {
	Name    string
	Methods []string
}

// Deadline is when the worker ends the run by itself. It is sent a few
// milliseconds ahead: an order sent at that time would arrive late. Zero cancels it.
type Deadline struct{ At time.Time }

// Call is the guest asking through the teller window. It waits for an Answer.
type Call struct {
	At                 time.Duration
	Capability, Method string
	Args               string // a JSON array, copied from the guest
	// Code and Why refuse a call whose arguments could not be copied.
	Code, Why    string `json:",omitempty"`
	Line, Column int
}

// Answer is what the guest gets: JSON, or an error to be made in its realm.
type Answer struct {
	JSON  string       `json:",omitempty"`
	Error *AnswerError `json:",omitempty"`
}

// AnswerError becomes a TypeError or an Error of the guest's own realm.
type AnswerError struct{ Name, Code, Message string }

// Cage is how V8 confines the pointers of its heap, as measured in the worker.
type Cage struct {
	Secure       bool   // V8's own answer: all of its sandbox is reserved
	Size         uint64 // bytes of address space that are the sandbox; 0: there is none
	Reserved     uint64 // bytes, with the guard regions around it
	PointerBytes int    // of a pointer in an object; 0 where it could not be measured
}

// Ready describes a worker that waits for its guest.
type Ready struct {
	V8      string
	Cage    Cage
	Thread  int      // OS thread of the isolate; 0 where unknown
	Walls   []Wall   // what holds it
	Lacking []string // what this system does not have, with why
	Start   time.Duration
	Isolate time.Duration // V8's own start, and the isolate
	Context time.Duration // its context and prelude, and a few guests to warm up
	Seal    time.Duration
	Heap    Sample // before the guest
}

// Events is what happened since the last one. Times are since the guest's start.
type Events struct {
	Console        []Console   `json:",omitempty"`
	Blocked        []Blocked   `json:",omitempty"`
	GCs            []GC        `json:",omitempty"`
	Samples        []Sample    `json:",omitempty"`
	Natives        []Hand      `json:",omitempty"`
	DroppedConsole int         `json:",omitempty"`
	DroppedBlocked int         `json:",omitempty"`
	Translated     *Translated `json:",omitempty"`
}

// Translated says that the guest was written in another language.
type Translated struct {
	At, Took time.Duration
	Language string // "typescript"
}

// Console is one line.
type Console struct {
	At           time.Duration
	Level, Text  string
	Truncated    bool            `json:",omitempty"`
	Tree         json.RawMessage `json:",omitempty"`
	Line, Column int             `json:",omitempty"`
}

// Blocked is Count attempts from one place.
type Blocked struct {
	At           time.Duration
	Kind, Name   string
	Count        int
	Line, Column int `json:",omitempty"`
}

// Hand is one attempt of a guest with native hands.
type Hand struct {
	At           time.Duration
	Name, Target string
	Call         string // the system call that decided; "" where none was made
	Worked, Held bool
	Answer       string // an errno's name, what was read, or why no call was made
	By           string `json:",omitempty"` // the wall that refused, where that is known
	Line, Column int    `json:",omitempty"`
}

// GC is Count garbage collections of a kind.
type GC struct {
	At, Took      time.Duration
	Kind          string
	Count         int
	Before, After uint64
}

// Sample is V8's account of its heap, in bytes, and where the guest was.
type Sample struct {
	At                        time.Duration
	Used, Committed, External uint64
	Line, Column              int `json:",omitempty"`
}

// Done is how a run ended, as far as the worker knows.
type Done struct {
	Kind          string // isolate.Kind
	NearHeapLimit bool
	Result        *Result `json:",omitempty"`
	Error         *Error  `json:",omitempty"`
	Line, Column  int     // where it was stopped
	Compile       time.Duration
	Run           time.Duration
	Settle        time.Duration
	Read          time.Duration
	CPU           time.Duration // of the isolate's thread; 0 where unknown
	Heap          Sample
	Spaces        []Space `json:",omitempty"`
	Profiling     bool    `json:",omitempty"` // the last part of the profile follows
}

// Result previews the guest's value; long previews came before in ResultText.
type Result struct {
	Type, Preview string
	Bytes         int
	Truncated     bool
	Tree          json.RawMessage `json:",omitempty"`
}

// Error is what the guest threw, with what that was made from.
type Error struct {
	Phase, Type, Name, Message, Stack, Code string
	Line, Column                            int        `json:",omitempty"`
	Properties                              []Property `json:",omitempty"`
	Cause                                   *Error     `json:",omitempty"`
	Errors                                  []Error    `json:",omitempty"`
	More                                    int        `json:",omitempty"` // errors left out
}

// Property is one property of an error, its value as a preview.
type Property struct{ Name, Value string }

// Space is one of V8's heap spaces, in bytes.
type Space struct {
	Name            string
	Used, Committed uint64
}

// Fatal is why V8 is about to abort the process.
type Fatal struct {
	OutOfMemory bool
	Message     string
}

// Wall is one thing that holds a worker: its name, and what it takes away.
type Wall struct{ Name, Strength string }

// Probe asks a sealed worker without a guest to try its walls. Inherited is a
// descriptor that the host left open for it to find, 0 for none. With Threads the
// worker starts that many threads instead, and sends no answer.
type Probe struct{ Inherited, Threads int }

// Walls holds the results of trying each wall from inside.
type Walls struct{ Attempts []Attempt }

// Attempt is one thing that native code in a worker would try.
type Attempt struct {
	Name   string
	Held   bool
	Detail string   // the system's answer
	By     []string // the walls that each refuse it
}
