package lesson

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// page is the text that scrolls. It takes the keyboard to be read with it, and
// offers its text to be copied.
type page struct {
	widget.BaseWidget
	scroll *container.Scroll
	edge   *canvas.Rectangle // shows the focus
	focus  bool
	text   func() string
}

var (
	_ fyne.Focusable         = (*page)(nil)
	_ fyne.SecondaryTappable = (*page)(nil)
	_ desktop.Mouseable      = (*page)(nil)
)

func newPage(content fyne.CanvasObject, text func() string) *page {
	p := &page{scroll: container.NewVScroll(content), edge: canvas.NewRectangle(color.Transparent), text: text}
	p.ExtendBaseWidget(p)
	return p
}

// MouseDown implements desktop.Mouseable.
func (p *page) MouseDown(*desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(p); c != nil {
		c.Focus(p)
	}
}

// MouseUp implements desktop.Mouseable.
func (p *page) MouseUp(*desktop.MouseEvent) {}

// TappedSecondary implements fyne.SecondaryTappable.
func (p *page) TappedSecondary(e *fyne.PointEvent) {
	c := fyne.CurrentApp().Driver().CanvasForObject(p)
	if c == nil || p.text() == "" {
		return
	}
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", fyne.NewMenuItem("Copy the text", func() {
		fyne.CurrentApp().Clipboard().SetContent(p.text())
	})), c, e.AbsolutePosition)
}

// FocusGained implements fyne.Focusable.
func (p *page) FocusGained() { p.mark(true) }

// FocusLost implements fyne.Focusable.
func (p *page) FocusLost() { p.mark(false) }

func (p *page) mark(on bool) {
	p.focus = on
	p.restyle()
	p.edge.Refresh()
}

func (p *page) restyle() {
	p.edge.FillColor = color.Transparent
	if p.focus {
		p.edge.FillColor = theme.Now().Teal
	}
}

// TypedRune implements fyne.Focusable.
func (p *page) TypedRune(c rune) {
	if c == ' ' {
		control.ScrollByKey(p.scroll, fyne.KeyPageDown)
	}
}

// TypedKey implements fyne.Focusable.
func (p *page) TypedKey(key *fyne.KeyEvent) {
	if key.Name != fyne.KeySpace && !control.ScrollByKey(p.scroll, key.Name) { // Space comes as a rune too
		control.PassOn(p, key)
	}
}

func (p *page) move(by float32) { control.ScrollBy(p.scroll, by) }

// reveal scrolls as far as it takes to see a part of the text.
func (p *page) reveal(part fyne.CanvasObject) {
	driver, margin := fyne.CurrentApp().Driver(), theme.Scaled(12)
	top := driver.AbsolutePositionForObject(part).Y - driver.AbsolutePositionForObject(p).Y - margin
	bottom := top + part.Size().Height + 2*margin
	switch height := p.scroll.Size().Height; {
	case top < 0:
		p.move(top)
	case bottom > height:
		p.move(bottom - height)
	}
}

// CreateRenderer implements fyne.Widget.
func (p *page) CreateRenderer() fyne.WidgetRenderer {
	p.restyle()
	return &pageRenderer{p}
}

type pageRenderer struct{ p *page }

func (r *pageRenderer) Destroy()           {}
func (r *pageRenderer) MinSize() fyne.Size { return r.p.scroll.MinSize() }
func (r *pageRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.p.scroll, r.p.edge}
}

func (r *pageRenderer) Layout(size fyne.Size) {
	r.p.scroll.Resize(size)
	r.p.edge.Resize(fyne.NewSize(theme.Scaled(2), size.Height))
}

func (r *pageRenderer) Refresh() {
	r.p.restyle()
	r.p.scroll.Refresh()
	r.p.edge.Refresh()
}
