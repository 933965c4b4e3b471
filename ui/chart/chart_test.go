package chart

import (
	"image"
	"image/color"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"sealedroom/ui/theme"
	"sealedroom/ui/uitest"
)

const mb = 1 << 20

// saw is memory that grows to part of the limit and is collected, n times.
func saw(n int, part float64) Data {
	d := Data{Limit: 128 * mb, Until: time.Second}
	for i := range n {
		at := time.Second * time.Duration(i) / time.Duration(n)
		used := part * 128 * mb * float64(i%50) / 50
		d.Points = append(d.Points, Point{At: at, V8: true, Used: used, Committed: used * 1.1, Process: used * 1.2})
		if i%5 == 0 {
			d.Marks = append(d.Marks, Mark{At: at, Took: time.Millisecond, Kind: "scavenge", Count: 1, Major: i%25 == 0, Before: 8 * mb, After: 2 * mb})
		}
	}
	return d
}

func show(t testing.TB, light bool, data Data) (*Chart, image.Image, theme.Palette) {
	app := test.NewTempApp(t)
	mode, palette := theme.AlwaysDark, theme.Dark
	if light {
		mode, palette = theme.AlwaysLight, theme.Light
	}
	app.Settings().SetTheme(&theme.Theme{Mode: mode})
	c := New()
	c.Resize(fyne.NewSize(560, 250))
	c.Set(data, true)
	return c, c.draw(560, 250), palette
}

// count is how many pixels of this colour lie in rows y0 to y1.
func count(picture image.Image, col color.NRGBA, y0, y1 int) int {
	n := 0
	for y := y0; y < y1; y++ {
		for x := 0; x < picture.Bounds().Dx(); x++ {
			if r, g, b, _ := picture.At(x, y).RGBA(); uint8(r>>8) == col.R && uint8(g>>8) == col.G && uint8(b>>8) == col.B {
				n++
			}
		}
	}
	return n
}

func TestDraw(t *testing.T) {
	for _, light := range []bool{false, true} {
		c, picture, p := show(t, light, saw(500, 0.5))
		a := c.area()
		limit, bottom := int(a.y(128*mb, c.top)), int(a.bottom)
		if n := count(picture, p.Red, limit-6, limit+6); n < 200 {
			t.Errorf("light %v: the limit's line has %d red pixels", light, n)
		}
		if n := count(picture, p.Teal, (limit+bottom)/2, bottom); n < 100 {
			t.Errorf("light %v: used memory has %d teal pixels", light, n)
		}
		if n := count(picture, p.Teal, 0, limit+10); n != 0 {
			t.Errorf("light %v: %d teal pixels at the limit that was not met", light, n)
		}
		if n := count(picture, p.Violet, bottom+1, 250); n < 100 {
			t.Errorf("light %v: full collections have %d violet pixels", light, n)
		}
		if n := count(picture, p.Blue, 24, bottom); n < 50 {
			t.Errorf("light %v: committed memory has %d blue pixels", light, n)
		}
	}
}

// The zone before the limit is seen in both themes, and so are the lines on it.
func TestZoneContrast(t *testing.T) {
	for _, light := range []bool{false, true} {
		_, _, p := show(t, light, saw(10, 0.5))
		if c := uitest.Contrast(mix(p.Ground, p.Amber, zoneEdge), p.Ground); c < 3 {
			t.Errorf("light %v: the zone's edge has a contrast of %.1f", light, c)
		}
		for name, line := range map[string]color.NRGBA{"used": p.Teal, "committed": p.Blue, "external": p.Green, "limit": p.Red} {
			if c := uitest.Contrast(line, mix(p.Ground, p.Amber, zoneLit)); c < 3 {
				t.Errorf("light %v: %s has a contrast of %.1f on the zone", light, name, c)
			}
		}
	}
}

// However many collections there are, they hide nothing of the lines.
func TestCollectionsHaveALane(t *testing.T) {
	flat := func(marks int) Data {
		d := Data{Limit: 128 * mb, Until: time.Second}
		for i := range 100 {
			d.Points = append(d.Points, Point{At: time.Duration(i) * 10 * time.Millisecond, V8: true, Used: mb, Committed: 2 * mb})
		}
		for i := range marks {
			d.Marks = append(d.Marks, Mark{At: time.Second * time.Duration(i) / time.Duration(marks), Major: i%3 == 0})
		}
		return d
	}
	c, _, p := show(t, false, flat(0))
	c.SetScale(ToLimit)
	without := c.draw(560, 250)
	bottom := int(c.area().bottom)
	want := count(without, p.Teal, 0, bottom)
	c, _, _ = show(t, false, flat(3000))
	c.SetScale(ToLimit)
	with := c.draw(560, 250)
	if got := count(with, p.Teal, 0, bottom); got < want || want < 300 {
		t.Errorf("used memory has %d pixels among collections, %d without", got, want)
	}
	if n := count(with, p.Violet, 0, bottom); n > 0 {
		t.Errorf("%d pixels of collections stand in the plot", n)
	}
	if n := count(with, p.Violet, bottom, 250); n < 1000 {
		t.Errorf("collections have %d pixels of their lane", n)
	}
}

