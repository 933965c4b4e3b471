package ui

import (
	"time"

	"fyne.io/fyne/v2"

	"sealedroom/inspector"
	"sealedroom/ui/control"
	"sealedroom/ui/kit/dialogs"
)

// asking shows the call that a person is asked about, and moves the keyboard
// there and back.
type asking struct {
	*arrangement
	dialogs *dialogs.Stack
	before  fyne.Focusable // had the keyboard until the prompt took it
}

// update shows the call that waits for the person; true when that
// changed. The keyboard goes to it unless the person is typing, and then back.
func (a *asking) update(s *inspector.State) bool {
	prompt, c := a.inspector.Asking, a.canvas
	focused := c.Focused()
	if !prompt.Update(s) {
		return false
	}
	a.inspector.Object.Refresh()
	a.markWaiting(s.Waiting)
	has := focused == fyne.Focusable(prompt)
	switch {
	case s.Waiting == nil && (focused == nil || has):
		if has {
			a.answered = time.Now()
		}
		if before := a.before; before != nil && c.Focused() != before {
			c.Focus(before)
		} else {
			a.typeInEditor()
		}
		a.before = nil
	case s.Waiting != nil && !has && !a.dialogs.Busy() && !a.typing(focused):
		a.before = focused
		c.Focus(prompt)
	}
	return true
}

// typing reports whether a person may be writing: the prompt takes the keyboard
// from no text that was changed since the run began.
func (a *asking) typing(focused fyne.Focusable) bool {
	if focused == fyne.Focusable(a.editor) {
		return !a.asRun()
	}
	_, field := focused.(*control.Entry)
	return field
}
