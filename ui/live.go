package ui

import (
	"sync"
	"time"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/inspector/session"
	"sealedroom/ui/panes"
)

// live is the room of the window, with what carries a run in it to the screen.
type live struct {
	*session.Room
	host *engine.Engine
	pictures
	// onMain runs a function on the window's thread.
	onMain func(func())
}

// newLive returns a room whose runs draw is called with, by onMain.
func newLive(host *engine.Engine, onMain func(func()), draw func(*inspector.State)) *live {
	l := &live{Room: session.NewRoom(host), host: host, onMain: onMain}
	l.pictures = pictures{onMain: onMain, draw: draw, state: l.State, running: l.Running}
	l.Seen = func(engine.Event) { l.changed() }
	return l
}

// start begins a run, unless one is under way. failed is called on the window's
// thread with why one that was begun could not be started.
func (l *live) start(setup session.Setup, failed func(error)) error {
	over := make(chan struct{})
	err := l.Start(setup, func(_ engine.Ended, err error) {
		close(over)
		l.changed()
		l.picture()
		if err != nil {
			l.onMain(func() { failed(err) })
		}
	})
	if err == nil {
		go l.pump(over)
	}
	return err
}

// clear forgets the run that is over or under way, and shows that there is none.
func (l *live) clear() {
	l.Clear()
	state := l.State()
	l.draw(&state)
}

// close ends the run under way and waits for it.
func (l *live) close() {
	l.Stop()
	l.Wait()
	l.host.Close()
}

// pictures has the newest State of a room drawn while it changes. However fast
// events come, at most one picture waits for the window's thread: a slow window
// skips pictures, it does not queue them.
type pictures struct {
	onMain  func(func())
	draw    func(*inspector.State) // called by onMain
	state   func() inspector.State
	running func() bool

	mutex sync.Mutex
	stale bool // the State has changed since it was drawn
	waits bool // a picture waits for the window's thread
}

// changed notes that the State has changed.
func (p *pictures) changed() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.stale = true
}

// pump asks for pictures until over is closed.
func (p *pictures) pump(over chan struct{}) {
	timer := time.NewTimer(panes.PictureAfter(0))
	defer timer.Stop()
	for {
		select {
		case <-over:
			return
		case <-timer.C:
			p.picture()
			timer.Reset(panes.PictureAfter(p.state().Now))
		}
	}
}

// picture has the newest State drawn, unless it is drawn already or a picture
// waits.
func (p *pictures) picture() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if !p.stale || p.waits {
		return
	}
	p.waits = true
	p.onMain(func() {
		p.mutex.Lock()
		p.stale, p.waits = false, false
		p.mutex.Unlock()
		state := p.state()
		p.draw(&state)
		if !p.running() {
			p.picture() // what came while this was drawn
		}
	})
}
