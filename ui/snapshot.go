package ui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image/png"
	"os"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"sealedroom/engine"
	"sealedroom/ui/cli"
	"sealedroom/ui/document"
	"sealedroom/ui/panes"
	"sealedroom/ui/theme"
)

// viewWalls is the view that tries the walls, over the window.
const viewWalls = "Walls"

// Snapshot draws the real window into a picture, after running the document, or the text
// that a new window has.
// It needs no display.
func Snapshot(ctx context.Context, doc cli.Document, p cli.Picture) error {
	a := test.NewApp()
	defer a.Quit()
	// In the test driver every thread is the window's: drawing waits its turn
	// here instead.
	work := make(chan func(), 1)
	onMain := func(f func()) { work <- f }
	w := newWindow(a, engine.New(), document.NewStore(a.Preferences(), "", onMain), onMain)
	defer w.close()
	mode := theme.AlwaysDark
	if p.Light {
		mode = theme.AlwaysLight
	}
	w.setAppearance(mode, cmp.Or(p.Scale, 1))
	if doc == (cli.Document{}) {
		doc.Text = document.Welcome
	}
	w.open(doc)
	w.settings.Set(p.Limits)
	w.settings.Grants.Set(p.Grants)
	tryWalls := strings.EqualFold(p.View, viewWalls)
	view, known := w.inspector.Find(p.View)
	if known {
		w.inspector.Open(view)
		w.settings.SetProfile(view == panes.ViewProfile) // which is of no use without
	} else if p.View != "" && !tryWalls {
		return fmt.Errorf("there is no view %q: choose one of %s, %s", p.View, strings.Join(w.inspector.Names(), ", "), viewWalls)
	}
	if p.Present {
		w.togglePresenter()
	}
	w.window.SetPadded(false)
	w.window.Resize(fyne.NewSize(float32(p.Width), float32(p.Height)))
	awaitSpare(ctx, w.live.host, w.settings.Setup().Limits)
	w.Run()
	over := make(chan struct{})
	go func() {
		w.live.Wait() // its last picture is asked for by then
		close(over)
	}()
	for going := true; going || len(work) > 0; {
		select {
		case f := <-work:
			f()
		case <-over:
			going, over = false, nil
		case <-ctx.Done():
			w.Stop()
			return ctx.Err()
		}
	}
	for !w.lookback.ready() {
		select {
		case f := <-work:
			f()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if tryWalls {
		w.walls.Try()
		for w.walls.Trial.Busy() {
			select {
			case f := <-work:
				f()
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	w.window.Content().Refresh() // lays out what grew
	return draw(w.window.Canvas(), p)
}

// awaitSpare gives the picture the figures of a run that people see: with a
// spare worker at hand, as long as it comes soon.
func awaitSpare(ctx context.Context, host *engine.Engine, limits engine.Limits) {
	host.Warm(limits)
	late := time.After(3 * time.Second)
	for !host.Ready() {
		select {
		case <-time.After(5 * time.Millisecond):
		case <-late:
			return
		case <-ctx.Done():
			return
		}
	}
}

func draw(canvas fyne.Canvas, p cli.Picture) (err error) {
	picture := canvas.Capture()
	if size := picture.Bounds().Size(); size.X != p.Width || size.Y != p.Height {
		return fmt.Errorf("the window is drawn at %dx%d, not at %dx%d: give a larger --size", size.X, size.Y, p.Width, p.Height)
	}
	file, err := os.Create(p.Path)
	if err != nil {
		return fmt.Errorf("snapshot: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(file, picture)
}
