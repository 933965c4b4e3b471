package inspector

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"sync"
	"syscall"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"sealedroom/engine"
	"sealedroom/engine/invisible"
)

// Recorder writes a run's events to a file, one JSON object a line:
// {"event":"Console","data":{…}}, after a line that says what the file is. What
// of a run is not recorded is counted in a last line, {"event":"Cut",…}.
//
// Writing has a goroutine of its own: a file that does not take what is written
// delays no run.
type Recorder struct {
	file    io.WriteCloser
	written int64 // or waiting to be
	cut     int64 // events left out

	mutex   sync.Mutex
	changed *sync.Cond
	queue   [][]byte // lines
	waiting int      // bytes of them
	closing bool
	err     error
	done    chan struct{} // closed when the file is
}

// recordFormat names the file's format in its first line; cutName is the event
// that counts what is missing.
const recordFormat, cutName = "sealedroom recording", "Cut"

// recordVersion changes when a reader of older recordings could not follow.
const recordVersion = 1

// Bounds of a recording, in bytes: of the file, but for the run's end, and of
// what waits to be written; and how long Close waits for that.
const (
	maxRecording   = 64 << 20
	maxWaiting     = 16 << 20
	recordPatience = 30 * time.Second
)

type recordHead struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
}

type recordLine struct {
	Event string `json:"event"`
	Data  any    `json:"data"`
}

// recordCut is the data of the line that says what is missing.
type recordCut struct {
	Events int64  `json:"events"`
	Why    string `json:"why"`
}

// Record starts a recording at path, which must be a new or a regular file, and
// none of those to keep. What it holds is replaced.
func Record(path string, keep ...string) (*Recorder, error) {
	// Opening a pipe must not wait for its reader, and nothing is truncated
	// before it is known to be a file.
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|syscall.O_NONBLOCK, 0o666)
	if errors.Is(err, syscall.ENXIO) {
		return nil, fmt.Errorf("record: %s is not a regular file: name a file", path)
	}
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file: name a file", path)
	}
	for _, other := range keep {
		if kept, statErr := os.Stat(other); err == nil && statErr == nil && os.SameFile(info, kept) {
			err = fmt.Errorf("%s is the file that is run: name another", path)
		}
	}
	if err == nil {
		err = file.Truncate(0)
	}
	if err != nil {
		return nil, fmt.Errorf("record: %w", errors.Join(err, file.Close()))
	}
	return newRecorder(file), nil
}

func newRecorder(file io.WriteCloser) *Recorder {
	r := &Recorder{file: file, done: make(chan struct{})}
	r.changed = sync.NewCond(&r.mutex)
	go r.writeLines()
	r.put(recordHead{recordFormat, recordVersion}, true)
	return r
}

// Add writes one event. An error is kept for Close. Once there was no room for
// an event, only the run's end is still recorded: what stands before is complete.
func (r *Recorder) Add(e engine.Event) {
	_, last := e.(engine.Ended)
	if r.cut > 0 && !last || !r.put(recordLine{reflect.TypeOf(e).Name(), e}, last) {
		r.cut++
	}
}

// put queues a line; false where there is no room for it. always makes room.
func (r *Recorder) put(v any, always bool) bool {
	line, err := json.Marshal(v)
	line = append(escaped(line), '\n')
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if err != nil && r.err == nil {
		r.err = err
	}
	if r.err != nil {
		return true // Close returns why
	}
	if !always && (r.written+int64(len(line)) > maxRecording || r.waiting+len(line) > maxWaiting) {
		return false
	}
	r.written += int64(len(line))
	r.queue, r.waiting = append(r.queue, line), r.waiting+len(line)
	r.changed.Signal()
	return true
}

// writeLines writes what is queued until the recording is closed or an error.
func (r *Recorder) writeLines() {
	defer close(r.done)
	out := bufio.NewWriter(r.file)
	for {
		r.mutex.Lock()
		for len(r.queue) == 0 && !r.closing {
			r.changed.Wait()
		}
		lines, over := r.queue, r.closing || r.err != nil
		r.queue, r.waiting = nil, 0
		r.mutex.Unlock()
		var err error
		for _, line := range lines {
			if _, err = out.Write(line); err != nil {
				break
			}
		}
		if over {
			err = errors.Join(err, out.Flush(), r.file.Close())
		}
		r.mutex.Lock()
		if r.err == nil {
			r.err = err
		}
		r.mutex.Unlock()
		if over {
			return
		}
	}
}

// Close ends the recording and returns the first error of it.
func (r *Recorder) Close() error {
	if r.cut > 0 {
		why := fmt.Sprintf("a recording has at most %s, and at most %s of it wait to be written",
			engine.FormatSize(maxRecording), engine.FormatSize(maxWaiting))
		r.put(recordLine{cutName, recordCut{r.cut, why}}, true)
	}
	r.mutex.Lock()
	r.closing = true
	r.changed.Signal()
	r.mutex.Unlock()
	select {
	case <-r.done:
	case <-time.After(recordPatience):
		return fmt.Errorf("record: the file is still not written after %v: the recording is not complete", recordPatience)
	}
	if r.err != nil {
		return fmt.Errorf("record: %w", r.err)
	}
	return nil
}

// escaped writes what a terminal or a reader could be misled by as JSON escapes;
// a line of JSON has such characters in its texts only.
func escaped(line []byte) []byte {
	plain := true
	for _, b := range line {
		if b >= 0x7f {
			plain = false
			break
		}
	}
	if plain {
		return line
	}
	out := make([]byte, 0, len(line)+len(line)/8)
	for len(line) > 0 {
		c, size := utf8.DecodeRune(line)
		switch {
		case !unicode.IsControl(c) && !invisible.Is(c):
			out = append(out, line[:size]...)
		case c < 0x10000:
			out = fmt.Appendf(out, `\u%04x`, c)
		default:
			high, low := utf16.EncodeRune(c)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		}
		line = line[size:]
	}
	return out
}
