package editor

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	test.NewApp()
	if code := m.Run(); code != 0 {
		os.Exit(code)
	}
	// The clock of the lexer's patterns ends by itself a moment after the last.
	if err := goleak.Find(goleak.IgnoreAnyFunction("github.com/dlclark/regexp2/v2.runClock")); err != nil {
		println(err.Error())
		os.Exit(1)
	}
}

// open shows an editor with text in a window. A | in the text is the caret; two
// are a selection, with the caret at the second.
func open(t testing.TB, text string) *Editor {
	t.Helper()
	e := New()
	e.Immediate = true
	put(e, text)
	w := test.NewWindow(e)
	w.Resize(fyne.NewSize(600, 400))
	w.Canvas().Focus(e)
	t.Cleanup(w.Close)
	return e
}

func put(e *Editor, text string) {
	parts := strings.Split(text, "|")
	e.SetText(strings.Join(parts, ""))
	if len(parts) > 1 {
		a := after(pos{}, parts[0])
		e.sel = selection{a, a}
	}
	if len(parts) > 2 {
		e.sel.caret = after(pos{}, parts[0]+parts[1])
	}
	e.caretMoved()
}

// shown is put's inverse.
func shown(e *Editor) string {
	a, b := e.sel.ordered()
	if a == b {
		return e.doc.slice(pos{}, a) + "|" + e.doc.slice(a, e.doc.end())
	}
	return e.doc.slice(pos{}, a) + "|" + e.doc.slice(a, b) + "|" + e.doc.slice(b, e.doc.end())
}

// press does keys as they are written: "abc" types, "<Up>" and "<S-Up>" press a
// key, "<C-A>", "<C-S-K>" and "<A-Up>" a shortcut, "<undo>" runs a command.
func press(t testing.TB, e *Editor, keys string) {
	t.Helper()
	for keys != "" {
		if keys[0] != '<' || !strings.Contains(keys, ">") {
			r := []rune(keys)[0]
			e.TypedRune(r)
			keys = keys[len(string(r)):]
			continue
		}
		i := strings.Index(keys, ">")
		name := keys[1:i]
		keys = keys[i+1:]
		var mod fyne.KeyModifier
		for len(name) > 2 && name[1] == '-' {
			mod |= map[byte]fyne.KeyModifier{
				'C': fyne.KeyModifierShortcutDefault, 'S': fyne.KeyModifierShift, 'A': fyne.KeyModifierAlt,
			}[name[0]]
			name = name[2:]
		}
		if c := e.command(name); c.ID != "" {
			c.Run()
			continue
		}
		k := fyne.KeyName(name)
		if name == "lt" {
			e.TypedRune('<')
			continue
		}
		if mod&^fyne.KeyModifierShift == 0 {
			e.shift = mod != 0
			e.TypedKey(&fyne.KeyEvent{Name: k})
			e.shift = false
			continue
		}
		e.TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: mod})
	}
}

func click(e *Editor, p fyne.Position, mod fyne.KeyModifier) {
	ev := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary, Modifier: mod}
	ev.Position = p
	e.MouseDown(ev)
	e.MouseUp(ev)
}

// middle returns the middle of the cell at a row and column of the screen.
func middle(e *Editor, row, col int) fyne.Position {
	p := e.pointOf(pos{row, 0})
	return p.AddXY(float32(float64(col)*e.view.cell+e.view.cell/4), float32(e.view.line/2))
}

