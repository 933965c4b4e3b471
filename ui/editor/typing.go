package editor

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	openers = "([{"
	closers = ")]}"
	quotes  = "'\"`"
)

// typeRune does what the key for r does in a text.
func (e *Editor) typeRune(r rune) {
	if e.ReadOnly {
		return
	}
	s := string(r)
	switch {
	case !e.sel.empty() && strings.ContainsRune(openers+quotes, r):
		e.wrap(s, closing(s))
	case e.typesOver(s):
		e.pairs = e.pairs[:len(e.pairs)-1]
		e.setCaret(pos{e.sel.caret.row, e.sel.caret.col + 1})
		e.caretMoved()
	case e.closesBlock(s):
		e.step(editOther, func() {
			in := e.blocks[len(e.blocks)-1]
			e.blocks = e.blocks[:len(e.blocks)-1]
			row := e.sel.caret.row
			e.replace(pos{row, 0}, pos{in.close.row, 0}, "")
			e.setCaret(pos{row, in.close.col + 1})
			for i := in.more; i > 0; i-- {
				e.pairs = append(e.pairs, pos{row, in.close.col + i})
			}
		})
	case e.wantsClosing(s):
		e.step(editOther, func() {
			c := e.sel.caret
			e.replace(c, c, s+closing(s))
			e.setCaret(pos{c.row, c.col + 1})
			e.pairs = append(e.pairs, e.sel.caret)
		})
	default:
		k := editTyping
		if !e.sel.empty() {
			k = editOther
		}
		e.step(k, func() {
			if s == "}" {
				e.outdentBrace()
			}
			a, b := e.sel.ordered()
			e.replace(a, b, s)
		})
	}
}

func closing(open string) string {
	if i := strings.Index(openers, open); i >= 0 {
		return closers[i : i+1]
	}
	return open
}

// wrap puts open and close around the selection, which stays.
func (e *Editor) wrap(open, close string) {
	e.step(editOther, func() {
		a, b := e.sel.ordered()
		forward := e.sel.caret == b
		e.replace(b, b, close)
		e.replace(a, a, open)
		a.col++
		if a.row == b.row {
			b.col++
		}
		e.sel = selection{a, b}
		if !forward {
			e.sel = selection{b, a}
		}
	})
}

// typesOver holds when s is the closing bracket that came by itself and stands
// right here.
func (e *Editor) typesOver(s string) bool {
	n := len(e.pairs)
	c := e.sel.caret
	return n > 0 && e.sel.empty() && e.pairs[n-1] == c && strings.HasPrefix(e.doc.lines[c.row][c.col:], s)
}

// block is one that Enter has opened between brackets of which the closing one
// came by itself.
type block struct {
	row   int // of the opening one
	close pos
	more  int // closing ones behind it that came by themselves too
}

// closesBlock holds when s is the closing bracket of the block that the caret
// is at the end of, on a line of its own.
func (e *Editor) closesBlock(s string) bool {
	n, c := len(e.blocks), e.sel.caret
	if n == 0 || !e.sel.empty() || strings.Trim(e.doc.lines[c.row][:c.col], " \t") != "" {
		return false
	}
	at := e.blocks[n-1].close
	return !at.less(c) && at.row-c.row < 10 && strings.HasPrefix(e.doc.lines[at.row][at.col:], s) &&
		strings.Trim(e.doc.slice(c, at), " \t\n") == ""
}

