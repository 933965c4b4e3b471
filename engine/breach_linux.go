package engine

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"sealedroom/engine/bridge"
	"sealedroom/engine/confine"
	"sealedroom/engine/host"
)

// behindWalls is what stands behind the walls of one run with native hands. All
// of it is made for the run and removed after it.
type behindWalls struct {
	planted  confine.Planted
	folder   *bridge.Folder
	listener [2]net.Listener // of the port and of the socket
	sleeper  *exec.Cmd
	wake     io.Closer // that ends the sleeper by itself

	inMemory, inFile, inDescriptor string // texts that no guest can guess

	mutex  sync.Mutex
	fallen []Fallen
	seen   map[string]bool // kinds of fall
	over   bool
	killed bool // a signal reached the sleeper
	died   chan struct{}
	all    sync.WaitGroup
}

// plantedEnv is a variable of the sleeper: a text in its memory.
const plantedEnv = "SEALEDROOM_PLANTED"

// plant makes what stands behind the walls.
func plant(s host.Starter) (b *behindWalls, err error) {
	b = &behindWalls{seen: map[string]bool{}, died: make(chan struct{})}
	b.inFile, b.inDescriptor, b.inMemory = "planted file "+rand.Text(), "left open "+rand.Text(), "planted memory "+rand.Text()
	defer func() {
		if err != nil {
			b.started()
			b.remove()
			b = nil
		}
	}()
	if b.folder, err = bridge.NewFolder("walls"); err != nil {
		return b, err
	}
	for _, make := range []func() error{b.plantFiles, b.plantDescriptor, b.plantListeners, func() error { return b.plantProcess(s) }} {
		if err := make(); err != nil {
			return b, err
		}
	}
	return b, nil
}

func (b *behindWalls) plantFiles() error {
	b.planted.File = filepath.Join(b.folder.Path, "planted.txt")
	b.planted.Program = filepath.Join(b.folder.Path, "planted-program")
	err := os.WriteFile(b.planted.File, []byte(b.inFile), 0o600)
	if program := smallProgram(b.mark()); err == nil && program != nil {
		err = os.WriteFile(b.planted.Program, program, 0o700)
	}
	return err
}

// mark is a folder that the planted program makes when it runs.
func (b *behindWalls) mark() string { return filepath.Join(b.folder.Path, "the-program-ran") }

// plantDescriptor leaves a file open for the worker, as a shell or a service
// manager may have done.
func (b *behindWalls) plantDescriptor() error {
	path := filepath.Join(b.folder.Path, "left-open")
	if err := os.WriteFile(path, []byte(b.inDescriptor), 0o600); err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	b.planted.Descriptor, err = unix.FcntlInt(file.Fd(), unix.F_DUPFD, firstPlanted) // without close-on-exec
	return errors.Join(err, os.Remove(path))
}

// firstPlanted is above the descriptors that a host has.
const firstPlanted = 200

// started closes what only had to be open while the worker was started.
func (b *behindWalls) started() {
	if b.planted.Descriptor > 0 {
		_ = unix.Close(b.planted.Descriptor)
	}
}

func (b *behindWalls) plantListeners() error {
	b.planted.Socket = filepath.Join(b.folder.Path, "s")
	for i, at := range []struct{ network, address, target, what string }{
		{"tcp4", "127.0.0.1:0", "port", "A connection came to the planted port."},
		{"unix", b.planted.Socket, "socket", "A connection came to the planted socket."},
	} {
		listener, err := net.Listen(at.network, at.address)
		if err != nil {
			return err
		}
		b.listener[i] = listener
		b.all.Go(func() {
			for {
				connection, err := listener.Accept()
				if err != nil {
					return
				}
				b.fell(at.target, at.what)
				_ = connection.SetDeadline(time.Now().Add(time.Second))
				_, _ = io.WriteString(connection, "planted "+at.target)
				_ = connection.Close()
			}
		})
	}
	b.planted.Port = b.listener[0].Addr().(*net.TCPAddr).Port
	return nil
}

