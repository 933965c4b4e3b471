package library

import (
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"sealedroom/presets"
	"sealedroom/ui/control"
	"sealedroom/ui/kit/dialogs"
	"sealedroom/ui/picker"
)

// Pick opens the list to choose a scenario from.
func (l *Library) Pick() { l.PickFrom(false) }

// PickFrom opens the list, of challenges only if that is asked for.
func (l *Library) PickFrom(challenges bool) {
	list := picker.New(l.shelf.sections(l.Standing), l.doc.Scenario)
	list.ShowChallenges(challenges)
	d := l.dialogs.New("Lessons and scenarios", list.Object)
	list.OnChosen = func(s *presets.Scenario) {
		d.Hide()
		l.Open(s)
	}
	list.OnProblem = func(problem string) { l.dialogs.Prose("This file was not loaded", problem) }
	l.shelved = func() {
		list.Set(l.shelf.sections(l.Standing), l.doc.Scenario)
		list.RevealTop() // one's own come first
		if l.dialogs.Top() == dialog.Dialog(d) {
			l.dialogs.Window.Canvas().Focus(list.Focus())
		}
	}
	buttons := []fyne.CanvasObject{control.NewButton("Open folder…", l.OpenFolder)}
	if l.shelf.folder != "" {
		buttons = append(buttons, control.NewButton("Read it again", func() { l.ReadFolder(l.shelf.folder, nil) }))
	}
	open := dialogs.Primary(control.NewButton("Open", list.Choose))
	d.SetButtons(append(buttons, control.NewButton("Close", func() { d.Hide() }), open))
	l.dialogs.Fit(d, 620, 660)
	l.dialogs.Show(d)
	l.dialogs.Window.Canvas().Focus(list.Focus())
	list.Reveal()
}

// OpenFolder asks for a folder of one's own scenarios.
func (l *Library) OpenFolder() {
	d := dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
		switch {
		case err != nil:
			l.dialogs.Tell("The folder was not opened", err)
		case folder != nil && l.dialogs.Top() != nil: // over the picker, which shows it
			l.ReadFolder(folder.Path(), nil)
		case folder != nil:
			l.ReadFolder(folder.Path(), l.Pick)
		}
	}, l.dialogs.Window)
	l.dialogs.Show(d)
}

// ReadFolder loads one's own scenarios in the background, and remembers where
// they are; then is called once they are there. What can't be loaded is listed;
// nothing else is lost.
func (l *Library) ReadFolder(folder string, then func()) {
	if whole, err := filepath.Abs(folder); err == nil {
		folder = whole
	}
	l.store.Read(func() (taken func()) {
		read := readShelf(folder)
		return func() {
			l.takeShelf(read)
			if then != nil {
				then()
			}
		}
	})
}

func (l *Library) takeShelf(read shelf) {
	l.shelf = read
	l.store.KeepFolder(read.folder)
	if l.doc.Scenario != nil && l.doc.Scenario.Path != "" {
		if again := l.shelf.find(l.doc.Scenario.Key()); again != nil {
			l.doc.Rebase(again)
		}
	}
	l.ShowReading()
	if l.shelved != nil {
		l.shelved()
	}
}

// Own returns the scenarios of a folder of one's own, and why others in it could
// not be loaded.
func (l *Library) Own() (scenarios []*presets.Scenario, problems []string) {
	return l.shelf.own, l.shelf.problems
}
