package library

import (
	"fmt"
	"maps"
	"slices"

	"sealedroom/presets"
	"sealedroom/ui/lesson"
	"sealedroom/ui/picker"
)

func (l *Library) buildLesson() {
	l.Lesson = lesson.New()
	l.Lesson.OnLink = l.Follow
	l.Lesson.OnOpen = l.Open
	l.Lesson.OnAll = l.Pick
	l.Lesson.OnNext = l.Next
	l.Lesson.OnAnswer = func(q presets.Question, choice int) {
		say := q.Choices[choice]
		l.note(l.doc.Scenario, func(p presets.Progress) presets.Progress {
			answers := maps.Clone(p.Answers)
			if answers == nil {
				answers = map[string]string{}
			}
			answers[q.Ask] = say.Say
			p.Answers = answers
			return p
		})
		l.ShowReading()
		if say.Set != "" {
			l.change(say.Set)
		}
	}
	l.Lesson.OnReadOn = func() {
		l.note(l.doc.Scenario, func(p presets.Progress) presets.Progress {
			p.Ran = true
			return p
		})
		l.ShowReading()
	}
}

// ShowReading brings everything up to date that shows which scenario is open,
// and how far its reader has come.
func (l *Library) ShowReading() {
	l.Counted(l.tally())
	l.doc.Titled()
	l.ShowNextRun()
	if l.doc.Scenario == nil {
		l.Picked.Set("", "Lessons and scenarios")
		l.Walk.hide()
		l.Lesson.SetContents(l.contents())
		return
	}
	name, row := l.shelf.row(l.doc.Scenario)
	at := slices.Index(row, l.doc.Scenario)
	place := fmt.Sprintf("%s · %d of %d", name, at+1, len(row))
	switch {
	case at < 0:
		place = "a file of your own"
	case l.doc.Scenario.Lesson > 0 && l.doc.Scenario.Path == "":
		place = fmt.Sprintf("lesson %d of %d · %s", at+1, len(row), l.doc.Scenario.Group)
	}
	l.Picked.Set(name, l.doc.Scenario.Numbered())
	l.Walk.show(at, len(row))
	l.Lesson.Set(lesson.Reading{Scenario: l.doc.Scenario, Place: place, Progress: l.progress[l.doc.Scenario.Key()], Next: l.nextSay()})
}

// contents is what the pane shows while no scenario is open.
func (l *Library) contents() lesson.Contents {
	c := lesson.Contents{Tally: l.tally()}
	for _, s := range presets.Lessons(presets.BuiltIn()) {
		solved := l.Solved(s)
		if c.Next == nil && !solved {
			c.Next = s
		}
		c.Lessons = append(c.Lessons, lesson.Entry{Scenario: s, Solved: solved, Begun: l.Standing(s) == picker.Begun})
	}
	return c
}

// neighbours are the scenarios before and behind the one that is open; nil where
// its row ends.
func (l *Library) neighbours() (back, next *presets.Scenario) {
	if l.doc.Scenario == nil {
		return nil, l.contents().Next
	}
	_, row := l.shelf.row(l.doc.Scenario)
	at := slices.Index(row, l.doc.Scenario)
	if at > 0 {
		back = row[at-1]
	}
	if at >= 0 && at+1 < len(row) {
		next = row[at+1]
	}
	return back, next
}

func (l *Library) Back() {
	if back, _ := l.neighbours(); back != nil {
		l.Open(back)
	}
}

// Next goes on: to the scenario behind this one, and at the end of a row to what
// comes after it.
func (l *Library) Next() {
	switch _, next := l.neighbours(); {
	case next != nil:
		l.Open(next)
	case l.doc.Scenario != nil:
		l.PickFrom(l.doc.Scenario.Lesson > 0)
	}
}

// nextSay names what next leads to.
func (l *Library) nextSay() string {
	_, next := l.neighbours()
	switch {
	case next != nil:
		return "Next: " + next.Numbered()
	case l.doc.Scenario.Lesson > 0:
		return "Next: the challenges…"
	}
	return "All lessons and scenarios…"
}
