// Package settings is what a person sets for the next run: limits, switches,
// grants, questions, secrets and native hands. A [Panel] edits a session.Setup;
// a [NextRun] says it in a line.
package settings

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/inspector/session"
	"sealedroom/presets"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// Panel edits a setup, but for its name and code. It holds the last limits that
// were valid: a value that is not says why, and changes nothing.
type Panel struct {
	Object fyne.CanvasObject
	Grants *Grants
	Hands  *Hands
	// Changed is called after each change a person made.
	Changed func()
	// HandsChanged is called when native hands or their walls were switched.
	HandsChanged func()
	// SamplesChanged is called when the sampling was switched.
	SamplesChanged func()

	setup   session.Setup     // Native leaves the grants as they are
	state   *inspector.State  // whose use of the limits is shown
	rows    []*limitRow       // by engine.Limit
	toggles []*control.Toggle // by engine.Switch
	seed    *control.Entry
	seedWhy *theme.Label
	profile *control.Select
	picked  string // the profile chosen last
	source  *widget.Label
	samples *control.Toggle // of where time and memory go
	setting bool            // values come from code, not from a person
}

// ownLimits is what the profile is called when it is none.
const ownLimits = "your own"

// New returns a panel with the default limits and no grant.
func New() *Panel {
	p := &Panel{state: &inspector.State{}, Changed: func() {}, HandsChanged: func() {}, SamplesChanged: func() {}}
	p.buildProfiles()
	p.Hands = newHands(&p.setup, p.switchedHands)
	column := container.New(box.Tight{}, p.Hands.Object, container.New(box.AnyWidth{}, p.profile), p.source) // the switches of walls in sight
	for _, limit := range engine.AllLimits() {
		row := newLimitRow(p, limit)
		p.rows = append(p.rows, row)
		column.Add(row.object)
	}
	column.Add(p.buildSwitches())
	p.samples = control.NewToggle("Profile the run", func(on bool) {
		p.setup.Profile = on
		p.SamplesChanged()
		p.Changed()
	})
	column.Add(section("PROFILE"))
	column.Add(p.samples)
	p.Grants = newGrants(&p.setup, func() { p.Changed() })
	column.Add(p.Grants.Object)
	p.Object = box.Pane(box.Caption("LIMITS"), box.Caption("of the next run"), container.NewScroll(box.Inset(column, 12, 8)))
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

func (p *Panel) buildSwitches() fyne.CanvasObject {
	column := container.New(box.Tight{}, section("LANGUAGE"))
	for _, which := range engine.AllSwitches() {
		toggle := control.NewToggle(which.Title(), func(on bool) {
			p.setup.Limits = p.setup.Limits.WithSwitches(p.setup.Limits.Switches().With(which, on != which.Removes()))
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

func (p *Panel) typedSeed(text string) {
	if p.setting {
		return
	}
	text = strings.TrimSpace(text)
	seed, err := strconv.ParseInt(text, 10, 64)
	bad := err != nil && text != ""
	p.seedWhy.SetText("write a whole number, or nothing")
	if p.seedWhy.Hidden == bad {
		p.seedWhy.Hidden = !bad
		p.Object.Refresh()
	}
	if bad {
		return
	}
	values := p.setup.Limits.Switches()
	values.Seed = seed
	p.setup.Limits = p.setup.Limits.WithSwitches(values)
	p.changedByHand()
}

func (p *Panel) buildProfiles() {
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
func (p *Panel) pick(title string) {
	if p.setting {
		return
	}
	for _, profile := range presets.Profiles {
		if profile.Title != title {
			continue
		}
		limits, err := profile.Apply(engine.Limits{}.WithSwitches(p.setup.Limits.Switches()))
		if err != nil {
			p.source.SetText(err.Error())
			return
		}
		p.picked = title
		p.Set(limits)
		p.Changed()
	}
}

func (p *Panel) changedByHand() {
	p.showProfile()
	p.Changed()
}

// showProfile names the profile whose limits are in force, if there is one.
// Where several ask for the same, the one that was picked is named.
func (p *Panel) showProfile() {
	title, text := "", "Limits of your own. Choose a platform's to see what a guest meets there."
	for _, profile := range presets.Profiles {
		limits, err := profile.Apply(engine.Limits{})
		if err != nil || !sameLimits(limits, p.setup.Limits) || profile.NoOpt && !p.setup.Limits.Switches().NoOpt || title != "" && profile.Title != p.picked {
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

// Setup returns what the next run is made of, but for its name and code. Native
// hands go with no grants and no secrets.
func (p *Panel) Setup() session.Setup {
	setup := p.setup
	setup.Grants = maps.Clone(setup.Grants)
	maps.DeleteFunc(setup.Grants, func(_ string, how bridge.Grant) bool { return how == bridge.Off })
	if setup.Native {
		setup.Grants, setup.Secrets, setup.AskFirst = nil, nil, nil
	}
	return setup
}

// Kept returns what is to be there again another time: limits, grants and which
// of them ask first, whether the next guest has native hands or not.
func (p *Panel) Kept() session.Setup {
	return session.Setup{Limits: p.setup.Limits, Grants: p.setup.Grants, AskFirst: p.setup.AskFirst, Profile: p.setup.Profile}
}

// SetRoom shows the limits and grants of a setup, and which of them ask first.
// Changed is called.
func (p *Panel) SetRoom(setup session.Setup) {
	p.Set(setup.Limits)
	p.Grants.Set(setup.Grants)
	p.Grants.SetAskFirst(setup.AskFirst)
	p.Changed()
}

// SetProfile switches the sampling of the next runs.
func (p *Panel) SetProfile(on bool) {
	p.setup.Profile = on
	p.samples.Set(on)
}

// SetHands gives the next guest native hands, or takes them away. Every wall is
// up then.
func (p *Panel) SetHands(on bool) {
	if on == p.setup.Native {
		return
	}
	p.Hands.give(on)
	p.switchedHands()
}

// switchedHands shows the grants only where the next guest can have them.
func (p *Panel) switchedHands() {
	p.Grants.Object.Hidden = p.setup.Native
	p.Object.Refresh()
	p.HandsChanged()
}

// Profile returns the title of the profile whose limits are in force; "" for none.
func (p *Panel) Profile() string { return p.profile.Selected }

// Set shows these limits.
func (p *Panel) Set(limits engine.Limits) {
	p.setup.Limits = limits
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

// Show says at each limit how much of it the run used.
func (p *Panel) Show(s *inspector.State) {
	p.state = s
	for _, row := range p.rows {
		row.showUse(s)
	}
}

// Part returns the control of what a link names, such as "wall" or "grant.db",
// or of a wall that native hands may lack, "without.seccomp"; nil where it has none.
func (p *Panel) Part(key string) fyne.CanvasObject {
	if capability, ok := strings.CutPrefix(key, "grant."); ok {
		if c := p.Grants.controls[capability]; c != nil {
			return c
		}
		return nil
	}
	if capability, ok := strings.CutPrefix(key, "ask."); ok {
		if c := p.Grants.asks[capability]; c != nil {
			return c
		}
		return nil
	}
	if wall, ok := strings.CutPrefix(key, "without."); ok {
		if i := slices.Index(p.Hands.names, wall); i >= 0 {
			return p.Hands.walls[i]
		}
		return nil
	}
	if limit, ok := engine.FindLimit(key); ok {
		return p.rows[limit].object
	}
	if which, ok := engine.FindSwitch(key); ok {
		return p.toggles[which]
	}
	switch key {
	case "seed":
		return p.seed
	case "profile":
		return p.samples
	}
	return nil
}

// Has reports whether what is focused is part of the panel.
func (p *Panel) Has(focused fyne.Focusable) bool {
	if focused == fyne.Focusable(p.seed) || focused == fyne.Focusable(p.profile) || focused == fyne.Focusable(p.samples) {
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
	return p.Grants.has(focused) || p.Hands.has(focused)
}

// Focus gives the keyboard to the first limit.
func (p *Panel) Focus(c fyne.Canvas) { c.Focus(p.rows[0].entry) }
