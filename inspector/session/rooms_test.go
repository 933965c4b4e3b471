package session

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

func limited(t *testing.T, wall time.Duration, memory int64) engine.Limits {
	t.Helper()
	limits, err := engine.Limits{}.WithWall(wall)
	if err == nil {
		limits, err = limits.WithMemory(memory)
	}
	if err != nil {
		t.Fatal(err)
	}
	return limits
}

// Rooms end as each would alone: one loops, one fills its memory, one's worker is
// killed, one is refused at the teller window, one finishes.
func TestRoomsEndAsAlone(t *testing.T) {
	e := engine.New()
	defer e.Close()
	long := limited(t, 30*time.Second, 64<<20)
	setups := []Setup{
		{Name: "loop.js", Code: "for (;;);", Limits: limited(t, 400*time.Millisecond, 64<<20)},
		{Name: "bomb.js", Code: "const all = []; for (;;) all.push(new Array(1000).fill(1))", Limits: limited(t, 30*time.Second, 32<<20)},
		{Name: "killed.js", Code: "for (;;);", Limits: long},
		{Name: "calls.js", Code: "kv.set('__proto__', 1)", Limits: long, Grants: map[string]bridge.Grant{"kv": bridge.Hardened}},
		{Name: "done.js", Code: "let n = 0; for (let i = 0; i < 3e6; i++) n += i; n", Limits: long},
	}
	const killed = 2
	want := []engine.Outcome{engine.Timeout, engine.ExceededMemory, engine.Crashed, engine.Exception, engine.OK}
	kill := func(e engine.Event) {
		if started, ok := e.(engine.Started); ok && started.Name == "killed.js" {
			time.AfterFunc(100*time.Millisecond, func() {
				if worker, err := os.FindProcess(started.PID); err == nil {
					_ = worker.Kill()
				}
			})
		}
	}
	var alone []engine.Outcome
	for i, setup := range setups {
		room := NewRoom(e)
		room.Seen = kill
		ended, err := room.Run(t.Context(), setup)
		if err != nil || ended.Outcome != want[i] {
			t.Errorf("alone, room %d: %s, %v, want %s", i+1, ended.Outcome, err, want[i])
		}
		alone = append(alone, ended.Outcome)
	}

	rooms, err := NewRooms(e, setups...)
	if err != nil {
		t.Fatal(err)
	}
	var mutex sync.Mutex
	events := make([]int, rooms.Len())
	last := make([]string, rooms.Len())
	rooms.Seen = func(i int, e engine.Event) {
		kill(e)
		mutex.Lock()
		defer mutex.Unlock()
		events[i]++
		last[i] = engine.EventName(e)
	}
	rooms.Warm()
	began := time.Now()
	ends := rooms.Run(t.Context())
	took := time.Since(began)
	for i, lane := range rooms.Lanes() {
		state := lane.State
		switch {
		case ends[i].Err != nil || ends[i].Ended.Outcome != alone[i]:
			t.Errorf("together, room %d: %s, %v, alone %s", i+1, ends[i].Ended.Outcome, ends[i].Err, alone[i])
		case state.Ended == nil || state.Ended.Outcome != alone[i] || state.Started.Source != setups[i].Code || last[i] != "Ended":
			t.Errorf("room %d shows %+v, last event %s", i+1, state.Ended, last[i])
		case events[i] != int(state.Version.Events):
			t.Errorf("room %d: %d events were seen, its State has %d", i+1, events[i], state.Version.Events)
		case lane.Start <= 0 || lane.At(state.Now) > took:
			t.Errorf("room %d is on the axis from %v to %v, all took %v", i+1, lane.Start, lane.At(state.Now), took)
		}
	}
	if lanes := rooms.Lanes(); lanes[killed].State.Ended != nil && lanes[0].State.Ended != nil {
		// The loop goes on for its whole limit, whatever became of the killed room.
		if wall := lanes[0].State.Ended.Time.Wall; wall < 400*time.Millisecond {
			t.Errorf("the loop ended after %v", wall)
		}
	}
	if rooms.Running() != 0 {
		t.Errorf("%d rooms are running", rooms.Running())
	}
}

// Rooms are stopped together or alone, and one can run again while others go on.
func TestRoomsStop(t *testing.T) {
	loop := Setup{Code: "for (;;);", Limits: limited(t, time.Minute, 64<<20)}
	rooms, err := NewRooms(host(t), loop, loop, loop)
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan []RoomEnd, 1)
	go func() { over <- rooms.Run(context.Background()) }()
	started := func() bool {
		for _, lane := range rooms.Lanes() {
			if lane.State.Started == nil {
				return false
			}
		}
		return true
	}
	eventually(t, "three guests", started)
	if end := rooms.RunOne(t.Context(), 0); !errors.Is(end.Err, ErrRunning) {
		t.Errorf("a second run of a room: %v", end.Err)
	}
	rooms.Room(1).Stop()
	eventually(t, "the end of one", func() bool { return rooms.Running() == 2 })

	// The new run is later on the axis of the others.
	before := rooms.Lanes()
	if err := rooms.Set(1, Setup{Code: "'again'"}); err != nil {
		t.Fatal(err)
	}
	end := rooms.RunOne(t.Context(), 1)
	lanes := rooms.Lanes()
	if end.Err != nil || end.Ended.Result.Preview != "again" || lanes[1].Start < before[1].At(before[1].State.Now) || lanes[0].Start != before[0].Start {
		t.Errorf("again: %+v, starts at %v, was %v", end, lanes[1].Start, before[1].Start)
	}

	rooms.Stop()
	rooms.Wait()
	for i, end := range <-over {
		if end.Err != nil || end.Ended.Outcome != engine.Canceled {
			t.Errorf("room %d: %s, %v", i+1, end.Ended.Outcome, end.Err)
		}
	}
	// With no other room running, the axis begins with the run.
	began := time.Now()
	if end := rooms.RunOne(t.Context(), 1); end.Err != nil {
		t.Error(end.Err)
	}
	if lane := rooms.Lanes()[1]; lane.Start <= 0 || lane.Start > time.Since(began) {
		t.Errorf("alone it starts at %v", lane.Start)
	}
}

