// Package room draws the sealed room: its walls, a door for each global that
// is not there, the teller window and the vault, as a Fyne widget.
package room

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sealedroom/ui/control"
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
	Waiting bool // for the person, who is asked about a call
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
	ring                              *canvas.Rectangle
	regions                           []region
	drawn                             float32         // the unit that texts are drawn with
	pulse                             *fyne.Animation // under way
	called                            time.Time       // when the teller was last
	glow                              float32         // of the teller, 0 to 1
	focused                           bool
	at                                int // the region that has the keyboard
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
var _ fyne.Focusable = (*Picture)(nil)
var _ desktop.Cursorable = (*Picture)(nil)

// New draws an empty room.
func New() *Picture {
	p := &Picture{}
	rect := func() *canvas.Rectangle { return canvas.NewRectangle(color.Transparent) }
	text := func() *canvas.Text { return canvas.NewText("", color.Transparent) }
	p.walls, p.guest, p.teller, p.vault = rect(), rect(), rect(), rect()
	p.title, p.subtitle, p.guestName = text(), text(), text()
	p.tellerName, p.vaultName, p.vaultCount, p.lock = text(), text(), text(), text()
	p.ring = rect()
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
	if data.same(p.data) {
		return
	}
	p.data = data
	p.Refresh()
}

// Pulse has the teller light up, as for a call.
func (p *Picture) Pulse() {
	p.called = time.Now()
	p.startPulse()
}

// How long the teller glows after a call, and in how many steps it goes dim.
// Each step draws the window: a teller that is called all the time takes none.
const (
	glowFor   = 350 * time.Millisecond
	glowSteps = 3
)

// startPulse has the teller go dim after the last call.
func (p *Picture) startPulse() {
	if p.pulse != nil {
		return
	}
	p.pulse = fyne.NewAnimation(time.Hour, func(done float32) {
		if done == 1 { // where nothing moves
			p.called = time.Time{}
		}
		p.dim(time.Since(p.called))
	})
	p.pulse.Start()
}

// dim shows the teller as it glows this long after a call.
func (p *Picture) dim(after time.Duration) {
	left := max(0, 1-float64(after)/float64(glowFor))
	glow := float32(math.Ceil(left*glowSteps) / glowSteps)
	if glow == 0 && p.pulse != nil {
		p.pulse.Stop()
		p.pulse = nil
	}
	if glow != p.glow {
		p.glow = glow
		p.lightTeller()
	}
}

// lightTeller paints the teller window, brighter the more it glows.
func (p *Picture) lightTeller() {
	c := theme.Now()
	colour := c.Muted
	if p.data.Teller.Granted {
		colour = c.Teal
		if p.data.Teller.Naive || p.data.Teller.Waiting {
			colour = c.Amber
		}
	}
	colour = mix(colour, c.Text, 0.75*float64(p.glow))
	p.box(p.teller, colour, colour, 0, 1)
	p.teller.Refresh()
}

func (d Data) same(e Data) bool {
	return d.Teller == e.Teller && d.Vault == e.Vault && d.Running == e.Running && d.Broken == e.Broken && slices.Equal(d.Doors, e.Doors)
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

// FocusGained implements fyne.Focusable.
func (p *Picture) FocusGained() { p.focus(true) }

// FocusLost implements fyne.Focusable.
func (p *Picture) FocusLost() { p.focus(false) }

func (p *Picture) focus(on bool) {
	p.focused = on
	p.Refresh()
}

// TypedRune implements fyne.Focusable.
func (p *Picture) TypedRune(rune) {}

// TypedKey goes from part to part with the arrows, and presses with Enter.
func (p *Picture) TypedKey(key *fyne.KeyEvent) {
	n := len(p.regions)
	switch {
	case n > 0 && (key.Name == fyne.KeyRight || key.Name == fyne.KeyDown):
		p.at = (p.at + 1) % n
	case n > 0 && (key.Name == fyne.KeyLeft || key.Name == fyne.KeyUp):
		p.at = (p.at + n - 1) % n
	case n > 0 && (key.Name == fyne.KeyReturn || key.Name == fyne.KeyEnter || key.Name == fyne.KeySpace):
		if p.OnTapped != nil {
			p.OnTapped(p.regions[p.at].part)
		}
		return
	default:
		control.PassOn(p, key)
		return
	}
	p.Refresh()
}

// Cursor implements desktop.Cursorable.
func (p *Picture) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MinSize implements fyne.Widget.
func (p *Picture) MinSize() fyne.Size {
	p.ExtendBaseWidget(p)
	return fyne.NewSize(220, theme.Scaled(150))
}

// What the picture is drawn for; it grows and shrinks with its room.
const designWidth, designHeight = 500, 250

// unit is how long a length of one is.
func (p *Picture) unit() float32 {
	size := p.Size()
	fits := min(size.Width/designWidth, size.Height/designHeight)
	return max(0.45, min(fits, theme.Scaled(2)))
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
		p.vault, p.lock, p.vaultName, p.vaultCount, p.ring)
}

