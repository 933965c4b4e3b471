package host

import (
	"errors"
	"time"
	"unsafe"

	"github.com/ebitengine/purego"
	gops "github.com/shirou/gopsutil/v4/process"

	"sealedroom/engine/wire"
)

// meter reads a worker from outside.
type meter struct {
	pid int
	of  *gops.Process // for its time
}

// resourceUsage is struct rusage_info_v0 of <sys/resource.h>.
type resourceUsage struct {
	uuid                     [16]byte
	user, system             uint64
	idleWakeups, wakeups     uint64
	pageIns, wired, resident uint64
	footprint                uint64 // what Activity Monitor calls memory
	started, exited          uint64
}

var resourceUsageOf func(pid, version int32, usage unsafe.Pointer) int32

func init() {
	system, err := purego.Dlopen("/usr/lib/libSystem.B.dylib", purego.RTLD_LAZY|purego.RTLD_GLOBAL)
	if err == nil {
		purego.RegisterLibFunc(&resourceUsageOf, system, "proc_pid_rusage")
	}
}

func newMeter(pid int) *meter {
	p, _ := gops.NewProcess(int32(pid))
	return &meter{pid: pid, of: p}
}

func (m *meter) watchThread(int) {}

// Memory reads the worker's memory; false when it cannot be read.
func (m *meter) Memory() (Footprint, bool) {
	usage := new(resourceUsage)
	if resourceUsageOf == nil || resourceUsageOf(int32(m.pid), 0, unsafe.Pointer(usage)) != 0 {
		return Footprint{}, false
	}
	private := int64(usage.footprint)
	return Footprint{int64(usage.resident), private, private}, true
}

// Processor reads what the whole worker used: its other threads rest while a guest
// runs, but for V8's own helpers. How long it waited for a core, macOS does not say.
func (m *meter) Processor() Processor {
	if m.of == nil {
		return Processor{}
	}
	times, err := m.of.Times()
	if err != nil {
		return Processor{}
	}
	return Processor{Used: time.Duration((times.User + times.System) * float64(time.Second)), Known: true}
}

// Runnable reports false: macOS does not say.
func (m *meter) Runnable() bool { return false }

func (m *meter) limitMemory(int64, []wire.Wall) error {
	return errors.New("this system has no memory limit for a running process: the host watches it alone")
}

func (m *meter) close() {}

// ThreadCount counts nothing on this system.
func (m *meter) ThreadCount() (int, bool) { return 0, false }
