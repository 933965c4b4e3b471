package editor

import "strings"

// maxBracketScan bounds how many bytes are read to find the other bracket.
const maxBracketScan = 200_000

// bracketPair returns the bracket at or before the caret and the one that
// belongs to it.
func (e *Editor) bracketPair() (here, there pos, ok bool) {
	c := e.sel.caret
	line := e.doc.lines[c.row]
	for _, p := range []pos{{c.row, c.col - 1}, c} {
		if p.col < 0 || p.col >= len(line) || !strings.Contains(openers+closers, line[p.col:p.col+1]) || e.classAt(p).quoted() {
			continue
		}
		if there, ok = e.otherBracket(p); ok {
			return p, there, true
		}
	}
	return pos{}, pos{}, false
}

func (e *Editor) otherBracket(p pos) (pos, bool) {
	c := e.doc.lines[p.row][p.col]
	if i := strings.IndexByte(openers, c); i >= 0 {
		return e.scanForward(pos{p.row, p.col + 1}, c, closers[i])
	}
	return e.scanBack(p, c, openers[strings.IndexByte(closers, c)])
}

// openerBefore returns the brace that a closing one at p would belong to.
func (e *Editor) openerBefore(p pos) (pos, bool) { return e.scanBack(p, '}', '{') }

func (e *Editor) scanForward(p pos, open, close byte) (pos, bool) {
	depth, budget := 1, maxBracketScan
	for ; p.row < len(e.doc.lines) && budget > 0; p = (pos{p.row + 1, 0}) {
		line := e.doc.lines[p.row]
		line = line[:min(len(line), p.col+budget)]
		budget -= len(line) - p.col + 1
		for ; p.col < len(line); p.col++ {
			if b := line[p.col]; b != open && b != close || e.classAt(p).quoted() {
				continue
			} else if b == open {
				depth++
			} else if depth--; depth == 0 {
				return p, true
			}
		}
	}
	return p, false
}

func (e *Editor) scanBack(p pos, close, open byte) (pos, bool) {
	depth, budget := 1, maxBracketScan
	for budget > 0 {
		line := e.doc.lines[p.row][:p.col]
		stop := max(0, len(line)-budget)
		budget -= len(line) - stop + 1
		for p.col--; p.col >= stop; p.col-- {
			if b := line[p.col]; b != open && b != close || e.classAt(p).quoted() {
				continue
			} else if b == close {
				depth++
			} else if depth--; depth == 0 {
				return p, true
			}
		}
		if p.row == 0 {
			break
		}
		p = pos{p.row - 1, len(e.doc.lines[p.row-1])}
	}
	return p, false
}
