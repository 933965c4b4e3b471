package bridge

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Sweep removes what a dead process left, and nothing else.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	old := time.Now().Add(-time.Hour)
	age := func(path string) {
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	gone := map[string]bool{"sealedroom-files-123": true, "sealedroom-db-9": true}
	for name := range gone {
		if err := os.MkdirAll(filepath.Join(dir, name, "guest"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "secret.txt"), []byte("s"), 0o600); err != nil {
			t.Fatal(err)
		}
		age(filepath.Join(dir, name))
	}
	others := []string{"sealedroom-files-12x", "sealedroom-other-12", "sealedroom-files", "sealedroom-files-", "notes", "xsealedroom-db-12"}
	for _, name := range others {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		age(filepath.Join(dir, name))
	}
	if err := os.Mkdir(filepath.Join(dir, "sealedroom-db-77"), 0o700); err != nil { // it was only now made
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "notes"), filepath.Join(dir, "sealedroom-db-78")); err != nil {
		t.Fatal(err)
	}
	live, err := NewFolder("db")
	if err != nil {
		t.Fatal(err)
	}
	age(live.Path)
	Sweep()
	for _, name := range append(others, "sealedroom-db-77", "sealedroom-db-78", filepath.Base(live.Path)) {
		if _, err := os.Lstat(filepath.Join(dir, name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name := range gone {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s is still there", name)
		}
	}
	if err := live.Remove(); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(live.Path); err == nil {
		t.Error("a folder that was removed is there")
	}
}
