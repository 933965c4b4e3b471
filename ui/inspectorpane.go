package ui

import (
	"cmp"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/chart"
	"sealedroom/ui/room"
	"sealedroom/ui/theme"
)

// inspectorPane is the right side of the window: the verdict, and below it the
// views of a run.
type inspectorPane struct {
	object  fyne.CanvasObject
	verdict *verdict
	picture *room.Picture
	chart   *chart.Chart
	heap    *theme.Label
	peaks   *theme.Label
	growth  *theme.Label
	times   *timeBars
	doors   *doorsPane
	result  *resultPane
	memory  *memoryPane
	startup *startup
	tabs    *container.AppTabs
	doorTab *container.TabItem
}

func newInspectorPane() *inspectorPane {
	p := &inspectorPane{
		verdict: newVerdict(), picture: room.New(), chart: chart.New(),
		heap: caption("HEAP"), peaks: caption(""), growth: theme.Cut(theme.Caption, theme.RoleAmber, ""),
		times: newTimeBars(), doors: newDoorsPane(), result: newResultPane(), memory: newMemoryPane(), startup: newStartup(),
	}
	picture := container.NewVSplit(p.picture, container.NewBorder(nil,
		inset(container.New(tight{}, p.growth, p.times.object), 12, 6), nil, nil, pane(p.heap, p.peaks, p.chart)))
	picture.Offset = 0.46
	p.doorTab = container.NewTabItem("Doors", p.doors.object)
	p.tabs = container.NewAppTabs(
		container.NewTabItem("Room", picture),
		container.NewTabItem("Result", p.result.object),
		p.doorTab,
		container.NewTabItem("Memory", p.memory.object),
		container.NewTabItem("Start-up", p.startup.object),
	)
	p.picture.OnTapped = p.tapped
	p.object = container.NewBorder(inset(p.verdict.object, 10, 8), nil, nil, nil, p.tabs)
	return p
}

// tapped explains a part of the picture.
func (p *inspectorPane) tapped(part room.Part) {
	switch {
	case len(part) > len(room.PartDoor) && part[:len(room.PartDoor)] == room.PartDoor:
		p.tabs.Select(p.doorTab)
		p.doors.choose(string(part[len(room.PartDoor):]))
	case part == room.PartGuest:
		p.tabs.SelectIndex(1)
	case part == room.PartRoom:
		p.tabs.SelectIndex(3)
	default:
		p.tabs.Select(p.doorTab)
	}
}

func (p *inspectorPane) show(s *inspector.State) {
	p.verdict.show(s)
	p.doors.show(s)
	p.showPicture(s)
	p.showChart(s)
	p.times.show(s)
	p.result.show(s)
	p.memory.show(s)
	p.startup.show(s)
	title := "Doors"
	if n := p.doors.tried(); n > 0 {
		title = fmt.Sprintf("Doors %d", n)
	}
	if p.doorTab.Text != title {
		p.doorTab.Text = title
		p.tabs.Refresh()
	}
}

func (p *inspectorPane) showPicture(s *inspector.State) {
	data := room.Data{Running: s.Running()}
	for _, d := range s.Doors() {
		data.Doors = append(data.Doors, room.Door{Name: inspector.Line(d.Name), Count: d.Count, Open: d.State == inspector.DoorOpen})
	}
	if e := s.Ended; e != nil {
		switch e.Outcome {
		case engine.Timeout, engine.ExceededCPU:
			data.Broken = "out of time"
		case engine.ExceededMemory:
			data.Broken = "out of memory"
		case engine.ExceededOutput, engine.ExceededCalls:
			data.Broken = "over its limit"
		case engine.Crashed:
			data.Broken = "its worker died"
		case engine.Canceled:
			data.Broken = "stopped by you"
		}
	}
	p.picture.Set(data)
}

func (p *inspectorPane) showChart(s *inspector.State) {
	data := chart.Data{Limit: engine.DefaultMemory}
	if s.Started != nil {
		data.Limit = float64(s.Started.Limits.Memory())
	}
	data.Until = s.Now
	last := engine.Heap{}
	for _, h := range s.Heap {
		data.Points = append(data.Points, chart.Point{
			At: h.At, V8: h.V8, Used: float64(h.Used), Committed: float64(h.Committed),
			External: float64(h.External), Process: float64(h.Process),
		})
		if data.Base == 0 {
			data.Base = float64(h.Process)
		}
		if h.V8 {
			last = h
		}
	}
	data.Points = withCollections(data.Points, s.GCs)
	for _, g := range s.GCs {
		data.Marks = append(data.Marks, chart.Mark{At: g.At, Major: g.Kind == "mark-compact"})
	}
	p.chart.Set(data)
	p.heap.SetText(fmt.Sprintf("HEAP — %s USED OF %s", engine.FormatSize(last.Used+last.External), engine.FormatSize(int64(data.Limit))))
	p.peaks.SetText(fmt.Sprintf("PEAK %s · EXTERNAL %s · %d GCS", engine.FormatSize(s.PeakUsed), engine.FormatSize(s.PeakExternal), s.GCCount))
	growth := ""
	if rate, wall, ok := s.Growth(); ok && s.Running() {
		growth = fmt.Sprintf("growing %s a second · at its limit in about %s", engine.FormatSize(int64(rate)), engine.FormatTime(wall))
	}
	p.growth.SetText(growth)
}

