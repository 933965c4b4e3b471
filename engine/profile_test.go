package engine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/engine/wire"
)

// profileOf runs a guest with a profile, and returns its parts.
func profileOf(t testing.TB, host *engine.Engine, guest engine.Guest, l engine.Limits) (seen, []engine.Profiled) {
	t.Helper()
	guest.Profile = true
	var s seen
	var parts []engine.Profiled
	var last engine.Event
	var err error
	s.Ended, err = host.Run(context.Background(), guest, l, func(e engine.Event) {
		s.take(e)
		if part, ok := e.(engine.Profiled); ok {
			parts = append(parts, part)
		}
		last = e
	})
	must(t, err)
	if _, ended := last.(engine.Ended); !ended {
		t.Errorf("the last event is %T", last)
	}
	return s, parts
}

// TestProfileUnasked: a run that asks for no profile has none.
func TestProfileUnasked(t *testing.T) {
	_, err := host.Run(context.Background(), engine.Guest{Source: "for (let i = 0; i < 1e7; i++);"}, engine.Limits{}, func(e engine.Event) {
		if _, ok := e.(engine.Profiled); ok {
			t.Errorf("%+v", e)
		}
	})
	must(t, err)
}

// TestProfileOfShortRuns: a guest that is over at once, or does not compile, ends as
// it would without.
func TestProfileOfShortRuns(t *testing.T) {
	host := engine.New()
	defer host.Close()
	for guest, want := range map[string]engine.Outcome{"1": engine.OK, "let = = 2": engine.Exception, "throw 1": engine.Exception, "new Promise(() => {})": engine.Pending} {
		if s, _ := profileOf(t, host, engine.Guest{Source: guest}, engine.Limits{}); s.Outcome != want {
			t.Errorf("%s ended as %s (%s), want %s", guest, s.Outcome, s.Detail, want)
		}
	}
}

// TestProfileNamesAreSearched: a guest chooses the names of its functions, and may
// put a secret there.
func TestProfileNamesAreSearched(t *testing.T) {
	guest := engine.Guest{
		Source: "const f = new Function('return function ' + 'sword' + 'fish' + '() { for (let i = 0, s = 0; i < 5e7; i++) s += Math.sqrt(i) }')();\nf();", Secrets: []string{"TOKEN=swordfish"},
		Profile: true,
	}
	var vault engine.Vault
	single := engine.NewSingle()
	defer single.Close()
	_, err := single.Run(context.Background(), guest, limits(t, "64MB", "20s", engine.Switches{Eval: true}), func(e engine.Event) {
		if v, ok := e.(engine.Vault); ok {
			vault = v
		}
	})
	must(t, err)
	if !slices.ContainsFunc(vault.Secrets, func(s bridge.SecretReport) bool {
		return s.Revealed > 0 && strings.Contains(fmt.Sprint(s.Where), "profile")
	}) {
		t.Errorf("a secret that is a function's name: %+v", vault.Secrets)
	}
}

