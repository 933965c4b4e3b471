package timeline

import (
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector/recording"
)

// slots is how many places on its axis a track distinguishes: more than a lane
// has pixels on most screens.
const slots = 1600

// weight is how much an event matters; of several in one slot the weightiest is
// drawn.
type weight uint8

const (
	none    weight = iota
	plain          // a scavenge, a console line, a call that was answered, a door that was tried
	notable        // a mark-compact, a warning, a call that was refused
	grave          // an error, a call in which a secret was seen
)

// lane is one row of the timeline.
type lane int

const (
	heap lane = iota
	collections
	console
	calls
	doors
	lanes
)

var laneNames = [lanes]string{"Heap", "GC", "Console", "Calls", "Doors"}

// track is a recorded run in as many slots as can be drawn.
type track struct {
	span   time.Duration
	limit  int64        // of memory, in bytes
	level  [slots]int64 // the highest of used and external memory, in bytes; -1 where there was no reading
	events [lanes][slots]weight
	bites  time.Duration // when a limit ended the run; negative: none did
	grave  bool          // the run did not end by itself
}

func trackOf(p *recording.Player) *track {
	t := &track{span: max(p.Duration(), time.Microsecond), limit: p.Started().Limits.Memory(), bites: -1}
	for i := range t.level {
		t.level[i] = -1
	}
	for i := range p.Len() {
		event, at := p.Event(i)
		slot := t.slot(at)
		put := func(l lane, w weight) { t.events[l][slot] = max(t.events[l][slot], w) }
		switch e := event.(type) {
		case engine.Heap:
			if e.V8 {
				t.level[slot] = max(t.level[slot], e.Used+e.External)
			}
		case engine.GC:
			put(collections, weightIf(e.Kind == "scavenge", plain, notable))
		case engine.Console:
			put(console, max(plain, map[string]weight{"warn": notable, "error": grave}[e.Level]))
		case engine.Call:
			switch {
			case len(e.Secrets) > 0:
				put(calls, grave)
			default:
				put(calls, weightIf(e.Decision == bridge.Allowed, plain, notable))
			}
		case engine.NativeAttempt:
			put(calls, weightIf(e.Worked, grave, plain))
		case engine.Blocked:
			put(doors, plain)
		case engine.Stopping:
			if e.Limit != nil {
				t.bites = at
			}
		case engine.Ended:
			t.grave = e.Outcome != engine.OK
			if e.Limit != nil && t.bites < 0 {
				t.bites = at
			}
		}
	}
	return t
}

func weightIf(yes bool, then, otherwise weight) weight {
	if yes {
		return then
	}
	return otherwise
}

func (t *track) slot(at time.Duration) int {
	return min(slots-1, int(float64(at)/float64(t.span)*slots))
}
