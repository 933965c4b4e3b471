package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/document"
	"sealedroom/ui/library"
	"sealedroom/ui/panes"
	"sealedroom/ui/settings"
	"sealedroom/ui/theme"
	"sealedroom/ui/timeline"
)

// arrangement is which parts of the window stand where.
type arrangement struct {
	*source
	inspector *panes.Inspector
	console   *panes.Console
	settings  *settings.Panel
	library   *library.Library
	timeline  *timeline.Timeline
	grid      fyne.CanvasObject // several rooms
	canvas    fyne.Canvas
	look      *look
	arranged  func() // is called when something else is open
	bottom    fyne.CanvasObject

	center  *fyne.Container  // what is shown of the splits below
	columns *container.Split // editor and the rest
	right   *container.Split // limits and inspector
	left    *container.Split // editor and console
	reading *container.Split // a lesson and the rest
	beside  *container.Split // the rest next to a lesson: editor and side
	side    *fyne.Container  // the inspector, alone or with the limits
	both    *container.Split // limits and inspector, next to a lesson

	halves  *container.Split // a lesson and the rest, in narrow windows
	stacked *container.Split // there: the run above, below
	present *container.Split // presenting without a lesson: editor and side
	below   *control.Tabs    // the guest's code, or the console
	lower   [2]*fyne.Container
	paired  *container.Split // there, in a low window: the pages, and the run in full height
	pages   *control.Tabs    // the lesson, the guest's code, or the console
	leaves  [3]*fyne.Container

	roomy *container.Split // a lesson and several rooms

	besides   fyne.CanvasObject // side, under a line about the next run
	inspected fyne.CanvasObject // the inspector, as narrow as it may be

	several      bool // rooms are shown, in place of one
	lessonOpen   bool // the lesson's pane is there
	limitsBeside bool // and the limits with it
	narrow       bool // the window has no room for three columns side by side
	low          bool // nor for the code below the run
}

// narrowest is how wide a window is at least, in lengths that grow with the
// text, that shows a lesson, the editor and the verdict side by side.
// Presenting, with text for a whole room, the columns are wider.
const narrowest, narrowestPresented = 760, 1400

// lowest is how high a window is at least, in the same lengths, that shows the
// code below the run.
const lowest, lowestPresented = 640, 760

// layout makes everything that can be shown: between a top and a bottom, and below
// what lies above all.
func (a *arrangement) layout(top, bottom fyne.CanvasObject, above ...fyne.CanvasObject) fyne.CanvasObject {
	a.bottom = bottom
	// At large text, a long verdict in a narrow column would leave no room for
	// the rest.
	a.inspected = container.NewVScroll(container.New(box.AnyWidth{Least: 220}, a.inspector.Object))
	a.left = container.NewVSplit(a.pane, container.New(box.AnyWidth{Least: 160}, a.console.Object))
	a.left.Offset = 0.74
	a.right = container.NewHSplit(container.New(box.AnyWidth{Least: 140}, a.settings.Object), a.inspected)
	a.right.Offset = 0.28
	a.columns = container.NewHSplit(a.left, a.right)
	a.columns.Offset = 0.41

	a.both = container.NewHSplit(a.right.Leading, a.inspected)
	a.both.Offset = 0.4
	a.side = container.NewStack(a.inspected)
	a.besides = container.NewBorder(container.New(box.Tight{}, a.library.NextRun.Object, box.Rule()), nil, nil, nil, a.side)
	a.beside = container.NewHSplit(a.left, a.besides)
	a.beside.Offset = 0.49
	a.reading = container.NewHSplit(container.New(box.AnyWidth{Least: 160}, a.library.Lesson.Object), a.beside)
	a.reading.Offset = 0.3

	a.lower = [2]*fyne.Container{container.NewStack(), container.NewStack()}
	a.below = control.NewTabs(control.Tab{Title: "Code", Content: a.lower[0]}, control.Tab{Title: "Console", Content: a.lower[1]})
	// On a ground of its own: what scrolls above is not to shine through.
	lower := container.NewStack(theme.NewFill(theme.RoleGround, nil, 0), a.below.Object)
	a.stacked = container.NewVSplit(container.NewStack(), lower)
	a.stacked.Offset = 0.62
	a.halves = container.NewHSplit(a.reading.Leading, a.stacked)
	a.halves.Offset = 0.4
	a.leaves = [3]*fyne.Container{container.NewStack(), container.NewStack(), container.NewStack()}
	a.pages = control.NewTabs(control.Tab{Title: lessonTitle, Content: a.leaves[0]},
		control.Tab{Title: "Code", Content: a.leaves[1]}, control.Tab{Title: "Console", Content: a.leaves[2]})
	a.pages.OnChanged = func(page int) {
		if page == 0 {
			a.pages.SetTitle(0, lessonTitle)
		}
	}
	a.paired = container.NewHSplit(a.pages.Object, container.NewStack())
	a.paired.Offset = 0.44
	a.present = container.NewHSplit(a.left, container.NewStack())
	a.present.Offset = 0.44

	a.roomy = withLesson(a.reading.Leading, a.grid)
	a.center = container.NewStack(a.columns)
	frame := container.NewBorder(container.New(box.Tight{}, top, box.Rule()), container.New(box.Tight{}, a.timeline.Object, box.Rule(), bottom), nil, nil, a.center)
	layers := append([]fyne.CanvasObject{container.New(box.AnyWidth{Least: 640}, frame)}, above...)
	return container.New(watched{a}, container.NewStack(layers...))
}

// watched lays a window out again when it becomes narrow, or wide again.
type watched struct{ a *arrangement }

