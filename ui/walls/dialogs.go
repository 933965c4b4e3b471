package walls

import (
	"context"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/control"
	"sealedroom/ui/kit/dialogs"
)

// Dialogs are what a window shows of the walls.
type Dialogs struct {
	Over  *dialogs.Stack
	Host  func(context.Context) (engine.WallReport, error) // has a worker try its walls
	Trial *Pane                                            // the last one; nil: there was none
}

// Try has a worker try its walls, and lists what came of it. Closing the
// page ends that worker.
func (w *Dialogs) Try() {
	pane := New(w.Host, w.Over.OnMain)
	w.Trial = pane
	d := w.Over.New("Walls, tried by native code", pane.Object)
	d.SetOnClosed(pane.Close)
	var copied *control.Button
	copied = control.NewButton("Copy as Text", func() {
		if text := pane.Text(); text != "" {
			fyne.CurrentApp().Clipboard().SetContent(text)
			copied.SetText("Copied ✓")
			time.AfterFunc(dialogs.CopiedFor, func() { w.Over.OnMain(func() { copied.SetText("Copy as Text") }) })
		}
	})
	d.SetButtons([]fyne.CanvasObject{
		control.NewButton("Try Again", pane.Try), copied, dialogs.Primary(control.NewButton("Close", func() { d.Hide() })),
	})
	w.Over.Fit(d, 1000, 720)
	w.Over.Show(d)
	w.Over.Focus(pane.Focus())
	pane.Try()
}

// Show lists the walls of the worker that ran; nil: none has.
func (w *Dialogs) Show(b *engine.Started) {
	try := control.NewButton("Try the Walls…", w.Try)
	if b == nil {
		w.Over.Prose("Walls", "Not known yet: a worker names its walls when it starts, each after an attempt of its own was refused. "+
			"Run a guest to see those of its worker, or have a worker try them.", try)
		return
	}
	v8 := inspector.DescribeV8(inspector.Line(b.V8), time.Now())
	var text strings.Builder
	text.WriteString(v8 + "\n")
	inspector.WriteStanding(&text, b.Walls, b.Lacking)
	w.Over.Page(fmt.Sprintf("Walls of worker %d", b.PID), Standing(v8, b.Walls, b.Lacking), text.String(), try)
}

// Close ends a trial of the walls under way and waits for its worker.
func (w *Dialogs) Close() {
	if w.Trial != nil {
		w.Trial.Close()
		w.Trial.Wait()
	}
}
