// Package host is a worker as the host has it: a process behind four pipes, which
// the host reads, limits and schedules from outside, and a pool of spares.
//
//	process.go  a worker's life: orders, frames, pause, death
//	start.go    how it is started; spawn_ and pipes_: per operating system
//	frames.go   reading what it sends; ledger.go: answered calls on their way to the run
//	meter.go    its memory and its time on the processor; meter_: per operating system
//	sched.go    how workers share the cores; sched_: per operating system
//	pool.go     spares
package host

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"sealedroom/engine/wire"
)

// Process is a worker. Its methods may be called from one goroutine, if not said
// otherwise. The zero Process reaches no worker.
type Process struct {
	Config   Config
	Ready    wire.Ready    // what the worker says of itself: untrusted
	Took     time.Duration // from the start until it was ready
	Baseline Footprint     // once ready
	Threads  int           // once ready; 0 where they cannot be counted
	Limited  bool          // the kernel holds its memory to the limit
	Guest    *wire.Writer  // to the isolate's own thread: the guest, and answers to its calls

	*meter
	cmd    *exec.Cmd
	writer *wire.Writer
	source *source
	reader *wire.Reader
	frames chan Frame // closed when no more can come; err says why
	err    error
	ledger ledger
	answer atomic.Pointer[func(body []byte) Note]
	class  schedClass
	signal func() // kills it

	listener atomic.Int32 // the thread that answers calls
	calls    atomic.Int64 // so far

	toWorker, fromWorker, stderr, toGuest *os.File
	over                                  chan struct{} // closed by End: frames are no longer read
	exited                                chan struct{}
}

// PID is the worker's process ID.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// HandOver sends the guest to the isolate's thread. A worker that does not read
// is given up at a time, or when ctx ends; the run notices that it does nothing.
func (p *Process) HandOver(ctx context.Context, by time.Time, guest wire.Run) {
	_ = p.toGuest.SetWriteDeadline(by)
	handing := context.AfterFunc(ctx, func() { _ = p.toGuest.SetWriteDeadline(time.Now()) })
	_ = p.Guest.Send(wire.KindRun, guest)
	handing()
	_ = p.toGuest.SetWriteDeadline(time.Time{})
}

// Order sends a message to the worker's reader. It reports whether it was sent: not
// if the worker has not been reading for so long that its pipe is full.
func (p *Process) Order(kind wire.Kind, payload any, by time.Time) (sent bool) {
	if p.writer == nil {
		return false
	}
	_ = p.toWorker.SetWriteDeadline(by)
	return p.writer.Send(kind, payload) == nil
}

// Exited is closed when the worker is gone.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Dead reports whether the worker has died. Its memory is gone some time before
// Exited is closed.
func (p *Process) Dead() bool {
	select {
	case <-p.exited:
		return true
	default:
		now, ok := p.Memory()
		return ok && now.Resident == 0
	}
}

// Kill ends the worker at once, whatever it is doing. To die it needs a core, which
// one of class idle would wait for; not every user may take it back to normal.
func (p *Process) Kill() {
	p.schedule(normal)
	p.signal()
}

// End kills the worker if it lives, waits until it is gone, and closes everything
// but what it printed. It returns the notes that Frames has not delivered. It may
// be called once.
func (p *Process) End() (late []Note) {
	p.Kill()
	<-p.exited
	close(p.over)
	_, _, _ = p.toWorker.Close(), p.fromWorker.Close(), p.toGuest.Close()
	if p.source.listening {
		for f := range p.frames { // the reader's last
			late = append(late, f.Notes...)
		}
	}
	p.close()
	return late
}

// discard ends a worker that is not used.
func (p *Process) discard() {
	p.End()
	p.stderrHead()
}

// Death is how a worker died.
type Death struct {
	ExitCode int    // -1 for a signal
	Cause    string // "exit status 2" or "signal: killed"
	// Aborted reports whether it ended itself as V8, Go and C++ do on a fatal error,
	// or was killed by the system; an access to invalid memory is neither.
	Aborted bool
	Stderr  string // the start of what it printed: untrusted
}

// Death returns how the worker died. Call it once, after End.
func (p *Process) Death() Death {
	state := p.cmd.ProcessState
	d := Death{ExitCode: state.ExitCode(), Cause: fmt.Sprintf("exit status %d", state.ExitCode()), Stderr: p.stderrHead()}
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		d.Cause = "signal: " + status.Signal().String()
		switch status.Signal() {
		case syscall.SIGABRT, syscall.SIGTRAP, syscall.SIGILL, syscall.SIGKILL:
			d.Aborted = true
		}
		return d
	}
	d.Aborted = state.ExitCode() == exitGoCrash && !strings.HasPrefix(d.Stderr, "SIGSEGV") || abortStatus(state.ExitCode())
	return d
}

// exitGoCrash is the status of a Go program that died of a signal it handled.
const exitGoCrash = 2

// stderrHead returns the start of what a dead worker printed, and closes the pipe.
func (p *Process) stderrHead() string {
	_ = p.stderr.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	text, _ := io.ReadAll(io.LimitReader(p.stderr, 2000))
	_ = p.stderr.Close()
	return string(text)
}
