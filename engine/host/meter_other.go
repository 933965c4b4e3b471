//go:build !linux

package host

import (
	"errors"
	"time"

	gops "github.com/shirou/gopsutil/v4/process"
)

// meter reads a worker from outside.
type meter struct{ of *gops.Process }

func newMeter(pid int) *meter {
	p, _ := gops.NewProcess(int32(pid))
	return &meter{of: p}
}

func (m *meter) watchThread(int) {}

// Memory reads the worker's memory; false when it cannot be read.
func (m *meter) Memory() (Footprint, bool) {
	if m.of == nil {
		return Footprint{}, false
	}
	info, err := m.of.MemoryInfo()
	if err != nil {
		return Footprint{}, false
	}
	size := int64(info.RSS)
	return Footprint{size, size, size}, true
}

// Processor reads what the whole worker used: its other threads rest while a
// guest runs, but for V8's own helpers. How long it waited for a core, these
// systems do not say.
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

// Runnable reports false: these systems do not say.
func (m *meter) Runnable() bool { return false }

func (m *meter) limitMemory(int64) error {
	return errors.New("this system has no memory limit for a running process: the host watches it alone")
}

func (m *meter) close() {}

// ThreadCount counts nothing on these systems.
func (m *meter) ThreadCount() (int, bool) { return 0, false }
