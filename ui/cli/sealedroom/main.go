// Command sealedroom without a window: run, check, bench and walls, for machines
// without OpenGL.
package main

import (
	"os"

	"sealedroom/engine/worker"
	"sealedroom/ui/cli"
)

func main() {
	if worker.Wanted() {
		worker.Main()
	}
	os.Exit(cli.Main(os.Args[1:], cli.Window{}))
}
