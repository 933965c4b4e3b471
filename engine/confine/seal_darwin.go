package confine

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"unsafe"

	"github.com/ebitengine/purego"
	"golang.org/x/sys/unix"
)

// profile is what macOS's sandbox allows a worker: all that needs no permission, such
// as memory, threads, clocks and open descriptors, and what V8 and Go ask the kernel
// about the machine and themselves.
const profile = `(version 1)
(deny default)
(allow sysctl-read)
(allow process-info* (target self))
(allow signal (target self))
`

// seal names a wall only after it has refused something.
func seal(without []string) (walls []Wall, lacking []string) {
	note := func(name, strength string, err error) {
		switch {
		case slices.Contains(without, name):
			lacking = append(lacking, name+": left out for this run")
		case err != nil:
			lacking = append(lacking, name+": "+err.Error())
		default:
			walls = append(walls, Wall{name, strength})
		}
	}
	// First the sandbox: starting a program takes a pipe, which no descriptor would be
	// left for.
	var sandbox, limits error
	if !slices.Contains(without, Seatbelt) {
		if sandbox = enterSandbox(); sandbox == nil {
			sandbox = proveSandbox()
		}
	}
	if !slices.Contains(without, Rlimit) {
		limits = setLimits()
	}
	note(Seatbelt, "no files, no network, no programs, no signals to others, no system services", sandbox)
	note(Rlimit, "no new descriptors, no core dumps, and no files that grow", limits)
	return walls, append(lacking, ThreadCount+": threads are not counted on macOS")
}

// enterSandbox confines this process for good.
func enterSandbox() error {
	system, err := purego.Dlopen("/usr/lib/libSystem.B.dylib", purego.RTLD_LAZY|purego.RTLD_GLOBAL)
	if err != nil {
		return err
	}
	// int sandbox_init(const char *profile, uint64_t flags, char **error), which
	// Apple deprecates and offers no successor for that works without an Xcode project.
	enter, err := purego.Dlsym(system, "sandbox_init")
	if err != nil {
		return err
	}
	text, err := unix.BytePtrFromString(profile)
	if err != nil {
		return err
	}
	var sandboxInit func(profile *byte, flags uint64, message unsafe.Pointer) int32
	purego.RegisterFunc(&sandboxInit, enter)
	message := new(*byte)
	if sandboxInit(text, 0, unsafe.Pointer(message)) == 0 {
		return nil
	}
	if *message == nil {
		return errors.New("macOS refused its profile")
	}
	return fmt.Errorf("macOS refused its profile: %.200q", unix.BytePtrToString(*message))
}

// setLimits takes the right to grow from this process, and tries one of its limits.
func setLimits() error {
	for _, limit := range []int{unix.RLIMIT_NOFILE, unix.RLIMIT_CORE, unix.RLIMIT_FSIZE} {
		if err := unix.Setrlimit(limit, &unix.Rlimit{}); err != nil {
			return err
		}
	}
	return proves("copy a descriptor", copyDescriptor())
}

// proves says why an attempt proves no wall; nil if it was refused.
func proves(attempt string, err error) error {
	switch {
	case err == nil:
		return fmt.Errorf("macOS let a worker %s", attempt)
	case !refused(err):
		return fmt.Errorf("a worker's attempt to %s proves nothing: %w", attempt, err)
	}
	return nil
}

// refusals are what a wall answers.
var refusals = []error{unix.EPERM, unix.EACCES, unix.EMFILE}

func tries() []try {
	both, sandbox := []string{Seatbelt, Rlimit}, []string{Seatbelt}
	return []try{
		{"open a file", func() error { return openAndClose("/etc/passwd", unix.O_RDONLY) }, both},
		{"write a file", func() error { return openAndClose("/dev/null", unix.O_WRONLY) }, both},
		{"look at a file's size and owner", func() error { return unix.Stat("/etc/passwd", new(unix.Stat_t)) }, sandbox},
		{"make a folder", makeFolder, sandbox},
		{"send a packet", sendPacket, both},
		{"send a signal to the host", func() error { return unix.Kill(os.Getppid(), 0) }, sandbox},
		{"start a program", startProgram, both},
		{"copy a descriptor", copyDescriptor, []string{Rlimit}},
	}
}

func refused(err error) bool {
	return slices.ContainsFunc(refusals, func(r error) bool { return errors.Is(err, r) })
}

// proveSandbox tries all that the sandbox refuses, before anything else does.
func proveSandbox() error {
	for _, t := range tries() {
		if !slices.Contains(t.by, Seatbelt) {
			continue
		}
		if err := proves(t.name, t.do()); err != nil {
			return err
		}
	}
	return nil
}

func openAndClose(path string, mode int) error {
	fd, err := unix.Open(path, mode|unix.O_CLOEXEC, 0)
	if err == nil {
		_ = unix.Close(fd)
	}
	return err
}

func makeFolder() error {
	path := filepath.Join("/tmp", fmt.Sprintf("sealedroom-%d", os.Getpid()))
	err := unix.Mkdir(path, 0o700)
	if err == nil {
		_ = unix.Rmdir(path)
	}
	return err
}

// sendPacket sends one to this machine, to a port that nothing listens at.
func sendPacket() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	defer func() { _ = unix.Close(fd) }()
	return unix.Sendto(fd, []byte{0}, 0, &unix.SockaddrInet4{Port: 9, Addr: netip.MustParseAddr("127.0.0.1").As4()})
}

func startProgram() error {
	pid, err := syscall.ForkExec("/usr/bin/true", []string{"true"}, nil)
	if err == nil {
		_, err = syscall.Wait4(pid, nil, 0, nil)
	}
	return err
}

func copyDescriptor() error {
	fd, err := unix.Dup(2)
	if err == nil {
		_ = unix.Close(fd)
	}
	return err
}
