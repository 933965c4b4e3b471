package ui

import (
	"sealedroom/ui/kit/code"

	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/panes"
	"sealedroom/ui/theme"
)

// ask shows a dialog and remembers it for Esc.
func (w *window) ask(d dialog.Dialog) {
	w.dialogs = append(w.dialogs, d)
	d.SetOnClosed(func() {
		for i, open := range w.dialogs {
			if open == d {
				w.dialogs = append(w.dialogs[:i], w.dialogs[i+1:]...)
				break
			}
		}
		if len(w.dialogs) == 0 && w.window.Canvas().Focused() == nil {
			w.typeInEditor()
		}
	})
	d.Show()
}

// busy reports whether a dialog or a menu has to be answered first: until then
// nothing else is started, and no other dialog is put over it.
func (w *window) busy() bool {
	return len(w.dialogs) > 0 || w.window.Canvas().Overlays().Top() != nil
}

// closeTop closes what lies on top: one of our dialogs, or one that Fyne put over
// it, such as the question whether to replace a file.
func (w *window) closeTop() {
	overlays := w.window.Canvas().Overlays()
	if n := len(w.dialogs); n > 0 && len(overlays.List()) <= n {
		w.dialogs[n-1].Hide()
	} else if top := overlays.Top(); top != nil {
		overlays.Remove(top)
	}
}

// alone returns a function that does nothing while a dialog is open.
func (w *window) alone(do func()) func() {
	return func() {
		if !w.busy() {
			do()
		}
	}
}

// tell says what went wrong.
func (w *window) tell(title string, err error) {
	label := control.NewText(widget.MediumImportance)
	label.Selectable = true
	label.SetText(inspector.Visible(err.Error()))
	d := w.newDialog(title, label)
	d.SetButtons([]fyne.CanvasObject{primary(control.NewButton("Close", func() { d.Hide() }))})
	size := w.window.Canvas().Size()
	d.Resize(fyne.NewSize(min(theme.Scaled(440), size.Width*0.9), 0))
	w.ask(d)
}

// newDialog makes a dialog with its title over the content, at one left edge.
// Fyne would put the title further left than what it is about.
func (w *window) newDialog(title string, content fyne.CanvasObject) *dialog.CustomDialog {
	head := theme.Cut(theme.Heading, theme.RoleText, title)
	if _, text := content.(*widget.Label); text {
		content = container.New(box.Bare{}, content)
	}
	return dialog.NewCustomWithoutButtons("", container.New(titled{}, head, content), w.window)
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

// openText shows a guest's text in full, to read, search and copy, and above it
// what it tells of, part by part, if that is not nil.
func (w *window) openText(title, text string, parts *engine.Node) {
	reader := code.NewReader(text)
	if parts == nil {
		w.openPage(title, reader, text)
		w.window.Canvas().Focus(reader)
		return
	}
	tree := panes.NewResultTree()
	tree.Show(parts, "value")
	w.openPage(title, panes.PartsAbove(tree, reader), text)
	w.window.Canvas().Focus(tree.Tree)
}

// openCall shows a call in full.
func (w *window) openCall(c inspector.Call) {
	d := panes.NewCallDetail()
	d.Show(c)
	w.openPage(d.Title, d.Object, d.Text)
	w.window.Canvas().Focus(d.Guest)
}

// openProse shows words of the app's own.
func (w *window) openProse(title, text string, more ...*control.Button) {
	label := widget.NewLabel(text)
	label.Wrapping = fyne.TextWrapWord
	label.Selectable = true
	w.openPage(title, container.NewVScroll(label), text, more...)
}

// primary makes a button the one that a dialog suggests.
func primary(b *control.Button) *control.Button {
	b.Importance = widget.HighImportance
	return b
}

// copyButton copies a text, and says for a moment that it did.
func (w *window) copyButton(text func() string) *control.Button {
	var b *control.Button
	b = control.NewButton("Copy", func() {
		w.app.Clipboard().SetContent(text())
		b.SetText("Copied ✓")
		time.AfterFunc(copiedFor, func() { w.live.onMain(func() { b.SetText("Copy") }) })
	})
	return b
}

// copiedFor is how long a button says that it copied.
const copiedFor = 1500 * time.Millisecond

// openPage shows something to read. Buttons that lead on close it first.
func (w *window) openPage(title string, content fyne.CanvasObject, text string, more ...*control.Button) {
	d := w.newDialog(title, content)
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
		w.copyButton(func() string { return inspector.Visible(text) }),
		primary(control.NewButton("Close", func() { d.Hide() })),
	))
	size := w.window.Canvas().Size()
	d.Resize(fyne.NewSize(min(theme.Scaled(680), size.Width*0.9), min(theme.Scaled(400), size.Height*0.85)))
	w.ask(d)
}
