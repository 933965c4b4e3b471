package inspector

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

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

func fold(events ...engine.Event) *State {
	var s State
	for _, e := range events {
		s.Apply(e)
	}
	return &s
}

// Apply is a function of the events: twice the same, whatever else was folded
// beside it, and it leaves the events as they were.
func TestApplyIsPure(t *testing.T) {
	events, untouched := aRun(), aRun()
	var a, b State
	for _, e := range events {
		a.Apply(e)
		b.Apply(e)
	}
	if !reflect.DeepEqual(a, b) {
		t.Error("the same events made two states")
	}
	if !reflect.DeepEqual(events, untouched) {
		t.Error("Apply changed an event")
	}
	a.Blocked[0].Count = 1000 // of a only
	if b.Blocked[0].Count != 5 {
		t.Error("two states share what they hold")
	}
	for _, e := range events {
		b.Apply(e) // a second run in the same state
	}
	again := *fold(events...)
	again.Version.Run = b.Version.Run
	if !reflect.DeepEqual(b, again) {
		t.Error("Started does not begin a run afresh")
	}
}

// However long its lines, a console is kept in bounds, the newest lines of it,
// and what was shown of it stays as it was.
func TestConsoleTextIsBounded(t *testing.T) {
	var s State
	s.Apply(engine.Started{})
	long := strings.Repeat("x", 10_000)
	var shown State
	const n = 3000
	for i := range n {
		s.Apply(engine.Console{Text: fmt.Sprint(i, " ", long)})
		if i == 900 {
			shown = s.Clone()
		}
		held := 0
		for _, c := range s.Console {
			held += len(c.Text)
		}
		if held > 2*maxText+len(long)*2 {
			t.Fatalf("after %d lines %d bytes are held", i, held)
		}
	}
	lines := s.Lines()
	if want := maxText / len(long); len(lines) > want || len(lines) < want-10 {
		t.Errorf("%d lines are shown", len(lines))
	}
	if !strings.HasPrefix(lines[len(lines)-1].Text, fmt.Sprint(n-1, " ")) || len(lines)+s.Dropped.Console != n || s.ConsoleLines != n {
		t.Errorf("%d lines shown, %d dropped, of %d", len(lines), s.Dropped.Console, s.ConsoleLines)
	}
	if last := shown.Lines(); !strings.HasPrefix(last[len(last)-1].Text, "900 ") || !strings.HasPrefix(last[0].Text, fmt.Sprint(901-len(last), " ")) {
		t.Error("what was shown has changed")
	}
	s.Apply(engine.Console{Text: strings.Repeat("y", 2*maxText)})
	if len(s.Lines()) != 1 {
		t.Errorf("%d lines beside one that is longer than all may be", len(s.Lines()))
	}
}

func TestFold(t *testing.T) {
	s := fold(aRun()...)
	for what, got := range map[string]struct{ got, want any }{
		"running":          {s.Running(), false},
		"doors":            {len(s.Blocked), 1},
		"attempts":         {s.Blocked[0].Count, 5},
		"places":           {len(s.Places), 2},
		"first place":      {s.Blocked[0].Line, 3},
		"lines":            {s.ConsoleLines, 5},
		"dropped lines":    {s.Dropped.Console, 4},
		"console bytes":    {s.ConsoleBytes, len("hello \x1b[2J") + 1},
		"collections":      {s.GCCount, 1},
		"peak used":        {s.PeakUsed, int64(300)},
		"peak external":    {s.PeakExternal, int64(60)},
		"peak process":     {s.PeakProcess, int64(2000)},
		"now":              {s.Now, 101 * time.Millisecond},
		"readings":         {len(s.Heap), 2},
		"paused":           {s.Paused, 2 * time.Second},
		"waiting":          {s.Waiting, (*engine.Asked)(nil)},
		"why it is ending": {s.Stopping.Outcome, engine.Timeout},
	} {
		if got.got != got.want {
			t.Errorf("%s: %v, want %v", what, got.got, got.want)
		}
	}
}

