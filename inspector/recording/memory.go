package recording

import (
	"sync"
	"time"

	"sealedroom/engine"
)

// MemoryBound is what a [Recorder] keeps of a run at most, in bytes, but for the
// guest's source and the run's end.
const MemoryBound = 20 << 20

// Bounds of a Recorder: how many bytes of events may wait to be folded, and how
// long they do.
const (
	maxUnfolded = 8 << 20
	foldEvery   = 25 * time.Millisecond
)

// Recorder records one run in memory, folded like a file that has reached its
// bound. What it costs the run is to append each event to a list: the rest is
// done by a goroutine of its own, which ends with Close.
type Recorder struct {
	keep  keeper // of the goroutine, and of Close once that has ended
	began time.Time

	mutex   sync.Mutex
	waiting []engine.Event
	bytes   int // of them
	cut     int64

	closing, done chan struct{}
}

// NewRecorder begins a recording.
func NewRecorder() *Recorder {
	r := &Recorder{
		keep:  newKeeper(func(e engine.Event) (entry, error) { return entry{event: e, size: weigh(e)}, nil }),
		began: time.Now(), closing: make(chan struct{}), done: make(chan struct{}),
	}
	go r.fold()
	return r
}

// Add records one event. Events that come faster than they can be folded are
// counted and left out, but for the first and the last of a run.
func (r *Recorder) Add(e engine.Event) {
	size := weigh(e)
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.bytes+size > maxUnfolded {
		_, first := e.(engine.Started)
		_, last := e.(engine.Ended)
		if !first && !last {
			r.cut++
			return
		}
	}
	r.waiting, r.bytes = append(r.waiting, e), r.bytes+size
}

func (r *Recorder) fold() {
	defer close(r.done)
	ticker := time.NewTicker(foldEvery)
	defer ticker.Stop()
	for {
		select {
		case <-r.closing:
			return
		case <-ticker.C:
			r.take()
		}
	}
}

// take keeps what waits. Making entries in memory cannot fail, so neither can
// keeping them.
func (r *Recorder) take() {
	r.mutex.Lock()
	waiting := r.waiting
	r.waiting, r.bytes = nil, 0
	r.mutex.Unlock()
	for _, e := range waiting {
		made, _ := r.keep.make(e)
		_, _ = r.keep.add(made)
		if r.keep.size > MemoryBound && !r.keep.full {
			_ = r.keep.fold(MemoryBound / 2)
		}
	}
}

// Close ends the recording and returns it; nil where the run never began. It is
// called once.
func (r *Recorder) Close() *Recording {
	close(r.closing)
	<-r.done
	r.take()
	_, _ = r.keep.rest()
	if len(r.keep.entries) == 0 {
		return nil
	}
	out := &Recording{began: r.began, bytes: r.keep.size, left: r.keep.left, events: make([]engine.Event, len(r.keep.entries))}
	out.left.Events += r.cut
	for i, e := range r.keep.entries {
		out.events[i] = e.event
	}
	return out
}

// Recording is a run that is over, in memory.
type Recording struct {
	events []engine.Event // a Started first, and an Ended last
	began  time.Time
	bytes  int64
	left   Left
}

// Whole reports whether the recording has the run's beginning and its end. One of
// a run that was canceled before it had a worker has no beginning.
func (r *Recording) Whole() bool {
	_, begins := r.events[0].(engine.Started)
	_, ends := r.events[len(r.events)-1].(engine.Ended)
	return begins && ends
}

// Bytes returns about how much memory the recording takes.
func (r *Recording) Bytes() int64 { return r.bytes }

// Began returns when the recording began.
func (r *Recording) Began() time.Time { return r.began }

// Started returns what the run started from.
func (r *Recording) Started() engine.Started { return r.events[0].(engine.Started) }

// Ended returns how the run ended.
func (r *Recording) Ended() engine.Ended { return r.events[len(r.events)-1].(engine.Ended) }

// Play returns a player of the recording.
func (r *Recording) Play() *Player {
	p := newPlayer()
	for _, e := range r.events {
		p.add(e)
	}
	p.missing = r.left.Events + r.left.Texts
	return p
}

// Save writes the recording to a file, which must be a new or a regular one, and
// none of those to keep. A file holds less than memory does: what does not fit is
// folded once more.
func (r *Recording) Save(path string, keep ...string) error {
	w, err := Create(path, keep...)
	if err != nil {
		return err
	}
	w.keep.left = r.left
	for _, e := range r.events {
		w.addWhenThereIsRoom(e)
	}
	return w.Close()
}

// weigh is about how many bytes of memory an event takes.
func weigh(e engine.Event) int {
	const event, secret, node = 140, 200, 130
	size := event
	tree := func(n *engine.Node) {
		var walk func(n *engine.Node)
		walk = func(n *engine.Node) {
			size += node + len(n.Key) + len(n.Text)
			for i := range n.Children {
				walk(&n.Children[i])
			}
		}
		if n != nil {
			walk(n)
		}
	}
	switch e := e.(type) {
	case engine.Console:
		size += len(e.Text)
		tree(e.Tree)
	case engine.Call:
		size += event + len(e.Args) + len(e.Answer) + len(e.Logged) + len(e.Method)
	case engine.Asked:
		size += event + len(e.Args)
	case engine.Blocked:
		size += len(e.Name)
	case engine.NativeAttempt:
		size += event + len(e.Answer) + len(e.Target)
	case engine.Vault:
		size += secret * len(e.Secrets)
	}
	return size
}
