// Package ui is the window.
//
// Where things are: window.go puts the parts together and says what a person
// can do; live.go runs guests in the background and feeds the screen; each
// part has a file (limits.go, verdict.go, inspectorpane.go, consolepane.go …)
// and takes a State to show; the widgets that are drawn from scratch have a
// package each (editor, chart, room). Data flows one way: engine events fold
// into inspector.State, and show(state) puts it on screen.
package ui

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"github.com/go-gl/glfw/v3.4/glfw"

	"sealedroom/assets"
	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/cli"
)

// AppID names the app to the system, and its preferences.
const AppID = "io.sealedroom.app"

// Welcome is what the editor shows when there is nothing else.
const Welcome = `// Everything here is untrusted. Press Run, and see what holds it in.
console.log('hello from inside the room');

try { process.env.SECRET_API_KEY } catch (e) { console.warn(e.message) }
try { eval('1 + 1') } catch (e) { console.warn(e.message) }

const kept = [];
for (let i = 0; i < 3e5; i++) kept.push({ i });
kept.length = 0;

10 + 20;
`

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
	note, err := keepCrashes(a.Storage().RootURI().Path())
	if err != nil {
		fyne.LogError("a crash would leave no note", err)
	}
	w := newWindow(a, engine.NewBesideWindow(), newStore(a.Preferences(), a.Storage().RootURI().Path(), fyne.Do), fyne.Do)
	if err := flatSurface(); err != nil {
		w.close()
		return err
	}
	w.restore()
	w.open(d)
	w.window.Resize(w.store.size())
	w.window.SetFullScreen(w.store.preferences.Bool(keyFull))
	w.typeInEditor()
	over := make(chan struct{})
	a.Lifecycle().SetOnStarted(func() {
		w.catchKeys()
		w.typeInEditor()
		w.sayCrash(note)
		w.live.host.Warm(w.limits.limits)
		go w.watchSpare(over)
		context.AfterFunc(ctx, func() { fyne.Do(a.Quit) })
	})
	w.window.ShowAndRun()
	close(over)
	w.close()
	return nil
}

// watchSpare keeps the status line true while nothing else is drawn.
func (w *window) watchSpare(over chan struct{}) {
	ticker := time.NewTicker(300 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-over:
			return
		case <-ticker.C:
		}
		if w.live.host.Ready() != w.status.ready.Load() {
			w.live.onMain(func() { w.status.tellSpare(w.live.host.Ready()) })
		}
	}
}

// open loads what the app was started with. Text that was being worked on is
// put aside.
func (w *window) open(d cli.Document) {
	if d.Path != "" || d.Text != "" || d.Scenario != nil {
		if w.scenario != nil {
			w.keepDraft()
		} else if w.dirty() {
			w.store.stash(w.kept())
		}
	}
	switch {
	case d.Scenario != nil:
		w.showScenario(d.Scenario)
	case d.Path != "" || d.Text != "":
		w.leaveScenario()
		w.load(d.Path, d.Text)
		w.sayConverted(d.Path, d.Format)
	}
	if d.Folder != "" {
		w.readFolder(d.Folder, w.pick) // its errors are seen there, too
	}
}

// spareMemory has garbage collected more often than Go would: the app is to
// stay small while guests flood it, and has the time.
func spareMemory() { debug.SetGCPercent(35) }

// unchecked has Fyne take for granted that all it is told comes from the
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
// Fyne has not told GLFW which display to use.
// The error says that there is no display, of which Fyne would die.
func flatSurface() error {
	if err := glfw.Init(); err != nil { // nothing, where Fyne has done it
		return fmt.Errorf("no window can be shown: %w; set DISPLAY or WAYLAND_DISPLAY, or use 'sealedroom run FILE'", err)
	}
	glfw.WindowHint(glfw.DepthBits, 0)
	glfw.WindowHint(glfw.StencilBits, 0)
	return nil
}
