package lesson

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sealedroom/presets"
	"sealedroom/ui/box"
	"sealedroom/ui/theme"
)

// text turns blocks into objects. follow is called with a link that was pressed.
type text struct {
	follow func(presets.Link)
}

// How much of a text is shown. No lesson comes near; a file that is made of as
// many pieces as it can be must not hold up the window.
const (
	mostBlocks  = 300
	mostSpans   = 150 // of a block
	mostColumns = 12
	longestWord = 400 // in characters
)

// objects are the blocks, one below the other.
func (t text) objects(blocks []presets.Block) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	if n := len(blocks) - mostBlocks; n > 0 {
		rest := presets.Block{Text: []presets.Span{{Italic: true, Text: fmt.Sprintf("… and %d more pieces, which are not shown: read the file itself.", n)}}}
		blocks = append(slices.Clone(blocks[:mostBlocks]), rest)
	}
	for i := 0; i < len(blocks); i++ {
		if blocks[i].Kind != presets.Row {
			out = append(out, t.object(blocks[i]))
			continue
		}
		end := i + 1
		for end < len(blocks) && blocks[end].Kind == presets.Row && !blocks[end].Header {
			end++
		}
		out = append(out, t.table(blocks[i:end]))
		i = end - 1
	}
	return out
}

func (t text) object(b presets.Block) fyne.CanvasObject {
	switch b.Kind {
	case presets.Heading:
		return container.New(box.Tight{}, box.Space(6), box.Inset(heading(plain(b.Text)), 0, 2))
	case presets.Item:
		sign := "•"
		if b.Number > 0 {
			sign = fmt.Sprintf("%d.", b.Number)
		}
		bullet := theme.NewLabel(theme.Body, theme.RoleTeal, sign)
		return container.New(indent{12 * float32(b.Level), 18}, bullet, box.Inset(t.paragraph(b.Text), 0, 2))
	case presets.Quote:
		bar := theme.NewFill(theme.RoleTeal, nil, 1)
		return box.Inset(container.New(quote{}, bar, t.paragraph(b.Text)), 0, 5)
	case presets.Code:
		return box.Inset(code(b.Code), 0, 5)
	case presets.Rule:
		return box.Inset(box.Rule(), 0, 8)
	}
	return box.Inset(t.paragraph(b.Text), 0, 5)
}

// heading is a line in bold that wraps.
func heading(words string) fyne.CanvasObject {
	label := widget.NewLabel(words)
	label.Wrapping = fyne.TextWrapWord
	label.TextStyle.Bold = true
	label.SizeName = fynetheme.SizeNameSubHeadingText
	return container.New(bare{}, label)
}

// code is a listing to read and to copy.
func code(source string) fyne.CanvasObject {
	label := widget.NewLabel(source)
	label.TextStyle.Monospace = true
	label.SizeName = fynetheme.SizeNameCaptionText
	label.Wrapping = fyne.TextWrapBreak
	label.Selectable = true
	return container.NewStack(theme.NewFill(theme.RolePanel, theme.RoleLine, 4), box.Inset(label, 4, 1))
}

// paragraph is running text with its links.
func (t text) paragraph(spans []presets.Span) fyne.CanvasObject {
	return running(t.segments(spans, widget.RichTextStyleInline))
}

func running(segments []widget.RichTextSegment) fyne.CanvasObject {
	rich := widget.NewRichText(segments...)
	rich.Wrapping = fyne.TextWrapWord
	return container.New(bare{}, rich)
}

func (t text) segments(spans []presets.Span, base widget.RichTextStyle) []widget.RichTextSegment {
	var out []widget.RichTextSegment
	if len(spans) > mostSpans {
		spans = append(slices.Clone(spans[:mostSpans]), presets.Span{Text: " …"})
	}
	for _, span := range spans {
		span.Text = breakable(span.Text)
		style := base
		style.TextStyle.Bold = style.TextStyle.Bold || span.Bold
		style.TextStyle.Italic = span.Italic
		style.TextStyle.Monospace = span.Code
		if span.Link == nil {
			out = append(out, &widget.TextSegment{Text: span.Text, Style: style})
			continue
		}
		link := *span.Link
		out = append(out, &widget.HyperlinkSegment{Text: span.Text, TextStyle: style.TextStyle, OnTapped: func() { t.follow(link) }})
	}
	return out
}

