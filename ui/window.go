package ui

import (
	"sealedroom/ui/kit/code"

	"sealedroom/ui/kit/words"

	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/inspector/session"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/editor"
	"sealedroom/ui/lesson"
	"sealedroom/ui/panes"
	"sealedroom/ui/picker"
	"sealedroom/ui/theme"
	"sealedroom/ui/walls"
)

// window is everything on screen, and what a person can do with it.
type window struct {
	app    fyne.App
	window fyne.Window
	live   *live
	store  *store

	editor    *editor.Editor
	limits    *limitsPanel
	inspector *panes.Inspector
	console   *panes.Console
	status    *status
	frames    *frames
	title     *theme.Label
	caret     *theme.Label
	run, halt *control.Button

	lesson  *lesson.Pane
	nextRun *nextRun
	pointer *pointer
	brand   fyne.CanvasObject
	picked  *picker.Button
	walk    *walk
	tools   fyne.CanvasObject

	// The caption over the editor.
	caption             *fyne.Container
	compare, undoChange *control.Link

	asked asked
	arrangement
	document
	lessons
	look
	shelved     func()    // shows other scenarios in an open picker
	ranRevision uint64    // of the text that was last run
	worded      time.Time // when words were shown last
	broken      []editor.Diagnostic
	dialogs     []dialog.Dialog // that are open, the topmost last
	trial       *walls.Pane     // of the walls, the last one; nil: there was none
}

func newWindow(a fyne.App, host *engine.Engine, store *store, onMain func(func())) *window {
	w := &window{app: a, window: a.NewWindow("Sealed Room"), store: store, pointer: newPointer(onMain), look: look{mode: theme.FollowSystem, scale: 1, large: presenterScale}}
	w.applyTheme()
	w.live = newLive(host, onMain, w.show)
	w.frames = &frames{}

	w.editor = code.NewEditor()
	w.editor.SetWrap(true)
	w.editor.Complete = w.complete
	w.editor.OnChanged = w.edited
	w.editor.OnCaret = w.caretMoved
	w.editor.OnDiagnostics = func(found []editor.Diagnostic) {
		w.broken = found
		w.caretMoved(w.editor.Caret())
	}
	w.editor.OnKey = w.typedKey
	w.editor.OnShortcut = w.shortcut
	w.editor.Drops = w.strayVerdict
	w.editor.Interrupt = func() bool {
		running := w.live.Running()
		w.Stop()
		return running
	}

	w.limits = newLimitsPanel(w.limitsChanged)
	w.limits.handsChanged = w.handsChanged
	w.inspector = panes.NewInspector(w.explain, w.live.Decide)
	w.inspector.Verdict.Control, w.inspector.Verdict.Guests, w.inspector.Verdict.Lift = w.showControl, w.liftable, w.lift
	w.inspector.Verdict.NameOf = controlName
	w.inspector.Calls.Open = w.openCall
	w.inspector.Rings.OnTapped = w.alone(w.showWalls)
	w.console = panes.NewConsole(w.openText)
	w.status = newStatus(w.alone(w.showWalls))
	w.buildLesson()
	w.buildTop()
	w.window.SetContent(w.layout())
	w.setMenu()
	w.window.SetCloseIntercept(w.askToClose)
	w.window.SetOnDropped(func(_ fyne.Position, files []fyne.URI) { w.dropped(files) })
	w.window.Canvas().SetOnTypedKey(w.typedKey)
	w.load("", Welcome)
	w.caretMoved(1, 1)
	w.progress = store.progress()
	w.showReading()
	w.show(&inspector.State{})
	return w
}

// buildTop makes what stands at the top.
func (w *window) buildTop() {
	w.run = control.NewIconButton("Run", fynetheme.MediaPlayIcon(), w.Run)
	w.run.Importance, w.run.Hint = widget.HighImportance, "Ctrl+Enter"
	w.halt = control.NewIconButton("Stop", fynetheme.MediaStopIcon(), w.Stop)
	w.halt.Hint = "Esc"
	w.brand = box.Inset(theme.NewLabel(theme.Bold, theme.RoleTeal, "▣ Sealed Room"), 6, 4)
	w.picked = picker.NewButton(w.pick)
	w.walk = newWalk(w.back, w.next)
	present, palette := control.NewTool(fynetheme.ViewFullScreenIcon(), w.togglePresenter), control.NewTool(fynetheme.ColorPaletteIcon(), w.nextTheme)
	present.Tip, palette.Tip = "Presenter mode (F5)", "Dark or light"
	w.tools = container.NewHBox(present, palette)
	for _, b := range []*control.Button{present, palette, w.walk.back, w.walk.next} {
		b.OnTip = func(on bool) { w.pointer.tip(b, on) }
	}
}

