package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

type breached struct {
	seen
	attempts []engine.NativeAttempt
	fallen   []engine.Fallen
}

func runBreach(t *testing.T, e *engine.Engine, source string, without ...string) breached {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var b breached
	var err error
	b.Ended, err = e.Run(ctx, engine.Guest{Source: source, Breach: &engine.Breach{Without: without}}, limits(t, "", "20s", engine.Switches{}), func(event engine.Event) {
		b.take(event)
		switch event := event.(type) {
		case engine.NativeAttempt:
			b.attempts = append(b.attempts, event)
		case engine.Fallen:
			b.fallen = append(b.fallen, event)
		}
	})
	must(t, err)
	return b
}

func TestBreachIsRefused(t *testing.T) {
	for name, guest := range map[string]engine.Guest{
		"grants":  {Grants: map[string]bridge.Grant{"db": bridge.Naive}, Breach: &engine.Breach{}},
		"secrets": {Secrets: []string{"TOKEN"}, Breach: &engine.Breach{Without: []string{"seccomp"}}},
		"no wall": {Breach: &engine.Breach{Without: []string{"moat"}}},
		// Held from outside: these cannot be left out.
		"there is no wall": {Breach: &engine.Breach{Without: []string{"memory-limit"}}},
	} {
		_, err := host.Run(context.Background(), guest, engine.Limits{}, func(engine.Event) { t.Errorf("%s: it ran", name) })
		if !errors.Is(err, engine.ErrGuest) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A run that ends before its worker is ready leaves nothing open in the host.
func TestCanceledBreachLeavesNothingOpen(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	ended, err := host.Run(ctx, engine.Guest{Source: "1", Breach: &engine.Breach{}}, engine.Limits{}, func(engine.Event) {})
	if err != nil || ended.Outcome != engine.Canceled {
		t.Errorf("ended as %s, %v", ended.Outcome, err)
	}
	open, err := os.ReadDir("/proc/self/fd")
	must(t, err)
	for _, descriptor := range open {
		if what, _ := os.Readlink("/proc/self/fd/" + descriptor.Name()); strings.Contains(what, "left-open") {
			t.Errorf("descriptor %s: %s", descriptor.Name(), what)
		}
	}
}

// A run with native hands has a worker of its own, and leaves none to the next.
func TestOrdinaryRunAfterBreach(t *testing.T) {
	e := engine.New()
	defer e.Close()
	e.Warm(limits(t, "", "20s", engine.Switches{}))
	for end := time.Now().Add(20 * time.Second); !e.Ready() && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	spare := e.SparePID()
	b := runBreach(t, e, "native.shareMemory(4096).ok", "seccomp", "landlock")
	if b.Outcome != engine.OK || b.Result.Preview != "true" || b.started.PID == spare || b.started.Waited.Spare {
		t.Errorf("%+v in worker %d, the spare is %d", b.Ended, b.started.PID, spare)
	}
	standing := engine.WallNames(b.started.Walls)
	if slices.Contains(standing, "seccomp") || slices.Contains(standing, "landlock") || !slices.Contains(standing, "rlimit") {
		t.Errorf("named as standing: %v", standing)
	}
	var ordinary seen
	_, err := e.Run(context.Background(), engine.Guest{Source: "typeof native"}, limits(t, "", "20s", engine.Switches{}), func(event engine.Event) { ordinary.take(event) })
	must(t, err)
	standing = engine.WallNames(ordinary.started.Walls)
	if ordinary.started.PID == b.started.PID || ordinary.started.Breach != nil || !slices.Contains(standing, "seccomp") {
		t.Errorf("an ordinary run has worker %d (the other was %d) with %v", ordinary.started.PID, b.started.PID, standing)
	}
}

// With all walls up each hand is refused, by a wall that is known, and with
// nothing of it left on the machine afterwards.
func TestHandsAgainstAllWalls(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	b := runBreach(t, host, `const t = native.targets;
		native.open(t.file); native.open('/etc/passwd'); native.read(t.descriptor); native.stat('/'); native.truncate(t.file);
		native.remove(t.file); native.connect('192.0.2.1', 80); native.unixSocket(t.socket); native.exec('/bin/sh'); native.fork();
		native.kill(t.pid, 'SIGKILL'); native.kill(1, 9); native.ptrace(t.pid); native.readProcess(t.pid); native.shareMemory(4096);
		native.ioUring(); native.userfaultfd(); native.namespaces(); native.syscall(165, 'none', '/', 'tmpfs', 0, 0); t.pid`)
	if b.Outcome != engine.OK || len(b.attempts) != 19 || len(b.fallen) > 0 {
		t.Fatalf("%s with %d attempts, fallen %v (%v)", b.Outcome, len(b.attempts), b.fallen, b.Error)
	}
	for i, a := range b.attempts {
		if !a.Held || a.Worked || a.By == "" || a.Answer == "" || a.Line == 0 || a.N != int64(i+1) {
			t.Errorf("%+v", a)
		}
	}
	if left, _ := os.ReadDir(os.Getenv("TMPDIR")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	var pid int
	must(t, json.Unmarshal([]byte(b.Result.Preview), &pid))
	if err := unix.Kill(pid, 0); err != unix.ESRCH {
		t.Errorf("the planted process lives on: %v", err)
	}
}

// Where nothing can be started, because of how the folder is mounted, the answer
// says so: no wall of ours refused.
func TestNoExecIsSaid(t *testing.T) {
	folder := t.TempDir()
	if err := unix.Mount("tmpfs", folder, "tmpfs", unix.MS_NOEXEC, ""); err != nil {
		t.Skip("cannot mount: ", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(folder, unix.MNT_DETACH) })
	t.Setenv("TMPDIR", folder)
	b := runBreach(t, host, `native.exec(native.targets.program).ok`, "seccomp", "landlock", "rlimit")
	if len(b.attempts) != 1 || !b.attempts[0].Held || b.attempts[0].By != "" || !strings.Contains(b.attempts[0].Answer, "mounted noexec; set TMPDIR") {
		t.Errorf("%+v", b.attempts)
	}
}

// With all walls left out, nothing of the machine's is within reach.
func TestNeverTheMachines(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ours")
	must(t, os.WriteFile(file, []byte("ours"), 0o600))
	path, _ := json.Marshal(file)
	for _, without := range [][]string{engine.RemovableWalls(), {"seccomp"}, {"descriptors"}} {
		b := runBreach(t, host, `let thrown = 0;
			const f = `+string(path)+`, t = native.targets;
			for (const act of [
				() => native.open(f), () => native.read(f), () => native.stat(f), () => native.truncate(f), () => native.remove(f),
				() => native.open(t.file + '/../ours'), () => native.read(4), () => native.read(t.descriptor + 1),
				() => native.connect('127.0.0.1', 22), () => native.connect('192.0.2.1', t.port), () => native.connect('::1', t.port),
				() => native.unixSocket('/run/x'), () => native.exec('/bin/sh'), () => native.kill(1, 9), () => native.kill(-1, 9),
				() => native.kill(0, 9), () => native.ptrace(1), () => native.readProcess(1, 0), () => native.syscall(87, f),
				() => native.shareMemory(1e12), () => native.threads(1e9), () => native.kill(t.pid, 'SIGNONE'), () => native.open({}), () => native.open('a\0b'),
			]) try { console.log(act.toString(), act()); } catch (e) { thrown++; }
			thrown`, without...)
		if b.Outcome != engine.OK || b.Result.Preview != "24" || len(b.fallen) > 0 {
			t.Errorf("without %v: %s, thrown %v, %v, fallen %v", without, b.Outcome, b.Result, b.console, b.fallen)
		}
		for _, a := range b.attempts {
			if a.By != engine.ByHands || a.Worked || a.Held {
				t.Errorf("without %v: %+v", without, a)
			}
		}
	}
	if data, err := os.ReadFile(file); string(data) != "ours" {
		t.Errorf("the file holds %q (%v)", data, err)
	}
}

// Attempts are bounded, and a guest that goes on is still stopped in time.
func TestManyAttempts(t *testing.T) {
	b := runBreach(t, host, "let n = 0; for (let i = 0; i < 5000; i++) try { native.fork(); n++ } catch {} n")
	if b.Outcome != engine.OK || b.Result.Preview != "500" || len(b.attempts) != 500 {
		t.Errorf("%s, %+v, %d attempts", b.Outcome, b.Result, len(b.attempts))
	}
	crowd := runBreach(t, host, "native.threads(4000)")
	last := crowd.attempts[len(crowd.attempts)-1]
	if crowd.Outcome != engine.Crashed || !crowd.Killed || last.By != engine.WallThreadCount || !last.Held {
		t.Errorf("%+v, last %+v", crowd.Ended, last)
	}
}