func TestKeys(t *testing.T) {
	for _, c := range []struct{ name, text, keys, want string }{
		{"typing", "|", "let a", "let a|"},
		{"typing replaces the selection", "a|bc|d", "x", "ax|d"},
		{"undo takes back a word", "|", "let abc<undo>", "let |"},
		{"undo takes back words one by one", "|", "let abc<undo><undo>", "|"},
		{"redo", "|", "let abc<undo><undo><redo>", "let |"},
		{"moving starts a new step", "|", "ab<Left>c<undo>", "a|b"},
		{"backspaces are one step", "abcd|", "<BackSpace><BackSpace><BackSpace><undo>", "abcd|"},
		{"deletes are one step", "|abcd", "<Delete><Delete><undo>", "|abcd"},
		{"undo restores the selection", "a|bc|d", "x<undo>", "a|bc|d"},
		{"backspace joins lines", "ab\n|cd", "<BackSpace>", "ab|cd"},
		{"delete joins lines", "ab|\ncd", "<Delete>", "ab|cd"},
		{"backspace at the start", "|ab", "<BackSpace>", "|ab"},
		{"delete at the end", "ab|", "<Delete>", "ab|"},
		{"backspace takes a step of indentation", "    |x", "<BackSpace>", "  |x"},
		{"backspace takes an emoji whole", "x👨‍👩‍👧|", "<BackSpace>", "x|"},
		{"backspace takes a letter with its accent", "xe\u0301|", "<BackSpace>", "x|"},
		{"left and right over wide letters", "日|本", "<Left><Right><Right>", "日本|"},
		{"an unseen character is one step", "a\u202eb|", "<Left><Left>x", "ax|\u202eb"},
		{"ctrl+backspace", "foo bar|", "<C-BackSpace>", "foo |"},
		{"ctrl+delete", "foo| bar", "<C-Delete>", "foo|"},
		{"ctrl+left stops at words", "foo.bar baz|", "<C-Left><C-Left>", "foo.|bar baz"},
		{"ctrl+right stops at words", "|foo.bar", "<C-Right><C-Right>", "foo.|bar"},
		{"ctrl+left to the line above", "foo\n|bar", "<C-Left>", "foo|\nbar"},
		{"home goes to the text, then the margin", "  ab|", "<Home>x<Home>", "  |xab"},
		{"home twice", "  ab|", "<Home><Home>", "|  ab"},
		{"end", "|ab\ncd", "<End>", "ab|\ncd"},
		{"up keeps its column through short lines", "abcdef\nab\nabcd|ef", "<Up><Up>", "abcd|ef\nab\nabcdef"},
		{"up on the first line", "ab|c", "<Up>", "|abc"},
		{"down on the last line", "ab|c", "<Down>", "abc|"},
		{"ctrl+home and end", "ab\nc|d", "<C-Home>x<C-End>y", "xab\ncdy|"},
		{"shift selects", "a|bc", "<S-Right><S-Right>", "a|bc|"},
		{"left drops the selection to its start", "a|bc|d", "<Left>", "a|bcd"},
		{"right drops the selection to its end", "a|bc|d", "<Right>", "abc|d"},
		{"shift+ctrl+right", "|foo bar", "<C-S-Right>", "|foo| bar"},
		{"select all", "a\nb|", "<select-all>", "|a\nb|"},
		{"select line", "a|b\ncd", "<select-line>", "|ab\n|cd"},

		{"enter keeps the indentation", "  ab|", "<Return>", "  ab\n  |"},
		{"enter indents after a brace", "if (a) {|", "<Return>", "if (a) {\n  |"},
		{"enter between braces", "f({|})", "<Return>", "f({\n  |\n})"},
		{"a closing brace goes back", "if (a) {\n    |", "}", "if (a) {\n}|"},
		{"enter uses tabs where there are tabs", "\tif {|", "<Return>", "\tif {\n\t\t|"},

		{"brackets close", "|", "f(", "f(|)"},
		{"and are typed over", "|", "f(a)", "f(a)|"},
		{"nested ones too", "|", "f([{}])", "f([{}])|"},
		{"a block's brace is typed over", "|", "{<Return>a<Return>}", "{\n  a\n}|"},
		{"and those of blocks in blocks", "|", "f(() => {<Return>if (a) {<Return>b<Return>}<Return>});", "f(() => {\n  if (a) {\n    b\n  }\n});|"},
		{"that is one step", "|", "{<Return>a<Return>}<undo>", "{\n  a\n  |\n}"},
		{"not behind other text", "|", "{<Return>a }", "{\n  a }|\n}"},
		{"nor after a look elsewhere", "x\n|", "{<Return>a<Return><C-Home><C-End><Up><Home>}", "x\n{\n  a\n}|\n}"},
		{"only when they came by themselves", "f(|)", ")", "f()|)"},
		{"not before a word", "|abc", "(", "(|abc"},
		{"quotes close", "x = |", "'ab'", "x = 'ab'|"},
		{"not in words", "don|", "'", "don'|"},
		{"nor in strings", "'abc |'", "(", "'abc (|'"},
		{"nor in comments", "// |", "(", "// (|"},
		{"backspace takes both", "|", "f(<BackSpace>", "f|"},
		{"undo takes both", "|", "f(<undo>", "f|"},
		{"brackets wrap the selection", "a |bc| d", "(", "a (|bc|) d"},
		{"quotes wrap too", "|bc|", "'", "'|bc|'"},
		{"wrap many lines", "|a\nb|", "[", "[|a\nb|]"},

		{"comment a line", "  ab|", "<toggle-comment>", "  // ab|"},
		{"and back", "  // ab|", "<toggle-comment>", "  ab|"},
		{"comment a block at its margin", "|  a\n    b|", "<toggle-comment>", "|  // a\n  //   b|"},
		{"comment a block and back", "|  a\n\n    b|", "<toggle-comment><toggle-comment>", "|  a\n\n    b|"},
		{"comment by its keys", "a|", "<C-/>", "// a|"},
		{"a line below is not touched", "|a\n|b", "<toggle-comment>", "|// a\n|b"},

		{"tab goes to the next step", "a|", "<Tab>b", "a b|"},
		{"tab indents the block", "|a\nb|", "<Tab>", "|  a\n  b|"},
		{"shift+tab outdents the block", "|  a\n    b|", "<S-Tab>", "|a\n  b|"},
		{"shift+tab outdents the line", "    a|", "<S-Tab>", "  a|"},
		{"indent is one step", "|a\nb|", "<Tab><undo>", "|a\nb|"},

		{"duplicate", "a|b\nc", "<duplicate-line>", "ab\na|b\nc"},
		{"duplicate a block", "|a\nb|\nc", "<duplicate-line>", "a\nb\n|a\nb|\nc"},
		{"move up", "a\nb|\nc", "<move-line-up>", "b|\na\nc"},
		{"move down", "a|\nb\nc", "<move-line-down>", "b\na|\nc"},
		{"move by keys", "a|\nb", "<A-Down>", "b\na|"},
		{"move a block", "a\n|b\nc|\nd", "<move-line-up>", "|b\nc|\na\nd"},
		{"not over the top", "a|\nb", "<move-line-up>", "a|\nb"},
		{"not past the end", "a\nb|", "<move-line-down>", "a\nb|"},
		{"delete a line", "ab\nc|d\nef", "<delete-line>", "ab\ne|f"},
		{"delete the last line", "ab\nc|d", "<delete-line>", "a|b"},
		{"delete the only line", "a|b", "<delete-line>", "|"},
		{"bracket and back", "|f(a)", "<Right><go-to-bracket>", "f(a)|"},
		{"redo is gone after an edit", "|", "a<undo>b<redo>", "b|"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := open(t, c.text)
			press(t, e, c.keys)
			if got := shown(e); got != c.want {
				t.Errorf("%q, %s: got %q, want %q", c.text, c.keys, got, c.want)
			}
		})
	}
}

