// Sealed Room runs untrusted JavaScript in V8 isolates and shows what holds it
// in. A process is a worker, a command or the window.
package main

import (
	"os"

	"sealedroom/engine/worker"
	"sealedroom/ui"
	"sealedroom/ui/cli"
)

func main() {
	if worker.Wanted() {
		worker.Main()
	}
	os.Exit(cli.Main(os.Args[1:], cli.Window{Open: ui.Open, Snapshot: ui.Snapshot}))
}
