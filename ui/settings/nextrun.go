package settings

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/inspector/session"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/kit/words"
	"sealedroom/ui/panes"
	"sealedroom/ui/theme"
)

// NextRun says in a line what the next run may use and is granted, next to a
// lesson that leaves no room for the panel.
type NextRun struct {
	Object  fyne.CanvasObject
	what    *theme.Label
	restore *control.Link
	limits  *control.Link
}

// NewNextRun returns the line; its links call restore and limits.
func NewNextRun(restore, limits func()) *NextRun {
	n := &NextRun{what: box.Caption(""), restore: control.NewSmallLink("Restore", restore), limits: control.NewSmallLink("Limits", limits)}
	n.Object = container.NewStack(theme.NewFill(theme.RolePanel, nil, 0),
		container.New(captionRow{}, box.Caption("NEXT RUN"), n.what, n.restore, n.limits))
	return n
}

// captionRow is a caption, a text that gives way, and words to press at the
// end.
type captionRow struct{}

func (captionRow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	pad, right := theme.Scaled(12), size.Width-theme.Scaled(6)
	for i := len(objects) - 1; i >= 2; i-- {
		if objects[i].Visible() {
			width := objects[i].MinSize().Width
			right -= width
			height := objects[i].MinSize().Height
			objects[i].Move(fyne.NewPos(right, (size.Height-height)/2))
			objects[i].Resize(fyne.NewSize(width, height))
		}
	}
	first := objects[0].(*theme.Label)
	width := min(first.NaturalWidth(), max(0, right-pad))
	first.Move(fyne.NewPos(pad, 0))
	first.Resize(fyne.NewSize(width, size.Height))
	at := pad + width + theme.Scaled(10)
	objects[1].Move(fyne.NewPos(at, 0))
	objects[1].Resize(fyne.NewSize(max(0, right-at), size.Height))
}

// MinSize is as high as the captions: words to press bring more room along
// than a line of small text has.
func (captionRow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, objects[0].MinSize().Height+theme.Scaled(12))
}

// Show says a setup. changed says that it is no longer that of its origin, a word
// for where it came from.
func (n *NextRun) Show(s session.Setup, changed bool, origin string) {
	role, text := theme.RoleMuted, described(s)
	if s.Native {
		text = "native hands · " + text
	}
	n.restore.Hide()
	if changed {
		role, text = theme.RoleAmber, text+" · changed from the "+origin
		n.restore.Show()
	}
	if len(s.Without) > 0 {
		role, text = theme.RoleRed, panes.WallsOff(s.Without)+" · "+text
	}
	n.what.Set(role, text)
	n.Object.Refresh()
}

// Said returns what the line says.
func (n *NextRun) Said() string { return n.what.Text }

// described is a setup in a line.
func described(s session.Setup) string {
	l := s.Limits
	parts := []string{engine.FormatSize(l.Memory()), engine.FormatTime(l.Wall())}
	if l.CPU() > 0 {
		parts = append(parts, "CPU "+engine.FormatTime(l.CPU()))
	}
	if l.Calls() > 0 {
		parts = append(parts, words.Plural(l.Calls(), "call"))
	}
	values := l.Switches()
	for _, which := range engine.AllSwitches() {
		if values.On(which) {
			word := "with "
			if which.Removes() {
				word = "without "
			}
			parts = append(parts, word+which.Title())
		}
	}
	if values.Seed != 0 {
		parts = append(parts, fmt.Sprintf("seed %d", values.Seed))
	}
	for _, kind := range engine.Capabilities() {
		if how := s.Grants[kind.Name]; how != bridge.Off {
			text := kind.Name + " " + how.String()
			if slices.Contains(s.AskFirst, kind.Name) {
				text += " (asks first)"
			}
			parts = append(parts, text)
		}
	}
	if s.Profile {
		parts = append(parts, "sampled")
	}
	return strings.Join(parts, " · ")
}

// Worded is what a difference is about, and its two values, in the panel's
// words.
func Worded(d session.Difference) (name, was, is string) {
	if capability, ok := strings.CutPrefix(d.Key, "grant."); ok {
		return capability, d.Was, d.Is
	}
	if capability, ok := strings.CutPrefix(d.Key, "ask."); ok {
		return "asking before " + capability, d.Was, d.Is
	}
	if which, ok := engine.FindSwitch(d.Key); ok {
		if which.Removes() { // the panel shows the opposite
			return which.Title(), d.Is, d.Was
		}
		return which.Title(), d.Was, d.Is
	}
	if limit, ok := engine.FindLimit(d.Key); ok {
		return limit.Title(), d.Was, d.Is
	}
	return d.Key, d.Was, d.Is
}

// NameOf is what the panel calls a control that links name.
func NameOf(key string) string {
	name, _, _ := Worded(session.Difference{Key: key})
	return inspector.Line(name)
}
