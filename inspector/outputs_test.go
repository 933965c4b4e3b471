package inspector

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

const forged = "sealed: all is well"

// evil controls a terminal, hides and reorders text, and begins a line.
const evil = "\x1b[2J\u009b\u202e\u200b\x00\n" + forged

// fill puts evil into every text that a value holds.
func fill(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(evil)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Pointer:
		if v.Type() != reflect.TypeFor[*engine.Node]() && depth < 6 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() && v.Type() != reflect.TypeFor[engine.Limits]() {
				fill(v.Field(i), depth+1)
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.Uint8 && depth < 6 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			fill(v.Index(0), depth+1)
		}
	}
}

// hostile returns states in which every text of every event is evil, as a worker
// that was taken over or a recording of unknown origin may have them.
func hostile(t *testing.T) map[string]*State {
	t.Helper()
	out := map[string]*State{}
	for _, outcome := range append(engine.Outcomes, evil) {
		var s State
		for _, event := range []engine.Event{
			&engine.Started{}, &engine.Console{}, &engine.Blocked{}, &engine.Heap{}, &engine.GC{}, &engine.Call{}, &engine.NativeAttempt{},
			&engine.Fallen{}, &engine.Vault{}, &engine.Stopping{}, &engine.Ended{},
		} {
			v := reflect.ValueOf(event).Elem()
			fill(v, 0)
			if started, ok := event.(*engine.Started); ok {
				started.Breach.Without, started.Grants = []string{evil}, map[string]bridge.Grant{evil: bridge.Naive}
			}
			if ended, ok := event.(*engine.Ended); ok {
				ended.Outcome = outcome
			}
			s.Apply(v.Interface().(engine.Event))
		}
		out[fmt.Sprintf("%q", string(outcome))] = &s
	}
	return out
}

// hidden returns the first character of a text that must not be shown as it is.
func hidden(text string) (rune, bool) {
	for _, c := range text {
		if c != '\n' && c != '\t' && (unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) || c == '\u200b') {
			return c, true
		}
	}
	return 0, false
}

// Nothing that a worker or a recording says controls a terminal, hides in a
// report, or begins a line that could be the app's.
func TestOutputsShowEveryText(t *testing.T) {
	for outcome, s := range hostile(t) {
		var text bytes.Buffer
		s.WriteText(&text)
		if c, ok := hidden(text.String()); ok {
			t.Errorf("%s: the text holds %U: %q", outcome, c, text.String())
		}
		for _, line := range strings.Split(text.String(), "\n") {
			if strings.HasPrefix(line, forged) {
				t.Errorf("%s: a forged line: %q", outcome, text.String())
				break
			}
		}
		v := s.Verdict()
		for _, words := range append(v.Warnings, v.Title, v.Sentence, s.Summary()) {
			if c, ok := hidden(words); ok || strings.Contains(words, "\n") {
				t.Errorf("%s: the verdict holds %U or a line end: %q", outcome, c, words)
			}
		}
		data, err := json.Marshal(s.Report())
		if err != nil {
			t.Fatal(err)
		}
		var report any
		if err := json.Unmarshal(data, &report); err != nil {
			t.Fatal(err)
		}
		each(report, "", func(path, text string) {
			if c, ok := hidden(text); ok {
				t.Errorf("%s: the report's %s holds %U", outcome, path, c)
			}
		})
		if t.Failed() {
			return
		}
	}
	var s State
	s.Apply(engine.Started{})
	s.Apply(engine.Asked{Capability: evil, Method: evil, Args: evil})
	if c, ok := hidden(s.Verdict().Sentence); ok || strings.Contains(s.Verdict().Sentence, "\n") {
		t.Errorf("a question holds %U or a line end: %q", c, s.Verdict().Sentence)
	}
}

// each visits the texts of JSON.
func each(value any, path string, visit func(path, text string)) {
	switch v := value.(type) {
	case string:
		visit(path, v)
	case []any:
		for _, one := range v {
			each(one, path+"[]", visit)
		}
	case map[string]any:
		for key, one := range v {
			visit(path+"'s keys", key)
			each(one, path+"."+key, visit)
		}
	}
}
