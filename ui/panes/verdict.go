package panes

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

// Verdict is the banner that gives a run's outcome in words. It is the only
// part of the window that looks so; guest text never does.
type Verdict struct {
	Object fyne.CanvasObject
	// explain opens the paragraph behind the verdict that is shown.
	explain func(title, text string)
	// control shows the control of the limits panel that decided, guests names
	// what host code has in it, and lift takes one of them out of it; nil: there
	// is no panel and no editor.
	Control func(key string)
	Guests  func() []string
	Lift    func(i int)

	Ground   *theme.Fill
	Icon     *theme.Label
	Title    *widget.Label
	Sentence *widget.Label
	Warning  *widget.Label
	Advice   *widget.Label
	Links    *fyne.Container // what can be done about it
	Why      *control.Button
	text     *fyne.Container
	words    inspector.Verdict
	brief    bool // there is no room for both advice and a link that does what it says
	// nameOf returns what the panel calls a control.
	NameOf func(key string) string
}

func newVerdict(explain func(title, text string)) *Verdict {
	v := &Verdict{
		explain:  explain,
		Ground:   theme.NewFill(theme.RolePanel, theme.RoleLine, 6),
		Icon:     theme.NewLabel(theme.Sign, theme.RoleMuted, "○"),
		Title:    widget.NewLabel(""),
		Sentence: widget.NewLabel(""),
		Warning:  widget.NewLabel(""),
		Advice:   widget.NewLabel(""),
		Links:    container.NewHBox(),
	}
	v.Why = control.NewButton("Why?", v.Explain)
	v.Why.Importance = widget.LowImportance
	v.Why.Hide()
	v.Title.TextStyle.Bold = true
	v.Title.SizeName = fynetheme.SizeNameHeadingText
	for _, label := range []*widget.Label{v.Title, v.Sentence, v.Advice, v.Warning} {
		label.Wrapping = fyne.TextWrapWord
	}
	v.Warning.Importance = widget.WarningImportance
	v.Warning.Hide()
	v.Advice.Hide()
	v.Links.Hide()
	v.text = container.New(box.Tight{}, container.New(titleRow{}, v.Title, v.Why), v.Sentence, v.Advice, v.Links, v.Warning)
	v.Object = container.NewStack(v.Ground, box.Inset(container.New(banner{}, v.Icon, v.text), 8, 8))
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

// Look is how the outcome of a run is shown: its sign, and the colours of its text and
// its edge.
func Look(s *inspector.State) (icon string, ink, edge theme.Role) {
	l := signOf(s)
	return l.icon, l.role, l.edge
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

func (v *Verdict) show(s *inspector.State) {
	l, words := signOf(s), s.Verdict()
	same := v.words.Advice == words.Advice && v.words.Control == words.Control && v.words.HostCode == words.HostCode
	v.words = words
	v.Ground.Set(l.tint, l.edge)
	v.Icon.Set(l.role, l.icon)
	warning := ""
	if len(words.Warnings) > 0 {
		warning = "▲ " + strings.Join(words.Warnings, "; ")
	}
	importance := widget.WarningImportance
	if off := WallsOff(Without(s)); off != "" {
		importance = widget.DangerImportance
		if warning != "" {
			off += "; " + strings.TrimPrefix(warning, "▲ ")
		}
		warning = off
	}
	if v.Warning.Importance != importance {
		v.Warning.Importance = importance
		v.Warning.Refresh()
	}
	if v.Title.Text == words.Title && v.Title.Importance == l.title && v.Sentence.Text == words.Sentence && v.Warning.Text == warning && v.Why.Hidden == (words.Why() == "") && same {
		return
	}
	v.Title.Importance = l.title
	v.Title.SetText(words.Title)
	v.Sentence.SetText(words.Sentence)
	v.Warning.SetText(warning)
	v.Warning.Hide()
	if warning != "" {
		v.Warning.Show()
	}
	v.Why.Hidden = words.Why() == ""
	v.showAdvice()
	v.Object.Refresh()
}

// showAdvice shows what a person can do, with a link to where.
func (v *Verdict) showAdvice() {
	v.Advice.SetText(v.words.Advice)
	v.Advice.Hidden = v.words.Advice == ""
	v.Links.RemoveAll()
	if v.words.Control != "" && v.Control != nil {
		key := v.words.Control
		v.Links.Add(control.NewSmallLink("Show "+v.NameOf(key)+" in the panel", func() { v.Control(key) }))
	}
	if v.words.HostCode && v.Guests != nil {
		for i, name := range v.Guests() {
			v.Links.Add(control.NewSmallLink(name, func() { v.Lift(i) }))
		}
	}
	v.Links.Hidden = len(v.Links.Objects) == 0
	v.Advice.Hidden = v.Advice.Hidden || v.brief && !v.Links.Hidden // “Why?” shows it, too
}

// SetBrief leaves out advice where a link says the same.
func (v *Verdict) SetBrief(brief bool) {
	if v.brief != brief {
		v.brief = brief
		v.showAdvice()
		v.Object.Refresh()
	}
}

// Explain opens the paragraph behind the verdict, if there is one yet.
func (v *Verdict) Explain() {
	text := v.words.Why()
	if text == "" {
		return
	}
	if v.words.Advice != "" {
		text += "\n\n" + v.words.Advice
	}
	v.explain(v.words.Title, v.words.Sentence+"\n\n"+text)
}
