package room

import (
	"cmp"
	"slices"

	"fyne.io/fyne/v2"

	"sealedroom/ui/theme"
)

// box is a place in the picture.
type box struct{ x, y, w, h float32 }

func (b box) middle() (x, y float32) { return b.x + b.w/2, b.y + b.h/2 }

// side is the wall that a door is in.
type side int

const (
	leftWall side = iota
	floor
	rightWall
)

// doorPlace is where a door is drawn, and its name.
type doorPlace struct {
	side       side
	leaf, name box
	lead       bool // a line leads from the door to its name
	named      bool // its name is written
}

// plan is where everything in the picture is. All lengths follow from the size
// of the text, so that a larger text never makes a smaller one.
type plan struct {
	text                        float32 // its size
	walls, guest, teller, vault box
	tellerName                  fyne.Position
	doors                       []doorPlace // of the doors that are drawn, in their order
	shown                       []int       // which doors those are
}

// words are the widths of what is written, at a text size of one.
type words struct {
	doors                []float32
	teller, vault, title float32
}

// The text is as large as there is room for, between these. Up to bodyText, a
// larger text is worth more than the names of some doors that were not tried.
const (
	minText  = 8   // pixels
	bodyText = 13  // as the window's
	maxGrow  = 1.7 // times that, in a large picture
	textStep = 0.5
)

// makePlan draws up the largest picture that fits. Where the text would be smaller
// than the window's, up to half of the doors stand without a name, but none of
// those that were tried. Where not all doors fit even in the
// smallest text, those that are last in first are left out.
func makePlan(size fyne.Size, w words, first []int, tried int) plan {
	grow := min(size.Width/560, size.Height/290) / theme.Scaled(1)
	largest := theme.Scaled(bodyText) * max(1, min(grow, maxGrow))
	var sizes []float32 // the same ones whatever the largest is
	for text := float32(minText); text <= largest+textStep/2; text += textStep * float32(1+int(text/bodyText)) {
		sizes = append(sizes, text)
	}
	for drawn := len(first); ; drawn-- {
		shown := slices.Clone(first[:drawn])
		slices.Sort(shown)
		for _, text := range slices.Backward(sizes) {
			for _, doors := range w.nameless(first[:drawn], tried, text) {
				if p, ok := planAt(size, w.without(doors), shown, text); ok {
					return p
				}
			}
		}
		if drawn == 0 {
			p, _ := planAt(size, w, nil, minText)
			return p
		}
	}
}

// nameless lists which doors may be without a name, the fewest first. The longest
// names go first: they take the most room.
func (w words) nameless(drawn []int, tried int, text float32) [][]int {
	out := [][]int{nil}
	if text > theme.Scaled(bodyText)+textStep {
		return out
	}
	rest := slices.Clone(drawn[min(tried, len(drawn)):])
	slices.SortStableFunc(rest, func(a, b int) int { return cmp.Compare(w.doors[b], w.doors[a]) })
	for _, n := range []int{2, len(drawn) / 4, len(drawn) / 2} {
		if n = min(n, len(rest), len(drawn)/2); n > len(out[len(out)-1]) {
			out = append(out, rest[:n])
		}
	}
	return out
}

// without leaves out the names of some doors.
func (w words) without(doors []int) words {
	if len(doors) > 0 {
		w.doors = slices.Clone(w.doors)
	}
	for _, i := range doors {
		w.doors[i] = 0
	}
	return w
}

// planAt arranges the doors shown for a text size; false where they don't fit.
func planAt(size fyne.Size, w words, shown []int, text float32) (plan, bool) {
	line := 1.4 * text
	n := len(shown)
	p := plan{text: text, shown: shown, doors: make([]doorPlace, 0, n)}
	for rows := 1; rows <= 3; rows++ {
		high := size.Height - 1.8*text - float32(rows)*line
		mostLeft := min(n, int((high-1.2*text)/line))
		for _, onLeft := range nearest((n+1)/2, 0, mostLeft) {
			for _, onFloor := range nearest(n/4, 0, n-onLeft) {
				p.doors = p.doors[:0]
				a := arrangement{p: &p, size: size, words: w, text: text, line: line, high: high}
				if a.place(onLeft, onFloor, rows) || n == 0 && text <= minText {
					return p, true
				}
			}
		}
		if n == 0 {
			break
		}
	}
	return plan{}, false
}

// nearest lists the whole numbers between two, those next to a third first.
func nearest(to, from, last int) []int {
	var out []int
	for i := from; i <= last; i++ {
		out = append(out, i)
	}
	slices.SortStableFunc(out, func(a, b int) int { return max(a-to, to-a) - max(b-to, to-b) })
	return out
}

// arrangement is a plan that is being made.
type arrangement struct {
	p          *plan
	size       fyne.Size
	words      words
	text, line float32
	high       float32 // of the walls
}

// width is how wide the name of a door is.
func (a arrangement) width(door int) float32 { return a.words.doors[a.p.shown[door]] * a.text }

