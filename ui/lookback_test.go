package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"sealedroom/engine"
	"sealedroom/inspector/recording"
	"sealedroom/ui/panes"
)

// lookAt moves the timeline with its keys.
func (s *stage) lookAt(keys ...fyne.KeyName) {
	for _, key := range keys {
		s.timeline.Focusable().TypedKey(&fyne.KeyEvent{Name: key})
	}
}

// await plays what waits for the window's thread until ok.
func (s *stage) await(what string, ok func() bool) {
	s.t.Helper()
	late := time.After(30 * time.Second)
	for !ok() {
		select {
		case f := <-s.work:
			f()
		case <-time.After(5 * time.Millisecond):
		case <-late:
			s.t.Fatalf("waited for %s", what)
		}
	}
}

func (s *stage) recorded() { s.await("the recording", func() bool { return s.lookback.shown != nil }) }

const talks = "console.log('one');\ntry { process } catch {}\nconsole.log('two');\n30"

// Looking back, every part of the window shows the moment; at the end of the run it
// shows the run as before.
func TestEverythingShowsTheMoment(t *testing.T) {
	s := open(t, "")
	s.play(talks)
	s.recorded()
	verdict, marks := s.inspector.Verdict.Title.Text, len(s.editor.Marks())
	if len(s.console.Lines) != 2 || marks == 0 {
		t.Fatalf("%d lines, %d marks", len(s.console.Lines), marks)
	}
	s.lookAt(fyne.KeyHome)
	if s.inspector.State.Ended != nil || !strings.HasPrefix(s.inspector.Verdict.Title.Text, "Looking back at") || s.run.Disabled() {
		t.Errorf("at the beginning the verdict is %q", s.inspector.Verdict.Title.Text)
	}
	if len(s.console.Lines) != 0 || len(s.editor.Marks()) != 0 || s.inspector.State.Attempts != 0 {
		t.Errorf("at the beginning there are %d lines, %d marks and %d attempts", len(s.console.Lines), len(s.editor.Marks()), s.inspector.State.Attempts)
	}
	if s.inspector.Open(panes.ViewResult); s.inspector.Result.Text.Text() != "" {
		t.Errorf("at the beginning the result is %q", s.inspector.Result.Text.Text())
	}
	s.lookAt(fyne.KeyEnd)
	if s.inspector.Verdict.Title.Text != verdict || len(s.console.Lines) != 2 || len(s.editor.Marks()) != marks || s.inspector.Result.Text.Text() != "30" {
		t.Errorf("at the end the verdict is %q, with %d lines and %d marks", s.inspector.Verdict.Title.Text, len(s.console.Lines), len(s.editor.Marks()))
	}
}

// A run that begins while a person looks back is what is shown then.
func TestARunEndsLookingBack(t *testing.T) {
	s := open(t, "")
	s.play(talks)
	s.recorded()
	s.lookAt(fyne.KeyHome)
	s.Run()
	if s.timeline.Past() || s.lookback.shown != nil {
		t.Error("it still looks back")
	}
	s.await("the run", func() bool { return !s.live.Running() && s.inspector.State.Ended != nil })
	s.recorded()
	if len(s.console.Lines) != 2 {
		t.Errorf("%d lines", len(s.console.Lines))
	}
}

// A former run is shown as it was, solves no lesson, and marks only its own code.
func TestFormerRuns(t *testing.T) {
	s := open(t, "")
	s.play("console.log('former'); 1")
	s.recorded()
	s.document.Load("", "2")
	if s.lookback.shown != nil {
		t.Error("another text shows the run of the former one")
	}
	s.Run()
	s.settleDown()
	s.recorded()
	past := s.live.Past()
	if len(past) != 2 {
		t.Fatalf("%d runs", len(past))
	}
	s.lookback.load(past[0].Recording, true)
	s.await("the former run", func() bool { return s.lookback.former })
	if !s.inspector.State.Recorded || len(s.console.Lines) != 1 || len(s.editor.Marks()) != 0 {
		t.Errorf("%d lines, %d marks", len(s.console.Lines), len(s.editor.Marks()))
	}
	s.editor.SetText("console.log('former'); 1")
	s.lookback.load(past[0].Recording, true)
	s.lookback.former = false
	s.await("the former run again", func() bool { return s.lookback.former })
	if len(s.editor.Marks()) == 0 {
		t.Error("its own code is not marked")
	}
}

// A recording is saved, and opened again as a document: shown, and not run.
func TestRecordingsOfTheWindow(t *testing.T) {
	s := open(t, "")
	s.limit(engine.Limits{}.WithMemory(48 << 20))
	s.play(talks)
	s.recorded()
	path := filepath.Join(t.TempDir(), "run.jsonl")
	if err := s.lookback.shown.Save(path); err != nil {
		t.Fatal(err)
	}
	if !recording.IsFile(path) {
		t.Error("it does not look like a recording")
	}
	other := open(t, "")
	other.document.OpenPath(path)
	other.await("the recording", func() bool { return other.lookback.former })
	if other.editor.Text() != talks || len(other.console.Lines) != 2 || len(other.live.Past()) != 0 || other.settings.Setup().Limits.Memory() != 48<<20 {
		t.Errorf("%d lines of %q", len(other.console.Lines), other.editor.Text())
	}
	other.lookAt(fyne.KeyHome)
	if !other.timeline.Past() || len(other.console.Lines) != 0 {
		t.Error("it cannot be looked back at")
	}

	text := other.editor.Text()
	damaged := write(t, "damaged.jsonl", `{"format":"sealedroom recording","version":1}`+"\n"+`{"event":"Nothing"}`+"\n")
	other.document.OpenPath(damaged)
	if other.editor.Text() != text || !other.dialogs.Busy() {
		t.Error("a recording that cannot be read takes the text's place")
	}
	if err := os.Remove(damaged); err != nil {
		t.Fatal(err)
	}
}
