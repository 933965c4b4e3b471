package panes

import (
	"sealedroom/ui/kit/words"

	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/editor"
	"sealedroom/ui/kit/code"
	"sealedroom/ui/theme"
)

// Result shows what the guest returned or threw: an object part by part,
// and everything as text to read, search and copy.
type Result struct {
	Object     fyne.CanvasObject
	head, note *theme.Label
	Text       *editor.Editor
	Parts      *ResultTree
	Body       *fyne.Container
	Both       fyne.CanvasObject // the parts, and the text below
	shown      *engine.Ended
	filled     bool
}

func newResultPane() *Result {
	p := &Result{head: theme.Cut(theme.Bold, theme.RoleText, ""), note: box.Caption(""), Text: code.NewReader(""), Parts: NewResultTree()}
	p.Both = PartsAbove(p.Parts, p.Text)
	p.Body = container.NewStack(p.Text)
	p.Object = container.NewBorder(container.New(box.Tight{}, box.Inset(container.New(box.Tight{}, p.head, p.note), 12, 6), box.Rule()), nil, nil, nil, p.Body)
	return p
}

// PartsAbove shows a value's parts above its text.
func PartsAbove(parts *ResultTree, text fyne.CanvasObject) fyne.CanvasObject {
	split := container.NewVSplit(parts.object, text)
	split.Offset = 0.68
	return split
}

func (p *Result) show(s *inspector.State) {
	if p.filled && p.shown == s.Ended && (s.Ended != nil || p.head.Text == "No result yet") {
		return
	}
	p.shown, p.filled = s.Ended, true
	head, note, text := "No result yet", "A guest's result is its last value, as in the article: 10 + 20.", ""
	if e := s.Ended; e != nil {
		switch {
		case e.Result != nil:
			head = e.Result.Type
			note = fmt.Sprintf("%s · reading this ran no guest code", engine.FormatSize(int64(max(e.Result.Bytes, len(e.Result.Preview)))))
			if e.Result.Truncated && len(e.Result.Preview) < int(s.Started.Limits.Result())*9/10 {
				note += " · parts are left out"
			} else if e.Result.Truncated {
				note += " · cut at the result limit of " + engine.FormatSize(s.Started.Limits.Result())
			}
			var cut string
			if text, cut = ShownPart(e.Result.Preview); cut != "" {
				note += " · " + cut
			}
		case e.Error != nil:
			head = "thrown: " + e.Error.Name
			if e.Error.Name == "" {
				head = "thrown: " + e.Error.Type
			}
			note = "phase: " + e.Error.Phase + " · reading this ran no guest code"
			var cut string
			if text, cut = ShownPart(inspector.Thrown(*e.Error)); cut != "" {
				note += " · " + cut
			}
		default:
			head, note = "No result", s.Summary()
		}
	}
	if language := s.Language(); language != "" && s.Ended != nil {
		note += "\n" + language
	}
	p.head.SetText(inspector.Line(head))
	p.note.SetText(note)
	p.Text.SetText(inspector.Visible(text))
	p.showParts(s.Ended)
}

// What of a result is drawn at most: more takes seconds to draw, and no person reads it.
const maxShownLines, maxShownBytes = 50_000, 4 << 20

// ShownPart is the beginning of a text, and what of it that is; "" for all.
func ShownPart(text string) (part, what string) {
	if len(text) > maxShownBytes {
		text, what = strings.ToValidUTF8(text[:maxShownBytes], ""), "the first "+engine.FormatSize(maxShownBytes)+" are shown"
	}
	lines := 0
	for i := range len(text) {
		if text[i] == '\n' {
			if lines++; lines == maxShownLines {
				return text[:i], "the first " + words.Grouped(maxShownLines) + " lines are shown"
			}
		}
	}
	return text, what
}

// showParts shows an object's parts above its text.
func (p *Result) showParts(e *engine.Ended) {
	content := fyne.CanvasObject(p.Text)
	if e != nil && e.Result != nil && e.Result.Tree != nil && len(e.Result.Tree.Children) > 0 {
		p.Parts.Show(e.Result.Tree, "result")
		content = p.Both
	}
	p.Body.Objects = []fyne.CanvasObject{content}
	p.Body.Refresh()
}
