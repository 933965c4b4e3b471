package ui

import (
	"errors"
	"io"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"sealedroom/inspector"
	"sealedroom/inspector/profile"
)

// warm shows in the editor's gutter where the time of a run went, if the text is
// still what was run.
func (a *arrangement) warm(s *inspector.State) {
	if !a.asRun() {
		return
	}
	heat := map[int]float64{}
	for line, share := range a.inspector.Profile.Heat(s) {
		line, _ = a.editor.FromJavaScript(line, 1)
		heat[line] += share
	}
	a.editor.SetHeat(heat)
}

// sample switches the sampling of the next runs.
func (a *arrangement) sample(on bool) {
	a.settings.SetProfile(on)
	a.settings.Changed()
	a.arranged()
}

// goTo shows a line of the guest that ran.
func (a *arrangement) goTo(line int) {
	if !a.asRun() {
		return
	}
	line, _ = a.editor.FromJavaScript(line, 1)
	a.typeInEditor()
	a.editor.GoTo(line, 1)
}

// exportTime and exportMemory save the profile of the run that is shown.
func (b *lookback) exportTime(s *inspector.State) {
	b.export(s, ".cpuprofile", (*profile.Profile).WriteCPU)
}

func (b *lookback) exportMemory(s *inspector.State) {
	b.export(s, " allocations.json", (*profile.Profile).WriteAllocations)
}

func (b *lookback) export(s *inspector.State, ending string, write func(*profile.Profile, io.Writer, string) error) {
	p := b.inspector.Profile.Of(s)
	if p == nil {
		b.dialogs.Tell("There is no profile to export", errors.New("switch on “Profile the run” in the limits, and run the guest again"))
		return
	}
	name := s.Started.Name
	f := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		if err == nil && file != nil {
			err = errors.Join(write(p, file, name), file.Close())
		}
		if err != nil {
			b.dialogs.Tell("The profile was not exported", err)
		}
	}, b.dialogs.Window)
	f.SetFileName(strings.TrimSuffix(strings.TrimSuffix(name, ".js"), ".ts") + ending)
	b.document.AskForFile(f)
}
