package editor

import (
	"sort"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
)

// Completion is one line of the completion list.
type Completion struct {
	Label  string // what is shown and matched
	Insert string // what is put in; Label when empty
	Detail string // shown behind the label, muted
}

// CompletionContext is what is known about the place where a word is wanted.
type CompletionContext struct {
	Prefix   string // the part of the word before the caret
	Receiver string // what stands before the dot before it, such as "db" or "globalThis.db"; "?" when that is no name
	Before   string // the whole line before the caret
	Line     int    // from one
}

const (
	popupRows    = 8
	maxOffers    = 200
	maxWordScan  = 200_000 // bytes of the document around the caret
	minOwnLength = 3       // of words taken from the document
)

// popup is the completion list.
type popup struct {
	open     bool
	offers   []Completion // for this place
	items    []Completion // of these, what fits the prefix
	selected int
	top      int // the first item shown
	from     pos // where the word begins
}

// wantCompletion opens the list at the caret. Asked for, it offers the words of
// the document too; unasked, behind a dot, only what the host knows.
func (e *Editor) wantCompletion(asked bool) {
	c := e.sel.caret
	if e.ReadOnly || !asked && e.insideQuoted(c) {
		return
	}
	before := e.doc.lines[c.row][:c.col]
	start := identStart(before)
	ctx := CompletionContext{
		Prefix:   before[start:],
		Receiver: receiver(before[:start]),
		Before:   before,
		Line:     c.row + 1,
	}
	if !asked && ctx.Receiver == "?" {
		return // most of all behind a number
	}
	var offers []Completion
	if e.Complete != nil {
		offers = append(offers, e.Complete(ctx)...)
	}
	if asked {
		offers = append(offers, e.ownWords(offers)...)
	}
	e.popup = popup{offers: offers, from: pos{c.row, start}}
	e.narrow()
}

// narrow shows what fits the word as it is now, and closes the list when
// nothing does.
func (e *Editor) narrow() {
	p, c := &e.popup, e.sel.caret
	if c.row != p.from.row || c.col < p.from.col {
		e.closePopup()
		return
	}
	prefix := e.doc.lines[c.row][p.from.col:c.col]
	p.items = fitting(p.offers, prefix)
	p.selected, p.top = 0, 0
	p.open = len(p.items) > 0 && !(len(p.items) == 1 && p.items[0].Label == prefix)
	e.redraw()
}

func (e *Editor) closePopup() {
	if e.popup.open {
		e.popup = popup{}
		e.redraw()
	}
}

// fitting returns the offers for prefix: first those that begin with it, then
// those that do but for case, then those that have its letters in order.
func fitting(offers []Completion, prefix string) []Completion {
	var ranks [3][]Completion
	lower := strings.ToLower(prefix)
	for _, o := range offers {
		switch l := strings.ToLower(o.Label); {
		case strings.HasPrefix(o.Label, prefix):
			ranks[0] = append(ranks[0], o)
		case strings.HasPrefix(l, lower):
			ranks[1] = append(ranks[1], o)
		case subsequence(l, lower):
			ranks[2] = append(ranks[2], o)
		}
	}
	all := append(append(ranks[0], ranks[1]...), ranks[2]...)
	return all[:min(len(all), maxOffers)]
}

func subsequence(s, part string) bool {
	for _, r := range part {
		i := strings.IndexRune(s, r)
		if i < 0 {
			return false
		}
		s = s[i+utf8.RuneLen(r):]
	}
	return true
}

// identStart returns where the identifier that s ends with begins.
func identStart(s string) int {
	i := len(s)
	for i > 0 {
		r, n := utf8.DecodeLastRuneInString(s[:i])
		if !wordRune(r) {
			break
		}
		i -= n
	}
	return i
}

// receiver returns the dotted name that s ends with when a dot follows it, and a
// question mark when what stands before the dot is something else.
func receiver(s string) string {
	s, dotted := strings.CutSuffix(s, ".")
	if !dotted {
		return ""
	}
	s = strings.TrimSuffix(s, "?")
	i := len(s)
	for i > 0 {
		r, n := utf8.DecodeLastRuneInString(s[:i])
		if !wordRune(r) && r != '.' && r != '?' {
			break
		}
		i -= n
	}
	name := strings.ReplaceAll(s[i:], "?", "")
	if name == "" || name[0] == '.' || name[0] >= '0' && name[0] <= '9' {
		return "?"
	}
	return name
}

