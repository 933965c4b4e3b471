package ui

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"sealedroom/ui/theme"
)

// pointer draws a ring around parts of the window for a moment, so that a
// person sees what a link means or has changed. It lies above everything and
// takes no input.
type pointer struct {
	layer  *fyne.Container
	onMain func(func())
	timer  *time.Timer
	parts  []fyne.CanvasObject // that are pointed at now
}

// pointFor is how long a ring stays.
const pointFor = 1800 * time.Millisecond

func newPointer(onMain func(func())) *pointer {
	return &pointer{layer: container.NewWithoutLayout(), onMain: onMain}
}

// at points at a part, beside those that are pointed at already. Parts that are
// not in sight get no ring.
func (p *pointer) at(part fyne.CanvasObject) {
	if part == nil {
		return
	}
	p.parts = append(p.parts, part)
	p.draw()
	if p.timer != nil {
		p.timer.Stop()
	}
	p.timer = time.AfterFunc(pointFor, func() { p.onMain(p.clear) })
}

func (p *pointer) clear() {
	p.parts = nil
	p.draw()
}

func (p *pointer) draw() {
	p.layer.RemoveAll()
	driver, window := fyne.CurrentApp().Driver(), p.layer.Size()
	corner := driver.AbsolutePositionForObject(p.layer) // a menu may stand above
	for _, part := range p.parts {
		at, size := driver.AbsolutePositionForObject(part).Subtract(corner), part.Size()
		if !shown(part) || size.Width == 0 || size.Height == 0 || at.X >= window.Width || at.Y >= window.Height {
			continue
		}
		ring := canvas.NewRectangle(color.Transparent)
		ring.StrokeColor, ring.StrokeWidth, ring.CornerRadius = theme.Now().Amber, 2, theme.Scaled(5)
		out := theme.Scaled(2)
		ring.Move(fyne.NewPos(max(1, at.X-out), max(1, at.Y-out)))
		ring.Resize(fyne.NewSize(min(size.Width+2*out, window.Width-ring.Position().X-1), min(size.Height+2*out, window.Height-ring.Position().Y-1)))
		p.layer.Add(ring)
	}
	p.layer.Refresh()
}

// shown says whether a part is drawn at all.
func shown(part fyne.CanvasObject) bool {
	return part.Visible() && fyne.CurrentApp().Driver().CanvasForObject(part) != nil
}

func (p *pointer) close() {
	if p.timer != nil {
		p.timer.Stop()
	}
}

// pointAt opens a part of the window, one of presets.Parts, and points at it.
func (w *window) pointAt(part string) {
	i := w.inspector
	tabs := map[string]string{
		"room": "Room", "memory": "Room", "time": "Room", "teller": "Calls", "vault": "Vault", "doors": "Doors",
		"result": "Result", "startup": "Start-up", "jit": "JIT",
	}
	if tab, ok := tabs[part]; ok {
		i.open(tab)
	}
	parts := map[string]fyne.CanvasObject{
		"verdict": i.verdict.object, "room": i.picture, "memory": i.chart, "time": i.times.object,
		"teller": i.calls.object, "vault": i.vault.object, "doors": i.doors.object, "result": i.result.object, "startup": i.startup.object,
		"editor": w.source, "console": w.console.object, "limits": w.limits.object, "status": w.status.object, "timeline": i.object, "jit": i.object,
	}
	if part == "limits" && w.lessonOpen {
		w.showLimits(true)
	}
	w.window.Content().Refresh() // lays out what was opened
	w.pointer.at(parts[part])
}
