package ui

import (
	"sealedroom/ui/kit/words"

	"errors"
	"fmt"
	"math"
	"strconv"
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
	"sealedroom/ui/panes"
	"sealedroom/ui/theme"
)

// limitKind is one limit: how it is read, written and checked.
type limitKind struct {
	name     string
	allowed  engine.Range // in the units of get and set
	min, max float64      // of the slider, within what is allowed
	none     bool         // the slider's left end means no limit
	get      func(engine.Limits) float64
	set      func(engine.Limits, float64) (engine.Limits, error)
	parse    func(string) (float64, error)
	format   func(float64) string
	round    func(float64) float64
	brief    func(float64) string           // for a glance; format is exact
	used     func(*inspector.State) float64 // by the run that is shown; 0 where unknown
}

func limitKinds() []limitKind {
	kinds := []limitKind{
		{
			name: "Memory", allowed: engine.MemoryRange, min: 8 << 20, max: 1 << 30,
			get:  func(l engine.Limits) float64 { return float64(l.Memory()) },
			set:  func(l engine.Limits, v float64) (engine.Limits, error) { return l.WithMemory(int64(v)) },
			used: func(s *inspector.State) float64 { return float64(s.PeakHeap) },
		},
		{
			name: "Wall time", allowed: engine.WallRange, min: float64(10 * time.Millisecond), max: float64(time.Minute),
			get:  func(l engine.Limits) float64 { return float64(l.Wall()) },
			set:  func(l engine.Limits, v float64) (engine.Limits, error) { return l.WithWall(time.Duration(v)) },
			used: func(s *inspector.State) float64 { return float64(panes.Elapsed(s)) },
		},
		{
			name: "CPU time", allowed: engine.CPURange, min: float64(5 * time.Millisecond), max: float64(time.Minute), none: true,
			get: func(l engine.Limits) float64 { return float64(l.CPU()) },
			set: func(l engine.Limits, v float64) (engine.Limits, error) { return l.WithCPU(time.Duration(v)) },
			used: func(s *inspector.State) float64 {
				if s.Ended == nil {
					return 0
				}
				return float64(s.Ended.Time.CPU)
			},
		},
		{
			name: "Teller calls", allowed: engine.CallsRange, min: 1, max: 100_000, none: true,
			get:  func(l engine.Limits) float64 { return float64(l.Calls()) },
			set:  func(l engine.Limits, v float64) (engine.Limits, error) { return l.WithCalls(int(v)) },
			used: func(s *inspector.State) float64 { return float64(s.CallCount) },
		},
		{
			name: "Console", allowed: engine.OutputRange, min: 1 << 10, max: 16 << 20,
			get:  func(l engine.Limits) float64 { return float64(l.Output()) },
			set:  func(l engine.Limits, v float64) (engine.Limits, error) { return l.WithOutput(int64(v)) },
			used: func(s *inspector.State) float64 { return float64(s.ConsoleBytes) },
		},
		{
			name: "Result", allowed: engine.ResultRange, min: 1 << 10, max: 16 << 20,
			get: func(l engine.Limits) float64 { return float64(l.Result()) },
			set: func(l engine.Limits, v float64) (engine.Limits, error) { return l.WithResult(int64(v)) },
			used: func(s *inspector.State) float64 {
				if s.Ended == nil || s.Ended.Result == nil {
					return 0
				}
				return float64(max(s.Ended.Result.Bytes, len(s.Ended.Result.Preview)))
			},
		},
	}
	for i := range kinds {
		k := &kinds[i]
		switch k.name {
		case "Wall time", "CPU time":
			k.parse, k.format, k.round = parseClock, formatClock, twoDigits
			k.brief = func(v float64) string { return words.Timed(time.Duration(v)) }
		case "Teller calls":
			k.parse, k.format, k.round = parseCount, formatCount, twoDigits
			k.brief = formatCount
		default:
			k.parse, k.format, k.round = parseSize, formatSize, twoDigitsOfSize
			k.brief = func(v float64) string { return words.Sized(int64(v)) }
		}
		if k.none {
			k.parse = noneOr(k.parse)
		}
	}
	return kinds
}

func parseSize(text string) (float64, error) {
	bytes, err := engine.ParseSize(text)
	return float64(bytes), err
}