func TestReadOnly(t *testing.T) {
	e := open(t, "a|b\ncd")
	e.ReadOnly = true
	before := e.Text()
	press(t, e, "x<Return><Tab><S-Tab><BackSpace><Delete><C-BackSpace><C-Delete>")
	for _, c := range e.Commands() {
		c.Run()
		if e.finder.open {
			e.closeFind()
		}
	}
	e.Insert("x")
	if e.SetQuery(Query{Text: "a"}) != nil || e.ReplaceAll("b") != 0 || e.Text() != before {
		t.Errorf("a read-only text became %q", e.Text())
	}
}

func TestClipboard(t *testing.T) {
	clip := fyne.CurrentApp().Clipboard()
	for _, c := range []struct{ text, keys, want, clip string }{
		{"a|bc|d", "<copy>", "a|bc|d", "bc"},
		{"a|bc|d", "<cut>", "a|d", "bc"},
		{"a|bc|d", "<copy><Right><paste>", "abcbc|d", "bc"},
		{"ab\nc|d\nef", "<copy>", "ab\nc|d\nef", "cd\n"},
		{"ab\nc|d\nef", "<cut>", "ab\ne|f", "cd\n"},
	} {
		e := open(t, c.text)
		press(t, e, c.keys)
		if got := shown(e); got != c.want || clip.Content() != c.clip {
			t.Errorf("%q, %s: got %q and %q", c.text, c.keys, got, clip.Content())
		}
	}
	e := open(t, "|")
	clip.SetContent("a\r\nb\rc\n\xff")
	e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip})
	if e.Text() != "a\nb\nc\n\xff" {
		t.Errorf("pasted %q", e.Text())
	}
}

func TestMouse(t *testing.T) {
	e := open(t, "let abc = 1;\nfoo.bar()\n")
	now := time.Now()
	e.now = func() time.Time { return now }
	for _, c := range []struct {
		name string
		do   func()
		want string
	}{
		{"click", func() { click(e, middle(e, 1, 4), 0) }, "let abc = 1;\nfoo.|bar()\n"},
		{"double click", func() { click(e, middle(e, 1, 4), 0) }, "let abc = 1;\nfoo.|bar|()\n"},
		{"triple click", func() { click(e, middle(e, 1, 4), 0) }, "let abc = 1;\n|foo.bar()\n|"},
		{"click later", func() { now = now.Add(time.Second); click(e, middle(e, 0, 4), 0) }, "let |abc = 1;\nfoo.bar()\n"},
		{"shift click", func() { click(e, middle(e, 0, 7), fyne.KeyModifierShift) }, "let |abc| = 1;\nfoo.bar()\n"},
		{"line number", func() { click(e, fyne.NewPos(float32(e.view.gutter)-10, 5), 0) }, "|let abc = 1;\n|foo.bar()\n"},
		{"below the text", func() { now = now.Add(time.Second); click(e, fyne.NewPos(300, 300), 0) }, "let abc = 1;\nfoo.bar()\n|"},
	} {
		if c.do(); shown(e) != c.want {
			t.Errorf("%s: got %q, want %q", c.name, shown(e), c.want)
		}
	}
}

