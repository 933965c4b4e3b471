package ui

import (
	"fmt"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

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

	halves  *container.Split // a lesson and the rest, for presenting and in narrow windows
	stacked *container.Split // there: the run above, below
	present *container.Split // presenting without a lesson: editor and side
	below   *control.Tabs    // the guest's code, or the console
	lower   [2]*fyne.Container

	besides   fyne.CanvasObject // side, under a line about the next run
	source    fyne.CanvasObject // the editor with its caption
	inspected fyne.CanvasObject // the inspector, as narrow as it may be

	lessonOpen   bool // the lesson's pane is there
	limitsBeside bool // and the limits with it
	narrow       bool // the window has no room for three columns beside each other
}

// narrowest is how wide a window is at least, in lengths that grow with the
// text, that shows a lesson, the editor and the verdict side by side.
const narrowest = 760

// layout makes everything that can be shown.
func (w *window) layout() fyne.CanvasObject {
	w.source = w.sourcePane()
	// At large text, a long verdict in a narrow column would leave no room for
	// the rest.
	w.inspected = container.NewVScroll(container.New(anyWidth{220}, w.inspector.object))
	w.left = container.NewVSplit(w.source, container.New(anyWidth{160}, w.console.object))
	w.left.Offset = 0.74
	w.right = container.NewHSplit(container.New(anyWidth{140}, w.limits.object), w.inspected)
	w.right.Offset = 0.28
	w.columns = container.NewHSplit(w.left, w.right)
	w.columns.Offset = 0.41

	w.nextRun = newNextRun(w.restoreRoom, func() { w.showLimits(!w.limitsBeside) })
	w.both = container.NewHSplit(w.right.Leading, w.inspected)
	w.both.Offset = 0.4
	w.side = container.NewStack(w.inspected)
	w.besides = container.NewBorder(container.New(tight{}, w.nextRun.object, rule()), nil, nil, nil, w.side)
	w.beside = container.NewHSplit(w.left, w.besides)
	w.beside.Offset = 0.46
	w.reading = container.NewHSplit(container.New(anyWidth{160}, w.lesson.Object), w.beside)
	w.reading.Offset = 0.3

	w.lower = [2]*fyne.Container{container.NewStack(), container.NewStack()}
	w.below = control.NewTabs(control.Tab{Title: "Code", Content: w.lower[0]}, control.Tab{Title: "Console", Content: w.lower[1]})
	w.stacked = container.NewVSplit(container.NewStack(), w.below.Object)
	w.stacked.Offset = 0.62
	w.halves = container.NewHSplit(w.reading.Leading, w.stacked)
	w.halves.Offset = 0.4
	w.present = container.NewHSplit(w.left, container.NewStack())
	w.present.Offset = 0.44

	w.center = container.NewStack(w.columns)
	frame := container.NewBorder(container.New(tight{}, w.topBar(), rule()), container.New(tight{}, rule(), w.status.object), nil, nil, w.center)
	return container.New(watched{w}, container.NewStack(container.New(anyWidth{640}, frame), w.pointer.layer))
}

// watched lays a window out anew when it becomes narrow, or wide again.
type watched struct{ w *window }

func (l watched) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	if narrow := size.Width < theme.Scaled(narrowest); narrow != l.w.narrow {
		l.w.narrow = narrow
		l.w.place()
	}
}

func (watched) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// arrange shows what is open.
func (w *window) arrange() {
	w.place()
	w.window.Content().Refresh()
	w.window.SetMainMenu(w.menu())
}

// place puts what is open where it belongs.
func (w *window) place() {
	w.side.Objects = []fyne.CanvasObject{w.inspected}
	if w.limitsBeside {
		w.side.Objects = []fyne.CanvasObject{w.both}
	}
	// An object stands in one place at a time.
	source, console := w.left.Leading, w.left.Trailing
	w.lower[0].Objects, w.lower[1].Objects = nil, nil
	var shown fyne.CanvasObject
	switch {
	case w.tabbed():
		w.lower[0].Objects, w.lower[1].Objects = []fyne.CanvasObject{source}, []fyne.CanvasObject{console}
		w.stacked.Leading, w.stacked.Trailing = w.besides, w.below.Object
		shown = w.halves
	case w.presenting:
		w.present.Trailing = w.side
		shown = w.present
	case w.lessonOpen:
		w.beside.Trailing = w.besides
		shown = w.reading
	default:
		shown = w.columns
	}
	w.center.Objects = []fyne.CanvasObject{shown}
	// An object that stood elsewhere has that place's size.
	for _, split := range []*container.Split{w.left, w.right, w.both, w.columns, w.beside, w.reading, w.stacked, w.halves, w.present} {
		split.Refresh()
	}
	w.center.Refresh()
}

// tabbed reports whether code and console share one place, for lack of room.
func (w *window) tabbed() bool { return w.lessonOpen && (w.presenting || w.narrow) }

// showLower brings the code, 0, or the console, 1, to the front where they share
// one place.
func (w *window) showLower(i int) {
	if w.tabbed() {
		w.below.Select(i)
	}
}

