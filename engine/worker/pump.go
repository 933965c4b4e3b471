package worker

import (
	"sync"
	"time"
)

const pumpEvery = 10 * time.Millisecond

// pump calls send a hundred times a second, or as soon as asked. It starts
// nothing before its first turn: most guests are over by then.
type pump struct {
	mutex   sync.Mutex // held while sending
	send    func()
	timer   *time.Timer
	stopped bool
}

func startPump(send func()) *pump {
	p := &pump{send: send}
	p.mutex.Lock() // the first turn may come before its timer is noted
	defer p.mutex.Unlock()
	p.timer = time.AfterFunc(pumpEvery, p.turn)
	return p
}

func (p *pump) turn() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.stopped {
		return
	}
	p.send()
	p.timer.Reset(pumpEvery)
}

// now sends on the calling goroutine. That is how a guest that logs too fast
// waits for the host to read.
func (p *pump) now() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if !p.stopped {
		p.send()
	}
}

// stop returns when nothing is being sent any more.
func (p *pump) stop() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.stopped = true
	p.timer.Stop()
}
