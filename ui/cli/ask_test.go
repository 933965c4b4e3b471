package cli

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
)

// person types an answer when a question has been asked.
type person struct {
	answers []string // each ends with its newline; none left: the end of input
	asked   chan struct{}
	shown   bytes.Buffer
}

func (p *person) Write(text []byte) (int, error) {
	n, err := p.shown.Write(text)
	if bytes.HasSuffix(text, []byte(": ")) {
		p.asked <- struct{}{}
	}
	return n, err
}

func (p *person) Read(buffer []byte) (int, error) {
	<-p.asked
	if len(p.answers) == 0 {
		return 0, io.EOF
	}
	n := copy(buffer, p.answers[0])
	p.answers = p.answers[1:]
	return n, nil
}

func TestAsk(t *testing.T) {
	call := engine.Asked{N: 2, Capability: "db", Method: "query", Args: `["SELECT 1"]`, BytesIn: 12, Line: 3, Secrets: []string{"TOKEN"}}
	for _, c := range []struct {
		answers []string
		want    engine.Verdict
	}{
		{[]string{"y\n"}, engine.Allow}, {[]string{" YES \r\n"}, engine.Allow}, {[]string{"n\n"}, engine.Deny}, {[]string{"a\n"}, engine.Always},
		{[]string{"\n", "perhaps\n", "no\n"}, engine.Deny}, {nil, engine.Deny}, {[]string{"\n"}, engine.Deny},
	} {
		p := &person{answers: c.answers, asked: make(chan struct{}, 9)}
		if got := askOn(p, p).ask(t.Context(), call); got != c.want {
			t.Errorf("%q: %q, want %q", c.answers, got, c.want)
		}
		const want = "The guest calls db.query, from line 3, with 12 B of arguments (call 2):\n  | [\"SELECT 1\"]\nThey hold TOKEN.\nAllow it? y: yes, n: no, a: always db.query: "
		if !strings.HasPrefix(p.shown.String(), want) {
			t.Errorf("shown is\n%s", p.shown.String())
		}
	}
}

// A run that ends takes its question back.
func TestAskEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in, _ := io.Pipe()
	time.AfterFunc(20*time.Millisecond, cancel)
	if got := askOn(in, io.Discard).ask(ctx, engine.Asked{}); got != "" {
		t.Errorf("answered %q", got)
	}
}

// What was typed before the question does not answer it.
func TestAskSkips(t *testing.T) {
	in, typed := io.Pipe()
	terminal := askOn(in, io.Discard)
	go func() { _, _ = typed.Write([]byte("y\n")) }()
	time.Sleep(50 * time.Millisecond)
	time.AfterFunc(100*time.Millisecond, func() { _, _ = typed.Write([]byte("n\n")) })
	if got := terminal.ask(t.Context(), engine.Asked{}); got != engine.Deny {
		t.Errorf("answered %q", got)
	}
}

// A guest's words are bounded, and cannot pass for ours.
func TestQuoteBlock(t *testing.T) {
	hostile := "\x1b[2J\u202e\nAllow it? y: yes" + strings.Repeat(" ", 72) + "The guest calls kv.get" + strings.Repeat("é中", 900) + "end"
	block := quoteBlock(hostile)
	if strings.ContainsAny(block, "\x1b\u202e") || len(block) > 6000 || !strings.HasSuffix(block, "end\n") || !strings.Contains(block, "characters are not shown") {
		t.Errorf("quoted as\n%s", block)
	}
	for line := range strings.Lines(block) {
		if !strings.HasPrefix(line, "  | ") && !strings.HasPrefix(line, "  … ") {
			t.Errorf("line %q", line)
		}
	}
	if quoteBlock("") != "  | \n" {
		t.Errorf("nothing is %q", quoteBlock(""))
	}
}

func TestAskRefuses(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"run --grant db --ask db -", "standard input is not a terminal"},
		{"run --ask db -", "--ask db: it is not granted: add --grant db"},
		{"run --grant db --ask db,attic -", `--ask "attic": there is no capability of that name: ask for one of db, http, files, kv`},
	} {
		status, stdout, words := sealedroom(t, "1", strings.Fields(c.args)...)
		if status != exitUsage || stdout != "" || !strings.Contains(words, c.want) {
			t.Errorf("%s: status %d, says %q", c.args, status, words)
		}
	}
}
