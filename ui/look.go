package ui

import (
	"sealedroom/ui/theme"
)

// look is how the window appears.
type look struct {
	mode       theme.Mode
	scale      float32 // of the text
	large      float32 // of the text while presenting
	presenting bool
	unwrapped  bool // lines of the editor go on beyond its edge
}

// How large text is for a room full of people, until they want it otherwise.
const presenterScale = 1.5

const minScale, maxScale = 0.8, 2

func (w *window) applyTheme() {
	w.app.Settings().SetTheme(&theme.Theme{Mode: w.mode, Scale: *w.textScale()})
	w.pointer.clearTip() // it has the size of before
}

// textScale is the scale in use: presenting has one of its own.
func (w *window) textScale() *float32 {
	if w.presenting {
		return &w.large
	}
	return &w.scale
}

// zoom changes the size of the text by a step; 0 makes it normal.
func (w *window) zoom(by float32) {
	scale := w.textScale()
	*scale += by
	if by == 0 {
		*scale = 1
		if w.presenting {
			*scale = presenterScale
		}
	}
	w.setAppearance(w.mode, w.scale)
}

// nextTheme goes on to the other variant: each press shows.
func (w *window) nextTheme() {
	next := theme.AlwaysDark
	if theme.Now() == theme.Dark {
		next = theme.AlwaysLight
	}
	w.setAppearance(next, w.scale)
}

func (w *window) setAppearance(mode theme.Mode, scale float32) {
	within := func(scale float32) float32 { return min(maxScale, max(minScale, scale)) }
	w.mode, w.scale, w.large = mode, within(scale), within(w.large)
	w.applyTheme()
	w.store.keepLayout(w)
	w.window.Content().Refresh()
	w.setMenu()
}

// setWrap breaks lines of the guest that are too long for the editor, or has it
// scroll sideways.
func (w *window) setWrap(on bool) {
	w.unwrapped = !on
	w.editor.SetWrap(on)
	w.store.keepLayout(w)
	w.window.SetMainMenu(w.menu())
}
