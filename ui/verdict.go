package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// verdict is the banner that tells a run's outcome in words. It is the only
// part of the window that looks so; guest text never does.
type verdict struct {
	object fyne.CanvasObject
	// explain opens the paragraph behind the verdict that is shown.
	explain func(title, text string)
	// control shows the control of the limits panel that decided, guests names
	// what host code has in it, and lift takes one of them out of it; nil: there
	// is no panel and no editor.
	control func(key string)
	guests  func() []string
	lift    func(i int)

	ground   *theme.Fill
	icon     *theme.Label
	title    *widget.Label
	sentence *widget.Label
	warning  *widget.Label
	advice   *widget.Label
	links    *fyne.Container // what can be done about it
	why      *control.Button
	text     *fyne.Container
	words    inspector.Verdict
	brief    bool // there is no room for advice beside a link that does what it says
	// nameOf returns what the panel calls a control.
	nameOf func(key string) string
}

func newVerdict(explain func(title, text string)) *verdict {
	v := &verdict{
		explain:  explain,
		ground:   theme.NewFill(theme.RolePanel, theme.RoleLine, 6),
		icon:     theme.NewLabel(theme.Sign, theme.RoleMuted, "○"),
		title:    widget.NewLabel(""),
		sentence: widget.NewLabel(""),
		warning:  widget.NewLabel(""),
		advice:   widget.NewLabel(""),
		links:    container.NewHBox(),
	}
	v.why = control.NewButton("Why?", v.Explain)
	v.why.Importance = widget.LowImportance
	v.why.Hide()
	v.title.TextStyle.Bold = true
	v.title.SizeName = fynetheme.SizeNameHeadingText
	for _, label := range []*widget.Label{v.title, v.sentence, v.advice, v.warning} {
		label.Wrapping = fyne.TextWrapWord
	}
	v.warning.Importance = widget.WarningImportance
	v.warning.Hide()
	v.advice.Hide()
	v.links.Hide()
	v.text = container.New(box.Tight{}, container.New(titleRow{}, v.title, v.why), v.sentence, v.advice, v.links, v.warning)
	v.object = container.NewStack(v.ground, box.Inset(container.New(banner{}, v.icon, v.text), 8, 8))
	return v
}

// titleRow is a title that may have several lines, and a button at its end.
type titleRow struct{}

func (titleRow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	title, button := objects[0], objects[1]
	behind := button.MinSize()
	if !button.Visible() {
		behind.Width = 0
	}
	title.Move(fyne.NewPos(0, 0))
	title.Resize(fyne.NewSize(max(0, size.Width-behind.Width), size.Height))
	button.Move(fyne.NewPos(size.Width-behind.Width, 0))
	button.Resize(behind)
}

func (titleRow) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// banner puts a sign before a text that may have several lines.
type banner struct{}

func (banner) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	sign, text := objects[0], objects[1]
	side := theme.Scaled(50)
	sign.Resize(fyne.NewSize(sign.MinSize().Width, size.Height))
	sign.Move(fyne.NewPos((side-sign.MinSize().Width)/2, 0))
	text.Move(fyne.NewPos(side, 0))
	text.Resize(fyne.NewSize(max(0, size.Width-side), size.Height))
}

func (banner) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(80), max(objects[1].MinSize().Height, objects[0].MinSize().Height))
}

// sign is how an outcome is shown: never by colour alone.
type sign struct {
	icon             string
	role, tint, edge theme.Role
	title            widget.Importance // the role, for Fyne's own label
}

