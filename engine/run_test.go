package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

// Every cause of an end, with what a program can ask about it.
func TestOutcomes(t *testing.T) {
	cases := []struct {
		name, guest string
		limits      func(engine.Limits) (engine.Limits, error)
		want        engine.Outcome
		cause       error
		limit       string // named as having been reached
	}{
		{name: "ok", guest: `1`, want: engine.OK},
		{name: "exception", guest: `throw new TypeError('no')`, want: engine.Exception, cause: engine.ErrException},
		{name: "syntax", guest: `let = = 3`, want: engine.Exception, cause: engine.ErrException},
		{name: "rejection", guest: `Promise.reject(1); 2`, want: engine.Exception, cause: engine.ErrException},
		{name: "pending", guest: `new Promise(() => {})`, want: engine.Pending, cause: engine.ErrPending},
		{name: "wall", guest: `for (;;);`, want: engine.Timeout, cause: engine.ErrTimeout, limit: "wall",
			limits: func(l engine.Limits) (engine.Limits, error) { return l.WithWall(50 * time.Millisecond) }},
		{name: "cpu", guest: `for (;;);`, want: engine.ExceededCPU, cause: engine.ErrCPU, limit: "cpu",
			limits: func(l engine.Limits) (engine.Limits, error) { return l.WithCPU(50 * time.Millisecond) }},
		{name: "memory", guest: `const a = []; for (;;) a.push(new Array(100).fill(1))`, want: engine.ExceededMemory, cause: engine.ErrMemory, limit: "memory",
			limits: func(l engine.Limits) (engine.Limits, error) { return l.WithMemory(32 << 20) }},
		{name: "output", guest: `for (;;) console.log('x')`, want: engine.ExceededOutput, cause: engine.ErrOutput, limit: "output",
			limits: func(l engine.Limits) (engine.Limits, error) { return l.WithOutput(100) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := limits(t, "64MB", "20s", engine.Switches{})
			if c.limits != nil {
				var err error
				l, err = c.limits(l)
				must(t, err)
			}
			s := run(t, c.guest, l)
			if s.Outcome != c.want || s.Killed {
				t.Errorf("ended as %s, killed %v; want %s", s.Outcome, s.Killed, c.want)
			}
			err := s.Err()
			if c.cause == nil {
				if err != nil {
					t.Errorf("a guest that went well has the error %v", err)
				}
				return
			}
			if !errors.Is(err, c.cause) {
				t.Errorf("%v is no %v", err, c.cause)
			}
			for _, other := range []error{engine.ErrException, engine.ErrPending, engine.ErrTimeout, engine.ErrCPU, engine.ErrMemory, engine.ErrCalls, engine.ErrOutput, engine.ErrCanceled, engine.ErrCrashed} {
				if other != c.cause && errors.Is(err, other) {
					t.Errorf("%v is %v too", err, other)
				}
			}
			var stop *engine.StopError
			if !errors.As(err, &stop) {
				t.Fatalf("%T is no StopError", err)
			}
			if c.limit == "" {
				if stop.Limit != nil || stop.Hint() != "" {
					t.Errorf("names the limit %+v, hint %q", stop.Limit, stop.Hint())
				}
				return
			}
			if stop.Limit == nil || stop.Limit.Name != c.limit || stop.Limit.Used < stop.Limit.Allowed {
				t.Errorf("limit %+v, want %s reached", stop.Limit, c.limit)
			}
			if !strings.Contains(stop.Hint(), c.limit) || !strings.Contains(err.Error(), stop.Hint()) {
				t.Errorf("hint %q in %q", stop.Hint(), err)
			}
		})
	}
}