func TestDrag(t *testing.T) {
	e := open(t, strings.Repeat("some text in a line\n", 100))
	down := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	down.Position = middle(e, 1, 5)
	e.MouseDown(down)
	drag := &fyne.DragEvent{}
	drag.Position = middle(e, 2, 9)
	e.Dragged(drag)
	if e.SelectedText() != "text in a line\nsome text" {
		t.Errorf("selected %q", e.SelectedText())
	}
	// Held below the view, each event scrolls on.
	drag.Position = fyne.NewPos(100, 480)
	for range 10 {
		e.Dragged(drag)
	}
	e.DragEnd()
	e.MouseUp(down)
	if first, _ := e.visibleRows(); first < 10 {
		t.Errorf("the view begins at row %d", first)
	}
	// The vertical bar's handle.
	v, _ := e.thumbs()
	down.Position = fyne.NewPos(float32(v.x+5), float32(v.y+5))
	e.MouseDown(down)
	drag.Position = down.Position.AddXY(0, 1000)
	e.Dragged(drag)
	e.MouseUp(down)
	if _, end := e.visibleRows(); end != e.LineCount() {
		t.Errorf("the view ends at row %d", end)
	}
}

func TestDoubleClickDragSelectsWords(t *testing.T) {
	e := open(t, "one two three four")
	click(e, middle(e, 0, 5), 0)
	down := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	down.Position = middle(e, 0, 5)
	e.MouseDown(down)
	drag := &fyne.DragEvent{}
	drag.Position = middle(e, 0, 10)
	e.Dragged(drag)
	if e.SelectedText() != "two three" {
		t.Errorf("forward: %q", e.SelectedText())
	}
	drag.Position = middle(e, 0, 1)
	e.Dragged(drag)
	e.DragEnd()
	if e.SelectedText() != "one two" {
		t.Errorf("back: %q", e.SelectedText())
	}
}

func TestLeavingByKeyboard(t *testing.T) {
	e := open(t, "a|")
	var got []fyne.KeyName
	e.OnKey = func(k *fyne.KeyEvent) { got = append(got, k.Name) }
	if !e.AcceptsTab() {
		t.Error("tab leaves at once")
	}
	press(t, e, "<Escape>")
	if e.AcceptsTab() {
		t.Error("tab stays after esc")
	}
	press(t, e, "b")
	if !e.AcceptsTab() {
		t.Error("tab leaves after typing")
	}
	press(t, e, "<F5>")
	var name string
	e.OnShortcut = func(s fyne.Shortcut) { name = s.ShortcutName() }
	press(t, e, "<C-Return>")
	if len(got) != 2 || got[0] != fyne.KeyEscape || got[1] != fyne.KeyF5 || !strings.Contains(name, "Return") {
		t.Errorf("handed on %v and %q", got, name)
	}
}

func TestCaretPositions(t *testing.T) {
	e := open(t, "a😀b\n\tc")
	var line, col int
	e.OnCaret = func(l, c int) { line, col = l, c }
	e.GoTo(1, 4)
	if line != 1 || col != 4 || shown(e) != "a😀|b\n\tc" {
		t.Errorf("at %d:%d, %q", line, col, shown(e))
	}
	for _, c := range []struct{ line, col, wantLine, wantCol int }{
		{0, 0, 1, 1}, {-5, 3, 1, 1}, {99, 1, 2, 3}, {1, 99, 1, 5}, {2, 2, 2, 2}, {1, 3, 1, 4},
	} {
		e.GoTo(c.line, c.col)
		if l, k := e.Caret(); l != c.wantLine || k != c.wantCol {
			t.Errorf("GoTo(%d, %d): %d:%d", c.line, c.col, l, k)
		}
	}
}

