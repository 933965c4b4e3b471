package ui

import (
	"context"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"sealedroom/engine/bridge"
	"sealedroom/presets"
	"sealedroom/ui/cli"
	"sealedroom/ui/control"
	"sealedroom/ui/document"
	"sealedroom/ui/picker"
	"sealedroom/ui/theme"
	"sealedroom/ui/uitest"
)

// scenario is a built-in one.
func scenario(t testing.TB, name string) *presets.Scenario {
	t.Helper()
	s, err := presets.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// tells reports whether the lesson's pane shows these words now, on one line or
// several.
func (s *stage) says(words string) bool {
	s.window.window.Content().Refresh()
	return strings.Contains(uitest.Words(s.library.Lesson.Object), words)
}

// study runs what is in the window.
func (s *stage) study() {
	s.t.Helper()
	s.inspector.State.Ended = nil
	s.Run()
	s.settleDown()
}

// read plays what waits until a folder is read.
func (s *stage) read() {
	s.t.Helper()
	s.store.Wait()
	for len(s.work) > 0 {
		(<-s.work)()
	}
}

// TestOpeningRunsNothing: a scenario brings its guest and its room, and waits.
func TestOpeningRunsNothing(t *testing.T) {
	s := open(t, "")
	s.play("1")
	s.library.Open(scenario(t, "rob-the-vault"))
	if s.live.Running() || s.inspector.State.Started != nil {
		t.Error("opening a scenario ran it, or left another verdict there")
	}
	if !strings.Contains(s.editor.Text(), "SELECT api_key") || s.settings.Kept().Grants["db"] != bridge.Naive || s.settings.Setup().Limits.Wall() != 10*time.Second {
		t.Errorf("in the window are %q, %v", s.editor.Text(), s.settings.Kept().Grants)
	}
	if !s.shows("12. Rob the vault, then mend it") || !s.shows("lesson 12 of 14") || !s.shows("12 of 14") {
		t.Error("the window does not show the lesson")
	}
}

// TestUnsavedTextIsKept: text that is in no file is asked about, a lesson's
// guest is kept as it was left.
func TestUnsavedTextIsKept(t *testing.T) {
	s := open(t, t.TempDir())
	s.editor.ReplaceText("typed by hand")
	teller, rob := scenario(t, "the-teller"), scenario(t, "rob-the-vault")
	s.library.Open(teller)
	if !s.dialogOpen() || s.editor.Text() != "typed by hand" {
		t.Fatal("not asked")
	}
	s.press("Go on without saving")
	if kept, ok := s.store.Stashed(); !ok || kept.Text != "typed by hand" {
		t.Errorf("put aside is %q", kept.Text)
	}
	s.editor.ReplaceText("changed in the lesson")
	s.library.Open(rob)
	if s.dialogOpen() || s.document.Scenario != rob {
		t.Fatal("asked about a lesson's guest, which is kept")
	}
	s.library.Open(teller)
	if s.editor.Text() != "changed in the lesson" || !s.compare.Visible() {
		t.Errorf("the guest is %q now", s.editor.Text())
	}
	s.library.RestoreGuest()
	if s.editor.Text() != teller.Setup.Code || s.compare.Visible() {
		t.Error("the lesson's guest is not back")
	}
	s.editor.Undo()
	if s.editor.Text() != "changed in the lesson" {
		t.Error("restoring can't be undone")
	}
}

// TestLinksKeepWhatWasWritten: a link that puts another guest into the editor
// costs no person the one they wrote.
func TestLinksKeepWhatWasWritten(t *testing.T) {
	s := open(t, "")
	s.library.Open(scenario(t, "limits-of-time"))
	s.editor.ReplaceText("written by hand")
	s.library.Follow(presets.Link{Set: "code=waiting"})
	s.library.Next()
	s.library.Back()
	if s.editor.Text() != "written by hand" {
		t.Errorf("the guest is %q", s.editor.Text())
	}
}

// TestLinksChangeTheRoom: a link sets what the next run is made of, says so and
// points at it, and runs nothing.
func TestLinksChangeTheRoom(t *testing.T) {
	s := open(t, "")
	s.library.Open(scenario(t, "limits-of-time"))
	s.library.Follow(presets.Link{Set: "cpu=100ms&wall=10s&code=waiting"})
	if s.settings.Setup().Limits.CPU() != 100*time.Millisecond || s.settings.Setup().Limits.Wall() != 10*time.Second || !strings.Contains(s.editor.Text(), "'waited'") {
		t.Errorf("set are %v %v, %q", s.settings.Setup().Limits.CPU(), s.settings.Setup().Limits.Wall(), s.editor.Text())
	}
	for _, want := range []string{"CPU time 100 ms, was no limit", "Wall time 10 s, was 300 ms", "another guest"} {
		if !strings.Contains(s.library.Lesson.Said(), want) {
			t.Errorf("said is %q, without %q", s.library.Lesson.Said(), want)
		}
	}
	if s.live.Running() || len(s.pointer.Layer.Objects) == 0 {
		t.Error("it ran, or nothing is pointed at")
	}
	if !strings.Contains(s.library.NextRun.Said(), "changed from the lesson") || !s.compare.Visible() {
		t.Errorf("the change does not show: %q", s.library.NextRun.Said())
	}
	s.library.RestoreRoom()
	if strings.Contains(s.library.NextRun.Said(), "changed") || s.settings.Setup().Limits.CPU() != 0 {
		t.Error("the lesson's limits are not back")
	}
	s.library.Open(scenario(t, "the-teller"))
	s.library.Follow(presets.Link{Set: "grant.db=off"})
	if how := s.settings.Kept().Grants["db"]; how != bridge.Off {
		t.Errorf("db is granted %v", how)
	}
	s.library.Follow(presets.Link{Scenario: "rob-the-vault"})
	if s.document.Scenario.Name != "rob-the-vault" {
		t.Error("a link to another scenario does not lead there")
	}
}

// TestLinksShowParts: every part that a link may name can be pointed at.
func TestLinksShowParts(t *testing.T) {
	s := open(t, "")
	s.library.Open(scenario(t, "the-teller"))
	for _, part := range presets.Parts {
		s.pointer.Clear()
		s.library.Follow(presets.Link{Show: part})
		if len(s.pointer.Layer.Objects) == 0 {
			t.Errorf("nothing is pointed at for %s", part)
		}
	}
}

// TestWebLinksAreShownFirst: the address is read before anything is opened.
func TestWebLinksAreShownFirst(t *testing.T) {
	s := open(t, "")
	s.library.Open(scenario(t, "the-teller"))
	s.library.Follow(presets.Link{Web: "https://example.org/page"})
	if !s.dialogOpen() {
		t.Fatal("no question")
	}
	s.press("Copy")
	if got := s.app.Clipboard().Content(); got != "https://example.org/page" {
		t.Errorf("copied is %q", got)
	}
	s.press("Cancel")
}

// TestRobAndMend plays lesson 12 as its reader would, with real runs: predict,
// rob, choose what mends it, run again.
func TestRobAndMend(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder)
	rob := scenario(t, "rob-the-vault")
	s.library.Open(rob)
	if s.says("What happened") || s.says("Mend it") || s.says("Find it, fix it") {
		t.Error("the end is shown before a run")
	}
	ask := rob.Predict[0]
	s.library.Lesson.OnAnswer(ask, 0)
	if !s.says("✗ not this one") || !s.says("✓ this is it") || !s.says("SQL is a whole language.") {
		t.Error("a wrong guess is not marked, or not explained")
	}
	s.study()
	progress := s.library.Progress(rob)
	if !rob.Done(progress, 0) || rob.Done(progress, 1) || rob.Solved(progress) {
		t.Fatalf("after the robbery: %+v", progress)
	}
	if !s.says("What happened") || !s.says("Find it, fix it") || s.says("The rule") {
		t.Error("after the run, what happened is not shown, or too much is")
	}
	s.library.Lesson.OnAnswer(rob.Fix.Question, 0)
	if s.says("The rule") || !s.says("There is nothing to escape.") {
		t.Error("a wrong choice is taken, or not explained")
	}
	s.library.Lesson.OnAnswer(rob.Fix.Question, rob.Fix.Right)
	if s.settings.Kept().Grants["db"] != bridge.Hardened || !s.says("The rule") {
		t.Error("the right choice changes nothing")
	}
	if rob.Solved(s.library.Progress(rob)) {
		t.Error("it counts as mended before it was run")
	}
	s.study()
	if !rob.Solved(s.library.Progress(rob)) || !strings.Contains(s.library.Lesson.Said(), "✓ Solved") || !strings.Contains(s.status.right.Text, "lessons solved 1 of 14") {
		t.Errorf("after mending: %+v, %q, %q", s.library.Progress(rob), s.library.Lesson.Said(), s.status.right.Text)
	}

	s.store.Wait()
	again := open(t, folder) // the app was gone in between
	again.restore()
	if again.document.Scenario == nil || again.document.Scenario.Name != "rob-the-vault" || !again.library.Solved(again.document.Scenario) || again.live.Running() {
		t.Error("the progress is lost, or the lesson is not open again, or it was run")
	}
	if again.document.Scenario != nil && again.document.Scenario.Fix.Chosen(again.library.Progress(rob)) != rob.Fix.Right {
		t.Error("the answers are lost")
	}
	again.library.ForgetProgress()
	again.press("Forget All")
	if again.library.Progress(rob).Ran || strings.Contains(again.status.right.Text, "solved 1") {
		t.Error("the progress is not forgotten")
	}
}

