package panes

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/kit/words"
	"sealedroom/ui/theme"
)

// Calls is the log of the teller window: every call, and below the one that
// is chosen in full.
type Calls struct {
	Object  fyne.CanvasObject
	List    *control.List
	head    *callRow
	Filter  *control.Entry
	title   *theme.Label
	Summary *theme.Label
	Detail  *CallDetail
	// open shows a call in a page of its own.
	Open func(inspector.Call)

	run     *engine.Started
	counted int
	total   string // what the summary says without a filter
	pace    Pace
	chosen  bool  // a call, by the person or for them
	number  int64 // of the call that is shown in full
	calls   []inspector.Call
	Rows    []int // of calls
	columns *callWidths
}

func newCallsPane() *Calls {
	p := &Calls{Filter: control.NewEntry(), Summary: box.Caption(""), Detail: NewCallDetail(), columns: &callWidths{}}
	p.List = control.NewList(
		func() int { return len(p.Rows) },
		func() fyne.CanvasObject { return newCallRow(p) },
		func(i int, o fyne.CanvasObject) {
			if i < len(p.Rows) {
				o.(*callRow).set(i, p.calls[p.Rows[i]])
			}
		},
	)
	p.List.OnSelected = func(i int) {
		p.chosen = true
		p.choose(p.calls[p.Rows[i]])
	}
	p.List.OnEnter = p.openChosen
	p.Filter.SetPlaceHolder("filter")
	p.Filter.OnChanged = func(string) { p.refill() }
	p.head = newCallRow(p)
	p.head.title()
	p.title = theme.NewLabel(theme.Caption, theme.RoleMuted, "TELLER CALLS")
	p.Summary.Trailing = true
	bar := container.NewBorder(nil, nil, p.title, container.New(filterWidth{}, p.Filter), box.Inset(p.Summary, 8, 0))
	log := container.NewBorder(container.New(box.Tight{}, box.Inset(bar, 12, 3), box.Rule(), p.head, box.Rule()), nil, nil, nil, p.List)
	split := container.NewVSplit(log, p.Detail.Object)
	split.Offset = 0.36
	p.Object = split
	return p
}

type filterWidth struct{}

func (filterWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }
func (filterWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(110), objects[0].MinSize().Height)
}

func (p *Calls) show(s *inspector.State) {
	calls, count := s.Calls, s.CallCount
	native := s.Started != nil && s.Started.Breach != nil
	if native {
		count = len(s.Hands)
	}
	if s.Started == p.run && count == p.counted {
		p.chooseFor(s)
		return
	}
	if !p.pace.Due(s, count) {
		return
	}
	if s.Started != p.run {
		p.chosen, p.number = false, 0
		p.List.UnselectAll()
		p.Detail.clear()
	}
	p.title.SetText("TELLER CALLS")
	p.total = words.Plural(count, "call")
	if native {
		calls = attemptsOf(s)
		p.title.SetText("NATIVE CALLS")
		p.total = words.Plural(count, "attempt")
	}
	p.run, p.counted, p.calls = s.Started, count, calls
	if s.Started != nil && !native && s.Started.Limits.Calls() > 0 {
		p.total += " of " + words.Grouped(s.Started.Limits.Calls())
	}
	if s.Dropped.Calls > 0 {
		p.total += " · " + words.Grouped(s.Dropped.Calls) + " rows dropped"
	}
	p.refill()
	p.chooseFor(s)
}

// chooseFor opens the call that matters most in a run that is over, unless the
// person has chosen one.
func (p *Calls) chooseFor(s *inspector.State) {
	if p.chosen || s.Ended == nil || len(p.Rows) == 0 {
		return
	}
	native := s.Started != nil && s.Started.Breach != nil
	best, most := 0, 0
	for i, row := range p.Rows {
		weight := 0
		switch c := p.calls[row]; {
		case len(c.Secrets) > 0:
			weight = 3
		case native && c.Decision == bridge.Allowed:
			weight = 3
		case c.Decision == bridge.Denied:
			weight = 2
		case c.Decision == bridge.Failed:
			weight = 1
		}
		if weight > most {
			best, most = i, weight
		}
	}
	p.List.Select(best)
}

