package control

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sealedroom/ui/theme"
)

// Slider chooses a place from 0 to 1.
type Slider struct {
	widget.BaseWidget
	focusable
	// OnChanged is called after each change that a person made.
	OnChanged func(float64)

	value             float64
	track, fill, knob *canvas.Rectangle
}

var (
	_ fyne.Focusable     = (*Slider)(nil)
	_ fyne.Draggable     = (*Slider)(nil)
	_ fyne.Tappable      = (*Slider)(nil)
	_ desktop.Cursorable = (*Slider)(nil)
)

// NewSlider makes a slider at its left end.
func NewSlider() *Slider {
	rectangle := func() *canvas.Rectangle { return canvas.NewRectangle(color.Transparent) }
	s := &Slider{track: rectangle(), fill: rectangle(), knob: rectangle()}
	s.focusable = newFocusable(s)
	s.ExtendBaseWidget(s)
	return s
}

// Value is where the slider stands.
func (s *Slider) Value() float64 { return s.value }

// Set moves the slider, without calling OnChanged.
func (s *Slider) Set(value float64) {
	if value = min(1, max(0, value)); value != s.value {
		s.value = value
		s.Refresh()
	}
}

func (s *Slider) change(value float64) {
	before := s.value
	s.Set(value)
	if s.value != before && s.OnChanged != nil {
		s.OnChanged(s.value)
	}
}

func (s *Slider) reach(x float32) {
	radius := theme.Scaled(knobRadius)
	if span := s.Size().Width - 2*radius; span > 0 {
		s.change(float64((x - radius) / span))
	}
}

// Tapped implements fyne.Tappable.
func (s *Slider) Tapped(e *fyne.PointEvent) {
	take(s)
	s.reach(e.Position.X)
}

// Dragged implements fyne.Draggable.
func (s *Slider) Dragged(e *fyne.DragEvent) { s.reach(e.Position.X) }

// DragEnd implements fyne.Draggable.
func (s *Slider) DragEnd() {}

// TypedKey implements fyne.Focusable.
func (s *Slider) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyLeft, fyne.KeyDown:
		s.change(s.value - 0.01)
	case fyne.KeyRight, fyne.KeyUp:
		s.change(s.value + 0.01)
	case fyne.KeyPageDown:
		s.change(s.value - 0.1)
	case fyne.KeyPageUp:
		s.change(s.value + 0.1)
	case fyne.KeyHome:
		s.change(0)
	case fyne.KeyEnd:
		s.change(1)
	default:
		PassOn(s, key)
	}
}

const knobRadius = 5.5

// MinSize implements fyne.Widget.
func (s *Slider) MinSize() fyne.Size {
	s.ExtendBaseWidget(s)
	return fyne.NewSize(theme.Scaled(60), theme.Scaled(15))
}

// CreateRenderer implements fyne.Widget.
func (s *Slider) CreateRenderer() fyne.WidgetRenderer {
	r := &sliderRenderer{s}
	r.restyle()
	return r
}

type sliderRenderer struct{ s *Slider }

func (r *sliderRenderer) Destroy()           {}
func (r *sliderRenderer) MinSize() fyne.Size { return r.s.MinSize() }
func (r *sliderRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.s.track, r.s.fill, r.s.knob, r.s.ring}
}

func (r *sliderRenderer) restyle() {
	p := theme.Now()
	r.s.track.FillColor, r.s.fill.FillColor, r.s.knob.FillColor = p.Line, p.Teal, p.Teal
	r.s.restyleRing()
}

func (r *sliderRenderer) Layout(size fyne.Size) {
	s, radius, h := r.s, theme.Scaled(knobRadius), theme.Scaled(3.5)
	at := radius + float32(s.value)*max(0, size.Width-2*radius)
	s.track.CornerRadius, s.fill.CornerRadius, s.knob.CornerRadius = h/2, h/2, radius
	s.track.Move(fyne.NewPos(0, (size.Height-h)/2))
	s.track.Resize(fyne.NewSize(size.Width, h))
	s.fill.Move(s.track.Position())
	s.fill.Resize(fyne.NewSize(at, h))
	s.knob.Move(fyne.NewPos(at-radius, size.Height/2-radius))
	s.knob.Resize(fyne.NewSquareSize(2 * radius))
	s.ring.Move(fyne.NewPos(-theme.Scaled(3), 0))
	s.ring.Resize(size.AddWidthHeight(theme.Scaled(6), 0))
}

func (r *sliderRenderer) Refresh() {
	r.restyle()
	r.Layout(r.s.Size())
	canvas.Refresh(r.s)
}
