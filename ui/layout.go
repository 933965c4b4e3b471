package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/ui/theme"
)

// pane is a part of the window: two captions, left and right, and the content
// below.
func pane(left, right *theme.Label, content fyne.CanvasObject) fyne.CanvasObject {
	head := inset(newEnds(left, right), 12, 6)
	return container.NewBorder(container.New(tight{}, head, rule()), nil, nil, nil, content)
}

func caption(text string) *theme.Label {
	return theme.Cut(theme.Caption, theme.RoleMuted, text)
}

// rule is a hairline.
func rule() fyne.CanvasObject {
	return container.New(fixedHeight(1), theme.NewFill(theme.RoleLine, nil, 0))
}

// inset keeps some room around an object, in lengths that grow with the text.
func inset(object fyne.CanvasObject, x, y float32) fyne.CanvasObject {
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

// tight is a column without gaps. It tells wrapped text its width before it
// asks for its height.
type tight struct{}

func (tight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
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

func (tight) MinSize(objects []fyne.CanvasObject) fyne.Size {
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

// fixedHeight gives its objects this height, unscaled.
type fixedHeight float32

func (h fixedHeight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(fyne.NewSize(size.Width, float32(h)))
	}
}

func (h fixedHeight) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, float32(h)) }

// anyWidth lets an object be narrower than it would like, whatever the size of
// the text.
type anyWidth struct{ least float32 }

func (l anyWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(size)
	}
}

func (l anyWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(l.least, 0)
	for _, o := range objects {
		size.Height = max(size.Height, o.MinSize().Height)
	}
	return size
}

// newEnds puts one label at the left and one at the right.
func newEnds(left, right *theme.Label) *fyne.Container {
	right.Trailing = true
	box := container.New(ends{}, left, right)
	right.Changed = func() { box.Layout.Layout(box.Objects, box.Size()) }
	return box
}

// ends gives the right label its room; the left one gives way.
type ends struct{}

func (ends) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left, right := objects[0], objects[1].(*theme.Label)
	width := min(right.NaturalWidth(), size.Width*0.6)
	right.Resize(fyne.NewSize(width, size.Height))
	right.Move(fyne.NewPos(size.Width-width, 0))
	left.Move(fyne.NewPos(0, 0))
	left.Resize(fyne.NewSize(max(0, size.Width-width-theme.Scaled(12)), size.Height))
}

func (ends) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, max(objects[0].MinSize().Height, objects[1].MinSize().Height))
}
