package ui

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/inspector/session"
	"sealedroom/presets"
	"sealedroom/ui/control"
	"sealedroom/ui/document"
	"sealedroom/ui/panes"
	"sealedroom/ui/theme"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// idle plays what a pause in typing brings.
func (s *stage) idle() {
	s.t.Helper()
	select {
	case f := <-s.work:
		f()
	case <-time.After(5 * time.Second):
		s.t.Fatal("nothing was kept")
	}
	s.store.Wait()
}

// press presses the button of this name in the dialog on top.
func (s *stage) press(name string) {
	s.t.Helper()
	top := s.window.window.Canvas().Overlays().Top()
	if top == nil {
		s.t.Fatalf("no dialog to press %q in", name)
	}
	for _, o := range test.LaidOutObjects(top) {
		if b, ok := o.(*control.Button); ok && b.Text == name {
			test.Tap(b)
			return
		}
	}
	s.t.Fatalf("no button %q", name)
}

func (s *stage) dialogOpen() bool { return s.window.window.Canvas().Overlays().Top() != nil }

// TestKeptAcrossACrash: what was typed is there again after an end without any
// farewell, and is not run.
func TestKeptAcrossACrash(t *testing.T) {
	folder := t.TempDir()
	first := open(t, folder)
	first.editor.ReplaceText("for(;;) 'typed by hand'")
	first.idle() // and no more: the app is gone

	second := open(t, folder)
	second.restore()
	if text := second.editor.Text(); text != "for(;;) 'typed by hand'" {
		t.Errorf("restored is %q", text)
	}
	if second.live.Running() || second.inspector.State.Started != nil {
		t.Error("what was restored was run")
	}
	if !second.document.Dirty() {
		t.Error("text that is in no file counts as saved")
	}
}

func TestFileRestoredWithItsChanges(t *testing.T) {
	folder, path := t.TempDir(), write(t, "a.js", "one")
	first := open(t, folder)
	first.document.OpenPath(path)
	first.editor.ReplaceText("two")
	first.idle()
	second := open(t, folder)
	second.restore()
	if second.document.Path != path || second.editor.Text() != "two" || !second.document.Dirty() {
		t.Errorf("restored %q of %q, changed: %v", second.editor.Text(), second.document.Path, second.document.Dirty())
	}
	second.document.Save()
	if data, _ := os.ReadFile(path); string(data) != "two" || second.document.Dirty() {
		t.Errorf("saved is %q", data)
	}
}

func TestDamagedSession(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, textFile), []byte("{\"text\":"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, folder)
	s.app.Preferences().SetString(keyLimits, "{")
	s.app.Preferences().SetString(keyGrants, "[7]")
	s.store = document.NewStore(s.app.Preferences(), folder, nil)
	s.restore()
	if s.editor.Text() != document.Welcome || s.settings.Setup().Limits.Memory() != engine.MemoryLimit.Default() {
		t.Error("a damaged session shows")
	}
}

// What another version saved, and this one does not know, stops no run.
func TestUnknownSettingsAreLeftOut(t *testing.T) {
	s := open(t, "")
	s.app.Preferences().SetString(keyGrants, `{"evil":"naive","kv":"hardened","db":"warp","http":7,"files":"naive"}`)
	s.app.Preferences().SetString(keyAskFirst, `{"evil":true,"kv":true,"db":"yes"}`)
	s.store = document.NewStore(s.app.Preferences(), "", nil)
	if !maps.Equal(s.store.Room().Grants, map[string]bridge.Grant{"kv": bridge.Hardened, "files": bridge.Naive}) ||
		!slices.Equal(s.store.Room().AskFirst, []string{"kv"}) {
		t.Errorf("read %v and %v", s.store.Room().Grants, s.store.Room().AskFirst)
	}
}

// A result as long as it may be is drawn in part, and says so.
func TestALongResultIsDrawnInPart(t *testing.T) {
	for text, says := range map[string]string{
		strings.Repeat("\n", 16<<20):   "the first 50 000 lines",
		strings.Repeat("\x00", 16<<20): "the first 4 MB",
		strings.Repeat("é", 8<<20):     "the first 4 MB",
		strings.Repeat("x\n", 40_000):  "",
	} {
		part, what := panes.ShownPart(text)
		if !strings.HasPrefix(text, part) || (what == "") != (part == text) || !strings.HasPrefix(strings.ReplaceAll(what, ",", " "), says) {
			t.Errorf("%d bytes of %.4q…: %d are shown, %q", len(text), text, len(part), what)
		}
	}
}