// Where an error is reported to be, and in which phase of the run.
func TestErrors(t *testing.T) {
	timersAndEval := engine.Switches{Timers: true, Eval: true}
	for _, c := range []struct {
		name, guest    string
		phase, message string
		line           int
		stack          string // exactly, where given
	}{
		{name: "thrown", guest: "1;\nthrow new Error('a')", phase: "run", message: "a", line: 2, stack: "    at guest.js:2:7"},
		{name: "thrown beside await", guest: "await 0;\nthrow new Error('a')", phase: "run", message: "a", line: 2, stack: "    at guest.js:2:7"},
		{name: "await in a comment only", guest: "// await\nthrow new Error('a')", phase: "run", message: "a", line: 2},
		{name: "syntax", guest: "1;\nlet = = 3", phase: "compile", message: "Unexpected token '='", line: 2},
		{name: "syntax beside await", guest: "const x = await 1;\nlet = = 3", phase: "compile", message: "Unexpected token '='", line: 2},
		{name: "declared twice beside await", guest: "await 0;\nlet a; let a", phase: "compile", message: "'a' has already been declared", line: 2},
		{name: "an open comment beside await", guest: "await 7 /* to be", phase: "compile", message: "Invalid or unexpected token", line: 1},
		{name: "rejected", guest: "1;\nPromise.reject(new Error('b'))", phase: "rejection", message: "b", line: 2},
		{name: "rejected beside the value", guest: "Promise.reject(new Error('b')); 2", phase: "rejection", message: "b", line: 1},
		{name: "rejected more than are kept", guest: "const p = Array.from({length: 1100}, (_, i) => Promise.reject('r' + i)); for (let i = 0; i < 1024; i++) p[i].catch(() => {}); 1", phase: "rejection", message: "r1099", line: 1},
		{name: "in a timer", guest: "setTimeout(() => {\nthrow new Error('c') })", phase: "run", message: "c", line: 2},
		{name: "by the prelude", guest: "1;\nsetTimeout('text')", phase: "run", message: "the first argument of a timer is a function", line: 2, stack: "    at guest.js:2:1"},
		{name: "overflow inside the prelude", guest: "function f() { setTimeout(f, 0); f() }\nf()", phase: "run", message: "Maximum call stack", line: 1},
		{name: "in evaluated code", guest: "1;\neval('\\n\\n\\nnull.x')", phase: "run", message: "Cannot read", line: 2, stack: "    at eval (<eval>:4:6)\n    at guest.js:2:1"},
		{name: "with a name of its own for the script", guest: "null.x\n//# sourceURL=prelude.js", phase: "run", message: "Cannot read", line: 1, stack: "    at guest.js:1:6"},
		{name: "the same beside await", guest: "await 0; null.x\n//# sourceURL=prelude.js", phase: "run", message: "Cannot read", line: 1, stack: "    at guest.js:1:15"},
		{name: "with a frame in a function's name", guest: `({'a\n    at forged (secret.js:1:1)'() { null.x }})['a\n    at forged (secret.js:1:1)']()`, phase: "run", message: "Cannot read", line: 1,
			stack: "    at a     at forged (secret.js:1:1) (guest.js:1:47)\n    at guest.js:1:88"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := run(t, c.guest, limits(t, "64MB", "10s", timersAndEval))
			e := s.Error
			if e == nil {
				t.Fatalf("ended as %s without an error", s.Outcome)
			}
			if e.Phase != c.phase || !strings.Contains(e.Message, c.message) || e.Line != c.line {
				t.Errorf("%s at %d: %q, want %s at %d: %q", e.Phase, e.Line, e.Message, c.phase, c.line, c.message)
			}
			if c.stack != "" && e.Stack != c.stack {
				t.Errorf("stack\n%s\nwant\n%s", e.Stack, c.stack)
			}
			if strings.Contains(e.Stack, "prelude.js") {
				t.Errorf("stack shows the prelude:\n%s", e.Stack)
			}
		})
	}
}

