package picker

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sealedroom/presets"
	"sealedroom/ui/theme"
)

// line draws a row of the list.
type line struct {
	widget.BaseWidget
	ground            *theme.Fill
	sign, title, note *theme.Label
}

func newLine() *line {
	l := &line{
		ground: theme.NewFill(theme.RoleGround, nil, 4), sign: theme.NewLabel(theme.Bold, theme.RoleMuted, ""),
		title: theme.Cut(theme.Body, theme.RoleText, ""), note: theme.Cut(theme.Caption, theme.RoleMuted, ""),
	}
	l.note.Trailing = true
	l.ExtendBaseWidget(l)
	return l
}

// set shows a row.
func (l *line) set(r row, marked bool) {
	switch {
	case r.entry != nil:
		switch r.entry.Standing {
		case Solved:
			l.sign.Set(theme.RoleGreen, "✓")
		case Begun:
			l.sign.Set(theme.RoleTeal, "◐")
		default:
			l.sign.Set(theme.RoleMuted, "○")
		}
		l.title.Style = theme.Body
		l.title.Set(theme.RoleText, r.entry.Scenario.Numbered())
		note := presets.Levels[r.entry.Scenario.Level]
		if r.entry.Scenario.Challenge() {
			note = "challenge · " + note
		}
		if r.entry.Standing == Begun {
			note = "begun · " + note
		}
		l.note.Set(theme.RoleMuted, note)
	case r.problem != "":
		l.sign.Set(theme.RoleAmber, "▲")
		l.title.Style = theme.Body
		l.title.Set(theme.RoleAmber, r.problem)
		l.note.Set(theme.RoleAmber, "not loaded")
	default:
		l.sign.Set(theme.RoleMuted, "")
		l.title.Style = theme.Bold
		l.title.Set(theme.RoleTeal, r.heading)
		l.note.Set(theme.RoleMuted, r.note)
	}
	fill, edge := theme.RolePanel, theme.RolePanel
	if marked {
		fill, edge = theme.RoleTealTint, theme.RoleTeal
	}
	l.ground.Set(fill, edge)
	l.Refresh()
}

func (l *line) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(lineLayout{}, l.ground, l.sign, l.title, l.note))
}

// lineLayout puts sign, title and note side by side; the title gets what the
// others leave, and heads of groups begin further left.
type lineLayout struct{}

func (lineLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	sign, title, note := objects[1], objects[2], objects[3].(*theme.Label)
	objects[0].Resize(size)
	pad, x := theme.Scaled(10), theme.Scaled(32)
	sign.Move(fyne.NewPos(pad, 0))
	sign.Resize(fyne.NewSize(theme.Scaled(20), size.Height))
	if sign.(*theme.Label).Text == "" {
		x = pad
	}
	width := min(note.NaturalWidth(), size.Width*0.45)
	note.Move(fyne.NewPos(size.Width-width-pad, 0))
	note.Resize(fyne.NewSize(width, size.Height))
	title.Move(fyne.NewPos(x, 0))
	title.Resize(fyne.NewSize(max(0, size.Width-width-2*pad-x), size.Height))
}

func (lineLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(120), theme.Scaled(26))
}
