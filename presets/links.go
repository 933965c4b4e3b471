package presets

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"sealedroom/inspector"
)

// lead is a link to another scenario: whether it leads anywhere depends on
// which scenarios there are.
type lead struct {
	line int
	name string
}

// links checks the links of our own kinds in a text whose first line has this
// number in the file. A renderer shows a link that leads nowhere as plain text,
// so its author would not notice.
func (p *parsing) links(source string, first int) {
	data := []byte(source)
	_ = ast.Walk(markdown.Parse(text.NewReader(data)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		link, ok := n.(*ast.Link)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		at := first
		if start := position(link); start >= 0 {
			at += strings.Count(source[:start], "\n")
		}
		if err := p.link(string(link.Destination), at); err != nil {
			p.addWarning(Warning{Line: at, Text: fmt.Sprintf("has a link to %s that leads nowhere: %s", inspector.Line(clip(string(link.Destination))), inspector.Line(err.Error())), Broken: true})
		}
		return ast.WalkContinue, nil
	})
}

// position is where in the source the text of a node begins; -1 where it has
// none.
func position(node ast.Node) int {
	for n := node.FirstChild(); n != nil; n = n.NextSibling() {
		if words, ok := n.(*ast.Text); ok {
			return words.Segment.Start
		}
		if at := position(n); at >= 0 {
			return at
		}
	}
	return -1
}

// link says what is wrong with a link's address, if it is of our own kinds.
func (p *parsing) link(address string, line int) error {
	kind, rest, _ := strings.Cut(address, ":")
	switch kind {
	case "set":
		if rest == "" {
			return errors.New("write what to set, such as set:wall=3s")
		}
		_, err := p.s.Apply(Change(rest), p.s.Setup)
		return err
	case "show":
		for _, part := range Parts {
			if part == rest {
				return nil
			}
		}
		return fmt.Errorf("there is no part of the window called %q: use %s", clip(rest), strings.Join(Parts, ", "))
	case "scenario":
		if !scenarioName.MatchString(rest) {
			return fmt.Errorf("%q is no scenario's name: use small letters, digits and hyphens", clip(rest))
		}
		p.leads = append(p.leads, lead{line, rest})
	}
	return nil
}

// resolve warns of links to scenarios that are not known.
func (s *Scenario) resolve(leads []lead, known func(name string) bool) {
	for _, to := range leads {
		if !known(to.name) && len(s.Warnings) <= maxWarnings {
			s.Warnings = append(s.Warnings, Warning{Line: to.line, Text: fmt.Sprintf("has a link to scenario:%s that leads nowhere: there is no scenario of that name here", to.name), Broken: true})
		}
	}
}

// nearby reports whether a name means a built-in scenario, or a file in this
// folder.
func nearby(dir string) func(name string) bool {
	return func(name string) bool {
		if _, err := Find(name); err == nil {
			return true
		}
		found, err := os.Lstat(filepath.Join(dir, name+".md"))
		return err == nil && found.Mode().IsRegular()
	}
}

// warnOfTwins warns of lessons that have the same number.
func warnOfTwins(all []*Scenario) {
	first := map[int]*Scenario{}
	for _, s := range all {
		switch other := first[s.Lesson]; {
		case s.Lesson == 0:
		case other == nil:
			first[s.Lesson] = s
		default:
			s.Warnings = append(s.Warnings, Warning{Line: 1, Text: fmt.Sprintf("has the lesson number %d, as has %s: give one of them another", s.Lesson, other.Name)})
		}
	}
}
