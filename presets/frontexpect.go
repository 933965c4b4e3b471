package presets

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"sealedroom/engine"
	"sealedroom/inspector"
)

// expect takes what must happen.
func (p *parsing) expect(e *Expect) func(ast.Node) error {
	known := fields{
		"outcome":     p.outcome(e),
		"limit":       p.oneOf(&e.Limit, "limit", append(slices.Clone(limitKeys), "none")),
		"value":       func(node ast.Node) error { return p.bound(node, &e.Value, measureNumber) },
		"type":        p.text(&e.Type, 1, 20),
		"error":       p.text(&e.Error, 1, 200),
		"message":     p.text(&e.Message, 1, 500),
		"phase":       p.oneOf(&e.Phase, "phase", []string{"compile", "run", "rejection"}),
		"line":        p.number(&e.Line, 1, 1_000_000),
		"console":     p.texts(&e.Console),
		"blocked":     p.namesOrCounts(&e.Blocked, &e.Doors),
		"used":        p.namesOrCounts(&e.Used, &e.Uses),
		"revealed":    p.namesOrCounts(&e.Revealed, &e.Leaks),
		"held":        p.counts(&e.Held, nil),
		"fell":        p.counts(&e.Fell, nil),
		"calls":       p.counts(&e.Calls, append(callNames(), others)),
		"allowed":     p.counts(&e.Allowed, callNames()),
		"denied":      p.counts(&e.Denied, callNames()),
		"failed":      p.counts(&e.Failed, callNames()),
		"collections": p.collections(e),
		"took":        p.bounds(&e.Took, took, measureTime),
		"peak":        p.bounds(&e.Peak, peaks, measureSize),
		"with":        p.with(e),
		"result": func(node ast.Node) error {
			e.Result = new(string)
			return p.text(e.Result, 0, 500)(node)
		},
		"killed": func(node ast.Node) error {
			boolean, ok := node.(*ast.BoolNode)
			if !ok {
				return p.refuse(line(node), "write true or false")
			}
			e.Killed = &boolean.Value
			return nil
		},
		"printed": func(node ast.Node) error {
			e.Printed = new(Count)
			return p.count(node, e.Printed)
		},
	}
	return func(node ast.Node) error { return p.mapping(node, known) }
}

// mustHappen takes what must happen in a run: it has at least an outcome.
func (p *parsing) mustHappen(to **Expect) func(ast.Node) error {
	return func(node ast.Node) error {
		e := &Expect{}
		if err := p.expect(e)(node); err != nil {
			return err
		}
		if e.Outcome == "" && len(e.Outcomes) == 0 {
			return p.refuse(line(node), "expect has no outcome: add outcome: ok, or what must happen")
		}
		*to = e
		return nil
	}
}

// outcome takes one outcome, or a list of which any will do.
func (p *parsing) outcome(e *Expect) func(ast.Node) error {
	names := strings.Split(outcomeList(engine.Outcomes), ", ")
	one := p.oneOf((*string)(&e.Outcome), "outcome", names)
	return func(node ast.Node) error {
		if _, several := node.(*ast.SequenceNode); !several {
			return one(node)
		}
		return p.each(len(names), func(value ast.Node) error {
			var name string
			err := p.oneOf(&name, "outcome", names)(value)
			e.Outcomes = append(e.Outcomes, engine.Outcome(name))
			return err
		})(node)
	}
}

// collections takes at least how many there were, or counts by kind.
func (p *parsing) collections(e *Expect) func(ast.Node) error {
	return func(node ast.Node) error {
		if _, ok := pairs(node); ok {
			return p.counts(&e.Collected, nil)(node)
		}
		return p.number(&e.Collections, 1, 1_000_000)(node)
	}
}

// callNames are the calls that can be granted.
func callNames() []string {
	var names []string
	for _, kind := range engine.Capabilities() {
		for _, method := range kind.Methods {
			names = append(names, kind.Name+"."+method)
		}
	}
	return names
}

