package ui

import (
	"fyne.io/fyne/v2"

	"sealedroom/ui/document"
	"sealedroom/ui/editor"
	"sealedroom/ui/kit/pointer"
	"sealedroom/ui/theme"
)

// look is how the window appears.
type look struct {
	mode       theme.Mode
	scale      float32 // of the text
	large      float32 // of the text while presenting
	presenting bool
	unwrapped  bool // lines of the editor go on beyond its edge

	code    *editor.Editor
	tips    *pointer.Pointer
	changed func() // is called after a change
}

// How large text is for a room full of people, until they want it otherwise.
const presenterScale = 1.5

const minScale, maxScale = 0.8, 2

func (l *look) applyTheme() {
	fyne.CurrentApp().Settings().SetTheme(&theme.Theme{Mode: l.mode, Scale: *l.textScale()})
	l.tips.ClearTip() // it has the size of before
}

// textScale is the scale in use: presenting has one of its own.
func (l *look) textScale() *float32 {
	if l.presenting {
		return &l.large
	}
	return &l.scale
}

// zoom changes the size of the text by a step; 0 makes it normal.
func (l *look) zoom(by float32) {
	scale := l.textScale()
	*scale += by
	if by == 0 {
		*scale = 1
		if l.presenting {
			*scale = presenterScale
		}
	}
	l.setAppearance(l.mode, l.scale)
}

// nextTheme goes on to the other variant: each press shows.
func (l *look) nextTheme() {
	next := theme.AlwaysDark
	if theme.Now() == theme.Dark {
		next = theme.AlwaysLight
	}
	l.setAppearance(next, l.scale)
}

func (l *look) setAppearance(mode theme.Mode, scale float32) {
	within := func(scale float32) float32 { return min(maxScale, max(minScale, scale)) }
	l.mode, l.scale, l.large = mode, within(scale), within(l.large)
	l.applyTheme()
	l.changed()
}

// setWrap breaks lines of the guest that are too long for the editor, or lets it
// scroll sideways.
func (l *look) setWrap(on bool) {
	l.unwrapped = !on
	l.code.SetWrap(on)
	l.changed()
}

// restore shows a look that was kept.
func (l *look) restore(kept document.Layout) {
	l.large, l.unwrapped = kept.Large, kept.Unwrapped
	l.code.SetWrap(!kept.Unwrapped)
	l.setAppearance(kept.Mode, kept.Scale)
}
