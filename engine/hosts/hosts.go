// Package hosts knows the globals that other JavaScript hosts provide and this
// one does not. The isolate counts a property read of globalThis as an attempt
// at a blocked global only for these names, and what explains a run uses them to
// distinguish an attempt from a misspelt variable.
package hosts

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed names.txt
var names string

// provider maps each name to who provides it. A worker needs it only once a
// guest has missed a name.
var provider = sync.OnceValue(func() map[string]string {
	byName := map[string]string{}
	host := ""
	for line := range strings.Lines(names) {
		line = strings.TrimSpace(line)
		if heading, ok := strings.CutPrefix(line, "# "); ok {
			host = heading
			continue
		}
		for _, name := range strings.Fields(line) {
			byName[name] = host
		}
	}
	return byName
})

// Provider returns who provides a global of this name, as in "Node" or
// "browsers and Node"; "" if no host that we know of does.
func Provider(name string) string { return provider()[name] }

// Provide reports whether another host provides a global of this name, or this
// host does when it is granted or switched on.
func Provide(name string) bool { return Provider(name) != "" }
