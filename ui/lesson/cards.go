package lesson

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sealedroom/presets"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// card is a frame with a title and what is below it.
type card struct {
	object fyne.CanvasObject
	ground *theme.Fill
	title  *theme.Label
	column *fyne.Container
}

func newCard(edge theme.Role, title string) *card {
	c := &card{
		ground: theme.NewFill(theme.RoleRaised, edge, 5), title: theme.Cut(theme.Bold, theme.RoleText, title),
		column: container.New(box.Tight{}),
	}
	c.column.Add(box.Inset(c.title, 0, 3))
	c.object = box.Inset(container.NewStack(c.ground, box.Inset(c.column, 11, 8)), 0, 6)
	return c
}

// words is text of the app's or the scenario's own that wraps.
func words(text string) *widget.Label {
	label := widget.NewLabel(text)
	label.Wrapping = fyne.TextWrapWord
	label.Selectable = true
	return label
}

// press is a word that does something.
func press(say string, do func()) *control.Link { return control.NewLink(say, do) }

// ---- questions ----------------------------------------------------------------

// questionCard asks for one of several answers. A prediction is made once; at a
// fix one may go on until the right one is found.
type questionCard struct {
	*card
	question presets.Question
	again    bool // after a wrong answer, another one may be chosen
	choices  []*control.Choice
	then     *widget.Label
	thenRow  fyne.CanvasObject
}

func newQuestion(edge theme.Role, title string, q presets.Question, again bool, chosen func(presets.Question, int)) *questionCard {
	c := &questionCard{card: newCard(edge, title), question: q, again: again, then: words("")}
	c.column.Add(box.Inset(container.New(bare{}, words(q.Ask)), 0, 3))
	for i, choice := range q.Choices {
		row := control.NewChoice(choice.Say, func() { chosen(q, i) })
		c.choices = append(c.choices, row)
		c.column.Add(box.Inset(row, 0, 3))
	}
	c.thenRow = box.Inset(container.New(bare{}, c.then), 0, 3)
	c.thenRow.Hide()
	c.column.Add(c.thenRow)
	return c
}

// show marks what was chosen. then is said below, once the right answer is
// known.
func (c *questionCard) show(p presets.Progress, then string) {
	chosen := c.question.Chosen(p)
	known := chosen >= 0 && (!c.again || chosen == c.question.Right)
	for i, row := range c.choices {
		why := c.question.Choices[i].Why
		look := control.ChoiceLook{Locked: known}
		switch {
		case i == c.question.Right && known:
			look = control.ChoiceLook{Ink: theme.RoleGreen, Tint: theme.RoleGreenTint, Mark: "✓ right", Why: why, Locked: true}
			if chosen != i {
				look.Mark = "✓ this is it"
			}
		case i == chosen:
			look = control.ChoiceLook{Ink: theme.RoleRed, Tint: theme.RoleRedTint, Mark: "✗ not this one", Why: why, Locked: known}
		}
		row.Set(look)
	}
	c.thenRow.Hide()
	if known && then != "" {
		c.then.SetText(then)
		c.thenRow.Show()
	}
}

// ---- goals --------------------------------------------------------------------

// goalsCard lists what is to be brought about, and ticks it off.
type goalsCard struct {
	*card
	rows []*goalRow
}

// goalRow is one goal.
type goalRow struct {
	sign   *theme.Label
	helps  fyne.CanvasObject // the words to press below it; nil for none
	hint   fyne.CanvasObject
	hinted bool
	done   bool
}

func newGoals(title string, s *presets.Scenario, follow func(presets.Link)) *goalsCard {
	c := &goalsCard{card: newCard(theme.RoleLine, title)}
	for _, goal := range s.Goals {
		row := &goalRow{sign: theme.NewLabel(theme.Bold, theme.RoleMuted, "○")}
		helps := container.NewHBox()
		column := container.New(box.Tight{}, container.New(bare{}, words(goal.Goal)))
		if goal.Hint != "" {
			hint := words(goal.Hint)
			hint.Importance = widget.WarningImportance
			row.hint = box.Inset(container.New(bare{}, hint), 0, 2)
			row.hint.Hide()
			helps.Add(press("Hint", func() {
				row.hinted = !row.hinted
				row.show(row.done)
				c.object.Refresh()
			}))
			column.Add(row.hint)
		}
		if by, err := s.Apply(goal.By, s.Setup); err == nil && (by.Code != s.Setup.Code || len(s.Setup.Changes(by)) > 0) {
			helps.Add(press("Set it for me", func() { follow(presets.Link{Set: goal.By}) }))
		}
		if len(helps.Objects) > 0 {
			row.helps = container.New(bare{}, helps)
			column.Add(row.helps)
		}
		c.rows = append(c.rows, row)
		c.column.Add(box.Inset(container.New(indent{0, 20}, row.sign, box.Inset(column, 0, 2)), 0, 2))
	}
	return c
}

func (c *goalsCard) show(done func(int) bool) {
	for i, row := range c.rows {
		row.show(done(i))
	}
}

func (r *goalRow) show(done bool) {
	r.done = done
	r.sign.Set(theme.RoleMuted, "○")
	if done {
		r.sign.Set(theme.RoleGreen, "✓")
	}
	if r.hint != nil {
		visible(r.hint, r.hinted)
	}
	if r.helps != nil {
		visible(r.helps, !done)
	}
}
