package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"sealedroom/engine"
	"sealedroom/ui/document"
	"sealedroom/ui/panes"
)

const profiledGuest = `const cache = [];
function slow() {
  let s = 0;
  for (let i = 0; i < 2e7; i++) s += Math.sqrt(i);
  return s;
}
for (let i = 0; i < 20000; i++) cache.push('entry ' + i);
for (let k = 0; k < 4; k++) slow();`

// TestProfileView samples a real run: the pane names its lines, a row leads to its
// line in the editor, the gutter shows the heat.
func TestProfileView(t *testing.T) {
	s := open(t, "")
	s.limit(engine.Limits{}.WithWall(30 * time.Second))
	pane := s.inspector.Profile
	s.inspector.Open(panes.ViewProfile)
	if !s.shows("Nothing has run yet") {
		t.Error("before a run the pane does not say how to get a profile")
	}
	s.play("1")
	if !s.shows("was not sampled") {
		t.Error("a run without a profile is not said to be one")
	}
	s.toggle("profile").Tapped(&fyne.PointEvent{})
	s.toggle("profile").Tapped(&fyne.PointEvent{})
	if s.settings.Kept().Profile {
		t.Error("the switch does not go back")
	}
	pane.Sample()
	if !s.settings.Kept().Profile || !s.library.Setup().Profile {
		t.Fatal("the switch does not reach the next run")
	}
	if next := document.NewStore(s.app.Preferences(), "", func(func()) {}); !next.Room().Profile {
		t.Error("the next start does not know the switch")
	}
	s.play(profiledGuest)
	if !s.shows("Line 4 took") || !s.shows("in use") {
		t.Errorf("the pane says %q", drawn(pane.Object))
	}
	if heat := s.editor.Heat(); heat[4] < 0.5 || heat[1] > 0.2 {
		t.Errorf("the gutter shows %v", heat)
	}
	for _, row := range pane.Rows {
		if row.Name == "slow" && row.Line != 4 {
			t.Errorf("slow leads to line %d", row.Line)
		}
	}
	pane.GoTo(4)
	if line, _ := s.editor.Caret(); line != 4 {
		t.Errorf("a row leads to line %d", line)
	}
	// What the run left is not said of another text.
	s.document.Load("", "2 + 2")
	if len(s.editor.Heat()) != 0 {
		t.Error("another text shows the heat of the run before")
	}
}

// TestMemoryStopNamesTheLine: after a stop at the memory limit the verdict says who
// filled the room.
func TestMemoryStopNamesTheLine(t *testing.T) {
	s := open(t, "")
	limits, err := engine.Limits{}.WithWall(time.Minute)
	if err == nil {
		limits, err = limits.WithMemory(32 << 20)
	}
	s.limit(limits, err)
	s.settings.SetProfile(true)
	s.play("const cache = [];\nfor (let i = 0; ; i++)\n  cache.push('x' + i);")
	if said := s.inspector.State.Verdict().Sentence; !strings.Contains(said, "Line 3 (“cache.push('x' + i);”) holds about") {
		t.Errorf("the verdict says %q", said)
	}
}
