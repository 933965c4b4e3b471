package engine

import (
	"context"
	"errors"
	"runtime"
	"sync"

	"sealedroom/engine/wire"
)

// pool keeps one spare worker warm, made as the last run's was: the next run
// most likely wants the same.
type pool struct {
	starter starter
	mutex   sync.Mutex
	spare   *starting
	closed  bool
	all     sync.WaitGroup // starts under way
	slots   chan struct{}  // how many may start at once
}

// starting is a worker to come.
type starting struct {
	config  wire.Prepare
	done    chan struct{}
	process *process
	err     error
}

var errClosed = errors.New("the engine is closed")

func newPool(s starter) *pool {
	return &pool{starter: s, slots: make(chan struct{}, max(2, runtime.NumCPU()))}
}

// start begins a worker. Callers hold the mutex.
func (p *pool) start(how starter, config wire.Prepare) *starting {
	s := &starting{config: config, done: make(chan struct{})}
	p.all.Add(1)
	go func() {
		defer p.all.Done()
		defer close(s.done)
		p.slots <- struct{}{}
		defer func() { <-p.slots }()
		s.process, s.err = how.start(config)
	}()
	return s
}

// drop ends a worker that nobody will use.
func (p *pool) drop(s *starting) {
	p.all.Add(1)
	go func() {
		defer p.all.Done()
		<-s.done
		if s.process != nil {
			s.process.end()
			s.process.lastWords()
		}
	}()
}

// warm makes sure that a spare of this kind is ready or on its way.
func (p *pool) warm(config wire.Prepare) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.closed || p.spare != nil && p.spare.config == config {
		return
	}
	if p.spare != nil {
		p.drop(p.spare)
	}
	p.spare = p.start(p.starter, config)
}

// ready says whether a spare waits.
func (p *pool) ready() bool {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.spare == nil {
		return false
	}
	select {
	case <-p.spare.done:
		return p.spare.err == nil && !p.spare.process.dead()
	default:
		return false
	}
}

// take returns a worker of this kind, the spare if it is one, and whether it
// was. Runs that ask faster than workers start are served in order, each by a
// start of its own.
func (p *pool) take(ctx context.Context, config wire.Prepare) (worker *process, spare bool, err error) {
	for range 2 { // a spare may have died while it waited; a fresh worker has no such excuse
		p.mutex.Lock()
		if p.closed {
			p.mutex.Unlock()
			return nil, false, errClosed
		}
		s := p.spare
		spare = s != nil && s.config == config
		if spare {
			p.spare = nil
		} else {
			s = p.start(p.starter, config)
		}
		p.mutex.Unlock()
		select {
		case <-s.done:
		case <-ctx.Done():
			p.drop(s)
			return nil, false, ctx.Err()
		}
		if s.err == nil && !s.process.dead() {
			return s.process, spare, nil
		}
		if s.err != nil && !spare {
			return nil, false, s.err
		}
		if s.err == nil {
			s.process.end()
			s.process.lastWords()
		}
	}
	return nil, false, errors.New("two workers died before they were given a guest")
}

// fresh returns a worker that is started in a way of its own, and never is or was
// a spare.
func (p *pool) fresh(ctx context.Context, how starter, config wire.Prepare) (*process, error) {
	p.mutex.Lock()
	if p.closed {
		p.mutex.Unlock()
		return nil, errClosed
	}
	s := p.start(how, config)
	p.mutex.Unlock()
	select {
	case <-s.done:
		return s.process, s.err
	case <-ctx.Done():
		p.drop(s)
		return nil, ctx.Err()
	}
}

func (p *pool) close() {
	p.mutex.Lock()
	p.closed = true
	if p.spare != nil {
		p.drop(p.spare)
		p.spare = nil
	}
	p.mutex.Unlock()
	p.all.Wait()
}
