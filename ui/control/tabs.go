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

// Tabs shows one of several contents, with their titles in a row above. Arrow
// keys change the tab.
type Tabs struct {
	Object fyne.CanvasObject
	// OnChanged is called with the tab that is shown now.
	OnChanged func(int)

	strip    *strip
	contents []fyne.CanvasObject
}

// Tab is a title and what it shows.
type Tab struct {
	Title   string
	Content fyne.CanvasObject
}

// NewTabs shows the first of these.
func NewTabs(tabs ...Tab) *Tabs {
	t := &Tabs{strip: newStrip(len(tabs))}
	stack := container.NewStack()
	for i, tab := range tabs {
		t.strip.titles[i] = tab.Title
		t.contents = append(t.contents, tab.Content)
		stack.Add(tab.Content)
		if i > 0 {
			tab.Content.Hide()
		}
	}
	t.strip.changed = t.Select
	clip := container.NewClip(t.strip)
	clip.ExtendBaseWidget(clip) // else it ignores its first size
	t.Object = container.NewBorder(container.New(row{}, clip), nil, nil, nil, stack)
	return t
}

// Chosen is the number of the tab that is shown.
func (t *Tabs) Chosen() int { return t.strip.chosen }

// Select shows a tab.
func (t *Tabs) Select(i int) {
	if i < 0 || i >= len(t.contents) || i == t.strip.chosen {
		return
	}
	t.contents[t.strip.chosen].Hide()
	t.strip.chosen = i
	t.contents[i].Show()
	t.strip.Refresh()
	if t.OnChanged != nil {
		t.OnChanged(i)
	}
}

// SetTitle renames a tab.
func (t *Tabs) SetTitle(i int, title string) {
	if t.strip.titles[i] != title {
		t.strip.titles[i] = title
		t.strip.Refresh()
	}
}

// Focus gives the keyboard to the row of titles.
func (t *Tabs) Focus() { take(t.strip) }

// row is as high as its titles, and may be narrower than they are together.
type row struct{}

func (row) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }
func (row) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, theme.Scaled(stripHeight))
}

// Focused says whether the row of titles has the keyboard.
func (t *Tabs) Focused() bool { return t.strip.focused }

const stripHeight = 30

// strip is the row of titles.
type strip struct {
	widget.BaseWidget
	focusable
	changed func(int)
	titles  []string
	chosen  int
	hovered int // -1: none
	texts   []*canvas.Text
	line    *canvas.Rectangle
	more    [2]*canvas.Text      // signs at the ends that there are titles beyond
	cover   [2]*canvas.Rectangle // the ground of these signs
}

var (
	_ fyne.Focusable     = (*strip)(nil)
	_ fyne.Tappable      = (*strip)(nil)
	_ desktop.Cursorable = (*strip)(nil)
	_ desktop.Hoverable  = (*strip)(nil)
)

func newStrip(n int) *strip {
	s := &strip{titles: make([]string, n), hovered: -1, line: canvas.NewRectangle(color.Transparent)}
	for range n {
		s.texts = append(s.texts, canvas.NewText("", color.Transparent))
	}
	for i, sign := range []string{"‹", "›"} { // hidden until it is laid out
		s.more[i], s.cover[i] = canvas.NewText(sign, color.Transparent), canvas.NewRectangle(color.Transparent)
	}
	s.focusable = newFocusable(s)
	s.ExtendBaseWidget(s)
	return s
}

// at is where a title begins, and its width.
func (s *strip) at(wanted int) (x, width float32) {
	for i, title := range s.titles {
		width = theme.Text(theme.Body, color.Transparent, title).MinSize().Width + theme.Scaled(22)
		if i == wanted {
			return x, width
		}
		x += width
	}
	return x, 0
}

// offset is how far the row is moved to the left, so that the chosen title is
// in sight where there is no room for all.
func (s *strip) offset() float32 {
	all, _ := s.at(len(s.titles))
	x, width := s.at(s.chosen)
	return max(0, min(all-s.Size().Width, x+width/2-s.Size().Width/2))
}

