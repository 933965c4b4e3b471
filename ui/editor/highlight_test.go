package editor

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"time"
)

// letters writes the class of each byte: k keyword, s string, c comment, n
// number, f function, r regex, b builtin, . text.
func letters(spans []span, n int) string {
	out := []byte(strings.Repeat(".", n))
	from := 0
	for _, s := range spans {
		for i := from; i < s.end; i++ {
			out[i] = ".kksncfbr"[s.class]
		}
		from = s.end
	}
	return string(out)
}

func TestColours(t *testing.T) {
	for _, c := range []struct{ start, line, want, end string }{
		{"", `let a = 1`, `kkk.....n`, ""},
		{"", `f(x) // c`, `f....cccc`, ""},
		{"", `"a" + 'b'`, `sss...sss`, ""},
		{"", `x = "ab`, `....sss`, ""},
		{"", `x = 'ab // c`, `....ssssssss`, ""},
		{"", `/* a`, `cccc`, "C"},
		{"C", `a */ if`, `cccc.kk`, ""},
		{"C", `a`, `c`, "C"},
		{"", "`a", `ss`, "T"},
		{"T", "a ${b", `sskk.`, "TI"},
		{"TI", "c} d`", `.ksss`, ""},
		{"T", "`; if", `s..kk`, ""},
		{"", `/a[/]b/g.test("x")`, `rrrrrrrr.ffff.sss.`, ""},
		{"", "x = \"\xff\"", `....sss`, ""},
		{"", "p.catch(f).then", "..fffff........", ""},
		{"", "f(...this.new)", "f....kkkk.....", ""},
		{"", "", "", ""},
	} {
		spans, end := colourLine(c.start, c.line)
		if got := letters(spans, len(c.line)); got != c.want || end != c.end {
			t.Errorf("%q %q:\n got %s %q\nwant %s %q", c.start, c.line, got, end, c.want, c.end)
		}
	}
}

// Colours found edit by edit must be those of the whole text.
func TestColoursFollowEdits(t *testing.T) {
	e := open(t, "")
	pieces := []string{"/*", "*/", "`", "${", "}", "'", "\n", "\n\n", "let a = 1\n", "// x\n", "a", "\"", strings.Repeat("x\n", 70)}
	rng := rand.New(rand.NewSource(1))
	for i := range 160 {
		a, b := randomRange(rng, e)
		if i%40 == 39 {
			a, b = pos{}, e.doc.end()
		}
		e.step(editOther, func() { e.replace(a, b, pieces[rng.Intn(len(pieces))]) })
		start := ""
		for row, line := range e.doc.lines {
			spans, end := colourLine(start, line)
			if got := e.rows[row]; got.start != start || got.end != end || letters(got.spans, len(line)) != letters(spans, len(line)) {
				t.Fatalf("edit %d, row %d of %d, %q: %s in %q, want %s in %q", i, row, len(e.rows), line,
					letters(got.spans, len(line)), got.start, letters(spans, len(line)), start)
			}
			start = end
		}
	}
}

func randomRange(rng *rand.Rand, e *Editor) (pos, pos) {
	at := func() pos {
		row := rng.Intn(len(e.doc.lines))
		return e.doc.clamp(pos{row, rng.Intn(len(e.doc.lines[row]) + 1)})
	}
	a, b := at(), at()
	if rng.Intn(3) > 0 || b.row > a.row+4 {
		b = a
	}
	if b.less(a) {
		a, b = b, a
	}
	return a, b
}

