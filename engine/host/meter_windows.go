package host

import (
	"errors"
	"slices"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"sealedroom/engine/confine"
	"sealedroom/engine/wire"
)

var (
	kernel32      = windows.NewLazySystemDLL("kernel32.dll")
	ntdll         = windows.NewLazySystemDLL("ntdll.dll")
	processMemory = kernel32.NewProc("K32GetProcessMemoryInfo")
)

// meter reads a worker from outside, by a handle kept open.
type meter struct {
	worker windows.Handle // 0 if it could not be opened
	job    *confine.Job
}

func newMeter(pid int, job *confine.Job) *meter {
	worker, err := windows.OpenProcess(windows.PROCESS_QUERY_INFORMATION|windows.PROCESS_VM_READ|windows.PROCESS_SUSPEND_RESUME, false, uint32(pid))
	if err != nil {
		worker = 0
	}
	return &meter{worker: worker, job: job}
}

func (m *meter) watchThread(int) {}

// memoryCounters is PROCESS_MEMORY_COUNTERS_EX.
type memoryCounters struct {
	size, faults                             uint32
	peak, resident                           uintptr
	peakPaged, paged, peakNonPaged, nonPaged uintptr
	pagefile, peakPagefile, private          uintptr
}

// Memory reads the worker's memory; false when it cannot be read.
func (m *meter) Memory() (Footprint, bool) {
	var now memoryCounters
	now.size = uint32(unsafe.Sizeof(now))
	if m.worker == 0 {
		return Footprint{}, false
	}
	if ok, _, _ := processMemory.Call(uintptr(m.worker), uintptr(unsafe.Pointer(&now)), uintptr(now.size)); ok == 0 {
		return Footprint{}, false
	}
	private := int64(now.private)
	if private == 0 { // Wine does not say
		private = int64(now.resident)
	}
	return Footprint{int64(now.resident), private, private}, true
}

// Processor reads what the whole worker used, in steps of some 16 ms: its other
// threads rest while a guest runs, but for V8's own helpers. How long it waited for a
// core, Windows does not say.
func (m *meter) Processor() Processor {
	var created, exited, kernel, user windows.Filetime
	if m.worker == 0 || windows.GetProcessTimes(m.worker, &created, &exited, &kernel, &user) != nil {
		return Processor{}
	}
	return Processor{Used: elapsed(kernel) + elapsed(user), Known: true}
}

// elapsed reads a time that counts 100 ns from zero.
func elapsed(t windows.Filetime) time.Duration {
	return time.Duration(uint64(t.HighDateTime)<<32|uint64(t.LowDateTime)) * 100
}

// Runnable reports false: Windows does not say.
func (m *meter) Runnable() bool { return false }

// limitMemory has the job refuse the worker more private memory than it has now and
// this many bytes. It counts only where the worker found its job to hold.
func (m *meter) limitMemory(growth int64, walls []wire.Wall) error {
	now, ok := m.Memory()
	if !ok {
		return errors.New("the worker's memory cannot be read")
	}
	if !slices.ContainsFunc(walls, func(w wire.Wall) bool { return w.Name == confine.JobObject }) {
		return errors.New("its job does not hold it: the host watches it alone")
	}
	return m.job.LimitMemory(now.data + growth)
}

func (m *meter) close() {
	if m.worker != 0 {
		_ = windows.CloseHandle(m.worker)
		m.worker = 0
	}
	m.job.Close()
}

// ThreadCount counts nothing on this system.
func (m *meter) ThreadCount() (int, bool) { return 0, false }
