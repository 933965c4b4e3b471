// Package dialogs shows dialogs over a window, all in one form.
package dialogs

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// Stack is the dialogs that are open over a window. It is made with New.
type Stack struct {
	Window fyne.Window
	// OnMain runs a function on the window's thread.
	OnMain func(func())
	home   func()          // gives the keyboard to where it belongs when no dialog is open
	open   []dialog.Dialog // the topmost last
}

// New returns a window's stack, which is empty. home is called when the last
// dialog was closed and nothing has the keyboard.
func New(window fyne.Window, onMain func(func()), home func()) *Stack {
	return &Stack{Window: window, OnMain: onMain, home: home}
}

// Show shows a dialog and remembers it for Esc.
func (s *Stack) Show(d dialog.Dialog) {
	s.open = append(s.open, d)
	d.SetOnClosed(func() {
		for i, open := range s.open {
			if open == d {
				s.open = append(s.open[:i], s.open[i+1:]...)
				break
			}
		}
		if len(s.open) == 0 && s.Window.Canvas().Focused() == nil {
			s.home()
		}
	})
	d.Show()
}

// Busy reports whether a dialog or a menu has to be answered first: until then
// nothing else is started, and no other dialog is put over it.
func (s *Stack) Busy() bool {
	return len(s.open) > 0 || s.Window.Canvas().Overlays().Top() != nil
}

// CloseTop closes what lies on top: one of our dialogs, or one that Fyne put over
// it, such as the question whether to replace a file.
func (s *Stack) CloseTop() {
	overlays := s.Window.Canvas().Overlays()
	if n := len(s.open); n > 0 && len(overlays.List()) <= n {
		s.open[n-1].Hide()
	} else if top := overlays.Top(); top != nil {
		overlays.Remove(top)
	}
}

// CloseAll closes all dialogs.
func (s *Stack) CloseAll() {
	for _, open := range slices.Backward(slices.Clone(s.open)) {
		open.Hide()
	}
}

// Top returns the dialog that lies on top; nil where none is open.
func (s *Stack) Top() dialog.Dialog {
	if len(s.open) == 0 {
		return nil
	}
	return s.open[len(s.open)-1]
}

// Fit sizes a dialog as far as there is room in the window. A height of 0 is what
// its content needs.
func (s *Stack) Fit(d dialog.Dialog, width, height float32) {
	size := s.Window.Canvas().Size()
	d.Resize(fyne.NewSize(min(theme.Scaled(width), size.Width*0.94), min(theme.Scaled(height), size.Height*0.9)))
}

// Focus gives the keyboard to a widget in a dialog.
func (s *Stack) Focus(widget fyne.Focusable) { s.Window.Canvas().Focus(widget) }

// Alone returns a function that does nothing while a dialog is open.
func (s *Stack) Alone(do func()) func() {
	return func() {
		if !s.Busy() {
			do()
		}
	}
}

// Tell opens a dialog with what went wrong.
func (s *Stack) Tell(title string, err error) {
	label := control.NewText(widget.MediumImportance)
	label.Selectable = true
	label.SetText(inspector.Visible(err.Error()))
	d := s.New(title, label)
	d.SetButtons([]fyne.CanvasObject{Primary(control.NewButton("Close", func() { d.Hide() }))})
	s.Fit(d, 440, 0)
	s.Show(d)
}

// New makes a dialog with its title over the content, at one left edge.
// Fyne would put the title further left than what it is about.
func (s *Stack) New(title string, content fyne.CanvasObject) *dialog.CustomDialog {
	head := theme.Cut(theme.Heading, theme.RoleText, title)
	if _, text := content.(*widget.Label); text {
		content = container.New(box.Bare{}, content)
	}
	return dialog.NewCustomWithoutButtons("", container.New(titled{}, head, content), s.Window)
}

// titled puts a title where Fyne has room for its own, and the content below it.
type titled struct{}

func (titled) measures(head fyne.CanvasObject) (up, below float32) {
	up = widget.NewLabel("").MinSize().Height
	return up, head.MinSize().Height + theme.Scaled(10) - up
}

func (t titled) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	up, below := t.measures(objects[0])
	objects[0].Move(fyne.NewPos(0, -up))
	objects[0].Resize(fyne.NewSize(size.Width, objects[0].MinSize().Height))
	objects[1].Move(fyne.NewPos(0, below))
	objects[1].Resize(fyne.NewSize(size.Width, max(0, size.Height-below-theme.Scaled(8))))
}

func (t titled) MinSize(objects []fyne.CanvasObject) fyne.Size {
	_, below := t.measures(objects[0])
	size := objects[1].MinSize()
	return fyne.NewSize(max(size.Width, objects[0].(*theme.Label).NaturalWidth()), size.Height+below+theme.Scaled(8))
}

// Prose shows words of the app's own.
func (s *Stack) Prose(title, text string, more ...*control.Button) {
	label := widget.NewLabel(text)
	label.Wrapping = fyne.TextWrapWord
	label.Selectable = true
	s.Page(title, container.NewVScroll(label), text, more...)
}

// Primary makes a button the one that a dialog suggests.
func Primary(b *control.Button) *control.Button {
	b.Importance = widget.HighImportance
	return b
}

// CopyButton copies a text, and says for a moment that it did.
func (s *Stack) CopyButton(text func() string) *control.Button {
	var b *control.Button
	b = control.NewButton("Copy", func() {
		fyne.CurrentApp().Clipboard().SetContent(text())
		b.SetText("Copied ✓")
		time.AfterFunc(CopiedFor, func() { s.OnMain(func() { b.SetText("Copy") }) })
	})
	return b
}

// CopiedFor is how long a button says that it copied.
const CopiedFor = 1500 * time.Millisecond

// Page shows something to read. Buttons that lead on close it first.
func (s *Stack) Page(title string, content fyne.CanvasObject, text string, more ...*control.Button) {
	d := s.New(title, content)
	var buttons []fyne.CanvasObject
	for _, b := range more {
		tapped := b.OnTapped
		b.OnTapped = func() {
			d.Hide()
			tapped()
		}
		buttons = append(buttons, b)
	}
	d.SetButtons(append(buttons,
		s.CopyButton(func() string { return inspector.Visible(text) }),
		Primary(control.NewButton("Close", func() { d.Hide() })),
	))
	s.Fit(d, 680, 400)
	s.Show(d)
}
