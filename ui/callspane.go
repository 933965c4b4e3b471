package ui

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/ui/control"
	"sealedroom/ui/editor"
	"sealedroom/ui/theme"
)

// callsPane is the teller's log: every call, from the guest's side and from the
// host's. The one that is chosen stands below in full.
type callsPane struct {
	object  fyne.CanvasObject
	list    *control.List
	filter  *control.Entry
	summary *theme.Label
	guest   *editor.Editor // what the guest got
	host    *editor.Editor // what the host logged

	run     *engine.Started
	counted int
	pace    pace
	chosen  bool // a call, by the person or for them
	calls   []inspector.Call
	rows    []int // of calls
}

const chooseCall = "// choose a call above"

func newCallsPane() *callsPane {
	p := &callsPane{filter: control.NewEntry(), summary: caption(""), guest: newReader(chooseCall), host: newReader("")}
	p.list = control.NewList(
		func() int { return len(p.rows) },
		func() fyne.CanvasObject { return newCallRow() },
		func(i int, o fyne.CanvasObject) {
			if i < len(p.rows) {
				o.(*callRow).set(p.calls[p.rows[i]])
			}
		},
	)
	p.list.OnSelected = func(i int) {
		p.chosen = true
		p.choose(p.calls[p.rows[i]])
	}
	p.filter.SetPlaceHolder("filter")
	p.filter.OnChanged = func(string) { p.refill() }
	head := newCallRow()
	head.title()
	title := theme.NewLabel(theme.Caption, theme.RoleMuted, "TELLER CALLS")
	p.summary.Trailing = true
	bar := container.NewBorder(nil, nil, title, container.New(filterWidth{}, p.filter), inset(p.summary, 8, 0))
	log := container.NewBorder(container.New(tight{}, inset(bar, 10, 3), rule(), head, rule()), nil, nil, nil, p.list)
	sides := container.NewHSplit(
		container.New(anyWidth{60}, pane(caption("WHAT THE GUEST GOT"), caption(""), p.guest)),
		container.New(anyWidth{60}, pane(caption("WHAT THE HOST SAW"), caption(""), p.host)))
	split := container.NewVSplit(log, sides)
	split.Offset = 0.62
	p.object = split
	return p
}

type filterWidth struct{}

func (filterWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }
func (filterWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(110), objects[0].MinSize().Height)
}

func (p *callsPane) show(s *inspector.State) {
	if s.Started == p.run && s.CallCount == p.counted {
		p.chooseFor(s)
		return
	}
	if !p.pace.due(s, s.CallCount) {
		return
	}
	if s.Started != p.run {
		p.chosen = false
		p.list.UnselectAll()
		p.guest.SetText(chooseCall)
		p.host.SetText("")
	}
	p.run, p.counted, p.calls = s.Started, s.CallCount, s.Calls
	text := plural(s.CallCount, "call")
	if s.Started != nil && s.Started.Limits.Calls() > 0 {
		text += " of " + grouped(s.Started.Limits.Calls())
	}
	if s.Dropped.Calls > 0 {
		text += " · " + grouped(s.Dropped.Calls) + " rows dropped"
	}
	p.summary.SetText(text)
	p.refill()
	p.chooseFor(s)
}

// chooseFor opens the call that tells most of a run that is over, unless the
// person has chosen one.
func (p *callsPane) chooseFor(s *inspector.State) {
	if p.chosen || s.Ended == nil || len(p.rows) == 0 {
		return
	}
	best, most := 0, 0
	for i, row := range p.rows {
		tells := 0
		switch c := p.calls[row]; {
		case len(c.Secrets) > 0:
			tells = 3
		case c.Decision == bridge.Denied:
			tells = 2
		case c.Decision == bridge.Failed:
			tells = 1
		}
		if tells > most {
			best, most = i, tells
		}
	}
	p.list.Select(best)
}

func (p *callsPane) refill() {
	p.rows = p.rows[:0]
	want := strings.ToLower(p.filter.Text)
	for i, c := range p.calls {
		if want == "" || strings.Contains(strings.ToLower(c.Capability+"."+c.Method+"\n"+c.Args+"\n"+c.Answer+"\n"+string(c.Decision)), want) {
			p.rows = append(p.rows, i)
		}
	}
	p.list.Refresh()
}

