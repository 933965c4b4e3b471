package panes

import (
	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/kit/code"
	"sealedroom/ui/kit/dialogs"
)

// OpenText shows a guest's text in full, to read, search and copy, and above it
// what it shows, part by part, if that is not nil.
func OpenText(over *dialogs.Stack, title, text string, parts *engine.Node) {
	reader := code.NewReader(text)
	if parts == nil {
		over.Page(title, reader, text)
		over.Focus(reader)
		return
	}
	tree := NewResultTree()
	tree.Show(parts, "value")
	over.Page(title, PartsAbove(tree, reader), text)
	over.Focus(tree.Tree)
}

// OpenCall shows a call in full.
func OpenCall(over *dialogs.Stack, c inspector.Call) {
	d := NewCallDetail()
	d.Show(c)
	over.Page(d.Title, d.Object, d.Text)
	over.Focus(d.Guest)
}
