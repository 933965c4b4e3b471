//go:build unix

package host

import (
	"os"
	"os/exec"
)

// launch starts a worker with its ends of the pipes: descriptors 3, 4 and 5 there.
func launch(cmd *exec.Cmd, _ int64, printed *os.File, ends ...*os.File) (*meter, error) {
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = printed, printed, ends
	if err := StartHelper(cmd); err != nil {
		return nil, err
	}
	return newMeter(cmd.Process.Pid), nil
}

// newPipe makes a pipe. The host keeps its read end, or else its write end.
func newPipe(bool) (pipe, error) {
	read, write, err := os.Pipe()
	return pipe{read, write}, err
}
