package confine

import (
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"sync"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"github.com/elastic/go-seccomp-bpf/arch"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// allowed is what V8 and Go need to run a guest, whatever the arguments:
// memory, threads, clocks, their own signals, and the descriptors that are open
// already. RATIONALE.md compares it with other sandboxes' lists.
var allowed = []string{
	"futex", "read", "write", "munmap", "mprotect", "clock_gettime", "epoll_pwait", "epoll_wait", "nanosleep",
	"sched_yield", "brk", "mremap", "mincore", "membarrier",
	"pkey_mprotect", "pkey_alloc", "pkey_free",
	// How threads are scheduled: V8's locks ask, by thread, and abort if refused.
	"sched_getaffinity", "sched_getscheduler", "sched_getparam",
	"clock_nanosleep", "gettimeofday", "rseq", "set_robust_list",
	"gettid", "getpid", "exit", "exit_group", "restart_syscall",
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack",
	"readv", "writev", "close", "epoll_ctl", "poll", "ppoll", "fstat", "lseek", "getrandom", "getrusage",
}

// conditional is what is allowed with certain arguments only: each entry is one
// way that passes.
func conditional() []seccomp.NameWithConditions {
	var out []seccomp.NameWithConditions
	allow := func(name string, conditions ...seccomp.Condition) {
		out = append(out, seccomp.NameWithConditions{Name: name, Conditions: conditions})
	}
	is := func(argument uint32, value uint64) seccomp.Condition {
		return seccomp.Condition{Argument: argument, Operation: seccomp.Equal, Value: value}
	}
	has := func(argument uint32, bit uint64) seccomp.Condition {
		return seccomp.Condition{Argument: argument, Operation: seccomp.BitsSet, Value: bit}
	}
	lacks := func(argument uint32, bits uint64) seccomp.Condition {
		return seccomp.Condition{Argument: argument, Operation: seccomp.BitsNotSet, Value: bits}
	}
	self := uint64(os.Getpid())

	// Pages of a shared mapping outlive what the process shows of them, and no
	// limit counts them. The bit is set in MAP_SHARED_VALIDATE too.
	allow("mmap", lacks(3, unix.MAP_SHARED))
	for _, advice := range []uint64{
		unix.MADV_DONTNEED, unix.MADV_FREE, unix.MADV_HUGEPAGE, unix.MADV_NOHUGEPAGE, unix.MADV_COLLAPSE,
		unix.MADV_DONTFORK, unix.MADV_DONTDUMP,
	} {
		allow("madvise", is(2, advice))
	}
	// F_SETOWN, F_SETSIG and O_ASYNC have the kernel send a signal, SIGKILL too,
	// to any process that they name.
	for _, command := range []uint64{unix.F_GETFD, unix.F_SETFD, unix.F_GETFL, unix.F_DUPFD_CLOEXEC} {
		allow("fcntl", is(1, command))
	}
	allow("fcntl", is(1, unix.F_SETFL), lacks(2, unix.O_ASYNC))
	// A thread of this process, in this process's namespaces, traced by no other.
	allow("clone", has(0, unix.CLONE_THREAD), lacks(0, unix.CLONE_NEWNS|unix.CLONE_NEWCGROUP|unix.CLONE_NEWUTS|unix.CLONE_NEWIPC|
		unix.CLONE_NEWUSER|unix.CLONE_NEWPID|unix.CLONE_NEWNET|unix.CLONE_NEWTIME|unix.CLONE_IO|unix.CLONE_PIDFD|unix.CLONE_PTRACE|unix.CLONE_VFORK))
	allow("tgkill", is(0, self))
	// To ask, not to set, and about itself.
	for _, pid := range []uint64{0, self} {
		allow("prlimit64", is(0, pid), is(2, 0))
	}
	return out
}

// filterSystemCalls answers EPERM to all others, without ending the worker: V8
// and Go ask for some of them and do without.
func filterSystemCalls() error {
	machine, err := arch.GetInfo("")
	if err != nil {
		return err
	}
	err = seccomp.LoadFilter(seccomp.Filter{NoNewPrivs: true, Flag: seccomp.FilterFlagTSync, Policy: policy(machine)})
	if err != nil {
		return err
	}
	return proveFilter()
}

func policy(machine *arch.Info) seccomp.Policy {
	return seccomp.Policy{
		DefaultAction: seccomp.ActionErrno,
		Syscalls: []seccomp.SyscallGroup{
			{Action: seccomp.ActionAllow, Names: known(machine, allowed), NamesWithCondtions: conditional()},
			// So that libc falls back to clone, which is filtered.
			{Action: seccomp.ActionErrno | seccomp.Action(unix.ENOSYS), Names: []string{"clone3"}},
		},
	}
}

// filterRefuses reports whether the filter refuses a call, number and arguments:
// it runs the filter's own program.
func filterRefuses(call [7]uintptr) bool {
	vm, err := filterProgram()
	machine, archErr := arch.GetInfo("")
	if err != nil || archErr != nil {
		return false // not known
	}
	// The kernel's struct seccomp_data, in the words that the program loads. This
	// interpreter loads them big-endian.
	words := []uint32{uint32(call[0]), uint32(machine.ID), 0, 0}
	for _, argument := range call[1:] {
		words = append(words, uint32(argument), uint32(uint64(argument)>>32))
	}
	var data []byte
	for _, word := range words {
		data = binary.BigEndian.AppendUint32(data, word)
	}
	verdict, err := vm.Run(data)
	return err == nil && seccomp.Action(verdict) != seccomp.ActionAllow
}

var filterProgram = sync.OnceValues(func() (*bpf.VM, error) {
	machine, err := arch.GetInfo("")
	if err != nil {
		return nil, err
	}
	rules := policy(machine)
	program, err := rules.Assemble()
	if err != nil {
		return nil, err
	}
	return bpf.NewVM(program)
})

// known leaves out the calls that this processor's kernel has no number for.
func known(machine *arch.Info, names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		_, ok := machine.SyscallNames[name]
		return !ok
	})
}

func filterStrength() string {
	byArgument := map[string]bool{}
	for _, c := range conditional() {
		byArgument[c.Name] = true
	}
	return fmt.Sprintf("%d system calls of some 360 are answered, %d more with certain arguments only", len(allowed), len(byArgument))
}
