package editor

import (
	"image/color"
	"math"
	"strconv"
)

// problems underlines what is no JavaScript.
func (r *renderer) problems(first, end int) {
	e, v := r.e, &r.e.view
	for _, p := range e.check.problems {
		if p.at.row < first || p.at.row >= end {
			continue
		}
		at := e.doc.clamp(p.at)
		from, to := e.column(at), e.column(e.doc.clamp(p.end))
		r.pieces(at.row, float64(from), float64(max(from+1, to)), func(x, x2, y float64) {
			y += v.line - 3
			for up := false; x < min(x2, float64(v.size.Width)); x, up = x+2, !up {
				if up {
					r.pool.line(x, y+2, x+2, y, 1.2, r.p.Red)
				} else {
					r.pool.line(x, y, x+2, y+2, 1.2, r.p.Red)
				}
			}
		})
	}
}

// notes draws what is said about a line behind its text, as far as there is
// room: never over the text. The mouse or a command shows all of it, and the
// gutter how much it is.
func (r *renderer) notes(row int) {
	e, v := r.e, &r.e.view
	notes := e.notesOn(row)
	if len(notes) == 0 {
		return
	}
	x, y := r.at(row, e.layout(row).width(e.doc.lines[row]))
	x += 2 * v.cell
	right := float64(v.size.Width) - 2
	if _, y := e.extent(); y > 0 {
		right -= barThickness
	}
	cell := v.noteCell
	for i, n := range notes {
		left := len(notes) - 1 - i
		more := ""
		if left > 0 {
			more = " +" + strconv.Itoa(left)
		}
		room := int((right - x - 1.2*cell) / cell)
		// All that is said of the rest is its number, unless the next fits too.
		text := n.fit(room - len(more))
		if text == "" {
			return
		}
		if left > 0 && i < 2 && notes[i+1].fit(room-displayCells(text)-8) != "" {
			more = ""
		}
		x += r.chip(x, y, text+more, n.colour(r.p)) + cell
		if more != "" {
			return
		}
	}
}

const (
	noteScale = 0.92 // of the text
	minNote   = 8    // columns of a note that is cut
)

// chip draws the ground and text of a note and returns how wide they are.
func (r *renderer) chip(x, y float64, text string, c color.NRGBA) float64 {
	v := &r.e.view
	width := (float64(displayCells(text)) + 1.2) * v.noteCell
	if x+width > v.gutter {
		o := r.pool.rect(rect{x, y + 1, width, v.line - 2}, r.p.chip(c))
		o.CornerRadius = 3
		r.write(text, x+0.6*v.noteCell, y+v.ascent+float64(v.textSize)*0.06, noteScale, c)
	}
	return width
}

// cut shortens s to cells columns; an ellipsis shows that it did.
func cut(s string, cells int) string {
	if len(s) <= cells || displayCells(s) <= cells {
		return s
	}
	used, i := 0, 0
	for i < len(s) {
		seg := nextSegment(s[i:], 0, 1)
		if used+seg.cells > cells-1 {
			break
		}
		used += seg.cells
		i += seg.bytes
	}
	return s[:i] + "…"
}

func (r *renderer) caretAt() {
	e, v := r.e, &r.e.view
	p := e.pointOf(e.sel.caret)
	place(r.caret, rect{float64(p.X) - 1, float64(p.Y) + 1, 2, v.line - 2})
	r.caret.FillColor = r.p.Caret
	r.caret.Hidden = e.blinker.hidden || !e.focused
	if float64(p.X) >= v.gutter-1 {
		r.pool.drawn = append(r.pool.drawn, r.caret)
	}
}

func (r *renderer) gutter(first, end int) {
	e, v := r.e, &r.e.view
	if e.Plain {
		return
	}
	if v.x > 0 { // text lies under it
		r.pool.rect(rect{0, 0, v.gutter - v.cell/2, float64(v.size.Height)}, r.p.Ground)
	}
	caret := e.sel.caret.row
	for row := first; row < end; row++ {
		y := r.top(row)
		c := r.p.Muted
		ground := color.Color(nil)
		switch {
		case row == e.errorLine-1:
			c, ground = r.p.Red, r.p.ErrorLine
		case row == caret && e.sel.empty():
			c, ground = r.p.Text, r.p.CurrentLine
		}
		if ground != nil {
			r.pool.rect(rect{0, y, v.gutter - v.cell/2, r.high(row)}, ground)
		}
		r.warmth(row)
		number := strconv.Itoa(row + 1)
		x := v.gutter - (float64(len(number))+1.5)*v.cell
		r.write(number, x, y+v.ascent, 1, c)
		if len(e.diagnosticsOn(row)) > 0 {
			r.cross(row)
		} else if marks := e.marksOn(row); len(marks) > 0 {
			r.shape(row, marks[0].Kind)
			if n := len(marks); n > 1 { // the notes may have no room
				s := r.side(row)
				r.write(strconv.Itoa(min(n, 9)), s.x+s.w+1, s.y-1, 0.68, marks[0].Kind.colour(r.p))
			}
		}
	}
}

