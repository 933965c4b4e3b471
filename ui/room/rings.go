package room

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"sealedroom/ui/theme"
)

// Wall is one ring around the guest. One that was left out stands open, in red.
type Wall struct {
	Name string
	Out  bool
}

// Attempt is the last thing that native code in the room tried.
type Attempt struct {
	Words  string // what, and what came of it
	By     string // the wall that refused it; "" where that is not known
	Worked bool
}

// RingsData is what Rings shows. The first wall is the outermost.
type RingsData struct {
	Walls []Wall
	Last  Attempt
}

func (d RingsData) same(e RingsData) bool { return d.Last == e.Last && slices.Equal(d.Walls, e.Walls) }

// Rings draws the walls around a worker, for a guest with native hands.
type Rings struct {
	widget.BaseWidget
	// OnTapped is called when the picture was pressed.
	OnTapped func()

	data    RingsData
	plan    ringsPlan
	objects []fyne.CanvasObject
}

var _ fyne.Tappable = (*Rings)(nil)

// NewRings draws a room without walls.
func NewRings() *Rings {
	r := &Rings{}
	r.ExtendBaseWidget(r)
	return r
}

// Set shows data. Call it on the main thread.
func (r *Rings) Set(data RingsData) {
	if !data.same(r.data) {
		r.data = data
		r.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (r *Rings) Tapped(*fyne.PointEvent) {
	if r.OnTapped != nil {
		r.OnTapped()
	}
}

// MinSize implements fyne.Widget.
func (r *Rings) MinSize() fyne.Size {
	r.ExtendBaseWidget(r)
	return fyne.NewSize(220, theme.Scaled(170))
}

// ringsPlan is where the rings and their names are.
type ringsPlan struct {
	text  float32
	rings []box
	names []box // of the rings, left of them all
	guest box
	out   box // what is written below
}

// ringOrder lists which ring is named in which row: the outermost at the top and
// at the bottom, so that each row meets its own ring.
func ringOrder(n int) []int {
	rows := make([]int, n)
	for ring := range n {
		row := ring / 2
		if ring%2 == 1 {
			row = n - 1 - ring/2
		}
		rows[ring] = row
	}
	return rows
}

// planRings draws up the largest picture that fits; width is that of the widest
// name, at a text size of one.
func planRings(size fyne.Size, n int, width float32) ringsPlan {
	grow := min(size.Width/560, size.Height/290) / theme.Scaled(1)
	for text := theme.Scaled(bodyText) * max(1, min(grow, maxGrow)); text > minText; text -= textStep {
		if p, ok := planRingsAt(size, n, width, text); ok {
			return p
		}
	}
	p, _ := planRingsAt(size, n, width, minText)
	return p
}

func planRingsAt(size fyne.Size, n int, width, t float32) (ringsPlan, bool) {
	p := ringsPlan{text: t}
	margin, line := 0.8*t, 1.4*t
	area := box{margin + width*t + 1.4*t, margin, 0, size.Height - 2*margin - line - 0.4*t}
	area.w = size.Width - area.x - margin - 3*t
	p.out = box{margin, size.Height - margin - line, size.Width - 2*margin, line}
	pitch := min(area.h/float32(max(1, n)), 2.6*t)
	gap := min(0.33*pitch, 0.8*t, max(0, min(area.w, area.h)-2*t)/float32(2*max(1, n)))
	inner := min(area.w, area.h) - 2*gap*float32(n)
	top := area.y + (area.h-pitch*float32(n))/2
	for i, row := range ringOrder(n) {
		inset := gap * float32(i)
		p.rings = append(p.rings, box{area.x + inset, area.y + inset, area.w - 2*inset, area.h - 2*inset})
		p.names = append(p.names, box{margin, top + pitch*float32(row) + (pitch-line)/2, width * t, line})
	}
	across := max(0, min(inner*0.8, 5*t))
	x, y := area.middle()
	p.guest = box{x - across/2, y - across/2, across, across}
	return p, pitch >= line && across >= 2.6*t
}

// CreateRenderer implements fyne.Widget.
func (r *Rings) CreateRenderer() fyne.WidgetRenderer {
	d := &ringsRenderer{r}
	d.build(r.Size())
	return d
}

type ringsRenderer struct{ r *Rings }

func (d *ringsRenderer) Destroy()                     {}
func (d *ringsRenderer) MinSize() fyne.Size           { return d.r.MinSize() }
func (d *ringsRenderer) Objects() []fyne.CanvasObject { return d.r.objects }
func (d *ringsRenderer) Layout(size fyne.Size)        { d.build(size) }
func (d *ringsRenderer) Refresh() {
	d.build(d.r.Size())
	canvas.Refresh(d.r)
}

// label is what stands at a ring.
func (w Wall) label() string {
	if w.Out {
		return short(w.Name) + " (off)"
	}
	return short(w.Name)
}

// build draws everything: there is little of it, and it changes seldom.
func (d *ringsRenderer) build(size fyne.Size) {
	r, c := d.r, theme.Now()
	const at = 20 // a size to measure with
	width := float32(0)
	for _, w := range r.data.Walls {
		// A name keeps its place when its wall is left out.
		width = max(width, fyne.MeasureText(short(w.Name)+" (off)", at, fyne.TextStyle{Bold: true}).Width/at)
	}
	p := planRings(size, len(r.data.Walls), width)
	r.plan, r.objects = p, nil
	line := func(ink color.Color, width, x0, y0, x1, y1 float32) {
		l := canvas.NewLine(ink)
		l.StrokeWidth = max(1, width*p.text)
		l.Position1, l.Position2 = fyne.NewPos(x0, y0), fyne.NewPos(x1, y1)
		r.objects = append(r.objects, l)
	}
	write := func(text string, ink color.Color, scale float32, bold bool) *canvas.Text {
		t := canvas.NewText(text, ink)
		t.TextSize, t.TextStyle = p.text*scale, fyne.TextStyle{Bold: bold}
		t.Resize(t.MinSize())
		r.objects = append(r.objects, t)
		return t
	}
	if n := len(p.rings); n > 0 { // the ground of the innermost
		ground := canvas.NewRectangle(c.TealTint)
		ground.CornerRadius = 0.3 * p.text
		put(ground, p.rings[n-1])
		r.objects = append(r.objects, ground)
	}
	for i, w := range r.data.Walls {
		ring, name := p.rings[i], p.names[i]
		answered := w.Name == r.data.Last.By && !w.Out
		ink, stroke := c.Teal, float32(0.14)
		switch {
		case w.Out:
			ink = c.Red
		case answered:
			ink, stroke = c.Green, 0.34
		}
		right, bottom, middle := ring.x+ring.w, ring.y+ring.h, ring.y+ring.h/2
		if w.Out { // open, where an attempt passes
			door := min(1.3*p.text, ring.h*0.3)
			line(ink, stroke, ring.x, ring.y, ring.x, bottom)
			line(ink, stroke, ring.x, ring.y, right, ring.y)
			line(ink, stroke, ring.x, bottom, right, bottom)
			line(ink, stroke, right, ring.y, right, middle-door)
			line(ink, stroke, right, middle+door, right, bottom)
		} else {
			rect := canvas.NewRectangle(color.Transparent)
			rect.StrokeColor, rect.StrokeWidth, rect.CornerRadius = ink, max(1, stroke*p.text), 0.3*p.text
			put(rect, ring)
			r.objects = append(r.objects, rect)
		}
		text := write(w.label(), ink, 1, answered || w.Out)
		y := name.y + name.h/2
		text.Move(fyne.NewPos(name.x+name.w-text.MinSize().Width, y-text.MinSize().Height/2))
		line(mix(c.Ground, ink, 0.55), 0.06, name.x+name.w+0.3*p.text, y, ring.x, y)
		dot := canvas.NewCircle(ink)
		put(dot, box{ring.x - 0.2*p.text, y - 0.2*p.text, 0.4 * p.text, 0.4 * p.text})
		r.objects = append(r.objects, dot)
	}
	d.drawAttempt(c, line)
	guest := canvas.NewCircle(mix(c.TealTint, c.Teal, 0.2))
	guest.StrokeColor, guest.StrokeWidth = c.Teal, max(1, 0.1*p.text)
	put(guest, p.guest)
	r.objects = append(r.objects, guest)
	x, y := p.guest.middle()
	centre(write("guest", c.Text, min(1, p.guest.w/(4.2*p.text)), false), x, y)

	words, ink := r.data.Last.Words, c.Green
	switch {
	case words == "":
		words, ink = "native hands: nothing was tried yet", c.Muted
	case r.data.Last.Worked:
		ink = c.Red
	case r.data.Last.By == "":
		ink = c.Muted
	}
	said := write("", ink, 1, false)
	said.Text = fit(words, p.text, p.out.w)
	said.Resize(said.MinSize())
	said.Move(fyne.NewPos(p.out.x, p.out.y+(p.out.h-said.MinSize().Height)/2))
}

// drawAttempt leads from the guest to the wall that refused the last attempt, or
// out of the room.
func (d *ringsRenderer) drawAttempt(c theme.Palette, line func(ink color.Color, width, x0, y0, x1, y1 float32)) {
	r, p := d.r, d.r.plan
	_, y := p.guest.middle()
	from, t := p.guest.x+p.guest.w, p.text
	at := slices.IndexFunc(r.data.Walls, func(w Wall) bool { return w.Name == r.data.Last.By && !w.Out })
	switch {
	case r.data.Last.Worked && len(p.rings) > 0:
		end := p.rings[0].x + p.rings[0].w + 2.6*t
		line(c.Red, 0.24, from, y, end, y)
		line(c.Red, 0.24, end, y, end-0.7*t, y-0.6*t)
		line(c.Red, 0.24, end, y, end-0.7*t, y+0.6*t)
	case at >= 0:
		end := p.rings[at].x + p.rings[at].w
		line(c.Green, 0.24, from, y, end, y)
		line(c.Green, 0.5, end, y-0.7*t, end, y+0.7*t)
	}
}

// fit is as much of a text as there is room for.
func fit(text string, size, width float32) string {
	runes := []rune(text)
	for n := len(runes); n > 0; n-- {
		cut := string(runes[:n])
		if n < len(runes) {
			cut += "…"
		}
		if fyne.MeasureText(cut, size, fyne.TextStyle{}).Width <= width {
			return cut
		}
	}
	return ""
}
