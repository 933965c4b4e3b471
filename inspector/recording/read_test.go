package recording

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/inspector"
)

const head = `{"format":"sealedroom recording","version":1}` + "\n"

func lineOf(e engine.Event) string {
	made, err := inFile(e)
	if err != nil {
		panic(err)
	}
	return string(made.line)
}

func TestReplayRefuses(t *testing.T) {
	started, ended := lineOf(engine.Started{}), lineOf(engine.Ended{Outcome: engine.OK})
	deep := `{"event":"Console","data":{"Tree":` + strings.Repeat(`{"c":[`, 5000) + strings.Repeat(`]}`, 5000) + "}}\n"
	for name, c := range map[string]struct{ recording, says string }{
		"nothing":            {"", "line 1"},
		"another file":       {"10 + 20\n", "run --record"},
		"another version":    {`{"format":"sealedroom recording","version":9}` + "\n", "version 9"},
		"no events":          {head, "end of the run is missing"},
		"no start":           {head + ended, "line 2: an event in the wrong place"},
		"two starts":         {head + started + started + ended, "line 3: an event in the wrong place"},
		"more after the end": {head + started + ended + lineOf(engine.Console{}), "line 4: an event in the wrong place"},
		"no end":             {head + started, "end of the run is missing"},
		"cut off":            {head + started + ended[:10], "line 3: unexpected EOF"},
		"an unknown event":   {head + started + `{"event":"Attic","data":{}}` + "\n", `unknown event "Attic"`},
		"another type":       {head + started + `{"event":"Console","data":5}` + "\n", "line 3: json"},
		"a limit too high":   {head + `{"event":"Started","data":{"Limits":{"memory":1e18}}}` + "\n", "line 2: json"},
		"deep":               {head + started + deep, "nested deeper"},
	} {
		var state inspector.State
		if _, err := Read(strings.NewReader(c.recording), state.Apply); !errors.Is(err, ErrRecording) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want an error about %q", name, err, c.says)
		}
	}
}

func TestReplayCountsWhatIsMissing(t *testing.T) {
	missing, err := Read(strings.NewReader(head+lineOf(engine.Started{})+lineOf(engine.Ended{})+`{"event":"Cut","data":{"events":7,"why":"x"}}`+"\n"), func(engine.Event) {})
	if missing != 7 || err != nil {
		t.Errorf("%d missing, %v", missing, err)
	}
}

// FuzzReplay: whatever a recording holds, it is read or refused, and what was
// read can be shown.
func FuzzReplay(f *testing.F) {
	f.Add(lineOf(engine.Console{At: time.Second, Text: "x", Tree: &engine.Node{Type: "object", Children: []engine.Node{{Key: "a"}}}}))
	f.Add(lineOf(engine.Heap{At: 1, V8: true, Used: 5}) + lineOf(engine.Heap{At: -9, Used: -1 << 62}))
	f.Add(lineOf(engine.GC{Kind: "scavenge", Count: -5, Took: -1}) + lineOf(engine.Dropped{Console: -1}))
	f.Add(lineOf(engine.Blocked{Kind: "x", Name: "\x00", Count: -3}) + lineOf(engine.Vault{}))
	f.Add(lineOf(engine.Call{N: -1, Capability: "db", Method: "query", Args: "[", Took: -1}) + lineOf(engine.Asked{}) + lineOf(engine.Answered{Verdict: "x"}))
	f.Add(lineOf(engine.Stopping{Outcome: "x", Limit: &engine.LimitUse{Name: "attic", Allowed: -1}}))
	f.Fuzz(func(t *testing.T, middle string) {
		for _, ended := range []engine.Ended{{Outcome: engine.OK}, {Outcome: "attic", Error: &engine.GuestError{}, Limit: &engine.LimitUse{}}} {
			var state inspector.State
			if _, err := Read(strings.NewReader(head+lineOf(engine.Started{})+middle+lineOf(ended)), state.Apply); err != nil {
				continue
			}
			if _, err := json.Marshal(state.Report()); err != nil {
				t.Error(err)
			}
			state.WriteText(&strings.Builder{})
		}
	})
}
