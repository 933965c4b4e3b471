package library

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/presets"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/document"
	"sealedroom/ui/theme"
)

// SaveAs asks for a title and makes a scenario's file of what is in the
// window: the guest, limits, grants, and what the last run showed.
func (l *Library) SaveAs() {
	title, text := control.NewEntry(), control.NewTextArea()
	title.SetPlaceHolder("What it shows")
	text.SetPlaceHolder("What to look at before pressing Run, in Markdown")
	folder := l.ownFolder()
	where := theme.Cut(theme.Caption, theme.RoleMuted, "")
	name := func() string { return document.FileName(title.Text) + ".md" }
	nameFile := func(string) { where.SetText("as " + inspector.Line(filepath.Join(homely(folder), name()))) }
	title.OnChanged = nameFile
	nameFile("")
	expect, expected := l.expectation()
	form := container.New(box.Tight{},
		box.Caption("TITLE"), title, box.Inset(box.Caption("TEXT, BEFORE THE GUEST"), 0, 4), text,
		box.Inset(container.New(box.Tight{}, expectedLabel(expect), where), 0, 6))
	d := l.dialogs.New("Save as a scenario", form)
	save := control.NewButton("Save", func() {
		made := &presets.Scenario{
			Name: document.FileName(title.Text), Title: strings.TrimSpace(title.Text), Level: 1,
			Setup: l.Setup(), Expect: expected, Before: strings.TrimSpace(text.Text),
		}
		made.Setup.Secrets = engine.SecretNames(made.Setup.Secrets)
		if expected != nil {
			made.Answers = presets.Answered(l.last.run)
		}
		path := filepath.Join(folder, name())
		err := errors.Join(os.MkdirAll(folder, 0o755))
		if err == nil {
			err = made.Save(path)
		}
		if err != nil {
			l.dialogs.Tell("The scenario was not saved", err)
			return
		}
		d.Hide()
		l.opened(path)
	})
	save.Importance = widget.HighImportance
	d.SetButtons([]fyne.CanvasObject{control.NewButton("Other folder…", func() {
		choose := dialog.NewFolderOpen(func(chosen fyne.ListableURI, err error) {
			if err == nil && chosen != nil {
				folder = chosen.Path()
				nameFile("")
			}
		}, l.dialogs.Window)
		l.dialogs.Show(choose)
	}), control.NewButton("Cancel", func() { d.Hide() }), save})
	l.dialogs.Fit(d, 520, 0)
	l.dialogs.Show(d)
	l.dialogs.Window.Canvas().Focus(title)
}

// opened goes on with a scenario's file that was just written.
func (l *Library) opened(path string) {
	s, err := presets.Load(path)
	if err != nil {
		l.dialogs.Tell("The scenario was saved, and cannot be read", err)
		return
	}
	l.Show(s)
	l.ReadFolder(filepath.Dir(path), nil)
	l.Lesson.Say("Saved as " + inspector.Line(homely(path)) + ".")
}

// saveOwn writes guest, limits and grants back into the open scenario's
// file, once it is sure that this is meant.
func (l *Library) saveOwn() {
	s := *l.doc.Scenario
	s.Setup = l.Setup()
	s.Setup.Secrets = engine.SecretNames(s.Setup.Secrets)
	expect, expected := l.expectation()
	if expected == nil && s.Expect != nil {
		expect = "What it says must happen stays as it is: it was not run as it is now."
	}
	ask := container.New(box.Tight{}, theme.Cut(theme.Body, theme.RoleText, inspector.Line(homely(s.Path))),
		box.Inset(container.New(box.Tight{}, expectedLabel(expect), box.Caption("Its front matter is rewritten: comments in it are lost.")), 0, 6))
	d := l.dialogs.New("Save the scenario with your changes?", ask)
	save := control.NewButton("Save", func() {
		d.Hide()
		if expected != nil {
			s.Expect, s.Answers = expected, presets.Answered(l.last.run)
		}
		data, err := s.Format()
		if err == nil {
			err = document.WriteFile(s.Path, string(data))
		}
		if err != nil {
			l.dialogs.Tell("The scenario was not saved", err)
			return
		}
		l.note(l.doc.Scenario, func(p presets.Progress) presets.Progress {
			p.Draft = ""
			return p
		})
		l.opened(s.Path)
	})
	save.Importance = widget.HighImportance
	d.SetButtons([]fyne.CanvasObject{control.NewButton("Cancel", func() { d.Hide() }), save})
	l.dialogs.Fit(d, 520, 0)
	l.dialogs.Show(d)
}

// expectation is what the last run showed, if it was of what is in the window
// now, and a sentence about it.
func (l *Library) expectation() (string, *presets.Expect) {
	now := l.Setup()
	if l.last == nil || l.last.run.Report.Outcome == "" || l.last.setup.Code != now.Code || len(l.last.setup.Changes(now)) > 0 {
		return "Run it first, and the file also says what must happen: check compares with that.", nil
	}
	return fmt.Sprintf("It says that the outcome must be “%s”, as in the last run: check compares with that.", l.last.run.Report.Outcome),
		presets.Expected(l.last.run)
}

func expectedLabel(text string) fyne.CanvasObject {
	label := widget.NewLabel(text)
	label.Wrapping = fyne.TextWrapWord
	return label
}

// ownFolder is where one's own scenarios are, or would be.
func (l *Library) ownFolder() string {
	if l.shelf.folder != "" {
		return l.shelf.folder
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = "."
	}
	return filepath.Join(home, "Sealed Room scenarios")
}

// save saves the text that belongs to a scenario: into its file, if it has one.
func (l *Library) save() {
	if l.doc.Scenario.Path != "" {
		l.saveOwn()
		return
	}
	l.SaveAs()
}
