package isolate

import (
	"time"

	"golang.org/x/sys/unix"
)

// Now is the monotonic clock that samples and collections are stamped with,
// the same in every process of a machine.
func Now() time.Duration {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &t)
	return time.Duration(t.Nano())
}
