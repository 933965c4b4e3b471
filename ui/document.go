package ui

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/presets"
	"sealedroom/presets/textfile"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// document is what the editor holds.
type document struct {
	path     string // of the file that is open; "" for none
	saved    string // its text as last saved or loaded
	revision uint64 // of the editor, when its text was saved last
	changed  bool   // the text is not the open scenario's guest
	lifted   *lifting
}

// load puts a text in the editor in place of another document; it is not run.
// Whatever was shown of a run of the other one goes.
func (w *window) load(path, text string) {
	w.forgetRun()
	if w.limits.hands.on {
		w.limits.hands.give(false)
		w.handsChanged()
	}
	w.path, w.saved, w.lifted = path, oneLineEnd.Replace(text), nil
	w.editor.SetText(text)
	w.settle()
}

// loadKept puts back a text that was kept, with the file or the scenario it
// belongs to.
func (w *window) loadKept(kept keptText) {
	w.leaveScenario()
	if kept.Scenario != "" {
		if w.scenario = w.shelf.find(kept.Scenario); w.scenario != nil {
			w.loadGuest(kept.Text)
			w.showReading()
			return
		}
	}
	w.load(kept.Path, kept.Text)
	w.saved = Welcome
	if kept.Path != "" {
		if text, _, err := readSource(kept.Path); err == nil {
			w.saved = text
		}
	}
	w.settle()
}

// kept is the text as the session keeps it.
func (w *window) kept() keptText {
	kept := keptText{Path: w.path, Text: w.editor.Text()}
	if w.scenario != nil && w.path == "" {
		kept.Scenario = w.scenario.Key()
	}
	return kept
}

func (w *window) dirty() bool { return w.editor.Revision() != w.revision }

// settle finds out whether the text is as it was saved, whatever was typed in
// between. That takes a look at all of it, so it waits for a pause.
func (w *window) settle() {
	text := w.editor.Text()
	w.unlift(text)
	w.revision = w.editor.Revision()
	if text != w.saved {
		w.revision-- // no revision is like another
	}
	w.changed = w.scenario != nil && text != w.scenario.Setup.Code
	w.retitle()
}

func (w *window) edited() {
	w.store.later(func() {
		w.settle()
		w.keepDraft()
		w.store.keep(w.kept())
	})
	w.changed = w.changed || w.dirty()
	w.retitle()
}

func (w *window) retitle() {
	w.showChanged()
	name, guest := "untitled.js", "GUEST CODE"
	switch {
	case w.path != "":
		name = inspector.Line(filepath.Base(w.path))
		guest = strings.ToUpper(name)
	case w.scenario != nil:
		name, guest = w.scenario.Numbered(), strings.ToUpper(inspector.Line(w.scenario.Name))+".JS"
	}
	guest += " — UNTRUSTED"
	if w.dirty() {
		name += " •"
		guest += " •"
	}
	w.title.SetText(guest)
	if w.window.Title() != name+" — Sealed Room" {
		w.window.SetTitle(name + " — Sealed Room")
	}
}

// openPath loads a file, a guest's or a scenario's. What cannot be read leaves
// the window as it is.
func (w *window) openPath(path string) {
	if presets.IsFile(path) {
		s, err := presets.Load(path)
		if err != nil {
			w.tell("The scenario was not opened", err)
			return
		}
		w.showScenario(s)
		w.remember(path)
		return
	}
	text, format, err := readSource(path)
	if err != nil {
		w.tell("The file was not opened", err)
		return
	}
	w.leaveScenario()
	w.load(path, text)
	w.store.keep(w.kept())
	w.remember(path)
	w.typeInEditor()
	w.sayConverted(path, format)
}

// sayConverted says that a file is not UTF-8, and that it stays as it is.
func (w *window) sayConverted(path string, format textfile.Format) {
	if format.Converted() {
		w.tell("The file was converted", fmt.Errorf("%s is %s: it was converted for the editor, and is saved as it was",
			inspector.Line(filepath.Base(path)), format))
	}
}