func (r *renderer) Refresh() {
	r.restyle()
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}

func (r *renderer) restyle() {
	p, c := r.p, theme.Now()
	p.drawn = p.unit()
	wall, ground := c.Teal, c.TealTint
	p.title.Text, p.subtitle.Text = "the room (isolate)", "own heap · own GC · own globals"
	if p.data.Broken != "" {
		wall, ground = c.Red, c.RedTint
		p.title.Text, p.subtitle.Text = "the room is torn down", p.data.Broken
	}
	p.box(p.walls, ground, wall, 4, 6)
	p.restyle(p.title, theme.Bold, wall)
	p.restyle(p.subtitle, theme.Caption, c.Muted)

	p.box(p.guest, mix(ground, wall, 0.2), wall, 1.2, 0)
	p.guestName.Text = "guest"
	if p.data.Running {
		p.guestName.Text = "guest ▸"
	}
	p.restyle(p.guestName, theme.Body, c.Text)

	teller := c.Muted
	p.tellerName.Text = "teller window: shut"
	if p.data.Teller.Granted {
		teller = c.Teal
		p.tellerName.Text = fmt.Sprintf("teller window · %d calls", p.data.Teller.Calls)
		if p.data.Teller.Naive {
			teller = c.Amber
			p.tellerName.Text = fmt.Sprintf("naive teller · %d calls", p.data.Teller.Calls)
		}
		if p.data.Teller.Waiting {
			teller = c.Amber
			p.tellerName.Text = "teller · waiting for you"
		}
	}
	p.lightTeller()
	p.restyle(p.tellerName, theme.Caption, teller)
	for _, l := range p.toTeller {
		l.StrokeColor, l.StrokeWidth, l.Hidden = teller, 1.5*p.drawn, !p.data.Teller.Granted
	}

	vault, tint := c.Amber, c.AmberTint
	p.lock.Text = "locked"
	if p.data.Vault.Revealed > 0 {
		vault, tint = c.Red, c.RedTint
		p.lock.Text = "OPEN"
	} else if p.data.Vault.Used > 0 {
		p.lock.Text = "in use"
	}
	p.box(p.vault, tint, vault, 2.5, 4)
	p.vaultName.Text = "vault"
	p.vaultCount.Text = "empty"
	if n := p.data.Vault.Secrets; n > 0 {
		p.vaultCount.Text = fmt.Sprintf("%d of %d left", p.data.Vault.Revealed, n)
		if p.data.Vault.Revealed == 0 {
			p.vaultCount.Text = fmt.Sprintf("%d kept", n)
		}
	}
	p.restyle(p.lock, theme.Bold, vault)
	p.restyle(p.vaultName, theme.Body, c.Text)
	p.restyle(p.vaultCount, theme.Caption, vault)
	for _, l := range p.toVault {
		l.StrokeColor, l.StrokeWidth, l.Hidden = vault, 1.5*p.drawn, !p.data.Teller.Granted
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
		p.box(d.leaf, leaf, leaf, 0, 1)
		p.restyle(d.name, theme.Caption, colour)
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

func (p *Picture) box(r *canvas.Rectangle, fill, stroke color.NRGBA, width, radius float32) {
	r.FillColor, r.StrokeColor, r.StrokeWidth = fill, stroke, width*p.drawn
	r.CornerRadius = radius * p.drawn
}

func (p *Picture) restyle(t *canvas.Text, style theme.Style, c color.Color) {
	theme.Restyle(t, style, c)
	t.TextSize *= p.drawn / theme.Scaled(1)
}

func mix(a, b color.NRGBA, part float64) color.NRGBA {
	m := func(x, y uint8) uint8 { return uint8(float64(x)*(1-part) + float64(y)*part) }
	return color.NRGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 0xff}
}

func (r *renderer) Layout(size fyne.Size) {
	p := r.p
	u := p.unit()
	if u != p.drawn { // texts and edges are of another size now
		r.restyle()
	}
	p.regions = p.regions[:0]
	place := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(max(0, w), max(0, h)))
	}
	mark := func(part Part, x, y, w, h float32) {
		p.regions = append(p.regions, region{part, fyne.NewPos(x, y), fyne.NewSize(w, h)})
	}
	centre := func(t *canvas.Text, x, y float32) {
		s := t.MinSize()
		t.Move(fyne.NewPos(x-s.Width/2, y-s.Height/2))
	}

	// The room is in the middle; names of doors need the left, the vault the right.
	left, right := max(size.Width*0.25, 112*u), max(size.Width*0.28, 124*u)
	rw := max(0, size.Width-left-right)
	rh := max(0, min(size.Height-52*u, rw*1.05))
	rx, ry := left, max(10*u, (size.Height-rh)/2-12*u)
	place(p.walls, rx, ry, rw, rh)
	centre(p.title, rx+rw/2, ry+20*u)
	centre(p.subtitle, rx+rw/2, ry+38*u)

	side := min(58*u, rh*0.36)
	gx, gy := rx+rw/2, ry+rh*0.60
	p.guest.CornerRadius = side / 2
	place(p.guest, gx-side/2, gy-side/2, side, side)
	centre(p.guestName, gx, gy)

	th := min(rh*0.28, 66*u)
	tx, ty := rx+rw-7*u, gy-th/2
	place(p.teller, tx, ty, 14*u, th)
	p.tellerName.Move(fyne.NewPos(min(rx+rw+10*u, size.Width-p.tellerName.MinSize().Width-2*u), ty-p.tellerName.MinSize().Height-6*u))
	dash(p.toTeller, gx+side/2, ty+th/2, tx)

	vw, vh := 86*u, min(86*u, rh*0.62)
	vx := size.Width - vw - 10*u
	vy := ty + th/2 - vh/2 + 14*u
	place(p.vault, vx, vy, vw, vh)
	centre(p.lock, vx+vw/2, vy+vh*0.24)
	centre(p.vaultName, vx+vw/2, vy+vh*0.52)
	centre(p.vaultCount, vx+vw/2, vy+vh*0.78)
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
			leaf := min(h*0.72, 44*u)
			place(d.leaf, rx-7*u, y, 14*u, leaf)
			d.name.Move(fyne.NewPos(rx-14*u-name.Width, y+leaf/2-name.Height/2))
			mark(part, rx-17*u-name.Width, y, name.Width+26*u, leaf)
			continue
		}
		// The names below the floor share more than the room's width.
		w := (rw + 44*u) / floorDoors
		x := rx - 22*u + (float32(i-sideDoors)+0.5)*w
		leaf := min(30*u, w*0.5)
		place(d.leaf, x-leaf/2, ry+rh-5*u, leaf, 10*u)
		centre(d.name, x, ry+rh+15*u)
		mark(part, x-w*0.46, ry+rh-8*u, w*0.92, 34*u)
	}
	mark(PartGuest, gx-side/2, gy-side/2, side, side)
	mark(PartTeller, tx, ty, 14*u, th)
	mark(PartVault, vx, vy, vw, vh)
	mark(PartRoom, rx, ry, rw, rh)
	r.placeRing()
}

// placeRing shows which part has the keyboard.
func (r *renderer) placeRing() {
	p := r.p
	p.ring.Hidden = !p.focused || len(p.regions) == 0
	if p.ring.Hidden {
		return
	}
	p.at = min(p.at, len(p.regions)-1)
	at, grow := p.regions[p.at], 3*p.unit()
	p.ring.Move(at.at.SubtractXY(grow, grow))
	p.ring.Resize(at.size.AddWidthHeight(2*grow, 2*grow))
	p.ring.StrokeColor, p.ring.StrokeWidth, p.ring.CornerRadius = theme.Now().Text, 2, theme.Scaled(5)
}

// dash lays a dashed line from x0 to x1.
func dash(lines []*canvas.Line, x0, y, x1 float32) {
	step := (x1 - x0) / float32(len(lines))
	for i, l := range lines {
		x := x0 + float32(i)*step
		l.Position1, l.Position2 = fyne.NewPos(x+step*0.2, y), fyne.NewPos(x+step*0.8, y)
	}
}
