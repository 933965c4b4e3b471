package panes

import (
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
	"sealedroom/ui/kit/words"
	"sealedroom/ui/theme"
)

// Console lists the guest's console lines, in rows that fit its width. Time
// and level are the host's words, in columns that no guest text reaches.
type Console struct {
	Object fyne.CanvasObject
	// open shows a text in full, below the parts of what it shows, if any.
	Open func(title, text string, parts *engine.Node)

	List    *control.List
	head    *fyne.Container
	Bar     *fyne.Container
	Search  *control.Entry
	Level   *control.Select
	Summary *theme.Label

	run     *engine.Started
	Lines   []engine.Console
	counted int // console lines when rows were made
	pace    Pace
	ended   *engine.Ended
	verdict string
	// uncaught is the error that ended the run; "" where none did.
	uncaught string
	end      theme.Role // of the row that names the end
	Rows     []ConsoleRow
	bottom   float32 // the scroll offset of the end, when it was last gone to
	cols     int     // that a row has
}

const everyLevel = "all levels"

// NewConsole returns an empty console. open is called to show a text in full.
func NewConsole(open func(title, text string, parts *engine.Node)) *Console {
	p := &Console{Open: open, Summary: box.Caption(""), cols: 60}
	p.List = control.NewList(
		func() int { return len(p.Rows) },
		func() fyne.CanvasObject { return newConsoleLine() },
		func(i int, o fyne.CanvasObject) {
			if i < len(p.Rows) {
				o.(*consoleLine).set(p.Row(i))
			}
		},
	)
	p.List.OnSelected = func(i int) {
		p.List.UnselectAll()
		p.OpenRow(i)
	}
	p.Search = control.NewEntry()
	p.Search.SetPlaceHolder("search")
	p.Search.OnChanged = func(string) { p.refill() }
	p.Search.OnEscape = p.ToggleSearch
	p.Level = control.NewSelect([]string{everyLevel, "log", "info", "warn", "error", "debug"}, func(string) { p.refill() })
	p.Level.Selected = everyLevel
	p.Bar = container.NewStack(box.Inset(container.NewBorder(nil, nil, nil, p.Level, p.Search), 8, 2))
	p.Bar.Hide()
	p.Summary.Trailing = true
	find := control.NewTool(fynetheme.SearchIcon(), p.ToggleSearch)
	copied := control.NewTool(fynetheme.ContentCopyIcon(), p.CopyAll)
	title := theme.NewLabel(theme.Caption, theme.RoleMuted, "CONSOLE")
	p.head = container.New(box.Tight{}, box.Inset(container.NewBorder(nil, nil, title, container.NewHBox(find, copied), box.Inset(p.Summary, 8, 0)), 12, 2), p.Bar, box.Rule())
	p.Object = container.NewBorder(p.head, nil, nil, nil, container.New(fitting{p}, p.List))
	return p
}

// ToggleSearch shows or hides the search field.
func (p *Console) ToggleSearch() {
	p.Bar.Hidden = !p.Bar.Hidden
	if p.Bar.Hidden {
		p.Search.SetText("")
		p.Level.SetSelected(everyLevel)
	}
	p.Object.Refresh()
	if c := fyne.CurrentApp().Driver().CanvasForObject(p.List); c != nil {
		if p.Bar.Hidden {
			c.Focus(p.List)
		} else {
			c.Focus(p.Search)
		}
	}
}

// CopyAll puts the lines that are shown on the clipboard.
func (p *Console) CopyAll() {
	var b strings.Builder
	for _, c := range p.Lines {
		if p.wanted(c) {
			fmt.Fprintf(&b, "%s\t%s\t%s\n", seconds(c.At), c.Level, inspector.Visible(c.Text))
		}
	}
	fyne.CurrentApp().Clipboard().SetContent(b.String())
}

