package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sealedroom/inspector"
	"sealedroom/ui/theme"
)

// doorsPane lists the doors: shut, tried at a line, or open. The paragraph of
// the one that is chosen stands below.
type doorsPane struct {
	object fyne.CanvasObject
	list   *widget.List
	why    *widget.Label
	doors  []inspector.Door
	chosen string
}

func newDoorsPane() *doorsPane {
	p := &doorsPane{why: widget.NewLabel("Choose a door to read what it would let in.")}
	p.why.Wrapping = fyne.TextWrapWord
	p.list = widget.NewList(
		func() int { return len(p.doors) },
		func() fyne.CanvasObject {
			return container.NewBorder(nil, nil, nil, theme.NewLabel(theme.Caption, theme.RoleMuted, ""), theme.Cut(theme.Code, theme.RoleText, ""))
		},
		func(i widget.ListItemID, o fyne.CanvasObject) {
			row := o.(*fyne.Container)
			d := p.doors[i]
			role, mark, state := theme.RoleMuted, "▢ ", "shut"
			switch d.State {
			case inspector.DoorTried:
				role, mark, state = theme.RoleRed, "▣ ", fmt.Sprintf("tried ×%d", d.Count)
				if d.Line > 0 {
					state += fmt.Sprintf(", first at line %d", d.Line)
				}
			case inspector.DoorOpen:
				role, mark, state = theme.RoleGreen, "△ ", "open: its switch is on"
			}
			row.Objects[0].(*theme.Label).Set(role, mark+inspector.Line(d.Name))
			row.Objects[1].(*theme.Label).Set(role, state)
			row.Refresh()
		},
	)
	p.list.OnSelected = func(i widget.ListItemID) { p.explain(p.doors[i]) }
	p.object = container.NewVSplit(p.list, container.NewVScroll(inset(p.why, 8, 8)))
	p.object.(*container.Split).Offset = 0.72
	return p
}

func (p *doorsPane) explain(d inspector.Door) {
	p.chosen = d.Name
	p.why.SetText(inspector.Line(d.Name) + ": " + d.Why)
}

// choose shows a door's paragraph.
func (p *doorsPane) choose(name string) {
	for i, d := range p.doors {
		if d.Name == name {
			p.list.Select(i)
			p.explain(d)
		}
	}
}

func (p *doorsPane) show(s *inspector.State) {
	p.doors = s.Doors()
	p.list.Refresh()
}

// tried counts the doors that were tried.
func (p *doorsPane) tried() int {
	n := 0
	for _, d := range p.doors {
		if d.State == inspector.DoorTried {
			n++
		}
	}
	return n
}
