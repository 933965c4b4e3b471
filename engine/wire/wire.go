// Package wire is the frames between host and worker, and how they are read
// safely: the host takes a worker to be hostile, since its guest may have
// broken out of V8.
//
// A frame is a length (four bytes, big-endian, of what follows), a kind (one
// byte), and a payload: JSON for all kinds but ResultText.
package wire

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

// What a reader takes at most, in bytes of one frame.
const (
	MaxFromWorker = 1 << 20
	MaxFromHost   = 128 << 20 // carries the guest's source, of which JSON may make six times as much
)

// Exit statuses of a worker. The host tells V8's two ways to give up from other
// deaths.
const (
	ExitOK          = 0
	ExitBroken      = 3 // the protocol, or the worker itself, failed
	ExitOutOfMemory = 70
	ExitFatal       = 71
)

// Kind says what a frame carries.
type Kind byte

// Host to worker.
const (
	KindPrepare   Kind = iota + 1 // start V8 and an isolate
	KindRun                       // run this guest
	KindStop                      // end the run soon
	KindProbe                     // try the walls from inside
	KindAnswer                    // to the call that waits
	KindTrimPages                 // unmap the program's pages that are not in use
	KindReport                    // send what has gathered, and look at the heap
	KindDeadline                  // end the run at this time, which is near
)

// Worker to host.
const (
	KindReady      Kind = iota + 64 // confined, isolate made
	KindEvents                      // what happened since the last
	KindResultText                  // a piece of a long result's preview, raw
	KindDone                        // the run is over
	KindFatal                       // V8 is about to abort the process
	KindWalls                       // the answer to KindProbe
	KindCall                        // the guest asks through the teller window, and waits
	KindProfile                     // a part of where time and memory went
)

// Errors of a reader. Both mean that the other side cannot be trusted any more.
var (
	ErrTooLong = errors.New("frame is longer than allowed")
	ErrUnknown = errors.New("frame is of an unknown kind")
)

// Writer writes whole frames; it may be used from several goroutines.
type Writer struct {
	mutex sync.Mutex
	out   io.Writer
	buf   []byte
}

// NewWriter returns a writer of frames onto out.
func NewWriter(out io.Writer) *Writer { return &Writer{out: out} }

// Send writes one frame with payload as JSON.
func (w *Writer) Send(kind Kind, payload any) error {
	body, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("frame %d: %w", kind, err)
	}
	return w.SendRaw(kind, body)
}

// SendRaw writes one frame with these bytes.
func (w *Writer) SendRaw(kind Kind, body []byte) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.buf = binary.BigEndian.AppendUint32(w.buf[:0], uint32(len(body)+1))
	w.buf = append(w.buf, byte(kind))
	w.buf = append(w.buf, body...)
	_, err := w.out.Write(w.buf)
	return err
}

// Reader reads frames from a side that may be hostile.
type Reader struct {
	in   *bufio.Reader
	max  uint32
	body []byte

	kind   Kind // of the frame in body
	err    error
	unread bool
}

// NewReader returns a reader of frames of at most max bytes.
func NewReader(in io.Reader, max int) *Reader {
	return &Reader{in: bufio.NewReaderSize(in, 4<<10), max: uint32(max)}
}

// Next returns the next frame. The payload is valid until the next call. At
// the end of the stream the error is io.EOF; a frame cut short is
// io.ErrUnexpectedEOF.
func (r *Reader) Next() (Kind, []byte, error) {
	if !r.unread {
		r.kind, r.err = r.next()
	}
	r.unread = false
	return r.kind, r.body, r.err
}

// Whole says whether a short frame has come as a whole, and waits for it no
// longer than the stream does. Nothing is lost of one that has not.
func (r *Reader) Whole() bool {
	head, err := r.in.Peek(4)
	if err != nil {
		return false
	}
	length := binary.BigEndian.Uint32(head)
	if length > uint32(r.in.Size()-len(head)) {
		return false
	}
	_, err = r.in.Peek(len(head) + int(length))
	return err == nil
}

// Unread has Next return once more what it returned last.
func (r *Reader) Unread() { r.unread = true }

func (r *Reader) next() (Kind, error) {
	var head [4]byte
	if _, err := io.ReadFull(r.in, head[:]); err != nil {
		return 0, err
	}
	length := binary.BigEndian.Uint32(head[:])
	if length == 0 || length > r.max {
		return 0, fmt.Errorf("%w: %d bytes of at most %d", ErrTooLong, length, r.max)
	}
	kind, err := r.in.ReadByte()
	if err != nil {
		return 0, cutShort(err)
	}
	// Grow as bytes arrive: a length alone must not make the host allocate.
	r.body = r.body[:0]
	for left := int(length) - 1; left > 0; {
		step := min(left, 64<<10)
		at := len(r.body)
		r.body = append(r.body, make([]byte, step)...)
		if _, err := io.ReadFull(r.in, r.body[at:]); err != nil {
			return 0, cutShort(err)
		}
		left -= step
	}
	return Kind(kind), nil
}

// cutShort is the error of a stream that ended within a frame.
func cutShort(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Decode reads a JSON payload into v.
func Decode(kind Kind, payload []byte, v any) error {
	if err := json.Unmarshal(payload, v); err != nil {
		return fmt.Errorf("frame %d: %w", kind, err)
	}
	return nil
}