// OpenRow shows all of what row i is part of.
func (p *Console) OpenRow(i int) {
	row := p.Rows[i]
	switch row.line {
	case endRow:
		p.Open("The end of the run", p.verdict, nil)
		return
	case errorRow:
		p.Open("The error that ended the run", p.uncaught+"\n"+p.ended.Error.Stack, nil)
		return
	case resultRow:
		p.Open("The result: "+inspector.Line(p.ended.Result.Type), p.ended.Result.Preview, p.ended.Result.Tree)
		return
	}
	c := p.Lines[row.line]
	title := fmt.Sprintf("Console: %s at %s s", c.Level, seconds(c.At))
	if c.Line > 0 {
		title += fmt.Sprintf(", line %d", c.Line)
	}
	p.Open(title, c.Text, c.Tree)
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

// Show shows a run's lines and its end.
func (p *Console) Show(s *inspector.State) {
	if s.Started != p.run {
		p.run, p.bottom = s.Started, 0
		p.counted = -1
	}
	if (s.ConsoleLines != p.counted || s.Ended != p.ended) && p.pace.Due(s, s.ConsoleLines) {
		p.Lines, p.counted, p.ended = s.Lines(), s.ConsoleLines, s.Ended
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

func (p *Console) summarise(s *inspector.State) {
	text := words.Plural(s.ConsoleLines, "line")
	if shown := p.matching(); shown >= 0 {
		text = fmt.Sprintf("%d of %s", shown, text)
	}
	warnings, errors := 0, 0
	for _, c := range p.Lines {
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
	p.Summary.SetText(text)
}

// matching is how many lines are shown while some are not; else -1.
func (p *Console) matching() int {
	if p.Search.Text == "" && p.Level.Selected == everyLevel {
		return -1
	}
	n := 0
	for _, row := range p.Rows {
		if row.line >= 0 && row.First {
			n++
		}
	}
	return n
}

func (p *Console) wanted(c engine.Console) bool {
	if p.Level.Selected != everyLevel && c.Level != p.Level.Selected {
		return false
	}
	return p.Search.Text == "" || strings.Contains(strings.ToLower(c.Text), strings.ToLower(p.Search.Text))
}

// refill makes new rows. It stays at the end, unless a person scrolled up.
func (p *Console) refill() {
	atEnd := p.List.GetScrollOffset() >= p.bottom-1
	p.makeRows()
	p.List.Refresh()
	if atEnd {
		p.bottom = 0
	}
	p.scroll()
}

// scroll goes to the end, unless a person scrolled up.
func (p *Console) scroll() {
	if p.List.GetScrollOffset() >= p.bottom-1 {
		p.List.ScrollToBottom()
		p.bottom = p.List.GetScrollOffset()
	}
}

// RowText is what a row shows.
type RowText struct {
	at, Level, Text string
	role            theme.Role
	Opens           bool // part by part
}

// Row is what row i shows.
func (p *Console) Row(i int) RowText {
	row := p.Rows[i]
	r := RowText{Text: row.text, role: theme.RoleText}
	switch {
	case row.line == endRow:
		r.at, r.Level, r.role = seconds(p.ended.At), "end", p.end
	case row.line == errorRow:
		r.at, r.Level, r.role = seconds(p.ended.At), "✗ error", theme.RoleRed
	case row.line == resultRow:
		r.Level, r.Opens = "result", p.ended.Result.Tree != nil
	default:
		c := p.Lines[row.line]
		r.at, r.Level, r.role, r.Opens = seconds(c.At), c.Level, levelRole(c.Level), c.Tree != nil
	}
	if !row.First {
		r.at, r.Level, r.Opens = "", "", false
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

func (l *consoleLine) set(row RowText) {
	l.at.SetText(row.at)
	role := row.role
	if row.Level == "log" || row.Level == "info" {
		role = theme.RoleMuted
	}
	word := row.Level
	if row.Opens {
		word += " ▸"
	}
	l.level.Set(role, word)
	l.text.Set(row.role, row.Text)
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
