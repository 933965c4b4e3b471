// Package ui is the window.
//
// It is composition only: window.go puts the parts together and says what a person
// can do with them; arrange.go and parts.go have what stands where; live.go carries
// a run in a session.Room to the screen; source.go is the editor under its caption,
// topbar.go, menu.go and status.go are what is around it. What is composed has a
// package each: panes show a run, settings edit the next one, document holds the
// file in the editor, library the scenarios; editor, chart and room are widgets
// drawn from scratch. Data flows one way: engine events fold into inspector.State,
// and show(state) puts it on screen.
package ui

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"github.com/go-gl/glfw/v3.4/glfw"

	"sealedroom/assets"
	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/cli"
	"sealedroom/ui/display"
	"sealedroom/ui/document"
	"sealedroom/ui/instance"
	"sealedroom/ui/kit/stockkeys"
)

// AppID names the app to the system, and its preferences.
const AppID = "io.sealedroom.app"

// Open shows the window until it is closed or ctx ends. The document is loaded,
// not run.
// The error says that there is no display to show it on.
func Open(ctx context.Context, d cli.Document) error {
	spareMemory()
	unchecked()
	if cache, err := os.UserCacheDir(); err == nil {
		_ = os.MkdirAll(cache, 0o700) // Fyne makes its folder in it, and complains on a new account that has none
	}
	a := app.NewWithID(AppID)
	a.SetIcon(assets.Icon)
	first, done := handOver(a, d)
	if done {
		return nil
	}
	note, err := keepCrashes(a.Storage().RootURI().Path())
	if err != nil {
		fyne.LogError("a crash would leave no note", err)
	}
	store := document.NewStore(a.Preferences(), a.Storage().RootURI().Path(), fyne.Do)
	display.SetScale(store.DisplayScale())
	w := newWindow(a, engine.NewBesideWindow(), store, fyne.Do)
	if err := flatSurface(); err != nil {
		w.close()
		return err
	}
	w.restore()
	w.open(d)
	w.window.Resize(w.store.Size())
	if place, known := w.store.Place(); known {
		display.Move(w.window, place)
	}
	w.window.SetFullScreen(w.store.FullScreen())
	w.typeInEditor()
	over := make(chan struct{})
	a.Lifecycle().SetOnStarted(func() {
		stockkeys.Catch(w.window, w.typedKey)
		w.typeInEditor()
		sayCrash(w.dialogs, note)
		w.live.host.Warm(w.settings.Setup().Limits)
		go w.status.watch(w.live.host.Ready, fyne.Do, over)
		if first != nil {
			later := laterStarts{w.window, w.document, w.dialogs, w.open, fyne.Do}
			first.Serve(func(r instance.Request) bool { return later.take(r.Argument, over) })
		}
		context.AfterFunc(ctx, func() { fyne.Do(a.Quit) })
	})
	w.window.ShowAndRun()
	close(over)
	if first != nil {
		if err := first.Close(); err != nil {
			fyne.LogError("the next start may not open a window of its own", err)
		}
	}
	w.close()
	return nil
}

// open loads what the app was started with. Text that was being worked on is
// put aside.
func (w *window) open(d cli.Document) {
	if d.Path != "" || d.Text != "" || d.Scenario != nil || d.Recording != "" {
		w.document.PutAside()
	}
	switch {
	case d.Scenario != nil:
		w.library.Show(d.Scenario)
	case d.Recording != "":
		w.document.OpenPath(d.Recording)
	case d.Path != "" || d.Text != "":
		w.library.Leave()
		w.document.Load(d.Path, d.Text)
		w.document.SayConverted(d.Path, d.Format)
	}
	if d.Folder != "" {
		w.library.ReadFolder(d.Folder, w.library.Pick) // its errors are seen there, too
	}
}

// spareMemory has garbage collected more often than Go would: the app is to
// stay small while guests flood it, and has the time.
func spareMemory() { debug.SetGCPercent(35) }

// unchecked has Fyne take for granted that all calls come from the
// window's thread. The tests hold the window to it; checking each call again
// takes a tenth of the time that a frame has.
func unchecked() {
	app.SetMetadata(fyne.AppMetadata{
		ID: AppID, Name: "Sealed Room", Version: inspector.AppVersion, Icon: assets.Icon,
		Migrations: map[string]bool{"fyneDo": true},
	})
}

// flatSurface has windows made from now on without depth and stencil. Fyne uses
// neither and clears both for each frame, which takes another tenth of it where
// no graphics card draws. There must be a window already, not shown yet: before,
// Fyne does not set in GLFW which display to use.
// The error says that there is no display, of which Fyne would die.
func flatSurface() error {
	if err := glfw.Init(); err != nil { // nothing, where Fyne has done it
		return fmt.Errorf("no window can be shown: %w; set DISPLAY or WAYLAND_DISPLAY, or use 'sealedroom run FILE'", err)
	}
	glfw.WindowHint(glfw.DepthBits, 0)
	glfw.WindowHint(glfw.StencilBits, 0)
	return nil
}
