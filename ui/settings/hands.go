package settings

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector/session"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/panes"
	"sealedroom/ui/theme"
)

// Hands gives the next guest native hands, and says which walls it is left.
// Nothing of it is kept: another guest finds it off, and every wall up.
type Hands struct {
	Object  *fyne.Container
	Warning *widget.Label
	changed func() // is called after each change a person made

	setup *session.Setup
	names []string // of the walls that can be left out
	walls []*control.Toggle
	off   *control.Button
	edge  *theme.Fill
}

// whyNoGrants stands in place of the grants while the guest has native hands.
const whyNoGrants = "Native hands go with no grants and no secrets, so that nothing stands behind a wall but things made for the run."

func newHands(setup *session.Setup, changed func()) *Hands {
	h := &Hands{changed: changed, setup: setup, names: engine.RemovableWalls(), edge: theme.NewFill(theme.RoleGround, theme.RoleLine, 5), Warning: control.NewText(widget.LowImportance)}
	h.Warning.SizeName = fynetheme.SizeNameCaptionText
	column := container.New(box.Tight{})
	for _, name := range h.names {
		toggle := control.NewToggle(name, func(bool) {
			h.show()
			h.changed()
		})
		toggle.Set(true)
		h.walls = append(h.walls, toggle)
		column.Add(toggle)
	}
	h.off = control.NewButton("No native hands", func() {
		h.give(false)
		h.changed()
	})
	why := control.NewText(widget.MediumImportance)
	why.SizeName = fynetheme.SizeNameCaptionText
	why.SetText(whyNoGrants)
	h.Object = container.New(box.Tight{}, section("NATIVE HANDS"), container.NewStack(h.edge, box.Inset(container.New(box.Tight{}, column, h.Warning), 5, 3)), why, box.Inset(h.off, 0, 4))
	h.show()
	return h
}

// give gives the next guest native hands, or takes them away. Every wall is up
// then.
func (h *Hands) give(on bool) {
	h.setup.Native = on
	for _, toggle := range h.walls {
		toggle.Set(true)
	}
	h.show()
}

func (h *Hands) show() {
	h.setup.Without = nil
	for i, toggle := range h.walls {
		if h.setup.Native && !toggle.On() {
			h.setup.Without = append(h.setup.Without, h.names[i])
		}
	}
	h.Object.Hidden = !h.setup.Native
	h.edge.Set(theme.RoleGround, theme.RoleLine)
	importance, text := widget.LowImportance, "Every wall is up. The guest gets an object named native, which makes real system calls from a worker of its own."
	if out := h.setup.Without; len(out) > 0 {
		h.edge.Set(theme.RoleRedTint, theme.RoleRed)
		importance, text = widget.DangerImportance, panes.WallsOff(out)+". Only things made for the run stand behind it."
	}
	if h.Warning.Text != text {
		h.Warning.Importance = importance
		h.Warning.SetText(text)
	}
	h.Object.Refresh()
}

func (h *Hands) has(focused fyne.Focusable) bool {
	return focused == fyne.Focusable(h.off) || slices.ContainsFunc(h.walls, func(t *control.Toggle) bool { return focused == fyne.Focusable(t) })
}
