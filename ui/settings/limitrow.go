package settings

import (
	"fmt"
	"math"
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

// sliders are what a limit's slider spans, within what is allowed.
var sliders = map[engine.Limit]engine.Range{
	engine.MemoryLimit: {Min: 8 << 20, Max: 1 << 30},
	engine.WallLimit:   {Min: int64(10 * time.Millisecond), Max: int64(time.Minute)},
	engine.CPULimit:    {Min: int64(5 * time.Millisecond), Max: int64(time.Minute)},
	engine.CallsLimit:  {Min: 1, Max: 100_000},
	engine.OutputLimit: {Min: 1 << 10, Max: 16 << 20},
	engine.ResultLimit: {Min: 1 << 10, Max: 16 << 20},
}

// limitRow shows one limit: its name, what a run used of it, a typed value, and
// a slider on a logarithmic scale; below them why a value is refused. The empty
// field describes what may be typed.
type limitRow struct {
	limit    engine.Limit
	name     string
	min, max float64 // of the slider, which is left of min where there is no limit
	panel    *Panel
	object   fyne.CanvasObject
	entry    *control.Entry
	slider   *control.Slider
	note     *theme.Label
	problem  *widget.Label
}

func newLimitRow(panel *Panel, limit engine.Limit) *limitRow {
	r := &limitRow{limit: limit, name: limit.Title(), min: float64(sliders[limit].Min), max: float64(sliders[limit].Max), panel: panel, entry: control.NewEntry(), slider: control.NewSlider(), note: box.Caption(""), problem: widget.NewLabel("")}
	r.entry.OnChanged = r.typed
	r.entry.OnSubmitted = func(string) { r.show() }
	r.slider.OnChanged = r.slid
	r.problem.Importance = widget.DangerImportance
	r.problem.Wrapping = fyne.TextWrapWord
	r.problem.SizeName = fynetheme.SizeNameCaptionText
	r.problem.Hide()
	name := theme.NewLabel(theme.Body, theme.RoleText, r.name)
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
		if limits, err = r.panel.setup.Limits.With(r.limit, value); err == nil {
			r.panel.setup.Limits = limits
			r.slider.Set(r.place(value))
		}
	}
	if err != nil {
		held := r.format(r.get(r.panel.setup.Limits))
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
	if r.limit.Liftable() {
		if place < noneBelow {
			value = 0
		} else {
			value = r.min * math.Pow(r.max/r.min, (place-noneBelow)/(1-noneBelow))
		}
	}
	limits, err := r.panel.setup.Limits.With(r.limit, r.round(value))
	if err != nil {
		return // the slider's range is within the limit's
	}
	r.panel.setup.Limits = limits
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
func (r *limitRow) place(value int64) float64 {
	if value <= 0 {
		return 0
	}
	part := math.Log(float64(value)/r.min) / math.Log(r.max/r.min)
	if r.limit.Liftable() {
		part = noneBelow + (1-noneBelow)*part
	}
	return math.Max(0, math.Min(1, part))
}

// show puts the limit in force on screen.
func (r *limitRow) show() {
	r.panel.setting = true
	value := r.get(r.panel.setup.Limits)
	r.entry.SetText(r.format(value))
	r.slider.Set(r.place(value))
	r.panel.setting = false
	r.refuse("")
	r.showUse(r.panel.state)
}

// span is what may be typed.
func (r *limitRow) span() string {
	allowed := r.limit.Range()
	text := r.format(allowed.Min) + " – " + r.format(allowed.Max)
	if r.limit.Liftable() {
		text += ", or none"
	}
	return text
}

// showUse shows how much of the limit a run used; from four fifths on it warns.
func (r *limitRow) showUse(s *inspector.State) {
	if s.Started == nil {
		r.showUsed(theme.RoleMuted, "")
		return
	}
	allowed, used := r.get(s.Started.Limits), s.Used(r.limit)
	// What was used of another limit than the one that is set says nothing of it.
	if allowed == 0 || used == 0 || allowed != r.get(r.panel.setup.Limits) {
		r.showUsed(theme.RoleMuted, "")
		return
	}
	part := float64(used) / float64(allowed)
	role, text := theme.RoleMuted, fmt.Sprintf("%.0f\u00a0%% used", math.Floor(100*part))
	switch {
	case part >= 1:
		role, text = theme.RoleRed, "■ "+text
	case part >= inspector.NearLimit:
		role, text = theme.RoleAmber, "▲ "+text
	}
	r.showUsed(role, text)
}

// showUsed says how much was used, and makes room for it.
func (r *limitRow) showUsed(role theme.Role, text string) {
	changed := r.note.Text != text
	r.note.Set(role, text)
	if changed {
		r.object.Refresh()
	}
}

func (r *limitRow) get(limits engine.Limits) int64 { return limits.Get(r.limit) }

// parse reads a typed value. It takes what format writes, and what else people
// write.
func (r *limitRow) parse(text string) (int64, error) {
	text = strings.TrimSpace(text)
	if r.limit.Liftable() && (text == "" || text == "none" || text == "0") {
		return 0, nil
	}
	switch r.limit.Unit() {
	case engine.UnitTime:
		text = strings.ReplaceAll(text, " ", "")
		if minutes, ok := strings.CutSuffix(text, "min"); ok { // as times are written here
			text = minutes + "m"
		}
	case engine.UnitCount:
		text = strings.ReplaceAll(text, ",", "")
	}
	return r.limit.Parse(text)
}

// format writes a value into the field.
func (r *limitRow) format(value int64) string {
	switch {
	case value == 0 && r.limit.Liftable():
		return "none"
	case r.limit.Unit() == engine.UnitCount:
		return words.Grouped(int(value))
	}
	return r.limit.Format(value)
}

// round leaves two digits of a slid value, so that it reads well: of a size, of
// its whole kilobytes or megabytes.
func (r *limitRow) round(value float64) int64 {
	unit := 1.0
	if r.limit.Unit() == engine.UnitBytes {
		unit = 1 << 10
		if value >= 1<<20 {
			unit = 1 << 20
		}
	}
	if value /= unit; value <= 0 {
		return 0
	}
	step := math.Pow(10, math.Floor(math.Log10(value))-1)
	return int64(math.Round(math.Round(value/step)*step) * unit)
}
