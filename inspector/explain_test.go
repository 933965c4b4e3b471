package inspector

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/advice"
	"sealedroom/engine/bridge"
)

// What ended a run, and its headline and sentences.
func TestExplain(t *testing.T) {
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	limits, err := engine.Limits{}.WithWall(ms(300))
	if err != nil {
		t.Fatal(err)
	}
	started := engine.Started{Limits: limits, Grants: map[string]bridge.Grant{"kv": bridge.Naive, "files": bridge.Naive, "db": bridge.Hardened}}
	thrown := func(phase, kind, name, message string, line int) engine.Ended {
		return engine.Ended{Outcome: engine.Exception, Error: &engine.GuestError{Phase: phase, Type: kind, Name: name, Message: message, Line: line}}
	}
	returned := func(kind, preview string) engine.Ended {
		return engine.Ended{Outcome: engine.OK, Time: engine.Times{Wall: ms(2)}, Result: &engine.Result{Type: kind, Preview: preview}}
	}
	times := func(wall, cpu int) engine.Times { return engine.Times{Wall: ms(wall), CPU: ms(cpu), HasCPU: true} }
	timeout := func(line int, at engine.Times, killed bool) engine.Ended {
		return engine.Ended{Outcome: engine.Timeout, Killed: killed, StoppedLine: line, Time: at}
	}
	asked := engine.Stopping{At: ms(300)}
	vault := engine.Vault{Secrets: []bridge.SecretReport{{Name: "DB_PASSWORD"}}}
	call := func(capability, method, args string, decision bridge.Decision) engine.Call {
		return engine.Call{Capability: capability, Method: method, Args: args, Decision: decision, Line: 2}
	}
	for _, c := range []struct {
		name            string
		events          []engine.Event
		title, sentence string
	}{
		{"a door", []engine.Event{thrown("run", "error", "ReferenceError", "process is not defined", 1)},
			"Uncaught ReferenceError: process is not defined", "The guest threw this on line 1 and did not catch it."},
		{"no message", []engine.Event{thrown("run", "error", "Error", "", 3)}, "Uncaught Error", "The guest threw this on line 3 and did not catch it."},
		{"a name of the guest's", []engine.Event{thrown("run", "error", "Finished", "all “is” well", 3)},
			"Uncaught “Finished”: “all \"is\" well”", "The guest threw this on line 3 and did not catch it."},
		{"null", []engine.Event{thrown("run", "null", "", "null", 2)}, "Uncaught null", "The guest threw null on line 2, which is not an Error, and did not catch it."},
		{"a string", []engine.Event{thrown("run", "string", "", "no", 2)}, "Uncaught “no”", "The guest threw a string on line 2, which is not an Error, and did not catch it."},
		{"an object", []engine.Event{thrown("run", "object", "", "{ a: 1 }", 0)}, "Uncaught “{ a: 1 }”", "The guest threw an object, which is not an Error, and did not catch it."},
		{"rejected", []engine.Event{thrown("rejection", "error", "RangeError", "later", 4)},
			"Uncaught (in promise) RangeError: later", "A promise was rejected on line 4, and nothing in the guest handled it."},
		{"rejected with nothing", []engine.Event{thrown("rejection", "undefined", "", "undefined", 0)},
			"Uncaught (in promise) undefined", "A promise was rejected with undefined, and nothing in the guest handled it."},
		{"syntax", []engine.Event{thrown("compile", "error", "SyntaxError", "Unexpected token '='", 2)},
			"Uncaught SyntaxError: Unexpected token '='", "Line 2 does not compile, so nothing was run."},

		{"a number", []engine.Event{returned("number", "30")}, "Finished", "The guest finished in 2 ms. The result is 30."},
		{"text", []engine.Event{returned("string", "Found 1 active users.")}, "Finished", "The guest finished in 2 ms. The result is “Found 1 active users.”."},
		{"text like a number", []engine.Event{returned("string", "30")}, "Finished", "The guest finished in 2 ms. The result is “30”."},
		{"an object as result", []engine.Event{returned("object", "{\n  a: 1\n}")}, "Finished", "The guest finished in 2 ms. The result is “{ a: 1 }”."},
		{"nothing", []engine.Event{returned("undefined", "undefined")}, "Finished", "The guest finished in 2 ms."},
		{"doors, not typos", []engine.Event{engine.Blocked{Kind: "global", Name: "process", Count: 3}, engine.Blocked{Kind: "global", Name: "totl", Count: 1}, returned("undefined", "")},
			"Finished", "The guest finished in 2 ms. 1 door was tried and stayed shut."},
		{"a defence that held", []engine.Event{vault, call("db", "query", `["x"]`, bridge.Denied), call("db", "query", `["x"]`, bridge.Denied), returned("undefined", "")},
			"Finished, and the teller window held", "The guest finished in 2 ms. 2 calls were refused. No secret left the vault."},
		{"an attack on the store", []engine.Event{call("kv", "set", `["__proto__",{"admin":true}]`, bridge.Allowed), returned("string", "admin: true")},
			"Finished, and it used a hole in a grant", "The guest finished in 2 ms. The result is “admin: true”. The naive kv took the key __proto__ on line 2: every record of the store now inherits what the guest put there."},
		{"an attack on the folder", []engine.Event{call("files", "write", `["a/../../b",""]`, bridge.Allowed), returned("undefined", "")},
			"Finished, and it used a hole in a grant", "The guest finished in 2 ms. The naive files followed a name with .. in it on line 2, out of the folder that was granted."},
		{"a name with dots", []engine.Event{call("files", "write", `["a..b",""]`, bridge.Allowed), returned("undefined", "")}, "Finished", "The guest finished in 2 ms."},
		{"an attack that was refused", []engine.Event{call("kv", "set", `["__proto__",1]`, bridge.Denied), returned("undefined", "")},
			"Finished, and the teller window held", "The guest finished in 2 ms. 1 call was refused."},

		{"a loop", []engine.Event{asked, timeout(3, times(301, 290), false)}, "Timed out", "Stopped at the 300 ms time limit, on line 3. The guest was still running. The room was torn down; the app kept running."},
		{"a loop that ended late", []engine.Event{asked, timeout(3, times(410, 400), false)}, "Timed out",
			"Stopped at the 300 ms time limit, on line 3. The guest was still running. V8 was told to stop at 300 ms, and the guest was gone at 410 ms. The app kept running."},
		{"killed", []engine.Event{asked, timeout(0, times(510, 500), true)}, "Timed out",
			"Stopped at the 300 ms time limit. The guest was still running. V8 was told to stop at 300 ms and would not, so the worker process was killed; it was gone at 510 ms. The app kept running."},
		{"asleep", []engine.Event{asked, timeout(0, times(300, 1), false)}, "Timed out", "Stopped at the 300 ms time limit. The guest was still waiting. The room was torn down; the app kept running."},
		{"no core was free", []engine.Event{asked, engine.Heap{V8: true, NoCore: ms(280)}, timeout(0, times(300, 1), false)}, "Timed out", "Stopped at the 300 ms time limit. The guest was still running. The room was torn down; the app kept running."},
		{"memory", []engine.Event{engine.Heap{V8: true, Used: 120 << 20, External: 8 << 20}, engine.Ended{Outcome: engine.ExceededMemory, StoppedLine: 3}},
			"Out of memory", "Stopped at the 128 MB memory limit, on line 3. The room was torn down; the app kept running."},
		{"the next piece of memory", []engine.Event{engine.Heap{V8: true, Used: 80 << 20, External: 8 << 20}, engine.Ended{Outcome: engine.ExceededMemory}},
			"Out of memory", "Stopped at the 128 MB memory limit. The guest held 88 MB, and what V8 asked for next would have passed the limit. The room was torn down; the app kept running."},
	} {
		v := fold(append([]engine.Event{started}, c.events...)...).Verdict()
		if v.Title != c.title || v.Sentence != c.sentence {
			t.Errorf("%s:\n%s\n%s\nwant\n%s\n%s", c.name, v.Title, v.Sentence, c.title, c.sentence)
		}
	}
}

