package ui

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sealedroom/ui/theme"
	"sealedroom/ui/uitest"
)

// TestTryWalls: the menu has a real worker try its walls, the window goes on
// meanwhile, and the report can be copied.
func TestTryWalls(t *testing.T) {
	s := open(t, "")
	s.choose("Try the Walls…")
	if !s.dialogOpen() || !s.trial.Busy() {
		t.Fatal("nothing is tried")
	}
	late := time.After(60 * time.Second)
	for s.trial.Busy() {
		select {
		case f := <-s.work:
			f()
		case <-late:
			t.Fatal("the trial did not end")
		}
	}
	text := s.trial.Text()
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
	s.tryWalls()
	s.typedKey(escape)
	if s.dialogOpen() || s.trial.Busy() {
		t.Error("Esc does not end the trial")
	}
	s.tryWalls() // and the window closes during this one
}

func TestSnapshotOfTheWalls(t *testing.T) {
	path := filepath.Join(t.TempDir(), "walls.png")
	if err := Snapshot(t.Context(), Document{Text: "1"}, Picture{Path: path, Width: 1024, Height: 700, View: "walls"}); err != nil {
		t.Fatal(err)
	}
	picture := pictureIn(t, path)
	if n := uitest.Pixels(picture, picture.Bounds(), theme.Dark.GreenTint); n < 20_000 {
		t.Errorf("the summary's ground has %d pixels", n)
	}
}
