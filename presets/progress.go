package presets

import "slices"

// Progress is how far a person has come with one scenario. The zero value is a
// person who has not opened it. It names goals and answers by their words, so
// that it holds when a file changes.
type Progress struct {
	Ran     bool              `json:"ran,omitempty"`     // a run of it has ended, or its end was asked for
	Reached []string          `json:"reached,omitempty"` // goals, by what they say
	Answers map[string]string `json:"answers,omitempty"` // by question, what was chosen last
	Mended  bool              `json:"mended,omitempty"`  // a run showed that what mends it holds
	Seen    bool              `json:"seen,omitempty"`    // a scenario without goals did what it must
	Draft   string            `json:"draft,omitempty"`   // the guest as it was left, where it was changed
}

// Key identifies the scenario among all of a person's scenarios.
func (s *Scenario) Key() string {
	if s.Path != "" {
		return s.Path
	}
	return s.Name
}

// Advance is the progress once a run of the scenario has ended so.
func (s *Scenario) Advance(p Progress, run Run) Progress {
	p.Ran = true
	reached := s.Reached(run)
	if len(s.Goals) == 0 {
		p.Seen = p.Seen || reached[0]
	}
	for i, goal := range s.Goals {
		if reached[i] && !slices.Contains(p.Reached, goal.Goal) {
			p.Reached = append(slices.Clone(p.Reached), goal.Goal)
		}
	}
	if s.Fix != nil && s.answeredRight(p) && len(s.Fix.Holds.Differences(run)) == 0 {
		p.Mended = true
	}
	return p
}

func (s *Scenario) answeredRight(p Progress) bool {
	return p.Answers[s.Fix.Ask] == s.Fix.Choices[s.Fix.Right].Say
}

// Chosen is the number of the choice that was made last; -1 for none.
func (q Question) Chosen(p Progress) int {
	say, ok := p.Answers[q.Ask]
	if !ok {
		return -1
	}
	return slices.IndexFunc(q.Choices, func(c Choice) bool { return c.Say == say })
}

// Done says whether the goal of this number was reached.
func (s *Scenario) Done(p Progress, goal int) bool {
	return slices.Contains(p.Reached, s.Goals[goal].Goal)
}

// Solved says whether everything that the scenario asks for was done: all
// goals reached and, where something is to be mended, seen to hold. One that
// asks for nothing is solved when it did what it must.
func (s *Scenario) Solved(p Progress) bool {
	if s.Fix != nil && !p.Mended {
		return false
	}
	for i := range s.Goals {
		if !s.Done(p, i) {
			return false
		}
	}
	return len(s.Goals) > 0 || s.Fix != nil || p.Seen
}

// Challenge says whether there is something to bring about outside the lessons.
func (s *Scenario) Challenge() bool {
	return s.Lesson == 0 && (len(s.Goals) > 0 || s.Fix != nil)
}
