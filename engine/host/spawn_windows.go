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

// abortStatus reports whether a process that ended with this status had ended itself
// as V8, C++ and Windows do on a fatal error.
func abortStatus(status int) bool {
	switch uint32(status) {
	case 3, // abort
		0x80000003, // a breakpoint, by which V8 ends
		0xc000001d, // an instruction that there is not, likewise
		0xc0000409, // a failure that cannot be handled
		0xc0000017: // no memory
		return true
	}
	return false
}

// CanFreeze says whether Freeze stops a worker on this system.
const CanFreeze = true

var suspend, resume = ntdll.NewProc("NtSuspendProcess"), ntdll.NewProc("NtResumeProcess")

// Freeze stops the whole worker until Resume; it can be killed meanwhile.
func (p *Process) Freeze() {
	if p.worker != 0 && suspend.Find() == nil {
		_, _, _ = suspend.Call(uintptr(p.worker))
	}
}

// Resume ends Freeze.
func (p *Process) Resume() {
	if p.worker != 0 && resume.Find() == nil {
		_, _, _ = resume.Call(uintptr(p.worker))
	}
}
