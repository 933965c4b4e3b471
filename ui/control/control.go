// Package control holds the controls that Fyne has not, or draws otherwise:
// slider, toggle, segments and tabs, and text fields and lists that hand on the
// keys they have no use for. All are reached with Tab, worked with keys, and
// show where the focus is.
package control

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sealedroom/ui/theme"
)

// PassOn hands a key that a focused widget does not use to the window it is in.
// Fyne gives a focused widget every key, and the window none. It knows a widget
// only by its outermost type: never pass an embedded field.
func PassOn(o fyne.CanvasObject, key *fyne.KeyEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil {
		if typed := c.OnTypedKey(); typed != nil {
			typed(key)
		}
	}
}

// outermost remembers the widget that Fyne knows: the one that embeds a control
// of ours, or the control itself.
type outermost struct{ widget fyne.Widget }

// passOn hands a key to the window that the widget is in.
func (o *outermost) passOn(key *fyne.KeyEvent) { PassOn(o.widget, key) }

// handOn gives a key to the window if it is one of the window's, and else to
// the widget, to which Enter is Space.
func (o *outermost) handOn(key *fyne.KeyEvent, typed func(*fyne.KeyEvent)) {
	switch {
	case WindowKey(key.Name):
		o.passOn(key)
	case key.Name == fyne.KeyReturn || key.Name == fyne.KeyEnter:
		typed(&fyne.KeyEvent{Name: fyne.KeySpace})
	default:
		typed(key)
	}
}

// WindowKey reports whether a key means the same wherever the focus is.
func WindowKey(name fyne.KeyName) bool {
	switch name {
	case fyne.KeyEscape, fyne.KeyF1, fyne.KeyF2, fyne.KeyF4, fyne.KeyF5, fyne.KeyF6, fyne.KeyF7, fyne.KeyF8, fyne.KeyF9, fyne.KeyF10, fyne.KeyF11:
		return true
	}
	return false
}

// focusable is what every control of ours has that the keyboard reaches: a ring
// that shows it, and nothing to do for letters. It is embedded.
type focusable struct {
	owner   fyne.CanvasObject
	ring    *canvas.Rectangle
	focused bool
}

func newFocusable(owner fyne.CanvasObject) focusable {
	f := focusable{owner: owner, ring: canvas.NewRectangle(color.Transparent)}
	f.ring.Hide()
	return f
}

func (f *focusable) restyleRing() {
	f.ring.StrokeColor, f.ring.StrokeWidth = theme.Now().Teal, 1.5
	f.ring.CornerRadius = theme.Scaled(4)
	f.ring.Hidden = !f.focused
}

// FocusGained implements fyne.Focusable.
func (f *focusable) FocusGained() {
	f.focused = true
	f.owner.Refresh()
}

// FocusLost implements fyne.Focusable.
func (f *focusable) FocusLost() {
	f.focused = false
	f.owner.Refresh()
}

// TypedRune implements fyne.Focusable.
func (f *focusable) TypedRune(rune) {}

// Cursor implements desktop.Cursorable.
func (f *focusable) Cursor() desktop.Cursor { return desktop.PointerCursor }

// take moves the keyboard to a control that was pressed.
func take(o fyne.Focusable) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o.(fyne.CanvasObject)); c != nil {
		c.Focus(o)
	}
}

// Entry is a text field that hands on the window's keys.
type Entry struct {
	widget.Entry
	outermost
	// OnEscape is called in place of handing Esc on, where it is set.
	OnEscape func()
}

// NewEntry makes an empty field of one line.
func NewEntry() *Entry {
	e := &Entry{}
	e.ExtendBaseWidget(e)
	return e
}

// NewTextArea makes an empty field of several lines, which wraps.
func NewTextArea() *Entry {
	e := NewEntry()
	e.MultiLine, e.Wrapping = true, fyne.TextWrapWord
	return e
}

// ExtendBaseWidget is called with the outermost widget.
func (e *Entry) ExtendBaseWidget(outer fyne.Widget) {
	e.outermost.widget = outer
	e.Entry.ExtendBaseWidget(outer)
}