// withCollections adds what the collections tell of used memory, before and
// after each, where they are not too many to tell apart.
func withCollections(points []chart.Point, gcs []engine.GC) []chart.Point {
	if len(gcs) > 300 {
		return points
	}
	for _, g := range gcs {
		points = append(points, chart.Point{At: g.At, V8: true, Used: float64(g.Before)},
			chart.Point{At: g.At + g.Took, V8: true, Used: float64(g.After)})
	}
	slices.SortStableFunc(points, func(a, b chart.Point) int { return cmp.Compare(a.At, b.At) })
	return points
}

// resultPane shows what the guest returned or threw.
type resultPane struct {
	object fyne.CanvasObject
	head   *theme.Label
	note   *theme.Label
	text   *widget.Label
}

// longestShown keeps a text widget quick; the rest of a result is in the report.
const longestShown = 20_000

func newResultPane() *resultPane {
	p := &resultPane{head: theme.Cut(theme.Bold, theme.RoleText, ""), note: caption(""), text: widget.NewLabel("")}
	p.text.TextStyle.Monospace = true
	p.text.Wrapping = fyne.TextWrapBreak
	p.text.Selectable = true
	p.object = container.NewBorder(inset(container.New(tight{}, p.head, p.note), 12, 8), nil, nil, nil, container.NewVScroll(p.text))
	return p
}

func (p *resultPane) show(s *inspector.State) {
	head, note, text := "No result yet", "", ""
	if e := s.Ended; e != nil {
		switch {
		case e.Result != nil:
			head = e.Result.Type
			note = fmt.Sprintf("%s · reading this ran no guest code", engine.FormatSize(int64(e.Result.Bytes)))
			if e.Result.Truncated {
				note += " · cut"
			}
			text = e.Result.Preview
		case e.Error != nil:
			head = e.Error.Name
			if head == "" {
				head = "thrown: " + e.Error.Type
			}
			note = "phase: " + e.Error.Phase + " · reading this ran no guest code"
			text = e.Error.Message + "\n" + e.Error.Stack
		default:
			head = "No result"
			note = s.Summary()
		}
	}
	p.head.SetText(inspector.Line(head))
	p.note.SetText(note)
	if len(text) > longestShown {
		text = text[:longestShown] + "…"
	}
	if text = inspector.Visible(text); text != p.text.Text {
		p.text.SetText(text)
	}
}

// memoryPane lists V8's heap spaces and the garbage collections.
type memoryPane struct {
	object fyne.CanvasObject
	list   *widget.List
	rows   [][3]string
}

func newMemoryPane() *memoryPane {
	p := &memoryPane{}
	p.list = widget.NewList(func() int { return len(p.rows) },
		func() fyne.CanvasObject {
			return container.NewGridWithColumns(3, theme.Cut(theme.Code, theme.RoleText, ""), theme.Cut(theme.Code, theme.RoleText, ""), theme.Cut(theme.Code, theme.RoleMuted, ""))
		},
		func(i widget.ListItemID, o fyne.CanvasObject) {
			for c, cell := range o.(*fyne.Container).Objects {
				cell.(*theme.Label).SetText(p.rows[i][c])
			}
		})
	p.object = p.list
	return p
}

func (p *memoryPane) show(s *inspector.State) {
	p.rows = p.rows[:0]
	if s.Ended != nil && len(s.Ended.Spaces) > 0 {
		p.rows = append(p.rows, [3]string{"heap space", "used", "committed"})
		for _, space := range s.Ended.Spaces {
			p.rows = append(p.rows, [3]string{space.Name, engine.FormatSize(space.Used), engine.FormatSize(space.Committed)})
		}
		p.rows = append(p.rows, [3]string{})
	}
	p.rows = append(p.rows, [3]string{fmt.Sprintf("%d garbage collections", s.GCCount), "before → after", engine.FormatTime(s.GCTime) + " in all"})
	for _, g := range s.GCs {
		name := g.Kind
		if g.Count > 1 {
			name += fmt.Sprintf(" ×%d", g.Count)
		}
		p.rows = append(p.rows, [3]string{
			fmt.Sprintf("%.1f ms %s", float64(g.At.Microseconds())/1000, name),
			engine.FormatSize(g.Before) + " → " + engine.FormatSize(g.After), engine.FormatTime(g.Took),
		})
	}
	p.list.Refresh()
}
