package ui

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/presets"
	"sealedroom/ui/control"
	"sealedroom/ui/kit/words"
	"sealedroom/ui/lesson"
	"sealedroom/ui/picker"
	"sealedroom/ui/theme"
)

// lessons is the scenario that is open, and how far its reader has come with
// all of them.
type lessons struct {
	shelf    shelf
	scenario *presets.Scenario // that is open; nil for none
	progress map[string]presets.Progress
	ran      *presets.Scenario // that was open when the last run began
	judged   *engine.Started   // the run that was judged last
	last     *done
}

// done is a run that has ended, for a scenario that is made of it.
type done struct {
	setup presets.Setup
	run   presets.Run
}

// ---- opening --------------------------------------------------------------------

// openScenario opens a scenario; it is not run. Text that would be lost is
// asked about first.
func (w *window) openScenario(s *presets.Scenario) {
	w.askToReplace(func() { w.showScenario(s) })
}

// showScenario puts a scenario into the window: its text, its guest as the
// reader left it, its limits and grants.
func (w *window) showScenario(s *presets.Scenario) {
	w.scenario = s
	w.limits.grants.secrets.SetText(strings.Join(s.Setup.Secrets, ", "))
	w.setRoom(s.Setup)
	w.loadGuest(w.progress[s.Key()].Draft)
	w.showReading()
	w.openLesson(true)
	if len(s.Rooms) > 0 {
		name := s.Name // of a built-in one
		if s.Path != "" {
			name = filepath.Base(s.Path)
		}
		w.lesson.Say(fmt.Sprintf("This scenario has %d rooms. The window runs one, at first %s. To run all of them side by side: sealedroom run %s", len(s.Rooms), s.Rooms[0].Name, inspector.Line(name)))
	}
	if w.limits.hands.on {
		w.showSwitches() // the lesson took their place
	}
	w.store.keep(w.kept())
	w.read()
}

// loadGuest puts the scenario's guest into the editor; a draft stands for it
// where there is one.
func (w *window) loadGuest(draft string) {
	w.load("", w.scenario.Setup.Code)
	if w.scenario.Setup.Native {
		w.limits.hands.give(true)
		w.handsChanged()
	}
	if draft != "" {
		w.editor.ReplaceText(draft) // undo leads back to the lesson's
		w.editor.ScrollHome()
		w.settle()
	}
}

// leaveScenario shows the list of lessons in its place.
func (w *window) leaveScenario() {
	if w.scenario != nil {
		w.scenario = nil
		w.limits.grants.secrets.SetText("")
		w.showReading()
	}
}

// keepDraft remembers the guest as it stands, where it is not the scenario's
// own.
func (w *window) keepDraft() {
	if w.scenario == nil || w.path != "" {
		return
	}
	text := w.editor.Text()
	if slices.Contains(slices.Collect(maps.Values(w.scenario.Codes)), text) {
		return // a link put it there: what was written before is kept
	}
	if text == w.scenario.Setup.Code || strings.TrimSpace(text) == "" {
		text = ""
	}
	if text == w.progress[w.scenario.Key()].Draft {
		return
	}
	w.note(w.scenario, func(p presets.Progress) presets.Progress {
		p.Draft = text
		return p
	})
}

// origin is what the guest came from, in a word.
func (w *window) origin() string {
	if w.scenario != nil && w.scenario.Lesson == 0 {
		return "scenario"
	}
	return "lesson"
}

// setRoom sets limits, grants and which of them ask first.
func (w *window) setRoom(s presets.Setup) {
	w.limits.Set(s.Limits)
	w.limits.grants.Set(s.Grants)
	w.limits.grants.SetAskFirst(s.AskFirst)
	w.limitsChanged()
}

// setup is what the next run is made of.
func (w *window) setup() presets.Setup {
	grants := maps.Clone(w.limits.grants.grants)
	maps.DeleteFunc(grants, func(_ string, how bridge.Grant) bool { return how == bridge.Off })
	setup := presets.Setup{
		Name: w.guestName(), Code: w.editor.Text(), Limits: w.limits.limits, Grants: grants,
		AskFirst: w.limits.grants.asking(), Secrets: w.limits.grants.asked(),
	}
	if w.limits.hands.on {
		setup.Native, setup.Without = true, w.limits.hands.out()
		setup.Grants, setup.Secrets, setup.AskFirst = nil, nil, nil
	}
	return setup
}