// place puts so many doors into the left wall and into the floor, whose names
// stand in so many rows, and the rest into the right wall.
func (a arrangement) place(onLeft, onFloor, rows int) bool {
	p, t, n, width := a.p, a.text, len(a.p.shown), a.width
	teller, vault, title := a.words.teller*t, a.words.vault*t, a.words.title*t
	margin, gap := 0.9*t, 0.9*t
	if a.high < 9*t && (n > 0 || t > minText) {
		return false
	}
	leftWidth, rightWidth := float32(0), max(teller, vault+1.2*t)
	for i := range onLeft {
		leftWidth = max(leftWidth, width(i))
	}
	for i := onLeft + onFloor; i < n; i++ {
		rightWidth = max(rightWidth, width(i))
	}
	p.walls = box{margin + leftWidth + gap, margin, 0, a.high}
	p.walls.w = a.size.Width - p.walls.x - rightWidth - gap - margin
	if p.walls.w < max(9*t, title) && (n > 0 || t > minText) {
		return false
	}
	p.walls.w = max(p.walls.w, 2*t)
	room := p.walls
	right := room.x + room.w

	high := min(5*t, room.h*0.5)
	wide := max(vault+1.2*t, min(rightWidth, 8*t))
	p.vault = box{right + gap + (rightWidth-wide)*0.6, room.y + room.h - high - 0.3*t, wide, high}
	_, middle := p.vault.middle()
	p.teller = box{right - 0.55*t, middle - high*0.42, 1.1 * t, high * 0.84}
	p.tellerName = fyne.NewPos(right+gap, p.vault.y-2.9*t)
	onRight, space := n-onLeft-onFloor, p.tellerName.Y-room.y-0.9*t
	if float32(onRight)*a.line > space {
		return false
	}
	across := min(room.w*0.34, room.h*0.34)
	centre := min(middle, room.y+room.h-across/2-1.5*t)
	p.guest = box{room.x + (room.w-across)/2, centre - across/2, across, across}

	pitch := min((room.h-1.2*t)/float32(max(1, onLeft)), 2.4*t)
	top := room.y + (room.h-pitch*float32(onLeft))/2
	for i := range onLeft {
		leaf := box{room.x - 0.5*t, top + float32(i)*pitch + pitch*0.1, t, pitch * 0.8}
		_, y := leaf.middle()
		p.doors = append(p.doors, doorPlace{leftWall, leaf, box{room.x - gap - width(i), y - a.line/2, width(i), a.line}, false, width(i) > 0})
	}
	if !a.placeFloor(onLeft, onFloor, rows) {
		return false
	}
	pitch = min(space/float32(max(1, onRight)), 2.4*t)
	for i := range onRight {
		leaf := box{right - 0.5*t, room.y + 0.6*t + float32(i)*pitch + pitch*0.1, t, pitch * 0.8}
		_, y := leaf.middle()
		p.doors = append(p.doors, doorPlace{rightWall, leaf, box{right + gap, y - a.line/2, width(onLeft + onFloor + i), a.line}, false, width(onLeft+onFloor+i) > 0})
	}
	return true
}

// placeFloor puts doors side by side into the floor, and their names below it
// in rows by turns; false where two names would meet, or a line that leads to
// one would cross another.
func (a arrangement) placeFloor(from, n, rows int) bool {
	if n == 0 {
		return rows == 1 // else there is room for nothing
	}
	if rows > n {
		return false
	}
	p, t := a.p, a.text
	room := p.walls
	pitch := (room.w - 2*t) / float32(n)
	if pitch < 1.4*t {
		return false
	}
	for i := range n { // as many names as there are rows may stand above each other
		if i+rows < n && (a.width(from+i)+a.width(from+i+rows))/2+0.7*t > float32(rows)*pitch && a.width(from+i) > 0 && a.width(from+i+rows) > 0 {
			return false
		}
	}
	bottom := room.y + room.h
	for i := range n {
		x := room.x + t + (float32(i)+0.5)*pitch
		leaf := min(2.2*t, pitch*0.8)
		w := a.width(from + i)
		name := box{x - w/2, bottom + 0.65*t + float32(i%rows)*a.line, w, a.line}
		if name.x < 0.3*t || name.x+w > a.size.Width-0.3*t {
			return false
		}
		p.doors = append(p.doors, doorPlace{floor, box{x - leaf/2, bottom - 0.5*t, leaf, t}, name, i%rows > 0 && w > 0, w > 0})
	}
	floors := p.doors[from : from+n]
	for i, d := range floors {
		for _, other := range floors[:i] {
			if d.named && other.named && d.name.y == other.name.y && d.name.x < other.name.x+other.name.w+0.7*t {
				return false
			}
		}
		x, _ := d.leaf.middle()
		for _, other := range floors {
			if d.named && other.named && other.name.y < d.name.y && x > other.name.x-0.2*t && x < other.name.x+other.name.w+0.2*t {
				return false
			}
		}
	}
	return true
}
