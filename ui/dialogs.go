package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/control"
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

func (w *window) tell(title string, err error) {
	w.ask(dialog.NewInformation(title, inspector.Visible(err.Error()), w.window))
}

// openText shows a guest's text in full, to read, search and copy, and above it
// what it tells of, part by part, if that is not nil.
func (w *window) openText(title, text string, parts *engine.Node) {
	reader := newReader(text)
	if parts == nil {
		w.openPage(title, reader, text)
		w.window.Canvas().Focus(reader)
		return
	}
	tree := newResultTree()
	tree.show(parts, "value")
	w.openPage(title, partsAbove(tree, reader), text)
	w.window.Canvas().Focus(tree.tree)
}

// openCall shows a call in full.
func (w *window) openCall(c inspector.Call) {
	d := newCallDetail()
	d.show(c)
	w.openPage(d.title, d.object, d.text)
	w.window.Canvas().Focus(d.guest)
}

// openProse shows words of the app's own.
func (w *window) openProse(title, text string, more ...*control.Button) {
	label := widget.NewLabel(text)
	label.Wrapping = fyne.TextWrapWord
	label.Selectable = true
	w.openPage(title, container.NewVScroll(label), text, more...)
}

// openPage shows something to read. Buttons that lead on close it first.
func (w *window) openPage(title string, content fyne.CanvasObject, text string, more ...*control.Button) {
	d := dialog.NewCustomWithoutButtons(title, content, w.window)
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
		control.NewButton("Copy", func() { w.app.Clipboard().SetContent(inspector.Visible(text)) }),
		control.NewButton("Close", func() { d.Hide() }),
	))
	size := w.window.Canvas().Size()
	d.Resize(fyne.NewSize(min(theme.Scaled(680), size.Width*0.9), min(theme.Scaled(400), size.Height*0.85)))
	w.ask(d)
}
