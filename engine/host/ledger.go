package host

import "sync"

// maxKept is how many notes wait at most.
const maxKept = 64

// ledger keeps the notes of answered calls until the run looks, which it does at
// every poll: to wake it for each would take longer than to answer. They stay in
// order among the worker's frames.
type ledger struct {
	frames chan<- Frame
	mutex  sync.Mutex
	kept   []Note
}

// note keeps one, on the reader's goroutine. An urgent one is sent at once.
func (l *ledger) note(n Note) {
	l.mutex.Lock()
	l.kept = append(l.kept, n)
	full := len(l.kept) >= maxKept
	l.mutex.Unlock()
	if full || n.Urgent() {
		l.send()
	}
}

// send sends the run all of them, on the reader's goroutine: before it passes
// another frame on.
func (l *ledger) send() {
	l.mutex.Lock()
	kept := l.kept
	l.kept = nil
	l.mutex.Unlock()
	if len(kept) > 0 {
		l.frames <- Frame{Notes: kept} // End, too, waits for it
	}
}

// take returns all of them, on the run's goroutine; none while there are frames
// that came before.
func (l *ledger) take() (kept []Note) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if len(l.frames) > 0 {
		return nil
	}
	kept, l.kept = l.kept, nil
	return kept
}
