package engine

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync/atomic"
	"time"

	"sealedroom/engine/confine"
	"sealedroom/engine/wire"
)

// process is a worker as the host sees it: a pipe each way, what it prints
// when it dies, and readings that do not ask it.
type process struct {
	config   wire.Prepare
	cmd      *exec.Cmd
	meter    *meter
	writer   *wire.Writer
	source   *source
	reader   *wire.Reader
	frames   chan frame // what listen hears, closed when no more can come; err says why
	err      error
	ready    wire.Ready
	took     time.Duration // from spawn to ready
	baseline footprint     // once ready
	class    schedClass
	signal   func() // that kills it
	threads  int    // once ready; 0 where they cannot be counted
	limited  bool   // the kernel holds its memory to the limit

	// answer, once set, answers a call on the reader's goroutine. What became of
	// it follows the frames before it.
	answer atomic.Pointer[func(body []byte) *answered]
	ledger ledger
	guest  *wire.Writer // to the isolate's own thread: the guest, and answers to its calls

	listener atomic.Int32 // the thread that answers calls
	asked    atomic.Int64 // calls so far

	toWorker, fromWorker, stderr, toGuest *os.File
	over                                  chan struct{} // closed by end: nobody reads frames any more
	exited                                chan struct{}
}

// frame is one of the worker's, or of the guest's calls: one that waits for a
// person, or those that were answered.
type frame struct {
	kind     wire.Kind
	body     []byte
	question *question
	answered []*answered
}

// source is where a worker's frames come from.
type source struct {
	file      *os.File
	listening bool // on a goroutine of its own, which has nothing else to do
}

// footprint is a process's memory in bytes.
type footprint struct {
	resident int64 // all of it, the program's own pages too
	private  int64 // resident without what is backed by files or shared
	data     int64 // private and writable, touched or not
}

// processor is what a guest had of the processor so far.
type processor struct {
	Used   time.Duration
	NoCore time.Duration // it was ready to run, and no core was free

	known, noCoreKnown bool
}

// since is what was added after an earlier reading.
func (p processor) since(earlier processor) processor {
	p.known = p.known && earlier.known
	p.noCoreKnown = p.noCoreKnown && earlier.noCoreKnown
	p.Used, p.NoCore = max(0, p.Used-earlier.Used), max(0, p.NoCore-earlier.NoCore)
	return p
}

// starter is how workers are started.
type starter struct {
	command     func() *exec.Cmd
	readyWithin time.Duration // far more than any takes, also on a machine under load
}

// startOwn starts workers of this very program.
var startOwn = starter{command: ownCommand, readyWithin: 20 * time.Second}

func ownCommand() *exec.Cmd {
	cmd := exec.Command(executable())
	cmd.Args = []string{"sealedroom worker"}
	cmd.Env = []string{confine.WorkerEnv + "=1"} // and nothing of ours
	return cmd
}

// start starts a worker and waits until it is ready.
func (s starter) start(config wire.Prepare) (*process, error) {
	began := time.Now()
	p, err := s.spawn(config)
	if err != nil {
		return nil, fmt.Errorf("start a worker: %w", err)
	}
	fail := func(err error) (*process, error) {
		p.end()
		return nil, fmt.Errorf("start a worker: %w%s", err, p.lastWords())
	}
	if err := p.writer.Send(wire.KindPrepare, config); err != nil {
		return fail(err)
	}
	tooLong := time.AfterFunc(s.readyWithin, p.kill)
	kind, body, err := p.reader.Next()
	switch {
	case !tooLong.Stop():
		return fail(fmt.Errorf("it was not ready within %v", s.readyWithin))
	case err != nil:
		return fail(fmt.Errorf("it died before it was ready (%w)", err))
	case kind != wire.KindReady:
		return fail(fmt.Errorf("%w: %d before it was ready", wire.ErrUnknown, kind))
	}
	if err := wire.Decode(kind, body, &p.ready); err != nil {
		return fail(err)
	}
	p.meter.watchThread(p.ready.Thread)
	startSoon(p.ready.Thread)
	if err := p.meter.limitMemory(config.HeapLimit + kernelGrowth); err != nil {
		p.ready.Lacking = append(p.ready.Lacking, confine.MemoryLimit+": "+err.Error())
	} else {
		p.limited = true
	}
	p.baseline, _ = p.meter.memory()
	p.threads, _ = p.meter.threads()
	p.took = time.Since(began)
	return p, nil
}

