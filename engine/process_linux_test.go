package engine_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

// TestGivingWay: a window's workers start like everything else, and give way to
// it once their guests have used a moment of the processor; those that loop give
// way to everything, and those without a window to nothing. One that calls stays
// what it is where other programs leave it no time to.
func TestGivingWay(t *testing.T) {
	calling := map[string]bridge.Grant{"kv": bridge.Hardened}
	waits := engine.Guest{Source: "await new Promise(done => setTimeout(done, 5000))"}
	loops, calls := engine.Guest{Source: "for (;;);"}, engine.Guest{Source: "for (;;) kv.get('k')", Grants: calling}
	normal := func(policy uint32, nice int32) bool { return policy == unix.SCHED_NORMAL && nice == 0 }
	low := func(policy uint32, nice int32) bool { return policy == unix.SCHED_NORMAL && nice > 0 }
	idle := func(policy uint32, nice int32) bool { return policy == unix.SCHED_IDLE || nice == 10 }
	for _, c := range []struct {
		name   string
		host   *engine.Engine
		guest  engine.Guest
		others int // programs that compute
		want   func(policy uint32, nice int32) bool
	}{
		{"no window", engine.New(), loops, 0, normal},
		{"waits", engine.NewBesideWindow(), waits, 0, normal},
		{"a loop", engine.NewBesideWindow(), loops, 0, idle},
		{"calls", engine.NewBesideWindow(), calls, 0, low},
		{"calls on a busy machine", engine.NewBesideWindow(), calls, 2 * runtime.NumCPU(), low},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer c.host.Close()
			fail := t.Errorf
			if c.others == 0 {
				fail = func(format string, args ...any) { failIdle(t, format, args...) }
			}
			if policy, nice := classOf(t, c.host, c.guest, c.others); !c.want(policy, nice) {
				fail("policy %d, nice %d", policy, nice)
			}
		})
	}
}

// compute starts a program that does nothing else, until it is stopped.
func compute(t *testing.T) (stop func()) {
	t.Helper()
	program := exec.Command("sh", "-c", "while :; do :; done")
	must(t, program.Start())
	return func() {
		_ = program.Process.Kill()
		_ = program.Wait()
	}
}

// classOf is how a guest's worker is scheduled when it has run for a while
// beside a number of other programs.
func classOf(t *testing.T, host *engine.Engine, guest engine.Guest, others int) (policy uint32, nice int32) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	_, err := host.Run(ctx, guest, limits(t, "", "20s", engine.Switches{Timers: true}), func(e engine.Event) {
		if started, ok := e.(engine.Started); ok {
			stops := make([]func(), others)
			for i := range stops {
				stops[i] = compute(t)
			}
			time.AfterFunc(time.Second, func() {
				if attributes, err := unix.SchedGetAttr(started.PID, 0); err == nil {
					policy, nice = attributes.Policy, attributes.Nice
				}
				for _, stop := range stops {
					stop()
				}
				cancel()
			})
		}
	})
	must(t, err)
	return policy, nice
}

// failIdle fails a test about who gets how much of the machine, unless others
// have it: then it says nothing.
func failIdle(t *testing.T, format string, args ...any) {
	t.Helper()
	var load float64
	if data, err := os.ReadFile("/proc/loadavg"); err == nil {
		_, _ = fmt.Sscan(string(data), &load)
	}
	if load > 1 {
		t.Skipf("the machine is busy (%.1f): "+format, append([]any{load}, args...)...)
	}
	t.Errorf(format, args...)
}

// TestCallsStayOnOneCore: the thread that calls is kept where it is answered,
// and let go when it calls no more.
func TestCallsStayOnOneCore(t *testing.T) {
	var all unix.CPUSet
	must(t, unix.SchedGetaffinity(0, &all))
	if all.Count() < 2 {
		t.Skip("there is one core")
	}
	cores := func(pid int) int {
		var set unix.CPUSet
		must(t, unix.SchedGetaffinity(pid, &set))
		return set.Count()
	}
	for range 5 { // where other programs leave no time, there may not be many
		calling, after := coresOf(t, cores)
		if calling == 1 && after == all.Count() {
			return
		}
		t.Logf("on one of %d cores while it called, on one of %d after", calling, after)
	}
	failIdle(t, "it was never kept on one core, or never let go")
}

