package ui

import (
	"errors"
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/inspector/session"
	"sealedroom/ui/document"
	"sealedroom/ui/editor"
	"sealedroom/ui/kit/dialogs"
	"sealedroom/ui/kit/pointer"
	"sealedroom/ui/library"
	"sealedroom/ui/panes"
	"sealedroom/ui/settings"
	"sealedroom/ui/theme"
	"sealedroom/ui/walls"
)

// window is everything on screen, and what a person can do with it. It puts the
// parts together: what one part does is in its package.
type window struct {
	window   fyne.Window
	live     *live
	store    *document.Store
	document *document.Document
	dialogs  *dialogs.Stack
	pointer  *pointer.Pointer
	walls    *walls.Dialogs
	status   *status
	asking   *asking
	lookback *lookback
	many     *many
	*arrangement
	*look
	*topBar

	worded time.Time // when words were shown last
}

func newWindow(a fyne.App, host *engine.Engine, store *document.Store, onMain func(func())) *window {
	w := &window{window: a.NewWindow("Sealed Room"), store: store, pointer: pointer.New(onMain)}
	w.look = &look{mode: theme.FollowSystem, scale: 1, large: presenterScale, tips: w.pointer, changed: w.rearranged}
	w.applyTheme()
	w.live = newLive(host, onMain, w.show)
	w.arrangement = &arrangement{canvas: w.window.Canvas(), look: w.look, arranged: w.rearranged}
	w.dialogs = dialogs.New(w.window, onMain, w.typeInEditor)
	w.walls = &walls.Dialogs{Over: w.dialogs, Host: host.TryWalls}

	w.source = newSource(func() { w.library.Compare() }, func() { w.library.RestoreGuest() })
	w.look.code = w.editor
	w.settings = settings.New()
	w.document = document.New(w.editor, store, w.dialogs)
	w.library = library.New(w.document, w.settings, w.dialogs, w.pointer, store)
	w.inspector = panes.NewInspector(w.explain, w.live.Decide)
	w.console = panes.NewConsole(func(title, text string, parts *engine.Node) { panes.OpenText(w.dialogs, title, text, parts) })
	w.status = newStatus(w.dialogs.Alone(w.showWalls))
	w.topBar = newTopBar(w.Run, w.Stop, w.togglePresenter, w.nextTheme, w.library, w.pointer)
	w.asking = &asking{arrangement: w.arrangement, dialogs: w.dialogs}
	w.lookback = newLookback(w.live, w.arrangement, w.document, w.dialogs, w.show)
	w.many = newMany(w.live, w.arrangement, w.document, w.dialogs, w.lookback, w.status, w.pointer, w.showRunning)
	w.connect()

	w.window.SetContent(w.layout(w.bar, w.status.object, w.pointer.Layer, w.pointer.Tips))
	w.setMenu()
	w.document.Load("", document.Welcome)
	w.library.ShowReading()
	w.show(&inspector.State{})
	return w
}

// connect says what each part has the others do.
func (w *window) connect() {
	w.editor.Complete = func(at editor.CompletionContext) []editor.Completion {
		kept := w.settings.Kept()
		return completions(at, kept.Limits.Switches(), kept.Grants)
	}
	w.editor.OnChanged = w.document.Edited
	w.editor.OnKey = w.typedKey
	w.editor.OnShortcut = w.shortcut
	w.editor.Interrupt = func() bool {
		running := w.live.Running()
		w.Stop()
		return running
	}

	w.settings.Changed, w.settings.HandsChanged, w.settings.SamplesChanged = w.settingsChanged, w.handsChanged, w.setMenu

	verdict := w.inspector.Verdict
	verdict.Control, verdict.NameOf = w.showControl, settings.NameOf
	verdict.Guests, verdict.Lift = w.library.Liftable, w.library.Lift
	w.inspector.Calls.Open = func(c inspector.Call) { panes.OpenCall(w.dialogs, c) }
	w.inspector.Profile.GoTo, w.inspector.Profile.Sample = w.goTo, func() { w.sample(true) }
	w.inspector.Rings.OnTapped = w.dialogs.Alone(w.showWalls)

	w.document.ShowRecording = w.lookback.open
	w.document.Forget, w.document.Titled, w.document.Recent, w.document.Typed = w.forgetRun, w.retitle, w.setMenu, w.typeInEditor

	w.library.ShowLesson, w.library.ShowOneRoom, w.library.ShowSwitches = w.showLesson, w.many.leave, w.showSwitches
	w.library.ToggleLimits, w.library.Read, w.library.News = w.toggleLimits, w.read, w.markNews
	w.library.ShowRooms = w.many.openScenario
	w.library.Point, w.library.Clear, w.library.Counted = w.pointAt, w.live.clear, w.status.setProgress

	w.window.SetCloseIntercept(w.askToClose)
	w.window.SetOnDropped(func(_ fyne.Position, files []fyne.URI) { w.document.Dropped(files) })
	w.window.Canvas().SetOnTypedKey(w.typedKey)
}

