// Package code makes editors that look as the window does: one to write code in,
// and readers for what a guest wrote.
package code

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"sealedroom/inspector"
	"sealedroom/ui/control"
	"sealedroom/ui/editor"
	"sealedroom/ui/theme"
)

func editorPalette() editor.Palette {
	if theme.Now() == theme.Light {
		return editor.Light()
	}
	return editor.Dark()
}

// NewEditor makes an editor that looks as the window does. In pictures and
// tests, where no thread is the window's, it does nothing in parallel to its caller.
func NewEditor() *editor.Editor {
	e := editor.New()
	e.Palette = editorPalette
	_, display := fyne.CurrentApp().Driver().(desktop.Driver)
	e.Immediate = !display
	return e
}

// NewReader shows a guest's text, in lines that fit its width: nothing of it
// controls the screen, all of it can be searched and copied.
func NewReader(text string) *editor.Editor {
	e := NewEditor()
	e.ReadOnly, e.Plain = true, true
	e.SetWrap(true)
	e.OnKey = func(key *fyne.KeyEvent) { control.PassOn(e, key) }
	e.SetText(inspector.Visible(text))
	return e
}
