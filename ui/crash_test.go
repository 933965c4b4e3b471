package ui

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"sealedroom/ui/uitest"
)

// crashIn names the folder in which the test program crashes instead of testing.
const crashIn = "SEALEDROOM_TEST_CRASH_IN"

func crashIfAsked() {
	folder := os.Getenv(crashIn)
	if folder == "" {
		return
	}
	if _, err := keepCrashes(folder); err != nil {
		os.Exit(3)
	}
	panic("the room's lamp fell")
}

// A crash leaves a note, which the next start shows once.
func TestCrashNote(t *testing.T) {
	folder := t.TempDir()
	crashed := exec.Command(os.Args[0])
	crashed.Env = append(os.Environ(), crashIn+"="+folder)
	if err := crashed.Run(); err == nil || crashed.ProcessState.ExitCode() != 2 {
		t.Fatalf("the crash ended with %v", err)
	}
	note, err := keepCrashes(folder)
	if err != nil || !strings.Contains(note, "the room's lamp fell") || !strings.Contains(note, "goroutine") {
		t.Errorf("note %q, %v", note, err)
	}
	if again, err := keepCrashes(folder); again != "" || err != nil {
		t.Errorf("shown again: %q, %v", again, err)
	}
	w := open(t, "")
	sayCrash(w.dialogs, note)
	if text := uitest.Words(w.window.window.Canvas().Overlays().Top()); !strings.Contains(text, "crashed last time") || !strings.Contains(text, "the room's lamp fell") {
		t.Errorf("the window shows %s", text)
	}
}
