package ui

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// pointer draws a ring around parts of the window for a moment, so that a
// person sees what a link means or has changed. It lies above everything and
// takes no input.
type pointer struct {
	layer  *fyne.Container // of the rings
	tips   *fyne.Container
	onMain func(func())
	timer  *time.Timer
	parts  []fyne.CanvasObject // that are pointed at now
}

// pointFor is how long a ring stays.
const pointFor = 1800 * time.Millisecond

func newPointer(onMain func(func())) *pointer {
	return &pointer{layer: container.NewWithoutLayout(), tips: container.NewWithoutLayout(), onMain: onMain}
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
		place, size := driver.AbsolutePositionForObject(part), part.Size()
		at := place.Subtract(corner)
		if !shown(part) || place.IsZero() || // Fyne's answer for what is not in the window
			size.Width == 0 || size.Height == 0 || at.X >= window.Width || at.Y >= window.Height {
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

// tip shows what a button does, below it, or no more.
func (p *pointer) tip(b *control.Button, on bool) {
	p.clearTip()
	if place := fyne.CurrentApp().Driver().AbsolutePositionForObject(b); on && !place.IsZero() {
		at := place.Subtract(fyne.CurrentApp().Driver().AbsolutePositionForObject(p.layer))
		label := container.NewStack(theme.NewFill(theme.RoleRaised, theme.RoleLine, 4), box.Inset(theme.NewLabel(theme.Caption, theme.RoleText, b.Tip), 8, 4))
		size := label.MinSize()
		label.Resize(size)
		label.Move(fyne.NewPos(max(0, min(at.X, p.layer.Size().Width-size.Width-theme.Scaled(4))), at.Y+b.Size().Height+theme.Scaled(4)))
		p.tips.Add(label)
	}
	p.tips.Refresh()
}

// clearTip removes the tip: its button is left, or all sizes change.
func (p *pointer) clearTip() {
	p.tips.RemoveAll()
	p.tips.Refresh()
}

func (p *pointer) close() {
	if p.timer != nil {
		p.timer.Stop()
	}
}
