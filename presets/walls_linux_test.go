package presets_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/presets"
)

// Each scenario of the walls is run with the walls left out that it names. What
// stands behind them must fall: else the scenario proves nothing.
func TestWallsFall(t *testing.T) {
	host := engine.NewSingle()
	defer host.Close()
	all := map[string]*presets.Scenario{}
	for _, s := range presets.BuiltIn() {
		if s.Setup.Native {
			all[s.Name] = s
		}
	}
	if len(all) < 11 {
		t.Errorf("%d scenarios have native hands", len(all))
	}
	for _, test := range []struct {
		name, without string
		fallen        string // what the host saw fall
		worked        string // hands that worked, where nothing stands behind the wall
		held          string // hand=wall that still held
	}{
		{name: "open-a-file", without: "seccomp,rlimit,landlock", fallen: "file"},
		{name: "open-a-file", without: "seccomp,rlimit", held: "read=landlock"},
		{name: "open-a-file", without: "seccomp,landlock", held: "read=rlimit"},
		{name: "what-was-left-open", without: "descriptors", fallen: "descriptor"},
		{name: "wipe-a-file", without: "seccomp,landlock", fallen: "file"},
		{name: "wipe-a-file", without: "seccomp", held: "remove=landlock"},
		{name: "connect-out", without: "seccomp,rlimit,landlock", fallen: "port"},
		{name: "connect-out", without: "seccomp", held: "connect=rlimit"},
		{name: "a-local-socket", without: "seccomp,rlimit", fallen: "socket"},
		{name: "start-a-program", without: "seccomp,landlock", fallen: "program"},
		{name: "start-a-program", without: "seccomp", held: "exec=landlock"},
		{name: "signal-a-neighbour", without: "seccomp,landlock", fallen: "pid"},
		{name: "read-another-process", without: "seccomp,landlock", fallen: "pid", worked: "readProcess ptrace"},
		{name: "read-another-process", without: "seccomp", held: "readProcess=landlock"},
		{name: "memory-that-no-limit-counts", without: "seccomp", worked: "shareMemory"},
		{name: "fork-bomb", without: "seccomp", worked: "fork"},
		{name: "corners-of-the-kernel", without: "seccomp,rlimit"},
		{name: "corners-of-the-kernel", without: "seccomp", worked: userNamespace},
	} {
		t.Run(test.name+" without "+test.without, func(t *testing.T) {
			s := all[test.name]
			if s == nil {
				t.Fatal("there is no such scenario")
			}
			for _, wall := range strings.Split(test.without, ",") {
				if !strings.Contains(s.After, "`"+wall+"`") {
					t.Errorf("its text does not name the switch %s", wall)
				}
			}
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			guest := s.Setup.Guest()
			guest.Breach.Without = strings.Split(test.without, ",")
			var state inspector.State
			if _, err := host.Run(ctx, guest, s.Setup.Limits, state.Apply); err != nil {
				t.Fatal(err)
			}
			report := state.Report()
			if test.fallen != "" && !slices.ContainsFunc(report.Fallen, func(f inspector.Fallen) bool { return f.Target == test.fallen }) {
				t.Errorf("the host saw %v fall, not the %s; the attempts were %+v", report.Fallen, test.fallen, report.Attempts)
			}
			if test.fallen != "" && !strings.Contains(report.Summary, report.Fallen[0].What) {
				t.Errorf("the summary does not say so: %s", report.Summary)
			}
			for _, hand := range strings.Fields(test.worked) {
				if !slices.ContainsFunc(report.Attempts, func(a inspector.Attempt) bool { return a.Name == hand && a.Worked }) {
					t.Errorf("%s did not work: %+v", hand, report.Attempts)
				}
			}
			if hand, wall, ok := strings.Cut(test.held, "="); ok {
				if len(report.Fallen) > 0 {
					t.Errorf("%v fell", report.Fallen)
				}
				i := slices.IndexFunc(report.Attempts, func(a inspector.Attempt) bool { return a.Name == hand && a.Held && a.By == wall })
				if i < 0 && !lacks(state.Started.Lacking, wall) {
					t.Errorf("%s was not held by %s: %+v", hand, wall, report.Attempts)
				}
			}
		})
	}
}

