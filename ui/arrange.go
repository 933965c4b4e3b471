package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// arrangement is which parts of the window stand where.
type arrangement struct {
	center  *fyne.Container  // what is shown of the splits below
	columns *container.Split // editor and the rest
	right   *container.Split // limits and inspector
	left    *container.Split // editor and console
	reading *container.Split // a lesson and the rest
	beside  *container.Split // the rest beside a lesson: editor and side
	side    *fyne.Container  // the inspector, alone or with the limits
	both    *container.Split // limits and inspector, beside a lesson

	halves  *container.Split // a lesson and the rest, in narrow windows
	stacked *container.Split // there: the run above, below
	present *container.Split // presenting without a lesson: editor and side
	below   *control.Tabs    // the guest's code, or the console
	lower   [2]*fyne.Container
	paired  *container.Split // there, in a low window: the pages, and the run in full height
	pages   *control.Tabs    // the lesson, the guest's code, or the console
	leaves  [3]*fyne.Container

	besides   fyne.CanvasObject // side, under a line about the next run
	source    fyne.CanvasObject // the editor with its caption
	inspected fyne.CanvasObject // the inspector, as narrow as it may be

	lessonOpen   bool // the lesson's pane is there
	limitsBeside bool // and the limits with it
	narrow       bool // the window has no room for three columns beside each other
	low          bool // nor for the code below the run
}

// narrowest is how wide a window is at least, in lengths that grow with the
// text, that shows a lesson, the editor and the verdict side by side.
// Presenting, with text for a whole room, the columns are wider.
const narrowest, narrowestPresented = 760, 1400

// lowest is how high a window is at least, in the same lengths, that shows the
// code below the run.
const lowest, lowestPresented = 640, 760

// layout makes everything that can be shown.
func (w *window) layout() fyne.CanvasObject {
	w.source = w.sourcePane()
	// At large text, a long verdict in a narrow column would leave no room for
	// the rest.
	w.inspected = container.NewVScroll(container.New(box.AnyWidth{Least: 220}, w.inspector.Object))
	w.left = container.NewVSplit(w.source, container.New(box.AnyWidth{Least: 160}, w.console.Object))
	w.left.Offset = 0.74
	w.right = container.NewHSplit(container.New(box.AnyWidth{Least: 140}, w.limits.object), w.inspected)
	w.right.Offset = 0.28
	w.columns = container.NewHSplit(w.left, w.right)
	w.columns.Offset = 0.41

	w.nextRun = newNextRun(w.restoreRoom, func() { w.showLimits(!w.limitsBeside) })
	w.both = container.NewHSplit(w.right.Leading, w.inspected)
	w.both.Offset = 0.4
	w.side = container.NewStack(w.inspected)
	w.besides = container.NewBorder(container.New(box.Tight{}, w.nextRun.object, box.Rule()), nil, nil, nil, w.side)
	w.beside = container.NewHSplit(w.left, w.besides)
	w.beside.Offset = 0.49
	w.reading = container.NewHSplit(container.New(box.AnyWidth{Least: 160}, w.lesson.Object), w.beside)
	w.reading.Offset = 0.3

	w.lower = [2]*fyne.Container{container.NewStack(), container.NewStack()}
	w.below = control.NewTabs(control.Tab{Title: "Code", Content: w.lower[0]}, control.Tab{Title: "Console", Content: w.lower[1]})
	// On a ground of its own: what scrolls above is not to shine through.
	lower := container.NewStack(theme.NewFill(theme.RoleGround, nil, 0), w.below.Object)
	w.stacked = container.NewVSplit(container.NewStack(), lower)
	w.stacked.Offset = 0.62
	w.halves = container.NewHSplit(w.reading.Leading, w.stacked)
	w.halves.Offset = 0.4
	w.leaves = [3]*fyne.Container{container.NewStack(), container.NewStack(), container.NewStack()}
	w.pages = control.NewTabs(control.Tab{Title: lessonTitle, Content: w.leaves[0]},
		control.Tab{Title: "Code", Content: w.leaves[1]}, control.Tab{Title: "Console", Content: w.leaves[2]})
	w.pages.OnChanged = func(page int) {
		if page == 0 {
			w.pages.SetTitle(0, lessonTitle)
		}
	}
	w.paired = container.NewHSplit(w.pages.Object, container.NewStack())
	w.paired.Offset = 0.44
	w.present = container.NewHSplit(w.left, container.NewStack())
	w.present.Offset = 0.44

	w.center = container.NewStack(w.columns)
	frame := container.NewBorder(container.New(box.Tight{}, w.topBar(), box.Rule()), container.New(box.Tight{}, box.Rule(), w.status.object), nil, nil, w.center)
	return container.New(watched{w}, container.NewStack(container.New(box.AnyWidth{Least: 640}, frame), w.pointer.layer, w.pointer.tips))
}

// watched lays a window out anew when it becomes narrow, or wide again.
type watched struct{ w *window }

func (l watched) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	wide, high := float32(narrowest), float32(lowest)
	if l.w.presenting {
		wide, high = narrowestPresented, lowestPresented
	}
	narrow, low := size.Width < theme.Scaled(wide), size.Height < theme.Scaled(high)
	if narrow != l.w.narrow || low != l.w.low {
		l.w.narrow, l.w.low = narrow, low
		l.w.place()
	}
}

func (watched) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// arrange shows what is open.
func (w *window) arrange() {
	w.place()
	w.window.Content().Refresh()
	w.setMenu()
}

