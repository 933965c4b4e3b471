package host

import (
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// TestAnIdleWorkerIsTakenBack: one that gave way to everything is scheduled like
// others again before it is killed, or a busy machine would keep it, and its run,
// for seconds. Not every user may; then it stays as it is.
func TestAnIdleWorkerIsTakenBack(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only some users may take a class back")
	}
	p, err := fake.Start(small)
	must(t, err)
	policy := func() uint32 {
		attributes, err := unix.SchedGetAttr(p.PID(), 0)
		must(t, err)
		return attributes.Policy
	}
	p.schedule(idle)
	lowered, killed := policy(), uint32(0)
	_ = unix.Kill(p.PID(), unix.SIGSTOP) // so that it is there to be asked
	signal := p.signal
	p.signal = func() { killed = policy(); signal() }
	p.discard()
	if lowered != unix.SCHED_IDLE && runtime.NumCPU() > 1 || killed != unix.SCHED_NORMAL {
		t.Errorf("policy %d once lowered, %d before it is killed", lowered, killed)
	}
}
