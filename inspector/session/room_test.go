package session

import (
	"context"
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/engine/worker"
)

// The test binary is its own worker.
func TestMain(m *testing.M) {
	if worker.Wanted() {
		worker.Main()
	}
	os.Exit(m.Run())
}

func host(t *testing.T) *engine.Engine {
	t.Helper()
	e := engine.NewSingle()
	t.Cleanup(e.Close)
	return e
}

// eventually waits until ok returns true.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for began := time.Now(); !ok(); time.Sleep(time.Millisecond) {
		if time.Since(began) > 20*time.Second {
			t.Fatalf("waited for %s", what)
		}
	}
}

// A run carries its whole setup, and no secret's value.
func TestRoomRuns(t *testing.T) {
	room := NewRoom(host(t))
	var seen []string
	room.Seen = func(e engine.Event) { seen = append(seen, engine.EventName(e)) }
	setup := full(t)
	setup.Secrets, setup.AskFirst = []string{"CUSTOMER=swordfish"}, []string{"kv"}
	ended, err := room.Run(t.Context(), setup)
	state := room.State()
	if err != nil || ended.Outcome != engine.OK || state.Ended == nil || room.Running() || seen[0] != "Started" || seen[len(seen)-1] != "Ended" {
		t.Fatalf("%+v, %v, events %v", ended, err, seen)
	}
	again := SetupOf(*state.Started)
	if !again.Same(setup) || again.Code != setup.Code || again.Name != setup.Name || !slices.Equal(again.Secrets, []string{"CUSTOMER"}) {
		t.Errorf("the run says that it started from %+v", again)
	}
	if _, err := room.Run(t.Context(), Setup{AskFirst: []string{"db"}}); !errors.Is(err, engine.ErrGuest) {
		t.Errorf("error is %v", err)
	}
}

func TestRoomRunsOneAtATime(t *testing.T) {
	room := NewRoom(host(t))
	limits, _ := engine.Limits{}.WithWall(time.Minute)
	over := make(chan engine.Ended, 1)
	if err := room.Start(Setup{Code: "for (;;);", Limits: limits}, func(e engine.Ended, _ error) { over <- e }); err != nil {
		t.Fatal(err)
	}
	if _, err := room.Run(t.Context(), Setup{}); !errors.Is(err, ErrRunning) {
		t.Errorf("a second run: %v", err)
	}
	eventually(t, "the guest", func() bool { s := room.State(); return s.Started != nil })
	room.Stop()
	if ended := <-over; ended.Outcome != engine.Canceled {
		t.Errorf("ended %+v", ended)
	}
	if err := room.Start(Setup{Code: "for (;;);", Limits: limits}, nil); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the guest", func() bool { s := room.State(); return s.Started != nil })
	room.Clear()
	room.Wait()
	if s := room.State(); s.Started != nil || s.Ended != nil {
		t.Errorf("seen after Clear: %+v", s)
	}
}

func TestRoomAsks(t *testing.T) {
	room := NewRoom(host(t))
	setup := Setup{
		Code:     "kv.set('a', 1); let b; try { b = kv.set('b', 2) } catch (e) { b = e.name } [kv.keys(), b].join()",
		Grants:   map[string]bridge.Grant{"kv": bridge.Hardened},
		AskFirst: []string{"kv"},
	}
	if err := room.Start(setup, nil); err != nil {
		t.Fatal(err)
	}
	for n, verdict := range []engine.Verdict{engine.Allow, engine.Deny, engine.Always} {
		eventually(t, "a question", func() bool { s := room.State(); return s.Waiting != nil && s.Waiting.N == int64(n+1) })
		room.Decide(int64(n), engine.Deny) // too late for that one
		room.Decide(int64(n+1), verdict)
	}
	room.Wait()
	if s := room.State(); s.Ended == nil || s.Ended.Outcome != engine.OK || s.Ended.Result.Preview != "a,CapabilityError" && s.Refused != 1 {
		t.Errorf("ended %+v", s.Ended)
	}
	room.Ask = func(context.Context, engine.Asked) engine.Verdict { return engine.Deny }
	if ended, err := room.Run(t.Context(), setup); err != nil || ended.Outcome != engine.Exception {
		t.Errorf("ended %+v, %v", ended, err)
	}
}

// Wait also waits for what is called at a run's end.
func TestRoomWaitsForOver(t *testing.T) {
	room := NewRoom(host(t))
	var over bool
	if err := room.Start(Setup{Code: "for(;;);"}, func(engine.Ended, error) {
		time.Sleep(10 * time.Millisecond)
		over = true
	}); err != nil {
		t.Fatal(err)
	}
	room.Clear()
	room.Wait()
	if !over || room.Running() {
		t.Errorf("over was called: %v, a run is under way: %v", over, room.Running())
	}
}
