// Package recording writes a run's events to a file, reads them back, and shows
// a recorded run at any moment.
//
// A recording is text, one JSON object a line: a line that says what the file
// is, then {"event":"Console","data":{…}} for each event, by the names of
// engine.EventNames. What is left out is counted in a last line,
// {"event":"Cut",…}. Start reading at [Writer]; [Read] passes the events on, and
// a [Player] seeks in them. A file that is read is distrusted.
package recording

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"sealedroom/engine"
	"sealedroom/engine/invisible"
)

// Writer records one run. A recording that has reached its bound is folded: it
// spans the whole run, with less detail (see fold.go).
//
// Writing has a goroutine of its own: a file that does not take what is written
// delays no run.
type Writer struct {
	out  output
	cut  int64 // events left out because too many waited
	keep keeper

	mutex   sync.Mutex
	changed *sync.Cond
	queue   []entry
	waiting int // bytes of them
	closing bool
	err     error
	done    chan struct{} // closed when the file is
}

// output is where a recording is written, and written again when it is folded.
type output interface {
	io.WriteCloser
	io.Seeker
	Truncate(size int64) error
}

// entry is an event as it is kept.
type entry struct {
	event engine.Event
	size  int    // what it takes of the bound, in bytes
	line  []byte // in a file; nil in memory
}

// maker makes the entry of an event.
type maker func(engine.Event) (entry, error)

// inFile makes the entry of an event that is written.
func inFile(e engine.Event) (entry, error) {
	line, err := encode(eventLine{engine.EventName(e), e})
	return entry{e, len(line), line}, err
}

// format names the file's format in its first line; cutName is the event that
// counts what is missing.
const format, cutName = "sealedroom recording", "Cut"

// version changes when a reader of older recordings could not follow.
const version = 1

// Bounds of a recording, in bytes: of the file, but for the guest's source and
// the run's end, and of what waits to be written; and how long Close waits.
const (
	maxRecording = 20 << 20
	maxWaiting   = 16 << 20
	patience     = 30 * time.Second
)

type headLine struct {
	Format  string     `json:"format"`
	Version int        `json:"version"`
	Began   *time.Time `json:"began,omitempty"` // of the recording, in UTC
}

type eventLine struct {
	Event string `json:"event"`
	Data  any    `json:"data"`
}

// Create starts a recording at path, which must be a new or a regular file, and
// none of those to keep. What it holds is replaced.
func Create(path string, keep ...string) (*Writer, error) {
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
	return newWriter(file), nil
}

func newWriter(out output) *Writer {
	w := &Writer{out: out, keep: newKeeper(inFile), done: make(chan struct{})}
	w.changed = sync.NewCond(&w.mutex)
	began := time.Now().UTC()
	head, _ := encode(headLine{format, version, &began}) // it can be written
	go w.writeLines(head)
	return w
}

// Add writes one event. An error is kept for Close. Once there was no room for
// an event to wait, only the run's end is still recorded: what stands before is
// complete.
func (w *Writer) Add(e engine.Event) {
	_, first := e.(engine.Started)
	_, last := e.(engine.Ended)
	if w.cut > 0 && !last || !w.put(e, first || last) {
		w.cut++
	}
}

// addWhenThereIsRoom is Add for events that are all there already: it waits until
// they can be written.
func (w *Writer) addWhenThereIsRoom(e engine.Event) {
	for !w.put(e, false) {
		time.Sleep(time.Millisecond)
	}
}

// put queues an event; false where there is no room for it. always makes room.
func (w *Writer) put(e engine.Event, always bool) bool {
	made, err := inFile(e)
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.err = cmp.Or(w.err, err)
	if w.err != nil {
		return true // Close returns why
	}
	if !always && w.waiting+made.size > maxWaiting {
		return false
	}
	w.queue, w.waiting = append(w.queue, made), w.waiting+made.size
	w.changed.Signal()
	return true
}

// writeLines writes what is queued until the recording is closed or an error.
func (w *Writer) writeLines(head []byte) {
	defer close(w.done)
	out := bufio.NewWriter(w.out)
	_, err := out.Write(head)
	for {
		w.mutex.Lock()
		for len(w.queue) == 0 && !w.closing {
			w.changed.Wait()
		}
		entries, over := w.queue, w.closing || w.err != nil
		w.queue, w.waiting = nil, 0
		w.mutex.Unlock()
		for _, e := range entries {
			if err == nil {
				err = w.write(out, head, e)
			}
		}
		if over {
			err = errors.Join(err, w.end(out), w.out.Close())
		}
		w.mutex.Lock()
		w.err = cmp.Or(w.err, err)
		w.mutex.Unlock()
		if over {
			return
		}
	}
}

// write keeps an entry in the file, as far as there is room.
func (w *Writer) write(out *bufio.Writer, head []byte, e entry) error {
	fresh, err := w.keep.add(e)
	if err != nil {
		return err
	}
	if w.keep.size <= maxRecording {
		return writeAll(out, fresh)
	}
	if err := w.keep.fold(maxRecording / 2); err != nil {
		return err
	}
	out.Reset(w.out) // what it holds is written again
	if _, err := w.out.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := w.out.Truncate(0); err != nil {
		return err
	}
	if _, err := out.Write(head); err != nil {
		return err
	}
	return writeAll(out, w.keep.entries)
}

func writeAll(out *bufio.Writer, entries []entry) error {
	for _, e := range entries {
		if _, err := out.Write(e.line); err != nil {
			return err
		}
	}
	return nil
}

// end writes what the keeper still holds back, and the line that counts what is
// missing.
func (w *Writer) end(out *bufio.Writer) error {
	rest, err := w.keep.rest()
	if err != nil {
		return err
	}
	if err := writeAll(out, rest); err != nil {
		return err
	}
	left := w.keep.left
	if left.Events += w.cut; left.Events > 0 || left.Texts > 0 {
		left.Why = fmt.Sprintf("a recording has at most %s, and at most %s of it wait to be written",
			engine.FormatSize(maxRecording), engine.FormatSize(maxWaiting))
		line, err := encode(eventLine{cutName, left})
		if err != nil {
			return err
		}
		if _, err := out.Write(line); err != nil {
			return err
		}
	}
	return out.Flush()
}

// Close ends the recording and returns the first error of it.
func (w *Writer) Close() error {
	w.mutex.Lock()
	w.closing = true
	w.changed.Signal()
	w.mutex.Unlock()
	select {
	case <-w.done:
	case <-time.After(patience):
		return fmt.Errorf("record: the file is still not written after %v: the recording is not complete", patience)
	}
	if w.err != nil {
		return fmt.Errorf("record: %w", w.err)
	}
	return nil
}

// encode writes a value as a line.
func encode(v any) ([]byte, error) {
	line, err := json.Marshal(v)
	return append(escaped(line), '\n'), err
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
