package confine

// #include "early_linux.h"
// #include <stdlib.h>
import "C"

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// HandsWork says whether native hands make system calls on this system.
const HandsWork = true

// Sleep waits until standard input ends, which is when the host is gone or no
// longer needs the process. Any process of this user may trace it.
func Sleep() {
	_, _, _ = syscall.RawSyscall(unix.SYS_PRCTL, setPtracer, ^uintptr(0), 0)
	_, _ = os.Stdout.WriteString("ready\n")
	_, _ = os.Stdin.Read(make([]byte, 1))
}

// atCwd is AT_FDCWD as a system call takes it.
const atCwd = ^uintptr(99)

// call makes a system call and says what came of it.
func (h *Hands) call(name string, number uintptr, arguments ...uintptr) (uintptr, HandAnswer) {
	var c [7]uintptr
	c[0] = number
	copy(c[1:], arguments)
	result, _, errno := syscall.Syscall6(c[0], c[1], c[2], c[3], c[4], c[5], c[6])
	runtime.KeepAlive(h.keep)
	return result, h.answer(name, c, errno)
}

// answer puts a call's error into words. That the filter refused is known: it
// looks at each call before the kernel does, and what it says of these numbers
// can be asked of the same program.
func (h *Hands) answer(name string, call [7]uintptr, errno syscall.Errno) HandAnswer {
	a := HandAnswer{OK: errno == 0, Call: name}
	if errno == 0 {
		return a
	}
	a.Errno, a.Message = unix.ErrnoName(errno), errno.Error()
	a.Held = slices.Contains(refusals, errno)
	switch {
	case h.stands[Seccomp] && filterRefuses(call):
		a.By = Seccomp
	case h.stands[Rlimit] && errno == unix.EMFILE: // of all limits, only that of descriptors answers so
		a.By = Rlimit
	}
	return a
}

// byLandlock names Landlock as the wall that refused, where it can be no other:
// it stands, covers this, and all else that the kernel asks before would have
// let the call pass.
func (h *Hands) byLandlock(a *HandAnswer, errno string, abi int, passes bool) {
	if a.By == "" && a.Errno == errno && h.stands[Landlock] && int(C.confine_landlock) >= abi && passes {
		a.By = Landlock
	}
}

// permitted asks for what a file's mode and owner allow, which Landlock does not
// change. The filter refuses to answer, but then it has refused the call before.
func (h *Hands) permitted(path string, mode uint32) bool {
	return unix.Faccessat(unix.AT_FDCWD, path, mode, unix.AT_EACCESS) == nil
}

// hold keeps what a call points to on the heap, and returns its address.
func hold[T any](h *Hands, p *T) uintptr {
	h.keep = append(h.keep, p)
	return address(p)
}

func (h *Hands) path(path string) uintptr {
	b, _ := unix.BytePtrFromString(path)
	return hold(h, b)
}

func (h *Hands) try(name string, a *arguments) (HandAnswer, error) {
	switch name {
	case "open":
		path := a.text(0, "a path")
		return h.onFile(a, path, func() HandAnswer { return h.openFile(path) })
	case "read":
		if a.has(0) {
			if _, ok := a.values[0].(string); ok {
				path := a.text(0, "a path or a descriptor")
				return h.onFile(a, path, func() HandAnswer { return h.readFile(path) })
			}
		}
		return h.readDescriptor(a)
	case "stat":
		path := a.text(0, "a path")
		return h.onFile(a, path, func() HandAnswer {
			var info unix.Statx_t
			_, out := h.call("statx", unix.SYS_STATX, atCwd, h.path(path), 0, unix.STATX_SIZE, hold(h, &info))
			out.Bytes = int(info.Size)
			return out
		})
	case "truncate":
		path := a.text(0, "a path")
		return h.onFile(a, path, func() HandAnswer {
			_, out := h.call("truncate", unix.SYS_TRUNCATE, h.path(path), 0)
			h.byLandlock(&out, "EACCES", 3, h.permitted(path, unix.W_OK))
			return out
		})
	case "remove":
		path := a.text(0, "a path")
		return h.onFile(a, path, func() HandAnswer {
			_, out := h.call("unlinkat", unix.SYS_UNLINKAT, atCwd, h.path(path), 0)
			h.byLandlock(&out, "EACCES", 1, h.permitted(filepath.Dir(path), unix.W_OK|unix.X_OK))
			return out
		})
	case "connect":
		return h.connect(a)
	case "unixSocket":
		return h.unixSocket(a)
	case "exec":
		path := a.text(0, "a path")
		if a.err == nil {
			if err := h.only("exec", "program", path, h.planted.Program); err != nil {
				return HandAnswer{Target: path}, err
			}
		}
		return h.onTarget(a, path, func() HandAnswer { return h.exec(path) })
	case "fork":
		return h.process(0), nil
	case "namespaces":
		return h.process(unix.CLONE_NEWUSER), nil
	case "kill", "ptrace", "readProcess":
		return h.onProcess(name, a)
	case "shareMemory":
		return h.shareMemory(a)
	case "threads":
		return h.threads(a)
	case "ioUring":
		fd, out := h.call("io_uring_setup", unix.SYS_IO_URING_SETUP, 1, hold(h, new([256]byte)))
		return h.closed(fd, out, "an io_uring"), nil
	case "userfaultfd":
		const userModeOnly = 1 // UFFD_USER_MODE_ONLY
		fd, out := h.call("userfaultfd", unix.SYS_USERFAULTFD, userModeOnly|unix.O_CLOEXEC)
		return h.closed(fd, out, "its own page faults"), nil
	case "syscall":
		return h.syscall(a)
	}
	return HandAnswer{}, fmt.Errorf("there is no native.%s", name)
}

