package panes

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/inspector/profile"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/flame"
	"sealedroom/ui/kit/words"
	"sealedroom/ui/theme"
)

// Profile shows where a run's time and memory went: a flame graph, and below it
// the functions or lines that had most. A row leads to its line in the editor.
type Profile struct {
	Object fyne.CanvasObject
	// GoTo shows a line of the guest's.
	GoTo func(line int)
	// Sample switches the sampling of the next run on.
	Sample func()
	Rows   []ProfileRow

	said  *widget.Label
	ask   fyne.CanvasObject // what offers to sample the next run
	pick  *control.Segments
	flame *flame.Graph
	hover *theme.Label
	list  *control.List
	shown seen
	pace  Pace
	state *inspector.State
	known knownProfile
}

// ProfileRow is a row of the list.
type ProfileRow struct {
	Head           bool
	First, Second  string // two figures
	Name, Function string
	Line           int // where a choice of it leads; 0: nowhere
}

// What the list shows.
const (
	byFunction = iota
	byLine
	byMemory
)

// maxProfileRows is how many rows there are at most.
const maxProfileRows = 200

// knownProfile is the profile of a state. It is summed up once for each part that
// comes.
type knownProfile struct {
	run     uint64
	parts   int
	profile *profile.Profile
}

func (k *knownProfile) of(s *inspector.State) *profile.Profile {
	if k.run != s.Version.Run || k.parts != len(s.Profile) {
		*k = knownProfile{s.Version.Run, len(s.Profile), profile.Of(s.Profile)}
	}
	return k.profile
}

// NewProfile returns the pane without a run.
func NewProfile() *Profile {
	p := &Profile{GoTo: func(int) {}, Sample: func() {}, state: &inspector.State{}, flame: flame.New(), said: widget.NewLabel("")}
	p.said.Wrapping = fyne.TextWrapWord
	p.pick = control.NewSegments([]control.Segment{
		{Text: "Functions", Ink: theme.RoleTeal, Tint: theme.RoleTealTint},
		{Text: "Lines", Ink: theme.RoleTeal, Tint: theme.RoleTealTint},
		{Text: "Memory", Ink: theme.RoleTeal, Tint: theme.RoleTealTint},
	}, func(int) { p.fill() })
	p.hover = theme.Cut(theme.Caption, theme.RoleMuted, "")
	p.flame.OnTapped = func(n *profile.Node) { p.goTo(placeOf(n)) }
	p.flame.OnHover = p.hovered
	p.list = control.NewList(
		func() int { return len(p.Rows) },
		func() fyne.CanvasObject {
			first, second := theme.Cut(theme.SmallCode, theme.RoleText, ""), theme.Cut(theme.SmallCode, theme.RoleMuted, "")
			first.Trailing, second.Trailing = true, true
			return container.New(profileRowLayout{}, first, second, theme.Cut(theme.SmallCode, theme.RoleText, ""), theme.Cut(theme.SmallCode, theme.RoleMuted, ""))
		},
		func(i int, o fyne.CanvasObject) {
			row, cells := p.Rows[i], o.(*fyne.Container).Objects
			role, muted := theme.RoleText, theme.RoleMuted
			if row.Head {
				role, muted = theme.RoleTeal, theme.RoleTeal
			}
			for c, text := range []string{row.First, row.Second, row.Name, row.Function} {
				cells[c].(*theme.Label).Set([]theme.Role{role, muted, role, muted}[c], text)
			}
		})
	p.list.OnSelected = func(i int) { p.goTo(p.Rows[i].Line) }
	p.ask = box.Inset(container.NewHBox(control.NewButton("Sample the next run", func() { p.Sample() })), 12, 2)
	top := container.New(box.Tight{}, box.Inset(p.said, 4, 2), p.ask, box.Inset(container.New(box.AnyWidth{}, p.pick), 12, 4))
	graph := container.NewBorder(nil, box.Inset(p.hover, 12, 2), nil, nil, box.Inset(container.NewVScroll(p.flame), 12, 2))
	split := container.NewVSplit(graph, box.Inset(p.list, 10, 4))
	split.Offset = 0.4
	p.Object = container.NewBorder(top, nil, nil, nil, split)
	p.fill()
	return p
}

// profileRowLayout has two figures, a name that takes most of the room, and what it
// is in, which a narrow pane leaves out.
type profileRowLayout struct{}

func (profileRowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	figure, gap, last := theme.Scaled(78), theme.Scaled(8), float32(0.38)
	if size.Width < theme.Scaled(360) {
		figure, gap, last = theme.Scaled(62), theme.Scaled(6), 0
	}
	rest := max(0, size.Width-2*(figure+gap))
	x := float32(0)
	for i, w := range []float32{figure, figure, rest * (1 - last), rest * last} {
		objects[i].Move(fyne.NewPos(x, 0))
		objects[i].Resize(fyne.NewSize(max(0, w-gap), size.Height))
		x += w
		if i < 2 {
			x += gap
		}
	}
}