// However many events there are, a State stays bounded, and still spans the run.
func TestApplyIsBounded(t *testing.T) {
	var s State
	s.Apply(engine.Started{})
	const n = 2_000_000
	for i := range n {
		at := time.Duration(i) * time.Microsecond
		s.Apply(engine.Heap{At: at, V8: true, Used: int64(i % 1000)})
		if i%10 == 0 {
			s.Apply(engine.Console{At: at, Text: fmt.Sprint(i)})
			s.Apply(engine.GC{At: at, Kind: "scavenge", Count: 1, Took: time.Microsecond})
		}
		if i%100 == 0 {
			s.Apply(engine.Blocked{At: at, Kind: "global", Name: fmt.Sprint("n", i), Count: 1, Line: i})
		}
	}
	for what, n := range map[string]int{
		"console": len(s.Console), "lines": len(s.Lines()), "doors": len(s.Blocked), "places": len(s.Places), "collections": len(s.GCs),
	} {
		if n == 0 || n > 2*maxEntries {
			t.Errorf("%d entries of %s", n, what)
		}
	}
	if len(s.Lines()) != maxEntries || s.Lines()[maxEntries-1].Text != fmt.Sprint(n-10) {
		t.Error("the newest lines are not kept")
	}
	if got := len(s.Lines()) + s.Dropped.Console; got != n/10 {
		t.Errorf("%d lines are kept or counted as dropped, of %d", got, n/10)
	}
	if len(s.Heap) < maxHeap/4 || len(s.Heap) > maxHeap {
		t.Errorf("%d points of the heap", len(s.Heap))
	}
	if got := len(s.Heap) + s.Dropped.Samples; got != n {
		t.Errorf("%d readings are kept or counted as dropped, of %d", got, n)
	}
	if s.GCCount != n/10 {
		t.Errorf("%d collections counted, of %d", s.GCCount, n/10)
	}
	total := 0
	for _, gc := range s.GCs {
		total += gc.Count
	}
	if total != s.GCCount {
		t.Errorf("the list of collections counts %d, the sum says %d", total, s.GCCount)
	}
	if !slices.IsSortedFunc(s.Heap, func(a, b engine.Heap) int { return int(a.At - b.At) }) {
		t.Error("the heap's points are out of order")
	}
	if first, last := s.Heap[0].At, s.Heap[len(s.Heap)-1].At; first != 0 || last < n*time.Microsecond*9/10 {
		t.Errorf("the heap's points span %v to %v of %v", first, last, n*time.Microsecond)
	}
	report, err := json.Marshal(s.Report())
	if err != nil || len(report) > 4<<20 {
		t.Errorf("a report of %d bytes, %v", len(report), err)
	}
}

// A flood of calls drops the oldest, but not those that carried a secret or
// that a person decided about; and a flood of these does not fill the list.
func TestAFloodOfCallsHidesNoRobbery(t *testing.T) {
	for _, secrets := range [][]string{nil, {"DB_PASSWORD"}} {
		s := fold(engine.Started{},
			engine.Call{N: 1, Method: "a", Secrets: []string{"API_TOKEN"}}, engine.Call{N: 2, Method: "b"}, engine.Call{N: 3, Method: "c", Asked: time.Second})
		const n = 50_000
		for i := range n {
			s.Apply(engine.Call{N: int64(i + 4), Args: fmt.Sprint(i), Secrets: secrets})
		}
		if s.Calls[0].N != 1 || s.Calls[1].N != 3 || s.Calls[len(s.Calls)-1].N != n+3 {
			t.Errorf("kept are calls %d, %d to %d", s.Calls[0].N, s.Calls[1].N, s.Calls[len(s.Calls)-1].N)
		}
		if len(s.Calls) > maxEntries || len(s.Calls)+s.Dropped.Calls != n+3 || s.CallCount != n+3 {
			t.Errorf("%d kept, %d dropped of %d", len(s.Calls), s.Dropped.Calls, s.CallCount)
		}
		if !slices.IsSortedFunc(s.Calls, func(a, b Call) int { return int(a.N - b.N) }) {
			t.Error("the calls are out of order")
		}
	}
}

