//go:build unix && !solaris && !illumos && !aix

package bridge

import (
	"os"
	"syscall"
)

// lockFolder locks a folder for this process, or returns an error at once if
// another has locked it. Closing the file unlocks it, and so does the process's
// end.
func lockFolder(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}

// ownFolder reports whether a folder belongs to this process's user.
func ownFolder(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}
