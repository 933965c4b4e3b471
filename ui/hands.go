package ui

import (
	"sealedroom/ui/kit/words"

	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/panes"
	"sealedroom/ui/theme"
)

// handsPanel gives the next guest native hands, and says which walls it is left.
// Nothing of it is kept: another guest finds it off, and every wall up.
type handsPanel struct {
	object *fyne.Container
	// changed is called after each change a person made.
	changed func()

	on      bool
	names   []string // of the walls that can be left out
	walls   []*control.Toggle
	off     *control.Button
	edge    *theme.Fill
	warning *widget.Label
}

// whyNoGrants stands in place of the grants while the guest has native hands.
const whyNoGrants = "Native hands go with no grants and no secrets, so that nothing stands behind a wall but things made for the run."

func newHandsPanel(changed func()) *handsPanel {
	h := &handsPanel{changed: changed, names: engine.RemovableWalls(), edge: theme.NewFill(theme.RoleGround, theme.RoleLine, 5), warning: control.NewText(widget.LowImportance)}
	h.warning.SizeName = fynetheme.SizeNameCaptionText
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
	h.object = container.New(box.Tight{}, section("NATIVE HANDS"), container.NewStack(h.edge, box.Inset(container.New(box.Tight{}, column, h.warning), 5, 3)), why, box.Inset(h.off, 0, 4))
	h.show()
	return h
}

// give gives the next guest native hands, or takes them away. Every wall is up
// then.
func (h *handsPanel) give(on bool) {
	h.on = on
	for _, toggle := range h.walls {
		toggle.Set(true)
	}
	h.show()
}

// out lists the walls that are off.
func (h *handsPanel) out() []string {
	var out []string
	for i, toggle := range h.walls {
		if h.on && !toggle.On() {
			out = append(out, h.names[i])
		}
	}
	return out
}

// breach is what the next run gets; nil for an ordinary one.
func (h *handsPanel) breach() *engine.Breach {
	if !h.on {
		return nil
	}
	return &engine.Breach{Without: h.out()}
}

func (h *handsPanel) show() {
	h.object.Hidden = !h.on
	h.edge.Set(theme.RoleGround, theme.RoleLine)
	importance, text := widget.LowImportance, "Every wall is up. The guest gets an object named native, which makes real system calls from a worker of its own."
	if out := h.out(); len(out) > 0 {
		h.edge.Set(theme.RoleRedTint, theme.RoleRed)
		importance, text = widget.DangerImportance, panes.WallsOff(out)+". Only things made for the run stand behind it."
	}
	if h.warning.Text != text {
		h.warning.Importance = importance
		h.warning.SetText(text)
	}
	h.object.Refresh()
}

func (h *handsPanel) has(focused fyne.Focusable) bool {
	return focused == fyne.Focusable(h.off) || slices.ContainsFunc(h.walls, func(t *control.Toggle) bool { return focused == fyne.Focusable(t) })
}

// toggleHands gives the next run native hands, with the switches in sight, or
// takes them away.
func (w *window) toggleHands() {
	w.limits.hands.give(!w.limits.hands.on)
	w.handsChanged()
}

// handsChanged shows what the next run is, after a switch was thrown.
func (w *window) handsChanged() {
	h := w.limits.hands
	w.limits.grants.object.Hidden = h.on
	if h.on {
		w.showSwitches()
	}
	out := h.out()
	w.run.Importance, w.run.Text = widget.HighImportance, "Run"
	switch {
	case len(out) == 1:
		w.run.Importance, w.run.Text = widget.DangerImportance, "Run, 1 wall off"
	case len(out) > 1:
		w.run.Importance, w.run.Text = widget.DangerImportance, "Run, "+words.Grouped(len(out))+" walls off"
	}
	w.run.Refresh()
	w.limits.object.Refresh()
	w.inspector.Breach = h.breach()
	w.limitsChanged()
	w.window.Content().Refresh()
	w.setMenu()
}

// showSwitches has the switches of the walls in sight.
func (w *window) showSwitches() {
	if w.hidden(partLimits) {
		w.showLimits(true)
	}
}