// TestEveryGoalTicks: whatever way a lesson offers to a goal, going it in the
// window ticks the goal.
func TestEveryGoalTicks(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every lesson")
	}
	s := open(t, "")
	for _, one := range presets.Lessons(presets.BuiltIn()) {
		for i, goal := range one.Goals {
			if one.Setup.Native && goal.By == "" {
				continue // only a switch leads there: TestLessonOfTheWalls throws it
			}
			s.library.Open(one)
			s.library.Follow(presets.Link{Set: goal.By})
			s.study()
			if !one.Done(s.library.Progress(one), i) {
				t.Errorf("%s: goal %d is not reached: %s", one.Name, i+1, s.inspector.State.Verdict().Sentence)
			}
		}
	}
}

func TestNextAndBack(t *testing.T) {
	s := open(t, "")
	s.library.Next() // from nowhere to the first lesson
	if s.document.Scenario == nil || s.document.Scenario.Lesson != 1 || !s.walk.Back.Disabled() {
		t.Fatalf("next leads to %+v", s.document.Scenario)
	}
	s.library.Next()
	s.library.Next()
	s.library.Back()
	if s.document.Scenario.Lesson != 2 || !strings.Contains(uitest.Words(s.walk.Object), "2 of 14") {
		t.Errorf("at lesson %d, %q", s.document.Scenario.Lesson, uitest.Words(s.walk.Object))
	}
	s.library.Open(scenario(t, "out-in-the-world"))
	s.library.Next()
	if s.document.Scenario.Lesson != 14 || !s.dialogOpen() || !strings.Contains(s.dialogText(), "challenge · ") {
		t.Error("the last lesson does not lead to the challenges")
	}
	s.typedKey(escape)
	var last *presets.Scenario
	for _, one := range presets.BuiltIn() {
		if one.Lesson == 0 && one.Group == "Attacks" {
			last = one
		}
	}
	s.library.Open(last)
	s.library.Next()
	if !s.dialogOpen() {
		t.Error("the end of a group leads nowhere")
	}
	s.typedKey(escape)
}

