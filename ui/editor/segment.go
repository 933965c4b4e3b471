package editor

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
	"github.com/rivo/uniseg"

	"sealedroom/engine/invisible"
)

// look says how a segment is drawn.
type look uint8

const (
	lookASCII look = iota // part of a run, one cell
	lookOwn               // drawn alone in its cells, so that a foreign glyph cannot push its neighbours
	lookTab               // nothing to draw
	lookTag               // a visible name in place of what would not be seen
)

// segment is what the caret steps over in one go: a character with its
// combining marks, a tab, or one character that would not be seen.
type segment struct {
	bytes int
	cells int
	look  look
}

// maxCluster bounds how many bytes may hide in one cell; the rest is named.
const maxCluster = 48

// nextSegment measures the first segment of s, which must not be empty, when it
// stands in column col.
func nextSegment(s string, col, tabWidth int) segment {
	b := s[0]
	switch {
	case b == '\t':
		return segment{1, tabWidth - col%tabWidth, lookTab}
	case b >= ' ' && b < 0x7f && (len(s) == 1 || s[1] < 0x80):
		return segment{1, 1, lookASCII}
	}
	r, n := utf8.DecodeRuneInString(s)
	if unseen(r, n) {
		return segment{n, len(tagName(s[:n])), lookTag}
	}
	if n == len(s) || plainRune(r) && startsPlain(s[n:]) {
		return single(r, n)
	}
	cluster, _, _, _ := uniseg.FirstGraphemeClusterInString(s[:min(len(s), 4*maxCluster)], -1)
	return clusterSegment(cluster)
}

func single(r rune, n int) segment {
	if r < 0x7f {
		return segment{n, 1, lookASCII}
	}
	return segment{n, max(1, runewidth.RuneWidth(r)), lookOwn}
}

// clusterSegment cuts a cluster before the first character that has no business
// in it. Joiners and one variation selector a picture are what emoji are made
// of; anywhere else they are a way to hide something.
func clusterSegment(c string) segment {
	first, n := utf8.DecodeRuneInString(c)
	emoji := invisible.Pictograph(first) || strings.HasSuffix(c, "\u20e3")
	prev := first
	for n < len(c) {
		r, size := utf8.DecodeRuneInString(c[n:])
		joins := emoji && (r == 0x200d || r == 0xfe0f) && prev != 0x200d && prev != 0xfe0f ||
			emoji && r == 0x200d && prev == 0xfe0f
		if n+size > maxCluster || unseen(r, size) && !joins {
			break
		}
		prev = r
		n += size
	}
	if n == utf8.RuneLen(first) {
		return single(first, n)
	}
	return segment{n, min(2, max(1, uniseg.StringWidth(c[:n]))), lookOwn}
}

// plainRune holds for letters that never join a neighbour; it spares the table
// look-ups for nearly all text.
func plainRune(r rune) bool {
	switch {
	case r < 0x300, r >= 0x370 && r < 0x483, r >= 0x4e00 && r < 0xa000:
		return true
	case r >= 0x3041 && r < 0x3097, r >= 0x30a1 && r < 0x30fb, r >= 0xac00 && r < 0xd7a4:
		return true
	}
	return false
}

func startsPlain(s string) bool {
	if s[0] < utf8.RuneSelf {
		return true
	}
	r, _ := utf8.DecodeRuneInString(s)
	return plainRune(r)
}

// unseen holds for what a reader would not see, or would see in another order
// than it runs: controls, bidirectional and zero-width characters, odd blanks,
// unassigned and private code points, and bytes that are no text at all.
func unseen(r rune, size int) bool {
	switch {
	case r == utf8.RuneError && size == 1:
		return true
	case r < 0x20 || r >= 0x7f && r <= 0xa0 || r == 0xad:
		return true
	case r < 0x300:
		return false
	case r == 0x3000: // a blank as wide as the letters around it
		return false
	case r >= 0x4e00 && r < 0xa000:
		return false
	}
	return !unicode.IsPrint(r) || invisible.Is(r)
}

