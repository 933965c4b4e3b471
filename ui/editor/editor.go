// Package editor is a code editor for JavaScript as a Fyne widget: one that
// stays quick at ten thousand lines, shows what a program did in the margin of
// its source, and never draws a character that would mislead its reader.
//
// Where things are:
//
//	document.go    the text as lines; history.go its undo
//	segment.go     characters to columns: wide, combining, unseen ones
//	edit.go        what changes text: typing, brackets, comment, indent, lines
//	move.go        where the caret goes; select.go what it selects
//	brackets.go    the bracket that belongs to another
//	highlight.go   colours; lint.go syntax errors; marks.go marks and notes
//	find.go        the search; findbar.go its bar
//	complete.go    the completion list
//	commands.go    every command, its name and its keys
//	input.go       keys and text in; mouse.go the mouse
//	render.go      what is drawn; scroll.go which part of it; wrap.go where lines
//	               are broken; pool.go with what
//	palette.go     colours for both themes; blink.go the caret
//	background.go  the only way to timers and goroutines
//
// All methods must be called on Fyne's main thread, and all callbacks come on
// it.
//
// Text is kept as it came, byte for byte, but for line ends: CRLF and a lone CR
// become LF, which JavaScript reads the same. Bytes that are not UTF-8 stay and
// are shown as tags such as \xFF; control, bidirectional and zero-width
// characters as tags such as U+202E.
package editor

