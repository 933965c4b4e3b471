package session

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector/recording"
)

// A room keeps its last runs, each with what it started from and what it showed.
func TestRoomKeepsItsRuns(t *testing.T) {
	room := NewRoom(host(t))
	for i := range 3 {
		if _, err := room.Run(t.Context(), Setup{Code: fmt.Sprintf("console.log(%d); %d", i, i)}); err != nil {
			t.Fatal(err)
		}
	}
	past := room.Past()
	if len(past) != 3 {
		t.Fatalf("%d runs", len(past))
	}
	for i, run := range past {
		player := run.Recording.Play()
		state := player.After(player.Len())
		if run.Number != i+1 || run.Recording.Ended().Result.Preview != fmt.Sprint(i) || len(state.Lines()) != 1 || state.Started.Source != run.Setup.Code {
			t.Errorf("run %d: %+v, %d lines", run.Number, run.Recording.Ended().Result, len(state.Lines()))
		}
		if first := player.After(1); first.Ended != nil || first.Started == nil {
			t.Error("its first moment is not its beginning")
		}
	}
	live := room.State()
	last := past[2].Recording.Play()
	if again := last.After(last.Len()); again.Summary() != live.Summary() || again.ConsoleLines != live.ConsoleLines {
		t.Errorf("looking back shows %q, the run showed %q", again.Summary(), live.Summary())
	}
}

// A run that is cleared is not kept.
func TestRoomForgetsClearedRuns(t *testing.T) {
	room := NewRoom(host(t))
	if err := room.Start(Setup{Code: "for (;;);"}, nil); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the run", func() bool { s := room.State(); return s.Started != nil })
	room.Clear()
	room.Wait()
	if past := room.Past(); len(past) != 0 {
		t.Errorf("%d runs are kept", len(past))
	}
}

// What is kept of former runs is bounded in number and bytes.
func TestPastIsBounded(t *testing.T) {
	long := func(lines int) *recording.Recording {
		r := recording.NewRecorder()
		r.Add(engine.Started{})
		for range lines {
			r.Add(engine.Console{Text: strings.Repeat("x", 60_000)})
		}
		r.Add(engine.Ended{})
		return r.Close()
	}
	var past []Past
	for i := range 50 {
		past = keep(past, Past{Number: i, Recording: long(1)})
	}
	if len(past) != maxPast || past[0].Number != 30 || past[maxPast-1].Number != 49 {
		t.Errorf("%d runs from %d on are kept", len(past), past[0].Number)
	}
	large := long(100)
	for i := range 50 {
		past = keep(past, Past{Number: 50 + i, Recording: large})
	}
	bytes := int64(0)
	for _, run := range past {
		bytes += run.Recording.Bytes()
	}
	if bytes > maxPastBytes || len(past) < 2 || past[len(past)-1].Number != 99 {
		t.Errorf("%d runs of %d bytes are kept", len(past), bytes)
	}
}

// What a run costs with its recording, and without: a guest that calls through the
// teller window as fast as it can.
func BenchmarkRecordingCalls(b *testing.B) {
	host := engine.New()
	b.Cleanup(host.Close)
	setup := Setup{Code: "for (let i = 0; i < 4000; i++) kv.get('theme')"}
	setup.Grants = map[string]bridge.Grant{"kv": bridge.Hardened}
	limits, err := setup.Limits.WithWall(20 * time.Second)
	if err != nil {
		b.Fatal(err)
	}
	setup.Limits = limits
	for _, recorded := range []bool{false, true} {
		b.Run(fmt.Sprintf("recorded=%v", recorded), func(b *testing.B) {
			room := NewRoom(host)
			for b.Loop() {
				if recorded {
					_, err = room.Run(b.Context(), setup)
				} else {
					_, err = host.Run(b.Context(), setup.Guest(), setup.Limits, func(engine.Event) {})
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
