package library

import (
	"strings"
	"testing"

	"sealedroom/presets"
)

// What a scenario asks for next is another thing after each step, and nothing once
// it is solved.
func TestStillOpen(t *testing.T) {
	one, err := presets.Find("rob-the-vault")
	if err != nil {
		t.Fatal(err)
	}
	open := []string{}
	p := presets.Progress{Ran: true}
	for _, goal := range one.Goals {
		open = append(open, stillOpen(one, p))
		p.Reached = append(p.Reached, goal.Goal)
	}
	open = append(open, stillOpen(one, p))
	p.Answers = map[string]string{one.Fix.Ask: one.Fix.Choices[one.Fix.Right].Say}
	open = append(open, stillOpen(one, p))
	for i, text := range open {
		if text == "" || i > 0 && text == open[i-1] {
			t.Errorf("open are %q", open)
		}
	}
	if p.Mended = true; !one.Solved(p) || stillOpen(one, p) != "" {
		t.Errorf("once it is solved, open is %q", stillOpen(one, p))
	}
}

func TestCompareLines(t *testing.T) {
	var got []string
	for _, l := range compareLines("a\nb\nc\n", "a\nx\nc\n") {
		got = append(got, l.kind.String()+" "+l.text)
	}
	if strings.Join(got, "|") != "Equal a|Delete b|Insert x|Equal c" {
		t.Errorf("compared is %q", got)
	}
}
