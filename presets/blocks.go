package presets

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"sealedroom/inspector"
)

// BlockKind is what a block is.
type BlockKind int

// The kinds of blocks.
const (
	Paragraph BlockKind = iota
	Heading
	Item  // of a list
	Quote // a paragraph of a quotation
	Code
	Row  // of a table
	Rule // a line across
)

// Block is a piece of a scenario's text that a renderer can show as it is: its
// texts hold no markup, and only characters that show.
type Block struct {
	Kind     BlockKind
	Level    int    // of a heading, from 1; how deep an item is, from 0
	Number   int    // of an item in a numbered list; 0: a bullet
	Text     []Span // of all kinds but Code, Row and Rule
	Code     string
	Language string   // of Code
	Cells    [][]Span // of a Row
	Header   bool     // of a table's first Row
}

// Span is text in one style.
type Span struct {
	Text               string
	Bold, Italic, Code bool
	Link               *Link
}

// Link is where a span leads; one of its fields is set.
type Link struct {
	Set      Change // something to try: see Scenario.Apply
	Show     string // one of Parts
	Scenario string // another scenario's name
	Web      string // an https address, to be shown before it is followed
}

// Blocks returns the text around the guest, in order. The guests themselves are
// not among them.
func (s *Scenario) Blocks() (before, after []Block) {
	return s.blocks(s.Before), s.blocks(s.After)
}

var markdown = parser.NewParser(
	parser.WithBlockParsers(parser.DefaultBlockParsers()...),
	parser.WithInlineParsers(parser.DefaultInlineParsers()...),
	parser.WithParagraphTransformers(append(parser.DefaultParagraphTransformers(),
		util.Prioritized(extension.NewTableParagraphTransformer(), 200))...),
	parser.WithASTTransformers(util.Prioritized(extension.NewTableASTTransformer(), 0)),
)

func (s *Scenario) blocks(source string) []Block {
	c := &cutting{scenario: s, source: []byte(source)}
	c.children(markdown.Parse(text.NewReader(c.source)), Paragraph, 0)
	return c.out
}

// cutting walks Markdown and cuts it into blocks.
type cutting struct {
	scenario *Scenario
	source   []byte
	out      []Block
}

// deepest is how deep lists and quotations are followed.
const deepest = 8

func (c *cutting) children(node ast.Node, kind BlockKind, depth int) {
	if depth > deepest {
		return
	}
	for n := node.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			c.add(Block{Kind: Heading, Level: n.Level, Text: c.spans(n)})
		case *ast.Paragraph, *ast.TextBlock:
			c.add(Block{Kind: kind, Text: c.spans(n)})
		case *ast.List:
			c.list(n, depth)
		case *ast.Blockquote:
			c.children(n, Quote, depth+1)
		case *ast.ThematicBreak:
			c.add(Block{Kind: Rule})
		case *ast.FencedCodeBlock:
			var info string
			if n.Info != nil {
				info = string(n.Info.Value(c.source))
			}
			words := strings.Fields(info)
			if len(words) > 1 && isJavaScript(words[0]) {
				continue // another guest: a link puts it into the editor
			}
			c.code(n, strings.Join(words[:min(1, len(words))], ""))
		case *ast.CodeBlock:
			c.code(n, "")
		case *ast.HTMLBlock:
			c.code(n, "") // as it is written, never as what it says
		case *tables.Table:
			c.table(n)
		}
	}
}

func (c *cutting) add(b Block) { c.out = append(c.out, b) }

func (c *cutting) list(list *ast.List, depth int) {
	number := 0
	if list.IsOrdered() {
		number = list.Start
	}
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		first := item.FirstChild()
		block := Block{Kind: Item, Level: depth, Number: number}
		switch first.(type) {
		case *ast.Paragraph, *ast.TextBlock:
			block.Text = c.spans(first)
			item.RemoveChild(item, first)
		}
		c.add(block)
		c.children(item, Paragraph, depth+1)
		if list.IsOrdered() {
			number++
		}
	}
}

