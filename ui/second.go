package ui

import (
	"os"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"

	"sealedroom/ui/cli"
	"sealedroom/ui/document"
	"sealedroom/ui/instance"
	"sealedroom/ui/kit/dialogs"
)

// handOver has the window that is open already open the document; done says that
// it does. Otherwise this process is the first, or, with first nil, has a window
// of its own.
func handOver(a fyne.App, d cli.Document) (first *instance.First, done bool) {
	if d.Own {
		return nil, false
	}
	folder := filepath.Join(a.Storage().RootURI().Path(), "instance")
	first, err := instance.Claim(folder, os.Getenv("WAYLAND_DISPLAY")+" "+os.Getenv("DISPLAY"), instance.Request{Argument: d.Argument})
	if err != nil {
		fyne.LogError("this start opens a window of its own", err)
		return nil, false
	}
	return first, first == nil
}

// laterStarts is what the window does with what later starts were given.
type laterStarts struct {
	window   fyne.Window
	document *document.Document
	dialogs  *dialogs.Stack
	open     func(cli.Document)
	onMain   func(func())
}

// take shows the window and opens, as the menu would, what a later start was
// given. It is called on any goroutine; false says that the window is closed.
func (l laterStarts) take(argument string, over <-chan struct{}) bool {
	shown := make(chan struct{})
	l.onMain(func() {
		l.window.RequestFocus()
		l.openAlone(argument)
		close(shown)
	})
	select {
	case <-shown:
		return true
	case <-over:
		return false
	}
}

// openAlone opens it once no dialog is open.
func (l laterStarts) openAlone(argument string) {
	switch {
	case argument == "":
	case l.dialogs.Busy():
		time.AfterFunc(200*time.Millisecond, func() { l.onMain(func() { l.openAlone(argument) }) })
	default:
		d, err := cli.OpenDocument(argument)
		if err != nil {
			l.dialogs.Tell("The file was not opened", err)
			return
		}
		l.document.AskToReplace(func() { l.open(d) })
	}
}
