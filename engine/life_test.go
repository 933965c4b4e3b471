package engine_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/confine"
	"sealedroom/engine/wire"
)

// hostEnv makes the test binary a host that runs an endless guest and has a
// spare, and says the process IDs of both workers.
const hostEnv = "SEALEDROOM_TEST_HOST"

func beHost() {
	host := engine.New()
	minutes, err := engine.Limits{}.WithWall(5 * time.Minute)
	if err != nil {
		panic(err)
	}
	_, err = host.Run(context.Background(), engine.Guest{Source: `for (;;);`}, minutes, func(e engine.Event) {
		started, ok := e.(engine.Started)
		if !ok {
			return
		}
		host.Warm(minutes)
		for !host.Ready() {
			time.Sleep(time.Millisecond)
		}
		fmt.Println(started.PID, host.SparePID())
	})
	if err != nil {
		panic(err)
	}
}

// alive says whether a process is there and no zombie.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, state, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(state, "Z")
}

func awaitDeath(t *testing.T, what string, pid int) {
	t.Helper()
	for range 1000 {
		if !alive(pid) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%s lives on", what)
	_ = syscall.Kill(pid, syscall.SIGKILL)
}

// TestWorkersDieWithTheirHost kills a host as hard as can be.
func TestWorkersDieWithTheirHost(t *testing.T) {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = []string{hostEnv + "=1"}
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	line, err := bufio.NewReader(out).ReadString('\n')
	must(t, err)
	var busy, spare int
	if _, err := fmt.Sscan(line, &busy, &spare); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	if !alive(busy) || !alive(spare) {
		t.Fatalf("workers %s do not live", strings.TrimSpace(line))
	}
	must(t, cmd.Process.Signal(syscall.SIGKILL))
	awaitDeath(t, "the worker with a guest", busy)
	awaitDeath(t, "the spare worker", spare)
}

// TestWorkerDiesWithItsPipe starts a worker without the kernel's help: when
// the host's end of its pipe closes, it must go by itself, guest or no guest.
func TestWorkerDiesWithItsPipe(t *testing.T) {
	for name, guest := range map[string]string{"spare": "", "busy": `console.log(1); for (;;);`, "waiting": `console.log(1); setTimeout(() => {}, 1e8)`} {
		t.Run(name, func(t *testing.T) {
			in, toWorker, err := os.Pipe()
			must(t, err)
			fromWorker, out, err := os.Pipe()
			must(t, err)
			forRoom, toRoom, err := os.Pipe()
			must(t, err)
			cmd := exec.Command("/proc/self/exe")
			cmd.Env = []string{confine.WorkerEnv + "=1"}
			cmd.ExtraFiles = []*os.File{in, out, forRoom}
			must(t, cmd.Start())
			_, _, _ = in.Close(), out.Close(), forRoom.Close()
			defer fromWorker.Close()
			defer toRoom.Close()
			w, r := wire.NewWriter(toWorker), wire.NewReader(fromWorker, wire.MaxFromWorker)
			must(t, w.Send(wire.KindPrepare, wire.Prepare{HeapLimit: 64 << 20}))
			if kind, _, err := r.Next(); err != nil || kind != wire.KindReady {
				t.Fatal(kind, err)
			}
			if guest != "" {
				must(t, wire.NewWriter(toRoom).Send(wire.KindRun, wire.Run{Source: guest, Name: "guest.js", Timers: true, ResultLimit: 100}))
				go func() { // asked before the guest has begun it has nothing to report
					for w.Send(wire.KindReport, struct{}{}) == nil {
						time.Sleep(time.Millisecond)
					}
				}()
				if kind, _, err := r.Next(); err != nil || kind != wire.KindEvents {
					t.Fatal(kind, err) // it runs
				}
			}
			must(t, toWorker.Close())
			done := make(chan error)
			go func() { done <- cmd.Wait() }()
			select {
			case <-done:
			case <-time.After(10 * time.Second):
				t.Error("the worker lives on")
				_ = cmd.Process.Kill()
				<-done
			}
		})
	}
}

// TestSpareThatDied: a spare may die while it waits; the next run works all the same.
func TestSpareThatDied(t *testing.T) {
	host := engine.New()
	defer host.Close()
	for _, how := range []syscall.Signal{syscall.SIGKILL, syscall.SIGSEGV} {
		host.Warm(engine.Limits{})
		for !host.Ready() {
			time.Sleep(time.Millisecond)
		}
		pid := host.SparePID()
		must(t, syscall.Kill(pid, how))
		awaitDeath(t, "the spare "+strconv.Itoa(pid), pid)
		var s seen
		var err error
		s.Ended, err = host.Run(context.Background(), engine.Guest{Source: "6 * 7"}, engine.Limits{}, s.take)
		must(t, err)
		if s.Outcome != engine.OK || s.Result.Preview != "42" || s.started.PID == pid {
			t.Errorf("after %v: %s (%s)", how, s.Outcome, s.Detail)
		}
	}
}

// TestWorkerKilledFromOutside is a crash that no limit explains.
func TestWorkerKilledFromOutside(t *testing.T) {
	var s seen
	var err error
	s.Ended, err = host.Run(context.Background(), engine.Guest{Source: `for (;;);`}, limits(t, "64MB", "20s", engine.Switches{}), func(e engine.Event) {
		s.take(e)
		if started, ok := e.(engine.Started); ok {
			time.AfterFunc(20*time.Millisecond, func() { _ = syscall.Kill(started.PID, syscall.SIGKILL) })
		}
	})
	must(t, err)
	if s.Outcome != engine.Crashed || !strings.Contains(s.Detail, "killed") || s.Killed {
		t.Errorf("ended as %s (%s), killed by us: %v", s.Outcome, s.Detail, s.Killed)
	}
}

// TestLastSeen: a guest whose worker had to be killed, or died, was seen somewhere a
// moment before.
func TestLastSeen(t *testing.T) {
	s := run(t, "const all = Array.from({ length: 3e6 }, (_, i) => String(i * 7919 % 1000003));\nconst until = Date.now() + 80;\nfor (let n = 0; Date.now() < until;)\n  n++;\nfor (;;) all.slice().sort();",
		limits(t, "1GB", "1s", engine.Switches{}))
	if s.Outcome != engine.Timeout {
		t.Fatalf("ended as %s", s.Outcome)
	}
	if s.StoppedLine == 0 || s.StoppedLine > 5 || s.LastSeen != s.Killed {
		t.Errorf("killed: %v, on line %d, last seen: %v", s.Killed, s.StoppedLine, s.LastSeen)
	}
}
