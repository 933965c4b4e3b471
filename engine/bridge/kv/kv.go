// Package kv is the capability "kv": a store of the run's own, in memory.
//
// Hardened, it bounds keys, values and the whole, and refuses the keys that
// mean something to JavaScript's objects.
//
// Naive, it keeps what a host written in JavaScript often keeps: plain objects,
// to which "__proto__" is no key like others. Setting it changes the prototype
// that every record shares, and get copies a record with for…in, so inherited
// members and all: after kv.set("__proto__", {admin: true}) every record has
// admin. That is the hole. An outer bound on its size stays, because a guest
// may exhaust its own store but never the host.
package kv

import (
	"context"
	"encoding/json"
	"slices"
	"sort"
	"strconv"

	"sealedroom/engine/bridge"
)

// Kind describes the capability.
func Kind() bridge.Kind {
	return bridge.Kind{
		Name:    "kv",
		Methods: []string{"get", "set", "delete", "keys"},
		Open:    open,
	}
}

// quota bounds a store; sizes in bytes, of keys and values as JSON.
type quota struct {
	keys, key, value, total int
}

var (
	hardened = quota{keys: 256, key: 128, value: 16 << 10, total: 256 << 10}
	// The outer bound of the naive store.
	naive = quota{keys: 64 << 10, key: 64 << 10, value: 64 << 10, total: 8 << 20}
)

// shaped are the keys that reach an object's machinery in JavaScript.
var shaped = []string{"__proto__", "constructor", "prototype"}

type store struct {
	grant   bridge.Grant
	quota   quota
	records map[string]json.RawMessage
	size    int
	// prototype is what all records of a naive store inherit.
	prototype map[string]json.RawMessage
}

func open(setup bridge.Setup) bridge.Capability {
	s := &store{grant: setup.Grant, quota: hardened}
	if setup.Grant == bridge.Naive {
		s.quota = naive
	}
	return s
}

func (s *store) Call(ctx context.Context, method string, args bridge.Args) (any, error) {
	if method == "keys" {
		bridge.Log(ctx, "listed the keys in memory")
		if err := args.Count(0, 0); err != nil {
			return nil, err
		}
		return s.keys(), nil
	}
	most := 1
	if method == "set" {
		most = 2
	}
	if err := args.Count(most, most); err != nil {
		return nil, err
	}
	key, err := s.key(args)
	if err != nil {
		return nil, err
	}
	bridge.Log(ctx, method+" "+strconv.Quote(key)+" in memory")
	switch method {
	case "get":
		return s.get(key), nil
	case "set":
		value, err := args.JSON(1)
		if err != nil {
			return nil, err
		}
		return nil, s.set(args.Call(), key, value)
	default:
		return s.delete(key), nil
	}
}

func (s *store) key(args bridge.Args) (string, error) {
	key, err := args.Text(0, s.quota.key)
	if err != nil {
		return "", err
	}
	if s.grant == bridge.Hardened && slices.Contains(shaped, key) {
		return "", bridge.Refuse(bridge.CodeNotGranted, "%s: the key %q is not granted: use another name", args.Call(), key)
	}
	return key, nil
}

func (s *store) get(key string) any {
	if s.grant == bridge.Naive {
		return s.inherited(key)
	}
	if value, ok := s.records[key]; ok {
		return value
	}
	return nil
}

// inherited is the naive get: a missing record is looked up in the shared
// prototype, and a record that is an object gets the prototype's members too.
func (s *store) inherited(key string) any {
	if key == "__proto__" {
		return s.prototype
	}
	value, ok := s.records[key]
	if !ok {
		if value, ok = s.prototype[key]; !ok {
			return nil
		}
	}
	var record map[string]json.RawMessage
	if len(s.prototype) == 0 || json.Unmarshal(value, &record) != nil || record == nil {
		return value
	}
	for name, member := range s.prototype {
		if _, own := record[name]; !own {
			record[name] = member
		}
	}
	return record
}

func (s *store) set(call, key string, value json.RawMessage) error {
	old, exists := s.records[key]
	grown := len(value) - len(old)
	if !exists {
		grown += len(key)
	}
	switch {
	case len(value) > s.quota.value:
		return bridge.Refuse(bridge.CodeTooLarge, "%s: the value has %d bytes, at most %d are taken", call, len(value), s.quota.value)
	case !exists && len(s.records) >= s.quota.keys:
		return bridge.Refuse(bridge.CodeTooLarge, "%s: the store holds %d keys, its most: delete one first", call, s.quota.keys)
	case s.size+grown > s.quota.total:
		return bridge.Refuse(bridge.CodeTooLarge, "%s: the store would hold more than %d bytes: delete a key first", call, s.quota.total)
	}
	if key == "__proto__" { // only a naive store gets here with it
		var members map[string]json.RawMessage
		if json.Unmarshal(value, &members) != nil {
			return nil // as in JavaScript: a prototype that is no object is ignored
		}
		s.prototype = members
	}
	if s.records == nil {
		s.records = map[string]json.RawMessage{}
	}
	s.records[key] = slices.Clone(value)
	s.size += grown
	return nil
}

func (s *store) delete(key string) bool {
	value, ok := s.records[key]
	if ok {
		s.size -= len(key) + len(value)
		delete(s.records, key)
	}
	return ok
}

func (s *store) keys() []string {
	keys := make([]string, 0, len(s.records))
	for key := range s.records {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// Close forgets everything.
func (s *store) Close() error {
	s.records, s.prototype, s.size = nil, nil, 0
	return nil
}
