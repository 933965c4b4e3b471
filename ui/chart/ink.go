package chart

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

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

// fillUnder fills from a line down to the bottom, column by column.
func (c *Chart) fillUnder(points []xy, bottom float64, col color.NRGBA) {
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
