package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/editor"
	"sealedroom/ui/theme"
)

// window is everything on screen, and what a person can do with it.
type window struct {
	app     fyne.App
	window  fyne.Window
	live    *live
	session *session

	editor    *editor.Editor
	limits    *limitsPanel
	inspector *inspectorPane
	console   *consolePane
	status    *status
	title     *theme.Label
	caret     *theme.Label
	run, halt *widget.Button
	columns   *container.Split // editor and the rest
	right     *container.Split // limits and inspector
	left      *container.Split // editor and console

	path   string // of the file that is open; "" for none
	saved  string // its text as last saved or loaded
	mode   theme.Mode
	scale  float32
	ran    string // the text that was last run
	broken []editor.Diagnostic
}

func newWindow(a fyne.App, host *engine.Engine, onMain func(func())) *window {
	w := &window{app: a, window: a.NewWindow("Sealed Room"), mode: theme.FollowSystem, scale: 1}
	applyTheme(a, w.mode, w.scale)
	w.session = newSession(a.Preferences())
	w.live = &live{host: host, onMain: onMain, draw: w.show}

	w.editor = editor.New()
	w.editor.Palette = editorPalette
	w.editor.Complete = w.complete
	w.editor.OnChanged = w.edited
	w.editor.OnCaret = func(line, column int) { w.caret.SetText(fmt.Sprintf("JAVASCRIPT · LN %d, COL %d", line, column)) }
	w.editor.OnDiagnostics = func(found []editor.Diagnostic) { w.broken = found }
	w.editor.OnKey = func(key *fyne.KeyEvent) {
		if key.Name == fyne.KeyEscape {
			w.Stop()
		}
	}
	w.editor.OnShortcut = w.shortcut

	w.limits = newLimitsPanel(w.limitsChanged)
	w.inspector = newInspectorPane()
	w.console = newConsolePane(w.openText)
	w.status = newStatus()
	w.window.SetContent(w.layout())
	w.window.SetMainMenu(w.menu())
	w.window.SetCloseIntercept(w.askToClose)
	w.window.SetOnDropped(func(_ fyne.Position, files []fyne.URI) {
		if len(files) > 0 {
			w.askToReplace(func() { w.openPath(files[0].Path()) })
		}
	})
	w.window.Canvas().SetOnTypedKey(func(key *fyne.KeyEvent) {
		if key.Name == fyne.KeyEscape {
			w.Stop()
		}
	})
	w.load(Document{Text: Welcome})
	w.show(&inspector.State{})
	host.Warm(w.limits.limits)
	return w
}

func (w *window) layout() fyne.CanvasObject {
	w.title = theme.Cut(theme.Bold, theme.RoleText, "")
	w.caret = caption("JAVASCRIPT")
	w.run = widget.NewButtonWithIcon("Run  Ctrl+Enter", fynetheme.MediaPlayIcon(), w.Run)
	w.run.Importance = widget.HighImportance
	w.halt = widget.NewButtonWithIcon("Stop  Esc", fynetheme.MediaStopIcon(), w.Stop)
	brand := theme.NewLabel(theme.Bold, theme.RoleTeal, "▣ Sealed Room")
	appearance := widget.NewButtonWithIcon("", fynetheme.ColorPaletteIcon(), w.nextTheme)
	bar := container.NewBorder(nil, nil, container.NewHBox(inset(brand, 6, 4), w.run, w.halt), appearance, inset(w.title, 10, 4))
	top := container.NewStack(theme.NewFill(theme.RolePanel, nil, 0), inset(bar, 6, 5))

	source := pane(caption("GUEST CODE — UNTRUSTED"), w.caret, container.New(anyWidth{260}, w.editor))
	w.left = container.NewVSplit(source, container.New(anyWidth{200}, w.console.object))
	w.left.Offset = 0.74
	w.right = container.NewHSplit(container.New(anyWidth{190}, w.limits.object), w.inspector.object)
	w.right.Offset = 0.28
	w.columns = container.NewHSplit(w.left, w.right)
	w.columns.Offset = 0.41
	return container.NewStack(theme.NewFill(theme.RoleGround, nil, 0),
		container.NewBorder(container.New(tight{}, top, rule()), container.New(tight{}, rule(), w.status.object), nil, nil, w.columns))
}

// ---- running ------------------------------------------------------------------

