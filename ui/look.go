package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"sealedroom/ui/editor"
	"sealedroom/ui/theme"
)

// look is how the window appears.
type look struct {
	mode       theme.Mode
	scale      float32 // of the text
	presenting bool
	unwrapped  bool // lines of the editor go on beyond its edge
}

// presenterScale is how large text is at least for a room full of people.
const presenterScale = 1.5

func (w *window) applyTheme() {
	scale := w.scale
	if w.presenting {
		scale = max(scale, presenterScale)
	}
	w.app.Settings().SetTheme(&theme.Theme{Mode: w.mode, Scale: scale})
}

func (w *window) nextTheme() {
	next := map[theme.Mode]theme.Mode{theme.FollowSystem: theme.AlwaysDark, theme.AlwaysDark: theme.AlwaysLight, theme.AlwaysLight: theme.FollowSystem}
	w.setAppearance(next[w.mode], w.scale)
}

func (w *window) setAppearance(mode theme.Mode, scale float32) {
	w.mode, w.scale = mode, min(2, max(0.8, scale))
	w.applyTheme()
	w.session.keepLayout(w)
	w.window.Content().Refresh()
	w.window.SetMainMenu(w.menu())
}

// setWrap breaks lines of the guest that are too long for the editor, or has it
// scroll sideways.
func (w *window) setWrap(on bool) {
	w.unwrapped = !on
	w.editor.SetWrap(on)
	w.session.keepLayout(w)
	w.window.SetMainMenu(w.menu())
}

func editorPalette() editor.Palette {
	if theme.Now() == theme.Light {
		return editor.Light()
	}
	return editor.Dark()
}

// newEditor makes an editor that looks as the window does. In pictures and
// tests, where no thread is the window's, it does nothing beside its caller.
func newEditor() *editor.Editor {
	e := editor.New()
	e.Palette = editorPalette
	_, display := fyne.CurrentApp().Driver().(desktop.Driver)
	e.Immediate = !display
	return e
}
