package editor

import (
	"time"

	"fyne.io/fyne/v2"
)

// timer runs a function once typing has paused. It holds no goroutine while it
// waits.
type timer struct {
	t    *time.Timer
	turn *bool // false once the wait was canceled
}

func (t *timer) stop() {
	if t.t != nil {
		t.t.Stop()
		*t.turn = false
		t.t = nil
	}
}

// later calls f on the main thread after d, unless it is called again with the
// same timer before.
func (e *Editor) later(t *timer, d time.Duration, f func()) {
	t.stop()
	if e.Immediate {
		f()
		return
	}
	turn := true
	t.turn = &turn
	t.t = time.AfterFunc(d, func() {
		e.do(func() {
			if turn {
				turn = false
				f()
			}
		})
	})
}

// work runs f in a goroutine. f must touch nothing of the editor but through do.
func (e *Editor) work(f func()) {
	if e.Immediate {
		f()
		return
	}
	go f()
}

// do runs f on the main thread.
func (e *Editor) do(f func()) {
	switch {
	case e.Immediate:
		f()
	case e.onMain != nil:
		e.onMain(f)
	default:
		fyne.Do(f)
	}
}
