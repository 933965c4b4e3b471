package host

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"sealedroom/engine/confine"
	"sealedroom/engine/wire"
)

// KernelGrowth is how far past its heap limit, in bytes, the kernel lets a worker's
// private memory grow: V8 and Go need some for themselves.
const KernelGrowth = 16 << 20

// Config is what is fixed when a worker starts. Configs can be compared.
type Config struct {
	wire.Prepare
	Without string // walls that a demonstration leaves out, separated by commas
}

// Starter is how workers are started.
type Starter struct {
	Command     func() *exec.Cmd // with arguments and environment; the rest is filled in
	ReadyWithin time.Duration    // far more than any worker takes, even on a machine under load
}

// Own starts workers of this very program.
var Own = Starter{Command: func() *exec.Cmd { return Command("sealedroom worker", "1") }, ReadyWithin: 20 * time.Second}

// Command returns a command that starts this program as a worker. Name is what
// lists of processes show; role is the value of confine.WorkerEnv. The worker gets
// no other variable of the host's.
func Command(name, role string) *exec.Cmd {
	cmd := exec.Command(executable())
	cmd.Args = []string{name}
	cmd.Env = []string{confine.WorkerEnv + "=" + role}
	return cmd
}

// StartHelper starts a process in an empty place, which dies with this one.
func StartHelper(cmd *exec.Cmd) error {
	cmd.Dir, cmd.SysProcAttr = "/", attributes()
	return onSpawnThread(cmd.Start)
}

// Start starts a worker and waits until it is ready.
func (s Starter) Start(config Config) (*Process, error) {
	began := time.Now()
	p, err := s.spawn(config)
	if err != nil {
		return nil, fmt.Errorf("start worker: %w", err)
	}
	fail := func(err error) (*Process, error) {
		p.End()
		if printed := p.stderrHead(); printed != "" {
			return nil, fmt.Errorf("start worker: %w: %s", err, printed)
		}
		return nil, fmt.Errorf("start worker: %w", err)
	}
	if err := p.writer.Send(wire.KindPrepare, config.Prepare); err != nil {
		return fail(err)
	}
	tooLong := time.AfterFunc(s.ReadyWithin, p.Kill)
	kind, body, err := p.reader.Next()
	switch {
	case !tooLong.Stop():
		return fail(fmt.Errorf("not ready within %v", s.ReadyWithin))
	case err != nil:
		return fail(fmt.Errorf("exited before ready (%w)", err))
	case kind != wire.KindReady:
		return fail(fmt.Errorf("%w: %d before ready", wire.ErrUnknown, kind))
	}
	if err := wire.Decode(kind, body, &p.Ready); err != nil {
		return fail(err)
	}
	p.watchThread(p.Ready.Thread)
	startSoon(p.Ready.Thread)
	if err := p.limitMemory(config.HeapLimit+KernelGrowth, p.Ready.Walls); err != nil {
		p.Ready.Lacking = append(p.Ready.Lacking, confine.MemoryLimit+": "+err.Error())
	} else {
		p.Limited = true
	}
	p.Baseline, _ = p.Memory()
	p.Threads, _ = p.ThreadCount()
	p.Took = time.Since(began)
	return p, nil
}

func (s Starter) spawn(config Config) (*Process, error) {
	p := &Process{
		Config: config, cmd: s.Command(), frames: make(chan Frame, 16),
		over: make(chan struct{}), exited: make(chan struct{}),
	}
	p.ledger.frames = p.frames
	if config.Without != "" {
		p.cmd.Env = []string{confine.WorkerEnv + "=" + confine.EnvWithout(strings.Split(config.Without, ","))}
	}
	pipes, err := newPipes(false, true, false, true)
	if err != nil {
		return nil, err
	}
	in, out, guest, printed := pipes[0], pipes[1], pipes[2], pipes[3]
	p.toWorker, p.fromWorker, p.toGuest, p.stderr = in.write, out.read, guest.write, printed.read
	p.source = &source{file: p.fromWorker}
	p.reader = wire.NewReader(p.source, wire.MaxFromWorker)
	p.writer, p.Guest = wire.NewWriter(p.toWorker), wire.NewWriter(p.toGuest)

	p.meter, err = launch(p.cmd, config.HeapLimit, printed.write, in.read, out.write, guest.read)
	_, _, _, _ = in.read.Close(), out.write.Close(), guest.read.Close(), printed.write.Close()
	if err != nil {
		_, _, _, _ = p.toWorker.Close(), p.fromWorker.Close(), p.toGuest.Close(), p.stderr.Close()
		return nil, err
	}
	p.signal = func() { _ = p.cmd.Process.Kill() }
	go func() {
		_ = p.cmd.Wait()
		close(p.exited)
	}()
	return p, nil
}

type pipe struct{ read, write *os.File }

// newPipes makes a pipe for each, or none. The host reads it, or else writes.
func newPipes(hostReads ...bool) ([]pipe, error) {
	var pipes []pipe
	for _, reads := range hostReads {
		made, err := newPipe(reads)
		if err != nil {
			for _, p := range pipes {
				_, _ = p.read.Close(), p.write.Close()
			}
			return nil, err
		}
		pipes = append(pipes, made)
	}
	return pipes, nil
}
