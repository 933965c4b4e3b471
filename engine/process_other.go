//go:build !linux

package engine

import (
	"errors"
	"os"
	"syscall"
	"time"

	gops "github.com/shirou/gopsutil/v4/process"
)

func executable() string {
	path, err := os.Executable()
	if err != nil {
		return os.Args[0]
	}
	return path
}

func workerAttributes() *syscall.SysProcAttr { return nil }

func onSpawnThread(start func() error) error { return start() }

// soon says no: on other systems a listener hears everything.
func (p *process) soon(time.Duration) bool { return false }

// Read reads from the worker.
func (s *source) Read(b []byte) (int, error) { return s.file.Read(b) }

// meter reads a worker from outside.
type meter struct{ of *gops.Process }

func newMeter(pid int) *meter {
	p, _ := gops.NewProcess(int32(pid))
	return &meter{of: p}
}

func (m *meter) watchThread(int) {}

func (m *meter) memory() (footprint, bool) {
	if m.of == nil {
		return footprint{}, false
	}
	info, err := m.of.MemoryInfo()
	if err != nil {
		return footprint{}, false
	}
	size := int64(info.RSS)
	return footprint{size, size, size}, true
}

// processor reads what the whole worker used: its other threads rest while a
// guest runs, but for V8's own helpers. How long it waited for a core, these
// systems do not say.
func (m *meter) processor() processor {
	if m.of == nil {
		return processor{}
	}
	times, err := m.of.Times()
	if err != nil {
		return processor{}
	}
	return processor{Used: time.Duration((times.User + times.System) * float64(time.Second)), known: true}
}

func (m *meter) runnable() bool { return false }

func (m *meter) limitMemory(int64) error {
	return errors.New("this system has no memory limit for a running process: the host watches it alone")
}

func (m *meter) close() {}

// Not there: a worker that was taken over computes while a person decides.
func (p *process) freeze() {}

func (p *process) resume() {}

func (m *meter) threads() (int, bool) { return 0, false }

func leaveOpen() (descriptor int, close func(), err error) { return 0, func() {}, nil }