// The report has the contract's keys, and no others where it lists them all.
func TestReportKeys(t *testing.T) {
	events := aRun()
	ended := events[len(events)-1].(engine.Ended)
	ended.Result = &engine.Result{Type: "number", Preview: "1", Bytes: 1}
	ended.Error = &engine.GuestError{Phase: "run", Name: "E", Message: "m", File: "guest.js", Line: 1, Column: 1, Stack: "s"}
	ended.Time.FirstResult = time.Millisecond
	events[len(events)-1] = ended
	data, err := json.Marshal(fold(events...).Report())
	if err != nil {
		t.Fatal(err)
	}
	var report map[string]any
	if err := json.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	for path, keys := range map[string]string{
		"":          "outcome killed limit summary result error console calls blocked secrets gc heap memory time dropped engine",
		"limit":     "name allowed used unit",
		"result":    "type preview bytes truncated",
		"error":     "phase name message file line column stack",
		"console.0": "at_ms level text line truncated",
		"calls.0":   "at_ms capability method args answer decision bytes_in bytes_out took_ms line asked_ms",
		"blocked.0": "name kind count line column",
		"gc.0":      "at_ms kind before after took_ms",
		"heap.0":    "at_ms used committed external process",
		"memory":    "peak_heap peak_external peak_process",
		"time":      "wall_ms cpu_ms worker_ms isolate_ms context_ms compile_ms first_result_ms stop_ms teardown_ms paused_ms",
		"dropped":   "console calls samples",
		"engine":    "v8 confinement worker_pid",
	} {
		at := any(report)
		for _, step := range strings.FieldsFunc(path, func(c rune) bool { return c == '.' }) {
			if step == "0" {
				at = at.([]any)[0]
			} else {
				at = at.(map[string]any)[step]
			}
		}
		object, ok := at.(map[string]any)
		if !ok {
			t.Errorf("%s is %v", path, at)
			continue
		}
		for _, key := range strings.Fields(keys) {
			if _, ok := object[key]; !ok {
				t.Errorf("%s has no %s", path, key)
			}
		}
	}
}

// While a person is asked the verdict says so, and nothing goes on.
func TestWaiting(t *testing.T) {
	events := aRun()
	at := slices.IndexFunc(events, func(e engine.Event) bool { _, ok := e.(engine.Asked); return ok })
	s := fold(events[:at+1]...)
	if v := s.Verdict(); s.Waiting == nil || s.Waiting.N != 1 || v.Title != "Waiting for you" || !strings.Contains(v.Sentence, "kv.get at line 3") {
		t.Errorf("waiting for %+v: %+v", s.Waiting, v)
	}
	s.Apply(engine.Ended{Outcome: engine.Canceled, Time: engine.Times{Paused: time.Second}})
	if v := s.Verdict(); s.Waiting != nil || !strings.Contains(v.Sentence, "paused for 1 s while you decided") {
		t.Errorf("after the end waiting for %+v: %+v", s.Waiting, v)
	}
	// A call that a person was asked about stands by itself.
	asked, same := events[at+2].(engine.Call), events[at+2].(engine.Call)
	same.Asked = 0
	if s := fold(engine.Started{}, asked, asked, same, same); len(s.Calls) != 3 || s.Calls[2].Times != 2 {
		t.Errorf("folded into %+v", s.Calls)
	}
}

// What was not measured is left out, and lists are empty, never null.
func TestReportOfNothing(t *testing.T) {
	for name, s := range map[string]*State{
		"no run": {}, "an end alone": fold(engine.Ended{Outcome: engine.Canceled}), "a start alone": fold(engine.Started{}),
	} {
		data, err := json.Marshal(s.Report())
		if err != nil || strings.Contains(string(data), "null") || strings.Contains(string(data), "cpu_ms") || strings.Contains(string(data), `"result"`) {
			t.Errorf("%s: %s, %v", name, data, err)
		}
	}
}

const hostileText = "a\nb\r\x1b[2J\x00\u202e\u2028\u200b\ufeff\x7f\xff<script>"

// A verdict is one line whatever the guest put into it; so are the lines of
// the text report that are ours.
func TestVerdicts(t *testing.T) {
	titles := map[string]engine.Outcome{}
	for _, outcome := range engine.Outcomes {
		for _, killed := range []bool{false, true} {
			ended := engine.Ended{Outcome: outcome, Killed: killed, Detail: hostileText, StoppedLine: 3,
				Limit: &engine.LimitUse{Name: "wall", Allowed: 1, Used: 2, Unit: "ms"}}
			events := []engine.Event{engine.Started{}, engine.Blocked{Kind: "global", Name: hostileText, Count: 1}, ended}
			phases := []string{""}
			if outcome == engine.Exception {
				phases = []string{"", "compile", "run", "rejection"}
			}
			for _, phase := range phases {
				if outcome == engine.Exception {
					ended.Error = &engine.GuestError{Phase: phase, Name: hostileText, Message: hostileText, Stack: hostileText, Line: 2}
					if phase == "run" {
						ended.Error.Name, ended.Error.Message = "ReferenceError", hostileText+" is not defined"
					}
					events[len(events)-1] = ended
				}
				s := fold(events...)
				v := s.Verdict()
				if v.Title == "" || !strings.HasSuffix(v.Sentence, ".") || v.Outcome != outcome {
					t.Errorf("%s: %+v", outcome, v)
				}
				for _, text := range []string{v.Title, v.Sentence} {
					checkShown(t, text, false)
				}
				if known, ok := titles[v.Title]; ok && known != outcome {
					t.Errorf("%s and %s have the same title %q", known, outcome, v.Title)
				}
				titles[v.Title] = outcome
				var out bytes.Buffer
				s.WriteText(&out)
				checkShown(t, out.String(), true)
			}
		}
	}
	for _, s := range []*State{{}, fold(engine.Started{})} {
		if v := s.Verdict(); v.Title == "" || v.Sentence == "" || v.Outcome != "" {
			t.Errorf("before the end: %+v", v)
		}
	}
}

