package ui

import (
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"sealedroom/presets"
	"sealedroom/ui/control"
	"sealedroom/ui/picker"
	"sealedroom/ui/theme"
)

// pick opens the list to choose a scenario from.
func (w *window) pick() { w.pickFrom(false) }

// pickFrom opens the list, of challenges only if that is asked for.
func (w *window) pickFrom(challenges bool) {
	list := picker.New(w.shelf.sections(w.standing), w.scenario)
	list.ShowChallenges(challenges)
	d := w.newDialog("Lessons and scenarios", list.Object)
	list.OnChosen = func(s *presets.Scenario) {
		d.Hide()
		w.openScenario(s)
	}
	list.OnProblem = func(problem string) { w.openProse("This file was not loaded", problem) }
	w.shelved = func() {
		list.Set(w.shelf.sections(w.standing), w.scenario)
		list.RevealTop() // one's own come first
		if top := len(w.dialogs); top > 0 && w.dialogs[top-1] == dialog.Dialog(d) {
			w.window.Canvas().Focus(list.Focus())
		}
	}
	buttons := []fyne.CanvasObject{control.NewButton("Open folder…", w.openFolder)}
	if w.shelf.folder != "" {
		buttons = append(buttons, control.NewButton("Read it again", func() { w.readFolder(w.shelf.folder, nil) }))
	}
	open := primary(control.NewButton("Open", list.Choose))
	d.SetButtons(append(buttons, control.NewButton("Close", func() { d.Hide() }), open))
	size := w.window.Canvas().Size()
	d.Resize(fyne.NewSize(min(theme.Scaled(620), size.Width*0.94), min(theme.Scaled(660), size.Height*0.92)))
	w.ask(d)
	w.window.Canvas().Focus(list.Focus())
	list.Reveal()
}

// openFolder asks for a folder of one's own scenarios.
func (w *window) openFolder() {
	d := dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
		switch {
		case err != nil:
			w.tell("The folder was not opened", err)
		case folder != nil && len(w.dialogs) > 0: // over the picker, which shows it
			w.readFolder(folder.Path(), nil)
		case folder != nil:
			w.readFolder(folder.Path(), w.pick)
		}
	}, w.window)
	w.ask(d)
}

// readFolder loads one's own scenarios in the background, and remembers where
// they are; then is called once they are there. What can't be loaded is listed;
// nothing else is lost.
func (w *window) readFolder(folder string, then func()) {
	if whole, err := filepath.Abs(folder); err == nil {
		folder = whole
	}
	w.store.reading.Go(func() {
		read := readShelf(folder)
		w.live.onMain(func() {
			w.takeShelf(read)
			if then != nil {
				then()
			}
		})
	})
}

func (w *window) takeShelf(read shelf) {
	w.shelf = read
	w.store.preferences.SetString(keyFolder, read.folder)
	if w.scenario != nil && w.scenario.Path != "" {
		if again := w.shelf.find(w.scenario.Key()); again != nil {
			w.scenario = again
			w.saved = again.Setup.Code
			w.settle()
		}
	}
	w.showReading()
	if w.shelved != nil {
		w.shelved()
	}
}
