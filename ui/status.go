package ui

import (
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/theme"
)

// status is the line at the bottom: what runs the guests, and how well the app
// itself keeps up.
type status struct {
	object      fyne.CanvasObject
	left, right *theme.Label
	figures     string // of the app itself
	spare       string
	ready       atomic.Bool // what spare says
	progress    string      // of the person, with the lessons
}

func newStatus() *status {
	s := &status{left: caption(""), right: caption("")}
	s.object = container.NewStack(theme.NewFill(theme.RolePanel, nil, 0), inset(newEnds(s.left, s.right), 12, 4))
	return s
}

func (s *status) show(state *inspector.State, spare bool, drawing time.Duration, rate float64) {
	left := "a teaching tool: each run gets its own process and isolate"
	if b := state.Started; b != nil {
		sealed := "sealed: " + strings.Join(engine.WallNames(b.Walls), ", ")
		if len(b.Lacking) > 0 {
			sealed += " — lacking " + strings.Join(b.Lacking, ", ")
		}
		parts := []string{"V8 " + b.V8, "isolate " + briefly(b.Waited.Isolate), "context " + briefly(b.Waited.Context)}
		if e := state.Ended; e != nil && e.Time.FirstResult > 0 {
			parts = append(parts, "first result "+briefly(e.Time.FirstResult))
		}
		left = strings.Join(append(parts, fmt.Sprintf("worker %d, %s", b.PID, sealed)), " · ")
	}
	s.left.SetText(left)
	right := "drawn in " + briefly(drawing)
	if rate > 0 {
		right = fmt.Sprintf("%.0f frames a second · ", rate) + right
	}
	if n := state.Dropped.Console + state.Dropped.Calls; n > 0 {
		right = plural(n, "event") + " dropped · " + right
	}
	s.figures = right
	s.tellSpare(spare)
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
