package room

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"sealedroom/ui/theme"
)

// CreateRenderer implements fyne.Widget.
func (p *Picture) CreateRenderer() fyne.WidgetRenderer {
	r := &renderer{p: p}
	r.build(p.Size())
	return r
}

type renderer struct{ p *Picture }

func (r *renderer) Destroy()           {}
func (r *renderer) MinSize() fyne.Size { return r.p.MinSize() }

func (r *renderer) Objects() []fyne.CanvasObject {
	p := r.p
	objects := []fyne.CanvasObject{p.walls, p.level}
	for i := range p.toTeller {
		objects = append(objects, p.toTeller[i], p.toVault[i])
	}
	for _, d := range p.doors {
		objects = append(objects, d.objects()...)
	}
	return append(objects, p.guest, p.guestName, p.title, p.subtitle, p.teller, p.tellerName, p.tellerCalls,
		p.vault, p.lock, p.vaultName, p.vaultCount, p.moving.request, p.ring)
}

func (r *renderer) Refresh() {
	r.build(r.p.Size())
	canvas.Refresh(r.p)
}

// Layout implements fyne.WidgetRenderer.
func (r *renderer) Layout(size fyne.Size) { r.build(size) }

// say sets what is written.
func (p *Picture) say() {
	p.title.Text, p.subtitle.Text = "the room (isolate)", "own heap · own GC · own globals"
	if p.data.Broken != "" {
		p.title.Text, p.subtitle.Text = "the room is torn down", p.data.Broken
	}
	p.guestName.Text = "guest"
	if p.data.Running {
		p.guestName.Text = "guest ▸"
	}
	p.tellerName.Text, p.tellerCalls.Text = "teller window", "shut"
	if t := p.data.Teller; t.Granted {
		p.tellerCalls.Text = times(t.Calls) + " calls"
		if t.Calls == 1 {
			p.tellerCalls.Text = "1 call"
		}
		if t.Naive {
			p.tellerName.Text = "naive teller"
		}
		if t.Waiting {
			p.tellerCalls.Text = "waiting for you"
		}
	}
	p.lock.Text = "locked"
	if p.data.Vault.Revealed > 0 {
		p.lock.Text = "OPEN"
	} else if p.data.Vault.Used > 0 {
		p.lock.Text = "in use"
	}
	p.vaultName.Text, p.vaultCount.Text = "vault", "empty"
	if n := p.data.Vault.Secrets; n > 0 {
		p.vaultCount.Text = fmt.Sprintf("%d of %d left", p.data.Vault.Revealed, n)
		if p.data.Vault.Revealed == 0 {
			p.vaultCount.Text = fmt.Sprintf("%d kept", n)
		}
	}
}

// label is what stands at a door.
func (d Door) label() string {
	switch {
	case d.Count > 0:
		return short(d.Name) + " ×" + times(d.Count)
	case d.Open:
		return short(d.Name) + " (open)"
	}
	return short(d.Name)
}

// arrange makes the plan, unless it has been made.
func (p *Picture) arrange(size fyne.Size) {
	const at = 20 // a size to measure with
	width := func(text string, bold bool) float32 {
		return fyne.MeasureText(text, at, fyne.TextStyle{Bold: bold}).Width / at
	}
	want := planned{size: size, scale: theme.Scaled(1), first: p.byWorth()}
	for _, d := range p.data.Doors {
		if d.Count > 0 {
			want.tried++
		}
		// A door stays where it is when it is tried.
		want.words.doors = append(want.words.doors, max(width(d.label(), false), width(short(d.Name), false)+width(" ×99", false)))
	}
	want.words.teller = max(width(p.tellerName.Text, false), width("naive teller", false), width(p.tellerCalls.Text, false))
	want.words.vault = max(width("locked", true), width("2 of 2 left", false), width(p.vaultCount.Text, false))
	want.words.title = max(width("the room is torn down", true), width("the room (isolate)", true))*titleScale + 1.6 // and the doors at both ends of it
	if p.plan.text > 0 && want.same(p.planned) {
		return
	}
	p.planned, p.plan = want, makePlan(size, want.words, want.first, want.tried)
}

const titleScale = 1.05 // of the text

