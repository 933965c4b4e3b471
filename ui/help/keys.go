// Package help is what the Help menu opens: every key, the window's words, and
// what the app is.
package help

import (
	"runtime"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"sealedroom/ui/box"
	"sealedroom/ui/kit/dialogs"
	"sealedroom/ui/theme"
)

// Fyne draws a menu's keys with a fifth of the text's opacity, which is below
// every rule for contrast. Here they are a second column of the label, in the
// label's own colour.

// bareKeys are keys without a modifier, which the window handles itself.
var bareKeys = map[string]string{
	"Stop": "Esc", "Why This Verdict…": "F1", "Presenter Mode": "F5", "Next Part": "F6", "Full Screen": "F11",
}

// unseen is a shortcut that works as the one it holds, and that Fyne does not draw.
type unseen struct{ fyne.Shortcut }

// AddHints writes the keys of a menu's entries behind their names.
func AddHints(menu *fyne.MainMenu) {
	if runtime.GOOS == "darwin" { // whose own menus show keys well
		return
	}
	for _, m := range menu.Items {
		addHints(m)
	}
}

// addHints writes an entry's keys behind its name, all in one column.
func addHints(m *fyne.Menu) {
	widest := float32(0)
	for _, item := range m.Items {
		widest = max(widest, menuWidth(item.Label))
	}
	for _, item := range m.Items {
		if keys := KeysOf(item); keys != "" {
			item.Label = padded(item.Label, widest+theme.Scaled(28)) + keys
		}
		if item.Shortcut != nil {
			item.Shortcut = unseen{item.Shortcut}
		}
	}
}

func menuWidth(text string) float32 {
	return fyne.MeasureText(text, fynetheme.TextSize(), fyne.TextStyle{}).Width
}

// padded fills a text up to a width with spaces of two sizes.
func padded(text string, width float32) string {
	const wide, narrow = "\u00a0", "\u200a"
	for _, space := range []string{wide, narrow} {
		one := menuWidth(text+space+space) - menuWidth(text+space)
		if one <= 0 {
			continue
		}
		if n := int((width - menuWidth(text)) / one); n > 0 {
			text += strings.Repeat(space, n)
		}
	}
	return text
}

var keyNames = map[fyne.KeyName]string{
	fyne.KeyReturn: "Enter", fyne.KeyEscape: "Esc", fyne.KeyLeft: "Left", fyne.KeyRight: "Right", fyne.KeyUp: "Up", fyne.KeyDown: "Down",
	fyne.KeyPageUp: "Page Up", fyne.KeyPageDown: "Page Down", fyne.KeyDelete: "Delete", fyne.KeyBackspace: "Backspace",
}

// KeysOf names an entry's keys, as they are printed on a keyboard.
func KeysOf(item *fyne.MenuItem) string {
	bare := bareKeys[item.Label]
	keyboard, ok := item.Shortcut.(fyne.KeyboardShortcut)
	if !ok {
		return bare
	}
	keys := ""
	for _, m := range []struct {
		modifier fyne.KeyModifier
		name     string
	}{{fyne.KeyModifierControl, "Ctrl+"}, {fyne.KeyModifierAlt, "Alt+"}, {fyne.KeyModifierShift, "Shift+"}, {fyne.KeyModifierSuper, superName()}} {
		if keyboard.Mod()&m.modifier != 0 {
			keys += m.name
		}
	}
	name, ok := keyNames[keyboard.Key()]
	if !ok {
		name = string(keyboard.Key())
	}
	keys += name
	if bare != "" {
		keys += " or " + bare
	}
	return keys
}

func superName() string {
	if runtime.GOOS == "darwin" {
		return "Cmd+"
	}
	return "Super+"
}

// ---- sheets ----------------------------------------------------------------------

// moreKeys are keys that stand in no menu.
var moreKeys = [][2]string{
	{"Allow, deny, or always allow a call that waits", "A, D, W"},
	{"Leave the editor for the next field", "Esc, then Tab"},
	{"Suggest a word", "Ctrl+Space"},
	{"Move in tabs and choices", "Left, Right"},
	{"Press a button, link or switch", "Space or Enter"},
	{"Open the menu bar", "Alt"},
}

// Keys opens every key there is, as a menu without hints has them.
func Keys(d *dialogs.Stack, menu *fyne.MainMenu) {
	column, text := container.New(box.Tight{}), &strings.Builder{}
	heading := func(title string) {
		column.Add(box.Inset(theme.NewLabel(theme.Bold, theme.RoleTeal, title), 4, 5))
		text.WriteString(title + "\n")
	}
	row := func(what, keys string) {
		if keys == "" {
			return
		}
		ends := box.NewEnds(theme.Cut(theme.Body, theme.RoleText, what), theme.Cut(theme.Code, theme.RoleText, keys))
		column.Add(box.Inset(ends, 12, 2))
		text.WriteString("  " + what + ": " + keys + "\n")
	}
	for _, m := range menu.Items {
		heading(m.Label)
		for _, item := range m.Items {
			row(item.Label, KeysOf(item))
		}
	}
	heading("Also")
	for _, more := range moreKeys {
		row(more[0], more[1])
	}
	d.Page("Keys", container.NewVScroll(box.Inset(column, 0, 4)), text.String())
}
