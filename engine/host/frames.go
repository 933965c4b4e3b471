package host

import (
	"os"
	"time"

	"sealedroom/engine/wire"
)

// Frame is one of the worker's, untrusted; or notes.
type Frame struct {
	Kind  wire.Kind
	Body  []byte
	Notes []Note // if not empty, the rest is
}

// Note is what the run learns of a guest's call, by its own code that runs on the
// reader's goroutine.
type Note interface {
	Urgent() bool // the run has to act on it at once
}

// source is where a worker's frames come from.
type source struct {
	file      *os.File
	listening bool // by the reader's goroutine
}

// ReadBy limits how long Next waits for the rest of a frame; the zero time is no
// limit.
func (p *Process) ReadBy(t time.Time) { _ = p.fromWorker.SetReadDeadline(t) }

// Next returns a frame that has arrived. It is not ok where the frame is incomplete
// or is a call, whose answer may take time: Listen then begins with it. The body is
// valid until the next call.
func (p *Process) Next() (f Frame, ok bool) {
	if !p.reader.Whole() {
		return Frame{}, false
	}
	kind, body, err := p.reader.Next()
	if err != nil || kind == wire.KindCall {
		p.reader.Unread()
		return Frame{}, false
	}
	return Frame{Kind: kind, Body: body}, true
}

// Read waits for a frame. It is for a worker without a guest.
func (p *Process) Read() (wire.Kind, []byte, error) { return p.reader.Next() }

// OnCall has f answer the guest's calls, on the reader's goroutine. What it returns
// follows the frames before it.
func (p *Process) OnCall(f func(body []byte) Note) { p.answer.Store(&f) }

// Listen starts the goroutine that reads frames, unless it runs already.
func (p *Process) Listen() {
	if p.source.listening {
		return
	}
	p.source.listening = true
	go p.read()
}

// Frames delivers what the worker sends once Listen was called. It is closed when
// no more can come; Err then says why.
func (p *Process) Frames() <-chan Frame { return p.frames }

// Err is why Frames was closed: io.EOF for a worker that died, io.ErrUnexpectedEOF
// for one that died while it wrote a frame, else a violation of the protocol.
func (p *Process) Err() error { return p.err }

// Calls is how many calls were answered so far.
func (p *Process) Calls() int64 { return p.calls.Load() }

// Notes takes the notes that wait, on the run's goroutine; none while there are
// frames that came before.
func (p *Process) Notes() []Note { return p.ledger.take() }

// Put sends the run a note at once, on the reader's goroutine. It reports false if
// done is closed first.
func (p *Process) Put(n Note, done <-chan struct{}) bool {
	p.ledger.send()
	select {
	case p.frames <- Frame{Notes: []Note{n}}: // after those before it
		return true
	case <-done:
		return false
	}
}

// read passes frames on until the worker's end of the pipe closes, it breaks the
// protocol, or the run is over.
func (p *Process) read() {
	defer close(p.frames)
	defer p.ledger.send()
	p.listener.Store(int32(thisThread()))
	for {
		kind, body, err := p.reader.Next()
		if err != nil {
			p.err = err
			return
		}
		if answer := p.answer.Load(); kind == wire.KindCall && answer != nil {
			p.calls.Add(1)
			p.ledger.note((*answer)(body))
			continue
		}
		p.ledger.send()
		select {
		case p.frames <- Frame{Kind: kind, Body: append([]byte(nil), body...)}:
		case <-p.over:
			return
		}
	}
}