// ---- running ------------------------------------------------------------------

// Run runs what is in the editor under the limits of the panel.
func (w *window) Run() {
	text := w.editor.Text()
	if len(text) > engine.MaxSource {
		w.tell("This guest is too long", fmt.Errorf("a guest has at most %s", engine.FormatSize(engine.MaxSource)))
		return
	}
	setup := w.setup().Tidy() // the panel also keeps what has no effect
	if setup.Native {
		w.showSwitches()
	}
	failed := func(err error) { w.tell("The run could not start", err) }
	if err := w.live.start(setup, failed); err != nil {
		if !errors.Is(err, session.ErrRunning) {
			failed(err)
		}
		return
	}
	w.ran, w.last = w.scenario, &done{setup: setup}
	if setup.Native {
		if w.scenario != nil && !w.scenario.Setup.Native {
			w.ran = nil // native hands solve only scenarios that are about them
		}
		if w.ran == nil || len(setup.Without) > 0 {
			w.last = nil // no file says that a wall was left out
		}
	}
	w.keepDraft()
	w.store.keep(w.kept())
	w.ranRevision = w.editor.Revision()
	w.editor.SetMarks(nil)
	w.editor.SetErrorLine(0)
	w.frames.start()
	w.showRunning(true)
	w.typeInEditor()
}

// guestName is what the guest in the editor is called in stacks and reports.
func (w *window) guestName() string {
	switch {
	case w.path != "":
		return filepath.Base(w.path)
	case w.scenario != nil:
		return w.scenario.Name + ".js"
	}
	return "guest.js"
}

// Stop ends the run under way, if there is one.
func (w *window) Stop() { w.live.Stop() }

func (w *window) showRunning(running bool) {
	if running == w.run.Disabled() {
		return
	}
	w.halt.Importance = widget.MediumImportance
	if running {
		w.halt.Importance = widget.DangerImportance
		w.run.Disable()
	} else {
		w.run.Enable()
	}
	w.halt.Refresh()
}

// show puts a state on screen. It is called on the window's thread, as
// often as pictureAfter has it.
func (w *window) show(s *inspector.State) {
	began := time.Now()
	running := w.live.Running()
	if running && s.Waiting == nil && w.frames.skip() {
		return
	}
	w.inspector.Draw(s)
	waits := w.showAsking(s)
	if !running || waits || panes.WordsDue(s, began.Sub(w.worded)) {
		w.worded = began
		w.inspector.Show(s)
		w.console.Show(s)
		w.limits.show(s)
		w.status.show(s, w.live.host.Ready(), time.Since(began), w.frames.rate())
	}
	w.showRunning(running)
	if !running {
		w.frames.stop()
		if s.Ended != nil {
			w.mark(s)
			w.judge(s)
		}
	}
}

// mark shows in the editor what happened where, if it still shows what was run.
func (w *window) mark(s *inspector.State) {
	if w.editor.Revision() != w.ranRevision {
		return
	}
	marks, errorLine := panes.MarksOf(s, func(line int) int {
		line, _ = w.editor.FromJavaScript(line, 1)
		return line
	})
	w.editor.SetMarks(marks)
	w.editor.SetErrorLine(errorLine)
}

func (w *window) limitsChanged() {
	w.live.host.Warm(w.limits.limits)
	w.store.keepLimits(w.limits.limits, w.limits.grants.grants)
	w.store.keepAskFirst(w.limits.grants.askFirst)
	w.inspector.Preview(w.limits.grants.grants, w.limits.limits)
	w.showNextRun()
}

func (w *window) close() {
	w.frames.stop()
	w.pointer.close()
	w.store.close()
	w.endTrial()
	w.live.close()
}

