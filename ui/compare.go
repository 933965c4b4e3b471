package ui

import (
	"errors"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"github.com/sergi/go-diff/diffmatchpatch"

	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// change is a line of one of two texts, or of both.
type changedLine struct {
	kind          diffmatchpatch.Operation
	before, after int // its number there; 0 where it is not
	text          string
}

// longestCompared is how long texts may be that are compared, in bytes: beyond
// it a person would wait, and would not read the answer.
const longestCompared = 512 << 10

// compareLines lines two texts up.
func compareLines(before, after string) []changedLine {
	engine := diffmatchpatch.New()
	a, b, lines := engine.DiffLinesToChars(before, after)
	var out []changedLine
	old, fresh := 0, 0
	for _, d := range engine.DiffCharsToLines(engine.DiffMain(a, b, false), lines) {
		for _, text := range strings.SplitAfter(d.Text, "\n") {
			if text == "" {
				continue
			}
			line := changedLine{kind: d.Type, text: strings.TrimSuffix(text, "\n")}
			if d.Type != diffmatchpatch.DiffInsert {
				old++
				line.before = old
			}
			if d.Type != diffmatchpatch.DiffDelete {
				fresh++
				line.after = fresh
			}
			out = append(out, line)
		}
	}
	return out
}

// compareGuest shows how the guest in the editor differs from the scenario's,
// and the limits and grants with it.
func (w *window) compareGuest() {
	if w.scenario == nil {
		w.tell("There is nothing to compare with", errors.New("open a lesson or a scenario first"))
		return
	}
	before, after := w.scenario.Setup.Code, w.editor.Text()
	if len(before)+len(after) > longestCompared {
		w.tell("The texts were not compared", fmt.Errorf("together they are longer than %d KB", longestCompared>>10))
		return
	}
	lines := compareLines(before, after)
	list := control.NewList(
		func() int { return len(lines) },
		func() fyne.CanvasObject { return newDiffRow() },
		func(i int, o fyne.CanvasObject) { o.(*diffRow).set(lines[i]) },
	)
	head := container.New(box.Tight{}, box.Inset(box.Caption("− the "+w.origin()+"'s, + yours"), 4, 3))
	for _, d := range w.scenario.Setup.Changes(w.setup()) {
		name, was, is := worded(d)
		head.Add(box.Inset(theme.Cut(theme.Caption, theme.RoleAmber, fmt.Sprintf("%s: %s, the %s has %s", name, is, w.origin(), was)), 4, 2))
	}
	if before == after {
		head.Add(box.Inset(theme.Cut(theme.Caption, theme.RoleGreen, "✓ the guest is the same"), 4, 2))
	}
	d := w.newDialog("Yours beside the "+w.origin()+"'s", container.NewBorder(head, nil, nil, nil, list))
	restore := control.NewButton("Restore the "+w.origin()+"'s", func() {
		d.Hide()
		w.restoreGuest()
		w.restoreRoom()
	})
	d.SetButtons([]fyne.CanvasObject{restore, primary(control.NewButton("Close", func() { d.Hide() }))})
	size := w.window.Canvas().Size()
	d.Resize(fyne.NewSize(min(theme.Scaled(760), size.Width*0.94), min(theme.Scaled(520), size.Height*0.9)))
	w.ask(d)
	w.window.Canvas().Focus(list)
}

// restoreGuest puts the scenario's guest back. Undo brings the other one again.
func (w *window) restoreGuest() {
	if w.scenario == nil {
		return
	}
	w.editor.ReplaceText(w.scenario.Setup.Code)
	w.editor.ScrollHome()
	w.settle()
	w.keepDraft()
	w.store.keep(w.kept())
	w.lesson.Say("The guest is the " + w.origin() + "'s again; Ctrl+Z brings yours back.")
	w.typeInEditor()
}

// diffRow draws a line of a comparison: never by colour alone.
type diffRow struct {
	widget.BaseWidget
	ground     *theme.Fill
	sign, text *theme.Label
}

func newDiffRow() *diffRow {
	r := &diffRow{
		ground: theme.NewFill(theme.RolePanel, nil, 0),
		sign:   theme.NewLabel(theme.SmallCode, theme.RoleMuted, "      "), text: theme.Cut(theme.Code, theme.RoleText, ""),
	}
	r.ExtendBaseWidget(r)
	return r
}

func (r *diffRow) set(l changedLine) {
	role, tint, sign, number := theme.RoleText, theme.RolePanel, " ", l.after
	switch l.kind {
	case diffmatchpatch.DiffInsert:
		role, tint, sign = theme.RoleGreen, theme.RoleGreenTint, "+"
	case diffmatchpatch.DiffDelete:
		role, tint, sign, number = theme.RoleRed, theme.RoleRedTint, "−", l.before
	}
	r.ground.Set(tint, nil)
	r.sign.Set(role, fmt.Sprintf("%4d %s", number, sign))
	r.text.Set(role, inspector.Line(strings.ReplaceAll(l.text, "\t", "    ")))
}

func (r *diffRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(r.ground, box.Inset(container.NewBorder(nil, nil, r.sign, nil, box.Inset(r.text, 6, 0)), 4, 1)))
}