func TestSettingsKept(t *testing.T) {
	s := open(t, "")
	limits, err := engine.Limits{}.WithMemory(32 << 20)
	if err != nil {
		t.Fatal(err)
	}
	s.settings.Set(limits)
	s.settings.Grants.Set(map[string]bridge.Grant{"kv": bridge.Naive})
	s.settingsChanged()
	s.settings.Grants.SetSecrets([]string{"TOKEN=hunter2"})
	s.setAppearance(theme.AlwaysLight, 1.4)
	s.columns.SetOffset(0.6)
	s.store.KeepLayout(s.layoutNow())

	again := document.NewStore(s.app.Preferences(), "", nil)
	if again.Room().Limits.Memory() != limits.Memory() || again.Room().Grants["kv"] != bridge.Naive {
		t.Error("limits or grants are lost")
	}
	s.columns.SetOffset(0.3)
	s.mode, s.scale = theme.AlwaysDark, 1
	s.rearrange(again)
	if s.mode != theme.AlwaysLight || s.scale < 1.39 || s.columns.Offset != 0.6 {
		t.Errorf("restored %v %v %v", s.mode, s.scale, s.columns.Offset)
	}
}

func TestUnsavedChanges(t *testing.T) {
	folder := t.TempDir()
	a, b := write(t, "a.js", "a"), write(t, "b.js", "b")
	s := open(t, folder)
	s.document.OpenPath(a)
	s.document.AskToReplace(func() { s.document.OpenPath(b) })
	if s.dialogOpen() || s.document.Path != b {
		t.Fatal("asked about a file without changes")
	}
	s.editor.ReplaceText("b, changed")
	s.document.AskToReplace(func() { s.document.OpenPath(a) })
	if !s.dialogOpen() || s.document.Path != b {
		t.Fatal("not asked")
	}
	s.press("Cancel")
	if s.dialogOpen() || s.editor.Text() != "b, changed" {
		t.Fatal("Cancel loses the text")
	}
	s.document.AskToReplace(func() { s.document.OpenPath(a) })
	s.press("Save")
	if data, _ := os.ReadFile(b); string(data) != "b, changed" || s.document.Path != a {
		t.Fatalf("saved is %q, open is %s", data, s.document.Path)
	}
	s.editor.ReplaceText("a, changed")
	s.document.New()
	s.press("Go on without saving")
	if data, _ := os.ReadFile(a); string(data) != "a" || s.editor.Text() != "" {
		t.Fatalf("in the file %q, in the editor %q", data, s.editor.Text())
	}
	s.document.BringBack()
	if s.editor.Text() != "a, changed" || s.document.Path != a || !s.document.Dirty() {
		t.Errorf("brought back %q of %q", s.editor.Text(), s.document.Path)
	}
}

