package confine

// #include "early_linux.h"
// #include <stdlib.h>
import "C"

import (
	"fmt"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const newProcess = uintptr(unix.SIGCHLD)

// process makes a process that ends at once, with these flags of clone.
func (h *Hands) process(flags uintptr) HandAnswer {
	pid := int(C.confine_fork(C.ulong(flags)))
	var errno syscall.Errno
	if pid < 0 {
		errno = syscall.Errno(-pid)
	}
	out := h.answer("clone", [7]uintptr{unix.SYS_CLONE, newProcess | flags}, errno)
	out.Target = "a new process"
	if flags != 0 {
		out.Target = "a user namespace"
	}
	if out.OK {
		out.PID = pid
		_, _ = reap(pid)
	}
	return out
}

// reap waits for a process of this worker's, and kills it after a second.
func reap(pid int) (unix.WaitStatus, error) {
	var status unix.WaitStatus
	for end := time.Now().Add(time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if got, err := unix.Wait4(pid, &status, unix.WNOHANG|unix.WALL, nil); got == pid || err != nil && err != unix.EINTR {
			return status, err
		}
	}
	_ = unix.Kill(pid, unix.SIGKILL)
	_, err := unix.Wait4(pid, &status, unix.WALL, nil)
	return status, err
}

// exec starts a program. The first call cannot work, since its arguments are at
// no address; the kernel says so only after it has decided about the program.
func (h *Hands) exec(path string) HandAnswer {
	_, out := h.call("execve", unix.SYS_EXECVE, h.path(path), 1)
	h.byLandlock(&out, "EACCES", 1, h.permitted(path, unix.X_OK))
	if out.Errno != "EFAULT" {
		return out
	}
	text := C.CString(path)
	defer C.free(unsafe.Pointer(text))
	var failed C.int
	pid := int(C.confine_exec(text, &failed))
	if pid < 0 {
		return h.answer("clone", [7]uintptr{unix.SYS_CLONE, unix.CLONE_VM | unix.CLONE_VFORK | newProcess}, syscall.Errno(-pid))
	}
	status, _ := reap(pid)
	out = h.answer("execve", [7]uintptr{unix.SYS_EXECVE}, syscall.Errno(failed))
	if out.OK {
		out.PID = pid
		out.Text = fmt.Sprintf("it ran, and ended with status %d", status.ExitStatus())
	}
	return out
}

func (h *Hands) onProcess(name string, a *arguments) (HandAnswer, error) {
	pid := a.number(0, "a process ID", 1, 1<<22)
	target := fmt.Sprintf("process %d", pid)
	signal := 0
	if name == "kill" {
		signal = a.signal(1)
	}
	where := h.planted.Address
	if name == "readProcess" && a.has(1) {
		where = uint64(a.number(1, "an address", 0, 1<<53))
	}
	if a.err == nil {
		if err := h.only(name, "pid", pid, h.planted.PID); err != nil {
			return HandAnswer{Target: target}, err
		}
	}
	planted := pid == h.planted.PID
	return h.onTarget(a, target, func() (out HandAnswer) {
		switch name {
		case "kill":
			_, out = h.call("kill", unix.SYS_KILL, uintptr(pid), uintptr(signal))
			h.byLandlock(&out, "EPERM", 6, planted)
		case "ptrace":
			_, out = h.call("ptrace", unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(pid), 0, 0)
			h.byLandlock(&out, "EPERM", 1, planted && h.planted.Traceable)
			if out.OK {
				letGo(pid)
			}
		default:
			buffer := new([64]byte)
			local := unix.Iovec{Base: &buffer[0], Len: uint64(len(buffer))}
			remote := [2]uint64{where, uint64(len(buffer))} // a struct iovec: no pointer of ours
			var n uintptr
			n, out = h.call("process_vm_readv", unix.SYS_PROCESS_VM_READV, uintptr(pid), hold(h, &local), 1, hold(h, &remote), 1)
			h.byLandlock(&out, "EPERM", 1, planted && h.planted.Traceable)
			if out.OK {
				text, _, _ := strings.Cut(string(buffer[:n]), "\x00")
				out.Text = strings.ToValidUTF8(text, "\ufffd")
			}
		}
		return out
	})
}

// letGo ends the tracing of a process.
func letGo(pid int) {
	_, _, _ = syscall.Syscall6(unix.SYS_PTRACE, unix.PTRACE_INTERRUPT, uintptr(pid), 0, 0, 0, 0)
	for end := time.Now().Add(200 * time.Millisecond); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if got, err := unix.Wait4(pid, nil, unix.WNOHANG|unix.WALL, nil); got == pid || err != nil {
			break
		}
	}
	_, _, _ = syscall.Syscall6(unix.SYS_PTRACE, unix.PTRACE_DETACH, uintptr(pid), 0, 0, 0, 0)
}

func (a *arguments) signal(i int) int {
	if a.has(i) {
		if name, ok := a.values[i].(string); ok {
			if signal := unix.SignalNum(name); signal != 0 {
				return int(signal)
			}
			a.refuse(i, "a signal, such as 'SIGKILL' or 9")
			return 0
		}
	}
	return a.number(i, "a signal, such as 'SIGKILL' or a number", 0, 64)
}
