//go:build unix

package host

import (
	"os"
	"os/exec"
)

// attach gives a worker its ends of the pipes: descriptors 3, 4 and 5 there.
func attach(cmd *exec.Cmd, in, out, guest *os.File) error {
	cmd.ExtraFiles = []*os.File{in, out, guest}
	return nil
}
