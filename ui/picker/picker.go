// Package picker is the list to choose a scenario from: by group, level and
// search, with a tick at what is solved. Choosing opens a scenario; it never
// runs one.
package picker

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/presets"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// Standing is how far a scenario's reader has come.
type Standing int

// The standings.
const (
	Untouched Standing = iota
	Begun
	Solved
)

// Entry is a scenario in the list.
type Entry struct {
	Scenario *presets.Scenario
	Standing Standing
}

// solved reports whether nothing of the scenario is open.
func (e *Entry) solved() bool { return e.Standing == Solved }

// matches reports whether the list shows a scenario for these words. The tag at
// a row's end can be searched for like its text.
func (e *Entry) matches(words string) bool {
	var rest []string
	for _, word := range strings.Fields(words) {
		if w := strings.ToLower(word); e.Scenario.Challenge() && len(w) > 2 && strings.HasPrefix("challenges", w) {
			continue
		}
		rest = append(rest, word)
	}
	return e.Scenario.Matches(strings.Join(rest, " "))
}

// Section is a part of the list under one heading.
type Section struct {
	Title    string
	Entries  []Entry
	Problems []string // of files that could not be loaded
}

// Picker is the list with its search.
type Picker struct {
	Object fyne.CanvasObject
	// OnChosen is called with the scenario that was chosen.
	OnChosen func(*presets.Scenario)
	// OnProblem is called with the problem that was chosen, to show all of it.
	OnProblem func(string)

	sections   []Section
	rows       []row
	marked     int // of rows; -1 for none
	search     *search
	level      *control.Segments
	challenges *control.Toggle
	open       *control.Toggle
	list       *control.List
	count      *theme.Label
}

// row is a line of the list: a heading, a scenario or a problem.
type row struct {
	heading string
	note    string // at its end
	entry   *Entry
	problem string
}

func (r row) choosable() bool { return r.entry != nil || r.problem != "" }

// New makes a list of these. The scenario that is open is marked.
func New(sections []Section, current *presets.Scenario) *Picker {
	p := &Picker{count: theme.Cut(theme.Caption, theme.RoleMuted, "")}
	p.search = newSearch(p)
	p.search.SetPlaceHolder("Search titles, texts and code")
	p.search.OnChanged = func(string) { p.filter(nil) }
	segments := []control.Segment{{Text: "all levels", Ink: theme.RoleText, Tint: theme.RolePanel}}
	for _, name := range presets.Levels[1:] {
		segments = append(segments, control.Segment{Text: name, Ink: theme.RoleTeal, Tint: theme.RoleTealTint})
	}
	p.level = control.NewSegments(segments, func(int) { p.filter(nil) })
	p.challenges = control.NewToggle("Challenges only", func(bool) { p.filter(nil) })
	p.open = control.NewToggle("Not solved yet", func(bool) { p.filter(nil) })
	p.list = control.NewList(
		func() int { return len(p.rows) },
		func() fyne.CanvasObject { return newLine() },
		func(i int, o fyne.CanvasObject) {
			if i < len(p.rows) {
				o.(*line).set(p.rows[i], i == p.marked)
			}
		},
	)
	p.list.OnSelected = func(i int) {
		p.list.UnselectAll()
		if p.rows[i].choosable() {
			p.mark(i)
			p.Choose()
		}
	}
	head := container.New(box.Tight{}, p.search, box.Inset(container.New(&box.Flow{}, p.level, container.New(toggleWidth{}, p.challenges), container.New(toggleWidth{}, p.open)), 2, 6), box.Inset(p.count, 2, 3))
	p.Object = container.NewBorder(head, nil, nil, nil, p.list)
	p.Set(sections, current)
	return p
}

// Set shows other sections, as after a folder was read.
func (p *Picker) Set(sections []Section, current *presets.Scenario) {
	p.sections = sections
	p.filter(current)
}

// Focus is what is to get the keyboard.
func (p *Picker) Focus() fyne.Focusable { return p.search }

// Search types a search.
func (p *Picker) Search(words string) { p.search.SetText(words) }

