package ui

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/presets"
	"sealedroom/ui/theme"
)

// limitsPanel sets what the next guest may use. It holds the last limits that
// were valid: a value that is not says why, and changes nothing.
type limitsPanel struct {
	object fyne.CanvasObject
	// changed is told after each change a person made.
	changed func()

	limits  engine.Limits
	rows    []*limitRow
	toggles []*widget.Check
	seed    *widget.Entry
	profile *widget.Select
	source  *widget.Label
	setting bool // values come from code, not from a person
}

// limitRow is one limit: a typed value, and a slider on a logarithmic scale.
type limitRow struct {
	panel    *limitsPanel
	name     string
	entry    *widget.Entry
	slider   *widget.Slider
	problem  *theme.Label
	min, max float64 // of the slider
	none     bool    // the slider's left end means no limit
	get      func(engine.Limits) float64
	set      func(engine.Limits, float64) (engine.Limits, error)
	parse    func(string) (float64, error)
	format   func(float64) string
	round    func(float64) float64
}

func newLimitsPanel(changed func()) *limitsPanel {
	p := &limitsPanel{changed: changed}
	size := func(text string) (float64, error) {
		bytes, err := engine.ParseSize(text)
		return float64(bytes), err
	}
	formatSize := func(v float64) string { return engine.FormatSize(int64(v)) }
	clock := func(text string) (float64, error) {
		d, err := engine.ParseTime(strings.ReplaceAll(text, " ", ""))
		return float64(d), err
	}
	formatClock := func(v float64) string {
		if v == 0 {
			return "none"
		}
		return engine.FormatTime(time.Duration(v))
	}
	p.rows = []*limitRow{
		{name: "Memory", min: 8 << 20, max: 1 << 30, parse: size, format: formatSize, round: twoDigitsOfSize,
			get: func(l engine.Limits) float64 { return float64(l.Memory()) },
			set: func(l engine.Limits, v float64) (engine.Limits, error) { return l.WithMemory(int64(v)) }},
		{name: "Wall time", min: float64(10 * time.Millisecond), max: float64(time.Minute), parse: clock, format: formatClock, round: twoDigits,
			get: func(l engine.Limits) float64 { return float64(l.Wall()) },
			set: func(l engine.Limits, v float64) (engine.Limits, error) { return l.WithWall(time.Duration(v)) }},
		{name: "CPU time", min: float64(5 * time.Millisecond), max: float64(time.Minute), none: true, parse: noneOr(clock), format: formatClock, round: twoDigits,
			get: func(l engine.Limits) float64 { return float64(l.CPU()) },
			set: func(l engine.Limits, v float64) (engine.Limits, error) { return l.WithCPU(time.Duration(v)) }},
		{name: "Teller calls", min: 1, max: 100_000, none: true, parse: noneOr(func(text string) (float64, error) {
			n, err := strconv.Atoi(strings.TrimSpace(text))
			if err != nil {
				return 0, fmt.Errorf("calls %q: write a whole number, or none", text)
			}
			return float64(n), nil
		}), round: twoDigits, format: func(v float64) string {
			if v == 0 {
				return "none"
			}
			return fmt.Sprintf("%.0f", v)
		},
			get: func(l engine.Limits) float64 { return float64(l.Calls()) },
			set: func(l engine.Limits, v float64) (engine.Limits, error) { return l.WithCalls(int(v)) }},
		{name: "Console", min: 1 << 10, max: 16 << 20, parse: size, format: formatSize, round: twoDigitsOfSize,
			get: func(l engine.Limits) float64 { return float64(l.Output()) },
			set: func(l engine.Limits, v float64) (engine.Limits, error) { return l.WithOutput(int64(v)) }},
		{name: "Result", min: 1 << 10, max: 16 << 20, parse: size, format: formatSize, round: twoDigitsOfSize,
			get: func(l engine.Limits) float64 { return float64(l.Result()) },
			set: func(l engine.Limits, v float64) (engine.Limits, error) { return l.WithResult(int64(v)) }},
	}
	column := container.New(tight{})
	for _, row := range p.rows {
		row.panel = p
		column.Add(row.build())
	}
	column.Add(p.buildSwitches())
	p.buildProfiles()
	head := container.NewBorder(nil, nil, nil, nil, p.profile)
	column.Add(inset(p.source, 0, 4))
	p.object = container.NewBorder(container.NewVBox(inset(container.NewBorder(nil, nil, theme.NewLabel(theme.Caption, theme.RoleMuted, "LIMITS"), nil, head), 10, 3), rule()),
		nil, nil, nil, container.NewVScroll(inset(column, 12, 4)))
	p.Set(engine.Limits{})
	return p
}

func noneOr(parse func(string) (float64, error)) func(string) (float64, error) {
	return func(text string) (float64, error) {
		if text = strings.TrimSpace(text); text == "" || text == "none" || text == "0" {
			return 0, nil
		}
		return parse(text)
	}
}

func (r *limitRow) build() fyne.CanvasObject {
	r.entry = widget.NewEntry()
	r.entry.OnChanged = r.typed
	r.entry.OnSubmitted = func(string) { r.show() }
	r.slider = widget.NewSlider(0, 1)
	r.slider.Step = 0.001
	r.slider.OnChanged = r.slid
	r.problem = theme.Cut(theme.Caption, theme.RoleRed, "")
	r.problem.Hide()
	name := theme.Cut(theme.Body, theme.RoleText, r.name)
	return container.New(tight{}, container.NewBorder(nil, nil, nil, container.New(entryWidth{}, r.entry), name), r.slider, r.problem)
}

// entryWidth gives a typed value the room it needs and no more.
type entryWidth struct{}

