package ui

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"sealedroom/ui/document"
)

// takeLater hands an argument to the window as a later start would, and plays the
// window's thread until it was taken.
func (s *stage) takeLater(argument string) {
	s.t.Helper()
	later := laterStarts{s.window.window, s.document, s.dialogs, s.window.open, func(f func()) { s.work <- f }}
	taken := make(chan bool)
	go func() { taken <- later.take(argument, nil) }()
	for {
		select {
		case f := <-s.work:
			f()
		case ok := <-taken:
			if !ok {
				s.t.Fatal("not taken")
			}
			return
		case <-time.After(30 * time.Second):
			s.t.Fatal("not taken in time")
		}
	}
}

func TestLaterStartOpensItsFile(t *testing.T) {
	s := open(t, t.TempDir())
	path := filepath.Join(t.TempDir(), "guest.js")
	if err := os.WriteFile(path, []byte("while (true) {}"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.takeLater(path)
	if got := s.document.Text(); got != "while (true) {}" {
		t.Errorf("the editor holds %q", got)
	}
	if s.live.Running() {
		t.Error("opening a file ran it")
	}
	s.takeLater("")
	if got := s.document.Text(); got != "while (true) {}" {
		t.Errorf("a start without an argument changed the text to %q", got)
	}
	s.takeLater("rob-the-vault")
	if s.document.Scenario == nil {
		t.Error("the scenario was not opened")
	}
}

// What is not saved is asked about, and what cannot be opened is said; neither
// loses the text.
func TestLaterStartLosesNothing(t *testing.T) {
	s := open(t, t.TempDir())
	s.takeLater(filepath.Join(t.TempDir(), "missing.js"))
	if !s.dialogs.Busy() || s.document.Text() != document.Welcome {
		t.Fatal("a missing file is not said")
	}
	path := filepath.Join(t.TempDir(), "guest.js")
	if err := os.WriteFile(path, []byte("1"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.takeLater(path) // waits while the dialog is open
	if s.document.Text() != document.Welcome {
		t.Fatal("a file was opened behind a dialog")
	}
	s.dialogs.CloseAll()
	s.document.Replace("mine")
	for late := time.After(30 * time.Second); !s.dialogs.Busy(); {
		select {
		case f := <-s.work:
			f()
		case <-late:
			t.Fatal("the changes are not asked about")
		}
	}
	if s.document.Text() != "mine" {
		t.Errorf("the text was replaced by %q", s.document.Text())
	}
}

func TestClosedWindowTakesNothing(t *testing.T) {
	s := open(t, "")
	over := make(chan struct{})
	close(over)
	later := laterStarts{s.window.window, s.document, s.dialogs, s.window.open, func(func()) {}}
	if later.take("x", over) {
		t.Error("a closed window took a file")
	}
}
