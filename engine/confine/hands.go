package confine

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
)

// Sleeper is the value of WorkerEnv for a process that only sleeps: it stands
// behind the walls of a run with native hands, and may be killed.
const Sleeper = "sleeper"

// HandNames lists the native hands: what code that broke out of V8 would do.
var HandNames = []string{
	"open", "read", "stat", "truncate", "remove", "connect", "unixSocket", "exec", "fork", "kill", "ptrace", "readProcess",
	"shareMemory", "threads", "ioUring", "userfaultfd", "namespaces", "syscall",
}

// Planted is what stands behind the walls of a run with native hands: made by
// the host for that run, and removed after it.
type Planted struct {
	File       string // with a text
	Program    string // that ends with ProgramStatus
	Socket     string // a UNIX socket's path
	Port       int    // on 127.0.0.1
	PID        int    // of a process that sleeps
	Address    uint64 // of a text in its memory
	Descriptor int    // left open when the worker was started

	// Traceable says that the system lets a process trace that one: where it does
	// not, a refusal is not known to be a wall's.
	Traceable bool
}

// ProgramStatus is the exit status of the planted program.
const ProgramStatus = 42

// Hands makes the system calls of a guest with native hands.
type Hands struct {
	planted Planted
	stands  map[string]bool
	sealed  bool         // no wall is left out: any file, port and process may be tried
	open    map[int]bool // descriptors that the hands opened
	shared  int          // bytes
	keep    []any        // what the call under way points to
}

// NewHands returns the hands of a sealed worker with these walls.
func NewHands(planted Planted, walls []Wall, without []string) *Hands {
	h := &Hands{planted: planted, stands: map[string]bool{}, open: map[int]bool{}}
	for _, wall := range walls {
		h.stands[wall.Name] = true
	}
	// On a system without the filter, nothing may be tried that could work.
	h.sealed = len(without) == 0 && h.stands[Seccomp]
	return h
}

// HandAnswer is what the system answered to a native hand.
type HandAnswer struct {
	OK      bool   `json:"ok"`
	Call    string `json:"call"`              // the system call that decided
	Errno   string `json:"errno,omitempty"`   // "EPERM"
	Message string `json:"message,omitempty"` // the same in words
	By      string `json:"by,omitempty"`      // the wall that refused; "" where that is not known

	Text       string `json:"text,omitempty"` // what was read
	Descriptor int    `json:"descriptor,omitempty"`
	PID        int    `json:"pid,omitempty"`
	Bytes      int    `json:"bytes,omitempty"`
	Threads    int    `json:"threads,omitempty"`

	// Target is what the call was for, in words.
	Target string `json:"-"`
	// Held reports whether a wall, or another rule of the system, refused it: not
	// that the call was made wrongly.
	Held bool `json:"-"`
}

// Bounds of what one guest may do with its hands.
const (
	maxOpen   = 16
	maxShared = 64 << 20
	maxMade   = 10_000 // threads
	maxPath   = 4000
	maxRead   = 1024
)

// Try makes the call of one hand. args is a JSON array of plain data. An error
// is the hands' own refusal: no call was made.
func (h *Hands) Try(name, args string) (HandAnswer, error) {
	a := arguments{hand: name}
	if err := json.Unmarshal([]byte(args), &a.values); err != nil {
		return HandAnswer{}, fmt.Errorf("native.%s: its arguments cannot be read", name)
	}
	h.keep = h.keep[:0]
	answer, err := h.try(name, &a)
	if err == nil {
		err = a.err
	}
	return answer, err
}

// arguments reads a hand's, and remembers the first that is not as expected.
type arguments struct {
	hand   string
	values []any
	err    error
}

func (a *arguments) refuse(i int, expected string) {
	if a.err == nil {
		a.err = fmt.Errorf("native.%s: argument %d: expected %s", a.hand, i+1, expected)
	}
}

func (a *arguments) has(i int) bool { return i < len(a.values) && a.values[i] != nil }

func (a *arguments) text(i int, what string) string {
	if !a.has(i) {
		a.refuse(i, what)
		return ""
	}
	text, ok := a.values[i].(string)
	if !ok || text == "" || len(text) > maxPath || strings.ContainsRune(text, 0) {
		a.refuse(i, what)
	}
	return text
}

// number is a whole one in this range.
func (a *arguments) number(i int, what string, least, most float64) int {
	if !a.has(i) {
		a.refuse(i, what)
		return 0
	}
	n, ok := a.values[i].(float64)
	if !ok || n != math.Trunc(n) || n < least || n > most {
		a.refuse(i, fmt.Sprintf("%s from %.0f to %.0f", what, least, most))
		return 0
	}
	return int(n)
}

// only refuses what is not planted: where a wall is left out the call could
// work, and nothing of the machine's may be within reach.
func (h *Hands) only(hand, what string, wanted, planted any) error {
	if h.sealed || wanted == planted {
		return nil
	}
	return fmt.Errorf("native.%s: with a wall left out, only native.targets.%s is within reach, never the machine's own", hand, what)
}
