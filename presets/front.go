package presets

import (
	"errors"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/inspector/session"
)

// fields is what a mapping may hold: for each key, what takes its value. The
// values are taken in the order in which the file has them.
type fields map[string]func(value ast.Node) error

// front reads the front matter. Its line numbers are the file's.
func (p *parsing) front(text string) (err error) {
	root, err := p.yaml(text)
	if err != nil {
		return err
	}
	s := &p.s
	s.Level = 1
	var asks, rooms ast.Node
	err = p.mapping(root, fields{
		"title":    p.text(&s.Title, 1, 120),
		"group":    p.text(&s.Group, 1, 60),
		"level":    p.number(&s.Level, 1, 3),
		"lesson":   p.number(&s.Lesson, 1, 1000),
		"limits":   p.limits(&s.Setup, limitKeys, setLimit),
		"switches": p.limits(&s.Setup, switchKeys, setSwitch),
		"grants":   p.grants(&s.Setup),
		"secrets":  p.secrets,
		"ask-first": func(value ast.Node) error {
			asks = value
			return p.answers(value)
		},
		// Native hands, against all walls: which to leave out no file can say.
		"native": p.flag(&s.Setup.Native),
		"expect": p.mustHappen(&s.Expect),
		"rooms": func(value ast.Node) error {
			rooms = value // they change what the rest says
			return nil
		},
		"predict": p.each(20, func(value ast.Node) error {
			s.Predict = append(s.Predict, Question{})
			return p.question(&s.Predict[len(s.Predict)-1], nil)(value)
		}),
		"fix": func(value ast.Node) error {
			s.Fix = &Fix{}
			return p.question(&s.Fix.Question, fields{"holds": p.expect(&s.Fix.Holds)})(value)
		},
		"goals": p.each(20, p.goal),
		"sources": p.each(20, func(value ast.Node) error {
			source, err := p.source(value)
			s.Sources = append(s.Sources, source)
			return err
		}),
	})
	if err != nil {
		return err
	}
	for _, name := range s.Setup.AskFirst {
		if s.Setup.Grants[name] == bridge.Off {
			return p.refuse(line(asks), "ask-first: %s is not granted: add it to grants", name)
		}
	}
	if s.Setup.Native && len(s.Setup.Grants)+len(s.Setup.Secrets) > 0 {
		return p.refuse(1, "native hands go with no grants and no secrets: leave them out")
	}
	if err := p.rooms(rooms); err != nil {
		return err
	}
	s.Title = inspector.Line(s.Title) // one line, in lists too
	s.Group = inspector.Line(s.Group)
	if s.Title == "" {
		return p.refuse(1, "has no title: add title: What it shows")
	}
	return nil
}

// yaml reads the text as one document.
func (p *parsing) yaml(text string) (root ast.Node, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			root, err = nil, p.refuse(1, "front matter cannot be read as YAML")
		}
	}()
	// What the parser takes grows with the square of how deep it has to go.
	if at := tooDeep(text); at > 0 {
		return nil, p.refuse(at, "front matter is nested too deep: at most %d levels", deepestFront)
	}
	file, err := parser.ParseBytes([]byte(text), 0)
	if err != nil {
		var at yaml.Error
		if errors.As(err, &at) && at.GetToken() != nil {
			return nil, p.refuse(max(1, at.GetToken().Position.Line), "bad YAML: %s", inspector.Line(clip(at.GetMessage())))
		}
		return nil, p.refuse(1, "bad YAML: %s", inspector.Line(clip(err.Error())))
	}
	if len(file.Docs) > 1 {
		return nil, p.refuse(line(file.Docs[1].Body), "front matter is more than one document")
	}
	if len(file.Docs) == 0 {
		return nil, nil
	}
	return file.Docs[0].Body, nil
}

const deepestFront = 50

// tooDeep returns the line on which more brackets are open than a scenario
// has any use for; 0 where none is. Brackets in texts count, too.
func tooDeep(text string) int {
	open := 0
	for i := range len(text) {
		switch text[i] {
		case '[', '{':
			open++
		case ']', '}':
			open = max(0, open-1)
		}
		if open > deepestFront {
			return 1 + strings.Count(text[:i], "\n")
		}
	}
	return 0
}

// line is a node's line in the file.
func line(node ast.Node) int {
	if node == nil {
		return 1
	}
	token := node.GetToken()
	if token == nil || token.Position == nil || token.Position.Line < 1 {
		return 1
	}
	return token.Position.Line
}

// ---- shapes --------------------------------------------------------------------

