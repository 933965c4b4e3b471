package engine

import (
	"os/exec"
	"time"

	"sealedroom/engine/confine"
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
