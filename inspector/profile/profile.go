// Package profile makes of a run's samples what a person reads: the calls as a
// tree, the functions and the lines by their time, and the lines that fill the
// heap. It also writes them for other tools.
//
// Everything is sampled, so that a share is good to a few percent.
package profile

import (
	"cmp"
	"slices"
	"time"

	"sealedroom/engine"
)

// maxGap is how much time one sample may stand for. In a longer gap the guest was
// not running: it waited, or had no core.
const maxGap = 5 * time.Millisecond

// Profile is where a run's time and memory went.
type Profile struct {
	Root      *Node
	Functions []FunctionTime // by their own time, longest first
	Lines     []LineTime     // of the guest, by their own time, longest first
	Sampled   time.Duration  // in all; without what the guest waited
	Engine    time.Duration  // of it what V8 did for itself, such as collecting garbage
	Samples   []Sample       // in order of time
	Cut       bool           // the end is missing: there was more than is kept

	Allocations     []engine.Allocation // by bytes in use, most first
	Allocated, Live int64               // bytes, of all of them
}

// Node is a function as called from one place.
type Node struct {
	Function    engine.Function
	Line        int // of the caller's that calls it; 0 where unknown
	Parent      *Node
	Children    []*Node // by their time, longest first
	Self, Total time.Duration
	SelfLines   map[int]int // samples by line; those of an unknown line are under 0

	id int
}

// FunctionTime is a function's time, wherever it was called from.
type FunctionTime struct {
	Function    engine.Function
	Self, Total time.Duration
	Line        int // of the guest, which had most of its own time, or calls it; 0: none
}

// LineTime is the time of a line of the guest: its own with what it had V8 do, and
// with the functions that it calls.
type LineTime struct {
	Line        int
	Self, Total time.Duration
}

// Sample is one of the samples.
type Sample struct {
	At   time.Duration // since the guest was handed over
	Took time.Duration // what it stands for
	Node *Node
	Line int // in the node's function; 0 where unknown
}

// Of makes a profile of the parts that came of a run; nil where there are none.
func Of(parts []engine.Profiled) *Profile {
	if len(parts) == 0 {
		return nil
	}
	p := &Profile{Root: &Node{Function: engine.Function{Name: "(root)", Kind: "engine"}}}
	for _, part := range parts {
		p.add(part)
	}
	last := parts[len(parts)-1]
	p.Cut = last.Cut
	for _, part := range slices.Backward(parts) { // the newest that has any
		if len(part.Allocations) > 0 {
			p.Allocations = slices.Clone(part.Allocations)
			break
		}
	}
	p.Allocations = slices.DeleteFunc(p.Allocations, func(a engine.Allocation) bool { return a.Bytes == 0 })
	p.weigh()
	p.sum()
	return p
}

// add puts a part's calls into the tree, and its ticks behind the samples.
func (p *Profile) add(part engine.Profiled) {
	nodes := make([]*Node, len(part.Nodes))
	for i, n := range part.Nodes {
		if i == 0 {
			nodes[0] = p.Root
			continue
		}
		// A recording may hold anything.
		if n.Parent < 0 || n.Parent >= i || n.Function < 0 || n.Function >= len(part.Functions) {
			return
		}
		nodes[i] = nodes[n.Parent].child(part.Functions[n.Function], n.Line)
	}
	for _, t := range part.Ticks {
		if t.Node >= 0 && t.Node < len(nodes) {
			p.Samples = append(p.Samples, Sample{At: t.At, Node: nodes[t.Node], Line: t.Line})
		}
	}
}

func (n *Node) child(f engine.Function, line int) *Node {
	for _, c := range n.Children {
		if c.Line == line && c.Function == f {
			return c
		}
	}
	c := &Node{Function: f, Line: line, Parent: n}
	n.Children = append(n.Children, c)
	return c
}

