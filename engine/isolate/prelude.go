package isolate

import (
	"embed"
	"strings"
)

//go:embed prelude
var preludeFiles embed.FS

// preludeParts are the prelude's files, in the order that they are joined:
// each uses what stands in those before it.
var preludeParts = []string{"primordials", "inspect", "tree", "console", "doors", "timers", "bridge", "host"}

// prelude is an expression: a function of the natives that returns the hooks.
var prelude = joinPrelude()

func joinPrelude() string {
	var b strings.Builder
	b.WriteString("(function prelude(native) {\n'use strict';\n")
	for _, name := range preludeParts {
		part, err := preludeFiles.ReadFile("prelude/" + name + ".js")
		if err != nil {
			panic(err) // embedded: only a misspelt part gets here
		}
		b.Write(part)
	}
	b.WriteString("})")
	return b.String()
}
