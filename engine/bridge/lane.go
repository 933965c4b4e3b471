package bridge

import (
	"encoding/binary"
	"encoding/json"
	"slices"
	"unicode/utf8"

	"sealedroom/engine/invisible"
)

// maxApart is how many positions of arguments are read apart; those after the
// last share it.
const maxApart = 8

// laneKey names a lane: a stream, and the call whose texts it reads alone, as in
// "db.query"; "" for all that passes on the stream.
type laneKey struct {
	stream Stream
	call   string
}

// lane is how far a stream was read.
type lane struct {
	bytes cursor           // everything
	texts cursor           // of JSON, the text values only, without what stands between
	apart [maxApart]cursor // of arguments, the texts of one position each; of the console, the first and last words of lines
}

// readJSON reads the texts of a JSON value on several lanes. Most lanes are in
// the same state, and what one has read then holds for the others.
func readJSON(m *matcher, lanes []*lane, value []byte, apart bool, found func(hit)) {
	eachText(value, func(position int, text []byte) {
		text = withoutInvisible(text)
		var cursors [4]*cursor
		n := 0
		for _, lane := range lanes {
			cursors[n] = &lane.texts
			n++
			if apart {
				cursors[n] = &lane.apart[min(position, maxApart-1)]
				n++
			}
		}
		var before [4]cursor
	next:
		for i, c := range cursors[:n] {
			before[i] = *c
			for j := range i {
				if before[j] == *c {
					*c = *cursors[j]
					continue next
				}
			}
			c.read(m, text, true, found)
		}
	})
}

// withoutInvisible leaves out the characters that do not show.
func withoutInvisible(text []byte) []byte {
	var out []byte
	kept := 0 // up to here text is in out
	for i := ascii(text); i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if invisible.Is(r) {
			out = append(out, text[kept:i]...)
			kept = i + size
		}
		i += size
	}
	if kept == 0 {
		return text
	}
	return append(out, text[kept:]...)
}

// ascii returns how many bytes of a text are ASCII, up to seven fewer.
func ascii(text []byte) int {
	i := 0
	for ; i+8 <= len(text); i += 8 {
		if binary.LittleEndian.Uint64(text[i:])&0x8080808080808080 != 0 {
			return i
		}
	}
	return i
}

// cursor reads a stream four times at once: as it is, with its escapes undone,
// with those undone that then appear, and with quoted texts that follow one
// another as elements or members read as one. The other readings are looked at
// only where they differ from the first.
type cursor struct {
	raw, undone, twice, joined int32
	escape, again              unescaper
	gap                        gap
	escaping, joining          bool // undone or twice differs, joined differs; or may soon
}

// marks are the bytes that make readings differ.
var marks = [256]uint8{'%': markEscape, '\\': markEscape, '"': markQuote, '\'': markQuote, '`': markQuote}

const (
	markEscape = 1 + iota
	markQuote
)

// read reads text; joins says whether quoted texts are read as one, too.
func (c *cursor) read(m *matcher, text []byte, joins bool, found func(hit)) {
	var step func(byte)
	for _, b := range text {
		before := c.raw
		c.raw = m.step(before, fold(b))
		if m.ends(c.raw) {
			m.ended(c.raw, found)
		}
		mark := marks[b]
		if c.escaping || mark == markEscape {
			if step == nil {
				step = c.undo(m, found)
			}
			if !c.escaping {
				c.undone, c.twice = before, before
			}
			c.escape.read(b, step)
			c.escaping = c.undone != c.raw || c.twice != c.raw || !c.escape.idle() || !c.again.idle()
		}
		if joins && (c.joining || mark == markQuote) {
			if !c.joining {
				c.joined = before
			}
			c.join(m, b, before, found)
			c.joining = c.joined != c.raw || c.gap != noGap
		}
	}
	// So that cursors in the same state are equal.
	if !c.escaping {
		c.undone, c.twice, c.escape, c.again = 0, 0, unescaper{}, unescaper{}
	}
	if !c.joining {
		c.joined = 0
	}
}

