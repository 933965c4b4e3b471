package engine

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"sealedroom/engine/confine"
	"sealedroom/engine/wire"
)

// process is a worker as the host sees it: a pipe each way, what it prints
// when it dies, and readings that do not ask it.
type process struct {
	config wire.Prepare
	cmd    *exec.Cmd
	meter  *meter
	writer *wire.Writer
	frames chan frame // closed when no more can come; err says why
	err    error
	ready  wire.Ready
	took   time.Duration // from spawn to ready

	toWorker, fromWorker, stderr *os.File
	over                         chan struct{} // closed by end: nobody reads frames any more
	exited                       chan struct{}
}

type frame struct {
	kind wire.Kind
	body []byte
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
	p, err := spawn(s.command(), config)
	if err != nil {
		return nil, fmt.Errorf("start a worker: %w", err)
	}
	fail := func(err error) (*process, error) {
		p.end()
		return nil, fmt.Errorf("start a worker: %w%s", err, p.lastWords())
	}
	go p.read()
	if err := p.writer.Send(wire.KindPrepare, config); err != nil {
		return fail(err)
	}
	select {
	case f, ok := <-p.frames:
		if !ok {
			return fail(fmt.Errorf("it died before it was ready (%v)", p.err))
		}
		if f.kind != wire.KindReady {
			return fail(fmt.Errorf("%w: %d before it was ready", wire.ErrUnknown, f.kind))
		}
		if err := wire.Decode(f.kind, f.body, &p.ready); err != nil {
			return fail(err)
		}
	case <-time.After(s.readyWithin):
		return fail(fmt.Errorf("it was not ready within %v", s.readyWithin))
	}
	p.meter.watchThread(p.ready.Thread)
	p.took = time.Since(began)
	return p, nil
}

func spawn(cmd *exec.Cmd, config wire.Prepare) (*process, error) {
	p := &process{
		config: config, cmd: cmd, frames: make(chan frame, 16),
		over: make(chan struct{}), exited: make(chan struct{}),
	}
	workerIn, toWorker, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	fromWorker, workerOut, err := os.Pipe()
	if err != nil {
		_, _ = workerIn.Close(), toWorker.Close()
		return nil, err
	}
	stderr, workerErr, err := os.Pipe()
	if err != nil {
		_, _, _, _ = workerIn.Close(), toWorker.Close(), fromWorker.Close(), workerOut.Close()
		return nil, err
	}
	p.toWorker, p.fromWorker, p.stderr = toWorker, fromWorker, stderr
	p.writer = wire.NewWriter(toWorker)

	p.cmd.Dir = "/"
	p.cmd.ExtraFiles = []*os.File{workerIn, workerOut}
	p.cmd.Stdout, p.cmd.Stderr = workerErr, workerErr
	p.cmd.SysProcAttr = workerAttributes()
	err = onSpawnThread(p.cmd.Start)
	_, _, _ = workerIn.Close(), workerOut.Close(), workerErr.Close()
	if err != nil {
		_, _, _ = toWorker.Close(), fromWorker.Close(), stderr.Close()
		return nil, err
	}
	p.meter = newMeter(p.cmd.Process.Pid)
	go func() {
		_ = p.cmd.Wait()
		close(p.exited)
	}()
	return p, nil
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// read passes frames on until the worker's end of the pipe closes, it says
// something that no worker says, or the run is over.
func (p *process) read() {
	defer close(p.frames)
	reader := wire.NewReader(p.fromWorker, wire.MaxFromWorker)
	for {
		kind, body, err := reader.Next()
		if err != nil {
			p.err = err
			return
		}
		select {
		case p.frames <- frame{kind, append([]byte(nil), body...)}:
		case <-p.over:
			return
		}
	}
}

// dead says whether the worker has exited already. Its memory is gone some
// time before its exit is heard of.
func (p *process) dead() bool {
	select {
	case <-p.exited:
		return true
	default:
		resident, _, ok := p.meter.memory()
		return ok && resident == 0
	}
}

// kill ends the worker at once, whatever it is doing.
func (p *process) kill() { _ = p.cmd.Process.Kill() }

// end kills the worker if it lives, waits until it is gone, and lets go of
// everything but its last words. It may be called once.
func (p *process) end() {
	p.kill()
	<-p.exited
	close(p.over)
	_, _ = p.toWorker.Close(), p.fromWorker.Close()
	for range p.frames { // the reader's last
	}
	p.meter.close()
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