// tapLink presses the link in the lesson's pane that says so.
func (s *stage) tapLink(say string) bool {
	for _, o := range test.LaidOutObjects(s.library.Lesson.Object) {
		if link, ok := o.(*control.Link); ok && strings.HasPrefix(link.Text, say) {
			link.OnTapped()
			return true
		}
	}
	return false
}

// TestTheWayOn: at the end of the text and, once a lesson is solved, below it, also
// after a second run; and what is still open is said until then.
func TestTheWayOn(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder)
	one := scenario(t, "rob-the-vault")
	s.library.Open(one)
	if !s.tapLink("Next: 13.") || s.document.Scenario.Lesson != 13 {
		t.Error("the text's end does not lead on")
	}
	s.library.Open(one)
	s.Run()
	s.settleDown()
	if said := s.library.Lesson.Said(); s.library.Solved(one) || !strings.Contains(said, "Still open: ") {
		t.Errorf("after the first run it says %q", said)
	}
	done := presets.Progress{Ran: true, Mended: true, Answers: map[string]string{one.Fix.Ask: one.Fix.Choices[one.Fix.Right].Say}}
	for _, goal := range one.Goals {
		done.Reached = append(done.Reached, goal.Goal)
	}
	s.store.KeepProgress(map[string]presets.Progress{one.Key(): done})
	s.store.Wait()
	s = open(t, folder)
	s.library.Open(one)
	for range 2 {
		s.Run()
		s.settleDown()
		if said := s.library.Lesson.Said(); !strings.Contains(said, "✓ Solved.") || !s.tapLink("Next: 13.") {
			t.Errorf("solved, it says %q", said)
		}
		s.library.Show(one)
	}
}