func TestCancel(t *testing.T) {
	t.Run("before a worker is there", func(t *testing.T) {
		host := engine.NewSingle()
		defer host.Close()
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		var s seen
		ended, err := host.Run(ctx, engine.Guest{Source: "1"}, engine.Limits{}, s.take)
		if err != nil || ended.Outcome != engine.Canceled || !errors.Is(ended.Err(), engine.ErrCanceled) {
			t.Errorf("%+v, %v", ended, err)
		}
	})
	for name, guest := range map[string]string{
		"while it loops":           `for (;;);`,
		"while it waits":           `setTimeout(() => {}, 1e8); new Promise(() => {})`,
		"while V8 cannot stop":     `const a = []; a.length = 2 ** 32 - 1; a.lastIndexOf(1)`,
		"while it floods":          `for (;;) typeof missing`,
		"while its result is read": `let o = {x: 1}; for (let i = 0; i < 60; i++) o = {a: o, b: o, c: [o, o], d: new Map([[o, o]])}; const a = []; for (let i = 0; i < 2e4; i++) a.push([o, o]); a`,
	} {
		t.Run(name, func(t *testing.T) {
			l := limits(t, "256MB", "5m", engine.Switches{Timers: true})
			l, err := l.WithResult(engine.ResultLimit.Range().Max)
			must(t, err)
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			var s seen
			began := time.Now()
			s.Ended, err = host.Run(ctx, engine.Guest{Source: guest}, l, func(e engine.Event) {
				s.take(e)
				if _, ok := e.(engine.Started); ok {
					time.AfterFunc(50*time.Millisecond, cancel)
				}
			})
			must(t, err)
			if s.Outcome != engine.Canceled && !(s.Outcome == engine.OK && name == "while its result is read") {
				t.Errorf("ended as %s (%s)", s.Outcome, s.Detail)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("took %v to cancel", took)
			}
		})
	}
}

func TestGuestsThatCannotBeRun(t *testing.T) {
	_, err := host.Run(context.Background(), engine.Guest{Source: strings.Repeat("x", engine.MaxSource+1)}, engine.Limits{}, func(engine.Event) { t.Error("an event") })
	if !errors.Is(err, engine.ErrGuest) {
		t.Errorf("a guest too long: %v", err)
	}
	closed := engine.New()
	closed.Close()
	if _, err := closed.Run(context.Background(), engine.Guest{}, engine.Limits{}, func(engine.Event) { t.Error("an event") }); err == nil {
		t.Error("a closed engine ran a guest")
	}
}

// The longest guests fit their frame, whatever JSON makes of their text.
func TestLongGuests(t *testing.T) {
	if raceOverhead > 0 {
		t.Skip("the race detector takes minutes over their JSON")
	}
	for _, text := range []string{"<", "\x01", "é"} {
		source := "/*" + strings.Repeat(text, (engine.MaxSource-10)/len(text)) + "*/ 7"
		s := run(t, source, limits(t, "1GB", "30s", engine.Switches{}))
		if s.Outcome != engine.OK || s.Result.Preview != "7" {
			t.Errorf("%d bytes of %q ended as %s (%s)", len(source), text, s.Outcome, s.Detail)
		}
	}
}

// Results fit their frames, whatever JSON makes of their text.
func TestLongResults(t *testing.T) {
	for _, text := range []string{`<`, `\x01`, `\xe9`, `\u4e2d`, `\ud83d\ude00`, `\ud800`, `"`} {
		for _, n := range []int{60_000, 70_000, 250_000, 300_000} {
			s := run(t, fmt.Sprintf(`'%s'.repeat(%d)`, text, n), limits(t, "256MB", "30s", engine.Switches{}))
			if s.Outcome != engine.OK || len(s.Result.Preview) < n/2 || int64(len(s.Result.Preview)) > engine.ResultLimit.Default() {
				t.Errorf("%d times %s ended as %s (%s), %d bytes", n, text, s.Outcome, s.Detail, len(text))
			}
			if s.Result != nil && strings.ContainsRune(s.Result.Preview, '\ufffd') != (text == `\ud800`) {
				t.Errorf("%d times %s: characters were broken", n, text)
			}
		}
	}
	for _, text := range []string{`<`, `\x01`} {
		s := run(t, fmt.Sprintf(`throw new Error('%s'.repeat(1e6))`, text), limits(t, "256MB", "30s", engine.Switches{}))
		if s.Outcome != engine.Exception || len(s.Error.Message) != 64<<10 {
			t.Errorf("a message of %s ended as %s (%s)", text, s.Outcome, s.Detail)
		}
	}
}