// refill lists the calls that the filter lets through. The call that is shown
// in full stays so, wherever its row is.
func (p *Calls) refill() {
	p.Rows = p.Rows[:0]
	want := strings.ToLower(p.Filter.Text)
	at := -1
	for i, c := range p.calls {
		if want == "" || strings.Contains(strings.ToLower(c.Capability+"."+c.Method+"\n"+c.Args+"\n"+c.Answer+"\n"+string(c.Decision)+" "+decisionOf(c).word), want) {
			if c.N == p.number {
				at = len(p.Rows)
			}
			p.Rows = append(p.Rows, i)
		}
	}
	p.Summary.SetText(p.total)
	if want != "" {
		p.Summary.SetText(fmt.Sprintf("%s of %s", words.Grouped(len(p.Rows)), p.total))
	}
	p.columns.measure(p)
	p.head.arrange()
	p.List.UnselectAll()
	if at >= 0 {
		p.List.Select(at)
	}
	p.List.Refresh()
}

// choose shows a call in full.
func (p *Calls) choose(c inspector.Call) {
	if c.N != p.number || p.Detail.Title == "" {
		p.number = c.N
		p.Detail.Show(c)
	}
}

// openChosen shows the call that is chosen in a page of its own.
func (p *Calls) openChosen() {
	for _, c := range p.calls {
		if c.N == p.number && p.Open != nil {
			p.Open(c)
			return
		}
	}
}

// callRow is one row of the table.
type callRow struct {
	widget.BaseWidget
	pane    *Calls
	cells   [callColumns]*theme.Label
	box     *fyne.Container
	at      int       // its place in the list; -1: the titles
	pressed time.Time // last
}

// MouseDown chooses the call; twice opens it.
func (r *callRow) MouseDown(*desktop.MouseEvent) {
	if r.at < 0 || r.at >= len(r.pane.Rows) {
		return
	}
	again := time.Since(r.pressed) < doubleClick
	r.pressed = time.Now()
	if c := fyne.CurrentApp().Driver().CanvasForObject(r); c != nil {
		c.Focus(r.pane.List)
	}
	r.pane.List.Select(r.at)
	if again {
		r.pressed = time.Time{}
		r.pane.openChosen()
	}
}

// MouseUp implements desktop.Mouseable.
func (r *callRow) MouseUp(*desktop.MouseEvent) {}

const doubleClick = 400 * time.Millisecond

// The columns.
const (
	callNumber = iota
	callAt
	callName
	callArgs
	callAnswer
	callBytes
	callTook
	callDecision
	callLine
	callColumns
)

func newCallRow(p *Calls) *callRow {
	r := &callRow{pane: p, at: -1}
	for i := range r.cells {
		style := theme.Caption
		if i == callArgs || i == callAnswer || i == callName {
			style = theme.SmallCode
		}
		r.cells[i] = theme.Cut(style, theme.RoleText, "")
	}
	r.ExtendBaseWidget(r)
	return r
}

// titles are the columns'.
var titles = [callColumns]string{"#", "at", "call", "arguments", "answer", "in / out", "took", "decision", "line"}

func (r *callRow) title() {
	for i, text := range titles {
		r.cells[i].Style = theme.Caption
		r.cells[i].Set(theme.RoleMuted, text)
	}
}

func (r *callRow) set(at int, c inspector.Call) {
	r.at = at
	d := decisionOf(c)
	for i, text := range cellsOf(c) {
		role := theme.RoleText
		switch i {
		case callNumber, callAt, callBytes, callTook:
			role = theme.RoleMuted
		case callDecision:
			role = d.role
		default:
			if d.word != "allowed" || len(c.Secrets) > 0 {
				role = d.role
			}
		}
		r.cells[i].Set(role, text)
	}
	r.arrange()
}

