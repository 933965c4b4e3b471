package presets

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"sealedroom/engine"
	"sealedroom/inspector/session"
)

// Save writes the scenario to a new file; one that is there is kept.
func (s *Scenario) Save(path string) error {
	data, err := s.Format()
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("save: %w", err)
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Close())
}

// Format writes the scenario as Parse reads it. The error says what of it could
// not be read back.
func (s *Scenario) Format() ([]byte, error) {
	var b strings.Builder
	b.WriteString("---\n")
	for _, line := range s.front() {
		b.WriteString(line + "\n")
	}
	b.WriteString("---\n")
	if s.Before != "" {
		b.WriteString(s.Before + "\n\n")
	}
	fence := fenceFor(s.Setup.Code)
	b.WriteString(fence + "js\n" + s.Setup.Code)
	if s.Setup.Code != "" && !strings.HasSuffix(s.Setup.Code, "\n") {
		b.WriteString("\n")
	}
	b.WriteString(fence + "\n")
	if s.After != "" {
		b.WriteString("\n" + s.After + "\n")
	}
	data := []byte(b.String())
	if _, err := Parse(s.Name+".md", data); err != nil {
		return nil, fmt.Errorf("this cannot be saved as a scenario: %w", err)
	}
	return data, nil
}

// fenceFor is longer than any fence in the code.
func fenceFor(code string) string {
	fence := "~~~"
	for strings.Contains(code, fence) {
		fence += "~"
	}
	return fence
}

// front is the front matter, line by line.
func (s *Scenario) front() []string {
	var out []string
	add := func(key, value string) {
		if value != "" {
			out = append(out, key+": "+value)
		}
	}
	add("title", quoted(s.Title))
	add("group", quoted(s.Group))
	if s.Level > 1 {
		add("level", strconv.Itoa(s.Level))
	}
	if s.Lesson > 0 {
		add("lesson", strconv.Itoa(s.Lesson))
	}
	add("limits", limitsFlow(engine.Limits{}, s.Setup.Limits))
	add("switches", switchesFlow(engine.Switches{}, s.Setup.Limits.Switches()))
	add("grants", grantsFlow(session.Setup{}, s.Setup))
	var asks flow
	for _, capability := range s.Setup.Tidy().AskFirst {
		asks.add(capability, string(cmp.Or(s.Answers[capability], engine.Deny)))
	}
	add("ask-first", asks.String())
	if s.Setup.Native {
		add("native", "true")
	}
	if secrets := s.Setup.Secrets; len(secrets) > 0 {
		add("secrets", "["+strings.Join(secrets, ", ")+"]")
	}
	if s.Expect != nil {
		add("expect", s.Expect.flow())
	}
	out = append(out, s.roomLines()...)
	if len(s.Predict) > 0 {
		out = append(out, "predict:")
		for _, q := range s.Predict {
			out = append(out, q.lines("  - ", "    ")...)
		}
	}
	if s.Fix != nil {
		out = append(out, "fix:")
		out = append(out, s.Fix.lines("  ", "  ")...)
		if holds := s.Fix.Holds.flow(); holds != "" {
			out = append(out, "  holds: "+holds)
		}
	}
	if len(s.Goals) > 0 {
		out = append(out, "goals:")
		for _, g := range s.Goals {
			out = append(out, "  - goal: "+quoted(g.Goal))
			if g.Hint != "" {
				out = append(out, "    hint: "+quoted(g.Hint))
			}
			out = append(out, "    evidence: "+cmp.Or(g.Evidence.flow(), "{}"))
			if g.By != "" {
				out = append(out, "    by: "+quoted(string(g.By)))
			}
		}
	}
	if len(s.Sources) > 0 {
		out = append(out, "sources:")
		for _, source := range s.Sources {
			out = append(out, "  - "+quoted(strings.TrimSpace(source.Name+" "+source.URL)))
		}
	}
	return out
}

