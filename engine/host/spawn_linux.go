package host

import (
	"runtime"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// executable is this very program, also after its file was replaced.
func executable() string { return "/proc/self/exe" }

// attributes: a worker dies with the host, and a Ctrl+C meant for the
// host does not reach it.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}

// The kernel sends the death signal when the *thread* that started the worker
// ends, so one thread starts them all and lasts as long as the program.
var spawnThread = sync.OnceValue(newSpawnThread)

func newSpawnThread() chan func() {
	work := make(chan func())
	go func() {
		runtime.LockOSThread()
		for f := range work {
			f()
		}
	}()
	return work
}

func onSpawnThread(start func() error) error {
	done := make(chan error)
	spawnThread() <- func() { done <- start() }
	return <-done
}

// CanFreeze says whether Freeze stops a worker on this system.
const CanFreeze = true

// Freeze stops the whole worker until Resume; it can be killed meanwhile.
func (p *Process) Freeze() { _ = p.cmd.Process.Signal(unix.SIGSTOP) }

// Resume ends Freeze.
func (p *Process) Resume() { _ = p.cmd.Process.Signal(unix.SIGCONT) }
