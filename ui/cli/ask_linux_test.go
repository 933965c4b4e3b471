package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// openTerminal returns both sides of a new terminal.
func openTerminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no terminals here: ", err)
	}
	t.Cleanup(func() { _ = person.Close() })
	n, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Skip("no terminals here: ", err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no terminals here: ", err)
	}
	t.Cleanup(func() { _ = program.Close() })
	return person, program
}

// screen is what a program wrote so far.
type screen struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (s *screen) Write(text []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.text.Write(text)
}

func (s *screen) String() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.text.String()
}

// On a terminal, a person allows and denies calls; Ctrl-C ends the run.
func TestAskOnATerminal(t *testing.T) {
	guest := filepath.Join(t.TempDir(), "guest.js")
	source := "kv.set('a', 1); let how = ''; try { kv.set('b', 2) } catch (e) { how = e.name } kv.keys().join() + ' ' + (how != '')"
	if err := os.WriteFile(guest, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		answers []string // "" is Ctrl-C
		status  int
		says    string // on standard output
	}{
		{[]string{"y", "n", "a"}, exitOK, "a true"},
		{[]string{"a", "y"}, exitOK, "a,b false"},
		{[]string{"y", ""}, exitOther, `"outcome": "canceled"`},
	} {
		person, program := openTerminal(t)
		cmd := exec.Command("/proc/self/exe", "run", "--json", "--grant", "kv", "--ask", "kv", guest)
		cmd.Env = append(os.Environ(), commandEnv+"=1")
		var out bytes.Buffer
		words := &screen{}
		cmd.Stdin, cmd.Stdout, cmd.Stderr = program, &out, words
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		hung := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
		for n, answer := range c.answers {
			for began := time.Now(); strings.Count(words.String(), "Allow it?") < n+1 && time.Since(began) < 30*time.Second; {
				time.Sleep(time.Millisecond)
			}
			if answer == "" {
				_ = cmd.Process.Signal(os.Interrupt)
			} else if _, err := io.WriteString(person, answer+"\n"); err != nil {
				t.Fatal(err)
			}
		}
		_ = cmd.Wait()
		hung.Stop()
		if status := cmd.ProcessState.ExitCode(); status != c.status || !strings.Contains(out.String(), c.says) {
			t.Errorf("%q: status %d\n%s\n%s", c.answers, status, out.String(), words)
		}
	}
}
