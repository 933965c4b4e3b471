package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2/widget"

	"sealedroom/engine/bridge"
	"sealedroom/presets"
	"sealedroom/ui/document"
	"sealedroom/ui/editor"
	"sealedroom/ui/panes"
	"sealedroom/ui/theme"
)

// leave switches a wall off, as a person does.
func (s *stage) leave(wall string) {
	s.t.Helper()
	s.toggle("without." + wall).Tapped(nil)
}

// runs runs what is in the editor, to its end.
func (s *stage) runs() {
	s.Run()
	s.settleDown()
}

const openPlanted = "native.open(native.targets.file).ok"

// TestNativeHands: the guest gets them from the menu on, every wall is up, and
// the attempt is listed with the wall that refused it.
func TestNativeHands(t *testing.T) {
	s := open(t, "")
	s.document.Load("", openPlanted)
	if s.settings.Hands.Object.Visible() {
		t.Error("the switches are in sight in an ordinary room")
	}
	s.choose("Native Hands")
	if !s.settings.Hands.Object.Visible() || len(s.settings.Setup().Without) > 0 || s.run.Text != "Run" {
		t.Errorf("out are %v, the button says %q", s.settings.Setup().Without, s.run.Text)
	}
	s.runs()
	if r := s.inspector.State.Ended.Result; r == nil || r.Preview != "false" {
		t.Fatalf("opening the planted file gives %+v", s.inspector.State.Ended)
	}
	s.inspector.Open(panes.ViewCalls)
	s.window.window.Content().Refresh()
	for _, want := range []string{"NATIVE CALLS", "1 attempt", "native.open", "✓ held by seccomp", "Calls 1"} {
		if !s.shows(want) {
			t.Errorf("%q is not shown: %s", want, strings.Join(texts(s), " | "))
		}
	}
	if marks := s.editor.Marks(); len(marks) != 1 || marks[0].Note != "open by seccomp" {
		t.Errorf("marks are %v", marks)
	}
	if v := s.inspector.Verdict; v.Title.Text != "Breach: the walls held" || v.Warning.Visible() {
		t.Errorf("the verdict is %q, %q", v.Title.Text, v.Warning.Text)
	}
	s.choose("Native Hands")
	s.runs()
	s.inspector.Open(panes.ViewRoom)
	if s.inspector.Rings.Visible() || !s.inspector.Picture.Visible() {
		t.Error("an ordinary room shows the rings")
	}
	if s.inspector.State.Started.Breach != nil || s.settings.Hands.Object.Visible() {
		t.Error("the hands stay after they were taken away")
	}
}

// TestAWallOff: it is marked red wherever one looks, and what fell is said.
func TestAWallOff(t *testing.T) {
	s := open(t, "")
	s.document.Load("", "native.kill(native.targets.pid, 9).ok")
	s.settings.SetHands(!s.settings.Setup().Native)
	s.leave("seccomp")
	s.leave("landlock")
	if h := s.settings.Hands; h.Warning.Importance != widget.DangerImportance || !strings.HasPrefix(h.Warning.Text, "▲ 2 walls are off: landlock, seccomp") {
		t.Errorf("the panel says %q", h.Warning.Text)
	}
	if s.run.Importance != widget.DangerImportance || s.run.Text != "Run, 2 walls off" {
		t.Errorf("the button says %q", s.run.Text)
	}
	if said := s.library.NextRun.Said(); !strings.HasPrefix(said, "▲ 2 walls are off: landlock, seccomp · native hands") {
		t.Errorf("the line about the next run says %q", said)
	}
	s.runs()
	state := s.inspector.State
	if len(state.Fallen) == 0 {
		t.Fatalf("nothing fell: %+v", state.Hands)
	}
	if marks, _ := panes.MarksOf(state, func(line int) int { return line }); len(marks) != 1 || marks[0].Kind != editor.MarkWorked || marks[0].Note != "kill" {
		t.Errorf("the code is marked with %+v", marks)
	}
	v := s.inspector.Verdict
	if v.Icon.Text != "✗" || !v.Warning.Visible() || v.Warning.Importance != widget.DangerImportance || !strings.HasPrefix(v.Warning.Text, "▲ 2 walls are off: landlock, seccomp") {
		t.Errorf("the verdict is %s %q, warns of %q", v.Icon.Text, v.Title.Text, v.Warning.Text)
	}
	if text := s.status.left.Text; !strings.HasPrefix(text, "▲ 2 walls are off: landlock, seccomp · sealed: ") || strings.Contains(text, "lacking") {
		t.Errorf("the status line says %q", text)
	}
	if r := s.inspector.Rings; !r.Visible() || s.inspector.Picture.Visible() || !s.shows("landlock (off)") || !s.shows("thread-count") {
		t.Error("the rings are not shown, or not as they are")
	}
	s.leave("seccomp") // up again
	if s.run.Text != "Run, 1 wall off" || !strings.HasPrefix(s.settings.Hands.Warning.Text, "▲ 1 wall is off: landlock") {
		t.Errorf("the button says %q", s.run.Text)
	}
}

