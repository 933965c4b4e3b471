package ui

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"sealedroom/inspector"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
	"sealedroom/ui/walls"
)

// tryWalls has a worker try its walls, and lists what came of it. Closing the
// page ends that worker.
func (w *window) tryWalls() {
	pane := walls.New(w.live.host.TryWalls, w.live.onMain)
	w.trial = pane
	d := w.newDialog("Walls, tried by native code", pane.Object)
	d.SetOnClosed(pane.Close)
	var copied *control.Button
	copied = control.NewButton("Copy as Text", func() {
		if text := pane.Text(); text != "" {
			w.app.Clipboard().SetContent(text)
			copied.SetText("Copied ✓")
			time.AfterFunc(copiedFor, func() { w.live.onMain(func() { copied.SetText("Copy as Text") }) })
		}
	})
	d.SetButtons([]fyne.CanvasObject{
		control.NewButton("Try Again", pane.Try), copied, primary(control.NewButton("Close", func() { d.Hide() })),
	})
	size := w.window.Canvas().Size()
	d.Resize(fyne.NewSize(min(theme.Scaled(1000), size.Width*0.94), min(theme.Scaled(720), size.Height*0.92)))
	w.ask(d)
	w.window.Canvas().Focus(pane.Focus())
	pane.Try()
}

// showWalls lists the walls of the worker that ran.
func (w *window) showWalls() {
	try := control.NewButton("Try the Walls…", w.tryWalls)
	b := w.inspector.State.Started
	if b == nil {
		w.openProse("Walls", "Not known yet: a worker names its walls when it starts, each after an attempt of its own was refused. "+
			"Run a guest to see those of its worker, or have a worker try them.", try)
		return
	}
	v8 := inspector.DescribeV8(inspector.Line(b.V8), time.Now())
	var text strings.Builder
	text.WriteString(v8 + "\n")
	inspector.WriteStanding(&text, b.Walls, b.Lacking)
	w.openPage(fmt.Sprintf("Walls of worker %d", b.PID), walls.Standing(v8, b.Walls, b.Lacking), text.String(), try)
}

// endTrial ends a trial of the walls under way and waits for its worker.
func (w *window) endTrial() {
	if w.trial != nil {
		w.trial.Close()
		w.trial.Wait()
	}
}