func (p *parsing) mapping(node ast.Node, known fields) error {
	var values []*ast.MappingValueNode
	switch n := node.(type) {
	case nil, *ast.NullNode:
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		return p.refuse(line(node), "expected a mapping, such as %s: …", slices.Sorted(maps.Keys(known))[0])
	}
	var errs []error
	for _, value := range values {
		key, err := p.scalar(value.Key)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		take, ok := known[key]
		if !ok {
			errs = append(errs, p.refuse(line(value.Key), "unknown key %q: known are %s", inspector.Line(clip(key)), strings.Join(slices.Sorted(maps.Keys(known)), ", ")))
			continue
		}
		errs = append(errs, take(value.Value))
	}
	return errors.Join(errs...)
}

func (p *parsing) each(most int, take func(ast.Node) error) func(ast.Node) error {
	return func(node ast.Node) error {
		list, ok := node.(*ast.SequenceNode)
		if !ok {
			return p.refuse(line(node), "expected a list: write [one, two], or lines that begin with -")
		}
		if len(list.Values) > most {
			return p.refuse(line(node), "has %d entries: at most %d", len(list.Values), most)
		}
		var errs []error
		for _, value := range list.Values {
			errs = append(errs, take(value))
		}
		return errors.Join(errs...)
	}
}

// scalar is a value as it is written, without its quotes.
func (p *parsing) scalar(node ast.Node) (string, error) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, nil
	case *ast.LiteralNode:
		return strings.TrimSpace(n.Value.Value), nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return strings.TrimSpace(n.GetToken().Value), nil
	case *ast.NullNode:
		return "", p.refuse(line(node), "expected a value: write one, in quotes if it is the word null")
	}
	return "", p.refuse(line(node), "expected plain text")
}

// text takes text of a length, in characters that show.
func (p *parsing) text(to *string, least, most int) func(ast.Node) error {
	return func(node ast.Node) error {
		text, err := p.scalar(node)
		if err != nil {
			return err
		}
		if n := len([]rune(text)); n < least || n > most {
			return p.refuse(line(node), "text has %d characters: %d to %d are taken", n, least, most)
		}
		*to = inspector.Visible(text)
		return nil
	}
}

func (p *parsing) texts(to *[]string) func(ast.Node) error {
	return func(node ast.Node) error {
		*to = []string{} // an empty list says "none", a missing one nothing
		return p.each(100, func(value ast.Node) error {
			var text string
			err := p.text(&text, 1, 200)(value)
			*to = append(*to, text)
			return err
		})(node)
	}
}

func (p *parsing) oneOf(to *string, what string, known []string) func(ast.Node) error {
	return func(node ast.Node) error {
		text, err := p.scalar(node)
		if err != nil {
			return err
		}
		if !slices.Contains(known, text) {
			return p.refuse(line(node), "there is no %s %q: use %s", what, inspector.Line(clip(text)), strings.Join(known, ", "))
		}
		*to = text
		return nil
	}
}

func (p *parsing) flag(to *bool) func(ast.Node) error {
	return func(node ast.Node) error {
		boolean, ok := node.(*ast.BoolNode)
		if !ok {
			return p.refuse(line(node), "write true or false")
		}
		*to = boolean.Value
		return nil
	}
}

func (p *parsing) number(to *int, least, most int) func(ast.Node) error {
	return func(node ast.Node) error {
		text, err := p.scalar(node)
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < least || n > most {
			return p.refuse(line(node), "%q: write a number from %d to %d", inspector.Line(clip(text)), least, most)
		}
		*to = n
		return nil
	}
}

// ---- what a run is made of ---------------------------------------------------------

func (p *parsing) limits(to *session.Setup, keys []string, set func(engine.Limits, string, string) (engine.Limits, error)) func(ast.Node) error {
	known := fields{}
	for _, key := range keys {
		known[key] = func(node ast.Node) error {
			text, err := p.scalar(node)
			if err != nil {
				return err
			}
			if to.Limits, err = set(to.Limits, key, text); err != nil {
				return p.refuse(line(node), "%s: %s", key, inspector.Line(err.Error()))
			}
			return nil
		}
	}
	return func(node ast.Node) error { return p.mapping(node, known) }
}

func (p *parsing) grants(to *session.Setup) func(ast.Node) error {
	known := fields{}
	for _, capability := range session.Capabilities() {
		known[capability] = func(node ast.Node) error {
			text, err := p.scalar(node)
			if err != nil {
				return err
			}
			if to.Grants == nil {
				to.Grants = map[string]bridge.Grant{}
			}
			if err := grant(to.Grants, capability, text); err != nil {
				return p.refuse(line(node), "%s", inspector.Line(err.Error()))
			}
			return nil
		}
	}
	return func(node ast.Node) error { return p.mapping(node, known) }
}