// filter lists what is looked for, and marks one of it: this one, or the first.
func (p *Picker) filter(wanted *presets.Scenario) {
	if wanted == nil && p.marked >= 0 && p.marked < len(p.rows) && p.rows[p.marked].entry != nil {
		wanted = p.rows[p.marked].entry.Scenario
	}
	p.rows, p.marked = nil, -1
	words, level := p.search.Text, p.level.Chosen()
	shown, all := 0, 0
	for i := range p.sections {
		section := &p.sections[i]
		var rows []row
		solved := 0
		for j := range section.Entries {
			e := &section.Entries[j]
			all++
			if e.solved() {
				solved++
			}
			if !e.matches(words) || level > 0 && e.Scenario.Level != level ||
				p.open.On() && e.solved() || p.challenges.On() && !e.Scenario.Challenge() {
				continue
			}
			shown++
			rows = append(rows, row{entry: e})
		}
		for _, problem := range section.Problems {
			if words == "" || strings.Contains(strings.ToLower(problem), strings.ToLower(words)) {
				rows = append(rows, row{problem: problem})
			}
		}
		if len(rows) == 0 {
			continue
		}
		p.rows = append(p.rows, row{heading: section.Title, note: fmt.Sprintf("%d of %d solved", solved, len(section.Entries))})
		p.rows = append(p.rows, rows...)
	}
	best := 0
	for i, r := range p.rows {
		if fit := r.fits(words, wanted); fit > best {
			p.marked, best = i, fit
		}
	}
	if p.marked < 0 && len(p.rows) > 1 {
		p.marked = 1 // a problem
	}
	p.count.Set(theme.RoleMuted, fmt.Sprintf("%d of %d · Up, Down and Enter choose, Esc closes · opening one runs nothing", shown, all))
	if len(p.rows) == 0 && all > 0 {
		p.count.Set(theme.RoleAmber, "▲ Nothing found. Search for fewer words, or switch filters off.")
	}
	p.list.Refresh()
	p.Reveal()
}

// fits says how well a row is what is looked for: by its title better than by
// its text, and best where it is the one that is wanted.
func (r row) fits(words string, wanted *presets.Scenario) int {
	switch {
	case r.entry == nil:
		return 0
	case r.entry.Scenario == wanted && words == "":
		return 3
	case words != "" && strings.Contains(strings.ToLower(r.entry.Scenario.Title), strings.ToLower(strings.TrimSpace(words))):
		return 2
	}
	return 1
}

// Reveal scrolls to what is marked, once the list has its size.
func (p *Picker) Reveal() {
	switch {
	case p.marked == 1:
		p.list.ScrollToTop() // with its heading
	case p.marked > 0:
		p.list.ScrollTo(p.marked)
	}
}

func (p *Picker) mark(i int) {
	p.marked = i
	p.list.Refresh()
	p.Reveal()
}

// move marks the row that is by rows further on.
func (p *Picker) move(by int) {
	step := 1
	if by < 0 {
		step, by = -1, -by
	}
	at := p.marked
	for i := p.marked + step; i >= 0 && i < len(p.rows) && by > 0; i += step {
		if p.rows[i].choosable() {
			at = i
			by--
		}
	}
	if at >= 0 {
		p.mark(at)
	}
}

// ShowChallenges lists challenges only, or everything.
func (p *Picker) ShowChallenges(only bool) {
	p.challenges.Set(only)
	p.filter(nil)
}

// RevealTop marks the first row and scrolls to it.
func (p *Picker) RevealTop() {
	if len(p.rows) > 1 {
		p.mark(1)
	}
}

// Choose takes what is marked.
func (p *Picker) Choose() {
	if p.marked < 0 || p.marked >= len(p.rows) {
		return
	}
	switch r := p.rows[p.marked]; {
	case r.entry != nil:
		p.OnChosen(r.entry.Scenario)
	case r.problem != "" && p.OnProblem != nil:
		p.OnProblem(r.problem)
	}
}

// search is the field that has the keyboard, and moves in the list meanwhile.
type search struct {
	control.Entry
	picker *Picker
}

func newSearch(p *Picker) *search {
	s := &search{picker: p}
	s.ExtendBaseWidget(s)
	return s
}

// TypedKey implements fyne.Focusable.
func (s *search) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyUp:
		s.picker.move(-1)
	case fyne.KeyDown:
		s.picker.move(1)
	case fyne.KeyPageUp:
		s.picker.move(-10)
	case fyne.KeyPageDown:
		s.picker.move(10)
	case fyne.KeyReturn, fyne.KeyEnter:
		s.picker.Choose()
	default:
		s.Entry.TypedKey(key)
	}
}

// toggleWidth gives a switch room for its words.
type toggleWidth struct{}

func (toggleWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }
func (toggleWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(172), objects[0].MinSize().Height)
}
