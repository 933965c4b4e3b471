package wire

import "time"

// Bounds of one part of a profile. Our worker keeps them; the host refuses more.
const (
	MaxProfileNodes, MaxProfileFunctions, MaxProfileTicks, MaxAllocations = 3000, 1010, 2000, 410
	// MaxFunctionName is in bytes, with what replaces those that are no UTF-8.
	MaxFunctionName = 3 * 80
	// MaxProfile is how many bytes of profile a worker sends in a run.
	MaxProfile = 4 << 20
)

// Whose code a function is.
const (
	GuestCode     = "guest"
	EvaluatedCode = "evaluated" // text that the guest had evaluated, or WebAssembly
	BuiltinCode   = "builtin"   // of the language
	EngineCode    = "engine"    // what V8 did for itself, such as collecting garbage
)

// Profile is a part of where a run's time went, since the part before; and where
// its memory went, of the whole run so far.
type Profile struct {
	Functions []Function
	Nodes     []CallNode // node 0 is the root; a parent comes before its children
	Ticks     []Tick     `json:",omitempty"`

	Allocators  []Function   `json:",omitempty"`
	Allocations []Allocation `json:",omitempty"`

	Last bool `json:",omitempty"` // no part follows
	Cut  bool `json:",omitempty"` // since there was more than MaxProfile
}

// Function is one function: its name is the guest's choice.
type Function struct {
	Name, Kind   string
	Line, Column int `json:",omitempty"` // where it begins, from 1; 0 where unknown
}

// CallNode is a function as called from a line of its parent's function.
type CallNode struct{ Parent, Function, Line int }

// Tick is one sample: where the guest was. Line is in the node's function; 0 where
// unknown.
type Tick struct {
	At         time.Duration
	Node, Line int
}

// Allocation is a line that allocates, with the bytes that its samples stand for:
// all of them, and those still alive. Function is an index into Allocators.
type Allocation struct {
	Function, Line int
	Bytes, Live    uint64
}
