package panes

import (
	"fmt"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/kit/words"
	"sealedroom/ui/theme"
)

// piece is one part of a bar: so much of its track, 0 to 1.
type piece struct {
	role theme.Role
	of   float64
}

// Bar is one horizontal bar with a name before and a figure behind it. It is
// filled from a place on with its parts, one after another.
type Bar struct {
	widget.BaseWidget
	name, Figure *theme.Label
	track        *theme.Fill
	Fills        [maxParts]*theme.Fill
	parts        [maxParts]float64
	from         float64 // 0 to 1 of the track
	names        float32 // how wide the names are, before scaling
}

// How wide the names of bars are, before scaling.
const stepNames, clockNames = 124, 40

const maxParts = 4

func newBar(name string) *Bar {
	b := &Bar{
		name: theme.Cut(theme.Caption, theme.RoleMuted, name), Figure: theme.Cut(theme.Caption, theme.RoleText, ""),
		track: theme.NewFill(theme.RoleRaised, nil, 3), names: stepNames,
	}
	for i := range b.Fills {
		b.Fills[i] = theme.NewFill(theme.RoleTeal, nil, 3)
	}
	b.ExtendBaseWidget(b)
	return b
}

// set shows parts and a figure; what was there before goes.
func (b *Bar) set(from float64, figure string, parts ...piece) {
	b.Figure.SetText(figure)
	var of [maxParts]float64
	for i, p := range parts[:min(len(parts), maxParts)] {
		of[i] = p.of
		b.Fills[i].Set(p.role, nil)
	}
	if b.from != from || b.parts != of {
		b.from, b.parts = from, of
		b.Refresh()
	}
}

// Filled is how much of the track is, 0 to 1.
func (b *Bar) Filled() (sum float64) {
	for _, p := range b.parts {
		sum += p
	}
	return min(1, sum)
}

// CreateRenderer implements fyne.Widget.
func (b *Bar) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{b.name, b.track}
	for _, f := range b.Fills {
		objects = append(objects, f)
	}
	return widget.NewSimpleRenderer(container.New(barLayout{b}, append(objects, b.Figure)...))
}

type barLayout struct{ b *Bar }

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
	for i, f := range b.Fills {
		of := min(float32(b.parts[i]), 1-at)
		width := of * track
		if b.parts[i] > 0 {
			width = max(width, 2)
		}
		f.Hidden = width < 1
		place(f, x+min(at*track, track-2), y, width, h)
		at += of
	}
	place(b.Figure, size.Width-figure, 0, figure, size.Height)
}

// TimeBars show wall and CPU, each to the scale of its own limit, and where the
// wall time went.
type TimeBars struct {
	Object              fyne.CanvasObject
	Wall, CPU           *Bar
	split               *fyne.Container
	Used, NoCore, Waits *theme.Label
	Stop                *theme.Label
}

// NewTimeBars returns bars without a run.
func NewTimeBars() *TimeBars {
	name := func(role theme.Role) *theme.Label { return theme.NewLabel(theme.Caption, role, "") }
	t := &TimeBars{
		Wall: newBar("wall"), CPU: newBar("cpu"),
		Used: name(theme.RoleTeal), NoCore: name(theme.RoleBlue), Waits: name(theme.RoleMuted), Stop: name(theme.RoleRed),
	}
	t.Wall.names, t.CPU.names = clockNames, clockNames
	t.split = container.New(box.TextFlow{Gap: 12}, t.Used, t.NoCore, t.Waits, t.Stop)
	t.Object = container.New(box.Tight{}, t.Wall, t.CPU, t.split)
	return t
}

// Show shows a run's times.
func (t *TimeBars) Show(s *inspector.State) {
	if s.Started == nil {
		t.Wall.set(0, "")
		t.CPU.set(0, "")
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
	if asked, gone, ok := s.Stop(); ok && gone-asked >= max(5*time.Millisecond, asked/50) {
		stop = fmt.Sprintf("told to stop at %s, gone at %s", words.Briefly(asked), words.Briefly(gone))
	}
	of := func(d, limit time.Duration) float64 { return float64(d) / float64(limit) }
	if !spent.HasCPU {
		t.Wall.set(0, figure, piece{colour, of(spent.Wall, limits.Wall())})
		unknown := ""
		if s.Ended != nil {
			unknown = "not measured"
		}
		t.CPU.set(0, unknown)
		t.name("", "", "", stop)
		return
	}
	known := spent.CPU + spent.NoCore + spent.Waiting + spent.Between
	t.Wall.set(0, figure, piece{colour, of(spent.CPU, limits.Wall())}, piece{theme.RoleBlue, of(spent.NoCore, limits.Wall())},
		piece{theme.RoleMuted, of(spent.Waiting, limits.Wall())}, piece{theme.RoleLine, of(spent.Wall-known+spent.Between, limits.Wall())})
	t.Used.Role = colour
	if limit := limits.CPU(); limit > 0 {
		t.CPU.set(0, words.OfLimit(spent.CPU, limit), piece{level(of(spent.CPU, limit)), of(spent.CPU, limit)})
	} else {
		t.CPU.set(0, words.Timed(spent.CPU)+", no limit", piece{theme.RoleTeal, of(spent.CPU, limits.Wall())})
	}
	noCore, waits := "● no core free "+words.Timed(spent.NoCore), "● the guest waited "+words.Timed(spent.Waiting)
	if !spent.HasNoCore {
		noCore, waits = "", "● waited, or had no core "+words.Timed(spent.Waiting)
	}
	if spent.Between >= max(time.Millisecond, spent.Wall/20) {
		waits += " · between it and the host " + words.Timed(spent.Between)
	}
	t.name("● computed "+words.Timed(spent.CPU), noCore, waits, stop)
}

// name writes what the parts of the wall's bar are; "" leaves one out.
func (t *TimeBars) name(texts ...string) {
	changed := false
	for i, label := range []*theme.Label{t.Used, t.NoCore, t.Waits, t.Stop} {
		changed = changed || label.Text != texts[i]
		label.Set(label.Role, texts[i])
		label.Hidden = texts[i] == ""
	}
	if changed {
		t.split.Refresh()
	}
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
