//go:build !linux

package confine

import (
	"fmt"
	"os"
	"runtime"
)

// sandboxes names what the system offers for walls, which is not used yet.
var sandboxes = map[string]string{
	"darwin":  "the sandbox of macOS (Seatbelt)",
	"windows": "an AppContainer with a job object",
}

// seal takes nothing away: the walls are not written yet for this system. The
// report says what native code could do therefore, and what would stop it.
func seal([]string) (walls []Wall, lacking []string) {
	offer := sandboxes[runtime.GOOS]
	if offer == "" {
		offer = "a sandbox of " + runtime.GOOS
	}
	return nil, []string{
		"files: native code in a worker could read and write what your user may; " + offer + " is not used yet",
		"network: it could connect to any address",
		"programs: it could start any program",
		"processes: it could end and inspect other processes of your user",
	}
}

func trimPages() {}

func probe(Target) []Attempt { return nil }

func makeThreads(int) int { return 0 }

// Sleep waits until standard input ends.
func Sleep() {
	_, _ = os.Stdout.WriteString("ready\n")
	_, _ = os.Stdin.Read(make([]byte, 1))
}

// HandsWork says whether native hands make system calls on this system.
const HandsWork = false

// try makes no call: here nothing would hold it.
func (h *Hands) try(name string, _ *arguments) (HandAnswer, error) {
	return HandAnswer{}, fmt.Errorf("native.%s: there are no outer walls on %s yet, so this call is not made", name, runtime.GOOS)
}