// undo returns what reads a byte whose escape was undone.
func (c *cursor) undo(m *matcher, found func(hit)) func(byte) {
	escaped := func(h hit) {
		if h.form == Plain {
			h.form = Escaped
		}
		found(h)
	}
	twice := func(b byte) {
		c.twice = m.step(c.twice, fold(b))
		m.ended(c.twice, escaped)
	}
	return func(b byte) {
		c.undone = m.step(c.undone, fold(b))
		m.ended(c.undone, escaped)
		c.again.read(b, twice)
	}
}

// join reads a byte unless it stands between two quoted texts, as in
// ['se', 'cret'] or {a: 'se', b: 'cret'}. What only began like such a gap is
// read as it is. before is the raw reading's state before the byte.
func (c *cursor) join(m *matcher, b byte, before int32, found func(hit)) {
	quote := marks[b] == markQuote
	switch {
	case c.gap == noGap && quote:
		c.gap = gapQuoted
		return
	case c.gap == noGap:
		c.joined = m.step(c.joined, fold(b))
		if m.ends(c.joined) {
			m.ended(c.joined, found)
		}
		return
	}
	switch next := gaps[c.gap][b]; {
	case next != badGap:
		c.gap = next
	case quote: // the last was an opening quote, and this is a closing one
		c.gap, c.joined = gapQuoted, before
	default:
		c.gap, c.joined = noGap, c.raw
	}
}

// gap is how far a reading is between two quoted texts.
type gap uint8

const (
	noGap     gap = iota
	gapQuoted     // behind a quote
	gapComma      // … and a comma
	gapKey        // … and in a member's name
	gapColon      // … and behind it
	badGap        // it was none
)

// gaps is the gap after each byte.
var gaps = func() (table [badGap][256]gap) {
	for g := range badGap {
		for b := range table[g] {
			table[g][b] = g.next(byte(b))
		}
	}
	return table
}()

func (g gap) next(b byte) gap {
	after := func(next gap, from ...gap) gap {
		if slices.Contains(from, g) {
			return next
		}
		return badGap
	}
	switch {
	case b == ' ' || b == '\t' || b == '\n' || b == '\r':
		return after(g, gapQuoted, gapComma, gapColon)
	case marks[b] == markQuote:
		return after(noGap, gapComma, gapColon)
	case b == ',':
		return after(gapComma, gapQuoted)
	case b == ':':
		return after(gapColon, gapKey)
	case b == '_' || b == '$' || '0' <= b && b <= '9' || 'a' <= fold(b) && fold(b) <= 'z':
		return after(gapKey, gapComma, gapKey)
	}
	return badGap
}

// eachText calls found with every text value of a JSON value, decoded, since
// what it holds may be JSON again; names of an object's members are left out.
// position is that of the element of the outermost array that it is in. Bytes
// that are no JSON are read as far as they look like it.
func eachText(value []byte, found func(position int, text []byte)) {
	depth, position := 0, 0
	for i := 0; i < len(value); i++ {
		switch value[i] {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		case ',':
			if depth == 1 {
				position++
			}
		}
		if value[i] != '"' {
			continue
		}
		start, escaped := i, false
		for i++; i < len(value) && value[i] != '"'; i++ {
			if value[i] == '\\' {
				escaped = true
				i++
			}
		}
		end := min(i, len(value))
		if isName(value[end:]) {
			continue
		}
		text := value[start+1 : end]
		if escaped && end < len(value) {
			var decoded string
			if json.Unmarshal(value[start:end+1], &decoded) == nil {
				text = []byte(decoded)
			}
		}
		found(position, text)
	}
}

// isName says whether a colon follows the closing quote.
func isName(rest []byte) bool {
	for _, b := range rest[min(1, len(rest)):] {
		switch b {
		case ' ', '\t', '\r', '\n':
		default:
			return b == ':'
		}
	}
	return false
}