// choose shows both sides of a call.
func (p *callsPane) choose(c inspector.Call) {
	name := inspector.Line(c.Capability + "." + c.Method)
	got := "// the answer\n" + c.Answer
	if c.Code != "" {
		got = "// an error, code " + c.Code + "\n" + c.Answer
	}
	p.guest.SetText(name + " " + inspector.Visible(c.Args) + "\n\n" + inspector.Visible(got))
	var b strings.Builder
	fmt.Fprintf(&b, "// call %d: %s, from line %d\n", c.N, c.Decision, c.Line)
	fmt.Fprintf(&b, "// %s in, %s out, took %s", engine.FormatSize(int64(c.BytesIn)), engine.FormatSize(int64(c.BytesOut)), taken(c.Took))
	if c.Times > 1 {
		fmt.Fprintf(&b, ", ×%s in all", grouped(c.Times))
	}
	if c.Asked > 0 {
		fmt.Fprintf(&b, ", decided by you after %s", briefly(c.Asked))
	}
	b.WriteString("\n")
	for _, secret := range c.Secrets {
		fmt.Fprintf(&b, "// a secret crossed here: %s\n", inspector.Line(secret))
	}
	logged := "// nothing went wrong, nothing was logged"
	if c.Logged != "" {
		logged = "// what the host logged\n" + inspector.Visible(c.Logged)
	}
	b.WriteString("\n" + logged)
	p.host.SetText(b.String())
}

// callRow is one row of the table.
type callRow struct {
	widget.BaseWidget
	cells [callColumns]*theme.Label
}

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

func newCallRow() *callRow {
	r := &callRow{}
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

func (r *callRow) title() {
	for i, text := range [callColumns]string{"#", "at", "call", "arguments", "answer", "in / out", "took", "decision", "line"} {
		r.cells[i].Style = theme.Caption
		r.cells[i].Set(theme.RoleMuted, text)
	}
}

func (r *callRow) set(c inspector.Call) {
	name := inspector.Line(c.Capability + "." + c.Method)
	if c.Times > 1 {
		name += " ×" + grouped(c.Times)
	}
	role := theme.RoleText
	answer := c.Answer
	switch {
	case len(c.Secrets) > 0:
		role = theme.RoleAmber
		answer = "▲ " + strings.Join(c.Secrets, ", ") + " inside: " + answer
	case c.Decision == bridge.Denied:
		role = theme.RoleRed
	case c.Decision == bridge.Failed:
		role = theme.RoleAmber
	}
	line := "–"
	if c.Line > 0 {
		line = fmt.Sprint(c.Line)
	}
	cut := func(text string) string { return inspector.Line(shortened(text, 120)) }
	for i, text := range [callColumns]string{
		grouped(int(c.N)), briefly(c.At), name, cut(c.Args), cut(answer),
		fmt.Sprintf("%s / %s", engine.FormatSize(int64(c.BytesIn)), engine.FormatSize(int64(c.BytesOut))),
		taken(c.Took), decided(c), line,
	} {
		cell := role
		if i == callNumber || i == callAt || i == callBytes || i == callTook {
			cell = theme.RoleMuted
		}
		r.cells[i].Set(cell, text)
	}
}

// taken is a call's time, which is seldom a millisecond.
func taken(d time.Duration) string {
	if d < time.Millisecond {
		return fmt.Sprintf("%d µs", d.Microseconds())
	}
	return briefly(d)
}

// decided is the decision, and whether the person made it.
func decided(c inspector.Call) string {
	if c.Asked > 0 {
		return string(c.Decision) + " by you"
	}
	return string(c.Decision)
}

func (r *callRow) CreateRenderer() fyne.WidgetRenderer {
	objects := make([]fyne.CanvasObject, len(r.cells))
	for i, cell := range r.cells {
		objects[i] = cell
	}
	return widget.NewSimpleRenderer(container.New(callLayout{}, objects...))
}

// callLayout keeps the columns of all rows in line. Arguments and answer share
// what is left; where that is too little, other columns go.
type callLayout struct{}

func (callLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	widths := [callColumns]float32{44, 58, 82, 0, 0, 104, 56, 86, 30}
	margin, gap := theme.Scaled(8), theme.Scaled(6)
	left := func() float32 {
		left := size.Width - 2*margin
		for i, w := range widths {
			if w > 0 || i == callArgs || i == callAnswer {
				left -= theme.Scaled(w) + gap
			}
		}
		return left
	}
	for _, goes := range []int{callBytes, callTook, callAt, callDecision} {
		if left() < theme.Scaled(150) {
			widths[goes] = 0
		}
	}
	flexible := max(0, left()) / 2
	x := margin
	for i, o := range objects {
		w := theme.Scaled(widths[i])
		if i == callArgs || i == callAnswer {
			w = flexible
		}
		o.(*theme.Label).Hidden = w == 0
		if w > 0 {
			o.Move(fyne.NewPos(x, 0))
			o.Resize(fyne.NewSize(w, size.Height))
			x += w + gap
		}
	}
}

func (callLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(120, objects[callArgs].MinSize().Height+theme.Scaled(4))
}
