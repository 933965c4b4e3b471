package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// memoryPane lists V8's heap spaces and the garbage collections.
type memoryPane struct {
	object fyne.CanvasObject
	list   *control.List
	spaces []engine.Space
	gcs    []engine.GC
	count  int // of collections, as shown
	head   string
	total  string
}

func newMemoryPane() *memoryPane {
	p := &memoryPane{}
	p.list = control.NewList(
		func() int { return len(p.spaces) + len(p.gcs) + 2 },
		func() fyne.CanvasObject {
			return container.NewGridWithColumns(3, theme.Cut(theme.SmallCode, theme.RoleText, ""), theme.Cut(theme.SmallCode, theme.RoleText, ""), theme.Cut(theme.SmallCode, theme.RoleMuted, ""))
		},
		func(i int, o fyne.CanvasObject) {
			cells := p.row(i)
			for c, cell := range o.(*fyne.Container).Objects {
				role := theme.RoleText
				if i == 0 || i == len(p.spaces)+1 {
					role = theme.RoleTeal
				}
				cell.(*theme.Label).Set(role, cells[c])
			}
		})
	p.object = inset(p.list, 10, 4)
	return p
}

func (p *memoryPane) row(i int) [3]string {
	switch n := len(p.spaces); {
	case i == 0:
		return [3]string{p.head, "used", "committed"}
	case i <= n:
		space := p.spaces[i-1]
		return [3]string{space.Name, sized(space.Used), sized(space.Committed)}
	case i == n+1:
		return [3]string{plural(p.count, "garbage collection"), "before and after", p.total + " in all"}
	case i-n-2 < len(p.gcs):
		g := p.gcs[i-n-2]
		name := g.Kind
		if g.Count > 1 {
			name += fmt.Sprintf(" ×%d", g.Count)
		}
		return [3]string{
			fmt.Sprintf("%.1f ms %s", float64(g.At.Microseconds())/1000, name),
			sized(g.Before) + " to " + sized(g.After), timed(g.Took),
		}
	}
	return [3]string{}
}

func (p *memoryPane) show(s *inspector.State) {
	head, spaces := "heap spaces at the end", []engine.Space(nil)
	if s.Ended != nil && len(s.Ended.Spaces) > 0 {
		head, spaces = "heap space", s.Ended.Spaces
	}
	if head == p.head && s.GCCount == p.count && len(spaces) == len(p.spaces) {
		return
	}
	p.head, p.spaces, p.gcs, p.count, p.total = head, spaces, s.GCs, s.GCCount, timed(s.GCTime)
	p.list.Refresh()
}
