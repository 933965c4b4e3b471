package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector/session"
	"sealedroom/presets"
	"sealedroom/ui/document"
	"sealedroom/ui/kit/dialogs"
	"sealedroom/ui/kit/pointer"
	"sealedroom/ui/rooms"
	"sealedroom/ui/theme"
)

// many shows several rooms in place of one.
type many struct {
	*arrangement
	live     *live
	document *document.Document
	dialogs  *dialogs.Stack
	lookback *lookback
	status   *status
	running  func(bool) // shows which of Run and Stop has a use

	grid    *rooms.Grid
	editing int // the room whose code is in the editor; none where negative
}

// newMany makes the view of several rooms.
func newMany(l *live, a *arrangement, d *document.Document, over *dialogs.Stack, b *lookback, s *status, tips *pointer.Pointer, running func(bool)) *many {
	m := &many{arrangement: a, live: l, document: d, dialogs: over, lookback: b, status: s, running: running, editing: -1}
	m.grid = rooms.New(l.onMain, tips)
	m.grid.Hooks = rooms.Hooks{
		Open: m.open, Back: m.leave, New: m.setup, Running: m.ran,
		Compare: func(a, b rooms.Side) { rooms.ShowCompared(over, a, b) },
		Tell:    over.Tell,
		Say: func(text string) {
			if m.several {
				s.left.Set(theme.RoleMuted, text)
			}
		},
	}
	a.grid = m.grid.Object
	return m
}

// setup is what is in the editor and the settings, as a room may run it.
func (m *many) setup() session.Setup {
	setup := m.library.Setup().Tidy()
	if setup.Native { // for one room, by a person's hand
		setup.Native, setup.Without = false, nil
	}
	return setup
}

// toggle goes between one room and several.
func (m *many) toggle() {
	if m.several {
		m.leave()
		return
	}
	m.enter()
}

// enter shows the rooms, which at first are two of what the window has. What was
// changed of a room that was opened by itself is taken along.
func (m *many) enter() {
	m.live.Stop()
	switch all := m.grid.Rooms(); {
	case all == nil:
		setup := m.setup()
		all, err := session.NewRooms(m.live.host, setup, setup)
		if !m.set(all, err) {
			return
		}
	case m.editing >= 0 && all.Room(m.editing) != nil:
		if err := all.Set(m.editing, m.setup()); err != nil {
			m.dialogs.Tell("The room was not changed", err)
		}
		m.grid.Refresh()
	}
	m.editing = -1
	m.show(true)
}

// set gives the view rooms, if they could be made.
func (m *many) set(all *session.Rooms, err error, names ...string) bool {
	if err != nil {
		m.dialogs.Tell("The rooms were not made", err)
		return false
	}
	m.grid.Set(all, names...)
	return true
}

// leave goes back to one room. The rooms stay as they are.
func (m *many) leave() { m.show(false) }

func (m *many) show(several bool) {
	if m.several == several {
		return
	}
	m.several = several
	if several { // it is of one room
		m.timeline.Object.Hide()
	} else {
		m.timeline.Object.Show()
	}
	m.place()
	m.arranged()
	m.running(m.busy())
	if !several {
		m.typeInEditor()
		state := m.live.State()
		m.live.draw(&state)
	}
}

// ran is called when rooms began to run, or the last one has ended: then the
// scenario that is open has been run.
func (m *many) ran(now bool) {
	m.running(now)
	lanes := m.grid.Rooms().Lanes()
	if s := m.document.Scenario; s == nil || len(s.Rooms) == 0 || !m.several {
		return
	}
	if now {
		m.library.Began(m.grid.Rooms().Setup(lanes[0].Number))
	} else if lanes[0].State.Ended != nil {
		m.library.Judge(&lanes[0].State)
	}
}

// busy reports whether a room of those that are shown is running.
func (m *many) busy() bool {
	return m.several && m.grid.Rooms() != nil && m.grid.Rooms().Running() > 0
}

// open shows one of the rooms by itself: its code, its settings and its last run.
func (m *many) open(number int) {
	m.document.AskToReplace(func() {
		room, setup := m.grid.Rooms().Room(number), m.grid.Rooms().Setup(number)
		if room == nil {
			return
		}
		scenario := m.document.Scenario
		m.document.Load("", setup.Code)
		m.document.Scenario = scenario
		m.settings.SetRoom(setup)
		m.editing = number
		m.leave()
		if past := room.Past(); len(past) > 0 {
			m.lookback.load(past[len(past)-1].Recording, true)
		}
	})
}

// openScenario shows the rooms of a scenario that has several, and one room for one
// that has not.
func (m *many) openScenario(s *presets.Scenario) {
	if len(s.Rooms) == 0 {
		m.leave()
		return
	}
	m.editing = -1
	all, err := s.Open(m.live.host)
	var names []string
	for _, room := range s.Rooms {
		names = append(names, room.Name)
	}
	if m.set(all, err, names...) {
		m.show(true)
	}
}

// variants are pairs of changes under which one guest is compared.
var variants = []struct {
	name   string
	change func(session.Setup) (a, b session.Setup, err error)
}{
	{"32 MB and 128 MB of Memory", func(s session.Setup) (a, b session.Setup, err error) {
		a, b = s, s
		if a.Limits, err = s.Limits.WithMemory(32 << 20); err == nil {
			b.Limits, err = s.Limits.WithMemory(128 << 20)
		}
		return a, b, err
	}},
	{"Hardened and Naive Grants", func(s session.Setup) (a, b session.Setup, err error) {
		a, b = s, s
		a.Grants, b.Grants = map[string]bridge.Grant{}, map[string]bridge.Grant{}
		for _, name := range session.Capabilities() {
			if s.Grants[name] != bridge.Off {
				a.Grants[name], b.Grants[name] = bridge.Hardened, bridge.Naive
			}
		}
		return a, b, nil
	}},
	{"With and Without JIT", func(s session.Setup) (a, b session.Setup, err error) {
		a, b = s, s
		b.Limits = s.Limits.WithSwitches(s.Limits.Switches().With(engine.NoJITSwitch, true))
		return a, b, nil
	}},
}

// variantsMenu compares the guest in the editor under two setups, each run in a
// room of its own.
func (m *many) variantsMenu() *fyne.MenuItem {
	list := fyne.NewMenu("")
	for _, v := range variants {
		list.Items = append(list.Items, fyne.NewMenuItem(v.name, func() {
			a, b, err := v.change(m.setup())
			if err != nil {
				m.dialogs.Tell("The rooms were not made", err)
				return
			}
			m.live.Stop()
			m.editing = -1
			all, err := session.NewRooms(m.live.host, a, b)
			if m.set(all, err) {
				m.show(true)
				m.grid.RunAll()
			}
		}))
	}
	item := fyne.NewMenuItem("Compare This Guest", nil)
	item.ChildMenu = list
	return item
}

// withLesson puts the rooms next to an open lesson.
func withLesson(lesson, grid fyne.CanvasObject) *container.Split {
	split := container.NewHSplit(lesson, grid)
	split.Offset = 0.27
	return split
}
