package engine

import (
	"io"
	"os"
	"os/exec"
	"time"

	"sealedroom/engine/confine"
	"sealedroom/engine/wire"
)

// NewWith returns an engine without spares whose workers are started so.
func NewWith(command func() *exec.Cmd, readyWithin time.Duration) *Engine {
	return &Engine{pool: newPool(starter{command: command, readyWithin: readyWithin})}
}

// NewWithoutWalls returns an engine whose workers lack these walls.
func NewWithoutWalls(without []string) *Engine {
	return NewWith(func() *exec.Cmd {
		cmd := ownCommand()
		cmd.Env = []string{confine.WorkerEnv + "=" + confine.EnvWithout(without)}
		return cmd
	}, startOwn.readyWithin)
}

// SparePID is the process ID of the spare that waits; 0 when none does.
func (e *Engine) SparePID() int {
	if !e.Ready() {
		return 0
	}
	e.pool.mutex.Lock()
	defer e.pool.mutex.Unlock()
	return e.pool.spare.process.pid()
}

// TreeOf reads a tree as a worker sent it.
func TreeOf(data []byte) (*Node, error) { return treeOf(data, mostNodes) }

// Count is how many nodes a tree has.
func (n *Node) Count() int {
	if n == nil {
		return 0
	}
	count := 1
	for i := range n.Children {
		count += n.Children[i].Count()
	}
	return count
}

// Intake has a run take these bytes as what its worker sends, without a worker.
// It returns what the run makes of them: the error is the run's reason to end a
// worker that no guest of ours could have made so.
func Intake(stream io.Reader, guest Guest, limits Limits, emit func(Event)) error {
	window, err := openTeller(guest, limits)
	if err != nil {
		return err
	}
	defer window.close()
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	defer read.Close()
	defer write.Close()
	r := &run{
		engine: &Engine{}, guest: guest, limits: limits, emit: emit, teller: window,
		worker: &process{toWorker: write, writer: wire.NewWriter(io.Discard)},
	}
	r.clock.begun = time.Now()
	emit(Started{Name: guest.Name, Limits: limits, Grants: guest.Grants})
	reader, err := wire.NewReader(stream, wire.MaxFromWorker), nil
	for err == nil && r.done == nil {
		var f frame
		if f.kind, f.body, err = reader.Next(); err != nil {
			break
		}
		if f.kind == wire.KindCall {
			f = frame{answered: []*answered{window.ask(f.body, wire.NewWriter(io.Discard))}}
		}
		err = r.hear(f)
	}
	e := Ended{At: r.clock.now(), Outcome: OK, Memory: r.peaks, Limit: r.limit}
	switch {
	case r.stopping != "":
		e.Outcome = r.stopping
	case r.done == nil:
		e.Outcome = Crashed
	case r.done.Kind == "threw":
		e.Outcome = Exception
	}
	if r.done != nil {
		r.describe(&e, r.done)
	}
	if err != nil {
		e.Detail = shortDetail(err.Error())
	}
	r.sawEnd(e)
	emit(e)
	return err
}
