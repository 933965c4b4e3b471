package engine

import (
	"encoding/binary"
	"runtime"

	"sealedroom/engine/confine"
)

// smallProgram is an ELF program that makes a folder at this path and ends with
// confine.ProgramStatus; nil for a processor that it is not written for. It
// needs no library and no other file, so that it runs wherever a program may.
func smallProgram(folder string) []byte {
	code := map[string][]byte{
		"amd64": {
			0x48, 0x8d, 0x3d, 24, 0, 0, 0, // lea rdi, [the path]
			0xbe, 0xc0, 1, 0, 0, // mov esi, 0700
			0xb8, 83, 0, 0, 0, // mov eax, mkdir
			0x0f, 0x05, // syscall
			0xbf, confine.ProgramStatus, 0, 0, 0, // mov edi, the status
			0xb8, 60, 0, 0, 0, // mov eax, exit
			0x0f, 0x05, // syscall
		},
		"arm64": words(
			0x92800c60,                          // mov x0, AT_FDCWD
			0x100000e1,                          // adr x1, the path
			0x52803802,                          // mov w2, 0700
			0xd2800448,                          // mov x8, mkdirat
			0xd4000001,                          // svc 0
			0xd2800000|confine.ProgramStatus<<5, // mov x0, the status
			0xd2800ba8,                          // mov x8, exit
			0xd4000001,                          // svc 0
		),
	}[runtime.GOARCH]
	if code == nil {
		return nil
	}
	machine := map[string]uint16{"amd64": 62, "arm64": 183}[runtime.GOARCH]
	const base, headers = 0x400000, 64 + 56
	size := uint64(headers + len(code) + len(folder) + 1)
	// The header, and one segment: all of the file, to read and to run.
	out := []byte{0x7f, 'E', 'L', 'F', 2, 1, 1, 15: 0}
	for _, field := range []any{
		uint16(2), machine, uint32(1), uint64(base + headers), uint64(64), uint64(0), uint32(0),
		uint16(64), uint16(56), uint16(1), uint16(0), uint16(0), uint16(0),
		uint32(1), uint32(5), uint64(0), uint64(base), uint64(base), size, size, uint64(0x1000),
	} {
		out, _ = binary.Append(out, binary.LittleEndian, field)
	}
	return append(append(append(out, code...), folder...), 0)
}

func words(list ...uint32) (out []byte) {
	for _, word := range list {
		out = binary.LittleEndian.AppendUint32(out, word)
	}
	return out
}
