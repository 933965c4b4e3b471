package editor

import (
	"strings"
	"sync/atomic"
	"time"

	"github.com/evanw/esbuild/pkg/api"

	"sealedroom/engine/typescript"
)

// Diagnostic is a place where the text is no JavaScript.
type Diagnostic struct {
	Line, Col int // from one; Col counts UTF-16 units
	EndCol    int // on the same line, after Col unless at the line's end
	Message   string
}

const (
	// maxCheckBytes and maxNesting bound the text that is checked: the parser
	// recurses, and a Go stack that overflows ends the window.
	maxCheckBytes = 128 << 10
	maxNesting    = 2000 // brackets, wherever they stand
	maxProblems   = 20
	checkIdle     = 250 * time.Millisecond
)

// problem is a Diagnostic in the document's own measure.
type problem struct {
	at, end pos
	message string
}

// checker holds what the last check found.
type checker struct {
	problems []problem
	foreign  bool          // the text is another language
	reported int           // how many OnDiagnostics was called with
	pass     atomic.Uint64 // the newest; a check with another number is out of date
	busy     bool
	again    bool
	timer    timer
}

// Foreign reports whether the text was another language by the last check; see
// OtherLanguage.
func (e *Editor) Foreign() bool { return e.check.foreign }

// Diagnostics returns what the last check of the syntax found.
func (e *Editor) Diagnostics() []Diagnostic {
	out := make([]Diagnostic, 0, len(e.check.problems))
	for _, p := range e.check.problems {
		out = append(out, e.diagnostic(p))
	}
	return out
}

func (e *Editor) diagnostic(p problem) Diagnostic {
	at, end := e.doc.clamp(p.at), e.doc.clamp(p.end)
	d := Diagnostic{Line: at.row + 1, Col: e.utf16Col(at), Message: p.message}
	d.EndCol = d.Col
	if at.less(end) && at.row == end.row {
		d.EndCol = e.utf16Col(end)
	}
	return d
}

func (e *Editor) diagnosticsOn(row int) []Diagnostic {
	var out []Diagnostic
	for _, p := range e.check.problems {
		if p.at.row == row {
			out = append(out, Diagnostic{Line: row + 1, Message: p.message})
		}
	}
	return out
}

// Recheck arranges for the syntax to be checked once the hands rest.
func (e *Editor) Recheck() {
	e.check.pass.Add(1)
	e.later(&e.check.timer, checkIdle, e.runCheck)
}

// runCheck parses a copy of the text in a goroutine; never more than one at a
// time, as a parse that has begun cannot be stopped.
func (e *Editor) runCheck() {
	c := &e.check
	if e.ReadOnly || e.doc.bytes > maxCheckBytes { // nothing there is the user's to mend
		e.showProblems(nil, false)
		return
	}
	if c.busy {
		c.again = true
		return
	}
	c.busy = true
	pass, lines, other := c.pass.Load(), e.doc.snapshot(), e.OtherLanguage
	e.work(func() {
		found := parse(lines)
		foreign := len(found) > 0 && other != nil && other(strings.Join(lines, "\n"))
		if foreign {
			found = nil
		}
		e.do(func() {
			c.busy = false
			if c.pass.Load() == pass {
				e.showProblems(found, foreign)
			}
			if c.again {
				c.again = false
				e.runCheck()
			}
		})
	})
}

func (e *Editor) showProblems(found []problem, foreign bool) {
	for i := range found {
		found[i].at = e.doc.clamp(found[i].at)
		found[i].end = e.doc.clamp(found[i].end)
	}
	if len(found) == 0 && len(e.check.problems) == 0 && e.check.reported == 0 && foreign == e.check.foreign {
		return
	}
	e.check.problems, e.check.reported, e.check.foreign = found, len(found), foreign
	e.redraw()
	if e.OnDiagnostics != nil {
		e.OnDiagnostics(e.Diagnostics())
	}
}

// parse reads lines as a module's body would be read, so that a top-level await
// is good, and returns what is wrong.
func parse(lines []string) (found []problem) {
	defer func() {
		if recover() != nil { // a check is a courtesy; it must not take the text with it
			found = nil
		}
	}()
	text := strings.Join(lines, "\n")
	if typescript.Depth(text) > maxNesting {
		return nil
	}
	result := api.Transform(text, api.TransformOptions{
		Loader:   api.LoaderJS,
		LogLevel: api.LogLevelSilent,
		Target:   api.ESNext,
	})
	for _, m := range result.Errors {
		if m.Location == nil {
			continue
		}
		if len(found) == maxProblems {
			break
		}
		at := fromJavaScript(lines, pos{m.Location.Line - 1, m.Location.Column})
		found = append(found, problem{
			at:      at,
			end:     pos{at.row, at.col + max(1, m.Location.Length)},
			message: visible(m.Text),
		})
	}
	return found
}

// fromJavaScript returns where JavaScript's row and byte are in lines.
// JavaScript also ends a line at U+2028 and U+2029; here those are shown as what
// they are, within a line.
func fromJavaScript(lines []string, js pos) pos {
	for row, line := range lines {
		rest, col := line, 0
		for js.row > 0 {
			i := strings.IndexAny(rest, "\u2028\u2029")
			if i < 0 {
				break
			}
			i += len("\u2028")
			rest, col = rest[i:], col+i
			js.row--
		}
		if js.row == 0 {
			return pos{row, col + js.col}
		}
		js.row--
	}
	return pos{len(lines), 0}
}

// FromJavaScript returns the editor's line and column for those that a stack
// trace or a debugger gives, all from one. They differ only behind a U+2028 or
// U+2029, which end a line for JavaScript but not here.
func (e *Editor) FromJavaScript(line, col int) (int, int) {
	p := fromJavaScript(e.doc.lines, pos{line - 1, 0})
	if p.row >= len(e.doc.lines) || p.row == line-1 && p.col == 0 {
		return line, col
	}
	return p.row + 1, e.utf16Col(p) + col - 1
}

// moveProblems follows an edit, until the next check knows better.
func (e *Editor) moveProblems(a, b, end pos) {
	kept := e.check.problems[:0]
	for _, p := range e.check.problems {
		at, ok := shift(p.at, a, b, end)
		to, _ := shift(p.end, a, b, end)
		if ok && at.less(to) && at.row == to.row {
			kept = append(kept, problem{at, to, p.message})
		}
	}
	e.check.problems = kept
}
