package panes

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// Doors shows the doors as chips: shut, tried at a line, or open. The
// paragraph of the one that is chosen stands right below.
type Doors struct {
	Object fyne.CanvasObject
	Grid   *control.Grid
	Why    *widget.Label
	doors  []inspector.Door
	chosen bool   // a door, by the person
	shown  string // the door that the paragraph is about
}

func newDoorsPane() *Doors {
	p := &Doors{Why: widget.NewLabel("Choose a door to read what it would let in.")}
	p.Why.Wrapping = fyne.TextWrapWord
	p.Grid = control.NewGrid(
		func() int { return len(p.doors) },
		func() fyne.CanvasObject { return newChip() },
		func(i int, o fyne.CanvasObject) { o.(*chip).set(p.doors[i], p.doors[i].Name == p.shown) },
	)
	p.Grid.OnSelected = func(i int) {
		p.chosen = true
		p.explain(p.doors[i])
	}
	p.Object = container.New(box.ListAbove{Need: p.height}, box.Inset(p.Grid, 8, 6),
		container.NewVScroll(box.Inset(container.NewStack(theme.NewFill(theme.RolePanel, theme.RoleLine, 5), box.Inset(p.Why, 4, 2)), 12, 4)))
	return p
}

// height is what all chips need.
func (p *Doors) height(width float32) float32 {
	size, pad := chipSize(), fynetheme.Padding()
	across := max(1, int((width-theme.Scaled(16)+pad)/(size.Width+pad)))
	down := (len(p.doors) + across - 1) / across
	return float32(down)*(size.Height+pad) + theme.Scaled(12)
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

// set shows a door; the one that is chosen is marked.
func (c *chip) set(d inspector.Door, chosen bool) {
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
	if chosen {
		c.ground.Set(theme.RoleTealTint, theme.RoleTeal)
		c.name.Set(c.name.Role, "▸ "+c.name.Text)
	}
}

func opened(d inspector.Door) string {
	if strings.HasPrefix(d.Control, "grant.") {
		return "open: you granted it"
	}
	return "open: you switched it on"
}
func chipSize() fyne.Size { return fyne.NewSize(theme.Scaled(168), theme.Scaled(48)) }

func (c *chip) MinSize() fyne.Size {
	c.ExtendBaseWidget(c)
	return chipSize()
}

func (c *chip) CreateRenderer() fyne.WidgetRenderer {
	words := container.New(box.Tight{}, c.name, c.state)
	return widget.NewSimpleRenderer(container.NewStack(c.ground, box.Inset(words, 9, 5)))
}

func (p *Doors) explain(d inspector.Door) {
	p.shown = d.Name
	p.Why.SetText(inspector.Line(d.Name) + ": " + d.Why)
	p.Grid.Refresh()
	p.Object.Refresh()
}

// choose shows a door's paragraph.
func (p *Doors) choose(name string) {
	for i, d := range p.doors {
		if inspector.Line(d.Name) == name {
			p.Grid.Select(i)
			p.explain(d)
		}
	}
}

func (p *Doors) show(doors []inspector.Door) {
	if slices.Equal(doors, p.doors) {
		return
	}
	p.doors = doors
	p.Grid.Refresh()
	p.Object.Refresh()
	if tried := slices.IndexFunc(doors, func(d inspector.Door) bool { return d.State == inspector.DoorTried }); tried >= 0 && !p.chosen {
		p.Grid.Select(tried)
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
