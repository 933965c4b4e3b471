package worker

import "sync"

// pump calls send while a guest runs: as often as the host asks for a report,
// or as soon as the log is full. It has no clock of its own: Go would wake a
// thread to keep it, and most guests are over by then.
type pump struct {
	mutex sync.Mutex // held while sending
	on    bool
	send  func()
}

func (p *pump) start() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.on = true
}

// turn sends on the calling goroutine. That is how a guest that logs too fast
// waits for the host to read.
func (p *pump) turn() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.on {
		p.send()
	}
}

// stop returns when nothing is being sent any more.
func (p *pump) stop() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.on = false
}