// checkShown holds text to what may be shown: valid, and nothing in it that
// controls or hides.
func checkShown(t *testing.T, text string, lines bool) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("%q is not valid", text)
	}
	for _, c := range text {
		if c == '\n' && lines {
			continue
		}
		if unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) || strings.ContainsRune("\u2028\u200b\ufeff\u00ad\u034f\u2800", c) {
			t.Errorf("%q has %U", text, c)
			return
		}
	}
}

// Guest text stands indented, so that none of it passes for a line of ours.
func TestGuestTextIsIndented(t *testing.T) {
	forged := "x\nFinished (ok)\nhint: none"
	s := fold(engine.Started{}, engine.Console{Text: forged}, engine.Ended{Outcome: engine.Exception,
		Error:  &engine.GuestError{Message: forged, Name: forged, Stack: forged},
		Result: &engine.Result{Type: "string", Preview: forged}})
	var out bytes.Buffer
	s.WriteText(&out)
	for line := range strings.Lines(out.String()) {
		if strings.HasPrefix(line, "Finished") || strings.HasPrefix(line, "hint: none") {
			t.Errorf("the guest wrote the line %q", line)
		}
	}
}

func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"plain é 中 😀":           "plain é 中 😀",
		"":                      "",
		"a\nb\tc":               "a\nb\tc",
		"\x00\x07\x1b[31m\x7f":  `\x00\x07\x1b[31m\x7f`,
		"\r\n":                  `\x0d` + "\n",
		"\u0085\u009b":          `\x85\x9b`,
		"\u202eabc\u2066":       `\u202eabc\u2066`,
		"\u200b\u200e\ufeff":    `\u200b\u200e\ufeff`,
		"\u2028\u2029":          `\u2028\u2029`,
		"a\u200db \u200c\u00ad": `a\u200db \u200c\xad`,
		"p\ufe0fw\U000e0100 x\u034f\u180b\u17b4\u2800\U0001d159": `p\ufe0fw\u{e0100} x\u034f\u180b\u17b4\u2800\u{1d159}`,
		"👩\u200d👧 ☎\ufe0f 1\ufe0f\u20e3 می\u200cخواهم क\u200dष":  "👩\u200d👧 ☎\ufe0f 1\ufe0f\u20e3 می\u200cخواهم क\u200dष",
		"👩\u200dx a\ufe0f\u200d👧":                                `👩\u200dx a\ufe0f\u200d👧`,
		"\U000e0041":                                             `\u{e0041}`,
		"\u3164\u115f":                                           `\u3164\u115f`,
		"bad \xff\xc0 utf8":                                      "bad \ufffd utf8",
		"\xff\x00":                                               "\ufffd" + `\x00`,
		"kept \ufffd":                                            "kept \ufffd",
		"\\x00":                                                  `\x00`,
	} {
		if got := Visible(text); got != want {
			t.Errorf("Visible(%q) = %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"a\nb\tc\r": `a\nb\tc\x0d`,
		"plain":     "plain",
	} {
		if got := Line(text); got != want {
			t.Errorf("Line(%q) = %q, want %q", text, got, want)
		}
	}
}

func FuzzVisible(f *testing.F) {
	f.Add(hostileText)
	f.Add("\xed\xa0\x80\xf4\x90\x80\x80")
	f.Add("a\ufe0f\u200d👧\u200d\ufe0f\u200d")
	f.Fuzz(func(t *testing.T, text string) {
		checkShown(t, strings.ReplaceAll(Visible(text), "\t", ""), true)
		checkShown(t, Line(text), false)
		if got := Visible(Visible(text)); got != Visible(text) {
			t.Errorf("twice visible %q is %q", text, got)
		}
	})
}
