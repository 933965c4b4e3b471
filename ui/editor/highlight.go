package editor

import (
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// class is what a stretch of text is, as far as colour goes.
type class uint8

const (
	classText class = iota
	classKeyword
	classConstant
	classString
	classNumber
	classComment
	classFunction
	classBuiltin
	classRegex
)

// quoted holds where brackets are not brackets.
func (c class) quoted() bool { return c == classString || c == classComment || c == classRegex }

// span says that the bytes up to end, from where the span before ended, are of
// one class.
type span struct {
	end   int
	class class
}

// row is what is known about a line, in addition to its text. start and end name what
// the line begins and ends inside: a 'T' for each template literal, an 'I' for
// each ${ in one, a 'C' last for a block comment; both are empty for plain code.
type row struct {
	spans      []span
	start, end string
	layout     *layout
	breaks     breaks
}

const (
	maxColourLine  = 2_000   // bytes; longer lines stay plain
	maxColourBytes = 3 << 20 // of text; bigger documents stay plain
	colourAtOnce   = 64      // lines coloured within the edit that brought them
	colourIdle     = 120 * time.Millisecond
	colourBatch    = 30 * time.Millisecond
)

var javascript = sync.OnceValue(func() chroma.Lexer { return lexers.Get("javascript") })

// colourLine finds the classes of one line that begins inside start, and what
// it ends inside. The line is lexed alone, behind a prefix that brings the
// lexer into the right state, so its cost does not depend on the document.
func colourLine(start, line string) (spans []span, end string) {
	if len(line) > maxColourLine {
		return nil, start
	}
	off := 0
	if strings.HasSuffix(start, "C") {
		i := strings.Index(line, "*/")
		if i < 0 {
			return []span{{len(line), classComment}}, start
		}
		off = i + 2
		spans = append(spans, span{off, classComment})
		start = strings.TrimSuffix(start, "C")
	}
	if start == "" && strings.TrimSpace(line[off:]) == "" {
		return spans, start
	}
	prefix := strings.NewReplacer("T", "`", "I", "${").Replace(start)
	// A block comment or a string that does not end here ends in what is added.
	// So the lexer takes it for what it is, its length shows that it was open,
	// and the lexer's pattern for strings, which backtracks without end over
	// backslashes in an open one, always finds a quote.
	tokens, err := javascript().Tokenise(nil, prefix+oneByteEach(line[off:])+" */\n\"'")
	if err != nil {
		return spans, start
	}
	stack := []byte(start)
	at := off - len(prefix)
	for t := tokens(); t != chroma.EOF; t = tokens() {
		from := at
		at += len(t.Value)
		if at <= off {
			continue
		}
		if from >= len(line) {
			break
		}
		switch t.Type {
		case chroma.LiteralStringBacktick:
			if t.Value == "`" {
				if n := len(stack); n > 0 && stack[n-1] == 'T' {
					stack = stack[:n-1]
				} else {
					stack = append(stack, 'T')
				}
			}
		case chroma.LiteralStringInterpol:
			if t.Value == "${" {
				stack = append(stack, 'I')
			} else if n := len(stack); n > 0 && stack[n-1] == 'I' {
				stack = stack[:n-1]
			}
		case chroma.CommentMultiline:
			if at > len(line) {
				stack = append(stack, 'C')
			}
		}
		to := min(at, len(line))
		c := classOf(t)
		name := t.Type == chroma.NameOther
		if (c == classKeyword || c == classConstant || c == classBuiltin) && member(line[:from]) {
			c, name = classText, true
		}
		if name && called(line[to:]) {
			c = classFunction
		}
		if n := len(spans); n > 0 && spans[n-1].class == c {
			spans[n-1].end = to
		} else {
			spans = append(spans, span{to, c})
		}
	}
	if string(stack) == start {
		return spans, start
	}
	return spans, string(stack)
}

// oneByteEach puts a question mark in place of each byte that is not text, as
// the lexer would put three bytes there and lose its place.
func oneByteEach(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	b := []byte(s)
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			b[i] = '?'
		}
		i += n
	}
	return string(b)
}

// member holds when what follows before is the name of a property, whatever
// else it would mean.
func member(before string) bool {
	return strings.HasSuffix(before, ".") && !strings.HasSuffix(before, "...")
}

func called(rest string) bool { return strings.HasPrefix(rest, "(") }

func classOf(t chroma.Token) class {
	switch {
	case t.Type.InCategory(chroma.Comment):
		return classComment
	case t.Type == chroma.KeywordConstant:
		return classConstant
	case t.Type.InCategory(chroma.Keyword), t.Type == chroma.LiteralStringInterpol:
		return classKeyword
	case t.Type == chroma.LiteralStringRegex:
		return classRegex
	case t.Type.InSubCategory(chroma.LiteralString):
		return classString
	case t.Type.InSubCategory(chroma.LiteralNumber):
		return classNumber
	case t.Type == chroma.NameBuiltin:
		return classBuiltin
	}
	return classText
}

