package recording

import (
	"cmp"
	"slices"
	"strings"

	"sealedroom/engine"
)

// keeper decides what of a run is in its recording. At first that is all of it.
// Each fold halves what there is most of, or shortens long texts, evenly over
// the run, and from then on what comes is thinned in the same way:
//
//   - of heap readings the highest of each group is kept,
//   - garbage collections and attempts at a door are joined: none is lost,
//   - of console lines and calls the first of each group is kept; calls in which
//     a secret was seen or that a person decided about are all kept,
//   - of reports on the vault the newest of each group is kept.
//
// All else, a run's beginning and end above all, is always kept.
type keeper struct {
	entries []entry
	size    int64 // of them all, in bytes
	make    maker
	thin    thinner
	left    Left
	full    bool // folding makes no more room: only the end is still kept
}

func newKeeper(make maker) keeper { return keeper{make: make, thin: thinner{make: make}} }

// Left counts what a recording does not have.
type Left struct {
	Events      int64  `json:"events"`                // all that are missing or joined to others
	Samples     int64  `json:"samples,omitempty"`     // of them heap readings
	Collections int64  `json:"collections,omitempty"` // garbage collections, joined
	Lines       int64  `json:"lines,omitempty"`       // of the console
	Calls       int64  `json:"calls,omitempty"`
	Texts       int64  `json:"texts,omitempty"` // that were shortened
	Why         string `json:"why,omitempty"`
}

// class is a kind of event that is thinned by itself.
type class int

const (
	always class = iota
	heap
	collection
	line
	call
	door
	vault
	dropped
	classes
)

func classOf(e engine.Event) class {
	switch e := e.(type) {
	case engine.Heap:
		return heap
	case engine.GC:
		return collection
	case engine.Console:
		return line
	case engine.Call:
		if len(e.Secrets) == 0 && e.Asked == 0 {
			return call
		}
	case engine.Blocked:
		return door
	case engine.Vault:
		return vault
	case engine.Dropped:
		return dropped
	}
	return always
}

// bodies are the lengths to which texts are shortened, in bytes, one after the
// other. Lines of longLine bytes on average have texts that are worth it.
var bodies = [...]int{2048, 512, 128}

const longLine = 600

// add keeps an event, and returns the entries that this adds to the recording.
func (k *keeper) add(e entry) ([]entry, error) {
	_, last := e.event.(engine.Ended)
	if k.full && !last {
		k.left.Events++
		return nil, nil
	}
	var fresh []entry
	var err error
	if last { // what is held back comes before it
		if fresh, err = k.rest(); err != nil {
			return nil, err
		}
	}
	out, err := k.thin.add(e, &k.left)
	k.append(out)
	return append(fresh, out...), err
}

func (k *keeper) append(entries []entry) {
	k.entries = append(k.entries, entries...)
	for _, e := range entries {
		k.size += int64(e.size)
	}
}

// rest returns the entries that were held back until their group is complete.
func (k *keeper) rest() ([]entry, error) {
	out, err := k.thin.flush()
	k.append(out)
	return out, err
}

// fold makes the recording no larger than size, or sets full.
func (k *keeper) fold(size int64) error {
	for k.size > size {
		once := thinner{make: k.make}
		before, chosen := k.size, k.choose(&once)
		old := k.entries
		k.entries, k.size = make([]entry, 0, len(old)), 0
		for _, e := range old {
			out, err := once.add(e, &k.left)
			if err != nil {
				return err
			}
			k.append(out)
		}
		out, err := once.flush()
		if err != nil {
			return err
		}
		k.append(out)
		if !chosen || k.size >= before {
			k.full = true
			return nil
		}
	}
	return nil
}

// choose sets what is thinned next, in once and for what is to come; false where
// nothing is left to thin.
func (k *keeper) choose(once *thinner) bool {
	var bytes, count [classes]int64
	for _, e := range k.entries {
		c := classOf(e.event)
		bytes[c] += int64(e.size)
		count[c]++
	}
	shorter := 0
	for _, body := range bodies {
		if shorter == 0 && (k.thin.body == 0 || body < k.thin.body) {
			shorter = body
		}
	}
	chosen := false
	for c := always; c < classes; c++ {
		texts := c == always || c == line || c == call
		switch {
		case bytes[c] <= k.size/8:
		case texts && shorter > 0 && bytes[c]/count[c] > longLine:
			once.body, chosen = shorter, true
		case c != always:
			once.every[c], chosen = 2, true
		}
	}
	for c, n := range once.every {
		if n > 0 {
			k.thin.every[c] = max(1, k.thin.every[c]) * n
		}
	}
	k.thin.body = cmp.Or(once.body, k.thin.body)
	return chosen
}

// thinner passes on a part of the events. One that has only its make passes all
// of them.
type thinner struct {
	make  maker
	every [classes]int // how many events of a class make a group; 0 is 1
	body  int          // how long a text may be, in bytes; 0: any length

	groups map[groupKey]*group
	// missing counts console lines that were left out since the last Dropped.
	missing engine.Dropped
}

