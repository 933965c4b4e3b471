package editor

import (
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

const (
	clickAgain  = 400 * time.Millisecond // between the clicks of a double click
	scrollEvery = 40 * time.Millisecond  // while the mouse is held outside
)

// grip is what the pressed mouse holds.
type grip int

const (
	gripNone grip = iota
	gripText
	gripVertical
	gripHorizontal
)

// pointer follows the mouse while it is pressed.
type pointer struct {
	grip   grip
	clicks int // 1 selects by characters, 2 by words, 3 by lines
	at     fyne.Position
	when   time.Time
	from   [2]pos  // what the first click selected
	hold   float64 // where on the handle of a scroll bar it was gripped
	timer  timer
}

// MouseDown puts the caret where it is clicked; twice selects a word, three
// times a line, as does one click on a line's number.
func (e *Editor) MouseDown(ev *desktop.MouseEvent) {
	p := &e.pointer
	p.grip = gripNone
	if _, h := e.view.text(); float64(ev.Position.Y) >= h {
		return
	}
	if c := e.canvas(); c != nil {
		c.Focus(e)
	}
	e.leaving = false
	e.hideTip()
	if e.popupHit(ev.Position) {
		e.clickPopup(ev.Position)
		return
	}
	e.closePopup()
	if ev.Button == desktop.MouseButtonPrimary && e.gripBar(ev.Position) {
		return
	}
	at := e.pointAt(ev.Position)
	if ev.Button != desktop.MouseButtonPrimary {
		if a, b := e.sel.ordered(); at.less(a) || b.less(at) || a == b {
			e.moveTo(at, false)
		}
		return
	}
	again := e.now().Sub(p.when) < clickAgain && near(ev.Position, p.at)
	p.when, p.at = e.now(), ev.Position
	switch {
	case float64(ev.Position.X) < e.view.gutter:
		p.clicks = 3
	case again:
		p.clicks = p.clicks%3 + 1
	default:
		p.clicks = 1
	}
	p.grip = gripText
	if ev.Modifier&fyne.KeyModifierShift != 0 {
		p.from = [2]pos{e.sel.anchor, e.sel.anchor}
		e.dragSelect(at)
		return
	}
	a, b := e.unitAt(at)
	p.from = [2]pos{a, b}
	e.history.close()
	e.goalCol = -1
	e.sel = selection{a, b}
	if p.clicks == 3 {
		e.steady()
		e.redraw() // a line's end need not be scrolled to
		e.tellCaret()
		return
	}
	e.caretMoved()
}

func near(a, b fyne.Position) bool {
	d := a.Subtract(b)
	return d.X*d.X+d.Y*d.Y < 36
}

// unitAt returns what is selected at once at a place: nothing, a word, a line.
func (e *Editor) unitAt(p pos) (pos, pos) {
	switch e.pointer.clicks {
	case 2:
		return e.wordAt(p)
	case 3:
		if p.row+1 < len(e.doc.lines) {
			return pos{p.row, 0}, pos{p.row + 1, 0}
		}
		return pos{p.row, 0}, e.lineEnd(p)
	}
	return p, p
}

// dragSelect extends the selection to at, by whole words or lines when it began
// with one.
func (e *Editor) dragSelect(at pos) {
	a, b := e.unitAt(at)
	from := e.pointer.from
	if a.less(from[0]) {
		e.sel = selection{from[1], a}
	} else {
		e.sel = selection{from[0], b}
	}
	e.history.close()
	e.goalCol = -1
}

// gripBar takes hold of a scroll bar; a click next to the handle moves it there.
func (e *Editor) gripBar(p fyne.Position) bool {
	w, h := e.view.text()
	vertical, horizontal := e.thumbs()
	x, y := float64(p.X), float64(p.Y)
	switch {
	case vertical.h > 0 && x >= vertical.x:
		e.pointer.grip, e.pointer.hold = gripVertical, y-vertical.y
		if !vertical.has(p) {
			e.pointer.hold = vertical.h / 2
			e.dragBar(p)
		}
	case horizontal.w > 0 && y >= h-barThickness && x >= e.view.gutter && x < e.view.gutter+w:
		e.pointer.grip, e.pointer.hold = gripHorizontal, x-horizontal.x
		if !horizontal.has(p) {
			e.pointer.hold = horizontal.w / 2
			e.dragBar(p)
		}
	default:
		return false
	}
	return true
}

func (e *Editor) dragBar(p fyne.Position) {
	w, h := e.view.text()
	vertical, horizontal := e.thumbs()
	x, y := e.extent()
	if e.pointer.grip == gripVertical {
		e.view.y = (float64(p.Y) - e.pointer.hold) / max(1, h-vertical.h) * y
	} else {
		e.view.x = (float64(p.X) - e.view.gutter - e.pointer.hold) / max(1, w-barThickness-horizontal.w) * x
	}
	e.clampScroll()
	e.redraw()
}

// Dragged selects, or scrolls when a scroll bar is held.
func (e *Editor) Dragged(ev *fyne.DragEvent) {
	switch p := &e.pointer; p.grip {
	case gripText:
		p.at, p.when = ev.Position, time.Time{}
		e.dragText()
	case gripVertical, gripHorizontal:
		e.dragBar(ev.Position)
	}
}

// dragText selects up to the mouse and, while it is held outside, scrolls on.
func (e *Editor) dragText() {
	p, v := &e.pointer, &e.view
	if p.grip != gripText {
		return
	}
	w, h := v.text()
	dx := outside(float64(p.at.X), v.gutter, v.gutter+w)
	dy := outside(float64(p.at.Y), 0, h)
	v.x += dx
	v.y += dy
	e.clampScroll()
	e.dragSelect(e.pointAt(p.at))
	e.steady()
	e.redraw()
	p.timer.stop()
	if (dx != 0 || dy != 0) && !e.Immediate {
		e.later(&p.timer, scrollEvery, e.dragText)
	}
}

// outside returns how far x is from what lies between lo and hi, but not so far
// that the text would fly.
func outside(x, lo, hi float64) float64 {
	if x < lo {
		return max(-120, x-lo)
	}
	if x > hi {
		return min(120, x-hi)
	}
	return 0
}

// DragEnd ends what Dragged began.
func (e *Editor) DragEnd() { e.release() }

// MouseUp ends what MouseDown began.
func (e *Editor) MouseUp(*desktop.MouseEvent) { e.release() }

func (e *Editor) release() {
	e.pointer.timer.stop()
	held := e.pointer.grip
	e.pointer.grip = gripNone
	if held == gripText {
		e.tellCaret()
	}
}

// TappedSecondary shows the clipboard's commands.
func (e *Editor) TappedSecondary(ev *fyne.PointEvent) {
	c := e.canvas()
	if c == nil {
		return
	}
	var items []*fyne.MenuItem
	for _, id := range []string{"cut", "copy", "paste", "select-all"} {
		cmd := e.command(id)
		item := fyne.NewMenuItem(cmd.Name, cmd.Run)
		item.Disabled = e.ReadOnly && (id == "cut" || id == "paste")
		items = append(items, item)
	}
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), c, ev.AbsolutePosition)
}

