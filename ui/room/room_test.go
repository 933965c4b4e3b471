package room

import (
	"fmt"
	"image/color"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"sealedroom/ui/theme"
	"sealedroom/ui/uitest"
)

func sampleDoors(tried string, open ...string) []Door {
	var doors []Door
	for _, name := range []string{"process", "require", "fs", "net", "http", "fetch", "eval", "Function", "import", "WebAssembly", "SharedArrayBuffer", "setTimeout"} {
		d := Door{Name: name}
		if tried == "all" || strings.Contains(" "+tried+" ", " "+name+" ") {
			d.Count = 1
		}
		for _, o := range open {
			d.Open = d.Open || o == name
		}
		doors = append(doors, d)
	}
	return doors
}

// drawnTexts are the texts in sight, with their places.
func drawnTexts(p *Picture) []*canvas.Text {
	var out []*canvas.Text
	for _, o := range test.LaidOutObjects(p) {
		if t, ok := o.(*canvas.Text); ok && t.Visible() && t.Text != "" {
			out = append(out, t)
		}
	}
	return out
}

// TestNothingOverlaps draws the room at many sizes, for many rooms: no word lies
// on another or outside, and no word is outside of what it names.
func TestNothingOverlaps(t *testing.T) {
	unknown := func(n int) []Door {
		doors := sampleDoors("process fetch")
		for i := range n {
			doors = append(doors, Door{Name: fmt.Sprintf("aVeryLongGlobalName%d", i), Count: 1 << (4 * i)})
		}
		return doors
	}
	rooms := map[string]Data{
		"at rest":     {Doors: sampleDoors("")},
		"all tried":   {Doors: sampleDoors("all")},
		"all open":    {Doors: sampleDoors("", "eval", "Function", "WebAssembly", "SharedArrayBuffer", "setTimeout"), Teller: Teller{Granted: true, Calls: 1}},
		"naive":       {Doors: sampleDoors("process"), Teller: Teller{Granted: true, Naive: true, Calls: 123_456}, Vault: Vault{12, 3, 10}, Broken: "out of memory"},
		"asking":      {Doors: sampleDoors("process"), Teller: Teller{Granted: true, Waiting: true}},
		"two unknown": {Doors: unknown(2)},
		"six unknown": {Doors: unknown(6)},
		"no doors":    {},
	}
	for name, data := range rooms {
		for _, scale := range []float32{0.8, 1, 1.5, 2} {
			test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: theme.AlwaysDark, Scale: scale})
			p := New()
			p.Set(data)
			for _, size := range []fyne.Size{{Width: 220, Height: 170}, {Width: 300, Height: 300}, {Width: 360, Height: 240}, {Width: 470, Height: 250}, {Width: 560, Height: 320}, {Width: 600, Height: 200}, {Width: 900, Height: 500}, {Width: 1300, Height: 700}, {Width: 400, Height: 900}} {
				size = size.Max(p.MinSize())
				p.Resize(size)
				where := fmt.Sprintf("%s, %v at %v", name, size, scale)
				all := drawnTexts(p)
				for i, a := range all {
					at, s := a.Position(), a.MinSize()
					if at.X < 0 || at.Y < 0 || at.X+s.Width > size.Width || at.Y+s.Height > size.Height {
						t.Errorf("%s: %q is outside: %v %v", where, a.Text, at, s)
					}
					for _, b := range all[:i] {
						bt, bs := b.Position(), b.MinSize()
						// Lines of text may touch where neither has ink.
						if at.X < bt.X+bs.Width && bt.X < at.X+s.Width && at.Y+s.Height*0.2 < bt.Y+bs.Height*0.85 && bt.Y+bs.Height*0.2 < at.Y+s.Height*0.85 {
							t.Errorf("%s: %q and %q overlap", where, a.Text, b.Text)
						}
					}
				}
				if missing := len(data.Doors) - len(p.plan.doors); missing > 0 && size.Width >= 470*scale && size.Height >= 250*scale && name != "six unknown" {
					t.Errorf("%s: %d doors are not drawn", where, missing)
				}
				corner := 0.5 * p.plan.text
				for i, d := range p.plan.doors {
					l, w := d.leaf, p.plan.walls
					if d.side == floor && (l.x < w.x+corner || l.x+l.w > w.x+w.w-corner) || d.side != floor && (l.y < w.y+corner || l.y+l.h > w.y+w.h-corner) {
						t.Errorf("%s: door %d is in a corner", where, i)
					}
					if data.Doors[p.plan.shown[i]].Count == 0 && p.plan.text < 9 && missingTried(p) {
						t.Errorf("%s: a door that was tried is left out for one that was not", where)
					}
				}
			}
		}
	}
}

