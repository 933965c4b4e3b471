package room

import (
	"fmt"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"sealedroom/ui/theme"
)

func sampleWalls(n int, out ...int) []Wall {
	names := []string{"thread-count", "memory-limit", "no-new-privs", "capabilities", "landlock", "rlimit", "descriptors", "seccomp", "aVeryLongNameOfAWallThatDoesNotExist"}
	var walls []Wall
	for i, name := range names[:n] {
		w := Wall{Name: name}
		for _, o := range out {
			w.Out = w.Out || o == i
		}
		walls = append(walls, w)
	}
	return walls
}

// TestRingsDoNotOverlap draws the walls at many sizes: no name lies on another,
// on a ring or outside, each ring lies in the one before it, and each name's
// line meets its ring.
func TestRingsDoNotOverlap(t *testing.T) {
	long := Attempt{Words: "open of /tmp/a-long-path/with/many/parts/planted.txt: openat worked: “what was planted there, and more of it”", Worked: true}
	for name, data := range map[string]RingsData{
		"all up":  {Walls: sampleWalls(8), Last: Attempt{Words: "open: held by seccomp", By: "seccomp"}},
		"two out": {Walls: sampleWalls(8, 4, 7), Last: long}, "all out": {Walls: sampleWalls(8, 0, 1, 2, 3, 4, 5, 6, 7), Last: long},
		"five": {Walls: sampleWalls(5, 2)}, "one": {Walls: sampleWalls(1)}, "none": {}, "nine": {Walls: sampleWalls(9), Last: long},
	} {
		for _, scale := range []float32{0.8, 1, 1.5, 2} {
			test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: theme.AlwaysDark, Scale: scale})
			r := NewRings()
			r.Set(data)
			for _, size := range []fyne.Size{{Width: 220, Height: 170}, {Width: 300, Height: 300}, {Width: 360, Height: 240}, {Width: 470, Height: 250}, {Width: 560, Height: 320}, {Width: 600, Height: 200}, {Width: 900, Height: 500}, {Width: 1300, Height: 700}, {Width: 400, Height: 900}} {
				size = size.Max(r.MinSize())
				r.Resize(size)
				where := fmt.Sprintf("%s, %v at %v", name, size, scale)
				checkRings(t, where, r, size)
			}
		}
	}
}

func checkRings(t *testing.T, where string, r *Rings, size fyne.Size) {
	t.Helper()
	var all []*canvas.Text
	for _, o := range test.LaidOutObjects(r) {
		if text, ok := o.(*canvas.Text); ok && text.Visible() && text.Text != "" {
			all = append(all, text)
		}
	}
	if len(all) != len(r.data.Walls)+2 {
		t.Errorf("%s: %d texts", where, len(all))
	}
	for i, a := range all {
		at, s := a.Position(), a.MinSize()
		if at.X < 0 || at.Y < 0 || at.X+s.Width > size.Width+0.5 || at.Y+s.Height > size.Height+0.5 {
			t.Errorf("%s: %q is outside: %v %v", where, a.Text, at, s)
		}
		for _, b := range all[:i] {
			bt, bs := b.Position(), b.MinSize()
			if at.X < bt.X+bs.Width && bt.X < at.X+s.Width && at.Y+s.Height*0.2 < bt.Y+bs.Height*0.85 && bt.Y+bs.Height*0.2 < at.Y+s.Height*0.85 {
				t.Errorf("%s: %q and %q overlap", where, a.Text, b.Text)
			}
		}
	}
	p := r.plan
	for i, ring := range p.rings {
		name := p.names[i]
		if y := name.y + name.h/2; name.x+name.w >= ring.x || y < ring.y || y > ring.y+ring.h {
			t.Errorf("%s: the line of %q does not meet its ring: %v, %v", where, r.data.Walls[i].Name, name, ring)
		}
		if ring.x+ring.w > size.Width || ring.y+ring.h > p.out.y || p.guest.x < ring.x || p.guest.x+p.guest.w > ring.x+ring.w || p.guest.y < ring.y || p.guest.y+p.guest.h > ring.y+ring.h {
			t.Errorf("%s: ring %d is outside, or the guest is: %v, %v", where, i, ring, p.guest)
		}
		if before := max(0, i-1); i > 0 && (ring.x <= p.rings[before].x || ring.y <= p.rings[before].y) {
			t.Errorf("%s: ring %d is not in the one before it", where, i)
		}
	}
}

// TestRingsShowWhatAnswered: the wall that refused is green and thick, one that
// is off is red and no closed ring, and what worked leads out.
func TestRingsShowWhatAnswered(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: theme.AlwaysDark, Scale: 1})
	r := NewRings()
	r.Resize(fyne.NewSize(560, 320))
	count := func() (closed, green, red int) {
		for _, o := range test.LaidOutObjects(r) {
			switch o := o.(type) {
			case *canvas.Rectangle:
				if o.StrokeWidth > 0 {
					closed++
				}
				if o.StrokeColor == color.Color(theme.Now().Green) {
					green++
				}
			case *canvas.Line:
				if o.StrokeColor == color.Color(theme.Now().Red) {
					red++
				}
			}
		}
		return
	}
	r.Set(RingsData{Walls: sampleWalls(8), Last: Attempt{Words: "open: held by seccomp", By: "seccomp"}})
	if closed, green, red := count(); closed != 8 || green != 1 || red != 0 {
		t.Errorf("held: %d rings, %d green, %d red lines", closed, green, red)
	}
	r.Set(RingsData{Walls: sampleWalls(8, 4, 7), Last: Attempt{Words: "open: worked", Worked: true}})
	if closed, green, red := count(); closed != 6 || green != 0 || red != 13 {
		t.Errorf("worked: %d rings, %d green, %d red lines", closed, green, red)
	}
}
