// Package walls shows what holds native code in a worker: it has a sealed worker
// try every wall, and lists each attempt with what the system answered.
package walls

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// Pane tries the walls and shows what came of it. Its methods are for the
// window's thread.
type Pane struct {
	Object fyne.CanvasObject

	try    func(context.Context) (engine.WallReport, error)
	onMain func(func())
	cancel context.CancelFunc // of the trial under way; nil: none is
	number int                // of the trial whose result is wanted
	done   sync.WaitGroup

	report   *engine.WallReport // of the last trial; nil: there is none yet
	summary  inspector.WallSummary
	sign     *theme.Label
	title    *theme.Label
	sentence *widget.Label
	ground   *theme.Fill
	choice   *control.Select
	choices  []choice
	rows     []*row
	attempts *fyne.Container
	standing *fyne.Container
	body     *fyne.Container
	left     *control.Scroll // the attempts
}

// choice is what of the attempts is listed.
type choice struct {
	text  string
	wants func(engine.WallAttempt) bool
}

// New makes a pane that tries the walls with try, off the window's thread, and
// comes back to that through onMain. Nothing is tried before Try.
func New(try func(context.Context) (engine.WallReport, error), onMain func(func())) *Pane {
	p := &Pane{
		try: try, onMain: onMain,
		sign: theme.NewLabel(theme.Heading, theme.RoleMuted, "…"), title: theme.Cut(theme.Heading, theme.RoleText, ""),
		sentence: wrapped(""), ground: theme.NewFill(theme.RolePanel, theme.RoleLine, 6),
		attempts: container.New(box.Tight{}), standing: container.New(box.Tight{}),
	}
	p.choice = control.NewSelect(nil, func(string) { p.filter() })
	p.left = control.NewScroll(p.attempts)
	right := control.NewScroll(p.standing)
	head := container.NewBorder(nil, nil, box.Inset(p.sign, 4, 0), nil, p.title)
	said := container.NewStack(p.ground, box.Inset(container.New(box.Tight{}, box.Inset(head, 4, 2), p.sentence), 8, 6))
	p.body = container.New(&columns{}, p.left, right)
	p.Object = container.NewBorder(
		container.New(box.Tight{}, said, box.Inset(container.New(halfWidth{}, p.choice), 0, 6)), nil, nil, nil, p.body)
	p.say("…", theme.RoleMuted, theme.RolePanel, theme.RoleLine, "Not tried yet", "")
	p.choice.Hide()
	return p
}

// Focus is what is to get the keyboard.
func (p *Pane) Focus() fyne.Focusable { return p.left }

// Busy reports whether the walls are being tried.
func (p *Pane) Busy() bool { return p.cancel != nil }

