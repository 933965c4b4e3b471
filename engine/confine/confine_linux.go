package confine

// #include "early_linux.h"
// #include "shed_linux.h"
import "C"

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
	"unsafe"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"golang.org/x/sys/unix"
)

func seal() (walls, lacking []string) {
	note := func(name string, err error) {
		if err == nil {
			walls = append(walls, name)
		} else {
			lacking = append(lacking, name+": "+err.Error())
		}
	}
	note("no-new-privs", unless(C.confine_no_new_privs == 1, "the kernel refused"))
	note("landlock", unless(C.confine_landlock > 0, "this kernel has none, or has it switched off"))
	note("rlimit", limitResources())
	note("seccomp", filterSystemCalls())
	return walls, lacking
}

func unless(ok bool, reason string) error {
	if ok {
		return nil
	}
	return fmt.Errorf("%s", reason)
}

func shed() { C.confine_shed() }

// limitResources: no file may be opened, written or dumped. The memory limit
// is the host's to set, run by run.
func limitResources() error {
	for resource, limit := range map[int]uint64{
		unix.RLIMIT_NOFILE: 0, unix.RLIMIT_FSIZE: 0, unix.RLIMIT_CORE: 0, unix.RLIMIT_MEMLOCK: 0,
	} {
		if err := unix.Setrlimit(resource, &unix.Rlimit{Cur: limit, Max: limit}); err != nil {
			return err
		}
	}
	return unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0) // stay readable for the host that measures us
}

// allowed is what V8 and Go need to run a guest: memory, threads, clocks,
// their own signals, and the descriptors that are open already. The list held
// through every attack in the tests.
var allowed = []string{
	"mmap", "munmap", "mprotect", "madvise", "brk", "mremap", "mincore", "membarrier",
	"pkey_mprotect", "pkey_alloc", "pkey_free",
	"futex", "nanosleep", "clock_nanosleep", "clock_gettime", "gettimeofday", "sched_yield",
	"sched_getaffinity", "sched_getscheduler", "sched_getparam", "rseq", "set_robust_list",
	"gettid", "getpid", "exit", "exit_group", "restart_syscall",
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack",
	"read", "write", "readv", "writev", "close", "epoll_wait", "epoll_pwait", "epoll_ctl",
	"poll", "ppoll", "fcntl", "fstat", "lseek", "getrandom", "getrusage",
}

// filterSystemCalls answers EPERM to all others, without ending the worker: V8
// and Go ask for some of them and do without.
func filterSystemCalls() error {
	arguments := func(name string, conditions ...seccomp.Condition) seccomp.NameWithConditions {
		return seccomp.NameWithConditions{Name: name, Conditions: conditions}
	}
	return seccomp.LoadFilter(seccomp.Filter{
		NoNewPrivs: true,
		Flag:       seccomp.FilterFlagTSync,
		Policy: seccomp.Policy{
			DefaultAction: seccomp.ActionErrno,
			Syscalls: []seccomp.SyscallGroup{
				{
					Action: seccomp.ActionAllow,
					Names:  allowed,
					NamesWithCondtions: []seccomp.NameWithConditions{
						arguments("clone", seccomp.Condition{Argument: 0, Operation: seccomp.BitsSet, Value: unix.CLONE_THREAD}),
						arguments("tgkill", seccomp.Condition{Argument: 0, Operation: seccomp.Equal, Value: uint64(os.Getpid())}),
						arguments("prlimit64", seccomp.Condition{Argument: 2, Operation: seccomp.Equal, Value: 0}), // ask, not set
					},
				},
				// So that libc falls back to clone, which is filtered.
				{Action: seccomp.ActionErrno | seccomp.Action(unix.ENOSYS), Names: []string{"clone3"}},
			},
		},
	})
}

