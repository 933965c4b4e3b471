package library

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// Walk leads to the scenario before and to the one behind; behind the last it
// leads on to what comes after the row.
type Walk struct {
	Object     *fyne.Container
	Back, Next *control.Button
	place      *theme.Label
	On         bool // there is a row to walk along
}

func newWalk(back, next func()) *Walk {
	s := &Walk{Back: control.NewButton("‹", back), Next: control.NewButton("›", next), place: theme.NewLabel(theme.Body, theme.RoleText, "")}
	s.Back.Importance, s.Next.Importance = widget.LowImportance, widget.LowImportance
	s.Back.Tip, s.Next.Tip = "Back (Alt+Left)", "Next (Alt+Right)"
	s.Object = container.NewStack(theme.NewFill(theme.RoleRaised, theme.RoleLine, 5), container.NewHBox(s.Back, s.place, s.Next))
	s.Object.Hide()
	return s
}

func (s *Walk) hide() {
	s.On = false
	s.Object.Hide()
}

// show draws a place, from 0, in a row of n.
func (s *Walk) show(at, of int) {
	if at < 0 {
		s.hide()
		return
	}
	s.place.SetText(fmt.Sprintf("%d of %d", at+1, of))
	if at > 0 {
		s.Back.Enable()
	} else {
		s.Back.Disable()
	}
	s.On = true
	s.Object.Show()
	s.Object.Refresh()
}
