package confine

// #include "early_linux.h"
// #include "trim_linux.h"
import "C"

import (
	"errors"
	"fmt"
	"slices"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// seal names a wall only after it has refused something: a system call that
// returned 0 proves nothing.
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
	note(NoNewPrivs, "no program that it starts can gain rights", proveNoNewPrivs())
	note(Descriptors, "nothing is open but its own three pipes, /dev/null and standard error", proveClosed())
	note(Capabilities, "none, and no way to get any, also when root started the app", proveNoCapabilities())
	strength, err := proveLandlock()
	note(Landlock, strength, err)
	if C.confine_landlock > 0 && C.confine_landlock < 6 {
		lacking = append(lacking, landlockLacks(int(C.confine_landlock)))
	}
	if slices.Contains(without, Rlimit) {
		err = nil
	} else {
		err = limitResources()
	}
	note(Rlimit, "no file can be opened, written, locked in memory or dumped", err)
	if slices.Contains(without, Seccomp) {
		err = nil
	} else {
		err = filterSystemCalls()
	}
	note(Seccomp, filterStrength(), err)
	return walls, lacking
}

func proveNoNewPrivs() error {
	if on, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0); err != nil || on != 1 || C.confine_no_new_privs != 1 {
		return errors.New("the kernel refused")
	}
	return nil
}

func proveClosed() error {
	if C.confine_closed != 1 {
		return errors.New("this kernel has no close_range, and there are too many descriptors to close one by one")
	}
	return nil
}

func proveNoCapabilities() error {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var has [2]unix.CapUserData
	if err := unix.Capget(&header, &has[0]); err != nil {
		return err
	}
	if C.confine_capabilities != 1 || has != [2]unix.CapUserData{} {
		return errors.New("the kernel did not take them all")
	}
	return nil
}

// proveLandlock opens the root folder, which everybody may on a system without it.
func proveLandlock() (strength string, err error) {
	if C.confine_landlock == 0 {
		if C.confine_landlock_abi > 0 {
			return "", errors.New("the kernel refused the rules")
		}
		return "", errors.New("this kernel has none, or has it switched off")
	}
	if fd, err := unix.Open("/", unix.O_RDONLY|unix.O_DIRECTORY, 0); err != unix.EACCES {
		if err == nil {
			_ = unix.Close(fd)
		}
		return "", fmt.Errorf("the kernel has it, and opening / was not refused by it: %v", err)
	}
	return landlockStrength(int(C.confine_landlock)), nil
}

// landlockStrength says what an ABI of Landlock takes away. The versions are in
// https://docs.kernel.org/userspace-api/landlock.html.
func landlockStrength(abi int) string {
	takes := "the whole file system"
	if abi >= 4 {
		takes += ", TCP"
	}
	if abi >= 6 {
		takes += ", signals and abstract sockets of other processes"
	}
	return fmt.Sprintf("ABI %d: %s", abi, takes)
}

// landlockLacks says what a newer kernel's Landlock would hold, and what holds
// it here.
func landlockLacks(abi int) string {
	switch {
	case abi < 4:
		return fmt.Sprintf("landlock: ABI %d of this kernel does not cover TCP (needs Linux 6.7) and signals (needs 6.12); seccomp alone refuses them", abi)
	default:
		return fmt.Sprintf("landlock: ABI %d of this kernel does not cover signals (needs Linux 6.12); seccomp alone refuses them", abi)
	}
}

func trimPages() { C.confine_trim_pages() }

// fork starts a process that ends at once, and returns the kernel's answer.
func fork() syscall.Errno {
	pid := int(C.confine_fork(0))
	if pid < 0 {
		return syscall.Errno(-pid)
	}
	_, _ = reap(pid)
	return 0
}

func makeThreads(n int) int { return max(0, int(C.confine_make_threads(C.int(n)))) }

// limitResources: no file may be opened, written, locked or dumped. The memory
// limit is the host's to set, run by run.
func limitResources() error {
	for resource, limit := range map[int]uint64{
		unix.RLIMIT_NOFILE: 0, unix.RLIMIT_FSIZE: 0, unix.RLIMIT_CORE: 0, unix.RLIMIT_MEMLOCK: 0,
	} {
		if err := unix.Setrlimit(resource, &unix.Rlimit{Cur: limit, Max: limit}); err != nil {
			return err
		}
	}
	// Proof, before seccomp answers in its place: there is no number left for a copy.
	if fd, _, errno := syscall.RawSyscall(unix.SYS_DUP, 0, 0, 0); errno != unix.EMFILE {
		if errno == 0 {
			_ = unix.Close(int(fd))
		}
		return fmt.Errorf("the limits were set, and a new descriptor was not refused: %v", errno)
	}
	return unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0) // stay readable for the host that measures us
}

// proveFilter asks for something harmless that every process may.
func proveFilter() error {
	if _, _, errno := syscall.RawSyscall(unix.SYS_GETUID, 0, 0, 0); errno != unix.EPERM {
		return errors.New("the filter was loaded, and a call that it forbids was not refused")
	}
	return nil
}

// address is where a pointer points, as a system call takes it.
func address[T any](p *T) uintptr { return uintptr(unsafe.Pointer(p)) }
