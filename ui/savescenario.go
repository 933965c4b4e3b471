package ui

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"sealedroom/inspector"
	"sealedroom/presets"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// saveAsScenario asks for a title and makes a scenario's file of what is in the
// window: the guest, limits, grants, and what the last run showed.
func (w *window) saveAsScenario() {
	title, text := control.NewEntry(), control.NewTextArea()
	title.SetPlaceHolder("What it shows")
	text.SetPlaceHolder("What to look at before pressing Run, in Markdown")
	folder := w.ownFolder()
	where := theme.Cut(theme.Caption, theme.RoleMuted, "")
	name := func() string { return fileName(title.Text) + ".md" }
	tell := func(string) { where.SetText("as " + inspector.Line(filepath.Join(homely(folder), name()))) }
	title.OnChanged = tell
	tell("")
	expect, expected := w.expectation()
	form := container.New(box.Tight{},
		box.Caption("TITLE"), title, box.Inset(box.Caption("TEXT, BEFORE THE GUEST"), 0, 4), text,
		box.Inset(container.New(box.Tight{}, expectedLabel(expect), where), 0, 6))
	d := w.newDialog("Save as a scenario", form)
	save := control.NewButton("Save", func() {
		made := &presets.Scenario{
			Name: fileName(title.Text), Title: strings.TrimSpace(title.Text), Level: 1,
			Setup: w.setup(), Expect: expected, Before: strings.TrimSpace(text.Text),
		}
		made.Setup.Secrets = secretNames(made.Setup.Secrets)
		if expected != nil {
			made.Answers = presets.Answered(w.last.run)
		}
		path := filepath.Join(folder, name())
		err := errors.Join(os.MkdirAll(folder, 0o755))
		if err == nil {
			err = made.Save(path)
		}
		if err != nil {
			w.tell("The scenario was not saved", err)
			return
		}
		d.Hide()
		w.opened(path)
	})
	save.Importance = widget.HighImportance
	d.SetButtons([]fyne.CanvasObject{control.NewButton("Other folder…", func() {
		choose := dialog.NewFolderOpen(func(chosen fyne.ListableURI, err error) {
			if err == nil && chosen != nil {
				folder = chosen.Path()
				tell("")
			}
		}, w.window)
		w.ask(choose)
	}), control.NewButton("Cancel", func() { d.Hide() }), save})
	size := w.window.Canvas().Size()
	d.Resize(fyne.NewSize(min(theme.Scaled(520), size.Width*0.9), 0))
	w.ask(d)
	w.window.Canvas().Focus(title)
}

// opened goes on with a scenario's file that was just written.
func (w *window) opened(path string) {
	s, err := presets.Load(path)
	if err != nil {
		w.tell("The scenario was saved, and cannot be read", err)
		return
	}
	w.showScenario(s)
	w.readFolder(filepath.Dir(path), nil)
	w.lesson.Say("Saved as " + inspector.Line(homely(path)) + ".")
}

// saveOwnScenario writes guest, limits and grants back into the open scenario's
// file, once it is sure that this is meant.
func (w *window) saveOwnScenario() {
	s := *w.scenario
	s.Setup = w.setup()
	s.Setup.Secrets = secretNames(s.Setup.Secrets)
	expect, expected := w.expectation()
	if expected == nil && s.Expect != nil {
		expect = "What it says must happen stays as it is: it was not run as it is now."
	}
	ask := container.New(box.Tight{}, theme.Cut(theme.Body, theme.RoleText, inspector.Line(homely(s.Path))),
		box.Inset(container.New(box.Tight{}, expectedLabel(expect), box.Caption("Its head is written anew: remarks in it are lost.")), 0, 6))
	d := w.newDialog("Save the scenario with your changes?", ask)
	save := control.NewButton("Save", func() {
		d.Hide()
		if expected != nil {
			s.Expect, s.Answers = expected, presets.Answered(w.last.run)
		}
		data, err := s.Format()
		if err == nil {
			err = writeFile(s.Path, string(data))
		}
		if err != nil {
			w.tell("The scenario was not saved", err)
			return
		}
		w.note(w.scenario, func(p presets.Progress) presets.Progress {
			p.Draft = ""
			return p
		})
		w.opened(s.Path)
	})
	save.Importance = widget.HighImportance
	d.SetButtons([]fyne.CanvasObject{control.NewButton("Cancel", func() { d.Hide() }), save})
	size := w.window.Canvas().Size()
	d.Resize(fyne.NewSize(min(theme.Scaled(520), size.Width*0.9), 0))
	w.ask(d)
}

// expectation is what the last run showed, if it was of what is in the window
// now, and a sentence about it.
func (w *window) expectation() (string, *presets.Expect) {
	now := w.setup()
	if w.last == nil || w.last.run.Report.Outcome == "" || w.last.setup.Code != now.Code || len(w.last.setup.Changes(now)) > 0 {
		return "Run it first, and the file also says what must happen: check compares with that.", nil
	}
	return fmt.Sprintf("It says that the outcome must be “%s”, as in the last run: check compares with that.", w.last.run.Report.Outcome),
		presets.Expected(w.last.run)
}

func expectedLabel(text string) fyne.CanvasObject {
	label := widget.NewLabel(text)
	label.Wrapping = fyne.TextWrapWord
	return label
}

// secretNames leaves out the values that somebody typed.
func secretNames(asked []string) []string {
	var out []string
	for _, one := range asked {
		name, _, _ := strings.Cut(one, "=")
		out = append(out, strings.TrimSpace(name))
	}
	return out
}

// ownFolder is where one's own scenarios are, or would be.
func (w *window) ownFolder() string {
	if w.shelf.folder != "" {
		return w.shelf.folder
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = "."
	}
	return filepath.Join(home, "Sealed Room scenarios")
}

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// fileName makes a scenario's name of a title.
func fileName(title string) string {
	name := strings.Trim(notInNames.ReplaceAllString(strings.ToLower(title), "-"), "-")
	if len(name) > 60 {
		name = strings.TrimRight(name[:60], "-")
	}
	if name == "" {
		return "scenario"
	}
	return name
}
