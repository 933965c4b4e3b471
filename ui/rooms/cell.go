package rooms

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/inspector/session"
	"sealedroom/ui/box"
	"sealedroom/ui/chart"
	"sealedroom/ui/control"
	"sealedroom/ui/kit/words"
	"sealedroom/ui/panes"
	"sealedroom/ui/theme"
)

// cell shows one room.
type cell struct {
	object                 fyne.CanvasObject
	number                 int
	ground                 *theme.Fill
	title, state           *theme.Label
	figures, happened      *theme.Label
	chart                  *chart.Chart
	run, stop, open, close *control.Button

	shown inspector.Version
	until time.Duration
	any   bool
}

func newCell(g *Grid, number int) *cell {
	c := &cell{
		number: number, ground: theme.NewFill(theme.RolePanel, theme.RoleLine, 6),
		title: theme.Cut(theme.Bold, theme.RoleText, ""), state: theme.NewLabel(theme.Caption, theme.RoleMuted, ""),
		figures: theme.Cut(theme.Caption, theme.RoleMuted, ""), happened: theme.Cut(theme.SmallCode, theme.RoleMuted, ""),
		chart: chart.New(),
	}
	c.chart.Small = true
	c.chart.SetScale(chart.ToLimit)
	tool := func(icon fyne.Resource, tip string, do func(int)) *control.Button {
		b := control.NewTool(icon, func() { do(c.number) })
		b.Tip = tip
		b.OnTip = func(on bool) { g.tip(b, on) }
		return b
	}
	c.run = tool(fynetheme.MediaPlayIcon(), "Run this room", g.runOne)
	c.stop = tool(fynetheme.MediaStopIcon(), "Stop this room", g.stopOne)
	c.open = tool(fynetheme.DocumentCreateIcon(), "Open this room by itself: its code, limits, grants and last run", func(n int) { g.Open(n) })
	c.close = tool(fynetheme.WindowCloseIcon(), "Take this room away", g.remove)
	head := container.NewBorder(nil, nil, nil, container.NewHBox(container.NewCenter(c.state), c.run, c.stop, c.open, c.close), c.title)
	foot := container.New(box.Tight{}, box.Inset(c.figures, 10, 2), box.Rule(), box.Inset(c.happened, 10, 5))
	c.object = container.NewStack(c.ground, container.NewBorder(box.Inset(head, 10, 2), foot, nil, nil, c.chart))
	return c
}

// Letter names a room: "Room A" is the first.
func Letter(number int) string {
	name := string(rune('A' + number%26))
	if number >= 26 {
		name += fmt.Sprint(number/26 + 1)
	}
	return name
}

// show shows a room on an axis of this length.
func (c *cell) show(l session.Lane, name string, setup session.Setup, running bool, until time.Duration) {
	s := &l.State
	c.title.SetText(fmt.Sprintf("Room %s · %s", Letter(c.number), inspector.Line(words.Shortened(name, 60))))
	state, ink, edge := standing(s)
	c.state.Set(ink, state)
	c.ground.Set(theme.RolePanel, edge)
	c.figures.SetText(figures(s, setup))
	c.happened.SetText(happened(s))
	for _, b := range []struct {
		button *control.Button
		usable bool
	}{{c.run, !running}, {c.stop, running}} {
		if b.usable == b.button.Disabled() {
			if b.usable {
				b.button.Enable()
			} else {
				b.button.Disable()
			}
		}
	}
	if c.any && c.shown == s.Version && c.until == until {
		return
	}
	other := !c.any || c.shown.Run != s.Version.Run
	c.any, c.shown, c.until = true, s.Version, until
	limit := setup.Limits.Memory()
	if s.Started != nil {
		limit = s.Started.Limits.Memory()
	}
	data := panes.ChartData(s, limit)
	data.Until = until
	for i := range data.Points {
		data.Points[i].At = l.At(data.Points[i].At)
	}
	for i := range data.Marks {
		data.Marks[i].At = l.At(data.Marks[i].At)
	}
	c.chart.Set(data, other)
}

