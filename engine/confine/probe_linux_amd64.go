package confine

import "golang.org/x/sys/unix"

const x32 = 0x40000000 // the bit of the x32 system call table

func addForArch(add func(also, name string, number uintptr, arguments ...uintptr), buffer, cwd, file uintptr) {
	add("", "change the processor's tables", unix.SYS_MODIFY_LDT, 0, buffer, 0)
	add("", "call by another table of system calls", x32|unix.SYS_OPENAT, cwd, file, 0)
}
