package engine

import (
	"testing"

	"golang.org/x/sys/unix"
)

// ClassesUntilKilled lowers a worker as far as it goes and kills it. It returns
// how it was scheduled then, and when the signal was sent.
func ClassesUntilKilled(t *testing.T) (lowered, killed uint32) {
	p, err := startOwn.start(prepare(Limits{}))
	if err != nil {
		t.Fatal(err)
	}
	policy := func() uint32 {
		attributes, err := unix.SchedGetAttr(p.pid(), 0)
		if err != nil {
			t.Fatal(err)
		}
		return attributes.Policy
	}
	p.schedule(idle)
	lowered = policy()
	_ = unix.Kill(p.pid(), unix.SIGSTOP) // so that it is there to be asked
	signal := p.signal
	p.signal = func() { killed = policy(); signal() }
	p.end()
	p.lastWords()
	return lowered, killed
}
