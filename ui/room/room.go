// Package room draws the sealed room: its walls, a door for each global that
// is not there, the teller window and the vault, as a Fyne widget.
package room

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sealedroom/ui/theme"
)

// Door is one door of the picture. A door that was tried is red and says how
// often; one that is open is green and says so.
type Door struct {
	Name  string
	Count int // attempts; 0: not tried
	Open  bool
}

// Teller is the teller window: shut, or with calls through it.
type Teller struct {
	Granted bool
	Naive   bool
	Calls   int
}

// Vault is what is kept, and what became of it.
type Vault struct {
	Secrets, Used, Revealed int
}

// Data is what the picture shows.
type Data struct {
	Doors   []Door
	Teller  Teller
	Vault   Vault
	Running bool
	Broken  string // why the room was torn down, in a word or two; "" while it stands
}

// Part is what of the picture was pressed.
type Part string

// The parts. A door is its name after "door:".
const (
	PartRoom   Part = "room"
	PartGuest  Part = "guest"
	PartTeller Part = "teller"
	PartVault  Part = "vault"
	PartDoor   Part = "door:"
)

// Picture is the widget.
type Picture struct {
	widget.BaseWidget
	// OnTapped is told which part was pressed.
	OnTapped func(Part)

	data                              Data
	walls, guest, teller, vault       *canvas.Rectangle
	toTeller, toVault                 []*canvas.Line
	title, subtitle, guestName        *canvas.Text
	tellerName, vaultName, vaultCount *canvas.Text
	lock                              *canvas.Text
	doors                             []doorShape
	regions                           []region
}

type doorShape struct {
	leaf *canvas.Rectangle
	name *canvas.Text
}

type region struct {
	part Part
	at   fyne.Position
	size fyne.Size
}

// What the picture has room for.
const (
	sideDoors, floorDoors = 5, 4
	dashes                = 7
)

var _ fyne.Tappable = (*Picture)(nil)
var _ desktop.Cursorable = (*Picture)(nil)

// New draws an empty room.
func New() *Picture {
	p := &Picture{}
	rect := func() *canvas.Rectangle { return canvas.NewRectangle(color.Transparent) }
	text := func() *canvas.Text { return canvas.NewText("", color.Transparent) }
	p.walls, p.guest, p.teller, p.vault = rect(), rect(), rect(), rect()
	p.title, p.subtitle, p.guestName = text(), text(), text()
	p.tellerName, p.vaultName, p.vaultCount, p.lock = text(), text(), text(), text()
	for range dashes {
		p.toTeller = append(p.toTeller, canvas.NewLine(color.Transparent))
		p.toVault = append(p.toVault, canvas.NewLine(color.Transparent))
	}
	for range sideDoors + floorDoors {
		p.doors = append(p.doors, doorShape{rect(), text()})
	}
	p.ExtendBaseWidget(p)
	return p
}

// Set shows data. Call it on the main thread.
func (p *Picture) Set(data Data) {
	p.data = data
	p.Refresh()
}

// shown picks the doors that the picture has room for: those tried come first,
// and otherwise they keep their order.
func (p *Picture) shown() []Door {
	var out, rest []Door
	tried := 0
	for _, d := range p.data.Doors {
		if d.Count > 0 {
			tried++
		}
	}
	places := sideDoors + floorDoors
	untried := max(0, places-tried)
	for _, d := range p.data.Doors {
		switch {
		case len(out) == places:
			return out
		case d.Count > 0:
			out = append(out, d)
		case untried > 0:
			untried--
			out = append(out, d)
		default:
			rest = append(rest, d)
		}
	}
	return append(out, rest...)[:min(places, len(out)+len(rest))]
}

// Tapped implements fyne.Tappable.
func (p *Picture) Tapped(e *fyne.PointEvent) {
	if p.OnTapped == nil {
		return
	}
	for _, r := range p.regions {
		if e.Position.X >= r.at.X && e.Position.X <= r.at.X+r.size.Width &&
			e.Position.Y >= r.at.Y && e.Position.Y <= r.at.Y+r.size.Height {
			p.OnTapped(r.part)
			return
		}
	}
}

// Cursor implements desktop.Cursorable.
func (p *Picture) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MinSize implements fyne.Widget.
func (p *Picture) MinSize() fyne.Size {
	p.ExtendBaseWidget(p)
	return fyne.NewSize(theme.Scaled(360), theme.Scaled(180))
}

// CreateRenderer implements fyne.Widget.
func (p *Picture) CreateRenderer() fyne.WidgetRenderer {
	r := &renderer{p: p}
	r.restyle()
	return r
}

