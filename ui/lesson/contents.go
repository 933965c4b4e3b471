package lesson

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sealedroom/presets"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// Contents is what the pane shows while no scenario is open.
type Contents struct {
	Lessons []Entry
	Next    *presets.Scenario // the first that is not solved; nil where all are
	Tally   string
}

// Entry is a lesson in the list.
type Entry struct {
	Scenario *presets.Scenario
	Solved   bool
	Begun    bool // and not solved
}

// SetContents shows the list of lessons.
func (p *Pane) SetContents(c Contents) {
	p.reading = Reading{}
	p.column.RemoveAll()
	title := widget.NewLabel("The sealed room, lesson by lesson")
	title.Wrapping = fyne.TextWrapWord
	title.TextStyle.Bold = true
	title.SizeName = fynetheme.SizeNameHeadingText
	p.column.Add(container.New(bare{}, title))
	p.column.Add(box.Inset(container.New(bare{}, words("You know JavaScript. These lessons show what holds it in: a few minutes each, with something to guess, to try and to break in every one. Or type in the editor, and press Run.")), 0, 6))
	if c.Next != nil {
		say := "Start with lesson 1"
		if c.Next.Lesson > 1 {
			say = "Go on: " + c.Next.Numbered()
		}
		start := control.NewButton(say, func() { p.OnOpen(c.Next) })
		start.Importance = widget.HighImportance
		start.Alignment = widget.ButtonAlignLeading
		p.column.Add(box.Inset(start, 0, 4))
	}
	for _, e := range c.Lessons {
		sign := theme.NewLabel(theme.Bold, theme.RoleMuted, "○")
		switch {
		case e.Solved:
			sign.Set(theme.RoleGreen, "✓")
		case e.Begun:
			sign.Set(theme.RoleTeal, "◐")
		}
		open := press(e.Scenario.Numbered(), func() { p.OnOpen(e.Scenario) })
		open.Wrapping = fyne.TextWrapWord
		p.column.Add(box.Inset(container.New(indent{0, 20}, sign, box.Inset(container.New(bare{}, open), 0, 2)), 0, 1))
	}
	p.column.Add(box.Inset(box.Rule(), 0, 6))
	p.column.Add(container.New(bare{}, words("There are also attacks, limits and holes to try one by one, many of them as challenges.")))
	p.column.Add(box.Inset(theme.Cut(theme.Caption, theme.RoleMuted, c.Tally), 0, 3))
	p.column.Add(container.New(bare{}, press("All lessons and scenarios…", func() { p.OnAll() })))
	p.page.scroll.ScrollToTop()
	p.Say("")
	p.Object.Refresh()
}
