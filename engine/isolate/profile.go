package isolate

// #include "shim.h"
import "C"

import (
	"strings"
	"time"
	"unsafe"

	"sealedroom/engine/typescript"
	"sealedroom/engine/wire"
)

// beginProfile begins to sample where time and memory go; every is the time between
// two samples, and 0 means that no profile is asked for.
func (e *engine) beginProfile(every time.Duration) {
	if e.profiled = every > 0; e.profiled {
		e.profiled = C.sr_profile_begin(e.room, C.int(every.Microseconds())) != 0
	}
}

func (e *engine) RequestPart() { C.sr_profile_request(e.room) }

func (e *engine) EndProfile() {
	if e.profiled {
		e.profiled = false
		C.sr_profile_end(e.room)
	}
}

func (e *engine) Parts() (parts []wire.Profile) {
	for {
		part := C.sr_profile_take(e.room)
		if part == nil {
			return parts
		}
		out := partOf(part)
		C.sr_profile_free(part)
		if e.translation != nil {
			placeInOriginal(&out, *e.translation)
		}
		parts = append(parts, out)
	}
}

// placeInOriginal gives a part the lines of the text that the guest's script was
// made from. A sample has no column: it is where its line begins.
func placeInOriginal(p *wire.Profile, t typescript.Translation) {
	script := strings.Split(t.JavaScript, "\n")
	known := map[int]int{}
	line := func(n int) int {
		if n < 1 || n > len(script) {
			return 0
		}
		if _, ok := known[n]; !ok {
			indent := len(script[n-1]) - len(strings.TrimLeft(script[n-1], " "))
			known[n] = t.Original(typescript.Place{Line: n, Column: indent + 1}).Line
		}
		return known[n]
	}
	guests := func(list []wire.Function, i int) bool { return list[i].Kind == wire.GuestCode }
	for i, n := range p.Nodes {
		if i > 0 && guests(p.Functions, p.Nodes[n.Parent].Function) {
			p.Nodes[i].Line = line(n.Line)
		}
	}
	for i, tick := range p.Ticks {
		if guests(p.Functions, p.Nodes[tick.Node].Function) {
			p.Ticks[i].Line = line(tick.Line)
		}
	}
	for i, a := range p.Allocations {
		p.Allocations[i].Line = line(a.Line)
	}
	for _, list := range [][]wire.Function{p.Functions, p.Allocators} {
		for i, f := range list {
			if f.Kind == wire.GuestCode && (f.Name != "" || f.Line > 1 || f.Column > 1) { // else all of the text
				at := t.Original(typescript.Place{Line: f.Line, Column: f.Column})
				list[i].Line, list[i].Column = at.Line, at.Column
			}
		}
	}
}

// partOf copies a part that C++ owns.
func partOf(p *C.sr_part) wire.Profile {
	out := wire.Profile{
		Functions:  functionsOf(p.functions, p.function_count),
		Allocators: functionsOf(p.allocators, p.allocator_count),
	}
	for _, n := range unsafe.Slice(p.nodes, p.node_count) {
		out.Nodes = append(out.Nodes, wire.CallNode{Parent: int(n.parent), Function: int(n.function), Line: int(n.line)})
	}
	for _, t := range unsafe.Slice(p.ticks, p.tick_count) {
		out.Ticks = append(out.Ticks, wire.Tick{At: time.Duration(t.at_us) * time.Microsecond, Node: int(t.node), Line: int(t.line)})
	}
	for _, a := range unsafe.Slice(p.allocations, p.allocation_count) {
		out.Allocations = append(out.Allocations, wire.Allocation{
			Function: int(a.function), Line: int(a.line), Bytes: uint64(a.bytes), Live: uint64(a.live_bytes),
		})
	}
	return out
}

// functionKinds are the names of the shim's kinds, by their numbers.
var functionKinds = [...]string{wire.GuestCode, wire.EvaluatedCode, wire.BuiltinCode, wire.EngineCode}

func functionsOf(list *C.sr_function, count C.int) []wire.Function {
	out := make([]wire.Function, 0, count)
	for _, f := range unsafe.Slice(list, count) {
		out = append(out, wire.Function{
			Name: strings.ToValidUTF8(C.GoStringN(f.name, f.name_length), "\ufffd"), Kind: functionKinds[f.kind],
			Line: int(f.line), Column: int(f.column),
		})
	}
	return out
}
