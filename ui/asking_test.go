package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/presets"
	"sealedroom/ui/document"
	"sealedroom/ui/panes"
	"sealedroom/ui/theme"
)

// ask runs a guest that is granted kv and db, both asked about, until it waits.
func (s *stage) ask(source string) {
	s.t.Helper()
	s.settings.Grants.Set(map[string]bridge.Grant{"kv": bridge.Hardened, "db": bridge.Naive})
	for _, name := range []string{"kv", "db"} {
		if toggle := s.toggle("ask." + name); !toggle.On() {
			toggle.Tapped(nil)
		}
	}
	s.document.Load("", source)
	s.Run()
	s.untilWaiting(1)
}

// untilWaiting plays what waits until call n is asked about and shown, and the
// person has had time to look.
func (s *stage) untilWaiting(n int64) {
	s.t.Helper()
	prompt := s.inspector.Asking
	for late := time.Now().Add(20 * time.Second); prompt.Call == nil || prompt.Call.N != n; {
		select {
		case f := <-s.work:
			f()
		case <-time.After(5 * time.Millisecond):
		}
		if time.Now().After(late) {
			s.t.Fatalf("no question about call %d", n)
		}
	}
	prompt.Since = prompt.Since.Add(-panes.TooSoon)
	s.window.window.Content().Refresh()
}

func TestAskingByKeyboard(t *testing.T) {
	s := open(t, "")
	s.ask(`const a = kv.get('one'); let b; try { kv.get('two') } catch (e) { b = e.code }
for (let i = 0; i < 50; i++) kv.get('many'); b`)
	prompt, c := s.inspector.Asking, s.window.window.Canvas()
	if c.Focused() != fyne.Focusable(prompt) {
		t.Errorf("the keyboard is at %T", c.Focused())
	}
	for _, words := range []string{"May the guest call kv.get, from line 1?", "The guest and its clocks are paused", "Waiting for you", "waiting for you", " of 1 s · paused"} {
		if !s.shows(words) {
			t.Errorf("nothing says %q", words)
		}
	}
	if got := prompt.Args.Text(); got != `["one"]` {
		t.Errorf("the arguments are shown as %q", got)
	}
	prompt.TypedRune('x') // means nothing
	prompt.TypedRune('a')
	s.untilWaiting(2)
	prompt.TypedRune('D')
	s.untilWaiting(3)
	prompt.TypedRune('w')
	s.settleDown()
	ended := s.inspector.State.Ended
	if ended.Outcome != engine.OK || ended.Result.Preview != "denied" || ended.Time.Paused == 0 {
		t.Fatalf("%s %+v %+v", ended.Outcome, ended.Result, ended.Time)
	}
	if prompt.Visible() || c.Focused() != fyne.Focusable(s.editor) {
		t.Errorf("the prompt is there after the run, or the keyboard is not back: %T", c.Focused())
	}
	if !s.shows(" of 1 s · paused ") || !strings.Contains(s.inspector.Verdict.Sentence.Text, "while you decided") {
		t.Error("nothing says how long the run was paused")
	}
	s.inspector.Open(panes.ViewCalls)
	s.window.window.Content().Refresh()
	if !s.shows("refused by you") || !s.shows("allowed by you") || !s.shows("kv.get ×49") {
		t.Error("the log does not say who decided")
	}
	s.inspector.Calls.List.Select(1)
	if !strings.Contains(s.inspector.Calls.Detail.Head.Text, "decided by you after") {
		t.Errorf("the call in full: %q", s.inspector.Calls.Detail.Head.Text)
	}
}

// Keys and clicks that were on their way to something else decide nothing, and
// typing in the editor is not taken for a verdict.
func TestAskingTakesNoStrayKeys(t *testing.T) {
	s := open(t, "")
	s.ask(`kv.get('one')`)
	prompt := s.inspector.Asking
	prompt.Since = time.Now()
	prompt.TypedRune('a')
	prompt.TypedRune('w')
	time.Sleep(50 * time.Millisecond)
	if !prompt.Visible() || s.live.State().Waiting == nil {
		t.Error("a key of the same moment decided")
	}
	s.Stop()
	s.settleDown()

	s.document.Load("", `for (let i = 0; i < 3e6; i++); kv.get('one')`)
	s.Run()
	s.editor.TypedRune('/') // the person goes on writing
	s.untilWaiting(1)
	if s.window.window.Canvas().Focused() != fyne.Focusable(s.editor) {
		t.Error("the prompt took the keyboard from somebody who writes")
	}
	s.nextPane()
	if s.window.window.Canvas().Focused() != fyne.Focusable(prompt) {
		t.Error("F6 does not go to the prompt")
	}
	seen := map[fyne.Focusable]bool{}
	for range s.parts() { // and on, round and back
		if s.nextPane(); s.window.window.Canvas().Focused() == fyne.Focusable(prompt) {
			break
		}
		seen[s.window.window.Canvas().Focused()] = true
	}
	if s.window.window.Canvas().Focused() != fyne.Focusable(prompt) || len(seen) < 4 || !seen[s.editor] {
		t.Errorf("F6 goes to %d parts and ends at %T", len(seen), s.window.window.Canvas().Focused())
	}
	prompt.TypedRune('a')
	s.settleDown()
	if s.inspector.State.Ended.Outcome != engine.OK {
		t.Errorf("ended as %s", s.inspector.State.Ended.Outcome)
	}
}

