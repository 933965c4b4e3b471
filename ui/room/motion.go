package room

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"sealedroom/ui/theme"
)

// motion is what moves in the picture for a moment: a request on its way to the
// teller window and back, doors that light up when they are tried, and the light
// that goes out in a room that is torn down. Each step draws the window, so a flood
// of calls moves nothing after the first one, and nothing is drawn while all is still.
type motion struct {
	request   *canvas.Circle
	sent      time.Time // when the request left the guest
	step      int       // of its way, that is drawn
	knocked   []string  // the doors that were tried last
	knockedAt time.Time
	bright    bool      // they are drawn lit
	fell      time.Time // when the room was torn down
	dark      int       // how dark it is drawn, of darkSteps
	falling   bool      // it is to be darker yet
}

const (
	travelFor   = 480 * time.Millisecond
	travelSteps = 12
	quietFor    = 200 * time.Millisecond // without a call, before a request is drawn
	flashFor    = 300 * time.Millisecond
	maxKnocked  = 8
	darkFor     = 360 * time.Millisecond
	darkSteps   = 4
)

func newMotion() motion {
	m := motion{request: canvas.NewCircle(color.Transparent)}
	m.request.Hide()
	return m
}

// send draws a call as a request, unless calls come so fast that none could be
// followed; quiet is the time since the last one.
func (m *motion) send(quiet time.Duration) {
	if quiet >= quietFor && time.Since(m.sent) > travelFor {
		m.sent = time.Now()
	}
}

// knock lights the doors whose count has risen, unless some are lit already.
func (m *motion) knock(before, now []Door) {
	if time.Since(m.knockedAt) < flashFor+quietFor {
		return
	}
	counts := make(map[string]int, len(before))
	for _, d := range before {
		counts[d.Name] = d.Count
	}
	m.knocked = m.knocked[:0]
	for _, d := range now {
		if d.Count > counts[d.Name] && len(m.knocked) < maxKnocked {
			m.knocked = append(m.knocked, d.Name)
		}
	}
	if m.bright = len(m.knocked) > 0; m.bright {
		m.knockedAt = time.Now()
	}
}

// fall has the light go out where a room is torn down that was not before.
func (m *motion) fall(before, now bool) {
	switch {
	case !now:
		m.dark, m.falling = 0, false
	case !before:
		m.fell, m.dark, m.falling = time.Now(), 0, true
	}
}

// inside are the colours of what is drawn within the walls, and of their edge.
type inside struct{ ground, wall, text, muted, edge color.NRGBA }

// light is how the room is lit: as the window is, and dark in both themes once it
// is torn down.
func (p *Picture) light(c theme.Palette) inside {
	if p.data.Broken == "" {
		return inside{c.TealTint, c.Teal, c.Text, c.Muted, c.Teal}
	}
	lit, d := inside{c.RedTint, c.Red, c.Text, c.Muted, c.Red}, theme.Dark
	night := inside{mix(d.RedTint, color.NRGBA{A: 0xff}, 0.45), d.Red, d.Text, d.Muted, c.Red}
	if p.moving.dark == 0 {
		return lit
	}
	// What is written changes its colour with the first step: halfway between
	// the themes it would not stand out from what is behind it.
	part := 0.8 + 0.2*float64(p.moving.dark)/darkSteps
	return inside{mix(lit.ground, night.ground, part), night.wall, night.text, night.muted, night.edge}
}

// lit is the colour of a door, brighter where it was just tried.
func (m *motion) lit(name string, fill color.NRGBA) color.NRGBA {
	if m.bright {
		for _, k := range m.knocked {
			if k == name {
				return mix(fill, theme.Now().Text, 0.7)
			}
		}
	}
	return fill
}

// over reports whether nothing moves any more.
func (m *motion) over() bool {
	return !m.bright && !m.falling && time.Since(m.sent) > travelFor && m.request.Hidden
}

// move draws the next step of what moves.
func (p *Picture) move() {
	m := &p.moving
	if m.bright && time.Since(m.knockedAt) > flashFor {
		m.bright, m.knocked = false, m.knocked[:0]
		p.Refresh()
	}
	if m.falling {
		dark := darkSteps
		if since := time.Since(m.fell); since < darkFor {
			dark = 1 + int(since*darkSteps/darkFor)
		}
		m.falling = dark < darkSteps
		if dark != m.dark {
			m.dark = dark
			p.Refresh()
		}
	}
	step := int(time.Since(m.sent) * travelSteps / travelFor)
	if step > travelSteps {
		step = 0
	}
	if step != m.step {
		m.step = step
		p.placeRequest()
		m.request.Refresh()
	}
}

// placeRequest puts the request where it is on its way: to the teller window in
// the first half of its time, and back in the second.
func (p *Picture) placeRequest() {
	m, pl := &p.moving, p.plan
	m.request.Hidden = m.step == 0 || !p.data.Teller.Granted
	if m.request.Hidden {
		return
	}
	way := float32(m.step) / travelSteps * 2
	if way > 1 {
		way = 2 - way
	}
	from, size := pl.guest.x+pl.guest.w, 0.7*pl.text
	_, y := pl.teller.middle()
	m.request.FillColor = p.tellerColour()
	m.request.Resize(fyne.NewSize(size, size))
	m.request.Move(fyne.NewPos(from+(pl.teller.x-from-size)*way, y-size/2))
}