func probe() []Attempt {
	parent, self := os.Getppid(), os.Getpid()
	// Raw calls take addresses as numbers: what they point to stays on the heap.
	var kept []any
	defer func() { runtime.KeepAlive(kept) }()
	path := func(p string) uintptr {
		b, _ := unix.BytePtrFromString(p)
		kept = append(kept, b)
		return uintptr(unsafe.Pointer(b))
	}
	memory := &struct {
		address       unix.RawSockaddrInet4
		limit         unix.Rlimit
		pipe          [2]int32
		local, remote unix.Iovec
	}{
		address: unix.RawSockaddrInet4{Family: unix.AF_INET, Port: 0x5000, Addr: [4]byte{127, 0, 0, 1}},
		limit:   unix.Rlimit{Cur: 64, Max: 64},
	}
	kept = append(kept, memory)
	cwd := ^uintptr(99) // AT_FDCWD
	tries := []struct {
		name string
		call [7]uintptr
	}{
		{"open a file", [7]uintptr{unix.SYS_OPENAT, cwd, path("/etc/passwd"), unix.O_RDONLY}},
		{"open its own memory", [7]uintptr{unix.SYS_OPENAT, cwd, path("/proc/self/mem"), unix.O_RDWR}},
		{"write a file", [7]uintptr{unix.SYS_OPENAT, cwd, path("/tmp/sealedroom-probe"), unix.O_WRONLY | unix.O_CREAT, 0o600}},
		{"make a folder", [7]uintptr{unix.SYS_MKDIRAT, cwd, path("/tmp/sealedroom-probe"), 0o700}},
		{"delete a file", [7]uintptr{unix.SYS_UNLINKAT, cwd, path("/tmp/sealedroom-probe")}},
		{"open a socket", [7]uintptr{unix.SYS_SOCKET, unix.AF_INET, unix.SOCK_STREAM}},
		{"open a local socket", [7]uintptr{unix.SYS_SOCKET, unix.AF_UNIX, unix.SOCK_STREAM}},
		{"connect", [7]uintptr{unix.SYS_CONNECT, 1, uintptr(unsafe.Pointer(&memory.address)), unsafe.Sizeof(memory.address)}},
		{"start a program", [7]uintptr{unix.SYS_EXECVE, path("/bin/true")}},
		{"fork", [7]uintptr{unix.SYS_CLONE, uintptr(unix.SIGCHLD)}},
		{"signal the host", [7]uintptr{unix.SYS_KILL, uintptr(parent), 0}},
		{"signal a thread of the host", [7]uintptr{unix.SYS_TGKILL, uintptr(parent), uintptr(parent), 0}},
		{"trace the host", [7]uintptr{unix.SYS_PTRACE, unix.PTRACE_ATTACH, uintptr(parent)}},
		{"read the host's memory", [7]uintptr{unix.SYS_PROCESS_VM_READV, uintptr(parent), uintptr(unsafe.Pointer(&memory.local)), 1, uintptr(unsafe.Pointer(&memory.remote)), 1}},
		{"raise its own limits", [7]uintptr{unix.SYS_PRLIMIT64, uintptr(self), unix.RLIMIT_NOFILE, uintptr(unsafe.Pointer(&memory.limit))}},
		{"mount", [7]uintptr{unix.SYS_MOUNT, path("none"), path("/tmp"), path("tmpfs")}},
		{"make a new namespace", [7]uintptr{unix.SYS_UNSHARE, unix.CLONE_NEWUSER}},
		{"load a kernel program", [7]uintptr{unix.SYS_BPF}},
		{"start asynchronous I/O", [7]uintptr{unix.SYS_IO_URING_SETUP, 1}},
		{"open a pipe", [7]uintptr{unix.SYS_PIPE2, uintptr(unsafe.Pointer(&memory.pipe))}},
	}
	attempts := make([]Attempt, len(tries))
	for i, t := range tries {
		c := t.call
		result, _, errno := syscall.RawSyscall6(c[0], c[1], c[2], c[3], c[4], c[5], c[6])
		if c[0] == unix.SYS_CLONE && errno == 0 && result == 0 {
			unix.Exit(0) // the child of a fork that was not refused
		}
		attempts[i] = Attempt{Name: t.name, Held: errno != 0, Detail: "it worked"}
		if errno != 0 {
			attempts[i].Detail = errno.Error()
		}
	}
	return attempts
}
