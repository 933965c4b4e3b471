package editor

import "testing"

// The heat of lines is drawn in the gutter, and goes when lines come or go.
func TestHeat(t *testing.T) {
	e := open(t, "one\ntwo\nthree")
	e.SetHeat(map[int]float64{2: 0.9, 3: 0.001})
	if e.Heat()[2] != 0.9 {
		t.Errorf("%v", e.Heat())
	}
	drawn := func() (n int) {
		r := &renderer{e: e}
		for row := range e.doc.lines {
			before := len(r.pool.drawn)
			r.warmth(row)
			n += len(r.pool.drawn) - before
		}
		return n
	}
	if n := drawn(); n != 1 {
		t.Errorf("%d lines show heat, want the one that had time", n)
	}
	press(t, e, "<C-Home>x")
	if n := drawn(); n != 1 {
		t.Errorf("after a letter %d lines show heat", n)
	}
	press(t, e, "<Return>")
	if n := drawn(); n != 0 {
		t.Errorf("after a line was added %d lines show heat", n)
	}
	e.SetText("other")
	if e.Heat() != nil {
		t.Error("another text has the heat of the one before")
	}
}
