package panes

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/kit/words"
	"sealedroom/ui/theme"
)

// Memory lists V8's heap spaces and the garbage collections, below the chart
// that they are marked in.
type Memory struct {
	object fyne.CanvasObject
	chart  *MemoryChart
	list   *control.List
	Rows   []MemoryRow
	shown  seen
}

// MemoryRow is a line of the list: a head, or a name and its figures.
type MemoryRow struct {
	Head  bool
	Cells [memoryColumns]string
}

const memoryColumns = 5

// NewMemory returns the pane without a run.
func NewMemory() *Memory {
	p := &Memory{chart: newMemoryChart()}
	p.list = control.NewList(
		func() int { return len(p.Rows) },
		func() fyne.CanvasObject {
			cells := make([]fyne.CanvasObject, memoryColumns)
			for i := range cells {
				cell := theme.Cut(theme.SmallCode, theme.RoleText, "")
				cell.Trailing = i > 0
				cells[i] = cell
			}
			return container.New(memoryRowLayout{}, cells...)
		},
		func(i int, o fyne.CanvasObject) {
			row, role := p.Rows[i], theme.RoleText
			if row.Head {
				role = theme.RoleTeal
			}
			for c, cell := range o.(*fyne.Container).Objects {
				cell.(*theme.Label).Set(role, row.Cells[c])
			}
		})
	split := container.NewVSplit(p.chart.Object, box.Inset(p.list, 10, 4))
	split.Offset = 0.45
	p.object = split
	return p
}

// memoryRowLayout gives the name the room of two figures.
type memoryRowLayout struct{}

func (memoryRowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := size.Width / float32(len(objects)+1)
	x := float32(0)
	for i, o := range objects {
		w := width
		if i == 0 {
			w = 2 * width
		}
		o.Move(fyne.NewPos(x, 0))
		o.Resize(fyne.NewSize(max(0, w-theme.Scaled(4)), size.Height))
		x += w
	}
}

func (memoryRowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(160), objects[0].MinSize().Height)
}

// memoryRows lists what there is; a head without anything below it is left out.
func memoryRows(s *inspector.State) (rows []MemoryRow) {
	head := func(cells ...string) {
		row := MemoryRow{Head: true}
		copy(row.Cells[:], cells)
		rows = append(rows, row)
	}
	line := func(cells ...string) {
		var row MemoryRow
		copy(row.Cells[:], cells)
		rows = append(rows, row)
	}
	if s.Ended != nil && len(s.Ended.Spaces) > 0 {
		head("heap space", "used", "committed")
		for _, space := range s.Ended.Spaces {
			line(space.Name, words.Sized(space.Used), words.Sized(space.Committed))
		}
	}
	if len(s.GCs) > 0 {
		head(words.Plural(s.GCCount, "garbage collection"), "at", "before", "after", "took")
		for _, g := range s.GCs {
			line(gcName(g), words.Timed(g.At), words.Sized(g.Before), words.Sized(g.After), words.Timed(g.Took))
		}
		line("in all", "", "", "", words.Timed(s.GCTime))
	}
	switch {
	case len(rows) > 0:
	case s.Started == nil:
		line("Nothing has run yet.")
	case s.Ended == nil:
		line("No garbage was collected so far.")
	default:
		line("No garbage was collected, and the worker left no account of its heap.")
	}
	return rows
}

func gcName(g engine.GC) string {
	if g.Count > 1 {
		return fmt.Sprintf("%s ×%d", g.Kind, g.Count)
	}
	return g.Kind
}

// Show shows a run's memory; next are the limits of the next run.
func (p *Memory) Show(s *inspector.State, next engine.Limits) {
	p.chart.show(s, next)
	if !p.shown.changed(s) {
		return
	}
	p.Rows = memoryRows(s)
	p.list.Refresh()
}
