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

// behave gives all the threads of a worker their manners, and those to come
// take them over; who answers its calls is as good as ordinary. There is no way
// back. On a single core none is humble: a window that is drawn without a
// graphics card leaves nothing over there.
func (p *process) behave(m manners) {
	priority := unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_NORMAL, Nice: 5}
	if thread := int(p.listener.Load()); thread > 0 {
		_ = unix.SchedSetAttr(thread, &priority, 0) // without, frames come late, and that is all
	}
	priority.Nice = 19
	if runtime.NumCPU() == 1 {
		priority.Nice = 10
	} else if m == humble {
		priority.Policy = unix.SCHED_IDLE
	}
	threads, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", p.pid()))
	for _, thread := range threads {
		if id, err := strconv.Atoi(thread.Name()); err == nil {
			_ = unix.SchedSetAttr(id, &priority, 0)
		}
	}
}
