package recording

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
)

// eventOf returns one of many events of a long run, in the order of time.
func eventOf(i int) engine.Event {
	at := time.Duration(i) * 10 * time.Microsecond
	switch i % 8 {
	case 0:
		return engine.Console{At: at, Level: "log", Text: fmt.Sprintf("line %d", i), Line: 3}
	case 1:
		return engine.Call{At: at, N: int64(i), Capability: "kv", Method: "get", Args: fmt.Sprintf("[%d]", i), Answer: "null", Decision: bridge.Allowed}
	case 2:
		return engine.GC{At: at, Took: time.Microsecond, Kind: "scavenge", Count: 1, Before: int64(i), After: 1}
	case 3:
		return engine.Blocked{At: at, Kind: "global", Name: fmt.Sprintf("door%d", i%80), Count: 1, Line: 2}
	}
	return engine.Heap{At: at, V8: true, Used: int64(i % 1000), Committed: 4 << 20, Process: 40 << 20, CPU: at}
}

// record writes a run of so many events to memory.
func record(tb testing.TB, events int) (data []byte, left Left) {
	tb.Helper()
	file := &memory{}
	w := newWriter(file)
	w.Add(engine.Started{Name: "guest.js", Source: "10 + 20"})
	for i := range events {
		w.Add(eventOf(i))
		// A guest has work of its own between its events.
		for i%1000 == 0 && waiting(w) > maxWaiting/2 {
			time.Sleep(time.Millisecond)
		}
	}
	w.Add(engine.Ended{At: eventOf(events).When(), Outcome: engine.OK})
	if err := w.Close(); err != nil || w.cut > 0 {
		tb.Fatalf("%d events did not wait, %v", w.cut, err)
	}
	return file.Bytes(), w.keep.left
}

// waiting returns how many bytes wait to be written.
func waiting(w *Writer) int {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.waiting
}

func open(tb testing.TB, data []byte) *Player {
	tb.Helper()
	p, err := Open(bytes.NewReader(data))
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// A player shows at each moment what a run that had come so far would show.
func TestPlayer(t *testing.T) {
	const events = 20_000
	data, left := record(t, events)
	p := open(t, data)
	if left.Events != 0 || p.Missing() != 0 || p.Len() != events+2 || p.Started().Source != "10 + 20" || p.Duration() != eventOf(events).When() {
		t.Fatalf("%+v are left out, %d events, %v", left, p.Len(), p.Duration())
	}
	report := func(s inspector.State) string {
		data, err := json.Marshal(s.Report())
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	for _, n := range []int{events + 2, 1, 256, 257, 300, 7000, 19_999, 255, 8191, events + 2} {
		var want inspector.State
		for i := range n {
			e, _ := p.Event(i)
			want.Apply(e)
		}
		if got := p.After(n); report(got) != report(want) || got.Version.Events != want.Version.Events || len(got.Places) != len(want.Places) {
			t.Errorf("after %d events it shows\n%.300s\nwant\n%.300s", n, report(got), report(want))
		}
	}
	for _, at := range []time.Duration{-time.Hour, 0, time.Millisecond, 50 * time.Millisecond, time.Hour} {
		if s := p.At(at); s.Started == nil || s.Now > max(0, at) || (s.Ended != nil) != (at == time.Hour) {
			t.Errorf("at %v it shows %v, ended %v", at, s.Now, s.Ended)
		}
	}
	if _, err := Open(strings.NewReader(head)); !errors.Is(err, ErrRecording) {
		t.Errorf("a recording without an end: %v", err)
	}
}

// A folded recording spans the whole run, and what its totals lack is counted.
func TestFold(t *testing.T) {
	const events = 600_000
	data, left := record(t, events)
	if len(data) > maxRecording+1000 || len(data) < maxRecording/4 {
		t.Errorf("%d bytes are recorded", len(data))
	}
	p := open(t, data)
	s := p.After(p.Len())
	if s.Ended == nil || p.Missing() != left.Events+left.Texts || left.Samples == 0 || left.Lines == 0 || left.Collections == 0 || left.Calls == 0 {
		t.Errorf("left out are %+v", left)
	}
	if s.GCCount != events/8 || s.Attempts != events/8 || s.ConsoleLines != events/8 || s.CallCount+int(left.Calls) != events/8 || s.PeakUsed < 999 {
		t.Errorf("%d collections, %d attempts, %d lines, %d calls and peak %d are counted", s.GCCount, s.Attempts, s.ConsoleLines, s.CallCount, s.PeakUsed)
	}
	// The first half has about as much of what is thinned as the second.
	var halves [2]int
	for i := range p.Len() {
		e, at := p.Event(i)
		if _, ok := e.(engine.Heap); ok {
			halves[min(1, 2*at/p.Duration())]++
		}
	}
	if halves[0] < halves[1]/2 || halves[1] < halves[0]/2 {
		t.Errorf("%d readings in the first half, %d in the second", halves[0], halves[1])
	}
}

// Calls in which a secret was seen or that a person decided about are all kept.
func TestFoldKeepsWhatMatters(t *testing.T) {
	k := newKeeper(inFile)
	for i := range 1000 {
		e := engine.Call{At: time.Duration(i), Capability: "db", Args: strings.Repeat("x", 5000)}
		if i%100 == 0 {
			e.Secrets = []string{"TOKEN"}
		}
		made, err := inFile(e)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.add(made); err != nil {
			t.Fatal(err)
		}
	}
	if err := k.fold(20_000); err != nil {
		t.Fatal(err)
	}
	secret := 0
	for _, e := range k.entries {
		if len(e.event.(engine.Call).Secrets) > 0 {
			secret++
		}
	}
	if secret != 10 || k.size > 20_000 || k.left.Texts == 0 || k.left.Calls == 0 || k.full {
		t.Errorf("%d calls with secrets, %d bytes, %+v", secret, k.size, k.left)
	}
	if err := k.fold(100); err != nil || !k.full {
		t.Errorf("room is made for ever: %d bytes, %v", k.size, err)
	}
}

// A seek in a run of 2,000,000 events, folded to the bound of a recording.
func BenchmarkSeek(b *testing.B) {
	data, _ := record(b, 2_000_000)
	began := time.Now()
	p := open(b, data)
	b.Logf("%d bytes, %d events, opened in %v", len(data), p.Len(), time.Since(began))
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n = (n + 7919*13) % p.Len()
		p.After(n)
	}
}