// TestStartOver: one lesson's progress and guest go, and no other's.
func TestStartOver(t *testing.T) {
	s := open(t, t.TempDir())
	one, other := scenario(t, "the-room"), scenario(t, "the-doors")
	s.library.Open(other)
	s.editor.ReplaceText("2 // another guest")
	s.library.Open(one)
	s.editor.ReplaceText("1 // mine")
	s.document.Draft()
	s.study()
	s.library.StartOver()
	s.press("Start Over")
	if s.editor.Text() != one.Setup.Code || s.library.Standing(one) != picker.Untouched || s.library.Progress(one).Draft != "" {
		t.Errorf("the lesson is %v, the guest %q", s.library.Standing(one), s.editor.Text())
	}
	if s.library.Standing(other) != picker.Begun {
		t.Error("another lesson is forgotten with it")
	}
}

// TestOwnScenarioThatFails: the window says what was expected and what came.
func TestOwnScenarioThatFails(t *testing.T) {
	s := open(t, "")
	path := write(t, "three.md", "---\ntitle: Three\nexpect:\n  outcome: ok\n  result: \"3\"\n---\n\nAdd.\n\n```js\n2 + 2\n```\n")
	s.document.OpenPath(path)
	s.Run()
	s.settleDown()
	if said := s.library.Lesson.Said(); !strings.Contains(said, "Not as the file expects") || !strings.Contains(said, "4") || !strings.Contains(said, "3") {
		t.Errorf("it says %q", said)
	}
	s.editor.ReplaceText("1 + 2")
	s.Run()
	s.settleDown()
	if said := s.library.Lesson.Said(); strings.Contains(said, "Not as") {
		t.Errorf("a changed guest gives %q", said)
	}
}

// TestOwnFolderInOrder: by its files' names, under headings of their groups, and
// the list shows them first.
func TestOwnFolderInOrder(t *testing.T) {
	s := open(t, "")
	folder := t.TempDir()
	for name, text := range map[string]string{
		"01-z.md": "---\ntitle: Zebra\ngroup: Attacks\nlevel: 3\n---\n\n```js\n1\n```\n",
		"02-a.md": "---\ntitle: Ape\ngroup: Limits\nlevel: 1\n---\n\n```js\n1\n```\n",
		"03-b.md": "---\ntitle: Bear\ngroup: Attacks\nlevel: 1\n---\n\n```js\n1\n```\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.library.Open(scenario(t, "out-in-the-world"))
	s.library.Pick()
	s.library.ReadFolder(folder, nil)
	s.read()
	var titles []string
	own, _ := s.library.Own()
	for _, one := range own {
		titles = append(titles, one.Title)
	}
	if strings.Join(titles, " ") != "Zebra Ape Bear" {
		t.Errorf("the order is %v", titles)
	}
	text := s.dialogText()
	for _, want := range []string{"Zebra", "· Attacks", "· Limits"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in sight: %.200s", want, text)
		}
	}
	s.typedKey(escape)
}