// place puts what is open where it belongs.
func (w *window) place() {
	w.side.Objects = []fyne.CanvasObject{w.inspected}
	if w.limitsBeside {
		w.side.Objects = []fyne.CanvasObject{w.both}
	}
	w.inspector.Verdict.SetBrief(w.paged())
	// An object stands in one place at a time.
	source, console := w.left.Leading, w.left.Trailing
	for _, box := range []*fyne.Container{w.lower[0], w.lower[1], w.leaves[0], w.leaves[1], w.leaves[2]} {
		box.Objects = nil
	}
	var shown fyne.CanvasObject
	switch {
	case w.paged():
		for i, page := range []fyne.CanvasObject{w.reading.Leading, source, console} {
			w.leaves[i].Objects = []fyne.CanvasObject{page}
		}
		w.paired.Trailing = w.besides
		shown = w.paired
	case w.tabbed():
		w.lower[0].Objects, w.lower[1].Objects = []fyne.CanvasObject{source}, []fyne.CanvasObject{console}
		w.stacked.Leading = w.besides
		shown = w.halves
	case w.lessonOpen:
		w.beside.Trailing = w.besides
		shown = w.reading
	case w.presenting:
		w.present.Trailing = w.side
		shown = w.present
	default:
		shown = w.columns
	}
	w.center.Objects = []fyne.CanvasObject{shown}
	// An object that stood elsewhere has that place's size.
	for _, split := range []*container.Split{w.left, w.right, w.both, w.columns, w.beside, w.reading, w.stacked, w.halves, w.present, w.paired} {
		split.Refresh()
	}
	w.center.Refresh()
}

// tabbed reports whether code and console share one place, for lack of room.
func (w *window) tabbed() bool { return w.lessonOpen && w.narrow }

// paged reports whether the lesson shares that place with them: below a lesson's
// run there is no room for the code.
func (w *window) paged() bool { return w.tabbed() && w.low }

// showLower brings the code, 0, or the console, 1, to the front where they share
// one place.
func (w *window) showLower(i int) {
	switch {
	case w.paged():
		w.pages.Select(i + 1)
	case w.tabbed():
		w.below.Select(i)
	}
}

const lessonTitle = "Lesson"

// read gives the keyboard to a lesson that shares its place with the code, and
// else to the code.
func (w *window) read() {
	if !w.paged() {
		w.typeInEditor()
		return
	}
	w.pages.Select(0)
	w.lesson.Focus()
}

// markNews marks the lesson's tab while it holds something that was not read.
func (w *window) markNews() {
	if w.paged() && w.pages.Chosen() != 0 {
		w.pages.SetTitle(0, lessonTitle+" ●")
	}
}

// openLesson shows the lesson's pane, or closes it.
func (w *window) openLesson(open bool) {
	if w.lessonOpen == open {
		return
	}
	w.lessonOpen = open
	w.arrange()
	w.store.keepLayout(w)
	if !open {
		w.typeInEditor()
	}
}

// showLimits shows the limits where a lesson has taken their place, or closes
// them again.
func (w *window) showLimits(open bool) {
	if w.limitsBeside == open {
		return
	}
	w.limitsBeside = open
	w.arrange()
	w.store.keepLayout(w)
}

// togglePresenter goes between the window for one person and the one for a room
// full of people: larger text, the lesson or the guest's code, and the run with
// all its views.
func (w *window) togglePresenter() {
	w.presenting = !w.presenting
	w.applyTheme()
	w.arrange()
	w.read()
}

// sourcePane is the editor under its caption, which tells when the guest is no
// longer the lesson's.
func (w *window) sourcePane() fyne.CanvasObject {
	w.caret = box.Caption("JAVASCRIPT")
	w.caret.Trailing = true
	w.compare = control.NewSmallLink("Changed", w.compareGuest)
	w.undoChange = control.NewSmallLink("Restore", w.restoreGuest)
	w.compare.Hide()
	w.undoChange.Hide()
	w.title = box.Caption("")
	w.caption = container.New(sourceRow{}, w.title, w.compare, w.undoChange, w.caret)
	w.caret.Changed = func() { w.caption.Layout.Layout(w.caption.Objects, w.caption.Size()) }
	// On a ground of its own: what scrolls above is not to shine through.
	head := container.NewStack(theme.NewFill(theme.RoleGround, nil, 0), w.caption)
	return container.NewBorder(container.New(box.Tight{}, head, box.Rule()), nil, nil, nil, container.New(box.AnyWidth{}, w.editor))
}

// sourceRow is the editor's caption: its name, which gives way, the words to press,
// and the place of the caret, which never does.
type sourceRow struct{}

func (sourceRow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	pad, right := theme.Scaled(12), size.Width
	caret := objects[3].(*theme.Label)
	width := min(caret.NaturalWidth(), max(0, size.Width-2*pad))
	right -= pad + width
	caret.Move(fyne.NewPos(right, 0))
	caret.Resize(fyne.NewSize(width, size.Height))
	for _, i := range []int{2, 1} {
		link := objects[i]
		if !link.Visible() {
			continue
		}
		need := link.MinSize()
		if right-need.Width < pad+theme.Scaled(40) {
			need.Width = 0 // the menu has it too
		}
		right -= need.Width
		link.Move(fyne.NewPos(right, (size.Height-need.Height)/2))
		link.Resize(need)
	}
	objects[0].Move(fyne.NewPos(pad, 0))
	objects[0].Resize(fyne.NewSize(max(0, right-pad-theme.Scaled(8)), size.Height))
}

func (sourceRow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return captionRow{}.MinSize(objects)
}

// showChanged tells whether the guest is the lesson's.
func (w *window) showChanged() {
	changed := w.scenario != nil && w.changed
	if changed == w.compare.Visible() {
		return
	}
	for _, link := range []fyne.CanvasObject{w.compare, w.undoChange} {
		if changed {
			link.Show()
		} else {
			link.Hide()
		}
	}
	w.caption.Refresh()
}