func signOf(s *inspector.State) sign {
	calm := sign{"○", theme.RoleMuted, theme.RolePanel, theme.RoleLine, widget.LowImportance}
	if s.Ended == nil {
		if s.Waiting != nil {
			return sign{"?", theme.RoleAmber, theme.RoleAmberTint, theme.RoleAmber, widget.WarningImportance}
		}
		if s.Running() {
			return sign{"▸", theme.RoleTeal, theme.RoleTealTint, theme.RoleTeal, widget.HighImportance}
		}
		return calm
	}
	stopped := sign{"■", theme.RoleRed, theme.RoleRedTint, theme.RoleRed, widget.DangerImportance}
	switch s.Ended.Outcome {
	case engine.OK:
		if len(s.Fallen) > 0 {
			stopped.icon = "✗"
			return stopped
		}
		if len(s.Revealed()) > 0 || s.Hole() != "" {
			return sign{"▲", theme.RoleAmber, theme.RoleAmberTint, theme.RoleAmber, widget.WarningImportance}
		}
		return sign{"✓", theme.RoleGreen, theme.RoleGreenTint, theme.RoleGreen, widget.SuccessImportance}
	case engine.Exception:
		stopped.icon = "!"
	case engine.Pending:
		return sign{"…", theme.RoleAmber, theme.RoleAmberTint, theme.RoleAmber, widget.WarningImportance}
	case engine.Canceled:
		return sign{"■", theme.RoleAmber, theme.RoleAmberTint, theme.RoleAmber, widget.WarningImportance}
	case engine.Crashed:
		stopped.icon = "✗"
	}
	return stopped
}

func (v *verdict) show(s *inspector.State) {
	l, words := signOf(s), s.Verdict()
	same := v.words.Advice == words.Advice && v.words.Control == words.Control && v.words.HostCode == words.HostCode
	v.words = words
	v.ground.Set(l.tint, l.edge)
	v.icon.Set(l.role, l.icon)
	warning := ""
	if len(words.Warnings) > 0 {
		warning = "▲ " + strings.Join(words.Warnings, "; ")
	}
	importance := widget.WarningImportance
	if off := wallsOff(without(s)); off != "" {
		importance = widget.DangerImportance
		if warning != "" {
			off += "; " + strings.TrimPrefix(warning, "▲ ")
		}
		warning = off
	}
	if v.warning.Importance != importance {
		v.warning.Importance = importance
		v.warning.Refresh()
	}
	if v.title.Text == words.Title && v.title.Importance == l.title && v.sentence.Text == words.Sentence && v.warning.Text == warning && v.why.Hidden == (words.Why() == "") && same {
		return
	}
	v.title.Importance = l.title
	v.title.SetText(words.Title)
	v.sentence.SetText(words.Sentence)
	v.warning.SetText(warning)
	v.warning.Hide()
	if warning != "" {
		v.warning.Show()
	}
	v.why.Hidden = words.Why() == ""
	v.showAdvice()
	v.object.Refresh()
}

// showAdvice shows what a person can do, with a link to where.
func (v *verdict) showAdvice() {
	v.advice.SetText(v.words.Advice)
	v.advice.Hidden = v.words.Advice == ""
	v.links.RemoveAll()
	if v.words.Control != "" && v.control != nil {
		key := v.words.Control
		v.links.Add(control.NewSmallLink("Show "+v.nameOf(key)+" in the panel", func() { v.control(key) }))
	}
	if v.words.HostCode && v.guests != nil {
		for i, name := range v.guests() {
			v.links.Add(control.NewSmallLink(name, func() { v.lift(i) }))
		}
	}
	v.links.Hidden = len(v.links.Objects) == 0
	v.advice.Hidden = v.advice.Hidden || v.brief && !v.links.Hidden // “Why?” has it too
}

// setBrief leaves out advice where a link says the same.
func (v *verdict) setBrief(brief bool) {
	if v.brief != brief {
		v.brief = brief
		v.showAdvice()
		v.object.Refresh()
	}
}

// Explain opens the paragraph behind the verdict, if there is one yet.
func (v *verdict) Explain() {
	text := v.words.Why()
	if text == "" {
		return
	}
	if v.words.Advice != "" {
		text += "\n\n" + v.words.Advice
	}
	v.explain(v.words.Title, v.words.Sentence+"\n\n"+text)
}
