package box

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/ui/theme"
)

// Pane is a part of the window: two captions, left and right, and the content
// below.
func Pane(left, right *theme.Label, content fyne.CanvasObject) fyne.CanvasObject {
	head := Inset(NewEnds(left, right), 12, 6)
	return container.NewBorder(container.New(Tight{}, head, Rule()), nil, nil, nil, content)
}

// Caption is a small muted text, cut where it has no room.
func Caption(text string) *theme.Label {
	return theme.Cut(theme.Caption, theme.RoleMuted, text)
}

// AnyWidth lets an object be narrower than it would like, whatever the size of
// the text.
type AnyWidth struct{ Least float32 }

// Layout implements fyne.Layout.
func (l AnyWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(size)
	}
}

// MinSize implements fyne.Layout.
func (l AnyWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(l.Least, 0)
	for _, o := range objects {
		size.Height = max(size.Height, o.MinSize().Height)
	}
	return size
}

// ListAbove shows a list as high as its rows need, as far as there is room, and
// right below it what is said about the chosen one.
type ListAbove struct{ Need func(width float32) float32 }

// Layout implements fyne.Layout.
func (l ListAbove) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	list, said := objects[0], objects[1].(*container.Scroll)
	said.Resize(fyne.NewSize(size.Width, said.Size().Height)) // wraps it
	words := min(said.Content.MinSize().Height, size.Height*0.6)
	high := min(l.Need(size.Width), size.Height-words)
	list.Move(fyne.NewPos(0, 0))
	list.Resize(fyne.NewSize(size.Width, high))
	said.Move(fyne.NewPos(0, high))
	said.Resize(fyne.NewSize(size.Width, words))
}

// MinSize implements fyne.Layout.
func (l ListAbove) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(60, theme.Scaled(160))
}

// NewEnds puts one label at the left and one at the right.
func NewEnds(left, right *theme.Label) *fyne.Container {
	right.Trailing = true
	row := container.New(ends{}, left, right)
	right.Changed = func() { row.Layout.Layout(row.Objects, row.Size()) }
	return row
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
