package inspector

import (
	"maps"
	"slices"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

// quoteNames returns an event in which every name and every sentence of the
// host's is one visible line. In a run they are; in a recording of unknown origin
// they may be anything. What a guest wrote stays as it is, and is quoted where it
// is shown.
func quoteNames(event engine.Event) engine.Event {
	changed := false
	switch e := event.(type) {
	case engine.Started:
		changed = lines(&e.Name, &e.V8)
		e.Lacking, e.Has = quoted(e.Lacking, &changed), quoted(e.Has, &changed)
		e.Walls = quotedAll(e.Walls, &changed, func(w *engine.Wall) bool { return lines(&w.Name, &w.Strength) })
		if e.Breach != nil {
			e.Breach = &engine.Breach{Without: quoted(e.Breach.Without, &changed)}
		}
		for name := range e.Grants {
			if Line(name) != name {
				e.Grants, changed = maps.Clone(e.Grants), true
				maps.DeleteFunc(e.Grants, func(name string, _ bridge.Grant) bool { return Line(name) != name })
				break
			}
		}
		event = either(changed, event, e)
	case engine.Console:
		event = either(lines(&e.Level), event, e)
	case engine.Blocked:
		event = either(lines(&e.Kind), event, e)
	case engine.GC:
		event = either(lines(&e.Kind), event, e)
	case engine.Call:
		changed = lines(&e.Capability, &e.Method, &e.Code, (*string)(&e.Decision))
		e.Secrets = quoted(e.Secrets, &changed)
		event = either(changed, event, e)
	case engine.Asked:
		changed = lines(&e.Capability, &e.Method)
		e.Secrets = quoted(e.Secrets, &changed)
		event = either(changed, event, e)
	case engine.Vault:
		e.Secrets = quotedAll(e.Secrets, &changed, func(s *bridge.SecretReport) bool {
			changed := lines(&s.Name)
			s.Where = quoted(s.Where, &changed)
			return changed
		})
		event = either(changed, event, e)
	case engine.NativeAttempt:
		event = either(lines(&e.Name, &e.Call, &e.By), event, e)
	case engine.Fallen:
		event = either(lines(&e.Target, &e.What), event, e)
	case engine.Profiled:
		e.Functions = quotedAll(e.Functions, &changed, func(f *engine.Function) bool { return lines(&f.Name, &f.Kind) })
		e.Allocations = quotedAll(e.Allocations, &changed, func(a *engine.Allocation) bool { return lines(&a.Function.Name, &a.Function.Kind) })
		event = either(changed, event, e)
	case engine.Stopping:
		changed = lines((*string)(&e.Outcome))
		e.Limit = quotedLimit(e.Limit, &changed)
		event = either(changed, event, e)
	case engine.Ended:
		changed = lines((*string)(&e.Outcome))
		e.Limit = quotedLimit(e.Limit, &changed)
		e.Spaces = quotedAll(e.Spaces, &changed, func(s *engine.Space) bool { return lines(&s.Name) })
		if e.Result != nil && Line(e.Result.Type) != e.Result.Type {
			result := *e.Result
			changed = lines(&result.Type) || changed
			e.Result = &result
		}
		if e.Advice != nil && Line(e.Advice.Control) != e.Advice.Control {
			advice := *e.Advice
			advice.Control, changed = "", true
			e.Advice = &advice
		}
		event = either(changed, event, e)
	}
	return event
}

// either returns the event as it came, which costs nothing, unless it changed.
func either[E engine.Event](changed bool, event engine.Event, e E) engine.Event {
	if changed {
		return e
	}
	return event
}

// lines makes each text one visible line, and reports whether one was not.
func lines(texts ...*string) (changed bool) {
	for _, text := range texts {
		if line := Line(*text); line != *text {
			*text, changed = line, true
		}
	}
	return changed
}

func quoted(texts []string, changed *bool) []string {
	return quotedAll(texts, changed, func(text *string) bool { return lines(text) })
}

// quotedAll returns the entries with their texts quoted: in a new slice where one
// is changed, because others hold the old one.
func quotedAll[T any](entries []T, changed *bool, quote func(*T) bool) []T {
	out := entries
	for i, entry := range entries {
		if !quote(&entry) {
			continue
		}
		if &out[0] == &entries[0] {
			out, *changed = slices.Clone(entries), true
		}
		out[i] = entry
	}
	return out
}

func quotedLimit(limit *engine.LimitUse, changed *bool) *engine.LimitUse {
	if limit == nil {
		return nil
	}
	l := *limit
	if !lines(&l.Name, &l.Unit) {
		return limit
	}
	*changed = true
	return &l
}
