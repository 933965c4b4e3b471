package wire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
)

func TestRoundTrip(t *testing.T) {
	var pipe bytes.Buffer
	w := NewWriter(&pipe)
	for _, body := range []string{"", "x", strings.Repeat("y", 200_000)} {
		if err := w.SendRaw(KindResultText, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Send(KindDone, Done{Kind: "returned", Result: &Result{Preview: "<\x00é😀"}}); err != nil {
		t.Fatal(err)
	}
	// However the pipe cuts them up.
	r := NewReader(iotest.OneByteReader(&pipe), MaxFromWorker)
	for _, want := range []string{"", "x", strings.Repeat("y", 200_000)} {
		kind, body, err := r.Next()
		if err != nil || kind != KindResultText || string(body) != want {
			t.Fatalf("kind %d, %d bytes, %v; want %d bytes", kind, len(body), err, len(want))
		}
	}
	kind, body, err := r.Next()
	if err != nil || kind != KindDone {
		t.Fatal(kind, err)
	}
	var done Done
	if err := Decode(kind, body, &done); err != nil || done.Result.Preview != "<\x00é😀" {
		t.Errorf("%+v, %v", done, err)
	}
	if _, _, err := r.Next(); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}

func frame(length uint32, rest string) string {
	return string(binary.BigEndian.AppendUint32(nil, length)) + rest
}

func TestBounds(t *testing.T) {
	const most = 100
	for _, c := range []struct {
		name, stream string
		want         error
	}{
		{"nothing", "", io.EOF},
		{"the longest", frame(most, "k"+strings.Repeat("x", most-1)), nil},
		{"one too long", frame(most+1, "k"+strings.Repeat("x", most)), ErrTooLong},
		{"only a kind", frame(1, "k"), nil},
		{"empty", frame(0, ""), ErrTooLong},
		{"of 4 GiB", frame(1<<32-1, "k"), ErrTooLong},
		{"length cut short", "\x00\x00", io.ErrUnexpectedEOF},
		{"no kind", frame(5, ""), io.ErrUnexpectedEOF},
		{"no payload", frame(5, "k"), io.ErrUnexpectedEOF},
		{"payload cut short", frame(5, "kxxx"), io.ErrUnexpectedEOF},
	} {
		_, _, err := NewReader(strings.NewReader(c.stream), most).Next()
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// A length alone makes the reader keep no more than has arrived.
func TestLengthAloneCostsNothing(t *testing.T) {
	r := NewReader(strings.NewReader(frame(64<<20, "kxxx")), 128<<20)
	if _, _, err := r.Next(); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	if cap(r.body) > 1<<20 {
		t.Errorf("%d bytes were kept for 4 that came", cap(r.body))
	}
}

func TestDecodeNamesTheFrame(t *testing.T) {
	var done Done
	if err := Decode(KindDone, []byte("{"), &done); err == nil || !strings.Contains(err.Error(), "67") {
		t.Errorf("%v does not name the frame", err)
	}
}

// Frames of several goroutines do not mix.
func TestWriterIsShared(t *testing.T) {
	var pipe bytes.Buffer
	w := NewWriter(&pipe)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 200 {
				_ = w.SendRaw(Kind(i), bytes.Repeat([]byte{byte(i)}, n))
			}
		})
	}
	all.Wait()
	r := NewReader(&pipe, MaxFromWorker)
	for range 8 * 200 {
		kind, body, err := r.Next()
		if err != nil || len(bytes.Trim(body, string([]byte{byte(kind)}))) != 0 {
			t.Fatalf("a frame of %d with %d bytes is mixed: %v", kind, len(body), err)
		}
	}
}

func TestUnread(t *testing.T) {
	r := NewReader(strings.NewReader(frame(3, "A{}")+frame(2, "B1")), 100)
	next := func(want string) {
		t.Helper()
		if _, body, err := r.Next(); err != nil || string(body) != want {
			t.Errorf("%q, %v; want %q", body, err, want)
		}
	}
	next("{}")
	r.Unread()
	next("{}")
	next("1")
}

// slow is a stream that has a piece at a time, and between them nothing yet.
type slow struct{ pieces []string }

var errNotYet = errors.New("not yet")

func (s *slow) Read(into []byte) (int, error) {
	if len(s.pieces) == 0 {
		return 0, io.EOF
	}
	piece := s.pieces[0]
	s.pieces = s.pieces[1:]
	if piece == "" {
		return 0, errNotYet
	}
	n := copy(into, piece)
	if n < len(piece) {
		s.pieces = append([]string{piece[n:]}, s.pieces...)
	}
	return n, nil
}

// A frame that comes in pieces is not whole before the last, and nothing of it
// is lost; a long one is left to Next.
func TestWhole(t *testing.T) {
	first, long := frame(3, "A{}"), frame(5001, "B"+strings.Repeat("b", 5000))
	r := NewReader(&slow{[]string{first[:2], "", first[2:6], "", first[6:], "", long}}, 1<<20)
	for i, want := range []bool{false, false, true} {
		if r.Whole() != want {
			t.Errorf("look %d: want %v", i, want)
		}
	}
	if _, body, err := r.Next(); err != nil || string(body) != "{}" {
		t.Errorf("%q, %v", body, err)
	}
	for range 2 {
		if r.Whole() {
			t.Error("a frame longer than the buffer is whole")
		}
	}
	if _, body, err := r.Next(); err != nil || len(body) != 5000 {
		t.Errorf("%d bytes, %v", len(body), err)
	}
}

// FuzzFrames: whatever a hostile worker writes is frames within bounds, or an
// error; and every frame that was read, written again, is the same bytes.
func FuzzFrames(f *testing.F) {
	f.Add([]byte(frame(3, "A{}")))
	f.Add([]byte(frame(3, "A{}") + frame(1, "C") + frame(1<<31, "B")))
	f.Add([]byte("\x00\x00\x00\x00"))
	f.Add([]byte(frame(40, `A{"Console":[{"At":-1,"Text":"\ud800"}]}`)))
	f.Add([]byte(frame(60, "C"+`{"Kind":"returned","Result":{"Bytes":-1,"Preview":"\u0000"}}`)))
	f.Fuzz(func(t *testing.T, stream []byte) {
		const most = 1 << 12
		r := NewReader(bytes.NewReader(stream), most)
		var again bytes.Buffer
		w := NewWriter(&again)
		for {
			kind, body, err := r.Next()
			if err != nil {
				if again.Len() > len(stream) || !bytes.Equal(again.Bytes(), stream[:again.Len()]) {
					t.Errorf("read %x as %x", stream, again.Bytes())
				}
				return
			}
			if len(body) >= most {
				t.Errorf("a frame of %d bytes was let through", len(body))
			}
			if err := w.SendRaw(kind, body); err != nil {
				t.Fatal(err)
			}
			for _, into := range []any{&Events{}, &Done{}, &Fatal{}, &Walls{}, &Ready{}, &Prepare{}, &Run{}} {
				_ = Decode(kind, body, into) // must not panic
			}
		}
	})
}
