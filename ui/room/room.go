// Package room draws the sealed room: its walls, a door for each global that
// is not there, the teller window and the vault, as a Fyne widget.
package room

import (
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
	Level   float32 // of the heap, as a part of the memory limit
	Broken  string  // why the room was torn down, in a word or two; "" while it stands
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
	// OnTapped is called with the part that was pressed.
	OnTapped func(Part)

	data                        Data
	walls, level                *canvas.Rectangle
	guest, teller, vault        *canvas.Rectangle
	toTeller, toVault           []*canvas.Line
	title, subtitle, guestName  *canvas.Text
	tellerName, tellerCalls     *canvas.Text
	vaultName, vaultCount, lock *canvas.Text
	doors                       []*doorShape // in use and spare
	ring                        *canvas.Rectangle
	plan                        plan
	planned                     planned // what the plan was made for
	regions                     []region
	pulse                       *fyne.Animation // under way
	called                      time.Time       // when the teller was last
	glow                        float32         // of the teller, 0 to 1
	moving                      motion
	focused                     bool
	at                          int // the region that has the keyboard
}

// planned is what a plan depends on.
type planned struct {
	size  fyne.Size
	scale float32
	words words
	first []int
	tried int // doors, the first ones in first
}

func (p planned) same(o planned) bool {
	return p.size == o.size && p.scale == o.scale && p.words.teller == o.words.teller && p.words.vault == o.words.vault &&
		p.words.title == o.words.title && p.tried == o.tried && slices.Equal(p.words.doors, o.words.doors) && slices.Equal(p.first, o.first)
}

// doorShape is one door: a leaf with a lock, or a leaf that stands open.
type doorShape struct {
	leaf, lock  *canvas.Rectangle
	swung, lead *canvas.Line
	name        *canvas.Text
}

func (d *doorShape) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{d.lead, d.leaf, d.lock, d.swung, d.name}
}

type region struct {
	part Part
	at   fyne.Position
	size fyne.Size
}

const dashes = 7

var _ fyne.Tappable = (*Picture)(nil)
var _ fyne.Focusable = (*Picture)(nil)
var _ desktop.Cursorable = (*Picture)(nil)

// New draws an empty room.
func New() *Picture {
	p := &Picture{}
	rect := func() *canvas.Rectangle { return canvas.NewRectangle(color.Transparent) }
	text := func() *canvas.Text { return canvas.NewText("", color.Transparent) }
	p.walls, p.level, p.guest, p.teller, p.vault = rect(), rect(), rect(), rect(), rect()
	p.title, p.subtitle, p.guestName = text(), text(), text()
	p.tellerName, p.tellerCalls = text(), text()
	p.vaultName, p.vaultCount, p.lock = text(), text(), text()
	p.ring = rect()
	p.moving = newMotion()
	for range dashes {
		p.toTeller = append(p.toTeller, canvas.NewLine(color.Transparent))
		p.toVault = append(p.toVault, canvas.NewLine(color.Transparent))
	}
	p.ExtendBaseWidget(p)
	return p
}

// Set shows data. Call it on the main thread.
func (p *Picture) Set(data Data) {
	if data.same(p.data) {
		return
	}
	p.moving.knock(p.data.Doors, data.Doors)
	p.moving.fall(p.data.Broken != "", data.Broken != "")
	p.data = data
	p.Refresh()
	if !p.moving.over() {
		p.startPulse()
	}
}

// Pulse has the teller light up, as for a call.
func (p *Picture) Pulse() {
	p.moving.send(time.Since(p.called))
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
	p.pulse = fyne.NewAnimation(time.Hour, p.tick)
	p.pulse.Start()
}

// tick draws the next moment of all that moves. Where a person wants no motion,
// Fyne calls it once, with 1: everything is at its end then.
func (p *Picture) tick(done float32) {
	m := &p.moving
	if done == 1 {
		p.called, m.sent, m.knockedAt, m.fell = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	}
	p.move()
	p.dim(time.Since(p.called))
}

// dim shows the teller as it glows this long after a call.
func (p *Picture) dim(after time.Duration) {
	left := max(0, 1-float64(after)/float64(glowFor))
	glow := float32(math.Ceil(left*glowSteps) / glowSteps)
	if glow == 0 && p.pulse != nil && p.moving.over() {
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
	colour := mix(p.tellerColour(), theme.Now().Text, 0.75*float64(p.glow))
	p.paint(p.teller, colour, colour, 0, 0.1)
	p.teller.Refresh()
}

func (p *Picture) tellerColour() color.NRGBA {
	c := theme.Now()
	switch {
	case !p.data.Teller.Granted:
		return c.Muted
	case p.data.Teller.Naive || p.data.Teller.Waiting:
		return c.Amber
	}
	return c.Teal
}

func (d Data) same(e Data) bool {
	return d.Teller == e.Teller && d.Vault == e.Vault && d.Running == e.Running && d.Broken == e.Broken &&
		d.Level == e.Level && slices.Equal(d.Doors, e.Doors)
}

// byWorth are the doors' places in the list, those first that must be drawn:
// tried, then open, then the rest in their order.
func (p *Picture) byWorth() []int {
	worth := func(d Door) int {
		switch {
		case d.Count > 0:
			return 0
		case d.Open:
			return 1
		}
		return 2
	}
	out := make([]int, len(p.data.Doors))
	for i := range out {
		out[i] = i
	}
	slices.SortStableFunc(out, func(a, b int) int { return worth(p.data.Doors[a]) - worth(p.data.Doors[b]) })
	return out
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
	return fyne.NewSize(220, theme.Scaled(170))
}