// Run runs what is in the editor under the limits of the panel.
func (w *window) Run() {
	text := w.editor.Text()
	if len(text) > engine.MaxSource {
		w.tell("This guest is too long", fmt.Errorf("a guest has at most %s", engine.FormatSize(engine.MaxSource)))
		return
	}
	name := "guest.js"
	if w.path != "" {
		name = filepath.Base(w.path)
	}
	w.session.keep(text, w.limits.limits)
	if !w.live.start(engine.Guest{Name: name, Source: text}, w.limits.limits, func(err error) { w.tell("The run could not start", err) }) {
		return
	}
	w.ran = text
	w.editor.SetMarks(nil)
	w.editor.SetErrorLine(0)
	w.run.Disable()
	w.halt.Importance = widget.DangerImportance
	w.halt.Refresh()
}

// Stop ends the run under way, if there is one.
func (w *window) Stop() { w.live.stop() }

// show puts a state on screen. It is called on the window's thread, at most
// framesPerSecond times a second.
func (w *window) show(s *inspector.State) {
	began := time.Now()
	w.inspector.show(s)
	w.console.show(s)
	if !w.live.running() {
		w.run.Enable()
		w.halt.Importance = widget.MediumImportance
		w.halt.Refresh()
		if s.Ended != nil {
			w.mark(s)
		}
	}
	w.status.show(s, w.live.host.Ready(), time.Since(began))
}

// mark shows in the editor what happened where, if it still shows what was run.
func (w *window) mark(s *inspector.State) {
	if w.editor.Text() != w.ran {
		return
	}
	marks, errorLine := marksOf(s)
	w.editor.SetMarks(marks)
	w.editor.SetErrorLine(errorLine)
}

// mostMarks keeps the gutter of a hostile guest readable.
const mostMarks = 200

func marksOf(s *inspector.State) (marks []editor.Mark, errorLine int) {
	seen := map[editor.Mark]bool{}
	add := func(line int, kind editor.MarkKind, note string) {
		m := editor.Mark{Line: line, Kind: kind, Note: note}
		if line > 0 && len(marks) < mostMarks && !seen[m] {
			seen[m] = true
			marks = append(marks, m)
		}
	}
	for _, b := range s.Places {
		note := inspector.Line(b.Name)
		if b.Count > 1 {
			note += fmt.Sprintf(" ×%d", b.Count)
		}
		add(b.Line, editor.MarkBlocked, note)
	}
	lines := map[int]int{}
	for _, c := range s.Console {
		lines[c.Line]++
	}
	for line, n := range lines {
		note := "1 line"
		if n > 1 {
			note = fmt.Sprintf("%d lines", n)
		}
		add(line, editor.MarkConsole, note)
	}
	e := s.Ended
	if e.Error != nil {
		add(e.Error.Line, editor.MarkThrown, inspector.Line(shortened(e.Error.Message, 60)))
		errorLine = e.Error.Line
	}
	if e.StoppedLine > 0 {
		add(e.StoppedLine, editor.MarkStopped, string(e.Outcome))
		errorLine = e.StoppedLine
	}
	return marks, errorLine
}

func shortened(text string, n int) string {
	runes := []rune(text)
	if len(runes) > n {
		return string(runes[:n]) + "…"
	}
	return text
}

func (w *window) limitsChanged() {
	w.live.host.Warm(w.limits.limits)
	w.session.keep(w.editor.Text(), w.limits.limits)
}

// ---- the document ----------------------------------------------------------------

func (w *window) load(d Document) {
	w.path, w.saved = d.Path, d.Text
	w.editor.SetText(d.Text)
	w.retitle()
}

func (w *window) dirty() bool { return w.editor.Text() != w.saved }

func (w *window) edited() {
	w.session.later(w.editor.Text, w.limits.limits)
	w.retitle()
}

func (w *window) retitle() {
	name := "untitled.js"
	if w.path != "" {
		name = inspector.Line(filepath.Base(w.path))
	}
	if w.dirty() {
		name += " •"
	}
	w.title.SetText(name)
	w.window.SetTitle(name + " — Sealed Room")
}

// openPath loads a file. What cannot be read leaves the editor as it is.
func (w *window) openPath(path string) {
	text, err := readSource(path)
	if err != nil {
		w.tell("The file was not opened", err)
		return
	}
	w.load(Document{Path: path, Text: text})
	w.session.remember(path)
	w.window.SetMainMenu(w.menu())
}

