// Package rooms shows several rooms at once, on one time axis, and what the end of
// one did to the others.
package rooms

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"sealedroom/engine"
	"sealedroom/inspector/session"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/kit/pointer"
	"sealedroom/ui/theme"
)

// Grid is the rooms with their controls. It is made with New, and Set gives it
// rooms.
type Grid struct {
	Object fyne.CanvasObject
	Hooks

	rooms  *session.Rooms
	names  []string // of the first rooms; a room without one has its guest's
	cells  []*cell
	inside *fyne.Container
	add    *control.Button
	differ *control.Button
	said   *theme.Label
	tips   *pointer.Pointer

	onMain  func(func())
	mutex   sync.Mutex
	changed bool      // a room has changed since it was drawn
	waits   bool      // a picture waits for the window's thread
	next    time.Time // when the next picture may be drawn
	pumping bool
	runs    sync.WaitGroup
}

// Hooks are what a grid needs of the window. All are set.
type Hooks struct {
	// Open shows one room by itself.
	Open func(number int)
	// Back leaves the rooms.
	Back func()
	// New returns what a room that is added runs.
	New func() session.Setup
	// Compare shows what is different between two rooms.
	Compare func(a, b Side)
	// Tell opens a dialog with what went wrong.
	Tell func(title string, err error)
	// Running is called when it may have changed whether a room is running.
	Running func(running bool)
	// Say shows a line about all rooms in the window's status line.
	Say func(text string)
}

// pictureEvery is how long one picture of rooms that run is shown at least, and
// drawnPart which part of that time drawing it may take: the window has more to do.
const (
	pictureEvery = 60 * time.Millisecond
	drawnPart    = 10
)

// New returns a grid without rooms. onMain runs a function on the window's thread.
func New(onMain func(func()), tips *pointer.Pointer) *Grid {
	g := &Grid{onMain: onMain, tips: tips, inside: container.New(&cellLayout{}), said: theme.Cut(theme.Caption, theme.RoleMuted, "")}
	back := control.NewIconButton("One Room", fynetheme.NavigateBackIcon(), func() { g.Back() })
	g.add = control.NewIconButton("Room", fynetheme.ContentAddIcon(), g.addRoom)
	g.differ = control.NewButton("Compare A and B", g.compare)
	title := box.Inset(theme.NewLabel(theme.Bold, theme.RoleText, "Several rooms, one time axis"), 8, 6)
	bar := container.NewBorder(nil, nil, container.NewHBox(back, title), container.NewHBox(g.add, g.differ), box.Inset(g.said, 8, 8))
	g.Object = container.NewBorder(container.New(box.Tight{}, box.Inset(bar, 8, 4), box.Rule()), nil, nil, nil, box.Inset(g.inside, 6, 6))
	return g
}

func (g *Grid) tip(o *control.Button, on bool) { g.tips.Tip(o, on) }

// Rooms are those that are shown; nil before Set.
func (g *Grid) Rooms() *session.Rooms { return g.rooms }

// Set shows other rooms, with the names of the first ones. Those before are stopped.
func (g *Grid) Set(rooms *session.Rooms, names ...string) {
	if g.rooms != nil {
		g.rooms.Stop()
	}
	g.rooms, g.names = rooms, names
	rooms.Seen = func(int, engine.Event) { g.note() }
	g.cells = nil
	g.arrange()
	rooms.Warm()
}

// Refresh shows all rooms as they are, after one was changed.
func (g *Grid) Refresh() { g.draw() }

// arrange makes a cell for each room that there is.
func (g *Grid) arrange() {
	old := map[int]*cell{}
	for _, c := range g.cells {
		old[c.number] = c
	}
	g.cells, g.inside.Objects = nil, nil
	for _, l := range g.rooms.Lanes() {
		c := old[l.Number]
		if c == nil {
			c = newCell(g, l.Number)
		}
		g.cells = append(g.cells, c)
		g.inside.Objects = append(g.inside.Objects, c.object)
	}
	first, second := g.pair()
	g.differ.SetText("Compare " + Letter(first) + " and " + Letter(second))
	if len(g.cells) >= session.MaxRooms {
		g.add.Disable()
	} else {
		g.add.Enable()
	}
	g.inside.Refresh()
	g.draw()
}

// pair are the two rooms that are compared: the first ones.
func (g *Grid) pair() (a, b int) { return g.cells[0].number, g.cells[1].number }

// ---- what a person does ---------------------------------------------------------------

// RunAll runs all rooms that are not running.
func (g *Grid) RunAll() {
	rooms := g.rooms
	g.start(func() []session.RoomEnd { return rooms.Run(context.Background()) })
}

func (g *Grid) runOne(number int) {
	rooms := g.rooms
	g.start(func() []session.RoomEnd { return []session.RoomEnd{rooms.RunOne(context.Background(), number)} })
}

