package editor

import (
	"image/color"
	"math"
	"strings"

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

// Refresh draws everything again.
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
	r.pool.text(s, at, v.textSize*float32(scale), c)
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
	l.walk(line, tabWidth, max(0, firstCol-1), byCol, func(at checkpoint, s segment) bool {
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