func TestUndoneChangesAreNone(t *testing.T) {
	s := open(t, t.TempDir())
	s.document.OpenPath(write(t, "a.js", "a"))
	s.editor.ReplaceText("b")
	if !s.document.Dirty() || !strings.HasSuffix(s.title.Text, "•") {
		t.Error("a change does not show")
	}
	s.editor.Undo()
	s.idle()
	if s.document.Dirty() || strings.HasSuffix(s.title.Text, "•") {
		t.Error("an undone change still shows")
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	s := open(t, "")
	s.editor.ReplaceText("mine")
	big := filepath.Join(t.TempDir(), "big.js")
	if err := os.WriteFile(big, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(big, engine.MaxSource+1); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{big, t.TempDir(), "/nowhere/x\n\u202e.js"} {
		s.document.OpenPath(path)
		if !s.dialogOpen() || s.editor.Text() != "mine" {
			t.Errorf("%q: the editor has %q", path, s.editor.Text())
		}
		s.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		if s.dialogOpen() {
			t.Error("Esc does not close the dialog")
		}
	}
}

func TestSavingKeepsModeAndLink(t *testing.T) {
	path := write(t, "a.js", "old")
	link := filepath.Join(t.TempDir(), "link.js")
	if err := os.Symlink(path, link); err != nil {
		t.Skip(err)
	}
	if err := document.WriteFile(link, "new"); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v", err)
	}
	if data, _ := os.ReadFile(path); string(data) != "new" {
		t.Errorf("saved is %q", data)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v now", info.Mode().Perm())
	}
}

func TestRecentFiles(t *testing.T) {
	s := open(t, "")
	var last string
	for _, name := range []string{"a.js", "b.js", "c.js", "d.js", "e.js", "f.js", "g.js", "h.js", "i.js"} {
		last = write(t, name, name)
		s.document.OpenPath(last)
	}
	s.document.OpenPath(last)
	if list := s.store.Recent(); len(list) != 8 || list[0] != last || list[1] == last {
		t.Errorf("recent are %v", list)
	}
}

// TestWhatCannotBeOpened: whatever a file is, the text in the editor stays until
// another can take its place.
func TestWhatCannotBeOpened(t *testing.T) {
	s := open(t, "")
	s.document.Load("", "mine")
	folder := t.TempDir()
	for name, path := range map[string]string{
		"not a text file":  write(t, "a.js", "a\x00b"),
		"not a text":       write(t, "binary.js", "\x7fELF\x00\x01\xff"),
		"not a file":       folder,
		"longer than":      write(t, "long.js", strings.Repeat("x", engine.MaxSource+1)),
		"no such file":     filepath.Join(folder, "nothing.js"),
		"is not a file":    os.DevNull,
		"longer than a gu": write(t, "evil\u202e.js", strings.Repeat("x", engine.MaxSource+1)),
	} {
		s.document.Dropped([]fyne.URI{storage.NewFileURI(path)})
		if !s.dialogOpen() || s.editor.Text() != "mine" || s.document.Path != "" {
			t.Errorf("%s: the editor has %.20q", name, s.editor.Text())
			continue
		}
		if said := s.dialogText(); !strings.Contains(said, name) || strings.ContainsRune(said, '\u202e') {
			t.Errorf("says %q, want something about %q", said, name)
		}
		s.typedKey(escape)
	}
}

// dialogText is all that the dialog on top says.
func (s *stage) dialogText() string {
	var out []string
	for _, o := range test.LaidOutObjects(s.window.window.Canvas().Overlays().Top()) {
		if text, ok := o.(*canvas.Text); ok {
			out = append(out, text.Text)
		}
	}
	return strings.Join(out, " ")
}

// TestDropped: a file that is dragged onto the window opens, and is not run;
// changes are asked about first.
func TestDropped(t *testing.T) {
	s := open(t, "")
	path := write(t, "dropped.js", "for(;;);")
	s.document.Load("", "old")
	s.document.Dropped([]fyne.URI{storage.NewFileURI(path)})
	if s.editor.Text() != "for(;;);" || s.document.Path != path || s.live.Running() {
		t.Errorf("dropped, the editor has %q of %s", s.editor.Text(), s.document.Path)
	}
	s.editor.ReplaceText("changed")
	s.document.Dropped([]fyne.URI{storage.NewFileURI(path)})
	if !s.dialogOpen() || s.editor.Text() != "changed" {
		t.Fatal("changes went without a question")
	}
	s.press("Cancel")
	if s.editor.Text() != "changed" {
		t.Error("the changes are gone")
	}
	s.document.Dropped(nil)
}

// TestFileDialogs: they show the folder of the file that is open.
func TestFileDialogs(t *testing.T) {
	s := open(t, "")
	s.document.OpenPath(write(t, "beside.js", "1"))
	for name, show := range map[string]func(){"open": s.document.OpenDialog, "save": func() { s.document.SaveAs(nil) }} {
		show()
		if !s.dialogOpen() || !strings.Contains(s.dialogText(), "beside") {
			t.Errorf("%s shows %q", name, s.dialogText())
		}
		s.typedKey(escape)
		if s.dialogOpen() {
			t.Errorf("%s: Esc leaves it open", name)
		}
	}
}

// TestLineEnds: a file keeps the line ends that it has, and has no changes just
// for being opened.
func TestLineEnds(t *testing.T) {
	for _, c := range []struct{ before, after string }{
		{"a;\r\nb;\r\n", "a;\r\nb;\r\nc"},
		{"a;\nb;\n", "a;\nb;\nc"},
	} {
		s := open(t, "")
		path := write(t, "ends.js", c.before)
		s.document.OpenPath(path)
		s.document.Settle()
		if s.document.Dirty() {
			t.Errorf("%q has changes when it is opened", c.before)
		}
		s.editor.ReplaceText(s.editor.Text() + "c")
		s.document.Save()
		if data, err := os.ReadFile(path); err != nil || string(data) != c.after || s.document.Dirty() {
			t.Errorf("%q saved is %q, %v", c.before, data, err)
		}
	}
}

// TestLongFilesOpenSoon: neither many lines nor one long one hold up the window.
func TestLongFilesOpenSoon(t *testing.T) {
	for name, text := range map[string]string{
		"5 MB":        strings.Repeat("const x = 'a line of the usual length, or a little more';\n", 90_000),
		"a 1 MB line": "const s = '" + strings.Repeat("y", 1<<20) + "';",
	} {
		s := open(t, "")
		path := write(t, "long.js", text)
		began := time.Now()
		s.document.OpenPath(path)
		s.window.window.Content().Refresh()
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s opened after %v", name, took)
		}
		if s.document.Path != path {
			t.Errorf("%s did not open", name)
		}
	}
}

