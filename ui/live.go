package ui

import (
	"context"
	"sync"
	"time"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/presets"
	"sealedroom/ui/panes"
)

// live runs guests in the background and carries what happens to the window:
// events are folded into a State under a lock, and a pump has the newest State
// drawn, one frame under way at a time, however fast events come.
type live struct {
	host *engine.Engine
	draw func(*inspector.State) // called by onMain
	// onMain runs a function on the window's thread.
	onMain func(func())

	mutex   sync.Mutex
	state   inspector.State
	changed bool
	drawing bool
	cancel  context.CancelFunc // of the run under way
	// forgotten is set while the run under way is one that clear stopped.
	forgotten bool
	decided   chan engine.Verdict // about the call that waits
	done      sync.WaitGroup
}

// start begins a run; false while one is under way. failed is told, on the
// window's thread, why a run could not be started.
func (l *live) start(setup presets.Setup, failed func(error)) bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.cancel != nil {
		return false
	}
	ctx, cancel := context.WithCancel(context.Background())
	l.cancel = cancel
	l.state.Reset()
	setup = setup.Tidy() // the panel also keeps what has no effect
	guest := setup.Guest()
	guest.Ask = l.ask
	l.done.Add(1)
	go func() {
		defer l.done.Done()
		over := make(chan struct{})
		go l.pump(over)
		err := setup.Check()
		if err == nil {
			_, err = l.host.Run(ctx, guest, setup.Limits, l.apply)
		}
		close(over)
		cancel()
		l.mutex.Lock()
		forgotten := l.forgotten
		l.cancel, l.forgotten = nil, false
		l.changed = true
		l.mutex.Unlock()
		l.frame()
		if err != nil && !forgotten {
			l.onMain(func() { failed(err) })
		}
	}()
	return true
}

// clear forgets the run that is over or under way. One under way is stopped, and
// nothing more is shown of it.
func (l *live) clear() {
	l.mutex.Lock()
	if l.cancel != nil {
		l.cancel()
		l.forgotten = true
	}
	l.state.Reset()
	state := l.state.Clone()
	l.mutex.Unlock()
	l.draw(&state)
}

// stop ends the run under way.
func (l *live) stop() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.cancel != nil {
		l.cancel()
	}
}

func (l *live) running() bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.cancel != nil
}

// close ends the run under way and waits for it.
func (l *live) close() {
	l.stop()
	l.done.Wait()
	l.host.Close()
}

func (l *live) apply(e engine.Event) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.forgotten {
		return
	}
	l.state.Apply(e)
	l.changed = true
	if _, ok := e.(engine.Asked); ok {
		l.decided = make(chan engine.Verdict, 1)
	}
}

// ask waits until the person has decided about the call that the state shows.
func (l *live) ask(ctx context.Context, _ engine.Asked) engine.Verdict {
	l.mutex.Lock()
	decided := l.decided
	l.mutex.Unlock()
	select {
	case verdict := <-decided:
		return verdict
	case <-ctx.Done():
		return ""
	}
}

// decide answers for the person, if call n still waits.
func (l *live) decide(n int64, verdict engine.Verdict) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.state.Waiting == nil || l.state.Waiting.N != n {
		return
	}
	select {
	case l.decided <- verdict:
	default: // decided already
	}
}

func (l *live) pump(over chan struct{}) {
	timer := time.NewTimer(panes.PictureAfter(0))
	defer timer.Stop()
	for {
		select {
		case <-over:
			return
		case <-timer.C:
			timer.Reset(panes.PictureAfter(l.frame()))
		}
	}
}

// frame has the newest state drawn, unless nothing changed or a frame is
// still under way: a slow window skips frames, it does not queue them. It
// returns how long the run has lasted.
func (l *live) frame() time.Duration {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if !l.changed || l.drawing {
		return l.state.Now
	}
	l.drawing = true
	l.onMain(func() {
		l.mutex.Lock()
		state := l.state.Clone()
		l.changed, l.drawing = false, false
		l.mutex.Unlock()
		l.draw(&state)
		if !l.running() {
			l.frame() // what came while this was drawn
		}
	})
	return l.state.Now
}
