package recording

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"sealedroom/engine"
	"sealedroom/engine/invisible"
)

func TestRecordThatCannotBe(t *testing.T) {
	folder := t.TempDir()
	guest, link := filepath.Join(folder, "guest.js"), filepath.Join(folder, "link.js")
	if err := os.WriteFile(guest, []byte("1"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused := map[string]string{filepath.Join(folder, "no", "such", "folder"): "no such", folder: "directory", guest: "the file that is run"}
	if os.Symlink(guest, link) == nil {
		refused[link] = "the file that is run"
	}
	for _, device := range []string{"/dev/full", "/dev/null", "/dev/stdout"} {
		if info, err := os.Stat(device); err == nil && !info.Mode().IsRegular() {
			refused[device] = "not a regular file"
		}
	}
	for path, says := range refused {
		if _, err := Create(path, guest); err == nil || !strings.Contains(strings.ToLower(err.Error()), says) {
			t.Errorf("%s: %v, want %q", path, err, says)
		}
	}
	if data, _ := os.ReadFile(guest); string(data) != "1" {
		t.Errorf("the guest's file holds %q", data)
	}
}

const hostileText = "a\nb\r\x1b[2J\x00\u202e\u2028\u200b\ufeff\x7f\xff<script>"

// memory is a file in memory. It is only rewritten after it was emptied.
type memory struct{ bytes.Buffer }

func (m *memory) Seek(int64, int) (int64, error) { return 0, nil }
func (m *memory) Truncate(size int64) error      { m.Buffer.Truncate(int(size)); return nil }
func (m *memory) Close() error                   { return nil }

// target is a file that takes what it is given when it likes.
type target struct {
	memory
	opened chan struct{} // closed when it begins to take anything
	err    error
	closed bool
}

func (f *target) Write(data []byte) (int, error) {
	<-f.opened
	if f.err != nil {
		return 0, f.err
	}
	return f.memory.Write(data)
}

func (f *target) Close() error { f.closed = true; return nil }

func openTarget(err error) *target {
	f := &target{opened: make(chan struct{}), err: err}
	close(f.opened)
	return f
}

func TestRecordTellsItsErrors(t *testing.T) {
	full := errors.New("no space left")
	for _, events := range []int{0, 1000} {
		file := openTarget(full)
		r := newWriter(file)
		for range events {
			r.Add(engine.Console{Text: strings.Repeat("x", 100)})
		}
		if err := r.Close(); !errors.Is(err, full) || !file.closed {
			t.Errorf("%d events: closed %v with %v", events, file.closed, err)
		}
	}
}

// A file that takes nothing delays no caller that adds to the recording.
func TestRecordDoesNotWait(t *testing.T) {
	file := &target{opened: make(chan struct{})}
	r := newWriter(file)
	line := engine.Console{Text: strings.Repeat("x", 10_000)}
	for range 3 * maxWaiting / len(line.Text) {
		r.Add(line)
	}
	r.Add(engine.Ended{Outcome: engine.Timeout})
	if r.cut == 0 || r.waiting > maxWaiting+1000 {
		t.Errorf("%d events cut, %d bytes wait", r.cut, r.waiting)
	}
	close(file.opened)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	checkCut(t, file.Bytes(), r.cut+r.keep.left.Events)
}

// A recording has a bound, and says that it was reached.
func TestRecordIsBounded(t *testing.T) {
	file := openTarget(nil)
	r := newWriter(file)
	line := engine.Console{Text: strings.Repeat("x", 100_000)}
	for i := range 2 * maxRecording / len(line.Text) {
		r.Add(line)
		if i%50 == 0 {
			time.Sleep(time.Millisecond)
		}
	}
	r.Add(engine.Console{Text: "short"})
	r.Add(engine.Ended{Outcome: engine.Timeout})
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if file.Len() > maxRecording+10_000 {
		t.Errorf("%d bytes recorded", file.Len())
	}
	checkCut(t, file.Bytes(), r.cut+r.keep.left.Events)
	if r.keep.left.Texts == 0 {
		t.Error("no text was shortened")
	}
}

func checkCut(t *testing.T, data []byte, events int64) {
	t.Helper()
	lines := bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n"))
	var cut struct {
		Event string
		Data  struct {
			Events int64
			Why    string
		}
	}
	if err := json.Unmarshal(lines[len(lines)-1], &cut); err != nil || cut.Event != "Cut" || cut.Data.Events != events || cut.Data.Why == "" {
		t.Errorf("%d events were cut; the last line is %.200s (%v)", events, lines[len(lines)-1], err)
	}
	if !bytes.HasPrefix(lines[len(lines)-2], []byte(`{"event":"Ended"`)) {
		t.Errorf("the run's end is missing before it: %.200s", lines[len(lines)-2])
	}
}

// Nothing in a recording controls a terminal or puts a line into another order,
// and what is read back is what was said.
func TestRecordIsReadable(t *testing.T) {
	file := openTarget(nil)
	r := newWriter(file)
	r.Add(engine.Console{Text: hostileText + "\u009b\u2066\u00ad\U000e0041 é 中 😀"})
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range file.String() {
		if c != '\n' && (unicode.IsControl(c) || invisible.Is(c)) {
			t.Errorf("%U stands in %q", c, file.String())
		}
	}
	var line struct{ Data engine.Console }
	if err := json.Unmarshal(bytes.Split(file.Bytes(), []byte("\n"))[1], &line); err != nil ||
		line.Data.Text != strings.ToValidUTF8(hostileText, "\ufffd")+"\u009b\u2066\u00ad\U000e0041 é 中 😀" {
		t.Errorf("read back %q, %v", line.Data.Text, err)
	}
}
