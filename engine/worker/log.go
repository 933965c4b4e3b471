package worker

import (
	"sync"
	"time"

	"sealedroom/engine/isolate"
	"sealedroom/engine/wire"
)

const (
	// What may wait for the pump. A guest that logs faster sends it itself, and
	// waits for the pipe: the log cannot grow past this.
	fullAt = 64 << 10 // bytes
	// Text in one frame. JSON writes a control character with six.
	frameText = 100 << 10
	// Places from which doors were tried; later ones only count.
	maxPlaces = 2000
)

// eventLog gathers what the guest does until the pump takes it. It is the
// isolate's Watcher.
type eventLog struct {
	began time.Duration
	wake  func() // sends at once

	mutex          sync.Mutex
	events         wire.Events
	bytes          int
	output, budget int            // console bytes so far and at most
	places         map[place]bool // all that were reported
	waiting        map[place]int  // index in events.Blocked
	hands          int            // attempts of native hands so far
}

type place struct {
	kind, name string
	at         isolate.Position
}

func (l *eventLog) begin(outputLimit int) {
	l.began = isolate.Now()
	l.output, l.budget = 0, outputLimit
	l.places = map[place]bool{}
	l.waiting = map[place]int{}
	l.hands = 0
}

func (l *eventLog) since(when time.Duration) time.Duration { return max(0, when-l.began) }

// Console takes a line, until the guest's output is past its limit: the host
// counts too, and ends the run then; lines beyond are dropped.
func (l *eventLog) Console(line isolate.Console) {
	at := l.since(isolate.Now())
	l.mutex.Lock()
	if l.output > l.budget {
		l.events.DroppedConsole++
		l.mutex.Unlock()
		return
	}
	l.output += len(line.Text) + 1 // its line end counts: empty lines are not free
	l.bytes += len(line.Text) + len(line.Tree) + 64
	l.events.Console = append(l.events.Console, wire.Console{
		At: at, Level: line.Level, Text: line.Text, Truncated: line.Truncated, Tree: line.Tree,
		Line: line.At.Line, Column: line.At.Column,
	})
	full := l.bytes > fullAt || l.output > l.budget
	l.mutex.Unlock()
	if full {
		l.wake()
	}
}

// Blocked counts attempts by the place that they come from.
func (l *eventLog) Blocked(attempt isolate.Blocked) {
	at := l.since(isolate.Now())
	l.mutex.Lock()
	defer l.mutex.Unlock()
	p := place{attempt.Kind, attempt.Name, attempt.At}
	if !l.places[p] && len(l.places) >= maxPlaces {
		l.events.DroppedBlocked += attempt.Count
		return
	}
	l.places[p] = true
	if i, ok := l.waiting[p]; ok {
		l.events.Blocked[i].Count += attempt.Count
		return
	}
	l.waiting[p] = len(l.events.Blocked)
	l.events.Blocked = append(l.events.Blocked, wire.Blocked{
		At: at, Kind: p.kind, Name: p.name, Count: attempt.Count, Line: p.at.Line, Column: p.at.Column,
	})
}

// Translated notes that the guest is written in another language.
func (l *eventLog) Translated(language string, took time.Duration) {
	at := l.since(isolate.Now())
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.events.Translated = &wire.Translated{At: at, Language: language, Took: took}
}

// take returns the oldest events that fit one frame, whatever their text
// becomes in JSON; none when the log is empty.
func (l *eventLog) take() wire.Events {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	var out wire.Events
	room := frameText
	out.Translated, l.events.Translated = l.events.Translated, nil
	for len(l.events.Console) > 0 && room > 0 {
		room -= len(l.events.Console[0].Text) + len(l.events.Console[0].Tree) + 64
		out.Console = append(out.Console, l.events.Console[0])
		l.events.Console = l.events.Console[1:]
	}
	n := min(len(l.events.Blocked), max(0, room)/200)
	out.Blocked = l.events.Blocked[:n:n]
	l.events.Blocked = l.events.Blocked[n:]
	clear(l.waiting)
	for i, b := range l.events.Blocked {
		l.waiting[place{b.Kind, b.Name, isolate.Position{Line: b.Line, Column: b.Column}}] = i
	}
	n = min(len(l.events.Natives), handsAFrame)
	out.Natives, l.events.Natives = l.events.Natives[:n:n], l.events.Natives[n:]
	out.DroppedConsole, l.events.DroppedConsole = l.events.DroppedConsole, 0
	out.DroppedBlocked, l.events.DroppedBlocked = l.events.DroppedBlocked, 0
	if len(l.events.Console) == 0 {
		l.events.Console, l.bytes = nil, 0
	}
	return out
}
