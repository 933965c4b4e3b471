package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// ---- the top -----------------------------------------------------------------------

func (w *window) topBar() fyne.CanvasObject {
	bar := container.New(&topBar{w}, w.brand, w.picked, w.run, w.halt, w.walk.object, w.tools)
	return container.NewStack(theme.NewFill(theme.RolePanel, nil, 0), box.Inset(bar, 8, 7))
}

// The heights in the bar, and the most that the scenario's name gets: all titles
// of the app's own fit, and Run stays where it is when another one is opened.
const (
	barHeight  = 32
	walkHeight = 28
	nameWidth  = 430
)

// topBar lays out the top: run and stop always, the scenario's name as far as
// there is room, and the rest in the order in which it is missed least.
type topBar struct{ w *window }

func (t *topBar) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	w, gap := t.w, theme.Scaled(8)
	least := func(o fyne.CanvasObject) float32 { return o.MinSize().Width + gap }
	room := size.Width - least(w.run) - least(w.halt) - least(w.picked)
	take := func(width float32) float32 {
		if room < width {
			return 0
		}
		room -= width
		return width
	}
	tools, steps := take(least(w.tools)), float32(0)
	if w.walk.on {
		steps = take(least(w.walk.object))
	}
	wanted := max(0, theme.Scaled(nameWidth)-w.picked.MinSize().Width)
	brand := float32(0)
	if need := least(w.brand); room >= need+min(wanted, theme.Scaled(160)) {
		brand = take(need)
	}
	picked := least(w.picked) + min(wanted, room)
	x := float32(0)
	place := func(o fyne.CanvasObject, width, height float32) {
		o.Hide()
		if width > 0 {
			o.Show()
		}
		height = min(height, size.Height)
		o.Move(fyne.NewPos(x, (size.Height-height)/2))
		o.Resize(fyne.NewSize(max(0, width-gap), height))
		x += width
	}
	place(w.brand, brand, size.Height)
	place(w.picked, picked, size.Height)
	place(w.run, least(w.run), size.Height)
	place(w.halt, least(w.halt), size.Height)
	x = size.Width + gap - tools - steps
	place(w.walk.object, steps, theme.Scaled(walkHeight))
	place(w.tools, tools, size.Height)
}

func (t *topBar) MinSize([]fyne.CanvasObject) fyne.Size {
	w, size := t.w, fyne.NewSize(0, theme.Scaled(barHeight))
	for _, o := range []fyne.CanvasObject{w.picked, w.run, w.halt} {
		size.Width += o.MinSize().Width + theme.Scaled(8)
		size.Height = max(size.Height, o.MinSize().Height)
	}
	return size
}

// ---- next and back -------------------------------------------------------------------

// walk leads to the scenario before and to the one behind; behind the last it
// leads on to what comes after the row.
type walk struct {
	object     *fyne.Container
	back, next *control.Button
	place      *theme.Label
	on         bool // there is a row to walk along
}

func newWalk(back, next func()) *walk {
	s := &walk{back: control.NewButton("‹", back), next: control.NewButton("›", next), place: theme.NewLabel(theme.Body, theme.RoleText, "")}
	s.back.Importance, s.next.Importance = widget.LowImportance, widget.LowImportance
	s.back.Tip, s.next.Tip = "Back (Alt+Left)", "Next (Alt+Right)"
	s.object = container.NewStack(theme.NewFill(theme.RoleRaised, theme.RoleLine, 5), container.NewHBox(s.back, s.place, s.next))
	s.object.Hide()
	return s
}

func (s *walk) hide() {
	s.on = false
	s.object.Hide()
}

// show tells of a place, from 0, in a row of so many.
func (s *walk) show(at, of int) {
	if at < 0 {
		s.hide()
		return
	}
	s.place.SetText(fmt.Sprintf("%d of %d", at+1, of))
	if at > 0 {
		s.back.Enable()
	} else {
		s.back.Disable()
	}
	s.on = true
	s.object.Show()
	s.object.Refresh()
}
