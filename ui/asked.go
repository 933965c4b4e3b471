package ui

import (
	"time"
	"unicode"

	"fyne.io/fyne/v2"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/control"
	"sealedroom/ui/editor"
	"sealedroom/ui/panes"
)

// asked is what the window remembers while the guest asks, and shortly after.
type asked struct {
	before   fyne.Focusable // had the keyboard until the prompt took it
	answered time.Time      // when a key last decided; strays may follow
}

// strayFor is how long keys that decide are dropped in the editor after a
// decision: a person who presses one too many, or holds it down, means the prompt.
const strayFor = 1200 * time.Millisecond

// showAsking shows the call that a person is asked about; true when that
// changed. The keyboard goes to it unless the person is typing, and then back.
func (w *window) showAsking(s *inspector.State) bool {
	prompt, c := w.inspector.Asking, w.window.Canvas()
	focused := c.Focused()
	if !prompt.Update(s) {
		return false
	}
	w.inspector.Object.Refresh()
	w.markWaiting(s.Waiting)
	has := focused == fyne.Focusable(prompt)
	switch {
	case s.Waiting == nil && (focused == nil || has):
		if has {
			w.asked.answered = time.Now()
		}
		if before := w.asked.before; before != nil && c.Focused() != before {
			c.Focus(before)
		} else {
			w.typeInEditor()
		}
		w.asked.before = nil
	case s.Waiting != nil && !has && !w.busy() && !w.typing(focused):
		w.asked.before = focused
		c.Focus(prompt)
	}
	return true
}

// typing reports whether a person may be writing: the prompt takes the keyboard
// from no text that was changed since the run began.
func (w *window) typing(focused fyne.Focusable) bool {
	if focused == fyne.Focusable(w.editor) {
		return w.editor.Revision() != w.ranRevision
	}
	_, field := focused.(*control.Entry)
	return field
}

// markWaiting points in the editor at the line of the call that waits.
func (w *window) markWaiting(call *engine.Asked) {
	if w.editor.Revision() != w.ranRevision {
		return
	}
	if call == nil || call.Line <= 0 {
		w.editor.SetMarks(nil)
		w.editor.SetErrorLine(0)
		return
	}
	line, _ := w.editor.FromJavaScript(call.Line, 1)
	note := "waiting for you: " + inspector.Line(call.Capability+"."+call.Method)
	w.editor.SetMarks([]editor.Mark{{Line: line, Kind: editor.MarkTeller, Note: note}})
	w.editor.SetErrorLine(line)
	w.editor.Reveal(line)
}

// strayVerdict reports whether a character typed in the editor was meant for the
// prompt that was there a moment ago. Any other character ends that.
func (w *window) strayVerdict(r rune) bool {
	if time.Since(w.asked.answered) > strayFor {
		return false
	}
	for _, v := range panes.VerdictKeys {
		if unicode.ToLower(r) == v.Key {
			w.asked.answered = time.Now()
			return true
		}
	}
	w.asked.answered = time.Time{}
	return false
}
