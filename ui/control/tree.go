package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Tree is a virtual tree that hands on the window's keys, in which Enter opens
// and closes, and from which what is chosen can be copied.
type Tree struct {
	widget.Tree
	outermost
	// OnCopy is called when a person copies; at is the node with the keyboard.
	OnCopy func(at string)

	at string
}

// NewTree makes a tree of the nodes below root, which is shown too; see
// widget.NewTree.
func NewTree(root string, children func(string) []string, create func() fyne.CanvasObject, update func(string, fyne.CanvasObject)) *Tree {
	t := &Tree{at: root}
	t.Root = root
	t.ChildUIDs = children
	t.IsBranch = func(id string) bool { return len(children(id)) > 0 }
	t.CreateNode = func(bool) fyne.CanvasObject { return create() }
	t.UpdateNode = func(id string, _ bool, o fyne.CanvasObject) { update(id, o) }
	t.OnHighlighted = func(id string) { t.at = id }
	t.OnSelected = func(id string) { t.at = id }
	t.HideSeparators = true
	t.ExtendBaseWidget(t)
	return t
}

// At is the node that was chosen last, or has the keyboard.
func (t *Tree) At() string { return t.at }

// Reset closes all but the root, which is always open, and goes there.
func (t *Tree) Reset() {
	t.UnselectAll()
	t.CloseAllBranches()
	t.Highlight(t.Root)
}

// ExtendBaseWidget is called with the outermost widget.
func (t *Tree) ExtendBaseWidget(outer fyne.Widget) {
	t.outermost.widget = outer
	t.Tree.ExtendBaseWidget(outer)
}

// TypedKey implements fyne.Focusable.
func (t *Tree) TypedKey(key *fyne.KeyEvent) {
	switch {
	case WindowKey(key.Name):
		t.passOn(key)
	case key.Name == fyne.KeyReturn || key.Name == fyne.KeyEnter:
		t.ToggleBranch(t.at)
	default:
		t.Tree.TypedKey(key)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (t *Tree) TypedShortcut(s fyne.Shortcut) {
	if _, copies := s.(*fyne.ShortcutCopy); copies && t.OnCopy != nil {
		t.OnCopy(t.at)
	}
}
