package confine

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/windows"
)

// said is what the worker of a test reports: its walls, and an attempt on each.
type said struct {
	Walls    []Wall
	Lacking  []string
	Attempts []Attempt
}

func TestMain(m *testing.M) {
	if os.Getenv(WorkerEnv) != "" {
		in, out, _ := Pipes()
		order, err := io.ReadAll(in) // the host's end is closed
		if err != nil || string(order) != "seal" {
			os.Exit(3)
		}
		var s said
		s.Walls, s.Lacking = Seal()
		s.Attempts = Probe(Target{})
		if json.NewEncoder(out).Encode(s) != nil {
			os.Exit(4)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// pipeHandles makes a pipe; the two ends are handles.
func pipeHandles(t *testing.T) (read, write windows.Handle) {
	t.Helper()
	if err := windows.CreatePipe(&read, &write, nil, 0); err != nil {
		t.Fatal(err)
	}
	return read, write
}

// sealed starts this test as a worker by Start, and returns what it says.
func sealed(t *testing.T) said {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	orders, mine := pipeHandles(t)
	report, theirs := pipeHandles(t)
	guest, other := pipeHandles(t)
	printed, output := pipeHandles(t)
	cmd := exec.Command(self)
	cmd.Env = []string{WorkerEnv + "=1"}
	job, err := Start(cmd, 64<<20, output, orders, theirs, guest)
	for _, h := range []windows.Handle{orders, theirs, guest, output} {
		_ = windows.CloseHandle(h)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(job.Close)
	in, out, errors := os.NewFile(uintptr(mine), "in"), os.NewFile(uintptr(report), "out"), os.NewFile(uintptr(printed), "stderr")
	t.Cleanup(func() { _, _, _, _ = out.Close(), errors.Close(), windows.CloseHandle(other), cmd.Wait() })
	if _, err := in.WriteString("seal"); err != nil {
		t.Fatal(err)
	}
	_ = in.Close()
	hung := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer hung.Stop()
	var s said
	if err := json.NewDecoder(out).Decode(&s); err != nil {
		text, _ := io.ReadAll(io.LimitReader(errors, 2000))
		t.Fatalf("the worker said nothing that can be read: %v: %s", err, text)
	}
	return s
}

// TestWallsWereTried: a wall is named only if each attempt that it should refuse was
// refused, and what is not named is lacking.
func TestWallsWereTried(t *testing.T) {
	s := sealed(t)
	for _, a := range s.Attempts {
		t.Logf("%v %s: %s", a.Held, a.Name, a.Detail)
		for _, wall := range s.Walls {
			if slices.Contains(a.By, wall.Name) && !a.Held {
				t.Errorf("%s is named, and does not refuse to %s: %s", wall.Name, a.Name, a.Detail)
			}
		}
	}
	if len(s.Attempts) != len(tries()) {
		t.Errorf("%d attempts, want %d", len(s.Attempts), len(tries()))
	}
	for _, name := range []string{AppContainer, LowIntegrity, Privileges, JobObject} {
		named := slices.ContainsFunc(s.Walls, func(w Wall) bool { return w.Name == name })
		lacking := slices.IndexFunc(s.Lacking, func(l string) bool { return strings.HasPrefix(l, name+": ") })
		if named == (lacking >= 0) {
			t.Errorf("%s: named %v, lacking %v", name, named, s.Lacking)
		}
	}
	t.Log(s.Walls, s.Lacking)
	if windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil {
		return // which holds little
	}
	for _, name := range []string{AppContainer, JobObject} {
		if !slices.ContainsFunc(s.Walls, func(w Wall) bool { return w.Name == name }) {
			t.Errorf("%s does not stand on Windows: %v", name, s.Lacking)
		}
	}
}

// TestRefused: what the system answers to a call that it took is no refusal.
func TestRefused(t *testing.T) {
	for err, want := range map[error]bool{
		nil:                                                  false,
		windows.ERROR_ACCESS_DENIED:                          true,
		windows.ERROR_NOT_ENOUGH_QUOTA:                       true,
		windows.ERROR_FILE_NOT_FOUND:                         false,
		windows.ERROR_INVALID_PARAMETER:                      false,
		windows.WSAECONNREFUSED:                              false,
		errors.New("no Windows error"):                       false,
		unknown("x", windows.WSAEACCES):                      false,
		os.NewSyscallError("x", windows.ERROR_ACCESS_DENIED): true,
	} {
		if refused(err) != want {
			t.Errorf("%v: refused %v, want %v", err, !want, want)
		}
		if (notRefused(tryOpen, err) == nil) != want {
			t.Errorf("%v: proves a wall %v, want %v", err, !want, want)
		}
	}
}
