//go:build unix

package host

import (
	"os/exec"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"sealedroom/engine/wire"
)

func sized(bytes int64) Config { return Config{Prepare: wire.Prepare{HeapLimit: bytes}} }

var small, large = sized(64 << 20), sized(128 << 20)

// await waits until n spares are ready.
func await(t *testing.T, p *Pool, n int) []int {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if pids := p.Waiting(); len(pids) == n {
			return pids
		}
	}
	t.Fatalf("%d spares are ready, want %d", len(p.Waiting()), n)
	return nil
}

// take takes a worker and ends it when the test is over.
func take(t *testing.T, p *Pool, config Config, spare bool) *Process {
	t.Helper()
	w, was, err := p.Take(t.Context(), config)
	must(t, err)
	t.Cleanup(w.discard)
	if was != spare || w.Config != config {
		t.Errorf("worker is a spare: %v, want %v; made for %+v, want %+v", was, spare, w.Config, config)
	}
	return w
}

// TestPoolKeepsSparesOfEach: for each room that a program has open there is a spare
// of its configuration, and taking one leaves the others.
func TestPoolKeepsSparesOfEach(t *testing.T) {
	p := NewPool(fake)
	defer p.Close()
	p.Keep(small, large, small)
	first := await(t, p, 3)
	a, b, c := take(t, p, small, true), take(t, p, small, true), take(t, p, large, true)
	for _, w := range []*Process{a, b, c} {
		if !slices.Contains(first, w.PID()) {
			t.Errorf("worker %d is none of the spares %v", w.PID(), first)
		}
	}
	take(t, p, small, false)
	p.Refill(small) // all of them, of both
	second := await(t, p, 3)
	p.Keep(small, large, small) // changes nothing
	if third := await(t, p, 3); !slices.Equal(second, third) {
		t.Errorf("spares %v became %v", second, third)
	}
	p.Keep(large)
	if pids := await(t, p, 1); !slices.Contains(second, pids[0]) {
		t.Errorf("the spare %d that was still wanted was replaced", pids[0])
	}
}

// TestPoolFollowsTheLastRun: a run of a configuration that was not asked for leaves
// one spare of that.
func TestPoolFollowsTheLastRun(t *testing.T) {
	p := NewPool(fake)
	defer p.Close()
	p.Keep(small)
	await(t, p, 1)
	w := take(t, p, large, false)
	p.Refill(w.Config)
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if len(p.Waiting()) == 1 {
			break
		}
	}
	take(t, p, large, true)
}

// TestPoolReplacesTheDead: a spare that died is not counted, and is replaced.
func TestPoolReplacesTheDead(t *testing.T) {
	p := NewPool(fake)
	defer p.Close()
	p.Keep(small, small)
	await(t, p, 2)
	p.mutex.Lock()
	dead := p.spares[0].process
	p.mutex.Unlock()
	dead.Kill()
	await(t, p, 1)
	<-dead.Exited()
	p.Keep(small, small)
	if pids := await(t, p, 2); slices.Contains(pids, dead.PID()) {
		t.Errorf("the dead spare %d is among %v", dead.PID(), pids)
	}
}

// TestPoolIsBounded: however many spares are asked for, few are started.
func TestPoolIsBounded(t *testing.T) {
	var started atomic.Int64
	counting := fake
	counting.Command = func() *exec.Cmd {
		started.Add(1)
		return fake.Command()
	}
	p := NewPool(counting)
	p.Keep(slices.Repeat([]Config{small}, 10*MaxSpares)...)
	await(t, p, MaxSpares)
	p.Close()
	if n := started.Load(); n != MaxSpares {
		t.Errorf("%d workers were started, want %d", n, MaxSpares)
	}
	if _, _, err := p.Take(t.Context(), small); err == nil {
		t.Error("a closed pool gave a worker")
	}
}

// TestOneRunACore: the call threads of two runs are not kept on the same core.
func TestOneRunACore(t *testing.T) {
	s := NewScheduler(false)
	if !s.take(1) || s.take(1) || !s.take(0) {
		t.Error("two runs have one core")
	}
	(&Share{scheduler: s, together: true, core: 1}).Leave()
	if !s.take(1) {
		t.Error("a run that is over keeps its core")
	}
}

// TestDeath: its status shows how a worker died.
func TestDeath(t *testing.T) {
	w, err := fake.Start(small)
	must(t, err)
	w.End()
	if d := w.Death(); d.Cause != "signal: killed" || !d.Aborted || d.ExitCode != -1 {
		t.Errorf("death is %+v", d)
	}
}
