package ui

import (
	"fmt"
	"net/url"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/presets"
	"sealedroom/ui/control"
	"sealedroom/ui/panes"
	"sealedroom/ui/theme"
)

// follow does what a link in a scenario's text says.
func (w *window) follow(link presets.Link) {
	switch {
	case link.Set != "":
		w.change(link.Set)
	case link.Show != "":
		w.pointAt(link.Show)
	case link.Scenario != "":
		if s := w.shelf.named(link.Scenario); s != nil {
			w.openScenario(s)
			return
		}
		w.tell("There is no such scenario", fmt.Errorf("%q is neither one of the app's nor in your folder", link.Scenario))
	case link.Web != "":
		w.askToLeave(link.Web)
	}
}

// change changes what the next run is made of, says what, and points at it.
func (w *window) change(change presets.Change) {
	before := w.setup()
	after, err := w.scenario.Apply(change, before)
	if err != nil {
		w.tell("This could not be set", err)
		return
	}
	var said []string
	if after.Code != before.Code {
		w.keepDraft()
		w.editor.ReplaceText(after.Code)
		w.editor.ScrollHome()
		w.showLower(0)
		w.settle()
		said = append(said, "another guest is in the editor")
		w.pointer.at(w.source)
	}
	w.setRoom(after)
	for _, d := range before.Changes(after) {
		name, was, is := worded(d)
		said = append(said, fmt.Sprintf("%s %s, was %s", name, is, was))
		w.pointer.at(w.limits.part(d.Key))
	}
	if len(said) == 0 {
		w.lesson.Say("It is set so already. Run it with Ctrl+Enter.")
		return
	}
	w.pointer.at(w.nextRun.object)
	w.lesson.Say("Set for the next run: " + strings.Join(said, "; ") + ". Run it with Ctrl+Enter.")
}

// askToLeave shows a web address before it is followed.
func (w *window) askToLeave(address string) {
	label := widget.NewLabel(address)
	label.Wrapping = fyne.TextWrapBreak
	label.TextStyle.Monospace = true
	label.Selectable = true
	d := w.newDialog("Open this address in your browser?", label)
	open := control.NewButton("Open", func() {
		d.Hide()
		if at, err := url.Parse(address); err != nil {
			w.tell("The address was not opened", err)
		} else if err := w.app.OpenURL(at); err != nil {
			w.tell("The address was not opened", err)
		}
	})
	open.Importance = widget.HighImportance
	d.SetButtons([]fyne.CanvasObject{
		control.NewButton("Cancel", func() { d.Hide() }),
		w.copyButton(func() string { return address }),
		open,
	})
	size := w.window.Canvas().Size()
	d.Resize(fyne.NewSize(min(theme.Scaled(520), size.Width*0.9), 0))
	w.ask(d)
}

// lessonOf names the lesson that tells of what a verdict is about.
func lessonOf(s *inspector.State) string {
	e := s.Ended
	switch {
	case e == nil:
		return ""
	case len(s.Revealed()) > 0:
		return "rob-the-vault"
	case e.Outcome == engine.Timeout, e.Outcome == engine.ExceededCPU, e.Outcome == engine.Pending:
		return "limits-of-time"
	case e.Outcome == engine.ExceededMemory && s.PeakExternal > s.PeakUsed:
		return "beyond-the-heap"
	case e.Outcome == engine.ExceededMemory:
		return "limits-of-memory"
	case e.Outcome == engine.Crashed:
		return "a-room-dies"
	case s.CallCount > 0:
		return "the-teller"
	case s.Attempts > 0:
		return "the-doors"
	}
	return "the-room"
}

// explain shows the paragraph behind a verdict, and the way to read on: in the
// scenario that was run, or in the lesson that tells of it.
func (w *window) explain(title, text string) {
	var on []*control.Button
	if w.scenario != nil && w.scenario == w.ran {
		on = append(on, control.NewButton("Read on in the "+w.origin(), func() {
			w.openLesson(true)
			w.pages.Select(0)
			w.lesson.ReadOn()
		}))
	}
	if s := w.shelf.find(lessonOf(w.inspector.State)); s != nil && s != w.scenario {
		on = append(on, control.NewButton("Lesson "+s.Numbered(), func() { w.openScenario(s) }))
	}
	w.openProse(title, text, on...)
}

// pointAt opens a part of the window, one of presets.Parts, and points at it.
func (w *window) pointAt(part string) {
	i := w.inspector
	views := map[string]panes.ViewID{
		"room": panes.ViewRoom, "memory": panes.ViewRoom, "time": panes.ViewRoom, "teller": panes.ViewCalls, "vault": panes.ViewVault,
		"doors": panes.ViewDoors, "result": panes.ViewResult, "startup": panes.ViewStartup,
	}
	if view, ok := views[part]; ok {
		i.Open(view)
	}
	parts := map[string]fyne.CanvasObject{
		"verdict": i.Verdict.Object, "room": i.Picture, "memory": i.Chart.Object, "time": i.Times.Object,
		"teller": i.Calls.Object, "vault": i.Vault.Object, "doors": i.Doors.Object, "result": i.Result.Object, "startup": i.Startup.Object,
		"editor": w.source, "console": w.console.Object, "limits": w.limits.object, "status": w.status.object, "timeline": i.Object, "jit": i.Object,
	}
	switch {
	case part == "limits" && (w.lessonOpen || w.presenting):
		w.showLimits(true)
	case part == "editor":
		w.showLower(0)
	case part == "console":
		w.showLower(1)
	}
	w.window.Content().Refresh() // lays out what was opened
	w.pointer.at(parts[part])
}