func (l watched) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	wide, high := float32(narrowest), float32(lowest)
	if l.a.look.presenting {
		wide, high = narrowestPresented, lowestPresented
	}
	narrow, low := size.Width < theme.Scaled(wide), size.Height < theme.Scaled(high)
	if narrow != l.a.narrow || low != l.a.low {
		l.a.narrow, l.a.low = narrow, low
		l.a.place()
	}
}

func (watched) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// place puts what is open where it belongs.
func (a *arrangement) place() {
	a.side.Objects = []fyne.CanvasObject{a.inspected}
	if a.limitsBeside {
		a.side.Objects = []fyne.CanvasObject{a.both}
	}
	a.inspector.Verdict.SetBrief(a.paged())
	// An object stands in one place at a time.
	source, console := a.left.Leading, a.left.Trailing
	for _, box := range []*fyne.Container{a.lower[0], a.lower[1], a.leaves[0], a.leaves[1], a.leaves[2]} {
		box.Objects = nil
	}
	var shown fyne.CanvasObject
	switch {
	case a.several && a.lessonOpen && !a.narrow:
		a.roomy.Trailing = a.grid
		shown = a.roomy
	case a.several:
		shown = a.grid
	case a.paged():
		for i, page := range []fyne.CanvasObject{a.reading.Leading, source, console} {
			a.leaves[i].Objects = []fyne.CanvasObject{page}
		}
		a.paired.Trailing = a.besides
		shown = a.paired
	case a.tabbed():
		a.lower[0].Objects, a.lower[1].Objects = []fyne.CanvasObject{source}, []fyne.CanvasObject{console}
		a.stacked.Leading = a.besides
		shown = a.halves
	case a.lessonOpen:
		a.beside.Trailing = a.besides
		shown = a.reading
	case a.look.presenting:
		a.present.Trailing = a.side
		shown = a.present
	default:
		shown = a.columns
	}
	a.center.Objects = []fyne.CanvasObject{shown}
	// An object that stood elsewhere has that place's size.
	for _, split := range []*container.Split{a.left, a.right, a.both, a.columns, a.beside, a.reading, a.stacked, a.halves, a.present, a.paired, a.roomy} {
		split.Refresh()
	}
	a.center.Refresh()
}

// tabbed reports whether code and console share one place, for lack of room.
func (a *arrangement) tabbed() bool { return a.lessonOpen && a.narrow }

// paged reports whether the lesson shares that place with them: below a lesson's
// run there is no room for the code.
func (a *arrangement) paged() bool { return a.tabbed() && a.low }

// showLower brings the code, 0, or the console, 1, to the front where they share
// one place.
func (a *arrangement) showLower(i int) {
	switch {
	case a.paged():
		a.pages.Select(i + 1)
	case a.tabbed():
		a.below.Select(i)
	}
}

const lessonTitle = "Lesson"

// read gives the keyboard to a lesson that shares its place with the code, and
// else to the code.
func (a *arrangement) read() {
	if !a.paged() {
		a.typeInEditor()
		return
	}
	a.pages.Select(0)
	a.library.Lesson.Focus()
}

// markNews marks the lesson's tab while it holds something that was not read.
func (a *arrangement) markNews() {
	if a.paged() && a.pages.Chosen() != 0 {
		a.pages.SetTitle(0, lessonTitle+" ●")
	}
}

// openLesson shows the lesson's pane, or closes it.
func (a *arrangement) openLesson(open bool) {
	if a.lessonOpen == open {
		return
	}
	a.lessonOpen = open
	a.place()
	a.arranged()
	if !open {
		a.typeInEditor()
	}
}

// showLimits shows the limits where a lesson has taken their place, or closes
// them again.
func (a *arrangement) showLimits(open bool) {
	if a.limitsBeside == open {
		return
	}
	a.limitsBeside = open
	a.place()
	a.arranged()
}

// toggleLimits shows the limits where a lesson has taken their place, or closes
// them again.
func (a *arrangement) toggleLimits() { a.showLimits(!a.limitsBeside) }

// showSwitches has the settings in sight.
func (a *arrangement) showSwitches() {
	if a.hidden(partLimits) {
		a.showLimits(true)
	}
}

// showLesson brings the lesson to the front.
func (a *arrangement) showLesson() {
	a.openLesson(true)
	a.pages.Select(0)
}

func (a *arrangement) typeInEditor() {
	if a.several {
		return // the editor is not there
	}
	a.showLower(0)
	a.canvas.Focus(a.editor)
}

// splits are the dividers, by the names they are kept under.
func (a *arrangement) splits() map[string]*container.Split {
	return map[string]*container.Split{
		"columns": a.columns, "right": a.right, "left": a.left, "reading": a.reading, "beside": a.beside, "both": a.both,
		"halves": a.halves, "stacked": a.stacked, "present": a.present, "paired": a.paired, "roomy": a.roomy, "room": a.inspector.Split, "room wide": a.inspector.Wide,
	}
}

// layoutNow returns what is kept of the window.
func (a *arrangement) layoutNow() document.Layout {
	l := document.Layout{
		Mode: a.look.mode, Scale: a.look.scale, Large: a.look.large, Unwrapped: a.look.unwrapped,
		Lesson: a.lessonOpen, Limits: a.limitsBeside, Lanes: a.timeline.Open(), Splits: map[string]float64{},
	}
	for name, split := range a.splits() {
		l.Splits[name] = split.Offset
	}
	return l
}

// restore arranges what was kept. It does not show it yet.
func (a *arrangement) restore(l document.Layout) {
	for name, split := range a.splits() {
		split.SetOffset(l.Splits[name])
	}
	a.lessonOpen, a.limitsBeside = l.Lesson, l.Limits
	a.timeline.SetOpen(l.Lanes)
}
