//go:build unix

package ui

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/ui/document"
)

// TestHostileSession: whatever stands where the session is kept, the window opens
// soon, shows a text, and runs it.
func TestHostileSession(t *testing.T) {
	deep := strings.Repeat("[", 1<<20)
	contents := map[string]string{
		"deep": deep, "deep text": `{"text":` + deep, "NUL": "{\"text\":\"\x00\"}", "escaped NUL": `{"text":"a\u0000b"}`,
		"invalid UTF-8": "{\"text\":\"\xff\xfe\xc0\"}", "lone surrogate": `{"text":"\ud800"}`, "1 MB line": `{"text":"` + strings.Repeat("x", 1<<20) + `"}`,
		"1 MB of lines": `{"text":"` + strings.Repeat(`\n`, 1<<20) + `"}`, "other types": `{"text":7,"path":[]}`, "a list": `[1,2,3]`, "null": `null`,
		"path of a folder": `{"path":"/","text":"x"}`, "path of a device": `{"path":"/dev/zero","text":"x"}`, "path with NUL": `{"path":"a\u0000b","text":"x"}`,
		"unknown scenario": `{"scenario":"../../etc/passwd","text":"x"}`, "control": `{"text":"\u001b[2J\u202e"}`, "long path": `{"path":"` + strings.Repeat("a/", 5000) + `","text":"x"}`,
		"progress":                `{"rob-the-vault":{"reached":["` + strings.Repeat("x", 1<<20) + `"],"answers":{"":"\u202e"},"draft":"` + strings.Repeat(`\u0000`, 1000) + `"}}`,
		"progress of other types": `{"rob-the-vault":7,"":null}`, "nothing": "",
	}
	for name, content := range contents {
		folder := t.TempDir()
		for _, file := range []string{textFile, stashFile, progressFile} {
			if err := os.WriteFile(filepath.Join(folder, file), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		hostileStart(t, name, folder)
	}
	// What is no file, and what is far too large.
	pipes, large, folders := t.TempDir(), t.TempDir(), t.TempDir()
	for _, file := range []string{textFile, stashFile, progressFile} {
		if err := syscall.Mkfifo(filepath.Join(pipes, file), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(filepath.Join(folders, file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(large, file), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(filepath.Join(large, file), 1<<34); err != nil {
			t.Fatal(err)
		}
	}
	hostileStart(t, "pipes", pipes)
	hostileStart(t, "16 GB", large)
	hostileStart(t, "folders", folders)
}

func hostileStart(t *testing.T, name, folder string) {
	t.Helper()
	began := time.Now()
	s := open(t, folder)
	for _, key := range []string{keyLimits, keyGrants, keyAskFirst, keyRecent, keyLesson} {
		if info, err := os.Stat(filepath.Join(folder, textFile)); err == nil && info.Mode().IsRegular() && info.Size() < 1<<30 {
			data, _ := os.ReadFile(filepath.Join(folder, textFile))
			s.app.Preferences().SetString(key, string(data))
		}
	}
	s.store = document.NewStore(s.app.Preferences(), folder, s.live.onMain)
	s.restore()
	s.window.window.Content().Refresh()
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("%s: the window took %v", name, took)
	}
	s.library.Show(scenario(t, "rob-the-vault"))
	s.document.Load("", "6 * 7")
	s.Run()
	s.settleDown()
	if e := s.inspector.State.Ended; e == nil || e.Outcome != engine.OK {
		t.Errorf("%s: a run ends with %+v", name, e)
	}
}
