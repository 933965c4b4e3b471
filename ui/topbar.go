package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/kit/pointer"
	"sealedroom/ui/kit/words"
	"sealedroom/ui/library"
	"sealedroom/ui/picker"
	"sealedroom/ui/theme"
)

// The heights in the bar, and the most that the scenario's name gets: all titles
// of the app's own fit, and Run stays where it is when another one is opened.
const (
	barHeight  = 32
	walkHeight = 28
	nameWidth  = 430
)

// topBar lays out the top: run and stop always, the scenario's name as far as
// there is room, and the rest in the order in which it is missed least.
type topBar struct {
	bar       fyne.CanvasObject
	brand     fyne.CanvasObject
	picked    *picker.Button
	run, halt *control.Button
	walk      *library.Walk
	tools     *fyne.Container
}

// newTopBar returns the bar. Its tools change how the window looks.
func newTopBar(run, stop, present, nextTheme func(), l *library.Library, tips *pointer.Pointer) *topBar {
	t := &topBar{picked: l.Picked, walk: l.Walk}
	t.run = control.NewIconButton("Run", fynetheme.MediaPlayIcon(), run)
	t.run.Importance, t.run.Hint = widget.HighImportance, "Ctrl+Enter"
	t.halt = control.NewIconButton("Stop", fynetheme.MediaStopIcon(), stop)
	t.halt.Hint = "Esc"
	t.brand = box.Inset(theme.NewLabel(theme.Bold, theme.RoleTeal, "▣ Sealed Room"), 6, 4)
	presenter, palette := control.NewTool(fynetheme.ViewFullScreenIcon(), present), control.NewTool(fynetheme.ColorPaletteIcon(), nextTheme)
	presenter.Tip, palette.Tip = "Presenter mode (F5)", "Dark or light"
	t.tools = container.NewHBox(presenter, palette)
	for _, b := range []*control.Button{presenter, palette, t.walk.Back, t.walk.Next} {
		b.OnTip = func(on bool) { tips.Tip(b, on) }
	}
	row := container.New(t, t.brand, t.picked, t.run, t.halt, t.walk.Object, t.tools)
	t.bar = container.NewStack(theme.NewFill(theme.RolePanel, nil, 0), box.Inset(row, 8, 7))
	return t
}

// showRunning says which of Run and Stop has a use.
func (t *topBar) showRunning(running bool) {
	if running == t.run.Disabled() {
		return
	}
	t.halt.Importance = widget.MediumImportance
	if running {
		t.halt.Importance = widget.DangerImportance
		t.run.Disable()
	} else {
		t.run.Enable()
	}
	t.halt.Refresh()
}

// showWallsOff says how many walls the next run lacks.
func (t *topBar) showWallsOff(n int) {
	t.run.Importance, t.run.Text = widget.DangerImportance, "Run, "+words.Plural(n, "wall")+" off"
	if n == 0 {
		t.run.Importance, t.run.Text = widget.HighImportance, "Run"
	}
	t.run.Refresh()
}

func (t *topBar) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	gap := theme.Scaled(8)
	least := func(o fyne.CanvasObject) float32 { return o.MinSize().Width + gap }
	room := size.Width - least(t.run) - least(t.halt) - least(t.picked)
	take := func(width float32) float32 {
		if room < width {
			return 0
		}
		room -= width
		return width
	}
	tools, steps := take(least(t.tools)), float32(0)
	if t.walk.On {
		steps = take(least(t.walk.Object))
	}
	wanted := max(0, theme.Scaled(nameWidth)-t.picked.MinSize().Width)
	brand := float32(0)
	if need := least(t.brand); room >= need+min(wanted, theme.Scaled(160)) {
		brand = take(need)
	}
	picked := least(t.picked) + min(wanted, room)
	x := float32(0)
	place := func(o fyne.CanvasObject, width, height float32) {
		o.Hide()
		if width > 0 {
			o.Show()
		}
		height = min(height, size.Height)
		o.Move(fyne.NewPos(x, (size.Height-height)/2))
		o.Resize(fyne.NewSize(max(0, width-gap), height))
		x += width
	}
	place(t.brand, brand, size.Height)
	place(t.picked, picked, size.Height)
	place(t.run, least(t.run), size.Height)
	place(t.halt, least(t.halt), size.Height)
	x = size.Width + gap - tools - steps
	place(t.walk.Object, steps, theme.Scaled(walkHeight))
	place(t.tools, tools, size.Height)
}

func (t *topBar) MinSize([]fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(0, theme.Scaled(barHeight))
	for _, o := range []fyne.CanvasObject{t.picked, t.run, t.halt} {
		size.Width += o.MinSize().Width + theme.Scaled(8)
		size.Height = max(size.Height, o.MinSize().Height)
	}
	return size
}