// TestKeptWhileTyping: however long a person types without a pause, no edit waits
// a second to be kept.
func TestKeptWhileTyping(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder)
	s.document.Load("", "")
	s.typeInEditor()
	kept := 0
	for began := time.Now(); time.Since(began) < 3*time.Second; time.Sleep(60 * time.Millisecond) {
		s.editor.TypedRune('x')
		select {
		case f := <-s.work:
			f()
			kept++
		default:
		}
	}
	if kept < 2 {
		t.Errorf("kept %d times in 3 s of typing", kept)
	}
	s.store.Wait()
	if text, ok := s.store.Text(); !ok || len(text.Text) < 10 {
		t.Errorf("on disk is %q", text.Text)
	}
}

// TestNewStartsClean: a new document has the default limits and no grant,
// whatever the last one had, and nothing is left of its run.
func TestNewStartsClean(t *testing.T) {
	s := open(t, "")
	one, err := presets.Find("rob-the-vault")
	if err != nil {
		t.Fatal(err)
	}
	s.library.Show(one)
	s.toggle("ask.db").Tapped(nil)
	s.document.New()
	setup := s.library.Setup()
	if len(setup.Changes(session.Setup{})) > 0 || len(setup.Secrets) > 0 || slices.Contains(s.settings.Kept().AskFirst, "db") {
		t.Errorf("a new document has %+v", setup)
	}
	if s.settings.Profile() != presets.Profiles[0].Title {
		t.Errorf("the profile is %q", s.settings.Profile())
	}
	if s.editor.Text() != "" {
		t.Errorf("the editor has %q", s.editor.Text())
	}
}

// TestNothingIsLeftOfAFormerRun: another document, however it comes, has no
// verdict, console, room or marks of the one before.
func TestNothingIsLeftOfAFormerRun(t *testing.T) {
	path := write(t, "other.js", "1 + 1\n")
	lesson, err := presets.Find("the-doors")
	if err != nil {
		t.Fatal(err)
	}
	for name, leave := range map[string]func(*stage){
		"a file":   func(s *stage) { s.document.OpenPath(path) },
		"new":      func(s *stage) { s.document.Empty() },
		"a lesson": func(s *stage) { s.library.Show(lesson) },
		"dropped":  func(s *stage) { s.document.Settle(); s.document.Dropped([]fyne.URI{storage.NewFileURI(path)}) },
		"stashed":  func(s *stage) { s.document.LoadKept(document.Kept{Text: "2"}) },
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, "")
			s.document.OpenPath(write(t, "first.js", "console.log('one of the first');\nprocess.env\n"))
			s.Run()
			s.settleDown()
			if len(s.editor.Marks()) == 0 || !s.shows("one of the first") {
				t.Fatal("the run does not show")
			}
			leave(s)
			s.window.window.Content().Refresh()
			if len(s.editor.Marks()) > 0 || s.shows("one of the first") || s.inspector.State.Ended != nil || s.inspector.Verdict.Title.Text != (&inspector.State{}).Verdict().Title {
				t.Errorf("of the former run is left: marks %v, verdict %q", s.editor.Marks(), s.inspector.Verdict.Title.Text)
			}
			for _, d := range s.inspector.Known.Doors {
				if d.Count > 0 {
					t.Errorf("door %s is still tried", d.Name)
				}
			}
		})
	}
}

// TestLeavingARunUnderWay: it is stopped, and its end is shown beside no other
// document.
func TestLeavingARunUnderWay(t *testing.T) {
	s := open(t, "")
	s.document.Load("", "for(;;) console.log('of the loop')")
	s.Run()
	s.document.Load("", "1 + 1")
	for late := time.Now().Add(20 * time.Second); s.live.Running() || len(s.work) > 0; {
		select {
		case f := <-s.work:
			f()
		case <-time.After(5 * time.Millisecond):
		}
		if time.Now().After(late) {
			t.Fatal("the run goes on")
		}
	}
	s.window.window.Content().Refresh()
	if s.shows("of the loop") || s.inspector.State.Ended != nil || s.run.Disabled() {
		t.Errorf("of the stopped run is shown %q", s.inspector.Verdict.Title.Text)
	}
	s.Run()
	s.settleDown()
	if r := s.inspector.State.Ended.Result; r == nil || r.Preview != "2" {
		t.Errorf("the next run gives %+v", r)
	}
}

// TestRestoreShowsTheBeginning: also where the view was scrolled.
func TestRestoreShowsTheBeginning(t *testing.T) {
	s := open(t, "")
	one, err := presets.Find("the-doors")
	if err != nil {
		t.Fatal(err)
	}
	s.library.Show(one)
	s.editor.ReplaceText(strings.Repeat("a long line of the reader's own, "+strings.Repeat("x", 300)+"\n", 200))
	s.editor.GoTo(180, 250)
	s.library.RestoreGuest()
	s.window.window.Content().Refresh()
	first := strings.Fields(one.Setup.Code)[0]
	if !s.shows(first) {
		t.Errorf("%q is not in sight", first)
	}
}
