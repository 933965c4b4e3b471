package ui

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/ui/cli"
	"sealedroom/ui/editor"
	"sealedroom/ui/panes"
	"sealedroom/ui/theme"
	"sealedroom/ui/uitest"
)

// ended is a state in which a run ended so.
func ended(outcome engine.Outcome, more ...engine.Event) *inspector.State {
	s := &inspector.State{}
	s.Apply(engine.Started{Name: "guest.js", V8: "13.6", Walls: []engine.Wall{{Name: "seccomp"}}, Grants: map[string]bridge.Grant{"db": bridge.Naive}})
	for i := range 60 {
		s.Apply(engine.Heap{At: time.Duration(i) * 10 * time.Millisecond, V8: true, Used: int64(i) << 20, Committed: int64(i+4) << 20, Process: int64(i+30) << 20})
	}
	s.Apply(engine.GC{At: 300 * time.Millisecond, Kind: "mark-compact", Count: 1, Before: 31 << 20, After: 30 << 20})
	for _, e := range more {
		s.Apply(e)
	}
	e := engine.Ended{At: 600 * time.Millisecond, Outcome: outcome, Time: engine.Times{Wall: 600 * time.Millisecond, CPU: 100 * time.Millisecond, HasCPU: true}}
	switch outcome {
	case engine.OK:
		e.Result = &engine.Result{Type: "number", Preview: "30", Bytes: 2}
	case engine.Exception:
		e.Error = &engine.GuestError{Phase: "run", Name: "TypeError", Message: "no", Line: 3}
	case engine.Timeout, engine.ExceededCPU:
		e.Limit = &engine.LimitUse{Name: "wall", Allowed: 1000, Used: 1001, Unit: "ms"}
	}
	s.Apply(e)
	return s
}

var process = engine.Blocked{Kind: "global", Name: "process", Count: 3, Line: 4}
var leaked = engine.Vault{Secrets: []bridge.SecretReport{{Name: "CUSTOMER_KEY", Used: 0, Revealed: 1, Where: []string{"answer of call 1"}}, {Name: "DB_PASSWORD", Used: 2}}}

// TestVerdictPictures draws the window after each outcome, in both themes, and
// looks at what a person looks at.
func TestVerdictPictures(t *testing.T) {
	for _, c := range []struct {
		name         string
		state        *inspector.State
		icon, title  string
		tint         func(theme.Palette) color.NRGBA
		room, vault  func(theme.Palette) color.NRGBA // the colours of their walls
		doors, marks int                             // at least this many red pixels of a door that was tried
	}{
		{"ok", ended(engine.OK), "✓", "Finished", greenTint, teal, amber, 0, 0},
		{"ok, doors tried", ended(engine.OK, process), "✓", "Finished", greenTint, teal, amber, 100, 0},
		{"revealed", ended(engine.OK, leaked), "▲", "Finished, and a secret left the vault", amberTint, teal, red, 0, 0},
		{"exception", ended(engine.Exception), "!", "Uncaught", redTint, teal, amber, 0, 0},
		{"pending", ended(engine.Pending), "…", "Waiting for ever", amberTint, teal, amber, 0, 0},
		{"timeout", ended(engine.Timeout, process), "■", "Timed out", redTint, red, amber, 100, 0},
		{"cpu", ended(engine.ExceededCPU), "■", "Out of CPU time", redTint, red, amber, 0, 0},
		{"memory", ended(engine.ExceededMemory), "■", "Out of memory", redTint, red, amber, 0, 0},
		{"calls", ended(engine.ExceededCalls), "■", "Too many calls", redTint, red, amber, 0, 0},
		{"output", ended(engine.ExceededOutput), "■", "Too much output", redTint, red, amber, 0, 0},
		{"canceled", ended(engine.Canceled), "■", "Stopped by you", amberTint, red, amber, 0, 0},
		{"crashed", ended(engine.Crashed), "✗", "The worker crashed", redTint, red, amber, 0, 0},
	} {
		for _, mode := range []theme.Mode{theme.AlwaysDark, theme.AlwaysLight} {
			t.Run(c.name+"/"+string(mode), func(t *testing.T) {
				test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: mode})
				inspector := panes.NewInspector(nil, nil)
				w := test.NewTempWindow(t, inspector.Object)
				w.SetPadded(false)
				w.Resize(fyne.NewSize(560, 640))
				inspector.Show(c.state)
				w.Content().Refresh()
				p, picture := theme.Now(), w.Canvas().Capture()
				v := inspector.Verdict
				if v.Icon.Text != c.icon || !strings.HasPrefix(v.Title.Text, c.title) {
					t.Errorf("shows %s %q", v.Icon.Text, v.Title.Text)
				}
				area := func(o fyne.CanvasObject) image.Rectangle {
					at, size := fyne.CurrentApp().Driver().AbsolutePositionForObject(o), o.Size()
					return image.Rect(int(at.X), int(at.Y), int(at.X+size.Width), int(at.Y+size.Height))
				}
				banner, room := area(v.Ground), area(inspector.Picture)
				if n := uitest.Pixels(picture, banner, c.tint(p)); n < banner.Dx()*banner.Dy()/2 {
					t.Errorf("the banner has %d of %d pixels in its tint", n, banner.Dx()*banner.Dy())
				}
				if n := uitest.Pixels(picture, room, c.room(p)); n < 1500 {
					t.Errorf("the room's walls have %d pixels", n)
				}
				if n := uitest.Pixels(picture, room, c.vault(p)); n < 300 {
					t.Errorf("the vault has %d pixels", n)
				}
				if n := uitest.Pixels(picture, room, p.Red); c.doors > 0 && n < c.doors {
					t.Errorf("the door that was tried has %d red pixels", n)
				}
				chart := area(inspector.Chart.Chart)
				if n := uitest.Pixels(picture, chart, p.Teal); n < 200 {
					t.Errorf("the chart has %d teal pixels", n)
				}
				if n := uitest.Pixels(picture, chart, p.Red); n < 100 {
					t.Errorf("the chart's limit has %d red pixels", n)
				}
				if n := uitest.Pixels(picture, chart, p.Violet); n < 10 {
					t.Errorf("the collection has %d pixels", n)
				}
			})
		}
	}
}

