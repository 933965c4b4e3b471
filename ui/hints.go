package ui

import (
	"runtime"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// Fyne draws a menu's keys with a fifth of the text's opacity, which is below
// every rule for contrast. Here they are a second column of the label, in the
// label's own colour.

// bareKeys are keys without a modifier: window.typedKey handles them.
var bareKeys = map[string]string{
	"Stop": "Esc", "Why This Verdict…": "F1", "Presenter Mode": "F5", "Next Part": "F6", "Full Screen": "F11",
}

// unseen is a shortcut that works as the one it holds, and that Fyne does not draw.
type unseen struct{ fyne.Shortcut }

// setMenu puts the menu in the window.
func (w *window) setMenu() {
	menu := w.menu()
	if runtime.GOOS != "darwin" { // whose own menus show keys well
		for _, m := range menu.Items {
			addHints(m)
		}
	}
	w.window.SetMainMenu(menu)
}

// addHints writes an entry's keys behind its name, all in one column.
func addHints(m *fyne.Menu) {
	widest := float32(0)
	for _, item := range m.Items {
		widest = max(widest, menuWidth(item.Label))
	}
	for _, item := range m.Items {
		if keys := keysOf(item); keys != "" {
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

// keysOf names an entry's keys, as they are printed on a keyboard.
func keysOf(item *fyne.MenuItem) string {
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

// showKeys shows every key there is, as the menu has them.
func (w *window) showKeys() {
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
	for _, menu := range w.menu().Items {
		heading(menu.Label)
		for _, item := range menu.Items {
			row(item.Label, keysOf(item))
		}
	}
	heading("Also")
	for _, more := range moreKeys {
		row(more[0], more[1])
	}
	w.openPage("Keys", container.NewVScroll(box.Inset(column, 0, 4)), text.String())
}

// glossary explains the window's words, each in a sentence or two.
var glossary = [][2]string{
	{"Room", "The V8 isolate that runs the guest: a heap, a garbage collector and global objects that no other code shares. It lives in a worker process."},
	{"Guest", "The JavaScript in the editor. Nothing it does is trusted."},
	{"Worker", "A process for one run. It gives up its rights to files, network and other processes before the guest starts, and ends with the run."},
	{"Wall", "What the operating system takes away from a worker, so that native code that broke out of V8 stands in an empty process: files, network, other processes, most system calls. Room › Try the Walls has a worker try them all."},
	{"Door", "A global name that leads out of a JavaScript room elsewhere: process, require, fetch. Here it is absent, or locked by the app. The room picture shows which ones the guest tried."},
	{"Teller window", "The bridge: the only way for a guest to ask the host for something. It offers db, http, files and kv."},
	{"Grant", "What the teller window offers to this guest. Off: nothing. Hardened: only what is needed. Naive: as people often write it, with a real hole."},
	{"Vault", "The secrets that the host uses for a guest. Their values never enter the worker on purpose; the lamp turns red when one was seen there or left."},
	{"Revealed", "A secret was found in something that the guest received, logged, returned or sent."},
	{"Heap", "The memory that V8 manages for the guest's objects. Used: objects. Committed: what V8 holds in reserve for them, too."},
	{"External memory", "Memory that hangs on objects but is not in the heap, such as the bytes of an ArrayBuffer. The memory limit covers it."},
	{"Garbage collection (GC)", "V8 frees what the guest can no longer reach. Scavenge: the young objects. Mark-compact: all of them."},
	{"Wall time", "Time by the clock on the wall, from the moment the guest is handed over."},
	{"CPU time", "Time that the guest's thread spent computing."},
	{"JIT compiler", "Turns code that runs often into machine code. Without it V8 only interprets: slower, and less to attack."},
	{"Verdict", "What the host decided about a run, from what the host itself saw."},
}

// showGlossary explains the window's words.
func (w *window) showGlossary() {
	column, text := container.New(box.Tight{}), &strings.Builder{}
	for _, entry := range glossary {
		term, meaning := control.NewText(widget.HighImportance), control.NewText(widget.MediumImportance)
		term.TextStyle.Bold = true
		term.SetText(entry[0])
		meaning.SetText(entry[1])
		column.Add(term)
		column.Add(box.Inset(meaning, 8, 0))
		text.WriteString(entry[0] + ": " + entry[1] + "\n")
	}
	w.openPage("Words", container.NewVScroll(column), text.String())
}
