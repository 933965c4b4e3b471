package host

import (
	"time"

	"golang.org/x/sys/unix"
)

// Soon waits for the worker to send something and reports whether it has. The
// thread sleeps in the kernel and is woken directly, not by way of another.
func (p *Process) Soon(within time.Duration) (yes bool) {
	raw, err := p.fromWorker.SyscallConn()
	if err != nil || within <= 0 {
		return false
	}
	_ = raw.Control(func(fd uintptr) {
		timeout := unix.NsecToTimespec(int64(within))
		yes = readable(fd, &timeout)
	})
	return yes
}

// Read reads from the worker. A listener sleeps in the kernel until there is
// something: Go would wake it by way of another thread.
func (s *source) Read(b []byte) (int, error) {
	if s.listening {
		if raw, err := s.file.SyscallConn(); err == nil {
			_ = raw.Control(func(fd uintptr) { readable(fd, nil) })
		}
	}
	return s.file.Read(b)
}

// readable waits until there is something to read, or an end.
func readable(fd uintptr, within *unix.Timespec) bool {
	n, err := unix.Ppoll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, within, nil)
	return err == nil && n > 0
}
