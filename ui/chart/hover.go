package chart

import (
	"fmt"
	"image/color"
	"sort"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"sealedroom/ui/theme"
)

// hover reads the chart at a pointer: the time, each figure there, and a
// collection's memory before and after.
type hover struct {
	on     bool
	x      float32
	cursor *canvas.Rectangle
	box    *canvas.Rectangle
	lines  []*canvas.Text
}

const maxLines = 7

func newHover() hover {
	h := hover{cursor: canvas.NewRectangle(color.Transparent), box: canvas.NewRectangle(color.Transparent)}
	for range maxLines {
		h.lines = append(h.lines, theme.Text(theme.Caption, color.Transparent, ""))
	}
	h.box.StrokeWidth, h.box.CornerRadius = 1, 4
	h.hide()
	return h
}

func (h *hover) objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{h.cursor, h.box}
	for _, t := range h.lines {
		objects = append(objects, t)
	}
	return objects
}

func (h *hover) hide() {
	for _, o := range h.objects() {
		o.Hide()
	}
}

var _ desktop.Hoverable = (*Chart)(nil)

// MouseIn implements desktop.Hoverable.
func (c *Chart) MouseIn(e *desktop.MouseEvent) { c.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (c *Chart) MouseMoved(e *desktop.MouseEvent) { c.read(e.Position.X) }

// MouseOut implements desktop.Hoverable.
func (c *Chart) MouseOut() {
	c.hover.on = false
	c.hover.show(c)
}

// Tapped reads the chart where it was touched.
func (c *Chart) Tapped(e *fyne.PointEvent) { c.read(e.Position.X) }

func (c *Chart) read(x float32) {
	c.hover.on, c.hover.x = true, x
	c.hover.show(c)
}

// show puts the reading next to the pointer, or takes it away.
func (h *hover) show(c *Chart) {
	var lines []string
	if h.on {
		lines = c.ReadAt(h.x)
	}
	if len(lines) == 0 {
		h.hide()
		return
	}
	p, a := theme.Now(), c.area()
	pad, width, high := theme.Scaled(8), float32(0), float32(0)
	for i, t := range h.lines {
		t.Hidden = i >= len(lines)
		if t.Hidden {
			continue
		}
		set(t, p.Text, lines[i])
		s := t.MinSize()
		width, high = max(width, s.Width), s.Height
	}
	size := fyne.NewSize(width+2*pad, high*float32(len(lines))+pad)
	x := h.x + pad
	if x+size.Width > a.right {
		x = max(a.left, h.x-pad-size.Width)
	}
	y := a.top + theme.Scaled(2)
	h.box.FillColor, h.box.StrokeColor = p.Panel, p.Line
	h.box.Move(fyne.NewPos(x, y))
	h.box.Resize(size)
	h.cursor.FillColor = p.Muted
	h.cursor.Move(fyne.NewPos(h.x, a.top))
	h.cursor.Resize(fyne.NewSize(1, a.bottom+theme.Scaled(laneGap+laneHeight)-a.top))
	for i, t := range h.lines {
		t.Move(fyne.NewPos(x+pad, y+pad/2+high*float32(i)))
	}
	for _, o := range []*canvas.Rectangle{h.cursor, h.box} {
		o.Show()
		o.Refresh()
	}
}

// ReadAt returns what the chart shows at a place, line by line; nothing where no
// reading is.
func (c *Chart) ReadAt(x float32) []string {
	a, points := c.area(), c.data.Points
	if x < a.left || x > a.right || len(points) == 0 || a.right <= a.left {
		return nil
	}
	until := max(c.data.Until, minSpan)
	at := time.Duration(float64(until) * float64((x-a.left)/(a.right-a.left)))
	i := sort.Search(len(points), func(i int) bool { return points[i].At > at })
	v8 := nearest(points, i, at, func(p Point) bool { return p.V8 })
	process := nearest(points, i, at, func(p Point) bool { return p.Process > 0 })
	lines := []string{"at " + timeLabel(at, min(until, time.Second))}
	if v8 != nil {
		lines = append(lines, "used heap "+sized(v8.Used))
		if v8.External > 0 {
			lines = append(lines, "external "+sized(v8.External), "together "+sized(v8.Used+v8.External))
		}
	}
	if committed := nearest(points, i, at, func(p Point) bool { return p.Committed > 0 }); committed != nil {
		lines = append(lines, "committed "+sized(committed.Committed))
	}
	if process != nil {
		lines = append(lines, "process growth "+sized(max(0, process.Process-c.data.Base)))
	}
	if m := c.markAt(a, x); m != nil {
		text := fmt.Sprintf("%s: %s to %s", m.Kind, sized(m.Before), sized(m.After))
		if m.Count > 1 {
			text = fmt.Sprintf("%d × %s", m.Count, text)
		}
		lines = append(lines, text+", "+timeLabel(m.Took, m.Took))
	}
	return lines[:min(len(lines), maxLines)]
}

// nearest is the point of a kind that is nearest to a moment, which points from
// i on are after.
func nearest(points []Point, i int, at time.Duration, is func(Point) bool) *Point {
	var best *Point
	for b := i - 1; b >= 0; b-- {
		if is(points[b]) {
			best = &points[b]
			break
		}
	}
	for f := i; f < len(points); f++ {
		if is(points[f]) {
			if best == nil || points[f].At-at < at-best.At {
				best = &points[f]
			}
			break
		}
	}
	return best
}

// markAt is the collection under a pointer; a diamond before a tick.
func (c *Chart) markAt(a area, x float32) *Mark {
	var best *Mark
	reach := theme.Scaled(5)
	for i := range c.data.Marks {
		m := &c.data.Marks[i]
		away := abs(a.x(m.At, c.data.Until) - x)
		if away > reach {
			continue
		}
		if best == nil || m.Major && !best.Major || m.Major == best.Major && away < abs(a.x(best.At, c.data.Until)-x) {
			best = m
		}
	}
	return best
}
