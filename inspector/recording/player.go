package recording

import (
	"fmt"
	"io"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"sealedroom/engine"
	"sealedroom/inspector"
)

// Player shows a recorded run at any moment. Its methods may be called from
// several goroutines.
type Player struct {
	events  []engine.Event
	times   []time.Duration // of the events; none is before the one in front of it
	missing int64
	last    inspector.State // after all of them

	mutex sync.Mutex // Clone marks what is shared
	run   uint64     // of the Versions of its States
	shown int        // events of the State that was returned last
	every int        // events between two snapshots
	marks []inspector.State
}

// A Player keeps a State every markEvery events; where that would be more than
// maxMarks it keeps every second, so that its memory is bounded. A recording
// that it opens has at most maxEvents: no Writer writes more.
const (
	markEvery = 256
	maxMarks  = 64
	maxEvents = maxRecording / len(`{"event":"GC","data":{}}`)
)

// Open reads a recording to play it. The error wraps ErrRecording.
func Open(recording io.Reader) (*Player, error) {
	p := newPlayer()
	tooMany := false
	missing, err := Read(recording, func(e engine.Event) {
		if len(p.events) == maxEvents {
			tooMany = true
			return
		}
		p.add(e)
	})
	if err != nil {
		return nil, err
	}
	if tooMany {
		return nil, fmt.Errorf("%w: it has more than %d events", ErrRecording, maxEvents)
	}
	p.missing = missing
	return p, nil
}

// players counts them. The States of each have a run of their own in their
// Versions, which is far from those of runs that were not recorded.
var players atomic.Uint64

func newPlayer() *Player { return &Player{every: markEvery, run: players.Add(1) << 32} }

// add appends an event, in the order of the run.
func (p *Player) add(e engine.Event) {
	p.last.Apply(e)
	p.events, p.times = append(p.events, e), append(p.times, p.last.Now)
	if len(p.events)%p.every != 0 {
		return
	}
	p.marks = append(p.marks, p.last.Clone())
	if len(p.marks) == maxMarks {
		for i := range maxMarks / 2 {
			p.marks[i] = p.marks[2*i+1]
		}
		clear(p.marks[maxMarks/2:])
		p.marks, p.every = p.marks[:maxMarks/2], 2*p.every
	}
}

// Len returns the number of events.
func (p *Player) Len() int { return len(p.events) }

// Event returns an event, from 0, and its place on the time axis.
func (p *Player) Event(i int) (engine.Event, time.Duration) { return p.events[i], p.times[i] }

// Missing returns how many events of the run the recording left out or shortened.
func (p *Player) Missing() int64 { return p.missing }

// Duration returns how long the run was.
func (p *Player) Duration() time.Duration { return p.times[len(p.times)-1] }

// Started returns what the run started from.
func (p *Player) Started() engine.Started { return p.events[0].(engine.Started) }

// At returns what was seen of the run at a moment, of its own time. Before its
// beginning that is the beginning.
func (p *Player) At(at time.Duration) inspector.State {
	return p.After(sort.Search(len(p.times), func(i int) bool { return p.times[i] > at }))
}

// Next returns the moment of the first event after a moment, and Before that of
// the last one in front of it; at the ends of the run, those.
func (p *Player) Next(at time.Duration) time.Duration {
	i := sort.Search(len(p.times), func(i int) bool { return p.times[i] > at })
	return p.times[min(i, len(p.times)-1)]
}

// Before: see Next.
func (p *Player) Before(at time.Duration) time.Duration {
	i := sort.Search(len(p.times), func(i int) bool { return p.times[i] >= at })
	return p.times[max(0, i-1)]
}

// After returns what was seen of the run after its first n events, which are at
// least 1 and at most Len. For a person who goes back, it is another run's State:
// its Version has another number.
func (p *Player) After(n int) inspector.State {
	n = min(max(1, n), len(p.events))
	var state inspector.State
	from := min(n/p.every, len(p.marks))
	if from > 0 {
		p.mutex.Lock()
		state = p.marks[from-1].Clone()
		p.mutex.Unlock()
	}
	for _, e := range p.events[from*p.every : n] {
		state.Apply(e)
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if n < p.shown {
		p.run++
	}
	p.shown, state.Version.Run = n, p.run
	return state
}
