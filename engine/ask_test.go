package engine_test

import (
	"context"
	"strings"
	"syscall"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

// asked is a run whose calls a person decides about.
type asked struct {
	engine.Ended
	calls     []engine.Call
	questions []engine.Asked
	answers   []engine.Answered
	heaps     int // readings of memory during a pause
}

// runAsking runs a guest that is granted db, kv and http, hardened, and asks
// about those named first.
func runAsking(t *testing.T, ctx context.Context, source string, l engine.Limits, first string, ask func(context.Context, engine.Asked) engine.Verdict, also ...func(engine.Event)) asked {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	guest := engine.Guest{Source: source, AskFirst: map[string]bool{}, Ask: ask, Grants: map[string]bridge.Grant{
		"db": bridge.Hardened, "kv": bridge.Hardened, "http": bridge.Naive,
	}}
	for name := range strings.FieldsSeq(first) {
		guest.AskFirst[name] = true
	}
	var a asked
	paused := false
	var err error
	a.Ended, err = host.Run(ctx, guest, l, func(e engine.Event) {
		switch e := e.(type) {
		case engine.Call:
			a.calls = append(a.calls, e)
		case engine.Asked:
			a.questions, paused = append(a.questions, e), true
		case engine.Answered:
			a.answers, paused = append(a.answers, e), false
		case engine.Heap:
			if paused {
				a.heaps++
			}
		}
		for _, take := range also {
			take(e)
		}
	})
	must(t, err)
	if a.Outcome == engine.Canceled && ctx.Err() == context.DeadlineExceeded {
		t.Fatal("the run hung")
	}
	return a
}

func after(d time.Duration, verdict engine.Verdict) func(context.Context, engine.Asked) engine.Verdict {
	return func(context.Context, engine.Asked) engine.Verdict {
		time.Sleep(d)
		return verdict
	}
}

// A person takes longer than the whole run may, and longer than a hardened call
// may; neither counts it.
func TestAskingPausesTheClocks(t *testing.T) {
	const thinking, wall = 3500 * time.Millisecond, 3 * time.Second
	a := runAsking(t, t.Context(), `const rows = db.query('SELECT name FROM users WHERE id = ?', [1]).rows
kv.set('k', rows[0].name) // no question about kv
kv.get('k')`, limits(t, "", "3s", engine.Switches{}), "db", after(thinking, engine.Allow))
	if a.Outcome != engine.OK || a.Result.Preview != "Alice" {
		t.Fatalf("%s %+v %+v", a.Outcome, a.Error, a.Limit)
	}
	if len(a.questions) != 1 || len(a.answers) != 1 || len(a.calls) != 3 {
		t.Fatalf("%d questions, %d answers, %d calls", len(a.questions), len(a.answers), len(a.calls))
	}
	q := a.questions[0]
	if q.N != 1 || q.Capability != "db" || q.Method != "query" || q.Line != 1 || !strings.Contains(q.Args, "SELECT name") || q.BytesIn != len(q.Args) {
		t.Errorf("asked was %+v", q)
	}
	if got := a.answers[0]; got.N != 1 || got.Verdict != engine.Allow || got.Took < thinking || got.At > wall {
		t.Errorf("answered was %+v", got)
	}
	if a.Time.Paused < thinking || a.Time.Wall > wall || a.Time.FirstResult > thinking || a.Time.Run > a.Time.Wall {
		t.Errorf("times are %+v", a.Time)
	}
	for i, c := range a.calls {
		if c.At > a.Time.Wall || c.Took > a.Time.Wall || (c.Asked >= thinking) != (i == 0) || (c.Asked == 0) != (i > 0) {
			t.Errorf("call %d: %+v", i, c)
		}
	}
	if a.heaps > 0 {
		t.Errorf("%d readings of memory while time stood still", a.heaps)
	}
}

// After a pause the deadline is as far away as it was.
func TestTheDeadlineIsThereAfterAPause(t *testing.T) {
	a := runAsking(t, t.Context(), `kv.get('a'); for (;;);`, limits(t, "", "300ms", engine.Switches{}), "kv", after(500*time.Millisecond, engine.Allow))
	if a.Outcome != engine.Timeout || a.Time.Wall < 300*time.Millisecond || a.Limit.Used < 300 || a.Limit.Used > 10_000 {
		t.Errorf("%s after %v, %+v", a.Outcome, a.Time.Wall, a.Limit)
	}
}

func TestDeniedIsAnErrorOfTheGuests(t *testing.T) {
	a := runAsking(t, t.Context(), `
try { db.query('SELECT 1'); 'answered' } catch (e) {
	[e instanceof Error, Object.getPrototypeOf(e) === Error.prototype, e.code, e.message, kv.get('x')].join()
}`, engine.Limits{}, "db", after(0, engine.Deny))
	if a.Outcome != engine.OK || a.Result.Preview != "true,true,denied,db.query: denied by the person at the window," {
		t.Fatalf("%s: %+v %+v", a.Outcome, a.Result, a.Error)
	}
	c := a.calls[0]
	if c.Decision != bridge.Denied || c.Code != bridge.CodeDenied || c.Asked == 0 || a.calls[1].Decision != bridge.Allowed {
		t.Errorf("%+v", a.calls)
	}
}

// What a hook says that is none of the verdicts denies.
func TestAnyOtherVerdictDenies(t *testing.T) {
	for _, verdict := range []engine.Verdict{"", "yes", "ALLOW"} {
		a := runAsking(t, t.Context(), `kv.get('k')`, engine.Limits{}, "kv", after(0, verdict))
		if a.Outcome != engine.Exception || a.calls[0].Code != bridge.CodeDenied || a.answers[0].Verdict != engine.Deny {
			t.Errorf("%q: %s, %+v", verdict, a.Outcome, a.calls)
		}
	}
}

// Where no person can be asked, nothing passes.
func TestNobodyToAskDenies(t *testing.T) {
	a := runAsking(t, t.Context(), `kv.get('k')`, engine.Limits{}, "kv", nil)
	if a.Outcome != engine.Exception || a.calls[0].Code != bridge.CodeDenied {
		t.Errorf("%s, %+v", a.Outcome, a.calls)
	}
}

// Always is for one method and for one run, and costs nothing from then on.
func TestAlwaysAllow(t *testing.T) {
	source := `for (let i = 0; i < 3000; i++) kv.get('k'); kv.set('k', 1); kv.set('k', 2); kv.get('k')`
	always := after(0, engine.Always)
	a := runAsking(t, t.Context(), source, limits(t, "", "30s", engine.Switches{}), "kv", always)
	if a.Outcome != engine.OK || len(a.calls) != 3003 {
		t.Fatalf("%s, %d calls", a.Outcome, len(a.calls))
	}
	var about []string
	for _, q := range a.questions {
		about = append(about, q.Method)
	}
	if strings.Join(about, " ") != "get set" {
		t.Errorf("asked about %v", about)
	}
	unasked := runAsking(t, t.Context(), source, limits(t, "", "30s", engine.Switches{}), "", always)
	if a.Time.Run > 5*unasked.Time.Run+100*time.Millisecond {
		t.Errorf("%v with always allow, %v unasked", a.Time.Run, unasked.Time.Run)
	}
	again := runAsking(t, t.Context(), `kv.get('k')`, engine.Limits{}, "kv", always)
	if len(again.questions) != 1 {
		t.Errorf("the next run asked %d times", len(again.questions))
	}
}

// No question is put about what is refused anyway.
func TestOnlyWhatWouldBeAnsweredIsAsked(t *testing.T) {
	l, err := engine.Limits{}.WithCalls(6) // the refused ones count too
	must(t, err)
	a := runAsking(t, t.Context(), `
for (const bad of [() => kv.get(1, 2n), () => kv.get(new Proxy({}, {})), () => kv.get('x'.repeat(100_000))]) try { bad() } catch {}
kv.get('a'); kv.get('b'); kv.get('c'); kv.get('d')`, l, "kv", after(0, engine.Allow))
	if a.Outcome != engine.ExceededCalls || len(a.questions) != 3 {
		t.Errorf("%s, asked %d times", a.Outcome, len(a.questions))
	}
}

// forever answers once its run is over.
func forever(ctx context.Context, _ engine.Asked) engine.Verdict {
	<-ctx.Done()
	return engine.Allow
}

func TestStopWhileAsking(t *testing.T) {
	// Also a hook that does not look at its context delays no one.
	let := make(chan struct{})
	defer close(let)
	for name, ask := range map[string]func(context.Context, engine.Asked) engine.Verdict{
		"waiting": forever, "deaf": func(context.Context, engine.Asked) engine.Verdict { <-let; return engine.Allow },
	} {
		ctx, cancel := context.WithCancel(t.Context())
		var pressed time.Time
		a := runAsking(t, ctx, `try { kv.get('k') } catch {} for (;;);`, engine.Limits{}, "kv", ask, func(e engine.Event) {
			if _, ok := e.(engine.Asked); ok {
				time.AfterFunc(50*time.Millisecond, func() { pressed = time.Now(); cancel() })
			}
		})
		took := time.Since(pressed)
		if a.Outcome != engine.Canceled || a.Killed || took > 5*time.Second {
			t.Errorf("%s: %s after %v, killed: %v", name, a.Outcome, took, a.Killed)
		}
		if len(a.answers) != 1 || a.answers[0].Verdict != "" || a.Time.Paused < 50*time.Millisecond {
			t.Errorf("%s: %+v, paused %v", name, a.answers, a.Time.Paused)
		}
		if len(a.calls) != 1 || a.calls[0].Code != bridge.CodeCanceled {
			t.Errorf("%s: %+v", name, a.calls)
		}
		cancel()
	}
}

func TestTheWorkerDiesWhileAsking(t *testing.T) {
	pid := 0
	a := runAsking(t, t.Context(), `kv.get('k')`, engine.Limits{}, "kv", forever, func(e engine.Event) {
		switch e := e.(type) {
		case engine.Started:
			pid = e.PID
		case engine.Asked:
			must(t, syscall.Kill(pid, syscall.SIGKILL))
		}
	})
	if a.Outcome != engine.Crashed || len(a.answers) != 1 || a.answers[0].Verdict != "" {
		t.Errorf("%s, %+v", a.Outcome, a.answers)
	}
}

// A worker that grows while it should wait is held to its limit as any other:
// it is stopped with the clocks where the system can, and watched all the time.
func TestMemoryIsWatchedWhileAsking(t *testing.T) {
	host := engine.NewWith(hostileCommand("growth while it should wait for an answer"), 20*time.Second)
	defer host.Close()
	guest := engine.Guest{Grants: map[string]bridge.Grant{"kv": bridge.Hardened}, AskFirst: map[string]bool{"kv": true}, Ask: after(500*time.Millisecond, engine.Deny)}
	asked := false
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ended, err := host.Run(ctx, guest, limits(t, "64MB", "", engine.Switches{}), func(e engine.Event) {
		_, now := e.(engine.Asked)
		asked = asked || now
	})
	must(t, err)
	if ended.Outcome != engine.ExceededMemory || !asked {
		t.Errorf("%s (%s), asked: %v", ended.Outcome, ended.Detail, asked)
	}
}

// Many questions that are answered at once leave the guest its time.
func TestManyQuestions(t *testing.T) {
	a := runAsking(t, t.Context(), `for (let i = 0; i < 300; i++) { console.log(i); kv.set('k', i) }`, limits(t, "", "20s", engine.Switches{}), "kv", after(time.Millisecond, engine.Allow))
	if a.Outcome != engine.OK || len(a.questions) != 300 || a.Time.Paused < 300*time.Millisecond {
		t.Fatalf("%s, %d questions, paused %v", a.Outcome, len(a.questions), a.Time.Paused)
	}
	before := time.Duration(0)
	for _, c := range a.calls {
		if c.At < before || c.At > a.Time.Wall {
			t.Errorf("call %d at %v, after one at %v, wall %v", c.N, c.At, before, a.Time.Wall)
		}
		before = c.At
	}
}

// A pause that begins when the worker already knows of its deadline moves the
// deadline all the same.
func TestPausesNearTheDeadline(t *testing.T) {
	l := limits(t, "", "10ms", engine.Switches{})
	for range 5 {
		a := runAsking(t, t.Context(), `for (;;) kv.get('k')`, l, "kv", after(8*time.Millisecond, engine.Allow))
		if a.Outcome != engine.Timeout {
			t.Fatalf("%s (%s) after %d questions, want timeout", a.Outcome, a.Detail, len(a.questions))
		}
		for _, answer := range a.answers { // on a busy machine there may be none
			if a.Time.Wall < answer.At {
				t.Errorf("over at %v, before an answer at %v", a.Time.Wall, answer.At)
			}
		}
	}
}
