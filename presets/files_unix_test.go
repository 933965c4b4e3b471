//go:build unix

package presets_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"sealedroom/presets"
)

func TestFilesThatAreNone(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good.md")
	if err := os.WriteFile(good, []byte(front("")), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link.md")
	if err := os.Symlink(good, link); err != nil {
		t.Skip("no links here:", err)
	}
	pipe := filepath.Join(dir, "pipe.md")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	huge := filepath.Join(dir, "huge.md")
	if err := os.WriteFile(huge, make([]byte, 50<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		link: "is a link", pipe: "is not a file", huge: "is 52428800 bytes long",
		dir: "is not a file", filepath.Join(dir, "none.md"): "there is no such file", "/dev/zero": "is not a file",
	} {
		if _, err := presets.Load(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	all, err := presets.Open(dir)
	if len(all) != 1 || all[0].Name != "good" || err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("the folder holds %v, %v", all, err)
	}
}