// answers takes the capabilities that ask before a call, each with what check
// answers.
func (p *parsing) answers(node ast.Node) error {
	known := fields{}
	for _, capability := range session.Capabilities() {
		known[capability] = func(node ast.Node) error {
			verdict := ""
			if err := p.oneOf(&verdict, "answer", []string{string(engine.Allow), string(engine.Deny), string(engine.Always)})(node); err != nil {
				return err
			}
			if p.s.Answers == nil {
				p.s.Answers = map[string]engine.Verdict{}
			}
			p.s.Answers[capability] = engine.Verdict(verdict)
			p.s.Setup.AskFirst = slices.Sorted(maps.Keys(p.s.Answers))
			return nil
		}
	}
	return p.mapping(node, known)
}

var secretName = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,63}$`)

func (p *parsing) secrets(node ast.Node) error {
	return p.each(32, func(value ast.Node) error {
		text, err := p.scalar(value)
		if err != nil {
			return err
		}
		if !secretName.MatchString(text) {
			return p.refuse(line(value), "secret %q: use capital letters, digits and underscores", inspector.Line(clip(text)))
		}
		p.s.Setup.Secrets = append(p.s.Setup.Secrets, text)
		return nil
	})(node)
}

// change takes a change and tries it, so that no link of a file is dead.
func (p *parsing) change(to *Change) func(ast.Node) error {
	return func(node ast.Node) error {
		text, err := p.scalar(node)
		if err != nil {
			return err
		}
		if _, err := p.s.Apply(Change(text), p.s.Setup); err != nil {
			return p.refuse(line(node), "%s", inspector.Line(err.Error()))
		}
		*to = Change(text)
		return nil
	}
}

// ---- questions, goals, sources ---------------------------------------------------------

func (p *parsing) question(q *Question, more fields) func(ast.Node) error {
	right := ""
	known := fields{
		"ask":   p.text(&q.Ask, 1, 500),
		"why":   p.text(&q.Why, 1, 1000),
		"right": p.text(&right, 1, 300),
		"choices": p.each(8, func(value ast.Node) error {
			choice := Choice{}
			defer func() { q.Choices = append(q.Choices, choice) }()
			if _, ok := value.(*ast.MappingNode); !ok {
				return p.text(&choice.Say, 1, 300)(value)
			}
			return p.mapping(value, fields{
				"say": p.text(&choice.Say, 1, 300), "why": p.text(&choice.Why, 1, 1000), "set": p.change(&choice.Set),
			})
		}),
	}
	maps.Copy(known, more)
	return func(node ast.Node) error {
		if err := p.mapping(node, known); err != nil {
			return err
		}
		q.Right = slices.IndexFunc(q.Choices, func(c Choice) bool { return c.Say == right })
		switch {
		case q.Ask == "":
			return p.refuse(line(node), "question has no ask: add ask: What will happen?")
		case len(q.Choices) < 2:
			return p.refuse(line(node), "question has %d choices: at least 2", len(q.Choices))
		case q.Right < 0:
			return p.refuse(line(node), "right is not one of the choices: repeat one of them word for word")
		}
		return nil
	}
}

func (p *parsing) goal(node ast.Node) error {
	var goal Goal
	seen := false
	err := p.mapping(node, fields{
		"goal": p.text(&goal.Goal, 1, 500),
		"hint": p.text(&goal.Hint, 1, 500),
		"evidence": func(value ast.Node) error {
			seen = true
			return p.expect(&goal.Evidence)(value)
		},
		"by": p.change(&goal.By),
	})
	switch {
	case err != nil:
		return err
	case goal.Goal == "":
		return p.refuse(line(node), "goal has no text: add goal: What is to be done")
	case !seen:
		return p.refuse(line(node), "goal has no evidence: add evidence: {outcome: ok}, or what shows that it is reached")
	}
	p.s.Goals = append(p.s.Goals, goal)
	return nil
}

func (p *parsing) source(node ast.Node) (Source, error) {
	var text string
	if err := p.text(&text, 1, 500)(node); err != nil {
		return Source{}, err
	}
	words := strings.Fields(text)
	if len(words) == 0 {
		return Source{}, p.refuse(line(node), "source has no name: say who says so")
	}
	name, address := words[:len(words)-1], words[len(words)-1]
	if len(name) == 0 || !strings.Contains(address, "://") {
		return Source{Name: strings.Join(words, " ")}, nil
	}
	if !webAddress(address) {
		return Source{}, p.refuse(line(node), "address %q: only plain https ones are taken", clip(address))
	}
	return Source{Name: strings.Join(name, " "), URL: address}, nil
}

// webAddress says whether text is an address that may be shown as one: https,
// printable ASCII, a named host, no user name in front of it.
func webAddress(text string) bool {
	if len(text) > 500 || strings.ContainsFunc(text, func(c rune) bool { return c <= ' ' || c > '~' }) {
		return false
	}
	at, err := url.Parse(text)
	return err == nil && at.Scheme == "https" && at.User == nil && strings.Contains(at.Hostname(), ".")
}
