package engine

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

// keepTogether keeps threads on the core that the calling one is on: it has
// just been woken, on one that had nothing to do.
func keepTogether(threads []int) {
	var core uint32
	if _, _, err := unix.RawSyscall(unix.SYS_GETCPU, uintptr(unsafe.Pointer(&core)), 0, 0); err != 0 {
		return
	}
	var set unix.CPUSet
	set.Set(int(core))
	keepOn(threads, set)
}

// letGo lets threads go where the kernel likes.
func letGo(threads []int) { keepOn(threads, allCores()) }

func keepOn(threads []int, set unix.CPUSet) {
	for _, thread := range threads {
		if thread > 0 {
			_ = unix.SchedSetaffinity(thread, &set) // without, calls take longer, and that is all
		}
	}
}

// thisThread is the calling goroutine's, which stays on it.
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

// schedule gives all the threads of a worker a class, which those that they
// start take over. It is called on the run's goroutine. On a single core none is
// idle: a window that is drawn without a graphics card leaves nothing over there.
func (p *process) schedule(class schedClass) {
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
	threads, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", p.pid()))
	for _, thread := range threads {
		if id, err := strconv.Atoi(thread.Name()); err == nil {
			_ = unix.SchedSetAttr(id, &attributes, 0) // without, frames come late, and that is all
		}
	}
}
