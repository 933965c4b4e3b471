package document

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"sealedroom/inspector"
	"sealedroom/inspector/recording"
	"sealedroom/presets"
	"sealedroom/presets/textfile"
	"sealedroom/ui/control"
)

// OpenPath loads a file, a guest's or a scenario's, or shows a recording's guest and
// its run. What cannot be read leaves the window as it is.
func (d *Document) OpenPath(path string) {
	if recording.IsFile(path) {
		player, err := recording.OpenFile(path)
		if err != nil {
			d.dialogs.Tell("The recording was not opened", err)
			return
		}
		d.Leave()
		d.Load("", player.Started().Source)
		d.ShowRecording(player)
		d.remember(path)
		return
	}
	if presets.IsFile(path) {
		s, err := presets.Load(path)
		if err != nil {
			d.dialogs.Tell("The scenario was not opened", err)
			return
		}
		d.ShowScenario(s)
		d.remember(path)
		return
	}
	text, format, err := readSource(path)
	if err != nil {
		d.dialogs.Tell("The file was not opened", err)
		return
	}
	d.Leave()
	d.Load(path, text)
	d.Keep()
	d.remember(path)
	d.Typed()
	d.SayConverted(path, format)
}

// SayConverted says that a file is not UTF-8, and that it stays as it is.
func (d *Document) SayConverted(path string, format textfile.Format) {
	if format.Converted() {
		d.dialogs.Tell("The file was converted", fmt.Errorf("%s is %s: it was converted for the editor, and is saved as it was",
			inspector.Line(filepath.Base(path)), format))
	}
}

// remember puts a file among the recent ones.
func (d *Document) remember(path string) {
	d.store.Remember(path)
	d.Recent()
}

// AskForFile shows a file dialog, large, in the folder of the file that is open.
func (d *Document) AskForFile(f *dialog.FileDialog) {
	if folder, err := storage.ListerForURI(storage.NewFileURI(filepath.Dir(d.Path))); d.Path != "" && err == nil {
		f.SetLocation(folder)
	}
	f.SetView(dialog.ListView)
	d.dialogs.Show(f)
	d.dialogs.Fit(f, 760, 540) // not before it is shown
}

// Dropped opens what was dragged onto the window.
func (d *Document) Dropped(files []fyne.URI) {
	if len(files) > 0 && !d.dialogs.Busy() {
		d.AskToReplace(func() { d.OpenPath(files[0].Path()) })
	}
}

// New begins an empty text, once it is sure that this one may go.
func (d *Document) New() { d.AskToReplace(d.Empty) }

// Empty begins an empty text with the default limits and no grant: what the last
// document was allowed is no choice made for this one.
func (d *Document) Empty() {
	d.Leave()
	d.Load("", "")
	d.Fresh()
	d.Typed()
}

// OpenDialog asks for a file and opens it.
func (d *Document) OpenDialog() {
	d.AskToReplace(func() {
		f := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
			if err != nil {
				d.dialogs.Tell("The file was not opened", err)
			}
			if file == nil || err != nil {
				return
			}
			_ = file.Close()
			d.OpenPath(file.URI().Path())
		}, d.dialogs.Window)
		f.SetFilter(storage.NewExtensionFileFilter([]string{".js", ".mjs", ".ts", ".mts", ".cts", ".txt", ".md", ".jsonl"}))
		d.AskForFile(f)
	})
}

// Save writes the file that is open, and asks for one where there is none.
func (d *Document) Save() {
	switch {
	case d.Path != "":
		d.saveTo(d.Path)
	case d.Scenario != nil:
		d.SaveScenario()
	default:
		d.SaveAs(nil)
	}
}

func (d *Document) saveTo(path string) bool {
	text := d.editor.Text()
	data, changed := likeTheFile(path, text)
	if err := WriteFile(path, string(data)); err != nil {
		d.dialogs.Tell("The file was not saved", err)
		return false
	}
	if changed != nil {
		d.dialogs.Tell("The file's encoding has changed", changed)
	}
	d.Path, d.saved, d.revision = path, text, d.editor.Revision()
	d.Keep()
	d.remember(path)
	d.Titled()
	return true
}

// SaveAs asks for a file; then is called once the text is in it.
func (d *Document) SaveAs(then func()) {
	f := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		if err != nil {
			d.dialogs.Tell("The file was not saved", err)
		}
		if file == nil || err != nil {
			return
		}
		_ = file.Close()
		if d.saveTo(file.URI().Path()) && then != nil {
			then()
		}
	}, d.dialogs.Window)
	f.SetFileName(d.fileName())
	d.AskForFile(f)
	if field, ok := d.dialogs.Window.Canvas().Focused().(*widget.Entry); ok {
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

// AskToReplace asks before changes that were not saved leave the editor.
func (d *Document) AskToReplace(then func()) {
	d.askAboutChanges("Go on without saving", func() {
		d.store.Stash(d.Kept())
		then()
	}, then)
}

// AskToClose asks where there are changes that were not saved, and calls shut
// unless the person stays. The text is kept for the next start all the same.
func (d *Document) AskToClose(shut func()) {
	d.dialogs.CloseAll() // they are of no interest any more
	keep := func() {
		d.Keep()
		shut()
	}
	d.askAboutChanges("Close, and go on next time", keep, keep)
}

// askAboutChanges calls saved where nothing is lost or everything was saved,
// and without where the person wants it so. A scenario's guest is kept as it
// was left, so there is nothing to ask about.
func (d *Document) askAboutChanges(answer string, without, saved func()) {
	d.Settle()
	if d.Scenario != nil && d.Path == "" {
		d.Draft()
		saved()
		return
	}
	if !d.Dirty() || strings.TrimSpace(d.editor.Text()) == "" {
		saved()
		return
	}
	label := widget.NewLabel("The text in the editor has changes that are not saved.")
	label.Wrapping = fyne.TextWrapWord
	f := d.dialogs.New("Unsaved changes", label)
	save := control.NewButton("Save", func() {
		f.Hide()
		if d.Path == "" {
			d.SaveAs(saved)
		} else if d.saveTo(d.Path) {
			saved()
		}
	})
	save.Importance = widget.HighImportance
	f.SetButtons([]fyne.CanvasObject{
		control.NewButton("Cancel", func() { f.Hide() }),
		control.NewButton(answer, func() {
			f.Hide()
			without()
		}),
		save,
	})
	d.dialogs.Show(f)
}

// BringBack puts the text that last left the editor unsaved back into it.
func (d *Document) BringBack() {
	kept, ok := d.store.Stashed()
	if !ok {
		return
	}
	d.AskToReplace(func() { d.LoadKept(kept) })
}
