package library

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
	"sealedroom/ui/settings"
)

// Follow does what a link in a scenario's text says.
func (l *Library) Follow(link presets.Link) {
	switch {
	case link.Set != "":
		l.change(link.Set)
	case link.Show != "":
		l.Point(link.Show)
	case link.Scenario != "":
		if s := l.shelf.named(link.Scenario); s != nil {
			l.Open(s)
			return
		}
		l.dialogs.Tell("There is no such scenario", fmt.Errorf("%q is neither one of the app's nor in your folder", link.Scenario))
	case link.Web != "":
		l.askToLeave(link.Web)
	}
}

// change changes what the next run is made of, says what, and points at it.
func (l *Library) change(change presets.Change) {
	before := l.Setup()
	after, err := l.doc.Scenario.Apply(change, before)
	if err != nil {
		l.dialogs.Tell("This could not be set", err)
		return
	}
	l.ShowOneRoom()
	var said []string
	if after.Code != before.Code {
		l.doc.Draft()
		l.doc.Replace(after.Code)
		said = append(said, "another guest is in the editor")
		l.Point("editor")
	}
	l.settings.SetRoom(after)
	for _, d := range before.Changes(after) {
		name, was, is := settings.Worded(d)
		said = append(said, fmt.Sprintf("%s %s, was %s", name, is, was))
		l.pointer.At(l.settings.Part(d.Key))
	}
	if len(said) == 0 {
		l.Lesson.Say("It is set so already. Run it with Ctrl+Enter.")
		return
	}
	l.pointer.At(l.NextRun.Object)
	l.Lesson.Say("Set for the next run: " + strings.Join(said, "; ") + ". Run it with Ctrl+Enter.")
}

// askToLeave shows a web address before it is followed.
func (l *Library) askToLeave(address string) {
	label := widget.NewLabel(address)
	label.Wrapping = fyne.TextWrapBreak
	label.TextStyle.Monospace = true
	label.Selectable = true
	d := l.dialogs.New("Open this address in your browser?", label)
	open := control.NewButton("Open", func() {
		d.Hide()
		if at, err := url.Parse(address); err != nil {
			l.dialogs.Tell("The address was not opened", err)
		} else if err := fyne.CurrentApp().OpenURL(at); err != nil {
			l.dialogs.Tell("The address was not opened", err)
		}
	})
	open.Importance = widget.HighImportance
	d.SetButtons([]fyne.CanvasObject{
		control.NewButton("Cancel", func() { d.Hide() }),
		l.dialogs.CopyButton(func() string { return address }),
		open,
	})
	l.dialogs.Fit(d, 520, 0)
	l.dialogs.Show(d)
}

// lessonOf names the lesson about what a verdict says.
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

// ReadOn returns buttons that lead from a verdict to more to read: on in the
// scenario that was run, or in the lesson about it.
func (l *Library) ReadOn(s *inspector.State) []*control.Button {
	var on []*control.Button
	if l.doc.Scenario != nil && l.doc.Scenario == l.ran {
		on = append(on, control.NewButton("Read on in the "+l.Origin(), func() {
			l.ShowLesson()
			l.Lesson.ReadOn()
		}))
	}
	if s := l.shelf.find(lessonOf(s)); s != nil && s != l.doc.Scenario {
		on = append(on, control.NewButton("Lesson "+s.Numbered(), func() { l.Open(s) }))
	}
	return on
}
