package editor

import (
	"strings"
	"unicode/utf8"
)

// pos is a place between two bytes of the document, counted from zero.
type pos struct{ row, col int }

func (p pos) less(q pos) bool { return p.row < q.row || p.row == q.row && p.col < q.col }

// document is the text as lines without their line ends. There is always at
// least one. A line's bytes are never changed in place, so a copy of the slice
// is a snapshot that another goroutine may read.
type document struct {
	lines []string
	bytes int // of the lines, without line ends
}

// newLines are the line ends that become "\n". JavaScript reads all three as
// the same, even inside a template literal, so no program changes its meaning.
var newLines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func splitLines(s string) []string {
	if strings.IndexByte(s, '\r') >= 0 {
		s = newLines.Replace(s)
	}
	return strings.Split(s, "\n")
}

func (d *document) set(s string) {
	d.lines = splitLines(s)
	d.bytes = 0
	for _, l := range d.lines {
		d.bytes += len(l)
	}
}

func (d *document) text() string { return strings.Join(d.lines, "\n") }

func (d *document) snapshot() []string { return append([]string(nil), d.lines...) }

func (d *document) end() pos {
	last := len(d.lines) - 1
	return pos{last, len(d.lines[last])}
}

// clamp returns the nearest place that exists and does not split a character.
func (d *document) clamp(p pos) pos {
	if p.row < 0 {
		return pos{}
	}
	if p.row >= len(d.lines) {
		return d.end()
	}
	line := d.lines[p.row]
	p.col = max(0, min(p.col, len(line)))
	for back := 1; back < utf8.UTFMax && back <= p.col; back++ {
		r, n := utf8.DecodeRuneInString(line[p.col-back:])
		if r != utf8.RuneError && n > back {
			p.col -= back
			break
		}
	}
	return p
}

func (d *document) slice(a, b pos) string {
	if a.row == b.row {
		return d.lines[a.row][a.col:b.col]
	}
	var s strings.Builder
	s.WriteString(d.lines[a.row][a.col:])
	for row := a.row + 1; row < b.row; row++ {
		s.WriteByte('\n')
		s.WriteString(d.lines[row])
	}
	s.WriteByte('\n')
	s.WriteString(d.lines[b.row][:b.col])
	return s.String()
}

// replace puts s in place of what lies between a and b, which must exist and be
// in order. It returns what was there and where s ends.
func (d *document) replace(a, b pos, s string) (removed string, end pos) {
	removed = d.slice(a, b)
	head, tail := d.lines[a.row][:a.col], d.lines[b.row][b.col:]
	ins := splitLines(s)
	last := len(ins) - 1
	end = pos{a.row + last, len(ins[last])}
	if last == 0 {
		end.col += a.col
	}
	for _, l := range d.lines[a.row : b.row+1] {
		d.bytes -= len(l)
	}
	ins[last] += tail
	ins[0] = head + ins[0]
	for _, l := range ins {
		d.bytes += len(l)
	}
	d.lines = splice(d.lines, a.row, b.row+1, ins)
	return removed, end
}

// splice puts in where s[from:to] was, moving the rest only once.
func splice[T any](s []T, from, to int, in []T) []T {
	if len(in) == to-from {
		copy(s[from:], in)
		return s
	}
	n := len(s) + len(in) - (to - from)
	if n <= cap(s) {
		old := len(s)
		if n > old {
			s = s[:n]
		}
		copy(s[from+len(in):], s[to:old])
		copy(s[from:], in)
		if n < old {
			clear(s[n:])
		}
		return s[:n]
	}
	out := make([]T, n, n+n/8+16)
	copy(out, s[:from])
	copy(out[from:], in)
	copy(out[from+len(in):], s[to:])
	return out
}

// after returns where s ends when it is put at p.
func after(p pos, s string) pos {
	if n := strings.Count(s, "\n"); n > 0 {
		return pos{p.row + n, len(s) - strings.LastIndexByte(s, '\n') - 1}
	}
	return pos{p.row, p.col + len(s)}
}

// shift returns where p is once the text between a and b was replaced by text
// that ends at end. It is false when p's own place was removed.
func shift(p, a, b, end pos) (pos, bool) {
	switch {
	case p.less(a):
		return p, true
	case p.less(b):
		return a, false
	case p.row == b.row:
		return pos{end.row, end.col + p.col - b.col}, true
	}
	return pos{p.row + end.row - b.row, p.col}, true
}
