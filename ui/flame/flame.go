// Package flame draws where time went: each function is a box as wide as its time,
// below the function that called it.
package flame

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sealedroom/inspector/profile"
	"sealedroom/ui/theme"
)

const (
	maxBoxes = 400 // that are drawn; the narrowest are left out
	maxRows  = 40
	minWidth = 3  // of a box
	minName  = 34 // of a box that shows its name
)

// Graph is the picture. A tap on a box calls OnTapped with it.
type Graph struct {
	widget.BaseWidget
	OnTapped func(*profile.Node)
	// OnHover is called with the box that the mouse is on; nil: it left.
	OnHover func(*profile.Node)

	root  *profile.Node
	boxes []box
	rows  int
}

// box is one function's place, in parts of the width.
type box struct {
	node     *profile.Node
	row      int
	from, to float64
}

var (
	_ fyne.Tappable      = (*Graph)(nil)
	_ desktop.Hoverable  = (*Graph)(nil)
	_ desktop.Cursorable = (*Graph)(nil)
)

// New returns a graph of nothing.
func New() *Graph {
	g := &Graph{OnTapped: func(*profile.Node) {}, OnHover: func(*profile.Node) {}}
	g.ExtendBaseWidget(g)
	return g
}

// Set shows a profile; nil: none.
func (g *Graph) Set(p *profile.Profile) {
	g.root, g.boxes, g.rows = nil, nil, 0
	if p != nil && p.Sampled > 0 {
		g.root = p.Root
		g.place(p.Root, 0, 0, 1)
	}
	g.Refresh()
}

// place puts the children of a node side by side, and theirs below.
func (g *Graph) place(n *profile.Node, row int, from, to float64) {
	if row >= maxRows || n.Total <= 0 {
		return
	}
	at := from
	for _, c := range n.Children {
		width := (to - from) * float64(c.Total) / float64(n.Total)
		if len(g.boxes) >= maxBoxes || width < 0.001 {
			return // the rest is no wider
		}
		g.boxes = append(g.boxes, box{c, row, at, at + width})
		g.rows = max(g.rows, row+1)
		g.place(c, row+1, at, at+width)
		at += width
	}
}

func rowHeight() float32 { return theme.Scaled(20) }

// MinSize is the height of all rows.
func (g *Graph) MinSize() fyne.Size {
	g.ExtendBaseWidget(g)
	return fyne.NewSize(theme.Scaled(80), rowHeight()*float32(max(1, g.rows)))
}

// at returns the box at a place; nil: none is there.
func (g *Graph) at(pos fyne.Position) *profile.Node {
	x, row := float64(pos.X/max(1, g.Size().Width)), int(pos.Y/rowHeight())
	for _, b := range g.boxes {
		if b.row == row && b.from <= x && x < b.to {
			return b.node
		}
	}
	return nil
}

// Tapped implements fyne.Tappable.
func (g *Graph) Tapped(e *fyne.PointEvent) {
	if n := g.at(e.Position); n != nil {
		g.OnTapped(n)
	}
}

// MouseIn implements desktop.Hoverable.
func (g *Graph) MouseIn(e *desktop.MouseEvent) { g.OnHover(g.at(e.Position)) }

// MouseMoved implements desktop.Hoverable.
func (g *Graph) MouseMoved(e *desktop.MouseEvent) { g.OnHover(g.at(e.Position)) }

// MouseOut implements desktop.Hoverable.
func (g *Graph) MouseOut() { g.OnHover(nil) }

// Cursor implements desktop.Cursorable.
func (g *Graph) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer implements fyne.Widget.
func (g *Graph) CreateRenderer() fyne.WidgetRenderer {
	r := &renderer{g: g}
	r.Refresh()
	return r
}

type renderer struct {
	g       *Graph
	objects []fyne.CanvasObject
	grounds []*canvas.Rectangle
	names   []*theme.Label
}

func (r *renderer) Refresh() {
	for len(r.grounds) < len(r.g.boxes) {
		r.grounds = append(r.grounds, canvas.NewRectangle(color.Transparent))
		r.names = append(r.names, theme.Cut(theme.Caption, theme.RoleText, ""))
	}
	r.Layout(r.g.Size())
	canvas.Refresh(r.g)
}

// Layout draws the boxes that there is room for.
func (r *renderer) Layout(size fyne.Size) {
	p := theme.Now()
	r.objects = r.objects[:0]
	high := rowHeight()
	for i, b := range r.g.boxes {
		x, w := float32(b.from)*size.Width, float32(b.to-b.from)*size.Width
		if w < minWidth {
			continue
		}
		ground := r.grounds[i]
		ground.FillColor, ground.StrokeColor, ground.StrokeWidth, ground.CornerRadius = tint(p, b.node), ink(p, b.node), 1, 2
		ground.Move(fyne.NewPos(x+0.5, float32(b.row)*high+1))
		ground.Resize(fyne.NewSize(w-1, high-2))
		r.objects = append(r.objects, ground)
		if w < theme.Scaled(minName) {
			continue
		}
		name := r.names[i]
		name.Move(fyne.NewPos(x+theme.Scaled(4), float32(b.row)*high+theme.Scaled(2)))
		name.Resize(fyne.NewSize(w-theme.Scaled(8), high-theme.Scaled(4)))
		name.Set(theme.RoleText, profile.Name(b.node.Function))
		r.objects = append(r.objects, name)
	}
}

// ink and tint are the colours of whose code a box is: the guest's, what it had
// evaluated, V8's.
func ink(p theme.Palette, n *profile.Node) color.Color {
	switch n.Function.Kind {
	case "guest":
		return p.Teal
	case "evaluated":
		return p.Amber
	case "engine":
		return p.Violet
	}
	return p.Blue
}

func tint(p theme.Palette, n *profile.Node) color.Color {
	switch n.Function.Kind {
	case "guest":
		return p.TealTint
	case "evaluated":
		return p.AmberTint
	}
	return p.Raised
}

func (r *renderer) MinSize() fyne.Size           { return r.g.MinSize() }
func (r *renderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *renderer) Destroy()                     {}
