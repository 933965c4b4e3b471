package presets_test

import (
	"fmt"
	"testing"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/inspector/session"
	"sealedroom/presets"
)

func ended(outcome engine.Outcome, setup session.Setup) presets.Run {
	return presets.Run{Report: inspector.Report{Outcome: outcome}, Setup: setup}
}

// Goals add up over runs; a fix counts once its right choice was made and a run
// held.
func TestProgress(t *testing.T) {
	s, err := presets.Parse("two.md", []byte(front(`limits: {wall: 300ms}
goals:
  - {goal: Stop it, evidence: {outcome: timeout}}
  - {goal: Let it finish, evidence: {outcome: ok}}
fix:
  ask: What mends it?
  choices: [{say: Nothing}, {say: Time, set: wall=3s}]
  right: Time
  holds: {outcome: ok, with: wall=3s}`)))
	if err != nil {
		t.Fatal(err)
	}
	longer, err := s.Apply("wall=3s", s.Setup)
	if err != nil {
		t.Fatal(err)
	}
	var p presets.Progress
	p = s.Advance(p, ended(engine.Timeout, s.Setup))
	first := p
	if !p.Ran || !s.Done(p, 0) || s.Done(p, 1) || s.Solved(p) {
		t.Errorf("after a timeout: %+v", p)
	}
	p = s.Advance(p, ended(engine.OK, longer))
	if !s.Done(p, 1) || p.Mended || s.Solved(p) {
		t.Errorf("mended before it was chosen: %+v", p)
	}
	p.Answers = map[string]string{s.Fix.Ask: "Nothing"}
	if p = s.Advance(p, ended(engine.OK, longer)); p.Mended || s.Fix.Chosen(p) != 0 {
		t.Errorf("mended with the wrong choice: %+v", p)
	}
	p.Answers = map[string]string{s.Fix.Ask: "Time"}
	if p = s.Advance(p, ended(engine.OK, s.Setup)); p.Mended {
		t.Errorf("mended without its change: %+v", p)
	}
	if p = s.Advance(p, ended(engine.OK, longer)); !p.Mended || !s.Solved(p) {
		t.Errorf("not solved: %+v", p)
	}
	if p = s.Advance(p, ended(engine.Exception, s.Setup)); !s.Solved(p) {
		t.Error("what was solved does not stay so")
	}
	if s.Done(first, 1) {
		t.Error("an earlier progress was changed")
	}
	plain, err := presets.Parse("plain.md", []byte(front("expect: {outcome: ok}")))
	if err != nil {
		t.Fatal(err)
	}
	if p := plain.Advance(presets.Progress{}, ended(engine.Timeout, plain.Setup)); plain.Solved(p) {
		t.Error("solved by something else")
	}
	if p := plain.Advance(presets.Progress{}, ended(engine.OK, plain.Setup)); !plain.Solved(p) || plain.Challenge() {
		t.Error("what it must do does not solve it")
	}
}

func TestChanges(t *testing.T) {
	s, err := presets.Parse("mine.md", []byte(front("grants: {db: naive}")))
	if err != nil {
		t.Fatal(err)
	}
	for change, want := range map[presets.Change]string{
		"":                             "[]",
		"memory=64MB":                  "[{memory 128 MB 64 MB}]",
		"memory=134217729B":            "[{memory 128 MB 128 MB}]", // different, though it reads the same
		"wall=3s&cpu=100ms":            "[{wall 1 s 3 s} {cpu no limit 100 ms}]",
		"calls=5&no-jit=on&timers=off": "[{calls no limit 5} {no-jit off on}]",
		"seed=7":                       "[{seed random 7}]",
		"grant.db=hardened":            "[{grant.db naive hardened}]",
		"grant.db=off&grant.kv=naive":  "[{grant.db naive off} {grant.kv off naive}]",
		"output=1KB&result=2KB":        "[{output 64 KB 1 KB} {result 1 MB 2 KB}]",
	} {
		after, err := s.Apply(change, s.Setup)
		if err != nil {
			t.Errorf("%s: %v", change, err)
			continue
		}
		if got := fmt.Sprint(s.Setup.Changes(after)); got != want {
			t.Errorf("%s: %s, not %s", change, got, want)
		}
	}
}
