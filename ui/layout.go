package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/ui/box"
	"sealedroom/ui/theme"
)

// The layouts by the names that the window uses.
type tight = box.Tight

var rule, inset = box.Rule, box.Inset

// pane is a part of the window: two captions, left and right, and the content
// below.
func pane(left, right *theme.Label, content fyne.CanvasObject) fyne.CanvasObject {
	head := inset(newEnds(left, right), 12, 6)
	return container.NewBorder(container.New(tight{}, head, rule()), nil, nil, nil, content)
}

func caption(text string) *theme.Label {
	return theme.Cut(theme.Caption, theme.RoleMuted, text)
}

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

// listAbove shows a list as high as its rows need, as far as there is room, and
// right below it what is said about the chosen one.
type listAbove struct{ need func(width float32) float32 }

func (l listAbove) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	list, said := objects[0], objects[1].(*container.Scroll)
	said.Resize(fyne.NewSize(size.Width, said.Size().Height)) // wraps it
	words := min(said.Content.MinSize().Height, size.Height*0.6)
	high := min(l.need(size.Width), size.Height-words)
	list.Move(fyne.NewPos(0, 0))
	list.Resize(fyne.NewSize(size.Width, high))
	said.Move(fyne.NewPos(0, high))
	said.Resize(fyne.NewSize(size.Width, words))
}

func (l listAbove) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(60, theme.Scaled(160))
}

// newEnds puts one label at the left and one at the right.
func newEnds(left, right *theme.Label) *fyne.Container {
	right.Trailing = true
	box := container.New(ends{}, left, right)
	right.Changed = func() { box.Layout.Layout(box.Objects, box.Size()) }
	return box
}

// ends gives the right label its room; the left one gives way, but for what
// needs no more than half.
type ends struct{}

func (ends) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left, right := objects[0].(*theme.Label), objects[1].(*theme.Label)
	room := max(0, size.Width-theme.Scaled(12))
	keeps := left.NaturalWidth()
	if keeps > room/2 {
		keeps = room * 0.4
	}
	width := min(right.NaturalWidth(), room-keeps)
	right.Resize(fyne.NewSize(width, size.Height))
	right.Move(fyne.NewPos(size.Width-width, 0))
	left.Move(fyne.NewPos(0, 0))
	left.Resize(fyne.NewSize(max(0, room-width), size.Height))
}

func (ends) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, max(objects[0].MinSize().Height, objects[1].MinSize().Height))
}
