package session

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"sealedroom/engine"
	"sealedroom/inspector"
)

// MinRooms and MaxRooms are how many rooms run side by side.
const (
	MinRooms = 2
	MaxRooms = 9
)

// Rooms run several setups at once and place their runs on one time axis. Each
// room has a worker process to itself, so that one that ends, however it ends,
// leaves the others running. Its methods may be called from several goroutines.
// It is made with NewRooms.
type Rooms struct {
	// Seen, where set before a run, is called with each event of each room, once
	// the room's State has it: in order for a room, and for different rooms at the
	// same time.
	Seen func(room int, e engine.Event)

	host  *engine.Engine
	rooms []*Room

	mutex  sync.Mutex
	setups []Setup     // of the next runs
	zero   time.Time   // of the axis: where the newest group of runs began
	zeros  []time.Time // the same, for each room's last run
}

// Lane is one room on the common axis.
type Lane struct {
	State inspector.State
	// Start is where on the axis the guest was handed over. What happened at
	// When() is at Start + When(). It is 0 while the room waits for its worker.
	Start time.Duration
}

// At returns the place of a guest's time on the common axis. Like that time, it
// leaves out what the room was paused.
func (l Lane) At(when time.Duration) time.Duration { return l.Start + when }

// RoomEnd is how one room's run ended, or why it could not be started.
type RoomEnd struct {
	Ended engine.Ended
	Err   error
}

// NewRooms returns one room for each setup, MinRooms to MaxRooms of them. The
// error names the room by its number, from 1.
func NewRooms(host *engine.Engine, setups ...Setup) (*Rooms, error) {
	if n := len(setups); n < MinRooms || n > MaxRooms {
		return nil, fmt.Errorf("%d rooms: %d to %d run side by side", n, MinRooms, MaxRooms)
	}
	r := &Rooms{host: host, setups: slices.Clone(setups), zeros: make([]time.Time, len(setups))}
	for i, setup := range setups {
		if err := setup.Check(); err != nil {
			return nil, fmt.Errorf("room %d: %w", i+1, err)
		}
		room := NewRoom(host)
		room.Seen = func(e engine.Event) {
			if r.Seen != nil {
				r.Seen(i, e)
			}
		}
		r.rooms = append(r.rooms, room)
	}
	return r, nil
}

// Len returns how many rooms there are.
func (r *Rooms) Len() int { return len(r.rooms) }

// Room returns room i, counted from 0: to stop it alone, or to decide about its
// calls. Its Seen is taken.
func (r *Rooms) Room(i int) *Room { return r.rooms[i] }

// Setup returns what room i runs next.
func (r *Rooms) Setup(i int) Setup {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.setups[i]
}

// Set changes what room i runs next. A run under way goes on.
func (r *Rooms) Set(i int, setup Setup) error {
	if err := setup.Check(); err != nil {
		return fmt.Errorf("room %d: %w", i+1, err)
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.setups[i] = setup
	return nil
}

// Warm starts a spare worker for each room, so that the next runs start at once
// and together. Spares for other limits end.
func (r *Rooms) Warm() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	var limits []engine.Limits
	for _, setup := range r.setups {
		if !setup.Native { // such a guest gets no spare
			limits = append(limits, setup.Limits)
		}
	}
	r.host.Warm(limits...)
}

// Run runs all rooms at once, and returns how each ended when the last has. A
// room that is running already goes on: its error is ErrRunning. Canceling ctx
// ends the rooms with the outcome Canceled.
func (r *Rooms) Run(ctx context.Context) []RoomEnd {
	all := make([]int, len(r.rooms))
	for i := range all {
		all[i] = i
	}
	return r.run(ctx, all)
}

// RunOne runs room i alone. While others are running, it is placed on their axis
// where it begins, otherwise at the start of the axis.
func (r *Rooms) RunOne(ctx context.Context, i int) RoomEnd { return r.run(ctx, []int{i})[0] }

func (r *Rooms) run(ctx context.Context, which []int) []RoomEnd {
	ends := make([]RoomEnd, len(which))
	var all sync.WaitGroup
	r.mutex.Lock()
	if !slices.ContainsFunc(r.rooms, (*Room).Running) {
		r.zero = time.Now()
	}
	for n, i := range which {
		room, setup := r.rooms[i], r.setups[i]
		ctx, err := room.begin(ctx, setup)
		if err != nil {
			ends[n].Err = err
			continue
		}
		r.zeros[i] = r.zero
		all.Go(func() { ends[n].Ended, ends[n].Err = room.run(ctx, setup) })
	}
	r.mutex.Unlock()
	all.Wait()
	return ends
}

// Stop ends all runs under way; Wait waits for that.
func (r *Rooms) Stop() {
	for _, room := range r.rooms {
		room.Stop()
	}
}

// Wait waits for the end of all runs under way.
func (r *Rooms) Wait() {
	for _, room := range r.rooms {
		room.Wait()
	}
}

// Running returns how many rooms are running.
func (r *Rooms) Running() int {
	n := 0
	for _, room := range r.rooms {
		if room.Running() {
			n++
		}
	}
	return n
}

// Lanes returns what was seen of each room so far, on one axis. Like Room.State,
// it copies no list.
func (r *Rooms) Lanes() []Lane {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	lanes := make([]Lane, len(r.rooms))
	for i, room := range r.rooms {
		state, handed := room.seen()
		lanes[i].State = state
		if !handed.IsZero() {
			lanes[i].Start = handed.Sub(r.zeros[i])
		}
	}
	return lanes
}
