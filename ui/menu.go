package ui

import (
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"sealedroom/inspector"
	"sealedroom/ui/display"
	"sealedroom/ui/document"
	"sealedroom/ui/help"
	"sealedroom/ui/kit/dialogs"
	"sealedroom/ui/kit/words"
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
	alt := func(name fyne.KeyName) fyne.Shortcut {
		return &desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierAlt}
	}
	item := func(label string, shortcut fyne.Shortcut, do func()) *fyne.MenuItem {
		i := fyne.NewMenuItem(label, do)
		i.Shortcut = shortcut
		return i
	}
	recent := fyne.NewMenuItem("Open Recent", nil)
	recent.ChildMenu = fyne.NewMenu("")
	for _, path := range w.store.Recent() {
		recent.ChildMenu.Items = append(recent.ChildMenu.Items, fyne.NewMenuItem(inspector.Line(filepath.Base(path)), func() {
			w.document.AskToReplace(func() { w.document.OpenPath(path) })
		}))
	}
	recent.Disabled = len(recent.ChildMenu.Items) == 0
	if recent.Disabled {
		recent.ChildMenu = nil
	}
	file := fyne.NewMenu("File",
		item("New", key(fyne.KeyN), w.document.New),
		item("Open…", key(fyne.KeyO), w.document.OpenDialog), recent,
		item("Save", key(fyne.KeyS), w.document.Save), item("Save As…", key(fyne.KeyS, fyne.KeyModifierShift), func() { w.document.SaveAs(nil) }),
		item("Save Recording…", nil, w.lookback.save),
		item("Export .cpuprofile…", nil, func() { w.lookback.exportTime(w.inspector.State) }),
		item("Export Allocations…", nil, func() { w.lookback.exportMemory(w.inspector.State) }),
		fyne.NewMenuItemSeparator(),
		item("Bring Back Unsaved Text", nil, w.document.BringBack),
	)
	hands := item("Native Hands", key(fyne.KeyN, fyne.KeyModifierShift), func() { w.settings.SetHands(!w.settings.Setup().Native) })
	hands.Checked = w.settings.Setup().Native
	several := item("Several Rooms", key(fyne.KeyG, fyne.KeyModifierShift), w.many.toggle)
	several.Checked = w.several
	samples := w.settings.Setup().Profile
	sampled := item("Sample Each Run", nil, func() { w.sample(!samples) })
	sampled.Checked = samples
	room := fyne.NewMenu("Room",
		item("Run", key(fyne.KeyReturn), w.Run), item("Stop", key(fyne.KeyPeriod), w.Stop),
		fyne.NewMenuItemSeparator(),
		several, w.many.variantsMenu(),
		fyne.NewMenuItemSeparator(),
		sampled,
		item("Try the Walls…", key(fyne.KeyT, fyne.KeyModifierShift), w.walls.Try),
		hands,
		item("Walls of This Run…", nil, w.showWalls),
		fyne.NewMenuItemSeparator(),
		item("Play the Recording", nil, w.timeline.PlayOrPause),
		item("Back to the End", nil, w.timeline.End),
		item("Former Runs…", nil, w.lookback.list),
		fyne.NewMenuItemSeparator(),
		item("Why This Verdict…", key(fyne.KeyW, fyne.KeyModifierShift), w.inspector.Verdict.Explain),
		item("Search the Console", key(fyne.KeyF, fyne.KeyModifierShift), w.console.ToggleSearch),
		item("Copy the Console", key(fyne.KeyC, fyne.KeyModifierShift), w.console.CopyAll),
	)
	mode := func(label string, m theme.Mode) *fyne.MenuItem {
		i := item(label, nil, func() { w.setAppearance(m, w.scale) })
		i.Checked = w.mode == m
		return i
	}
	presenter := item("Presenter Mode", key(fyne.KeyP, fyne.KeyModifierShift), w.togglePresenter)
	presenter.Checked = w.presenting
	reading := item("Show Lesson", key(fyne.KeyL, fyne.KeyModifierShift), func() { w.openLesson(!w.lessonOpen) })
	reading.Checked = w.lessonOpen
	limits := item("Show Limits with the Lesson", key(fyne.KeyM, fyne.KeyModifierShift), w.toggleLimits)
	limits.Checked = w.limitsBeside
	wrapped := item("Wrap Long Lines", alt(fyne.KeyZ), func() { w.setWrap(w.unwrapped) })
	wrapped.Checked = !w.unwrapped
	laned := item("Timeline Lanes", nil, func() { w.timeline.SetOpen(!w.timeline.Open()) })
	laned.Checked = w.timeline.Open()
	view := fyne.NewMenu("View",
		presenter, reading, limits, wrapped, laned,
		item("Full Screen", nil, w.toggleFullScreen),
		fyne.NewMenuItemSeparator(),
		item("Larger Text", key(fyne.KeyEqual), func() { w.zoom(0.1) }),
		item("Smaller Text", key(fyne.KeyMinus), func() { w.zoom(-0.1) }),
		item("Normal Text", key(fyne.Key0), func() { w.zoom(0) }),
		fyne.NewMenuItemSeparator(),
		mode("Dark", theme.AlwaysDark), mode("Light", theme.AlwaysLight), mode("Follow System", theme.FollowSystem),
		displayScale(w.window, w.store, w.look.applyTheme, w.setMenu),
		fyne.NewMenuItemSeparator(),
	)
	for i, part := range w.parts() {
		view.Items = append(view.Items, item("Go to "+part.name, key(digits[i]), part.focus))
	}
	view.Items = append(view.Items, item("Next Part", nil, w.nextPane), fyne.NewMenuItemSeparator())
	for i, v := range w.inspector.Views {
		view.Items = append(view.Items, item("Show "+v.Name, alt(digits[i]), func() { w.inspector.Open(v.ID) }))
	}
	scenarios := fyne.NewMenu("Scenarios",
		item("Choose…", key(fyne.KeyO, fyne.KeyModifierShift), w.library.Pick),
		item("Next", alt(fyne.KeyRight), w.library.Next), item("Back", alt(fyne.KeyLeft), w.library.Back),
		item("List of Lessons", nil, func() {
			w.document.AskToReplace(func() {
				w.document.Empty()
				w.openLesson(true)
			})
		}),
		item("Challenges…", nil, func() { w.library.PickFrom(true) }),
		fyne.NewMenuItemSeparator(),
		item("Compare with the Lesson…", key(fyne.KeyD, fyne.KeyModifierShift), w.library.Compare),
		item("Restore the Lesson's Guest", nil, w.library.RestoreGuest),
		item("Restore the Lesson's Limits", nil, w.library.RestoreRoom),
		item("Copy the Lesson's Text", nil, func() { fyne.CurrentApp().Clipboard().SetContent(w.library.Lesson.Text()) }),
		fyne.NewMenuItemSeparator(),
		item("Open Folder…", nil, w.library.OpenFolder),
		item("Save as a Scenario…", &desktop.CustomShortcut{KeyName: fyne.KeyS, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierAlt}, w.library.SaveAs),
		fyne.NewMenuItemSeparator(),
		item("Start This Lesson Over…", nil, w.library.StartOver), item("Forget All Progress…", nil, w.library.ForgetProgress),
	)
	help := fyne.NewMenu("Help",
		item("Keys…", nil, func() { help.Keys(w.dialogs, w.menu()) }), item("Words…", nil, func() { help.Words(w.dialogs) }),
		fyne.NewMenuItemSeparator(),
		item("About Sealed Room", nil, w.about),
	)
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
	menus = append(menus, room, scenarios, view, help)
	for _, m := range []*fyne.Menu{file, room, scenarios, view, help} { // the editor's commands guard themselves
		guard(w.dialogs, m)
	}
	return fyne.NewMainMenu(menus...)
}

