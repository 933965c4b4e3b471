package presets

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
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
	Setup  Setup
	Expect *Expect // nil where the file does not say

	Predict []Question
	Fix     *Fix
	Goals   []Goal
	Sources []Source

	Before, After string            // the Markdown around the guest
	Codes         map[string]string // other guests of the text, by name
	Warnings      []Warning
}

// Setup is what a run is made of. It is a value: With returns a copy.
type Setup struct {
	Code   string
	Limits engine.Limits
	Grants map[string]bridge.Grant // by capability; none of them Off
	// Secrets are made fresh for each run, beside those that grants bring.
	Secrets []string
	// Native gives the guest native hands. Which walls are left out is no part of
	// a scenario: only a person decides that, for one run.
	Native bool
}

// Guest is what the engine runs, beside the limits.
func (s Setup) Guest(name string) engine.Guest {
	grants := map[string]bridge.Grant{}
	maps.Copy(grants, s.Grants)
	guest := engine.Guest{Name: name, Source: s.Code, Grants: grants, Secrets: slices.Clone(s.Secrets)}
	if s.Native {
		guest.Breach = &engine.Breach{}
	}
	return guest
}

// same says whether two setups run alike, but for their code.
func (s Setup) same(other Setup) bool { return len(s.Changes(other)) == 0 }

// Difference is one thing that two setups do not have in common.
type Difference struct {
	Key     string // as links name it: "wall", "grant.db"
	Was, Is string // to read
}

// Changes are what makes another setup of this one, but for the code.
func (s Setup) Changes(other Setup) []Difference {
	var out []Difference
	a, b := s.Limits, other.Limits
	add := func(key string, was, is int64, text func(int64) string) {
		if was != is {
			out = append(out, Difference{key, text(was), text(is)})
		}
	}
	unless := func(zero string, text func(int64) string) func(int64) string {
		return func(n int64) string {
			if n == 0 {
				return zero
			}
			return text(n)
		}
	}
	span := func(n int64) string { return engine.FormatTime(time.Duration(n)) }
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	add("memory", a.Memory(), b.Memory(), engine.FormatSize)
	add("wall", int64(a.Wall()), int64(b.Wall()), span)
	add("cpu", int64(a.CPU()), int64(b.CPU()), unless("no limit", span))
	add("calls", int64(a.Calls()), int64(b.Calls()), unless("no limit", number))
	add("output", a.Output(), b.Output(), engine.FormatSize)
	add("result", a.Result(), b.Result(), engine.FormatSize)
	was, is := switchesOn(a.Switches()), switchesOn(b.Switches())
	for i := range was {
		if was[i] != is[i] {
			out = append(out, Difference{switchKeys[i], onOff(was[i]), onOff(is[i])})
		}
	}
	add("seed", a.Switches().Seed, b.Switches().Seed, unless("random", number))
	for _, name := range capabilities() {
		add("grant."+name, int64(s.Grants[name]), int64(other.Grants[name]), func(n int64) string { return bridge.Grant(n).String() })
	}
	return out
}

func switchesOn(s engine.Switches) []bool {
	return []bool{s.Eval, s.Wasm, s.SharedMemory, s.Timers, s.NoJIT, s.NoOpt}
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
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
