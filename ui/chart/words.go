package chart

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"sealedroom/ui/theme"
)

// words are the legend and what is written at the axes.
type words struct {
	limit, end   *canvas.Text
	bytes, times []*canvas.Text
	legend       []*canvas.Text
	legendHeight float32 // that the legend takes, above the plot
}

const maxTicks = 9

func newWords() words {
	text := func() *canvas.Text { return theme.Text(theme.Caption, theme.Now().Muted, "") }
	w := words{limit: text(), end: text()}
	for range maxTicks {
		w.bytes, w.times = append(w.bytes, text()), append(w.times, text())
	}
	for range legend {
		w.legend = append(w.legend, text())
	}
	return w
}

func (w *words) objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{w.limit, w.end}
	for _, list := range [][]*canvas.Text{w.bytes, w.times, w.legend} {
		for _, t := range list {
			objects = append(objects, t)
		}
	}
	return objects
}

// legend names what is drawn, in the order of what matters most. The names are
// those that the window's captions and the lessons use.
var legend = []struct {
	sign, name string
	role       theme.Role
	drawn      func(*Chart) bool
}{
	{"● ", "used heap", theme.RoleTeal, func(*Chart) bool { return true }},
	{"● ", "external", theme.RoleGreen, func(c *Chart) bool { return c.has(func(p Point) bool { return p.External > 0 }) }},
	{"● ", "committed", theme.RoleBlue, func(c *Chart) bool { return c.has(func(p Point) bool { return p.Committed > 0 }) }},
	{"┄ ", "process growth", theme.RoleMuted, func(c *Chart) bool { return c.has(func(p Point) bool { return p.Process > 0 }) }},
	{"▏", "scavenge", theme.RoleViolet, func(c *Chart) bool { return c.marked(false) }},
	{"◆ ", "mark-compact", theme.RoleViolet, func(c *Chart) bool { return c.marked(true) }},
}

func (c *Chart) has(what func(Point) bool) bool {
	for _, p := range c.data.Points {
		if what(p) {
			return true
		}
	}
	return false
}

func (c *Chart) marked(major bool) bool {
	for _, m := range c.data.Marks {
		if m.Major == major {
			return true
		}
	}
	return false
}

// set changes a text; nothing happens where it is as before.
func set(t *canvas.Text, col color.Color, text string) {
	if t.Text == text && t.Color == col && t.TextSize == theme.Scaled(11.5) {
		return
	}
	theme.Restyle(t, theme.Caption, col)
	t.Text = text
	t.Refresh()
}

func (w *words) layout(c *Chart, size fyne.Size) {
	p := theme.Now()
	w.layoutLegend(c, p, size)
	a := c.area()
	w.layoutLimit(c, p, a)
	ticks, free := c.bytesTicks(), size.Height
	for i, t := range w.bytes {
		t.Hidden = i >= len(ticks)
		if t.Hidden {
			continue
		}
		set(t, p.Muted, bytesLabel(ticks[i], c.top))
		s, y := t.MinSize(), a.y(ticks[i], c.top)
		t.Move(fyne.NewPos(a.left-s.Width-theme.Scaled(5), y-s.Height/2))
		atLimit := c.data.Limit <= c.top && abs(y-a.y(c.data.Limit, c.top)) < s.Height // whose own name is there
		t.Hidden = atLimit || y+s.Height/2 > free
		if !t.Hidden {
			free = y - s.Height/2
		}
	}
	w.layoutTimes(c, p, a)
}

// layoutLimit names the limit at its place. Where the axis ends below it, the
// legend does.
func (w *words) layoutLimit(c *Chart, p theme.Palette, a area) {
	w.limit.Hidden = c.data.Limit <= 0
	if c.data.Limit <= c.top {
		set(w.limit, p.Red, bytesLabel(c.data.Limit, c.top))
		s := w.limit.MinSize()
		w.limit.Move(fyne.NewPos(a.left-s.Width-theme.Scaled(5), a.y(c.data.Limit, c.top)-s.Height/2))
		return
	}
}

func (w *words) layoutTimes(c *Chart, p theme.Palette, a area) {
	below := a.bottom + theme.Scaled(laneGap+laneHeight+2)
	until := max(c.data.Until, minSpan)
	set(w.end, p.Muted, timeLabel(until, until))
	end := a.right - w.end.MinSize().Width
	w.end.Move(fyne.NewPos(end, below))
	ticks, free := timeTicks(until), float32(-1)
	for i, t := range w.times {
		t.Hidden = i >= len(ticks)
		if t.Hidden {
			continue
		}
		set(t, p.Muted, timeLabel(ticks[i], until))
		width, gap := t.MinSize().Width, theme.Scaled(8)
		x := a.x(ticks[i], until) - width/2
		if i == 0 {
			x = a.left
		}
		t.Hidden = x < free || x+width+gap > end
		t.Move(fyne.NewPos(x, below))
		if !t.Hidden {
			free = x + width + gap
		}
	}
}

// layoutLegend writes the names of all that is drawn, from the left, in as many
// rows as they take.
func (w *words) layoutLegend(c *Chart, p theme.Palette, size fyne.Size) {
	left, right, gap := theme.Scaled(marginLegend), size.Width-theme.Scaled(marginRight), theme.Scaled(12)
	x, y, high := left, theme.Scaled(4), float32(0)
	put := func(t *canvas.Text) {
		s := t.MinSize()
		high = s.Height
		if x > left && x+s.Width > right {
			x, y = left, y+high
		}
		t.Move(fyne.NewPos(x, y))
		x += s.Width + gap
	}
	for i, t := range w.legend {
		entry := legend[i]
		t.Hidden = c.Small || !entry.drawn(c)
		if t.Hidden {
			continue
		}
		name := entry.sign + entry.name
		if entry.name == "process growth" && c.clamped() {
			name += ": up to " + sized(c.growth) + ", above the top"
		}
		set(t, entry.role(p), name)
		put(t)
	}
	if c.data.Limit > c.top { // no line of the plot is covered by it here
		set(w.limit, p.Red, "▲ limit: "+sized(c.data.Limit))
		put(w.limit)
	}
	w.legendHeight = y + high + theme.Scaled(6)
}

func abs(v float32) float32 { return max(v, -v) }