func formatSize(v float64) string { return engine.FormatSize(int64(v)) }

func parseClock(text string) (float64, error) {
	text = strings.ReplaceAll(text, " ", "")
	if minutes, ok := strings.CutSuffix(text, "min"); ok { // as times are written here
		text = minutes + "m"
	}
	d, err := engine.ParseTime(text)
	return float64(d), err
}

func formatClock(v float64) string {
	if v == 0 {
		return "none"
	}
	return engine.FormatTime(time.Duration(v))
}

func parseCount(text string) (float64, error) {
	n, err := strconv.Atoi(strings.ReplaceAll(strings.TrimSpace(text), ",", ""))
	if err != nil {
		return 0, errors.New("write a whole number, or none")
	}
	return float64(n), nil
}

func formatCount(v float64) string {
	if v == 0 {
		return "none"
	}
	return words.Grouped(int(v))
}

func noneOr(parse func(string) (float64, error)) func(string) (float64, error) {
	return func(text string) (float64, error) {
		if text = strings.TrimSpace(text); text == "" || text == "none" || text == "0" {
			return 0, nil
		}
		return parse(text)
	}
}

// limitRow shows one limit: its name, what a run used of it, a typed value, and
// a slider on a logarithmic scale; below them why a value is refused. The empty
// field tells what may be typed.
type limitRow struct {
	limitKind
	panel   *limitsPanel
	object  fyne.CanvasObject
	entry   *control.Entry
	slider  *control.Slider
	note    *theme.Label
	problem *widget.Label
}

func newLimitRow(panel *limitsPanel, kind limitKind) *limitRow {
	r := &limitRow{limitKind: kind, panel: panel, entry: control.NewEntry(), slider: control.NewSlider(), note: box.Caption(""), problem: widget.NewLabel("")}
	r.entry.OnChanged = r.typed
	r.entry.OnSubmitted = func(string) { r.show() }
	r.slider.OnChanged = r.slid
	r.problem.Importance = widget.DangerImportance
	r.problem.Wrapping = fyne.TextWrapWord
	r.problem.SizeName = fynetheme.SizeNameCaptionText
	r.problem.Hide()
	name := theme.NewLabel(theme.Body, theme.RoleText, kind.name)
	r.object = container.New(box.Tight{}, container.New(&limitLayout{}, name, r.note, r.entry), r.slider, r.problem)
	r.entry.SetPlaceHolder(r.span())
	return r
}

// limitLayout puts name, use and value of a limit side by side; the use below
// where there is no room, and the value too where there is still less.
type limitLayout struct{ useBelow, valueBelow bool }

func (l *limitLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	name, use, entry := objects[0].(*theme.Label), objects[1].(*theme.Label), objects[2]
	width, gap, line := theme.Scaled(82), theme.Scaled(6), entry.MinSize().Height
	l.valueBelow = name.NaturalWidth()+gap+width > size.Width
	rest := size.Width - name.NaturalWidth() - 2*gap - width
	l.useBelow = use.Text != "" && (l.valueBelow || use.NaturalWidth() > rest)
	name.Resize(fyne.NewSize(size.Width, line))
	entry.Move(fyne.NewPos(size.Width-width, 0))
	entry.Resize(fyne.NewSize(width, line))
	use.Trailing = !l.useBelow
	use.Move(fyne.NewPos(name.NaturalWidth()+gap, 0))
	use.Resize(fyne.NewSize(max(0, rest), line))
	y := line
	if l.valueBelow {
		name.Resize(fyne.NewSize(size.Width, name.MinSize().Height))
		y = name.MinSize().Height
		entry.Move(fyne.NewPos(0, y))
		entry.Resize(fyne.NewSize(size.Width, line))
		y += line
	}
	if l.useBelow {
		use.Move(fyne.NewPos(0, y))
		use.Resize(fyne.NewSize(size.Width, use.MinSize().Height))
	}
}

func (l *limitLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	height := objects[2].MinSize().Height
	if l.valueBelow {
		height += objects[0].MinSize().Height
	}
	if l.useBelow {
		height += objects[1].MinSize().Height
	}
	return fyne.NewSize(theme.Scaled(60), height)
}

// field is a name with a short text field at its right.
func field(name *theme.Label, entry fyne.CanvasObject) fyne.CanvasObject {
	return container.New(&fieldLayout{}, name, entry)
}

