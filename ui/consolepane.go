package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/theme"
)

// consolePane lists the guest's console lines. A line of several shows as
// several; each stands in its own row, so none can draw over another.
type consolePane struct {
	object  fyne.CanvasObject
	list    *widget.List
	summary *theme.Label
	rows    []consoleRow
	shown   int // console lines that rows were made of
}

type consoleRow struct {
	at, level, text string
	role            theme.Role
}

const longestRow = 400 // characters; a row opens in full when it is pressed

func newConsolePane(open func(title, text string)) *consolePane {
	p := &consolePane{summary: caption("")}
	p.list = widget.NewList(
		func() int { return len(p.rows) },
		func() fyne.CanvasObject { return newConsoleLine() },
		func(i widget.ListItemID, o fyne.CanvasObject) { o.(*consoleLine).set(p.rows[i]) },
	)
	p.list.HideSeparators = true
	p.list.OnSelected = func(i widget.ListItemID) {
		p.list.UnselectAll()
		open("Console line", p.rows[i].text)
	}
	p.object = pane(caption("CONSOLE"), p.summary, p.list)
	return p
}

func levelRole(level string) theme.Role {
	switch level {
	case "error":
		return theme.RoleRed
	case "warn":
		return theme.RoleAmber
	case "debug", "trace":
		return theme.RoleMuted
	}
	return theme.RoleText
}

func (p *consolePane) show(s *inspector.State) {
	if s.ConsoleLines < p.shown || s.ConsoleLines == 0 {
		p.shown = 0
	}
	if s.ConsoleLines != p.shown || s.ConsoleLines == 0 {
		p.rows = p.rows[:0]
		for _, line := range s.Lines() {
			p.rows = append(p.rows, consoleRows(line)...)
		}
		p.shown = s.ConsoleLines
		p.list.Refresh()
		p.list.ScrollToBottom()
	}
	text := fmt.Sprintf("%d lines · %s", s.ConsoleLines, engine.FormatSize(int64(s.ConsoleBytes)))
	if s.Started != nil {
		text += " of " + engine.FormatSize(s.Started.Limits.Output())
	}
	if s.Dropped.Console > 0 {
		text += fmt.Sprintf(" · %d dropped", s.Dropped.Console)
	}
	p.summary.SetText(text)
}

func consoleRows(c engine.Console) []consoleRow {
	lines := strings.Split(inspector.Visible(c.Text), "\n")
	rows := make([]consoleRow, len(lines))
	for i, text := range lines {
		rows[i] = consoleRow{text: strings.ReplaceAll(text, "\t", "    "), role: levelRole(c.Level)}
	}
	rows[0].at = fmt.Sprintf("%.3f", c.At.Seconds())
	rows[0].level = c.Level
	if c.Truncated {
		rows[len(rows)-1].text += " … (cut)"
	}
	return rows
}

// consoleLine is one row.
type consoleLine struct {
	widget.BaseWidget
	at, level, text *theme.Label
}

func newConsoleLine() *consoleLine {
	l := &consoleLine{
		at:    theme.NewLabel(theme.SmallCode, theme.RoleMuted, "0.000"),
		level: theme.NewLabel(theme.SmallCode, theme.RoleMuted, "error"),
		text:  theme.Cut(theme.Code, theme.RoleText, ""),
	}
	l.ExtendBaseWidget(l)
	return l
}

func (l *consoleLine) set(row consoleRow) {
	l.at.SetText(row.at)
	l.level.Set(row.role, row.level)
	text := row.text
	if len(text) > longestRow {
		text = strings.ToValidUTF8(text[:longestRow], "") + "…"
	}
	l.text.Set(row.role, text)
}

func (l *consoleLine) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(consoleLayout{}, l.at, l.level, l.text))
}

// consoleLayout keeps the columns of all rows in line.
type consoleLayout struct{}

func (consoleLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x := theme.Scaled(8)
	for i, width := range []float32{theme.Scaled(46), theme.Scaled(46), 0} {
		if i == 2 {
			width = max(0, size.Width-x-theme.Scaled(8))
		}
		objects[i].Move(fyne.NewPos(x, 0))
		objects[i].Resize(fyne.NewSize(width, size.Height))
		x += width
	}
}

func (consoleLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(150), objects[2].MinSize().Height)
}