func (q Question) lines(first, next string) []string {
	out := []string{first + "ask: " + quoted(q.Ask), next + "choices:"}
	for _, c := range q.Choices {
		if c.Why == "" && c.Set == "" {
			out = append(out, next+"  - "+quoted(c.Say))
			continue
		}
		out = append(out, next+"  - say: "+quoted(c.Say))
		if c.Why != "" {
			out = append(out, next+"    why: "+quoted(c.Why))
		}
		if c.Set != "" {
			out = append(out, next+"    set: "+quoted(string(c.Set)))
		}
	}
	if q.Right >= 0 && q.Right < len(q.Choices) {
		out = append(out, next+"right: "+quoted(q.Choices[q.Right].Say))
	}
	if q.Why != "" {
		out = append(out, next+"why: "+quoted(q.Why))
	}
	return out
}

// flow is a mapping on one line.
type flow []string

func (f *flow) add(key, value string) { *f = append(*f, key+": "+value) }

func (f flow) String() string {
	if len(f) == 0 {
		return ""
	}
	return "{" + strings.Join(f, ", ") + "}"
}

func (e *Expect) flow() string {
	var f flow
	text := func(key, value string) {
		if value != "" {
			f.add(key, quoted(value))
		}
	}
	names := func(key string, names []string) {
		if names != nil {
			f.add(key, quotedList(names))
		}
	}
	counts := func(key string, counts map[string]Count) {
		if counts != nil {
			f.add(key, mapFlow(counts))
		}
	}
	bounds := func(key string, bounds map[string]Bound) {
		if bounds != nil {
			f.add(key, mapFlow(bounds))
		}
	}
	text("outcome", string(e.Outcome))
	if e.Outcomes != nil {
		f.add("outcome", "["+outcomeList(e.Outcomes)+"]")
	}
	text("limit", e.Limit)
	if e.Killed != nil {
		f.add("killed", strconv.FormatBool(*e.Killed))
	}
	if e.Result != nil {
		f.add("result", strconv.Quote(*e.Result))
	}
	text("value", e.Value.String())
	text("type", e.Type)
	text("error", e.Error)
	text("message", e.Message)
	text("phase", e.Phase)
	if e.Line > 0 {
		f.add("line", strconv.Itoa(e.Line))
	}
	names("console", e.Console)
	if e.Printed != nil {
		f.add("printed", e.Printed.String())
	}
	names("blocked", e.Blocked)
	counts("blocked", e.Doors)
	counts("calls", e.Calls)
	counts("allowed", e.Allowed)
	counts("denied", e.Denied)
	counts("failed", e.Failed)
	names("used", e.Used)
	counts("used", e.Uses)
	names("revealed", e.Revealed)
	counts("revealed", e.Leaks)
	counts("held", e.Held)
	counts("fell", e.Fell)
	if e.Collections > 0 {
		f.add("collections", strconv.Itoa(e.Collections))
	}
	counts("collections", e.Collected)
	bounds("took", e.Took)
	bounds("peak", e.Peak)
	text("with", string(e.With))
	bounds("with", e.Under)
	return f.String()
}

// mapFlow is a mapping in the order of its keys; {} where it is empty.
func mapFlow[V fmt.Stringer](values map[string]V) string {
	var f flow
	for _, key := range slices.Sorted(maps.Keys(values)) {
		f.add(quoted(key), quoted(values[key].String()))
	}
	return cmp.Or(f.String(), "{}")
}

func quotedList(names []string) string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = quoted(name)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// quoted writes text as YAML: bare where nothing in it can be taken for
// anything else, else in quotes.
func quoted(text string) string {
	if text == "" {
		return ""
	}
	bare := unicode.IsLetter(rune(text[0])) && text[0] < 0x80
	for _, c := range text {
		if !(c < 0x80 && (unicode.IsLetter(c) || unicode.IsDigit(c)) || strings.ContainsRune(" ._-'()/", c)) {
			bare = false
		}
	}
	switch strings.ToLower(text) {
	case "true", "false", "null", "yes", "no", "on", "off", "y", "n":
		bare = false
	}
	if bare && !strings.HasSuffix(text, " ") {
		return text
	}
	return strconv.Quote(text)
}