// openLesson shows the lesson's pane, or closes it.
func (w *window) openLesson(open bool) {
	if w.lessonOpen == open {
		return
	}
	w.lessonOpen = open
	w.arrange()
	w.session.keepLayout(w)
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
	w.session.keepLayout(w)
}

// togglePresenter goes between the window for one person and the one for a room
// full of people: larger text, the lesson or the guest's code, and the run with
// all its views.
func (w *window) togglePresenter() {
	w.presenting = !w.presenting
	w.applyTheme()
	w.arrange()
	w.typeInEditor()
}

// sourcePane is the editor under its caption, which tells when the guest is no
// longer the lesson's.
func (w *window) sourcePane() fyne.CanvasObject {
	w.caret = caption("JAVASCRIPT")
	w.caret.Trailing = true
	w.compare = smallLink("Changed from the lesson", w.compareGuest)
	w.undoChange = smallLink("Restore", w.restoreGuest)
	w.compare.Hide()
	w.undoChange.Hide()
	w.guest = caption("GUEST CODE — UNTRUSTED")
	w.caption = container.New(captionRow{}, w.guest, inset(w.caret, 6, 0), w.compare, w.undoChange)
	// On a ground of its own: what scrolls above is not to shine through.
	head := container.NewStack(theme.NewFill(theme.RoleGround, nil, 0), w.caption)
	return container.NewBorder(container.New(tight{}, head, rule()), nil, nil, nil, container.New(anyWidth{}, w.editor))
}

// showChanged tells whether the guest is the lesson's.
func (w *window) showChanged() {
	changed := w.scenario != nil && w.changed
	w.compare.SetText("Changed from the " + w.origin())
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

// ---- the top -----------------------------------------------------------------------

func (w *window) topBar() fyne.CanvasObject {
	bar := container.New(&topBar{w}, w.brand, w.picked, w.run, w.halt, w.title, w.walk.object, w.tools)
	return container.NewStack(theme.NewFill(theme.RolePanel, nil, 0), inset(bar, 6, 5))
}

// topBar lays out the top: run and stop always, the scenario's name as far as
// there is room, and the rest in the order in which it is missed least.
type topBar struct{ w *window }

func (t *topBar) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	w, gap := t.w, theme.Scaled(5)
	least := func(o fyne.CanvasObject) float32 { return o.MinSize().Width + gap }
	room := size.Width - least(w.run) - least(w.halt) - least(w.picked)
	take := func(o fyne.CanvasObject, width float32) float32 {
		if room < width {
			return 0
		}
		room -= width
		return width
	}
	tools, steps := take(w.tools, least(w.tools)), float32(0)
	if w.walk.on {
		steps = take(w.walk.object, least(w.walk.object))
	}
	picked := least(w.picked) + take(w.picked, max(0, min(w.picked.NaturalWidth(), theme.Scaled(420))-w.picked.MinSize().Width))
	brand := take(w.brand, least(w.brand))
	if picked == least(w.picked) { // too little for all of its name
		picked += room
		room = 0
	}
	x := float32(0)
	place := func(o fyne.CanvasObject, width float32) {
		o.Hide()
		if width > 0 {
			o.Show()
		}
		o.Move(fyne.NewPos(x, 0))
		o.Resize(fyne.NewSize(max(0, width-gap), size.Height))
		x += width
	}
	place(w.brand, brand)
	place(w.picked, picked)
	place(w.run, least(w.run))
	place(w.halt, least(w.halt))
	place(w.title, max(0, room))
	place(w.walk.object, steps)
	place(w.tools, tools)
}

func (t *topBar) MinSize(objects []fyne.CanvasObject) fyne.Size {
	w, size := t.w, fyne.Size{}
	for _, o := range objects {
		size.Height = max(size.Height, o.MinSize().Height)
	}
	for _, o := range []fyne.CanvasObject{w.picked, w.run, w.halt} {
		size.Width += o.MinSize().Width + theme.Scaled(5)
	}
	return size
}

// ---- next and back -------------------------------------------------------------------

// walk leads to the scenario before and to the one behind.
type walk struct {
	object     *fyne.Container
	back, next *control.Button
	place      *theme.Label
	on         bool // there is a row to walk along
}

func newWalk(back, next func()) *walk {
	s := &walk{back: control.NewButton("‹", back), next: control.NewButton("›", next), place: theme.NewLabel(theme.Bold, theme.RoleText, "")}
	s.object = container.NewHBox(s.back, s.place, s.next)
	s.object.Hide()
	return s
}

func (s *walk) hide() {
	s.on = false
	s.object.Hide()
}

// show tells of a place, from 0, in a row of so many.
func (s *walk) show(at, of int) {
	if at < 0 {
		s.hide()
		return
	}
	s.place.SetText(fmt.Sprintf("%d of %d", at+1, of))
	step := func(b *control.Button, text string, there bool) {
		b.SetText(text)
		if there {
			b.Enable()
		} else {
			b.Disable()
		}
	}
	number := func(n int) string {
		if n < 1 || n > of {
			return ""
		}
		return strconv.Itoa(n)
	}
	step(s.back, "‹ "+number(at), at > 0)
	step(s.next, number(at+2)+" ›", at+1 < of)
	s.on = true
	s.object.Show()
	s.object.Refresh()
}