// tagName is what is shown for an unseen character.
func tagName(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n <= 1 {
		return fmt.Sprintf(`\x%02X`, s[0])
	}
	return fmt.Sprintf("U+%04X", r)
}

// checkEvery is how many segments lie between two checkpoints of a layout.
const checkEvery = 128

// layout maps the bytes of a line to columns. A simple line, all printable
// ASCII, needs no table; others keep a checkpoint now and then, so that looking
// into the middle of a very long line costs little.
type layout struct {
	simple bool
	cells  int
	checks []checkpoint
}

type checkpoint struct{ byte, col int }

var simpleLine = &layout{simple: true}

func newLayout(line string, tabWidth int) *layout {
	simple := true
	for i := 0; i < len(line); i++ {
		if c := line[i]; c < ' ' || c >= 0x7f {
			simple = false
			break
		}
	}
	if simple {
		return simpleLine
	}
	l := &layout{}
	for i, n := 0, 0; i < len(line); n++ {
		if n%checkEvery == 0 {
			l.checks = append(l.checks, checkpoint{i, l.cells})
		}
		s := nextSegment(line[i:], l.cells, tabWidth)
		i += s.bytes
		l.cells += s.cells
	}
	return l
}

func (l *layout) width(line string) int {
	if l.simple {
		return len(line)
	}
	return l.cells
}

// walk calls f for the segments of line in order, from one at or before the
// place that the key function puts before target, until f returns false.
func (l *layout) walk(line string, tabWidth, target int, key func(checkpoint) int, f func(at checkpoint, s segment) bool) {
	var at checkpoint
	if !l.simple {
		lo, hi := 0, len(l.checks)
		for lo+1 < hi {
			if mid := (lo + hi) / 2; key(l.checks[mid]) <= target {
				lo = mid
			} else {
				hi = mid
			}
		}
		if len(l.checks) > 0 {
			at = l.checks[lo]
		}
	} else if target > 0 {
		t := min(target, len(line))
		at = checkpoint{t, t}
	}
	for at.byte < len(line) {
		s := nextSegment(line[at.byte:], at.col, tabWidth)
		if !f(at, s) {
			return
		}
		at.byte += s.bytes
		at.col += s.cells
	}
}

func byByte(c checkpoint) int { return c.byte }
func byCol(c checkpoint) int  { return c.col }

// column returns the column where byte off stands.
func (l *layout) column(line string, tabWidth, off int) int {
	if l.simple {
		return min(off, len(line))
	}
	col := l.cells
	l.walk(line, tabWidth, off, byByte, func(at checkpoint, s segment) bool {
		col = at.col
		if at.byte >= off {
			return false
		}
		col = at.col + s.cells
		return at.byte+s.bytes < off
	})
	return col
}

// offset returns the byte boundary nearest to column col, which may lie between
// two columns.
func (l *layout) offset(line string, tabWidth int, col float64) int {
	if col <= 0 {
		return 0
	}
	if l.simple {
		return min(int(col+0.5), len(line))
	}
	off := len(line)
	l.walk(line, tabWidth, int(col), byCol, func(at checkpoint, s segment) bool {
		if col < float64(at.col)+float64(s.cells)/2 {
			off = at.byte
			return false
		}
		return true
	})
	return off
}

// next and prev return the caret's next stop after and before byte off.
func (l *layout) next(line string, tabWidth, off int) int {
	if off >= len(line) {
		return len(line)
	}
	return off + nextSegment(line[off:], 0, tabWidth).bytes
}

func (l *layout) prev(line string, tabWidth, off int) int {
	if l.simple || off <= 0 {
		return max(0, off-1)
	}
	last := 0
	l.walk(line, tabWidth, off-1, byByte, func(at checkpoint, s segment) bool {
		if at.byte >= off {
			return false
		}
		last = at.byte
		return true
	})
	return last
}
