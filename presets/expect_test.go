package presets_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/presets"
)

func text(s string) *string { return &s }

func yes() *bool { b := true; return &b }

// ran is a run with something of everything.
func ran(t *testing.T) presets.Run {
	t.Helper()
	limits, err := engine.Limits{}.WithCalls(5)
	if err != nil {
		t.Fatal(err)
	}
	return presets.Run{
		Setup:    presets.Setup{Limits: limits, Grants: map[string]bridge.Grant{"db": bridge.Naive}},
		Calls:    map[string]int{"db.query": 2},
		Used:     []string{"DB_PASSWORD"},
		Revealed: []string{"CUSTOMER_KEY"},
		Report: inspector.Report{
			Outcome: engine.Exception, Summary: "it threw", Limit: &engine.LimitUse{Name: "wall"},
			Result:  &engine.Result{Type: "number", Preview: "30"},
			Error:   &engine.GuestError{Phase: "run", Name: "RangeError", Message: "too deep", Line: 3},
			Console: []inspector.ConsoleLine{{Text: "one"}, {Text: "two"}, {Text: "three"}},
			Blocked: []inspector.BlockedName{{Name: "process"}, {Name: "fs"}, {Name: "fs", Kind: "import"}},
			GC:      []inspector.Collection{{}, {Count: 4}},
		},
	}
}

func TestDifferences(t *testing.T) {
	run := ran(t)
	for _, c := range []struct {
		expect presets.Expect
		want   string // "" where it agrees
	}{
		{presets.Expect{}, ""},
		{presets.Expect{Outcome: engine.Exception, Limit: "wall", Result: text("30"), Type: "number", Error: "RangeError", Message: "deep", Phase: "run", Line: 3}, ""},
		{presets.Expect{Console: []string{"one", "three"}, Blocked: []string{"fs", "process"}, Collections: 5}, ""},
		{presets.Expect{Calls: map[string]presets.Count{"db.query": {N: 2}}, Used: []string{"DB_PASSWORD"}, Revealed: []string{"CUSTOMER_KEY"}}, ""},
		{presets.Expect{Calls: map[string]presets.Count{"db.query": {N: 1, OrMore: true}}}, ""},
		{presets.Expect{With: "calls=5&grant.db=naive&wall=1s"}, ""},
		{presets.Expect{Outcome: engine.OK}, "outcome is exception, not ok (it threw)"},
		{presets.Expect{Limit: "none"}, "limit is wall, not none"},
		{presets.Expect{Killed: yes()}, "killed is false, not true"},
		{presets.Expect{Result: text("31")}, `result is "30", without "31"`},
		{presets.Expect{Type: "string"}, `result's type is "number", not "string"`},
		{presets.Expect{Error: "TypeError"}, `error is "RangeError", not "TypeError"`},
		{presets.Expect{Message: "shallow"}, `error's message is "too deep", without "shallow"`},
		{presets.Expect{Phase: "compile"}, `error's phase is "run", not "compile"`},
		{presets.Expect{Line: 4}, "error is at line 3, not 4"},
		{presets.Expect{Console: []string{"two", "one"}}, `console has no line with "one" after the one with "two"`},
		{presets.Expect{Blocked: []string{"process"}}, "doors tried are fs, process, not process"},
		{presets.Expect{Blocked: []string{}}, "doors tried are fs, process, not none"},
		{presets.Expect{Calls: map[string]presets.Count{"db.query": {N: 3}}}, "db.query was called 2 times, not 3"},
		{presets.Expect{Calls: map[string]presets.Count{}}, "db.query was called 2 times, not at all expected"},
		{presets.Expect{Revealed: []string{}}, "secrets revealed are CUSTOMER_KEY, not none"},
		{presets.Expect{Used: []string{"API_TOKEN"}}, "secrets used are DB_PASSWORD, not API_TOKEN"},
		{presets.Expect{Collections: 6}, "garbage was collected 5 times, not at least 6"},
		{presets.Expect{With: "grant.db=hardened"}, "it did not run with grant.db=hardened"},
		{presets.Expect{With: "wall=2s"}, "it did not run with wall=2s"},
	} {
		if got := strings.Join(c.expect.Differences(run), "\n"); got != c.want {
			t.Errorf("%+v: %q, want %q", c.expect, got, c.want)
		}
	}
}

