package ui

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/kit/words"
	"sealedroom/ui/panes"
	"sealedroom/ui/theme"
)

// status is the line at the bottom: what runs the guests, and how well the app
// itself keeps up.
type status struct {
	object      fyne.CanvasObject
	walls       *control.Link // opens the whole list
	left, right *theme.Label
	figures     string // of the app itself
	spare       string
	ready       atomic.Bool // what spare says
	progress    string      // of the person, with the lessons
	frames      frames
}

// newStatus makes the line; openWalls shows all that is known of the walls.
func newStatus(openWalls func()) *status {
	s := &status{left: box.Caption(""), right: box.Caption(""), walls: control.NewSmallLink("Walls", openWalls)}
	row := container.New(statusRow{}, s.walls, box.NewEnds(s.left, s.right))
	s.object = container.NewStack(theme.NewFill(theme.RolePanel, nil, 0), box.Inset(row, 12, 4))
	return s
}

// statusRow puts a word to press before the rest, in a line no higher than that.
type statusRow struct{}

func (statusRow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	link, rest := objects[0], objects[1]
	need := link.MinSize()
	link.Move(fyne.NewPos(-theme.Scaled(6), (size.Height-need.Height)/2))
	link.Resize(need)
	rest.Move(fyne.NewPos(need.Width, 0))
	rest.Resize(fyne.NewSize(max(0, size.Width-need.Width), size.Height))
}

func (statusRow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, objects[1].MinSize().Height)
}

func (s *status) show(state *inspector.State, spare bool, drawing time.Duration) {
	role := theme.RoleMuted
	if len(panes.Without(state)) > 0 {
		role = theme.RoleRed
	}
	s.left.Set(role, describeWorker(state, time.Now()))
	right := "drawn in " + words.Briefly(drawing)
	if rate := s.frames.rate(); rate > 0 {
		right = fmt.Sprintf("%.0f frames a second · ", rate) + right
	}
	if n := state.Dropped.Console + state.Dropped.Calls; n > 0 {
		right = words.Plural(n, "event") + " dropped · " + right
	}
	s.figures = right
	s.tellSpare(spare)
}

// describeWorker names the worker that ran, what holds it, and how it started.
func describeWorker(state *inspector.State, now time.Time) string {
	b := state.Started
	if b == nil {
		return "not known yet, before a run · a teaching tool: each run gets its own process and isolate"
	}
	sealed := "sealed: " + inspector.WallsInShort(b.Walls)
	out := panes.Without(state)
	lacking := 0
	for _, l := range b.Lacking {
		if name, _, _ := strings.Cut(l, ":"); !slices.Contains(out, name) {
			lacking++
		}
	}
	if lacking > 0 {
		sealed += ", ▲ " + words.Plural(lacking, "wall") + " lacking or weaker"
	}
	var parts []string
	if len(out) > 0 {
		parts = append(parts, panes.WallsOff(out))
	}
	parts = append(parts,
		sealed, inspector.ShortV8(inspector.Line(b.V8), now), fmt.Sprintf("worker %d", b.PID),
		"isolate "+words.Briefly(b.Waited.Isolate), "context "+words.Briefly(b.Waited.Context))
	if e := state.Ended; e != nil && e.Time.FirstResult > 0 {
		parts = append(parts, "first result "+words.Briefly(e.Time.FirstResult))
	}
	return strings.Join(parts, " · ")
}

// tellSpare says whether the next run finds its room ready.
func (s *status) tellSpare(ready bool) {
	s.ready.Store(ready)
	s.spare = "spare room starting"
	if ready {
		s.spare = "spare room ready"
	}
	s.refresh()
}

// refresh puts the person's progress before the app's own figures.
func (s *status) refresh() {
	s.right.SetText(strings.Trim(s.progress+" · "+s.figures+" · "+s.spare, " ·"))
}

// setProgress says how much of all lessons was solved.
func (s *status) setProgress(tally string) {
	s.progress = tally
	s.refresh()
}

// watch says when a spare room is ready, until over is closed: a run may end long
// before it is.
func (s *status) watch(ready func() bool, onMain func(func()), over chan struct{}) {
	ticker := time.NewTicker(300 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-over:
			return
		case <-ticker.C:
		}
		if ready() != s.ready.Load() {
			onMain(func() { s.tellSpare(ready()) })
		}
	}
}