// Tapped shows the tab that was pressed; a sign for more, the next one that way.
func (s *strip) Tapped(e *fyne.PointEvent) {
	if edge := theme.Scaled(16); !s.more[0].Hidden && e.Position.X < edge {
		s.changed(max(0, s.chosen-1))
		return
	} else if !s.more[1].Hidden && e.Position.X > s.Size().Width-edge {
		s.changed(min(len(s.titles)-1, s.chosen+1))
		return
	}
	if i := s.titleAt(e.Position.X); i >= 0 {
		s.changed(i)
	}
}

// titleAt returns the number of the title at a place in the row; -1 where none is.
func (s *strip) titleAt(at float32) int {
	for i := range s.titles {
		if x, width := s.at(i); at+s.offset() >= x && at+s.offset() < x+width {
			return i
		}
	}
	return -1
}

// MouseIn implements desktop.Hoverable.
func (s *strip) MouseIn(e *desktop.MouseEvent) { s.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (s *strip) MouseMoved(e *desktop.MouseEvent) { s.hover(s.titleAt(e.Position.X)) }

// MouseOut implements desktop.Hoverable.
func (s *strip) MouseOut() { s.hover(-1) }

func (s *strip) hover(i int) {
	if s.hovered != i {
		s.hovered = i
		s.Refresh()
	}
}

func (s *strip) TypedKey(key *fyne.KeyEvent) {
	n := len(s.titles)
	switch key.Name {
	case fyne.KeyLeft:
		s.changed((s.chosen + n - 1) % n)
	case fyne.KeyRight:
		s.changed((s.chosen + 1) % n)
	case fyne.KeyHome:
		s.changed(0)
	case fyne.KeyEnd:
		s.changed(n - 1)
	default:
		PassOn(s, key)
	}
}

func (s *strip) MinSize() fyne.Size {
	s.ExtendBaseWidget(s)
	return fyne.NewSize(0, theme.Scaled(stripHeight))
}

func (s *strip) CreateRenderer() fyne.WidgetRenderer {
	r := &stripRenderer{s}
	r.restyle()
	return r
}

type stripRenderer struct{ s *strip }

func (r *stripRenderer) Destroy()           {}
func (r *stripRenderer) MinSize() fyne.Size { return r.s.MinSize() }
func (r *stripRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.s.line, r.s.ring}
	for _, t := range r.s.texts {
		objects = append(objects, t)
	}
	return append(objects, r.s.cover[0], r.s.cover[1], r.s.more[0], r.s.more[1])
}

func (r *stripRenderer) restyle() {
	p := theme.Now()
	r.s.line.FillColor = p.Teal
	for i := range r.s.more {
		theme.Restyle(r.s.more[i], theme.Bold, p.Teal)
		r.s.cover[i].FillColor = p.Ground
	}
	for i, t := range r.s.texts {
		t.Text = r.s.titles[i]
		theme.Restyle(t, theme.Body, p.Muted)
		if i == r.s.chosen || i == r.s.hovered {
			t.Color = p.Text
		}
	}
	r.s.restyleRing()
}

func (r *stripRenderer) Layout(size fyne.Size) {
	s := r.s
	offset := s.offset()
	all, _ := s.at(len(s.titles))
	for i, beyond := range []bool{offset > 1, all-offset > size.Width+1} {
		width := theme.Scaled(16)
		s.more[i].Hidden, s.cover[i].Hidden = !beyond, !beyond
		x := float32(i) * (size.Width - width)
		s.cover[i].Move(fyne.NewPos(x, 0))
		s.cover[i].Resize(fyne.NewSize(width, size.Height))
		sign := s.more[i].MinSize()
		s.more[i].Move(fyne.NewPos(x+(width-sign.Width)/2, (size.Height-sign.Height)/2))
	}
	for i, t := range s.texts {
		x, width := s.at(i)
		x -= offset
		text := t.MinSize()
		t.Move(fyne.NewPos(x+(width-text.Width)/2, (size.Height-text.Height)/2))
		if i == s.chosen {
			s.line.Move(fyne.NewPos(x, size.Height-theme.Scaled(2)))
			s.line.Resize(fyne.NewSize(width, theme.Scaled(2)))
			s.ring.Move(fyne.NewPos(x+2, 2))
			s.ring.Resize(fyne.NewSize(width-4, size.Height-theme.Scaled(5)))
		}
	}
}

func (r *stripRenderer) Refresh() {
	r.restyle()
	r.Layout(r.s.Size())
	canvas.Refresh(r.s)
}
