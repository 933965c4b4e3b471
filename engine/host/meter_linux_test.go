package host

import (
	"os"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A kernel without schedstat still counts a thread's processor time.
func TestProcessorWithoutSchedstat(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	m := newMeter(os.Getpid())
	m.watchThread(unix.Gettid())
	if m.cpu != nil {
		m.cpu.Close()
		m.cpu = nil
	}
	before := m.Processor()
	if !before.Known || before.NoCoreKnown {
		t.Fatalf("%+v", before)
	}
	late := time.Now().Add(30 * time.Second)
	for m.Processor().Used-before.Used < 50*time.Millisecond {
		if time.Now().After(late) {
			t.Fatalf("computing for 30 s took %v of the processor", m.Processor().Used-before.Used)
		}
	}
}
