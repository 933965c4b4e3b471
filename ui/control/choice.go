package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sealedroom/ui/box"
	"sealedroom/ui/theme"
)

// ChoiceLook is how a choice stands there.
type ChoiceLook struct {
	Ink, Tint theme.Role // of its edge and ground; nil: as one that can be chosen
	Mark      string     // a sign and a word, such as "✓ right"
	Why       string     // what is said of it
	Locked    bool       // it can't be chosen
}

// Choice is one answer of several, which stand below each other and may take
// some lines each.
type Choice struct {
	widget.BaseWidget
	focusable
	// OnChosen is called when a person chooses it.
	OnChosen func()
	// OnFocus is called when it gets the keyboard.
	OnFocus func()

	look   ChoiceLook
	hover  bool
	ground *theme.Fill
	say    *widget.Label
	mark   *theme.Label
	marked fyne.CanvasObject // the mark with its room
	why    *widget.Label
}

var (
	_ fyne.Focusable     = (*Choice)(nil)
	_ fyne.Tappable      = (*Choice)(nil)
	_ fyne.Disableable   = (*Choice)(nil)
	_ desktop.Cursorable = (*Choice)(nil)
	_ desktop.Hoverable  = (*Choice)(nil)
)

// NewChoice makes one that can be chosen.
func NewChoice(say string, chosen func()) *Choice {
	c := &Choice{
		OnChosen: chosen, ground: theme.NewFill(theme.RolePanel, theme.RoleLine, 4),
		say: widget.NewLabel(say), why: widget.NewLabel(""), mark: theme.Cut(theme.Bold, theme.RoleText, ""),
	}
	c.say.Wrapping, c.why.Wrapping = fyne.TextWrapWord, fyne.TextWrapWord
	c.marked = box.Inset(c.mark, 6, 3)
	c.marked.Hide()
	c.why.Hide()
	c.focusable = newFocusable(c)
	c.ExtendBaseWidget(c)
	return c
}

// FocusGained implements fyne.Focusable.
func (c *Choice) FocusGained() {
	c.focusable.FocusGained()
	if c.OnFocus != nil {
		c.OnFocus()
	}
}

// Text is the answer.
func (c *Choice) Text() string { return c.say.Text }

// Set changes how the choice stands there.
func (c *Choice) Set(look ChoiceLook) {
	c.look = look
	shown := func(o fyne.CanvasObject, on bool) {
		if on {
			o.Show()
		} else {
			o.Hide()
		}
	}
	shown(c.marked, look.Mark != "")
	shown(c.why, look.Why != "")
	ink := look.Ink
	if ink == nil {
		ink = theme.RoleText
	}
	c.mark.Set(ink, look.Mark)
	c.why.SetText(look.Why)
	c.Refresh()
}

// Tapped implements fyne.Tappable.
func (c *Choice) Tapped(*fyne.PointEvent) {
	if !c.look.Locked {
		take(c)
		c.OnChosen()
	}
}

// Enable implements fyne.Disableable.
func (c *Choice) Enable() { c.look.Locked = false }

// Disable implements fyne.Disableable.
func (c *Choice) Disable() { c.look.Locked = true }

// Disabled implements fyne.Disableable: one that is locked is passed over by Tab.
func (c *Choice) Disabled() bool { return c.look.Locked }

// Cursor implements desktop.Cursorable.
func (c *Choice) Cursor() desktop.Cursor {
	if c.look.Locked {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// MouseIn implements desktop.Hoverable.
func (c *Choice) MouseIn(*desktop.MouseEvent) { c.hovered(true) }

// MouseMoved implements desktop.Hoverable.
func (c *Choice) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (c *Choice) MouseOut() { c.hovered(false) }

func (c *Choice) hovered(on bool) {
	c.hover = on
	c.restyle()
}

// TypedKey implements fyne.Focusable.
func (c *Choice) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		c.Tapped(nil)
	default:
		PassOn(c, key)
	}
}

func (c *Choice) restyle() {
	ink, tint := c.look.Ink, c.look.Tint
	if ink == nil {
		ink, tint = theme.RoleLine, theme.RolePanel
		if c.hover && !c.look.Locked {
			ink, tint = theme.RoleTeal, theme.RoleRaised
		}
	}
	c.ground.Set(tint, ink)
	c.say.Importance = widget.MediumImportance
	if c.look.Locked && c.look.Ink == nil {
		c.say.Importance = widget.LowImportance
	}
	c.restyleRing()
}

// CreateRenderer implements fyne.Widget.
func (c *Choice) CreateRenderer() fyne.WidgetRenderer {
	words := container.New(box.Tight{}, c.say, c.marked, c.why)
	c.restyle()
	return &choiceRenderer{WidgetRenderer: widget.NewSimpleRenderer(
		container.NewStack(c.ground, box.Inset(words, 4, 1), c.ring)), c: c}
}

type choiceRenderer struct {
	fyne.WidgetRenderer
	c *Choice
}

func (r *choiceRenderer) Refresh() {
	r.c.restyle()
	r.WidgetRenderer.Refresh()
}
