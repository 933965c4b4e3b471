package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestProfileFiles: a guest that is stopped at its memory limit leaves both files,
// and the report says which line holds the heap.
func TestProfileFiles(t *testing.T) {
	folder := t.TempDir()
	cpu, memory := filepath.Join(folder, "p.cpuprofile"), filepath.Join(folder, "memory.json")
	guest := "const cache = [];\nfor (let i = 0; ; i++)\n  cache.push('x' + i);"
	status, stdout, stderr := sealedroom(t, guest, "run", "--memory", "32MB", "--wall", "30s", "--cpu-profile", cpu, "--allocations", memory, "-")
	if status != exitOther || !strings.Contains(stdout, "Line 3") || !strings.Contains(stdout, "in use") {
		t.Errorf("status %d\n%s%s", status, stdout, stderr)
	}
	type node struct {
		CallFrame struct{ URL, FunctionName string }
	}
	var p struct {
		Nodes               []node
		Samples, TimeDeltas []int
	}
	read(t, cpu, &p)
	if len(p.Samples) == 0 || len(p.Samples) != len(p.TimeDeltas) || !slices.ContainsFunc(p.Nodes, func(n node) bool { return n.CallFrame.URL == "guest.js" }) {
		t.Errorf("%+v", p.Nodes)
	}
	var a struct {
		Lines []struct {
			Function  string
			Line      int
			LiveBytes int64 `json:"live_bytes"`
		}
	}
	read(t, memory, &a)
	if len(a.Lines) == 0 || a.Lines[0].Line != 3 || a.Lines[0].LiveBytes < 16<<20 {
		t.Errorf("%+v", a)
	}
}

func read(t *testing.T, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Profiles are of one run, and go where they can be written.
func TestProfileErrors(t *testing.T) {
	if _, _, stderr := sealedroom(t, "1", "run", "--cpu-profile", filepath.Join(t.TempDir(), "no", "p.cpuprofile"), "-"); !strings.Contains(stderr, "--cpu-profile") {
		t.Errorf("a folder that is not there: %q", stderr)
	}
}
