package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"sealedroom/ui/panes"
)

// partID names a part of the window, whatever its title is.
type partID int

const (
	partEditor partID = iota
	partLimits
	partInspector
	partPicture
	partConsole
	partLesson
	partTimeline
)

// part is a part of the window that the keyboard goes to.
type part struct {
	id    partID
	name  string
	focus func()
	has   func(fyne.Focusable) bool
}

// parts are those of the window, in order; not all need be in sight.
func (a *arrangement) parts() []part {
	c := a.canvas
	is := func(o fyne.Focusable) func(fyne.Focusable) bool {
		return func(focused fyne.Focusable) bool { return focused == o }
	}
	return []part{
		{partEditor, "Editor", a.typeInEditor, is(a.editor)},
		{partLimits, "Limits", func() {
			if a.lessonOpen || a.look.presenting {
				a.showLimits(true)
			}
			a.settings.Focus(c)
		}, a.settings.Has},
		{partInspector, "Inspector", a.inspector.Tabs.Focus, func(fyne.Focusable) bool { return a.inspector.Tabs.Focused() }},
		{partPicture, "Room Picture", func() {
			a.inspector.Open(panes.ViewRoom)
			c.Focus(a.inspector.Picture)
		}, is(a.inspector.Picture)},
		{partConsole, "Console", func() {
			a.showLower(1)
			c.Focus(a.console.List)
		}, is(a.console.List)},
		{partTimeline, "Timeline", func() { c.Focus(a.timeline.Focusable()) }, is(a.timeline.Focusable())},
		{partLesson, "Lesson", func() {
			a.showLesson()
			a.library.Lesson.Focus()
		}, a.library.Lesson.Has},
	}
}

// hidden says whether a part is not there at the moment.
func (a *arrangement) hidden(part partID) bool {
	if a.several && part != partLesson {
		return true
	}
	switch part {
	case partLimits:
		return (a.look.presenting || a.lessonOpen) && !a.limitsBeside
	case partLesson:
		return !a.lessonOpen
	}
	return false
}

// nextPane moves the keyboard on to the next part of the window that is there.
func (a *arrangement) nextPane() {
	parts, focused := a.parts(), a.canvas.Focused()
	prompt := a.inspector.Asking
	if prompt.Visible() && (focused == nil || focused == fyne.Focusable(a.editor)) {
		a.canvas.Focus(prompt) // what waits for the person comes after the editor
		return
	}
	if focused == fyne.Focusable(prompt) {
		focused = a.editor
	}
	at := slices.IndexFunc(parts, func(p part) bool { return focused != nil && p.has(focused) })
	for i := 1; i <= len(parts); i++ {
		if next := parts[(at+i)%len(parts)]; !a.hidden(next.id) {
			next.focus()
			return
		}
	}
}

// openPart brings a part of the window to the front, one of presets.Parts, and returns
// it.
func (a *arrangement) openPart(part string) fyne.CanvasObject {
	i := a.inspector
	views := map[string]panes.ViewID{
		"room": panes.ViewRoom, "memory": panes.ViewRoom, "time": panes.ViewRoom, "teller": panes.ViewCalls, "vault": panes.ViewVault,
		"doors": panes.ViewDoors, "result": panes.ViewResult, "startup": panes.ViewStartup, "profile": panes.ViewProfile,
	}
	if view, ok := views[part]; ok {
		i.Open(view)
	}
	parts := map[string]fyne.CanvasObject{
		"verdict": i.Verdict.Object, "room": i.Picture, "memory": i.Chart.Object, "time": i.Times.Object,
		"teller": i.Calls.Object, "vault": i.Vault.Object, "doors": i.Doors.Object, "result": i.Result.Object, "startup": i.Startup.Object,
		"editor": a.pane, "console": a.console.Object, "limits": a.settings.Object, "status": a.bottom, "timeline": a.timeline.Object, "jit": i.Object,
	}
	switch {
	case part == "limits" && (a.lessonOpen || a.look.presenting):
		a.showLimits(true)
	case part == "editor":
		a.showLower(0)
	case part == "console":
		a.showLower(1)
	}
	return parts[part]
}