// TestProfileIsBounded: what a guest can do to make a profile large is cut.
func TestProfileIsBounded(t *testing.T) {
	host := engine.NewSingle()
	defer host.Close()
	for name, guest := range map[string]string{
		"scripts without end":       "for (let i = 0; ; i++) eval('(function f' + i + '() { let s = 0; for (let j = 0; j < 1e4; j++) s += j; return s })()');",
		"long names":                "for (let i = 0; ; i++) { const f = { ['\\u0001'.repeat(1e5) + i]: () => { for (let j = 0, s = 0; j < 1e5; j++) s += j } }; Object.values(f)[0](); eval('(' + Object.values(f)[0] + ')()') }",
		"deep recursion":            "function f(n) { if (n > 0) f(n - 1); else for (let j = 0, s = 0; j < 1e6; j++) s += j }\nfor (let i = 0; ; i++) f(i % 5000);",
		"names that look like V8's": "const f = { ['(garbage collector)']() { for (let j = 0, s = 0; ; j++) s += j } };\nf['(garbage collector)']();",
		"allocations on many lines": "let k = [];\n" + strings.Repeat("k = new Array(1e4).fill(1);\n", 500) + "for (;;) k = [k[0]];",
		"small objects":             "let k; for (let i = 0; ; i++) k = { i };",
	} {
		t.Run(name, func(t *testing.T) {
			before := hostMemory()
			s, parts := profileOf(t, host, engine.Guest{Source: guest}, limits(t, "64MB", "1500ms", engine.Switches{Eval: true}))
			if s.Outcome != engine.Timeout && s.Outcome != engine.ExceededMemory {
				t.Errorf("ended as %s (%s)", s.Outcome, s.Detail)
			}
			if len(parts) == 0 {
				t.Fatal("no part of a profile came")
			}
			for _, p := range parts {
				if len(p.Nodes) > wire.MaxProfileNodes || len(p.Allocations) > wire.MaxAllocations {
					t.Errorf("%d nodes, %d lines that allocate", len(p.Nodes), len(p.Allocations))
				}
				for _, f := range p.Functions {
					if len(f.Name) > wire.MaxFunctionName {
						t.Errorf("a name of %d bytes", len(f.Name))
					}
					if f.Name == "(garbage collector)" && f.Line > 0 && f.Kind != "guest" {
						t.Errorf("a guest's function passes for V8's: %+v", f)
					}
				}
			}
			if grown := hostMemory() - before; grown > 20<<20+raceOverhead {
				t.Errorf("the host grew by %d MB", grown>>20)
			}
		})
	}
}

// TestAttacksProfiled plays the catalogue of attacks with a profile on: limits hold,
// and runs end as they do without.
func TestAttacksProfiled(t *testing.T) {
	if testing.Short() || raceOverhead > 0 {
		t.Skip("the whole catalogue takes a minute")
	}
	host := engine.New()
	defer host.Close()
	for _, a := range attacks() {
		t.Run(a.name, func(t *testing.T) {
			l := limits(t, orElse(a.memory, "64MB"), orElse(a.wall, "400ms"), a.switches)
			began := time.Now()
			s, _ := profileOf(t, host, engine.Guest{Source: a.guest}, l)
			if !slices.Contains(a.want, s.Outcome) {
				t.Errorf("ended as %s (%s; %+v), want one of %v", s.Outcome, s.Detail, s.Error, a.want)
			}
			if over := time.Since(began) - l.Wall(); over > 5*time.Second {
				t.Errorf("took %v past its wall-clock limit", over)
			}
			if most := l.Memory() + 64<<20; s.Memory.Process > most {
				t.Errorf("the worker grew to %d MB, past its limit of %d MB + 64", s.Memory.Process>>20, l.Memory()>>20)
			}
		})
	}
}