// ownWords returns the words of the text around the caret, but for the one that
// is being typed and those already offered.
func (e *Editor) ownWords(offered []Completion) []Completion {
	seen := map[string]bool{}
	for _, o := range offered {
		seen[o.Label] = true
	}
	var words []string
	c := e.sel.caret
	scan := func(row int, budget *int) {
		line := e.doc.lines[row]
		line = line[:min(len(line), max(0, *budget))]
		*budget -= len(line) + 1
		for i := 0; i < len(line); {
			r, n := utf8.DecodeRuneInString(line[i:])
			if !wordRune(r) {
				i += n
				continue
			}
			from := i
			for i < len(line) && wordRune(r) {
				i += n
				r, n = utf8.DecodeRuneInString(line[i:])
			}
			w := line[from:i]
			if len(w) < minOwnLength || w[0] >= '0' && w[0] <= '9' || seen[w] || row == c.row && from <= c.col && c.col <= i {
				continue
			}
			seen[w] = true
			words = append(words, w)
		}
	}
	budget := maxWordScan / 2
	for row := c.row; row >= 0 && budget > 0; row-- {
		scan(row, &budget)
	}
	budget += maxWordScan / 2
	for row := c.row + 1; row < len(e.doc.lines) && budget > 0; row++ {
		scan(row, &budget)
	}
	sort.Strings(words)
	out := make([]Completion, len(words))
	for i, w := range words {
		out[i] = Completion{Label: w, Detail: "in this file"}
	}
	return out
}

// accept puts the selected item in place of the word.
func (e *Editor) accept() {
	p := e.popup
	e.closePopup()
	if p.selected >= len(p.items) {
		return
	}
	item := p.items[p.selected]
	if item.Insert == "" {
		item.Insert = item.Label
	}
	e.step(editOther, func() { e.replace(p.from, e.sel.caret, item.Insert) })
}

// popupKey gives the list the keys it uses while it is open.
func (e *Editor) popupKey(k fyne.KeyName) bool {
	p := &e.popup
	if !p.open {
		return false
	}
	switch k {
	case fyne.KeyUp:
		e.selectItem((p.selected + len(p.items) - 1) % len(p.items))
	case fyne.KeyDown:
		e.selectItem((p.selected + 1) % len(p.items))
	case fyne.KeyPageUp:
		e.selectItem(max(0, p.selected-popupRows))
	case fyne.KeyPageDown:
		e.selectItem(min(len(p.items)-1, p.selected+popupRows))
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyTab:
		e.accept()
	case fyne.KeyEscape:
		e.closePopup()
	default:
		return false
	}
	return true
}

func (e *Editor) selectItem(i int) {
	p := &e.popup
	p.selected = i
	p.top = max(min(p.top, i), i-popupRows+1)
	e.redraw()
}

func (e *Editor) scrollPopup(dy float32) {
	p := &e.popup
	by := 1
	if dy > 0 {
		by = -1
	}
	p.top = max(0, min(p.top+by, len(p.items)-popupRows))
	p.selected = max(p.top, min(p.selected, p.top+popupRows-1))
	e.redraw()
}

// popupRect returns where the list is: below the word or, where there is more
// room, above it.
func (e *Editor) popupRect() rect {
	p, v := &e.popup, &e.view
	cells := 12
	for _, it := range p.items {
		n := displayCells(it.Label)
		if it.Detail != "" {
			n += 2 + displayCells(it.Detail)
		}
		cells = max(cells, n)
	}
	w, h := v.text()
	at := e.pointOf(p.from)
	r := rect{float64(at.X) - v.cell, float64(at.Y) + v.line + 2, float64(min(cells, 60)+2) * v.cell, float64(min(len(p.items), popupRows))*v.line + 6}
	r.w = min(r.w, w-barThickness)
	r.x = max(v.gutter, min(r.x, float64(v.size.Width)-barThickness-r.w))
	if above := float64(at.Y) - r.h - 2; r.y+r.h > h && float64(at.Y) > h-r.y {
		r.y = max(0, above)
	}
	return r
}

func displayCells(s string) int {
	n := 0
	for len(s) > 0 {
		seg := nextSegment(s, 0, 1)
		n += seg.cells
		s = s[seg.bytes:]
	}
	return n
}

func (e *Editor) popupHit(p fyne.Position) bool { return e.popup.open && e.popupRect().has(p) }

// clickPopup takes the item under the mouse.
func (e *Editor) clickPopup(p fyne.Position) {
	i := e.popup.top + int((float64(p.Y)-e.popupRect().y-3)/e.view.line)
	e.popup.selected = max(e.popup.top, min(i, len(e.popup.items)-1))
	e.accept()
}