// Runs asked for faster than spares are made all work, in the order asked for
// on one goroutine, and say what they waited for.
func TestFasterThanSpares(t *testing.T) {
	host := engine.New()
	defer host.Close()
	host.Warm(engine.Limits{})
	for !host.Ready() {
		time.Sleep(time.Millisecond)
	}
	spares := 0
	for i := range 10 {
		var s seen
		var err error
		s.Ended, err = host.Run(context.Background(), engine.Guest{Source: fmt.Sprint(i)}, engine.Limits{}, s.take)
		must(t, err)
		if s.Outcome != engine.OK || s.Result.Preview != fmt.Sprint(i) {
			t.Fatalf("run %d ended as %s with %+v", i, s.Outcome, s.Result)
		}
		waited := s.started.Waited
		if waited.Spare {
			spares++
		} else if waited.Worker < waited.Process+waited.Isolate {
			t.Errorf("run %d waited %v for a worker that took %v to start", i, waited.Worker, waited.Process+waited.Isolate)
		}
		if i == 0 && !waited.Spare {
			t.Error("the first run did not get the spare that was ready")
		}
		if waited.Isolate <= 0 || waited.Context <= 0 {
			t.Errorf("run %d says nothing of its start: %+v", i, waited)
		}
	}
	if spares == 0 {
		t.Error("no run got a spare")
	}

	var all sync.WaitGroup
	outcomes := make([]engine.Outcome, 12)
	for i := range outcomes {
		all.Go(func() {
			ended, err := host.Run(context.Background(), engine.Guest{Source: "10 + 20"}, limits(t, "64MB", "20s", engine.Switches{}), func(engine.Event) {})
			if err == nil {
				outcomes[i] = ended.Outcome
			}
		})
	}
	all.Wait()
	if slices.ContainsFunc(outcomes, func(o engine.Outcome) bool { return o != engine.OK }) {
		t.Errorf("runs at once ended as %v", outcomes)
	}
}

// Flags belong to a process: a run whose flags are not the spare's gets a
// worker of its own.
func TestFlagsOfTheirOwn(t *testing.T) {
	plain := engine.Limits{}
	noJIT := plain.WithSwitches(engine.Switches{NoJIT: true})
	run(t, "1", plain)
	for _, l := range []engine.Limits{noJIT, plain, noJIT} {
		for !host.Ready() {
			time.Sleep(time.Millisecond)
		}
		if s := run(t, "2", l); s.Outcome != engine.OK || s.started.Waited.Spare {
			t.Errorf("with %+v: %s, spare %v", l.Switches(), s.Outcome, s.started.Waited.Spare)
		}
	}
	for !host.Ready() {
		time.Sleep(time.Millisecond)
	}
	if s := run(t, "3", noJIT); !s.started.Waited.Spare {
		t.Error("the same flags again did not get the spare")
	}
}

// Without a JIT the same guest takes several times as long.
func TestNoJIT(t *testing.T) {
	guest := `let n = 0; for (let i = 0; i < 2e7; i++) n = (n + i * 7) % 1000003; n`
	fast := run(t, guest, limits(t, "64MB", "50s", engine.Switches{}))
	slow := run(t, guest, limits(t, "64MB", "50s", engine.Switches{NoJIT: true}))
	if fast.Outcome != engine.OK || slow.Outcome != engine.OK || fast.Result.Preview != slow.Result.Preview {
		t.Fatalf("%s %+v and %s %+v", fast.Outcome, fast.Result, slow.Outcome, slow.Result)
	}
	if slow.Time.Run < fast.Time.Run {
		t.Errorf("%v without a JIT, %v with it", slow.Time.Run, fast.Time.Run)
	}
	off := run(t, `typeof WebAssembly`, limits(t, "64MB", "20s", engine.Switches{NoJIT: true, Wasm: true}))
	if off.Outcome != engine.OK || off.Result.Preview != "undefined" {
		t.Errorf("WebAssembly without a JIT: %s %+v", off.Outcome, off.Result)
	}
}