// table lines up the cells of its rows.
func (t text) table(rows []presets.Block) fyne.CanvasObject {
	columns := 0
	for _, row := range rows {
		columns = max(columns, min(mostColumns, len(row.Cells)))
	}
	weights := &cells{columns: columns, widths: make([]float32, columns)}
	var objects []fyne.CanvasObject
	for _, row := range rows {
		style := widget.RichTextStyleInline
		style.TextStyle.Bold = row.Header
		for i := range columns {
			var spans []presets.Span
			if i < len(row.Cells) {
				spans = row.Cells[i]
			}
			objects = append(objects, running(t.segments(spans, style)))
			weights.widths[i] = max(weights.widths[i], min(40, float32(len([]rune(plain(spans))))))
		}
	}
	return box.Inset(container.New(box.Tight{}, box.Rule(), container.New(weights, objects...), box.Rule()), 0, 6)
}

// breakable puts spaces into words that are longer than any: where a line ends
// in them would be looked for a long time.
func breakable(text string) string {
	words := strings.Split(text, " ")
	for i, word := range words {
		if len(word) <= longestWord {
			continue
		}
		var parts []string
		for part := range slices.Chunk([]rune(word), longestWord) {
			parts = append(parts, string(part))
		}
		words[i] = strings.Join(parts, " ")
	}
	return strings.Join(words, " ")
}

// plain are the words alone.
func plain(spans []presets.Span) string {
	var b strings.Builder
	for _, span := range spans {
		b.WriteString(span.Text)
	}
	return b.String()
}

// ---- layouts ------------------------------------------------------------------

// bare takes away the padding that Fyne's texts bring along.
type bare = box.Bare

// indent puts a sign before a text, in from the left.
type indent struct{ left, sign float32 }

func (l indent) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x, text := theme.Scaled(l.left), theme.Scaled(l.left+l.sign)
	objects[0].Move(fyne.NewPos(x+theme.Scaled(2), theme.Scaled(2)))
	objects[0].Resize(objects[0].MinSize())
	objects[1].Move(fyne.NewPos(text, 0))
	objects[1].Resize(fyne.NewSize(max(0, size.Width-text), size.Height))
}

func (l indent) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, max(objects[0].MinSize().Height, objects[1].MinSize().Height))
}

// quote draws a bar at the left of a text.
type quote struct{}

func (quote) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	bar, gap := theme.Scaled(3), theme.Scaled(12)
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(fyne.NewSize(bar, size.Height))
	objects[1].Move(fyne.NewPos(gap, 0))
	objects[1].Resize(fyne.NewSize(max(0, size.Width-gap), size.Height))
}

func (quote) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, objects[1].MinSize().Height)
}

// cells gives each column a width by what stands in it.
type cells struct {
	columns int
	widths  []float32 // in characters, of each column
}

func (l *cells) place(objects []fyne.CanvasObject, width float32) float32 {
	all := float32(0)
	for _, w := range l.widths {
		all += max(8, w)
	}
	gap, y := theme.Scaled(10), theme.Scaled(4)
	for row := 0; row+l.columns <= len(objects); row += l.columns {
		x, height := float32(0), float32(0)
		for i, o := range objects[row : row+l.columns] {
			w := max(8, l.widths[i]) / all * width
			o.Move(fyne.NewPos(x, y))
			o.Resize(fyne.NewSize(max(0, w-gap), o.MinSize().Height))
			height = max(height, o.MinSize().Height)
			x += w
		}
		for _, o := range objects[row : row+l.columns] {
			o.Resize(fyne.NewSize(o.Size().Width, height))
		}
		y += height + theme.Scaled(6)
	}
	return y
}

func (l *cells) Layout(objects []fyne.CanvasObject, size fyne.Size) { l.place(objects, size.Width) }

// MinSize is for the width that the cells were given last.
func (l *cells) MinSize(objects []fyne.CanvasObject) fyne.Size {
	y := theme.Scaled(4)
	for row := 0; row+l.columns <= len(objects); row += l.columns {
		height := float32(0)
		for _, o := range objects[row : row+l.columns] {
			height = max(height, o.MinSize().Height)
		}
		y += height + theme.Scaled(6)
	}
	return fyne.NewSize(0, y)
}
