package panes

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/kit/words"
	"sealedroom/ui/room"
	"sealedroom/ui/theme"
)

// Inspector is the right side of the window: the verdict, and below it the
// views of a run. Only the view that is in sight is kept up to date.
type Inspector struct {
	Object  fyne.CanvasObject
	Verdict *Verdict
	Asking  *Asking
	Picture *room.Picture
	Rings   *room.Rings // in its place, for a guest with native hands
	Chart   *MemoryChart
	Times   *TimeBars
	Doors   *Doors
	Calls   *Calls
	Vault   *Vault
	Result  *Result
	memory  *Memory
	Startup *Startup
	Profile *Profile

	Tabs  *control.Tabs
	Views []View
	Split *container.Split // picture above chart
	Wide  *container.Split // picture next to chart
	room  *fyne.Container  // one of the two
	State *inspector.State
	Known KnownDoors
	// grants and limits are those of the next run.
	grants map[string]bridge.Grant
	limits engine.Limits
	Breach *engine.Breach // of the next run; nil: it has no native hands
	called int            // calls when the teller pulsed last
}

// KnownDoors are a state's doors. There can be thousands, so they are listed
// once for each change.
type KnownDoors struct {
	run      *engine.Started
	attempts int
	Doors    []inspector.Door
}

func (k *KnownDoors) update(s *inspector.State) {
	if k.Doors == nil || k.run != s.Started || k.attempts != s.Attempts {
		*k = KnownDoors{s.Started, s.Attempts, s.Doors()}
	}
}

// ViewID names a view, whatever its title is.
type ViewID string

// The views of a run.
const (
	ViewRoom    ViewID = "room"
	ViewResult  ViewID = "result"
	ViewCalls   ViewID = "calls"
	ViewVault   ViewID = "vault"
	ViewDoors   ViewID = "doors"
	ViewMemory  ViewID = "memory"
	ViewStartup ViewID = "start-up"
	ViewProfile ViewID = "profile"
)

// View is one tab.
type View struct {
	ID      ViewID
	Name    string
	Content fyne.CanvasObject
	show    func(*inspector.State)
	count   func(*inspector.State) int // for the title; nil: none
}

// NewInspector returns the views of no run. explain opens a text, and decide
// answers a call that waits.
func NewInspector(explain func(title, text string), decide func(int64, engine.Verdict)) *Inspector {
	p := &Inspector{
		Verdict: newVerdict(explain), Asking: newAsking(decide), Picture: room.New(), Chart: newMemoryChart(),
		Times: NewTimeBars(), Doors: newDoorsPane(), Calls: newCallsPane(), Vault: newVaultPane(), Result: newResultPane(), memory: NewMemory(), Startup: NewStartup(), Profile: NewProfile(),
		State: &inspector.State{},
	}
	p.Rings = room.NewRings()
	p.Rings.Hide()
	pictures := container.NewStack(p.Picture, p.Rings)
	p.Known.update(p.State)
	figures := container.NewBorder(nil, box.Inset(p.Times.Object, 12, 6), nil, nil, p.Chart.Object)
	p.Split = container.NewVSplit(pictures, figures)
	p.Wide = container.NewHSplit(pictures, container.New(box.AnyWidth{Least: 160}, figures))
	p.room = container.New(&roomLayout{p: p}, p.Split)
	p.Views = []View{
		{ViewRoom, "Room", p.room, p.showRoom, nil},
		{ViewResult, "Result", p.Result.Object, p.Result.show, nil},
		{ViewCalls, "Calls", p.Calls.Object, p.Calls.show, func(s *inspector.State) int { return max(s.CallCount, len(s.Hands)) }},
		{ViewVault, "Vault", p.Vault.Object, p.Vault.show, func(s *inspector.State) int { return len(s.Secrets) }},
		{ViewDoors, "Doors", p.Doors.Object, func(*inspector.State) { p.Doors.show(p.Known.Doors) }, func(*inspector.State) int { return triedDoors(p.Known.Doors) }},
		{ViewMemory, "Memory", p.memory.object, func(s *inspector.State) { p.memory.Show(s, p.limits) }, nil},
		{ViewStartup, "Start-up", p.Startup.Object, p.Startup.Show, nil},
		{ViewProfile, "Profile", p.Profile.Object, p.Profile.show, nil},
	}
	tabs := make([]control.Tab, len(p.Views))
	for i, v := range p.Views {
		// What has too little height at large text scrolls.
		tabs[i] = control.Tab{Title: v.Name, Content: container.NewVScroll(v.Content)}
	}
	p.Tabs = control.NewTabs(tabs...)
	p.Tabs.OnChanged = func(i int) { p.Views[i].show(p.State) }
	p.Picture.OnTapped = p.tapped
	p.Object = container.NewBorder(container.New(box.Tight{}, box.Inset(p.Verdict.Object, 10, 8), p.Asking), nil, nil, nil, p.Tabs.Object)
	return p
}

// roomLayout puts the chart below the picture, or next to it where the room is
// much wider than high, or not high enough for both.
type roomLayout struct {
	p     *Inspector
	width float32 // that there was last
}

const wideRoom = 1.35 // times its height

func (l *roomLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	shown := l.p.Split
	l.width = size.Width
	low := size.Height < l.p.Split.MinSize().Height && l.roomy()
	if size.Width > wideRoom*size.Height && size.Width > theme.Scaled(420) || low {
		shown = l.p.Wide
	}
	if objects[0] != fyne.CanvasObject(shown) {
		l.p.room.Objects = []fyne.CanvasObject{shown}
		shown.Resize(fyne.NewSize(0, 0)) // its parts have another place's size
	}
	shown.Resize(size)
}

