package ui

import (
	"fmt"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/ui/panes"
)

// flooded is a state that is as full as one gets, and a function that has one
// more thing of a kind happen.
func flooded(kind string) (*inspector.State, func(int)) {
	s := &inspector.State{}
	s.Apply(engine.Started{Name: "guest.js", V8: "13.6", Grants: map[string]bridge.Grant{"kv": bridge.Naive}})
	at := func(i int) time.Duration { return time.Duration(i) * 100 * time.Microsecond }
	more := map[string]func(int){
		"console": func(i int) {
			s.Apply(engine.Console{At: at(i), Level: "log", Text: fmt.Sprint("line ", i), Line: 1})
		},
		"doors": func(i int) {
			s.Apply(engine.Blocked{At: at(i), Kind: "global", Name: fmt.Sprint("door", i%3000), Count: 1, Line: 1})
		},
		"gc": func(i int) {
			s.Apply(engine.GC{At: at(i), Kind: "scavenge", Count: 1, Before: 2 << 20, After: 1 << 20})
		},
		"heap": func(i int) { s.Apply(engine.Heap{At: at(i), V8: true, Used: int64(i%100) << 20, Process: 1 << 27}) },
		"calls": func(i int) {
			s.Apply(engine.Call{At: at(i), Capability: "kv", Method: "set", Args: fmt.Sprintf(`["k%d",%d]`, i%7, i), Answer: "null", Decision: bridge.Allowed, Line: 1})
		},
	}[kind]
	for i := range 6000 {
		more(i)
	}
	return s, more
}

// BenchmarkShow is what one frame's news cost the window's thread, drawing
// aside, while a guest floods it.
func BenchmarkShow(b *testing.B) {
	for _, kind := range []string{"console", "doors", "gc", "heap", "calls"} {
		for _, view := range []panes.ViewID{panes.ViewRoom, panes.ViewDoors, panes.ViewCalls, panes.ViewMemory} {
			b.Run(kind+"/"+string(view), func(b *testing.B) {
				w := open(b, "")
				w.inspector.Open(view)
				s, more := flooded(kind)
				b.ReportAllocs()
				i := 6000
				for b.Loop() {
					more(i)
					i++
					news := s.Clone()
					w.show(&news)
				}
			})
		}
	}
}

// BenchmarkOpenLesson is what going on to another lesson costs the window's
// thread: its text, its guest in the editor, its limits, laid out.
func BenchmarkOpenLesson(b *testing.B) {
	w := open(b, "")
	one, other := scenario(b, "the-engine"), scenario(b, "rob-the-vault")
	w.library.Open(one)
	for b.Loop() {
		w.library.Show(other)
		w.library.Show(one)
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(2*b.N), "ms/lesson")
}