func TestChange(t *testing.T) {
	s, err := presets.Parse("mine.md", []byte(front("limits: {memory: 64MB}\ngrants: {kv: hardened}")+"\n~~~js other\n2\n~~~\n"))
	if err != nil {
		t.Fatal(err)
	}
	setup, err := s.Apply("wall=3s&grant.db=naive&grant.kv=off&eval=on&seed=7&code=other", s.Setup)
	if err != nil {
		t.Fatal(err)
	}
	if setup.Limits.Memory() != 64<<20 || setup.Limits.Wall().Seconds() != 3 || !setup.Limits.Switches().Eval || setup.Limits.Switches().Seed != 7 ||
		len(setup.Grants) != 1 || setup.Grants["db"] != bridge.Naive || setup.Code != "2\n" {
		t.Errorf("changed to %+v", setup)
	}
	if len(s.Setup.Grants) != 1 || s.Setup.Grants["kv"] != bridge.Hardened {
		t.Errorf("the scenario itself was changed: %+v", s.Setup)
	}
	if back, err := s.Apply("code=original&profile=classroom", setup); err != nil || back.Code != "1\n" || back.Limits.Memory() != 32<<20 {
		t.Errorf("back to %+v, %v", back, err)
	}
	for _, change := range []presets.Change{"wall", "wall=", "grant.db=maybe", "grant.=naive", "profile=none", "code=none", "&", "=", "foo=1"} {
		if _, err := s.Apply(change, s.Setup); err == nil {
			t.Errorf("%q is taken", change)
		}
	}
}

// What somebody did in the window can be saved, opened again, and agrees.
func TestSaveWhatWasDone(t *testing.T) {
	host := engine.NewSingle()
	defer host.Close()
	s := &presets.Scenario{Name: "mine", Title: "What I did: 100 %", Group: "Basics", Before: "My notes.", Setup: presets.Setup{
		Code:   "// ~~~ is no fence here\nconsole.log('hello');\ntypeof process + db.query(\"SELECT 1 AS one\").rows[0].one",
		Grants: map[string]bridge.Grant{"db": bridge.Hardened},
	}}
	state, err := s.Run(context.Background(), host, s.Setup, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Expect = presets.Expected(presets.RunOf(state))
	path := filepath.Join(t.TempDir(), "mine.md")
	if err := s.Save(path); err != nil {
		t.Fatal(err)
	}
	if err := s.Save(path); err == nil {
		t.Error("a file that was there is gone")
	}
	found, err := presets.Choose(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range presets.Check(context.Background(), found, 1, nil) {
		if !r.Agrees() || *r.Scenario.Expect.Result != "undefined1" || !slices.Equal(r.Scenario.Expect.Blocked, []string{"process"}) {
			t.Error(r.Text())
		}
	}
	if _, err := (&presets.Scenario{Name: "none"}).Format(); err == nil || !strings.Contains(err.Error(), "has no title") {
		t.Errorf("saved without a title: %v", err)
	}
}

func TestCheck(t *testing.T) {
	dir := t.TempDir()
	for name, file := range map[string]string{
		"agrees":    front("expect: {outcome: ok}"),
		"differs":   front("expect: {outcome: timeout}"),
		"silent":    front(""),
		"pointless": "---\ntitle: Mine\nexpect: {outcome: exception}\n---\n~~~js\nlet =\n~~~\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name+".md"), []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, err := presets.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	results := presets.Check(context.Background(), all, 3, func(presets.Result) { told++ })
	var differ []string
	for i, r := range results {
		if r.Scenario != all[i] {
			t.Error("the results are in another order")
		}
		if r.Disagrees() {
			differ = append(differ, r.Scenario.Name)
		}
	}
	slices.Sort(differ)
	if told != 4 || !slices.Equal(differ, []string{"differs", "silent"}) || presets.Tally(results) != "2 of 4 agree" {
		t.Errorf("told of %d, %v differ, %s", told, differ, presets.Tally(results))
	}

	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	for _, r := range presets.Check(canceled, all, 1, nil) {
		if r.Scenario.Expect != nil && r.Skipped != "canceled" {
			t.Errorf("ran on after it was canceled: %s", r.Text())
		}
	}
}
