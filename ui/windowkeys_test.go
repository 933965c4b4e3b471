package ui

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"sealedroom/presets"
	"sealedroom/ui/control"
	"sealedroom/ui/editor"
	"sealedroom/ui/kit/stockkeys"
	"sealedroom/ui/panes"
	"sealedroom/ui/uitest"
)

// usesEscape reports whether a widget may use Esc itself.
func usesEscape(o fyne.Focusable) bool {
	switch o := o.(type) {
	case *editor.Editor:
		return true // closes what is open in it first
	case *control.Entry:
		return o.OnEscape != nil
	}
	return false
}

// checkWindowKeys has every widget that can have the keyboard get Esc and the
// function keys, with a driver that finds canvases as the real one does.
func (s *stage) checkWindowKeys(where string, root fyne.CanvasObject) (checked int) {
	s.t.Helper()
	c := s.window.window.Canvas()
	got := fyne.KeyName("")
	c.SetOnTypedKey(func(key *fyne.KeyEvent) { got = key.Name })
	defer c.SetOnTypedKey(s.typedKey)
	s.editor.OnKey = c.OnTypedKey()
	defer func() { s.editor.OnKey = s.typedKey }()
	for _, o := range uitest.Focusables(root) {
		if d, ok := o.(fyne.Disableable); ok && d.Disabled() {
			continue
		}
		if kind := fmt.Sprintf("%T", o); kind == "*editor.barEntry" || kind == "*editor.barButton" {
			continue // see TestWindowKeysInTheFindBar
		}
		if stockkeys.Stock(o) {
			c.Focus(o)
			if !stockkeys.Focused(s.window.window.Canvas().Focused()) {
				s.t.Errorf("%s: the keys of %T would be lost", where, o)
			}
			continue
		}
		for _, key := range []fyne.KeyName{fyne.KeyF1, fyne.KeyF5, fyne.KeyF6, fyne.KeyF11, fyne.KeyEscape} {
			if key == fyne.KeyEscape && usesEscape(o) {
				continue
			}
			got = ""
			o.TypedKey(&fyne.KeyEvent{Name: key})
			if got != key {
				s.t.Errorf("%s: %T gives the window %q for %s", where, o, got, key)
			}
		}
		checked++
	}
	return checked
}

// TestWindowKeysFromEveryWidget: whatever part of the window has the keyboard, the
// window gets its keys.
func TestWindowKeysFromEveryWidget(t *testing.T) {
	s := open(t, "")
	one, err := presets.Find("rob-the-vault")
	if err != nil {
		t.Fatal(err)
	}
	s.library.Show(one)
	s.showLimits(true)
	s.console.ToggleSearch()
	s.window.window.Content().Refresh()
	uitest.Strict(t)
	total := 0
	for _, v := range s.inspector.Views {
		s.inspector.Open(v.ID)
		s.window.window.Content().Refresh()
		total += s.checkWindowKeys(v.Name, s.window.window.Content())
	}
	if total < 150 {
		t.Errorf("only %d widgets were found", total)
	}
	dialogs := map[string]func(){
		"picker": s.library.Pick, "about": s.about, "save as a scenario": s.library.SaveAs, "forget": s.library.ForgetProgress,
		"compare": s.library.Compare, "leave": func() { s.library.Follow(presets.Link{Web: "https://example.org/"}) },
		"open": s.document.OpenDialog, "save as": func() { s.document.SaveAs(nil) }, "folder": s.library.OpenFolder,
		"tell": func() { s.dialogs.Tell("No", fmt.Errorf("why")) }, "text": func() { panes.OpenText(s.dialogs, "Text", "text", nil) },
	}
	for name, show := range dialogs {
		show()
		top := s.window.window.Canvas().Overlays().Top()
		if top == nil {
			t.Fatalf("%s shows no dialog", name)
		}
		if n := s.checkWindowKeys(name, top); n == 0 && len(uitest.Focusables(top)) == 0 {
			t.Errorf("%s has nothing for the keyboard", name)
		}
		s.typedKey(escape)
		if s.dialogOpen() {
			t.Fatalf("Esc does not close %s", name)
		}
	}
}

