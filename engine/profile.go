package engine

import (
	"fmt"
	"strings"
	"time"

	"sealedroom/engine/bridge"
	"sealedroom/engine/wire"
)

const (
	// profileEvery is the time between two samples of a profile.
	profileEvery = time.Millisecond
	// profileWait is how long the host waits for the last part of a profile once the
	// run is over.
	profileWait = 400 * time.Millisecond
)

// Profiled is a part of the profile of a run that asked for one: where its time
// went since the part before, and where its memory went so far. Everything in it
// was sampled. Text is the guest's, bounded, and valid UTF-8.
type Profiled struct {
	At        time.Duration
	Functions []Function
	// Nodes are the calls as a tree: node 0 is its root, and a parent comes before
	// its children.
	Nodes []CallNode
	Ticks []Tick // in order of time
	// Allocations are those of the whole run so far, at most some 400 lines.
	Allocations []Allocation
	// Cut reports that the profile was longer than what is kept of one: what came
	// later is missing.
	Cut bool `json:",omitempty"`
}

// Function is a function in a profile.
type Function struct {
	Name string // the guest's choice; "" for the text itself, and for functions without a name
	// Kind is whose code it is: "guest", "evaluated" (text that the guest had
	// evaluated, or WebAssembly), "builtin" (of the language), or "engine" (what V8
	// did for itself, by V8's own names: "(garbage collector)").
	Kind         string
	Line, Column int `json:",omitempty"` // where it begins, from 1; 0 where unknown
}

// CallNode is a function as called from a line of its parent's; 0 where that is
// unknown. The numbers are indices.
type CallNode struct{ Parent, Function, Line int }

// Tick is one sample of where the guest was: in a node, on a line of that node's
// function, 0 where unknown.
type Tick struct {
	At         time.Duration
	Node, Line int
}

// Allocation is a line of the guest that allocates, with the bytes of V8's heap
// that its samples stand for: all of them, and those still in use. Line 0 is what
// no line of the guest's could be found for.
type Allocation struct {
	Function    Function
	Line        int
	Bytes, Live int64
}

// profiling is what has come of the run's profile.
type profiling struct {
	bytes int
	names map[string]bool // that were searched for secrets
	last  time.Duration   // the newest tick
	ended bool
}

// every is the time between samples that a run asks for; 0: no profile.
func (g Guest) profileEvery() time.Duration {
	if g.Profile {
		return profileEvery
	}
	return 0
}

// handleProfile takes a part of the profile. An error means that our worker did not
// send it.
func (r *run) handleProfile(body []byte) error {
	p := &r.profiling
	p.bytes += len(body)
	if !r.guest.Profile || p.ended || p.bytes > wire.MaxProfile+wire.MaxFromWorker {
		return fmt.Errorf("profile: %w", wire.ErrTooLong)
	}
	var part wire.Profile
	if err := wire.Decode(wire.KindProfile, body, &part); err != nil {
		return err
	}
	if len(part.Nodes) > wire.MaxProfileNodes || len(part.Functions) > wire.MaxProfileFunctions ||
		len(part.Ticks) > wire.MaxProfileTicks || len(part.Allocations) > wire.MaxAllocations || len(part.Allocators) > wire.MaxAllocations {
		return fmt.Errorf("profile: %w", wire.ErrTooLong)
	}
	p.ended = part.Last
	event := Profiled{At: r.clock.now(), Cut: part.Cut}
	var err error
	if event.Functions, err = p.functions(part.Functions); err != nil {
		return err
	}
	for i, n := range part.Nodes {
		if n.Function < 0 || n.Function >= len(part.Functions) || i > 0 && (n.Parent < 0 || n.Parent >= i) {
			return fmt.Errorf("profile: node %d is no part of its tree", i)
		}
		event.Nodes = append(event.Nodes, CallNode{Parent: max(0, n.Parent), Function: n.Function, Line: number(n.Line)})
	}
	for _, t := range part.Ticks {
		if t.Node < 0 || t.Node >= len(part.Nodes) {
			return fmt.Errorf("profile: a sample of node %d of %d", t.Node, len(part.Nodes))
		}
		if at := r.at(t.At); at > p.last { // two parts may both have the samples between them
			p.last = at
			event.Ticks = append(event.Ticks, Tick{At: at, Node: t.Node, Line: number(t.Line)})
		}
	}
	allocators, err := p.functions(part.Allocators)
	if err != nil {
		return err
	}
	for _, a := range part.Allocations {
		if a.Function < 0 || a.Function >= len(allocators) {
			return fmt.Errorf("profile: allocations of function %d of %d", a.Function, len(allocators))
		}
		event.Allocations = append(event.Allocations, Allocation{
			Function: allocators[a.Function], Line: number(a.Line), Bytes: amount(a.Bytes), Live: amount(a.Live),
		})
	}
	r.sawNames(event)
	r.emit(event)
	return nil
}

func (p *profiling) functions(from []wire.Function) ([]Function, error) {
	var out []Function
	for _, f := range from {
		if len(f.Name) > wire.MaxFunctionName {
			return nil, fmt.Errorf("name of a function: %w", wire.ErrTooLong)
		}
		switch f.Kind {
		case wire.GuestCode, wire.EvaluatedCode, wire.BuiltinCode:
		default:
			f.Kind = wire.EngineCode
		}
		out = append(out, Function{Name: f.Name, Kind: f.Kind, Line: number(f.Line), Column: number(f.Column)})
	}
	return out, nil
}

// sawNames searches the names of functions for secrets: a guest chooses them.
func (r *run) sawNames(event Profiled) {
	if r.profiling.names == nil {
		r.profiling.names = map[string]bool{}
	}
	var fresh []string
	note := func(f Function) {
		if f.Kind != wire.EngineCode && f.Name != "" && !r.profiling.names[f.Name] {
			r.profiling.names[f.Name] = true
			fresh = append(fresh, f.Name)
		}
	}
	for _, f := range event.Functions {
		note(f)
	}
	for _, a := range event.Allocations {
		note(a.Function)
	}
	if len(fresh) > 0 {
		r.teller.saw(bridge.Profile, 0, strings.Join(fresh, "\n")+"\n")
		r.emitVault()
	}
}

// awaitProfile takes the last part of the profile, which follows the end of the
// run.
func (r *run) awaitProfile() {
	if !r.guest.Profile || r.stopping.killed || r.final.done == nil || !r.final.done.Profiling {
		return
	}
	r.worker.Listen()
	late := time.After(profileWait)
	for !r.profiling.ended && !r.stopping.killed {
		select {
		case f, ok := <-r.worker.Frames():
			if !ok {
				return
			}
			var err error
			switch {
			case len(f.Notes) > 0:
				err = r.called(f.Notes)
			case f.Kind == wire.KindProfile:
				err = r.handleProfile(f.Body)
			default:
				err = fmt.Errorf("%w: %d after the end", wire.ErrUnknown, f.Kind)
			}
			if err != nil {
				r.protocolError(err)
			}
		case <-late:
			return
		}
	}
}