// The goals of the lesson about the walls are reached by leaving walls out, and
// not otherwise.
func TestLessonOfTheWalls(t *testing.T) {
	host := engine.NewSingle()
	defer host.Close()
	s, err := presets.Find("what-isolates-dont-promise")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		without []string
		code    string
		reached []bool
	}{
		{reached: []bool{true, false, false, false}},
		{without: []string{"seccomp"}, reached: []bool{false, true, false, false}},
		{without: []string{"seccomp", "rlimit"}, reached: []bool{false, true, false, false}},
		{without: []string{"seccomp", "rlimit", "landlock"}, reached: []bool{false, false, true, false}},
		{without: []string{"rlimit", "landlock"}, reached: []bool{true, false, false, false}},
		{code: s.Codes["clock"], reached: []bool{false, false, false, true}},
	} {
		guest := s.Setup.Guest()
		guest.Breach.Without = test.without
		if test.code != "" {
			guest.Source = test.code
		}
		var state inspector.State
		if _, err := host.Run(t.Context(), guest, s.Setup.Limits, state.Apply); err != nil {
			t.Fatal(err)
		}
		if lacks(state.Started.Lacking, "seccomp") || lacks(state.Started.Lacking, "landlock") {
			t.Skipf("this kernel lacks %v", state.Started.Lacking)
		}
		if reached := s.Reached(presets.RunOf(&state)); !slices.Equal(reached, test.reached) {
			t.Errorf("without %v: reached %v, not %v; the attempts were %+v", test.without, reached, test.reached, state.Report().Attempts)
		}
	}
}

// userNamespace is the hand that works without seccomp, unless this system lets
// nobody make a user namespace without privileges.
var userNamespace = func() string {
	for file, none := range map[string]string{
		"user/max_user_namespaces": "0", "kernel/unprivileged_userns_clone": "0", "kernel/apparmor_restrict_unprivileged_userns": "1",
	} {
		if value, err := os.ReadFile("/proc/sys/" + file); err == nil && strings.TrimSpace(string(value)) == none {
			return ""
		}
	}
	return "namespaces"
}()

// lacks reports whether this kernel has less of a wall than the newest do.
func lacks(lacking []string, wall string) bool {
	return slices.ContainsFunc(lacking, func(l string) bool { return strings.HasPrefix(l, wall+":") && !strings.Contains(l, "left out") })
}

// No file can leave a wall out.
func TestNoFileLeavesAWallOut(t *testing.T) {
	for _, front := range []string{
		"without: [seccomp]", "native: {without: [seccomp]}", "native: [seccomp]", "native: seccomp",
		"breach: {without: [seccomp]}", "switches: {seccomp: off}", "limits: {landlock: off}", "native: true\ngrants: {db: naive}",
		"native: true\nsecrets: [TOKEN]",
	} {
		if s, err := presets.Parse("x.md", []byte("---\ntitle: x\n"+front+"\n---\n~~~js\n1\n~~~\n")); err == nil {
			t.Errorf("%q was taken: %+v", front, s.Setup)
		}
	}
	s, err := presets.Parse("x.md", []byte("---\ntitle: x\nnative: true\n---\n~~~js\n1\n~~~\n"))
	if err != nil {
		t.Fatal(err)
	}
	if b := s.Setup.Guest().Breach; b == nil || len(b.Without) > 0 {
		t.Errorf("native: true gives %+v", b)
	}
	for _, change := range []presets.Change{"without=seccomp", "native=off", "seccomp=off", "breach=seccomp"} {
		if _, err := s.Apply(change, s.Setup); err == nil {
			t.Errorf("the change %s was taken", change)
		}
	}
}
