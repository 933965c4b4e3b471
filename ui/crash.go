package ui

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"

	"sealedroom/inspector"
	"sealedroom/ui/kit/dialogs"
)

// crashFile is where Go's runtime writes what ended the app, in the app's own folder.
const crashFile = "crash.txt"

// maxCrash bounds a note, in bytes: the trace begins with what went wrong.
const maxCrash = 64 << 10

// keepCrashes has a crash from now on leave a note in the folder, and returns the
// note of an earlier one, "" if there was none. A note is returned once.
func keepCrashes(folder string) (note string, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	f, err := os.OpenFile(filepath.Join(folder, crashFile), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return "", err
	}
	defer f.Close() // the runtime keeps a descriptor of its own
	text, err := io.ReadAll(io.LimitReader(f, maxCrash))
	if err == nil && len(text) > 0 {
		note = strings.ToValidUTF8(string(text), "\uFFFD")
		err = f.Truncate(0)
	}
	return note, errors.Join(err, debug.SetCrashOutput(f, debug.CrashOptions{}))
}

// sayCrash opens the note of an earlier crash, to read and to copy.
func sayCrash(d *dialogs.Stack, note string) {
	if note == "" {
		return
	}
	d.Prose("Sealed Room crashed last time", strings.Join([]string{
		"What was in the editor was kept. The note below is on this machine only and is shown once: copy it if you want to report the crash.",
		inspector.Build() + ", " + runtime.Version() + ", " + runtime.GOOS + "/" + runtime.GOARCH,
		inspector.Visible(note),
	}, "\n\n"))
}
