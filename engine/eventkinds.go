package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

// eventKinds is the one table of events: each by its name, which is its type's,
// and how its JSON is read.
var eventKinds = func() map[string]func([]byte) (Event, error) {
	kinds := map[string]func([]byte) (Event, error){}
	for _, kind := range []struct {
		event  Event
		decode func([]byte) (Event, error)
	}{
		{Started{}, decode[Started]},
		{Console{}, decode[Console]},
		{Blocked{}, decode[Blocked]},
		{Heap{}, decode[Heap]},
		{GC{}, decode[GC]},
		{Call{}, decode[Call]},
		{Asked{}, decode[Asked]},
		{Answered{}, decode[Answered]},
		{Vault{}, decode[Vault]},
		{Dropped{}, decode[Dropped]},
		{Stopping{}, decode[Stopping]},
		{Ended{}, decode[Ended]},
		{NativeAttempt{}, decode[NativeAttempt]},
		{Fallen{}, decode[Fallen]},
		{Translated{}, decode[Translated]},
		{Profiled{}, decode[Profiled]},
	} {
		kinds[EventName(kind.event)] = kind.decode
	}
	return kinds
}()

func decode[T Event](data []byte) (Event, error) {
	var e T
	err := json.Unmarshal(data, &e)
	return e, err
}

// EventName is what an event is called in a recording: "Console".
func EventName(e Event) string { return reflect.TypeOf(e).Name() }

// EventNames lists the names of all events, in alphabetical order.
func EventNames() []string { return slices.Sorted(maps.Keys(eventKinds)) }

// DecodeEvent reads the event of this name from JSON, as encoding/json writes
// it. An unknown name is an error.
func DecodeEvent(name string, data []byte) (Event, error) {
	decode, ok := eventKinds[name]
	if !ok {
		return nil, fmt.Errorf("unknown event %.40q", name)
	}
	return decode(data)
}

// asksFirst lists the capabilities whose calls wait for a person.
func (g Guest) asksFirst() []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(g.AskFirst)) {
		if g.AskFirst[name] {
			names = append(names, name)
		}
	}
	return names
}

// SecretNames returns the names of secrets that are written NAME or NAME=VALUE.
func SecretNames(secrets []string) []string {
	var names []string
	for _, secret := range secrets {
		name, _, _ := strings.Cut(secret, "=")
		names = append(names, strings.TrimSpace(name))
	}
	return names
}

func (Started) event()       {}
func (Console) event()       {}
func (Blocked) event()       {}
func (Heap) event()          {}
func (GC) event()            {}
func (Call) event()          {}
func (Asked) event()         {}
func (Answered) event()      {}
func (Vault) event()         {}
func (Dropped) event()       {}
func (Stopping) event()      {}
func (Ended) event()         {}
func (NativeAttempt) event() {}
func (Fallen) event()        {}
func (Translated) event()    {}
func (Profiled) event()      {}

// When is the beginning: 0.
func (Started) When() time.Duration { return 0 }

// When is At.
func (e Console) When() time.Duration { return e.At }

// When is At.
func (e Blocked) When() time.Duration { return e.At }

// When is At.
func (e Heap) When() time.Duration { return e.At }

// When is At.
func (e GC) When() time.Duration { return e.At }

// When is At.
func (e Call) When() time.Duration { return e.At }

// When is At.
func (e Asked) When() time.Duration { return e.At }

// When is At.
func (e Answered) When() time.Duration { return e.At }

// When is At.
func (e Vault) When() time.Duration { return e.At }

// When is At.
func (e Dropped) When() time.Duration { return e.At }

// When is At.
func (e Stopping) When() time.Duration { return e.At }

// When is At.
func (e Ended) When() time.Duration { return e.At }

// When is At.
func (e NativeAttempt) When() time.Duration { return e.At }

// When is At.
func (e Fallen) When() time.Duration { return e.At }

// When is At.
func (e Translated) When() time.Duration { return e.At }

// When is At.
func (e Profiled) When() time.Duration { return e.At }
