package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// commandEnv makes the test binary the program itself.
const commandEnv = "SEALEDROOM_TEST_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(commandEnv) != "" {
		main()
	}
	os.Exit(m.Run())
}

// refused runs the program on a display that does not answer, and expects a
// usage error that says want.
func refused(t *testing.T, want string, args ...string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), commandEnv+"=1", "DISPLAY=:7777", "WAYLAND_DISPLAY=", "HOME="+t.TempDir())
	hung := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer hung.Stop()
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 || !strings.Contains(string(out), want) || strings.Contains(string(out), "goroutine") {
		t.Errorf("%v: %v, says %q", args, err, out)
	}
}

// A display that does not answer is an error; the toolkit would panic.
func TestNoSuchDisplay(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere there is always a display, or no DISPLAY")
	}
	refused(t, "no window can be shown")
}

func TestNoSuchView(t *testing.T) {
	refused(t, "Start-up", "snapshot", "--out", filepath.Join(t.TempDir(), "x.png"), "--view", "attic")
}

// imports is what each package of ours imports, directly or not.
func imports(t *testing.T, format string) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join "+format+" \" \"}}", "./...").Output()
	if err != nil {
		t.Fatal("go list: ", err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		all[fields[0]] = fields[1:]
	}
	if len(all) < 20 {
		t.Fatalf("go list names %d packages", len(all))
	}
	return all
}

// TestFileLengths keeps files short enough to read in one go. Tests may be
// longer.
func TestFileLengths(t *testing.T) {
	maxLines := map[string]int{".go": 450, ".c": 500, ".cc": 500, ".h": 500, ".js": 500}
	larger := map[string]int{"presets/front.go": 480} // not split yet
	err := filepath.WalkDir(".", func(path string, entry os.DirEntry, err error) error {
		limit := max(maxLines[filepath.Ext(path)], larger[filepath.ToSlash(path)])
		if err != nil || entry.IsDir() || limit == 0 || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if n := strings.Count(string(text), "\n"); n > limit {
			t.Errorf("%s has %d lines, more than %d: split it by job", path, n, limit)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestImports holds the packages to what each may know of the others.
func TestImports(t *testing.T) {
	under := func(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }
	for _, rule := range []struct {
		why, format string
		importer    func(path string) bool // whose imports
		imported    func(path string) bool // may not be this
	}{
		{"what has no window builds without Fyne", ".Deps",
			func(p string) bool {
				return !under(p, "sealedroom/ui") && !under(p, "sealedroom/assets") && p != "sealedroom" || under(p, "sealedroom/ui/cli")
			},
			func(p string) bool { return under(p, "fyne.io/fyne/v2") || strings.HasPrefix(p, "github.com/go-gl/") }},
		{"what shows or edits something does not know the window", ".Deps",
			func(p string) bool { return under(p, "sealedroom/ui") && p != "sealedroom/ui" },
			func(p string) bool { return p == "sealedroom/ui" }},
		{"panes do not know what edits the next run", ".Deps",
			func(p string) bool { return under(p, "sealedroom/ui/panes") },
			func(p string) bool {
				return under(p, "sealedroom/ui/settings") || under(p, "sealedroom/ui/document") || under(p, "sealedroom/ui/library") || under(p, "sealedroom/ui/lesson") || under(p, "sealedroom/ui/picker") || under(p, "sealedroom/presets")
			}},
		{"what edits the next run or holds a text does not know what opens scenarios", ".Deps",
			func(p string) bool { return under(p, "sealedroom/ui/settings") || under(p, "sealedroom/ui/document") },
			func(p string) bool { return under(p, "sealedroom/ui/library") }},
		{"small parts do not know larger ones", ".Deps",
			func(p string) bool {
				return under(p, "sealedroom/ui/kit") || under(p, "sealedroom/ui/box") || under(p, "sealedroom/ui/control")
			},
			func(p string) bool {
				return under(p, "sealedroom/ui/panes") || under(p, "sealedroom/ui/settings") || under(p, "sealedroom/ui/document") || under(p, "sealedroom/ui/library")
			}},
		{"only main.go opens the window", ".Imports",
			func(p string) bool { return p != "sealedroom" },
			func(p string) bool { return p == "sealedroom/ui" }},
		{"one package knows V8", ".Imports",
			func(p string) bool { return p != "sealedroom/engine/isolate" },
			func(p string) bool { return under(p, "rogchap.com/v8go") }},
		{"capabilities do not know what runs guests", ".Deps",
			func(p string) bool { return under(p, "sealedroom/engine/bridge") },
			func(p string) bool { return p == "sealedroom/engine" }},
		{"the engine does not know what shows it", ".Deps",
			func(p string) bool { return under(p, "sealedroom/engine") && p != "sealedroom/engine/bench" },
			func(p string) bool { return under(p, "sealedroom/inspector") || under(p, "sealedroom/presets") }},
		{"what shows and records runs does not know the scenarios", ".Deps",
			func(p string) bool { return under(p, "sealedroom/inspector") },
			func(p string) bool { return under(p, "sealedroom/presets") || under(p, "sealedroom/ui") }},
		{"the host does not link V8's side into what reads the wire", ".Deps",
			func(p string) bool {
				return under(p, "sealedroom/engine/wire") || under(p, "sealedroom/engine/bridge") || p == "sealedroom/engine/host"
			},
			func(p string) bool { return under(p, "sealedroom/engine/isolate") }},
		{"a worker's process knows neither the guest's calls nor how a run is judged", ".Deps",
			func(p string) bool { return p == "sealedroom/engine/host" },
			func(p string) bool { return p == "sealedroom/engine" || under(p, "sealedroom/engine/bridge") }},
		{"only the engine has workers", ".Imports",
			func(p string) bool { return p != "sealedroom/engine" },
			func(p string) bool { return p == "sealedroom/engine/host" }},
	} {
		for importer, all := range imports(t, rule.format) {
			if !rule.importer(importer) {
				continue
			}
			if i := slices.IndexFunc(all, rule.imported); i >= 0 {
				t.Errorf("%s imports %s: %s", importer, all[i], rule.why)
			}
		}
	}
}
