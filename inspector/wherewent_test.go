package inspector

import (
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
)

// The profile in words: which line had the time, and which holds the heap.
func TestWhereItWent(t *testing.T) {
	part := engine.Profiled{
		Functions: []engine.Function{{Kind: "engine"}, {Kind: "guest", Line: 1, Column: 1}},
		Nodes:     []engine.CallNode{{}, {Function: 1}},
		Allocations: []engine.Allocation{
			{Bytes: 90 << 20},
			{Function: engine.Function{Kind: "guest"}, Line: 2, Bytes: 70 << 20, Live: 61 << 20},
			{Function: engine.Function{Kind: "guest"}, Line: 1, Bytes: 5 << 20, Live: 3 << 20},
		},
	}
	for i := range 20 {
		line := 2
		if i%4 == 0 {
			line = 1
		}
		part.Ticks = append(part.Ticks, engine.Tick{At: time.Duration(i) * time.Millisecond, Node: 1, Line: line})
	}
	s := fold(engine.Started{Source: "const cache = [];\n  for (;;) cache.push('\u202ex'.repeat(9));\n"}, part)
	if got, want := s.WhereTimeWent(), "Line 2 took 75 % of the time sampled, 15 ms of 20 ms."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	got := s.WhoFilledTheHeap()
	if !strings.HasPrefix(got, "Line 2 (") || !strings.HasSuffix(got, " holds about 61 MB of the 64 MB in use.") || strings.Contains(got, "\u202e") {
		t.Errorf("%q", got)
	}
	ended := engine.Ended{Outcome: engine.ExceededMemory}
	s.Apply(ended)
	if v := s.Verdict(); !strings.Contains(v.Sentence, got) {
		t.Errorf("a memory stop says %q, not who filled the heap", v.Sentence)
	}
	var out strings.Builder
	s.WriteText(&out)
	if !strings.Contains(out.String(), "profile: Line 2 took 75 %") {
		t.Errorf("the report says\n%s", &out)
	}

	// Nothing was sampled, or hardly anything.
	for _, s := range []*State{fold(engine.Started{}), fold(engine.Started{}, engine.Profiled{Nodes: part.Nodes, Functions: part.Functions, Ticks: part.Ticks[:2]})} {
		if s.WhereTimeWent() != "" || s.WhoFilledTheHeap() != "" {
			t.Errorf("%q, %q", s.WhereTimeWent(), s.WhoFilledTheHeap())
		}
	}
	// Names are the guest's, also in a recording.
	s = fold(engine.Started{}, engine.Profiled{Functions: []engine.Function{{Name: "a\nb\u202e"}}, Allocations: []engine.Allocation{{Function: engine.Function{Name: "\x1b[2J"}}}})
	if f := s.Profile[0].Functions[0].Name; f != Line("a\nb\u202e") || s.Profile[0].Allocations[0].Function.Name != Line("\x1b[2J") {
		t.Errorf("a name is kept as %q", f)
	}
}
