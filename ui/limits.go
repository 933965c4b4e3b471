package ui

import (
	"fmt"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/presets"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// limitsPanel sets what the next guest may use. It holds the last limits that
// were valid: a value that is not says why, and changes nothing.
type limitsPanel struct {
	object fyne.CanvasObject
	// changed is told after each change a person made.
	changed func()
	// handsChanged is called when native hands or their walls were switched.
	handsChanged func()

	limits  engine.Limits
	state   *inspector.State // whose use of the limits is shown
	grants  *grantsPanel
	hands   *handsPanel
	rows    []*limitRow       // by engine.Limit
	toggles []*control.Toggle // by engine.Switch
	seed    *control.Entry
	seedWhy *theme.Label
	profile *control.Select
	picked  string // the profile chosen last
	source  *widget.Label
	setting bool // values come from code, not from a person
}

// ownLimits is what the profile is called when it is none.
const ownLimits = "your own"

func newLimitsPanel(changed func()) *limitsPanel {
	p := &limitsPanel{changed: changed, state: &inspector.State{}}
	p.buildProfiles()
	p.hands = newHandsPanel(func() { p.handsChanged() })
	column := container.New(box.Tight{}, p.hands.object, container.New(box.AnyWidth{}, p.profile), p.source) // the switches of walls in sight
	for _, limit := range engine.AllLimits() {
		row := newLimitRow(p, limit)
		p.rows = append(p.rows, row)
		column.Add(row.object)
	}
	column.Add(p.buildSwitches())
	p.grants = newGrantsPanel(func() { p.changed() })
	column.Add(p.grants.object)
	p.object = box.Pane(box.Caption("LIMITS"), box.Caption("of the next run"), container.NewScroll(box.Inset(column, 12, 8)))
	p.Set(engine.Limits{})
	return p
}

// section is a caption over a hairline.
func section(title string) fyne.CanvasObject {
	heading := container.New(&wordFlow{})
	for word := range strings.FieldsSeq(title) {
		heading.Add(theme.NewLabel(theme.Caption, theme.RoleMuted, word))
	}
	return box.Inset(container.New(box.Tight{}, box.Inset(heading, 0, 4), box.Rule()), 0, 4)
}

// wordFlow is flow for the words of one text: it takes the height of the rows
// that it was last laid out in.
type wordFlow struct{ height float32 }

func (f *wordFlow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f.height = box.TextFlow{Gap: 4}.Place(objects, size.Width, func(o fyne.CanvasObject, at fyne.Position, size fyne.Size) {
		o.Move(at)
		o.Resize(size)
	})
}

func (f *wordFlow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, max(f.height, objects[0].MinSize().Height))
}

func (p *limitsPanel) buildSwitches() fyne.CanvasObject {
	column := container.New(box.Tight{}, section("LANGUAGE"))
	for _, which := range engine.AllSwitches() {
		toggle := control.NewToggle(which.Title(), func(on bool) {
			p.limits = p.limits.WithSwitches(p.limits.Switches().With(which, on != which.Removes()))
			p.changedByHand()
		})
		p.toggles = append(p.toggles, toggle)
		column.Add(toggle)
	}
	p.seed = control.NewEntry()
	p.seed.SetPlaceHolder("random")
	p.seed.OnChanged = p.typedSeed
	p.seedWhy = theme.Cut(theme.Caption, theme.RoleRed, "")
	p.seedWhy.Hide()
	column.Add(field(theme.Cut(theme.Body, theme.RoleText, "Random seed"), p.seed))
	column.Add(p.seedWhy)
	return column
}

func (p *limitsPanel) typedSeed(text string) {
	if p.setting {
		return
	}
	text = strings.TrimSpace(text)
	seed, err := strconv.ParseInt(text, 10, 64)
	bad := err != nil && text != ""
	p.seedWhy.SetText("write a whole number, or nothing")
	if p.seedWhy.Hidden == bad {
		p.seedWhy.Hidden = !bad
		p.object.Refresh()
	}
	if bad {
		return
	}
	values := p.limits.Switches()
	values.Seed = seed
	p.limits = p.limits.WithSwitches(values)
	p.changedByHand()
}

