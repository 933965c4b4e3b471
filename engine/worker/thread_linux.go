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

// giveWay has the calling thread, and those it will start, yield to what is of
// ordinary priority. A tenth of a core is left to it at least: a guest gets on
// also where the machine is busy with something else.
func giveWay() {
	const less = 10 // of Unix's 40 steps of priority
	if now, err := unix.Getpriority(unix.PRIO_PROCESS, 0); err == nil {
		_ = unix.Setpriority(unix.PRIO_PROCESS, 0, 20-now+less) // the system call answers with 20 less the niceness
	}
}