// restore brings back what was there when the app was last closed, or crashed.
// It runs nothing.
func (w *window) restore() {
	w.store.restore(w)
	w.limits.Set(w.store.limits)
	w.limits.grants.Set(w.store.grants)
	w.limits.grants.SetAskFirst(on(w.store.askFirst))
	w.inspector.Preview(w.limits.grants.grants, w.limits.limits)
	text, ok := w.store.text()
	if folder := w.store.preferences.String(keyFolder); folder != "" {
		w.shelf.folder = folder
		w.readFolder(folder, nil)
	}
	if ok {
		w.loadKept(text)
	}
	w.showReading()
	w.arrange()
}

// ---- keys ---------------------------------------------------------------------

// typedKey does the keys that mean the same wherever the focus is.
func (w *window) typedKey(key *fyne.KeyEvent) {
	switch {
	case key.Name == fyne.KeyF11:
		w.toggleFullScreen()
	case w.busy():
		if key.Name == fyne.KeyEscape {
			w.closeTop()
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

func (w *window) toggleFullScreen() { w.window.SetFullScreen(!w.window.FullScreen()) }

// partID names a part of the window, whatever its title is.
type partID int

const (
	partEditor partID = iota
	partLimits
	partInspector
	partPicture
	partConsole
	partLesson
)

// part is a part of the window that the keyboard goes to.
type part struct {
	id    partID
	name  string
	focus func()
	has   func(fyne.Focusable) bool
}

// parts are those of the window, in order; not all need be in sight.
func (w *window) parts() []part {
	c := w.window.Canvas()
	is := func(o fyne.Focusable) func(fyne.Focusable) bool {
		return func(focused fyne.Focusable) bool { return focused == o }
	}
	return []part{
		{partEditor, "Editor", w.typeInEditor, is(w.editor)},
		{partLimits, "Limits", func() {
			if w.lessonOpen || w.presenting {
				w.showLimits(true)
			}
			w.limits.focus(c)
		}, w.limits.has},
		{partInspector, "Inspector", w.inspector.Tabs.Focus, func(fyne.Focusable) bool { return w.inspector.Tabs.Focused() }},
		{partPicture, "Room Picture", func() {
			w.inspector.Open(panes.ViewRoom)
			c.Focus(w.inspector.Picture)
		}, is(w.inspector.Picture)},
		{partConsole, "Console", func() {
			w.showLower(1)
			c.Focus(w.console.List)
		}, is(w.console.List)},
		{partLesson, "Lesson", func() {
			w.openLesson(true)
			w.pages.Select(0)
			w.lesson.Focus()
		}, w.lesson.Has},
	}
}

// hidden says whether a part is not there at the moment.
func (w *window) hidden(part partID) bool {
	switch part {
	case partLimits:
		return (w.presenting || w.lessonOpen) && !w.limitsBeside
	case partLesson:
		return !w.lessonOpen
	}
	return false
}

// nextPane moves the keyboard on to the next part of the window that is there.
func (w *window) nextPane() {
	parts, focused := w.parts(), w.window.Canvas().Focused()
	prompt := w.inspector.Asking
	if prompt.Visible() && (focused == nil || focused == fyne.Focusable(w.editor)) {
		w.window.Canvas().Focus(prompt) // what waits for the person comes after the editor
		return
	}
	if focused == fyne.Focusable(prompt) {
		focused = w.editor
	}
	at := slices.IndexFunc(parts, func(p part) bool { return focused != nil && p.has(focused) })
	for i := 1; i <= len(parts); i++ {
		if next := parts[(at+i)%len(parts)]; !w.hidden(next.id) {
			next.focus()
			return
		}
	}
}

func (w *window) typeInEditor() {
	w.showLower(0)
	w.window.Canvas().Focus(w.editor)
}

func (w *window) caretMoved(line, column int) {
	text := fmt.Sprintf("JAVASCRIPT · LN %d, COL %d", line, column)
	if n := len(w.broken); n > 0 {
		text = fmt.Sprintf("%s, line %d · ", words.Plural(n, "syntax error"), w.broken[0].Line) + text
	}
	w.caret.SetText(text)
}

// complete offers the globals that exist in this room.
func (w *window) complete(at editor.CompletionContext) []editor.Completion {
	return completions(at, w.limits.limits.Switches(), w.limits.grants.grants)
}
