package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/mattn/go-runewidth"
	"golang.org/x/term"

	"sealedroom/engine"
	"sealedroom/inspector"
)

// terminal asks a person about calls that wait, a line for an answer.
type terminal struct {
	out   io.Writer
	lines chan string // typed; closed at the end of input
}

// errNoTerminal says why no person can be asked.
var errNoTerminal = errors.New("standard input is not a terminal, so no person can answer: run it in a terminal, or without --ask; check answers as a scenario says")

// newTerminal returns what asks on the terminal that the program was started in.
func newTerminal(file string) (*terminal, error) {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return nil, fmt.Errorf("ask before calls of %s: %w", inspector.Line(file), errNoTerminal)
	}
	return askOn(os.Stdin, stderr), nil
}

// askOn returns what asks on out and reads answers from in.
func askOn(in io.Reader, out io.Writer) *terminal {
	t := &terminal{out: out, lines: make(chan string)}
	go func() {
		defer close(t.lines)
		for lines := bufio.NewReaderSize(in, 4096); ; {
			line, err := lines.ReadString('\n')
			if err != nil {
				return // a line without an end is no answer
			}
			t.lines <- line
		}
	}()
	return t
}

// ask shows a call and waits for an answer: yes, no or always. The end of input
// denies. It returns when ctx ends.
func (t *terminal) ask(ctx context.Context, call engine.Asked) engine.Verdict {
	t.skip()
	name := inspector.Line(call.Capability + "." + call.Method)
	where := ""
	if call.Line > 0 {
		where = fmt.Sprintf(", from line %d", call.Line)
	}
	fmt.Fprintf(t.out, "The guest calls %s%s, with %s of arguments (call %d):\n%s", name, where,
		engine.FormatSize(int64(call.BytesIn)), call.N, quoteBlock(call.Args))
	if len(call.Secrets) > 0 {
		fmt.Fprintf(t.out, "They hold %s.\n", inspector.Line(strings.Join(call.Secrets, ", ")))
	}
	for {
		fmt.Fprintf(t.out, "Allow it? y: yes, n: no, a: always %s: ", name)
		select {
		case <-ctx.Done():
			fmt.Fprintln(t.out)
			return ""
		case line, ok := <-t.lines:
			if !ok {
				fmt.Fprintln(t.out, "\nInput has ended: the call is denied.")
				return engine.Deny
			}
			switch strings.ToLower(strings.TrimSpace(line)) {
			case "y", "yes":
				return engine.Allow
			case "n", "no":
				return engine.Deny
			case "a", "always":
				return engine.Always
			}
		}
	}
}

// skip drops what was typed before the question: it answers nothing.
func (t *terminal) skip() {
	for {
		select {
		case _, ok := <-t.lines:
			if !ok {
				return
			}
		default:
			return
		}
	}
}

// How much of a call's arguments is shown, in characters, and how wide.
const (
	maxShown   = 1200
	shownTail  = 300 // of them, from the end
	shownWidth = 72
)

// quoteBlock quotes a guest's text in lines that each begin with a bar, so that
// nothing in it can pass for a question of ours. The middle of a long text is
// left out, and counted.
func quoteBlock(text string) string {
	text = inspector.Line(text)
	runes := []rune(text)
	pieces := []string{text}
	if len(runes) > maxShown {
		head, tail := maxShown-shownTail, len(runes)-shownTail
		pieces = []string{string(runes[:head]), fmt.Sprintf("… %d characters are not shown …", tail-head), string(runes[tail:])}
	}
	var out strings.Builder
	for i, piece := range pieces {
		bar := "  | "
		if i == 1 {
			bar = "  "
		}
		for piece != "" || i == 0 && out.Len() == 0 {
			line := runewidth.Truncate(piece, shownWidth, "")
			if line == "" && piece != "" {
				line = string([]rune(piece)[:1])
			}
			piece = piece[len(line):]
			out.WriteString(bar + line + "\n")
		}
	}
	return out.String()
}