func TestSeed(t *testing.T) {
	guest := `[Math.random(), Math.random()].join()`
	draw := func(seed int64) string {
		s := run(t, guest, limits(t, "64MB", "20s", engine.Switches{Seed: seed}))
		if s.Outcome != engine.OK {
			t.Fatalf("ended as %s", s.Outcome)
		}
		return s.Result.Preview
	}
	if a, b := draw(7), draw(7); a != b {
		t.Errorf("seed 7 drew %s and then %s", a, b)
	}
	if a, b := draw(7), draw(8); a == b {
		t.Errorf("seeds 7 and 8 both drew %s", a)
	}
	if a, b := draw(0), draw(0); a == b {
		t.Errorf("unseeded, both drew %s", a)
	}
}

// A run is watched: the heap by V8's account, the process by the kernel's also
// where V8 cannot be asked, and every collection.
func TestWatched(t *testing.T) {
	s := run(t, `let a = []; const t = Date.now(); while (Date.now() - t < 400) a = [...a.slice(-1e4), {}]; 1`, limits(t, "128MB", "20s", engine.Switches{}))
	for i, h := range s.heaps {
		if h.V8 {
			if h.Used <= 0 || h.Committed < h.Used {
				t.Errorf("reading %+v", h)
			}
		}
		// A reading of V8's that comes late goes without the process's size.
		if h.At < 0 || h.At > s.Time.Wall+time.Second || i > 0 && !h.V8 && h.Process == 0 {
			t.Errorf("reading %+v of a run of %v", h, s.Time.Wall)
		}
	}
	if len(s.gcs) == 0 {
		t.Error("no garbage collection was seen")
	}
	for _, gc := range s.gcs {
		if gc.Count < 1 || gc.Before <= 0 || gc.Took < 0 || gc.Kind == "" {
			t.Errorf("collection %+v", gc)
		}
	}
	s = run(t, `[].indexOf.call({length: 2 ** 53 - 1}, 1)`, limits(t, "128MB", "300ms", engine.Switches{}))
	blind := 0
	for _, h := range s.heaps {
		if !h.V8 && h.Process > 0 {
			blind++
		}
	}
	if blind < 3 {
		t.Errorf("%d readings of the process while V8 could not be asked", blind)
	}
	if !s.Killed || s.Outcome != engine.Timeout {
		t.Errorf("ended as %s, killed %v", s.Outcome, s.Killed)
	}
}

// V8's account of the heap does not wait for a collection.
func TestWatchedWithoutGarbage(t *testing.T) {
	for _, source := range []string{
		`for (;;);`,
		`const t = Date.now(); while (Date.now() - t < 400); 1`,
		`console.log(1); for (;;);`,
		`let n = 0; const timer = setInterval(() => { if (++n > 200) clearInterval(timer) }, 1)`,
		`for (;;) kv.get('k')`,
	} {
		readings, cpu := 0, time.Duration(0)
		ended, err := host.Run(t.Context(), engine.Guest{Source: source, Grants: map[string]bridge.Grant{"kv": bridge.Hardened}},
			limits(t, "128MB", "400ms", engine.Switches{Timers: true}), func(e engine.Event) {
				h, ok := e.(engine.Heap)
				if ok && h.V8 && h.At > 100*time.Millisecond {
					readings++
				}
				cpu = max(cpu, h.CPU)
			})
		must(t, err)
		if ended.Time.HasCPU && (cpu <= 0 || cpu > ended.Time.CPU+20*time.Millisecond) {
			t.Errorf("%s: had used %v of the processor by the last reading, and %v in all", source, cpu, ended.Time.CPU)
		}
		if readings < 5 {
			t.Errorf("%s: %d readings of V8 in 300 ms", source, readings)
		}
	}
}

