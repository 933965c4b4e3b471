package control

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sealedroom/ui/theme"
)

// Segment is one of the choices of Segments, in the colours it has when chosen.
type Segment struct {
	Text      string
	Ink, Tint theme.Role
}

// Segments is a choice of one among a few words that stand side by side.
type Segments struct {
	widget.BaseWidget
	focusable
	// OnChanged is called after each choice that a person made.
	OnChanged func(int)

	segments []Segment
	chosen   int
	frame    *canvas.Rectangle
	grounds  []*canvas.Rectangle
	texts    []*canvas.Text
}

var (
	_ fyne.Focusable     = (*Segments)(nil)
	_ fyne.Tappable      = (*Segments)(nil)
	_ desktop.Cursorable = (*Segments)(nil)
)

// NewSegments makes a choice; the first segment is chosen.
func NewSegments(segments []Segment, changed func(int)) *Segments {
	s := &Segments{OnChanged: changed, segments: segments, frame: canvas.NewRectangle(color.Transparent)}
	for range segments {
		s.grounds = append(s.grounds, canvas.NewRectangle(color.Transparent))
		s.texts = append(s.texts, canvas.NewText("", color.Transparent))
	}
	s.focusable = newFocusable(s)
	s.ExtendBaseWidget(s)
	return s
}

// Chosen is the number of the segment that is chosen.
func (s *Segments) Chosen() int { return s.chosen }

// Set chooses, without calling OnChanged.
func (s *Segments) Set(chosen int) {
	if chosen = min(len(s.segments)-1, max(0, chosen)); chosen != s.chosen {
		s.chosen = chosen
		s.Refresh()
	}
}

func (s *Segments) choose(chosen int) {
	before := s.chosen
	s.Set(chosen)
	if s.chosen != before && s.OnChanged != nil {
		s.OnChanged(s.chosen)
	}
}

// Tapped implements fyne.Tappable.
func (s *Segments) Tapped(e *fyne.PointEvent) {
	take(s)
	for i := len(s.grounds) - 1; i >= 0; i-- {
		if e.Position.X >= s.grounds[i].Position().X {
			s.choose(i)
			return
		}
	}
}

// TypedKey implements fyne.Focusable.
func (s *Segments) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyLeft, fyne.KeyUp:
		s.choose(s.chosen - 1)
	case fyne.KeyRight, fyne.KeyDown:
		s.choose(s.chosen + 1)
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		s.choose((s.chosen + 1) % len(s.segments))
	default:
		PassOn(s, key)
	}
}

// MinSize implements fyne.Widget.
func (s *Segments) MinSize() fyne.Size {
	s.ExtendBaseWidget(s)
	width := float32(0)
	for i := range s.segments {
		width += s.width(i)
	}
	return fyne.NewSize(width, theme.Scaled(22))
}

func (s *Segments) width(i int) float32 {
	t := theme.Text(theme.Caption, color.Transparent, s.segments[i].Text)
	return t.MinSize().Width + theme.Scaled(12)
}

// CreateRenderer implements fyne.Widget.
func (s *Segments) CreateRenderer() fyne.WidgetRenderer {
	r := &segmentsRenderer{s}
	r.restyle()
	return r
}

type segmentsRenderer struct{ s *Segments }

func (r *segmentsRenderer) Destroy()           {}
func (r *segmentsRenderer) MinSize() fyne.Size { return r.s.MinSize() }
func (r *segmentsRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.s.frame}
	for i := range r.s.segments {
		objects = append(objects, r.s.grounds[i], r.s.texts[i])
	}
	return append(objects, r.s.ring)
}

func (r *segmentsRenderer) restyle() {
	s, p := r.s, theme.Now()
	s.frame.FillColor, s.frame.StrokeColor, s.frame.StrokeWidth = p.Raised, p.Line, 1
	s.frame.CornerRadius = theme.Scaled(4)
	for i, segment := range s.segments {
		s.texts[i].Text = segment.Text
		s.grounds[i].CornerRadius = theme.Scaled(4)
		s.grounds[i].FillColor, s.grounds[i].StrokeWidth = color.Transparent, 0
		theme.Restyle(s.texts[i], theme.Caption, p.Muted)
		if i == s.chosen {
			s.grounds[i].FillColor = segment.Tint(p)
			s.grounds[i].StrokeColor, s.grounds[i].StrokeWidth = segment.Ink(p), 1
			theme.Restyle(s.texts[i], theme.Caption, segment.Ink(p))
		}
	}
	s.restyleRing()
}

func (r *segmentsRenderer) Layout(size fyne.Size) {
	r.restyle() // the words may have been made smaller
	s, x := r.s, float32(0)
	s.frame.Resize(size)
	// What is missing is taken from the room around the words, then from their size.
	spare := (size.Width - s.MinSize().Width) / float32(len(s.segments))
	for i := range s.segments {
		w := s.width(i) + spare
		s.grounds[i].Move(fyne.NewPos(x, 0))
		s.grounds[i].Resize(fyne.NewSize(w, size.Height))
		t := s.texts[i].MinSize()
		if most := w - theme.Scaled(2); t.Width > most && most > 0 {
			s.texts[i].TextSize *= most / t.Width
			t = s.texts[i].MinSize()
		}
		s.texts[i].Move(fyne.NewPos(x+(w-t.Width)/2, (size.Height-t.Height)/2))
		x += w
	}
	s.ring.Move(fyne.NewPos(-theme.Scaled(2), -theme.Scaled(2)))
	s.ring.Resize(size.AddWidthHeight(theme.Scaled(4), theme.Scaled(4)))
}

func (r *segmentsRenderer) Refresh() {
	r.restyle()
	r.Layout(r.s.Size())
	canvas.Refresh(r.s)
}