// missingTried says whether a door that was tried is not drawn.
func missingTried(p *Picture) bool {
	drawn := map[int]bool{}
	for _, i := range p.plan.shown {
		drawn[i] = true
	}
	for i, d := range p.data.Doors {
		if d.Count > 0 && !drawn[i] {
			return true
		}
	}
	return false
}

// TestTextGrows: larger text is larger in the picture, or at least no smaller,
// and of the window's own size where there is room.
func TestTextGrows(t *testing.T) {
	for _, size := range []fyne.Size{{Width: 330, Height: 200}, {Width: 560, Height: 310}, {Width: 900, Height: 500}, {Width: 1300, Height: 800}} {
		last := float32(0)
		for _, scale := range []float32{0.8, 1, 1.2, 1.5, 2} {
			test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: theme.AlwaysDark, Scale: scale})
			p := New()
			p.Set(Data{Doors: sampleDoors("process")})
			p.Resize(size)
			if p.plan.text < last {
				t.Errorf("%v: at %v the text is %v, smaller than before: %v", size, scale, p.plan.text, last)
			}
			last = p.plan.text
			if size.Width >= 530*scale && size.Height >= 290*scale && p.plan.text < theme.Scaled(bodyText)-textStep {
				t.Errorf("%v: at %v the text is %v, the window's %v", size, scale, p.plan.text, theme.Scaled(bodyText))
			}
		}
	}
}

// TestDoorsStay: a door does not go elsewhere when it is tried.
func TestDoorsStay(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: theme.AlwaysDark, Scale: 1})
	p := New()
	p.Resize(fyne.NewSize(560, 310))
	p.Set(Data{Doors: sampleDoors("")})
	before := p.plan.doors
	p.Set(Data{Doors: sampleDoors("all"), Teller: Teller{Granted: true, Naive: true, Calls: 1}})
	for i, d := range p.plan.doors {
		if d.leaf != before[i].leaf {
			t.Errorf("door %d was at %v and is at %v", i, before[i].leaf, d.leaf)
		}
	}
	var all []string
	for _, text := range drawnTexts(p) {
		all = append(all, text.Text)
	}
	if words := strings.Join(all, " | "); !strings.Contains(words, "| 1 call |") || !strings.Contains(words, "SharedArrayBuffer ×1") {
		t.Errorf("written is %s", words)
	}
}

// TestPress: each part is found where it is drawn.
func TestPress(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: theme.AlwaysDark, Scale: 1})
	p := New()
	p.Resize(fyne.NewSize(560, 310))
	p.Set(Data{Doors: sampleDoors("")})
	var pressed Part
	p.OnTapped = func(part Part) { pressed = part }
	for _, r := range p.regions {
		pressed = ""
		p.Tapped(&fyne.PointEvent{Position: r.at.AddXY(2, r.size.Height/2)})
		if pressed != r.part {
			t.Errorf("pressing %s presses %q", r.part, pressed)
		}
	}
}