// nearlyFull is the part of the memory limit from which on a room is said to be
// nearly full.
const nearlyFull = 0.8

// standing says how a room is doing, in a word or two, and in which colours: of the
// words, and of the room's edge.
func standing(s *inspector.State) (text string, ink, edge theme.Role) {
	icon, ink, edge := panes.Look(s)
	switch {
	case s.Started == nil:
		return "not run yet", theme.RoleMuted, theme.RoleLine
	case s.Waiting != nil:
		return icon + " waits for you", ink, edge
	case s.Ended != nil:
		return icon + " " + outcome(s.Ended.Outcome), ink, edge
	}
	if part := float64(footprint(s)) / float64(s.Started.Limits.Memory()); part >= nearlyFull {
		return fmt.Sprintf("▲ at %.0f %% of its memory", 100*part), theme.RoleAmber, theme.RoleAmber
	}
	return icon + " running", ink, theme.RoleTeal
}

func outcome(o engine.Outcome) string {
	switch o {
	case engine.OK:
		return "finished"
	case engine.Exception:
		return "threw an error"
	case engine.Timeout:
		return "timed out"
	case engine.ExceededCPU:
		return "out of CPU time"
	case engine.ExceededMemory:
		return "out of memory"
	case engine.ExceededOutput:
		return "console over its limit"
	case engine.ExceededCalls:
		return "calls over their limit"
	case engine.Canceled:
		return "stopped by you"
	case engine.Crashed:
		return "its worker died"
	case engine.Pending:
		return "waits for nothing"
	}
	return string(o)
}

// footprint is V8's last account of used and external memory, in bytes.
func footprint(s *inspector.State) int64 {
	for i := len(s.Heap) - 1; i >= 0; i-- {
		if h := s.Heap[i]; h.V8 {
			return h.Used + h.External
		}
	}
	return 0
}

// figures are a room's memory, collections and processor time.
func figures(s *inspector.State, setup session.Setup) string {
	if s.Started == nil {
		return fmt.Sprintf("%s · %s", engine.FormatSize(setup.Limits.Memory()), engine.FormatTime(setup.Limits.Wall()))
	}
	limit := engine.FormatSize(s.Started.Limits.Memory())
	cpu := s.CPU
	if e := s.Ended; e != nil && e.Time.HasCPU {
		cpu = e.Time.CPU
	}
	rest := fmt.Sprintf(" · %s · %s CPU", words.Plural(s.GCCount, "GC"), words.Briefly(cpu))
	e := s.Ended
	if e == nil {
		return words.Sized(footprint(s)) + " of " + limit + rest
	}
	text := fmt.Sprintf("peak %s of %s", words.Sized(s.PeakHeap), limit) + rest + " · ended at " + words.Briefly(e.Time.Wall)
	if e.Time.Teardown > 0 {
		text += " · worker gone in " + words.Briefly(e.Time.Teardown)
	}
	return text
}

// happened is what a room did last, or how it ended.
func happened(s *inspector.State) string {
	if e := s.Ended; e != nil {
		switch {
		case e.Result != nil:
			return inspector.Line("result " + words.Shortened(e.Result.Preview, 200))
		case e.Error != nil:
			return inspector.Line(words.Shortened(e.Error.Name+": "+e.Error.Message, 200))
		}
		return inspector.Line(s.Summary())
	}
	if lines := s.Lines(); len(lines) > 0 {
		return inspector.Line(fmt.Sprintf("%s · last “%s”", words.Plural(s.ConsoleLines, "line"), words.Shortened(lines[len(lines)-1].Text, 120)))
	}
	if s.CallCount > 0 {
		return words.Plural(s.CallCount, "call") + " through the teller window"
	}
	return ""
}
