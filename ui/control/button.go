package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Button is a button that hands on the window's keys, and that Enter presses as
// Space does.
type Button struct {
	widget.Button
	outermost
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