// closed closes a descriptor that only showed that it could be had.
func (h *Hands) closed(fd uintptr, out HandAnswer, target string) HandAnswer {
	out.Target = target
	if out.OK {
		_ = unix.Close(int(fd))
	}
	return out
}

// ---- files ------------------------------------------------------------------

func (h *Hands) onFile(a *arguments, path string, try func() HandAnswer) (HandAnswer, error) {
	if a.err == nil {
		if err := h.only(a.hand, "file", path, h.planted.File); err != nil {
			return HandAnswer{Target: path}, err
		}
	}
	return h.onTarget(a, path, try)
}

func (h *Hands) onTarget(a *arguments, target string, try func() HandAnswer) (HandAnswer, error) {
	if a.err != nil {
		return HandAnswer{Target: target}, a.err
	}
	out := try()
	out.Target = target
	return out, nil
}

func (h *Hands) openFile(path string) HandAnswer {
	if len(h.open) >= maxOpen {
		for fd := range h.open {
			_ = unix.Close(fd)
			delete(h.open, fd)
			break
		}
	}
	fd, out := h.call("openat", unix.SYS_OPENAT, atCwd, h.path(path), unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK)
	if out.OK {
		h.open[int(fd)] = true
		out.Descriptor = int(fd)
	}
	h.byLandlock(&out, "EACCES", 1, h.permitted(path, unix.R_OK))
	return out
}

func (h *Hands) readFile(path string) HandAnswer {
	out := h.openFile(path)
	if !out.OK {
		return out
	}
	fd := out.Descriptor
	out = h.readFrom(fd)
	_ = unix.Close(fd)
	delete(h.open, fd)
	return out
}

func (h *Hands) readFrom(fd int) HandAnswer {
	buffer := new([maxRead]byte)
	n, out := h.call("read", unix.SYS_READ, uintptr(fd), hold(h, buffer), maxRead)
	if out.OK {
		out.Text = strings.ToValidUTF8(string(buffer[:n]), "\ufffd")
	}
	return out
}

// workerOwn is the first descriptor that is not one of the worker's.
const workerOwn = 6

func (h *Hands) readDescriptor(a *arguments) (HandAnswer, error) {
	fd := a.number(0, "a path or a descriptor", 0, 1<<20)
	target := fmt.Sprintf("descriptor %d", fd)
	switch {
	case a.err != nil:
	case fd < workerOwn:
		a.err = fmt.Errorf("native.read: descriptors 0 to %d are the worker's own, and this run needs them", workerOwn-1)
	case !h.open[fd]:
		if err := h.only("read", "descriptor", fd, h.planted.Descriptor); err != nil {
			return HandAnswer{Target: target}, err
		}
	}
	return h.onTarget(a, target, func() HandAnswer {
		out := h.readFrom(fd)
		if out.By == "" && out.Errno == "EBADF" && fd == h.planted.Descriptor && h.stands[Descriptors] {
			out.By = Descriptors // the worker had it when it was started
		}
		return out
	})
}

// ---- the network --------------------------------------------------------------

func (h *Hands) connect(a *arguments) (HandAnswer, error) {
	host, port := a.text(0, "an IP address, such as '127.0.0.1'"), a.number(1, "a port", 1, 65535)
	ip, err := netip.ParseAddr(host)
	if err != nil {
		a.refuse(0, "an IP address, such as '127.0.0.1'")
	}
	target := fmt.Sprintf("%s port %d", host, port)
	if a.err == nil {
		if err := h.only("connect", "port", netip.AddrPortFrom(ip, uint16(port)), netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), uint16(h.planted.Port))); err != nil {
			return HandAnswer{Target: target}, err
		}
	}
	return h.onTarget(a, target, func() HandAnswer {
		network := binary.BigEndian.AppendUint16(nil, uint16(port))
		if ip.Is4() {
			to := unix.RawSockaddrInet4{Family: unix.AF_INET, Port: binary.NativeEndian.Uint16(network), Addr: ip.As4()}
			return h.talk(unix.AF_INET, hold(h, &to), unix.SizeofSockaddrInet4, 4)
		}
		to := unix.RawSockaddrInet6{Family: unix.AF_INET6, Port: binary.NativeEndian.Uint16(network), Addr: ip.As16()}
		return h.talk(unix.AF_INET6, hold(h, &to), unix.SizeofSockaddrInet6, 4)
	})
}