import (
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Editor is the widget. Make one with New; set its fields before it is shown.
type Editor struct {
	widget.BaseWidget

	// OnChanged is called after each change of the text, SetText's too.
	OnChanged func()
	// OnCaret is called when the caret has moved, with line and column from
	// one. Columns count UTF-16 units, as JavaScript's own positions do.
	OnCaret func(line, col int)
	// OnDiagnostics is called when a check of the syntax found something else
	// than the one before; with nothing when the text is good again.
	OnDiagnostics func([]Diagnostic)
	// OnKey gets keys the editor has no use for: F-keys, and Esc when there is
	// nothing to close.
	OnKey func(*fyne.KeyEvent)
	// Interrupt is asked before Esc does anything here; true when Esc was used.
	Interrupt func() bool
	// Drops is asked before a typed character is put in; true when it must not be.
	Drops func(rune) bool
	// OnShortcut gets shortcuts that are no command of the editor's. A focused
	// widget keeps them from the window, so pass them on here.
	OnShortcut func(fyne.Shortcut)
	// Complete offers words for the completion list. Words of the document are
	// added to them where they fit.
	Complete func(CompletionContext) []Completion
	// Palette returns the colours to draw with; nil means Dark or Light, as the
	// theme is.
	Palette func() Palette
	// ReadOnly keeps the user from changing the text; selecting, copying and
	// finding still work.
	ReadOnly bool
	// Plain shows text as it is: in one colour, and not checked as JavaScript.
	Plain bool
	// OtherLanguage, where set, is asked about a text that is no JavaScript: whether
	// it is another language that can be run. Then nothing in it is marked. It is
	// called on a goroutine of its own.
	OtherLanguage func(text string) bool
	// Immediate makes colours, checks and counts happen within the call that
	// needs them and keeps the caret from blinking. It is for tests.
	Immediate bool

	doc      document
	rows     []row // as many as lines
	sel      selection
	goalCol  int // the column that Up and Down aim for, -1 when the caret's own
	history  history
	edits    *group // the step that is being made
	revision uint64
	pairs    []pos // closing brackets put in by themselves
	blocks   []block

	colours   colours
	check     checker
	marks     []Mark
	errorLine int
	heat      map[int]float64 // a line's part of the time
	heatLines int             // how many lines the text had then

	finder     finder
	popup      popup
	view       view
	folds      wrapping
	pointer    pointer
	blinker    blinker
	focused    bool
	leaving    bool // Esc was pressed: the next Tab leaves
	shift      bool // for drivers that cannot be asked
	reportedAt pos  // where the caret was at the last OnCaret

	commands []Command
	keys     map[string]int // shortcut name to command

	onMain func(func())     // in place of fyne.Do
	now    func() time.Time // in place of time.Now
}

var (
	_ fyne.Focusable         = (*Editor)(nil)
	_ fyne.Tabbable          = (*Editor)(nil)
	_ fyne.Shortcutable      = (*Editor)(nil)
	_ fyne.Scrollable        = (*Editor)(nil)
	_ fyne.Draggable         = (*Editor)(nil)
	_ fyne.SecondaryTappable = (*Editor)(nil)
	_ desktop.Mouseable      = (*Editor)(nil)
	_ desktop.Keyable        = (*Editor)(nil)
	_ desktop.Cursorable     = (*Editor)(nil)
	_ desktop.Hoverable      = (*Editor)(nil)
)

// New makes an editor with no text.
func New() *Editor {
	e := &Editor{goalCol: -1, now: time.Now}
	e.view.tip = -1
	e.doc.set("")
	e.rows = make([]row, 1)
	e.makeCommands()
	e.ExtendBaseWidget(e)
	return e
}

// Text returns the whole text, its lines ended by "\n".
func (e *Editor) Text() string { return e.doc.text() }

// Line returns the text of a line, counted from one; empty when there is none.
func (e *Editor) Line(line int) string {
	if line < 1 || line > len(e.doc.lines) {
		return ""
	}
	return e.doc.lines[line-1]
}

// LineCount returns how many lines there are, at least one.
func (e *Editor) LineCount() int { return len(e.doc.lines) }

// Revision is another number after each change of the text.
func (e *Editor) Revision() uint64 { return e.revision }

// SetText replaces the text: the undo history and the marks are cleared, and the
// caret is at the start.
func (e *Editor) SetText(text string) {
	e.doc.set(text)
	e.rows = make([]row, len(e.doc.lines))
	e.sel = selection{}
	e.history.reset()
	e.pairs, e.blocks, e.marks, e.errorLine, e.heat, e.check.problems = nil, nil, nil, 0, nil, nil
	e.colours.off, e.colours.from, e.colours.to = false, 0, 0
	e.view.x, e.view.y, e.view.tip = 0, 0, -1
	e.pointer.grip = gripNone
	e.popup = popup{}
	e.textChanged(0, 1, len(e.rows))
	e.caretMoved()
	e.tellChanged()
}

// ReplaceText puts text in place of all that is there, as one step that undo
// takes back. The caret stays on its line.
func (e *Editor) ReplaceText(text string) {
	caret := e.sel.caret
	e.step(editOther, func() {
		e.replace(pos{}, e.doc.end(), text)
		e.setCaret(e.doc.clamp(caret))
	})
}

// textChanged brings everything that hangs on the text up to date after n lines
// were put in place of removed ones, at a row.
func (e *Editor) textChanged(at, removed, n int) {
	e.revision++
	e.recolour(at, removed, n)
	e.Recheck()
	e.recount()
}

// tabWidth is how many columns a tab and a step of indentation take.
const tabWidth = 2

func (e *Editor) tellChanged() {
	if e.OnChanged != nil {
		e.OnChanged()
	}
}

// layout returns how the characters of a row lie in columns.
func (e *Editor) layout(row int) *layout {
	r := &e.rows[row]
	if r.layout == nil {
		r.layout = newLayout(e.doc.lines[row], tabWidth)
	}
	return r.layout
}

// column returns the column on the screen where p stands, from zero.
func (e *Editor) column(p pos) int {
	return e.layout(p.row).column(e.doc.lines[p.row], tabWidth, p.col)
}

// utf16Col returns the column of p from one, in UTF-16 units.
func (e *Editor) utf16Col(p pos) int {
	line := e.doc.lines[p.row][:p.col]
	if e.layout(p.row).simple {
		return len(line) + 1
	}
	n := 1
	for _, r := range line {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// place returns the document's place for a line and column from one, the
// nearest one when there is none.
func (e *Editor) place(line, col int) pos {
	p := e.doc.clamp(pos{line - 1, 0})
	if p.row != line-1 {
		return p
	}
	text := e.doc.lines[p.row]
	for units := 1; units < col && p.col < len(text); {
		r, n := utf8.DecodeRuneInString(text[p.col:])
		if units++; r > 0xffff {
			units++
		}
		p.col += n
	}
	return p
}
