package engine

import "sync"

// mostKept is how many calls the reader answers before the run must look.
const mostKept = 64

// ledger keeps the calls that were answered until the run looks, which it does
// once a poll: to wake it for each would take longer than to answer. They stay
// in order among the worker's other frames, whose way to the run is the channel.
type ledger struct {
	frames chan<- frame
	mutex  sync.Mutex
	kept   []*answered
}

// note keeps one, on the reader's goroutine. What the run has to act on, it
// hears of at once.
func (l *ledger) note(a *answered) {
	l.mutex.Lock()
	l.kept = append(l.kept, a)
	full := len(l.kept) >= mostKept
	l.mutex.Unlock()
	if full || a.err != nil || a.answer.Stop != nil {
		l.send()
	}
}

// send gives the run all of them, on the reader's goroutine: before it passes
// another frame on.
func (l *ledger) send() {
	l.mutex.Lock()
	kept := l.kept
	l.kept = nil
	l.mutex.Unlock()
	if len(kept) > 0 {
		l.frames <- frame{answered: kept} // end, too, waits for it
	}
}

// take returns all of them, on the run's goroutine; none while there are frames
// that came before.
func (l *ledger) take() (kept []*answered) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if len(l.frames) > 0 {
		return nil
	}
	kept, l.kept = l.kept, nil
	return kept
}
