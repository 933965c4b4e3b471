package presets_test

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/inspector/session"
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
		Setup:    session.Setup{Limits: limits, Grants: map[string]bridge.Grant{"db": bridge.Naive}},
		Calls:    map[string]int{"db.query": 2},
		Used:     []string{"DB_PASSWORD"},
		Revealed: []string{"CUSTOMER_KEY"},
		Report: inspector.Report{
			Outcome: engine.Exception, Summary: "it threw", Limit: &engine.LimitUse{Name: "wall"},
			Result:  &engine.Result{Type: "number", Preview: "30"},
			Error:   &engine.GuestError{Phase: "run", Name: "RangeError", Message: "too deep", Line: 3},
			Console: []inspector.ConsoleLine{{Text: "one"}, {Text: "two"}, {Text: "three"}},
			Blocked: []inspector.BlockedName{{Name: "process"}, {Name: "fs", Count: 2}, {Name: "fs", Kind: "import"}},
			GC:      []inspector.Collection{{Kind: "mark-compact", Count: 2}, {Kind: "minor", Count: 3}},
			Calls: []inspector.CallLine{
				{Capability: "db", Method: "query", Args: "[]", Decision: bridge.Allowed}, {Capability: "db", Method: "query", Args: "[]", Decision: bridge.Denied, Count: 3},
			},
			Secrets: []bridge.SecretReport{{Name: "DB_PASSWORD", Used: 2}, {Name: "CUSTOMER_KEY", Revealed: 1}},
			Memory:  inspector.Memory{PeakHeap: 3 << 20, PeakExternal: 8 << 20},
			Time:    inspector.Time{Wall: 700},
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
		{presets.Expect{Calls: map[string]presets.Count{}}, "db.query was called 2 times, not 0"},
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

// Evidence as a file writes it, and how a run differs from it.
func TestEvidence(t *testing.T) {
	run := ran(t)
	cpu := 40.0
	run.Report.Time.CPU = &cpu
	for _, c := range []struct{ evidence, want string }{
		{"outcome: [timeout, exception]", ""},
		{"outcome: [ok, timeout]", "outcome is exception, not one of ok, timeout (it threw)"},
		{"value: 30", ""}, {"value: at least 1", ""}, {"value: 1 to 30", ""}, {"value: at most 1e3", ""},
		{"value: 3", `result is "30", not a number of 3`}, {"value: at least 31", `result is "30", not a number of at least 31`},
		{"printed: 3", ""}, {"printed: 2+", ""}, {"printed: 4+", "console has 3 lines, not 4+"},
		{"blocked: {fs: 3}", ""}, {"blocked: {fs: 2+, process: 1+}", ""}, {"blocked: {eval: 0}", ""}, {"blocked: {fs: any}", ""},
		{"blocked: {eval: 1+}", "eval was never tried, not 1+"}, {"blocked: {fs: 1}", "fs was tried 3 times, not 1"},
		{"calls: {db.query: 1+}", ""}, {"calls: {others: any}", ""}, {"calls: {others: 2}", ""},
		{"calls: {kv.get: 0, others: 1}", "others was called 2 times, not 1"},
		{"denied: {db.query: 3}", ""}, {"denied: {db.query: 1+}", ""}, {"allowed: {db.query: 1}", ""}, {"failed: {db.query: 0}", ""},
		{"denied: {http.get: 1+}", "http.get was never denied, not 1+"},
		{"used: {DB_PASSWORD: 1+}", ""}, {"used: {DB_PASSWORD: 1}", "DB_PASSWORD was used 2 times, not 1"},
		{"revealed: {CUSTOMER_KEY: 1+}", ""}, {"revealed: {DB_PASSWORD: 0}", ""},
		{"revealed: {DB_PASSWORD: 1+}", "DB_PASSWORD was never revealed, not 1+"},
		{"collections: {mark-compact: 2}", ""}, {"collections: {scavenge: 1+}", "scavenge never happened, not 1+"},
		{"took: {wall: at least 600ms, cpu: at most 50ms}", ""}, {"took: {wall: 0.5s to 1s}", ""},
		{"took: {cpu: at least 600ms}", "cpu time was 40 ms, not at least 600ms"},
		{"peak: {heap: at most 4MB, external: at least 8MB}", ""}, {"peak: {heap: at least 4MB}", "heap peak was 3 MB, not at least 4MB"},
		{"peak: {process: at most 4MB}", "process peak was 0 B, not at most 4MB"}, // not measured
		{"with: {memory: 128MB, calls: at most 5, grant.db: naive, eval: off}", ""}, {"with: {cpu: at least 1s}", ""}, {"with: {wall: 0.5s to 1s}", ""},
		{"with: {cpu: at most 1s}", "it did not run with cpu at most 1s"}, {"with: {eval: on}", "it did not run with eval on"},
		{"with: {calls: at least 6}", "it did not run with calls at least 6"}, {"with: {grant.db: hardened}", "it did not run with grant.db hardened"},
	} {
		file := front("goals:\n  - goal: Win\n    evidence: {" + c.evidence + "}")
		s, err := presets.Parse("mine.md", []byte(file))
		if err != nil {
			t.Errorf("%s: %v", c.evidence, err)
			continue
		}
		if got := strings.Join(s.Goals[0].Evidence.Differences(run), "\n"); got != c.want {
			t.Errorf("%s: %q, want %q", c.evidence, got, c.want)
		}
		written, err := s.Format()
		if err != nil {
			t.Errorf("%s: %v", c.evidence, err)
			continue
		}
		if again, err := presets.Parse("mine.md", written); err != nil || !reflect.DeepEqual(again.Goals, s.Goals) {
			t.Errorf("%s: read back as %+v, %v", c.evidence, again, err)
		}
	}
}

// A scenario that asks first is answered as its file says, and written back.
func TestAskFirst(t *testing.T) {
	file := "---\ntitle: Mine\ngrants: {kv: hardened, db: hardened}\nask-first: {kv: deny, db: always}\n" +
		"expect: {outcome: ok, result: \"1 denied\", with: {ask.kv: on}, denied: {kv.get: 1}, allowed: {db.query: 2}}\n---\n" +
		"~~~js\nconst n = db.query('SELECT 1 AS n').rows[0].n; db.query('SELECT 2'); let how; try { kv.get('a') } catch (e) { how = e.code } n + ' ' + how\n~~~\n"
	s, err := presets.Parse("mine.md", []byte(file))
	if err != nil || !slices.Equal(s.Setup.AskFirst, []string{"db", "kv"}) || s.Answers["db"] != engine.Always {
		t.Fatalf("%+v, %v", s, err)
	}
	written, err := s.Format()
	if err != nil {
		t.Fatal(err)
	}
	again, err := presets.Parse("mine.md", written)
	if err != nil || !reflect.DeepEqual(again, s) {
		t.Errorf("written as\n%s\nand read as %+v, %v", written, again, err)
	}
	r := presets.Check(t.Context(), []*presets.Scenario{again}, 1, nil)[0]
	if !r.Agrees() {
		t.Error(r.Text())
	}
	if answers := presets.Answered(r.Run); answers["kv"] != engine.Deny || answers["db"] != engine.Allow {
		t.Errorf("answered were %v", answers)
	}
	changed, err := s.Apply("ask.kv=off&grant.db=off", s.Setup)
	if err != nil || len(s.Setup.Changes(changed)) != 3 || changed.Tidy().AskFirst != nil {
		t.Errorf("changed to %+v, %v", changed, err)
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
	for _, change := range []presets.Change{"wall", "wall=", "grant.db=maybe", "ask.db=maybe", "ask.attic=on", "grant.=naive", "profile=none", "code=none", "&", "=", "foo=1"} {
		if _, err := s.Apply(change, s.Setup); err == nil {
			t.Errorf("%q is taken", change)
		}
	}
}

// What a person did in the window can be saved, opened again, and agrees.
func TestSaveWhatWasDone(t *testing.T) {
	host := engine.NewSingle()
	defer host.Close()
	s := &presets.Scenario{Name: "mine", Title: "What I did: 100 %", Group: "Basics", Before: "My notes.", Setup: session.Setup{
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

// What check says of a file whose ways and links do not hold.
func TestCheckWaysAndLinks(t *testing.T) {
	goal := func(by string) string {
		return front("expect: {outcome: ok}\ngoals:\n  - goal: Wait\n    evidence: {outcome: timeout}\n    by: " + by)
	}
	loop := "\n~~~js loop\nfor (;;);\n~~~\n"
	dir := t.TempDir()
	for name, c := range map[string]struct{ file, want string }{
		"reached":  {goal("wall=50ms&code=loop") + loop, ""},
		"missed":   {goal("wall=50ms") + loop, "goal 1 is not reached by wall=50ms: outcome is ok, not timeout ("},
		"unfixed":  {front("expect: {outcome: ok}\nfix:\n  ask: How?\n  choices: [{say: a, set: wall=2s}, b]\n  right: a\n  holds: {outcome: timeout}"), "the right choice does not fix it: outcome is ok, not timeout"},
		"set":      {front("expect: {outcome: ok}") + "\nText,\n\nand\n[a *link*](set:wal=3s).\n", `line 12 has a link to set:wal=3s that leads nowhere: there is nothing called "wal" to set`},
		"show":     {"---\ntitle: Mine\nexpect: {outcome: ok}\n---\n\n\nText\n[a `link`](show:nothing).\n\n" + guest, `line 8 has a link to show:nothing that leads nowhere: there is no part of the window called "nothing"`},
		"code":     {front("expect: {outcome: ok}") + "[a link](set:code=nope)\n", `line 8 has a link to set:code=nope that leads nowhere: there is no code "nope"`},
		"scenario": {front("expect: {outcome: ok}") + "- [a link](scenario:nope)\n", "line 8 has a link to scenario:nope that leads nowhere"},
		"good":     {front("expect: {outcome: ok}") + "[a](scenario:reached) [b](scenario:rob-the-vault) [c](set:wall=2s) [d](show:vault) [e](https://example.com) [f](other.md)\n", ""},
	} {
		path := filepath.Join(dir, name+".md")
		if err := os.WriteFile(path, []byte(c.file), 0o600); err != nil {
			t.Fatal(err)
		}
		defer func() {
			s, err := presets.Load(path)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			r := presets.Check(context.Background(), []*presets.Scenario{s}, 1, nil)[0]
			if got := strings.Join(r.Differences, "\n"); !strings.HasPrefix(got, c.want) || (c.want == "") != r.Agrees() {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}()
	}
}

// A folder keeps the order of its files' names, whatever they say, and reports
// each file that is refused.
func TestOpen(t *testing.T) {
	dir := t.TempDir()
	for name, file := range map[string]string{
		"01-last.md":   front("group: Workshop\nlesson: 2"),
		"02-first.md":  front("group: Basics\nlesson: 2"),
		"03-bad.md":    front("level: 7\nfoo: 1"),
		"04-fine.md":   "---\ntitle: A\nlesson: 1\n---\n```JavaScript\n1\n```\n[on](scenario:01-last)\n```javascript more\n2\n```\n",
		"sub/00-in.md": front("group: Workshop"), "README.md": "no scenario", "notes.txt": "",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, err := presets.Open(dir)
	var names []string
	var warnings []presets.Warning
	for _, s := range all {
		names = append(names, s.Name)
		warnings = append(warnings, s.Warnings...)
	}
	if !slices.Equal(names, []string{"01-last", "02-first", "04-fine", "00-in"}) {
		t.Errorf("scenarios are %v", names)
	}
	if len(warnings) != 1 || warnings[0].Text != "has the lesson number 2, as has 01-last: give one of them another" || warnings[0].Broken {
		t.Errorf("warnings are %v", warnings)
	}
	if all[0].Group != "Workshop" || all[2].Setup.Code != "1\n" || all[2].Codes["more"] != "2\n" {
		t.Errorf("%+v, %+v", all[0], all[2])
	}
	refused := presets.Apart(err)
	if len(refused) != 2 || !strings.Contains(refused[0].Error(), "03-bad.md:3: ") || !strings.Contains(refused[1].Error(), `03-bad.md:4: unknown key "foo"`) {
		t.Errorf("refused: %v", err)
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
	reported := 0
	results := presets.Check(context.Background(), all, 3, func(presets.Result) { reported++ })
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
	if reported != 4 || !slices.Equal(differ, []string{"differs", "silent"}) || presets.Tally(results, 0) != "2 of 4 agree" {
		t.Errorf("reported %d, %v differ, %s", reported, differ, presets.Tally(results, 0))
	}

	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	for _, r := range presets.Check(canceled, all, 1, nil) {
		if r.Scenario.Expect != nil && r.Skipped != "canceled" {
			t.Errorf("ran on after it was canceled: %s", r.Text())
		}
	}
}