// groupKey is what the events of a group have in common.
type groupKey struct {
	class        class
	kind, name   string
	line, column int
}

// group is one that is not complete.
type group struct {
	event engine.Event // that stands for those held back; nil: none is
	n     int
}

// Bounds of what is held back: groups, and console lines of one Dropped.
const maxGroups, maxMissing = 4096, 256

// add returns what of the events so far is passed on now.
func (t *thinner) add(e entry, left *Left) ([]entry, error) {
	if t.body > 0 {
		if short, ok := shorten(e.event, t.body); ok {
			left.Texts++
			var err error
			if e, err = t.make(short); err != nil {
				return nil, err
			}
		}
	}
	c := classOf(e.event)
	if c == always || t.every[c] < 2 {
		return []entry{e}, nil
	}
	if len(t.groups) > maxGroups {
		out, err := t.flush()
		if err != nil {
			return nil, err
		}
		more, err := t.add(e, left)
		return append(out, more...), err
	}
	key := groupKey{class: c}
	switch e := e.event.(type) {
	case engine.GC:
		key.kind = e.Kind
	case engine.Blocked:
		key.kind, key.name, key.line, key.column = e.Kind, e.Name, e.Line, e.Column
	}
	g, begun := t.groups[key]
	if !begun {
		if t.groups == nil {
			t.groups = map[groupKey]*group{}
		}
		g = &group{}
		t.groups[key] = g
	}
	g.n++
	complete := g.n >= t.every[c]
	if complete {
		g.n = 0
	}
	switch c {
	case line, call, door: // the first is passed on
		if !begun || g.n == 1 && c != door {
			if !begun {
				g.n = 1
			}
			return []entry{e}, nil
		}
	}
	switch c {
	case line:
		left.Events, left.Lines = left.Events+1, left.Lines+1
		t.missing.At = e.event.When()
		if t.missing.Console++; t.missing.Console >= maxMissing {
			return t.tellMissing(nil)
		}
		return nil, nil
	case call:
		left.Events, left.Calls = left.Events+1, left.Calls+1
		return nil, nil
	}
	if g.event == nil {
		g.event = e.event
	} else {
		left.Events++
		switch c {
		case heap:
			left.Samples++
		case collection:
			left.Collections++
		}
		g.event = join(g.event, e.event)
	}
	if !complete {
		return nil, nil
	}
	passed, err := t.make(g.event)
	g.event = nil
	return []entry{passed}, err
}

// flush passes on what is held back, in the order of time.
func (t *thinner) flush() ([]entry, error) {
	var held []engine.Event
	for _, g := range t.groups {
		if g.event != nil {
			held = append(held, g.event)
		}
	}
	t.groups = nil
	slices.SortFunc(held, func(a, b engine.Event) int {
		return cmp.Or(cmp.Compare(a.When(), b.When()), cmp.Compare(engine.EventName(a), engine.EventName(b)))
	})
	var out []entry
	for _, e := range held {
		made, err := t.make(e)
		if err != nil {
			return out, err
		}
		out = append(out, made)
	}
	return t.tellMissing(out)
}

// tellMissing appends the count of the console lines that were left out.
func (t *thinner) tellMissing(out []entry) ([]entry, error) {
	if t.missing.Console == 0 {
		return out, nil
	}
	made, err := t.make(t.missing)
	t.missing = engine.Dropped{}
	return append(out, made), err
}

// join returns one event for two of a class, at the time of the later one, but
// for heap readings: of those it is the higher one.
func join(a, b engine.Event) engine.Event {
	switch b := b.(type) {
	case engine.Heap:
		if first := a.(engine.Heap); footprint(first) > footprint(b) {
			return first
		}
	case engine.GC:
		first := a.(engine.GC)
		b.Count += first.Count
		b.Took += first.Took
		b.Before = max(b.Before, first.Before)
		return b
	case engine.Blocked:
		b.Count += a.(engine.Blocked).Count
		return b
	case engine.Dropped:
		first := a.(engine.Dropped)
		b.Console, b.Blocked = b.Console+first.Console, b.Blocked+first.Blocked
		return b
	}
	return b
}

// footprint is what two readings are compared by. V8's own account goes before
// one of the process alone.
func footprint(h engine.Heap) int64 {
	if h.V8 {
		return 1<<60 + h.Used + h.External
	}
	return h.Process
}

// shorten returns an event with its texts cut to a length; false where they are
// no longer than that.
func shorten(e engine.Event, length int) (engine.Event, bool) {
	cut := false
	short := func(text string) string {
		if len(text) <= length {
			return text
		}
		cut = true
		return strings.ToValidUTF8(text[:length-len("…")], "") + "…"
	}
	switch e := e.(type) {
	case engine.Console:
		e.Text = short(e.Text)
		if cut {
			e.Truncated, e.Tree = true, nil
		}
		return e, cut
	case engine.Call:
		e.Args, e.Answer, e.Logged = short(e.Args), short(e.Answer), short(e.Logged)
		return e, cut
	case engine.Asked:
		e.Args = short(e.Args)
		return e, cut
	}
	return e, false
}
