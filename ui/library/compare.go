package library

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
	"sealedroom/ui/kit/dialogs"
	"sealedroom/ui/settings"
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

// Compare shows how the guest in the editor differs from the scenario's,
// and the limits and grants with it.
func (l *Library) Compare() {
	if l.doc.Scenario == nil {
		l.dialogs.Tell("There is nothing to compare with", errors.New("open a lesson or a scenario first"))
		return
	}
	before, after := l.doc.Scenario.Setup.Code, l.doc.Text()
	if len(before)+len(after) > longestCompared {
		l.dialogs.Tell("The texts were not compared", fmt.Errorf("together they are longer than %d KB", longestCompared>>10))
		return
	}
	lines := compareLines(before, after)
	list := control.NewList(
		func() int { return len(lines) },
		func() fyne.CanvasObject { return newDiffRow() },
		func(i int, o fyne.CanvasObject) { o.(*diffRow).set(lines[i]) },
	)
	head := container.New(box.Tight{}, box.Inset(box.Caption("− the "+l.Origin()+"'s, + yours"), 4, 3))
	for _, d := range l.doc.Scenario.Setup.Changes(l.Setup()) {
		name, was, is := settings.Worded(d)
		head.Add(box.Inset(theme.Cut(theme.Caption, theme.RoleAmber, fmt.Sprintf("%s: %s, the %s has %s", name, is, l.Origin(), was)), 4, 2))
	}
	if before == after {
		head.Add(box.Inset(theme.Cut(theme.Caption, theme.RoleGreen, "✓ the guest is the same"), 4, 2))
	}
	d := l.dialogs.New("Compare with the "+l.Origin(), container.NewBorder(head, nil, nil, nil, list))
	restore := control.NewButton("Restore the "+l.Origin()+"'s", func() {
		d.Hide()
		l.RestoreGuest()
		l.RestoreRoom()
	})
	d.SetButtons([]fyne.CanvasObject{restore, dialogs.Primary(control.NewButton("Close", func() { d.Hide() }))})
	l.dialogs.Fit(d, 760, 520)
	l.dialogs.Show(d)
	l.dialogs.Window.Canvas().Focus(list)
}

// RestoreGuest puts the scenario's guest back. Undo brings the other one again.
func (l *Library) RestoreGuest() {
	if l.doc.Scenario == nil {
		return
	}
	l.doc.Replace(l.doc.Scenario.Setup.Code)
	l.doc.Draft()
	l.doc.Keep()
	l.Lesson.Say("The guest is the " + l.Origin() + "'s again; Ctrl+Z brings yours back.")
	l.doc.Typed()
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