func (s starter) spawn(config wire.Prepare) (*process, error) {
	p := &process{
		config: config, cmd: s.command(), frames: make(chan frame, 16),
		over: make(chan struct{}), exited: make(chan struct{}),
	}
	p.ledger.frames = p.frames
	pipes, err := newPipes(4)
	if err != nil {
		return nil, err
	}
	in, out, guest, words := pipes[0], pipes[1], pipes[2], pipes[3]
	p.toWorker, p.fromWorker, p.toGuest, p.stderr = in.write, out.read, guest.write, words.read
	p.source = &source{file: p.fromWorker}
	p.reader = wire.NewReader(p.source, wire.MaxFromWorker)
	p.writer, p.guest = wire.NewWriter(p.toWorker), wire.NewWriter(p.toGuest)

	p.cmd.Dir = "/"
	p.cmd.ExtraFiles = []*os.File{in.read, out.write, guest.read} // 3, 4 and 5 there
	p.cmd.Stdout, p.cmd.Stderr = words.write, words.write
	p.cmd.SysProcAttr = workerAttributes()
	err = onSpawnThread(p.cmd.Start)
	_, _, _, _ = in.read.Close(), out.write.Close(), guest.read.Close(), words.write.Close()
	if err != nil {
		_, _, _, _ = p.toWorker.Close(), p.fromWorker.Close(), p.toGuest.Close(), p.stderr.Close()
		return nil, err
	}
	p.meter, p.signal = newMeter(p.cmd.Process.Pid), func() { _ = p.cmd.Process.Kill() }
	go func() {
		_ = p.cmd.Wait()
		close(p.exited)
	}()
	return p, nil
}

type pipe struct{ read, write *os.File }

// newPipes makes n pipes, or none.
func newPipes(n int) ([]pipe, error) {
	var pipes []pipe
	for range n {
		read, write, err := os.Pipe()
		if err != nil {
			for _, p := range pipes {
				_, _ = p.read.Close(), p.write.Close()
			}
			return nil, err
		}
		pipes = append(pipes, pipe{read, write})
	}
	return pipes, nil
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// listen has a goroutine hear what the worker says.
func (p *process) listen() {
	p.source.listening = true
	go p.read()
}

// read passes frames on until the worker's end of the pipe closes, it says
// something that no worker says, or the run is over.
func (p *process) read() {
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
			p.asked.Add(1)
			p.ledger.note((*answer)(body))
			continue
		}
		p.ledger.send()
		select {
		case p.frames <- frame{kind: kind, body: append([]byte(nil), body...)}:
		case <-p.over:
			return
		}
	}
}

// order tells the worker's reader something, unless it has not been reading
// for so long that its pipe is full: then it is not told.
func (p *process) order(kind wire.Kind, payload any, by time.Time) (told bool) {
	_ = p.toWorker.SetWriteDeadline(by)
	return p.writer.Send(kind, payload) == nil
}

// dead says whether the worker has exited already. Its memory is gone some
// time before its exit is heard of.
func (p *process) dead() bool {
	select {
	case <-p.exited:
		return true
	default:
		now, ok := p.meter.memory()
		return ok && now.resident == 0
	}
}

// kill ends the worker at once, whatever it is doing. To die it needs a core,
// which an idle one would wait for; not every user may take it back to normal.
func (p *process) kill() {
	p.schedule(normal)
	p.signal()
}

// end kills the worker if it lives, waits until it is gone, and lets go of
// everything but its last words. Calls that the run has not heard of are
// returned. It may be called once.
func (p *process) end() (late []*answered) {
	p.kill()
	<-p.exited
	close(p.over)
	_, _, _ = p.toWorker.Close(), p.fromWorker.Close(), p.toGuest.Close()
	if p.source.listening {
		for f := range p.frames { // the reader's last
			late = append(late, f.answered...)
		}
	}
	p.meter.close()
	return late
}

// lastWords is the start of what a dead worker printed, and lets go of it.
func (p *process) lastWords() string {
	_ = p.stderr.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	text, _ := io.ReadAll(io.LimitReader(p.stderr, 2000))
	_ = p.stderr.Close()
	if len(text) == 0 {
		return ""
	}
	return ": " + string(text)
}
