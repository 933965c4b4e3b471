package ui

import (
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sealedroom/inspector"
	"sealedroom/ui/theme"
)

// menu holds everything a person can do, with its keys. A focused editor
// swallows every shortcut but the main menu's.
func (w *window) menu() *fyne.MainMenu {
	key := func(name fyne.KeyName, modifiers ...fyne.KeyModifier) fyne.Shortcut {
		m := fyne.KeyModifierShortcutDefault
		for _, more := range modifiers {
			m |= more
		}
		return &desktop.CustomShortcut{KeyName: name, Modifier: m}
	}
	item := func(label string, shortcut fyne.Shortcut, do func()) *fyne.MenuItem {
		i := fyne.NewMenuItem(label, do)
		i.Shortcut = shortcut
		return i
	}
	recent := fyne.NewMenuItem("Open Recent", nil)
	recent.ChildMenu = fyne.NewMenu("")
	for _, path := range w.session.recent() {
		recent.ChildMenu.Items = append(recent.ChildMenu.Items, fyne.NewMenuItem(inspector.Line(filepath.Base(path)), func() {
			w.askToReplace(func() { w.openPath(path) })
		}))
	}
	recent.Disabled = len(recent.ChildMenu.Items) == 0
	file := fyne.NewMenu("File",
		item("New", key(fyne.KeyN), func() { w.askToReplace(func() { w.load(Document{}) }) }),
		item("Open…", key(fyne.KeyO), w.openDialog), recent,
		item("Save", key(fyne.KeyS), w.save), item("Save As…", key(fyne.KeyS, fyne.KeyModifierShift), w.saveAs),
	)
	room := fyne.NewMenu("Room",
		item("Run", key(fyne.KeyReturn), w.Run), item("Stop", nil, w.Stop),
	)
	view := fyne.NewMenu("View",
		item("Larger Text", key(fyne.KeyEqual), func() { w.setAppearance(w.mode, w.scale+0.1) }),
		item("Smaller Text", key(fyne.KeyMinus), func() { w.setAppearance(w.mode, w.scale-0.1) }),
		item("Normal Text", key(fyne.Key0), func() { w.setAppearance(w.mode, 1) }),
		fyne.NewMenuItemSeparator(),
		item("Dark", nil, func() { w.setAppearance(theme.AlwaysDark, w.scale) }),
		item("Light", nil, func() { w.setAppearance(theme.AlwaysLight, w.scale) }),
		item("Follow System", nil, func() { w.setAppearance(theme.FollowSystem, w.scale) }),
	)
	help := fyne.NewMenu("Help", item("About Sealed Room", nil, w.about))
	menus := []*fyne.Menu{file}
	for _, group := range []string{"Edit", "Lines", "Find", "Go"} {
		m := fyne.NewMenu(group)
		for _, c := range w.editor.Commands() {
			if c.Group == group {
				m.Items = append(m.Items, item(c.Name, c.Shortcut, w.command(c.Field, c.Shortcut, c.Run)))
			}
		}
		menus = append(menus, m)
	}
	return fyne.NewMainMenu(append(menus, room, view, help)...)
}

// command runs an editor command; one that means the same in every text field
// goes to the field that is focused.
func (w *window) command(field bool, shortcut fyne.Shortcut, run func()) func() {
	return func() {
		if field {
			if focused, ok := w.window.Canvas().Focused().(fyne.Shortcutable); ok && focused != fyne.Shortcutable(w.editor) {
				focused.TypedShortcut(shortcut)
				return
			}
		}
		run()
	}
}

// shortcut takes those that the focused editor has no use for.
func (w *window) shortcut(s fyne.Shortcut) {
	for _, menu := range w.window.MainMenu().Items {
		i := slices.IndexFunc(menu.Items, func(i *fyne.MenuItem) bool {
			return i.Shortcut != nil && i.Shortcut.ShortcutName() == s.ShortcutName()
		})
		if i >= 0 {
			menu.Items[i].Action()
			return
		}
	}
}

const honest = `Sealed Room is a teaching tool. Each run gets its own process and its own V8 isolate, inside what the operating system takes away from that process. V8 has bugs, and the outer walls are there because of it. Do not take it for a proof that code is safe.`

func (w *window) about() {
	text := widget.NewLabel("Sealed Room " + Version + "\n\n" + honest)
	text.Wrapping = fyne.TextWrapWord
	d := dialog.NewCustom("About", "Close", container.NewVScroll(text), w.window)
	d.Resize(fyne.NewSize(theme.Scaled(520), theme.Scaled(300)))
	d.Show()
}
