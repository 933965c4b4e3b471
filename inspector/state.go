// Package inspector folds a run's events into what a person sees, explains it,
// and reports it. It knows no window.
//
// State.Apply is the one path: the live window, the command line, the JSON
// report, recordings and tests all fold events with it.
package inspector

import (
	"slices"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

// How much a State keeps. What is beyond is counted in Dropped.
const (
	maxEntries = 2000    // of console, blocked and GC each
	maxHeap    = 1000    // points; the series is thinned to half when full
	maxText    = 8 << 20 // bytes of console text
)

// Version is which run a State shows, and how much of it: two States of one
// Version are the same.
type Version struct{ Run, Events uint64 }

// State is everything to be shown about one run, whatever its length: bounded,
// a value that only Apply and Reset change.
type State struct {
	Version Version
	// Recorded says that this is a moment of a run that is over, from its recording.
	// Who shows it sets it, and Span, how long the whole run was.
	Recorded bool
	Span     time.Duration

	Started *engine.Started
	Ended   *engine.Ended
	// Translated is set where the guest is not written in JavaScript.
	Translated *engine.Translated
	// Stopping is set from the decision to end the run on.
	Stopping *engine.Stopping
	// Waiting is the call that a person is asked about; the run is paused.
	Waiting *engine.Asked
	Paused  time.Duration // in all, without the pause under way

	Console []engine.Console
	Blocked []engine.Blocked // a name and kind once, with its first place and all its attempts
	Places  []engine.Blocked // each place from which a door was tried
	GCs     []engine.GC
	Calls   []Call
	Secrets []bridge.SecretReport
	Heap    []engine.Heap
	// Hands are the attempts of a guest with native hands, and Fallen what fell
	// behind the walls, as the host saw it. Runs have few of either.
	Hands   []engine.NativeAttempt
	Fallen  []engine.Fallen
	Dropped Dropped
	// Profile is the parts of a profile that have come; the engine bounds them.
	Profile []engine.Profiled

	Now          time.Duration // the newest event's time
	ConsoleBytes int
	ConsoleLines int // also those no longer in Console
	Attempts     int // at doors, in all
	CallCount    int // also those folded or no longer in Calls
	Refused      int // of them, by policy or by a person
	GCCount      int
	GCTime       time.Duration
	CPU, CPUAt   time.Duration // what the isolate had used, and when, by the last reading
	NoCore       time.Duration // how long it had waited for a core by then; 0 also where the system does not say
	PeakUsed     int64
	PeakExternal int64
	PeakHeap     int64 // used and external at one time: what V8 accounts for
	PeakProcess  int64

	heapStep, heapSkip int // every heapStep-th reading is kept
	// Per class of collection: how often they were thinned, and how many of those
	// to come join the last.
	gcThinned, gcSkip [2]int

	first      int // line of Console that is still shown
	text, gone int // bytes of those that are, and of those before
	lent       lent
	doors      index // of Blocked
	doorPlaces index // of Places
}

// index finds an entry of a list of attempts; nil until it is needed.
type index map[attempt]int

// attempt identifies an entry.
type attempt struct {
	kind, name   string
	line, column int
}

// lent says which lists a Clone shares. What is appended to them it does not
// see; before an entry changes, the list is copied.
type lent struct{ blocked, places, calls, gcs bool }

// own makes a list one that may be changed.
func own[T any](list *[]T, lent *bool) {
	if *lent {
		*list = append(make([]T, 0, len(*list)+len(*list)/4+16), *list...)
		*lent = false
	}
}

// Call is one call through the teller window, or Times of them folded into
// one: the same call again and again, with the same answer.
type Call struct {
	engine.Call
	Times int
}

// Dropped counts what is not in the lists.
type Dropped struct {
	Console int `json:"console"`
	Calls   int `json:"calls"`
	Samples int `json:"samples"`
}

// Running says whether the run has begun and not ended.
func (s *State) Running() bool { return s.Started != nil && s.Ended == nil }

// Reset forgets the run: another document is shown, or another run begins.
func (s *State) Reset() { *s = State{Version: Version{Run: s.Version.Run + 1}} }

// Apply folds one event in.
func (s *State) Apply(event engine.Event) {
	defer func() { s.Version.Events++ }()
	switch e := quoteNames(event).(type) {
	case engine.Started:
		s.Reset()
		s.Started = &e
	case engine.Translated:
		s.see(e.At)
		s.Translated = &e
	case engine.Console:
		s.see(e.At)
		s.ConsoleBytes += len(e.Text) + 1
		s.ConsoleLines++
		s.keep(e)
	case engine.Blocked:
		s.see(e.At)
		s.Attempts += e.Count
		own(&s.Blocked, &s.lent.blocked)
		own(&s.Places, &s.lent.places)
		s.Blocked = s.doors.count(s.Blocked, e, byName)
		s.Places = s.doorPlaces.count(s.Places, e, byPlace)
	case engine.Heap:
		s.see(e.At)
		s.sample(e)
	case engine.GC:
		s.see(e.At)
		s.collect(e)
	case engine.Call:
		s.see(e.At)
		s.call(e)
	case engine.Asked:
		s.see(e.At)
		s.Waiting = &e
	case engine.Answered:
		s.see(e.At)
		s.Waiting = nil
		s.Paused += e.Took
	case engine.Vault:
		s.Secrets = e.Secrets
	case engine.NativeAttempt:
		s.see(e.At)
		if len(s.Hands) < maxEntries {
			s.Hands = append(s.Hands, e)
		}
	case engine.Fallen:
		s.see(e.At)
		if len(s.Fallen) < maxEntries {
			s.Fallen = append(s.Fallen, e)
		}
	case engine.Profiled:
		s.see(e.At)
		if len(s.Profile) < maxEntries {
			s.Profile = append(s.Profile, e)
		}
	case engine.Dropped:
		s.Dropped.Console += e.Console
		s.ConsoleLines += e.Console
	case engine.Stopping:
		s.see(e.At)
		s.Stopping = &e
	case engine.Ended:
		s.see(e.At)
		s.Ended = &e
		s.Waiting = nil
		s.PeakUsed = max(s.PeakUsed, e.Memory.Heap)
		s.PeakExternal = max(s.PeakExternal, e.Memory.External)
		s.PeakProcess = max(s.PeakProcess, e.Memory.Process)
		s.PeakHeap = max(s.PeakHeap, s.PeakUsed, s.PeakExternal)
	}
}

func (s *State) see(at time.Duration) { s.Now = max(s.Now, at) }

// keep appends to the console; when it is full the oldest lines go. They are
// dropped once there are many: a Clone may show the list.
func (s *State) keep(e engine.Console) {
	s.Console = append(s.Console, e)
	s.text += len(e.Text)
	for n := len(s.Console) - s.first; n > maxEntries || n > 1 && s.text > maxText; n-- {
		size := len(s.Console[s.first].Text)
		s.text -= size
		s.gone += size
		s.first++
		s.Dropped.Console++
	}
	if s.first >= maxEntries || s.gone > maxText {
		s.Console = append(make([]engine.Console, 0, 2*maxEntries), s.Lines()...)
		s.first, s.gone = 0, 0
	}
}

// Lines are the newest console lines, at most maxEntries with maxText in all.
func (s *State) Lines() []engine.Console { return s.Console[s.first:] }

func byName(e engine.Blocked) attempt  { return attempt{kind: e.Kind, name: e.Name} }
func byPlace(e engine.Blocked) attempt { return attempt{e.Kind, e.Name, e.Line, e.Column} }

// count adds to an entry of the list, or appends one while there is room.
func (x *index) count(list []engine.Blocked, e engine.Blocked, keyOf func(engine.Blocked) attempt) []engine.Blocked {
	if *x == nil {
		*x = index{}
		for i, known := range list {
			(*x)[keyOf(known)] = i
		}
	}
	key := keyOf(e)
	if i, ok := (*x)[key]; ok {
		list[i].Count += e.Count
		return list
	}
	if len(list) >= maxEntries {
		return list
	}
	(*x)[key] = len(list)
	return append(list, e)
}

// sample keeps a reading. A full series is thinned, and takes fewer from then
// on, so that it spans the run however long that is.
func (s *State) sample(e engine.Heap) {
	if e.V8 {
		s.PeakUsed = max(s.PeakUsed, e.Used)
		s.PeakExternal = max(s.PeakExternal, e.External)
		s.PeakHeap = max(s.PeakHeap, e.Used+e.External)
	}
	s.PeakProcess = max(s.PeakProcess, e.Process)
	if e.CPU > 0 {
		s.CPU, s.CPUAt, s.NoCore = max(s.CPU, e.CPU), max(s.CPUAt, e.At), max(s.NoCore, e.NoCore)
	}
	s.heapSkip++
	if s.heapSkip < s.heapStep {
		s.Dropped.Samples++
		return
	}
	s.heapSkip = 0
	if len(s.Heap) >= maxHeap {
		kept := make([]engine.Heap, 0, maxHeap)
		for i := 0; i < len(s.Heap); i += 2 {
			kept = append(kept, s.Heap[i])
		}
		s.Dropped.Samples += len(s.Heap) - len(kept)
		s.Heap = kept
		s.heapStep = max(2, 2*s.heapStep)
	}
	s.Heap = append(s.Heap, e)
}

// call keeps a call, or counts it with the one before if that was the same.
func (s *State) call(e engine.Call) {
	s.CallCount++
	if e.Decision == bridge.Denied {
		s.Refused++
	}
	if n := len(s.Calls); n > 0 {
		last := &s.Calls[n-1]
		if last.Capability == e.Capability && last.Method == e.Method && last.Args == e.Args &&
			last.Answer == e.Answer && last.Decision == e.Decision && last.Line == e.Line &&
			last.Asked == 0 && e.Asked == 0 {
			own(&s.Calls, &s.lent.calls)
			last = &s.Calls[n-1]
			last.Times++
			last.Took += e.Took
			last.BytesIn += e.BytesIn
			last.BytesOut += e.BytesOut
			return
		}
	}
	if len(s.Calls) == maxEntries {
		s.dropCalls(maxEntries / 4)
	}
	s.Calls = append(s.Calls, Call{e, 1})
}

// dropCalls drops the n oldest calls, but not those in which a secret crossed
// or that a person decided about: a guest must not hide a robbery in a flood.
func (s *State) dropCalls(n int) {
	kept := make([]Call, 0, maxEntries)
	missed := maxEntries / 2 // at most so many, or a flood of them would fill the list
	for _, c := range s.Calls {
		switch {
		case (len(c.Secrets) > 0 || c.Asked > 0) && missed > 0:
			missed--
		case n > 0:
			n--
			s.Dropped.Calls++
			continue
		}
		kept = append(kept, c)
	}
	s.Calls, s.lent.calls = kept, false
}

// Clone returns a State that later Applies on s leave as it is. It copies no
// list, so that a window can ask for one 30 times a second.
func (s *State) Clone() State {
	s.lent = lent{true, true, true, true}
	c := *s
	c.doors, c.doorPlaces = nil, nil // the copy makes its own if it changes
	c.Console, c.first, c.gone = slices.Clip(s.Lines()), 0, 0
	c.Blocked, c.Places = slices.Clip(s.Blocked), slices.Clip(s.Places)
	c.Hands, c.Fallen, c.Profile = slices.Clip(s.Hands), slices.Clip(s.Fallen), slices.Clip(s.Profile)
	c.GCs, c.Calls, c.Heap = slices.Clip(s.GCs), slices.Clip(s.Calls), slices.Clip(s.Heap)
	return c
}
