package presets_test

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sealedroom/presets"
)

// Each built-in scenario does what it says, and so do the ways to its goals and
// its fix.
func TestBuiltIn(t *testing.T) {
	results := presets.Check(context.Background(), presets.BuiltIn(), 0, nil)
	for _, r := range results {
		if r.Disagrees() {
			t.Error(r.Text())
		}
	}
	t.Log(presets.Tally(results, 0))
}

// The README's example is a scenario, and agrees.
func TestReadmeExample(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "````markdown\n")
	example, _, found := strings.Cut(rest, "````\n")
	s, err := presets.Parse("mine.md", []byte(example))
	if !found || err != nil {
		t.Fatal(err)
	}
	for _, r := range presets.Check(context.Background(), []*presets.Scenario{s}, 1, nil) {
		if !r.Agrees() || len(s.Warnings) > 0 || len(s.Goals) != 1 || s.Fix == nil {
			t.Error(r.Text(), s.Warnings)
		}
	}
}

var anyLink = regexp.MustCompile(`\]\((set|show|scenario|https?):[^)]*\)`)

func TestBuiltInIsWhole(t *testing.T) {
	all := presets.BuiltIn()
	names := map[string]bool{}
	groups := map[string]int{}
	for _, s := range all {
		if names[s.Name] {
			t.Errorf("%s is there twice", s.Name)
		}
		names[s.Name] = true
		groups[s.Group]++
	}
	if len(all) < 60 {
		t.Errorf("%d scenarios, at least 60 are wanted", len(all))
	}
	for _, group := range presets.Groups {
		if groups[group] < 4 {
			t.Errorf("%d scenarios in %s", groups[group], group)
		}
	}
	lessons := presets.Lessons(all)
	for i, s := range lessons {
		if s.Lesson != i+1 {
			t.Errorf("%s is lesson %d, %d would be next", s.Name, s.Lesson, i+1)
		}
		if len(s.Predict) == 0 || len(s.Goals) == 0 {
			t.Errorf("%s is a lesson with nothing to predict or to do", s.Name)
		}
	}
	if len(lessons) < 12 {
		t.Errorf("%d lessons, at least 12 are wanted", len(lessons))
	}
	for _, s := range all {
		if !slices.Contains(presets.Groups, s.Group) || s.Expect == nil || len(s.Sources) == 0 || len(s.Warnings) > 0 {
			t.Errorf("%s: group %q, expect %v, %d sources, warnings %v", s.Name, s.Group, s.Expect, len(s.Sources), s.Warnings)
		}
		if fix := s.Fix; fix != nil {
			for i, choice := range fix.Choices {
				if (choice.Set != "") != (i == fix.Right) {
					t.Errorf("%s: choice %d changes %q; only the right one is to change something", s.Name, i+1, choice.Set)
				}
			}
		}
		if s.Lesson == 0 && !strings.Contains(s.After, "\n## How to defend\n") {
			t.Errorf("%s does not say how to defend", s.Name)
		}
		before, after := s.Blocks()
		links := map[*presets.Link]bool{}
		for _, block := range slices.Concat(before, after) {
			for _, spans := range append(block.Cells, block.Text) {
				for _, span := range spans {
					if span.Link == nil {
						continue
					}
					links[span.Link] = true
					if to := span.Link.Scenario; to != "" && !names[to] {
						t.Errorf("%s leads to %q, which is not there", s.Name, to)
					}
				}
			}
		}
		if written := len(anyLink.FindAllString(s.Before+s.After, -1)); written != len(links) {
			t.Errorf("%s has %d links, and %d lead somewhere", s.Name, written, len(links))
		}
		for name := range s.Codes {
			if !slices.ContainsFunc(s.Rooms, func(room presets.Room) bool { return room.Code == name }) && !strings.Contains(s.Before+s.After+fmt.Sprint(s.Goals, s.Fix), "code="+name) {
				t.Errorf("%s: nothing leads to the code %q", s.Name, name)
			}
		}
		if _, err := s.Format(); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
}

func TestFind(t *testing.T) {
	if s, err := presets.Find("rob-the-vault"); err != nil || s.Lesson != 12 {
		t.Errorf("%v, %v", s, err)
	}
	if _, err := presets.Find("rob"); err == nil || !strings.Contains(err.Error(), "is it rob-the-vault?") {
		t.Errorf("%v", err)
	}
	if _, err := presets.Choose("no-such-scenario"); err == nil {
		t.Error("there is no such scenario")
	}
}
