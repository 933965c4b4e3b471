package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/ui/control"
	"sealedroom/ui/panes"
)

const anObject = `const o = {user: {name: 'Al', tags: ['x', 'y']}, 'odd key': 1, by: new Map([['k', {v: 2}]]), get later() { throw 1 }, long: 'z'.repeat(400)};
o.self = o;
o`

// treeKeys plays keys to the tree and returns where it is then.
func treeKeys(t *panes.ResultTree, names ...fyne.KeyName) panes.TreeNode {
	for _, name := range names {
		t.Tree.TypedKey(&fyne.KeyEvent{Name: name})
	}
	return t.Node(t.Tree.At())
}

// A result that is an object opens part by part, with the keyboard alone.
func TestResultTree(t *testing.T) {
	s := open(t, "")
	s.play(anObject)
	s.inspector.Open(panes.ViewResult)
	c := s.window.window.Canvas()
	p := s.inspector.Result.Parts
	if s.inspector.Result.Body.Objects[0] != s.inspector.Result.Both {
		t.Fatal("the parts are not shown")
	}
	c.Focus(p.Tree)
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
		if at := treeKeys(p, step.keys...); at.Path != step.path || at.Text != step.text {
			t.Errorf("after %v at %s, %s; want %s, %s", step.keys, at.Path, at.Text, step.path, step.text)
		}
	}
	p.CopyPath()
	if got := s.app.Clipboard().Content(); got != `result.by.get("k")` {
		t.Errorf("copied the path %q", got)
	}
	p.Tree.TypedShortcut(&fyne.ShortcutCopy{})
	if got := s.app.Clipboard().Content(); got != "Object\n  v: 2" {
		t.Errorf("copied the value %q", got)
	}
	p.Tree.Reset()
	p.CopyValue()
	for _, want := range []string{"later: [Getter]", "long: \"zzz", "// 400 characters", "self: Object  // ↻ again, from 1 level up"} {
		if got := s.app.Clipboard().Content(); !strings.Contains(got, want) {
			t.Errorf("the whole value has no %q: %s", want, got)
		}
	}
	s.play("10 + 20")
	if s.inspector.Result.Body.Objects[0] != fyne.CanvasObject(s.inspector.Result.Text) {
		t.Error("a number is shown in parts")
	}
}

// A tree of many parts has the rows that are in sight, not one for each.
func TestResultTreeIsVirtual(t *testing.T) {
	s := open(t, "")
	s.inspector.Open(panes.ViewResult)
	s.play("Array(100).fill(0).map((_, i) => ({i, more: {i}}))")
	p := s.inspector.Result.Parts
	p.Tree.OpenAllBranches()
	s.window.window.Content().Refresh()
	if rows := countRows(s); rows < 5 || rows > 60 {
		t.Errorf("%d rows are drawn of %d nodes", rows, len(p.Nodes))
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

// The run that is over opens what says most about it; what a person chose stays.
func TestPanesOpenWhatTellsMost(t *testing.T) {
	s := open(t, "")
	state := ended(engine.OK,
		engine.Call{N: 1, Capability: "db", Method: "query", Args: "[]", Answer: "plain", Decision: bridge.Allowed},
		engine.Call{N: 2, Capability: "db", Method: "query", Args: "[]", Answer: "secret inside", Decision: bridge.Allowed, Secrets: []string{"CUSTOMER_KEY"}},
		leaked, process)
	s.inspector.Open(panes.ViewCalls)
	s.show(state)
	if got := s.inspector.Calls.Detail.Guest.Text(); !strings.Contains(got, "secret inside") {
		t.Errorf("of the calls %q is open", got)
	}
	s.inspector.Calls.List.Select(0)
	s.show(state)
	if got := s.inspector.Calls.Detail.Guest.Text(); strings.Contains(got, "secret inside") {
		t.Error("the call that the person chose did not stay open")
	}
	s.inspector.Open(panes.ViewVault)
	if got := s.inspector.Vault.Where.Text; !strings.HasPrefix(got, "CUSTOMER_KEY") {
		t.Errorf("of the secrets %q is open", got)
	}
	s.inspector.Open(panes.ViewDoors)
	if got := s.inspector.Doors.Why.Text; !strings.HasPrefix(got, "process") {
		t.Errorf("of the doors %q is open", got)
	}
	s.show(&inspector.State{})
}

// A console line with an object opens it part by part.
func TestConsoleLineOpens(t *testing.T) {
	s := open(t, "")
	s.play(`console.log('hello', {user: {name: 'Al'}}); console.log('plain')`)
	opened := map[string]*engine.Node{}
	real := s.console.Open
	s.console.Open = func(title, text string, parts *engine.Node) {
		opened[text] = parts
		real(title, text, parts)
	}
	if first, second := s.console.Row(0), s.console.Row(1); !first.Opens || second.Opens {
		t.Errorf("the rows are %+v and %+v", first, second)
	}
	s.console.OpenRow(0)
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
	s.console.OpenRow(1)
	if parts, ok := opened["plain"]; !ok || parts != nil {
		t.Errorf("opened %v", opened)
	}
	s.typedKey(escape)
}
