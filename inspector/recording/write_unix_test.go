//go:build unix

package recording

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A pipe is no place for a recording, whether it is read or not.
func TestRecordIntoAPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip("no pipes here:", err)
	}
	for _, read := range []bool{false, true} {
		if read {
			reader, err := syscall.Open(pipe, syscall.O_RDONLY|syscall.O_NONBLOCK, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer syscall.Close(reader)
		}
		if _, err := Create(pipe); err == nil || !strings.Contains(err.Error(), "not a regular file") {
			t.Errorf("read %v: %v", read, err)
		}
	}
}