func TestRoomsAreChecked(t *testing.T) {
	fine, bad := Setup{}, Setup{AskFirst: []string{"db"}}
	for _, setups := range [][]Setup{nil, {fine}, make([]Setup, MaxRooms+1), {fine, bad}} {
		if _, err := NewRooms(nil, setups...); err == nil {
			t.Errorf("%d rooms are taken", len(setups))
		}
	}
	rooms, err := NewRooms(nil, fine, fine)
	if err != nil {
		t.Fatal(err)
	}
	if err := rooms.Set(1, bad); !errors.Is(err, engine.ErrGuest) || rooms.Setup(1).AskFirst != nil {
		t.Errorf("error is %v", err)
	}
}

// The axis holds with as many rooms as there may be, each printing without end.
func TestNineRooms(t *testing.T) {
	flood := Setup{Code: "for (let i = 0; ; i++) console.log(i)", Limits: limited(t, 300*time.Millisecond, 64<<20)}
	setups := make([]Setup, MaxRooms)
	for i := range setups {
		setups[i] = flood
	}
	setups[4] = Setup{Code: "30"}
	rooms, err := NewRooms(host(t), setups...)
	if err != nil {
		t.Fatal(err)
	}
	for i, end := range rooms.Run(t.Context()) {
		if i == 4 && end.Ended.Outcome != engine.OK || i != 4 && end.Ended.Limit == nil {
			t.Errorf("room %d: %s, %v", i+1, end.Ended.Outcome, end.Err)
		}
	}
}

// Rooms come and go while others run, and each keeps its number.
func TestRoomsAreAddedAndRemoved(t *testing.T) {
	e := engine.New()
	defer e.Close()
	loop := Setup{Code: "for (;;);", Limits: limited(t, 30*time.Second, 64<<20)}
	rooms, err := NewRooms(e, loop, loop)
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan []RoomEnd)
	go func() { over <- rooms.Run(t.Context()) }()
	eventually(t, "both rooms", func() bool { return rooms.Running() == 2 && rooms.Lanes()[1].State.Started != nil })
	number, err := rooms.Add(Setup{Code: "40 + 2"})
	if err != nil || number != 2 {
		t.Fatalf("room %d, %v", number, err)
	}
	if end := rooms.RunOne(t.Context(), number); end.Err != nil || end.Ended.Outcome != engine.OK {
		t.Errorf("%+v", end)
	}
	if rooms.Running() != 2 {
		t.Errorf("%d rooms are running", rooms.Running())
	}
	if err := rooms.Remove(0); err != nil {
		t.Fatal(err)
	}
	if lanes := rooms.Lanes(); len(lanes) != 2 || lanes[0].Number != 1 || lanes[1].Number != 2 || rooms.Room(0) != nil {
		t.Errorf("%d rooms are left", len(lanes))
	}
	if err := rooms.Remove(1); err == nil {
		t.Error("one room is left")
	}
	rooms.Stop()
	for i, end := range <-over {
		if end.Err != nil || end.Ended.Outcome != engine.Canceled {
			t.Errorf("room %d: %+v", i, end)
		}
	}
	for i := rooms.Len(); i < MaxRooms; i++ {
		if _, err := rooms.Add(loop); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := rooms.Add(loop); err == nil {
		t.Errorf("%d rooms", rooms.Len())
	}
}

// What the end of one room did to the others is measured.
func TestEndsOfRooms(t *testing.T) {
	e := engine.New()
	defer e.Close()
	loop := Setup{Code: "for (;;);", Limits: limited(t, 3*time.Second, 64<<20)}
	bomb := Setup{Code: "const all = []; for (;;) all.push(new Array(1000).fill(1))", Limits: limited(t, 30*time.Second, 16<<20)}
	rooms, err := NewRooms(e, loop, bomb, loop)
	if err != nil {
		t.Fatal(err)
	}
	rooms.Warm()
	rooms.Run(t.Context())
	ends := rooms.Ends()
	if len(ends) != 3 || ends[0].Number != 1 || ends[0].Ended.Outcome != engine.ExceededMemory {
		t.Fatalf("%+v", ends)
	}
	if end := ends[0]; end.Others != 2 || end.Seen != 2 || end.Fell != 0 || end.Slowest <= 0 {
		t.Errorf("%+v", end)
	}
	if end := ends[2]; end.Others != 0 {
		t.Errorf("%+v", end)
	}
}
