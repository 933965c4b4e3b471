package ui

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/presets"
	"sealedroom/ui/control"
	"sealedroom/ui/document"
	"sealedroom/ui/editor"
	"sealedroom/ui/help"
	"sealedroom/ui/panes"
	"sealedroom/ui/theme"
	"sealedroom/ui/uitest"
)

var (
	escape = &fyne.KeyEvent{Name: fyne.KeyEscape}
	enter  = &fyne.KeyEvent{Name: fyne.KeyReturn}
	right  = &fyne.KeyEvent{Name: fyne.KeyRight}
)

// TestEscStopsFromEverywhere: whatever has the keyboard, Esc ends the run.
func TestEscStopsFromEverywhere(t *testing.T) {
	s := open(t, "")
	c := s.window.window.Canvas()
	focuses := map[string]fyne.Focusable{
		"nothing": nil, "editor": s.editor,
		"picture": s.inspector.Picture, "console": s.console.List, "result": s.inspector.Result.Text,
		"calls": s.inspector.Calls.List, "doors": s.inspector.Doors.Grid,
		"stop": s.halt, "why": s.inspector.Verdict.Why, "profile": uitest.Focusables(s.settings.Object)[0],
	}
	for _, key := range []string{"memory", engine.Switch(0).String(), "grant.db", "ask.db", "seed"} {
		for i, focus := range uitest.Focusables(s.settings.Part(key)) {
			focuses[fmt.Sprint(key, i)] = focus
		}
	}
	for name, focus := range focuses {
		s.document.Load("", "for(;;);")
		s.Run()
		if focus == nil {
			c.Unfocus()
			c.OnTypedKey()(escape)
		} else {
			c.Focus(focus)
			focus.TypedKey(escape)
		}
		s.settleDown()
		if outcome := s.inspector.State.Ended.Outcome; outcome != engine.Canceled {
			t.Errorf("Esc in %s: the outcome is %s", name, outcome)
		}
		s.inspector.State.Ended = nil
	}
}

func TestEscWithSelectionStops(t *testing.T) {
	s := open(t, "")
	s.document.Load("", "for(;;);")
	s.Run()
	s.editor.SelectAll()
	s.editor.TypedKey(escape)
	s.settleDown()
	if outcome := s.inspector.State.Ended.Outcome; outcome != engine.Canceled {
		t.Errorf("the outcome is %s", outcome)
	}
}

func TestEscClosesTheDialogFirst(t *testing.T) {
	s := open(t, "")
	s.document.Load("", "for(;;);")
	s.Run()
	s.about()
	s.typedKey(escape)
	if s.dialogOpen() || !s.live.Running() {
		t.Error("Esc does not close the dialog alone")
	}
	s.typedKey(escape)
	s.settleDown()
}

func TestPanesByKeyboard(t *testing.T) {
	s := open(t, "")
	s.typeInEditor()
	c := s.window.window.Canvas()
	for _, with := range []struct {
		arrange func()
		parts   int
	}{
		{func() {}, 6},
		{func() { s.openLesson(true) }, 6}, // the lesson in place of the limits
		{func() { s.showLimits(true) }, 7},
		{s.togglePresenter, 7}, // all of them, presenting too
	} {
		with.arrange()
		s.typeInEditor()
		seen := map[fyne.Focusable]bool{}
		for range with.parts {
			seen[c.Focused()] = true
			s.nextPane()
		}
		if len(seen) != with.parts || c.Focused() != fyne.Focusable(s.editor) {
			t.Errorf("F6 goes to %d parts, not %d, and ends at %T", len(seen), with.parts, c.Focused())
		}
	}
}

// TestMenu: no two entries share their keys, and each does something.
func TestMenu(t *testing.T) {
	s := open(t, "")
	seen := map[string]string{}
	for _, menu := range s.menu().Items {
		for _, item := range menu.Items {
			if item.IsSeparator || item.ChildMenu != nil || item.Disabled {
				continue
			}
			if item.Action == nil {
				t.Errorf("%s does nothing", item.Label)
			}
			if item.Shortcut == nil {
				continue
			}
			name := item.Shortcut.ShortcutName()
			if other, taken := seen[name]; taken {
				t.Errorf("%s and %s share %s", item.Label, other, name)
			}
			seen[name] = item.Label
		}
	}
	for _, label := range []string{"Run", "Stop", "Save", "Open…", "New", "Find…", "Undo", "Presenter Mode", "Larger Text", "Go to Console", "Show Doors"} {
		found := false
		for _, have := range seen {
			found = found || have == label
		}
		if !found {
			t.Errorf("%s has no keys", label)
		}
	}
}

