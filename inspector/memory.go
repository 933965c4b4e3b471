package inspector

import (
	"cmp"
	"slices"
	"time"

	"sealedroom/engine"
)

// collect keeps a garbage collection. A full list is thinned, so that it spans
// the run however long that is.
func (s *State) collect(e engine.GC) {
	s.GCCount += e.Count
	s.GCTime += e.Took
	s.PeakUsed = max(s.PeakUsed, e.Before)
	s.PeakHeap = max(s.PeakHeap, e.Before+s.lastExternal())
	class := gcClass(e.Kind)
	if s.gcSkip[class] > 0 {
		s.gcSkip[class]--
		if i := s.lastGC(e.Kind); i >= 0 {
			own(&s.GCs, &s.lent.gcs)
			join(&s.GCs[i], e)
			return
		}
	}
	if len(s.GCs) >= maxEntries {
		s.thinGCs()
	}
	s.GCs = append(s.GCs, e)
	s.gcSkip[class] = 1<<s.gcThinned[class] - 1
}

// gcClass is 0 for scavenges, which are many and small, and 1 for all others.
func gcClass(kind string) int {
	if kind == "scavenge" {
		return 0
	}
	return 1
}

// lastGC is where the last collection of a kind is, if that is not far back.
func (s *State) lastGC(kind string) int {
	for i := len(s.GCs) - 1; i >= max(0, len(s.GCs)-100); i-- {
		if s.GCs[i].Kind == kind {
			return i
		}
	}
	return -1
}

// join counts a collection with an earlier one of its kind.
func join(first *engine.GC, e engine.GC) {
	first.Count += e.Count
	first.Took += e.Took
	first.Before, first.After = max(first.Before, e.Before), e.After
}

// lastExternal is the external memory of V8's last account.
func (s *State) lastExternal() int64 {
	for i := len(s.Heap) - 1; i >= 0; i-- {
		if s.Heap[i].V8 {
			return s.Heap[i].External
		}
	}
	return 0
}

// thinGCs joins collections of a kind in pairs, the scavenges first and the
// others only where they are many too, and has as many of those to come join
// their last.
func (s *State) thinGCs() {
	for class := range s.gcThinned {
		s.joinPairs(class)
		s.gcThinned[class]++
		if len(s.GCs) <= maxEntries*3/4 {
			return
		}
	}
}

func (s *State) joinPairs(class int) {
	out := make([]engine.GC, 0, maxEntries)
	open := map[string]int{} // of a kind, the one in out that takes another
	for _, g := range s.GCs {
		at, found := open[g.Kind]
		switch {
		case gcClass(g.Kind) != class:
			out = append(out, g)
		case found:
			join(&out[at], g)
			delete(open, g.Kind)
		default:
			open[g.Kind] = len(out)
			out = append(out, g)
		}
	}
	s.GCs, s.lent.gcs = out, false
}

// maxPoints is how many collections Series shows one by one.
const maxPoints = 300

// Series is the memory over time, to be drawn: the readings, with what the
// collections say of used memory before and after each, where they are not too
// many to distinguish. A collection says nothing of external memory: its points
// have that of V8's last account before it. Committed memory is 0 where it is
// not known, and never below what was used.
func (s *State) Series() []engine.Heap {
	out := make([]engine.Heap, 0, len(s.Heap)+2*min(len(s.GCs), maxPoints))
	out = append(out, s.Heap...)
	if len(s.GCs) > maxPoints {
		return out
	}
	for _, g := range s.GCs {
		before, after := s.account(g.At)
		for _, p := range []engine.Heap{{At: g.At, Used: g.Before}, {At: g.At + g.Took, Used: g.After}} {
			p.V8, p.External = true, before.External
			if p.Used > between(before, after, p.At) {
				p.Committed = p.Used
			}
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b engine.Heap) int { return cmp.Compare(a.At, b.At) })
	return out
}

// account is V8's last account of its heap up to a moment, and the next one;
// where there is none, the other stands for it.
func (s *State) account(at time.Duration) (before, after engine.Heap) {
	i, _ := slices.BinarySearchFunc(s.Heap, at, func(h engine.Heap, at time.Duration) int {
		if h.At <= at {
			return -1
		}
		return 1
	})
	for b := i - 1; b >= 0 && !before.V8; b-- {
		before = s.Heap[b]
	}
	for a := i; a < len(s.Heap) && !after.V8; a++ {
		after = s.Heap[a]
	}
	if !before.V8 {
		before = after
		before.External = 0
	}
	if !after.V8 {
		after = before
	}
	return before, after
}

// between is the committed memory on the straight line from one account to the
// next.
func between(before, after engine.Heap, at time.Duration) int64 {
	if after.At <= before.At || at <= before.At {
		return before.Committed
	}
	part := min(1, float64(at-before.At)/float64(after.At-before.At))
	return before.Committed + int64(part*float64(after.Committed-before.Committed))
}