type renderer struct{ p *Picture }

func (r *renderer) Destroy()           {}
func (r *renderer) MinSize() fyne.Size { return r.p.MinSize() }

func (r *renderer) Objects() []fyne.CanvasObject {
	p := r.p
	objects := []fyne.CanvasObject{p.walls}
	for i := range p.toTeller {
		objects = append(objects, p.toTeller[i], p.toVault[i])
	}
	for _, d := range p.doors {
		objects = append(objects, d.leaf, d.name)
	}
	return append(objects, p.guest, p.guestName, p.title, p.subtitle, p.teller, p.tellerName,
		p.vault, p.lock, p.vaultName, p.vaultCount)
}

func (r *renderer) Refresh() {
	r.restyle()
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}

func (r *renderer) restyle() {
	p, c := r.p, theme.Now()
	wall, ground := c.Teal, c.TealTint
	p.title.Text, p.subtitle.Text = "the room (isolate)", "own heap · own GC · own globals"
	if p.data.Broken != "" {
		wall, ground = c.Red, c.RedTint
		p.title.Text, p.subtitle.Text = "the room is torn down", p.data.Broken
	}
	box(p.walls, ground, wall, 4, 6)
	theme.Restyle(p.title, theme.Bold, wall)
	theme.Restyle(p.subtitle, theme.Caption, c.Muted)

	box(p.guest, mix(ground, wall, 0.2), wall, 1.2, 0)
	p.guestName.Text = "guest"
	if p.data.Running {
		p.guestName.Text = "guest ▸"
	}
	theme.Restyle(p.guestName, theme.Body, c.Text)

	teller := c.Muted
	p.tellerName.Text = "teller window: shut"
	if p.data.Teller.Granted {
		teller = c.Teal
		p.tellerName.Text = fmt.Sprintf("teller window · %d calls", p.data.Teller.Calls)
		if p.data.Teller.Naive {
			teller = c.Amber
			p.tellerName.Text = fmt.Sprintf("naive teller · %d calls", p.data.Teller.Calls)
		}
	}
	box(p.teller, teller, teller, 0, 1)
	theme.Restyle(p.tellerName, theme.Caption, teller)
	for _, l := range p.toTeller {
		l.StrokeColor, l.StrokeWidth, l.Hidden = teller, theme.Scaled(1.5), !p.data.Teller.Granted
	}

	vault, tint := c.Amber, c.AmberTint
	p.lock.Text = "locked"
	if p.data.Vault.Revealed > 0 {
		vault, tint = c.Red, c.RedTint
		p.lock.Text = "OPEN"
	} else if p.data.Vault.Used > 0 {
		p.lock.Text = "in use"
	}
	box(p.vault, tint, vault, 2.5, 4)
	p.vaultName.Text = "vault"
	p.vaultCount.Text = "empty"
	if n := p.data.Vault.Secrets; n > 0 {
		p.vaultCount.Text = fmt.Sprintf("%d of %d left", p.data.Vault.Revealed, n)
		if p.data.Vault.Revealed == 0 {
			p.vaultCount.Text = fmt.Sprintf("%d kept", n)
		}
	}
	theme.Restyle(p.lock, theme.Bold, vault)
	theme.Restyle(p.vaultName, theme.Body, c.Text)
	theme.Restyle(p.vaultCount, theme.Caption, vault)
	for _, l := range p.toVault {
		l.StrokeColor, l.StrokeWidth, l.Hidden = vault, theme.Scaled(1.5), !p.data.Teller.Granted
	}

	shown := p.shown()
	for i, d := range p.doors {
		d.leaf.Hidden, d.name.Hidden = i >= len(shown), i >= len(shown)
		if i >= len(shown) {
			continue
		}
		colour, leaf := c.Muted, mix(c.Ground, c.Muted, 0.45)
		d.name.Text = shown[i].Name
		switch {
		case shown[i].Count > 0:
			colour, leaf = c.Red, c.Red
			d.name.Text = fmt.Sprintf("%s ×%s", short(shown[i].Name), times(shown[i].Count))
		case shown[i].Open:
			colour, leaf = c.Green, c.Green
			d.name.Text += " (open)"
		default:
			d.name.Text = short(d.name.Text)
		}
		box(d.leaf, leaf, leaf, 0, 1)
		theme.Restyle(d.name, theme.Caption, colour)
	}
}

func short(name string) string {
	runes := []rune(name)
	if len(runes) > 14 {
		return string(runes[:13]) + "…"
	}
	return name
}

