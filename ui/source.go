package ui

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/engine"
	"sealedroom/engine/advice"
	"sealedroom/engine/typescript"
	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/editor"
	"sealedroom/ui/kit/code"
	"sealedroom/ui/kit/words"
	"sealedroom/ui/panes"
	"sealedroom/ui/theme"
)

// source is the editor under its caption, with marks of the last run.
type source struct {
	editor      *editor.Editor
	pane        fyne.CanvasObject // both
	caption     *fyne.Container
	title       *theme.Label
	caret       *theme.Label
	compare     *control.Link
	undoChange  *control.Link
	broken      []editor.Diagnostic
	typescript  atomic.Bool // by the file's name
	ranRevision uint64      // of the text that was last run
	answered    time.Time   // when a key last decided about a call; strays may follow
}

// newSource returns an empty editor. compare and restore are what the caption
// offers while the guest is not the lesson's.
func newSource(compare, restore func()) *source {
	s := &source{editor: code.NewEditor()}
	s.editor.SetWrap(true)
	s.editor.OnCaret = s.caretMoved
	s.editor.OnDiagnostics = func(found []editor.Diagnostic) {
		s.broken = found
		s.caretMoved(s.editor.Caret())
	}
	s.editor.OtherLanguage = s.isTypeScript
	s.editor.Drops = s.strayVerdict
	s.caret = box.Caption("JAVASCRIPT")
	s.caret.Trailing = true
	s.compare = control.NewSmallLink("Changed", compare)
	s.undoChange = control.NewSmallLink("Restore", restore)
	s.compare.Hide()
	s.undoChange.Hide()
	s.title = box.Caption("")
	s.caption = container.New(sourceRow{}, s.title, s.compare, s.undoChange, s.caret)
	s.caret.Changed = func() { s.caption.Layout.Layout(s.caption.Objects, s.caption.Size()) }
	// On a ground of its own: what scrolls above is not to shine through.
	head := container.NewStack(theme.NewFill(theme.RoleGround, nil, 0), s.caption)
	s.pane = container.NewBorder(container.New(box.Tight{}, head, box.Rule()), nil, nil, nil, container.New(box.AnyWidth{}, s.editor))
	s.caretMoved(1, 1)
	return s
}

// setFile names the guest's file: its ending may say what language it is in.
func (s *source) setFile(name string) {
	if named := typescript.Named(name); s.typescript.Swap(named) != named {
		s.editor.Recheck()
		s.caretMoved(s.editor.Caret())
	}
}

// setTitle names the guest, and says whether it is no longer the lesson's.
func (s *source) setTitle(guest string, changed bool) {
	s.title.SetText(guest)
	if changed == s.compare.Visible() {
		return
	}
	for _, link := range []fyne.CanvasObject{s.compare, s.undoChange} {
		if changed {
			link.Show()
		} else {
			link.Hide()
		}
	}
	s.caption.Refresh()
}

// isTypeScript is called off the window's goroutine.
func (s *source) isTypeScript(text string) bool {
	return s.typescript.Load() || typescript.Suspected(text) && engine.Grammar(context.Background(), text) == advice.TypeScript
}

func (s *source) caretMoved(line, column int) {
	language := "JAVASCRIPT"
	if s.typescript.Load() || s.editor.Foreign() {
		language = "TYPESCRIPT"
	}
	text := fmt.Sprintf("%s · LN %d, COL %d", language, line, column)
	if n := len(s.broken); n > 0 {
		text = fmt.Sprintf("%s, line %d · ", words.Plural(n, "syntax error"), s.broken[0].Line) + text
	}
	s.caret.SetText(text)
}

// unmark takes away what marks a run.
func (s *source) unmark() {
	s.editor.SetMarks(nil)
	s.editor.SetErrorLine(0)
	s.editor.SetHeat(nil)
}

// began notes that the text was run.
func (s *source) began() {
	s.ranRevision = s.editor.Revision()
	s.unmark()
}

// asRun reports whether the text is what was run last.
func (s *source) asRun() bool { return s.editor.Revision() == s.ranRevision }

// mark shows what happened where, if the text is still what was run.
func (s *source) mark(state *inspector.State) {
	if !s.asRun() {
		return
	}
	marks, errorLine := panes.MarksOf(state, func(line int) int {
		line, _ = s.editor.FromJavaScript(line, 1)
		return line
	})
	s.editor.SetMarks(marks)
	s.editor.SetErrorLine(errorLine)
}

// markWaiting points at the line of the call that waits; nil: none does.
func (s *source) markWaiting(call *engine.Asked) {
	if !s.asRun() {
		return
	}
	if call == nil || call.Line <= 0 {
		s.unmark()
		return
	}
	line, _ := s.editor.FromJavaScript(call.Line, 1)
	note := "waiting for you: " + inspector.Line(call.Capability+"."+call.Method)
	s.editor.SetMarks([]editor.Mark{{Line: line, Kind: editor.MarkTeller, Note: note}})
	s.editor.SetErrorLine(line)
	s.editor.Reveal(line)
}

// strayFor is how long keys that decide are dropped in the editor after a
// decision: a person who presses one too many, or holds it down, means the prompt.
const strayFor = 1200 * time.Millisecond

// strayVerdict reports whether a character typed in the editor was meant for the
// prompt that was there a moment ago. Any other character ends that.
func (s *source) strayVerdict(r rune) bool {
	if time.Since(s.answered) > strayFor {
		return false
	}
	for _, v := range panes.VerdictKeys {
		if unicode.ToLower(r) == v.Key {
			s.answered = time.Now()
			return true
		}
	}
	s.answered = time.Time{}
	return false
}

// sourceRow is the editor's caption: its name, which gives way, the words to press,
// and the place of the caret, which never does.
type sourceRow struct{}

func (sourceRow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	pad, right := theme.Scaled(12), size.Width
	caret := objects[3].(*theme.Label)
	width := min(caret.NaturalWidth(), max(0, size.Width-2*pad))
	right -= pad + width
	caret.Move(fyne.NewPos(right, 0))
	caret.Resize(fyne.NewSize(width, size.Height))
	for _, i := range []int{2, 1} {
		link := objects[i]
		if !link.Visible() {
			continue
		}
		need := link.MinSize()
		if right-need.Width < pad+theme.Scaled(40) {
			need.Width = 0 // the menu has it too
		}
		right -= need.Width
		link.Move(fyne.NewPos(right, (size.Height-need.Height)/2))
		link.Resize(need)
	}
	objects[0].Move(fyne.NewPos(pad, 0))
	objects[0].Resize(fyne.NewSize(max(0, right-pad-theme.Scaled(8)), size.Height))
}

func (sourceRow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, objects[0].MinSize().Height+theme.Scaled(12))
}

// ranHere notes whether a run that is shown is one of what the editor holds.
func (s *source) ranHere(source string) {
	s.unmark()
	s.ranRevision = s.editor.Revision()
	if s.editor.Text() != source {
		s.ranRevision = otherText
	}
}

// otherText is the revision of no text of the editor's.
const otherText = ^uint64(0)