// The summary has the error, the place and what decided, on one line.
func TestSummary(t *testing.T) {
	ended := engine.Ended{Outcome: engine.Exception, Advice: &advice.Advice{Text: "db is not granted.", Control: "grant.db"},
		Error: &engine.GuestError{Phase: "run", Type: "error", Name: "ReferenceError", Message: "db is not defined", Line: 2}}
	s := fold(engine.Started{}, ended)
	want := "Uncaught ReferenceError: db is not defined. The guest threw this on line 2 and did not catch it. db is not granted."
	if got := s.Summary(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if v := s.Verdict(); v.Control != "grant.db" || v.Advice != "db is not granted." {
		t.Errorf("the verdict is %+v", v)
	}
	var out bytes.Buffer
	s.WriteText(&out)
	for _, line := range []string{"✗ Uncaught ReferenceError: db is not defined (exception)\n", "\nhint: db is not granted.\n"} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("%q is not in\n%s", line, out.String())
		}
	}
	if r := s.Report(); len(r.Console) != 0 {
		t.Error("the report's console has lines that are not the guest's")
	}
}

// Each door says why it is shut, and whether something opened it.
func TestDoors(t *testing.T) {
	on := engine.Limits{}.WithSwitches(engine.Switches{Eval: true, Wasm: true, SharedMemory: true, Timers: true})
	s := fold(engine.Started{}, engine.Blocked{Kind: "global", Name: "structuredClone", Count: 2, Line: 4}, engine.Blocked{Kind: "global", Name: "totl", Count: 1})
	open := fold(engine.Started{Limits: on, Grants: map[string]bridge.Grant{"db": bridge.Hardened, "http": bridge.Naive, "files": bridge.Hardened, "kv": bridge.Hardened}})
	find := func(s *State, name string) Door {
		for _, d := range s.Doors() {
			if d.Name == name {
				return d
			}
		}
		return Door{}
	}
	for name, want := range map[string]string{
		"process": "absent", "require": "absent", "fs": "absent", "net": "absent", "fetch": "absent", "import": "absent",
		"eval": "locked by the app", "Function": "locked by the app", "WebAssembly": "locked by the app", "SharedArrayBuffer": "locked by the app",
		"setTimeout": "switched off", "setInterval": "switched off", "queueMicrotask": "switched off",
		"db": "not granted", "http": "not granted", "files": "not granted", "kv": "not granted",
	} {
		d, o := find(s, name), find(open, name)
		if d.State != DoorShut || d.Absence != want || d.Why == "" {
			t.Errorf("%s is %+v, want %s", name, d, want)
		}
		if opens := want != "absent"; (o.State == DoorOpen) != opens || opens && o.Control == "" {
			t.Errorf("%s in an open room is %+v", name, o)
		}
	}
	if d := find(s, "structuredClone"); d.State != DoorTried || d.Count != 2 || d.Line != 4 || !strings.Contains(d.Why, "browsers and Node") {
		t.Errorf("a tried door is %+v", d)
	}
	if d := find(s, "totl"); !strings.Contains(d.Why, "misspelt") {
		t.Errorf("a misspelt name is %+v", d)
	}
}
