package editor

import (
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Command is something the editor does on request, for a menu or a palette of
// commands. Its keys work in the editor whether or not a menu shows them.
type Command struct {
	ID       string // stays the same over versions and languages
	Group    string // "Edit", "Lines", "Find" or "Go"
	Name     string // in English
	Shortcut fyne.KeyboardShortcut
	// Field reports that the shortcut means the same in every text field. A menu
	// that binds it takes it from those: pass it on to the focused one.
	Field bool
	Run   func()
}

// Commands lists all commands in the order of a menu.
func (e *Editor) Commands() []Command { return append([]Command(nil), e.commands...) }

// command returns the one with an ID that is known to be there.
func (e *Editor) command(id string) Command {
	for _, c := range e.commands {
		if c.ID == id {
			return c
		}
	}
	return Command{Run: func() {}}
}

func (e *Editor) makeCommands() {
	const (
		ctrl  = fyne.KeyModifierShortcutDefault
		shift = fyne.KeyModifierShift
		alt   = fyne.KeyModifierAlt
	)
	e.keys = map[string]int{}
	add := func(group, id, name string, run func(), keys ...fyne.KeyboardShortcut) {
		for _, k := range keys {
			e.keys[k.ShortcutName()] = len(e.commands)
		}
		_, custom := keys[0].(*desktop.CustomShortcut)
		e.commands = append(e.commands, Command{id, group, name, keys[0], !custom, run})
	}
	key := func(k fyne.KeyName, mod fyne.KeyModifier) fyne.KeyboardShortcut {
		return &desktop.CustomShortcut{KeyName: k, Modifier: mod}
	}
	clipboard := func(f func(fyne.Clipboard)) func() {
		return func() { f(fyne.CurrentApp().Clipboard()) }
	}

	add("Edit", "undo", "Undo", e.Undo, &fyne.ShortcutUndo{})
	add("Edit", "redo", "Redo", e.Redo, &fyne.ShortcutRedo{}, key(fyne.KeyZ, ctrl|shift))
	add("Edit", "cut", "Cut", clipboard(e.cut), &fyne.ShortcutCut{})
	add("Edit", "copy", "Copy", clipboard(e.copy), &fyne.ShortcutCopy{})
	add("Edit", "paste", "Paste", clipboard(e.paste), &fyne.ShortcutPaste{})
	add("Edit", "select-all", "Select All", e.SelectAll, &fyne.ShortcutSelectAll{})
	add("Edit", "select-line", "Select Line", e.selectLine, key(fyne.KeyL, ctrl))
	add("Edit", "complete", "Complete Word", func() { e.wantCompletion(true) }, key(fyne.KeySpace, fyne.KeyModifierControl))

	add("Lines", "toggle-comment", "Toggle Comment", e.toggleComment, key(fyne.KeySlash, ctrl))
	add("Lines", "indent", "Indent", e.indent, key(fyne.KeyRightBracket, ctrl))
	add("Lines", "outdent", "Outdent", e.outdent, key(fyne.KeyLeftBracket, ctrl))
	add("Lines", "duplicate-line", "Duplicate Line", e.duplicateLine, key(fyne.KeyD, ctrl))
	add("Lines", "move-line-up", "Move Line Up", func() { e.moveLines(-1) }, key(fyne.KeyUp, alt))
	add("Lines", "move-line-down", "Move Line Down", func() { e.moveLines(1) }, key(fyne.KeyDown, alt))
	add("Lines", "delete-line", "Delete Line", e.deleteLine, key(fyne.KeyK, ctrl|shift))

	add("Find", "find", "Find…", e.OpenFind, key(fyne.KeyF, ctrl))
	add("Find", "find-next", "Find Next", func() { e.FindNext() }, key(fyne.KeyF3, 0))
	add("Find", "find-previous", "Find Previous", func() { e.FindPrevious() }, key(fyne.KeyF3, shift))
	replace := []fyne.KeyboardShortcut{key(fyne.KeyH, ctrl)}
	if runtime.GOOS == "darwin" { // where that hides the application
		replace = []fyne.KeyboardShortcut{key(fyne.KeyF, ctrl|alt)}
	}
	add("Find", "replace", "Replace…", e.OpenReplace, replace...)

	add("Go", "go-to-line", "Go to Line…", e.OpenGoTo, key(fyne.KeyG, ctrl))
	add("Go", "go-to-bracket", "Go to Matching Bracket", e.goToBracket, key(fyne.KeyBackslash, ctrl|shift), key(fyne.KeyM, ctrl))
	add("Go", "next-note", "Next Note", func() { e.goToNote(1) }, key(fyne.KeyF8, 0))
	add("Go", "previous-note", "Previous Note", func() { e.goToNote(-1) }, key(fyne.KeyF8, shift))
	add("Go", "show-notes", "Show This Line's Notes", e.showNotes, key(fyne.KeyI, ctrl))
}

func (e *Editor) commandFor(s fyne.Shortcut) (Command, bool) {
	i, ok := e.keys[s.ShortcutName()]
	if !ok {
		return Command{}, false
	}
	return e.commands[i], true
}

func (e *Editor) runShortcut(s fyne.Shortcut) bool {
	c, ok := e.commandFor(s)
	if ok {
		c.Run()
	}
	return ok
}

func (e *Editor) goToBracket() {
	if here, there, ok := e.bracketPair(); ok {
		if here.less(there) {
			there.col++ // behind it, so that all between can be selected
		}
		e.moveTo(there, false)
	}
}

// goToNote goes to the next line, or the one before, that something is said
// about, and says it in full.
func (e *Editor) goToNote(by int) {
	n := len(e.doc.lines)
	noted := map[int]bool{}
	for _, m := range e.marks {
		noted[m.Line-1] = true
	}
	for _, p := range e.check.problems {
		noted[p.at.row] = true
	}
	best, found := 0, false
	here := e.sel.caret.row
	for row := range noted {
		if row < 0 || row >= n {
			continue
		}
		// How far it is, going round; a whole round for the line itself.
		away := func(r int) int { return (((r-here)*by-1)%n + n) % n }
		if !found || away(row) < away(best) {
			best, found = row, true
		}
	}
	if found {
		e.GoTo(best+1, 1)
		e.moveTo(pos{best, len(indentOf(e.doc.lines[best]))}, false)
		e.showNotes()
	}
}

func (e *Editor) showNotes() {
	if row := e.sel.caret.row; len(e.notesOn(row)) > 0 {
		e.view.tip = row
		e.redraw()
	}
}
