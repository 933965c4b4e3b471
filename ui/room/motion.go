package room

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"sealedroom/ui/theme"
)

// motion is what moves in the picture for a moment: a request on its way to the
// teller window and back, and doors that light up when they are tried. Each step
// draws the window, so a flood of calls moves nothing after the first one.
type motion struct {
	request   *canvas.Circle
	sent      time.Time // when the request left the guest
	step      int       // of its way, that is drawn
	knocked   []string  // the doors that were tried last
	knockedAt time.Time
	bright    bool // they are drawn lit
}

const (
	travelFor   = 480 * time.Millisecond
	travelSteps = 12
	quietFor    = 200 * time.Millisecond // without a call, before a request is drawn
	flashFor    = 300 * time.Millisecond
	maxKnocked  = 8
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
	return !m.bright && time.Since(m.sent) > travelFor && m.request.Hidden
}

// move draws the next step of what moves.
func (p *Picture) move() {
	m := &p.moving
	if m.bright && time.Since(m.knockedAt) > flashFor {
		m.bright, m.knocked = false, m.knocked[:0]
		p.Refresh()
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
