// Package instance keeps the app to one window for a person and a display: a
// later start hands over what it was given to open, and ends.
package instance

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gofrs/flock"
)

// Request is what a later start of the app was given.
type Request struct {
	// Argument is an absolute path or a scenario's name; "" asks only that the
	// window be shown.
	Argument string `json:"argument"`
}

// Bounds for what arrives: whatever can write to the socket is this person's, but
// need not be this app.
const (
	maxRequest = 16 << 10 // bytes
	patience   = 3 * time.Second
)

// accepted is the whole answer to a request that was taken.
const accepted = "opened\n"

// First is the instance that opens what later ones are given. Close it.
type First struct {
	lock     *flock.Flock
	listener net.Listener
	serving  sync.WaitGroup
}

// Claim makes this process the first instance in folder for a display, or hands
// request to the process that is. It returns nil and no error if the request was
// handed over, after which the caller has nothing left to do.
//
// The error says why there is neither: the folder cannot be used, or the first
// instance does not answer. The caller then opens a window of its own.
func Claim(folder, display string, request Request) (*First, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	if err := os.Chmod(folder, 0o700); err != nil { // who can reach the socket can open files in the window
		return nil, err
	}
	name := filepath.Join(folder, key(display))
	lock := flock.New(name + ".lock")
	for end := time.Now().Add(patience); ; {
		first, err := lock.TryLock()
		if err != nil {
			return nil, fmt.Errorf("lock %s: %w", lock.Path(), err)
		}
		if first {
			break
		}
		if err = hand(name+".sock", request); err == nil {
			return nil, nil
		}
		// The first instance may have begun to end, or not listen yet.
		if time.Now().After(end) {
			return nil, fmt.Errorf("the window that is open does not answer: %w", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err := os.Remove(name + ".sock"); err != nil && !errors.Is(err, fs.ErrNotExist) { // of one that crashed
		return nil, errors.Join(err, lock.Unlock())
	}
	listener, err := net.Listen("unix", name+".sock")
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	return &First{lock: lock, listener: listener}, nil
}

// key names the files of a display.
func key(display string) string {
	h := fnv.New64a()
	h.Write([]byte(display))
	return fmt.Sprintf("window-%016x", h.Sum64())
}

// hand gives the request to the first instance.
func hand(socket string, request Request) error {
	connection, err := net.DialTimeout("unix", socket, patience)
	if err != nil {
		return err
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if err := json.NewEncoder(connection).Encode(request); err != nil {
		return err
	}
	answer, err := io.ReadAll(io.LimitReader(connection, int64(len(accepted))))
	if err == nil && string(answer) != accepted {
		err = fmt.Errorf("unexpected answer %.20q", answer)
	}
	return err
}

// Serve calls open with each request until Close, one at a time, on a goroutine
// of its own. Requests that came before Serve wait. Where open returns false, the
// later start opens a window of its own.
func (f *First) Serve(open func(Request) bool) {
	f.serving.Go(func() {
		for {
			connection, err := f.listener.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err != nil {
				time.Sleep(100 * time.Millisecond) // out of descriptors, for instance
				continue
			}
			if request, err := read(connection); err == nil && open(request) {
				io.WriteString(connection, accepted)
			}
			connection.Close()
		}
	})
}

// read takes one request off a connection.
func read(connection net.Conn) (Request, error) {
	if err := connection.SetDeadline(time.Now().Add(patience)); err != nil {
		return Request{}, err
	}
	line, err := bufio.NewReader(io.LimitReader(connection, maxRequest)).ReadBytes('\n')
	if err != nil {
		return Request{}, err
	}
	var request Request
	if err := json.Unmarshal(line, &request); err != nil {
		return Request{}, err
	}
	if !utf8.ValidString(request.Argument) {
		return Request{}, errors.New("the argument is not text")
	}
	return request, nil
}

// Close makes way for the next start to be the first instance. It waits for an
// open that is under way.
func (f *First) Close() error {
	err := f.listener.Close() // removes the socket
	f.serving.Wait()
	return errors.Join(err, f.lock.Unlock())
}