// namesOrCounts takes a list, which means exactly these, or counts by name,
// which ignore all other names.
func (p *parsing) namesOrCounts(names *[]string, counts *map[string]Count) func(ast.Node) error {
	return func(node ast.Node) error {
		if _, ok := node.(*ast.MappingNode); ok {
			return p.counts(counts, nil)(node)
		}
		return p.texts(names)(node)
	}
}

// counts takes counts by name. known are the names there are; nil: any.
func (p *parsing) counts(to *map[string]Count, known []string) func(ast.Node) error {
	return func(node ast.Node) error {
		values, ok := pairs(node)
		if !ok {
			return p.refuse(line(node), "expected counts by name, such as {db.query: 2}")
		}
		if len(values) > 100 {
			return p.refuse(line(node), "has %d entries: at most 100", len(values))
		}
		*to = map[string]Count{}
		for _, value := range values {
			name, err := p.scalar(value.Key)
			if err != nil {
				return err
			}
			switch {
			case known != nil && !slices.Contains(known, name):
				return p.refuse(line(value.Key), "there is no call %q: use %s", inspector.Line(clip(name)), strings.Join(known, ", "))
			case name != inspector.Visible(name) || name == "" || len(name) > 200:
				return p.refuse(line(value.Key), "name %q: use 1 to 200 printable characters", inspector.Line(clip(name)))
			}
			var count Count
			if err := p.count(value.Value, &count); err != nil {
				return err
			}
			(*to)[name] = count
		}
		return nil
	}
}

func (p *parsing) count(node ast.Node, to *Count) error {
	text, err := p.scalar(node)
	if err != nil {
		return err
	}
	if *to, err = parseCount(text); err != nil {
		return p.refuse(line(node), "%s", inspector.Line(err.Error()))
	}
	return nil
}

func (p *parsing) bound(node ast.Node, to *Bound, measure func(string) (float64, error)) error {
	text, err := p.scalar(node)
	if err != nil {
		return err
	}
	if *to, err = parseBound(text, measure); err != nil {
		return p.refuse(line(node), "%s", inspector.Line(err.Error()))
	}
	return nil
}

// bounds takes ranges by name, of the measurements there are.
func (p *parsing) bounds(to *map[string]Bound, measurements map[string]func(Run) (float64, bool), measure func(string) (float64, error)) func(ast.Node) error {
	known := fields{}
	for _, key := range slices.Sorted(maps.Keys(measurements)) {
		known[key] = func(node ast.Node) error {
			var bound Bound
			err := p.bound(node, &bound, measure)
			(*to)[key] = bound
			return err
		}
	}
	return func(node ast.Node) error {
		*to = map[string]Bound{}
		return p.mapping(node, known)
	}
}

// with takes what a run must have been made of: a change as links write it, or
// values and ranges by name.
func (p *parsing) with(e *Expect) func(ast.Node) error {
	return func(node ast.Node) error {
		values, ok := pairs(node)
		if !ok {
			return p.change(&e.With)(node)
		}
		e.Under = map[string]Bound{}
		for _, value := range values {
			key, err := p.scalar(value.Key)
			if err != nil {
				return err
			}
			measure := func(text string) (float64, error) {
				_, err := p.s.set(p.s.Setup, key, text)
				return 0, err
			}
			limit, isLimit := engine.FindLimit(key)
			if isLimit {
				measure = measureLimit(limit)
			}
			var bound Bound
			if err := p.bound(value.Value, &bound, measure); err != nil {
				return err
			}
			if key == "code" || !isLimit && bound.Least != bound.Most {
				return p.refuse(line(value), "%s", fmt.Sprintf("%s: write one of the limits with a range, or another setting with its value", inspector.Line(clip(key))))
			}
			e.Under[key] = bound
		}
		return nil
	}
}

// pairs are the entries of a mapping.
func pairs(node ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}
