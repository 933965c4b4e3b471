package profile_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/worker"
	"sealedroom/inspector/profile"
)

// The test binary is its own worker.
func TestMain(m *testing.M) {
	if worker.Wanted() {
		worker.Main()
	}
	os.Exit(m.Run())
}

// profiled runs a guest with a profile, and returns it with how the run ended.
func profiled(t *testing.T, source string, switches engine.Switches, memory int64, wall time.Duration) (*profile.Profile, engine.Ended) {
	t.Helper()
	return profiledFile(t, "", source, switches, memory, wall)
}

func profiledFile(t *testing.T, file, source string, switches engine.Switches, memory int64, wall time.Duration) (*profile.Profile, engine.Ended) {
	t.Helper()
	host := engine.NewSingle()
	defer host.Close()
	limits, err := engine.Limits{}.WithSwitches(switches).WithMemory(memory)
	if err == nil {
		limits, err = limits.WithWall(wall)
	}
	if err != nil {
		t.Fatal(err)
	}
	var parts []engine.Profiled
	ended, err := host.Run(context.Background(), engine.Guest{Name: file, Source: source, Profile: true}, limits, func(e engine.Event) {
		if part, ok := e.(engine.Profiled); ok {
			parts = append(parts, part)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	p := profile.Of(parts)
	if p == nil {
		t.Fatalf("no profile of a guest that ended as %s (%s)", ended.Outcome, ended.Detail)
	}
	return p, ended
}

// lineWith is the number of the line that contains a mark.
func lineWith(t *testing.T, source, mark string) int {
	t.Helper()
	before, _, ok := strings.Cut(source, mark)
	if !ok {
		t.Fatalf("no line has %q", mark)
	}
	return 1 + strings.Count(before, "\n")
}

const work = "for (let i = 0; i < 3e6; i++) sum += Math.sqrt(i) % 7"

// TestHotLine holds the time of known programs to their known line.
func TestHotLine(t *testing.T) {
	for _, c := range []struct {
		name, source string
		file         string
		function     string // whose the line is
		switches     engine.Switches
	}{
		{name: "a loop at the top level", function: "(top level)", source: "let sum = 0;\nconst n = 1;\nfor (let k = 0; k < 12; k++)\n  " + work + "; // hot\nsum"},
		{name: "a function", function: "slow", source: "let sum = 0;\nfunction slow() {\n  const x = 1;\n  " + work + "; // hot\n}\nfunction quick() {\n  return 1;\n}\nfor (let k = 0; k < 12; k++) {\n  quick();\n  slow();\n}"},
		{name: "a method of a class", function: "add", source: "let sum = 0;\nclass Adder {\n  add() {\n    " + work + "; // hot\n  }\n}\nconst a = new Adder();\nfor (let k = 0; k < 12; k++) a.add();"},
		{name: "async functions", function: "step", source: "let sum = 0;\nasync function step() {\n  await null;\n  " + work + "; // hot\n}\nasync function all() {\n  for (let k = 0; k < 12; k++)\n    await step();\n}\nall()"},
		{name: "top-level await", function: "step", source: "let sum = 0;\nconst step = async () => {\n  await null;\n  " + work + "; // hot\n};\nfor (let k = 0; k < 12; k++)\n  await step();\nsum"},
		{name: "a generator", function: "numbers", source: "let sum = 0;\nfunction* numbers() {\n  for (let k = 0; k < 12; k++) {\n    " + work + "; // hot\n    yield k;\n  }\n}\nfor (const n of numbers()) sum += n;\nsum"},
		{name: "a timer's callback", function: "tick", switches: engine.Switches{Timers: true}, source: "let sum = 0, k = 0;\nfunction tick() {\n  " + work + "; // hot\n  if (k++ < 12) setTimeout(tick);\n}\nsetTimeout(tick);"},
		{name: "a callback of a built-in", function: "(anonymous)", source: "let sum = 0;\nnew Array(12).fill(0).map(() => {\n  " + work + "; // hot\n});\nsum"},
		{name: "a built-in itself", function: "(top level)", source: "const a = [];\nfor (let i = 0; i < 5e5; i++) a.push((i * 7919) % 1000003);\nlet n = 0;\nfor (let k = 0; k < 2; k++)\n  n += a.slice().sort().length; // hot\nn"},
		{name: "evaluated code", function: "(top level)", switches: engine.Switches{Eval: true}, source: "globalThis.sum = 0;\nfor (let k = 0; k < 12; k++)\n  (0, eval)(" + quote("\n\n"+work) + "); // hot\nsum"},
		{name: "TypeScript", file: "guest.ts", function: "slow", source: "interface Unused {\n  a: number;\n}\n\nenum Kind { A, B }\n\nlet sum: number = 0;\nfunction slow<T>(kind: Kind): void {\n  " + work + "; // hot\n}\n\nfor (let k = 0; k < 12; k++)\n  slow<Unused>(Kind.A);"},
		{name: "an interpreted guest", function: "slow", switches: engine.Switches{NoOpt: true}, source: "let sum = 0;\nfunction slow() {\n  for (let i = 0; i < 3e6; i++) sum += i * 0.5; // hot\n}\nfor (let k = 0; k < 4; k++)\n  slow();"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, ended := profiledFile(t, c.file, c.source, c.switches, 128<<20, time.Minute)
			if ended.Outcome != engine.OK {
				t.Fatalf("ended as %s: %+v", ended.Outcome, ended.Error)
			}
			hot := lineWith(t, c.source, "// hot")
			if len(p.Lines) == 0 || p.Lines[0].Line != hot {
				t.Fatalf("the time is on lines %+v of %v, want line %d", p.Lines, p.Sampled, hot)
			}
			if share := float64(p.Lines[0].Self) / float64(p.Sampled-p.Engine); share < 0.7 {
				t.Errorf("line %d has %.0f %% of the time: %+v", hot, 100*share, p.Lines)
			}
			var names []string
			for _, f := range p.Functions {
				if f.Line == hot {
					names = append(names, profile.Name(f.Function))
				}
			}
			if len(names) == 0 || names[0] != c.function {
				t.Errorf("line %d is in %q, want %q: %+v", hot, names, c.function, p.Functions)
			}
		})
	}
}

func quote(s string) string {
	text, _ := json.Marshal(s) // a string: cannot fail
	return string(text)
}

// TestCallers: a function's time counts for the lines that call it, once however
// deep it recurses.
func TestCallers(t *testing.T) {
	source := "function fib(n) {\n  return n < 2 ? n : fib(n - 1) + fib(n - 2);\n}\nfunction outer() {\n  return fib(31); // call\n}\nouter();\nouter();"
	p, _ := profiled(t, source, engine.Switches{}, 128<<20, time.Minute)
	call := lineWith(t, source, "// call")
	for _, l := range p.Lines {
		if l.Total > p.Sampled {
			t.Errorf("line %d has %v of %v", l.Line, l.Total, p.Sampled)
		}
		if l.Line == call && (l.Total < p.Sampled/2 || l.Self > p.Sampled/4) {
			t.Errorf("the call of fib has %v, %v itself, of %v", l.Total, l.Self, p.Sampled)
		}
	}
	for _, f := range p.Functions {
		if f.Total > p.Sampled || f.Function.Name == "fib" && (f.Self < p.Sampled/2 || f.Function.Line != 1) {
			t.Errorf("%+v of %v", f, p.Sampled)
		}
	}
}

// TestAllocations: what fills the heap is on its line, and what is thrown away is
// not counted as in use.
func TestAllocations(t *testing.T) {
	source := "const kept = [];\nlet junk;\nfunction make(i) {\n  junk = { i, text: 'a' + i };\n  return junk;\n}\nfor (let i = 0; ; i++) {\n  make(i);\n  kept.push(new Array(20).fill(i)); // keeps\n}"
	p, ended := profiled(t, source, engine.Switches{}, 64<<20, time.Minute)
	if ended.Outcome != engine.ExceededMemory {
		t.Fatalf("ended as %s", ended.Outcome)
	}
	first := p.Allocations[0]
	if keeps := lineWith(t, source, "// keeps"); first.Line != keeps || !profile.TopLevel(first.Function) {
		t.Errorf("the heap is full by %+v, want line %d", first, keeps)
	}
	if first.Live < 40<<20 || first.Live > 90<<20 {
		t.Errorf("line %d holds %d MB of 64", first.Line, first.Live>>20)
	}
	if p.Live < p.Allocations[0].Live || p.Allocated < p.Live {
		t.Errorf("%d bytes in use of %d", p.Live, p.Allocated)
	}
	for _, a := range p.Allocations {
		if a.Function.Name == "make" && (a.Line != 4 || a.Live > 8<<20 || a.Bytes < 4<<20) {
			t.Errorf("what is thrown away: %+v", a)
		}
	}
}

// TestStoppedRuns: a run that is stopped, and one whose worker is killed, have a
// profile as far as samples came.
func TestStoppedRuns(t *testing.T) {
	for _, c := range []struct {
		name, source string
		killed       bool
	}{
		{"a loop", "let n = 0;\nfor (;;)\n  n += Math.sqrt(n); // hot", false},
		{"a built-in that does not stop", "let n = 0;\nfor (let i = 0; i < 5e7; i++)\n  n += Math.sqrt(i); // hot\nconst a = [];\na.length = 2 ** 32 - 1;\na.lastIndexOf(1);", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, ended := profiled(t, c.source, engine.Switches{}, 128<<20, 3*time.Second)
			if ended.Outcome != engine.Timeout || ended.Killed != c.killed {
				t.Fatalf("ended as %s, killed %v", ended.Outcome, ended.Killed)
			}
			if hot := lineWith(t, c.source, "// hot"); len(p.Lines) == 0 || p.Lines[0].Line != hot {
				t.Errorf("the time is on lines %+v", p.Lines)
			}
		})
	}
}

// TestWriteCPU holds the file to what DevTools reads: nodes that refer to each
// other, and as many times as samples.
func TestWriteCPU(t *testing.T) {
	ms := time.Millisecond
	p := profile.Of([]engine.Profiled{{
		Functions: []engine.Function{{Name: "(root)", Kind: "engine"}, {Kind: "guest", Line: 1, Column: 1}, {Name: "f", Kind: "guest", Line: 2, Column: 3}},
		Nodes:     []engine.CallNode{{}, {Parent: 0, Function: 1}, {Parent: 1, Function: 2, Line: 9}},
		Ticks:     []engine.Tick{{At: 5 * ms, Node: 1, Line: 8}, {At: 6 * ms, Node: 2, Line: 3}, {At: 40 * ms, Node: 2, Line: 4}, {At: 41 * ms, Node: 2, Line: 3}},
	}})
	var out bytes.Buffer
	if err := p.WriteCPU(&out, "guest.js"); err != nil {
		t.Fatal(err)
	}
	const want = `{"nodes":[` +
		`{"id":1,"callFrame":{"functionName":"(root)","scriptId":"0","url":"","lineNumber":-1,"columnNumber":-1},"hitCount":0,"children":[2,4]},` +
		`{"id":2,"callFrame":{"functionName":"(anonymous)","scriptId":"1","url":"guest.js","lineNumber":0,"columnNumber":0},"hitCount":1,"children":[3],"positionTicks":[{"line":8,"ticks":1}]},` +
		`{"id":3,"callFrame":{"functionName":"f","scriptId":"1","url":"guest.js","lineNumber":1,"columnNumber":2},"hitCount":3,"positionTicks":[{"line":3,"ticks":2},{"line":4,"ticks":1}]},` +
		`{"id":4,"callFrame":{"functionName":"(idle)","scriptId":"0","url":"","lineNumber":-1,"columnNumber":-1},"hitCount":0}],` +
		`"startTime":0,"endTime":42000,"samples":[2,3,4,3,3],"timeDeltas":[5000,1000,5000,29000,1000]}` + "\n"
	if out.String() != want {
		t.Errorf("wrote\n%swant\n%s", &out, want)
	}
}

// TestWriteAllocations is the contract of run --allocations.
func TestWriteAllocations(t *testing.T) {
	p := profile.Of([]engine.Profiled{
		{Allocations: []engine.Allocation{{Line: 3, Bytes: 1, Live: 1}}},
		{Allocations: []engine.Allocation{
			{Function: engine.Function{Name: "add", Kind: "guest", Line: 2, Column: 5}, Line: 3, Bytes: 900, Live: 10},
			{Function: engine.Function{Kind: "guest", Line: 1, Column: 1}, Line: 7, Bytes: 500, Live: 400},
			{Function: engine.Function{Kind: "engine"}, Bytes: 5},
			{Function: engine.Function{Kind: "guest", Line: 1, Column: 1}, Line: 8},
		}},
		{},
	})
	var out bytes.Buffer
	if err := p.WriteAllocations(&out, "guest.js"); err != nil {
		t.Fatal(err)
	}
	const want = `{"guest":"guest.js","allocated_bytes":1405,"live_bytes":410,"lines":[` +
		`{"function":"(top level)","line":7,"allocated_bytes":500,"live_bytes":400},` +
		`{"function":"add","line":3,"allocated_bytes":900,"live_bytes":10},` +
		`{"function":"(V8)","allocated_bytes":5,"live_bytes":0}]}`
	var flat bytes.Buffer
	if err := json.Compact(&flat, out.Bytes()); err != nil || flat.String() != want {
		t.Errorf("wrote\n%s\nwant\n%s", &flat, want)
	}
}

// TestBrokenParts: a recording may hold any numbers.
func TestBrokenParts(t *testing.T) {
	if profile.Of(nil) != nil {
		t.Error("no parts make a profile")
	}
	p := profile.Of([]engine.Profiled{
		{Nodes: []engine.CallNode{{}, {Parent: 7}}},
		{Nodes: []engine.CallNode{{}, {Parent: 0, Function: 3}}},
		{Nodes: []engine.CallNode{{Parent: -1}, {Parent: -1}}, Ticks: []engine.Tick{{Node: -1}, {Node: 9}}},
		{Ticks: []engine.Tick{{Node: 0}}},
	})
	if len(p.Samples) != 0 || p.Sampled != 0 {
		t.Errorf("%+v", p)
	}
}
