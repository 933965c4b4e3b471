package engine

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// executable is this very program, also after its file was replaced.
func executable() string { return "/proc/self/exe" }

// workerAttributes: the worker dies with the host, and a Ctrl+C meant for the
// host does not reach it.
func workerAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}

// The kernel sends the death signal when the *thread* that started the worker
// ends, so one thread starts them all and lasts as long as the program.
var spawnThread = sync.OnceValue(newSpawnThread)

func newSpawnThread() chan func() {
	work := make(chan func())
	go func() {
		runtime.LockOSThread()
		for f := range work {
			f()
		}
	}()
	return work
}

func onSpawnThread(start func() error) error {
	done := make(chan error)
	spawnThread() <- func() { done <- start() }
	return <-done
}

// soon waits a moment for the worker to say something. Meanwhile the thread
// sleeps in the kernel and is woken by that itself, not by way of another.
func (p *process) soon(within time.Duration) (yes bool) {
	raw, err := p.fromWorker.SyscallConn()
	if err != nil || within <= 0 {
		return false
	}
	_ = raw.Control(func(fd uintptr) {
		timeout := unix.NsecToTimespec(int64(within))
		yes = readable(fd, &timeout)
	})
	return yes
}

// Read reads from the worker. A listener sleeps in the kernel until there is
// something: Go would wake it by way of another thread.
func (s *source) Read(b []byte) (int, error) {
	if s.listening {
		if raw, err := s.file.SyscallConn(); err == nil {
			_ = raw.Control(func(fd uintptr) { readable(fd, nil) })
		}
	}
	return s.file.Read(b)
}

// readable waits until there is something to read, or an end.
func readable(fd uintptr, within *unix.Timespec) bool {
	n, err := unix.Ppoll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, within, nil)
	return err == nil && n > 0
}

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

// memory reads the worker's memory; false when it cannot be read.
func (m *meter) memory() (footprint, bool) {
	var fields [7]int64
	if m.statm == nil || readNumbers(m.statm, fields[:]) < 6 {
		return footprint{}, false
	}
	resident, shared, data := fields[1], fields[2], fields[5]
	return footprint{resident * m.page, (resident - shared) * m.page, data * m.page}, true
}

// processor reads what the isolate's thread had of the processor, and how long
// it was ready to run while no core was free.
func (m *meter) processor() processor {
	var fields [2]int64
	if m.cpu == nil || readNumbers(m.cpu, fields[:]) < 2 {
		return processor{}
	}
	return processor{Used: time.Duration(fields[0]), NoCore: time.Duration(fields[1]), known: true, noCoreKnown: true}
}

// threads counts the worker's: the folder has a link for each, and two of its
// own. Nothing is read for it.
func (m *meter) threads() (int, bool) {
	var stat unix.Stat_t
	if m.tasks == nil || unix.Fstat(int(m.tasks.Fd()), &stat) != nil {
		return 0, false
	}
	return int(stat.Nlink) - 2, stat.Nlink > 2
}

// freeze stops the whole worker until resume; it can be killed meanwhile.
func (p *process) freeze() { _ = p.cmd.Process.Signal(unix.SIGSTOP) }

func (p *process) resume() { _ = p.cmd.Process.Signal(unix.SIGCONT) }

// leaveOpen leaves a descriptor open for whatever program is started next, as
// a shell or a service manager may have. It holds a few bytes of no meaning.
func leaveOpen() (descriptor int, close func(), err error) {
	read, write, err := os.Pipe()
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = write.Close() }()
	defer func() { _ = read.Close() }()
	if _, err := write.WriteString("left open"); err != nil {
		return 0, nil, err
	}
	descriptor, err = unix.FcntlInt(read.Fd(), unix.F_DUPFD, 100)
	if err != nil {
		return 0, nil, err
	}
	return descriptor, func() { _ = unix.Close(descriptor) }, nil
}

// runnable says whether the isolate's thread runs, or would if a core were free.
func (m *meter) runnable() bool {
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
func (m *meter) limitMemory(growth int64) error {
	now, ok := m.memory()
	if !ok {
		return fmt.Errorf("worker %d: its memory cannot be read", m.pid)
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
