package host

import (
	"crypto/rand"
	"errors"
	"os"
	"os/exec"

	"golang.org/x/sys/windows"

	"sealedroom/engine/confine"
)

// launch starts a worker in a job with its ends of the pipes, which it inherits.
func launch(cmd *exec.Cmd, heap int64, printed *os.File, ends ...*os.File) (*meter, error) {
	var handles []windows.Handle
	for _, end := range ends {
		handles = append(handles, windows.Handle(end.Fd()))
	}
	job, err := confine.Start(cmd, heap, windows.Handle(printed.Fd()), handles...)
	if err != nil {
		return nil, err
	}
	return newMeter(cmd.Process.Pid, job), nil
}

const pipeBuffer = 64 << 10

// newPipe makes a pipe. The host keeps its read end, or else its write end: that one
// can have deadlines, for which Windows wants a pipe with a name. The name cannot be
// guessed, and the pipe takes one client, which is there before anything is sent.
func newPipe(hostReads bool) (pipe, error) {
	name := `\\.\pipe\sealedroom-` + rand.Text()
	path, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return pipe{}, err
	}
	direction, access := uint32(windows.PIPE_ACCESS_OUTBOUND), uint32(windows.GENERIC_READ)
	if hostReads {
		direction, access = windows.PIPE_ACCESS_INBOUND, windows.GENERIC_WRITE
	}
	own, err := windows.CreateNamedPipe(path, direction|windows.FILE_FLAG_OVERLAPPED|windows.FILE_FLAG_FIRST_PIPE_INSTANCE,
		windows.PIPE_TYPE_BYTE|windows.PIPE_REJECT_REMOTE_CLIENTS, 1, pipeBuffer, pipeBuffer, 0, nil)
	if err != nil {
		return pipe{}, os.NewSyscallError("CreateNamedPipe", err)
	}
	others, err := windows.CreateFile(path, access, 0, nil, windows.OPEN_EXISTING, 0, 0)
	if err != nil {
		return pipe{}, errors.Join(os.NewSyscallError("CreateFile", err), windows.CloseHandle(own))
	}
	mine, theirs := os.NewFile(uintptr(own), "worker"), os.NewFile(uintptr(others), "host")
	if hostReads {
		return pipe{read: mine, write: theirs}, nil
	}
	return pipe{read: theirs, write: mine}, nil
}
