package control

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sealedroom/ui/theme"
)

// Toggle is a switch with its name before it, and its state in a word.
type Toggle struct {
	widget.BaseWidget
	focusable
	// OnChanged is called after each change that a person made.
	OnChanged func(bool)

	on          bool
	name, state *theme.Label
	track, knob *canvas.Rectangle
}

var (
	_ fyne.Focusable     = (*Toggle)(nil)
	_ fyne.Tappable      = (*Toggle)(nil)
	_ desktop.Cursorable = (*Toggle)(nil)
)

// NewToggle makes a switch that is off.
func NewToggle(name string, changed func(bool)) *Toggle {
	t := &Toggle{
		OnChanged: changed,
		name:      theme.Cut(theme.Body, theme.RoleText, name), state: theme.NewLabel(theme.Caption, theme.RoleMuted, "off"),
		track: canvas.NewRectangle(color.Transparent), knob: canvas.NewRectangle(color.Transparent),
	}
	t.focusable = newFocusable(t)
	t.ExtendBaseWidget(t)
	return t
}

// On says whether it is on.
func (t *Toggle) On() bool { return t.on }

// Set switches, without calling OnChanged.
func (t *Toggle) Set(on bool) {
	if on != t.on {
		t.on = on
		t.Refresh()
	}
}

func (t *Toggle) flip() {
	t.Set(!t.on)
	if t.OnChanged != nil {
		t.OnChanged(t.on)
	}
}

// Tapped implements fyne.Tappable.
func (t *Toggle) Tapped(*fyne.PointEvent) {
	take(t)
	t.flip()
}

// TypedRune implements fyne.Focusable.
func (t *Toggle) TypedRune(r rune) {
	if r == ' ' {
		t.flip()
	}
}

// TypedKey implements fyne.Focusable.
func (t *Toggle) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		t.flip()
	case fyne.KeySpace: // comes as a rune too
	default:
		PassOn(t, key)
	}
}

// MinSize implements fyne.Widget.
func (t *Toggle) MinSize() fyne.Size {
	t.ExtendBaseWidget(t)
	return fyne.NewSize(theme.Scaled(70), theme.Scaled(26))
}

// CreateRenderer implements fyne.Widget.
func (t *Toggle) CreateRenderer() fyne.WidgetRenderer {
	r := &toggleRenderer{t}
	r.restyle()
	return r
}

type toggleRenderer struct{ t *Toggle }

func (r *toggleRenderer) Destroy()           {}
func (r *toggleRenderer) MinSize() fyne.Size { return r.t.MinSize() }
func (r *toggleRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.t.name, r.t.state, r.t.track, r.t.knob, r.t.ring}
}

func (r *toggleRenderer) restyle() {
	t, p := r.t, theme.Now()
	t.track.FillColor, t.knob.FillColor = p.Line, p.Muted
	t.state.Set(theme.RoleMuted, "off")
	if t.on {
		t.track.FillColor, t.knob.FillColor = p.TealTint, p.Teal
		t.state.Set(theme.RoleTeal, "on")
	}
	t.track.StrokeColor, t.track.StrokeWidth = t.knob.FillColor, 1
	t.restyleRing()
}

func (r *toggleRenderer) Layout(size fyne.Size) {
	t := r.t
	w, h, inset := theme.Scaled(30), theme.Scaled(16), theme.Scaled(3)
	x, y := size.Width-w, (size.Height-h)/2
	t.track.CornerRadius, t.knob.CornerRadius = h/2, h/2-inset
	t.track.Move(fyne.NewPos(x, y))
	t.track.Resize(fyne.NewSize(w, h))
	knob := x + inset
	if t.on {
		knob = x + w - h + inset
	}
	t.knob.Move(fyne.NewPos(knob, y+inset))
	t.knob.Resize(fyne.NewSquareSize(h - 2*inset))
	state := theme.Scaled(26)
	t.state.Hidden = size.Width < t.name.NaturalWidth()+w+state+theme.Scaled(8)
	if t.state.Hidden {
		state = theme.Scaled(4)
	}
	t.state.Move(fyne.NewPos(x-state, 0))
	t.state.Resize(fyne.NewSize(state, size.Height))
	t.name.Resize(fyne.NewSize(max(0, x-state-theme.Scaled(4)), size.Height))
	t.ring.Move(fyne.NewPos(-theme.Scaled(3), 0))
	t.ring.Resize(size.AddWidthHeight(theme.Scaled(6), 0))
}

func (r *toggleRenderer) Refresh() {
	r.restyle()
	r.t.name.Refresh()
	r.Layout(r.t.Size())
	canvas.Refresh(r.t)
}
