package editor

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"sync/atomic"
	"time"
)

// Query is what to look for.
type Query struct {
	Text      string
	Regexp    bool // Text is a regular expression in RE2's syntax, matched line by line
	MatchCase bool
}

const (
	maxMatches = 100_000 // counted and replaced at once
	countIdle  = 120 * time.Millisecond
)

// finder is the search that the find bar shows.
type finder struct {
	open    bool
	bar     *findBar // nil until it is first opened
	query   Query
	re      *regexp.Regexp // nil when there is nothing to look for
	err     error
	total   int
	current int // the number of the match that is selected, or 0
	pass    atomic.Uint64
	timer   timer
}

// compile returns the expression that finds q, nil for an empty one. Patterns
// run in time linear in the text, whatever they are.
func compile(q Query) (*regexp.Regexp, error) {
	if q.Text == "" {
		return nil, nil
	}
	pattern := q.Text
	if !q.Regexp {
		pattern = regexp.QuoteMeta(pattern)
	}
	if !q.MatchCase {
		pattern = "(?i)" + pattern
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		var se *syntax.Error
		if errors.As(err, &se) {
			return nil, fmt.Errorf("not a regular expression: %s: %s", se.Code, strings.TrimPrefix(se.Expr, "(?i)"))
		}
		return nil, fmt.Errorf("not a regular expression: %w", err)
	}
	return re, nil
}

// SetQuery looks for q, marks what is found and counts it. An error says what
// is wrong with a regular expression; text and selection stay as they are.
func (e *Editor) SetQuery(q Query) error {
	f := &e.finder
	f.query = q
	f.re, f.err = compile(q)
	f.total, f.current = 0, 0
	e.recount()
	e.redraw()
	return f.err
}

// match is where something was found: on one row, from one byte to another.
type match struct{ row, from, to int }

func (m match) start() pos { return pos{m.row, m.from} }
func (m match) end() pos   { return pos{m.row, m.to} }

// matchesIn returns what is found on a row.
func (e *Editor) matchesIn(row int) []match {
	if e.finder.re == nil {
		return nil
	}
	var out []match
	for _, m := range e.finder.re.FindAllStringIndex(e.doc.lines[row], -1) {
		out = append(out, match{row, m[0], m[1]})
	}
	return out
}

// FindNext selects the next match behind the selection, from the start of the
// text again when there is none. It is false when there is none at all.
func (e *Editor) FindNext() bool {
	_, from := e.sel.ordered()
	return e.findFrom(from, e.sel.empty())
}

// findFrom selects the first match at or behind from. An empty match right at
// the caret is passed over, or one would never get on.
func (e *Editor) findFrom(from pos, atCaret bool) bool {
	n := len(e.doc.lines)
	for i := 0; i <= n; i++ {
		row := (from.row + i) % n
		for _, m := range e.matchesIn(row) {
			p := m.start()
			if i == 0 && (p.less(from) || p == from && m.from == m.to && atCaret) {
				continue
			}
			return e.selectMatch(m)
		}
	}
	return false
}

// FindPrevious is FindNext the other way.
func (e *Editor) FindPrevious() bool {
	from, _ := e.sel.ordered()
	n := len(e.doc.lines)
	for i := 0; i <= n; i++ {
		row := ((from.row-i)%n + n) % n
		found := e.matchesIn(row)
		for j := len(found) - 1; j >= 0; j-- {
			if i > 0 || found[j].start().less(from) {
				return e.selectMatch(found[j])
			}
		}
	}
	return false
}

func (e *Editor) selectMatch(m match) bool {
	e.selectRange(m.start(), m.end())
	first, end := e.visibleRows()
	if m.row <= first || m.row >= end-2 {
		e.centre(m.row)
		e.reveal()
		e.redraw()
	}
	e.recount()
	return true
}

// Replace puts with in place of the selected match and selects the next one.
// When no match is selected it only selects one. In the replacement for a
// regular expression, $1 stands for a group, $& for all, \n and \t for
// themselves.
func (e *Editor) Replace(with string) bool {
	f := &e.finder
	a, b := e.sel.ordered()
	if f.re == nil || e.ReadOnly {
		return false
	}
	if a.row == b.row {
		for _, at := range f.re.FindAllStringSubmatchIndex(e.doc.lines[a.row], -1) {
			if at[0] == a.col && at[1] == b.col {
				s := e.expand(with, a.row, at)
				e.step(editOther, func() { e.replace(a, b, s) })
				break
			}
		}
	}
	return e.FindNext()
}

// ReplaceAll replaces every match, as one step, and returns how many it were.
func (e *Editor) ReplaceAll(with string) int {
	f := &e.finder
	if f.re == nil || e.ReadOnly {
		return 0
	}
	// One change from the first match to the last: a thousand would each move
	// all the lines behind.
	var out strings.Builder
	var first, last pos
	count := 0
	for row, line := range e.doc.lines {
		for _, at := range f.re.FindAllStringSubmatchIndex(line, maxMatches-count) {
			from := pos{row, at[0]}
			if count == 0 {
				first = from
			} else {
				out.WriteString(e.doc.slice(last, from))
			}
			out.WriteString(e.expand(with, row, at))
			last = pos{row, at[1]}
			count++
		}
		if count == maxMatches {
			break
		}
	}
	if count > 0 {
		caret := e.sel.caret
		e.step(editOther, func() {
			e.replace(first, last, out.String())
			e.setCaret(e.doc.clamp(caret))
		})
	}
	return count
}

var reference = regexp.MustCompile(`\$(?:(\d{1,2})|&)|\\[nt\\]`)

func (e *Editor) expand(with string, row int, at []int) string {
	if !e.finder.query.Regexp {
		return with
	}
	line := e.doc.lines[row]
	return reference.ReplaceAllStringFunc(with, func(s string) string {
		switch s {
		case `\n`:
			return "\n"
		case `\t`:
			return "\t"
		case `\\`:
			return `\`
		case "$&":
			s = "$0"
		}
		n := 0
		for _, d := range s[1:] {
			n = n*10 + int(d-'0')
		}
		if 2*n+1 >= len(at) || at[2*n] < 0 {
			return ""
		}
		return line[at[2*n]:at[2*n+1]]
	})
}

// recount counts the matches again, in a goroutine over a copy of the text.
func (e *Editor) recount() {
	f := &e.finder
	pass := f.pass.Add(1)
	if f.re == nil || !f.open {
		e.showCount()
		return
	}
	e.later(&f.timer, countIdle, func() {
		re, lines := f.re, e.doc.snapshot()
		a, b := e.sel.ordered()
		if re == nil || f.pass.Load() != pass {
			return
		}
		e.work(func() {
			total, current := 0, 0
			for row, line := range lines {
				if row%256 == 0 && f.pass.Load() != pass || total >= maxMatches {
					break
				}
				for _, at := range re.FindAllStringIndex(line, maxMatches-total) {
					total++
					if row == a.row && at[0] == a.col && row == b.row && at[1] == b.col {
						current = total
					}
				}
			}
			e.do(func() {
				if f.pass.Load() == pass {
					f.total, f.current = total, current
					e.showCount()
				}
			})
		})
	})
}
