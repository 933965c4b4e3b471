package ui

import (
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"go.uber.org/goleak"

	"sealedroom/engine"
	"sealedroom/engine/worker"
	"sealedroom/ui/control"
	"sealedroom/ui/document"
	"sealedroom/ui/theme"
)

// scriptVariable has the test binary play script as the app itself, on the
// display there is.
const scriptVariable = "SEALEDROOM_TEST_WINDOW"

var script func()

// The test binary is its own worker, and its own app on a real display.
func TestMain(m *testing.M) {
	if worker.Wanted() {
		worker.Main()
	}
	crashIfAsked()
	if os.Getenv(scriptVariable) != "" {
		script()
		os.Exit(0)
	}
	code := m.Run()
	if code == 0 {
		if err := goleak.Find(
			goleak.IgnoreTopFunction("sealedroom/engine/host.newSpawnThread.func1"),
			goleak.IgnoreAnyFunction("github.com/dlclark/regexp2/v2.runClock"),                          // ends by itself, later
			goleak.IgnoreTopFunction("fyne.io/fyne/v2/internal/async.(*UnboundedChan[...]).processing"), // for as long as the program lives
		); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			code = 1
		}
	}
	os.Exit(code)
}

// stage is a window without a display. What would run on its thread waits in
// work until the test plays it, as the real window's thread would.
type stage struct {
	*window
	app  fyne.App
	t    testing.TB
	work chan func()
}

// open shows a window of 1440×900 in the dark theme. Its session is kept in
// folder; "" keeps none.
func open(t testing.TB, folder string) *stage {
	t.Helper()
	app := test.NewTempApp(t)
	s := &stage{t: t, app: app, work: make(chan func(), 100)}
	onMain := func(f func()) { s.work <- f }
	s.window = newWindow(app, engine.New(), document.NewStore(app.Preferences(), folder, onMain), onMain)
	t.Cleanup(s.close)
	s.setAppearance(theme.AlwaysDark, 1)
	s.window.window.SetPadded(false)
	s.window.window.Resize(fyne.NewSize(1440, 900))
	return s
}

// close ends the window; what still waits for its thread is let go.
func (s *stage) close() {
	done := make(chan struct{})
	go func() {
		s.window.close()
		close(done)
	}()
	for {
		select {
		case <-s.work:
		case <-done:
			return
		}
	}
}

// play runs a guest to its end.
func (s *stage) play(source string) {
	s.t.Helper()
	s.document.Load("", source)
	s.Run()
	s.settleDown()
}

// settleDown plays what waits until the run is over and drawn.
func (s *stage) settleDown() {
	s.t.Helper()
	late := time.After(30 * time.Second)
	for s.live.Running() || len(s.work) > 0 || s.inspector.State.Ended == nil {
		select {
		case f := <-s.work:
			f()
		case <-time.After(5 * time.Millisecond):
		case <-late:
			s.t.Fatal("the run did not end")
		}
	}
	s.window.window.Content().Refresh()
}

// limit changes the limits.
func (s *stage) limit(limits engine.Limits, err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	s.settings.Set(limits)
}

// toggle is the switch that a link names.
func (s *stage) toggle(key string) *control.Toggle { return s.settings.Part(key).(*control.Toggle) }

// memory is what the settings show of the memory limit.
func (s *stage) memory() string { return strings.Join(drawn(s.settings.Part("memory")), " ") }

// rearrange arranges the window as a store keeps it.
func (s *stage) rearrange(store *document.Store) {
	layout := store.Layout(s.layoutNow())
	s.arrangement.restore(layout)
	s.look.restore(layout)
}

// What a store keeps where.
const (
	textFile, stashFile, progressFile = "text.json", "unsaved.json", "progress.json"
	keyLimits, keyGrants, keyAskFirst = "limits", "grants", "ask first"
	keyRecent, keyLesson, keyWidth    = "recent", "lesson", "width"
)
