// Package chart is the memory chart: used, committed and process memory against
// the limit, with the garbage collections, as a Fyne widget.
package chart

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/image/vector"

	"sealedroom/ui/theme"
)

// Point is one reading, in bytes. V8 is false where only Process is known;
// Committed and Process are 0 where they are not.
type Point struct {
	At                        time.Duration
	V8                        bool
	Used, Committed, External float64
	Process                   float64
}

// Mark is a garbage collection: a tick for a scavenge, a diamond for a
// mark-compact.
type Mark struct {
	At    time.Duration
	Major bool
}

// Data is what the chart shows.
type Data struct {
	Points []Point
	Marks  []Mark
	Limit  float64       // bytes
	Until  time.Duration // the right end of the time axis
	Base   float64       // the process's size when the guest came: its line starts there
}

// Chart is the widget. Set gives it data.
type Chart struct {
	widget.BaseWidget
	data   Data
	top    float64 // of the scale, in bytes; it only grows within a run
	raster *canvas.Raster
	image  *image.RGBA
	ink    vector.Rasterizer

	limit, half, zero, left, right *canvas.Text
	legend                         []*canvas.Text
}

// New makes an empty chart.
func New() *Chart {
	c := &Chart{}
	c.raster = canvas.NewRaster(c.draw)
	text := func() *canvas.Text { return theme.Text(theme.Caption, theme.Now().Muted, "") }
	c.limit, c.half, c.zero, c.left, c.right = text(), text(), text(), text(), text()
	for range len(legend) {
		c.legend = append(c.legend, text())
	}
	c.ExtendBaseWidget(c)
	return c
}

// Set draws data. Call it on the main thread.
func (c *Chart) Set(data Data) {
	if data.Until == c.data.Until && data.Limit == c.data.Limit && len(data.Points) == len(c.data.Points) && len(data.Marks) == len(c.data.Marks) && data.Until > 0 {
		return // as it was
	}
	if data.Until < c.data.Until || data.Limit != c.data.Limit {
		c.top = 0
	}
	c.data = data
	c.top = max(c.top, 1.12*data.Limit)
	for _, p := range data.Points {
		c.top = max(c.top, 1.05*(p.Used+p.External), 1.05*(p.Committed+p.External))
	}
	c.Refresh()
}

// What is kept free around the plot, before scaling.
const (
	marginLeft, marginRight, marginTop, marginBottom = 46, 12, 24, 20
)

// megabytes on the axis.
func megabytes(bytes float64) string { return fmt.Sprintf("%.4g", bytes/(1<<20)) }

