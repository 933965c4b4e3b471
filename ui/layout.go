package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/ui/theme"
)

// pane is a part of the window: two captions, left and right, and the content
// below.
func pane(left, right *theme.Label, content fyne.CanvasObject) fyne.CanvasObject {
	right.Trailing = true
	head := inset(container.NewGridWithColumns(2, left, right), 12, 7)
	return container.NewBorder(container.NewVBox(head, rule()), nil, nil, nil, content)
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

// fixedHeight gives its objects this height, unscaled.
type fixedHeight float32

func (h fixedHeight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(fyne.NewSize(size.Width, float32(h)))
	}
}

func (h fixedHeight) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, float32(h)) }

// anyWidth lets an object be narrower than it would like.
type anyWidth struct{ least float32 }

func (l anyWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(size)
	}
}

func (l anyWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(theme.Scaled(l.least), 0)
	for _, o := range objects {
		size.Height = max(size.Height, o.MinSize().Height)
	}
	return size
}