// duringDialogs are the entries that also work while a dialog is open. The rest
// would run, or open, something behind it.
var duringDialogs = []string{"Stop", "Full Screen", "Larger Text", "Smaller Text", "Normal Text", "Dark", "Light", "Follow System"}

// guard has a menu's entries do nothing while a dialog is open, but for
// duringDialogs and what a text field in the dialog does itself.
func guard(d *dialogs.Stack, m *fyne.Menu) {
	for _, item := range m.Items {
		if item.ChildMenu != nil {
			guard(d, item.ChildMenu)
		}
		if do := item.Action; do != nil && !slices.Contains(duringDialogs, item.Label) {
			item.Action = d.Alone(do)
		}
	}
}

var digits = []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8, fyne.Key9}

// command runs an editor command; one that means the same in every text field
// goes to the field that is focused, in a dialog too.
func (w *window) command(field bool, shortcut fyne.Shortcut, run func()) func() {
	run = w.dialogs.Alone(run)
	if !field {
		return run
	}
	return func() {
		if focused, ok := w.window.Canvas().Focused().(fyne.Shortcutable); ok && focused != fyne.Shortcutable(w.editor) {
			focused.TypedShortcut(shortcut)
			return
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

// setMenu puts the menu in the window.
func (w *window) setMenu() {
	menu := w.menu()
	help.AddHints(menu)
	w.window.SetMainMenu(menu)
}

// about opens what the app is made of.
func (w *window) about() {
	v8 := ""
	if started := w.inspector.State.Started; started != nil {
		v8 = started.V8
	}
	help.About(w.dialogs, v8)
}

// displayScale is where a person corrects what the system reports of its screen.
// The window keeps its size on the screen.
func displayScale(window fyne.Window, store *document.Store, apply, changed func()) *fyne.MenuItem {
	list := fyne.NewMenu("")
	for _, scale := range display.Scales {
		choice := fyne.NewMenuItem(words.DisplayScale(scale), func() {
			store.KeepDisplayScale(scale)
			display.SetScale(scale)
			size, before := window.Canvas().Size(), window.Canvas().Scale()
			apply()
			if factor := before / window.Canvas().Scale(); factor != 1 && !window.FullScreen() {
				window.Resize(fyne.NewSize(size.Width*factor, size.Height*factor))
			}
			changed()
		})
		choice.Checked = store.DisplayScale() == scale
		list.Items = append(list.Items, choice)
	}
	item := fyne.NewMenuItem("Display Scale", nil)
	item.ChildMenu = list
	if display.Given() {
		item.Label, item.ChildMenu, item.Disabled = "Display Scale Is Set by FYNE_SCALE", nil, true
	}
	return item
}