// TestRunStaysInPlace: whatever is open, the buttons to run and to stop are where
// they were, and every title of the app's own fits.
func TestRunStaysInPlace(t *testing.T) {
	s := open(t, "")
	s.library.Open(scenario(t, "the-room"))
	s.window.window.Content().Refresh()
	at := s.run.Position()
	for _, one := range presets.BuiltIn() {
		s.library.Show(one)
		s.window.window.Content().Refresh()
		if s.run.Position() != at {
			t.Fatalf("with %q, Run is at %v, not %v", one.Title, s.run.Position(), at)
		}
		if need := s.picked.NaturalWidth(); need > s.picked.Size().Width {
			t.Errorf("%q needs %v of %v", one.Title, need, s.picked.Size().Width)
		}
	}
	s.document.OpenPath(write(t, "a-file-with-a-rather-long-name-indeed.js", "1"))
	s.window.window.Content().Refresh()
	if s.run.Position() != at {
		t.Errorf("with a file, Run is at %v", s.run.Position())
	}
	s.editor.ReplaceText("2")
	if !strings.HasPrefix(s.caret.Text, "JAVASCRIPT · LN") {
		t.Errorf("the place of the caret is %q", s.caret.Text)
	}
	s.library.Show(scenario(t, "the-doors"))
	s.editor.ReplaceText("2")
	s.window.window.Content().Refresh()
	if s.caret.Size().Width < s.caret.NaturalWidth() || !s.compare.Visible() || s.compare.Size().Width == 0 {
		t.Errorf("the place of the caret has %v of %v", s.caret.Size().Width, s.caret.NaturalWidth())
	}
}

func TestPickerByKeyboard(t *testing.T) {
	s := open(t, "")
	s.library.Pick()
	c := s.window.window.Canvas()
	for _, letter := range "mend it" {
		c.Focused().TypedRune(letter)
	}
	c.Focused().TypedKey(enter)
	if s.dialogOpen() || s.document.Scenario == nil || s.document.Scenario.Name != "rob-the-vault" {
		t.Fatalf("chosen is %+v", s.document.Scenario)
	}
	s.library.Pick()
	c.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	c.Focused().TypedKey(enter)
	if s.document.Scenario.Lesson != 13 {
		t.Errorf("one further down is %s", s.document.Scenario.Name)
	}
	s.library.Pick()
	c.Focused().TypedKey(escape)
	if s.dialogOpen() {
		t.Error("Esc does not close the list")
	}
}

const mine = "---\ntitle: Mine\nexpect: {outcome: ok}\n---\nText.\n\n~~~js\n40 + 2\n~~~\n"