// coresOf is how many cores a guest may use that calls, and then does not.
func coresOf(t *testing.T, cores func(pid int) int) (calling, after int) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var pid int
	guest := engine.Guest{
		Source: "const end = Date.now() + 500; while (Date.now() < end) kv.get('k'); console.log('done'); for (;;);",
		Grants: map[string]bridge.Grant{"kv": bridge.Hardened},
	}
	_, err := host.Run(ctx, guest, limits(t, "", "30s", engine.Switches{}), func(e engine.Event) {
		switch e := e.(type) {
		case engine.Started:
			pid = e.PID
		case engine.Call:
			if e.At > 300*time.Millisecond && calling == 0 {
				calling = cores(pid)
			}
		case engine.Heap:
			if e.At > 900*time.Millisecond && after == 0 {
				after = cores(pid)
				cancel()
			}
		}
	})
	must(t, err)
	return calling, after
}

// TestTimeWithoutACore: where others have the cores, a guest that computes waits
// for one, which is distinguished from a guest that waits by itself.
func TestTimeWithoutACore(t *testing.T) {
	hold := func(source string, others int) engine.Times {
		for range others {
			defer compute(t)()
		}
		ended, err := host.Run(t.Context(), engine.Guest{Source: source}, limits(t, "", "30s", engine.Switches{Timers: true}), func(engine.Event) {})
		must(t, err)
		if !ended.Time.HasNoCore {
			t.Skip("this kernel does not say how long a thread waits for a core")
		}
		return ended.Time
	}
	crowded := hold("const end = Date.now() + 600; while (Date.now() < end);", 3*runtime.NumCPU())
	if crowded.NoCore < crowded.Wall/4 {
		t.Errorf("beside %d programs it had no core for %v of %v", 3*runtime.NumCPU(), crowded.NoCore, crowded.Wall)
	}
	waiting := hold("await new Promise(done => setTimeout(done, 600))", 0)
	if waiting.NoCore > waiting.Wall/4 || waiting.CPU > waiting.Wall/4 {
		failIdle(t, "a guest that waits: %v of the processor, no core for %v of %v", waiting.CPU, waiting.NoCore, waiting.Wall)
	}
}

// TestRequestToResult: what a run says of its start adds up, on a spare and on a
// worker that is started for it.
func TestRequestToResult(t *testing.T) {
	single := engine.NewSingle()
	defer single.Close()
	host.Warm(engine.Limits{})
	for range 1000 {
		if host.Ready() {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	for _, c := range []struct {
		name  string
		host  *engine.Engine
		guest engine.Guest
		spare bool
	}{
		{"spare", host, engine.Guest{Source: "10 + 20"}, true},
		{"cold", single, engine.Guest{Source: "10 + 20"}, false},
		{"with a database", single, engine.Guest{Source: "db.query('SELECT 1')", Grants: map[string]bridge.Grant{"db": bridge.Naive}}, false},
		{"throws", single, engine.Guest{Source: "null.x"}, false},
	} {
		var started engine.Started
		began := time.Now()
		ended, err := c.host.Run(t.Context(), c.guest, engine.Limits{}, func(e engine.Event) {
			if s, ok := e.(engine.Started); ok {
				started = s
			}
		})
		took := time.Since(began)
		must(t, err)
		w, l := started.Waited, ended.Time
		sum := w.Bridge + w.Worker + l.HandOver + l.Compile + l.Run + l.Settle + l.Read + l.Between
		if sum != l.FirstResult || l.FirstResult <= 0 || l.FirstResult > took || w.Spare != c.spare {
			t.Errorf("%s: the parts come to %v of %v, and all took %v: %+v %+v", c.name, sum, l.FirstResult, took, w, l)
		}
		// The worker may have begun before the host was back from sending: then
		// the hand-over holds all of the way, and nothing is left between.
		for _, part := range []time.Duration{w.Worker, l.HandOver + l.Between, l.Compile} {
			if part <= 0 {
				t.Errorf("%s: a part took no time: %+v %+v", c.name, w, l)
				break
			}
		}
	}
}
