package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Role picks a colour of the palette that is shown.
type Role func(Palette) color.NRGBA

// The roles that labels and fills use.
var (
	RoleText      Role = func(p Palette) color.NRGBA { return p.Text }
	RoleMuted     Role = func(p Palette) color.NRGBA { return p.Muted }
	RoleTeal      Role = func(p Palette) color.NRGBA { return p.Teal }
	RoleAmber     Role = func(p Palette) color.NRGBA { return p.Amber }
	RoleRed       Role = func(p Palette) color.NRGBA { return p.Red }
	RoleGreen     Role = func(p Palette) color.NRGBA { return p.Green }
	RoleBlue      Role = func(p Palette) color.NRGBA { return p.Blue }
	RoleViolet    Role = func(p Palette) color.NRGBA { return p.Violet }
	RoleGround    Role = func(p Palette) color.NRGBA { return p.Ground }
	RolePanel     Role = func(p Palette) color.NRGBA { return p.Panel }
	RoleRaised    Role = func(p Palette) color.NRGBA { return p.Raised }
	RoleLine      Role = func(p Palette) color.NRGBA { return p.Line }
	RoleTealTint  Role = func(p Palette) color.NRGBA { return p.TealTint }
	RoleAmberTint Role = func(p Palette) color.NRGBA { return p.AmberTint }
	RoleRedTint   Role = func(p Palette) color.NRGBA { return p.RedTint }
	RoleGreenTint Role = func(p Palette) color.NRGBA { return p.GreenTint }
)

// Label is a line of text that follows the theme. Where it gets less room than
// it needs, it ends in an ellipsis.
type Label struct {
	widget.BaseWidget
	Text  string
	Style Style
	Role  Role
	// Fixed asks for the room that the whole text needs.
	Fixed bool
	// Trailing puts the text at the right end of its room.
	Trailing bool
	// Changed is called after the text changed, for a parent that must lay out again.
	Changed func()

	text *canvas.Text
}

// NewLabel makes a label that asks for the room of its text.
func NewLabel(style Style, role Role, text string) *Label {
	l := &Label{Text: text, Style: style, Role: role, Fixed: true, text: canvas.NewText("", color.Transparent)}
	l.ExtendBaseWidget(l)
	return l
}

// Cut makes a label that gives way: it asks for no width.
func Cut(style Style, role Role, text string) *Label {
	l := NewLabel(style, role, text)
	l.Fixed = false
	return l
}

// Set changes text and role; nothing happens where both are as before.
func (l *Label) Set(role Role, text string) {
	if l.Text == text && l.text.Color == color.Color(role(Now())) {
		return
	}
	changed := l.Text != text
	l.Text, l.Role = text, role
	l.Refresh()
	if changed && l.Changed != nil {
		l.Changed()
	}
}

// SetText changes the text.
func (l *Label) SetText(text string) { l.Set(l.Role, text) }

// CreateRenderer implements fyne.Widget.
func (l *Label) CreateRenderer() fyne.WidgetRenderer {
	r := &labelRenderer{l}
	r.restyle()
	return r
}

type labelRenderer struct{ l *Label }

func (r *labelRenderer) Destroy()                     {}
func (r *labelRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.l.text} }

func (r *labelRenderer) restyle() { Restyle(r.l.text, r.l.Style, r.l.Role(Now())) }

func (r *labelRenderer) MinSize() fyne.Size {
	r.restyle()
	size := r.measure(r.l.Text)
	if !r.l.Fixed {
		size.Width = 0
	}
	return size
}

// NaturalWidth is the width that the whole text needs.
func (l *Label) NaturalWidth() float32 {
	r := labelRenderer{l}
	r.restyle()
	return r.measure(l.Text).Width + 1
}

func (r *labelRenderer) measure(text string) fyne.Size {
	size, style := r.l.text.TextSize, r.l.text.TextStyle
	if style.Monospace && ascii(text) {
		// Fyne shapes, and remembers for a minute, every text that it measures.
		cell := fyne.MeasureText("MMMMMMMMMM", size, style)
		return fyne.NewSize(cell.Width/10*float32(len(text)), cell.Height)
	}
	return fyne.MeasureText(text, size, style)
}

// ascii says whether each character takes a cell.
func ascii(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

func (r *labelRenderer) Layout(size fyne.Size) {
	r.l.text.Text = r.fit(size.Width)
	text := r.l.text.MinSize()
	r.l.text.Resize(text)
	x := float32(0)
	if r.l.Trailing {
		x = max(0, size.Width-text.Width)
	}
	r.l.text.Move(fyne.NewPos(x, (size.Height-text.Height)/2))
	r.l.text.Refresh()
}

// fit is as much of the text as width has room for.
func (r *labelRenderer) fit(width float32) string {
	if r.l.Fixed || r.measure(r.l.Text).Width <= width {
		return r.l.Text
	}
	runes := []rune(r.l.Text)
	low, high := 0, len(runes)
	if r.l.text.TextStyle.Monospace && ascii(r.l.Text) {
		const ellipsis = 2 // cells; it may be of another font
		low = min(high, max(0, int(width/r.measure("M").Width)-ellipsis))
		return string(runes[:low]) + "…"
	}
	for low < high {
		middle := (low + high + 1) / 2
		if r.measure(string(runes[:middle])+"…").Width <= width {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return string(runes[:low]) + "…"
}

func (r *labelRenderer) Refresh() {
	r.restyle()
	r.Layout(r.l.Size())
}

// Fill is a ground that follows the theme.
type Fill struct {
	widget.BaseWidget
	rect         *canvas.Rectangle
	fill, stroke Role
}

// NewFill makes a ground; a stroke of nil draws no edge.
func NewFill(fill, stroke Role, radius float32) *Fill {
	f := &Fill{rect: canvas.NewRectangle(color.Transparent), fill: fill, stroke: stroke}
	f.rect.CornerRadius = radius
	f.ExtendBaseWidget(f)
	return f
}

// Role is what it is filled with.
func (f *Fill) Role() Role { return f.fill }

// Set changes the colours.
func (f *Fill) Set(fill, stroke Role) {
	f.fill, f.stroke = fill, stroke
	p := Now()
	if f.rect.FillColor == color.Color(fill(p)) && (stroke == nil || f.rect.StrokeColor == color.Color(stroke(p))) {
		return
	}
	f.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (f *Fill) CreateRenderer() fyne.WidgetRenderer {
	r := &fillRenderer{f}
	r.restyle()
	return r
}

type fillRenderer struct{ f *Fill }

func (r *fillRenderer) Destroy()                     {}
func (r *fillRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *fillRenderer) Layout(size fyne.Size)        { r.f.rect.Resize(size) }
func (r *fillRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.f.rect} }
func (r *fillRenderer) Refresh() {
	r.restyle()
	r.f.rect.Refresh()
}

func (r *fillRenderer) restyle() {
	p := Now()
	r.f.rect.FillColor, r.f.rect.StrokeWidth = r.f.fill(p), 0
	if r.f.stroke != nil {
		r.f.rect.StrokeColor, r.f.rect.StrokeWidth = r.f.stroke(p), 1
	}
}