// The axis ends with the data where that is far below the limit, or when asked to
// to, and says where the limit is.
func TestScale(t *testing.T) {
	for _, c := range []struct {
		name  string
		scale Scale
		part  float64 // of the limit, that is used
		fits  bool
		limit string
	}{
		{"little", Auto, 0.05, true, "▲ limit: 128 MB"},
		{"much", Auto, 0.5, false, "128 MB"},
		{"little, to the limit", ToLimit, 0.05, false, "128 MB"},
		{"much, to the data", ToData, 0.5, true, "▲ limit: 128 MB"},
		{"all, to the data", ToData, 1, true, "128 MB"},
		{"over", Auto, 1.3, false, "128 MB"},
	} {
		chart, _, _ := show(t, false, saw(500, c.part))
		chart.SetScale(c.scale)
		if chart.Fits() != c.fits || chart.words.limit.Text != c.limit || chart.words.limit.Hidden {
			t.Errorf("%s: fits the data: %v; the limit's name is %q", c.name, chart.Fits(), chart.words.limit.Text)
		}
		if chart.top < chart.peak || c.fits && chart.top > 2*chart.peak {
			t.Errorf("%s: the axis ends at %.0f MB, the data at %.0f", c.name, chart.top/mb, chart.peak/mb)
		}
		bytes, times := 0, 0
		for i := range chart.words.bytes {
			if t := chart.words.bytes[i]; !t.Hidden {
				bytes++
			}
			if t := chart.words.times[i]; !t.Hidden {
				times++
			}
		}
		if bytes < 3 || times < 4 {
			t.Errorf("%s: %d ticks of memory and %d of time", c.name, bytes, times)
		}
	}
}

// Whatever the room, each line that is drawn has its name, inside the chart and
// apart from the others.
func TestLegend(t *testing.T) {
	d := saw(500, 0.5)
	for i := range d.Points {
		d.Points[i].External = mb
		d.Points[i].Process = 400 * mb
	}
	for _, width := range []float32{560, 400, 300, 240} {
		for _, scale := range []float32{1, 1.5, 2} {
			c, _, _ := show(t, false, d)
			test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: theme.AlwaysDark, Scale: scale})
			c.Resize(fyne.NewSize(width, 300))
			c.Refresh()
			for i, text := range c.words.legend {
				if text.Hidden {
					t.Errorf("%v wide, text %v: no name for %s", width, scale, legend[i].name)
				}
				at, size := text.Position(), text.MinSize()
				if at.Y+size.Height > c.area().top {
					t.Errorf("%v wide, text %v: %q stands in the plot", width, scale, text.Text)
				}
				for _, other := range c.words.legend[:i] {
					if o := other.Position(); o.Y == at.Y && o.X+other.MinSize().Width > at.X {
						t.Errorf("%v wide, text %v: %q over %q", width, scale, text.Text, other.Text)
					}
				}
			}
			if name := c.words.legend[3].Text; name != "┄ process growth: up to 400 MB, above the top" {
				t.Errorf("the clamped line is named %q", name)
			}
		}
	}
}

// However low the plot is, no figure of the memory axis stands on another.
func TestFiguresDoNotOverlap(t *testing.T) {
	for _, part := range []float64{0.5, 0.008} { // of the limit: many round figures, or three
		for height := float32(250); height > 0; height -= 5 {
			c, _, _ := show(t, false, saw(500, part))
			c.Resize(fyne.NewSize(560, height))
			c.Refresh()
			below, shown := float32(0), 0
			for _, text := range c.words.bytes {
				if text.Hidden {
					continue
				}
				at := text.Position().Y
				if bottom := at + text.MinSize().Height; shown > 0 && bottom > below+0.1 {
					t.Errorf("part %v, %v high: %q ends at %v, in the one below from %v", part, height, text.Text, bottom, below)
				}
				below = at
				shown++
			}
			if shown < 2 && height > 120 {
				t.Errorf("part %v, %v high: %d figures", part, height, shown)
			}
		}
	}
}

