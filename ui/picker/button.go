package picker

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// Button names the scenario that is open, as far as there is room, and opens
// the picker.
type Button struct {
	widget.BaseWidget
	// OnTapped is called when it is pressed.
	OnTapped func()

	group, title, arrow *theme.Label
	ground              *theme.Fill
	focused, hovered    bool
}

var (
	_ fyne.Focusable     = (*Button)(nil)
	_ fyne.Tappable      = (*Button)(nil)
	_ desktop.Hoverable  = (*Button)(nil)
	_ desktop.Cursorable = (*Button)(nil)
)

// NewButton makes a button.
func NewButton(tapped func()) *Button {
	b := &Button{
		OnTapped: tapped, ground: theme.NewFill(theme.RoleRaised, theme.RoleLine, 5),
		group: theme.NewLabel(theme.Body, theme.RoleMuted, ""), title: theme.Cut(theme.Bold, theme.RoleText, ""),
		arrow: theme.NewLabel(theme.Body, theme.RoleMuted, "▾"),
	}
	b.ExtendBaseWidget(b)
	return b
}

// Set names a group and a title.
func (b *Button) Set(group, title string) {
	if group != "" {
		group += " › "
	}
	if b.group.Text != group || b.title.Text != title {
		b.group.SetText(group)
		b.title.SetText(title)
		b.Refresh()
	}
}

// Title is the title that is shown.
func (b *Button) Title() string { return b.title.Text }

// NaturalWidth is the width that both names need.
func (b *Button) NaturalWidth() float32 {
	return b.group.NaturalWidth() + b.title.NaturalWidth() + b.arrow.NaturalWidth() + theme.Scaled(36)
}

// Tapped implements fyne.Tappable.
func (b *Button) Tapped(*fyne.PointEvent) { b.OnTapped() }

// Cursor implements desktop.Cursorable.
func (b *Button) Cursor() desktop.Cursor { return desktop.PointerCursor }

// FocusGained implements fyne.Focusable.
func (b *Button) FocusGained() { b.mark(true, b.hovered) }

// FocusLost implements fyne.Focusable.
func (b *Button) FocusLost() { b.mark(false, b.hovered) }

// MouseIn implements desktop.Hoverable.
func (b *Button) MouseIn(*desktop.MouseEvent) { b.mark(b.focused, true) }

// MouseMoved implements desktop.Hoverable.
func (b *Button) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *Button) MouseOut() { b.mark(b.focused, false) }

func (b *Button) mark(focused, hovered bool) {
	b.focused, b.hovered = focused, hovered
	edge := theme.RoleLine
	if focused || hovered {
		edge = theme.RoleTeal
	}
	b.ground.Set(theme.RoleRaised, edge)
}

// TypedRune implements fyne.Focusable.
func (b *Button) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (b *Button) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDown:
		b.OnTapped()
	default:
		control.PassOn(b, key)
	}
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(b.ground, box.Inset(container.New(names{}, b.group, b.title, b.arrow), 10, 4)))
}

// names gives the title what the group leaves, and the group nothing where
// there is too little for both.
type names struct{}

func (names) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	group, title, arrow := objects[0], objects[1], objects[2]
	end := arrow.MinSize().Width + theme.Scaled(6)
	first := group.MinSize().Width
	if first > 0.5*(size.Width-end) {
		first = 0
	}
	group.Hide()
	if first > 0 {
		group.Show()
	}
	group.Resize(fyne.NewSize(first, size.Height))
	title.Move(fyne.NewPos(first, 0))
	title.Resize(fyne.NewSize(max(0, size.Width-first-end), size.Height))
	arrow.Move(fyne.NewPos(size.Width-arrow.MinSize().Width, 0))
	arrow.Resize(fyne.NewSize(arrow.MinSize().Width, size.Height))
}

func (names) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(60), objects[1].MinSize().Height)
}
