package session

import (
	"slices"
	"sync"
	"time"

	"sealedroom/engine"
)

// End is the end of one room's run, and what it did to the rooms that were running
// then, as their events show it.
type End struct {
	Number int // the room's
	Ended  engine.Ended
	Others int // rooms that were running at that moment
	// Seen is how many of them have shown anything since, and Slowest how long the
	// last of those took to: readings of memory come every 10 ms or so. Fell counts
	// those that a crash ended within fellWithin.
	Seen, Fell int
	Slowest    time.Duration
}

// fellWithin is how soon after a room's end the crash of another is put down to
// it.
const fellWithin = 100 * time.Millisecond

// ends watches how rooms end, and what follows in the others.
type ends struct {
	mutex   sync.Mutex
	running map[int]bool
	seen    []*followed
}

// followed is an End whose others are still watched.
type followed struct {
	End
	at     time.Time
	awaits map[int]bool // rooms that have shown nothing since
	watch  map[int]bool // rooms that may still fall
}

// maxEnds is how many ends are kept.
const maxEnds = 50

func (x *ends) reset() {
	x.mutex.Lock()
	defer x.mutex.Unlock()
	x.running, x.seen = nil, nil
}

// saw takes notice of an event of a room.
func (x *ends) saw(number int, e engine.Event) {
	now := time.Now()
	x.mutex.Lock()
	defer x.mutex.Unlock()
	ended, over := e.(engine.Ended)
	for _, f := range x.seen {
		if f.awaits[number] {
			delete(f.awaits, number)
			f.Seen++
			f.Slowest = max(f.Slowest, now.Sub(f.at))
		}
		if over && f.watch[number] {
			delete(f.watch, number)
			if ended.Outcome == engine.Crashed && now.Sub(f.at) < fellWithin {
				f.Fell++
			}
		}
	}
	if _, began := e.(engine.Started); began {
		if x.running == nil {
			x.running = map[int]bool{}
		}
		x.running[number] = true
	}
	if !over {
		return
	}
	delete(x.running, number)
	f := &followed{End: End{Number: number, Ended: ended, Others: len(x.running)}, at: now, awaits: map[int]bool{}, watch: map[int]bool{}}
	for other := range x.running {
		f.awaits[other], f.watch[other] = true, true
	}
	x.seen = append(x.seen, f)
	if len(x.seen) > maxEnds {
		x.seen = slices.Delete(x.seen, 0, 1)
	}
}

func (x *ends) list() []End {
	x.mutex.Lock()
	defer x.mutex.Unlock()
	var out []End
	for _, f := range x.seen {
		out = append(out, f.End)
	}
	return out
}
