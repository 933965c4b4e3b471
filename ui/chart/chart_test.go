package chart

import (
	"image"
	"image/color"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"sealedroom/ui/theme"
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
			d.Marks = append(d.Marks, Mark{At: at, Major: i%25 == 0})
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
	c.Set(data)
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
		_, picture, p := show(t, light, saw(500, 0.5))
		limit, middle := 46, 24+206/2 // of 206 pixels, the top 0.12/1.12 is over the limit
		if n := count(picture, p.Red, limit-6, limit+6); n < 200 {
			t.Errorf("light %v: the limit's line has %d red pixels", light, n)
		}
		if n := count(picture, p.Teal, middle-30, 230); n < 100 {
			t.Errorf("light %v: used memory has %d teal pixels", light, n)
		}
		if n := count(picture, p.Teal, 0, limit+10); n != 0 {
			t.Errorf("light %v: %d teal pixels at the limit that was not met", light, n)
		}
		if n := count(picture, p.Violet, 215, 235); n < 100 {
			t.Errorf("light %v: collections have %d violet pixels", light, n)
		}
		if n := count(picture, p.Blue, 24, 230); n < 50 {
			t.Errorf("light %v: committed memory has %d blue pixels", light, n)
		}
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