// ---- progress ---------------------------------------------------------------------

// note changes what is known of a scenario's reader, and keeps it.
func (w *window) note(s *presets.Scenario, change func(presets.Progress) presets.Progress) {
	progress := maps.Clone(w.progress)
	if progress == nil {
		progress = map[string]presets.Progress{}
	}
	progress[s.Key()] = change(progress[s.Key()])
	w.progress = progress
	w.store.keepProgress(progress)
}

func (w *window) solved(s *presets.Scenario) bool { return s.Solved(w.progress[s.Key()]) }

// judge takes from a run that has ended what it shows of the scenario that was
// open when it began.
func (w *window) judge(s *inspector.State) {
	if s.Started == nil || s.Started == w.judged {
		return
	}
	w.judged = s.Started
	run := presets.RunOf(s)
	if w.last != nil {
		w.last.run = run
	}
	one := w.ran
	if one == nil {
		return
	}
	before := w.progress[one.Key()]
	w.note(one, func(p presets.Progress) presets.Progress { return one.Advance(p, run) })
	if one == w.scenario {
		w.showReading()
		if news := w.news(one, before); w.solved(one) {
			w.lesson.SayOnward(news)
		} else {
			w.lesson.Say(news)
		}
		w.markNews()
	}
}

// news says what a run has brought, and what is still open.
func (w *window) news(s *presets.Scenario, before presets.Progress) string {
	now := w.progress[s.Key()]
	var said []string
	switch {
	case s.Solved(now):
		said = append(said, "✓ Solved.")
	case now.Mended && !before.Mended:
		said = append(said, "✓ It holds.")
	case len(now.Reached) > len(before.Reached):
		said = append(said, fmt.Sprintf("✓ %d of %d done.", len(now.Reached), len(s.Goals)))
	}
	if different := w.unexpected(s); different != "" {
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
func (w *window) unexpected(s *presets.Scenario) string {
	if s.Path == "" || s.Expect == nil || w.last == nil || w.last.setup.Code != s.Setup.Code || len(s.Setup.Changes(w.last.setup)) > 0 {
		return ""
	}
	differences := s.Expect.Differences(w.last.run)
	if len(differences) == 0 {
		return ""
	}
	return "▲ Not as the file expects: " + strings.Join(differences, "; ") + "."
}

// standing is how far a scenario's reader has come, for the list.
func (w *window) standing(s *presets.Scenario) picker.Standing {
	p := w.progress[s.Key()]
	switch {
	case s.Solved(p):
		return picker.Solved
	case p.Ran || len(p.Reached) > 0 || len(p.Answers) > 0 || p.Draft != "":
		return picker.Begun
	}
	return picker.Untouched
}

// tally counts what was solved.
func (w *window) tally() string {
	var lessons, challenges, doneLessons, doneChallenges int
	for _, s := range presets.BuiltIn() {
		switch {
		case s.Lesson > 0:
			lessons++
			if w.solved(s) {
				doneLessons++
			}
		case s.Challenge():
			challenges++
			if w.solved(s) {
				doneChallenges++
			}
		}
	}
	return fmt.Sprintf("lessons solved %d of %d · challenges %d of %d", doneLessons, lessons, doneChallenges, challenges)
}

// forgetProgress takes all ticks away, once it is sure that this is meant.
func (w *window) forgetProgress() {
	w.askToForget("Start all over?", "Ticks, answers and changed guests of all lessons and scenarios will be forgotten. Your own files stay as they are.",
		"Forget All", func() {
			w.progress = nil
			w.store.keepProgress(nil)
			w.showReading()
		})
}

// startOver forgets the progress with the scenario that is open, and puts it back
// as it was at first.
func (w *window) startOver() {
	s := w.scenario
	if s == nil {
		w.tell("There is nothing to start over", errors.New("open a lesson or a scenario first"))
		return
	}
	w.askToForget("Start “"+s.Numbered()+"” over?", "Its ticks, your answers and your changes to its guest will be forgotten. All others stay.", "Start Over", func() {
		w.progress = maps.Clone(w.progress)
		delete(w.progress, s.Key())
		w.store.keepProgress(w.progress)
		w.scenario = nil // its changed guest is not kept again
		w.showScenario(s)
	})
}

// askToForget calls forget once a person has said that they mean it.
func (w *window) askToForget(title, text, answer string, forget func()) {
	label := control.NewText(widget.MediumImportance)
	label.SetText(text)
	d := w.newDialog(title, label)
	button := control.NewButton(answer, func() {
		d.Hide()
		forget()
	})
	button.Importance = widget.DangerImportance
	d.SetButtons([]fyne.CanvasObject{control.NewButton("Cancel", func() { d.Hide() }), button})
	size := w.window.Canvas().Size()
	d.Resize(fyne.NewSize(min(theme.Scaled(440), size.Width*0.9), 0))
	w.ask(d)
}

// ---- the pane -----------------------------------------------------------------------

func (w *window) buildLesson() {
	w.lesson = lesson.New()
	w.lesson.OnLink = w.follow
	w.lesson.OnOpen = w.openScenario
	w.lesson.OnAll = w.pick
	w.lesson.OnNext = w.next
	w.lesson.OnAnswer = func(q presets.Question, choice int) {
		say := q.Choices[choice]
		w.note(w.scenario, func(p presets.Progress) presets.Progress {
			answers := maps.Clone(p.Answers)
			if answers == nil {
				answers = map[string]string{}
			}
			answers[q.Ask] = say.Say
			p.Answers = answers
			return p
		})
		w.showReading()
		if say.Set != "" {
			w.change(say.Set)
		}
	}
	w.lesson.OnReadOn = func() {
		w.note(w.scenario, func(p presets.Progress) presets.Progress {
			p.Ran = true
			return p
		})
		w.showReading()
	}
}

// showReading brings everything up to date that shows which scenario is open,
// and how far its reader has come.
func (w *window) showReading() {
	w.status.progress = w.tally()
	w.status.refresh()
	w.retitle()
	w.showNextRun()
	if w.scenario == nil {
		w.picked.Set("", "Lessons and scenarios")
		w.walk.hide()
		w.lesson.SetContents(w.contents())
		return
	}
	name, row := w.shelf.row(w.scenario)
	at := slices.Index(row, w.scenario)
	place := fmt.Sprintf("%s · %d of %d", name, at+1, len(row))
	switch {
	case at < 0:
		place = "a file of your own"
	case w.scenario.Lesson > 0 && w.scenario.Path == "":
		place = fmt.Sprintf("lesson %d of %d · %s", at+1, len(row), w.scenario.Group)
	}
	w.picked.Set(name, w.scenario.Numbered())
	w.walk.show(at, len(row))
	w.lesson.Set(lesson.Reading{Scenario: w.scenario, Place: place, Progress: w.progress[w.scenario.Key()], Next: w.nextSay()})
}

// contents is what the pane shows while no scenario is open.
func (w *window) contents() lesson.Contents {
	c := lesson.Contents{Tally: w.tally()}
	for _, s := range presets.Lessons(presets.BuiltIn()) {
		solved := w.solved(s)
		if c.Next == nil && !solved {
			c.Next = s
		}
		c.Lessons = append(c.Lessons, lesson.Entry{Scenario: s, Solved: solved, Begun: w.standing(s) == picker.Begun})
	}
	return c
}

// neighbours are the scenarios before and behind the one that is open; nil where
// its row ends.
func (w *window) neighbours() (back, next *presets.Scenario) {
	if w.scenario == nil {
		return nil, w.contents().Next
	}
	_, row := w.shelf.row(w.scenario)
	at := slices.Index(row, w.scenario)
	if at > 0 {
		back = row[at-1]
	}
	if at >= 0 && at+1 < len(row) {
		next = row[at+1]
	}
	return back, next
}

func (w *window) back() {
	if back, _ := w.neighbours(); back != nil {
		w.openScenario(back)
	}
}

// next goes on: to the scenario behind this one, and at the end of a row to what
// comes after it.
func (w *window) next() {
	switch _, next := w.neighbours(); {
	case next != nil:
		w.openScenario(next)
	case w.scenario != nil:
		w.pickFrom(w.scenario.Lesson > 0)
	}
}

// nextSay names what next leads to.
func (w *window) nextSay() string {
	_, next := w.neighbours()
	switch {
	case next != nil:
		return "Next: " + next.Numbered()
	case w.scenario.Lesson > 0:
		return "Next: the challenges…"
	}
	return "All lessons and scenarios…"
}
