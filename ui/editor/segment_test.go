package editor

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSegments(t *testing.T) {
	for _, c := range []struct {
		s     string
		cells int
		look  look
	}{
		{"a", 1, lookASCII},
		{"é", 1, lookOwn},
		{"e\u0301", 1, lookOwn},
		{"日", 2, lookOwn},
		{"한", 2, lookOwn},
		{"я", 1, lookOwn},
		{"א", 1, lookOwn},
		{"😀", 2, lookOwn},
		{"👩🏽", 2, lookOwn},
		{"👨‍👩‍👧", 2, lookOwn},
		{"❤️", 2, lookOwn},
		{"\u3000", 2, lookOwn},
		{"\u202e", 6, lookTag},
		{"\u200b", 6, lookTag},
		{"\u200d", 6, lookTag},
		{"\u2066", 6, lookTag},
		{"\u2028", 6, lookTag},
		{"\ufeff", 6, lookTag},
		{"\u00a0", 6, lookTag},
		{"\u00ad", 6, lookTag},
		{"\u3164", 6, lookTag},
		{"\ufe0f", 6, lookTag},
		{"\U000e0041", 7, lookTag},
		{"\U000e0101", 7, lookTag},
		{"\x00", 6, lookTag},
		{"\x1b", 6, lookTag},
		{"\x7f", 6, lookTag},
		{"\u0085", 6, lookTag},
		{"\xff", 4, lookTag},
		{"\t", 4, lookTab},
	} {
		if got := nextSegment(c.s, 0, 4); got != (segment{len(c.s), c.cells, c.look}) {
			t.Errorf("%+q: %+v, want %d cells, look %d", c.s, got, c.cells, c.look)
		}
	}
}

// A character that is not seen must be named wherever it hides.
func TestNothingHides(t *testing.T) {
	for _, hidden := range []string{"\u200d", "\u200b", "\u202e", "\ufe0f", "\U000e0101", "\u034f", "\u200f"} {
		for _, around := range []string{"a_b", "é_é", "日_本", "e\u0301_x", "א_ב", "😀_a", "_", " _ "} {
			s := strings.Replace(around, "_", hidden, 1)
			if hidden == "\ufe0f" && strings.HasPrefix(around, "😀") {
				continue // the one place where it belongs
			}
			if hidden == "\u200d" && strings.HasPrefix(around, "😀") {
				continue // joins what follows or nothing; the picture is seen either way
			}
			if !strings.Contains(visible(s), tagName(hidden)) {
				t.Errorf("%+q is shown as %+q", s, visible(s))
			}
		}
	}
	if s := visible("😀" + strings.Repeat("\U000e0101\ufe0f", 20)); strings.Count(s, "U+E0101") != 20 {
		t.Errorf("smuggled: %q", s)
	}
}

func FuzzSegments(f *testing.F) {
	for _, s := range []string{"abc", "日本語\t\u202e", "e\u0301👨‍👩‍👧\xff", "\x00\u200d\ufe0f", "1️⃣🇩🇪🇩"} {
		f.Add(s, 2)
	}
	f.Fuzz(func(t *testing.T, s string, tab int) {
		tab = 1 + (tab&15+16)%16
		s = strings.NewReplacer("\n", "", "\r", "").Replace(s)
		l := newLayout(s, tab)
		var stops []int
		for off := 0; off < len(s); off = l.next(s, tab, off) {
			stops = append(stops, off)
			if !utf8.RuneStart(s[off]) && utf8.ValidString(s) {
				t.Fatalf("%+q: a stop inside a character at %d", s, off)
			}
		}
		stops = append(stops, len(s))
		last := -1
		for i, off := range stops {
			col := l.column(s, tab, off)
			if col <= last || l.offset(s, tab, float64(col)) != off {
				t.Fatalf("%+q: byte %d is column %d, which is byte %d", s, off, col, l.offset(s, tab, float64(col)))
			}
			if i > 0 && l.prev(s, tab, off) != stops[i-1] {
				t.Fatalf("%+q: before %d is %d, not %d", s, off, l.prev(s, tab, off), stops[i-1])
			}
			last = col
		}
		if l.width(s) != last {
			t.Fatalf("%+q: %d wide, ends in column %d", s, l.width(s), last)
		}
	})
}