func (c *cutting) code(n ast.Node, language string) {
	var b strings.Builder
	lines := n.Lines()
	for i := range lines.Len() {
		line := lines.At(i)
		b.Write(line.Value(c.source))
	}
	if html, ok := n.(*ast.HTMLBlock); ok && html.HasClosure() {
		b.Write(html.ClosureLine.Value(c.source))
	}
	c.add(Block{Kind: Code, Language: inspector.Line(language), Code: inspector.Visible(strings.TrimRight(b.String(), "\n"))})
}

func (c *cutting) table(table *tables.Table) {
	for row := table.FirstChild(); row != nil; row = row.NextSibling() {
		_, header := row.(*tables.TableHeader)
		block := Block{Kind: Row, Header: header}
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			block.Cells = append(block.Cells, c.spans(cell))
		}
		c.add(block)
	}
}

// spans are the styled texts of a block.
func (c *cutting) spans(node ast.Node) []Span {
	var out []Span
	c.inline(node, Span{}, &out, 0)
	return out
}

func (c *cutting) inline(node ast.Node, style Span, out *[]Span, depth int) {
	if depth > 4*deepest {
		return
	}
	put := func(text string, style Span) {
		if text == "" {
			return
		}
		style.Text = inspector.Visible(text)
		if n := len(*out); n > 0 {
			last := &(*out)[n-1]
			if last.Bold == style.Bold && last.Italic == style.Italic && last.Code == style.Code && last.Link == style.Link {
				last.Text += style.Text
				return
			}
		}
		*out = append(*out, style)
	}
	for n := node.FirstChild(); n != nil; n = n.NextSibling() {
		inner := style
		switch n := n.(type) {
		case *ast.Text:
			put(written(n.Segment.Value(c.source), n.IsRaw()), style)
			switch {
			case n.HardLineBreak():
				put("\n", style)
			case n.SoftLineBreak():
				put(" ", style)
			}
		case *ast.String:
			put(written(n.Value, n.IsRaw()), style)
		case *ast.CodeSpan:
			inner.Code = true
			c.inline(n, inner, out, depth+1)
		case *ast.Emphasis:
			inner.Bold = inner.Bold || n.Level == 2
			inner.Italic = inner.Italic || n.Level == 1
			c.inline(n, inner, out, depth+1)
		case *ast.Link:
			inner.Link = c.link(string(n.Destination))
			c.inline(n, inner, out, depth+1)
		case *ast.AutoLink:
			inner.Link = c.link(string(n.URL(c.source)))
			put(string(n.Label(c.source)), inner)
		case *ast.Image:
			put("[picture: ", style)
			c.inline(n, style, out, depth+1)
			put("]", style)
		case *ast.RawHTML:
			for i := range n.Segments.Len() {
				segment := n.Segments.At(i)
				put(string(segment.Value(c.source)), style)
			}
		default:
			c.inline(n, style, out, depth+1)
		}
	}
}

// written resolves escapes and entities, as Markdown leaves to its renderers.
func written(raw []byte, asIs bool) string {
	if asIs {
		return string(raw)
	}
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(raw))))
}

// link reads a link's address; nil where it leads nowhere that is allowed: its
// text is shown, and that is all.
func (c *cutting) link(address string) *Link {
	kind, rest, _ := strings.Cut(address, ":")
	switch kind {
	case "set":
		if _, err := c.scenario.Apply(Change(rest), c.scenario.Setup); err == nil && rest != "" {
			return &Link{Set: Change(rest)}
		}
	case "show":
		for _, part := range Parts {
			if part == rest {
				return &Link{Show: part}
			}
		}
	case "scenario":
		if scenarioName.MatchString(rest) {
			return &Link{Scenario: rest}
		}
	case "https":
		if webAddress(address) {
			return &Link{Web: address}
		}
	}
	return nil
}
