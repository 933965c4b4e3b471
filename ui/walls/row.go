package walls

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/theme"
)

// row is one attempt: whether it was refused, what it was, the system's answer,
// and the walls that refuse it.
type row struct {
	object                   *fyne.Container
	attempt                  engine.WallAttempt
	held, name, answer, wall string
}

// mostWalls is how many walls of an attempt are named.
const mostWalls = 8

func newRow(a engine.WallAttempt, standing []engine.Wall) *row {
	r := &row{attempt: a, held: "✓ held", name: inspector.Line(a.Name), answer: inspector.SystemAnswer(a.Detail), wall: refusedBy(a, standing)}
	ink := theme.RoleGreen
	if !a.Held {
		r.held, ink = "✗ fell", theme.RoleRed
	}
	name, answer, wall := wrapped(r.name), wrapped(r.answer), wrapped(r.wall)
	answer.Importance, wall.Importance = widget.LowImportance, widget.LowImportance
	answer.SizeName, wall.SizeName = fynetheme.SizeNameCaptionText, fynetheme.SizeNameCaptionText
	if !a.Held {
		name.Importance, answer.Importance = widget.DangerImportance, widget.DangerImportance
	}
	r.object = container.New(box.Tight{}, container.New(&rowLayout{}, theme.NewLabel(theme.Bold, ink, r.held), name, answer, wall), box.Rule())
	return r
}

// refusedBy names the walls that refuse an attempt, and says where none of them
// stands here.
func refusedBy(a engine.WallAttempt, standing []engine.Wall) string {
	var up, absent []string
	for _, name := range a.By[:min(len(a.By), mostWalls)] {
		if slices.Contains(engine.WallNames(standing), name) {
			up = append(up, inspector.Line(name))
		} else {
			absent = append(absent, inspector.Line(name))
		}
	}
	switch {
	case len(up) > 0:
		return strings.Join(up, ", ")
	case len(absent) > 0:
		return "only " + strings.Join(absent, ", ") + ", not on this system"
	}
	return "no wall"
}

// rowLayout puts the parts of a row side by side, or where there is little room
// the answer and the walls below the name.
type rowLayout struct{}

func (rowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	held, name, answer, wall := objects[0], objects[1], objects[2], objects[3]
	first, gap := theme.Scaled(64), theme.Scaled(6)
	height := held.MinSize().Height + 2*fynetheme.InnerPadding()
	held.Move(fyne.NewPos(theme.Scaled(8), 0))
	held.Resize(fyne.NewSize(first, height))
	x := theme.Scaled(8) + first
	rest := max(1, size.Width-x)
	place := func(o fyne.CanvasObject, x, y, width float32) float32 {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(width, o.Size().Height))
		h := o.MinSize().Height
		o.Resize(fyne.NewSize(width, h))
		return h
	}
	if narrow(size.Width) {
		y := place(name, x, 0, rest)
		y += place(answer, x, y-fynetheme.InnerPadding(), rest) - fynetheme.InnerPadding()
		place(wall, x, y-fynetheme.InnerPadding(), rest)
		return
	}
	place(name, x, 0, rest*0.4-gap)
	place(answer, x+rest*0.4, theme.Scaled(1), rest*0.34-gap)
	place(wall, x+rest*0.74, theme.Scaled(1), rest*0.26)
}

func (rowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(theme.Scaled(160), 0)
	for _, o := range objects[1:] {
		size.Height = max(size.Height, o.Position().Y+o.MinSize().Height)
	}
	return size
}

func narrow(width float32) bool { return width < theme.Scaled(430) }

// columns shows the attempts, and the walls at their right, or below them where
// there is little room.
type columns struct{}

func (columns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if gap := theme.Scaled(14); size.Width >= theme.Scaled(700) {
		right := min(theme.Scaled(300), size.Width*0.34)
		objects[0].Move(fyne.NewPos(0, 0))
		objects[0].Resize(fyne.NewSize(size.Width-right-gap, size.Height))
		objects[1].Move(fyne.NewPos(size.Width-right, 0))
		objects[1].Resize(fyne.NewSize(right, size.Height))
		return
	}
	below := size.Height * 0.34
	gap := theme.Scaled(6)
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(fyne.NewSize(size.Width, size.Height-below-gap))
	objects[1].Move(fyne.NewPos(0, size.Height-below))
	objects[1].Resize(fyne.NewSize(size.Width, below))
}

func (columns) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(200), theme.Scaled(120))
}

// halfWidth keeps a choice from being as wide as the pane.
type halfWidth struct{}

func (halfWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(fyne.NewSize(min(size.Width, theme.Scaled(300)), size.Height))
}

func (halfWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(160), objects[0].MinSize().Height)
}

// wrapped is a text of ours that wraps.
func wrapped(text string) *widget.Label {
	label := widget.NewLabel(text)
	label.Wrapping = fyne.TextWrapWord
	return label
}

func heading(text string) fyne.CanvasObject {
	return box.Inset(container.New(box.Tight{}, box.Inset(theme.Cut(theme.Caption, theme.RoleMuted, text), 4, 4), box.Rule()), 0, 3)
}

// wallCard is a wall with its strength, or why it is not there.
func wallCard(name, text string, ink theme.Role) fyne.CanvasObject {
	label := wrapped(text)
	label.SizeName, label.Importance = fynetheme.SizeNameCaptionText, widget.LowImportance
	return container.New(box.Tight{}, box.Inset(theme.Cut(theme.Bold, ink, name), 4, 1), label)
}
