package bridge

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// folderPrefix starts the names of all temporary folders of runs.
const folderPrefix = "sealedroom-"

// sweepAfter is how old a folder is before Sweep looks at it: a new one may not
// be locked yet.
const sweepAfter = time.Minute

// Folder is a temporary folder of one run. While its process lives it is locked,
// where the system can, so that Sweep leaves it alone.
type Folder struct {
	Path string
	lock *os.File // nil where folders are not locked
}

// NewFolder makes an empty folder, for a capability of that name, or "walls" for
// what stands behind the walls of a run with native hands.
func NewFolder(name string) (*Folder, error) {
	path, err := os.MkdirTemp("", folderPrefix+name+"-")
	if err != nil {
		return nil, err
	}
	lock, err := lockFolder(path)
	if err != nil { // no reason not to run: it is removed at the run's end
		lock = nil
	}
	return &Folder{Path: path, lock: lock}, nil
}

// Remove removes the folder with all that is in it.
func (f *Folder) Remove() error {
	err := os.RemoveAll(f.Path)
	if f.lock != nil {
		err = errors.Join(err, f.lock.Close())
	}
	return err
}

// Sweep removes the folders that processes of this user left behind when they
// were killed, with the secrets in them. One whose process lives is locked, and
// stays.
func Sweep() {
	parent := os.TempDir()
	entries, err := os.ReadDir(parent)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if !entry.IsDir() || !isFolderName(entry.Name()) {
			continue
		}
		path := filepath.Join(parent, entry.Name())
		info, err := os.Lstat(path)
		if err != nil || !info.IsDir() || !ownFolder(info) || time.Since(info.ModTime()) < sweepAfter {
			continue
		}
		if lock, err := lockFolder(path); err == nil && lock != nil {
			_ = os.RemoveAll(path) // what cannot be removed stays for the next time
			_ = lock.Close()
		}
	}
}

// isFolderName reports whether NewFolder makes such names: a prefix, a name, a
// number.
func isFolderName(name string) bool {
	rest, ok := strings.CutPrefix(name, folderPrefix)
	capability, number, found := strings.Cut(rest, "-")
	return ok && found && (capability == "db" || capability == "files" || capability == "walls") &&
		number != "" && strings.Trim(number, "0123456789") == ""
}