// build paints and places everything.
func (r *renderer) build(size fyne.Size) {
	p, c := r.p, theme.Now()
	p.say()
	p.arrange(size)
	pl := p.plan
	inside := p.light(c)
	wall, ground := inside.wall, inside.ground
	p.paint(p.walls, ground, inside.edge, 0.3, 0.5)
	put(p.walls, pl.walls)
	p.level.FillColor = mix(ground, wall, 0.16)
	high := pl.walls.h - 0.6*pl.text
	full := min(1, max(0, p.data.Level)) * high
	p.level.CornerRadius = min(0.25*pl.text, full/2)
	put(p.level, box{pl.walls.x + 0.3*pl.text, pl.walls.y + 0.3*pl.text + high - full, pl.walls.w - 0.6*pl.text, full})
	p.level.Hidden = full < 1

	p.write(p.title, wall, titleScale, true)
	p.write(p.subtitle, inside.muted, 0.88, false)
	x, _ := pl.walls.middle()
	centre(p.title, x, pl.walls.y+1.5*pl.text)
	centre(p.subtitle, x, pl.walls.y+2.85*pl.text)
	p.subtitle.Hidden = p.subtitle.MinSize().Width > pl.walls.w-1.2*pl.text || pl.guest.y < pl.walls.y+3.6*pl.text
	p.title.Hidden = pl.guest.y < pl.walls.y+2.2*pl.text

	p.paint(p.guest, mix(ground, wall, 0.2), wall, 0.1, 0)
	p.guest.CornerRadius = pl.guest.w / 2
	put(p.guest, pl.guest)
	p.write(p.guestName, inside.text, min(1, pl.guest.w/(4.2*pl.text)), false)
	x, y := pl.guest.middle()
	centre(p.guestName, x, y)

	p.lightTeller()
	put(p.teller, pl.teller)
	for i, t := range []*canvas.Text{p.tellerName, p.tellerCalls} {
		p.write(t, p.tellerColour(), 1, false)
		t.Move(pl.tellerName.AddXY(0, float32(i)*1.3*pl.text))
		t.Resize(t.MinSize())
	}
	_, y = pl.teller.middle()
	dash(p.toTeller, pl.guest.x+pl.guest.w, y, pl.teller.x)
	dash(p.toVault, pl.teller.x+pl.teller.w, y, pl.vault.x)

	vault, tint := c.Amber, c.AmberTint
	if p.data.Vault.Revealed > 0 {
		vault, tint = c.Red, c.RedTint
	}
	p.paint(p.vault, tint, vault, 0.18, 0.35)
	put(p.vault, pl.vault)
	p.write(p.lock, vault, 1, true)
	p.write(p.vaultName, c.Text, 1, false)
	p.write(p.vaultCount, vault, 0.92, false)
	x, _ = pl.vault.middle()
	for i, t := range []*canvas.Text{p.lock, p.vaultName, p.vaultCount} {
		centre(t, x, pl.vault.y+pl.vault.h*(0.22+0.28*float32(i)))
	}
	for i := range dashes {
		for _, l := range []*canvas.Line{p.toTeller[i], p.toVault[i]} {
			l.StrokeColor, l.StrokeWidth, l.Hidden = p.tellerColour(), 0.13*pl.text, !p.data.Teller.Granted
		}
		p.toVault[i].StrokeColor = vault
	}
	p.buildDoors(c)
	p.placeRequest()
	r.placeRegions()
	r.placeRing()
}

// buildDoors draws each door as what it is: locked; tried, and locked; open.
func (p *Picture) buildDoors(c theme.Palette) {
	pl := p.plan
	for len(p.doors) < len(pl.doors) {
		rect := func() *canvas.Rectangle { return canvas.NewRectangle(color.Transparent) }
		line := func() *canvas.Line { return canvas.NewLine(color.Transparent) }
		p.doors = append(p.doors, &doorShape{rect(), rect(), line(), line(), canvas.NewText("", color.Transparent)})
	}
	for i, d := range p.doors {
		for _, o := range d.objects() {
			o.Hide()
		}
		if i >= len(pl.doors) {
			continue
		}
		door, at := p.data.Doors[pl.shown[i]], pl.doors[i]
		ink, fill, lock := c.Muted, mix(c.Ground, c.Muted, 0.25), c.Muted
		switch {
		case door.Count > 0:
			ink, fill, lock = c.Red, c.Red, c.Ground
		case door.Open:
			ink, fill = c.Green, c.Ground
		}
		p.paint(d.leaf, p.moving.lit(door.Name, fill), ink, 0.11, 0.12)
		put(d.leaf, at.leaf)
		d.leaf.Show()
		x, y := at.leaf.middle()
		if door.Open && door.Count == 0 {
			d.swung.StrokeColor, d.swung.StrokeWidth = ink, 0.2*pl.text
			d.swung.Position1, d.swung.Position2 = swing(at)
			d.swung.Show()
		} else {
			d.lock.FillColor, d.lock.CornerRadius = lock, 0.16*pl.text
			put(d.lock, box{x - 0.16*pl.text, y - 0.16*pl.text, 0.32 * pl.text, 0.32 * pl.text})
			d.lock.Show()
		}
		if at.lead {
			d.lead.StrokeColor, d.lead.StrokeWidth = mix(c.Ground, c.Muted, 0.6), max(1, 0.07*pl.text)
			d.lead.Position1, d.lead.Position2 = fyne.NewPos(x, at.leaf.y+at.leaf.h), fyne.NewPos(x, at.name.y+0.2*pl.text)
			d.lead.Show()
		}
		d.name.Text = door.label()
		p.write(d.name, ink, 1, false)
		size := d.name.MinSize()
		d.name.Resize(size)
		where := fyne.NewPos(at.name.x, y-size.Height/2)
		switch at.side {
		case leftWall:
			where.X = at.name.x + at.name.w - size.Width
		case floor:
			where = fyne.NewPos(x-size.Width/2, at.name.y+(at.name.h-size.Height)/2)
		}
		d.name.Move(where)
		d.name.Hidden = !at.named
	}
}