func TestSetAndReplaceText(t *testing.T) {
	e := open(t, "a\nb|")
	changed := 0
	e.OnChanged = func() { changed++ }
	rev := e.Revision()
	e.ReplaceText("x")
	if e.Text() != "x" || changed != 1 || e.Revision() == rev {
		t.Errorf("%q after %d changes", e.Text(), changed)
	}
	e.Undo()
	if shown(e) != "a\nb|" {
		t.Errorf("undone: %q", shown(e))
	}
	e.SetText("y")
	e.Undo()
	if e.Text() != "y" {
		t.Errorf("SetText was undone: %q", e.Text())
	}
}

func TestMarksFollowTheirLines(t *testing.T) {
	lines := func(e *Editor) (out []int) {
		for _, m := range e.Marks() {
			out = append(out, m.Line)
		}
		return append(out, e.errorLine)
	}
	for _, c := range []struct{ text, keys, want string }{
		{"|a\nb\nc\nd", "<Return>", "[3 5 5]"},
		{"a|\nb\nc\nd", "<Return>", "[3 5 5]"},
		{"a\n|b\nc\nd", "<Return>", "[3 5 5]"},
		{"a\nb|\nc\nd", "<Return>", "[2 5 5]"},
		{"a\n|b\nc\nd", "<BackSpace>", "[1 3 3]"},
		{"a\n|b|\nc\nd", "x", "[4 4]"}, // another line
		{"a\n|b\nc\n|d", "<Delete>", "[2 2]"},
		{"a\nb|\nc\nd", "<BackSpace>", "[4 4]"},
		{"a\nb\nc\n|d|", "<Delete>", "[2 0]"},
		{"|a\nb\nc\nd|", "<Delete>x", "[0]"},
		{"a\nb|\nc\nd", "<delete-line>", "[3 3]"},
		{"a\nb|\nc\nd", "<move-line-down>", "[3 4 4]"},
		{"a\nb|\nc\nd", "<move-line-up>", "[1 4 4]"},
		{"|a\nb\nc\nd|", "<toggle-comment>", "[2 4 4]"},
		{"a\nb\nc|\nd", "<duplicate-line>", "[2 5 5]"},
	} {
		e := open(t, c.text)
		e.SetMarks([]Mark{{Line: 4, Kind: MarkStopped}, {Line: 2, Kind: MarkConsole}})
		e.SetErrorLine(4)
		press(t, e, c.keys)
		if got := fmt.Sprint(lines(e)); got != c.want {
			t.Errorf("%q, %s: marks on %s, want %s", c.text, c.keys, got, c.want)
		}
	}
}

// TestMarksGoWithTheirLine: a mark stays while its line is edited, and goes when
// the line is rewritten, in whatever way.
func TestMarksGoWithTheirLine(t *testing.T) {
	type edit = func(e *Editor)
	typed := func(text string) edit {
		return func(e *Editor) {
			for _, r := range text {
				e.TypedRune(r)
			}
		}
	}
	times := func(n int, name fyne.KeyName) edit {
		return func(e *Editor) {
			for range n {
				e.TypedKey(&fyne.KeyEvent{Name: name})
			}
		}
	}
	for name, c := range map[string]struct {
		edits []edit
		stays bool
	}{
		"a remark behind":          {[]edit{times(1, fyne.KeyEnd), typed(" // why")}, true},
		"a remark before":          {[]edit{times(1, fyne.KeyHome), typed("// ")}, true},
		"another argument":         {[]edit{times(1, fyne.KeyEnd), times(4, fyne.KeyBackspace), typed("x')")}, true},
		"all of it chosen":         {[]edit{func(e *Editor) { e.SelectAll() }, typed("// another text")}, false},
		"erased and written":       {[]edit{times(1, fyne.KeyEnd), times(20, fyne.KeyBackspace), typed("2 + 2")}, false},
		"erased but the beginning": {[]edit{times(1, fyne.KeyEnd), times(16, fyne.KeyBackspace), typed("other")}, false},
		"another text":             {[]edit{func(e *Editor) { e.ReplaceText("// nothing of it") }}, false},
		"the same text":            {[]edit{func(e *Editor) { e.ReplaceText("process.env('one')\n2") }}, true},
	} {
		e := New()
		e.Immediate = true
		e.SetText("process.env('one')\n2")
		e.SetMarks([]Mark{{Line: 1, Kind: MarkBlocked, Note: "process"}})
		e.SetErrorLine(1)
		e.GoTo(1, 3)
		for _, edit := range c.edits {
			edit(e)
		}
		if stays := len(e.Marks()) > 0; stays != c.stays || (e.errorLine > 0) != c.stays {
			t.Errorf("%s: the marks are %v, the line with the error is %d, of %q", name, e.Marks(), e.errorLine, e.Text())
		}
	}
}