func (h *Hands) unixSocket(a *arguments) (HandAnswer, error) {
	path := a.text(0, "a path")
	to := unix.RawSockaddrUnix{Family: unix.AF_UNIX}
	if len(path) >= len(to.Path) {
		a.refuse(0, "a path of at most 107 bytes")
	}
	if a.err == nil {
		if err := h.only("unixSocket", "socket", path, h.planted.Socket); err != nil {
			return HandAnswer{Target: path}, err
		}
	}
	return h.onTarget(a, path, func() HandAnswer {
		for i := range len(path) {
			to.Path[i] = int8(path[i])
		}
		return h.talk(unix.AF_UNIX, hold(h, &to), 2+uintptr(len(path))+1, noABI)
	})
}

// noABI is for what no version of Landlock covers.
const noABI = 1 << 30

// talk connects and reads what the other side says first, for a second at most.
func (h *Hands) talk(family uintptr, to, size uintptr, abi int) HandAnswer {
	fd, out := h.call("socket", unix.SYS_SOCKET, family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC)
	if !out.OK {
		return out
	}
	defer func() { _ = unix.Close(int(fd)) }()
	second := unix.Timeval{Sec: 1}
	_ = unix.SetsockoptTimeval(int(fd), unix.SOL_SOCKET, unix.SO_SNDTIMEO, &second)
	_ = unix.SetsockoptTimeval(int(fd), unix.SOL_SOCKET, unix.SO_RCVTIMEO, &second)
	_, out = h.call("connect", unix.SYS_CONNECT, fd, to, size)
	h.byLandlock(&out, "EACCES", abi, true)
	if !out.OK {
		return out
	}
	if said := h.readFrom(int(fd)); said.OK {
		out.Text = said.Text
	}
	return out
}

// ---- memory, threads, and any call -----------------------------------------------

// shareMemory maps memory that is shared, touches it, and has its pages no
// longer shown as the worker's: they are held until the worker ends.
func (h *Hands) shareMemory(a *arguments) (HandAnswer, error) {
	size := a.number(0, "bytes", 1, maxShared)
	if a.err == nil && h.shared+size > maxShared {
		a.err = fmt.Errorf("native.shareMemory: at most %d MB in one run: the machine needs the rest", maxShared>>20)
	}
	return h.onTarget(a, fmt.Sprintf("%d bytes", size), func() HandAnswer {
		at, out := h.call("mmap", unix.SYS_MMAP, 0, uintptr(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_ANONYMOUS, ^uintptr(0))
		if out.OK {
			C.confine_touch(C.ulong(at), C.ulong(size))
			_, _, _ = syscall.RawSyscall(unix.SYS_MADVISE, at, uintptr(size), unix.MADV_DONTNEED)
			h.shared += size
			out.Bytes = size
		}
		return out
	})
}

// threads starts threads that sleep. Those past what the host allows give it
// the time to see them.
func (h *Hands) threads(a *arguments) (HandAnswer, error) {
	n := a.number(0, "threads", 1, maxMade)
	return h.onTarget(a, fmt.Sprintf("%d threads", n), func() HandAnswer {
		made := int(C.confine_make_threads(C.int(n)))
		var errno syscall.Errno
		if made < 0 {
			made, errno = 0, syscall.Errno(-made)
		}
		out := h.answer("clone", [7]uintptr{unix.SYS_CLONE, threadFlags}, errno)
		out.Threads = made
		if made > 50 {
			time.Sleep(time.Second)
		}
		return out
	})
}

// threadFlags are those that confine_make_threads gives to clone.
const threadFlags = unix.CLONE_VM | unix.CLONE_FS | unix.CLONE_FILES | unix.CLONE_SIGHAND | unix.CLONE_THREAD | unix.CLONE_SYSVSEM

// syscall makes any call that the filter refuses, with numbers and texts as its
// arguments. What the filter lets pass the worker needs for itself.
func (h *Hands) syscall(a *arguments) (HandAnswer, error) {
	number := a.number(0, "the number of a system call", 0, 1<<31-1)
	if len(a.values) > 7 {
		a.refuse(7, "at most 6 arguments of the call")
	}
	c := [7]uintptr{uintptr(number)}
	for i := 1; i < min(len(a.values), 7); i++ {
		if _, ok := a.values[i].(string); ok {
			c[i] = h.path(a.text(i, "a number or a text"))
		} else {
			c[i] = uintptr(a.number(i, "a number or a text", -(1 << 53), 1<<53))
		}
	}
	target := fmt.Sprintf("system call %d", number)
	switch {
	case a.err != nil:
	case !h.sealed:
		a.err = fmt.Errorf("native.syscall: with a wall left out it could reach the machine: use the other hands")
	case !filterRefuses(c):
		a.err = fmt.Errorf("native.syscall: system call %d is one that the worker needs for itself", number)
	}
	return h.onTarget(a, target, func() HandAnswer {
		_, out := h.call("syscall", c[0], c[1:]...)
		return out
	})
}
