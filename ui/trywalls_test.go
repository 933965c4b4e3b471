package ui

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/cli"
	"sealedroom/ui/theme"
	"sealedroom/ui/uitest"
)

// TestTryWalls: the menu has a real worker try its walls, the window goes on
// meanwhile, and the report can be copied.
func TestTryWalls(t *testing.T) {
	s := open(t, "")
	s.choose("Try the Walls…")
	if !s.dialogOpen() || !s.walls.Trial.Busy() {
		t.Fatal("nothing is tried")
	}
	late := time.After(60 * time.Second)
	for s.walls.Trial.Busy() {
		select {
		case f := <-s.work:
			f()
		case <-late:
			t.Fatal("the trial did not end")
		}
	}
	text := s.walls.Trial.Text()
	if !strings.Contains(text, "attempts held") || strings.Contains(text, "FELL") {
		t.Errorf("the report is %s", text)
	}
	s.typedKey(escape)
	if s.dialogOpen() {
		t.Error("Esc does not close it")
	}
}

// TestTryWallsClosedEarly: Esc ends the trial, and the window can close.
func TestTryWallsClosedEarly(t *testing.T) {
	s := open(t, "")
	s.walls.Try()
	s.typedKey(escape)
	if s.dialogOpen() || s.walls.Trial.Busy() {
		t.Error("Esc does not end the trial")
	}
	s.walls.Try() // and the window closes during this one
}

// TestStatusNamesTheWalls: the line says what is known of the worker that ran,
// and no more.
func TestStatusNamesTheWalls(t *testing.T) {
	s := open(t, "")
	if text := s.status.left.Text; !strings.HasPrefix(text, "not known yet") {
		t.Errorf("before a run it says %q", text)
	}
	s.showWalls()
	s.typedKey(escape)
	s.play("1")
	b, text := s.inspector.State.Started, s.status.left.Text
	for _, want := range []string{inspector.WallsInShort(b.Walls), "V8 " + b.V8, "months old", fmt.Sprintf("worker %d", b.PID)} {
		if !strings.Contains(text, want) {
			t.Errorf("it says %q, without %q", text, want)
		}
	}
	s.status.walls.OnTapped()
	if !s.dialogOpen() {
		t.Fatal("Walls opens nothing")
	}
	var all []string
	for _, o := range s.window.window.Canvas().Overlays().List() {
		all = append(all, drawn(o)...)
	}
	shown := strings.Join(all, " ")
	for _, w := range b.Walls {
		if !strings.Contains(shown, "▣ "+w.Name) {
			t.Errorf("%s is not listed: %s", w.Name, shown)
		}
	}
	s.typedKey(escape)
	s.document.Load("", "2")
	if text := s.status.left.Text; !strings.HasPrefix(text, "not known yet") {
		t.Errorf("of another guest it says %q", text)
	}
	worse := &inspector.State{}
	worse.Apply(engine.Started{V8: "99.1", Walls: []engine.Wall{{Name: "rlimit"}}, Lacking: []string{"landlock: this kernel has none"}})
	if got := describeWorker(worse, time.Now()); !strings.HasPrefix(got, "sealed: 1 wall, ▲ 1 wall lacking or weaker · V8 99.1, age not known") {
		t.Errorf("of a worse system it says %q", got)
	}
}

func TestSnapshotOfTheWalls(t *testing.T) {
	path := filepath.Join(t.TempDir(), "walls.png")
	if err := Snapshot(t.Context(), cli.Document{Text: "1"}, cli.Picture{Path: path, Width: 1024, Height: 700, View: "walls"}); err != nil {
		t.Fatal(err)
	}
	picture := pictureIn(t, path)
	if n := uitest.Pixels(picture, picture.Bounds(), theme.Dark.GreenTint); n < 20_000 {
		t.Errorf("the summary's ground has %d pixels", n)
	}
}