func TestRunByShortcutFromTheEditor(t *testing.T) {
	s := open(t, "")
	s.document.Load("", "6 * 7")
	for _, menu := range s.menu().Items {
		for _, item := range menu.Items {
			if item.Label == "Run" {
				s.editor.TypedShortcut(item.Shortcut)
			}
		}
	}
	s.settleDown()
	if r := s.inspector.State.Ended.Result; r == nil || r.Preview != "42" {
		t.Errorf("the result is %+v", r)
	}
}

func TestPicturePartsByKeyboard(t *testing.T) {
	s := open(t, "")
	s.window.window.Content().Refresh()
	p := s.inspector.Picture
	opened := map[string]bool{}
	for range 40 { // more than there are parts
		s.inspector.Open(panes.ViewRoom)
		p.TypedKey(enter)
		opened[s.inspector.Views[s.inspector.Tabs.Chosen()].Name] = true
		p.TypedKey(right)
	}
	for _, want := range []string{"Doors", "Result", "Calls", "Vault", "Memory"} {
		if !opened[want] {
			t.Errorf("no part of the picture opens %s", want)
		}
	}
}

// TestPresenter: with a lesson and without one, everything that a run shows can be
// got by keyboard, and stands in the window.
func TestPresenter(t *testing.T) {
	for _, lesson := range []bool{false, true} {
		t.Run(fmt.Sprintf("lesson %v", lesson), func(t *testing.T) {
			s := open(t, "")
			s.window.window.Resize(fyne.NewSize(1920, 1080))
			s.openLesson(lesson)
			s.showLimits(false)
			s.togglePresenter()
			if theme.Scaled(10) != 15 || s.scale != 1 {
				t.Errorf("text is ×%v, and ×%v outside", theme.Scaled(1), s.scale)
			}
			s.play("console.log('said by the guest'); process")
			if s.inspector.Verdict.Title.Text != "Uncaught ReferenceError: process is not defined" {
				t.Errorf("the verdict is %q", s.inspector.Verdict.Title.Text)
			}
			whole := s.window.window.Content()
			for _, v := range s.inspector.Views {
				s.choose("Show " + v.Name)
				whole.Refresh()
				s.seen("the view "+v.Name, v.Content)
			}
			s.choose("Show Room")
			whole.Refresh()
			s.seen("the picture", s.inspector.Picture)
			s.seen("the chart", s.inspector.Chart.Object)
			s.seen("the time bars", s.inspector.Times.Object)
			s.choose("Go to Console")
			whole.Refresh()
			s.seen("the console", s.console.Object)
			if !s.shows("said by the guest") {
				t.Error("the console does not show what was logged")
			}
			s.choose("Go to Limits")
			whole.Refresh()
			s.seen("the limits", s.settings.Object)
			s.choose("Go to Editor")
			whole.Refresh()
			s.seen("the editor", s.editor)
			s.togglePresenter()
			if theme.Scaled(10) != 10 {
				t.Errorf("text is ×%v afterwards", theme.Scaled(1))
			}
		})
	}
}

// seen checks that a part of the window is in it, with room to be read.
func (s *stage) seen(name string, part fyne.CanvasObject) {
	s.t.Helper()
	found := false
	for _, o := range test.LaidOutObjects(s.window.window.Content()) {
		found = found || o == part
	}
	at, window := fyne.CurrentApp().Driver().AbsolutePositionForObject(part), s.window.window.Canvas().Size()
	size := part.Size()
	if !found || size.Width < 100 || size.Height < 40 || at.X < 0 || at.Y < 0 || at.X+size.Width > window.Width+1 || at.Y > window.Height-40 {
		s.t.Errorf("%s is not in sight: in the window %v, at %v, %v", name, found, at, size)
	}
}

// TestLinksWhilePresenting: a link does there what it says, with the ring where
// the part is.
func TestLinksWhilePresenting(t *testing.T) {
	s := open(t, "")
	s.window.window.Resize(fyne.NewSize(1920, 1080))
	s.library.Open(scenario(t, "rob-the-vault"))
	s.togglePresenter()
	s.window.window.Content().Refresh()
	for _, part := range []string{"memory", "time", "console", "vault", "teller", "limits", "editor", "room", "result", "doors"} {
		s.pointer.Clear()
		s.library.Follow(presets.Link{Show: part})
		if n := len(s.pointer.Layer.Objects); n != 1 {
			t.Errorf("%s: %d rings", part, n)
			continue
		}
		if at := s.pointer.Layer.Objects[0].Position(); at.Y < 30 {
			t.Errorf("%s: the ring is at %v", part, at)
		}
	}
	s.showLimits(false)
	s.pointer.Clear()
	s.library.Follow(presets.Link{Set: "wall=3s"})
	if len(s.pointer.Layer.Objects) != 1 || s.pointer.Layer.Objects[0].Position().Y < 30 {
		t.Errorf("a limit that is set has %d rings", len(s.pointer.Layer.Objects))
	}
}

