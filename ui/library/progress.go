package library

import (
	"errors"
	"fmt"
	"maps"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"sealedroom/inspector"
	"sealedroom/presets"
	"sealedroom/ui/control"
	"sealedroom/ui/kit/words"
	"sealedroom/ui/picker"
)

// note changes what is known of a scenario's reader, and keeps it.
func (l *Library) note(s *presets.Scenario, change func(presets.Progress) presets.Progress) {
	progress := maps.Clone(l.progress)
	if progress == nil {
		progress = map[string]presets.Progress{}
	}
	progress[s.Key()] = change(progress[s.Key()])
	l.progress = progress
	l.store.KeepProgress(progress)
}

// Solved reports whether a scenario was solved.
func (l *Library) Solved(s *presets.Scenario) bool { return s.Solved(l.progress[s.Key()]) }

// Judge takes from a run that has ended what it shows of the scenario that was
// open when it began.
func (l *Library) Judge(s *inspector.State) {
	if s.Started == nil || s.Started == l.judged {
		return
	}
	l.judged = s.Started
	run := presets.RunOf(s)
	if l.last != nil {
		l.last.run = run
	}
	one := l.ran
	if one == nil {
		return
	}
	before := l.progress[one.Key()]
	l.note(one, func(p presets.Progress) presets.Progress { return one.Advance(p, run) })
	if one == l.doc.Scenario {
		l.ShowReading()
		if news := l.news(one, before); l.Solved(one) {
			l.Lesson.SayOnward(news)
		} else {
			l.Lesson.Say(news)
		}
		l.News()
	}
}

// news says what a run has brought, and what is still open.
func (l *Library) news(s *presets.Scenario, before presets.Progress) string {
	now := l.progress[s.Key()]
	var said []string
	switch {
	case s.Solved(now):
		said = append(said, "✓ Solved.")
	case now.Mended && !before.Mended:
		said = append(said, "✓ It holds.")
	case len(now.Reached) > len(before.Reached):
		said = append(said, fmt.Sprintf("✓ %d of %d done.", len(now.Reached), len(s.Goals)))
	}
	if different := l.unexpected(s); different != "" {
		said = append(said, different)
	}
	if open := stillOpen(s, now); open != "" {
		said = append(said, open)
	}
	if !before.Ran && s.After != "" {
		said = append(said, "More text has appeared above.")
	}
	return strings.Join(said, " ")
}

// stillOpen names what a scenario asks for next; "" once it is solved.
func stillOpen(s *presets.Scenario, p presets.Progress) string {
	for i, goal := range s.Goals {
		if !s.Done(p, i) {
			text := inspector.Line(words.Shortened(goal.Goal, 90))
			if !strings.ContainsAny(text[max(0, len(text)-1):], ".?!") && !strings.HasSuffix(text, "…") {
				text += "."
			}
			return "Still open: " + text
		}
	}
	switch {
	case s.Fix == nil || p.Mended:
		return ""
	case s.Fix.Chosen(p) != s.Fix.Right:
		return "Still open: “Find it, fix it”, in the text above."
	}
	return "Still open: run it with the change you chose, to see whether it holds."
}

// unexpected says how a run of a scenario of one's own differs from what its file
// says must happen. A guest or a room that was changed promises nothing.
func (l *Library) unexpected(s *presets.Scenario) string {
	if s.Path == "" || s.Expect == nil || l.last == nil || l.last.setup.Code != s.Setup.Code || len(s.Setup.Changes(l.last.setup)) > 0 {
		return ""
	}
	differences := s.Expect.Differences(l.last.run)
	if len(differences) == 0 {
		return ""
	}
	return "▲ Not as the file expects: " + strings.Join(differences, "; ") + "."
}

// Standing returns how far a scenario's reader has come, for the list.
func (l *Library) Standing(s *presets.Scenario) picker.Standing {
	p := l.progress[s.Key()]
	switch {
	case s.Solved(p):
		return picker.Solved
	case p.Ran || len(p.Reached) > 0 || len(p.Answers) > 0 || p.Draft != "":
		return picker.Begun
	}
	return picker.Untouched
}

// tally counts what was solved.
func (l *Library) tally() string {
	var lessons, challenges, doneLessons, doneChallenges int
	for _, s := range presets.BuiltIn() {
		switch {
		case s.Lesson > 0:
			lessons++
			if l.Solved(s) {
				doneLessons++
			}
		case s.Challenge():
			challenges++
			if l.Solved(s) {
				doneChallenges++
			}
		}
	}
	return fmt.Sprintf("lessons solved %d of %d · challenges %d of %d", doneLessons, lessons, doneChallenges, challenges)
}

// ForgetProgress takes all ticks away, once it is sure that this is meant.
func (l *Library) ForgetProgress() {
	l.askToForget("Start all over?", "Ticks, answers and changed guests of all lessons and scenarios will be forgotten. Your own files stay as they are.",
		"Forget All", func() {
			l.progress = nil
			l.store.KeepProgress(nil)
			l.ShowReading()
		})
}

// StartOver forgets the progress with the scenario that is open, and puts it back
// as it was at first.
func (l *Library) StartOver() {
	s := l.doc.Scenario
	if s == nil {
		l.dialogs.Tell("There is nothing to start over", errors.New("open a lesson or a scenario first"))
		return
	}
	l.askToForget("Start “"+s.Numbered()+"” over?", "Its ticks, your answers and your changes to its guest will be forgotten. All others stay.", "Start Over", func() {
		l.progress = maps.Clone(l.progress)
		delete(l.progress, s.Key())
		l.store.KeepProgress(l.progress)
		l.doc.Scenario = nil // its changed guest is not kept again
		l.Show(s)
	})
}

// askToForget calls forget once a person has said that they mean it.
func (l *Library) askToForget(title, text, answer string, forget func()) {
	label := control.NewText(widget.MediumImportance)
	label.SetText(text)
	d := l.dialogs.New(title, label)
	button := control.NewButton(answer, func() {
		d.Hide()
		forget()
	})
	button.Importance = widget.DangerImportance
	d.SetButtons([]fyne.CanvasObject{control.NewButton("Cancel", func() { d.Hide() }), button})
	l.dialogs.Fit(d, 440, 0)
	l.dialogs.Show(d)
}

// Progress returns how far the reader of a scenario has come.
func (l *Library) Progress(s *presets.Scenario) presets.Progress { return l.progress[s.Key()] }

// Ran returns the scenario that the last run counts for, nil for none, and whether
// a scenario can be made of that run.
func (l *Library) Ran() (s *presets.Scenario, usable bool) { return l.ran, l.last != nil }
