// Package box arranges objects: the few layouts that the window's parts share.
// Their lengths grow with the text.
package box

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"sealedroom/ui/theme"
)

// Rule is a hairline.
func Rule() fyne.CanvasObject {
	return container.New(FixedHeight(1), theme.NewFill(theme.RoleLine, nil, 0))
}

// Inset keeps some room around an object, in lengths that grow with the text.
func Inset(object fyne.CanvasObject, x, y float32) fyne.CanvasObject {
	return container.New(insetLayout{x, y}, object)
}

type insetLayout struct{ x, y float32 }

func (l insetLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x, y := theme.Scaled(l.x), theme.Scaled(l.y)
	for _, o := range objects {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(max(0, size.Width-2*x), max(0, size.Height-2*y)))
	}
}

func (l insetLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size.AddWidthHeight(2*theme.Scaled(l.x), 2*theme.Scaled(l.y))
}

// Tight is a column without gaps. It gives wrapped text its width before it
// asks for its height.
type Tight struct{}

// Layout implements fyne.Layout.
func (Tight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		o.Move(fyne.NewPos(0, y))
		if o.Size().Width != size.Width {
			o.Resize(fyne.NewSize(size.Width, o.MinSize().Height))
		}
		h := o.MinSize().Height
		o.Resize(fyne.NewSize(size.Width, h))
		y += h
	}
}

// MinSize implements fyne.Layout.
func (Tight) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		if o.Visible() {
			m := o.MinSize()
			size.Width = max(size.Width, m.Width)
			size.Height += m.Height
		}
	}
	return size
}

// FixedHeight gives its objects this height, unscaled.
type FixedHeight float32

// Layout implements fyne.Layout.
func (h FixedHeight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(fyne.NewSize(size.Width, float32(h)))
	}
}

// MinSize implements fyne.Layout.
func (h FixedHeight) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, float32(h)) }

// Space is room of this height, which grows with the text.
func Space(height float32) fyne.CanvasObject {
	return container.New(space(height))
}

type space float32

func (space) Layout([]fyne.CanvasObject, fyne.Size) {}
func (h space) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, theme.Scaled(float32(h)))
}

// Flow puts objects side by side, in as many rows as they need. As with Tight,
// the height is for the width that it was given last.
type Flow struct{ width float32 }

func (*Flow) place(objects []fyne.CanvasObject, width float32, put func(fyne.CanvasObject, fyne.Position)) (height float32) {
	gap := theme.Scaled(6)
	x, y, row := float32(0), float32(0), float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		size := o.MinSize()
		if x > 0 && width > 0 && x+size.Width > width {
			x, y, row = 0, y+row+gap, 0
		}
		put(o, fyne.NewPos(x, y))
		x += size.Width + gap
		row = max(row, size.Height)
	}
	return y + row
}

// Layout implements fyne.Layout.
func (f *Flow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f.width = size.Width
	f.place(objects, size.Width, func(o fyne.CanvasObject, at fyne.Position) {
		o.Move(at)
		o.Resize(o.MinSize())
	})
}

// MinSize implements fyne.Layout.
func (f *Flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := float32(0)
	for _, o := range objects {
		if o.Visible() {
			width = max(width, o.MinSize().Width)
		}
	}
	return fyne.NewSize(width, f.place(objects, f.width, func(fyne.CanvasObject, fyne.Position) {}))
}

// Bare takes away the padding that Fyne's texts bring along.
type Bare struct{}

// Layout implements fyne.Layout.
func (Bare) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	pad := fynetheme.InnerPadding()
	for _, o := range objects {
		o.Move(fyne.NewPos(-pad, -pad))
		o.Resize(size.AddWidthHeight(2*pad, 2*pad))
	}
}

// MinSize implements fyne.Layout.
func (Bare) MinSize(objects []fyne.CanvasObject) fyne.Size {
	pad := fynetheme.InnerPadding()
	size := objects[0].MinSize()
	return fyne.NewSize(0, max(0, size.Height-2*pad))
}
