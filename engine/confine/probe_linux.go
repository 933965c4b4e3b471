package confine

import (
	"os"
	"runtime"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"
)

// try is one thing that native code would do. Should it work, it harms nothing:
// what it would open, start or signal is its own, absent, or asked for only.
type try struct {
	name string
	call [7]uintptr // number and arguments
	by   []string   // the walls that each refuse it
}

// Values that golang.org/x/sys/unix lacks.
const (
	fSetSig        = 10         // F_SETSIG
	tiocsti        = 0x5412     // types into a terminal
	madvPoison     = 100        // MADV_HWPOISON
	spliceNonblock = 2          // SPLICE_F_NONBLOCK
	ipcPrivate     = 0          // IPC_PRIVATE
	setPtracer     = 0x59616d61 // PR_SET_PTRACER
	pastAnyLimit   = 1 << 40    // bytes
)

// forkCall is made in C: a child of Go's would go on as a second worker.
var forkCall = [7]uintptr{unix.SYS_CLONE, newProcess}

// refusals are what a wall answers. Any other error comes from a kernel that
// took the call and disliked its arguments.
var refusals = []syscall.Errno{unix.EPERM, unix.EACCES, unix.EMFILE, unix.ENOMEM, unix.ENOSYS, unix.EBADF}

func probe(target Target) []Attempt {
	tries, keep := tries(target)
	defer runtime.KeepAlive(keep)
	attempts := make([]Attempt, 0, len(tries))
	for _, t := range tries {
		c := t.call
		var errno syscall.Errno
		if c == forkCall {
			errno = fork()
		} else {
			_, _, errno = syscall.RawSyscall6(c[0], c[1], c[2], c[3], c[4], c[5], c[6])
		}
		a := Attempt{Name: t.name, Detail: "it worked", By: t.by}
		if errno != 0 {
			a.Detail = unix.ErrnoName(errno) + ": " + errno.Error()
			a.Held = slices.Contains(refusals, errno)
		}
		attempts = append(attempts, a)
	}
	return attempts
}

