package box

import (
	"fyne.io/fyne/v2"

	"sealedroom/ui/theme"
)

// TextFlow sets texts in rows, as many as they take. It keeps the height of one, so
// that nothing moves when they come.
type TextFlow struct{ Gap float32 }

// Place calls put for each visible object, and returns the height of all rows.
func (f TextFlow) Place(objects []fyne.CanvasObject, width float32, put func(o fyne.CanvasObject, at fyne.Position, size fyne.Size)) (height float32) {
	x, y, row, gap := float32(0), float32(0), float32(0), theme.Scaled(f.Gap)
	for _, o := range objects {
		size := o.MinSize()
		row = max(row, size.Height)
		if !o.Visible() {
			continue
		}
		if x > 0 && x+size.Width > width {
			x, y = 0, y+row
		}
		put(o, fyne.NewPos(x, y), fyne.NewSize(min(size.Width, max(width, 1)), size.Height))
		x += size.Width + gap
	}
	return y + row
}

// Layout implements fyne.Layout.
func (f TextFlow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f.Place(objects, size.Width, func(o fyne.CanvasObject, at fyne.Position, size fyne.Size) {
		o.Move(at)
		o.Resize(size)
	})
}

// MinSize implements fyne.Layout.
func (f TextFlow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := float32(theme.Scaled(160))
	height := f.Place(objects, theme.Scaled(420), func(fyne.CanvasObject, fyne.Position, fyne.Size) {})
	return fyne.NewSize(width, height)
}
