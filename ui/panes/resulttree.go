package panes

import (
	"fmt"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/kit/words"
	"sealedroom/ui/theme"
)

// ResultTree shows an object of the guest's, part by part.
type ResultTree struct {
	object fyne.CanvasObject
	Tree   *control.Tree
	Nodes  []TreeNode // their place is their name in the tree
}

// TreeNode is one value of the tree, with the path to it.
type TreeNode struct {
	*engine.Node
	Path     string
	children []string
}

// NewResultTree returns an empty tree.
func NewResultTree() *ResultTree {
	t := &ResultTree{}
	t.Tree = control.NewTree("0",
		func(id string) []string { return t.Node(id).children },
		func() fyne.CanvasObject { return newNodeRow() },
		func(id string, o fyne.CanvasObject) { o.(*nodeRow).set(t.Node(id)) })
	t.Tree.OnCopy = func(string) { t.CopyValue() }
	value, path := control.NewButton("Copy value", t.CopyValue), control.NewButton("Copy path", t.CopyPath)
	value.Importance, path.Importance = widget.LowImportance, widget.LowImportance
	foot := container.NewBorder(nil, nil, nil, container.NewHBox(value, path), box.Caption("Right opens, Left closes"))
	t.object = container.NewBorder(nil, box.Inset(foot, 12, 0), nil, nil, box.Inset(t.Tree, 6, 2))
	return t
}

// Node is one by its name; none for a name of a tree that was shown before.
func (t *ResultTree) Node(id string) TreeNode {
	if i, err := strconv.Atoi(id); err == nil && i < len(t.Nodes) {
		return t.Nodes[i]
	}
	return TreeNode{Node: &engine.Node{}}
}

// Show puts a tree on screen, the root open. name is what paths start with.
func (t *ResultTree) Show(root *engine.Node, name string) {
	t.Nodes = t.Nodes[:0]
	t.add(root, name)
	t.Tree.Reset()
}

func (t *ResultTree) add(n *engine.Node, path string) string {
	at := len(t.Nodes)
	t.Nodes = append(t.Nodes, TreeNode{Node: n, Path: path})
	children := make([]string, len(n.Children))
	for i := range n.Children {
		children[i] = t.add(&n.Children[i], path+step(n.Children[i].Key))
	}
	t.Nodes[at].children = children
	return strconv.Itoa(at)
}

// step is how a program gets from an object to its part.
func step(key string) string {
	if _, err := strconv.Atoi(key); err == nil {
		return "[" + key + "]"
	}
	if name, ok := strings.CutSuffix(key, " =>"); ok {
		return ".get(" + name + ")"
	}
	switch {
	case strings.HasPrefix(key, `"`):
		return "[" + key + "]"
	case strings.HasPrefix(key, "["), strings.HasPrefix(key, "<"):
		return key
	}
	return "." + key
}

// CopyPath copies the path to the chosen value.
func (t *ResultTree) CopyPath() { t.put(t.Node(t.Tree.At()).Path) }

// CopyValue copies the chosen value with all its parts.
func (t *ResultTree) CopyValue() {
	var b strings.Builder
	writeNode(&b, t.Node(t.Tree.At()).Node, "")
	t.put(strings.TrimSuffix(b.String(), "\n"))
}

func (t *ResultTree) put(text string) {
	fyne.CurrentApp().Clipboard().SetContent(inspector.Visible(text))
}

// writeNode writes a value with all that is known of it, a part a line.
func writeNode(b *strings.Builder, n *engine.Node, indent string) {
	b.WriteString(n.Text)
	if note := noteOf(n); note != "" {
		b.WriteString("  // " + note)
	}
	b.WriteString("\n")
	for i := range n.Children {
		child := &n.Children[i]
		b.WriteString(indent + "  " + child.Key + ": ")
		writeNode(b, child, indent+"  ")
	}
}

// noteOf is what is said of a value in addition to its text.
func noteOf(n *engine.Node) string {
	var notes []string
	if n.Up > 0 {
		notes = append(notes, "↻ again, from "+words.Plural(n.Up, "level")+" up")
	}
	if n.Length > 0 {
		notes = append(notes, words.Plural(n.Length, "character"))
	}
	if n.Deep {
		notes = append(notes, "too deep to be shown")
	}
	if n.More > 0 {
		notes = append(notes, words.Grouped(n.More)+" more not shown")
	}
	return strings.Join(notes, " · ")
}

// nodeRow is one line: a key, a value in the colour of its type, and a note of
// the app's own.
type nodeRow struct {
	widget.BaseWidget
	key, value, note *theme.Label
}

func newNodeRow() *nodeRow {
	r := &nodeRow{
		key: theme.Cut(theme.Code, theme.RoleTeal, ""), value: theme.Cut(theme.Code, theme.RoleText, ""),
		note: theme.Cut(theme.Caption, theme.RoleMuted, ""),
	}
	r.ExtendBaseWidget(r)
	return r
}

func (r *nodeRow) set(n TreeNode) {
	key := ""
	if n.Key != "" {
		key = inspector.Line(n.Key) + ": "
		if strings.HasSuffix(n.Key, " =>") { // of a map
			key = inspector.Line(n.Key) + " "
		}
	}
	r.key.SetText(key)
	r.value.Set(typeRole(n.Type), inspector.Line(n.Text))
	note := noteOf(n.Node)
	if note == "" {
		note = inspector.Line(glimpse(n.Node))
	}
	r.note.SetText(note)
	r.Refresh()
}

// glimpse is the first of an object's parts, for while it is closed.
func glimpse(n *engine.Node) string {
	const most = 60
	text := ""
	for i := range n.Children {
		part := n.Children[i].Text
		if _, err := strconv.Atoi(n.Children[i].Key); err != nil {
			part = n.Children[i].Key + ": " + part
		}
		if len(text)+len(part) > most {
			text += "…"
			break
		}
		text += part
		if i < len(n.Children)-1 {
			text += ", "
		}
	}
	if text == "" {
		return ""
	}
	return fmt.Sprintf("{ %s }", text)
}

func typeRole(kind string) theme.Role {
	switch kind {
	case "string":
		return theme.RoleGreen
	case "number", "bigint":
		return theme.RoleAmber
	case "boolean", "null", "undefined", "symbol":
		return theme.RoleViolet
	case "function", "accessor", "proxy":
		return theme.RoleMuted
	case "error":
		return theme.RoleRed
	}
	return theme.RoleText
}

func (r *nodeRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(nodeLayout{}, r.key, r.value, r.note))
}

// nodeLayout gives key and value what they need, as far as there is room, and
// the note the rest.
type nodeLayout struct{}

func (nodeLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x := float32(0)
	for i, o := range objects {
		left := max(0, size.Width-x)
		width := min(o.(*theme.Label).NaturalWidth(), left)
		if i == 0 {
			width = min(width, left*0.6)
		}
		if i == 2 {
			x += theme.Scaled(8)
			width = max(0, left-theme.Scaled(8))
		}
		o.Move(fyne.NewPos(x, 0))
		o.Resize(fyne.NewSize(width, size.Height))
		x += width
	}
}

func (nodeLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(100), objects[1].MinSize().Height)
}
