package inspector

import (
	"fmt"
	"slices"
	"strings"

	"sealedroom/engine"
)

// DescribeAttempt says in a few words what came of an attempt of native hands:
// "held by seccomp: openat, EPERM".
func DescribeAttempt(a engine.NativeAttempt) string {
	answer := Line(shorten(a.Answer, 100))
	switch {
	case a.By == engine.ByHands:
		return "not tried: " + answer
	case a.Worked && answer != "":
		return a.Call + " worked: " + quote(a.Answer, 100)
	case a.Worked:
		return a.Call + " worked"
	case a.Held && a.By != "":
		return fmt.Sprintf("held by %s: %s, %s", a.By, a.Call, answer)
	case a.Held:
		return fmt.Sprintf("refused, it is not known by what: %s, %s", a.Call, answer)
	}
	return fmt.Sprintf("failed: %s, %s", a.Call, answer)
}

// explainHands adds to a verdict what became of the attempts of native hands.
func (s *State) explainHands(title, sentence string) (string, string) {
	if s.Started == nil || s.Started.Breach == nil {
		return title, sentence
	}
	n, worked, held := len(s.Hands), 0, 0
	for _, a := range s.Hands {
		if a.Worked && a.Name == "threads" {
			n-- // a worker may start some
		} else if a.Worked {
			worked++
		} else if a.Held {
			held++
		}
	}
	without := s.Started.Breach.Without
	left := ""
	if len(without) > 0 {
		left = fmt.Sprintf(" With %s left out,", strings.Join(without, ", "))
	}
	crowd := slices.ContainsFunc(s.Hands, func(a engine.NativeAttempt) bool { return a.By == engine.WallThreadCount })
	if crowd && s.Ended.Outcome == engine.Crashed {
		title, sentence = "Ended by a wall", "The guest started more threads than a worker may have, so the host ended the worker. The app kept running."
	}
	switch {
	case len(s.Fallen) > 0:
		var what []string
		for _, f := range s.Fallen {
			what = append(what, f.What)
		}
		return "Breach: something fell", strings.TrimSpace(sentence + left + " this fell: " + strings.Join(what, " "))
	case worked > 0:
		title = "Breach: native calls worked"
		sentence += fmt.Sprintf("%s %d of %s worked.", left, worked, plural(n, "native attempt"))
	case n > 0 && held == n:
		if !crowd {
			title = "Breach: the walls held"
		}
		sentence += fmt.Sprintf(" Native hands made %s, and the walls held.", plural(n, "attempt"))
	case n > 0:
		sentence += fmt.Sprintf(" Native hands made %s: %d held, none worked.", plural(n, "attempt"), held)
	}
	return title, strings.TrimSpace(sentence)
}
