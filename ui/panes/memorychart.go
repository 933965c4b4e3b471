package panes

import (
	"sealedroom/ui/kit/words"

	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/chart"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// MemoryChart is the chart of a run's memory with its figures above and below.
type MemoryChart struct {
	Object        fyne.CanvasObject
	Chart         *chart.Chart
	heap, peaks   *theme.Label
	growth        *theme.Label
	scale         *control.Link // goes between the two ends of the axis
	drawn         seen
	limitOfTheRun int64
}

func newMemoryChart() *MemoryChart {
	m := &MemoryChart{Chart: chart.New(), heap: box.Caption(""), peaks: box.Caption(""), growth: theme.Cut(theme.Caption, theme.RoleAmber, "")}
	m.scale = control.NewSmallLink("Fit to the data", m.rescale)
	m.Object = container.NewBorder(nil, container.New(scaleRow{}, m.growth, m.scale), nil, nil, box.Pane(m.heap, m.peaks, m.Chart))
	return m
}

// scaleRow is the line below the chart: a text, and a link at its right end.
type scaleRow struct{}

func (scaleRow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	text, link := objects[0], objects[1]
	width, high, pad := link.MinSize().Width, link.MinSize().Height, theme.Scaled(12)
	link.Resize(fyne.NewSize(width, high))
	link.Move(fyne.NewPos(max(0, size.Width-width-theme.Scaled(8)), (size.Height-high)/2))
	text.Resize(fyne.NewSize(max(0, size.Width-width-2*pad), size.Height))
	text.Move(fyne.NewPos(pad, 0))
}

func (scaleRow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(160), theme.Scaled(18))
}

func (m *MemoryChart) rescale() {
	if m.Chart.Fits() {
		m.Chart.SetScale(chart.ToLimit)
	} else {
		m.Chart.SetScale(chart.ToData)
	}
	m.nameScale()
}

// nameScale says what the link would do.
func (m *MemoryChart) nameScale() {
	text := "Fit to the data"
	if m.Chart.Fits() {
		text = "Up to the limit"
	}
	if m.scale.Text != text {
		m.scale.SetText(text)
	}
}

// draw draws the lines. Where nothing runs they are to the limits of the next
// run.
func (m *MemoryChart) draw(s *inspector.State, next engine.Limits) {
	limit := next.Memory()
	if s.Started != nil {
		limit = s.Started.Limits.Memory()
	}
	other := m.drawn.version.Run != s.Version.Run
	if !m.drawn.changed(s) && limit == m.limitOfTheRun {
		return
	}
	m.limitOfTheRun = limit
	m.Chart.Set(ChartData(s, limit), other)
	m.nameScale()
}

// show writes the figures as well. Their names are those of the chart's legend.
func (m *MemoryChart) show(s *inspector.State, next engine.Limits) {
	m.draw(s, next)
	used, external := int64(0), int64(0)
	for i := len(s.Heap) - 1; i >= 0; i-- {
		if h := s.Heap[i]; h.V8 {
			used, external = h.Used, h.External
			break
		}
	}
	now := "USED HEAP " + words.Sized(used)
	if s.PeakExternal > 0 {
		now += " + EXTERNAL " + words.Sized(external)
	}
	m.heap.SetText(now + " OF " + words.Sized(m.limitOfTheRun))
	if width := m.Object.Size().Width; width > 0 && m.heap.NaturalWidth() > width-theme.Scaled(24+12) {
		m.heap.SetText(now) // the limit is in the chart
	}
	m.showPeaks("PEAK "+words.Sized(s.PeakHeap), collections(s.GCCount))
	growth := ""
	if rate, left, ok := s.Growth(); ok && s.Running() {
		growth = fmt.Sprintf("▲ growing %s a second · limit in %s", words.Sized(int64(rate)), words.About(left))
	}
	m.growth.SetText(growth)
}

// showPeaks writes the peak, and the collections where there is room for both
// next to the current figures.
func (m *MemoryChart) showPeaks(peak, collections string) {
	room := m.Object.Size().Width - theme.Scaled(36) - m.heap.NaturalWidth()
	for _, text := range []string{peak + " · " + collections, peak, ""} {
		m.peaks.SetText(text)
		if m.Object.Size().Width == 0 || m.peaks.NaturalWidth() <= room {
			return
		}
	}
}

func collections(n int) string {
	if n == 1 {
		return "1 GC"
	}
	return words.Grouped(n) + " GCS"
}

// ChartData is what the chart of a run shows, under a memory limit in bytes.
func ChartData(s *inspector.State, limit int64) chart.Data {
	data := chart.Data{Limit: float64(limit), Until: max(s.Now, s.Span)}
	series := s.Series()
	data.Points = make([]chart.Point, len(series))
	for i, h := range series {
		data.Points[i] = chart.Point{
			At: h.At, V8: h.V8, Used: float64(h.Used), Committed: float64(h.Committed),
			External: float64(h.External), Process: float64(h.Process),
		}
		if data.Base == 0 {
			data.Base = float64(h.Process)
		}
	}
	data.Marks = make([]chart.Mark, len(s.GCs))
	for i, g := range s.GCs {
		data.Marks[i] = chart.Mark{
			At: g.At, Took: g.Took, Kind: g.Kind, Major: g.Kind != "scavenge", Count: g.Count,
			Before: float64(g.Before), After: float64(g.After),
		}
	}
	return data
}

// seen is which version of a state a part of the window shows.
type seen struct {
	version inspector.Version
	any     bool
}

// changed says whether this is another, and takes note of it.
func (s *seen) changed(state *inspector.State) bool {
	if s.any && s.version == state.Version {
		return false
	}
	s.version, s.any = state.Version, true
	return true
}
