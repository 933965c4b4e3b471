package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/ui/control"
	"sealedroom/ui/room"
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
	h := &handsPanel{changed: changed, names: engine.RemovableWalls(), edge: theme.NewFill(theme.RoleGround, theme.RoleLine, 5), warning: sentence(widget.LowImportance)}
	h.warning.SizeName = fynetheme.SizeNameCaptionText
	column := container.New(tight{})
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
	why := sentence(widget.MediumImportance)
	why.SizeName = fynetheme.SizeNameCaptionText
	why.SetText(whyNoGrants)
	h.object = container.New(tight{}, section("NATIVE HANDS"), container.NewStack(h.edge, inset(container.New(tight{}, column, h.warning), 5, 3)), why, inset(h.off, 0, 4))
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
		importance, text = widget.DangerImportance, wallsOff(out)+". Only things made for the run stand behind it."
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

// wallsOff says which walls are off; "" where all are up.
func wallsOff(out []string) string {
	switch len(out) {
	case 0:
		return ""
	case 1:
		return "▲ 1 wall is off: " + inspector.Line(out[0])
	}
	return "▲ " + grouped(len(out)) + " walls are off: " + inspector.Line(strings.Join(out, ", "))
}

// without lists the walls that were left out for a run.
func without(s *inspector.State) []string {
	if s.Started == nil || s.Started.Breach == nil {
		return nil
	}
	return s.Started.Breach.Without
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
		w.run.Importance, w.run.Text = widget.DangerImportance, "Run, "+grouped(len(out))+" walls off"
	}
	w.run.Refresh()
	w.limits.object.Refresh()
	w.inspector.breach = h.breach()
	w.limitsChanged()
	w.window.Content().Refresh()
	w.setMenu()
}

// showSwitches has the switches of the walls in sight.
func (w *window) showSwitches() {
	if w.hidden("Limits") {
		w.showLimits(true)
	}
}

// ringRank orders the walls from the outermost in: the host's, what the kernel
// asks about what a call is for, and innermost the filter that every call meets
// first.
var ringRank = []string{engine.WallThreadCount, "memory-limit", "no-new-privs", "capabilities", "landlock", "rlimit", "descriptors", "seccomp"}

// ringsOf are the walls of a run with native hands, and its last attempt. Before
// its worker has named them, they are those that there is a switch for.
func ringsOf(s *inspector.State, breach *engine.Breach) room.RingsData {
	names := engine.RemovableWalls()
	if s.Started != nil {
		names = append(engine.WallNames(s.Started.Walls), breach.Without...)
	}
	slices.SortStableFunc(names, func(a, b string) int { return slices.Index(ringRank, a) - slices.Index(ringRank, b) })
	var data room.RingsData
	for _, name := range slices.Compact(names) {
		data.Walls = append(data.Walls, room.Wall{Name: inspector.Line(name), Out: slices.Contains(breach.Without, name)})
	}
	if n := len(s.Hands); n > 0 {
		a := s.Hands[n-1]
		data.Last = room.Attempt{Words: inspector.Line(a.Name) + ", " + inspector.DescribeAttempt(a), By: a.By, Worked: a.Worked}
	}
	return data
}

// ---- what native hands did ---------------------------------------------------------

// nativeHands is what the guest calls the object with the hands.
const nativeHands = "native"

// attemptsOf are the uses of native hands, as calls: so they are listed, filtered
// and opened like those of the teller window.
func attemptsOf(s *inspector.State) []inspector.Call {
	out := make([]inspector.Call, 0, len(s.Hands))
	for _, a := range s.Hands {
		c := inspector.Call{}
		c.At, c.N, c.Capability, c.Method, c.Line, c.Column = a.At, a.N, nativeHands, a.Name, a.Line, a.Column
		c.Args, c.Answer, c.Code, c.Logged, c.Times = a.Target, a.Answer, a.By, inspector.DescribeAttempt(a), 1
		switch {
		case a.Worked:
			c.Decision = bridge.Allowed
		case a.Held:
			c.Decision = bridge.Denied
		default:
			c.Decision = bridge.Failed
		}
		out = append(out, c)
	}
	return out
}

// heldOrFell is how the end of an attempt is shown.
func heldOrFell(c inspector.Call) decision {
	switch {
	case c.Decision == bridge.Allowed:
		return decision{"✗", "worked", theme.RoleRed}
	case c.Code == engine.ByHands:
		return decision{"–", "not tried", theme.RoleMuted}
	case c.Decision == bridge.Denied && c.Code != "":
		return decision{"✓", "held by " + inspector.Line(c.Code), theme.RoleGreen}
	case c.Decision == bridge.Denied:
		return decision{"✓", "held", theme.RoleGreen}
	}
	return decision{"!", "failed", theme.RoleAmber}
}
