package instance

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// claim makes the test the first instance, and returns what later ones hand over.
func claim(t *testing.T, folder, display string) (*First, <-chan Request) {
	t.Helper()
	first, err := Claim(folder, display, Request{})
	if err != nil || first == nil {
		t.Fatalf("Claim = %v, %v; want to be the first", first, err)
	}
	opened := make(chan Request, 10)
	first.Serve(func(r Request) bool { opened <- r; return true })
	return first, opened
}

func next(t *testing.T, opened <-chan Request) Request {
	t.Helper()
	select {
	case r := <-opened:
		return r
	case <-time.After(10 * time.Second):
		t.Fatal("nothing was handed over")
		return Request{}
	}
}

func TestLaterStartsHandOver(t *testing.T) {
	folder := t.TempDir()
	first, opened := claim(t, folder, ":0")
	for _, argument := range []string{"/home/ann/guest.js", "", "/tmp/with\nline\tends and ünicode.md"} {
		later, err := Claim(folder, ":0", Request{Argument: argument})
		if later != nil || err != nil {
			t.Fatalf("Claim = %v, %v; want the request handed over", later, err)
		}
		if got := next(t, opened); got.Argument != argument {
			t.Errorf("handed over %q; want %q", got.Argument, argument)
		}
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	again, _ := claim(t, folder, ":0") // the window was closed
	again.Close()
}

func TestEachDisplayHasItsWindow(t *testing.T) {
	folder := t.TempDir()
	one, _ := claim(t, folder, ":0")
	defer one.Close()
	other, _ := claim(t, folder, ":1")
	other.Close()
}

func TestRequestsWaitForTheWindow(t *testing.T) {
	folder := t.TempDir()
	first, err := Claim(folder, "", Request{})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := Claim(folder, "", Request{Argument: "early"})
		done <- err
	}()
	time.Sleep(50 * time.Millisecond) // the window is being made
	opened := make(chan Request, 1)
	first.Serve(func(r Request) bool { opened <- r; return true })
	defer first.Close()
	if r := next(t, opened); r.Argument != "early" {
		t.Errorf("handed over %q", r.Argument)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// A crash leaves the files, but not the lock.
func TestAfterACrash(t *testing.T) {
	folder := t.TempDir()
	for _, end := range []string{".lock", ".sock"} {
		if err := os.WriteFile(filepath.Join(folder, key(":0")+end), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	first, _ := claim(t, folder, ":0")
	first.Close()
}

// What is no request opens nothing and holds up no other.
func TestHostileRequests(t *testing.T) {
	folder := t.TempDir()
	first, opened := claim(t, folder, "")
	defer first.Close()
	for _, text := range []string{
		"", "\n", "{", "[]\n", "\"x\"\n", `{"argument": 1}` + "\n", `{"argument": {"a": []}}` + "\n",
		`{"argument": "` + strings.Repeat("x", 1<<20) + "\"}\n", strings.Repeat("[", 1<<20),
	} {
		connection, err := net.Dial("unix", filepath.Join(folder, key("")+".sock"))
		if err != nil {
			t.Fatal(err)
		}
		connection.Write([]byte(text))
		connection.Close()
	}
	if _, err := Claim(folder, "", Request{Argument: "good"}); err != nil {
		t.Fatal(err)
	}
	if r := next(t, opened); r.Argument != "good" {
		t.Errorf("opened %q", r.Argument)
	}
}

func TestSilentWindow(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for the time-out")
	}
	folder := t.TempDir()
	first, err := Claim(folder, "", Request{}) // never serves, as a frozen window
	if err != nil {
		t.Fatal(err)
	}
	later, err := Claim(folder, "", Request{Argument: "x"})
	if later != nil || err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("Claim = %v, %v", later, err)
	}
	first.Serve(func(Request) bool { return true })
	first.Close()
}

func TestClosingWindow(t *testing.T) {
	folder := t.TempDir()
	first, err := Claim(folder, "", Request{})
	if err != nil {
		t.Fatal(err)
	}
	first.Serve(func(Request) bool {
		go first.Close()
		return false
	})
	later, err := Claim(folder, "", Request{Argument: "x"})
	if later == nil || err != nil {
		t.Fatalf("Claim = %v, %v; want the later start to be the first", later, err)
	}
	later.Close()
}

func TestFolderIsPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such modes")
	}
	folder := filepath.Join(t.TempDir(), "instance")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	first, _ := claim(t, folder, "")
	defer first.Close()
	info, err := os.Stat(folder)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("mode %v, %v; want 0700", info.Mode(), err)
	}
}

func TestUnusableFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if first, err := Claim(filepath.Join(file, "sub"), "", Request{}); first != nil || err == nil {
		t.Errorf("Claim = %v, %v; want an error", first, err)
	}
}