// weigh gives each sample the time until the next one.
func (p *Profile) weigh() {
	slices.SortStableFunc(p.Samples, func(a, b Sample) int { return cmp.Compare(a.At, b.At) })
	for i := range p.Samples {
		took := time.Millisecond
		if i+1 < len(p.Samples) {
			took = min(p.Samples[i+1].At-p.Samples[i].At, maxGap)
		}
		p.Samples[i].Took = took
	}
}

// spot is where samples stand alike: what they add to is found once for all.
type spot struct {
	node *Node
	line int
}

func (p *Profile) sum() {
	spots := map[spot]time.Duration{}
	for _, s := range p.Samples {
		spots[spot{s.Node, s.Line}] += s.Took
		if s.Node.SelfLines == nil {
			s.Node.SelfLines = map[int]int{}
		}
		s.Node.SelfLines[s.Line]++
	}
	functions, lines := map[engine.Function]*FunctionTime{}, map[int]*LineTime{}
	best := map[engine.Function]map[int]time.Duration{}
	for at, took := range spots {
		p.Sampled += took
		at.node.Self += took
		if at.node.Function.Kind == "engine" {
			p.Engine += took
		}
		seen, seenLines, line, own := map[engine.Function]bool{}, map[int]bool{}, at.line, true
		for n := at.node; n.Parent != nil; line, n = n.Line, n.Parent {
			n.Total += took
			f := entry(functions, n.Function)
			f.Function = n.Function
			if n == at.node {
				f.Self += took
			}
			if !seen[n.Function] { // a recursive function is on the stack many times
				seen[n.Function] = true
				f.Total += took
			}
			if n.Function.Kind != "guest" || line == 0 {
				continue
			}
			if best[n.Function] == nil {
				best[n.Function] = map[int]time.Duration{}
			}
			best[n.Function][line] += took
			l := entry(lines, line)
			l.Line = line
			if own { // the newest line of the guest has what it made V8 do
				l.Self, own = l.Self+took, false
			}
			if !seenLines[line] {
				seenLines[line] = true
				l.Total += took
			}
		}
		p.Root.Total += took
	}
	for f, t := range functions {
		for line, took := range best[f] {
			if most := best[f][t.Line]; took > most || took == most && (t.Line == 0 || line < t.Line) {
				t.Line = line
			}
		}
		p.Functions = append(p.Functions, *t)
	}
	slices.SortFunc(p.Functions, func(a, b FunctionTime) int {
		return cmp.Or(cmp.Compare(b.Self, a.Self), cmp.Compare(b.Total, a.Total), cmp.Compare(a.Function.Line, b.Function.Line), cmp.Compare(a.Function.Name, b.Function.Name))
	})
	for _, l := range lines {
		p.Lines = append(p.Lines, *l)
	}
	slices.SortFunc(p.Lines, func(a, b LineTime) int { return cmp.Or(cmp.Compare(b.Self, a.Self), cmp.Compare(a.Line, b.Line)) })
	p.Root.order()
	for _, a := range p.Allocations {
		p.Allocated += a.Bytes
		p.Live += a.Live
	}
	slices.SortStableFunc(p.Allocations, func(a, b engine.Allocation) int {
		return cmp.Or(cmp.Compare(b.Live, a.Live), cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Line, b.Line))
	})
}

func entry[K comparable, V any](in map[K]*V, key K) *V {
	v := in[key]
	if v == nil {
		v = new(V)
		in[key] = v
	}
	return v
}

// order sorts children by their time, and numbers the nodes.
func (n *Node) order() {
	next := 0
	var walk func(*Node)
	walk = func(n *Node) {
		next++
		n.id = next
		slices.SortStableFunc(n.Children, func(a, b *Node) int { return cmp.Compare(b.Total, a.Total) })
		for _, c := range n.Children {
			walk(c)
		}
	}
	walk(n)
}

// TopLevel reports whether a function is the guest's text itself, outside of every
// function in it.
func TopLevel(f engine.Function) bool {
	return f.Kind == "guest" && f.Name == "" && f.Line <= 1 && f.Column <= 1
}
