// Package stockkeys has the window's keys work where a widget of Fyne's own has the
// keyboard.
package stockkeys

import (
	"reflect"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
	"github.com/go-gl/glfw/v3.4/glfw"
)

// Widgets of ours hand the window's keys on (see control.PassOn). Fyne's own
// drop them: links within a text, text that can be selected, and everything in a
// file dialog. Fyne has no hook for that, so the keys are read where it reads
// them, from GLFW.

var stockKeys = map[glfw.Key]fyne.KeyName{
	glfw.KeyEscape: fyne.KeyEscape,
	glfw.KeyF1:     fyne.KeyF1, glfw.KeyF5: fyne.KeyF5, glfw.KeyF6: fyne.KeyF6, glfw.KeyF11: fyne.KeyF11,
}

// Catch has typed handle the window's keys while a widget of Fyne's has the
// keyboard. It does nothing in windows that GLFW does not draw. The window must be
// shown.
func Catch(window fyne.Window, typed func(*fyne.KeyEvent)) {
	real, ok := window.(interface{ RunWithContext(func()) })
	if !ok {
		return
	}
	real.RunWithContext(func() {
		view := glfw.GetCurrentContext()
		if view == nil {
			return
		}
		var fynes glfw.KeyCallback
		fynes = view.SetKeyCallback(func(v *glfw.Window, key glfw.Key, scancode int, action glfw.Action, mods glfw.ModifierKey) {
			name := stockKeys[key]
			if name != "" && mods&(glfw.ModControl|glfw.ModAlt|glfw.ModShift|glfw.ModSuper) == 0 && action == glfw.Press && Focused(window.Canvas().Focused()) {
				typed(&fyne.KeyEvent{Name: name})
				return
			}
			fynes(v, key, scancode, action, mods)
		})
	})
}

// Focused reports whether what has the keyboard is a widget of Fyne's own, which
// drops the window's keys. A menu has its own use for Esc.
func Focused(focused fyne.Focusable) bool {
	switch focused.(type) {
	case nil, *widget.PopUpMenu:
		return false
	}
	return Stock(focused)
}

// Stock reports whether a widget's type is Fyne's.
func Stock(o fyne.Focusable) bool {
	t := reflect.TypeOf(o)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return strings.HasPrefix(t.PkgPath(), "fyne.io/")
}
