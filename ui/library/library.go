// Package library is the scenarios and lessons of a window: the list to choose
// from, the one that is open, how far its reader has come with all of them, and
// what links in their texts do.
//
// Where things are: library.go opens scenarios; progress.go judges runs and keeps
// what a reader has done; reading.go feeds the lesson's pane; shelf.go has the
// scenarios at hand and choose.go the list of them; links.go, lift.go, compare.go
// and save.go are what a person can do with the guest next to a lesson.
package library

import (
	"sealedroom/engine"
	"sealedroom/inspector/session"
	"sealedroom/presets"
	"sealedroom/ui/document"
	"sealedroom/ui/kit/dialogs"
	"sealedroom/ui/kit/pointer"
	"sealedroom/ui/lesson"
	"sealedroom/ui/picker"
	"sealedroom/ui/settings"
)

// Library is the scenarios of a window. It is made with New.
type Library struct {
	Lesson  *lesson.Pane
	NextRun *settings.NextRun
	Picked  *picker.Button // opens the list
	Walk    *Walk
	Hooks

	doc      *document.Document
	settings *settings.Panel
	dialogs  *dialogs.Stack
	pointer  *pointer.Pointer
	store    *document.Store

	shelf    shelf
	shelved  func() // shows other scenarios in an open list
	progress map[string]presets.Progress
	ran      *presets.Scenario // that was open when the last run began
	judged   *engine.Started   // the run that was judged last
	last     *done
	lifted   *lifting
}

// Hooks are what a library needs of the window. All are set.
type Hooks struct {
	// ShowLesson brings the lesson's pane to the front, ShowOneRoom the room whose code
	// is in the editor, and ShowSwitches the settings where a lesson took their place.
	ShowLesson, ShowOneRoom, ShowSwitches func()
	// ToggleLimits shows the settings next to the lesson, or closes them.
	ToggleLimits func()
	// ShowRooms shows the rooms of a scenario that has several, and else one room.
	ShowRooms func(*presets.Scenario)
	// Read gives the keyboard to what is to be read or changed first.
	Read func()
	// News is called when the lesson's pane has something new.
	News func()
	// Point opens a part of the window, one of presets.Parts, and points at it.
	Point func(part string)
	// Clear forgets the run that is over or under way.
	Clear func()
	// Counted is called with how much of all was solved.
	Counted func(tally string)
}

// done is a run that has ended, for a scenario that is made of it.
type done struct {
	setup session.Setup
	run   presets.Run
}

// New returns a library whose scenarios are opened in doc and panel, and sets
// doc's hooks about scenarios. Its own Hooks have to be set.
func New(doc *document.Document, panel *settings.Panel, dialogs *dialogs.Stack, pointer *pointer.Pointer, store *document.Store) *Library {
	l := &Library{doc: doc, settings: panel, dialogs: dialogs, pointer: pointer, store: store, progress: store.Progress()}
	l.buildLesson()
	l.NextRun = settings.NewNextRun(l.RestoreRoom, func() { l.ToggleLimits() })
	l.Picked = picker.NewButton(l.Pick)
	l.Walk = newWalk(l.Back, l.Next)
	doc.ShowScenario, doc.Leave, doc.KeepDraft, doc.SaveScenario = l.Show, l.Leave, l.keepDraft, l.save
	doc.Find = func(key string) *presets.Scenario { return l.shelf.find(key) }
	doc.Resume = func(draft string) {
		l.loadGuest(draft)
		l.ShowReading()
	}
	doc.Fresh = func() {
		l.settings.Grants.SetSecrets(nil)
		l.settings.SetRoom(session.Setup{})
	}
	doc.Settled = l.unlift
	return l
}

// Restore reads the folder of one's own scenarios that was open before.
func (l *Library) Restore() {
	if folder := l.store.Folder(); folder != "" {
		l.shelf.folder = folder
		l.ReadFolder(folder, nil)
	}
}

// Setup is what the next run is made of.
func (l *Library) Setup() session.Setup {
	setup := l.settings.Setup()
	setup.Name, setup.Code = l.doc.GuestName(), l.doc.Text()
	return setup
}

// Open opens a scenario; it is not run. Text that would be lost is asked about
// first.
func (l *Library) Open(s *presets.Scenario) {
	l.doc.AskToReplace(func() { l.Show(s) })
}

// Show puts a scenario into the window: its text, its guest as the reader left
// it, its limits and grants.
func (l *Library) Show(s *presets.Scenario) {
	l.doc.Scenario = s
	l.settings.Grants.SetSecrets(s.Setup.Secrets)
	l.settings.SetRoom(s.Setup)
	l.loadGuest(l.progress[s.Key()].Draft)
	l.ShowReading()
	l.ShowLesson()
	l.ShowRooms(s)
	if s.Setup.Native {
		l.ShowSwitches() // the lesson took their place
	}
	l.doc.Keep()
	l.Read()
}

// loadGuest puts the scenario's guest into the editor; a draft stands for it
// where there is one.
func (l *Library) loadGuest(draft string) {
	l.doc.Load("", l.doc.Scenario.Setup.Code)
	if l.doc.Scenario.Setup.Native {
		l.settings.SetHands(true)
	}
	if draft != "" {
		l.doc.Replace(draft) // undo leads back to the lesson's
	}
}

// Leave shows the list of lessons in place of the scenario.
func (l *Library) Leave() {
	if l.doc.Scenario != nil {
		l.doc.Scenario = nil
		l.settings.Grants.SetSecrets(nil)
		l.ShowReading()
	}
}

// keepDraft keeps the open scenario's guest as the reader left it; "": as it was.
func (l *Library) keepDraft(text string) {
	s := l.doc.Scenario
	if text == l.progress[s.Key()].Draft {
		return
	}
	l.note(s, func(p presets.Progress) presets.Progress {
		p.Draft = text
		return p
	})
}

// Origin is what the guest came from, in a word.
func (l *Library) Origin() string {
	if l.doc.Scenario != nil && l.doc.Scenario.Lesson == 0 {
		return "scenario"
	}
	return "lesson"
}

// Began notes that a run of a setup began. What it shows counts for the scenario
// that is open.
func (l *Library) Began(setup session.Setup) {
	l.ran, l.last = l.doc.Scenario, &done{setup: setup}
	if setup.Native {
		if l.ran != nil && !l.ran.Setup.Native {
			l.ran = nil // native hands solve only scenarios that are about them
		}
		if l.ran == nil || len(setup.Without) > 0 {
			l.last = nil // no file says that a wall was left out
		}
	}
}

// ForgetRun forgets the last run: another text is in the editor.
func (l *Library) ForgetRun() { l.ran, l.last, l.lifted = nil, nil, nil }

// ShowNextRun brings the line about the next run up to date.
func (l *Library) ShowNextRun() {
	setup := l.Setup()
	l.NextRun.Show(setup, l.doc.Scenario != nil && len(l.doc.Scenario.Setup.Changes(setup)) > 0, l.Origin())
}

// RestoreRoom sets the scenario's limits and grants again.
func (l *Library) RestoreRoom() {
	if l.doc.Scenario == nil {
		return
	}
	l.settings.SetRoom(l.doc.Scenario.Setup)
	l.Lesson.Say("Limits and grants are the " + l.Origin() + "'s again.")
}