// TestGrantsWithHands: they are out of sight with why, none goes to the guest,
// and they are there again afterwards.
func TestGrantsWithHands(t *testing.T) {
	s := open(t, "")
	s.document.Load("", "typeof db")
	s.settings.Grants.Set(map[string]bridge.Grant{"db": bridge.Naive})
	s.settings.Grants.SetSecrets([]string{"MINE=abcdefgh"})
	s.settings.SetHands(!s.settings.Setup().Native)
	s.window.window.Content().Refresh()
	if s.settings.Grants.Object.Visible() || !strings.Contains(strings.Join(drawn(s.settings.Hands.Object), " "), "Native hands go with no grants") {
		t.Error("grants can be given to native hands, or it is not said why not")
	}
	s.runs()
	if e := s.inspector.State.Ended; e.Result == nil || e.Result.Preview != "undefined" {
		t.Errorf("the guest has a db: %+v", e)
	}
	s.settings.SetHands(!s.settings.Setup().Native)
	if !s.settings.Grants.Object.Visible() || s.settings.Kept().Grants["db"] != bridge.Naive {
		t.Error("the grants are gone")
	}
}

// TestWallsAreUpAgain: another guest finds every wall up, whatever way it comes.
func TestWallsAreUpAgain(t *testing.T) {
	s := open(t, "")
	file := filepath.Join(t.TempDir(), "other.js")
	if err := os.WriteFile(file, []byte("1"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, another := range map[string]func(){
		"a file": func() { s.document.OpenPath(file) }, "a scenario": func() { s.library.Show(scenario(t, "rob-the-vault")) },
		"a new guest": s.document.Empty, "kept text": func() { s.document.LoadKept(document.Kept{Text: "1"}) },
	} {
		s.settings.SetHands(!s.settings.Setup().Native)
		s.leave("landlock")
		another()
		if s.settings.Setup().Native || len(s.settings.Setup().Without) > 0 || s.settings.Hands.Object.Visible() || s.run.Text != "Run" || s.inspector.Breach != nil {
			t.Errorf("%s: a wall is off", name)
		}
		s.settings.SetHands(!s.settings.Setup().Native)
		if out := s.settings.Setup().Without; len(out) > 0 {
			t.Errorf("%s: with hands again, off are %v", name, out)
		}
		s.settings.SetHands(!s.settings.Setup().Native)
	}
}

// TestWallsAreNotKept: no setting, draft or scenario holds a wall that is off,
// and another start of the app finds all up.
func TestWallsAreNotKept(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder)
	s.library.Show(scenario(t, "rob-the-vault"))
	s.settings.SetHands(!s.settings.Setup().Native)
	s.leave("landlock")
	s.editor.ReplaceText("1")
	s.runs()
	s.document.Draft()
	s.store.Keep(s.document.Kept())
	s.store.Wait()
	if ran, usable := s.library.Ran(); usable || ran != nil {
		t.Error("a scenario may be made of, or solved by, a run without walls")
	}
	files, _ := filepath.Glob(filepath.Join(folder, "*"))
	if len(files) == 0 {
		t.Fatal("nothing was kept")
	}
	for _, file := range files {
		if data, _ := os.ReadFile(file); strings.Contains(string(data), "landlock") || strings.Contains(string(data), "hands") {
			t.Errorf("%s holds %s", filepath.Base(file), data)
		}
	}
	for _, key := range []string{keyLimits, keyGrants, keyAskFirst} {
		if text := s.app.Preferences().String(key); strings.Contains(text, "landlock") {
			t.Errorf("the setting %q is %s", key, text)
		}
	}
	again := newWindow(s.app, s.live.host, document.NewStore(s.app.Preferences(), folder, s.live.onMain), s.live.onMain)
	again.restore()
	if again.settings.Setup().Native || again.inspector.Breach != nil {
		t.Error("the next start finds native hands")
	}
}

// TestScenarioWithHands: opening one gives them, with every wall up, and leaving
// it takes them away.
func TestScenarioWithHands(t *testing.T) {
	s := open(t, "")
	s.library.Show(scenario(t, "open-a-file"))
	if !s.settings.Setup().Native || len(s.settings.Setup().Without) > 0 || s.hidden(partLimits) {
		t.Errorf("hands %v, off are %v", s.settings.Setup().Native, s.settings.Setup().Without)
	}
	s.runs()
	if b := s.inspector.State.Started.Breach; b == nil || len(s.inspector.State.Hands) == 0 {
		t.Error("the guest has no native hands")
	}
	if ran, _ := s.library.Ran(); ran == nil {
		t.Error("the run is none of the scenario's")
	}
	one := s.document.Scenario
	if s.library.Solved(one) {
		t.Error("solved with every wall up")
	}
	for _, wall := range []string{"seccomp", "landlock", "rlimit"} {
		s.leave(wall)
	}
	s.runs()
	if _, usable := s.library.Ran(); !s.library.Solved(one) || usable {
		t.Errorf("solved: %v, with a file to be made of it: %v; fallen %v", s.library.Solved(one), usable, s.inspector.State.Fallen)
	}
	s.library.Show(scenario(t, "rob-the-vault"))
	if s.settings.Setup().Native {
		t.Error("another scenario finds native hands")
	}
}

// TestLessonOfTheWalls: a person who does what the lesson says, in its order,
// reaches every goal that asks for a switch, one with each run.
func TestLessonOfTheWalls(t *testing.T) {
	s := open(t, "")
	s.library.Show(scenario(t, "what-isolates-dont-promise"))
	one := s.document.Scenario
	for i, walls := range [][]string{nil, {"seccomp"}, {"rlimit", "landlock"}} {
		if one.Done(s.library.Progress(one), i) {
			t.Errorf("goal %d is reached before its switch", i+1)
		}
		for _, wall := range walls {
			s.leave(wall)
		}
		s.runs()
		if !one.Done(s.library.Progress(one), i) {
			t.Errorf("goal %d is not reached: %+v", i+1, s.inspector.State.Hands)
		}
	}
	if len(s.inspector.State.Fallen) == 0 {
		t.Error("nothing fell")
	}
	s.library.Follow(presets.Link{Set: "code=clock"})
	s.runs()
	if !s.library.Solved(one) {
		t.Error("the lesson is not solved")
	}
	s.library.Next()
	if s.document.Scenario.Lesson != 14 || s.settings.Setup().Native {
		t.Errorf("lesson %d finds native hands: %v", s.document.Scenario.Lesson, s.settings.Setup().Native)
	}
}

// TestSwitchesInSight: a run with native hands has the switches of its walls in
// sight, beside a lesson and while presenting too.
func TestSwitchesInSight(t *testing.T) {
	s := open(t, "")
	s.library.Show(scenario(t, "rob-the-vault"))
	s.settings.SetHands(!s.settings.Setup().Native)
	s.showLimits(false)
	s.Run()
	if s.hidden(partLimits) {
		t.Error("the switches are hidden while the guest runs")
	}
	s.settleDown()
	for _, scale := range []float32{1, 2} {
		s.setAppearance(theme.AlwaysLight, scale)
		s.leave("landlock")
		s.leave("seccomp")
		s.window.window.Content().Refresh()
		if size := s.window.window.Content().MinSize(); size.Width > 1024 || size.Height > 660 {
			t.Errorf("at %v the window needs %v", scale, size)
		}
	}
}
