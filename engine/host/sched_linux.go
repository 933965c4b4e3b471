package host

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// allCores are those that this program may use.
var allCores = sync.OnceValue(func() (set unix.CPUSet) {
	_ = unix.SchedGetaffinity(0, &set)
	return set
})

// thisCore is the core that the calling thread is on: it has just been woken, on
// one that had nothing to do.
func thisCore() (int, bool) {
	var core uint32
	_, _, err := unix.RawSyscall(unix.SYS_GETCPU, uintptr(unsafe.Pointer(&core)), 0, 0)
	return int(core), err == 0
}

// keepOn keeps threads on a core.
func keepOn(threads []int, core int) {
	var set unix.CPUSet
	set.Set(core)
	setAffinity(threads, set)
}

// freeCores lets threads run on any core again, after keepOn.
func freeCores(threads []int) { setAffinity(threads, allCores()) }

func setAffinity(threads []int, set unix.CPUSet) {
	for _, thread := range threads {
		if thread > 0 {
			_ = unix.SchedSetaffinity(thread, &set) // without it, calls only take longer
		}
	}
}

// thisThread ties the calling goroutine to its thread and returns that.
func thisThread() int {
	runtime.LockOSThread()
	return unix.Gettid()
}

// startSoon has the kernel wake a thread soon, by a short slice of the
// processor: it needs no privilege, and gives it no more of a core than others
// get. Kernels before 6.12 take no notice.
func startSoon(thread int) {
	_ = unix.SchedSetAttr(thread, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_NORMAL, Runtime: uint64(100 * time.Microsecond)}, 0)
}

// schedule gives all threads of a worker a class, which threads that they start
// inherit. It is called on the run's goroutine. On a single core none is
// idle: a window that is drawn without a graphics card leaves nothing over there.
func (p *Process) schedule(class schedClass) {
	if p.class == class || p.class > class && class != normal {
		return
	}
	p.class = class
	attributes := unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_NORMAL}
	switch {
	case class == normal:
	case runtime.NumCPU() == 1:
		attributes.Nice = 10
	case class == idle:
		attributes.Policy = unix.SCHED_IDLE
	default:
		attributes.Nice = 19
	}
	threads, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", p.PID()))
	for _, thread := range threads {
		if id, err := strconv.Atoi(thread.Name()); err == nil {
			_ = unix.SchedSetAttr(id, &attributes, 0) // without it, frames only come late
		}
	}
}