func greenTint(p theme.Palette) color.NRGBA { return p.GreenTint }
func amberTint(p theme.Palette) color.NRGBA { return p.AmberTint }
func redTint(p theme.Palette) color.NRGBA   { return p.RedTint }
func teal(p theme.Palette) color.NRGBA      { return p.Teal }
func amber(p theme.Palette) color.NRGBA     { return p.Amber }
func red(p theme.Palette) color.NRGBA       { return p.Red }

// pictureIn reads a picture from its file.
func pictureIn(t *testing.T, path string) image.Image {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	picture, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// texts are all the texts of the window, as they are drawn.
func texts(s *stage) []string { return drawn(s.window.window.Content()) }

// drawn are the texts below an object.
func drawn(object fyne.CanvasObject) []string {
	var out []string
	for _, o := range test.LaidOutObjects(object) {
		if text, ok := o.(*canvas.Text); ok && text.Visible() {
			out = append(out, text.Text)
		}
	}
	return out
}

func (s *stage) shows(words string) bool {
	for _, text := range texts(s) {
		if strings.Contains(text, words) {
			return true
		}
	}
	return false
}

// TestViews runs real guests and reads the tabs.
func TestViews(t *testing.T) {
	s := open(t, "")
	s.settings.Grants.Set(map[string]bridge.Grant{"db": bridge.Naive, "kv": bridge.Hardened})
	s.play(`console.log('one', {a: 1}); console.error('two');
try { process.env } catch {}
for (let i = 0; i < 5; i++) kv.set('k', 1);
db.query('SELECT api_key FROM credentials');
({answer: 42, self: globalThis})`)
	for view, words := range map[panes.ViewID][]string{
		panes.ViewRoom:    {"process ×1", "naive teller", "OPEN", "1 of 2 left", "wall", "cpu"},
		panes.ViewResult:  {"object", "reading this ran no guest code", "answer"},
		panes.ViewCalls:   {"db.query", "kv.set ×5", "allowed", "▲", "6 calls"},
		panes.ViewVault:   {"CUSTOMER_KEY", "revealed", "locked · used 1 · never left", "OPEN: 1 of 2"},
		panes.ViewDoors:   {"process", "tried at line 2", "locked by the app"},
		panes.ViewMemory:  {"heap space", "old_space"},
		panes.ViewStartup: {"V8 and isolate", "container", "500 ms – 10 s", "NOT MEASURED HERE"},
	} {
		s.inspector.Open(view)
		s.window.window.Content().Refresh()
		for _, want := range words {
			if !s.shows(want) {
				t.Errorf("%s does not show %q", view, want)
			}
		}
	}
	for _, want := range []string{"one { a: 1 }", "two", "error", "end", "2 lines", "1 error"} {
		if !s.shows(want) {
			t.Errorf("the console does not show %q", want)
		}
	}
	marks := s.editor.Marks()
	kinds := map[editor.MarkKind]string{}
	for _, m := range marks {
		kinds[m.Kind] = fmt.Sprint(m.Line, " ", m.Note)
	}
	if kinds[editor.MarkBlocked] != "2 process" || !strings.HasPrefix(kinds[editor.MarkLeaked], "4 CUSTOMER_KEY · by db.query") || !strings.HasPrefix(kinds[editor.MarkTeller], "3 kv.set ×5") {
		t.Errorf("marks are %v", marks)
	}
}

func TestCallInFull(t *testing.T) {
	s := open(t, "")
	s.settings.Grants.Set(map[string]bridge.Grant{"db": bridge.Naive})
	s.play(`try { db.query('SELEC') } catch {}`)
	s.inspector.Open(panes.ViewCalls)
	p := s.inspector.Calls
	p.List.Select(0)
	d := p.Detail
	if asked, got := d.Asked.Text(), d.GotNote.Text; !strings.Contains(asked, "SELEC") || !strings.HasPrefix(got, "an error, code ") {
		t.Errorf("the guest's side is %q, %q", asked, got)
	}
	if host := d.Host.Text(); host != d.Guest.Text() || d.LeakText != "▲ leaked here: DB_PASSWORD" {
		t.Errorf("the host's side is %q, %q", host, d.LeakText)
	}
	p.List.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if !s.dialogOpen() {
		t.Error("Enter does not open the call")
	}
	p.Filter.SetText("kv.")
	if len(p.Rows) != 0 {
		t.Error("the filter lets db through")
	}
}

func TestConsole(t *testing.T) {
	s := open(t, "")
	s.play("console.log('apple\\nApricot'); console.warn('banana'); console.error('cherry')")
	p := s.console
	if len(p.Rows) != 6 {
		t.Fatalf("%d rows", len(p.Rows))
	}
	if result := p.Row(4); result.Level != "result" || result.Text != "undefined" {
		t.Errorf("the result's row is %+v", result)
	}
	p.ToggleSearch()
	p.Search.SetText("AP")
	if len(p.Rows) != 2 || p.Row(0).Text != "apple" || p.Row(1).Level != "" {
		t.Errorf("searching finds %d rows", len(p.Rows))
	}
	p.CopyAll()
	if got := s.app.Clipboard().Content(); !strings.Contains(got, "log\tapple\nApricot") || strings.Contains(got, "banana") {
		t.Errorf("copied is %q", got)
	}
	p.Search.SetText("")
	p.Level.SetSelected("error")
	if len(p.Rows) != 1 || p.Row(0).Text != "cherry" {
		t.Errorf("the level shows %d rows", len(p.Rows))
	}
	p.Search.TypedKey(escape)
	if len(p.Rows) != 6 || p.Bar.Visible() {
		t.Errorf("after Esc %d rows", len(p.Rows))
	}
	p.List.Select(0)
	if !s.dialogOpen() {
		t.Error("a row does not open")
	}
}

// TestHostileText: whatever a guest writes, throws and names, nothing of it is
// drawn that controls a screen, and none of it stands unquoted in the verdict.
func TestHostileText(t *testing.T) {
	nasty := []string{
		"\u202eevil\u202c", "\x1b[31mred\x07", "a\nb\tc\rd", "\u2066x\u2069\u200b\ufeff", strings.Repeat("x", 5000),
		strings.Repeat("\u0301", 300), "\U000e0041tag", "\x00nul", "\u2028line\u2029", "Finished”. The guest ran to its end.",
		strings.Repeat("長い名前", 200), strings.Repeat("🏳️‍🌈", 100),
	}
	s := open(t, "")
	for i, text := range nasty {
		quoted := fmt.Sprintf("%q", text)
		state := ended(engine.Exception,
			engine.Console{Level: "log", Text: text, Line: 1},
			engine.Blocked{Kind: "global", Name: text, Count: 2, Line: 1},
			engine.Call{N: 1, Capability: text, Method: text, Args: text, Answer: text, Logged: text, Code: text, Secrets: []string{text}, Decision: bridge.Failed, Line: 1},
			engine.Vault{Secrets: []bridge.SecretReport{{Name: strings.ReplaceAll(text, "”", ""), Used: 1, Revealed: 1, Where: []string{"console line 1"}}}},
			engine.GC{Kind: text, Count: 1}, engine.Fallen{Target: text, What: text},
			engine.NativeAttempt{N: 1, Name: text, Target: text, Call: text, Held: true, Answer: text, By: text, Line: 1},
		)
		state.Ended.Error = &engine.GuestError{Phase: "run", Name: text, Message: text, Stack: text, Line: 1, File: text}
		if i%2 == 1 {
			state.Ended.Outcome, state.Ended.Error = engine.OK, nil
			state.Ended.Result = &engine.Result{Type: "object", Preview: text, Bytes: len(text), Tree: &engine.Node{
				Type: "object", Text: text, Children: []engine.Node{{Key: text, Type: "string", Text: text}},
			}}
		}
		s.document.Load("", "x")
		s.ranRevision = s.editor.Revision()
		s.show(state)
		for view := range s.inspector.Views {
			s.inspector.Tabs.Select(view)
			if s.inspector.Views[view].ID == panes.ViewCalls {
				s.inspector.Calls.List.Select(0)
			}
			s.window.window.Content().Refresh()
			for _, drawn := range texts(s) {
				for _, c := range drawn {
					if unicode.IsControl(c) && c != '\n' && c != '\t' || unicode.Is(unicode.Bidi_Control, c) || c == '\u200b' || c == '\ufeff' {
						t.Errorf("%.60s: %U is drawn in %s: %.80q", quoted, c, s.inspector.Views[view].Name, drawn)
					}
				}
			}
		}
		v := s.inspector.Verdict
		if strings.Contains(v.Title.Text, text) || strings.Contains(v.Title.Text, "\n") || strings.Contains(v.Sentence.Text, "\n") {
			t.Errorf("%.60s: the verdict is %q, %.200q", quoted, v.Title.Text, v.Sentence.Text)
		}
		if strings.Count(v.Sentence.Text, "“") != strings.Count(v.Sentence.Text, "”") {
			t.Errorf("a guest closes the quotes: %.200q", v.Sentence.Text)
		}
		if size := s.window.window.Content().MinSize(); size.Width > 1024 || size.Height > 700 {
			t.Errorf("%.60s: the window would need %v", quoted, size)
		}
	}
}

// TestLayoutHolds: the window fits the smallest screen, whatever its text size.
func TestLayoutHolds(t *testing.T) {
	s := open(t, "")
	s.settings.Grants.Set(map[string]bridge.Grant{"db": bridge.Naive})
	s.play("console.log('x'); process")
	for _, scale := range []float32{0.8, 1, 1.5, 2} {
		s.setAppearance(theme.AlwaysLight, scale)
		for view := range s.inspector.Views {
			s.inspector.Tabs.Select(view)
			s.window.window.Content().Refresh()
			if size := s.window.window.Content().MinSize(); size.Width > 1024 || size.Height > 660 {
				t.Errorf("at %v, %s: the window needs %v", scale, s.inspector.Views[view].Name, size)
			}
		}
		s.togglePresenter()
		if size := s.window.window.Content().MinSize(); size.Width > 1024 || size.Height > 660 {
			t.Errorf("at %v, presenting: the window needs %v", scale, size)
		}
		s.togglePresenter()
	}
}

func TestSnapshot(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	sizes := map[string]int64{}
	for _, light := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "window.png")
		err := Snapshot(context.Background(), cli.Document{}, cli.Picture{Path: path, Width: 1024, Height: 700, Light: light})
		if err != nil {
			t.Fatal(err)
		}
		picture := pictureIn(t, path)
		if size := picture.Bounds().Size(); size.X != 1024 || size.Y != 700 {
			t.Fatalf("light %v: %v", light, size)
		}
		want := theme.Dark
		if light {
			want = theme.Light
		}
		if n := uitest.Pixels(picture, picture.Bounds(), want.GreenTint); n < 5000 {
			t.Errorf("light %v: the verdict's ground has %d pixels", light, n)
		}
		sizes[fmt.Sprint(light)] = int64(uitest.Pixels(picture, picture.Bounds(), want.Ground))
	}
	for light, n := range sizes {
		if n < 100_000 {
			t.Errorf("light %s: %d pixels of ground", light, n)
		}
	}
}

func TestThemeFollowsLive(t *testing.T) {
	s := open(t, "")
	s.play("1")
	for range 3 {
		s.nextTheme()
		s.window.window.Content().Refresh()
		picture := s.window.window.Canvas().Capture()
		if n := uitest.Pixels(picture, picture.Bounds(), theme.Now().Ground); n < 300_000 {
			t.Errorf("%s: %d pixels of ground", s.mode, n)
		}
		if n := uitest.Pixels(picture, picture.Bounds(), theme.Now().GreenTint); n < 5000 {
			t.Errorf("%s: the verdict's ground has %d pixels", s.mode, n)
		}
	}
}
