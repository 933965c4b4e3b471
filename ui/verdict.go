package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/theme"
)

// verdict is the banner that tells a run's outcome in words. It is the only
// part of the window that looks so; guest text never does.
type verdict struct {
	object   fyne.CanvasObject
	ground   *theme.Fill
	icon     *theme.Label
	title    *theme.Label
	sentence *widget.Label
	warning  *theme.Label
}

func newVerdict() *verdict {
	v := &verdict{
		ground:   theme.NewFill(theme.RolePanel, theme.RoleLine, 6),
		icon:     theme.NewLabel(theme.Heading, theme.RoleMuted, "○"),
		title:    theme.Cut(theme.Heading, theme.RoleMuted, ""),
		sentence: widget.NewLabel(""),
		warning:  theme.Cut(theme.Caption, theme.RoleAmber, ""),
	}
	v.sentence.Wrapping = fyne.TextWrapWord
	// The sentence's own padding is the inset of the lines around it.
	text := container.New(tight{}, inset(v.title, 6, 0), v.sentence, inset(v.warning, 6, 0))
	icon := container.NewCenter(container.NewGridWrap(fyne.NewSize(theme.Scaled(26), theme.Scaled(30)), v.icon))
	v.object = container.NewStack(v.ground, inset(container.NewBorder(nil, nil, inset(icon, 8, 4), nil, text), 6, 8))
	return v
}

// tight is a column without gaps.
type tight struct{}

func (tight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		h := o.MinSize().Height
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, h))
		y += h
	}
}

func (tight) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		if o.Visible() {
			m := o.MinSize()
			size.Width = max(size.Width, m.Width)
			size.Height += m.Height
		}
	}
	return size
}

// look is how an outcome is shown: never by colour alone.
type look struct {
	icon             string
	role, tint, edge theme.Role
}

func lookOf(s *inspector.State) look {
	calm := look{"○", theme.RoleMuted, theme.RolePanel, theme.RoleLine}
	if s.Ended == nil {
		if s.Running() {
			return look{"▶", theme.RoleTeal, theme.RoleTealTint, theme.RoleTeal}
		}
		return calm
	}
	stopped := look{"■", theme.RoleRed, theme.RoleRedTint, theme.RoleRed}
	switch s.Ended.Outcome {
	case engine.OK:
		return look{"✓", theme.RoleGreen, theme.RoleGreenTint, theme.RoleGreen}
	case engine.Exception:
		stopped.icon = "!"
	case engine.Pending:
		return look{"…", theme.RoleAmber, theme.RoleAmberTint, theme.RoleAmber}
	case engine.Canceled:
		return look{"■", theme.RoleAmber, theme.RoleAmberTint, theme.RoleAmber}
	case engine.Crashed:
		stopped.icon = "✗"
	}
	return stopped
}

func (v *verdict) show(s *inspector.State) {
	l, words := lookOf(s), s.Verdict()
	v.ground.Set(l.tint, l.edge)
	v.icon.Set(l.role, l.icon)
	v.title.Set(l.role, words.Title)
	if v.sentence.Text != words.Sentence {
		v.sentence.SetText(words.Sentence)
	}
	warning := ""
	if len(words.Warnings) > 0 {
		warning = "▲ " + strings.Join(words.Warnings, "; ")
	}
	v.warning.SetText(warning)
}