// TestTextSizeWhilePresenting: each press shows, and only there.
func TestTextSizeWhilePresenting(t *testing.T) {
	s := open(t, "")
	s.togglePresenter()
	for _, c := range []struct {
		entry string
		want  float32
	}{{"Larger Text", 16}, {"Larger Text", 17}, {"Smaller Text", 16}, {"Normal Text", 15}} {
		s.choose(c.entry)
		if got := theme.Scaled(10); got < c.want-0.01 || got > c.want+0.01 {
			t.Errorf("%s: text is ×%v", c.entry, got/10)
		}
	}
	s.choose("Larger Text")
	s.togglePresenter()
	if theme.Scaled(10) != 10 {
		t.Errorf("outside, text is ×%v", theme.Scaled(1))
	}
	again := document.NewStore(s.app.Preferences(), "", nil)
	s.large = 1.5
	s.rearrange(again)
	if s.large < 1.59 || s.scale != 1 {
		t.Errorf("kept are %v and %v", s.large, s.scale)
	}
}

// TestThemeButton: the first press shows, whatever the system's theme is.
func TestThemeButton(t *testing.T) {
	s := open(t, "")
	s.setAppearance(theme.FollowSystem, 1)
	for range 3 {
		before := theme.Now()
		if s.nextTheme(); theme.Now() == before {
			t.Error("a press does nothing that can be seen")
		}
	}
}

// TestWindowSizeKept: and one that no screen has is not.
func TestWindowSizeKept(t *testing.T) {
	s := open(t, "")
	usual := fyne.NewSize(1360, 800)
	if s.store.Size() != usual {
		t.Errorf("at first it is %v", s.store.Size())
	}
	s.window.window.Resize(fyne.NewSize(1600, 1000))
	s.store.KeepFrame(s.window.window)
	if size := s.store.Size(); size.Width < 1590 || size.Height < 900 {
		t.Errorf("kept is %v", size)
	}
	for _, bad := range []float64{-1, 0, 100, 1e9, math.NaN(), math.Inf(1)} {
		s.app.Preferences().SetFloat(keyWidth, bad)
		if s.store.Size() != usual {
			t.Errorf("a width of %v is taken", bad)
		}
	}
}

func TestCompletion(t *testing.T) {
	s := open(t, "")
	has := func(receiver, word string) bool {
		for _, c := range completions(contextOf(receiver), s.settings.Setup().Limits.Switches(), s.settings.Kept().Grants) {
			if c.Label == word {
				return true
			}
		}
		return false
	}
	if has("", "db") || has("db", "query") || has("", "setTimeout") || !has("", "Array") || !has("Math", "max") {
		t.Error("offered in an empty room is what is not there, or not what is")
	}
	s.settings.Part("grant.db").(*control.Segments).TypedKey(right)
	s.toggle(engine.Switch(3).String()).Tapped(nil)
	if !has("", "db") || !has("db", "query") || !has("", "setTimeout") {
		t.Error("what was granted is not offered")
	}
}

func TestAbout(t *testing.T) {
	text := help.Versions("13.6.233.10")
	for _, want := range []string{inspector.AppVersion, "Go 1.", "V8 13.6.233.10"} {
		if !strings.Contains(text, want) {
			t.Errorf("About lacks %q: %s", want, text)
		}
	}
}

func contextOf(receiver string) editor.CompletionContext {
	return editor.CompletionContext{Receiver: receiver}
}

