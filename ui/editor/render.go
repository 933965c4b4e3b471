package editor

import (
	"image/color"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// maxRun bounds the columns that one text primitive draws, so that a long line
// costs no more than what is seen of it.
const maxRun = 128

// renderer draws the rows that are seen, from the ground up.
type renderer struct {
	e     *Editor
	pool  pool
	caret *canvas.Rectangle
	p     Palette
}

// CreateRenderer is called by Fyne when the widget is shown.
func (e *Editor) CreateRenderer() fyne.WidgetRenderer {
	r := &renderer{e: e, caret: canvas.NewRectangle(nil)}
	e.view.renderer = r
	e.view.size = e.Size()
	e.measure()
	r.build()
	return r
}

// MinSize is room for a few words.
func (r *renderer) MinSize() fyne.Size { return fyne.NewSize(160, 80) }

// Objects returns what build has put together.
func (r *renderer) Objects() []fyne.CanvasObject { return r.pool.drawn }

// Destroy stops what would go on without a widget to draw.
func (r *renderer) Destroy() {
	e := r.e
	if e.view.renderer == r {
		e.view.renderer = nil
	}
	for _, t := range []*timer{&e.blinker.timer, &e.pointer.timer} {
		t.stop()
	}
}

// Layout is called with every change of a primitive, so it does nothing unless
// the size is another.
func (r *renderer) Layout(size fyne.Size) {
	if e := r.e; size != e.view.size {
		e.view.size = size
		if e.finder.open {
			e.layoutBar()
			return
		}
		e.reveal()
		r.build()
	}
}

// Refresh draws anew.
func (r *renderer) Refresh() {
	r.build()
	canvas.Refresh(r.e)
}

// showCaret shows or hides the caret without drawing anything else.
func (r *renderer) showCaret() {
	if r.e.blinker.hidden || !r.e.focused {
		r.caret.Hide()
	} else {
		r.caret.Show()
	}
}

// build puts the frame together in the order it is drawn: grounds, text, notes,
// the gutter over what was scrolled under it, and what floats above all.
func (r *renderer) build() {
	e := r.e
	e.measure()
	e.clampScroll()
	r.p = e.palette()
	r.pool.reset()
	v := &e.view
	first, end := e.visibleRows()
	e.colourSeen(first, end)
	w, h := float64(v.size.Width), float64(v.size.Height)

	if e.behind() != color.Color(r.p.Ground) { // a whole ground is most of a frame's time
		r.pool.rect(rect{0, 0, w, h}, r.p.Ground)
	}
	if e.errorLine > 0 && e.errorLine <= len(e.doc.lines) {
		r.rowGround(e.errorLine-1, r.p.ErrorLine)
	}
	if !e.Plain && e.sel.empty() && e.errorLine != e.sel.caret.row+1 {
		r.rowGround(e.sel.caret.row, r.p.CurrentLine)
	}
	for row := first; row < end; row++ {
		r.matches(row)
	}
	r.selection(first, end)
	r.brackets()
	for row := first; row < end; row++ {
		r.text(row)
	}
	r.problems(first, end)
	for row := first; row < end; row++ {
		r.notes(row)
	}
	r.caretAt()
	r.gutter(first, end)
	r.bars()
	if e.finder.open {
		e.finder.bar.recolour(r.p)
		r.pool.drawn = append(r.pool.drawn, e.finder.bar.root)
	}
	r.popup()
	r.tip()
}

// top returns where a row begins on the screen.
func (r *renderer) top(row int) float64 {
	return float64(r.e.firstOf(row))*r.e.view.line - r.e.view.y
}

// high returns how high a row is.
func (r *renderer) high(row int) float64 {
	return float64(len(r.e.broken(row).at)+1) * r.e.view.line
}

// left returns where a column of an unbroken line begins on the screen.
func (r *renderer) left(col int) float64 {
	v := &r.e.view
	return v.gutter + float64(col)*v.cell - v.x
}

// at returns where a column of a row begins on the screen.
func (r *renderer) at(row, col int) (x, y float64) {
	b := r.e.broken(row)
	part := b.part(col)
	from, indent := b.from(part)
	return r.left(col - from + indent), r.top(row) + float64(part)*r.e.view.line
}

// seenParts returns the parts of a row that are seen.
func (r *renderer) seenParts(row int) (first, end int) {
	v := &r.e.view
	top, n := r.top(row), len(r.e.broken(row).at)+1
	_, h := v.text()
	return max(0, min(n-1, int(-top/v.line))), max(0, min(n, int(math.Ceil((h-top)/v.line))))
}

// pieces calls f for each piece of a row's columns from to to that is seen: a
// piece as wide as a megabyte would be drawn wrong.
func (r *renderer) pieces(row int, from, to float64, f func(x1, x2, y float64)) {
	v := &r.e.view
	b, top := r.e.broken(row), r.top(row)
	first, end := r.seenParts(row)
	for part := first; part < end; part++ {
		begin, indent := b.from(part)
		shift := float64(indent-begin)*v.cell + v.gutter - v.x
		x1 := max(v.gutter-4, max(from, float64(begin))*v.cell+shift)
		x2 := min(float64(v.size.Width)+4, min(to, float64(b.to(part)))*v.cell+shift)
		if x2 > x1 {
			f(x1, x2, top+float64(part)*v.line)
		}
	}
}

// write draws s with its top left at x, y, in a part of the text's size.
func (r *renderer) write(s string, x, y, scale float64, c color.Color) {
	v := &r.e.view
	at := rect{x, y, float64(displayCells(s)) * v.cell * scale, v.glyph * scale}
	r.pool.text(s, at, v.textSize*float32(scale), r.e.Font, c)
}

func (r *renderer) rowGround(row int, c color.Color) {
	v := &r.e.view
	y, h := r.top(row), r.high(row)
	if top, end := max(y, -v.line), min(y+h, float64(v.size.Height)+v.line); end > top {
		r.pool.rect(rect{0, top, float64(v.size.Width), end - top}, c)
	}
}

// stretch draws the ground of columns from to to. With an edge it is framed.
func (r *renderer) stretch(row int, from, to float64, c, edge color.Color) {
	r.pieces(row, from, to, func(x1, x2, y float64) {
		o := r.pool.rect(rect{x1, y, x2 - x1, r.e.view.line}, c)
		if edge != nil {
			o.StrokeColor, o.StrokeWidth, o.CornerRadius = edge, 1, 2
		}
	})
}

func (r *renderer) matches(row int) {
	e := r.e
	if !e.finder.open || len(e.doc.lines[row]) > 1<<16 {
		return
	}
	for i, m := range e.matchesIn(row) {
		if i == maxOffers {
			break
		}
		r.stretch(row, float64(e.column(m.start())), float64(e.column(m.end())), r.p.Match, r.p.Amber)
	}
}

func (r *renderer) selection(first, end int) {
	e := r.e
	if e.sel.empty() {
		return
	}
	a, b := e.sel.ordered()
	for row := max(first, a.row); row < min(end, b.row+1); row++ {
		from, to := 0.0, 0.0
		if row == a.row {
			from = float64(e.column(a))
		}
		if row == b.row {
			to = float64(e.column(b))
		} else { // the line's end is part of it
			to = float64(e.layout(row).width(e.doc.lines[row])) + 0.6
		}
		r.stretch(row, from, to, r.p.Selection, nil)
	}
}

func (r *renderer) brackets() {
	e := r.e
	if !e.focused || !e.sel.empty() {
		return
	}
	here, there, ok := e.bracketPair()
	if !ok {
		return
	}
	for _, p := range []pos{here, there} {
		col := float64(e.column(p))
		r.stretch(p.row, col, col+1, color.Transparent, r.p.Muted)
	}
}

// text draws the part of a line that is seen.
func (r *renderer) text(row int) {
	e, v := r.e, &r.e.view
	line := e.doc.lines[row]
	if line == "" {
		return
	}
	w, _ := v.text()
	firstCol, lastCol := int(v.x/v.cell), int((v.x+w)/v.cell)+1
	l, b := e.layout(row), e.broken(row)
	next := len(b.at) // of b.at, where the next screen row begins
	if len(b.at) > 0 {
		first, end := r.seenParts(row)
		if end <= first {
			return
		}
		firstCol, _ = b.from(first)
		lastCol, next = b.to(end-1), first
	}
	run := runWriter{r: r, row: row}
	spans := e.rows[row].spans
	if l.simple {
		// Runs begin at fixed columns, so that the painter knows them again
		// after scrolling sideways.
		from := min(len(line), firstCol/maxRun*maxRun)
		if len(b.at) > 0 {
			from = firstCol
		}
		to := min(len(line), lastCol)
		for from < to {
			stop := min(len(line), (from/maxRun+1)*maxRun)
			for len(spans) > 0 && spans[0].end <= from {
				spans = spans[1:]
			}
			c := classText
			if len(spans) > 0 {
				c = spans[0].class
				stop = min(stop, spans[0].end)
			}
			if next < len(b.at) {
				stop = min(stop, b.at[next])
			}
			run.add(line[from:stop], from, c)
			if from = stop; next < len(b.at) && from == b.at[next] {
				run.flush()
				next++
			}
		}
		run.flush()
		return
	}
	l.walk(line, e.tabWidth, max(0, firstCol-1), byCol, func(at checkpoint, s segment) bool {
		if at.col > lastCol || len(b.at) > 0 && at.col >= lastCol {
			return false
		}
		if next < len(b.at) && at.col >= b.at[next] {
			run.flush()
			next++
		}
		for len(spans) > 0 && spans[0].end <= at.byte {
			spans = spans[1:]
		}
		c := classText
		if len(spans) > 0 {
			c = spans[0].class
		}
		text := line[at.byte : at.byte+s.bytes]
		switch s.look {
		case lookASCII:
			run.add(text, at.col, c)
		case lookTab:
			run.flush()
		case lookTag:
			run.flush()
			r.tag(row, at.col, tagName(text))
		case lookOwn:
			run.flush()
			x, y := r.at(row, at.col)
			r.write(text, x, y+v.ascent, 1, r.p.class(c))
		}
		return true
	})
	run.flush()
}

// tag draws the name of a character that would not be seen.
func (r *renderer) tag(row, col int, name string) {
	v := &r.e.view
	x, y := r.at(row, col)
	o := r.pool.rect(rect{x + 1, y + 2, float64(len(name))*v.cell - 2, v.line - 4}, r.p.chip(r.p.Amber))
	o.StrokeColor, o.StrokeWidth, o.CornerRadius = r.p.Amber, 1, 3
	r.write(name, x+v.cell*0.5, y+v.ascent+float64(v.textSize)*0.12, 0.82, r.p.Amber)
}

// runWriter joins what is of one colour into one primitive. Blanks have no
// colour and draw nothing at either end.
type runWriter struct {
	r     *renderer
	row   int
	col   int
	text  string
	class class
}

func (w *runWriter) add(s string, col int, c class) {
	isBlank := strings.Trim(s, " ") == ""
	if w.text != "" && (c == w.class || isBlank) && w.col+len(w.text) == col && len(w.text)+len(s) <= maxRun {
		w.text += s
		return
	}
	w.flush()
	if !isBlank {
		w.text, w.col, w.class = s, col, c
	}
}

func (w *runWriter) flush() {
	v := &w.r.e.view
	if s := strings.TrimLeft(w.text, " "); s != "" {
		col := w.col + len(w.text) - len(s)
		x, y := w.r.at(w.row, col)
		w.r.write(strings.TrimRight(s, " "), x, y+v.ascent, 1, w.r.p.class(w.class))
	}
	w.text = ""
}

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

// cut shortens s to so many columns, with a sign that it did.
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
// stop sign. They are told apart without their colours.
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

// bars draws the scroll bars and, beside the vertical one, where marks and
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

// wrapWords breaks s into lines of so many columns, at blanks where it can.
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
