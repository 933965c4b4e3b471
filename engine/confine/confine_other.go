//go:build !linux && !windows && !darwin

package confine

import "runtime"

// seal takes nothing away: there are no walls for this system. The report says what
// native code could do therefore.
func seal([]string) (walls []Wall, lacking []string) {
	return nil, []string{
		"files: native code in a worker could read and write what your user may; a sandbox of " + runtime.GOOS + " is not used yet",
		"network: it could connect to any address",
		"programs: it could start any program",
		"processes: it could end and inspect other processes of your user",
	}
}

func probe(Target) []Attempt { return nil }
