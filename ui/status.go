package ui

import (
	"fmt"
	"strings"
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
	slowest     time.Duration
}

func newStatus() *status {
	s := &status{left: caption(""), right: caption("")}
	s.right.Fixed = true
	s.object = container.NewStack(theme.NewFill(theme.RolePanel, nil, 0), inset(container.NewBorder(nil, nil, nil, s.right, s.left), 12, 4))
	return s
}

func (s *status) show(state *inspector.State, spare bool, frame time.Duration) {
	s.slowest = max(s.slowest, frame)
	left := "a teaching tool: each run gets its own process and isolate"
	if b := state.Started; b != nil {
		sealed := "sealed: " + strings.Join(b.Walls, ", ")
		if len(b.Lacking) > 0 {
			sealed += " — lacking " + strings.Join(b.Lacking, ", ")
		}
		parts := []string{"V8 " + b.V8, "isolate " + engine.FormatTime(b.Waited.Isolate), "context " + engine.FormatTime(b.Waited.Context)}
		if e := state.Ended; e != nil && e.Time.FirstResult > 0 {
			parts = append(parts, "request to result "+engine.FormatTime(e.Time.FirstResult))
		}
		left = strings.Join(append(parts, fmt.Sprintf("worker %d, %s", b.PID, sealed)), " · ")
	}
	s.left.SetText(left)
	right := fmt.Sprintf("frame %s", engine.FormatTime(frame.Round(10*time.Microsecond)))
	if spare {
		right += " · spare room ready"
	} else {
		right += " · spare room starting"
	}
	s.right.SetText(right)
}
