package editor

import (
	"strings"
	"testing"
)

// FuzzEdits makes random edits beside a plain string that is edited alike.
// Undoing all must bring back the start, redoing all the end.
func FuzzEdits(f *testing.F) {
	f.Add("let a = 1\nb", []byte{0, 3, 5, 1, 9, 200, 7, 7, 2})
	f.Add("日本\t\u202e\xff", []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
	f.Add("", []byte{0, 0, 0, 1, 0, 0, 2, 0, 0})
	inserts := []string{"", "x", "\n", "ab\ncd", "日", "\t", "\u202e", "\xff", "(", "`", "a\r\nb", "/*", "\r"}
	f.Fuzz(func(t *testing.T, start string, ops []byte) {
		if len(start) > 2000 || len(ops) > 150 {
			return
		}
		e := New()
		e.Immediate = true
		e.check.busy = true // parsing is another test's matter
		e.SetText(start)
		start = newLines.Replace(start)
		model := start
		for len(ops) >= 3 {
			a, b, in := int(ops[0])*7, int(ops[1])*5, inserts[int(ops[2])%len(inserts)]
			ops = ops[3:]
			p, q := e.doc.clamp(placeOf(model, a)), e.doc.clamp(placeOf(model, a+b%9))
			if q.less(p) {
				p, q = q, p
			}
			i, j := offsetOf(model, p), offsetOf(model, q)
			e.step(kind(b%4), func() { e.replace(p, q, in) })
			model = model[:i] + newLines.Replace(in) + model[j:]
			if e.Text() != model {
				t.Fatalf("got %q, want %q", e.Text(), model)
			}
			e.mustHold(t)
		}
		for range len(e.history.done) {
			e.Undo()
			e.mustHold(t)
		}
		if e.Text() != start {
			t.Fatalf("undone to %q, want %q", e.Text(), start)
		}
		for range len(e.history.undone) {
			e.Redo()
		}
		if e.Text() != model {
			t.Fatalf("redone to %q, want %q", e.Text(), model)
		}
	})
}

// FuzzKeys presses random keys; nothing may panic and undo must lead back.
func FuzzKeys(f *testing.F) {
	f.Add("let a = (1)\n  b", []byte("abcdefghijklmnopqrstuvwxyz"))
	f.Add("日本\t\u202e\xff\n👨‍👩‍👧", []byte{0, 1, 2, 3, 4, 5, 200, 201, 30, 31, 32, 33, 34, 35, 36, 37, 38})
	keys := []string{"a", " ", "(", ")", "{", "}", "'", "`", "/", "日", "\u202e", "<Return>", "<Tab>", "<S-Tab>", "<BackSpace>",
		"<Delete>", "<Left>", "<Right>", "<Up>", "<Down>", "<S-Left>", "<S-Right>", "<S-Up>", "<S-Down>", "<Home>", "<End>",
		"<S-Home>", "<S-End>", "<Prior>", "<Next>", "<C-Left>", "<C-Right>", "<C-S-Left>", "<C-BackSpace>", "<C-Delete>",
		"<undo>", "<redo>", "<select-all>", "<select-line>", "<toggle-comment>", "<indent>", "<outdent>", "<duplicate-line>",
		"<move-line-up>", "<move-line-down>", "<delete-line>", "<go-to-bracket>", "<complete>", ".", "<Escape>", "<C-Home>", "<C-End>"}
	f.Fuzz(func(t *testing.T, start string, ops []byte) {
		if len(start) > 500 || len(ops) > 60 {
			return
		}
		e := New()
		e.Immediate = true
		e.check.busy = true
		e.SetText(start)
		start = newLines.Replace(start)
		for _, op := range ops {
			press(t, e, keys[int(op)%len(keys)])
			e.mustHold(t)
			if e.doc.bytes > 20_000 {
				return
			}
		}
		for range len(e.history.done) {
			e.Undo()
		}
		if e.Text() != start {
			t.Fatalf("undone to %q, want %q", e.Text(), start)
		}
	})
}

// mustHold checks what must always hold.
func (e *Editor) mustHold(t *testing.T) {
	t.Helper()
	if len(e.rows) != len(e.doc.lines) {
		t.Fatalf("%d rows for %d lines", len(e.rows), len(e.doc.lines))
	}
	n := 0
	for _, l := range e.doc.lines {
		n += len(l)
		if strings.ContainsAny(l, "\r\n") {
			t.Fatalf("a line holds a line end: %q", l)
		}
	}
	if n != e.doc.bytes {
		t.Fatalf("counted %d bytes of %d", e.doc.bytes, n)
	}
	if e.wraps() {
		e.wrapHolds(t)
	}
	for _, p := range []pos{e.sel.caret, e.sel.anchor} {
		if p != e.doc.clamp(p) {
			t.Fatalf("the caret is at %v, nowhere in %q", p, e.doc.lines)
		}
	}
}

func placeOf(s string, i int) pos { return after(pos{}, s[:i%(len(s)+1)]) }

func offsetOf(s string, p pos) int {
	off := 0
	for range p.row {
		off += strings.IndexByte(s[off:], '\n') + 1
	}
	return off + p.col
}

func FuzzColourLine(f *testing.F) {
	f.Add("", "let a = `x${1}` // y")
	f.Add("TIT", "} ` /* \xff")
	f.Fuzz(func(t *testing.T, start, line string) {
		if strings.Trim(start, "TIC") != "" || strings.Contains(strings.TrimSuffix(start, "C"), "C") || strings.ContainsAny(line, "\r\n") || len(start) > 20 {
			return
		}
		spans, _ := colourLine(start, line)
		last := 0
		for _, s := range spans {
			if s.end < last || s.end > len(line) {
				t.Fatalf("%q: spans %v", line, spans)
			}
			last = s.end
		}
	})
}