// TypedKey implements fyne.Focusable.
func (e *Entry) TypedKey(key *fyne.KeyEvent) {
	switch {
	case key.Name == fyne.KeyEscape && e.OnEscape != nil:
		e.OnEscape()
	case WindowKey(key.Name):
		e.passOn(key)
	default:
		e.Entry.TypedKey(key)
	}
}

// List is a virtual list that hands on the window's keys, and in which Enter
// chooses as Space does.
type List struct {
	widget.List
	outermost
	// OnEnter is called after Enter has chosen, where it is set.
	OnEnter func()
}

// NewList makes a list; see widget.NewList.
func NewList(length func() int, create func() fyne.CanvasObject, update func(int, fyne.CanvasObject)) *List {
	l := &List{}
	l.Length, l.CreateItem, l.UpdateItem = length, create, update
	l.HideSeparators = true
	l.ExtendBaseWidget(l)
	return l
}

// ExtendBaseWidget is called with the outermost widget.
func (l *List) ExtendBaseWidget(outer fyne.Widget) {
	l.outermost.widget = outer
	l.List.ExtendBaseWidget(outer)
}

// TypedKey implements fyne.Focusable.
func (l *List) TypedKey(key *fyne.KeyEvent) {
	l.handOn(key, l.List.TypedKey)
	if l.OnEnter != nil && (key.Name == fyne.KeyReturn || key.Name == fyne.KeyEnter) {
		l.OnEnter()
	}
}

// Select is a drop-down choice that hands on the window's keys, and that Enter
// opens as Space does.
type Select struct {
	widget.Select
	outermost
}

// NewSelect makes a choice; see widget.NewSelect.
func NewSelect(options []string, changed func(string)) *Select {
	s := &Select{}
	s.Options, s.OnChanged = options, changed
	s.ExtendBaseWidget(s)
	return s
}

// ExtendBaseWidget is called with the outermost widget.
func (s *Select) ExtendBaseWidget(outer fyne.Widget) {
	s.outermost.widget = outer
	s.Select.ExtendBaseWidget(outer)
}

// TypedKey implements fyne.Focusable.
func (s *Select) TypedKey(key *fyne.KeyEvent) { s.handOn(key, s.Select.TypedKey) }

// Grid is a virtual grid that hands on the window's keys, and in which Enter
// chooses as Space does.
type Grid struct {
	widget.GridWrap
	outermost
}

// NewGrid makes a grid; see widget.NewGridWrap.
func NewGrid(length func() int, create func() fyne.CanvasObject, update func(int, fyne.CanvasObject)) *Grid {
	g := &Grid{}
	g.Length, g.CreateItem, g.UpdateItem = length, create, update
	g.ExtendBaseWidget(g)
	return g
}

// ExtendBaseWidget is called with the outermost widget.
func (g *Grid) ExtendBaseWidget(outer fyne.Widget) {
	g.outermost.widget = outer
	g.GridWrap.ExtendBaseWidget(outer)
}

// TypedKey implements fyne.Focusable.
func (g *Grid) TypedKey(key *fyne.KeyEvent) { g.handOn(key, g.GridWrap.TypedKey) }

// Link is a word that does something when it is pressed. It hands on the
// window's keys, and Enter presses it as Space does.
type Link struct {
	widget.Hyperlink
	outermost
}

// NewLink makes a link.
func NewLink(say string, pressed func()) *Link {
	l := &Link{}
	l.Text, l.OnTapped = say, pressed
	l.ExtendBaseWidget(l)
	return l
}

// ExtendBaseWidget is called with the outermost widget.
func (l *Link) ExtendBaseWidget(outer fyne.Widget) {
	l.outermost.widget = outer
	l.Hyperlink.ExtendBaseWidget(outer)
}

// TypedKey implements fyne.Focusable.
func (l *Link) TypedKey(key *fyne.KeyEvent) { l.handOn(key, l.Hyperlink.TypedKey) }
