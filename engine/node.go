package engine

import (
	"encoding/json"
	"errors"
	"strings"
)

// Node is a value of the guest's, read from outside: one line of a tree that a
// person opens part by part. Texts are as the guest wrote them.
type Node struct {
	Key      string `json:"k,omitempty"`  // of the object it is part of
	Type     string `json:"t"`            // as Result's, or "accessor": a getter is not called
	Text     string `json:"v"`            // in at most 400 characters
	Length   int    `json:"n,omitempty"`  // of a text that is longer, in characters
	Up       int    `json:"up,omitempty"` // a cycle: the object this many levels above
	More     int    `json:"m,omitempty"`  // parts that are left out
	Deep     bool   `json:"d,omitempty"`  // parts were not looked at: too many levels
	Children []Node `json:"c,omitempty"`
}

// Bounds of a result's tree and of a console line's, and of how many lines of a
// run have one.
const (
	maxNodes  = 2000 + 1
	lineNodes = 300 + 1
	lineTrees = 100
	maxDepth  = 8 + 1
	maxTree   = 512 << 10 // bytes, as JSON
)

var errTree = errors.New("tree of a value is larger than allowed")

// treeOf reads what a worker sent, which may not be one of ours.
func treeOf(data json.RawMessage, maxCount int) (*Node, error) {
	if len(data) == 0 || string(data) == "null" {
		return nil, nil
	}
	if len(data) > maxTree {
		return nil, errTree
	}
	var root Node
	if err := json.Unmarshal(data, &root); err != nil {
		return nil, err
	}
	left := maxCount
	if !root.tame(0, &left) {
		return nil, errTree
	}
	return &root, nil
}

// tame keeps what a worker counts in bounds; false where there is too much.
func (n *Node) tame(depth int, left *int) bool {
	*left--
	if *left < 0 || depth > maxDepth || len(n.Key) > maxName || len(n.Text) > 2*maxName {
		return false
	}
	n.Type, n.Length, n.More = word(n.Type), number(n.Length), number(n.More)
	if n.Up < 0 || n.Up > depth {
		n.Up = 0
	}
	for i := range n.Children {
		if !n.Children[i].tame(depth+1, left) {
			return false
		}
	}
	return true
}

// allText is all that the guest wrote in a tree, a line each; "" of none.
func (n *Node) allText() string {
	var b strings.Builder
	n.writeText(&b)
	return b.String()
}

func (n *Node) writeText(b *strings.Builder) {
	if n == nil {
		return
	}
	b.WriteString("\n" + n.Key + "\n" + n.Text)
	for i := range n.Children {
		n.Children[i].writeText(b)
	}
}
