package chart

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"time"

	"sealedroom/ui/theme"
)

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
	pixels, a := float64(w)/float64(size.Width), c.area()
	plot := frame{
		x0: float64(a.left) * pixels, x1: float64(a.right) * pixels,
		y0: float64(a.top) * pixels, y1: float64(a.bottom) * pixels,
		until: max(c.data.Until, minSpan).Seconds(), top: c.top, px: pixels * float64(theme.Scaled(1)),
	}
	if plot.x1-plot.x0 < 10 || plot.y1-plot.y0 < 10 {
		return c.image
	}
	c.plot(plot, p)
	return c.image
}

// frame maps seconds and bytes to device pixels. A px grows with the text.
type frame struct{ x0, x1, y0, y1, until, top, px float64 }

func (f frame) x(at time.Duration) float64 {
	return f.x0 + (f.x1-f.x0)*math.Min(1, at.Seconds()/f.until)
}
func (f frame) y(bytes float64) float64 {
	return f.y1 - (f.y1-f.y0)*math.Max(0, math.Min(1, bytes/f.top))
}

// nearLimit is the part of the limit from which on the chart warns.
const nearLimit = 0.8

// How much amber the zone before the limit and its edge have: the edge is seen on
// either ground, and every line on the zone.
const (
	zoneTint, zoneLit = 0.13, 0.3
	zoneEdge          = 0.75
)

func (c *Chart) plot(f frame, p theme.Palette) {
	c.grid(f, p)
	var heap, whole, committed, process []xy
	external := false
	for _, pt := range c.data.Points {
		x := f.x(pt.At)
		if pt.V8 {
			heap = append(heap, xy{x, f.y(pt.Used)})
			whole = append(whole, xy{x, f.y(pt.Used + pt.External)})
			external = external || pt.External > 0
			if pt.Committed > 0 {
				committed = append(committed, xy{x, f.y(pt.Committed)})
			}
		}
		if pt.Process > 0 {
			process = append(process, xy{x, f.y(pt.Process - c.data.Base)})
		}
	}
	if external {
		c.fillUnder(whole, f.y1, mix(p.Ground, p.Green, 0.16))
	}
	c.fillUnder(heap, f.y1, mix(p.Ground, p.Teal, 0.2))
	c.line(process, 1.2*f.px, mix(p.Ground, p.Muted, 0.75), 4*f.px)
	c.line(committed, 1.2*f.px, p.Blue, 0)
	if external {
		c.line(whole, 2*f.px, p.Green, 0)
	}
	c.line(heap, 2*f.px, p.Teal, 0)
	c.marks(f, p)
}

// grid paints what stands behind the lines: the ticks, and where the limit is in
// sight, it and the zone before it, brighter once the guest is there.
func (c *Chart) grid(f frame, p theme.Palette) {
	limit := c.data.Limit
	if near := nearLimit * limit; limit > 0 && near < f.top {
		tint := zoneTint
		if c.now() >= near {
			tint = zoneLit
		}
		c.fill(f.x0, f.y(limit), f.x1, f.y(near), mix(p.Ground, p.Amber, tint))
		c.fill(f.x0, f.y(near)-f.px/2, f.x1, f.y(near)+f.px/2, mix(p.Ground, p.Amber, zoneEdge))
	}
	for _, tick := range c.bytesTicks() {
		c.fill(f.x0, f.y(tick)-f.px/2, f.x1, f.y(tick)+f.px/2, p.Line)
	}
	lane := c.lane(f)
	for _, tick := range timeTicks(c.data.Until) {
		c.fill(f.x(tick)-f.px/2, lane.bottom, f.x(tick)+f.px/2, lane.bottom+3*f.px, p.Line)
	}
	if limit <= f.top {
		for x := f.x0; x < f.x1; x += 9 * f.px {
			c.fill(x, f.y(limit)-0.75*f.px, math.Min(x+5*f.px, f.x1), f.y(limit)+0.75*f.px, p.Red)
		}
	}
}

// now is V8's last account of used and external memory.
func (c *Chart) now() float64 {
	for i := len(c.data.Points) - 1; i >= 0; i-- {
		if p := c.data.Points[i]; p.V8 {
			return p.Used + p.External
		}
	}
	return 0
}

// strip is from one height to another.
type strip struct{ top, bottom float64 }

// lane is where the collections are marked: below the plot, so that however many
// there are they hide no line.
func (c *Chart) lane(f frame) strip {
	return strip{f.y1 + laneGap*f.px, f.y1 + (laneGap+laneHeight)*f.px}
}

// marks paints the collections, those that fall on one pixel once.
func (c *Chart) marks(f frame, p theme.Palette) {
	lane := c.lane(f)
	c.fill(f.x0, lane.top, f.x1, lane.bottom, mix(p.Ground, p.Line, 0.35))
	half := math.Floor((lane.bottom - lane.top) / 2)
	for _, major := range []bool{false, true} { // so that no tick hides a diamond
		last := -1
		for _, m := range c.data.Marks {
			x := int(math.Round(f.x(m.At)))
			if m.Major != major || last == x {
				continue
			}
			last = x
			if major {
				c.diamond(float64(x), lane.top+2*half, half, p.Violet)
			} else {
				c.fill(float64(x)-f.px/2, lane.top+3*f.px, float64(x)+f.px/2, lane.bottom, mix(p.Ground, p.Violet, 0.6))
			}
		}
	}
}

func mix(a, b color.NRGBA, part float64) color.NRGBA {
	m := func(x, y uint8) uint8 { return uint8(float64(x)*(1-part) + float64(y)*part) }
	return color.NRGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 0xff}
}
