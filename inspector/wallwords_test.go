package inspector

import (
	"strings"
	"testing"

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
		{"x\n\u202e", "", `x\n\u202e`},
	} {
		if got := ShortWall(engine.Wall{Name: c.name, Strength: c.strength}); got != c.want {
			t.Errorf("%q is %q, not %q", c.name, got, c.want)
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