// remember puts a file among the recent ones.
func (w *window) remember(path string) {
	w.store.remember(path)
	w.setMenu()
}

func readSource(path string) (string, textfile.Format, error) {
	none := textfile.Format{}
	info, err := os.Stat(path)
	if err != nil {
		return "", none, err
	}
	if !info.Mode().IsRegular() {
		return "", none, fmt.Errorf("%s is not a file", filepath.Base(path))
	}
	if info.Size() > engine.MaxSource {
		return "", none, fmt.Errorf("%s is longer than a guest may be: at most %s", filepath.Base(path), engine.FormatSize(engine.MaxSource))
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", none, err
	}
	text, format, err := textfile.Decode(data)
	if err == nil && (!utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0) {
		err = textfile.ErrBinary
	}
	if err != nil {
		return "", none, fmt.Errorf("%s: %w: open a guest's JavaScript", filepath.Base(path), err)
	}
	return oneLineEnd.Replace(text), format, nil
}

// oneLineEnd writes all line ends as the editor does.
var oneLineEnd = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// likeTheFile gives a text the line ends and the encoding of the file it is to
// replace. The error says that it is UTF-8 instead, and why; the data is good.
func likeTheFile(path, text string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return []byte(text), nil // a new one
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, engine.MaxSource))
	old, format, wrong := textfile.Decode(data)
	if err != nil || wrong != nil {
		return []byte(text), nil
	}
	if strings.Contains(old, "\r\n") {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	out, err := format.Encode(text)
	if err != nil {
		return []byte(text), fmt.Errorf("%w: it was saved as UTF-8", err)
	}
	return out, nil
}

// askForFile shows a file dialog, large, beside the file that is open.
func (w *window) askForFile(d *dialog.FileDialog) {
	if folder, err := storage.ListerForURI(storage.NewFileURI(filepath.Dir(w.path))); w.path != "" && err == nil {
		d.SetLocation(folder)
	}
	d.SetView(dialog.ListView)
	w.ask(d)
	size := w.window.Canvas().Size()
	d.Resize(fyne.NewSize(min(theme.Scaled(760), size.Width*0.9), min(theme.Scaled(540), size.Height*0.85))) // not before it is shown
}

// dropped opens what was dragged onto the window.
func (w *window) dropped(files []fyne.URI) {
	if len(files) > 0 && !w.busy() {
		w.askToReplace(func() { w.openPath(files[0].Path()) })
	}
}

func (w *window) newDocument() {
	w.askToReplace(w.newGuest)
}

// newGuest starts with an empty editor, the default limits, and no grant: what
// the last document was allowed is no choice made for this one.
func (w *window) newGuest() {
	w.leaveScenario()
	w.load("", "")
	w.limits.grants.secrets.SetText("")
	w.setRoom(presets.Setup{})
	w.typeInEditor()
}

// forgetRun clears everything that shows a run: verdict, console, room, marks.
// It is the one place where a former run is forgotten.
func (w *window) forgetRun() {
	w.live.clear()
	w.editor.SetMarks(nil)
	w.editor.SetErrorLine(0)
	w.ran, w.last = nil, nil
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
		d.SetFilter(storage.NewExtensionFileFilter([]string{".js", ".mjs", ".txt", ".md"}))
		w.askForFile(d)
	})
}

// save writes the file that is open, and asks for one where there is none.
func (w *window) save() {
	switch {
	case w.path != "":
		w.saveTo(w.path)
	case w.scenario != nil && w.scenario.Path != "":
		w.saveOwnScenario()
	case w.scenario != nil:
		w.saveAsScenario()
	default:
		w.saveAs(nil)
	}
}

func (w *window) saveTo(path string) bool {
	text := w.editor.Text()
	data, changed := likeTheFile(path, text)
	if err := writeFile(path, string(data)); err != nil {
		w.tell("The file was not saved", err)
		return false
	}
	if changed != nil {
		w.tell("The file's encoding has changed", changed)
	}
	w.path, w.saved, w.revision = path, text, w.editor.Revision()
	w.store.keep(w.kept())
	w.remember(path)
	w.retitle()
	return true
}

