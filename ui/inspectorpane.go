package ui

import (
	"sealedroom/ui/kit/words"

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
	"sealedroom/ui/room"
	"sealedroom/ui/theme"
)

// inspectorPane is the right side of the window: the verdict, and below it the
// views of a run. Only the view that is in sight is kept up to date.
type inspectorPane struct {
	object  fyne.CanvasObject
	verdict *verdict
	asking  *asking
	picture *room.Picture
	rings   *room.Rings // in its place, for a guest with native hands
	chart   *memoryChart
	times   *timeBars
	doors   *doorsPane
	calls   *callsPane
	vault   *vaultPane
	result  *resultPane
	memory  *memoryPane
	startup *startup

	tabs  *control.Tabs
	views []view
	split *container.Split // picture above chart
	wide  *container.Split // picture beside chart
	room  *fyne.Container  // one of the two
	state *inspector.State
	known knownDoors
	// grants and limits are those of the next run.
	grants map[string]bridge.Grant
	limits engine.Limits
	breach *engine.Breach // of the next run; nil: it has no native hands
	called int            // calls when the teller pulsed last
}

// knownDoors are a state's doors. There can be thousands, so they are listed
// once for each change.
type knownDoors struct {
	run      *engine.Started
	attempts int
	doors    []inspector.Door
}

func (k *knownDoors) update(s *inspector.State) {
	if k.doors == nil || k.run != s.Started || k.attempts != s.Attempts {
		*k = knownDoors{s.Started, s.Attempts, s.Doors()}
	}
}

// view is one tab.
type view struct {
	name    string
	content fyne.CanvasObject
	show    func(*inspector.State)
	count   func(*inspector.State) int // for the title; nil: none
}

func newInspectorPane(explain func(title, text string), decide func(int64, engine.Verdict)) *inspectorPane {
	p := &inspectorPane{
		verdict: newVerdict(explain), asking: newAsking(decide), picture: room.New(), chart: newMemoryChart(),
		times: newTimeBars(), doors: newDoorsPane(), calls: newCallsPane(), vault: newVaultPane(), result: newResultPane(), memory: newMemoryPane(), startup: newStartup(),
		state: &inspector.State{},
	}
	p.rings = room.NewRings()
	p.rings.Hide()
	pictures := container.NewStack(p.picture, p.rings)
	p.known.update(p.state)
	figures := container.NewBorder(nil, box.Inset(p.times.object, 12, 6), nil, nil, p.chart.object)
	p.split = container.NewVSplit(pictures, figures)
	p.wide = container.NewHSplit(pictures, container.New(box.AnyWidth{Least: 160}, figures))
	p.room = container.New(&roomLayout{p}, p.split)
	p.views = []view{
		{"Room", p.room, p.showRoom, nil},
		{"Result", p.result.object, p.result.show, nil},
		{"Calls", p.calls.object, p.calls.show, func(s *inspector.State) int { return max(s.CallCount, len(s.Hands)) }},
		{"Vault", p.vault.object, p.vault.show, func(s *inspector.State) int { return len(s.Secrets) }},
		{"Doors", p.doors.object, func(*inspector.State) { p.doors.show(p.known.doors) }, func(*inspector.State) int { return triedDoors(p.known.doors) }},
		{"Memory", p.memory.object, func(s *inspector.State) { p.memory.show(s, p.limits) }, nil},
		{"Start-up", p.startup.object, p.startup.show, nil},
	}
	tabs := make([]control.Tab, len(p.views))
	for i, v := range p.views {
		// What has too little height at large text scrolls.
		tabs[i] = control.Tab{Title: v.name, Content: container.NewVScroll(v.content)}
	}
	p.tabs = control.NewTabs(tabs...)
	p.tabs.OnChanged = func(i int) { p.views[i].show(p.state) }
	p.picture.OnTapped = p.tapped
	p.object = container.NewBorder(container.New(box.Tight{}, box.Inset(p.verdict.object, 10, 8), p.asking), nil, nil, nil, p.tabs.Object)
	return p
}

// roomLayout puts the chart below the picture, or beside it where the room is
// much wider than high.
type roomLayout struct{ p *inspectorPane }