// swing is where the leaf of an open door is: out of the room.
func swing(at doorPlace) (hinge, end fyne.Position) {
	l := at.leaf
	switch at.side {
	case leftWall:
		return fyne.NewPos(l.x+l.w, l.y+l.h), fyne.NewPos(l.x+l.w+l.h*0.6, l.y+l.h*0.35)
	case rightWall:
		return fyne.NewPos(l.x, l.y+l.h), fyne.NewPos(l.x-l.h*0.6, l.y+l.h*0.35)
	}
	return fyne.NewPos(l.x, l.y), fyne.NewPos(l.x+l.w*0.65, l.y-l.w*0.6)
}

// placeRegions says what can be pressed where.
func (r *renderer) placeRegions() {
	p, pl := r.p, r.p.plan
	p.regions = p.regions[:0]
	mark := func(part Part, b box) {
		p.regions = append(p.regions, region{part, fyne.NewPos(b.x, b.y), fyne.NewSize(b.w, b.h)})
	}
	for i, d := range pl.doors {
		x0, y0 := min(d.leaf.x, d.name.x), min(d.leaf.y, d.name.y)
		x1, y1 := max(d.leaf.x+d.leaf.w, d.name.x+d.name.w), max(d.leaf.y+d.leaf.h, d.name.y+d.name.h)
		mark(PartDoor+Part(p.data.Doors[pl.shown[i]].Name), box{x0, y0, x1 - x0, y1 - y0})
	}
	mark(PartGuest, pl.guest)
	mark(PartTeller, pl.teller)
	mark(PartVault, pl.vault)
	mark(PartRoom, pl.walls)
}

func short(name string) string {
	runes := []rune(name)
	if len(runes) > 18 {
		return string(runes[:17]) + "…"
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

func put(o fyne.CanvasObject, b box) {
	o.Move(fyne.NewPos(b.x, b.y))
	o.Resize(fyne.NewSize(max(0, b.w), max(0, b.h)))
}

func centre(t *canvas.Text, x, y float32) {
	size := t.MinSize()
	t.Resize(size)
	t.Move(fyne.NewPos(x-size.Width/2, y-size.Height/2))
}

// paint gives a rectangle its colours; the edge and the corners are in parts of
// the text's size.
func (p *Picture) paint(r *canvas.Rectangle, fill, edge color.NRGBA, width, radius float32) {
	r.FillColor, r.StrokeColor, r.StrokeWidth = fill, edge, width*p.plan.text
	r.CornerRadius = radius * p.plan.text
}

func (p *Picture) write(t *canvas.Text, c color.Color, scale float32, bold bool) {
	t.Color, t.TextSize, t.TextStyle = c, p.plan.text*scale, fyne.TextStyle{Bold: bold}
}

func mix(a, b color.NRGBA, part float64) color.NRGBA {
	m := func(x, y uint8) uint8 { return uint8(float64(x)*(1-part) + float64(y)*part) }
	return color.NRGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 0xff}
}

// placeRing shows which part has the keyboard.
func (r *renderer) placeRing() {
	p := r.p
	p.ring.Hidden = !p.focused || len(p.regions) == 0
	if p.ring.Hidden {
		return
	}
	p.at = min(p.at, len(p.regions)-1)
	at, grow := p.regions[p.at], 0.25*p.plan.text
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
