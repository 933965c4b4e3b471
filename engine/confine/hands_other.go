//go:build !linux

package confine

import (
	"fmt"
	"os"
	"runtime"
)

func trimPages() {}

func makeThreads(int) int { return 0 }

// Sleep waits until standard input ends.
func Sleep() {
	_, _ = os.Stdout.WriteString("ready\n")
	_, _ = os.Stdin.Read(make([]byte, 1))
}

// HandsWork says whether native hands make system calls on this system.
const HandsWork = false

// try makes no call: the hands are Linux's system calls.
func (h *Hands) try(name string, _ *arguments) (HandAnswer, error) {
	return HandAnswer{}, fmt.Errorf("native.%s: native hands make Linux's system calls, and this is %s: try the walls with sealedroom walls", name, runtime.GOOS)
}