// tries lists the attempts. Raw calls take addresses as numbers: what they
// point to is in keep, on the heap.
func tries(target Target) (list []try, keep any) {
	parent, self := uintptr(os.Getppid()), uintptr(os.Getpid())
	var paths []*byte
	path := func(p string) uintptr {
		b, _ := unix.BytePtrFromString(p)
		paths = append(paths, b)
		return address(b)
	}
	memory := &struct {
		tcp           unix.RawSockaddrInet4
		limit         unix.Rlimit
		pair          [2]int32
		local, remote unix.Iovec
		cpus          unix.CPUSet
		bytes         [1024]byte // the largest answer is uname's
		owner         [2]int32
	}{
		tcp:   unix.RawSockaddrInet4{Family: unix.AF_INET, Port: 0x5000, Addr: [4]byte{127, 0, 0, 1}},
		limit: unix.Rlimit{Cur: 64, Max: 64},
	}
	memory.local = unix.Iovec{Base: &memory.bytes[0], Len: 1}
	memory.remote = unix.Iovec{Base: &memory.bytes[1], Len: 1} // an address that the host does not have
	flags, _ := unix.FcntlInt(3, unix.F_GETFL, 0)
	buffer := address(&memory.bytes[0])
	cwd := atCwd
	none := ^uintptr(0) // no descriptor
	absent := path("/tmp/sealedroom-is-not-there")
	add := func(also, name string, number uintptr, arguments ...uintptr) {
		t := try{name: name, by: []string{Seccomp}}
		if also != "" {
			t.by = append(t.by, also)
		}
		t.call[0] = number
		copy(t.call[1:], arguments)
		list = append(list, t)
	}

	// Files.
	add(Landlock, "open a file", unix.SYS_OPENAT, cwd, path("/etc/passwd"), unix.O_RDONLY)
	add(Landlock, "open its own memory as a file", unix.SYS_OPENAT, cwd, path("/proc/self/mem"), unix.O_RDWR)
	add(Landlock, "write a file", unix.SYS_OPENAT, cwd, path("/dev/null"), unix.O_WRONLY)
	add("", "make a folder", unix.SYS_MKDIRAT, cwd, path("/tmp"), 0o700)                             // which is there
	add(Landlock, "delete a folder", unix.SYS_UNLINKAT, cwd, path("/etc/passwd"), unix.AT_REMOVEDIR) // which is none
	add("", "make a symbolic link", unix.SYS_SYMLINKAT, path("/etc"), cwd, path("/tmp"))
	add("", "rename a file", unix.SYS_RENAMEAT, cwd, absent, cwd, path("/tmp/sealedroom-neither"))
	add("", "cut a file short", unix.SYS_TRUNCATE, absent, 0)
	add("", "change a file's mode", unix.SYS_FCHMODAT, cwd, absent, 0o777)
	add("", "look at a file's size and owner", unix.SYS_STATX, cwd, path("/etc/passwd"), 0, 0x7ff, buffer)
	add("", "ask for its folder", unix.SYS_GETCWD, buffer, 256)
	add(Rlimit, "make a file in memory", unix.SYS_MEMFD_CREATE, path("x"), 0)
	add(Rlimit, "watch a folder", unix.SYS_INOTIFY_INIT1, 0)

	// Descriptors.
	if target.Inherited > 0 {
		list = append(list, try{"read what the app's parent left open", [7]uintptr{unix.SYS_READ, uintptr(target.Inherited), buffer, 64}, []string{Descriptors}})
	}
	add(Rlimit, "copy a descriptor", unix.SYS_DUP, 0)
	add(Rlimit, "open a pipe", unix.SYS_PIPE2, address(&memory.pair[0]))
	add(Rlimit, "make an event counter", unix.SYS_EVENTFD2, 0)
	add("", "have the kernel signal the host (F_SETOWN)", unix.SYS_FCNTL, 3, unix.F_SETOWN, parent)
	add("", "choose which signal (F_SETSIG)", unix.SYS_FCNTL, 3, fSetSig, uintptr(unix.SIGURG)) // one that does no harm
	add("", "arm it (O_ASYNC)", unix.SYS_FCNTL, 3, unix.F_SETFL, uintptr(flags)|unix.O_ASYNC)
	add("", "grow a pipe's buffer", unix.SYS_FCNTL, 3, unix.F_SETPIPE_SZ, 1<<20)
	add("", "type into a terminal", unix.SYS_IOCTL, 0, tiocsti, buffer)
	add("", "move pages between pipes", unix.SYS_SPLICE, 3, 0, 4, 0, 1, spliceNonblock)
	add("", "lend pages to a pipe", unix.SYS_VMSPLICE, 4, address(&memory.local), 0)
	add("", "send a file", unix.SYS_SENDFILE, 4, 0, 0, 1)

	// The network.
	add(Rlimit, "open a TCP socket", unix.SYS_SOCKET, unix.AF_INET, unix.SOCK_STREAM)
	add(Rlimit, "open a UDP socket", unix.SYS_SOCKET, unix.AF_INET, unix.SOCK_DGRAM)
	add(Rlimit, "open a local socket", unix.SYS_SOCKET, unix.AF_UNIX, unix.SOCK_STREAM)
	add(Rlimit, "open a socket to the kernel", unix.SYS_SOCKET, unix.AF_NETLINK, unix.SOCK_RAW)
	add(Rlimit, "open a pair of sockets", unix.SYS_SOCKETPAIR, unix.AF_UNIX, unix.SOCK_STREAM, 0, address(&memory.pair[0]))
	add("", "connect", unix.SYS_CONNECT, 1, address(&memory.tcp), 16)
	add("", "send a packet", unix.SYS_SENDTO, 1, buffer, 1)
	add("", "receive a packet", unix.SYS_RECVFROM, 1, buffer, 1)

	// Programs and other processes.
	add(Landlock, "start a program", unix.SYS_EXECVE, path("/bin/true"), 1) // arguments at no address: it cannot start
	add("", "fork", forkCall[0], forkCall[1])
	add("", "start a process with clone3", unix.SYS_CLONE3, buffer, 64)
	add(Landlock, "signal the host", unix.SYS_KILL, parent, 0)
	add(Landlock, "signal a thread of the host", unix.SYS_TGKILL, parent, parent, 0)
	add(Landlock, "signal any thread", unix.SYS_TKILL, parent, 0)
	add(Landlock, "queue a signal", unix.SYS_RT_SIGQUEUEINFO, parent, 0, buffer)
	add("", "hold on to the host by a descriptor", unix.SYS_PIDFD_OPEN, parent, 0)
	add("", "trace the host", unix.SYS_PTRACE, unix.PTRACE_PEEKUSR, parent) // attaching would stop it
	add(Landlock, "read the host's memory", unix.SYS_PROCESS_VM_READV, parent, address(&memory.local), 1, address(&memory.remote), 1)
	add(Landlock, "write the host's memory", unix.SYS_PROCESS_VM_WRITEV, parent, address(&memory.local), 1, address(&memory.remote), 1)
	add("", "let others trace it", unix.SYS_PRCTL, setPtracer, none)
	add("", "move the host to another core", unix.SYS_SCHED_SETAFFINITY, parent, 128, address(&memory.cpus)) // an empty set
	add("", "ask for the host's limits", unix.SYS_PRLIMIT64, parent, unix.RLIMIT_NOFILE, 0, address(&memory.limit))

	// Memory.
	add("", "hold memory that no limit counts", unix.SYS_MMAP, 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_ANONYMOUS, none)
	list = append(list, try{"map more memory than the limit", [7]uintptr{
		unix.SYS_MMAP, 0, pastAnyLimit, unix.PROT_READ | unix.PROT_WRITE, unix.MAP_PRIVATE | unix.MAP_ANONYMOUS, none}, []string{MemoryLimit}})
	add(Rlimit, "lock memory", unix.SYS_MLOCK, buffer, 64)
	add("", "share memory by a key", unix.SYS_SHMGET, ipcPrivate, 4096, 0o1600)
	add("", "take a page from the machine", unix.SYS_MADVISE, 0, 4096, madvPoison)
	add("", "handle its own page faults", unix.SYS_USERFAULTFD, 0)

	// The kernel.
	add("", "raise its own limits", unix.SYS_PRLIMIT64, self, unix.RLIMIT_NOFILE, address(&memory.limit))
	add(Capabilities, "mount", unix.SYS_MOUNT, path("none"), path("/tmp"), path("tmpfs"))
	add(Capabilities, "change its root folder", unix.SYS_CHROOT, path("/"))
	add("", "make a namespace of its own", unix.SYS_UNSHARE, unix.CLONE_NEWUSER)
	add("", "start a thread in another namespace", unix.SYS_CLONE, unix.CLONE_THREAD|unix.CLONE_VM|unix.CLONE_SIGHAND|unix.CLONE_NEWNET)
	add("", "load a kernel program", unix.SYS_BPF, 0, buffer, 0)
	add("", "start asynchronous I/O", unix.SYS_IO_URING_SETUP, 1, buffer)
	add("", "count events of the processor", unix.SYS_PERF_EVENT_OPEN, buffer, 0, none, none)
	add("", "use the kernel's keys", unix.SYS_KEYCTL, 0)
	add("", "load another filter", unix.SYS_SECCOMP, 2, 0, 0)
	add("", "make a timer", unix.SYS_TIMER_CREATE, 0, 0, buffer)
	add("", "ask for the machine's name", unix.SYS_UNAME, address(&memory.bytes[0]))
	add("", "ask who it runs as", unix.SYS_GETUID)
	addForArch(add, buffer, cwd, path("/etc/passwd"))
	return list, []any{paths, memory}
}
