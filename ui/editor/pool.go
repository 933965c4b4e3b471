package editor

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// pool keeps the primitives of a frame for the next one. What is asked for is
// drawn in the order it was asked for.
type pool struct {
	rects  stock[*canvas.Rectangle]
	texts  stock[*canvas.Text]
	lines  stock[*canvas.Line]
	shapes stock[*canvas.RegularPolygon]
	drawn  []fyne.CanvasObject
}

type stock[T any] struct {
	all  []T
	used int
}

func (s *stock[T]) take(make func() T) T {
	if s.used == len(s.all) {
		s.all = append(s.all, make())
	}
	s.used++
	return s.all[s.used-1]
}

func (p *pool) reset() {
	p.rects.used, p.texts.used, p.lines.used, p.shapes.used = 0, 0, 0, 0
	p.drawn = p.drawn[:0]
}

func (p *pool) rect(at rect, c color.Color) *canvas.Rectangle {
	o := p.rects.take(func() *canvas.Rectangle { return canvas.NewRectangle(nil) })
	o.FillColor, o.CornerRadius, o.StrokeWidth, o.StrokeColor = c, 0, 0, nil
	place(o, at)
	p.drawn = append(p.drawn, o)
	return o
}

// text draws s in a place. Its size only says to the painter whether it can be
// seen; a text is drawn as large as it is.
func (p *pool) text(s string, at rect, size float32, c color.Color) {
	o := p.texts.take(func() *canvas.Text {
		t := canvas.NewText("", nil)
		t.TextStyle.Monospace = true
		return t
	})
	o.Text, o.Color, o.TextSize = s, c, size
	place(o, at)
	p.drawn = append(p.drawn, o)
}

func (p *pool) line(x1, y1, x2, y2 float64, width float32, c color.Color) {
	o := p.lines.take(func() *canvas.Line { return canvas.NewLine(nil) })
	o.StrokeColor, o.StrokeWidth = c, width
	o.Position1 = fyne.NewPos(float32(x1), float32(y1))
	o.Position2 = fyne.NewPos(float32(x2), float32(y2))
	p.drawn = append(p.drawn, o)
}

func (p *pool) polygon(sides uint, angle float32, at rect, c color.Color) {
	o := p.shapes.take(func() *canvas.RegularPolygon { return canvas.NewRegularPolygon(sides, nil) })
	o.Sides, o.Angle, o.FillColor = sides, angle, c
	place(o, at)
	p.drawn = append(p.drawn, o)
}

func place(o fyne.CanvasObject, at rect) {
	o.Move(fyne.NewPos(float32(at.x), float32(at.y)))
	o.Resize(fyne.NewSize(float32(at.w), float32(at.h)))
}
