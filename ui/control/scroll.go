package control

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sealedroom/ui/theme"
)

// Scroll is a column that scrolls, also by keyboard.
type Scroll struct {
	widget.BaseWidget
	focusable
	scroll *container.Scroll
	edge   *canvas.Rectangle // shows the focus: a ring would be cut off
}

var (
	_ fyne.Focusable    = (*Scroll)(nil)
	_ desktop.Mouseable = (*Scroll)(nil)
)

// NewScroll makes a column of this content.
func NewScroll(content fyne.CanvasObject) *Scroll {
	s := &Scroll{scroll: container.NewVScroll(content), edge: canvas.NewRectangle(color.Transparent)}
	s.focusable = newFocusable(s)
	s.ExtendBaseWidget(s)
	return s
}

// ScrollToTop shows the beginning.
func (s *Scroll) ScrollToTop() { s.scroll.ScrollToTop() }

// MouseDown implements desktop.Mouseable.
func (s *Scroll) MouseDown(*desktop.MouseEvent) { take(s) }

// MouseUp implements desktop.Mouseable.
func (s *Scroll) MouseUp(*desktop.MouseEvent) {}

// Cursor implements desktop.Cursorable.
func (s *Scroll) Cursor() desktop.Cursor { return desktop.DefaultCursor }

// TypedRune implements fyne.Focusable.
func (s *Scroll) TypedRune(c rune) {
	if c == ' ' {
		ScrollByKey(s.scroll, fyne.KeyPageDown)
	}
}

// TypedKey implements fyne.Focusable.
func (s *Scroll) TypedKey(key *fyne.KeyEvent) {
	if key.Name != fyne.KeySpace && !ScrollByKey(s.scroll, key.Name) { // Space comes as a rune too
		PassOn(s, key)
	}
}

// ScrollByKey moves what scrolls as a key asks; false where it asks for nothing.
func ScrollByKey(s *container.Scroll, key fyne.KeyName) bool {
	line, screen := theme.Scaled(40), 0.85*s.Size().Height
	switch key {
	case fyne.KeyDown:
		ScrollBy(s, line)
	case fyne.KeyUp:
		ScrollBy(s, -line)
	case fyne.KeyPageDown:
		ScrollBy(s, screen)
	case fyne.KeyPageUp:
		ScrollBy(s, -screen)
	case fyne.KeyHome:
		s.ScrollToTop()
	case fyne.KeyEnd:
		s.ScrollToBottom()
	default:
		return false
	}
	return true
}

// ScrollBy moves what scrolls by a length, within its bounds.
func ScrollBy(s *container.Scroll, by float32) {
	most := max(0, s.Content.Size().Height-s.Size().Height)
	s.ScrollToOffset(fyne.NewPos(0, min(most, max(0, s.Offset.Y+by))))
}

// CreateRenderer implements fyne.Widget.
func (s *Scroll) CreateRenderer() fyne.WidgetRenderer {
	r := &scrollRenderer{s}
	r.restyle()
	return r
}

type scrollRenderer struct{ s *Scroll }

func (r *scrollRenderer) Destroy()           {}
func (r *scrollRenderer) MinSize() fyne.Size { return r.s.scroll.MinSize() }
func (r *scrollRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.s.scroll, r.s.edge}
}

func (r *scrollRenderer) restyle() {
	r.s.edge.FillColor = color.Transparent
	if r.s.focused {
		r.s.edge.FillColor = theme.Now().Teal
	}
}

func (r *scrollRenderer) Layout(size fyne.Size) {
	r.s.scroll.Resize(size)
	r.s.edge.Resize(fyne.NewSize(theme.Scaled(2), size.Height))
}

func (r *scrollRenderer) Refresh() {
	r.restyle()
	r.s.scroll.Refresh()
	r.s.edge.Refresh()
}
