package timeline

import (
	"image"
	"image/color"
	"image/draw"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// Lengths of the strip, before scaling.
const (
	laneHigh  = 17 // of one lane
	thinHigh  = 20 // of the strip while it is thin
	nameWide  = 74 // before the lanes, for their names
	cursorOut = 2  // by which the cursor's handle is wider than its line
)

// strip draws a track and the moment that is shown. A person drags the moment, or
// moves it with the arrow keys.
type strip struct {
	widget.BaseWidget
	track   *track
	moment  time.Duration
	open    bool // a lane for each kind of event; else all in one
	focused bool
	// moved is called with where a person wants to look, and nudged with a key's wish.
	moved  func(time.Duration)
	nudged func(fyne.KeyName) bool

	raster *canvas.Raster
	image  *image.RGBA
	drawn  drawn
	cursor *canvas.Rectangle
	ring   *canvas.Rectangle // of the keyboard's focus
	names  []*theme.Label
}

// drawn is what the image shows, so that it is not drawn again for each move.
type drawn struct {
	track *track
	open  bool
	ink   theme.Palette
	scale float32
}

func newStrip() *strip {
	s := &strip{cursor: canvas.NewRectangle(color.Transparent), ring: canvas.NewRectangle(color.Transparent)}
	s.raster = canvas.NewRaster(s.draw)
	for _, name := range laneNames {
		s.names = append(s.names, theme.Cut(theme.Caption, theme.RoleMuted, name))
	}
	s.ExtendBaseWidget(s)
	return s
}

func (s *strip) set(t *track, moment time.Duration) {
	s.track, s.moment = t, moment
	s.Refresh()
}

// show moves the cursor.
func (s *strip) show(moment time.Duration) {
	if s.moment == moment {
		return
	}
	s.moment = moment
	s.placeCursor()
}

func (s *strip) setOpen(open bool) {
	s.open = open
	s.Refresh()
}

// left is where the axis begins.
func (s *strip) left() float32 {
	if s.open {
		return theme.Scaled(nameWide)
	}
	return theme.Scaled(4)
}

func (s *strip) axis() (left, width float32) {
	left = s.left()
	return left, max(1, s.Size().Width-left-theme.Scaled(4))
}

func (s *strip) at(x float32) time.Duration {
	left, width := s.axis()
	return time.Duration(float64(s.track.span) * float64(max(0, min(1, (x-left)/width))))
}

func (s *strip) placeCursor() {
	s.cursor.Hidden = s.track == nil
	if s.track != nil {
		left, width := s.axis()
		thick := theme.Scaled(cursorOut)
		x := left + width*float32(float64(s.moment)/float64(s.track.span))
		s.cursor.FillColor = theme.Now().Amber
		s.cursor.Move(fyne.NewPos(x-thick/2, 0))
		s.cursor.Resize(fyne.NewSize(thick, s.Size().Height))
	}
	s.cursor.Refresh()
}

// draw paints w×h device pixels.
func (s *strip) draw(w, h int) image.Image {
	now := drawn{s.track, s.open, theme.Now(), theme.Scaled(1)}
	if s.image != nil && s.image.Bounds().Dx() == w && s.image.Bounds().Dy() == h && s.drawn == now {
		return s.image
	}
	s.image, s.drawn = image.NewRGBA(image.Rect(0, 0, w, h)), now
	p := now.ink
	draw.Draw(s.image, s.image.Bounds(), image.NewUniform(p.Ground), image.Point{}, draw.Src)
	size := s.Size()
	if size.Width <= 0 || size.Height <= 0 {
		return s.image
	}
	left, width := s.axis()
	pixels := float64(w) / float64(size.Width)
	ink := brush{s.image, float64(left) * pixels, float64(left+width) * pixels, max(1, pixels*float64(now.scale))}
	if !s.open {
		ink.fill(ink.x0, 0, ink.x1, float64(h), p.Panel)
		if s.track != nil {
			ink.level(s.track, 0, float64(h), p)
			ink.ticks(s.track.events[doors], float64(h)*0.6, float64(h), p, doors)
			ink.ticks(s.track.events[calls], float64(h)*0.3, float64(h)*0.55, p, calls)
			ink.end(s.track, 0, float64(h), p)
		}
		return s.image
	}
	high := float64(h) / float64(lanes)
	for l := range lanes {
		top, bottom := float64(l)*high+ink.px, float64(l+1)*high-ink.px
		ink.fill(ink.x0, bottom, ink.x1, bottom+ink.px, p.Line)
		switch {
		case s.track == nil:
		case l == heap:
			ink.level(s.track, top, bottom, p)
		default:
			ink.ticks(s.track.events[l], top+2*ink.px, bottom-2*ink.px, p, l)
		}
	}
	if s.track != nil {
		ink.end(s.track, 0, float64(h), p)
	}
	return s.image
}

// brush paints between two ends of an axis, in device pixels. A px grows with the
// text.
type brush struct {
	image      *image.RGBA
	x0, x1, px float64
}

func (b brush) fill(x0, y0, x1, y1 float64, c color.Color) {
	draw.Draw(b.image, image.Rect(int(x0), int(y0), max(int(x1), int(x0)+1), max(int(y1), int(y0)+1)), image.NewUniform(c), image.Point{}, draw.Src)
}

// level paints how full the room was. A slot without a reading is as full as the
// one before it.
func (b brush) level(t *track, top, bottom float64, p theme.Palette) {
	high := float64(1)
	for _, bytes := range t.level {
		high = max(high, float64(bytes))
	}
	if limit := float64(t.limit); high > limit/4 {
		high = max(high, limit) // near enough for its limit to mean something
	}
	before := float64(0)
	for x := int(b.x0); x < int(b.x1); x++ {
		from := int(float64(x-int(b.x0)) / (b.x1 - b.x0) * slots)
		to := max(from+1, int(float64(x+1-int(b.x0))/(b.x1-b.x0)*slots))
		bytes := float64(-1)
		for _, reading := range t.level[from:min(to, slots)] {
			bytes = max(bytes, float64(reading))
		}
		if bytes < 0 {
			bytes = before
		}
		before = bytes
		y := bottom - (bottom-top)*bytes/high
		b.fill(float64(x), y, float64(x+1), bottom, p.TealTint)
		b.fill(float64(x), y, float64(x+1), min(bottom, y+1.5*b.px), p.Teal)
	}
}

// ticks paints a mark for each slot in which something happened.
func (b brush) ticks(events [slots]weight, top, bottom float64, p theme.Palette, l lane) {
	inks := map[lane][4]color.NRGBA{
		collections: {plain: p.Violet, notable: p.Violet},
		console:     {plain: p.Muted, notable: p.Amber, grave: p.Red},
		calls:       {plain: p.Teal, notable: p.Amber, grave: p.Red},
		doors:       {plain: p.Red},
	}[l]
	// The weightiest are painted last, so that none is hidden.
	for w := plain; w <= grave; w++ {
		for slot, event := range events {
			if event != w {
				continue
			}
			x, y := b.x0+(b.x1-b.x0)*(float64(slot)+0.5)/slots, top
			if l == collections && w == plain {
				y = (top + bottom) / 2 // a scavenge is small
			}
			b.fill(x-b.px, y, x+b.px, bottom, inks[w])
		}
	}
}

// end paints where the run ended, and where a limit decided that.
func (b brush) end(t *track, top, bottom float64, p theme.Palette) {
	c := p.Green
	if t.grave {
		c = p.Red
	}
	b.fill(b.x1-b.px, top, b.x1+b.px, bottom, c)
	if t.bites >= 0 {
		x := b.x0 + (b.x1-b.x0)*float64(t.bites)/float64(t.span)
		for y := top; y < bottom; y += 5 * b.px {
			b.fill(x-b.px/2, y, x+b.px/2, y+3*b.px, p.Red)
		}
	}
}

// ---- the hand and the keyboard ------------------------------------------------------

var (
	_ fyne.Draggable     = (*strip)(nil)
	_ fyne.Tappable      = (*strip)(nil)
	_ fyne.Focusable     = (*strip)(nil)
	_ desktop.Cursorable = (*strip)(nil)
)

func (s *strip) look(x float32) {
	if s.track != nil {
		s.moved(s.at(x))
	}
}

// Tapped implements fyne.Tappable.
func (s *strip) Tapped(e *fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil {
		c.Focus(s)
	}
	s.look(e.Position.X)
}

// Dragged implements fyne.Draggable.
func (s *strip) Dragged(e *fyne.DragEvent) { s.look(e.Position.X) }

// DragEnd implements fyne.Draggable.
func (s *strip) DragEnd() {}

// Cursor implements desktop.Cursorable.
func (s *strip) Cursor() desktop.Cursor {
	if s.track == nil {
		return desktop.DefaultCursor
	}
	return desktop.HResizeCursor
}

// FocusGained implements fyne.Focusable.
func (s *strip) FocusGained() { s.focused = true; s.Refresh() }

// FocusLost implements fyne.Focusable.
func (s *strip) FocusLost() { s.focused = false; s.Refresh() }

// TypedRune implements fyne.Focusable.
func (s *strip) TypedRune(r rune) {
	if r == ' ' {
		s.nudged(fyne.KeySpace)
	}
}

// TypedKey implements fyne.Focusable.
func (s *strip) TypedKey(key *fyne.KeyEvent) {
	if key.Name != fyne.KeySpace && !s.nudged(key.Name) {
		control.PassOn(s, key)
	}
}

// ---- the widget ---------------------------------------------------------------------

type stripRenderer struct{ s *strip }

// CreateRenderer implements fyne.Widget.
func (s *strip) CreateRenderer() fyne.WidgetRenderer { return stripRenderer{s} }

func (r stripRenderer) Destroy() {}

func (r stripRenderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{r.s.raster}
	for _, name := range r.s.names {
		out = append(out, name)
	}
	return append(out, r.s.cursor, r.s.ring)
}

func (r stripRenderer) MinSize() fyne.Size {
	high := theme.Scaled(thinHigh)
	if r.s.open {
		high = theme.Scaled(laneHigh) * float32(lanes)
	}
	return fyne.NewSize(theme.Scaled(120), high)
}

func (r stripRenderer) Layout(size fyne.Size) {
	s := r.s
	s.raster.Resize(size)
	high := size.Height / float32(lanes)
	for i, name := range s.names {
		name.Hidden = !s.open
		need := name.MinSize().Height
		name.Move(fyne.NewPos(theme.Scaled(4), high*float32(i)+(high-need)/2))
		name.Resize(fyne.NewSize(theme.Scaled(nameWide-14), need))
	}
	s.ring.Resize(size)
	s.placeCursor()
}

func (r stripRenderer) Refresh() {
	s := r.s
	s.ring.StrokeWidth = 0
	if s.focused {
		s.ring.StrokeWidth, s.ring.StrokeColor = theme.Scaled(1.5), theme.Now().Teal
	}
	r.Layout(s.Size())
	s.raster.Refresh()
	s.ring.Refresh()
	for _, name := range s.names {
		name.Refresh()
	}
}
