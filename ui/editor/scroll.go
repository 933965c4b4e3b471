package editor

import (
	"math"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

const (
	barThickness = 10 // of a scroll bar
	leadRows     = 1  // kept visible above and below the caret
	leadCells    = 4  // kept visible on each side of the caret
	markCells    = 3  // of the gutter, for the marks' shapes
)

// view is the part of the text that is seen. Offsets are in float64: a line of
// a megabyte is too wide for float32 to place a character in.
type view struct {
	renderer *renderer // nil until the widget is shown
	size     fyne.Size
	x, y     float64 // what has been scrolled by

	textSize   float32
	cell       float64 // width of a column
	noteCell   float64 // width of a column in a note
	line       float64 // height of a line
	glyph      float64 // height of a character
	ascent     float64 // from a line's top to its text's
	gutter     float64
	bottom     float64 // height of the bar below the text
	widest     int     // in columns
	widestAt   uint64  // the revision that widest was counted in
	tip        int     // the row whose notes are shown in full, or -1
	hoverInset bool    // the mouse is where there is no text to click in
}

// measure brings sizes in line with the theme's font.
func (e *Editor) measure() {
	v := &e.view
	v.textSize = e.Theme().Size(theme.SizeNameText)
	ten := func(size float32) fyne.Size {
		s, _ := fyne.CurrentApp().Driver().RenderedTextSize("MMMMMMMMMM", size, fyne.TextStyle{Monospace: true}, nil)
		return s
	}
	size := ten(v.textSize)
	v.cell = max(1, float64(size.Width)/10)
	v.noteCell = max(1, float64(ten(v.textSize*noteScale).Width)/10)
	v.glyph = math.Floor(float64(size.Height))
	v.line = math.Ceil(float64(size.Height)*1.12 + 1)
	v.ascent = math.Floor((v.line - float64(size.Height)) / 2)
	digits := max(3, len(strconv.Itoa(len(e.doc.lines))))
	v.gutter = math.Ceil(float64(markCells+digits+2) * v.cell)
	if e.Plain {
		v.gutter = math.Ceil(v.cell)
	}
	e.measureWrap()
}

// text returns the size of the part of the widget that shows text.
func (v *view) text() (w, h float64) {
	return max(0, float64(v.size.Width)-v.gutter), max(0, float64(v.size.Height)-v.bottom)
}

// visibleRows returns the rows that are seen, even in part.
func (e *Editor) visibleRows() (first, end int) {
	v := &e.view
	if v.line == 0 {
		return 0, 0
	}
	_, h := v.text()
	first, _ = e.rowAt(int(v.y / v.line))
	last, _ := e.rowAt(int(math.Ceil((v.y+h)/v.line)) - 1)
	return first, last + 1
}

// extent returns how far can be scrolled.
func (e *Editor) extent() (x, y float64) {
	v := &e.view
	w, h := v.text()
	if !e.wraps() {
		x = float64(e.widest()+leadCells)*v.cell + barThickness - w
	}
	y = float64(e.firstOf(len(e.doc.lines)))*v.line - h
	if x > 0 {
		y += barThickness
	}
	return max(0, x), max(0, y)
}

// widest returns the columns of the widest line, as far as lines were looked at;
// for the rest their bytes are near enough.
func (e *Editor) widest() int {
	v := &e.view
	if v.widestAt != e.revision {
		v.widestAt, v.widest = e.revision, 0
		for i, l := range e.doc.lines {
			n := len(l)
			if r := &e.rows[i]; r.layout != nil {
				n = r.layout.width(l)
			}
			v.widest = max(v.widest, n)
		}
	}
	return v.widest
}

func (e *Editor) clampScroll() {
	v := &e.view
	x, y := e.extent()
	v.x, v.y = max(0, min(v.x, x)), max(0, min(v.y, y))
}

// reveal scrolls just so far that the caret is seen.
func (e *Editor) reveal() {
	v := &e.view
	w, h := v.text()
	if v.line == 0 || w == 0 || h == 0 {
		return
	}
	c := e.sel.caret
	row, col := e.screenOf(c)
	y, lead := float64(row)*v.line, leadRows*v.line
	if h < 5*v.line {
		lead = 0
	}
	v.y = min(v.y, y-lead)
	v.y = max(v.y, y+v.line+lead+barThickness-h)
	if y < v.y { // a view lower than a line
		v.y = y
	}
	x, side := float64(col)*v.cell, leadCells*v.cell
	if w < 4*side {
		side = 0
	}
	v.x = min(v.x, x-side)
	v.x = max(v.x, x+side+barThickness-w)
	e.clampScroll()
}

// centre scrolls a row to the middle.
func (e *Editor) centre(row int) {
	_, h := e.view.text()
	e.view.y = float64(e.firstOf(row))*e.view.line - h/2
	e.clampScroll()
}

// ScrollTo puts a line, counted from one, at the top without moving the caret.
func (e *Editor) ScrollTo(line int) {
	e.view.y = float64(e.firstOf(line-1)) * e.view.line
	e.clampScroll()
	e.redraw()
}

// Columns returns how many columns of text there is room for.
func (e *Editor) Columns() int {
	if e.view.cell == 0 {
		return 0
	}
	w, _ := e.view.text()
	return max(0, int((w-barThickness)/e.view.cell)-leadCells)
}

// ScrollHome shows the beginning of the text, without moving the caret.
func (e *Editor) ScrollHome() {
	e.view.x, e.view.y = 0, 0
	e.redraw()
}

// Reveal scrolls to a line, counted from one, if it is not seen. The caret stays.
func (e *Editor) Reveal(line int) {
	if first, end := e.visibleRows(); line-1 <= first && first > 0 || line >= end {
		e.centre(line - 1)
	}
	e.redraw()
}

// Scrolled moves the view with the wheel.
func (e *Editor) Scrolled(ev *fyne.ScrollEvent) {
	if e.popup.open && e.popupHit(ev.Position) {
		e.scrollPopup(ev.Scrolled.DY)
		return
	}
	e.scrollBy(-float64(ev.Scrolled.DX), -float64(ev.Scrolled.DY))
}

func (e *Editor) scrollBy(dx, dy float64) {
	e.view.x += dx
	e.view.y += dy
	e.clampScroll()
	e.redraw()
}

// pointAt returns the place in the text nearest to a point of the widget.
func (e *Editor) pointAt(p fyne.Position) pos {
	v := &e.view
	if v.line == 0 {
		return pos{}
	}
	screen := int(math.Floor((float64(p.Y) + v.y) / v.line))
	return e.atScreen(screen, (float64(p.X)-v.gutter+v.x)/v.cell)
}

// pointOf returns the top left of where p is drawn.
func (e *Editor) pointOf(p pos) fyne.Position {
	v := &e.view
	row, col := e.screenOf(p)
	return fyne.NewPos(
		float32(v.gutter+float64(col)*v.cell-v.x),
		float32(float64(row)*v.line-v.y),
	)
}

// thumbs returns where the handles of the scroll bars are, with no width or no
// height when all is seen that way.
func (e *Editor) thumbs() (vertical, horizontal rect) {
	v := &e.view
	w, h := v.text()
	x, y := e.extent()
	if y > 0 {
		length := max(24, h*h/(h+y))
		vertical = rect{float64(v.size.Width) - barThickness, v.y / y * (h - length), barThickness, length}
	}
	if x > 0 {
		track := w - barThickness
		length := max(24, track*track/(track+x))
		horizontal = rect{v.gutter + v.x/x*(track-length), h - barThickness, length, barThickness}
	}
	return vertical, horizontal
}

// rect is a place in the widget.
type rect struct{ x, y, w, h float64 }

func (r rect) has(p fyne.Position) bool {
	x, y := float64(p.X), float64(p.Y)
	return r.w > 0 && r.h > 0 && x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h
}

// redraw shows what has changed. Until the widget is shown there is nothing to
// draw.
func (e *Editor) redraw() {
	if e.view.renderer != nil {
		e.view.renderer.Refresh()
	}
}

// canvas returns what the widget is on, or nil.
func (e *Editor) canvas() fyne.Canvas {
	if e.view.renderer == nil || len(fyne.CurrentApp().Driver().AllWindows()) == 0 {
		return nil
	}
	return fyne.CurrentApp().Driver().CanvasForObject(e)
}
