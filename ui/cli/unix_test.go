//go:build unix

package cli

import (
	"bytes"
	"os"
	"os/exec"
	ossignal "os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A signal that ends a command leaves no secret and no folder behind.
func TestSignalsCleanUp(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT} {
		if ossignal.Ignored(signal) {
			continue // as under nohup: a child ignores it too
		}
		folder := t.TempDir()
		cmd := exec.Command("/proc/self/exe", "run", "--wall", "60s", "--grant", "files", "--grant", "db=naive", "--secret", "FILE_SECRET=mysecretvalue123", "-")
		if _, err := os.Stat(cmd.Path); err != nil {
			if cmd.Path, err = os.Executable(); err != nil {
				t.Fatal(err)
			}
		}
		cmd.Env = append(os.Environ(), commandEnv+"=1", "TMPDIR="+folder)
		var out bytes.Buffer
		cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader("db.query('SELECT 1'); files.list(); for (;;);"), &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		hung := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
		made := func() bool {
			secrets, _ := filepath.Glob(filepath.Join(folder, "sealedroom-files-*", "secret.txt"))
			return len(secrets) == 1
		}
		for began := time.Now(); !made() && time.Since(began) < 30*time.Second; {
			time.Sleep(5 * time.Millisecond)
		}
		if !made() {
			t.Errorf("%v: the guest made no folder", signal)
		}
		_ = cmd.Process.Signal(signal)
		_ = cmd.Wait()
		if !hung.Stop() || cmd.ProcessState.ExitCode() != exitOther {
			t.Errorf("%v: %v\n%s", signal, cmd.ProcessState, out.String())
		}
		if left, _ := os.ReadDir(folder); len(left) > 0 {
			t.Errorf("%v left %v", signal, left)
		}
	}
}

// What a killed program left behind is removed by the next one.
func TestAStartSweeps(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	left := filepath.Join(folder, "sealedroom-files-12345")
	if err := os.Mkdir(left, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(left, "secret.txt"), []byte("s"), 0o600); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(left, old, old); err != nil {
		t.Fatal(err)
	}
	if status, _, stderr := sealedroom(t, "1", "run", "-"); status != 0 {
		t.Fatal(stderr)
	}
	if _, err := os.Stat(left); err == nil {
		t.Error("the folder is still there")
	}
}

// A recording that cannot be written is an error, and never delays a run.
func TestRecordThatCannotBeWritten(t *testing.T) {
	folder := t.TempDir()
	pipe, guest := filepath.Join(folder, "pipe"), filepath.Join(folder, "guest.js")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(guest, []byte("1"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{"/dev/full", pipe, guest} {
		status, stdout, stderr := sealedroom(t, "", "run", "--record", to, guest)
		if status != exitUsage || !strings.Contains(stderr, "record: "+to) || stdout != "" {
			t.Errorf("%s: status %d, says %q and %q", to, status, stderr, stdout)
		}
	}
	if data, _ := os.ReadFile(guest); string(data) != "1" {
		t.Errorf("the guest's file holds %q", data)
	}
	// A disk that is full after the start: the file may have a few bytes only.
	shell := exec.Command("sh", "-c", `trap '' XFSZ; ulimit -f 8; exec "$0" run --output 1MB --record "$1" -`, "/proc/self/exe", filepath.Join(folder, "run.jsonl"))
	if self, err := os.Executable(); err == nil {
		shell.Args[3] = self
	}
	shell.Env = append(os.Environ(), commandEnv+"=1")
	shell.Stdin = strings.NewReader(`for (let i = 0; i < 3000; i++) console.log('x'.repeat(100))`)
	var words bytes.Buffer
	shell.Stderr = &words
	err := shell.Run()
	if shell.ProcessState == nil || shell.ProcessState.ExitCode() != exitUsage || !strings.Contains(words.String(), "record: ") {
		t.Errorf("%v, says %q", err, words.String())
	}
}

// Nothing that a file is called, or that is typed, controls the terminal or
// starts a line of the program's own.
func TestNamesDoNotControlTheTerminal(t *testing.T) {
	folder := t.TempDir()
	evil := "\x1b[31m\u202e\u009b2J\nsealedroom: all is well\x07"
	file := filepath.Join(folder, evil+".js")
	if err := os.WriteFile(file, []byte("throw new Error('\\u001b[2J')"), 0o600); err != nil {
		t.Fatal(err)
	}
	scenario := filepath.Join(folder, evil+".md")
	if err := os.WriteFile(scenario, []byte("---\ntitle: x\nexpect: {outcome: timeout}\n---\n~~~js\n1\n~~~\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(folder, evil), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"run", evil}, {evil}, {"run", filepath.Join(folder, evil)}, {"run", "--" + evil}, {"run", "--wall", evil, "-"}, {"run", "--grant", evil, "-"},
		{"run", "--secret", evil, "-"}, {"run", "--profile", evil, "-"}, {"run", "--record", filepath.Join(folder, evil, evil, evil), "-"},
		{"check", evil}, {"check", scenario}, {"snapshot", "--out", filepath.Join(folder, evil, evil, evil, "x.png")}, {"snapshot", "--out", "x.png", "--scenario", evil},
		{"snapshot", "--out", "x.png", "--size", evil}, {"run", file}, {evil, evil},
	} {
		_, stdout, stderr := sealedroom(t, "1", args...)
		for _, text := range []string{stdout, stderr} {
			if strings.ContainsAny(text, "\x1b\x07\u202e\u009b") || strings.Contains(text, "\nsealedroom: all is well") {
				t.Errorf("%q: %q", args, text)
			}
		}
	}
}
