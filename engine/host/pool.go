package host

import (
	"context"
	"errors"
	"runtime"
	"sync"
)

// MaxSpares is how many spares a pool keeps at most: each holds some 30 MB.
const MaxSpares = 16

// Pool keeps spare workers: as many of each configuration as were asked for last.
// Its methods may be called from several goroutines.
type Pool struct {
	Starter Starter

	mutex  sync.Mutex
	wanted map[Config]int
	spares []*starting
	closed bool
	all    sync.WaitGroup // starts under way
	slots  chan struct{}  // how many may start at once
}

// starting is a worker to come.
type starting struct {
	config  Config
	done    chan struct{}
	process *Process
	err     error
}

// failed reports whether it was not started, or has died.
func (s *starting) failed() bool {
	select {
	case <-s.done:
		return !s.alive()
	default:
		return false
	}
}

// alive reports whether the worker is ready and lives.
func (s *starting) alive() bool {
	select {
	case <-s.done:
		return s.err == nil && !s.process.Dead()
	default:
		return false
	}
}

var errClosed = errors.New("the engine is closed")

// NewPool returns a pool without spares.
func NewPool(s Starter) *Pool {
	return &Pool{Starter: s, slots: make(chan struct{}, max(2, runtime.NumCPU()))}
}

// start begins a worker. Callers hold the mutex.
func (p *Pool) start(config Config) *starting {
	s := &starting{config: config, done: make(chan struct{})}
	p.all.Add(1)
	go func() {
		defer p.all.Done()
		defer close(s.done)
		p.slots <- struct{}{}
		defer func() { <-p.slots }()
		s.process, s.err = p.Starter.Start(config)
	}()
	return s
}

// drop ends a worker that is not used.
func (p *Pool) drop(s *starting) {
	p.all.Add(1)
	go func() {
		defer p.all.Done()
		<-s.done
		if s.process != nil {
			s.process.discard()
		}
	}()
}

// Keep makes sure that there is a spare, ready or on its way, for each of these
// configurations, the first MaxSpares of them. A configuration may be named several
// times. Spares of other configurations are ended.
func (p *Pool) Keep(configs ...Config) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.wanted = map[Config]int{}
	for _, config := range configs[:min(len(configs), MaxSpares)] {
		p.wanted[config]++
	}
	p.fill()
}

// Refill replaces spares of a configuration that were taken. If Keep was not asked
// for it, one spare of it is kept instead of what was asked for: the next run most
// likely wants the same as the last.
func (p *Pool) Refill(config Config) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.wanted[config] == 0 {
		p.wanted = map[Config]int{config: 1}
	}
	p.fill()
}

// fill drops spares that are not wanted or have died, and starts those that are missing. Callers
// hold the mutex.
func (p *Pool) fill() {
	if p.closed {
		return
	}
	missing := map[Config]int{}
	for config, n := range p.wanted {
		missing[config] = n
	}
	var kept []*starting
	for _, s := range p.spares {
		if missing[s.config] == 0 || s.failed() {
			p.drop(s)
			continue
		}
		missing[s.config]--
		kept = append(kept, s)
	}
	for config, n := range missing {
		for range n {
			kept = append(kept, p.start(config))
		}
	}
	p.spares = kept
}

// Waiting returns the process IDs of the spares that are ready.
func (p *Pool) Waiting() (pids []int) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for _, s := range p.spares {
		if s.alive() {
			pids = append(pids, s.process.PID())
		}
	}
	return pids
}

// pick takes a spare of a configuration out of the pool, one that is ready if there
// is one; nil where there is none. Callers hold the mutex.
func (p *Pool) pick(config Config) *starting {
	at := -1
	for i, s := range p.spares {
		if s.config != config {
			continue
		}
		if at < 0 || s.alive() {
			at = i
		}
		if s.alive() {
			break
		}
	}
	if at < 0 {
		return nil
	}
	s := p.spares[at]
	p.spares = append(p.spares[:at:at], p.spares[at+1:]...)
	return s
}

// Take returns a worker of this configuration, and whether it was a spare. Runs that
// ask faster than workers start are served in order: a worker is started for each.
func (p *Pool) Take(ctx context.Context, config Config) (worker *Process, spare bool, err error) {
	for fresh := 0; fresh < 2; { // a spare may have died while it waited, a fresh worker hardly
		p.mutex.Lock()
		if p.closed {
			p.mutex.Unlock()
			return nil, false, errClosed
		}
		s := p.pick(config)
		spare = s != nil
		if !spare {
			s = p.start(config)
			fresh++
		}
		p.mutex.Unlock()
		select {
		case <-s.done:
		case <-ctx.Done():
			p.drop(s)
			return nil, false, ctx.Err()
		}
		switch {
		case s.err == nil && !s.process.Dead():
			return s.process, spare, nil
		case s.err == nil:
			s.process.discard()
		case !spare:
			return nil, false, s.err
		}
	}
	return nil, false, errors.New("start worker: two died before they were given a guest")
}

// Fresh returns a worker that was not a spare.
func (p *Pool) Fresh(ctx context.Context, config Config) (*Process, error) {
	p.mutex.Lock()
	if p.closed {
		p.mutex.Unlock()
		return nil, errClosed
	}
	s := p.start(config)
	p.mutex.Unlock()
	select {
	case <-s.done:
		return s.process, s.err
	case <-ctx.Done():
		p.drop(s)
		return nil, ctx.Err()
	}
}

// Close ends the spares and waits until every worker that it started is gone or
// taken.
func (p *Pool) Close() {
	p.mutex.Lock()
	p.closed = true
	for _, s := range p.spares {
		p.drop(s)
	}
	p.spares = nil
	p.mutex.Unlock()
	p.all.Wait()
}