// cellsOf is what stands in a call's row.
func cellsOf(c inspector.Call) [callColumns]string {
	name := inspector.Line(words.Shortened(c.Capability+"."+c.Method, 30))
	if c.Times > 1 {
		name += " ×" + words.Grouped(c.Times)
	}
	line := "–"
	if c.Line > 0 {
		line = fmt.Sprint(c.Line)
	}
	cut := func(text string) string { return inspector.Line(words.Shortened(text, 160)) }
	answer := cut(c.Answer)
	if len(c.Secrets) > 0 {
		answer = "▲ " + inspector.Line(strings.Join(c.Secrets, ", ")) + " inside: " + answer
	}
	if c.Capability == nativeHands {
		return [callColumns]string{words.Grouped(int(c.N)), words.Briefly(c.At), name, cut(c.Args), answer, "–", "–", decisionOf(c).sign(), line}
	}
	return [callColumns]string{
		words.Grouped(int(c.N)), words.Briefly(c.At), name, cut(c.Args), answer,
		fmt.Sprintf("%s / %s", engine.FormatSize(int64(c.BytesIn)), engine.FormatSize(int64(c.BytesOut))),
		taken(c.Took), decisionOf(c).sign(), line,
	}
}

// taken is a call's time, which is seldom a millisecond.
func taken(d time.Duration) string {
	if d < time.Millisecond {
		return fmt.Sprintf("%d µs", d.Microseconds())
	}
	return words.Briefly(d)
}

func (r *callRow) CreateRenderer() fyne.WidgetRenderer {
	objects := make([]fyne.CanvasObject, len(r.cells))
	for i, cell := range r.cells {
		objects[i] = cell
	}
	r.box = container.New(callLayout{r.pane.columns}, objects...)
	return widget.NewSimpleRenderer(r.box)
}

// arrange brings the cells in line with the columns.
func (r *callRow) arrange() {
	if r.box != nil {
		r.box.Layout.Layout(r.box.Objects, r.box.Size())
	}
}

// callWidths is how many characters each column would need to show all of each
// row, as far as rows were looked at.
type callWidths [callColumns]int

// maxMeasured is how many rows are looked at: the newest, and as many of the
// first.
const maxMeasured = 100

func (w *callWidths) measure(p *Calls) {
	for i, title := range titles {
		w[i] = len(title)
	}
	for i, row := range p.Rows {
		if i >= maxMeasured && i < len(p.Rows)-maxMeasured {
			continue
		}
		for column, text := range cellsOf(p.calls[row]) {
			w[column] = max(w[column], words.Cells(text))
		}
	}
}

// callLayout keeps the columns of all rows in line, each as wide as what stands
// in it. Where that is too much, arguments and answer share what is left; and
// where they would be too short to read, other columns go.
type callLayout struct{ columns *callWidths }

// The width of a character, and of a column that reads well and of one that can
// just be read, at the normal size of the text.
const (
	captionCell, codeCell   = 6.7, 7.4
	goodColumn, leastColumn = 240, 90
)

func (l callLayout) widths(total float32) (widths [callColumns]float32) {
	margin, gap := theme.Scaled(12), theme.Scaled(10)
	for i, n := range l.columns {
		cell := float32(captionCell)
		if i == callName || i == callArgs || i == callAnswer {
			cell = codeCell
		}
		widths[i] = theme.Scaled(cell*float32(max(1, n)) + 2)
	}
	left := func() float32 {
		left := total - 2*margin + gap
		for i, w := range widths {
			if i == callArgs || i == callAnswer {
				left -= gap
			} else if w > 0 {
				left -= w + gap
			}
		}
		return max(0, left)
	}
	args, answer := widths[callArgs], widths[callAnswer]
	least := func(of float32) float32 { return min(args, theme.Scaled(of)) + min(answer, theme.Scaled(of)) }
	for i, goes := range []int{callBytes, callAt, callTook, callLine, callNumber} {
		if i < 3 && left() < least(goodColumn) || left() < least(leastColumn) {
			widths[goes] = 0
		}
	}
	room := left()
	switch half := room / 2; {
	case args+answer <= room: // all of both
	case args <= half:
		answer = room - args
	case answer <= half:
		args = room - answer
	default:
		args, answer = half, room-half
	}
	widths[callArgs], widths[callAnswer] = args, answer
	return widths
}

func (l callLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x := theme.Scaled(12)
	for i, w := range l.widths(size.Width) {
		o := objects[i]
		o.(*theme.Label).Hidden = w == 0
		if w > 0 {
			o.Move(fyne.NewPos(x, 0))
			o.Resize(fyne.NewSize(w, size.Height))
			x += w + theme.Scaled(10)
		}
	}
}

func (callLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(120, objects[callArgs].MinSize().Height+theme.Scaled(4))
}
