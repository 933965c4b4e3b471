package editor

// SetHeat shows in the gutter how much of the time each line took, as parts of 1 by
// line from 1. It goes when lines are added or removed; nil shows none.
func (e *Editor) SetHeat(heat map[int]float64) {
	if len(e.heat) == 0 && len(heat) == 0 {
		return
	}
	e.heat, e.heatLines = heat, len(e.doc.lines)
	e.redraw()
}

// Heat returns what is shown.
func (e *Editor) Heat() map[int]float64 { return e.heat }

// leastHeat is the part of the time from which on a line shows it.
const leastHeat = 0.01

// warmth draws a line's part of the time: a bar at the edge of the gutter, as long
// as that part is large.
func (r *renderer) warmth(row int) {
	e, v := r.e, &r.e.view
	share := e.heat[row+1]
	if share < leastHeat || e.heatLines != len(e.doc.lines) {
		return
	}
	room := v.gutter - v.cell/2
	width := max(3, room*min(1, share))
	c := r.p.Amber
	c.A = 0x50
	r.pool.rect(rect{room - width, r.top(row) + 1, width, v.line - 2}, c).CornerRadius = 2
}
