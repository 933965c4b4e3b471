package editor

import (
	"image/color"
	"math"
	"strings"
	"unicode/utf8"
)

// bars draws the scroll bars and, next to the vertical one, where marks and
// errors are in the whole text.
func (r *renderer) bars() {
	e, v := r.e, &r.e.view
	_, h := v.text()
	vertical, horizontal := e.thumbs()
	for _, t := range []rect{vertical, horizontal} {
		if t.w > 0 && t.h > 0 {
			o := r.pool.rect(rect{t.x + 2, t.y + 2, t.w - 4, t.h - 4}, r.p.Line)
			o.CornerRadius = 3
		}
	}
	if vertical.h == 0 {
		return
	}
	n := float64(e.firstOf(len(e.doc.lines)))
	lastY := -10.0
	tick := func(line int, c color.Color) {
		y := math.Round((float64(e.firstOf(line-1)) + 0.5) / n * h)
		if y-lastY >= 2 || y < lastY {
			r.pool.rect(rect{float64(v.size.Width) - 4, y, 4, 2}, c)
			lastY = y
		}
	}
	for _, m := range e.marks {
		tick(m.Line, m.Kind.colour(r.p))
	}
	lastY = -10
	for _, p := range e.check.problems {
		tick(p.at.row+1, r.p.Red)
	}
}

// popup draws the completion list.
func (r *renderer) popup() {
	e, v := r.e, &r.e.view
	p := &e.popup
	if !p.open {
		return
	}
	at := e.popupRect()
	r.panel(at)
	cells := int(at.w/v.cell) - 2
	for i := 0; i < popupRows && p.top+i < len(p.items); i++ {
		item := p.items[p.top+i]
		y := at.y + 3 + float64(i)*v.line
		if p.top+i == p.selected {
			r.pool.rect(rect{at.x + 2, y, at.w - 4, v.line}, r.p.Selection).CornerRadius = 3
			r.pool.rect(rect{at.x + 2, y + 2, 3, v.line - 4}, r.p.Caret)
		}
		label := cut(visible(item.Label), cells)
		r.write(label, at.x+v.cell, y+v.ascent, 1, r.p.Text)
		if room := cells - displayCells(label) - 2; room > 3 && item.Detail != "" {
			detail := cut(visible(item.Detail), room)
			x := at.x + at.w - (float64(displayCells(detail))+1)*v.cell
			r.write(detail, x, y+v.ascent, 1, r.p.Muted)
		}
	}
	if n := len(p.items); n > popupRows {
		track := at.h - 6
		r.pool.rect(rect{at.x + at.w - 5, at.y + 3 + track*float64(p.top)/float64(n), 3, track * popupRows / float64(n)}, r.p.Muted)
	}
}

func (r *renderer) panel(at rect) {
	o := r.pool.rect(at, r.p.Panel)
	o.StrokeColor, o.StrokeWidth, o.CornerRadius = r.p.Line, 1, 4
}

// tip draws the notes of a line in full, below it or above.
func (r *renderer) tip() {
	e, v := r.e, &r.e.view
	if v.tip < 0 || v.tip >= len(e.doc.lines) {
		return
	}
	w, h := v.text()
	cells := max(10, min(80, int((w-barThickness)/v.cell)-3))
	type said struct {
		text string
		c    color.NRGBA
	}
	var lines []said
	width := 0
	for _, n := range e.notesOn(v.tip) {
		for _, s := range wrapWords(n.text, cells) {
			if len(lines) == 10 {
				break
			}
			lines = append(lines, said{s, n.colour(r.p)})
			width = max(width, displayCells(s))
		}
	}
	if len(lines) == 0 {
		return
	}
	at := rect{v.gutter, r.top(v.tip) + r.high(v.tip), float64(width+2) * v.cell, float64(len(lines))*v.line + 6}
	if at.y+at.h > h {
		at.y = max(0, r.top(v.tip)-at.h)
	}
	r.panel(at)
	for i, l := range lines {
		r.write(l.text, at.x+v.cell, at.y+3+float64(i)*v.line+v.ascent, 1, l.c)
	}
}

// wrapWords breaks s into lines of cells columns, at blanks where it can.
func wrapWords(s string, cells int) []string {
	var lines []string
	for displayCells(s) > cells {
		used, i, brk := 0, 0, 0
		for i < len(s) {
			seg := nextSegment(s[i:], 0, 1)
			if used+seg.cells > cells {
				break
			}
			if s[i] == ' ' {
				brk = i
			}
			used += seg.cells
			i += seg.bytes
		}
		if brk == 0 {
			brk = max(i, utf8.RuneLen(firstRune(s)))
		}
		lines = append(lines, strings.TrimSpace(s[:brk]))
		s = strings.TrimSpace(s[brk:])
	}
	return append(lines, s)
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