// What the lexer is given by a hostile guest must not hold up the window.
func TestHostileLinesAreColouredQuickly(t *testing.T) {
	for _, s := range []string{
		`"` + strings.Repeat(`\`, 1999),
		`"` + strings.Repeat(`\\`, 900) + `'`,
		strings.Repeat(`"\\\`, 400),
		"/" + strings.Repeat("[", 1900),
		"/" + strings.Repeat("a[", 900),
		strings.Repeat("/*", 900),
		strings.Repeat("`${", 600),
		strings.Repeat("<!--", 400),
		strings.Repeat("(", 1900),
	} {
		began := time.Now()
		colourLine("", s)
		if took := time.Since(began); took > 300*time.Millisecond {
			t.Errorf("%.20q… took %v", s, took)
		}
	}
}

// queue stands in for Fyne's main thread.
type queue chan func()

func async(t testing.TB, text string) (*Editor, queue) {
	e := open(t, "")
	q := make(queue, 1000)
	e.onMain = func(f func()) { q <- f }
	e.Immediate = false
	put(e, text)
	t.Cleanup(func() {
		e.FocusLost()
		for _, tm := range []*timer{&e.colours.timer, &e.check.timer, &e.finder.timer, &e.pointer.timer} {
			tm.stop()
		}
		e.colours.pass.Add(1)
		time.Sleep(10 * time.Millisecond)
	})
	return e, q
}

// until runs what came in until done holds.
func (q queue) until(t testing.TB, done func() bool) {
	t.Helper()
	late := time.After(10 * time.Second)
	for !done() {
		select {
		case f := <-q:
			f()
		case <-late:
			t.Fatal("waited for ten seconds")
		}
	}
}

func TestColoursInTheBackground(t *testing.T) {
	e, q := async(t, strings.Repeat("let a = 'b'\n", 500))
	last := func() string { return letters(e.rows[499].spans, 11) }
	if last() != "..........." {
		t.Errorf("500 lines were coloured at once")
	}
	e.ScrollTo(500)
	if last() != "kkk.....sss" {
		t.Error("what is seen must wait for its colours")
	}
	e.ScrollTo(1)
	q.until(t, func() bool { return e.colours.from == e.colours.to })
	if last() != "kkk.....sss" {
		t.Error("the pass did not reach the end")
	}

	// Opening a comment reaches the end once the hands rest, and an edit on the
	// way does not leave wrong colours behind.
	e.GoTo(1, 1)
	press(t, e, "/*")
	if got := letters(e.rows[0].spans, 13); got != "ccccccccccccc" {
		t.Errorf("the edited line is %s", got)
	}
	if letters(e.rows[1].spans, 11) != "kkk.....sss" {
		t.Error("the next line flickered")
	}
	q.until(t, func() bool { return letters(e.rows[1].spans, 11) == "ccccccccccc" })
	press(t, e, "<Down><Down><Down><End> */")
	q.until(t, func() bool { return e.colours.from == e.colours.to })
	for row, want := range map[int]string{2: "ccccccccccc", 3: "cccccccccccccc", 4: "kkk.....sss", 499: "kkk.....sss"} {
		if got := letters(e.rows[row].spans, len(e.doc.lines[row])); got != want {
			t.Errorf("row %d is %s", row, got)
		}
	}
}

func TestCheckInTheBackground(t *testing.T) {
	e, q := async(t, "let a = (1;\nawait a;\n")
	var found []Diagnostic
	calls := 0
	e.OnDiagnostics = func(d []Diagnostic) { found = d; calls++ }
	q.until(t, func() bool { return calls == 1 })
	if len(found) != 1 || found[0].Line != 1 || found[0].Col != 11 || !strings.Contains(found[0].Message, `")"`) {
		t.Errorf("found %+v", found)
	}
	e.GoTo(1, 11)
	press(t, e, ")")
	q.until(t, func() bool { return calls == 2 })
	if len(found) != 0 || len(e.Diagnostics()) != 0 {
		t.Errorf("still %+v", found)
	}
	press(t, e, ")")
	q.until(t, func() bool { return calls == 3 })
	e.SelectAll() // the error goes with its text
	press(t, e, "<Delete>a")
	q.until(t, func() bool { return calls == 4 })
	if len(found) != 0 {
		t.Errorf("still %+v", found)
	}
}

// TestAnotherLanguage: what is no JavaScript is not marked where it is another
// language that can be run.
func TestAnotherLanguage(t *testing.T) {
	e, q := async(t, "let a: number = 1\n")
	calls := 0
	e.OnDiagnostics = func([]Diagnostic) { calls++ }
	e.OtherLanguage = func(text string) bool { return strings.Contains(text, "number") }
	q.until(t, func() bool { return calls == 1 })
	if !e.Foreign() || len(e.Diagnostics()) != 0 {
		t.Errorf("another language: %v, with %+v", e.Foreign(), e.Diagnostics())
	}
	e.SelectAll()
	press(t, e, "let b = (")
	q.until(t, func() bool { return calls == 2 })
	if e.Foreign() || len(e.Diagnostics()) == 0 {
		t.Errorf("another language: %v, with %+v", e.Foreign(), e.Diagnostics())
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"await 1; for await (const x of y) {}", ""},
		{"import('x'); x?.y ?? z; class A { #b = 1n }", ""},
		{"let x = `a${1}`; label: for (;;) break label", ""},
		{"let a = ;", "1:9"},
		{"a\n\n  b c", "3:5"},
		{"'😀' x", "1:6"},
		{"let a; let a", "1:12"},
		{"{", "1:2"},
		{"\xff", "1:1"},
		{"'\u2028' // \u2029\nlet a = ;", "2:9"},
		{"// \u2028 let a = ;", "1:14"},
	} {
		e := open(t, c.text)
		got := ""
		if d := e.Diagnostics(); len(d) > 0 {
			got = fmt.Sprintf("%d:%d", d[0].Line, d[0].Col)
		}
		if got != c.want {
			t.Errorf("%q: an error at %q, want %q: %+v", c.text, got, c.want, e.Diagnostics())
		}
	}
}

func TestFromJavaScript(t *testing.T) {
	e := open(t, "a\n'\u2028b\u2029c'\nd")
	for _, c := range [][4]int{{1, 1, 1, 1}, {2, 2, 2, 2}, {3, 1, 2, 3}, {4, 2, 2, 6}, {5, 1, 3, 1}, {9, 1, 9, 1}} {
		if l, k := e.FromJavaScript(c[0], c[1]); l != c[2] || k != c[3] {
			t.Errorf("%d:%d is %d:%d, want %d:%d", c[0], c[1], l, k, c[2], c[3])
		}
	}
}

func TestCountInTheBackground(t *testing.T) {
	e, q := async(t, strings.Repeat("ab ab\n", 1000))
	e.openBar(findRows)
	e.finder.bar.find.SetText("ab")
	q.until(t, func() bool { return e.finder.bar.status.Text == "1 of 2000" })
	e.FindNext()
	q.until(t, func() bool { return e.finder.bar.status.Text == "2 of 2000" })
}

func TestBlinkEnds(t *testing.T) {
	e, q := async(t, "a")
	now := time.Now()
	e.now = func() time.Time { return now }
	e.steady()
	(<-q)() // whatever is first, a blink must come
	q.until(t, func() bool { return e.blinker.hidden })
	now = now.Add(time.Minute)
	q.until(t, func() bool { return !e.blinker.hidden })
	select {
	case f := <-q:
		f()
		if e.blinker.hidden {
			t.Error("the caret still blinks")
		}
	case <-time.After(2 * blinkEvery):
	}
	e.FocusLost()
	if e.view.renderer.caret.Visible() {
		t.Error("a caret without focus")
	}
}
