package host

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"sealedroom/engine/wire"
)

// meter reads a worker from outside: its memory and its CPU time, from
// descriptors kept open, in a few microseconds.
type meter struct {
	pid        int
	statm, cpu *os.File
	state      *os.File // of the isolate's thread
	tasks      *os.File // the folder of its threads
	page       int64
}

func newMeter(pid int) *meter {
	m := &meter{pid: pid, page: int64(os.Getpagesize())}
	m.statm, _ = os.Open(fmt.Sprintf("/proc/%d/statm", pid))
	m.tasks, _ = os.Open(fmt.Sprintf("/proc/%d/task", pid))
	return m
}

func (m *meter) watchThread(thread int) {
	m.cpu, _ = os.Open(fmt.Sprintf("/proc/%d/task/%d/schedstat", m.pid, thread))
	m.state, _ = os.Open(fmt.Sprintf("/proc/%d/task/%d/stat", m.pid, thread))
}

// Memory reads the worker's memory; false when it cannot be read.
func (m *meter) Memory() (Footprint, bool) {
	var fields [7]int64
	if m.statm == nil || readNumbers(m.statm, fields[:]) < 6 {
		return Footprint{}, false
	}
	resident, shared, data := fields[1], fields[2], fields[5]
	return Footprint{resident * m.page, (resident - shared) * m.page, data * m.page}, true
}

// Processor reads what the isolate's thread had of the processor, and how long
// it was ready to run while no core was free. A kernel without schedstat says the
// first alone, in ticks.
func (m *meter) Processor() Processor {
	var fields [2]int64
	if m.cpu == nil || readNumbers(m.cpu, fields[:]) < 2 {
		used, ok := m.ticks()
		return Processor{Used: used, Known: ok}
	}
	return Processor{Used: time.Duration(fields[0]), NoCore: time.Duration(fields[1]), Known: true, NoCoreKnown: true}
}

// ticksASecond is what the kernel counts processor time in for its users, on every
// platform that Go runs on.
const ticksASecond = 100

// ticks reads the thread's processor time from its stat: fields 14 and 15 of proc(5).
func (m *meter) ticks() (time.Duration, bool) {
	if m.state == nil {
		return 0, false
	}
	var buffer [512]byte
	n, _ := m.state.ReadAt(buffer[:], 0)
	end := bytes.LastIndexByte(buffer[:n], ')') // of the thread's name
	fields := bytes.Fields(buffer[max(0, end+1):n])
	if end < 0 || len(fields) < 13 {
		return 0, false
	}
	var sum int64
	for _, field := range fields[11:13] { // the first is field 3
		ticks, err := strconv.ParseInt(string(field), 10, 64)
		if err != nil {
			return 0, false
		}
		sum += ticks
	}
	return time.Duration(sum) * time.Second / ticksASecond, true
}

// ThreadCount counts the worker's: the folder has a link for each, and two of its
// own. Nothing is read for it.
func (m *meter) ThreadCount() (int, bool) {
	var stat unix.Stat_t
	if m.tasks == nil || unix.Fstat(int(m.tasks.Fd()), &stat) != nil {
		return 0, false
	}
	return int(stat.Nlink) - 2, stat.Nlink > 2
}

// Runnable reports whether the isolate's thread runs, or would if a core were free.
func (m *meter) Runnable() bool {
	if m.state == nil {
		return false
	}
	var buffer [128]byte
	n, _ := m.state.ReadAt(buffer[:], 0)
	end := bytes.LastIndexByte(buffer[:n], ')') // of the thread's name
	return end >= 0 && bytes.HasPrefix(buffer[end:n], []byte(") R"))
}

// limitMemory lets the worker's private memory grow by this many bytes and no
// more: buffers then fail in the guest, and what cannot fail ends the worker.
func (m *meter) limitMemory(growth int64, _ []wire.Wall) error {
	now, ok := m.Memory()
	if !ok {
		return fmt.Errorf("worker %d: cannot read its memory", m.pid)
	}
	limit := uint64(now.data + growth)
	return unix.Prlimit(m.pid, unix.RLIMIT_DATA, &unix.Rlimit{Cur: limit, Max: limit}, nil)
}

func (m *meter) close() {
	for _, f := range []*os.File{m.statm, m.cpu, m.state, m.tasks} {
		if f != nil {
			_ = f.Close()
		}
	}
}

// readNumbers reads a line of numbers from the start of a /proc file and
// returns how many there were.
func readNumbers(f *os.File, out []int64) int {
	var buffer [256]byte
	n, _ := f.ReadAt(buffer[:], 0)
	count := 0
	for _, field := range bytes.Fields(buffer[:n]) {
		value, err := strconv.ParseInt(string(field), 10, 64)
		if err != nil || count == len(out) {
			break
		}
		out[count] = value
		count++
	}
	return count
}