// TestWindowKeysInTheFindBar: the bar uses Esc itself, and hands on the rest.
func TestWindowKeysInTheFindBar(t *testing.T) {
	s := open(t, "")
	s.editor.OpenReplace()
	s.window.window.Content().Refresh()
	got := fyne.KeyName("")
	s.editor.OnKey = func(key *fyne.KeyEvent) { got = key.Name }
	fields := 0
	for _, o := range uitest.Focusables(s.editor) {
		if kind := fmt.Sprintf("%T", o); kind != "*editor.barEntry" && kind != "*editor.barButton" {
			continue
		}
		got = ""
		if o.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF5}); got != fyne.KeyF5 {
			t.Errorf("%T keeps F5", o)
		}
		fields++
	}
	if fields < 5 {
		t.Errorf("the bar has %d fields", fields)
	}
}

// TestEscInTheSearchClosesThePicker: the search embeds a field, which Fyne does
// not know.
func TestEscInTheSearchClosesThePicker(t *testing.T) {
	s := open(t, "")
	uitest.Strict(t)
	s.library.Pick()
	s.window.window.Canvas().Focused().TypedKey(escape)
	if s.dialogOpen() {
		t.Error("the picker stays open")
	}
}

// choose does what the menu entry of this name does.
func (s *stage) choose(label string) {
	s.t.Helper()
	for _, menu := range s.menu().Items {
		if i := slices.IndexFunc(menu.Items, func(i *fyne.MenuItem) bool { return i.Label == label }); i >= 0 {
			menu.Items[i].Action()
			return
		}
	}
	s.t.Fatalf("the menu has no %q", label)
}

// TestNothingBehindADialog: while a dialog is open no menu entry opens another,
// starts a run or changes what is behind.
func TestNothingBehindADialog(t *testing.T) {
	for name, show := range map[string]func(*stage){
		"picker": func(s *stage) { s.library.Pick() }, "open": func(s *stage) { s.document.OpenDialog() }, "about": func(s *stage) { s.about() },
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, "")
			s.document.Load("", "1 + 1")
			show(s)
			overlays := s.window.window.Canvas().Overlays()
			top, text := overlays.Top(), s.editor.Text()
			for _, menu := range s.menu().Items {
				for _, item := range menu.Items {
					if item.Action == nil || slices.Contains(duringDialogs, item.Label) || item.Label == "Copy" || item.Label == "Paste" {
						continue
					}
					item.Action()
					if overlays.Top() != top || len(overlays.List()) != 1 {
						t.Fatalf("%s over %s opens something", item.Label, name)
					}
					if s.live.Running() || s.presenting || s.editor.Text() != text {
						t.Fatalf("%s over %s does something behind it", item.Label, name)
					}
				}
			}
			for _, key := range []fyne.KeyName{fyne.KeyF1, fyne.KeyF5, fyne.KeyF6} {
				s.typedKey(&fyne.KeyEvent{Name: key})
			}
			s.document.Dropped([]fyne.URI{storage.NewFileURI("/nowhere.js")})
			if overlays.Top() != top || s.presenting {
				t.Errorf("keys or a dropped file do something behind %s", name)
			}
			s.typedKey(escape)
			if s.dialogOpen() {
				t.Errorf("%s does not close", name)
			}
		})
	}
}

// TestEscClosesWhatFyneOpened: a question of Fyne's over a file dialog closes
// before the dialog does.
func TestEscClosesWhatFyneOpened(t *testing.T) {
	s := open(t, "")
	s.document.SaveAs(nil)
	c := s.window.window.Canvas()
	over := widget.NewModalPopUp(canvas.NewRectangle(nil), c)
	over.Show()
	s.typedKey(escape)
	if len(c.Overlays().List()) != 1 {
		t.Error("Esc does not close the question alone")
	}
	s.typedKey(escape)
	if s.dialogOpen() {
		t.Error("Esc does not close the file dialog then")
	}
}

// TestClosingTheWindowAsksOnce: over an open dialog too, and however often.
func TestClosingTheWindowAsksOnce(t *testing.T) {
	s := open(t, "")
	s.editor.ReplaceText("changed")
	s.library.Pick()
	s.askToClose()
	s.askToClose()
	if n := len(s.window.window.Canvas().Overlays().List()); n != 1 {
		t.Errorf("%d dialogs are open", n)
	}
	s.press("Cancel")
	if s.dialogOpen() {
		t.Error("Cancel does not close the question")
	}
}