// roomy reports whether both can be read side by side in any height.
func (l *roomLayout) roomy() bool { return l.width > theme.Scaled(480) }

func (l *roomLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	high := l.p.Wide.MinSize().Height
	if l.width > 0 && !l.roomy() {
		high = l.p.Split.MinSize().Height
	}
	return fyne.NewSize(l.p.Split.MinSize().Width, high)
}

// Open shows a view.
func (p *Inspector) Open(id ViewID) {
	p.Tabs.Select(slices.IndexFunc(p.Views, func(v View) bool { return v.ID == id }))
}

// Chosen is the view that is shown.
func (p *Inspector) Chosen() ViewID { return p.Views[p.Tabs.Chosen()].ID }

// Find returns the view that a person calls by this name, in any case.
func (p *Inspector) Find(name string) (ViewID, bool) {
	for _, v := range p.Views {
		if strings.EqualFold(v.Name, name) || strings.EqualFold(string(v.ID), name) {
			return v.ID, true
		}
	}
	return "", false
}

// Names are the views', in their order.
func (p *Inspector) Names() []string {
	out := make([]string, len(p.Views))
	for i, v := range p.Views {
		out[i] = v.Name
	}
	return out
}

// tapped explains a part of the picture.
func (p *Inspector) tapped(part room.Part) {
	if name, ok := strings.CutPrefix(string(part), string(room.PartDoor)); ok {
		p.Open(ViewDoors)
		p.Doors.choose(name)
		return
	}
	switch part {
	case room.PartTeller:
		p.Open(ViewCalls)
	case room.PartVault:
		p.Open(ViewVault)
	case room.PartGuest:
		p.Open(ViewResult)
	case room.PartRoom:
		p.Open(ViewMemory)
	}
}

// Preview shows in the picture what the next run will find, until there is one.
func (p *Inspector) Preview(grants map[string]bridge.Grant, limits engine.Limits) {
	p.grants, p.limits = grants, limits
	if p.State.Started == nil {
		p.Known.update(p.State)
		p.Chart.show(p.State, limits)
		p.showPicture(p.State)
	}
}

// Draw shows what moves: the teller's pulse and the lines of the chart.
func (p *Inspector) Draw(s *inspector.State) {
	p.State = s
	p.Known.update(s)
	if s.CallCount > p.called {
		p.Picture.Pulse()
	}
	p.called = s.CallCount
	switch p.Chosen() {
	case ViewRoom:
		p.Chart.draw(s, p.limits)
	case ViewMemory:
		p.memory.chart.draw(s, p.limits)
	}
}

// Show shows all of a state.
func (p *Inspector) Show(s *inspector.State) {
	p.State = s
	p.Known.update(s)
	p.Verdict.show(s)
	for i, v := range p.Views {
		title := v.Name
		if v.count != nil {
			if n := v.count(s); n > 0 {
				title = fmt.Sprintf("%s %s", v.Name, words.Grouped(n))
			}
		}
		p.Tabs.SetTitle(i, title)
	}
	p.Views[p.Tabs.Chosen()].show(s)
}

func (p *Inspector) showRoom(s *inspector.State) {
	p.showPicture(s)
	p.Chart.show(s, p.limits)
	p.Times.Show(s)
}

// mostPictured is how many doors the picture chooses from; the rest are in the
// list of doors.
const mostPictured = 24

func (p *Inspector) showPicture(s *inspector.State) {
	breach := p.Breach
	if s.Started != nil {
		breach = s.Started.Breach
	}
	if native := breach != nil; native != p.Rings.Visible() {
		p.Rings.Hidden, p.Picture.Hidden = !native, native
		p.Picture.Refresh()
		p.Rings.Refresh()
	}
	if breach != nil {
		p.Rings.Set(ringsOf(s, breach))
		return
	}
	data := room.Data{Running: s.Running(), Vault: room.Vault{Secrets: len(s.Secrets), Revealed: len(s.Revealed())}}
	grants := p.grants
	if s.Started != nil {
		grants = s.Started.Grants
	}
	for _, grant := range grants {
		data.Teller.Granted = data.Teller.Granted || grant != bridge.Off
		data.Teller.Naive = data.Teller.Naive || grant == bridge.Naive
	}
	data.Teller.Calls, data.Teller.Waiting = s.CallCount, s.Waiting != nil
	for _, secret := range s.Secrets {
		data.Vault.Used += secret.Used
	}
	for _, d := range p.Known.Doors[:min(len(p.Known.Doors), mostPictured)] {
		data.Doors = append(data.Doors, room.Door{Name: inspector.Line(d.Name), Count: d.Count, Open: d.State == inspector.DoorOpen})
	}
	if e := s.Ended; e != nil {
		switch e.Outcome {
		case engine.Timeout, engine.ExceededCPU:
			data.Broken = "out of time"
		case engine.ExceededMemory:
			data.Broken = "out of memory"
		case engine.ExceededOutput, engine.ExceededCalls:
			data.Broken = "over its limit"
		case engine.Crashed:
			data.Broken = "its worker died"
		case engine.Canceled:
			data.Broken = "stopped by you"
		}
	}
	data.Level = p.level(s)
	p.Picture.Set(data)
}

// level is how full the room is, as a part of the memory limit, in so few steps
// that the picture is not drawn for each reading.
func (p *Inspector) level(s *inspector.State) float32 {
	const steps = 50
	for i := len(s.Heap) - 1; i >= 0 && s.Started != nil; i-- {
		if h := s.Heap[i]; h.V8 {
			full := float64(h.Used+h.External) / float64(s.Started.Limits.Memory())
			return float32(math.Round(min(1, full)*steps) / steps)
		}
	}
	return 0
}
