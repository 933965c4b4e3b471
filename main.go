// Sealed Room runs untrusted JavaScript in V8 isolates and shows what holds it
// in. A process is a worker, a command or the window.
package main

import (
	"context"
	"os"

	"sealedroom/engine/worker"
	"sealedroom/ui"
	"sealedroom/ui/cli"
)

func main() {
	if worker.Wanted() {
		worker.Main()
	}
	os.Exit(cli.Main(os.Args[1:], window))
}

var window = cli.Window{
	Open: func(ctx context.Context, document cli.Document) error {
		return ui.Open(ctx, ui.Document(document))
	},
	Snapshot: func(ctx context.Context, document cli.Document, picture cli.Picture) error {
		return ui.Snapshot(ctx, ui.Document(document), ui.Picture(picture))
	},
}
