package panes

import (
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/kit/words"
	"sealedroom/ui/theme"
)

// Startup shows how a worker was made, what a person waited for between request
// and result, part by part, and what others need to start: on one logarithmic
// scale. Measured and quoted figures look different.
type Startup struct {
	Object fyne.CanvasObject
	made   *theme.Label // whether the worker was made ahead
	Bars   []*Bar
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

// StartStep is a figure of a run. The sum of all that are parts is the total.
type StartStep struct {
	Name   string
	of     func(engine.Waited, engine.Times) time.Duration
	Kind   stepKind
	always bool // shown as soon as the guest has its worker
}

type stepKind int

const (
	Making stepKind = iota // of the worker: ahead of the request, or within the wait for it
	Within                 // from request to result
	Total
	after
)

// StartSteps are the steps of a start, in order.
var StartSteps = []StartStep{
	{"worker process", func(w engine.Waited, _ engine.Times) time.Duration { return w.Process }, Making, true},
	{"V8 and isolate", func(w engine.Waited, _ engine.Times) time.Duration { return w.Isolate }, Making, true},
	{"context, prelude", func(w engine.Waited, _ engine.Times) time.Duration { return w.Context }, Making, true},
	{"sealing", func(w engine.Waited, _ engine.Times) time.Duration { return w.Seal }, Making, true},
	{"teller windows", func(w engine.Waited, _ engine.Times) time.Duration { return w.Bridge }, Within, true},
	{"wait for a worker", func(w engine.Waited, _ engine.Times) time.Duration { return w.Worker }, Within, true},
	{"hand-over", func(_ engine.Waited, t engine.Times) time.Duration { return t.HandOver }, Within, false},
	{"compile", func(_ engine.Waited, t engine.Times) time.Duration { return t.Compile }, Within, false},
	{"run", func(_ engine.Waited, t engine.Times) time.Duration { return t.Run }, Within, false},
	{"microtasks, timers", func(_ engine.Waited, t engine.Times) time.Duration { return t.Settle }, Within, false},
	{"reading result", func(_ engine.Waited, t engine.Times) time.Duration { return t.Read }, Within, false},
	{"there and back", func(_ engine.Waited, t engine.Times) time.Duration { return t.Between }, Within, false},
	{"request to result", func(_ engine.Waited, t engine.Times) time.Duration { return t.FirstResult }, Total, false},
	{"teardown", func(_ engine.Waited, t engine.Times) time.Duration { return t.Teardown }, after, false},
}

// NewStartup returns the pane without a run.
func NewStartup() *Startup {
	s := &Startup{made: box.Caption("")}
	head := func(label *theme.Label) fyne.CanvasObject { return box.Inset(label, 0, 4) }
	column := container.New(box.Tight{}, head(s.made))
	for i, step := range StartSteps {
		if i > 0 && step.Kind != StartSteps[i-1].Kind {
			switch step.Kind {
			case Within:
				column.Add(head(box.Caption("FROM REQUEST TO RESULT: THE PARTS ADD UP")))
			case after:
				column.Add(head(box.Caption("AFTER THE RESULT")))
			}
		}
		b := newBar(step.Name)
		if step.Kind == Total {
			b.name.Set(theme.RoleText, step.Name)
		}
		s.Bars = append(s.Bars, b)
		column.Add(b)
	}
	column.Add(head(box.Caption("QUOTED FROM THE ARTICLE, NOT MEASURED HERE")))
	for _, q := range quoted {
		b := newBar(q.name)
		b.set(logarithmic(q.from), q.figure, piece{theme.RoleMuted, logarithmic(q.to) - logarithmic(q.from)})
		column.Add(b)
	}
	column.Add(newDecades())
	key := func(role theme.Role, text string) fyne.CanvasObject { return theme.NewLabel(theme.Caption, role, text) }
	column.Add(box.Inset(container.New(box.TextFlow{Gap: 12}, key(theme.RoleBlue, "■ done before the request"), key(theme.RoleTeal, "■ waited for"),
		key(theme.RoleMuted, "■ quoted"), key(theme.RoleMuted, "ten times from tick to tick")), 0, 6))
	s.Object = container.NewVScroll(box.Inset(column, 12, 6))
	return s
}

// logarithmic maps 1 µs to 0 and 100 s to 1.
func logarithmic(d time.Duration) float64 {
	if d <= time.Microsecond {
		return 0
	}
	return math.Log10(float64(d)/float64(time.Microsecond)) / decades
}

// decades is how many powers of ten the scale has.
const decades = 8

// Show shows how a run started.
func (s *Startup) Show(state *inspector.State) {
	var waited engine.Waited
	var times engine.Times
	if b := state.Started; b != nil {
		waited = b.Waited
	}
	if e := state.Ended; e != nil {
		times = e.Time
	}
	made, ahead := "MAKING THE WORKER", theme.RoleTeal
	switch {
	case state.Started == nil:
	case waited.Spare:
		made, ahead = "MAKING THE WORKER: BEFORE THE REQUEST, AS A SPARE", theme.RoleBlue
	default:
		made += ": ON REQUEST, WITHIN THE WAIT FOR A WORKER"
	}
	s.made.SetText(made)
	for i, step := range StartSteps {
		took, figure, role := step.of(waited, times), "–", theme.RoleTeal
		known := state.Started != nil && step.always || step.Kind == after && state.Ended != nil || times.FirstResult > 0
		if known {
			figure = words.Timed(took)
		}
		if step.Kind == Making {
			role = ahead
		}
		s.Bars[i].set(0, figure, piece{role, logarithmic(took)})
	}
}

// newDecades is the axis below the bars: a tick at each power of ten.
func newDecades() fyne.CanvasObject {
	var objects []fyne.CanvasObject
	for range decades + 1 {
		objects = append(objects, theme.NewFill(theme.RoleMuted, nil, 0))
	}
	for _, text := range []string{"1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s"} {
		objects = append(objects, theme.NewLabel(theme.Caption, theme.RoleMuted, text))
	}
	return container.New(decadesLayout{}, objects...)
}

type decadesLayout struct{}

func (decadesLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x, track, _ := barTrack(size.Width, stepNames)
	high, free := theme.Scaled(5), float32(0)
	for i := range decades + 1 {
		at := x + track*float32(i)/decades
		objects[i].Move(fyne.NewPos(at, 0))
		objects[i].Resize(fyne.NewSize(1, high))
		name := objects[decades+1+i].(*theme.Label)
		s := name.MinSize()
		left := at - s.Width/2
		// Where there is no room for all names, those in between go.
		name.Hidden = left < free || i%3 != 0 && track/decades < theme.Scaled(48)
		if !name.Hidden {
			free = left + s.Width + theme.Scaled(4)
		}
		name.Move(fyne.NewPos(left, high))
		name.Resize(s)
	}
}

func (decadesLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(160), theme.Scaled(6)+objects[len(objects)-1].MinSize().Height)
}
