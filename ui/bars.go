package ui

import (
	"sealedroom/ui/kit/words"

	"fmt"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/theme"
)

// piece is one part of a bar: so much of its track, 0 to 1.
type piece struct {
	role theme.Role
	of   float64
}

// bar is one horizontal bar with a name before and a figure behind it. It is
// filled from a place on with its parts, one after another.
type bar struct {
	widget.BaseWidget
	name, figure *theme.Label
	track        *theme.Fill
	fills        [maxParts]*theme.Fill
	parts        [maxParts]float64
	from         float64 // 0 to 1 of the track
	names        float32 // how wide the names are, before scaling
}

// How wide the names of bars are, before scaling.
const stepNames, clockNames = 124, 40

const maxParts = 4

func newBar(name string) *bar {
	b := &bar{
		name: theme.Cut(theme.Caption, theme.RoleMuted, name), figure: theme.Cut(theme.Caption, theme.RoleText, ""),
		track: theme.NewFill(theme.RoleRaised, nil, 3), names: stepNames,
	}
	for i := range b.fills {
		b.fills[i] = theme.NewFill(theme.RoleTeal, nil, 3)
	}
	b.ExtendBaseWidget(b)
	return b
}

// set shows parts and a figure; what was there before goes.
func (b *bar) set(from float64, figure string, parts ...piece) {
	b.figure.SetText(figure)
	var of [maxParts]float64
	for i, p := range parts[:min(len(parts), maxParts)] {
		of[i] = p.of
		b.fills[i].Set(p.role, nil)
	}
	if b.from != from || b.parts != of {
		b.from, b.parts = from, of
		b.Refresh()
	}
}

// filled is how much of the track is, 0 to 1.
func (b *bar) filled() (sum float64) {
	for _, p := range b.parts {
		sum += p
	}
	return min(1, sum)
}

func (b *bar) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{b.name, b.track}
	for _, f := range b.fills {
		objects = append(objects, f)
	}
	return widget.NewSimpleRenderer(container.New(barLayout{b}, append(objects, b.figure)...))
}

type barLayout struct{ b *bar }

func (l barLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(160, theme.Scaled(20))
}

// barTrack is where the track of a bar of this width stands, and how wide the
// figure behind it may be.
func barTrack(width, names float32) (x, track, figure float32) {
	gap := theme.Scaled(10)
	// The longest name is whole where there is any room, then the figure.
	x = min(theme.Scaled(names), width*0.46)
	figure = min(theme.Scaled(184), (width-x)*0.66)
	return x, max(0, width-x-figure-gap), figure
}

func (l barLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	b := l.b
	x, track, figure := barTrack(size.Width, b.names)
	place := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	h := theme.Scaled(8)
	y := (size.Height - h) / 2
	place(b.name, 0, 0, x-theme.Scaled(6), size.Height)
	place(b.track, x, y, track, h)
	at := float32(math.Min(1, b.from))
	for i, f := range b.fills {
		of := min(float32(b.parts[i]), 1-at)
		width := of * track
		if b.parts[i] > 0 {
			width = max(width, 2)
		}
		f.Hidden = width < 1
		place(f, x+min(at*track, track-2), y, width, h)
		at += of
	}
	place(b.figure, size.Width-figure, 0, figure, size.Height)
}

// timeBars show wall and CPU, each to the scale of its own limit, and where the
// wall time went.
type timeBars struct {
	object              fyne.CanvasObject
	wall, cpu           *bar
	split               *fyne.Container
	used, noCore, waits *theme.Label
	stop                *theme.Label
}

func newTimeBars() *timeBars {
	name := func(role theme.Role) *theme.Label { return theme.NewLabel(theme.Caption, role, "") }
	t := &timeBars{
		wall: newBar("wall"), cpu: newBar("cpu"),
		used: name(theme.RoleTeal), noCore: name(theme.RoleBlue), waits: name(theme.RoleMuted), stop: name(theme.RoleRed),
	}
	t.wall.names, t.cpu.names = clockNames, clockNames
	t.split = container.New(box.TextFlow{Gap: 12}, t.used, t.noCore, t.waits, t.stop)
	t.object = container.New(box.Tight{}, t.wall, t.cpu, t.split)
	return t
}

func (t *timeBars) show(s *inspector.State) {
	if s.Started == nil {
		t.wall.set(0, "")
		t.cpu.set(0, "")
		t.name("", "", "", "")
		return
	}
	limits, spent := s.Started.Limits, s.Spent()
	colour := level(float64(spent.Wall) / float64(limits.Wall()))
	figure := words.OfLimit(spent.Wall, limits.Wall())
	switch {
	case s.Waiting != nil:
		colour = theme.RoleAmber
		figure += " · paused"
	case s.Paused > 0:
		figure += " · paused " + words.Briefly(s.Paused)
	}
	stop := ""
	if told, gone, ok := s.Stop(); ok && gone-told >= max(5*time.Millisecond, told/50) {
		stop = fmt.Sprintf("told to stop at %s, gone at %s", words.Briefly(told), words.Briefly(gone))
	}
	of := func(d, limit time.Duration) float64 { return float64(d) / float64(limit) }
	if !spent.HasCPU {
		t.wall.set(0, figure, piece{colour, of(spent.Wall, limits.Wall())})
		unknown := ""
		if s.Ended != nil {
			unknown = "not measured"
		}
		t.cpu.set(0, unknown)
		t.name("", "", "", stop)
		return
	}
	known := spent.CPU + spent.NoCore + spent.Waiting
	t.wall.set(0, figure, piece{colour, of(spent.CPU, limits.Wall())}, piece{theme.RoleBlue, of(spent.NoCore, limits.Wall())},
		piece{theme.RoleMuted, of(spent.Waiting, limits.Wall())}, piece{theme.RoleLine, of(spent.Wall-known, limits.Wall())})
	t.used.Role = colour
	if limit := limits.CPU(); limit > 0 {
		t.cpu.set(0, words.OfLimit(spent.CPU, limit), piece{level(of(spent.CPU, limit)), of(spent.CPU, limit)})
	} else {
		t.cpu.set(0, words.Timed(spent.CPU)+", no limit", piece{theme.RoleTeal, of(spent.CPU, limits.Wall())})
	}
	noCore, waits := "● no core free "+words.Timed(spent.NoCore), "● the guest waited "+words.Timed(spent.Waiting)
	if !spent.HasNoCore {
		noCore, waits = "", "● waited, or had no core "+words.Timed(spent.Waiting)
	}
	t.name("● computed "+words.Timed(spent.CPU), noCore, waits, stop)
}

// name writes what the parts of the wall's bar are; "" leaves one out.
func (t *timeBars) name(texts ...string) {
	changed := false
	for i, label := range []*theme.Label{t.used, t.noCore, t.waits, t.stop} {
		changed = changed || label.Text != texts[i]
		label.Set(label.Role, texts[i])
		label.Hidden = texts[i] == ""
	}
	if changed {
		t.split.Refresh()
	}
}

// elapsed is how long a run has taken so far, or took.
func elapsed(s *inspector.State) time.Duration { return s.Spent().Wall }

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