// BenchmarkPlan makes a plan for each of the doors that come one by one, as in a flood.
func BenchmarkPlan(b *testing.B) {
	test.NewTempApp(b).Settings().SetTheme(&theme.Theme{Mode: theme.AlwaysDark, Scale: 1})
	doors := sampleDoors("process")
	for i := range 12 {
		doors = append(doors, Door{Name: fmt.Sprintf("aVeryLongGlobalName%d", i), Count: 1})
	}
	for name, doors := range map[string][]Door{"known": doors[:12], "many": doors} {
		p := New()
		p.Set(Data{Doors: doors})
		for _, size := range []fyne.Size{{Width: 560, Height: 310}, {Width: 300, Height: 180}} {
			b.Run(fmt.Sprintf("%s/%vx%v", name, size.Width, size.Height), func(b *testing.B) {
				for b.Loop() {
					p.plan = plan{}
					p.arrange(size)
				}
			})
		}
	}
}

// TestContrast: doors, their locks and all that is written stand out from what is
// behind them, in both themes, whatever state a door is in.
func TestContrast(t *testing.T) {
	for mode, palette := range map[theme.Mode]theme.Palette{theme.AlwaysDark: theme.Dark, theme.AlwaysLight: theme.Light} {
		test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: mode, Scale: 1})
		p := New()
		p.Resize(fyne.NewSize(560, 310))
		p.Set(Data{Doors: sampleDoors("process", "eval"), Teller: Teller{Granted: true, Calls: 1}, Vault: Vault{Secrets: 1}})
		p.moving.bright = false
		p.Refresh()
		for i := range p.plan.doors {
			d := p.doors[i]
			if c := uitest.Contrast(d.leaf.StrokeColor, palette.Ground); c < 3 {
				t.Errorf("%s: the edge of door %q has contrast %.2f", mode, d.name.Text, c)
			}
			if c := uitest.Contrast(d.name.Color, palette.Ground); c < 4.5 {
				t.Errorf("%s: the name of door %q has contrast %.2f", mode, d.name.Text, c)
			}
			if d.lock.Visible() {
				if c := uitest.Contrast(d.lock.FillColor, d.leaf.FillColor); c < 3 {
					t.Errorf("%s: the lock of door %q has contrast %.2f", mode, d.name.Text, c)
				}
			}
		}
	}
}

// TestMotion: a call travels to the teller and back, a flood does not, and a door
// lights up when it is tried, for a moment.
func TestMotion(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: theme.AlwaysDark, Scale: 1})
	p := New()
	p.Resize(fyne.NewSize(560, 310))
	p.Set(Data{Doors: sampleDoors(""), Teller: Teller{Granted: true}})
	m := &p.moving
	var last float32
	for i := 1; i < travelSteps; i++ { // out, then back
		m.step = i
		p.placeRequest()
		x := m.request.Position().X
		if m.request.Hidden || x < p.plan.guest.x || x > p.plan.teller.x || i > 1 && (x > last) != (i <= travelSteps/2) {
			t.Errorf("step %d: at %v, before at %v, hidden %v", i, x, last, m.request.Hidden)
		}
		last = x
	}
	m.step = 0
	m.sent = time.Time{}
	m.send(quietFor / 2)
	if !m.sent.IsZero() {
		t.Error("a request is drawn in a flood")
	}
	if m.send(quietFor); m.sent.IsZero() {
		t.Error("a single call is not drawn")
	}
	m.knockedAt = time.Time{}
	m.knock(sampleDoors(""), sampleDoors("process fetch"))
	if !m.bright || m.lit("process", theme.Dark.Red) == theme.Dark.Red || m.lit("eval", theme.Dark.Red) != theme.Dark.Red {
		t.Errorf("lit are %v", m.knocked)
	}
	m.knock(sampleDoors("process fetch"), sampleDoors("all"))
	if len(m.knocked) != 2 {
		t.Errorf("doors light up without a pause: %v", m.knocked)
	}
	m.knockedAt = time.Now().Add(-2 * flashFor)
	if p.move(); m.bright {
		t.Error("the doors stay lit")
	}
}

