// Package confine is what each operating system takes away from a worker, so
// that a guest that breaks out of V8 stands in an empty process.
//
// It goes in two steps. Before Go's runtime starts, a process that is to be a
// worker gives up new privileges and the file system (early_linux.c). Once V8
// runs and nothing has to be opened any more, Seal takes the rest.
package confine

// WorkerEnv is the environment variable that makes a process a worker. Its
// value is of no meaning.
const WorkerEnv = "SEALEDROOM_WORKER"

// Seal gives up everything that running a guest does not need. It names the
// walls that stand, and those that this system does not have, each with why.
// There is no way back.
func Seal() (walls, lacking []string) { return seal() }

// Shed unmaps those pages of the program that starting it touched: they are
// most of a worker's size. Call it before the last rehearsal, which brings back
// what a guest needs.
func Shed() { shed() }

// Attempt is one thing that native code in a worker would try.
type Attempt struct {
	Name   string
	Held   bool
	Detail string // the system's answer
}

// Probe tries each wall from inside, for real: it opens, connects, starts and
// signals with raw system calls. Call it only in a sealed worker.
func Probe() []Attempt { return probe() }
