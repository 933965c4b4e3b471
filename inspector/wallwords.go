package inspector

import (
	"fmt"
	"regexp"
	"strings"

	"sealedroom/engine"
)

// refusals are the errors that a wall answers with, in plain words.
var refusals = map[string]string{
	"EPERM":  "not permitted",
	"EACCES": "access denied",
	"ENOSYS": "there is no such system call",
	"EBADF":  "there is no such descriptor",
	"EMFILE": "no descriptor is left",
	"ENOMEM": "no memory is left",
}

// SystemAnswer says in plain words what the system answered to native code, such
// as "EPERM: operation not permitted". What it does not know stays as it is,
// on one line and safe to show.
func SystemAnswer(detail string) string {
	name, _, _ := strings.Cut(detail, ":")
	if words, ok := refusals[name]; ok {
		return fmt.Sprintf("refused: %s (%s)", words, name)
	}
	return Line(detail)
}

var (
	landlockVersion = regexp.MustCompile(`^ABI \d+`)
	systemCalls     = regexp.MustCompile(`^(\d+) system calls`)
	addressSpace    = regexp.MustCompile(`^(\d[\d.]* [KMGT]?B) of address space`)
)

// ShortWall names a wall with its strength, where that is a figure: "landlock
// ABI 7", "seccomp 43 calls", "v8-sandbox 1 TB".
func ShortWall(w engine.Wall) string {
	name := Line(w.Name)
	if version := landlockVersion.FindString(w.Strength); version != "" {
		return name + " " + version
	}
	if calls := systemCalls.FindStringSubmatch(w.Strength); calls != nil {
		return name + " " + calls[1] + " calls"
	}
	if size := addressSpace.FindStringSubmatch(w.Strength); size != nil {
		return name + " " + size[1]
	}
	return name
}

// WallsInShort names the walls whose strength is a figure, and counts the rest.
func WallsInShort(walls []engine.Wall) string {
	var figures []string
	for _, w := range walls {
		if short := ShortWall(w); short != Line(w.Name) {
			figures = append(figures, short)
		}
	}
	switch more := len(walls) - len(figures); {
	case len(walls) == 0:
		return "no walls"
	case len(figures) == 0:
		return plural(more, "wall")
	case more > 0:
		figures = append(figures, plural(more, "more wall"))
	}
	return strings.Join(figures, ", ")
}

// WallSummary is what came of trying the walls, in a few words and in a
// sentence. Bad is set where an attempt worked that a wall should have refused.
type WallSummary struct {
	Title, Sentence string
	Bad             bool
	Open            int // attempts that worked because this system has no wall against them
}

// SummarizeWalls says what came of trying the walls.
func SummarizeWalls(report engine.WallReport) WallSummary {
	held, all, fell := 0, len(report.Attempts), report.Fell()
	for _, a := range report.Attempts {
		if a.Held {
			held++
		}
	}
	s := WallSummary{Bad: len(fell) > 0, Open: all - held - len(fell)}
	switch {
	case all == 0:
		return WallSummary{Title: "Nothing was tried", Sentence: "This system has no walls that could be tried yet."}
	case held == all:
		s.Title = fmt.Sprintf("%d of %s held", held, plural(all, "attempt"))
		s.Sentence = "Native code in a sealed worker tried all of this, as an exploit of V8 would. The walls refused every attempt."
		return s
	}
	s.Title = fmt.Sprintf("%d of %s worked", all-held, plural(all, "attempt"))
	var parts []string
	if len(fell) > 0 {
		names := make([]string, len(fell))
		for i, a := range fell {
			names[i] = Line(a.Name)
		}
		parts = append(parts, "A wall that stands should have refused: "+strings.Join(names, ", ")+". Do not run code that you do not trust on this system, and report it.")
	}
	if s.Open > 0 {
		parts = append(parts, fmt.Sprintf("This system lacks the walls against %s.", plural(s.Open, "attempt")))
	}
	s.Sentence = strings.Join(parts, " ")
	return s
}
