package inspector

import (
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
)

func TestSystemAnswer(t *testing.T) {
	for detail, want := range map[string]string{
		"EPERM: operation not permitted":   "refused: not permitted (EPERM)",
		"ENOSYS: function not implemented": "refused: there is no such system call (ENOSYS)",
		"it worked":                        "it worked",
		"EINVAL: invalid argument":         "EINVAL: invalid argument",
		"a\nb\x1b[31m\u202e":               `a\nb\x1b[31m\u202e`,
		"":                                 "",
	} {
		if got := SystemAnswer(detail); got != want {
			t.Errorf("%q is %q, not %q", detail, got, want)
		}
	}
}

func TestShortWall(t *testing.T) {
	for _, c := range []struct{ name, strength, want string }{
		{"landlock", "ABI 7: the whole file system, TCP", "landlock ABI 7"},
		{"seccomp", "43 system calls of some 360 are answered", "seccomp 43 calls"},
		{"rlimit", "no file can be opened", "rlimit"},
		{"v8-sandbox", "1 TB of address space, 1.293 TB with its guard regions; an object's pointers stay inside it", "v8-sandbox 1 TB"},
		{"x\n\u202e", "", `x\n\u202e`},
	} {
		if got := ShortWall(engine.Wall{Name: c.name, Strength: c.strength}); got != c.want {
			t.Errorf("%q is %q, not %q", c.name, got, c.want)
		}
	}
}

func TestWallsInShort(t *testing.T) {
	wall := func(name, strength string) engine.Wall { return engine.Wall{Name: name, Strength: strength} }
	landlock, seccomp := wall("landlock", "ABI 7: files"), wall("seccomp", "43 system calls of some 360")
	for want, walls := range map[string][]engine.Wall{
		"no walls":                         nil,
		"1 wall":                           {wall("rlimit", "")},
		"landlock ABI 7, seccomp 43 calls": {landlock, seccomp},
		"landlock ABI 7, 2 more walls":     {wall("rlimit", ""), landlock, wall("descriptors", "")},
	} {
		if got := WallsInShort(walls); got != want {
			t.Errorf("%v is %q, not %q", walls, got, want)
		}
	}
}

func TestShortV8(t *testing.T) {
	now := time.Date(2026, time.November, 26, 0, 0, 0, 0, time.UTC)
	for version, want := range map[string]string{
		"13.6.233.10": "V8 13.6.233.10, 19 months old", "99.1.2": "V8 99.1.2, age not known", "": "V8 , age not known",
	} {
		if got := ShortV8(version, now); got != want {
			t.Errorf("%q is %q", version, got)
		}
	}
	if got := DescribeV8("13.6.233.10", now); got != "V8 13.6.233.10, of April 2025: 19 months old" {
		t.Errorf("described as %q", got)
	}
}

// A system without walls says what it lacks, not that none of none held.
func TestWallsThatAreLacking(t *testing.T) {
	var text strings.Builder
	WriteWalls(&text, engine.WallReport{Lacking: []string{"files: could be read", "network: open"}})
	want := "Nothing was tried. This system has no walls that could be tried yet.\n\nlacking files: could be read\nlacking network: open\n"
	if text.String() != want {
		t.Errorf("%q", text.String())
	}
}

func TestWriteHas(t *testing.T) {
	for want, has := range map[string][]string{
		"has " + strings.Join(engine.Abilities, ", ") + "\n":                                           engine.Abilities,
		"has not " + strings.Join(engine.Abilities, ", ") + "\n":                                       nil,
		"has freeze\nhas not " + strings.Join(engine.Abilities[:len(engine.Abilities)-1], ", ") + "\n": {"freeze"},
	} {
		var text strings.Builder
		WriteHas(&text, has)
		if text.String() != want {
			t.Errorf("%q, want %q", text.String(), want)
		}
	}
}

func TestSummarizeWalls(t *testing.T) {
	seccomp := []engine.Wall{{Name: "seccomp"}}
	held, fell := engine.WallAttempt{Name: "fork", Held: true, By: []string{"seccomp"}}, engine.WallAttempt{Name: "open\na file", By: []string{"seccomp"}}
	open := engine.WallAttempt{Name: "signal", By: []string{"landlock"}}
	for _, c := range []struct {
		name            string
		report          engine.WallReport
		title, sentence string
		bad             bool
	}{
		{"all held", engine.WallReport{Walls: seccomp, Attempts: []engine.WallAttempt{held, held}}, "2 of 2 attempts held", "refused every attempt", false},
		{"one fell", engine.WallReport{Walls: seccomp, Attempts: []engine.WallAttempt{held, fell}}, "1 of 2 attempts worked", `should have refused: open\na file.`, true},
		{"no wall", engine.WallReport{Walls: seccomp, Attempts: []engine.WallAttempt{held, open}}, "1 of 2 attempts worked", "lacks the walls against 1 attempt.", false},
		{"both", engine.WallReport{Walls: seccomp, Attempts: []engine.WallAttempt{fell, open}}, "2 of 2 attempts worked", "report it. This system lacks", true},
		{"nothing", engine.WallReport{}, "Nothing was tried", "no walls", false},
	} {
		if s := SummarizeWalls(c.report); s.Title != c.title || !strings.Contains(s.Sentence, c.sentence) || s.Bad != c.bad {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
}