// fieldLayout gives a typed value the room it needs and no more; below its name
// where there is no room for both.
type fieldLayout struct{ below bool }

func (l *fieldLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	name, entry := objects[0].(*theme.Label), objects[1]
	width, gap := theme.Scaled(82), theme.Scaled(4)
	l.below = name.NaturalWidth()+gap+width > size.Width
	if l.below {
		high := name.MinSize().Height
		name.Resize(fyne.NewSize(size.Width, high))
		entry.Move(fyne.NewPos(0, high))
		entry.Resize(fyne.NewSize(size.Width, max(0, size.Height-high)))
		return
	}
	name.Resize(fyne.NewSize(size.Width-width-gap, size.Height))
	entry.Move(fyne.NewPos(size.Width-width, 0))
	entry.Resize(fyne.NewSize(width, size.Height))
}

func (l *fieldLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	height := objects[1].MinSize().Height
	if l.below {
		height += objects[0].MinSize().Height
	}
	return fyne.NewSize(theme.Scaled(60), height)
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
			r.slider.Set(r.place(value))
		}
	}
	if err != nil {
		held := r.format(r.get(r.panel.limits))
		why := strings.TrimPrefix(err.Error(), engine.ErrLimits.Error()+": ")
		r.refuse(fmt.Sprintf("%s. Still in force: %s.", inspector.Line(why), held))
		return
	}
	r.refuse("")
	r.showUse(r.panel.state)
	r.panel.changedByHand()
}

// refuse says why a value is not taken; "" takes that back.
func (r *limitRow) refuse(why string) {
	if r.problem.Text == why {
		return
	}
	r.problem.SetText(why)
	r.problem.Hidden = why == ""
	r.object.Refresh()
}

func (r *limitRow) slid(place float64) {
	value := r.min * math.Pow(r.max/r.min, place)
	if r.none {
		if place < noneBelow {
			value = 0
		} else {
			value = r.min * math.Pow(r.max/r.min, (place-noneBelow)/(1-noneBelow))
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
	r.refuse("")
	r.showUse(r.panel.state)
	r.panel.changedByHand()
}

// noneBelow is the part of a slider that means no limit.
const noneBelow = 0.03

// place is where a value stands on the slider.
func (r *limitRow) place(value float64) float64 {
	if value <= 0 {
		return 0
	}
	part := math.Log(value/r.min) / math.Log(r.max/r.min)
	if r.none {
		part = noneBelow + (1-noneBelow)*part
	}
	return math.Max(0, math.Min(1, part))
}

// show puts the limit in force on screen.
func (r *limitRow) show() {
	r.panel.setting = true
	value := r.get(r.panel.limits)
	r.entry.SetText(r.format(value))
	r.slider.Set(r.place(value))
	r.panel.setting = false
	r.refuse("")
	r.showUse(r.panel.state)
}

// span is what may be typed.
func (r *limitRow) span() string {
	text := r.format(float64(r.allowed.Min)) + " – " + r.format(float64(r.allowed.Max))
	if r.none {
		text += ", or none"
	}
	return text
}

// showUse tells how much of the limit a run used; from four fifths on it warns.
func (r *limitRow) showUse(s *inspector.State) {
	if s.Started == nil || r.used == nil {
		r.tell(theme.RoleMuted, "")
		return
	}
	allowed, used := r.get(s.Started.Limits), r.used(s)
	// What was used of another limit than the one that is set says nothing of it.
	if allowed == 0 || used == 0 || allowed != r.get(r.panel.limits) {
		r.tell(theme.RoleMuted, "")
		return
	}
	part := used / allowed
	role, text := theme.RoleMuted, fmt.Sprintf("%.0f\u00a0%% used", math.Floor(100*part))
	switch {
	case part >= 1:
		role, text = theme.RoleRed, "■ "+text
	case part >= inspector.NearLimit:
		role, text = theme.RoleAmber, "▲ "+text
	}
	r.tell(role, text)
}

// tell says how much was used, and makes room for it.
func (r *limitRow) tell(role theme.Role, text string) {
	changed := r.note.Text != text
	r.note.Set(role, text)
	if changed {
		r.object.Refresh()
	}
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
