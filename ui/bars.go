package ui

import (
	"fmt"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/theme"
)

// bar is one horizontal bar with a name before and a figure behind it.
type bar struct {
	widget.BaseWidget
	name, figure *theme.Label
	track, fill  *theme.Fill
	rest         *theme.Fill // from the fill on, in a quieter colour
	part         float64     // 0 to 1 of the track
	upTo         float64     // where the rest ends, 0 to 1
	from         float64     // where it begins, 0 to 1
}

func newBar(name string) *bar {
	b := &bar{
		name: theme.Cut(theme.Caption, theme.RoleMuted, name), figure: theme.Cut(theme.Caption, theme.RoleText, ""),
		track: theme.NewFill(theme.RoleRaised, nil, 3), fill: theme.NewFill(theme.RoleTeal, nil, 3),
		rest: theme.NewFill(theme.RoleMuted, nil, 3),
	}
	b.ExtendBaseWidget(b)
	return b
}

func (b *bar) set(role theme.Role, from, part float64, figure string) {
	b.fill.Set(role, nil)
	b.figure.SetText(figure)
	if b.from != from || b.part != part {
		b.from, b.part = from, part
		b.Refresh()
	}
}

// setRest shows a part behind the fill, up to here; none where that is before it.
func (b *bar) setRest(upTo float64) {
	if b.upTo != upTo {
		b.upTo = upTo
		b.Refresh()
	}
}

func (b *bar) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(barLayout{b}, b.name, b.track, b.rest, b.fill, b.figure))
}

type barLayout struct{ b *bar }

func (l barLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(160, theme.Scaled(20))
}

func (l barLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	b := l.b
	gap := theme.Scaled(10)
	name, figure := min(theme.Scaled(112), size.Width*0.3), min(theme.Scaled(184), size.Width*0.4)
	track := max(0, size.Width-name-figure-gap)
	place := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	h := theme.Scaled(8)
	place(b.name, 0, 0, name-theme.Scaled(6), size.Height)
	place(b.track, name, (size.Height-h)/2, track, h)
	from := float32(math.Min(1, b.from)) * track
	width := float32(math.Min(1-math.Min(1, b.from), b.part)) * track
	if b.part > 0 {
		width = max(width, 2)
	}
	place(b.fill, name+from, (size.Height-h)/2, width, h)
	rest := float32(math.Min(1, b.upTo))*track - from - width
	b.rest.Hidden = rest < 2
	place(b.rest, name+from+width, (size.Height-h/3)/2, max(0, rest), h/3)
	place(b.figure, name+track+gap, 0, figure, size.Height)
}

// timeBars show wall and CPU side by side; the gap is waiting.
type timeBars struct {
	object    fyne.CanvasObject
	wall, cpu *bar
}

func newTimeBars() *timeBars {
	t := &timeBars{wall: newBar("wall"), cpu: newBar("cpu")}
	t.object = container.New(tight{}, t.wall, t.cpu)
	return t
}

func (t *timeBars) show(s *inspector.State) {
	if s.Started == nil {
		t.wall.set(theme.RoleTeal, 0, 0, "")
		t.cpu.set(theme.RoleTeal, 0, 0, "")
		return
	}
	limits := s.Started.Limits
	elapsed := elapsed(s)
	figure := timed(elapsed) + " of " + engine.FormatTime(limits.Wall())
	colour := level(float64(elapsed) / float64(limits.Wall()))
	switch {
	case s.Waiting != nil:
		colour = theme.RoleAmber
		figure += " · paused"
	case s.Paused > 0:
		figure += " · paused " + briefly(s.Paused)
	}
	t.wall.set(colour, 0, float64(elapsed)/float64(limits.Wall()), figure)
	cpu, at, unknown := s.CPU, s.CPUAt, ""
	if s.Ended != nil {
		cpu, at, unknown = s.Ended.Time.CPU, elapsed, "not measured"
	}
	if cpu == 0 {
		t.cpu.set(theme.RoleMuted, 0, 0, unknown)
		t.cpu.setRest(0)
		return
	}
	// Both bars are to the wall's scale, so that what is between them is waiting.
	role, text := theme.RoleTeal, timed(cpu)
	if limits.CPU() > 0 {
		role = level(float64(cpu) / float64(limits.CPU()))
		text += " of " + engine.FormatTime(limits.CPU())
	}
	upTo := 0.0
	if waiting := at - cpu; waiting > at/10 && waiting > 5*time.Millisecond {
		text += fmt.Sprintf(" · waiting %s", briefly(waiting))
		upTo = float64(at) / float64(limits.Wall())
	} else if limits.CPU() == 0 {
		text += ", no limit"
	}
	t.cpu.set(role, 0, float64(cpu)/float64(limits.Wall()), text)
	t.cpu.setRest(upTo)
}

