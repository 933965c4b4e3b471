package confine

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/windows"
)

// pipesEnv passes a worker the values of its inherited handles: Windows has no
// numbers for them that are the same in each process.
const pipesEnv = "SEALEDROOM_PIPES"

// Pipes returns a worker's ends of its pipes: orders, what it reports, and the guest
// with the answers to its calls. One that is missing is nil.
func Pipes() (in, out, guest *os.File) {
	var files [3]*os.File
	for i, text := range strings.SplitN(os.Getenv(pipesEnv), ",", len(files)) {
		if value, err := strconv.ParseUint(text, 16, 64); err == nil {
			files[i] = os.NewFile(uintptr(value), "host")
		}
	}
	return files[0], files[1], files[2]
}

func pipesVariable(pipes []windows.Handle) string {
	values := make([]string, len(pipes))
	for i, h := range pipes {
		values[i] = strconv.FormatUint(uint64(h), 16)
	}
	return pipesEnv + "=" + strings.Join(values, ",")
}