// MouseIn, MouseMoved and MouseOut show the notes of the line whose shape or
// notes the mouse is on.
func (e *Editor) MouseIn(ev *desktop.MouseEvent) { e.MouseMoved(ev) }

// MouseMoved is described at MouseIn.
func (e *Editor) MouseMoved(ev *desktop.MouseEvent) {
	v := &e.view
	if v.line == 0 {
		return
	}
	vertical, horizontal := e.thumbs()
	_, h := v.text()
	x := float64(ev.Position.X)
	v.hoverInset = x < v.gutter || vertical.w > 0 && x >= vertical.x || float64(ev.Position.Y) >= h ||
		horizontal.has(ev.Position) || e.popupHit(ev.Position)
	screen := int(math.Floor((float64(ev.Position.Y) + v.y) / v.line))
	row, part := e.rowAt(screen)
	tip := -1
	if float64(ev.Position.Y) < h && screen >= 0 && screen < e.firstOf(len(e.doc.lines)) && len(e.notesOn(row)) > 0 {
		end := e.pointOf(pos{row, len(e.doc.lines[row])})
		if x < markCells*v.cell || part == len(e.broken(row).at) && x > float64(end.X) && (vertical.w == 0 || x < vertical.x) {
			tip = row
		}
	}
	if tip != v.tip {
		v.tip = tip
		e.redraw()
	}
}

// MouseOut is described at MouseIn.
func (e *Editor) MouseOut() {
	e.view.hoverInset = false
	e.hideTip()
}

// hideTip hides the notes that are shown in full, if any.
func (e *Editor) hideTip() bool {
	if e.view.tip < 0 {
		return false
	}
	e.view.tip = -1
	e.redraw()
	return true
}

// Cursor is a bar over text and an arrow elsewhere.
func (e *Editor) Cursor() desktop.Cursor {
	if e.view.hoverInset {
		return desktop.DefaultCursor
	}
	return desktop.TextCursor
}