// A pointer reads the figures at its place, and a collection's before and after.
func TestReadAt(t *testing.T) {
	d := Data{
		Limit: 128 * mb, Until: time.Second, Base: 20 * mb,
		Points: []Point{
			{At: 100 * time.Millisecond, V8: true, Used: 10 * mb, Committed: 20 * mb, External: 5 * mb, Process: 60 * mb},
			{At: 300 * time.Millisecond, Process: 70 * mb},
			{At: 900 * time.Millisecond, V8: true, Used: 30 * mb, Committed: 40 * mb},
		},
		Marks: []Mark{
			{At: 500 * time.Millisecond, Took: 2 * time.Millisecond, Kind: "mark-compact", Major: true, Count: 1, Before: 30 * mb, After: 3 * mb},
			{At: 501 * time.Millisecond, Took: 2 * time.Millisecond, Kind: "scavenge", Count: 4, Before: 3 * mb, After: 2 * mb},
			{At: 700 * time.Millisecond, Took: time.Millisecond, Kind: "scavenge", Count: 4, Before: 3 * mb, After: 2 * mb},
		},
	}
	c, _, _ := show(t, false, d)
	for at, want := range map[int][]string{
		120: {"at 120 ms", "used heap 10 MB", "external 5 MB", "together 15 MB", "committed 20 MB", "process growth 40 MB"},
		290: {"at 290 ms", "used heap 10 MB", "external 5 MB", "together 15 MB", "committed 20 MB", "process growth 50 MB"},
		500: {"at 500 ms", "used heap 10 MB", "external 5 MB", "together 15 MB", "committed 20 MB", "process growth 50 MB", "mark-compact: 30 MB to 3 MB, 2 ms"},
		701: {"at 701 ms", "used heap 30 MB", "committed 40 MB", "process growth 50 MB", "4 × scavenge: 3 MB to 2 MB, 1 ms"},
	} {
		if got := c.ReadAt(c.area().x(time.Duration(at)*time.Millisecond, time.Second)); !slices.Equal(got[1:], want[1:]) {
			t.Errorf("at %d ms: %q, want %q", at, got, want)
		}
	}
	if got := c.ReadAt(3); got != nil {
		t.Errorf("beside the plot: %q", got)
	}
	c.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(540, 100)}})
	if c.hover.box.Hidden || c.hover.box.Position().X+c.hover.box.Size().Width > 560 {
		t.Error("the reading is not in sight at the right end")
	}
	c.MouseOut()
	if !c.hover.box.Hidden {
		t.Error("the reading stays when the pointer has left")
	}
}

// Whatever a run's figures are, drawing them ends and stays within the picture.
func TestOddFigures(t *testing.T) {
	for name, d := range map[string]Data{
		"nothing":       {},
		"no limit":      {Points: []Point{{V8: true, Used: 5}}},
		"one point":     {Limit: 1, Points: []Point{{V8: true, Used: 5, Committed: 6, External: 7, Process: 8}}},
		"far over":      {Limit: 8 * mb, Until: time.Hour, Points: []Point{{V8: true}, {At: time.Hour, V8: true, Used: 1e15, Process: 1e18}}},
		"back in time":  {Limit: 8 * mb, Until: time.Second, Points: []Point{{At: time.Second, V8: true, Used: mb}, {V8: true, Used: 2 * mb}}},
		"shrinks":       {Limit: 8 * mb, Base: 1e9, Until: 1, Points: []Point{{V8: true, Process: 5}, {At: 1, V8: true, Process: 1e3}}},
		"marks only":    {Limit: 8 * mb, Until: 1, Marks: []Mark{{At: 5, Major: true}, {At: time.Hour}}},
		"only external": {Limit: 8 * mb, Until: time.Second, Points: []Point{{V8: true, External: mb}, {At: time.Second, V8: true, External: 9 * mb}}},
	} {
		c, _, _ := show(t, false, d)
		for _, size := range []int{0, 1, 30, 2000} {
			c.Resize(fyne.NewSize(float32(size), float32(size)))
			if c.draw(size, size) == nil {
				t.Error(name)
			}
		}
	}
}

// A live chart leaves no picture behind.
func TestDrawKeepsItsImage(t *testing.T) {
	c, first, _ := show(t, false, saw(500, 0.5))
	if c.draw(560, 250) != first {
		t.Error("each frame has an image of its own")
	}
}

func BenchmarkDraw(b *testing.B) {
	c, _, _ := show(b, false, saw(1600, 0.9))
	for b.Loop() {
		c.draw(560, 250)
	}
}

// The end of the axis is named by what it shows, also where the run was shorter.
func TestEndOfAShortRun(t *testing.T) {
	for until, want := range map[time.Duration]string{0: "10 ms", 3 * time.Millisecond: "10 ms", 40 * time.Millisecond: "40 ms"} {
		c, _, _ := show(t, false, Data{Limit: 128 * mb, Until: until})
		if got := c.words.end.Text; got != want {
			t.Errorf("a run of %v: the axis ends at %q, want %q", until, got, want)
		}
	}
}