func (profileRowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(160), objects[0].MinSize().Height)
}

func (p *Profile) goTo(line int) {
	if line > 0 {
		p.GoTo(line)
	}
}

// placeOf is the line of the guest's that a box stands for: of a function of the
// guest's where it begins, and of others where they were called from.
func placeOf(n *profile.Node) int {
	for ; n.Parent != nil; n = n.Parent {
		if n.Function.Kind == "guest" {
			return n.Function.Line
		}
		if n.Parent.Function.Kind == "guest" && n.Line > 0 {
			return n.Line
		}
	}
	return 0
}

// hovered says what the mouse is on.
func (p *Profile) hovered(n *profile.Node) {
	text := ""
	if total := p.known.profile; n != nil && total != nil {
		text = fmt.Sprintf("%s: %s, %s itself, of %s", profile.Name(n.Function), words.Briefly(n.Total), words.Briefly(n.Self), words.Briefly(total.Sampled))
		if n.Line > 0 {
			text += fmt.Sprintf(", called on line %d", n.Line)
		}
	}
	p.hover.SetText(text)
}

// Of returns the profile of a state; nil: it has none.
func (p *Profile) Of(s *inspector.State) *profile.Profile { return p.known.of(s) }

// Heat is each line's part of the time, for the editor.
func (p *Profile) Heat(s *inspector.State) map[int]float64 {
	of := p.known.of(s)
	if of == nil || of.Sampled <= 0 {
		return nil
	}
	heat := map[int]float64{}
	for _, l := range of.Lines {
		heat[l.Line] = float64(l.Self) / float64(of.Sampled)
	}
	return heat
}

func (p *Profile) show(s *inspector.State) {
	p.state = s
	if p.shown.changed(s) && p.pace.Due(s, len(s.Profile)*2*readable) {
		p.fill()
	}
}

func (p *Profile) fill() {
	of := p.known.of(p.state)
	code := ""
	if p.state.Started != nil {
		code = p.state.Started.Source
	}
	p.said.SetText(profileSaid(p.state, of, code))
	if sampled := p.state.Started != nil && p.state.Started.Profile; sampled == p.ask.Visible() {
		if sampled {
			p.ask.Hide()
		} else {
			p.ask.Show()
		}
		p.Object.Refresh()
	}
	p.flame.Set(of)
	p.Rows = profileRows(of, p.pick.Chosen(), strings.Split(code, "\n"))
	p.list.UnselectAll()
	p.list.Refresh()
}

// profileSaid is the pane in a sentence or two.
func profileSaid(s *inspector.State, of *profile.Profile, code string) string {
	switch {
	case s.Started == nil:
		return "Nothing has run yet. Switch on “Profile the run” in the limits, and run."
	case !s.Started.Profile:
		return "This run was not sampled. Switch on “Profile the run” in the limits, and run it again."
	case of == nil:
		return "No sample has come of this run: it was over before there was one."
	}
	said := strings.TrimSpace(inspector.TimeSentence(of) + " " + inspector.MemorySentence(of, code))
	if said == "" {
		said = "There are too few samples to say where the time went: let it run for longer."
	}
	if of.Cut {
		said += " The end is missing: the profile reached its limit of length."
	}
	return said
}

func profileRows(of *profile.Profile, which int, code []string) (rows []ProfileRow) {
	if of == nil {
		return nil
	}
	text := func(line int) string {
		if line < 1 || line > len(code) {
			return ""
		}
		return fmt.Sprintf("%d: %s", line, inspector.Line(words.Shortened(strings.TrimSpace(code[line-1]), 80)))
	}
	name := func(f engine.Function) string { return inspector.Line(words.Shortened(profile.Name(f), 60)) }
	switch which {
	case byFunction:
		rows = append(rows, ProfileRow{Head: true, First: "itself", Second: "total", Name: "function", Function: "hottest line"})
		for _, f := range of.Functions {
			row := ProfileRow{First: words.Briefly(f.Self), Second: words.Briefly(f.Total), Name: name(f.Function), Line: f.Line}
			if f.Line > 0 {
				row.Function = fmt.Sprintf("line %d", f.Line)
			}
			rows = append(rows, row)
		}
	case byLine:
		rows = append(rows, ProfileRow{Head: true, First: "itself", Second: "total", Name: "line"})
		for _, l := range of.Lines {
			rows = append(rows, ProfileRow{First: words.Briefly(l.Self), Second: words.Briefly(l.Total), Name: text(l.Line), Line: l.Line})
		}
	case byMemory:
		rows = append(rows, ProfileRow{Head: true, First: "in use", Second: "in all", Name: "line", Function: "function"})
		for _, a := range of.Allocations {
			row := ProfileRow{First: words.Sized(a.Live), Second: words.Sized(a.Bytes), Name: text(a.Line), Function: name(a.Function), Line: a.Line}
			if a.Line == 0 {
				row.Name, row.Function = "no line of the guest", ""
			}
			rows = append(rows, row)
		}
	}
	return rows[:min(len(rows), maxProfileRows)]
}
