package timeline

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/inspector/session"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/kit/dialogs"
	"sealedroom/ui/kit/words"
	"sealedroom/ui/theme"
)

// Row is one run of the list of former runs, in words.
type Row struct {
	Title   string // its number, and how it ended
	Role    theme.Role
	Began   string // the time of day
	Changed string // what is different from the run before it
}

// RowOf describes a run that is over; before is the one before it, nil where that
// is not known.
func RowOf(run session.Past, before *session.Past) Row {
	ended := run.Recording.Ended()
	var state inspector.State
	state.Apply(run.Recording.Started())
	state.Apply(ended)
	row := Row{
		Title: fmt.Sprintf("Run %d: %s · %s", run.Number, inspector.Line(words.Shortened(state.Verdict().Title, 80)), words.Timed(ended.Time.Wall)),
		Role:  theme.RoleText, Began: run.Recording.Began().Format(time.TimeOnly),
	}
	if ended.Outcome != engine.OK {
		row.Role = theme.RoleRed
	}
	row.Changed = "the first run that is kept"
	if before != nil {
		row.Changed = changed(before.Setup, run.Setup)
	}
	return row
}

// changed says what is different between the setups of two runs.
func changed(was, is session.Setup) string {
	var parts []string
	if was.Code != is.Code {
		a, b := strings.Count(was.Code, "\n")+1, strings.Count(is.Code, "\n")+1
		parts = append(parts, fmt.Sprintf("other code (%s, was %s)", words.Plural(b, "line"), words.Plural(a, "line")))
	}
	for _, d := range was.Changes(is) {
		parts = append(parts, fmt.Sprintf("%s %s, was %s", d.Key, d.Is, d.Was))
	}
	if len(parts) == 0 {
		return "the same code, limits and grants as the run before"
	}
	return strings.Join(parts, " · ")
}

// ChooseRun lists runs, the newest first. look is called with the one to look at,
// and bring with the one whose code and settings are to come back.
func ChooseRun(over *dialogs.Stack, rows []Row, look, bring func(i int)) {
	if len(rows) == 0 {
		over.Prose("Former runs", "No run is kept yet. The last 20 runs of this window are, until it is closed.")
		return
	}
	chosen := 0
	list := control.NewList(func() int { return len(rows) }, newRow, func(i int, o fyne.CanvasObject) { setRow(o, rows[i]) })
	list.OnSelected = func(i int) { chosen = i }
	dialog := over.New("Former runs", container.New(box.FixedHeight(theme.Scaled(320)), list))
	show := control.NewButton("Look at It", func() {
		dialog.Hide()
		look(chosen)
	})
	again := control.NewButton("Bring Back Its Code and Settings", func() {
		dialog.Hide()
		bring(chosen)
	})
	list.OnEnter = func() { show.OnTapped() }
	dialog.SetButtons([]fyne.CanvasObject{control.NewButton("Close", dialog.Hide), again, dialogs.Primary(show)})
	over.Show(dialog)
	over.Fit(dialog, 760, 460)
	list.Select(0)
	over.Focus(list)
}

func newRow() fyne.CanvasObject {
	title, began := theme.Cut(theme.Bold, theme.RoleText, ""), theme.NewLabel(theme.Caption, theme.RoleMuted, "00:00:00")
	changed := theme.Cut(theme.Caption, theme.RoleMuted, "")
	return box.Inset(container.New(box.Tight{}, container.NewBorder(nil, nil, nil, began, title), changed), 8, 4)
}

func setRow(o fyne.CanvasObject, row Row) {
	column := o.(*fyne.Container).Objects[0].(*fyne.Container)
	first := column.Objects[0].(*fyne.Container)
	first.Objects[0].(*theme.Label).Set(row.Role, row.Title)
	first.Objects[1].(*theme.Label).SetText(row.Began)
	column.Objects[1].(*theme.Label).SetText(row.Changed)
}
