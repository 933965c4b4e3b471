package engine

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
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

// behave gives a thread manners, 0 the calling one: what it starts takes them
// over, and there is no way back. On a single core none is humble: a window that
// is drawn without a graphics card leaves nothing over there.
func behave(thread int, m manners) {
	priority := unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_NORMAL, Nice: 19}
	switch {
	case runtime.NumCPU() == 1:
		priority.Nice = 10
	case m == humble:
		priority.Policy = unix.SCHED_IDLE
	}
	_ = unix.SchedSetAttr(thread, &priority, 0) // without, frames come late, and that is all
}

// humble gives all the threads of a worker these manners.
func (p *process) humble() {
	threads, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", p.pid()))
	for _, thread := range threads {
		if id, err := strconv.Atoi(thread.Name()); err == nil {
			behave(id, humble)
		}
	}
}
