package flame

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"sealedroom/engine"
	"sealedroom/inspector/profile"
	"sealedroom/ui/theme"
	"sealedroom/ui/uitest"
)

// sampled is a profile of two functions, of which one calls the other.
func sampled() *profile.Profile {
	part := engine.Profiled{
		Functions: []engine.Function{{Kind: "engine"}, {Name: "outer", Kind: "guest", Line: 3}, {Name: "inner", Kind: "guest", Line: 7}, {Name: "(garbage collector)", Kind: "engine"}},
		Nodes:     []engine.CallNode{{}, {Function: 1}, {Parent: 1, Function: 2, Line: 4}, {Function: 3}},
	}
	for i := range 100 {
		node := 2
		if i >= 50 {
			node = 1
		}
		if i >= 80 {
			node = 3
		}
		part.Ticks = append(part.Ticks, engine.Tick{At: time.Duration(i) * time.Millisecond, Node: node, Line: 5})
	}
	return profile.Of([]engine.Profiled{part})
}

// TestGraph: a function is as wide as its time, below the one that called it, and
// leads to itself.
func TestGraph(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: theme.AlwaysDark})
	g := New()
	g.Set(sampled())
	w := test.NewTempWindow(t, g)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(500, 100))
	high := rowHeight()
	for _, c := range []struct {
		x, row float32
		want   string
	}{{10, 0, "outer"}, {390, 0, "outer"}, {410, 0, "(garbage collector)"}, {10, 1, "inner"}, {240, 1, "inner"}, {260, 1, ""}, {10, 2, ""}, {-1, 0, ""}} {
		var tapped, hovered *profile.Node
		g.OnTapped, g.OnHover = func(n *profile.Node) { tapped = n }, func(n *profile.Node) { hovered = n }
		at := fyne.NewPos(c.x, (c.row+0.5)*high)
		g.Tapped(&fyne.PointEvent{Position: at})
		g.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}})
		name := func(n *profile.Node) string {
			if n == nil {
				return ""
			}
			return n.Function.Name
		}
		if name(tapped) != c.want || name(hovered) != c.want {
			t.Errorf("at %v: %q and %q, want %q", at, name(tapped), name(hovered), c.want)
		}
	}
	if g.MinSize().Height != 2*high {
		t.Errorf("two rows need %v, not %v", g.MinSize().Height, 2*high)
	}
	if said := uitest.Words(g); said == "" {
		t.Error("no box shows its name")
	}
	g.Set(nil)
	if len(g.boxes) != 0 {
		t.Errorf("no profile has %d boxes", len(g.boxes))
	}
}

// TestMany: a guest can have any number of functions; the picture is bounded.
func TestMany(t *testing.T) {
	test.NewTempApp(t)
	part := engine.Profiled{Nodes: []engine.CallNode{{}}}
	for i := range 3000 {
		part.Functions = append(part.Functions, engine.Function{Name: "f", Line: i})
		part.Nodes = append(part.Nodes, engine.CallNode{Parent: i, Function: i})
		part.Ticks = append(part.Ticks, engine.Tick{At: time.Duration(i) * time.Millisecond, Node: i + 1})
	}
	g := New()
	g.Set(profile.Of([]engine.Profiled{part}))
	if len(g.boxes) > maxBoxes || g.rows > maxRows {
		t.Errorf("%d boxes in %d rows", len(g.boxes), g.rows)
	}
}
