package presets

import (
	"slices"
	"strconv"
	"strings"

	"sealedroom/engine"
	"sealedroom/inspector/session"
)

// Groups are those of the built-in scenarios, in the order in which people see
// them. Other people's scenarios may have groups with other names.
var Groups = []string{"Basics", "Limits", "Blocked globals", "Teller window", "Attacks", "Engine", "Rooms", "Walls"}

// Levels are the words for whom a scenario is, by its level.
var Levels = [...]string{1: "learner", 2: "curious", 3: "trainer"}

// Scenario is a guest with what it runs under, what is to be learned from it,
// and what must happen. It is not changed once it is made.
type Scenario struct {
	Name   string // the file's, without folder and ".md"
	Path   string // of its file; "" for one that the app brings along
	Title  string
	Group  string // one of Groups, or any other text; "" for none
	Level  int    // 1 learner … 3 trainer
	Lesson int    // its place in the lesson path, from 1; 0: not in it
	Setup  session.Setup
	// Answers is what check decides about calls that wait for a person, by
	// capability; a missing one denies. The window and the terminal ask.
	Answers map[string]engine.Verdict
	Expect  *Expect // nil where the file does not say
	Rooms   []Room  // that run side by side; nil for one room

	Predict []Question
	Fix     *Fix
	Goals   []Goal
	Sources []Source

	Before, After string            // the Markdown around the guest
	Codes         map[string]string // other guests of the text, by name
	Warnings      []Warning
}

// Numbered is the title, with the number in the lesson path where it has one.
func (s *Scenario) Numbered() string {
	if s.Lesson > 0 {
		return strconv.Itoa(s.Lesson) + ". " + s.Title
	}
	return s.Title
}

// Question asks for a guess before the run, or for what would mend something.
type Question struct {
	Ask     string
	Choices []Choice
	Right   int    // index in Choices
	Why     string // said once a choice is made
}

// Choice is one answer to a question.
type Choice struct {
	Say string
	Why string // why it is right or wrong
	Set Change // what choosing it changes, if anything
}

// Fix is a question whose right choice mends what the scenario shows: with its
// change, a run does what Holds says.
type Fix struct {
	Question
	Holds Expect
}

// Goal is something to bring about. It is reached when a run shows the
// evidence.
type Goal struct {
	Goal, Hint string
	Evidence   Expect
	By         Change // one way there
}

// Source is who says so.
type Source struct {
	Name string
	URL  string // https; "" for none
}

// Warning is something about a file that a reader would not see.
type Warning struct {
	Line   int
	Text   string // goes on from "line 3 "
	Broken bool   // something in the file does not work: check counts it as a difference
}

// Reached says which goals a run reached; a scenario without goals has one:
// that what it expects was seen.
func (s *Scenario) Reached(run Run) []bool {
	if len(s.Goals) == 0 {
		return []bool{s.Expect != nil && len(s.Expect.Differences(run)) == 0}
	}
	reached := make([]bool, len(s.Goals))
	for i, goal := range s.Goals {
		reached[i] = len(goal.Evidence.Differences(run)) == 0
	}
	return reached
}

// Matches says whether a search for these words finds the scenario.
func (s *Scenario) Matches(search string) bool {
	all := strings.ToLower(strings.Join([]string{s.Name, s.Title, s.Group, s.Before, s.After, s.Setup.Code}, "\n"))
	return !slices.ContainsFunc(strings.Fields(strings.ToLower(search)), func(word string) bool {
		return !strings.Contains(all, word)
	})
}