func TestEscStopsWhileAsking(t *testing.T) {
	s := open(t, "")
	s.ask(`kv.get('one')`)
	s.inspector.Asking.TypedKey(escape)
	s.settleDown()
	if ended := s.inspector.State.Ended; ended.Outcome != engine.Canceled || s.inspector.Asking.Visible() {
		t.Errorf("ended as %s", ended.Outcome)
	}
}

// Nothing hides behind the edge of the box, or behind what is cut off.
func TestAskingShowsAllOfTheArguments(t *testing.T) {
	s := open(t, "")
	s.ask(`db.query('SELECT 1' + ' '.repeat(30_000) + '; DROP TABLE users -- ' + 'word '.repeat(40) + 'the end')`)
	text := s.inspector.Asking.Args.Text()
	for _, want := range []string{" ⟨×30000⟩; DROP TABLE users", "the end"} {
		if !strings.Contains(strings.ReplaceAll(text, "\n", ""), want) {
			t.Errorf("%q is not shown: %.300q", want, text)
		}
	}
	for line := range strings.Lines(text) {
		if len(line) > max(panes.MinColumns, s.inspector.Asking.Args.Columns())+8 {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
	s.Stop()
	s.settleDown()
}

// What a guest sends is shown as its own words, bounded and escaped; a secret
// in it is shown.
func TestAskingShowsHostileArguments(t *testing.T) {
	s := open(t, "")
	s.ask(`let found = ''; try { db.query('SELEC') } catch (e) { found = e.message }
try { kv.set('\u202e\u0007' + found, 'Allow this call. \u001b[2J'.repeat(300)) } catch {}`)
	s.inspector.Asking.Choose(engine.Allow)
	s.untilWaiting(2)
	prompt := s.inspector.Asking
	if text := prompt.Args.Text(); strings.ContainsAny(text, "\u202e\u0007\x1b") || len(text) > 40<<10 {
		t.Errorf("%d bytes of arguments: %.200q", len(text), text)
	}
	if !strings.HasPrefix(prompt.Note.Text, "▲ DB_PASSWORD inside") {
		t.Errorf("the note is %q", prompt.Note.Text)
	}
	if prompt.Size().Height > theme.Scaled(330) {
		t.Errorf("the prompt is %v", prompt.Size())
	}
	prompt.Choose(engine.Deny)
	s.settleDown()
}

func TestAskFirstIsKept(t *testing.T) {
	s := open(t, t.TempDir())
	s.toggle("ask.http").Tapped(nil)
	s.settings.Grants.Set(map[string]bridge.Grant{"http": bridge.Hardened})
	s.settingsChanged()
	if text := s.library.NextRun.Said(); !strings.Contains(text, "http hardened (asks first)") {
		t.Errorf("the next run is %q", text)
	}
	kept := document.NewStore(s.app.Preferences(), "", func(f func()) { f() })
	if asks := kept.Room().AskFirst; !slices.Equal(asks, []string{"http"}) {
		t.Errorf("kept is %v", asks)
	}
	s.settings.Grants.SetAskFirst(nil)
	if s.toggle("ask.http").On() || slices.Contains(s.settings.Kept().AskFirst, "http") {
		t.Error("http is still asked about")
	}
	s.store = kept
	s.restore()
	if !s.toggle("ask.http").On() {
		t.Error("what was kept is not restored")
	}
}

// TestAskingFitsEveryWidth: at no width of the window is a word of the prompt cut,
// or a part of the arguments behind its edge.
func TestAskingFitsEveryWidth(t *testing.T) {
	for _, c := range []struct {
		size   fyne.Size
		scale  float32
		limits bool
	}{{fyne.NewSize(1440, 900), 1, false}, {fyne.NewSize(1440, 900), 1, true}, {fyne.NewSize(1024, 700), 1, true}, {fyne.NewSize(1440, 900), 1.5, true}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			s := open(t, "")
			s.window.window.Resize(c.size)
			s.setAppearance(theme.AlwaysDark, c.scale)
			s.openLesson(true)
			s.showLimits(c.limits)
			s.ask(`db.query("SELECT id, title, author, price FROM books WHERE title LIKE '%' || 'sealed room' || '%' ORDER BY price DESC LIMIT 20")`)
			s.window.window.Content().Refresh()
			prompt := s.inspector.Asking
			right := prompt.Size().Width
			for _, o := range test.LaidOutObjects(prompt) {
				text, ok := o.(*canvas.Text)
				if !ok {
					continue
				}
				if strings.HasSuffix(text.Text, "…") {
					t.Errorf("%q is cut", text.Text)
				}
				at := fyne.CurrentApp().Driver().AbsolutePositionForObject(text).X - fyne.CurrentApp().Driver().AbsolutePositionForObject(prompt).X
				if at+text.MinSize().Width > right {
					t.Errorf("%q ends at %v of %v", text.Text, at+text.MinSize().Width, right)
				}
			}
			shown := strings.ReplaceAll(prompt.Args.Text(), "\n", "")
			for _, want := range []string{"SELECT id, title", "LIMIT 20"} {
				if !strings.Contains(shown, want) {
					t.Errorf("the arguments are %q", shown)
				}
			}
			for _, line := range strings.Split(prompt.Args.Text(), "\n") {
				if len(line) > prompt.Args.Columns() && prompt.Args.Columns() >= panes.MinColumns {
					t.Errorf("a line of %d in %d columns", len(line), prompt.Args.Columns())
				}
			}
			s.Stop()
			s.settleDown()
		})
	}
}

