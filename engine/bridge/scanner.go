package bridge

import (
	"fmt"
	"slices"
	"sync"
)

// Stream is a way by which bytes enter the worker or leave the guest. What
// follows on one stream is read as one text, so that a secret in pieces is
// found across calls and lines.
type Stream string

const (
	Argument  Stream = "argument"  // of a call: leaves the guest
	Answered  Stream = "answer"    // of a call: enters the worker
	Refused   Stream = "error"     // of a call: enters the worker
	Console   Stream = "console"   // leaves the guest
	Result    Stream = "result"    // leaves the guest
	Exception Stream = "exception" // the uncaught error's text: leaves the guest
	Blocked   Stream = "blocked"   // the name of a missing global: leaves the guest
	Profile   Stream = "profile"   // the names of functions in it: leaves the guest
)

// Place is where on a stream: the call's or the line's number, from 1. The
// result and the exception have none.
type Place struct {
	Stream Stream
	N      int64
}

// String is the place for a person: "answer of call 3", "console line 12".
func (p Place) String() string {
	switch p.Stream {
	case Argument, Answered, Refused:
		return fmt.Sprintf("%s of call %d", p.Stream, p.N)
	case Console:
		return fmt.Sprintf("console line %d", p.N)
	case Blocked:
		return fmt.Sprintf("blocked name %d", p.N)
	}
	return string(p.Stream)
}

// Sighting is one secret, seen in one place.
type Sighting struct {
	Secret string // its name, never its value
	Place  Place
	Form   Form
}

// String is the sighting for a person: "API_TOKEN in console line 2, base64".
func (s Sighting) String() string { return s.Secret + " in " + s.where() }

func (s Sighting) where() string {
	if s.Form == Plain {
		return s.Place.String()
	}
	return s.Place.String() + ", " + s.Form.String()
}

// LeakScanner searches streams for a vault's secrets: plain, reversed, in hex, in
// base64, in UTF-16, percent-encoded or backslash-escaped once or twice, in
// capital or small letters, with invisible characters between, in pieces that
// follow one another on a stream, in one position of arguments, in one kind of
// call, or as the first or last words of console lines, and in pieces that are the
// elements of a list. Its time is linear in the bytes, its memory constant. All methods may be called from several goroutines.
//
// It is a lamp, not a wall: a guest that scrambles a secret in a way of its
// own is not seen.
type LeakScanner struct {
	mu      sync.Mutex
	matcher *matcher
	names   []string
	lanes   map[laneKey]*lane
	counted []count // by secret
}

type count struct {
	revealed int
	where    []string
	last     map[Stream]int64 // the last place counted
}

func newLeakScanner(secrets []*held) *LeakScanner {
	l := &LeakScanner{
		matcher: newMatcher(),
		lanes:   map[laneKey]*lane{},
		counted: make([]count, len(secrets)),
	}
	for i, secret := range secrets {
		l.names = append(l.names, secret.name)
		l.counted[i].last = map[Stream]int64{}
		for _, form := range forms(secret.value) {
			l.matcher.add(form.text, hit{i, form.form})
		}
	}
	l.matcher.build()
	return l
}

// Scan searches text, which is what comes next on the place's stream, and
// returns the secrets that are complete now. A line may come in several
// chunks: a secret counts once in a place.
func (l *LeakScanner) Scan(at Place, text []byte) []Sighting {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.release(l.search(at, "", text, false))
}

// ScanJSON is Scan for a complete JSON value: it also finds a secret that is
// spread over several of its texts, or of those that came before.
func (l *LeakScanner) ScanJSON(at Place, value []byte) []Sighting {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.release(l.search(at, "", value, true))
}

// scanCall is ScanJSON for the arguments or the answer of a call such as
// "db.query": it also finds a secret that is spread over calls of this name, with
// others between. There are few such names: each is remembered.
func (l *LeakScanner) scanCall(at Place, call string, value []byte) []Sighting {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.release(l.search(at, call, value, true))
}

// hold is scanCall if nothing is found that must be kept. Otherwise held is
// true and nothing is counted, because the caller will not let the value pass.
func (l *LeakScanner) hold(at Place, call string, value []byte, kept func(secret string) bool) (found []Sighting, held bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.search(at, call, value, true)
	if slices.ContainsFunc(s.found, func(found Sighting) bool { return kept(found.Secret) }) {
		return s.found, true
	}
	return l.release(s), false
}

// search is one look at one place: what was found, and how the lanes stand if
// the bytes do pass.
type search struct {
	all, own lane // own is of the call, where there is one
	call     string
	at       Place
	found    []Sighting
	seen     uint64 // by secret
}

func (l *LeakScanner) search(at Place, call string, text []byte, isJSON bool) *search {
	s := &search{at: at, call: call}
	if lane := l.lanes[laneKey{at.Stream, ""}]; lane != nil {
		s.all = *lane
	}
	found := func(h hit) {
		if s.seen&(1<<h.secret) == 0 {
			s.seen |= 1 << h.secret
			s.found = append(s.found, Sighting{Secret: l.names[h.secret], Place: at, Form: h.form})
		}
	}
	visible := withoutInvisible(text)
	s.all.bytes.read(l.matcher, visible, !isJSON, found)
	if !isJSON {
		if at.Stream == Console {
			s.all.readWords(l.matcher, visible, found)
		}
		return s
	}
	lanes := []*lane{&s.all}
	if call != "" {
		if lane := l.lanes[laneKey{at.Stream, call}]; lane != nil {
			s.own = *lane
		}
		lanes = append(lanes, &s.own)
	}
	readJSON(l.matcher, lanes, text, at.Stream == Argument, found)
	return s
}

// release lets the bytes of a search pass: it counts what was found.
func (l *LeakScanner) release(s *search) []Sighting {
	l.keep(laneKey{s.at.Stream, ""}, &s.all)
	if s.call != "" {
		l.keep(laneKey{s.at.Stream, s.call}, &s.own)
	}
	for i := range l.counted {
		if s.seen&(1<<i) == 0 {
			continue
		}
		c := &l.counted[i]
		if last, ok := c.last[s.at.Stream]; ok && last == s.at.N {
			continue
		}
		c.last[s.at.Stream] = s.at.N
		c.revealed++
		if len(c.where) < maxWhere {
			for _, sighting := range s.found {
				if sighting.Secret == l.names[i] {
					c.where = append(c.where, sighting.where())
				}
			}
		}
	}
	return s.found
}

func (l *LeakScanner) keep(key laneKey, state *lane) {
	if lane := l.lanes[key]; lane != nil {
		*lane = *state
	} else {
		first := *state
		l.lanes[key] = &first
	}
}

func (l *LeakScanner) revealed(secret int) (int, []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.counted[secret]
	return c.revealed, append([]string{}, c.where...)
}