// plantProcess starts a process that sleeps, with as few rights as a worker.
func (b *behindWalls) plantProcess(s host.Starter) error {
	cmd := s.Command()
	cmd.Env = []string{confine.WorkerEnv + "=" + confine.Sleeper, plantedEnv + "=" + b.inMemory}
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := host.StartHelper(cmd); err != nil {
		return err
	}
	b.sleeper, b.wake, b.planted.PID = cmd, in, cmd.Process.Pid
	tooLong := time.AfterFunc(s.ReadyWithin, func() { _ = cmd.Process.Kill() })
	defer tooLong.Stop()
	_, ready := io.ReadFull(out, make([]byte, len("ready\n")))
	b.all.Go(func() {
		_ = cmd.Wait()
		b.fell("pid", fmt.Sprintf("The planted process died: %s.", cmd.ProcessState))
		close(b.died)
	})
	if ready != nil {
		return fmt.Errorf("start the process that sleeps: %w", ready)
	}
	b.planted.Address, err = addressOf(b.planted.PID, b.inMemory)
	scope, _ := os.ReadFile("/proc/sys/kernel/yama/ptrace_scope")
	b.planted.Traceable = len(scope) == 0 || scope[0] == '0' || scope[0] == '1' // with 1, the sleeper allows it
	return err
}

// addressOf is where in a process's memory a text of its environment stands.
func addressOf(pid int, text string) (uint64, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	environment, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	if err != nil {
		return 0, err
	}
	const envStart = 50 - 3 // fields after the name's
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	at := bytes.Index(environment, []byte(text))
	if len(fields) <= envStart || at < 0 {
		return 0, fmt.Errorf("process %d: its environment cannot be found", pid)
	}
	start, err := strconv.ParseUint(fields[envStart], 10, 64)
	return start + uint64(at), err
}

// remove ends and deletes all that was planted.
func (b *behindWalls) remove() {
	b.mutex.Lock()
	b.over = true
	b.mutex.Unlock()
	for _, listener := range b.listener {
		if listener != nil {
			_ = listener.Close()
		}
	}
	if b.sleeper != nil {
		_ = b.wake.Close()
		_ = b.sleeper.Process.Kill()
	}
	b.all.Wait()
	if b.folder != nil {
		_ = b.folder.Remove()
	}
}

// fell notes a fall, once of its kind.
func (b *behindWalls) fell(target, what string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if !b.over && !b.seen[what] {
		b.seen[what] = true
		b.fallen = append(b.fallen, Fallen{Target: target, What: what})
	}
}

// worked looks for the planted texts in what a hand got.
func (b *behindWalls) worked(hand, text string) {
	b.killed = b.killed || hand == "kill"
	for _, planted := range []struct{ text, target, what string }{
		{b.inFile, "file", "The planted file was read."},
		{b.inDescriptor, "descriptor", "What was left open was read."},
		{b.inMemory, "pid", "The planted process's memory was read."},
	} {
		if strings.Contains(text, planted.text) {
			b.fell(planted.target, planted.what)
		}
	}
}

// settle waits a moment for the death of a process that was sent a signal.
func (b *behindWalls) settle() {
	if !b.killed {
		return
	}
	select {
	case <-b.died:
	case <-time.After(300 * time.Millisecond):
	}
}

// news returns what fell since the last time.
func (b *behindWalls) news() []Fallen {
	switch info, err := os.Lstat(b.planted.File); {
	case errors.Is(err, os.ErrNotExist):
		b.fell("file", "The planted file was deleted.")
	case err == nil && info.Size() == 0:
		b.fell("file", "The planted file was emptied.")
	}
	if _, err := os.Lstat(b.mark()); err == nil {
		b.fell("program", "The planted program ran.")
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	fallen := b.fallen
	b.fallen = nil
	return fallen
}

// explained adds to the system's answer to a hand what only the host knows: that
// nothing can be started where the planted program is, walls or not.
func (b *behindWalls) explained(hand, answer string) string {
	if hand == "exec" && answer == "EACCES" && b.noExec() {
		return "EACCES: the folder for temporary files is mounted noexec; set TMPDIR to another"
	}
	return answer
}

// noExec reports whether the planted program is on a file system that starts none.
func (b *behindWalls) noExec() bool {
	var info unix.Statfs_t
	return unix.Statfs(b.planted.Program, &info) == nil && info.Flags&unix.MS_NOEXEC != 0
}

// inWords names what was planted for people.
func (b *behindWalls) inWords(target string) string {
	p := b.planted
	for is, words := range map[string]string{
		p.File: "the planted file", p.Program: "the planted program", p.Socket: "the planted socket",
		fmt.Sprintf("127.0.0.1 port %d", p.Port):   "the planted port",
		fmt.Sprintf("process %d", p.PID):           "the planted process",
		fmt.Sprintf("descriptor %d", p.Descriptor): "what was left open",
	} {
		if target == is {
			return words
		}
	}
	return target
}

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
