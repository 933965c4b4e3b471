package recording

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
)

// aRun is one run's events, of every kind.
func aRun() []engine.Event {
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	limit := &engine.LimitUse{Name: "wall", Allowed: 100, Used: 101, Unit: "ms"}
	return []engine.Event{
		engine.Started{Name: "guest.js", PID: 41, V8: "13.6", Walls: []engine.Wall{{Name: "seccomp", Strength: "40 calls"}}, Lacking: []string{"landlock: none"}, Waited: engine.Waited{Spare: true, Isolate: ms(2)}},
		engine.Console{At: ms(1), Level: "log", Text: "hello \x1b[2J", Line: 2, Column: 3},
		engine.Blocked{At: ms(2), Kind: "global", Name: "process", Count: 2, Line: 3, Column: 1},
		engine.Blocked{At: ms(3), Kind: "global", Name: "process", Count: 3, Line: 4, Column: 1},
		engine.Heap{At: ms(4), V8: true, Used: 100, Committed: 200, External: 50, Process: 1000},
		engine.Heap{At: ms(5), Process: 2000},
		engine.GC{At: ms(6), Took: ms(1), Kind: "scavenge", Count: 1, Before: 300, After: 100},
		engine.Dropped{Console: 4, Blocked: 5},
		engine.Asked{At: ms(7), N: 1, Capability: "kv", Method: "get", Args: `["k"]`, BytesIn: 5, Line: 3, Secrets: []string{"API_TOKEN"}},
		engine.Answered{At: ms(7), N: 1, Verdict: engine.Allow, Took: ms(2000)},
		engine.Call{At: ms(7), Took: ms(1), N: 1, Capability: "kv", Method: "get", Args: `["k"]`, Answer: "null", Decision: "allowed", BytesIn: 5, BytesOut: 4, Line: 3, Asked: ms(2000)},
		engine.Stopping{At: ms(100), Outcome: engine.Timeout, Limit: limit},
		engine.Ended{At: ms(101), Outcome: engine.Timeout, Limit: limit, StoppedLine: 7, StoppedColumn: 2,
			Time: engine.Times{Wall: ms(101), Paused: ms(2000), CPU: ms(99), HasCPU: true, Stop: ms(1), Teardown: ms(2)}, Memory: engine.Peaks{Heap: 300, External: 60, Process: 2000, Growth: 900}},
	}
}

// A recording is one JSON object a line, which says all of the run.
func TestRecord(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.jsonl")
	recorder, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	events := aRun()
	for _, e := range events {
		recorder.Add(e)
	}
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	var head struct {
		Format  string
		Version int
	}
	if err := json.Unmarshal([]byte(lines[0]), &head); err != nil || head.Format != "sealedroom recording" || head.Version != 1 {
		t.Errorf("begins with %s", lines[0])
	}
	if len(lines) != len(events)+1 {
		t.Fatalf("%d lines for %d events", len(lines), len(events))
	}
	kinds := map[string]reflect.Type{}
	for _, e := range events {
		kinds[reflect.TypeOf(e).Name()] = reflect.TypeOf(e)
	}
	for i, line := range lines[1:] {
		var entry struct {
			Event string
			Data  json.RawMessage
		}
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		again := reflect.New(kinds[entry.Event])
		if err := json.Unmarshal(entry.Data, again.Interface()); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		got, err := json.Marshal(again.Elem().Interface())
		if err != nil {
			t.Fatal(err)
		}
		want, _ := json.Marshal(events[i])
		if !bytes.Equal(got, want) {
			t.Errorf("read back as %s, was %s", got, want)
		}
	}
}