func (entryWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }
func (entryWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(92), objects[0].MinSize().Height)
}

// typed takes a value as soon as it is one.
func (r *limitRow) typed(text string) {
	if r.panel.setting {
		return
	}
	value, err := r.parse(text)
	if err == nil {
		var limits engine.Limits
		if limits, err = r.set(r.panel.limits, value); err == nil {
			r.panel.limits = limits
			r.panel.setting = true
			r.slider.SetValue(r.place(value))
			r.panel.setting = false
		}
	}
	if err != nil {
		r.problem.SetText(strings.TrimPrefix(err.Error(), engine.ErrLimits.Error()+": "))
		r.problem.Show()
		return
	}
	r.problem.Hide()
	r.panel.changed()
}

func (r *limitRow) slid(place float64) {
	if r.panel.setting {
		return
	}
	value := r.min * math.Pow(r.max/r.min, place)
	if r.none {
		if place < 0.03 {
			value = 0
		} else {
			value = r.min * math.Pow(r.max/r.min, (place-0.03)/0.97)
		}
	}
	limits, err := r.set(r.panel.limits, r.round(value))
	if err != nil {
		return // the slider's range is within the limit's
	}
	r.panel.limits = limits
	r.panel.setting = true
	r.entry.SetText(r.format(r.get(limits)))
	r.panel.setting = false
	r.problem.Hide()
	r.panel.changed()
}

// twoDigits rounds so that a slid value reads well.
func twoDigits(v float64) float64 {
	if v <= 0 {
		return v
	}
	step := math.Pow(10, math.Floor(math.Log10(v))-1)
	return math.Round(v/step) * step
}

// twoDigitsOfSize rounds to whole kilobytes or megabytes.
func twoDigitsOfSize(v float64) float64 {
	unit := float64(1 << 10)
	if v >= 1<<20 {
		unit = 1 << 20
	}
	return math.Round(twoDigits(v/unit)) * unit
}

// place is where a value stands on the slider.
func (r *limitRow) place(value float64) float64 {
	if value <= 0 {
		return 0
	}
	part := math.Log(value/r.min) / math.Log(r.max/r.min)
	if r.none {
		part = 0.03 + 0.97*part
	}
	return math.Max(0, math.Min(1, part))
}

func (r *limitRow) show() {
	r.panel.setting = true
	value := r.get(r.panel.limits)
	r.entry.SetText(r.format(value))
	r.slider.SetValue(r.place(value))
	r.panel.setting = false
	r.problem.Hide()
}

// switches are the room's, each with what it turns on or off.
var switches = []struct {
	label string
	field func(*engine.Switches) *bool
	off   bool // the switch shows the field's opposite
}{
	{"eval / new Function", func(s *engine.Switches) *bool { return &s.Eval }, false},
	{"WebAssembly", func(s *engine.Switches) *bool { return &s.Wasm }, false},
	{"Shared memory", func(s *engine.Switches) *bool { return &s.SharedMemory }, false},
	{"Timers", func(s *engine.Switches) *bool { return &s.Timers }, false},
	{"JIT compiler", func(s *engine.Switches) *bool { return &s.NoJIT }, true},
}

func (p *limitsPanel) buildSwitches() fyne.CanvasObject {
	column := container.New(tight{}, inset(caption("LANGUAGE"), 0, 8))
	for i, s := range switches {
		check := widget.NewCheck(s.label, nil)
		check.OnChanged = func(on bool) {
			if p.setting {
				return
			}
			values := p.limits.Switches()
			*switches[i].field(&values) = on != switches[i].off
			p.limits = p.limits.WithSwitches(values)
			p.changed()
		}
		p.toggles = append(p.toggles, check)
		column.Add(check)
	}
	p.seed = widget.NewEntry()
	p.seed.SetPlaceHolder("random")
	p.seed.OnChanged = func(text string) {
		if p.setting {
			return
		}
		seed, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil && strings.TrimSpace(text) != "" {
			p.seed.SetValidationError(fmt.Errorf("write a whole number, or nothing"))
			return
		}
		p.seed.SetValidationError(nil)
		values := p.limits.Switches()
		values.Seed = seed
		p.limits = p.limits.WithSwitches(values)
		p.changed()
	}
	column.Add(container.NewBorder(nil, nil, nil, container.New(entryWidth{}, p.seed), theme.Cut(theme.Body, theme.RoleText, "Random seed")))
	return column
}

func (p *limitsPanel) buildProfiles() {
	titles := make([]string, len(presets.Profiles))
	for i, profile := range presets.Profiles {
		titles[i] = profile.Title
	}
	p.source = widget.NewLabel("")
	p.source.Wrapping = fyne.TextWrapWord
	p.source.SizeName = "caption"
	p.profile = widget.NewSelect(titles, func(title string) {
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
			p.Set(limits)
			p.describe(profile)
			p.changed()
		}
	})
	p.profile.PlaceHolder = "your own"
}

func (p *limitsPanel) describe(profile presets.Profile) {
	text := fmt.Sprintf("%s, as of %s: %s.", profile.Title, presets.ProfilesAsOf, profile.Source)
	if profile.Note != "" {
		text += " Note: " + profile.Note + "."
	}
	p.source.SetText(text)
}

// Set shows these limits.
func (p *limitsPanel) Set(limits engine.Limits) {
	p.limits = limits
	for _, row := range p.rows {
		row.show()
	}
	p.setting = true
	values := limits.Switches()
	for i, s := range switches {
		p.toggles[i].SetChecked(*s.field(&values) != s.off)
	}
	p.seed.SetText("")
	if values.Seed != 0 {
		p.seed.SetText(strconv.FormatInt(values.Seed, 10))
	}
	p.setting = false
}