// writeFile replaces a file in one step: a crash leaves the old or the new one.
func writeFile(path, text string) error {
	mode := os.FileMode(0o644)
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // a link stays one
		if info, err := os.Stat(path); err == nil {
			mode = info.Mode().Perm()
		}
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".sealedroom-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.WriteString(text)
	if err == nil {
		err = temporary.Sync()
	}
	if err = errors.Join(err, temporary.Close()); err != nil {
		return err
	}
	if err := os.Chmod(temporary.Name(), mode); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}

// saveAs asks for a file; then is called once the text is in it.
func (w *window) saveAs(then func()) {
	d := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		if err != nil {
			w.tell("The file was not saved", err)
		}
		if file == nil || err != nil {
			return
		}
		_ = file.Close()
		if w.saveTo(file.URI().Path()) && then != nil {
			then()
		}
	}, w.window)
	d.SetFileName(w.fileName())
	w.askForFile(d)
	if field, ok := w.window.Canvas().Focused().(*widget.Entry); ok {
		selectStem(field)
	}
}

// selectStem selects a file's name up to its ending: typing replaces it.
func selectStem(field *widget.Entry) {
	stem := strings.TrimSuffix(field.Text, filepath.Ext(field.Text))
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	shift := &fyne.KeyEvent{Name: desktop.KeyShiftLeft}
	field.KeyDown(shift)
	for range utf8.RuneCountInString(stem) {
		field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	}
	field.KeyUp(shift)
}

// fileName is what the text would be saved as.
func (w *window) fileName() string {
	switch {
	case w.path != "":
		return filepath.Base(w.path)
	case w.scenario != nil:
		return fileName(w.scenario.Name) + ".js"
	}
	return "untitled.js"
}

// askToReplace asks before changes that were not saved leave the editor.
func (w *window) askToReplace(then func()) {
	w.askAboutChanges("Go on without saving", func() {
		w.store.stash(w.kept())
		then()
	}, then)
}

// askToClose asks where there are changes that were not saved. They are kept
// for the next start all the same.
func (w *window) askToClose() {
	for _, open := range slices.Backward(slices.Clone(w.dialogs)) { // they are of no interest any more
		open.Hide()
	}
	shut := func() {
		w.store.keep(w.kept())
		w.store.keepLayout(w)
		w.store.keepFrame(w.window)
		w.window.Close()
	}
	w.askAboutChanges("Close, and go on next time", shut, shut)
}

// askAboutChanges calls saved where nothing is lost or everything was saved,
// and without where the person wants it so. A scenario's guest is kept as it
// was left, so nobody need be asked about that.
func (w *window) askAboutChanges(answer string, without, saved func()) {
	w.settle()
	if w.scenario != nil && w.path == "" {
		w.keepDraft()
		saved()
		return
	}
	if !w.dirty() || strings.TrimSpace(w.editor.Text()) == "" {
		saved()
		return
	}
	label := widget.NewLabel("The text in the editor has changes that are not saved.")
	label.Wrapping = fyne.TextWrapWord
	d := w.newDialog("Unsaved changes", label)
	save := control.NewButton("Save", func() {
		d.Hide()
		if w.path == "" {
			w.saveAs(saved)
		} else if w.saveTo(w.path) {
			saved()
		}
	})
	save.Importance = widget.HighImportance
	d.SetButtons([]fyne.CanvasObject{
		control.NewButton("Cancel", func() { d.Hide() }),
		control.NewButton(answer, func() {
			d.Hide()
			without()
		}),
		save,
	})
	w.ask(d)
}

// bringBack puts the text that last left the editor unsaved back into it.
func (w *window) bringBack() {
	kept, ok := w.store.stashed()
	if !ok {
		return
	}
	w.askToReplace(func() { w.loadKept(kept) })
}
