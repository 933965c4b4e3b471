package precise

import (
	"time"

	"golang.org/x/sys/unix"
)

func sleep(at time.Time) {
	for left := time.Until(at); left > 0; left = time.Until(at) {
		t := unix.NsecToTimespec(int64(left))
		_ = unix.Nanosleep(&t, nil)
	}
}