// TestDark: the light goes out in a room that is torn down, step by step, in both
// themes, and all that is written in it can be read in each step.
func TestDark(t *testing.T) {
	for mode, palette := range map[theme.Mode]theme.Palette{theme.AlwaysDark: theme.Dark, theme.AlwaysLight: theme.Light} {
		test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: mode, Scale: 1})
		p := New()
		p.Resize(fyne.NewSize(560, 310))
		p.Set(Data{Doors: sampleDoors("process"), Running: true, Level: 0.5})
		if p.walls.FillColor != color.Color(palette.TealTint) {
			t.Errorf("%s: a room that stands is not lit", mode)
		}
		p.Set(Data{Doors: sampleDoors("process"), Level: 0.5, Broken: "out of time"})
		last := 1.0
		for dark := 1; dark <= darkSteps; dark++ {
			p.moving.dark = dark
			p.Refresh()
			for _, text := range []*canvas.Text{p.title, p.subtitle, p.guestName} {
				for _, behind := range []color.Color{p.walls.FillColor, p.level.FillColor} {
					if c := uitest.Contrast(text.Color, behind); c < 3 || dark == darkSteps && c < 4.5 {
						t.Errorf("%s, step %d: %q has contrast %.2f", mode, dark, text.Text, c)
					}
				}
			}
			bright := uitest.Contrast(p.walls.FillColor, color.Black)
			if dark > 1 && bright >= last {
				t.Errorf("%s, step %d: the room is as bright as before", mode, dark)
			}
			last = bright
		}
		p.Set(Data{Doors: sampleDoors("")})
		if p.moving.dark != 0 || p.walls.FillColor != color.Color(palette.TealTint) {
			t.Errorf("%s: the next room is dark", mode)
		}
	}
}

// TestNoMotion: where Fyne shows no animations (nor does its test driver), each
// thing that moves is at its end at once, again and again, and nothing is left to
// be drawn.
func TestNoMotion(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: theme.AlwaysDark, Scale: 1})
	p := New()
	p.Resize(fyne.NewSize(560, 310))
	for i := range 3 {
		p.moving.knockedAt = time.Time{}
		p.Set(Data{Doors: sampleDoors(""), Teller: Teller{Granted: true}})
		p.Set(Data{Doors: sampleDoors("process"), Teller: Teller{Granted: true, Calls: 1}})
		p.Pulse()
		p.Set(Data{Doors: sampleDoors("process"), Teller: Teller{Granted: true, Calls: 1}, Broken: "out of time"})
		m := &p.moving
		if m.bright || m.falling || m.dark != darkSteps || !m.request.Hidden || p.glow != 0 || p.pulse != nil {
			t.Errorf("round %d: lit %v, dark %d, request hidden %v, glow %v, under way %v", i, m.bright, m.dark, m.request.Hidden, p.glow, p.pulse != nil)
		}
	}
}

// TestNamesGoBeforeTheTextShrinks: in a small picture some doors that were not tried
// have no name, at least half of all do, all that were tried do, and the text is
// larger for it.
func TestNamesGoBeforeTheTextShrinks(t *testing.T) {
	for _, scale := range []float32{0.8, 1, 1.5, 2} {
		test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: theme.AlwaysDark, Scale: scale})
		nameless := 0
		for width := float32(260); width < 900; width += 40 {
			p := New()
			p.Set(Data{Doors: sampleDoors("SharedArrayBuffer setTimeout")})
			p.Resize(fyne.NewSize(width, width*0.55))
			named := 0
			for i, d := range p.plan.doors {
				if d.named {
					named++
				} else if nameless++; p.data.Doors[p.plan.shown[i]].Count > 0 {
					t.Errorf("%v at %v: a door that was tried has no name", width, scale)
				}
				if d.named != p.doors[i].name.Visible() {
					t.Errorf("%v at %v: door %d", width, scale, i)
				}
			}
			if n := len(p.plan.doors); named < n-n/2 {
				t.Errorf("%v at %v: %d of %d doors have a name", width, scale, named, n)
			}
			w := p.planned
			if all, ok := planAt(w.size, w.words, p.plan.shown, p.plan.text); named < len(p.plan.doors) && ok {
				t.Errorf("%v at %v: all names fit: %v", width, scale, all.text)
			}
		}
		if nameless == 0 {
			t.Errorf("at %v every door has a name in every size", scale)
		}
	}
}
