package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"sealedroom/engine"
	"sealedroom/ui/editor"
	"sealedroom/ui/theme"
)

var (
	escape = &fyne.KeyEvent{Name: fyne.KeyEscape}
	enter  = &fyne.KeyEvent{Name: fyne.KeyReturn}
	left   = &fyne.KeyEvent{Name: fyne.KeyLeft}
	right  = &fyne.KeyEvent{Name: fyne.KeyRight}
)

// TestEscStopsFromEverywhere: whatever has the keyboard, Esc ends the run.
func TestEscStopsFromEverywhere(t *testing.T) {
	s := open(t, "")
	c := s.window.window.Canvas()
	p := s.limits
	focuses := map[string]fyne.Focusable{
		"nothing": nil, "editor": s.editor, "entry": p.rows[0].entry, "slider": p.rows[0].slider,
		"toggle": p.toggles[0], "segments": p.grants.controls["db"], "profile": p.profile, "seed": p.seed,
		"picture": s.inspector.picture, "console": s.console.list, "result": s.inspector.result.text,
		"calls": s.inspector.calls.list, "doors": s.inspector.doors.grid, "ask first": p.grants.asks["db"],
		"stop": s.halt, "why": s.inspector.verdict.why,
	}
	for name, focus := range focuses {
		s.load("", "for(;;);")
		s.Run()
		if focus == nil {
			c.Unfocus()
			c.OnTypedKey()(escape)
		} else {
			c.Focus(focus)
			focus.TypedKey(escape)
		}
		s.settleDown()
		if outcome := s.inspector.state.Ended.Outcome; outcome != engine.Canceled {
			t.Errorf("Esc in %s: the outcome is %s", name, outcome)
		}
		s.inspector.state.Ended = nil
	}
}

func TestEscWithSelectionStops(t *testing.T) {
	s := open(t, "")
	s.load("", "for(;;);")
	s.Run()
	s.editor.SelectAll()
	s.editor.TypedKey(escape)
	s.settleDown()
	if outcome := s.inspector.state.Ended.Outcome; outcome != engine.Canceled {
		t.Errorf("the outcome is %s", outcome)
	}
}

func TestEscClosesTheDialogFirst(t *testing.T) {
	s := open(t, "")
	s.load("", "for(;;);")
	s.Run()
	s.about()
	s.typedKey(escape)
	if s.dialogOpen() || !s.live.running() {
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
		{func() {}, 5},
		{func() { s.openLesson(true) }, 5}, // the lesson in place of the limits
		{func() { s.showLimits(true) }, 6},
		{s.togglePresenter, 3},
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
	s.load("", "6 * 7")
	for _, menu := range s.menu().Items {
		for _, item := range menu.Items {
			if item.Label == "Run" {
				s.editor.TypedShortcut(item.Shortcut)
			}
		}
	}
	s.settleDown()
	if r := s.inspector.state.Ended.Result; r == nil || r.Preview != "42" {
		t.Errorf("the result is %+v", r)
	}
}

func TestPicturePartsByKeyboard(t *testing.T) {
	s := open(t, "")
	s.window.window.Content().Refresh()
	p := s.inspector.picture
	opened := map[string]bool{}
	for range 20 {
		s.inspector.open("Room")
		p.TypedKey(enter)
		opened[s.inspector.views[s.inspector.tabs.Chosen()].name] = true
		p.TypedKey(right)
	}
	for _, want := range []string{"Doors", "Result", "Calls", "Vault", "Memory"} {
		if !opened[want] {
			t.Errorf("no part of the picture opens %s", want)
		}
	}
}

func TestPresenter(t *testing.T) {
	s := open(t, "")
	s.window.window.Content().Refresh()
	before, room := s.inspector.picture.Size(), s.scale
	s.togglePresenter()
	s.window.window.Content().Refresh()
	if now := s.inspector.picture.Size(); now.Height < 1.5*before.Height || theme.Scaled(10) < 15 || s.scale != room {
		t.Errorf("the picture is %v, was %v; text is ×%v", now, before, theme.Scaled(1))
	}
	s.play("process")
	if s.inspector.verdict.title.Text != "Threw at a shut door" {
		t.Errorf("the verdict is %q", s.inspector.verdict.title.Text)
	}
	s.togglePresenter()
	s.window.window.Content().Refresh()
	if now := s.inspector.picture.Size(); now.Height > 1.2*before.Height || theme.Scaled(10) != 10 {
		t.Errorf("the picture is %v afterwards, was %v", now, before)
	}
}

func TestCompletion(t *testing.T) {
	s := open(t, "")
	has := func(receiver, word string) bool {
		for _, c := range completions(contextOf(receiver), s.limits.limits.Switches(), s.limits.grants.grants) {
			if c.Label == word {
				return true
			}
		}
		return false
	}
	if has("", "db") || has("db", "query") || has("", "setTimeout") || !has("", "Array") || !has("Math", "max") {
		t.Error("offered in an empty room is what is not there, or not what is")
	}
	s.limits.grants.controls["db"].TypedKey(right)
	s.limits.toggles[3].Tapped(nil)
	if !has("", "db") || !has("db", "query") || !has("", "setTimeout") {
		t.Error("what was granted is not offered")
	}
}

func TestAbout(t *testing.T) {
	text := versions("13.6.233.10")
	for _, want := range []string{Version, "Go 1.", "V8 13.6.233.10"} {
		if !strings.Contains(text, want) {
			t.Errorf("About lacks %q: %s", want, text)
		}
	}
}

func contextOf(receiver string) editor.CompletionContext {
	return editor.CompletionContext{Receiver: receiver}
}
