package host

import (
	"os"
	"syscall"
)

// executable is this very program.
func executable() string {
	path, err := os.Executable()
	if err != nil {
		return os.Args[0]
	}
	return path
}

func onSpawnThread(start func() error) error { return start() }

// attributes: a Ctrl+C meant for the host does not reach the worker.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// CanFreeze says whether Freeze stops a worker on this system.
const CanFreeze = true

// Freeze stops the whole worker until Resume; it can be killed meanwhile.
func (p *Process) Freeze() { _ = p.cmd.Process.Signal(syscall.SIGSTOP) }

// Resume ends Freeze.
func (p *Process) Resume() { _ = p.cmd.Process.Signal(syscall.SIGCONT) }
