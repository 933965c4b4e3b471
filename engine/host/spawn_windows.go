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
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP, HideWindow: true}
}

// CanFreeze says whether Freeze stops a worker on this system.
const CanFreeze = false

// Freeze does nothing here: a worker that was taken over computes during a pause.
func (p *Process) Freeze() {}

// Resume ends Freeze.
func (p *Process) Resume() {}