const wideRoom = 1.35 // times its height

func (l *roomLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	shown := l.p.split
	if size.Width > wideRoom*size.Height && size.Width > theme.Scaled(420) {
		shown = l.p.wide
	}
	if objects[0] != fyne.CanvasObject(shown) {
		l.p.room.Objects = []fyne.CanvasObject{shown}
		shown.Resize(fyne.NewSize(0, 0)) // its parts have another place's size
	}
	shown.Resize(size)
}

func (l *roomLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.p.split.MinSize().Width, l.p.wide.MinSize().Height)
}

// open shows the view of this name; false where there is none.
func (p *inspectorPane) open(name string) bool {
	at := slices.IndexFunc(p.views, func(v view) bool { return strings.EqualFold(v.name, name) })
	p.tabs.Select(at)
	return at >= 0
}

// names are the views', in their order.
func (p *inspectorPane) names() []string {
	out := make([]string, len(p.views))
	for i, v := range p.views {
		out[i] = v.name
	}
	return out
}

// tapped explains a part of the picture.
func (p *inspectorPane) tapped(part room.Part) {
	if name, ok := strings.CutPrefix(string(part), string(room.PartDoor)); ok {
		p.open("Doors")
		p.doors.choose(name)
		return
	}
	switch part {
	case room.PartTeller:
		p.open("Calls")
	case room.PartVault:
		p.open("Vault")
	case room.PartGuest:
		p.open("Result")
	case room.PartRoom:
		p.open("Memory")
	}
}

// preview shows in the picture what the next run will find, until there is one.
func (p *inspectorPane) preview(grants map[string]bridge.Grant, limits engine.Limits) {
	p.grants, p.limits = grants, limits
	if p.state.Started == nil {
		p.known.update(p.state)
		p.chart.show(p.state, limits)
		p.showPicture(p.state)
	}
}

// draw shows what moves: the teller's pulse and the lines of the chart.
func (p *inspectorPane) draw(s *inspector.State) {
	p.state = s
	p.known.update(s)
	if s.CallCount > p.called {
		p.picture.Pulse()
	}
	p.called = s.CallCount
	switch p.views[p.tabs.Chosen()].name {
	case "Room":
		p.chart.draw(s, p.limits)
	case "Memory":
		p.memory.chart.draw(s, p.limits)
	}
}

// show shows all of a state.
func (p *inspectorPane) show(s *inspector.State) {
	p.state = s
	p.known.update(s)
	p.verdict.show(s)
	for i, v := range p.views {
		title := v.name
		if v.count != nil {
			if n := v.count(s); n > 0 {
				title = fmt.Sprintf("%s %s", v.name, words.Grouped(n))
			}
		}
		p.tabs.SetTitle(i, title)
	}
	p.views[p.tabs.Chosen()].show(s)
}

func (p *inspectorPane) showRoom(s *inspector.State) {
	p.showPicture(s)
	p.chart.show(s, p.limits)
	p.times.show(s)
}

// mostPictured is how many doors the picture chooses from; the rest are in the
// list of doors.
const mostPictured = 24

func (p *inspectorPane) showPicture(s *inspector.State) {
	breach := p.breach
	if s.Started != nil {
		breach = s.Started.Breach
	}
	if native := breach != nil; native != p.rings.Visible() {
		p.rings.Hidden, p.picture.Hidden = !native, native
		p.picture.Refresh()
		p.rings.Refresh()
	}
	if breach != nil {
		p.rings.Set(ringsOf(s, breach))
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
	for _, d := range p.known.doors[:min(len(p.known.doors), mostPictured)] {
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
	p.picture.Set(data)
}

// level is how full the room is, as a part of the memory limit, in so few steps
// that the picture is not drawn for each reading.
func (p *inspectorPane) level(s *inspector.State) float32 {
	const steps = 50
	for i := len(s.Heap) - 1; i >= 0 && s.Started != nil; i-- {
		if h := s.Heap[i]; h.V8 {
			full := float64(h.Used+h.External) / float64(s.Started.Limits.Memory())
			return float32(math.Round(min(1, full)*steps) / steps)
		}
	}
	return 0
}