// TestStrayVerdicts: a key too many after a decision is not typed into the guest,
// and what a person writes then is.
func TestStrayVerdicts(t *testing.T) {
	s := open(t, "")
	s.ask("kv.get('one')")
	text := s.editor.Text()
	if marks := s.editor.Marks(); len(marks) != 1 || marks[0].Line != 1 || !strings.Contains(marks[0].Note, "waiting for you: kv.get") {
		t.Errorf("the line of the call is marked %v", marks)
	}
	s.inspector.Asking.TypedRune('a')
	s.settleDown()
	c := s.window.window.Canvas()
	if c.Focused() != fyne.Focusable(s.editor) {
		t.Fatalf("the keyboard is at %T", c.Focused())
	}
	for _, r := range "aAdw" {
		c.Focused().TypedRune(r)
	}
	if s.editor.Text() != text {
		t.Errorf("stray keys are typed: %q", s.editor.Text())
	}
	for _, r := range "(a" {
		c.Focused().TypedRune(r)
	}
	if !strings.Contains(s.editor.Text(), "(a") {
		t.Errorf("what was written is lost: %q", s.editor.Text())
	}
	s.answered = time.Now().Add(-2 * strayFor)
	if s.strayVerdict('a') {
		t.Error("keys are dropped long after")
	}
}

// TestAskingGivesTheKeyboardBack: to the part of the window that had it.
func TestAskingGivesTheKeyboardBack(t *testing.T) {
	s := open(t, "")
	s.settings.Grants.Set(map[string]bridge.Grant{"kv": bridge.Hardened})
	s.toggle("ask.kv").Tapped(nil)
	s.document.Load("", "for (let i = 0; i < 3e6; i++); kv.get('one')")
	s.Run()
	c := s.window.window.Canvas()
	c.Focus(s.console.List)
	s.untilWaiting(1)
	if c.Focused() != fyne.Focusable(s.inspector.Asking) {
		t.Fatalf("the keyboard is at %T", c.Focused())
	}
	c.Focused().TypedRune('d')
	s.settleDown()
	if c.Focused() != fyne.Focusable(s.console.List) {
		t.Errorf("the keyboard goes back to %T", c.Focused())
	}
}

// A scenario says what asks first: the window shows that, compares with it and
// puts it back, and the prompt comes.
func TestAScenarioAsks(t *testing.T) {
	s := open(t, "")
	one, err := presets.Find("a-person-at-the-counter")
	if err != nil {
		t.Fatal(err)
	}
	s.library.Show(one)
	if !s.toggle("ask.http").On() || s.toggle("ask.db").On() || len(one.Setup.Changes(s.library.Setup())) > 0 {
		t.Fatalf("the panel asks before %v", s.settings.Kept().AskFirst)
	}
	s.toggle("ask.http").Tapped(nil)
	if changes := one.Setup.Changes(s.library.Setup()); len(changes) != 1 || changes[0].Key != "ask.http" || s.settings.Part("ask.http") == nil {
		t.Errorf("changed are %v", changes)
	}
	s.library.RestoreRoom()
	s.Run()
	s.untilWaiting(2)
	s.inspector.Asking.TypedRune('a')
	s.settleDown()
	if ended := s.inspector.State.Ended; ended.Outcome != engine.OK || ended.Result.Preview != "1 user, report sent" {
		t.Errorf("ended %+v", ended)
	}
}
