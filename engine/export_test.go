package engine

import (
	"io"
	"os/exec"
	"time"

	"sealedroom/engine/confine"
	"sealedroom/engine/host"
	"sealedroom/engine/wire"
)

// NewWith returns an engine without spares whose workers are started so.
func NewWith(command func() *exec.Cmd, readyWithin time.Duration) *Engine {
	return newSingle(host.Starter{Command: command, ReadyWithin: readyWithin})
}

// NewWithoutWalls returns an engine whose workers lack these walls.
func NewWithoutWalls(without []string) *Engine {
	return NewWith(func() *exec.Cmd { return host.Command("sealedroom worker", confine.EnvWithout(without)) }, host.Own.ReadyWithin)
}

// SparePID is the process ID of the spare that waits; 0 when none does.
func (e *Engine) SparePID() int {
	if pids := e.pool.Waiting(); len(pids) > 0 {
		return pids[0]
	}
	return 0
}

// Spares is how many spares are ready.
func (e *Engine) Spares() int { return len(e.pool.Waiting()) }

// TreeOf reads a tree as a worker sent it.
func TreeOf(data []byte) (*Node, error) { return treeOf(data, maxNodes) }

// CageWalls names V8's own walls, and those that its V8 lacks.
func CageWalls(c wire.Cage) (walls []Wall, lacking []string) { return cageWalls(c) }

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
	r := &run{
		engine: &Engine{}, guest: guest, limits: limits, emit: emit, teller: window,
		worker: &host.Process{},
	}
	r.clock.begun = time.Now()
	emit(Started{Name: guest.Name, Limits: limits, Grants: guest.Grants})
	reader, err := wire.NewReader(stream, wire.MaxFromWorker), nil
	for err == nil && r.final.done == nil {
		var f host.Frame
		if f.Kind, f.Body, err = reader.Next(); err != nil {
			break
		}
		if f.Kind == wire.KindCall {
			f = host.Frame{Notes: []host.Note{window.ask(f.Body, wire.NewWriter(io.Discard))}}
		}
		err = r.handle(f)
	}
	e := Ended{At: r.clock.now(), Outcome: OK, Memory: r.memory.peaks, Limit: r.stopping.limit}
	switch {
	case r.stopping.started():
		e.Outcome = r.stopping.why
	case r.final.done == nil:
		e.Outcome = Crashed
	case r.final.done.Kind == "threw":
		e.Outcome = Exception
	}
	if r.final.done != nil {
		r.describe(&e, r.final.done)
	}
	if err != nil {
		e.Detail = shortDetail(err.Error())
	}
	r.sawEnd(e)
	emit(e)
	return err
}
