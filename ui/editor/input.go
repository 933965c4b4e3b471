package editor

import (
	"math"
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// wordModifier is held to move by words.
func wordModifier() fyne.KeyModifier {
	if runtime.GOOS == "darwin" {
		return fyne.KeyModifierAlt
	}
	return fyne.KeyModifierControl
}

// FocusGained starts the caret blinking.
func (e *Editor) FocusGained() {
	e.focused, e.leaving, e.shift = true, false, false
	e.steady()
	e.redraw()
}

// FocusLost stops the caret.
func (e *Editor) FocusLost() {
	e.focused = false
	e.blinker.timer.stop()
	e.history.close()
	e.closePopup()
	e.redraw()
}

// AcceptsTab is true but after Esc, so that Esc and then Tab leaves the widget.
func (e *Editor) AcceptsTab() bool { return !e.leaving }

// KeyDown and KeyUp follow Shift, for drivers that cannot be asked for it.
func (e *Editor) KeyDown(k *fyne.KeyEvent) {
	if k.Name == desktop.KeyShiftLeft || k.Name == desktop.KeyShiftRight {
		e.shift = true
	}
}

// KeyUp is KeyDown's counterpart.
func (e *Editor) KeyUp(k *fyne.KeyEvent) {
	if k.Name == desktop.KeyShiftLeft || k.Name == desktop.KeyShiftRight {
		e.shift = false
	}
}

func (e *Editor) shiftHeld() bool {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
	}
	return e.shift
}

// TypedRune puts a character in, unless Drops refuses it.
func (e *Editor) TypedRune(r rune) {
	if e.Drops != nil && e.Drops(r) {
		return
	}
	e.leaving = false
	e.hideTip()
	open := e.popup.open
	e.typeRune(r)
	switch {
	case r == '.':
		e.closePopup()
		e.wantCompletion(false)
	case open && wordRune(r):
		e.narrow()
	default:
		e.closePopup()
	}
}

// TypedKey does what a key without modifiers, or with Shift, does.
func (e *Editor) TypedKey(k *fyne.KeyEvent) {
	if modifierKey(k.Name) {
		return
	}
	e.leaving = k.Name == fyne.KeyEscape
	if e.leaving && e.Interrupt != nil && e.Interrupt() {
		return
	}
	if e.popupKey(k.Name) {
		return
	}
	tip := e.hideTip()
	shift := e.shiftHeld()
	if e.moveKey(k.Name, shift) {
		return
	}
	switch k.Name {
	case fyne.KeyBackspace:
		e.backspace()
		if e.popup.open {
			e.narrow()
		}
	case fyne.KeyDelete:
		e.erase(editDelete, func() pos { return e.right(e.sel.caret) })
		e.closePopup()
	case fyne.KeyReturn, fyne.KeyEnter:
		if !e.ReadOnly {
			e.newLine()
		}
	case fyne.KeyTab:
		if shift {
			e.outdent()
		} else {
			e.tab()
		}
	case fyne.KeyEscape:
		switch {
		case tip:
		case e.finder.open:
			e.closeFind()
		case !e.sel.empty():
			e.moveTo(e.sel.caret, false)
		default:
			e.unused(k)
		}
	default:
		var mod fyne.KeyModifier
		if shift {
			mod = fyne.KeyModifierShift
		}
		if !e.runShortcut(&desktop.CustomShortcut{KeyName: k.Name, Modifier: mod}) {
			e.unused(k)
		}
	}
}

// unused hands a key on, unless it is one that also types a character.
func (e *Editor) unused(k *fyne.KeyEvent) {
	if e.OnKey != nil && (len(k.Name) > 1 && k.Name != fyne.KeySpace) {
		e.OnKey(k)
	}
}

func modifierKey(k fyne.KeyName) bool {
	switch k {
	case desktop.KeyShiftLeft, desktop.KeyShiftRight, desktop.KeyControlLeft, desktop.KeyControlRight,
		desktop.KeyAltLeft, desktop.KeyAltRight, desktop.KeySuperLeft, desktop.KeySuperRight, desktop.KeyCapsLock:
		return true
	}
	return false
}

// moveKey does the keys that move the caret.
func (e *Editor) moveKey(k fyne.KeyName, extend bool) bool {
	switch k {
	case fyne.KeyLeft:
		e.sideways(e.left, extend, true)
	case fyne.KeyRight:
		e.sideways(e.right, extend, false)
	case fyne.KeyUp:
		e.moveRows(-1, extend)
	case fyne.KeyDown:
		e.moveRows(1, extend)
	case fyne.KeyPageUp:
		e.movePage(-1, extend)
	case fyne.KeyPageDown:
		e.movePage(1, extend)
	case fyne.KeyHome:
		e.moveTo(e.lineStart(e.sel.caret), extend)
	case fyne.KeyEnd:
		e.moveTo(e.lineEnd(e.sel.caret), extend)
	default:
		return false
	}
	return true
}

func (e *Editor) movePage(by int, extend bool) {
	_, h := e.view.text()
	rows := max(1, int(math.Ceil(h/max(1, e.view.line)))-2)
	e.view.y += float64(by*rows) * e.view.line
	e.moveRows(by*rows, extend)
}

// TypedShortcut does what keys with Ctrl, Alt or Cmd do.
func (e *Editor) TypedShortcut(s fyne.Shortcut) {
	e.leaving = false
	e.hideTip()
	switch s := s.(type) {
	case *fyne.ShortcutCopy:
		e.copy(s.Clipboard)
	case *fyne.ShortcutCut:
		e.cut(s.Clipboard)
	case *fyne.ShortcutPaste:
		e.paste(s.Clipboard)
	default:
		if c, ok := s.(*desktop.CustomShortcut); ok && e.moveShortcut(c) || e.runShortcut(s) {
			return
		}
		if e.OnShortcut != nil {
			e.OnShortcut(s)
		}
	}
}

// moveShortcut does the shortcuts that move the caret or erase words; with
// Shift they extend the selection.
func (e *Editor) moveShortcut(s *desktop.CustomShortcut) bool {
	extend := s.Modifier&fyne.KeyModifierShift != 0
	mod := s.Modifier &^ fyne.KeyModifierShift
	c := e.sel.caret
	if mod == wordModifier() {
		switch s.KeyName {
		case fyne.KeyLeft:
			e.moveTo(e.wordLeft(c), extend)
			return true
		case fyne.KeyRight:
			e.moveTo(e.wordRight(c), extend)
			return true
		case fyne.KeyBackspace:
			e.erase(editOther, func() pos { return e.wordLeft(c) })
			return true
		case fyne.KeyDelete:
			e.erase(editOther, func() pos { return e.wordRight(c) })
			return true
		}
	}
	if mod != fyne.KeyModifierShortcutDefault {
		return false
	}
	switch s.KeyName {
	case fyne.KeyHome:
		e.moveTo(pos{}, extend)
	case fyne.KeyEnd:
		e.moveTo(e.doc.end(), extend)
	case fyne.KeyUp:
		if runtime.GOOS == "darwin" {
			e.moveTo(pos{}, extend)
		} else {
			e.scrollBy(0, -e.view.line)
		}
	case fyne.KeyDown:
		if runtime.GOOS == "darwin" {
			e.moveTo(e.doc.end(), extend)
		} else {
			e.scrollBy(0, e.view.line)
		}
	case fyne.KeyLeft: // only where words are moved by with another key
		e.moveTo(e.lineStart(c), extend)
	case fyne.KeyRight:
		e.moveTo(e.lineEnd(c), extend)
	default:
		return false
	}
	return true
}