// colours keeps the rows' spans true to the text. Rows outside [from, to) are
// right for the start they were coloured with; the pass begins at from and goes
// on past to until a line ends inside what the next was coloured for.
type colours struct {
	from, to int // empty when from == to
	off      bool
	pass     atomic.Uint64 // the newest; a pass with another number is out of date
	timer    timer
}

// recolour follows an edit that put n lines in place of rows at to at+removed.
// It colours them at once, and leaves what they may have changed further down
// for when the hands rest.
func (e *Editor) recolour(at, removed, n int) {
	c := &e.colours
	c.pass.Add(1)
	if e.Plain || e.doc.bytes > maxColourBytes {
		if !c.off {
			for i := range e.rows {
				e.rows[i].spans = nil
			}
		}
		c.off, c.from, c.to = true, 0, 0
		return
	}
	if c.off {
		c.off = false
		at, removed, n = 0, len(e.rows), len(e.rows)
	}
	if c.from < c.to {
		c.from = moved(c.from, at, removed, n)
		c.to = max(c.from, moved(c.to, at, removed, n))
	}
	now := min(n, colourAtOnce)
	start := ""
	if at > 0 {
		start = e.rows[at-1].end
	}
	for i := at; i < at+now; i++ {
		r := &e.rows[i]
		r.start = start
		r.spans, r.end = colourLine(start, e.doc.lines[i])
		start = r.end
	}
	next := at + now
	switch {
	case now < n:
		e.stale(next, at+n)
	case next < len(e.rows) && e.rows[next].start != start:
		e.stale(next, next+1)
	}
	if c.from < c.to {
		e.later(&c.timer, colourIdle, e.colourRest)
	}
}

// moved returns where boundary i lies after the edit; one inside it moves to
// its start.
func moved(i, at, removed, n int) int {
	switch {
	case i <= at:
		return i
	case i < at+removed:
		return at
	}
	return i + n - removed
}

func (e *Editor) stale(from, to int) {
	c := &e.colours
	if c.from == c.to {
		c.from, c.to = from, to
		return
	}
	c.from, c.to = min(c.from, from), max(c.to, to)
}

// colourRest runs the pass in a goroutine over a copy of the text. What it
// finds is applied in batches, each only while no edit came between.
func (e *Editor) colourRest() {
	c := &e.colours
	if c.from >= c.to {
		return
	}
	pass, first := c.pass.Add(1), c.from
	start := ""
	if first > 0 {
		start = e.rows[first-1].end
	}
	lines := append([]string(nil), e.doc.lines[first:]...)
	known := make([]string, len(lines)) // the start each row was coloured with
	for i := c.to - first; i < len(lines); i++ {
		known[i] = e.rows[first+i].start
	}
	must := c.to - first
	e.work(func() {
		var batch []row
		done, began := 0, time.Now()
		flush := func(last bool) {
			rows, at := batch, first+done-len(batch)
			batch, began = nil, time.Now()
			e.do(func() { e.applyColours(pass, at, rows, last) })
		}
		for i, line := range lines {
			if i >= must && known[i] == start {
				break
			}
			r := row{start: start}
			r.spans, r.end = colourLine(start, line)
			start = r.end
			batch = append(batch, r)
			done++
			if time.Since(began) > colourBatch {
				if c.pass.Load() != pass {
					return
				}
				flush(false)
			}
		}
		flush(true)
	})
}

// colourSeen gives the rows on the screen that the pass has not reached yet the
// colours they have if they begin as plain code, as nearly all do.
func (e *Editor) colourSeen(first, end int) {
	c := &e.colours
	for row := max(first, c.from); row < min(end, c.to); row++ {
		if r := &e.rows[row]; r.spans == nil {
			r.spans, _ = colourLine("", e.doc.lines[row])
		}
	}
}

func (e *Editor) applyColours(pass uint64, at int, rows []row, last bool) {
	c := &e.colours
	if pass != c.pass.Load() {
		return
	}
	for i, r := range rows {
		old := &e.rows[at+i]
		old.spans, old.start, old.end = r.spans, r.start, r.end
	}
	c.from = at + len(rows)
	if last {
		c.to = c.from
	}
	c.to = max(c.to, c.from)
	if !last && c.from == c.to && c.from < len(e.rows) {
		c.to = c.from + 1
	}
	if first, end := e.visibleRows(); len(rows) > 0 && at < end && at+len(rows) > first {
		e.redraw()
	}
}

// classAt returns what the byte at p is, as far as is known.
func (e *Editor) classAt(p pos) class {
	for _, s := range e.rows[p.row].spans {
		if p.col < s.end {
			return s.class
		}
	}
	return classText
}