// elapsed is how long a run has taken so far, or took.
func elapsed(s *inspector.State) time.Duration {
	if s.Ended != nil {
		return s.Ended.Time.Wall
	}
	return s.Now
}

// level is the colour of something at this part of its limit.
func level(part float64) theme.Role {
	switch {
	case part >= 1:
		return theme.RoleRed
	case part >= inspector.NearLimit:
		return theme.RoleAmber
	}
	return theme.RoleTeal
}

// startup shows where a run's time went, and what others need to start, on one
// logarithmic scale. Measured and quoted figures are told apart.
type startup struct {
	object fyne.CanvasObject
	steps  []*bar
	peers  []*bar
}

// What the article says others need.
var quoted = []struct {
	name     string
	from, to time.Duration
	figure   string
}{
	{"isolate", 0, 5 * time.Millisecond, "under 5 ms"},
	{"container", 500 * time.Millisecond, 10 * time.Second, "500 ms – 10 s"},
	{"virtual machine", 5 * time.Second, 60 * time.Second, "seconds and more"},
}

var steps = []string{"worker process", "V8 and isolate", "context, prelude", "sealing", "compile", "run", "microtasks, timers", "reading result", "request to result", "teardown"}

func newStartup() *startup {
	s := &startup{}
	column := container.New(tight{}, inset(caption("MEASURED IN THIS RUN · LOGARITHMIC"), 0, 4))
	for _, name := range steps {
		b := newBar(name)
		s.steps = append(s.steps, b)
		column.Add(b)
	}
	column.Add(inset(caption("QUOTED FROM THE ARTICLE, NOT MEASURED HERE"), 0, 6))
	for _, q := range quoted {
		b := newBar(q.name)
		b.set(theme.RoleMuted, logarithmic(q.from), logarithmic(q.to)-logarithmic(q.from), q.figure)
		s.peers = append(s.peers, b)
		column.Add(b)
	}
	s.object = container.NewVScroll(inset(column, 12, 6))
	return s
}

// logarithmic maps 1 µs to 0 and 100 s to 1.
func logarithmic(d time.Duration) float64 {
	if d <= time.Microsecond {
		return 0
	}
	return math.Log10(float64(d)/float64(time.Microsecond)) / 8
}

func (s *startup) show(state *inspector.State) {
	var times [10]time.Duration
	if b := state.Started; b != nil {
		times[0], times[1], times[2], times[3] = b.Waited.Process, b.Waited.Isolate, b.Waited.Context, b.Waited.Seal
	}
	if e := state.Ended; e != nil {
		t := e.Time
		times[4], times[5], times[6], times[7], times[8], times[9] = t.Compile, t.Run, t.Settle, t.Read, t.FirstResult, t.Teardown
	}
	for i, b := range s.steps {
		figure, role := "–", theme.RoleTeal
		if times[i] > 0 {
			figure = timed(times[i])
		}
		if i < 4 && state.Started != nil && state.Started.Waited.Spare {
			figure += " (ahead)"
			role = theme.RoleBlue
		}
		b.set(role, 0, logarithmic(times[i]), figure)
	}
}
