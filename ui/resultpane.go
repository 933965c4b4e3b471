package ui

import (
	"sealedroom/ui/kit/code"

	"sealedroom/ui/kit/words"

	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/editor"
	"sealedroom/ui/theme"
)

// resultPane shows what the guest returned or threw: an object part by part,
// and everything as text to read, search and copy.
type resultPane struct {
	object     fyne.CanvasObject
	head, note *theme.Label
	text       *editor.Editor
	parts      *resultTree
	body       *fyne.Container
	both       fyne.CanvasObject // the parts, and the text below
	shown      *engine.Ended
	filled     bool
}

func newResultPane() *resultPane {
	p := &resultPane{head: theme.Cut(theme.Bold, theme.RoleText, ""), note: box.Caption(""), text: code.NewReader(""), parts: newResultTree()}
	p.both = partsAbove(p.parts, p.text)
	p.body = container.NewStack(p.text)
	p.object = container.NewBorder(container.New(box.Tight{}, box.Inset(container.New(box.Tight{}, p.head, p.note), 12, 6), box.Rule()), nil, nil, nil, p.body)
	return p
}

// partsAbove shows a value's parts above its text.
func partsAbove(parts *resultTree, text fyne.CanvasObject) fyne.CanvasObject {
	split := container.NewVSplit(parts.object, text)
	split.Offset = 0.68
	return split
}

func (p *resultPane) show(s *inspector.State) {
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
			if text, cut = shownPart(e.Result.Preview); cut != "" {
				note += " · " + cut
			}
		case e.Error != nil:
			head = "thrown: " + e.Error.Name
			if e.Error.Name == "" {
				head = "thrown: " + e.Error.Type
			}
			note = "phase: " + e.Error.Phase + " · reading this ran no guest code"
			var cut string
			if text, cut = shownPart(inspector.Thrown(*e.Error)); cut != "" {
				note += " · " + cut
			}
		default:
			head, note = "No result", s.Summary()
		}
	}
	p.head.SetText(inspector.Line(head))
	p.note.SetText(note)
	p.text.SetText(inspector.Visible(text))
	p.showParts(s.Ended)
}

// What of a result is drawn at most: more takes seconds and is read by nobody.
const maxShownLines, maxShownBytes = 50_000, 4 << 20

// shownPart is the beginning of a text, and what of it that is; "" for all.
func shownPart(text string) (part, what string) {
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
func (p *resultPane) showParts(e *engine.Ended) {
	content := fyne.CanvasObject(p.text)
	if e != nil && e.Result != nil && e.Result.Tree != nil && len(e.Result.Tree.Children) > 0 {
		p.parts.show(e.Result.Tree, "result")
		content = p.both
	}
	p.body.Objects = []fyne.CanvasObject{content}
	p.body.Refresh()
}