// ---- running ------------------------------------------------------------------

// Run runs what is in the editor under the limits of the panel.
func (w *window) Run() {
	if w.several {
		w.many.grid.RunAll()
		return
	}
	if len(w.document.Text()) > engine.MaxSource {
		w.dialogs.Tell("This guest is too long", fmt.Errorf("a guest has at most %s", engine.FormatSize(engine.MaxSource)))
		return
	}
	setup := w.library.Setup().Tidy() // the panel also keeps what has no effect
	if setup.Native {
		w.showSwitches()
	}
	failed := func(err error) { w.dialogs.Tell("The run could not start", err) }
	if err := w.live.start(setup, failed); err != nil {
		if !errors.Is(err, session.ErrRunning) {
			failed(err)
		}
		return
	}
	w.lookback.began()
	w.library.Began(setup)
	w.document.Draft()
	w.document.Keep()
	w.began()
	w.status.frames.start()
	w.showRunning(true)
	w.typeInEditor()
}

// Stop ends the run under way, if there is one; where several rooms are shown, all of
// theirs.
func (w *window) Stop() {
	w.live.Stop()
	w.many.grid.StopAll()
}

// show puts a state on screen. It is called on the window's thread, as
// often as panes.PictureAfter says.
func (w *window) show(s *inspector.State) {
	began := time.Now()
	running := w.live.Running()
	if w.lookback.hides(s) {
		return
	}
	if running && s.Waiting == nil && w.status.frames.skip() {
		return
	}
	w.inspector.Draw(s)
	waits := !s.Recorded && w.asking.update(s)
	if !running || waits || panes.WordsDue(s, began.Sub(w.worded)) {
		w.worded = began
		w.inspector.Show(s)
		w.console.Show(s)
		w.settings.Show(s)
		w.status.show(s, w.live.host.Ready(), time.Since(began))
	}
	w.showRunning(running || w.many.busy())
	if !running {
		w.status.frames.stop()
		if s.Ended != nil || s.Recorded {
			w.mark(s)
			w.warm(s)
		}
		if s.Ended != nil && !s.Recorded {
			w.library.Judge(s)
			w.lookback.offer()
		}
	}
}

// forgetRun clears everything that shows a run: verdict, console, room, marks; and
// the next one has no native hands. It is the one place where a former run is
// forgotten.
func (w *window) forgetRun() {
	w.lookback.forget()
	w.live.clear()
	w.unmark()
	w.library.ForgetRun()
	w.settings.SetHands(false)
}

// ---- what changes the next run ---------------------------------------------------

// settingsChanged keeps what the next run is made of, and shows it.
func (w *window) settingsChanged() {
	setup := w.settings.Kept()
	w.live.host.Warm(setup.Limits)
	w.store.KeepRoom(setup)
	w.inspector.Preview(setup.Grants, setup.Limits)
	w.library.ShowNextRun()
}

