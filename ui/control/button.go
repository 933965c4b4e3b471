package control

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sealedroom/ui/theme"
)

// Button is a button that hands on the window's keys, and that Enter presses as
// Space does.
type Button struct {
	widget.Button
	outermost
	// Hint names the button's keys, and is drawn behind its text.
	Hint string
	// Tip says what a button does that has no text; OnTip is called when it is to
	// be shown, and when no more.
	Tip   string
	OnTip func(bool)
}

// NewButton makes a button; see widget.NewButton.
func NewButton(text string, pressed func()) *Button { return NewIconButton(text, nil, pressed) }

// NewIconButton makes a button with an icon; see widget.NewButtonWithIcon.
func NewIconButton(text string, icon fyne.Resource, pressed func()) *Button {
	b := &Button{}
	b.Text, b.Icon, b.OnTapped = text, icon, pressed
	b.ExtendBaseWidget(b)
	return b
}

// ExtendBaseWidget is called with the outermost widget.
func (b *Button) ExtendBaseWidget(outer fyne.Widget) {
	b.outermost.widget = outer
	b.Button.ExtendBaseWidget(outer)
}

// TypedKey implements fyne.Focusable.
func (b *Button) TypedKey(key *fyne.KeyEvent) { b.handOn(key, b.Button.TypedKey) }

// FocusGained implements fyne.Focusable.
func (b *Button) FocusGained() {
	b.Button.FocusGained()
	b.tip(true)
}

// FocusLost implements fyne.Focusable.
func (b *Button) FocusLost() {
	b.Button.FocusLost()
	b.tip(false)
}

// MouseIn implements desktop.Hoverable.
func (b *Button) MouseIn(e *desktop.MouseEvent) {
	b.Button.MouseIn(e)
	b.tip(true)
}

// MouseOut implements desktop.Hoverable.
func (b *Button) MouseOut() {
	b.Button.MouseOut()
	b.tip(false)
}

func (b *Button) tip(on bool) {
	if b.Tip != "" && b.OnTip != nil {
		b.OnTip(on)
	}
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	drawn := b.Button.CreateRenderer()
	if b.Hint == "" {
		return drawn
	}
	b.Alignment = widget.ButtonAlignLeading
	r := &hintRenderer{WidgetRenderer: drawn, b: b, hint: canvas.NewText(b.Hint, color.Transparent)}
	r.restyle()
	return r
}

// hintRenderer draws a button with its keys at the right.
type hintRenderer struct {
	fyne.WidgetRenderer
	b    *Button
	hint *canvas.Text
}

const hintGap, hintEnd = 6, 12

func (r *hintRenderer) restyle() {
	p := theme.Now()
	ink := p.Muted
	if r.b.Importance == widget.HighImportance && !r.b.Disabled() {
		ink = p.OnTeal
	} else if r.b.Importance == widget.DangerImportance {
		ink = p.Ground
	}
	theme.Restyle(r.hint, theme.Caption, ink)
}

func (r *hintRenderer) Objects() []fyne.CanvasObject {
	return append(r.WidgetRenderer.Objects(), r.hint)
}

func (r *hintRenderer) MinSize() fyne.Size {
	size := r.WidgetRenderer.MinSize()
	return fyne.NewSize(size.Width+theme.Scaled(hintGap+hintEnd)+r.hint.MinSize().Width, size.Height)
}

func (r *hintRenderer) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	hint := r.hint.MinSize()
	r.hint.Move(fyne.NewPos(size.Width-theme.Scaled(hintEnd)-hint.Width, (size.Height-hint.Height)/2))
	r.hint.Resize(hint)
}

func (r *hintRenderer) Refresh() {
	r.restyle()
	r.WidgetRenderer.Refresh()
	r.Layout(r.b.Size())
	r.hint.Refresh()
}
