package ui

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sealedroom/inspector"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// doorsPane shows the doors as chips: shut and why, tried at a line, or open. The
// paragraph of the one that is chosen stands below.
type doorsPane struct {
	object fyne.CanvasObject
	grid   *control.Grid
	why    *widget.Label
	doors  []inspector.Door
	chosen bool // a door, by the person
}

func newDoorsPane() *doorsPane {
	p := &doorsPane{why: widget.NewLabel("Choose a door to read what it would let in.")}
	p.why.Wrapping = fyne.TextWrapWord
	p.grid = control.NewGrid(
		func() int { return len(p.doors) },
		func() fyne.CanvasObject { return newChip() },
		func(i int, o fyne.CanvasObject) { o.(*chip).set(p.doors[i]) },
	)
	p.grid.OnSelected = func(i int) {
		p.chosen = true
		p.explain(p.doors[i])
	}
	split := container.NewVSplit(inset(p.grid, 8, 6), container.NewVScroll(inset(p.why, 8, 4)))
	split.Offset = 0.7
	p.object = split
	return p
}

// chip is one door.
type chip struct {
	widget.BaseWidget
	ground      *theme.Fill
	name, state *theme.Label
}

func newChip() *chip {
	c := &chip{
		ground: theme.NewFill(theme.RolePanel, theme.RoleLine, 5),
		name:   theme.Cut(theme.Code, theme.RoleText, ""), state: theme.Cut(theme.Caption, theme.RoleMuted, ""),
	}
	c.ExtendBaseWidget(c)
	return c
}

func (c *chip) set(d inspector.Door) {
	switch d.State {
	case inspector.DoorTried:
		state := fmt.Sprintf("tried ×%d", d.Count)
		if d.Line > 0 {
			state = fmt.Sprintf("tried at line %d", d.Line)
			if d.Count > 1 {
				state += fmt.Sprintf(", ×%d in all", d.Count)
			}
		}
		c.ground.Set(theme.RoleRedTint, theme.RoleRed)
		c.name.Set(theme.RoleRed, "▣ "+inspector.Line(d.Name))
		c.state.Set(theme.RoleRed, state)
	case inspector.DoorOpen:
		c.ground.Set(theme.RoleGreenTint, theme.RoleGreen)
		c.name.Set(theme.RoleGreen, "△ "+inspector.Line(d.Name))
		c.state.Set(theme.RoleGreen, opened(d))
	default:
		c.ground.Set(theme.RolePanel, theme.RoleLine)
		c.name.Set(theme.RoleText, "▢ "+inspector.Line(d.Name))
		c.state.Set(theme.RoleMuted, d.Absence)
	}
}

func opened(d inspector.Door) string {
	if strings.HasPrefix(d.Control, "grant.") {
		return "open: you granted it"
	}
	return "open: you switched it on"
}

func (c *chip) MinSize() fyne.Size {
	c.ExtendBaseWidget(c)
	return fyne.NewSize(theme.Scaled(168), theme.Scaled(48))
}

func (c *chip) CreateRenderer() fyne.WidgetRenderer {
	words := container.New(tight{}, c.name, c.state)
	return widget.NewSimpleRenderer(container.NewStack(c.ground, inset(words, 9, 5)))
}

func (p *doorsPane) explain(d inspector.Door) {
	p.why.SetText(inspector.Line(d.Name) + ": " + d.Why)
}

// choose shows a door's paragraph.
func (p *doorsPane) choose(name string) {
	for i, d := range p.doors {
		if inspector.Line(d.Name) == name {
			p.grid.Select(i)
			p.explain(d)
		}
	}
}

func (p *doorsPane) show(doors []inspector.Door) {
	if slices.Equal(doors, p.doors) {
		return
	}
	p.doors = doors
	p.grid.Refresh()
	if tried := slices.IndexFunc(doors, func(d inspector.Door) bool { return d.State == inspector.DoorTried }); tried >= 0 && !p.chosen {
		p.grid.Select(tried)
		p.chosen = false // by the person
	}
}

// triedDoors counts the doors that were tried.
func triedDoors(doors []inspector.Door) int {
	n := 0
	for _, d := range doors {
		if d.State == inspector.DoorTried {
			n++
		}
	}
	return n
}