func formatTime(d time.Duration) string {
	if d >= 10*time.Second {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}

// ---- drawing ----------------------------------------------------------------

// draw paints w×h device pixels. It reuses its image, so a live chart leaves no
// garbage.
func (c *Chart) draw(w, h int) image.Image {
	if c.image == nil || c.image.Bounds().Dx() != w || c.image.Bounds().Dy() != h {
		c.image = image.NewRGBA(image.Rect(0, 0, w, h))
	}
	p := theme.Now()
	draw.Draw(c.image, c.image.Bounds(), image.NewUniform(p.Ground), image.Point{}, draw.Src)
	size := c.Size()
	if size.Width <= 0 || size.Height <= 0 || c.top <= 0 {
		return c.image
	}
	pixels := float64(w) / float64(size.Width)
	plot := frame{
		x0: float64(theme.Scaled(marginLeft)) * pixels, x1: float64(w) - float64(theme.Scaled(marginRight))*pixels,
		y0: float64(theme.Scaled(marginTop)) * pixels, y1: float64(h) - float64(theme.Scaled(marginBottom))*pixels,
		until: max(c.data.Until.Seconds(), 0.01), top: c.top, px: pixels,
	}
	if plot.x1-plot.x0 < 10 || plot.y1-plot.y0 < 10 {
		return c.image
	}
	c.plot(plot, p)
	return c.image
}

// frame maps seconds and bytes to device pixels.
type frame struct{ x0, x1, y0, y1, until, top, px float64 }

func (f frame) x(at time.Duration) float64 {
	return f.x0 + (f.x1-f.x0)*math.Min(1, at.Seconds()/f.until)
}
func (f frame) y(bytes float64) float64 {
	return f.y1 - (f.y1-f.y0)*math.Max(0, math.Min(1, bytes/f.top))
}

func (c *Chart) plot(f frame, p theme.Palette) {
	limit := c.data.Limit
	// Amber from four fifths of the limit on.
	c.fill(f.x0, f.y(limit), f.x1, f.y(0.8*limit), mix(p.Ground, p.Amber, 0.07))
	c.fill(f.x0, f.y(limit/2)-f.px/2, f.x1, f.y(limit/2)+f.px/2, p.Line)
	c.fill(f.x0, f.y1-f.px/2, f.x1, f.y1+f.px/2, p.Line)
	for x := f.x0; x < f.x1; x += 9 * f.px {
		c.fill(x, f.y(limit)-0.75*f.px, math.Min(x+5*f.px, f.x1), f.y(limit)+0.75*f.px, p.Red)
	}

	var heap, used, committed, process []xy
	external := false
	for _, pt := range c.data.Points {
		x := f.x(pt.At)
		if pt.V8 {
			heap = append(heap, xy{x, f.y(pt.Used)})
			used = append(used, xy{x, f.y(pt.Used + pt.External)})
			external = external || pt.External > 0
			if pt.Committed > 0 {
				committed = append(committed, xy{x, f.y(pt.Committed + pt.External)})
			}
		}
		if pt.Process > 0 {
			process = append(process, xy{x, f.y(pt.Process - c.data.Base)})
		}
	}
	if external {
		c.area(used, f.y1, mix(p.Ground, p.Green, 0.16))
	}
	c.area(heap, f.y1, mix(p.Ground, p.Teal, 0.2))
	c.line(process, 1.2*f.px, mix(p.Ground, p.Muted, 0.75), 4*f.px)
	c.line(committed, 1.2*f.px, p.Blue, 0)
	if external {
		c.line(used, 2*f.px, p.Green, 0)
	}
	c.line(heap, 2*f.px, p.Teal, 0)
	c.marks(f, p)
}

// marks paints the collections, those that fall on one pixel once.
func (c *Chart) marks(f frame, p theme.Palette) {
	last := [2]int{-1, -1}
	for _, m := range c.data.Marks {
		kind := 0
		if m.Major {
			kind = 1
		}
		x := int(math.Round(f.x(m.At)))
		if last[kind] == x {
			continue
		}
		last[kind] = x
		if m.Major {
			c.diamond(float64(x), f.y1, math.Round(4*f.px), p.Violet)
		} else {
			c.fill(float64(x)-f.px*0.75, f.y1-6*f.px, float64(x)+f.px*0.75, f.y1, p.Violet)
		}
	}
}

type xy struct{ x, y float64 }

// fill paints a rectangle of whole pixels, at least one each way.
func (c *Chart) fill(x0, y0, x1, y1 float64, col color.NRGBA) {
	r := image.Rect(int(math.Round(x0)), int(math.Round(y0)), int(math.Round(x1)), int(math.Round(y1)))
	r.Max.X, r.Max.Y = max(r.Max.X, r.Min.X+1), max(r.Max.Y, r.Min.Y+1)
	draw.Draw(c.image, r, image.NewUniform(col), image.Point{}, draw.Src)
}

// diamond paints one that stands on the bottom.
func (c *Chart) diamond(x, bottom, half float64, col color.NRGBA) {
	for y := -half; y <= half; y++ {
		w := half - math.Abs(y)
		c.fill(x-w, bottom-half+y, x+w, bottom-half+y+1, col)
	}
}

// area fills from a line down to the bottom, column by column.
func (c *Chart) area(points []xy, bottom float64, col color.NRGBA) {
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		from, to := int(math.Round(a.x)), int(math.Round(b.x))
		for x := from; x < to; x++ {
			y := a.y + (b.y-a.y)*(float64(x)+0.5-a.x)/(b.x-a.x)
			c.fill(float64(x), y, float64(x+1), bottom, col)
		}
	}
}

// stroke is the part of the image that a line is inked on.
type stroke struct {
	ink *vector.Rasterizer
	at  image.Rectangle
}

// over takes the part of the image that these points need.
func (c *Chart) over(points []xy, width float64) stroke {
	low, high := points[0], points[0]
	for _, p := range points {
		low.x, low.y = math.Min(low.x, p.x), math.Min(low.y, p.y)
		high.x, high.y = math.Max(high.x, p.x), math.Max(high.y, p.y)
	}
	at := image.Rect(int(low.x-width)-1, int(low.y-width)-1, int(high.x+width)+2, int(high.y+width)+2).Intersect(c.image.Bounds())
	c.ink.Reset(at.Dx(), at.Dy())
	return stroke{&c.ink, at}
}

// quad inks a straight piece of this width.
func (s stroke) quad(a, b xy, width float64) {
	length := math.Hypot(b.x-a.x, b.y-a.y)
	if length < 0.1 {
		return
	}
	// A little longer than it is, so that joints close.
	dx, dy := (b.x-a.x)/length, (b.y-a.y)/length
	nx, ny, ex, ey := -dy*width/2, dx*width/2, dx*width/4, dy*width/4
	to := func(x, y float64) (float32, float32) {
		return float32(x - float64(s.at.Min.X)), float32(y - float64(s.at.Min.Y))
	}
	s.ink.MoveTo(to(a.x+nx-ex, a.y+ny-ey))
	s.ink.LineTo(to(b.x+nx+ex, b.y+ny+ey))
	s.ink.LineTo(to(b.x-nx+ex, b.y-ny+ey))
	s.ink.LineTo(to(a.x-nx-ex, a.y-ny-ey))
	s.ink.ClosePath()
}