func times(n int) string {
	switch {
	case n >= 1_000_000:
		return fmt.Sprintf("%.1fM", float64(n)/1e6)
	case n >= 10_000:
		return fmt.Sprintf("%dk", n/1000)
	}
	return fmt.Sprint(n)
}

func box(r *canvas.Rectangle, fill, stroke color.NRGBA, width, radius float32) {
	r.FillColor, r.StrokeColor, r.StrokeWidth = fill, stroke, theme.Scaled(width)
	r.CornerRadius = theme.Scaled(radius)
}

func mix(a, b color.NRGBA, part float64) color.NRGBA {
	m := func(x, y uint8) uint8 { return uint8(float64(x)*(1-part) + float64(y)*part) }
	return color.NRGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 0xff}
}

func (r *renderer) Layout(size fyne.Size) {
	p := r.p
	u := theme.Scaled(1)
	if size.Width < 10*u || size.Height < 10*u {
		return
	}
	p.regions = p.regions[:0]
	place := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	mark := func(part Part, x, y, w, h float32) {
		p.regions = append(p.regions, region{part, fyne.NewPos(x, y), fyne.NewSize(w, h)})
	}
	centre := func(t *canvas.Text, x, y float32) {
		s := t.MinSize()
		t.Move(fyne.NewPos(x-s.Width/2, y-s.Height/2))
	}

	// The room is in the middle; names of doors need the left, the vault the right.
	left, right := size.Width*0.27, size.Width*0.30
	rw, rh := size.Width-left-right, min(size.Height-46*u, 230*u)
	rx, ry := left, 12*u+max(0, (size.Height-46*u-rh)/3)
	place(p.walls, rx, ry, rw, rh)
	centre(p.title, rx+rw/2, ry+20*u)
	centre(p.subtitle, rx+rw/2, ry+38*u)

	side := min(56*u, rh*0.34)
	gx, gy := rx+rw/2, ry+rh*0.60
	p.guest.CornerRadius = side / 2
	place(p.guest, gx-side/2, gy-side/2, side, side)
	centre(p.guestName, gx, gy)
	mark(PartGuest, gx-side/2, gy-side/2, side, side)

	th := rh * 0.28
	tx, ty := rx+rw-7*u, ry+rh*0.46
	place(p.teller, tx, ty, 14*u, th)
	p.tellerName.Move(fyne.NewPos(min(rx+rw+12*u, size.Width-p.tellerName.MinSize().Width-4*u), ty-p.tellerName.MinSize().Height-5*u))
	mark(PartTeller, tx, ty, 14*u, th)
	dash(p.toTeller, gx+side/2, ty+th/2, tx)

	vw, vh := min(84*u, right*0.62), min(84*u, rh*0.62)
	vx := size.Width - vw - 14*u
	vy := ty + th/2 - vh/2 + 8*u
	place(p.vault, vx, vy, vw, vh)
	centre(p.lock, vx+vw/2, vy+vh*0.24)
	centre(p.vaultName, vx+vw/2, vy+vh*0.52)
	centre(p.vaultCount, vx+vw/2, vy+vh*0.78)
	mark(PartVault, vx, vy, vw, vh)
	dash(p.toVault, tx+14*u, ty+th/2, vx)

	shown := p.shown()
	for i, d := range p.doors {
		if i >= len(shown) {
			continue
		}
		name := d.name.MinSize()
		part := PartDoor + Part(shown[i].Name)
		if i < sideDoors {
			h := rh / (sideDoors + 0.6)
			y := ry + rh*0.06 + float32(i)*h
			place(d.leaf, rx-7*u, y, 14*u, h*0.72)
			d.name.Move(fyne.NewPos(rx-14*u-name.Width, y+h*0.36-name.Height/2))
			mark(part, rx-14*u-name.Width, y, name.Width+28*u, h*0.8)
			continue
		}
		w := rw / floorDoors
		x := rx + float32(i-sideDoors)*w + w*0.18
		place(d.leaf, x, ry+rh-5*u, min(30*u, w*0.5), 10*u)
		d.name.Move(fyne.NewPos(x+min(30*u, w*0.5)/2-name.Width/2, ry+rh+8*u))
		mark(part, x-8*u, ry+rh-8*u, w, 34*u)
	}
	mark(PartRoom, rx, ry, rw, rh)
}

// dash lays a dashed line from x0 to x1.
func dash(lines []*canvas.Line, x0, y, x1 float32) {
	step := (x1 - x0) / float32(len(lines))
	for i, l := range lines {
		x := x0 + float32(i)*step
		l.Position1, l.Position2 = fyne.NewPos(x+step*0.2, y), fyne.NewPos(x+step*0.8, y)
	}
}