func readSource(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is not a file", filepath.Base(path))
	}
	if info.Size() > engine.MaxSource {
		return "", fmt.Errorf("%s is longer than a guest may be: at most %s", filepath.Base(path), engine.FormatSize(engine.MaxSource))
	}
	data, err := os.ReadFile(path)
	return string(data), err
}

func (w *window) openDialog() {
	w.askToReplace(func() {
		d := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
			if err != nil {
				w.tell("The file was not opened", err)
			}
			if file == nil || err != nil {
				return
			}
			_ = file.Close()
			w.openPath(file.URI().Path())
		}, w.window)
		d.SetFilter(storage.NewExtensionFileFilter([]string{".js", ".mjs", ".txt"}))
		d.Show()
	})
}

func (w *window) save() {
	if w.path == "" {
		w.saveAs()
		return
	}
	text := w.editor.Text()
	if err := writeFile(w.path, text); err != nil {
		w.tell("The file was not saved", err)
		return
	}
	w.saved = text
	w.session.remember(w.path)
	w.retitle()
}

// writeFile replaces a file in one step: a crash leaves the old or the new one.
func writeFile(path, text string) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), ".sealedroom-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	if _, err := temporary.WriteString(text); err != nil {
		_ = temporary.Close()
		return err
	}
	if err := temporary.Close(); err != nil {
		return err
	}
	if err := os.Chmod(temporary.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}

func (w *window) saveAs() {
	d := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		if err != nil {
			w.tell("The file was not saved", err)
		}
		if file == nil || err != nil {
			return
		}
		path := file.URI().Path()
		_ = file.Close()
		w.path = path
		w.save()
	}, w.window)
	d.SetFileName("guest.js")
	d.Show()
}

// askToReplace asks before changes that were not saved are lost.
func (w *window) askToReplace(then func()) {
	if !w.dirty() || strings.TrimSpace(w.editor.Text()) == "" || w.saved == "" && w.path == "" {
		then()
		return
	}
	dialog.ShowConfirm("Unsaved changes", "The text in the editor has changes that are not saved. Go on and lose them?", func(yes bool) {
		if yes {
			then()
		}
	}, w.window)
}

func (w *window) askToClose() {
	w.session.keep(w.editor.Text(), w.limits.limits) // it is here again next time
	w.session.keepLayout(w)
	w.window.Close()
}

func (w *window) close() {
	w.session.close()
	w.live.close()
}

// restore brings back what was there when the app was last closed, or crashed.
// It runs nothing.
func (w *window) restore() {
	w.session.restore(w)
	w.limits.Set(w.session.limits)
	if text, ok := w.session.text(); ok {
		w.load(Document{Text: text})
	}
	w.live.host.Warm(w.limits.limits)
}

// ---- talking to the person --------------------------------------------------------

func (w *window) tell(title string, err error) {
	dialog.ShowInformation(title, inspector.Visible(err.Error()), w.window)
}

// openText shows a text in full, to read and to copy.
func (w *window) openText(title, text string) {
	label := widget.NewLabel(inspector.Visible(shortened(text, longestShown)))
	label.Wrapping = fyne.TextWrapBreak
	label.TextStyle.Monospace = true
	label.Selectable = true
	d := dialog.NewCustom(title, "Close", container.NewVScroll(label), w.window)
	d.Resize(fyne.NewSize(theme.Scaled(640), theme.Scaled(360)))
	d.Show()
}

func (w *window) nextTheme() {
	next := map[theme.Mode]theme.Mode{theme.FollowSystem: theme.AlwaysDark, theme.AlwaysDark: theme.AlwaysLight, theme.AlwaysLight: theme.FollowSystem}
	w.setAppearance(next[w.mode], w.scale)
}

func (w *window) setAppearance(mode theme.Mode, scale float32) {
	w.mode, w.scale = mode, min(2, max(0.8, scale))
	applyTheme(w.app, w.mode, w.scale)
	w.editor.SetScale(w.scale)
	w.session.keepLayout(w)
	w.window.Content().Refresh()
}

// complete offers the globals that exist in this room.
func (w *window) complete(at editor.CompletionContext) []editor.Completion {
	return completions(at, w.limits.limits.Switches())
}

func editorPalette() editor.Palette {
	if theme.Now() == theme.Light {
		return editor.Light()
	}
	return editor.Dark()
}