// A consumer that takes its time slows the guest, and costs the host nothing.
func TestSlowConsumer(t *testing.T) {
	l := limits(t, "64MB", "2s", engine.Switches{})
	l, err := l.WithOutput(engine.OutputLimit.Range().Max)
	must(t, err)
	before := hostMemory()
	var most int64
	lines := 0
	ended, err := host.Run(context.Background(), engine.Guest{Source: `for (let i = 0; ; i++) console.log(i + 'x'.repeat(5000))`}, l, func(e engine.Event) {
		if _, ok := e.(engine.Console); ok {
			if lines++; lines%50 == 0 {
				most = max(most, hostMemory()-before)
			}
			time.Sleep(time.Millisecond)
		}
	})
	must(t, err)
	if ended.Outcome != engine.Timeout {
		t.Errorf("ended as %s", ended.Outcome)
	}
	// Unheld, the guest would write some 500 MB; Go's own garbage is up to 40.
	if lines < 50 || most > 96<<20+raceOverhead {
		t.Errorf("%d lines, and the host grew by %d MB", lines, most>>20)
	}
}

// What a room has only when asked.
func TestSwitches(t *testing.T) {
	all := engine.Switches{Eval: true, Wasm: true, SharedMemory: true, Timers: true}
	module := `new Uint8Array([0,97,115,109,1,0,0,0,1,5,1,96,0,1,127,3,2,1,0,7,5,1,1,102,0,0,10,6,1,4,0,65,42,11])`
	for _, c := range []struct {
		guest, off, on string
	}{
		{`try { eval('1 + 1') } catch (e) { e.name }`, "EvalError", "2"},
		{`try { new Function('return 3')() } catch (e) { e.name }`, "EvalError", "3"},
		{`try { (async () => {}).constructor('return 4')(); 'made' } catch (e) { e.name }`, "EvalError", "made"},
		{`try { (function* () {}).constructor('yield 5')().next().value } catch (e) { e.name }`, "EvalError", "5"},
		{`eval(5)`, "5", "5"},
		{`eval({a: 6}).a`, "6", "6"},
		{`typeof eval(Symbol.iterator)`, "symbol", "symbol"},
		{`typeof WebAssembly`, "undefined", "object"},
		{`try { (await WebAssembly.instantiate(` + module + `)).instance.exports.f() } catch (e) { e.name }`, "ReferenceError", "42"},
		{`try { await WebAssembly.compile(new Uint8Array([1, 2, 3])) } catch (e) { e.name }`, "ReferenceError", "CompileError"},
		{`typeof SharedArrayBuffer`, "undefined", "function"},
		{`try { const a = new Int32Array(new SharedArrayBuffer(4)), w = Atomics.waitAsync(a, 0, 0); Atomics.notify(a, 0); await w.value } catch (e) { e.name }`, "ReferenceError", "ok"},
		{`typeof setTimeout + typeof setInterval + typeof clearTimeout + typeof clearInterval + typeof queueMicrotask`, strings.Repeat("undefined", 5), strings.Repeat("function", 5)},
	} {
		for want, switches := range map[string]engine.Switches{c.off: {}, c.on: all} {
			if c.off == c.on {
				switches = engine.Switches{}
			}
			s := run(t, c.guest, limits(t, "64MB", "10s", switches))
			if s.Outcome != engine.OK || s.Result.Preview != want {
				t.Errorf("%s\nwith %+v: %s %q, want %q", c.guest, switches, s.Outcome, text(s), want)
			}
		}
		if c.off == c.on {
			if s := run(t, c.guest, limits(t, "64MB", "10s", all)); s.Outcome != engine.OK || s.Result.Preview != c.on {
				t.Errorf("%s\nwith %+v: %s %q, want %q", c.guest, all, s.Outcome, text(s), c.on)
			}
		}
	}
}
