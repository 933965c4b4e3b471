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
// leaves the others running. Rooms can be added and removed while others run. Its
// methods may be called from several goroutines. It is made with NewRooms.
type Rooms struct {
	// Seen, where set before a run, is called with each event of each room, by the
	// room's number (see Lane), once the room's State has it: in order for a room,
	// and for different rooms at the same time.
	Seen func(number int, e engine.Event)

	host *engine.Engine

	mutex  sync.Mutex
	places []*place
	made   int       // rooms so far
	zero   time.Time // of the axis: where the newest group of runs began
	ends   ends
}

// place is one room with what belongs to it here.
type place struct {
	number int
	room   *Room
	setup  Setup     // of the next run
	zero   time.Time // of the axis, for the room's last run
}

// Lane is one room on the common axis.
type Lane struct {
	// Number is the room's for as long as it is there, from 0 in the order in which
	// rooms were added.
	Number int
	State  inspector.State
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
	r := &Rooms{host: host}
	for i, setup := range setups {
		if err := setup.Check(); err != nil {
			return nil, fmt.Errorf("room %d: %w", i+1, err)
		}
		r.add(setup)
	}
	return r, nil
}

// add appends a room. The caller holds the mutex, or is the only one.
func (r *Rooms) add(setup Setup) int {
	p := &place{number: r.made, room: NewRoom(r.host), setup: setup}
	p.room.Seen = func(e engine.Event) {
		r.ends.saw(p.number, e)
		if r.Seen != nil {
			r.Seen(p.number, e)
		}
	}
	r.made++
	r.places = append(r.places, p)
	return p.number
}

// Add appends a room, also while others run, and returns its number.
func (r *Rooms) Add(setup Setup) (number int, err error) {
	if err := setup.Check(); err != nil {
		return 0, err
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if len(r.places) >= MaxRooms {
		return 0, fmt.Errorf("%d rooms run side by side at most: remove one first", MaxRooms)
	}
	return r.add(setup), nil
}

// Remove stops a room and takes it away, by its number. The last MinRooms stay.
func (r *Rooms) Remove(number int) error {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	i := slices.IndexFunc(r.places, func(p *place) bool { return p.number == number })
	if i < 0 {
		return fmt.Errorf("there is no room %d", number+1)
	}
	if len(r.places) <= MinRooms {
		return fmt.Errorf("%d rooms run side by side at least: add one first", MinRooms)
	}
	r.places[i].room.Clear()
	r.places = slices.Delete(slices.Clone(r.places), i, i+1)
	return nil
}

// all returns the rooms that there are now.
func (r *Rooms) all() []*place {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return slices.Clone(r.places)
}

// find returns a room that is there.
func (r *Rooms) find(number int) *place {
	for _, p := range r.all() {
		if p.number == number {
			return p
		}
	}
	return nil
}

// Len returns how many rooms there are.
func (r *Rooms) Len() int { return len(r.all()) }

// Room returns the room of a number: to stop it alone, or to decide about its
// calls. Its Seen is taken. It is nil where there is none.
func (r *Rooms) Room(number int) *Room {
	if p := r.find(number); p != nil {
		return p.room
	}
	return nil
}

// Setup returns what a room runs next.
func (r *Rooms) Setup(number int) Setup {
	p := r.find(number)
	if p == nil {
		return Setup{}
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return p.setup
}

// Set changes what a room runs next. A run under way goes on.
func (r *Rooms) Set(number int, setup Setup) error {
	if err := setup.Check(); err != nil {
		return fmt.Errorf("room %d: %w", number+1, err)
	}
	p := r.find(number)
	if p == nil {
		return fmt.Errorf("there is no room %d", number+1)
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	p.setup = setup
	return nil
}

// Warm starts a spare worker for each room, so that the next runs start at once
// and together. Spares for other limits end.
func (r *Rooms) Warm() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	var limits []engine.Limits
	for _, p := range r.places {
		if !p.setup.Native { // such a guest gets no spare
			limits = append(limits, p.setup.Limits)
		}
	}
	r.host.Warm(limits...)
}

// Run runs all rooms at once, and returns how each ended when the last has. A
// room that is running already goes on: its error is ErrRunning. Canceling ctx
// ends the rooms with the outcome Canceled.
func (r *Rooms) Run(ctx context.Context) []RoomEnd { return r.run(ctx, r.all()) }

// RunOne runs one room alone. While others are running, it is placed on their axis
// where it begins, otherwise at the start of the axis.
func (r *Rooms) RunOne(ctx context.Context, number int) RoomEnd {
	p := r.find(number)
	if p == nil {
		return RoomEnd{Err: fmt.Errorf("there is no room %d", number+1)}
	}
	return r.run(ctx, []*place{p})[0]
}

func (r *Rooms) run(ctx context.Context, which []*place) []RoomEnd {
	ends := make([]RoomEnd, len(which))
	var all sync.WaitGroup
	r.mutex.Lock()
	if !slices.ContainsFunc(r.places, func(p *place) bool { return p.room.Running() }) {
		r.zero = time.Now()
		r.ends.reset()
	}
	for n, p := range which {
		room, setup := p.room, p.setup
		ctx, err := room.begin(ctx, setup)
		if err != nil {
			ends[n].Err = err
			continue
		}
		p.zero = r.zero
		all.Go(func() { ends[n].Ended, ends[n].Err = room.run(ctx, setup) })
	}
	r.mutex.Unlock()
	all.Wait()
	return ends
}

// Stop ends all runs under way; Wait waits for that.
func (r *Rooms) Stop() {
	for _, p := range r.all() {
		p.room.Stop()
	}
}

// Wait waits for the end of all runs under way.
func (r *Rooms) Wait() {
	for _, p := range r.all() {
		p.room.Wait()
	}
}

// Running returns how many rooms are running.
func (r *Rooms) Running() int {
	n := 0
	for _, p := range r.all() {
		if p.room.Running() {
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
	lanes := make([]Lane, len(r.places))
	for i, p := range r.places {
		state, handed := p.room.seen()
		lanes[i] = Lane{Number: p.number, State: state}
		if !handed.IsZero() {
			lanes[i].Start = handed.Sub(p.zero)
		}
	}
	return lanes
}

// Ends returns what the end of each run did to the others, the newest last.
func (r *Rooms) Ends() []End { return r.ends.list() }