// side returns the square in the gutter where a line's shape is drawn.
func (r *renderer) side(row int) rect {
	v := &r.e.view
	s := math.Round(v.line * 0.56)
	return rect{math.Round((markCells*v.cell - s) / 2), math.Round(r.top(row) + (v.line-s)/2), s, s}
}

// cross is the shape of a syntax error.
func (r *renderer) cross(row int) {
	s := r.side(row)
	in := s.w * 0.15
	r.pool.line(s.x+in, s.y+in, s.x+s.w-in, s.y+s.h-in, 2, r.p.Red)
	r.pool.line(s.x+in, s.y+s.h-in, s.x+s.w-in, s.y+in, 2, r.p.Red)
}

// shape draws a kind's own: a no-entry sign, a window, a prompt, a triangle, a
// stop sign. They differ without their colours too.
func (r *renderer) shape(row int, k MarkKind) {
	s, c := r.side(row), k.colour(r.p)
	switch k {
	case MarkBlocked:
		r.pool.rect(s, c).CornerRadius = float32(s.w / 2)
		r.pool.rect(rect{s.x + s.w*0.2, s.y + s.h*0.4, s.w * 0.6, s.h * 0.2}, r.p.Ground)
	case MarkTeller:
		o := r.pool.rect(s, color.Transparent)
		o.StrokeColor, o.StrokeWidth, o.CornerRadius = c, 2, 2
		r.pool.rect(rect{s.x + s.w*0.35, s.y + s.h*0.35, s.w * 0.3, s.h * 0.3}, c)
	case MarkRefused: // the same window, shut
		o := r.pool.rect(s, color.Transparent)
		o.StrokeColor, o.StrokeWidth, o.CornerRadius = c, 2, 2
		r.pool.line(s.x+s.w*0.25, s.y+s.h*0.25, s.x+s.w*0.75, s.y+s.h*0.75, 2, c)
		r.pool.line(s.x+s.w*0.25, s.y+s.h*0.75, s.x+s.w*0.75, s.y+s.h*0.25, 2, c)
	case MarkLeaked: // the same window, and an arrow out of it
		o := r.pool.rect(s, color.Transparent)
		o.StrokeColor, o.StrokeWidth, o.CornerRadius = c, 2, 2
		r.pool.polygon(3, 0, rect{s.x + s.w*0.22, s.y + s.h*0.22, s.w * 0.56, s.h * 0.56}, c)
	case MarkHeld, MarkWorked: // a wall, shut or with a gap
		o := r.pool.rect(s, color.Transparent)
		o.StrokeColor, o.StrokeWidth, o.CornerRadius = c, 2, float32(s.w/2)
		if k == MarkHeld {
			r.pool.rect(rect{s.x + s.w*0.35, s.y + s.h*0.35, s.w * 0.3, s.h * 0.3}, c).CornerRadius = float32(s.w * 0.15)
		} else {
			r.pool.line(s.x+s.w*0.5, s.y+s.h*0.5, s.x+s.w*1.15, s.y+s.h*0.5, 2, c)
		}
	case MarkThrown:
		r.pool.polygon(3, 0, s, c)
	case MarkStopped:
		r.pool.polygon(8, 22.5, rect{s.x - 1, s.y - 1, s.w + 2, s.h + 2}, c)
		in := s.w * 0.34
		r.pool.rect(rect{s.x + in, s.y + in, s.w - 2*in, s.h - 2*in}, r.p.Ground)
	default:
		r.pool.line(s.x+s.w*0.2, s.y+s.h*0.15, s.x+s.w*0.65, s.y+s.h/2, 2, c)
		r.pool.line(s.x+s.w*0.65, s.y+s.h/2, s.x+s.w*0.2, s.y+s.h*0.85, 2, c)
		r.pool.line(s.x+s.w*0.6, s.y+s.h*0.9, s.x+s.w, s.y+s.h*0.9, 2, c)
	}
}
