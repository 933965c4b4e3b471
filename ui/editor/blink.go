package editor

import "time"

const (
	blinkEvery = 530 * time.Millisecond
	blinkFor   = 10 * time.Second // without a key; then the caret stays lit
)

// blinker shows and hides the caret. Each blink paints the whole window, so it
// stops when no key is pressed.
type blinker struct {
	hidden bool
	until  time.Time
	timer  timer
}

// steady lights the caret and restarts the blinking.
func (e *Editor) steady() {
	b := &e.blinker
	b.hidden = false
	b.until = e.now().Add(blinkFor)
	if e.focused && !e.Immediate && e.view.renderer != nil {
		e.later(&b.timer, blinkEvery, e.blink)
	}
}

func (e *Editor) blink() {
	b := &e.blinker
	if !e.focused || e.view.renderer == nil {
		return
	}
	b.hidden = !b.hidden && e.now().Before(b.until)
	e.view.renderer.showCaret()
	if e.now().Before(b.until) {
		e.later(&b.timer, blinkEvery, e.blink)
	}
}