// handsChanged shows what the next run is, after a switch of native hands.
func (w *window) handsChanged() {
	setup := w.settings.Setup()
	w.inspector.Breach = nil
	if setup.Native {
		w.inspector.Breach = &engine.Breach{Without: setup.Without}
		w.showSwitches()
	}
	w.showWallsOff(len(setup.Without))
	w.settingsChanged()
	w.window.Content().Refresh()
	w.setMenu()
}

// showControl opens the settings and points at a control of them.
func (w *window) showControl(key string) {
	w.showLimits(true)
	w.window.Content().Refresh()
	w.pointer.At(w.settings.Part(key))
}

// pointAt opens a part of the window, one of presets.Parts, and points at it.
func (w *window) pointAt(part string) {
	opened := w.openPart(part)
	w.window.Content().Refresh() // lays out what was opened
	w.pointer.At(opened)
}

// ---- what is shown -----------------------------------------------------------------

// explain shows the paragraph behind a verdict, and the way to read on.
func (w *window) explain(title, text string) {
	w.dialogs.Prose(title, text, w.library.ReadOn(w.inspector.State)...)
}

// showWalls lists the walls of the worker that ran.
func (w *window) showWalls() { w.walls.Show(w.inspector.State.Started) }

// retitle brings up to date what names the document.
func (w *window) retitle() {
	name, guest := w.document.Title()
	w.setTitle(guest, w.document.Changed())
	w.setFile(w.document.GuestName())
	if w.window.Title() != name+" — Sealed Room" {
		w.window.SetTitle(name + " — Sealed Room")
	}
}

// rearranged shows and keeps what is open, and how it looks.
func (w *window) rearranged() {
	w.store.KeepLayout(w.layoutNow())
	w.window.Content().Refresh()
	w.setMenu()
}

// togglePresenter goes between the window for one person and the one for a room
// full of people: larger text, the lesson or the guest's code, and the run with
// all its views.
func (w *window) togglePresenter() {
	w.presenting = !w.presenting
	w.applyTheme()
	w.place()
	w.rearranged()
	w.read()
}

func (w *window) toggleFullScreen() { w.window.SetFullScreen(!w.window.FullScreen()) }

// typedKey does the keys that mean the same wherever the focus is.
func (w *window) typedKey(key *fyne.KeyEvent) {
	switch {
	case key.Name == fyne.KeyF11:
		w.toggleFullScreen()
	case w.dialogs.Busy():
		if key.Name == fyne.KeyEscape {
			w.dialogs.CloseTop()
		}
	case key.Name == fyne.KeyEscape:
		w.Stop()
	case key.Name == fyne.KeyF1:
		w.inspector.Verdict.Explain()
	case key.Name == fyne.KeyF5:
		w.togglePresenter()
	case key.Name == fyne.KeyF6:
		w.nextPane()
	}
}

// ---- from start to end ---------------------------------------------------------------

// restore brings back what was there when the app was last closed, or crashed.
// It runs nothing.
func (w *window) restore() {
	usual := w.layoutNow()
	usual.Lesson = true
	layout := w.store.Layout(usual)
	w.arrangement.restore(layout)
	w.look.restore(layout)
	room := w.store.Room()
	w.settings.Set(room.Limits)
	w.settings.Grants.Set(room.Grants)
	w.settings.Grants.SetAskFirst(room.AskFirst)
	w.settings.SetProfile(room.Profile)
	w.inspector.Preview(room.Grants, room.Limits)
	text, ok := w.store.Text()
	w.library.Restore()
	if ok {
		w.document.LoadKept(text)
	}
	w.library.ShowReading()
	w.place()
	w.rearranged()
}

// askToClose closes the window, and asks first where something was not saved.
func (w *window) askToClose() {
	w.document.AskToClose(func() {
		w.store.KeepLayout(w.layoutNow())
		w.store.KeepFrame(w.window)
		w.window.Close()
	})
}

func (w *window) close() {
	w.status.frames.stop()
	w.timeline.Close()
	w.pointer.Close()
	w.store.Close()
	w.walls.Close()
	w.many.grid.Close()
	w.live.close()
}