// Try has a worker try the walls, unless one does already.
func (p *Pane) Try() {
	if p.Busy() {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	p.number++
	number := p.number
	p.say("…", theme.RoleMuted, theme.RolePanel, theme.RoleLine, "Trying the walls …",
		"A sealed worker of its own tries each thing with raw system calls, as an exploit of V8 would.")
	p.done.Go(func() {
		report, err := p.try(ctx)
		p.onMain(func() {
			cancel()
			if number == p.number { // else closed meanwhile
				p.cancel = nil
				p.show(report, err)
			}
		})
	})
}

// Close ends a trial under way; nothing more is shown of it.
func (p *Pane) Close() {
	p.number++
	if p.cancel != nil {
		p.cancel()
		p.cancel = nil
	}
}

// Wait returns when no worker of a trial is left. Call Close before.
func (p *Pane) Wait() { p.done.Wait() }

// Text is the whole report as text; "" before there is one.
func (p *Pane) Text() string {
	if p.report == nil {
		return ""
	}
	var b strings.Builder
	inspector.WriteWalls(&b, *p.report)
	return b.String()
}

func (p *Pane) say(sign string, ink, tint, edge theme.Role, title, sentence string) {
	p.sign.Set(ink, sign)
	p.title.Set(ink, title)
	p.ground.Set(tint, edge)
	p.sentence.SetText(sentence)
	if p.Object != nil {
		p.Object.Refresh()
	}
}

// show fills the pane with a report, or says why there is none.
func (p *Pane) show(report engine.WallReport, err error) {
	if err != nil {
		p.say("✗", theme.RoleRed, theme.RoleRedTint, theme.RoleRed, "The walls were not tried", inspector.Line(err.Error())+". Try again.")
		return
	}
	p.report, p.summary = &report, inspector.SummarizeWalls(report)
	p.list(report)
	p.standing.Objects = cards(report.Walls, report.Lacking)
	p.offerChoices(report)
	switch s := p.summary; {
	case s.Bad:
		p.say("✗", theme.RoleRed, theme.RoleRedTint, theme.RoleRed, s.Title, s.Sentence)
	case s.Open > 0 || len(report.Attempts) == 0:
		p.say("▲", theme.RoleAmber, theme.RoleAmberTint, theme.RoleAmber, s.Title, s.Sentence)
	default:
		p.say("✓", theme.RoleGreen, theme.RoleGreenTint, theme.RoleGreen, s.Title, s.Sentence)
	}
	p.left.ScrollToTop()
}

// list makes a row for each attempt; those that worked come first.
func (p *Pane) list(report engine.WallReport) {
	attempts := slices.Clone(report.Attempts)
	slices.SortStableFunc(attempts, func(a, b engine.WallAttempt) int { return worth(a) - worth(b) })
	p.rows, p.attempts.Objects = nil, nil
	for _, a := range attempts {
		r := newRow(a, report.Walls)
		p.rows = append(p.rows, r)
		p.attempts.Add(r.object)
	}
}

func worth(a engine.WallAttempt) int {
	if a.Held {
		return 1
	}
	return 0
}

// Standing lists walls that stand and those that are lacking, under a line.
func Standing(line string, standing []engine.Wall, lacking []string) fyne.CanvasObject {
	column := container.New(box.Tight{}, wrapped(line))
	column.Objects = append(column.Objects, cards(standing, lacking)...)
	return control.NewScroll(column)
}

// cards are the walls, one below the other.
func cards(standing []engine.Wall, lacking []string) []fyne.CanvasObject {
	out := []fyne.CanvasObject{heading("WALLS THAT STAND")}
	if len(standing) == 0 {
		out = append(out, wrapped("None."))
	}
	for _, w := range standing {
		out = append(out, wallCard("▣ "+inspector.Line(w.Name), inspector.Line(w.Strength), theme.RoleTeal))
	}
	if len(lacking) > 0 {
		out = append(out, heading("LACKING OR WEAKER, AND WHY"))
	}
	for _, l := range lacking {
		name, why, _ := strings.Cut(inspector.Line(l), ": ")
		out = append(out, wallCard("▲ "+name, why, theme.RoleAmber))
	}
	return out
}

// offerChoices offers to list the attempts that a wall refuses.
func (p *Pane) offerChoices(report engine.WallReport) {
	p.choices = []choice{
		{"Every attempt", func(engine.WallAttempt) bool { return true }},
		{"What worked", func(a engine.WallAttempt) bool { return !a.Held }},
	}
	for _, w := range report.Walls {
		refuses := func(a engine.WallAttempt) bool { return slices.Contains(a.By, w.Name) }
		if slices.ContainsFunc(report.Attempts, refuses) { // no attempt is made on V8's own
			p.choices = append(p.choices, choice{"Refused by " + inspector.Line(w.Name), refuses})
		}
	}
	var options []string
	for i := range p.choices {
		n := 0
		for _, a := range report.Attempts {
			if p.choices[i].wants(a) {
				n++
			}
		}
		p.choices[i].text += fmt.Sprintf(" (%d)", n)
		options = append(options, p.choices[i].text)
	}
	p.choice.SetOptions(options)
	p.choice.SetSelected(options[0])
	p.choice.Hidden = len(report.Attempts) == 0
}

// filter shows the attempts of the choice.
func (p *Pane) filter() {
	at := p.choice.SelectedIndex()
	if at < 0 {
		return
	}
	for _, r := range p.rows {
		r.object.Hidden = !p.choices[at].wants(r.attempt)
	}
	p.attempts.Refresh()
	p.left.ScrollToTop()
	p.left.Refresh()
}