// TestMenuHints: every key that a menu has can be read in it, and still works.
func TestMenuHints(t *testing.T) {
	s := open(t, "")
	plain := s.menu()
	for i, menu := range s.window.window.MainMenu().Items {
		for j, item := range menu.Items {
			keys := help.KeysOf(plain.Items[i].Items[j])
			if keys == "" {
				continue
			}
			if !strings.HasSuffix(item.Label, keys) || !strings.HasPrefix(item.Label, plain.Items[i].Items[j].Label) {
				t.Errorf("%q does not show %q", item.Label, keys)
			}
			if _, drawn := item.Shortcut.(fyne.KeyboardShortcut); drawn {
				t.Errorf("Fyne draws the keys of %q too", item.Label)
			}
			if was := plain.Items[i].Items[j].Shortcut; was != nil && item.Shortcut.ShortcutName() != was.ShortcutName() {
				t.Errorf("%q has other keys", item.Label)
			}
		}
	}
	if got := help.KeysOf(&fyne.MenuItem{Label: "Presenter Mode", Shortcut: &desktop.CustomShortcut{KeyName: fyne.KeyP, Modifier: fyne.KeyModifierControl | fyne.KeyModifierShift}}); got != "Ctrl+Shift+P or F5" {
		t.Errorf("the keys are called %q", got)
	}
}

// TestMenuTitleCase: all entries are written alike.
func TestMenuTitleCase(t *testing.T) {
	small := map[string]bool{"a": true, "as": true, "to": true, "the": true, "with": true, "by": true, "of": true}
	for _, menu := range open(t, "").menu().Items {
		for _, item := range menu.Items {
			for i, word := range strings.Fields(item.Label) {
				if first := word[:1]; first != strings.ToUpper(first) && (i == 0 || !small[word]) {
					t.Errorf("%q has a small %q", item.Label, word)
				}
			}
		}
	}
}

// TestSheets: the keys and the words can be looked up.
func TestSheets(t *testing.T) {
	s := open(t, "")
	s.choose("Keys…")
	for _, want := range []string{"Presenter Mode", "Ctrl+Shift+P or F5"} {
		if !strings.Contains(s.dialogText(), want) {
			t.Errorf("the keys lack %q: %.300s", want, s.dialogText())
		}
	}
	s.typedKey(escape)
	s.choose("Words…")
	if text := s.dialogText(); !strings.Contains(text, "Teller") || !strings.Contains(text, "isolate") {
		t.Errorf("the words are %.200s", text)
	}
	s.press("Copy")
	if copied := s.app.Clipboard().Content(); !strings.Contains(copied, "Garbage collection") || !strings.Contains(s.dialogText(), "Copied") {
		t.Errorf("copied is %.80q", copied)
	}
	s.typedKey(escape)
}

// TestTips: a button without words says what it does, to mouse and keyboard.
func TestTips(t *testing.T) {
	s := open(t, "")
	s.window.window.Content().Refresh()
	var icons []*control.Button
	for _, o := range s.tools.Objects {
		icons = append(icons, o.(*control.Button))
	}
	for _, b := range icons {
		s.window.window.Canvas().Focus(b)
		if !s.shows(b.Tip) {
			t.Errorf("focused, the button does not say %q", b.Tip)
		}
		s.typeInEditor()
		if s.shows(b.Tip) {
			t.Errorf("%q stays", b.Tip)
		}
		b.MouseIn(&desktop.MouseEvent{})
		tip := s.pointer.Tips.Objects[0]
		if right, have := tip.Position().X+tip.Size().Width, s.pointer.Tips.Size().Width; right > have || tip.Size().Width < tip.MinSize().Width {
			t.Errorf("%q ends at %v of %v", b.Tip, right, have)
		}
		if !s.shows(b.Tip) {
			t.Errorf("below the mouse, the button does not say %q", b.Tip)
		}
		b.MouseOut()
	}
	// Pressing the button changes every size while the mouse stays.
	icons[0].MouseIn(&desktop.MouseEvent{})
	s.togglePresenter()
	if len(s.pointer.Tips.Objects) > 0 {
		t.Error("a tip of another text size stays")
	}
}

// TestSaveSuggestsAName: the true one, with its stem selected.
func TestSaveSuggestsAName(t *testing.T) {
	s := open(t, "")
	for name, c := range map[string]struct {
		before func()
		want   string
	}{
		"new":      {func() { s.document.Empty() }, "untitled.js"},
		"a lesson": {func() { s.library.Show(scenario(t, "the-doors")) }, "the-doors.js"},
		"a file":   {func() { s.document.OpenPath(write(t, "mine.mjs", "1")) }, "mine.mjs"},
	} {
		c.before()
		s.document.SaveAs(nil)
		field, ok := s.window.window.Canvas().Focused().(*widget.Entry)
		if !ok {
			t.Fatalf("%s: the keyboard is at %T", name, s.window.window.Canvas().Focused())
		}
		if stem, _, _ := strings.Cut(c.want, "."); field.Text != c.want || field.SelectedText() != stem {
			t.Errorf("%s: suggested is %q, selected %q", name, field.Text, field.SelectedText())
		}
		s.typedKey(escape)
	}
}
