package ui

import (
	"sealedroom/ui/kit/words"

	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// consolePane lists the guest's console lines, in rows that fit its width. Time
// and level are the host's words, in columns that no guest text reaches.
type consolePane struct {
	object fyne.CanvasObject
	// open shows a text in full, below the parts of what it tells of, if any.
	open func(title, text string, parts *engine.Node)

	list    *control.List
	head    *fyne.Container
	bar     *fyne.Container
	search  *control.Entry
	level   *control.Select
	summary *theme.Label

	run     *engine.Started
	lines   []engine.Console
	counted int // console lines when rows were made
	pace    pace
	ended   *engine.Ended
	verdict string
	// uncaught is the error that ended the run; "" where none did.
	uncaught string
	end      theme.Role // of the row that tells the end
	rows     []consoleRow
	bottom   float32 // the scroll offset of the end, when it was last gone to
	cols     int     // that a row has
}

const everyLevel = "all levels"

func newConsolePane(open func(title, text string, parts *engine.Node)) *consolePane {
	p := &consolePane{open: open, summary: box.Caption(""), cols: 60}
	p.list = control.NewList(
		func() int { return len(p.rows) },
		func() fyne.CanvasObject { return newConsoleLine() },
		func(i int, o fyne.CanvasObject) {
			if i < len(p.rows) {
				o.(*consoleLine).set(p.row(i))
			}
		},
	)
	p.list.OnSelected = func(i int) {
		p.list.UnselectAll()
		p.openRow(i)
	}
	p.search = control.NewEntry()
	p.search.SetPlaceHolder("search")
	p.search.OnChanged = func(string) { p.refill() }
	p.search.OnEscape = p.ToggleSearch
	p.level = control.NewSelect([]string{everyLevel, "log", "info", "warn", "error", "debug"}, func(string) { p.refill() })
	p.level.Selected = everyLevel
	p.bar = container.NewStack(box.Inset(container.NewBorder(nil, nil, nil, p.level, p.search), 8, 2))
	p.bar.Hide()
	p.summary.Trailing = true
	find := control.NewTool(fynetheme.SearchIcon(), p.ToggleSearch)
	copied := control.NewTool(fynetheme.ContentCopyIcon(), p.CopyAll)
	title := theme.NewLabel(theme.Caption, theme.RoleMuted, "CONSOLE")
	p.head = container.New(box.Tight{}, box.Inset(container.NewBorder(nil, nil, title, container.NewHBox(find, copied), box.Inset(p.summary, 8, 0)), 12, 2), p.bar, box.Rule())
	p.object = container.NewBorder(p.head, nil, nil, nil, container.New(fitting{p}, p.list))
	return p
}

// ToggleSearch shows or hides the search field.
func (p *consolePane) ToggleSearch() {
	p.bar.Hidden = !p.bar.Hidden
	if p.bar.Hidden {
		p.search.SetText("")
		p.level.SetSelected(everyLevel)
	}
	p.object.Refresh()
	if c := fyne.CurrentApp().Driver().CanvasForObject(p.list); c != nil {
		if p.bar.Hidden {
			c.Focus(p.list)
		} else {
			c.Focus(p.search)
		}
	}
}

// CopyAll puts the lines that are shown on the clipboard.
func (p *consolePane) CopyAll() {
	var b strings.Builder
	for _, c := range p.lines {
		if p.wanted(c) {
			fmt.Fprintf(&b, "%s\t%s\t%s\n", seconds(c.At), c.Level, inspector.Visible(c.Text))
		}
	}
	fyne.CurrentApp().Clipboard().SetContent(b.String())
}

func (p *consolePane) openRow(i int) {
	row := p.rows[i]
	switch row.line {
	case endRow:
		p.open("The end of the run", p.verdict, nil)
		return
	case errorRow:
		p.open("The error that ended the run", p.uncaught+"\n"+p.ended.Error.Stack, nil)
		return
	case resultRow:
		p.open("The result: "+inspector.Line(p.ended.Result.Type), p.ended.Result.Preview, p.ended.Result.Tree)
		return
	}
	c := p.lines[row.line]
	title := fmt.Sprintf("Console: %s at %s s", c.Level, seconds(c.At))
	if c.Line > 0 {
		title += fmt.Sprintf(", line %d", c.Line)
	}
	p.open(title, c.Text, c.Tree)
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
	if s.Started != p.run {
		p.run, p.bottom = s.Started, 0
		p.counted = -1
	}
	if (s.ConsoleLines != p.counted || s.Ended != p.ended) && p.pace.due(s, s.ConsoleLines) {
		p.lines, p.counted, p.ended = s.Lines(), s.ConsoleLines, s.Ended
		if s.Ended != nil {
			v := s.Verdict()
			p.verdict, p.end = v.Title+". "+v.Sentence, signOf(s).role
			if p.uncaught = s.Uncaught(); p.uncaught != "" {
				p.verdict = v.Sentence // the error stands above it
			}
		}
		p.refill()
	}
	p.summarise(s)
}

func (p *consolePane) summarise(s *inspector.State) {
	text := words.Plural(s.ConsoleLines, "line")
	if shown := p.matching(); shown >= 0 {
		text = fmt.Sprintf("%d of %s", shown, text)
	}
	warnings, errors := 0, 0
	for _, c := range p.lines {
		switch c.Level {
		case "warn":
			warnings++
		case "error":
			errors++
		}
	}
	if warnings > 0 {
		text += fmt.Sprintf(" · %d warn", warnings)
	}
	if errors > 0 {
		text += fmt.Sprintf(" · %d error", errors)
	}
	text += " · " + engine.FormatSize(int64(s.ConsoleBytes))
	if s.Started != nil {
		text += " of " + engine.FormatSize(s.Started.Limits.Output())
	}
	if s.Dropped.Console > 0 {
		text += " · " + words.Plural(s.Dropped.Console, "line") + " dropped"
	}
	p.summary.SetText(text)
}

// matching is how many lines are shown while some are not; else -1.
func (p *consolePane) matching() int {
	if p.search.Text == "" && p.level.Selected == everyLevel {
		return -1
	}
	n := 0
	for _, row := range p.rows {
		if row.line >= 0 && row.first {
			n++
		}
	}
	return n
}

func (p *consolePane) wanted(c engine.Console) bool {
	if p.level.Selected != everyLevel && c.Level != p.level.Selected {
		return false
	}
	return p.search.Text == "" || strings.Contains(strings.ToLower(c.Text), strings.ToLower(p.search.Text))
}

// refill makes new rows. It stays at the end, unless a person scrolled up.
func (p *consolePane) refill() {
	atEnd := p.list.GetScrollOffset() >= p.bottom-1
	p.makeRows()
	p.list.Refresh()
	if atEnd {
		p.bottom = 0
	}
	p.scroll()
}

// scroll goes to the end, unless a person scrolled up.
func (p *consolePane) scroll() {
	if p.list.GetScrollOffset() >= p.bottom-1 {
		p.list.ScrollToBottom()
		p.bottom = p.list.GetScrollOffset()
	}
}

// rowText is what a row shows.
type rowText struct {
	at, level, text string
	role            theme.Role
	opens           bool // part by part
}

func (p *consolePane) row(i int) rowText {
	row := p.rows[i]
	r := rowText{text: row.text, role: theme.RoleText}
	switch {
	case row.line == endRow:
		r.at, r.level, r.role = seconds(p.ended.At), "end", p.end
	case row.line == errorRow:
		r.at, r.level, r.role = seconds(p.ended.At), "✗ error", theme.RoleRed
	case row.line == resultRow:
		r.level, r.opens = "result", p.ended.Result.Tree != nil
	default:
		c := p.lines[row.line]
		r.at, r.level, r.role, r.opens = seconds(c.At), c.Level, levelRole(c.Level), c.Tree != nil
	}
	if !row.first {
		r.at, r.level, r.opens = "", "", false
	}
	return r
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

// consoleLine is one row.
type consoleLine struct {
	widget.BaseWidget
	at, level, text *theme.Label
}

func newConsoleLine() *consoleLine {
	l := &consoleLine{
		at:    theme.Cut(theme.SmallCode, theme.RoleMuted, "0.000"),
		level: theme.Cut(theme.SmallCode, theme.RoleMuted, "error"),
		text:  theme.Cut(theme.Code, theme.RoleText, ""),
	}
	l.ExtendBaseWidget(l)
	return l
}

func (l *consoleLine) set(row rowText) {
	l.at.SetText(row.at)
	role := row.role
	if row.level == "log" || row.level == "info" {
		role = theme.RoleMuted
	}
	word := row.level
	if row.opens {
		word += " ▸"
	}
	l.level.Set(role, word)
	l.text.Set(row.role, row.text)
}

func (l *consoleLine) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(consoleLayout{}, l.at, l.level, l.text))
}

// consoleLayout keeps the columns of all rows in line.
type consoleLayout struct{}

// before is the room before the text.
func (consoleLayout) before() float32 { return theme.Scaled(12 + 50 + levelWidth) }

// levelWidth is room for the longest level with its sign.
const levelWidth = 60

func (consoleLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x := theme.Scaled(12)
	for i, width := range []float32{theme.Scaled(50), theme.Scaled(levelWidth), 0} {
		if i == 2 {
			width = max(0, size.Width-x-theme.Scaled(12))
		}
		objects[i].Move(fyne.NewPos(x, 0))
		objects[i].Resize(fyne.NewSize(width, size.Height))
		x += width
	}
}

func (consoleLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(120), objects[2].MinSize().Height)
}
