//go:build linux && !amd64

package confine

func addForArch(func(also, name string, number uintptr, arguments ...uintptr), uintptr, uintptr, uintptr) {
}
