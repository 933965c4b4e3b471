package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/ui/control"
)

const anObject = `const o = {user: {name: 'Al', tags: ['x', 'y']}, 'odd key': 1, by: new Map([['k', {v: 2}]]), get later() { throw 1 }, long: 'z'.repeat(400)};
o.self = o;
o`

// keys plays keys to the tree and returns where it is then.
func (t *resultTree) keys(names ...fyne.KeyName) treeNode {
	for _, name := range names {
		t.tree.TypedKey(&fyne.KeyEvent{Name: name})
	}
	return t.node(t.tree.At())
}

// A result that is an object opens part by part, with the keyboard alone.
func TestResultTree(t *testing.T) {
	s := open(t, "")
	s.play(anObject)
	s.inspector.open("Result")
	c := s.window.window.Canvas()
	p := s.inspector.result.parts
	if s.inspector.result.body.Objects[0] != s.inspector.result.both {
		t.Fatal("the parts are not shown")
	}
	c.Focus(p.tree)
	for _, step := range []struct {
		keys       []fyne.KeyName
		path, text string
	}{
		{nil, "result", "Object"},
		{[]fyne.KeyName{fyne.KeyDown}, "result.user", "Object"},
		{[]fyne.KeyName{fyne.KeyReturn, fyne.KeyDown}, "result.user.name", `"Al"`},
		{[]fyne.KeyName{fyne.KeyDown, fyne.KeyReturn, fyne.KeyDown, fyne.KeyDown}, "result.user.tags[1]", `"y"`},
		{[]fyne.KeyName{fyne.KeyDown}, `result["odd key"]`, "1"},
		{[]fyne.KeyName{fyne.KeyDown, fyne.KeyRight}, `result.by.get("k")`, "Object"},
	} {
		if at := p.keys(step.keys...); at.path != step.path || at.Text != step.text {
			t.Errorf("after %v at %s, %s; want %s, %s", step.keys, at.path, at.Text, step.path, step.text)
		}
	}
	p.copyPath()
	if got := s.app.Clipboard().Content(); got != `result.by.get("k")` {
		t.Errorf("copied the path %q", got)
	}
	p.tree.TypedShortcut(&fyne.ShortcutCopy{})
	if got := s.app.Clipboard().Content(); got != "Object\n  v: 2" {
		t.Errorf("copied the value %q", got)
	}
	p.tree.Reset()
	p.copyValue()
	for _, want := range []string{"later: [Getter]", "long: \"zzz", "// 400 characters", "self: Object  // ↻ again, from 1 level up"} {
		if got := s.app.Clipboard().Content(); !strings.Contains(got, want) {
			t.Errorf("the whole value has no %q: %s", want, got)
		}
	}
	s.play("10 + 20")
	if s.inspector.result.body.Objects[0] != fyne.CanvasObject(s.inspector.result.text) {
		t.Error("a number is shown in parts")
	}
}

// A tree of many parts has the rows that are in sight, not one for each.
func TestResultTreeIsVirtual(t *testing.T) {
	s := open(t, "")
	s.inspector.open("Result")
	s.play("Array(100).fill(0).map((_, i) => ({i, more: {i}}))")
	p := s.inspector.result.parts
	p.tree.OpenAllBranches()
	s.window.window.Content().Refresh()
	if rows := countRows(s); rows < 5 || rows > 60 {
		t.Errorf("%d rows are drawn of %d nodes", rows, len(p.nodes))
	}
}

func countRows(s *stage) int {
	n := 0
	for _, line := range texts(s) {
		if strings.HasPrefix(line, "more: ") || strings.HasPrefix(line, "i: ") {
			n++
		}
	}
	return n
}

// The run that is over opens what tells most of it; what a person chose stays.
func TestPanesOpenWhatTellsMost(t *testing.T) {
	s := open(t, "")
	state := ended(engine.OK,
		engine.Call{N: 1, Capability: "db", Method: "query", Args: "[]", Answer: "plain", Decision: bridge.Allowed},
		engine.Call{N: 2, Capability: "db", Method: "query", Args: "[]", Answer: "secret inside", Decision: bridge.Allowed, Secrets: []string{"CUSTOMER_KEY"}},
		leaked, process)
	s.inspector.open("Calls")
	s.show(state)
	if got := s.inspector.calls.detail.guest.Text(); !strings.Contains(got, "secret inside") {
		t.Errorf("of the calls %q is open", got)
	}
	s.inspector.calls.list.Select(0)
	s.show(state)
	if got := s.inspector.calls.detail.guest.Text(); strings.Contains(got, "secret inside") {
		t.Error("the call that the person chose did not stay open")
	}
	s.inspector.open("Vault")
	if got := s.inspector.vault.where.Text; !strings.HasPrefix(got, "CUSTOMER_KEY") {
		t.Errorf("of the secrets %q is open", got)
	}
	s.inspector.open("Doors")
	if got := s.inspector.doors.why.Text; !strings.HasPrefix(got, "process") {
		t.Errorf("of the doors %q is open", got)
	}
	s.show(&inspector.State{})
}

// A console line that tells of an object opens it part by part.
func TestConsoleLineOpens(t *testing.T) {
	s := open(t, "")
	s.play(`console.log('hello', {user: {name: 'Al'}}); console.log('plain')`)
	opened := map[string]*engine.Node{}
	real := s.console.open
	s.console.open = func(title, text string, parts *engine.Node) {
		opened[text] = parts
		real(title, text, parts)
	}
	if first, second := s.console.row(0), s.console.row(1); !first.opens || second.opens {
		t.Errorf("the rows are %+v and %+v", first, second)
	}
	s.console.openRow(0)
	parts := opened["hello { user: { name: \"Al\" } }"]
	if parts == nil || parts.Children[0].Key != "user" || !s.dialogOpen() {
		t.Errorf("opened %v", opened)
	}
	tree, ok := s.window.window.Canvas().Focused().(*control.Tree)
	if !ok {
		t.Fatalf("%T has the keyboard", s.window.window.Canvas().Focused())
	}
	tree.TypedKey(escape)
	if s.dialogOpen() {
		t.Error("Esc does not close it")
	}
	s.console.openRow(1)
	if parts, ok := opened["plain"]; !ok || parts != nil {
		t.Errorf("opened %v", opened)
	}
	s.typedKey(escape)
}
