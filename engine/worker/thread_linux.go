package worker

import (
	"time"

	"golang.org/x/sys/unix"
)

// threadID is the isolate's thread, whose CPU time the host reads.
func threadID() int { return unix.Gettid() }

// threadCPU is the calling thread's CPU time.
func threadCPU() time.Duration {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t)
	return time.Duration(t.Nano())
}