func (g *Grid) start(run func() []session.RoomEnd) {
	g.runs.Go(func() {
		for _, end := range run() {
			if end.Err != nil && !errors.Is(end.Err, session.ErrRunning) {
				g.onMain(func() { g.Tell("A room could not start", end.Err) })
			}
		}
		g.note()
	})
	g.mutex.Lock()
	pumping := g.pumping
	g.pumping = true
	g.mutex.Unlock()
	if !pumping {
		go g.pump(g.rooms)
	}
	g.Running(true)
}

// StopAll stops all rooms.
func (g *Grid) StopAll() {
	if g.rooms != nil {
		g.rooms.Stop()
	}
}

func (g *Grid) stopOne(number int) {
	if room := g.rooms.Room(number); room != nil {
		room.Stop()
	}
}

func (g *Grid) addRoom() {
	if _, err := g.rooms.Add(g.New()); err != nil {
		g.Tell("No room was added", err)
		return
	}
	g.arrange()
}

func (g *Grid) remove(number int) {
	if err := g.rooms.Remove(number); err != nil {
		g.Tell("The room stays", err)
		return
	}
	g.arrange()
}

func (g *Grid) compare() {
	first, second := g.pair()
	sides := map[int]Side{}
	for _, l := range g.rooms.Lanes() {
		sides[l.Number] = Side{"Room " + Letter(l.Number), g.rooms.Setup(l.Number), l.State}
	}
	g.Compare(sides[first], sides[second])
}

// Close stops all rooms and waits until they have ended.
func (g *Grid) Close() {
	g.StopAll()
	g.runs.Wait()
}

// ---- drawing --------------------------------------------------------------------------

// note has a picture drawn soon. It is called on the goroutines of the runs.
func (g *Grid) note() {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.changed = true
}

// pump draws while a room is running, and once more at the end. However fast events
// come, one picture at most waits for the window's thread.
func (g *Grid) pump(rooms *session.Rooms) {
	clock := time.NewTicker(pictureEvery)
	defer clock.Stop()
	for range clock.C {
		over := rooms.Running() == 0
		g.mutex.Lock()
		due := g.changed && !g.waits && time.Now().After(g.next)
		if due {
			g.changed, g.waits = false, true
		}
		idle := over && !g.changed && !g.waits
		if idle {
			g.pumping = false
		}
		g.mutex.Unlock()
		if due {
			g.onMain(func() {
				began := time.Now()
				g.draw()
				g.mutex.Lock()
				g.waits, g.next = false, time.Now().Add(drawnPart*time.Since(began))
				g.mutex.Unlock()
			})
		}
		if idle {
			g.onMain(func() { g.Running(g.rooms.Running() > 0) })
			return
		}
	}
}

// leastAxis is how long the axis is at least.
const leastAxis = 20 * time.Millisecond

// draw shows all rooms as they are.
func (g *Grid) draw() {
	lanes := g.rooms.Lanes()
	until := leastAxis
	for _, l := range lanes {
		if l.State.Started != nil {
			until = max(until, l.At(l.State.Now))
		}
	}
	for i, l := range lanes {
		if i < len(g.cells) && g.cells[i].number == l.Number {
			room := g.rooms.Room(l.Number)
			g.cells[i].show(l, g.nameOf(l.Number), g.rooms.Setup(l.Number), room != nil && room.Running(), until)
		}
	}
	g.said.SetText(summary(lanes))
	g.Say(effects(g.rooms.Ends()))
}

// nameOf is what a room is called after its letter.
func (g *Grid) nameOf(number int) string {
	if number < len(g.names) {
		return g.names[number]
	}
	if name := g.rooms.Setup(number).Name; name != "" {
		return name
	}
	return "guest.js"
}

// cellLayout puts the rooms in as few rows as leave each wide enough to read.
type cellLayout struct{}

func (cellLayout) columns(n int, width float32) int {
	columns := int(math.Ceil(math.Sqrt(float64(n))))
	for columns > 1 && width/float32(columns) < theme.Scaled(250) {
		columns--
	}
	return columns
}

func (l cellLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if len(objects) == 0 {
		return
	}
	columns, gap := l.columns(len(objects), size.Width), theme.Scaled(8)
	rows := (len(objects) + columns - 1) / columns
	high := (size.Height - gap*float32(rows-1)) / float32(rows)
	for i, o := range objects {
		row := i / columns
		inRow := min(columns, len(objects)-row*columns) // the last row may have fewer, which are wider
		wide := (size.Width - gap*float32(inRow-1)) / float32(inRow)
		o.Move(fyne.NewPos(float32(i%columns)*(wide+gap), float32(row)*(high+gap)))
		o.Resize(fyne.NewSize(wide, high))
	}
}

func (cellLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(260), theme.Scaled(200))
}