// line strokes a line of this width; with a dash, in pieces of that length. It
// goes by strips, so that inking touches little more than the line.
func (c *Chart) line(points []xy, width float64, col color.NRGBA, dash float64) {
	const strip = 64
	travelled := 0.0
	for from := 0; from+1 < len(points); {
		to := from + 1
		for to+1 < len(points) && points[to].x-points[from].x < strip {
			to++
		}
		s := c.over(points[from:to+1], width)
		for i := from + 1; i <= to; i++ {
			travelled = s.dashed(points[i-1], points[i], width, dash, travelled)
		}
		s.ink.Draw(c.image, s.at, image.NewUniform(col), image.Point{})
		from = to
	}
}

// dashed inks a piece of a line that has come this far, and returns how far it
// has come then.
func (s stroke) dashed(a, b xy, width, dash, travelled float64) float64 {
	if dash <= 0 {
		s.quad(a, b, width)
		return travelled
	}
	length := math.Hypot(b.x-a.x, b.y-a.y)
	for at := 0.0; at < length; {
		end := math.Min(length, at+dash-math.Mod(travelled, dash)+1e-6)
		if int(travelled/dash)%2 == 0 {
			part := func(d float64) xy { return xy{a.x + (b.x-a.x)*d/length, a.y + (b.y-a.y)*d/length} }
			s.quad(part(at), part(end), width)
		}
		travelled += end - at
		at = end
	}
	return travelled
}

func mix(a, b color.NRGBA, part float64) color.NRGBA {
	m := func(x, y uint8) uint8 { return uint8(float64(x)*(1-part) + float64(y)*part) }
	return color.NRGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 0xff}
}

// ---- Fyne ---------------------------------------------------------------------

// MinSize implements fyne.Widget.
func (c *Chart) MinSize() fyne.Size {
	c.ExtendBaseWidget(c)
	return fyne.NewSize(200, theme.Scaled(90))
}

// CreateRenderer implements fyne.Widget.
func (c *Chart) CreateRenderer() fyne.WidgetRenderer { return &renderer{c} }

type renderer struct{ c *Chart }

func (r *renderer) Destroy()           {}
func (r *renderer) MinSize() fyne.Size { return r.c.MinSize() }

func (r *renderer) Objects() []fyne.CanvasObject {
	c := r.c
	objects := []fyne.CanvasObject{c.raster, c.limit, c.half, c.zero, c.left, c.right}
	for _, t := range c.legend {
		objects = append(objects, t)
	}
	return objects
}

func (r *renderer) Layout(size fyne.Size) {
	c := r.c
	c.raster.Resize(size)
	top, bottom := theme.Scaled(marginTop), size.Height-theme.Scaled(marginBottom)
	right := size.Width - theme.Scaled(marginRight)
	left := theme.Scaled(marginLeft)
	y := func(bytes float64) float32 {
		if c.top <= 0 {
			return bottom
		}
		return bottom - (bottom-top)*float32(min(1, bytes/c.top))
	}
	for t, at := range map[*canvas.Text]float32{c.limit: y(c.data.Limit), c.half: y(c.data.Limit / 2), c.zero: bottom} {
		s := t.MinSize()
		t.Move(fyne.NewPos(left-s.Width-theme.Scaled(5), at-s.Height/2))
	}
	c.left.Move(fyne.NewPos(left, bottom+theme.Scaled(2)))
	c.right.Move(fyne.NewPos(right-c.right.MinSize().Width, bottom+theme.Scaled(2)))
	// As much of the legend as there is room for, from the right.
	width := float32(0)
	for i, t := range c.legend {
		w := t.MinSize().Width + theme.Scaled(12)
		t.Hidden = c.data.absent(i) || width+w > right-left
		if !t.Hidden {
			width += w
		}
	}
	x := right - width
	for _, t := range c.legend {
		if !t.Hidden {
			x += theme.Scaled(12)
			t.Move(fyne.NewPos(x, (top-t.MinSize().Height)/2))
			x += t.MinSize().Width
		}
	}
}

// legend names what is drawn, in the order of what matters most.
var legend = []struct {
	name string
	role theme.Role
}{
	{"● used", theme.RoleTeal},
	{"● + external", theme.RoleGreen},
	{"● committed", theme.RoleBlue},
	{"▏scavenge ◆ mark-compact", theme.RoleViolet},
	{"┄ process growth", theme.RoleMuted},
}

// absent says that there is nothing of this part of the legend.
func (d Data) absent(i int) bool {
	if legend[i].name != "● + external" {
		return false
	}
	for _, p := range d.Points {
		if p.External > 0 {
			return false
		}
	}
	return true
}

func (r *renderer) Refresh() {
	c, p := r.c, theme.Now()
	set := func(t *canvas.Text, col color.Color, text string) {
		if t.Text == text && t.Color == col && t.TextSize == theme.Scaled(11.5) {
			return
		}
		theme.Restyle(t, theme.Caption, col)
		t.Text = text
		t.Refresh()
	}
	set(c.limit, p.Red, megabytes(c.data.Limit))
	set(c.half, p.Muted, megabytes(c.data.Limit/2))
	set(c.zero, p.Muted, "0 MB")
	set(c.left, p.Muted, "0 ms")
	set(c.right, p.Muted, formatTime(c.data.Until))
	for i, t := range c.legend {
		set(t, legend[i].role(p), legend[i].name)
	}
	r.Layout(c.Size())
	c.raster.Refresh()
}