// TestHostileProfile takes parts that our worker never sends.
func TestHostileProfile(t *testing.T) {
	l := limits(t, "64MB", "300ms", engine.Switches{})
	for name, c := range map[string]struct{ body, want string }{
		"no JSON":                      {"{{", "frame"},
		"a parent that comes later":    {`{"Functions":[{}],"Nodes":[{},{"Parent":1}]}`, "no part of its tree"},
		"a parent that is not there":   {`{"Functions":[{}],"Nodes":[{},{"Parent":-2}]}`, "no part of its tree"},
		"a function that is not there": {`{"Functions":[{}],"Nodes":[{"Function":1}]}`, "no part of its tree"},
		"a sample of no node":          {`{"Functions":[{}],"Nodes":[{}],"Ticks":[{"Node":1}]}`, "a sample of node 1"},
		"memory of no function":        {`{"Allocations":[{"Function":0}]}`, "allocations of function 0"},
		"a long name":                  {`{"Functions":[{"Name":"` + strings.Repeat("x", 1000) + `"}]}`, "longer than allowed"},
		"many nodes":                   {`{"Functions":[{}],"Nodes":` + list("{}", 5000) + `}`, "longer than allowed"},
		"many samples":                 {`{"Ticks":` + list("{}", 5000) + `}`, "longer than allowed"},
		"many functions":               {`{"Functions":` + list("{}", 5000) + `}`, "longer than allowed"},
		"many lines that allocate":     {`{"Allocations":` + list("{}", 5000) + `}`, "longer than allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, asked := range []bool{true, false} {
				want := c.want
				if !asked {
					want = "longer than allowed"
				}
				err := engine.Intake(parts(c.body), engine.Guest{Source: "1", Profile: asked}, l, func(engine.Event) {})
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%v, want %q", err, want)
				}
			}
		})
	}
	// After its last part, or past what a profile may be, nothing more is taken.
	last := `{"Last":true}`
	err := engine.Intake(parts(last, last), engine.Guest{Source: "1", Profile: true}, l, func(engine.Event) {})
	if err == nil {
		t.Error("a part after the last one was taken")
	}
	large := `{"Functions":` + list(`{"Name":"`+strings.Repeat("x", 200)+`"}`, 1000) + `}`
	n := 0
	err = engine.Intake(parts(slices.Repeat([]string{large}, 100)...), engine.Guest{Source: "1", Profile: true}, l, func(engine.Event) { n++ })
	if err == nil || n*len(large) > 6<<20 {
		t.Errorf("%d parts of %d bytes were taken: %v", n, len(large), err)
	}
	// What is wrong without being dangerous is put right.
	odd := `{"Functions":[{"Name":"f","Kind":"root","Line":-4,"Column":-1}],"Nodes":[{"Parent":-5,"Line":-3}],"Ticks":[{"At":-5,"Line":-7},{"At":1},{"At":1}],"Allocators":[{}],"Allocations":[{"Line":-1,"Bytes":18446744073709551615}]}`
	err = engine.Intake(parts(odd, `{"Last":true}`), engine.Guest{Source: "1", Profile: true}, l, func(e engine.Event) {
		p, ok := e.(engine.Profiled)
		if !ok || len(p.Functions) == 0 {
			return
		}
		if f := p.Functions[0]; f.Kind != "engine" || f.Line != 0 || f.Column != 0 {
			t.Errorf("%+v", f)
		}
		if p.Nodes[0] != (engine.CallNode{}) || len(p.Ticks) > 1 || p.Allocations[0].Line != 0 || p.Allocations[0].Bytes < 0 {
			t.Errorf("%+v", p)
		}
	})
	if !errors.Is(err, io.EOF) {
		t.Error(err)
	}
}

// parts returns parts of a profile as a worker would send them.
func parts(bodies ...string) io.Reader {
	var out bytes.Buffer
	for _, body := range bodies {
		out.Write(frames(wire.KindProfile, body))
	}
	return &out
}

// BenchmarkProfile is what a profile costs a guest: its time with one next to its
// time without, in turn.
func BenchmarkProfile(b *testing.B) {
	for name, guest := range map[string]string{
		"loop":    "let s = 0; for (let i = 0; i < 3e8; i++) s += Math.sqrt(i) % 7; s",
		"calls":   "function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) } fib(36)",
		"objects": "let k = []; for (let i = 0; i < 2e7; i++) k = [k[0], { i }]; 1",
		"strings": "let n = 0; for (let i = 0; i < 5e6; i++) n += ('x' + i).length; n",
	} {
		b.Run(name, func(b *testing.B) {
			host := engine.New()
			defer host.Close()
			l := limits(b, "128MB", "1m", engine.Switches{})
			var without, with []time.Duration
			for b.Loop() {
				for _, on := range []bool{false, true} {
					ended, err := host.Run(context.Background(), engine.Guest{Source: guest, Profile: on}, l, func(engine.Event) {})
					must(b, err)
					if ended.Outcome != engine.OK {
						b.Fatalf("ended as %s", ended.Outcome)
					}
					if on {
						with = append(with, ended.Time.CPU)
					} else {
						without = append(without, ended.Time.CPU)
					}
				}
			}
			slices.Sort(with)
			slices.Sort(without)
			was, is := without[len(without)/2], with[len(with)/2]
			b.ReportMetric(float64(was.Microseconds())/1000, "ms-without")
			b.ReportMetric(float64(is.Microseconds())/1000, "ms-with")
			b.ReportMetric(100*(float64(is)/float64(was)-1), "%-more")
		})
	}
}
