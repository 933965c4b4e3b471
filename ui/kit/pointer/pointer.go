// Package pointer points at parts of a window.
package pointer

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

// Pointer draws a ring around parts of the window for a moment, so that a
// person sees what a link means or has changed. It lies above everything and
// takes no input.
type Pointer struct {
	Layer  *fyne.Container // of the rings, to stand above the window's content
	Tips   *fyne.Container // of the tips, to stand above those
	onMain func(func())
	timer  *time.Timer
	parts  []fyne.CanvasObject // that are pointed at now
}

// pointFor is how long a ring stays.
const pointFor = 1800 * time.Millisecond

// New returns a pointer whose rings vanish by onMain, which runs a function on the
// window's thread.
func New(onMain func(func())) *Pointer {
	return &Pointer{Layer: container.NewWithoutLayout(), Tips: container.NewWithoutLayout(), onMain: onMain}
}

// At points at a part, in addition to those that are pointed at already. Parts that are
// not in sight get no ring.
func (p *Pointer) At(part fyne.CanvasObject) {
	if part == nil {
		return
	}
	p.parts = append(p.parts, part)
	p.draw()
	if p.timer != nil {
		p.timer.Stop()
	}
	p.timer = time.AfterFunc(pointFor, func() { p.onMain(p.Clear) })
}

// Parts returns what is pointed at.
func (p *Pointer) Parts() []fyne.CanvasObject { return p.parts }

// Clear points at nothing.
func (p *Pointer) Clear() {
	p.parts = nil
	p.draw()
}

func (p *Pointer) draw() {
	p.Layer.RemoveAll()
	driver, window := fyne.CurrentApp().Driver(), p.Layer.Size()
	corner := driver.AbsolutePositionForObject(p.Layer) // a menu may stand above
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
		p.Layer.Add(ring)
	}
	p.Layer.Refresh()
}

// shown says whether a part is drawn at all.
func shown(part fyne.CanvasObject) bool {
	return part.Visible() && fyne.CurrentApp().Driver().CanvasForObject(part) != nil
}

// Tip shows what a button does, below it; on is false once the button is left.
func (p *Pointer) Tip(b *control.Button, on bool) {
	p.ClearTip()
	if place := fyne.CurrentApp().Driver().AbsolutePositionForObject(b); on && !place.IsZero() {
		at := place.Subtract(fyne.CurrentApp().Driver().AbsolutePositionForObject(p.Layer))
		label := container.NewStack(theme.NewFill(theme.RoleRaised, theme.RoleLine, 4), box.Inset(theme.NewLabel(theme.Caption, theme.RoleText, b.Tip), 8, 4))
		size := label.MinSize()
		label.Resize(size)
		label.Move(fyne.NewPos(max(0, min(at.X, p.Layer.Size().Width-size.Width-theme.Scaled(4))), at.Y+b.Size().Height+theme.Scaled(4)))
		p.Tips.Add(label)
	}
	p.Tips.Refresh()
}

// ClearTip removes the tip: its button is left, or all sizes change.
// Clear points at nothing.
func (p *Pointer) ClearTip() {
	p.Tips.RemoveAll()
	p.Tips.Refresh()
}

// Close ends what waits.
func (p *Pointer) Close() {
	if p.timer != nil {
		p.timer.Stop()
	}
}
