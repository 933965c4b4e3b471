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

// PassOn hands a key that a focused widget has no use for to the window it is
// in. Fyne gives a focused widget every key, and the window none.
func PassOn(o fyne.CanvasObject, key *fyne.KeyEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil {
		if typed := c.OnTypedKey(); typed != nil {
			typed(key)
		}
	}
}

// windowKey says whether a key means the same wherever the focus is.
func windowKey(name fyne.KeyName) bool {
	switch name {
	case fyne.KeyEscape, fyne.KeyF1, fyne.KeyF2, fyne.KeyF4, fyne.KeyF5, fyne.KeyF6, fyne.KeyF7, fyne.KeyF8, fyne.KeyF9, fyne.KeyF10, fyne.KeyF11:
		return true
	}
	return false
}

// handOn gives a key to the window if it is one of the window's, and else to
// the widget, to which Enter is Space.
func handOn(o fyne.CanvasObject, key *fyne.KeyEvent, typed func(*fyne.KeyEvent)) {
	switch {
	case windowKey(key.Name):
		PassOn(o, key)
	case key.Name == fyne.KeyReturn || key.Name == fyne.KeyEnter:
		typed(&fyne.KeyEvent{Name: fyne.KeySpace})
	default:
		typed(key)
	}
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
	// OnEscape is called in place of handing Esc on, where it is set.
	OnEscape func()
}

// NewEntry makes an empty field.
func NewEntry() *Entry {
	e := &Entry{}
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey implements fyne.Focusable.
func (e *Entry) TypedKey(key *fyne.KeyEvent) {
	switch {
	case key.Name == fyne.KeyEscape && e.OnEscape != nil:
		e.OnEscape()
	case windowKey(key.Name):
		PassOn(e, key)
	default:
		e.Entry.TypedKey(key)
	}
}

// List is a virtual list that hands on the window's keys, and in which Enter
// chooses as Space does.
type List struct{ widget.List }

// NewList makes a list; see widget.NewList.
func NewList(length func() int, create func() fyne.CanvasObject, update func(int, fyne.CanvasObject)) *List {
	l := &List{}
	l.Length, l.CreateItem, l.UpdateItem = length, create, update
	l.HideSeparators = true
	l.ExtendBaseWidget(l)
	return l
}

// TypedKey implements fyne.Focusable.
func (l *List) TypedKey(key *fyne.KeyEvent) { handOn(l, key, l.List.TypedKey) }

// Select is a drop-down choice that hands on the window's keys.
type Select struct{ widget.Select }

// NewSelect makes a choice; see widget.NewSelect.
func NewSelect(options []string, changed func(string)) *Select {
	s := &Select{}
	s.Options, s.OnChanged = options, changed
	s.ExtendBaseWidget(s)
	return s
}

// TypedKey implements fyne.Focusable.
func (s *Select) TypedKey(key *fyne.KeyEvent) {
	if windowKey(key.Name) {
		PassOn(s, key)
		return
	}
	s.Select.TypedKey(key)
}

// Grid is a virtual grid that hands on the window's keys, and in which Enter
// chooses as Space does.
type Grid struct{ widget.GridWrap }

// NewGrid makes a grid; see widget.NewGridWrap.
func NewGrid(length func() int, create func() fyne.CanvasObject, update func(int, fyne.CanvasObject)) *Grid {
	g := &Grid{}
	g.Length, g.CreateItem, g.UpdateItem = length, create, update
	g.ExtendBaseWidget(g)
	return g
}

// TypedKey implements fyne.Focusable.
func (g *Grid) TypedKey(key *fyne.KeyEvent) { handOn(g, key, g.GridWrap.TypedKey) }