func (p *limitsPanel) buildProfiles() {
	titles := make([]string, len(presets.Profiles))
	for i, profile := range presets.Profiles {
		titles[i] = profile.Title
	}
	p.source = widget.NewLabel("")
	p.source.Wrapping = fyne.TextWrapWord
	p.source.SizeName = fynetheme.SizeNameCaptionText
	p.source.Importance = widget.LowImportance
	p.profile = control.NewSelect(titles, p.pick)
	p.profile.PlaceHolder = ownLimits
}

// pick puts a profile in force; the switches stay.
func (p *limitsPanel) pick(title string) {
	if p.setting {
		return
	}
	for _, profile := range presets.Profiles {
		if profile.Title != title {
			continue
		}
		limits, err := profile.Apply(engine.Limits{}.WithSwitches(p.limits.Switches()))
		if err != nil {
			p.source.SetText(err.Error())
			return
		}
		p.picked = title
		p.Set(limits)
		p.changed()
	}
}

func (p *limitsPanel) changedByHand() {
	p.showProfile()
	p.changed()
}

// showProfile names the profile whose limits are in force, if there is one.
// Where several ask for the same, the one that was picked is named.
func (p *limitsPanel) showProfile() {
	title, text := "", "Limits of your own. Choose a platform's to see what a guest meets there."
	for _, profile := range presets.Profiles {
		limits, err := profile.Apply(engine.Limits{})
		if err != nil || !sameLimits(limits, p.limits) || profile.NoOpt && !p.limits.Switches().NoOpt || title != "" && profile.Title != p.picked {
			continue
		}
		title = profile.Title
		text = fmt.Sprintf("As of %s, from: %s.", presets.ProfilesAsOf, profile.Source)
		if profile.Note != "" {
			text += " Note: " + profile.Note + "."
		}
	}
	p.setting = true
	if title == "" {
		p.profile.ClearSelected()
	} else {
		p.profile.SetSelected(title)
	}
	p.setting = false
	if p.source.Text != text {
		p.source.SetText(text)
	}
}

// sameLimits reports whether the limits are equal, whatever the switches.
func sameLimits(a, b engine.Limits) bool { return a.WithSwitches(b.Switches()) == b }

// Set shows these limits.
func (p *limitsPanel) Set(limits engine.Limits) {
	p.limits = limits
	for _, row := range p.rows {
		row.show()
	}
	values := limits.Switches()
	for _, which := range engine.AllSwitches() {
		p.toggles[which].Set(values.On(which) != which.Removes())
	}
	p.setting = true
	p.seed.SetText("")
	if values.Seed != 0 {
		p.seed.SetText(strconv.FormatInt(values.Seed, 10))
	}
	p.setting = false
	p.showProfile()
}

// show tells at each limit how much of it the run used.
func (p *limitsPanel) show(s *inspector.State) {
	p.state = s
	for _, row := range p.rows {
		row.showUse(s)
	}
}

// part is the control of what a link names: "wall", "grant.db"; nil where it
// has none.
func (p *limitsPanel) part(key string) fyne.CanvasObject {
	if capability, ok := strings.CutPrefix(key, "grant."); ok {
		if c := p.grants.controls[capability]; c != nil {
			return c
		}
		return nil
	}
	if capability, ok := strings.CutPrefix(key, "ask."); ok {
		if c := p.grants.asks[capability]; c != nil {
			return c
		}
		return nil
	}
	if limit, ok := engine.FindLimit(key); ok {
		return p.rows[limit].object
	}
	if which, ok := engine.FindSwitch(key); ok {
		return p.toggles[which]
	}
	if key == "seed" {
		return p.seed
	}
	return nil
}

// has says whether what is focused is part of the panel.
func (p *limitsPanel) has(focused fyne.Focusable) bool {
	if focused == fyne.Focusable(p.seed) || focused == fyne.Focusable(p.profile) {
		return true
	}
	for _, row := range p.rows {
		if focused == fyne.Focusable(row.entry) || focused == fyne.Focusable(row.slider) {
			return true
		}
	}
	for _, toggle := range p.toggles {
		if focused == fyne.Focusable(toggle) {
			return true
		}
	}
	return p.grants.has(focused) || p.hands.has(focused)
}

// focus gives the keyboard to the first limit.
func (p *limitsPanel) focus(c fyne.Canvas) { c.Focus(p.rows[0].entry) }