// wantsClosing holds when s opens something that should be closed by itself:
// not in the middle of words, nor in strings and comments.
func (e *Editor) wantsClosing(s string) bool {
	if !e.sel.empty() {
		return false
	}
	c := e.sel.caret
	before, behind := e.doc.lines[c.row][:c.col], e.doc.lines[c.row][c.col:]
	free := behind == "" || strings.ContainsRune(" \t)]};,", rune(behind[0]))
	if !free || e.insideQuoted(c) {
		return false
	}
	if strings.Contains(openers, s) {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	return strings.Contains(quotes, s) && !wordRune(last) && !strings.ContainsRune(quotes+`\`, last)
}

// insideQuoted holds when what is typed at p becomes part of a string, a
// comment or a regular expression.
func (e *Editor) insideQuoted(p pos) bool {
	r := &e.rows[p.row]
	if p.col == 0 {
		return strings.HasSuffix(r.start, "T") || strings.HasSuffix(r.start, "C")
	}
	from, line := 0, e.doc.lines[p.row]
	for _, s := range r.spans {
		if p.col <= s.end && p.col > from {
			if !s.class.quoted() {
				return false
			}
			// At its end a span is left, unless it could not end there.
			if p.col < s.end || s.class == classComment && !strings.HasSuffix(line[:p.col], "*/") {
				return true
			}
			return p.col == len(line) && s.class == classString &&
				(r.end != "" || p.col-from == 1 || line[p.col-1] != line[from])
		}
		from = s.end
	}
	return false
}

func wordRune(r rune) bool {
	return r == '_' || r == '$' || r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r))
}

// indentOf returns the blanks that a line begins with.
func indentOf(line string) string {
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}

// indentUnit is one step of indentation: a tab where the document uses tabs.
func (e *Editor) indentUnit() string {
	for i := range min(len(e.doc.lines), 500) {
		switch l := e.doc.lines[i]; {
		case strings.HasPrefix(l, "\t"):
			return "\t"
		case strings.HasPrefix(l, "  "):
			return strings.Repeat(" ", tabWidth)
		}
	}
	return strings.Repeat(" ", tabWidth)
}

// outdentBrace brings the blank line that a closing brace is typed on back to
// where its opening line begins.
func (e *Editor) outdentBrace() {
	c := e.sel.caret
	line := e.doc.lines[c.row]
	if !e.sel.empty() || strings.TrimSpace(line) != "" || line == "" {
		return
	}
	open, ok := e.openerBefore(c)
	if !ok {
		return
	}
	want := indentOf(e.doc.lines[open.row])
	if len(want) < len(line) {
		e.replace(pos{c.row, 0}, pos{c.row, len(line)}, want)
	}
}

// newLine breaks the line and indents the next one.
func (e *Editor) newLine() {
	e.step(editOther, func() {
		a, b := e.sel.ordered()
		before, behind := e.doc.lines[a.row][:a.col], e.doc.lines[b.row][b.col:]
		indent := indentOf(before)
		trimmed := strings.TrimRight(before, " \t")
		if trimmed == "" || !strings.Contains(openers, trimmed[len(trimmed)-1:]) {
			e.replace(a, b, "\n"+indent)
			return
		}
		deeper := "\n" + indent + e.indentUnit()
		if !strings.HasPrefix(strings.TrimLeft(behind, " \t"), closing(trimmed[len(trimmed)-1:])) {
			e.replace(a, b, deeper)
			return
		}
		n := len(e.pairs)
		own, more := n > 0 && e.pairs[n-1] == b, 0
		for own && n > more+1 && e.pairs[n-2-more] == (pos{b.row, b.col + 1 + more}) {
			more++
		}
		e.replace(a, b, deeper+"\n"+indent)
		if own {
			e.blocks = append(e.blocks, block{a.row, e.pairs[n-1], more})
		}
		e.setCaret(after(a, deeper))
	})
}

// erase removes the selection or, when there is none, what lies between the
// caret and where to.
func (e *Editor) erase(k kind, to func() pos) {
	if e.ReadOnly {
		return
	}
	a, b := e.sel.ordered()
	if a == b {
		b = to()
		if b.less(a) {
			a, b = b, a
		}
	} else {
		k = editOther
	}
	e.step(k, func() { e.replace(a, b, "") })
}

func (e *Editor) backspace() {
	c := e.sel.caret
	line := e.doc.lines[c.row]
	if n := len(e.pairs); !e.ReadOnly && n > 0 && e.sel.empty() && c == e.pairs[n-1] && c.col > 0 && c.col < len(line) &&
		closing(line[c.col-1:c.col]) == line[c.col:c.col+1] {
		e.step(editOther, func() { e.replace(pos{c.row, c.col - 1}, pos{c.row, c.col + 1}, "") })
		return
	}
	e.erase(editBackspace, func() pos {
		// In the indentation, one key takes one step of it.
		if c.col > 1 && strings.Trim(line[:c.col], " ") == "" {
			return pos{c.row, (c.col - 1) / tabWidth * tabWidth}
		}
		return e.left(c)
	})
}
