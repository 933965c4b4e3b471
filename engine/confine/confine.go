// Package confine is what each operating system takes away from a worker, so
// that a guest that breaks out of V8 is in an empty process.
//
// It goes in two steps. Before Go's runtime starts, a process that is to be a
// worker gives up what belongs to a thread: inherited descriptors, privileges,
// the file system (early_linux.c). Once V8 runs and nothing has to be opened
// any more, Seal takes the rest (seal_linux.go, filter_linux.go). Probe plays
// native code that tries the walls (probe_linux.go). On Windows the host starts a
// worker behind its walls (job_windows.go), and Seal tries them; on macOS Seal
// enters the system's sandbox (seal_darwin.go).
package confine

import (
	"os"
	"strings"
)

// WorkerEnv is the environment variable that makes a process a worker. Its
// value is "1", or names the walls that a demonstration leaves out, or is
// advice.GrammarWorker for a process that only parses.
const WorkerEnv = "SEALEDROOM_WORKER"

// Names of the walls, as reports and switches use them.
const (
	NoNewPrivs   = "no-new-privs"
	Descriptors  = "descriptors"
	Capabilities = "capabilities"
	Landlock     = "landlock"
	Seccomp      = "seccomp"
	Rlimit       = "rlimit"

	// Windows.
	AppContainer = "app-container"
	LowIntegrity = "low-integrity"
	Privileges   = "privileges"
	JobObject    = "job"

	// macOS.
	Seatbelt = "seatbelt"

	// MemoryLimit and ThreadCount are held from outside, by the host.
	MemoryLimit = "memory-limit"
	ThreadCount = "thread-count"
)

// Removable lists the walls that a demonstration may leave out, one at a time
// or several.
var Removable = []string{Descriptors, Capabilities, Landlock, Seccomp, Rlimit}

// EnvWithout is the value of WorkerEnv for a worker without these walls.
func EnvWithout(walls []string) string { return strings.Join(append([]string{"1"}, walls...), ",") }

// Wall is one thing that the operating system holds a worker with.
type Wall struct {
	Name     string // one of the names above
	Strength string // what it takes away on this kernel, and what it cannot
}

// Seal gives up everything that running a guest does not need. It returns the
// walls that stand, each named only after an attempt of its own was refused,
// and those that this system lacks or WorkerEnv leaves out, each with why.
// There is no way back.
func Seal() (walls []Wall, lacking []string) {
	return seal(strings.Split(os.Getenv(WorkerEnv), ",")[1:])
}

// TrimPages unmaps the program's own pages that starting it touched: they are most
// of a worker's size. Call it before the worker warms up, which brings back those
// that a guest needs.
func TrimPages() { trimPages() }

// Attempt is one thing that native code in a worker would try.
type Attempt struct {
	Name   string
	Held   bool
	Detail string // the system's answer

	// By names the walls that each refuse it where they stand. Where this system
	// has none of them, it cannot hold.
	By []string
}

// Target is what Probe needs to know of the world outside.
type Target struct {
	Inherited int // a descriptor that the host left open for the worker; 0: none
}

// Probe tries each wall from inside, for real: it opens, connects, starts and
// signals with raw system calls. Call it only in a sealed worker.
func Probe(target Target) []Attempt { return probe(target) }

// MakeThreads starts up to n threads that sleep, as native code would to use up
// the machine, and returns how many it got.
func MakeThreads(n int) int { return makeThreads(n) }
