package session

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/inspector/recording"
)

// Room runs one Setup at a time and folds what happens into a State. Its
// methods may be called from several goroutines. It is made with NewRoom.
type Room struct {
	host *engine.Engine
	// Seen, where set before a run, is called with each event once the State has
	// it, in order, on the run's goroutine.
	Seen func(engine.Event)
	// Ask, where set before a run, decides about calls that wait. Without it
	// they wait for Decide.
	Ask func(ctx context.Context, call engine.Asked) engine.Verdict

	mutex     sync.Mutex
	state     inspector.State
	setup     Setup               // of the run under way, or the last one
	cancel    context.CancelFunc  // of the run under way; nil: none is
	handed    time.Time           // when its guest was handed over; zero: not yet
	forgotten bool                // the run under way was cleared
	recorder  *recording.Recorder // of the run under way
	past      []Past
	begun     int // runs so far
	decided   chan engine.Verdict
	runs      sync.WaitGroup
}

// ErrRunning is why no run was started: one is under way in the room.
var ErrRunning = errors.New("a run is under way in this room: stop it, or wait for its end")

// NewRoom returns a room whose runs are host's. It ends with its last run.
func NewRoom(host *engine.Engine) *Room { return &Room{host: host} }

// Run runs the setup to its end. Canceling ctx ends the run with the outcome
// Canceled. The error says why no run was started.
func (r *Room) Run(ctx context.Context, setup Setup) (engine.Ended, error) {
	ctx, err := r.begin(ctx, setup)
	if err != nil {
		return engine.Ended{}, err
	}
	return r.run(ctx, setup)
}

// Start begins a run in the background. over, where not nil, is called at its
// end, with the error of a run that could not be started; a run that was cleared
// meanwhile has none. [Room.Wait] waits for over, too.
func (r *Room) Start(setup Setup, over func(engine.Ended, error)) error {
	ctx, err := r.begin(context.Background(), setup)
	if err != nil {
		return err
	}
	r.runs.Go(func() {
		ended, err := r.run(ctx, setup)
		if over != nil {
			over(ended, err)
		}
	})
	return nil
}

// begin takes the room for a run.
func (r *Room) begin(ctx context.Context, setup Setup) (context.Context, error) {
	if err := setup.Check(); err != nil {
		return nil, err
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.cancel != nil {
		return nil, ErrRunning
	}
	ctx, r.cancel = context.WithCancel(ctx)
	r.setup, r.handed, r.forgotten = setup, time.Time{}, false
	r.state.Reset()
	r.recorder = recording.NewRecorder()
	r.begun++
	r.runs.Add(1)
	return ctx, nil
}

func (r *Room) run(ctx context.Context, setup Setup) (engine.Ended, error) {
	defer r.runs.Done()
	guest := setup.Guest()
	guest.Ask = r.Ask
	if guest.Ask == nil {
		guest.Ask = r.wait
	}
	ended, err := r.host.Run(ctx, guest, setup.Limits, r.apply)
	recorded := r.recorder.Close()
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.cancel()
	r.cancel = nil
	switch {
	case r.forgotten:
		err = nil
	case err == nil && recorded != nil && recorded.Whole():
		r.past = keep(r.past, Past{r.begun, setup.Tidy(), recorded})
	}
	return ended, err
}

// Past returns the last runs of the room that are over, the oldest first. Runs
// that were cleared while they were under way are not among them.
func (r *Room) Past() []Past {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return slices.Clone(r.past)
}

func (r *Room) apply(e engine.Event) {
	r.mutex.Lock()
	forgotten := r.forgotten
	if !forgotten {
		if _, started := e.(engine.Started); started {
			r.handed = time.Now()
		}
		r.state.Apply(e)
		r.recorder.Add(e)
		if _, asked := e.(engine.Asked); asked {
			r.decided = make(chan engine.Verdict, 1)
		}
	}
	r.mutex.Unlock()
	if !forgotten && r.Seen != nil {
		r.Seen(e)
	}
}

// wait waits until Decide is called about the call that the State shows.
func (r *Room) wait(ctx context.Context, _ engine.Asked) engine.Verdict {
	r.mutex.Lock()
	decided := r.decided
	r.mutex.Unlock()
	select {
	case verdict := <-decided:
		return verdict
	case <-ctx.Done():
		return ""
	}
}

// Decide answers for the person, if call n still waits.
func (r *Room) Decide(n int64, verdict engine.Verdict) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.state.Waiting == nil || r.state.Waiting.N != n {
		return
	}
	select {
	case r.decided <- verdict:
	default: // decided already
	}
}

// Stop ends the run under way, if there is one; Wait waits for that.
func (r *Room) Stop() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.cancel != nil {
		r.cancel()
	}
}

// Wait waits for the end of the run under way.
func (r *Room) Wait() { r.runs.Wait() }

// Clear forgets the run that is over or under way. One under way is stopped, and
// nothing more is seen of it.
func (r *Room) Clear() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.cancel != nil {
		r.cancel()
		r.forgotten = true
	}
	r.state.Reset()
}

// Running reports whether a run is under way.
func (r *Room) Running() bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.cancel != nil
}

// Setup returns what the run under way, or the last one, was started from.
func (r *Room) Setup() Setup {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.setup
}

// seen returns the State with when its guest was handed over.
func (r *Room) seen() (inspector.State, time.Time) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.state.Clone(), r.handed
}

// State returns what was seen of the run so far. It copies no list, so that a
// window can ask for it 30 times a second.
func (r *Room) State() inspector.State {
	state, _ := r.seen()
	return state
}