// TestOwnFolder: what can be read of a folder is offered, what can't be is
// listed with its error, and the folder is remembered.
func TestOwnFolder(t *testing.T) {
	folder, own := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{
		"good.md": mine, "bad.md": "---\ntitle: x\nfoo: 1\n---\n~~~js\n1\n~~~\n", "yaml.md": "---\ntitle: [\n---\n", "empty.md": "",
		"latin.md": "---\ntitle: caf\xe9\n---\n~~~js\n1\n~~~\n", "nocode.md": "---\ntitle: x\n---\nno code\n",
	} {
		if err := os.WriteFile(filepath.Join(own, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(own, "link.md")); err != nil {
		t.Log(err)
	}
	big := filepath.Join(own, "big.md")
	if err := os.WriteFile(big, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(big, 50<<20); err != nil {
		t.Fatal(err)
	}
	s := open(t, folder)
	s.editor.ReplaceText("typed by hand")
	s.open(cli.Document{Folder: own})
	s.read()
	if scenarios, problems := s.library.Own(); len(scenarios) != 1 || len(problems) != 8 || s.editor.Text() != "typed by hand" {
		t.Fatalf("%d scenarios, problems %q, text %q", len(scenarios), problems, s.editor.Text())
	}
	s.window.window.Content().Refresh()
	for _, want := range []string{"Yours", "bad.md:3: unknown key", "big.md: is 52428800 bytes long", "latin.md:2: is not UTF-8"} {
		if !s.listed(want) {
			t.Errorf("the list does not show %q", want)
		}
	}
	s.typedKey(escape)
	again := document.NewStore(s.app.Preferences(), folder, nil)
	if again.Folder() != own {
		t.Error("the folder is not remembered")
	}
	for name := range map[string]bool{"bad.md": true, "big.md": true, "link.md": true, "latin.md": true} {
		s.document.OpenPath(filepath.Join(own, name))
		if !s.dialogOpen() || s.editor.Text() != "typed by hand" || s.document.Scenario != nil {
			t.Errorf("%s: opened, or the text is lost: %q", name, s.editor.Text())
		}
		s.typedKey(escape)
	}
}

// listed says whether the dialog on top shows these words.
func (s *stage) listed(words string) bool {
	for _, o := range test.LaidOutObjects(s.window.window.Canvas().Overlays().Top()) {
		if text, ok := o.(*canvas.Text); ok && strings.Contains(text.Text, words) {
			return true
		}
	}
	return false
}

// TestSaveWhatWasDone: the window's guest, limits and grants become a scenario
// that agrees with the run, and can be changed and saved again.
func TestSaveWhatWasDone(t *testing.T) {
	own := t.TempDir()
	s := open(t, "")
	s.open(cli.Document{Folder: own})
	s.read()
	s.typedKey(escape) // the list
	s.settings.Grants.Set(map[string]bridge.Grant{"kv": bridge.Hardened})
	s.settingsChanged()
	s.document.Load("", "kv.set('a', 1); process")
	s.study()
	s.library.SaveAs()
	s.window.window.Canvas().Focused().(interface{ SetText(string) }).SetText("My own Robbery!")
	s.press("Save")
	path := filepath.Join(own, "my-own-robbery.md")
	made, err := presets.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if made.Expect == nil || made.Expect.Outcome != "exception" || made.Expect.Blocked[0] != "process" || made.Setup.Grants["kv"] != bridge.Hardened || made.Setup.Code != "kv.set('a', 1); process\n" {
		t.Errorf("saved is %+v, %+v", made.Expect, made.Setup)
	}
	s.read()
	if scenarios, _ := s.library.Own(); s.document.Scenario == nil || s.document.Scenario.Path != path || len(scenarios) != 1 {
		t.Fatalf("after saving, %v is open, and the folder has %d", s.document.Scenario, len(scenarios))
	}
	s.editor.ReplaceText("kv.set('a', 2)\n")
	s.study()
	s.document.Save()
	s.press("Save")
	s.read()
	if again, err := presets.Load(path); err != nil || again.Setup.Code != "kv.set('a', 2)\n" || again.Expect.Outcome != "ok" {
		t.Errorf("saved again is %+v, %v", again, err)
	}
	if s.compare.Visible() || s.library.Progress(s.document.Scenario).Draft != "" {
		t.Error("after saving, the guest still counts as changed")
	}
	s.library.SaveAs()
	s.window.window.Canvas().Focused().(interface{ SetText(string) }).SetText("My own Robbery!")
	s.press("Save")
	if data, _ := os.ReadFile(path); !strings.Contains(string(data), "kv.set('a', 2)") {
		t.Error("a file that is there was replaced")
	}
}

// TestHostileScenario: what a file holds that would fool a reader shows as what
// it is.
func TestHostileScenario(t *testing.T) {
	path := write(t, "evil.md", "---\ntitle: \"Nice\u202eevil\"\n---\n<script>alert(1)</script>\n\n![track](https://evil.example/x.png) [go](javascript:alert(1)) [set](set:wall=99999h)\n\n~~~js\nfor(;;); // \u202e harmless\n~~~\n")
	s := open(t, "")
	s.document.OpenPath(path)
	if s.document.Scenario == nil || s.live.Running() {
		t.Fatal("not opened, or run")
	}
	for _, want := range []string{`\u202e`, "<script>", "[picture: track]", "Look at these lines of the file"} {
		if !s.says(want) && !s.shows(want) {
			t.Errorf("the window does not show %q", want)
		}
	}
	for _, text := range texts(s) {
		if strings.ContainsRune(text, '\u202e') {
			t.Errorf("drawn is %q", text)
		}
	}
}

func TestCompare(t *testing.T) {
	s := open(t, "")
	s.library.Open(scenario(t, "the-teller"))
	s.editor.ReplaceText("const mine = 1;\n" + s.editor.Text())
	s.library.Follow(presets.Link{Set: "wall=3s"})
	s.library.Compare()
	for _, want := range []string{"const mine = 1;", "+", "Wall time: 3 s, the lesson has 10 s"} {
		if !s.listed(want) {
			t.Errorf("the comparison does not show %q", want)
		}
	}
	s.press("Restore the lesson's")
	if s.editor.Text() != s.document.Scenario.Setup.Code || s.settings.Setup().Limits.Wall() != 10*time.Second {
		t.Error("not restored")
	}
}

// TestLessonHolds: with a lesson, too, the window fits the smallest screen.
func TestLessonHolds(t *testing.T) {
	s := open(t, "")
	s.library.Open(scenario(t, "how-fast"))
	s.study()
	for _, scale := range []float32{0.8, 1, 1.5, 2} {
		s.setAppearance(theme.AlwaysLight, scale)
		for _, present := range []bool{false, true} {
			for _, limits := range []bool{false, true} {
				s.showLimits(limits)
				if size := s.window.window.Content().MinSize(); size.Width > 1024 || size.Height > 660 {
					t.Errorf("at %v, presenting %v, limits %v: the window needs %v", scale, present, limits, size)
				}
			}
			s.togglePresenter()
		}
	}
}

func TestLessonLayoutKept(t *testing.T) {
	s := open(t, "")
	s.library.Open(scenario(t, "the-teller"))
	s.showLimits(true)
	s.reading.SetOffset(0.4)
	s.store.KeepLayout(s.layoutNow())
	s.openLesson(false)
	s.openLesson(true)
	s.showLimits(false)
	s.showLimits(true)
	s.reading.SetOffset(0.2)
	s.limitsBeside = false
	s.app.Preferences().SetFloat("reading", 0.4)
	s.rearrange(document.NewStore(s.app.Preferences(), "", nil))
	if !s.lessonOpen || !s.limitsBeside || s.reading.Offset != 0.4 {
		t.Errorf("restored %v %v %v", s.lessonOpen, s.limitsBeside, s.reading.Offset)
	}
}

// TestWhyLeadsToALesson: the paragraph behind a verdict leads on.
func TestWhyLeadsToALesson(t *testing.T) {
	s := open(t, "")
	s.play("process")
	s.inspector.Verdict.Explain()
	s.press("Lesson 10. The doors, one by one")
	if s.dialogOpen() || s.document.Scenario == nil || s.document.Scenario.Name != "the-doors" {
		t.Fatalf("open is %v", s.document.Scenario)
	}
	s.study()
	s.inspector.Verdict.Explain()
	s.press("Read on in the lesson")
	if s.dialogOpen() || !s.says("What each would give away") {
		t.Error("the lesson does not go on")
	}
}

// TestSnapshotOfALesson draws what its reader would see after a run.
func TestSnapshotOfALesson(t *testing.T) {
	for _, light := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "lesson.png")
		rob := scenario(t, "rob-the-vault")
		err := Snapshot(context.Background(), cli.Document{Scenario: rob}, cli.Picture{
			Path: path, Width: 1440, Height: 900, Light: light, Limits: rob.Setup.Limits, Grants: rob.Setup.Grants,
		})
		if err != nil {
			t.Fatal(err)
		}
		picture := pictureIn(t, path)
		colours := theme.Dark
		if light {
			colours = theme.Light
		}
		lesson, verdict := image.Rect(0, 60, 420, 860), image.Rect(900, 60, 1440, 220)
		if cards := uitest.Pixels(picture, lesson, colours.Raised); cards < 30_000 {
			t.Errorf("light %v: the lesson's cards have %d pixels", light, cards)
		}
		if choices := uitest.Pixels(picture, lesson, colours.Panel); choices < 30_000 { // those of the fix, which is shown after a run, too
			t.Errorf("light %v: the choices have %d pixels", light, choices)
		}
		if banner := uitest.Pixels(picture, verdict, colours.AmberTint); banner < 20_000 {
			t.Errorf("light %v: the verdict has %d pixels", light, banner)
		}
	}
}
