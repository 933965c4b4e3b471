package editor

import (
	"fmt"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	fynelayout "fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// findBar is what lies below the text while one looks for something: a row to
// find, one to replace, or one to go to a line.
type findBar struct {
	e       *Editor
	root    *fyne.Container
	ground  *canvas.Rectangle
	edge    *canvas.Rectangle
	find    *barEntry
	replace *barEntry
	line    *barEntry
	regex   *toggle
	exact   *toggle
	status  *canvas.Text
	problem *canvas.Text       // what is wrong with the expression
	wrong   *fyne.Container    // the row of its own that says so
	rows    [3]*fyne.Container // find, replace, line
	origin  pos                // where the caret was when the bar was opened
}

// barEntry is a one-line field that hands the bar its keys.
type barEntry struct {
	widget.Entry
	e        *Editor
	key      func(k *fyne.KeyEvent, shift bool) bool
	shortcut func(fyne.Shortcut) bool
	shift    func() bool
}

func newBarEntry(e *Editor, placeholder string) *barEntry {
	b := &barEntry{e: e, shift: e.shiftHeld}
	b.ExtendBaseWidget(b)
	b.SetPlaceHolder(placeholder)
	return b
}

// TypedKey gives the bar the keys that it uses, the window the function keys
// and the field the rest.
func (b *barEntry) TypedKey(k *fyne.KeyEvent) {
	switch {
	case b.key(k, b.shift()):
	case functionKey(k.Name):
		b.e.unused(k)
	default:
		b.Entry.TypedKey(k)
	}
}

// functionKey reports whether a key is one of F1 to F12.
func functionKey(name fyne.KeyName) bool {
	return len(name) > 1 && name[0] == 'F' && name[1] >= '0' && name[1] <= '9'
}

// TypedShortcut gives the editor its own shortcuts even while the bar is typed
// in, but for those that mean something in a field.
func (b *barEntry) TypedShortcut(s fyne.Shortcut) {
	if !b.shortcut(s) {
		b.Entry.TypedShortcut(s)
	}
}

// barButton is a button of the bar: Esc on it closes the bar.
type barButton struct {
	widget.Button
	e *Editor
}

func newBarButton(e *Editor, text string, icon fyne.Resource, tapped func()) *barButton {
	b := &barButton{e: e}
	b.Text, b.Icon, b.OnTapped = text, icon, tapped
	b.Importance = widget.LowImportance
	b.ExtendBaseWidget(b)
	return b
}

// Tapped gives the keyboard back to the field after a click.
func (b *barButton) Tapped(ev *fyne.PointEvent) {
	b.Button.Tapped(ev)
	if c := b.e.canvas(); c != nil && b.e.finder.open && c.Focused() == nil {
		c.Focus(b.e.finder.bar.find)
	}
}

// TypedKey closes the bar on Esc, presses on Enter as on Space, and hands the
// function keys to the window.
func (b *barButton) TypedKey(k *fyne.KeyEvent) {
	switch {
	case k.Name == fyne.KeyEscape:
		b.e.closeFind()
	case functionKey(k.Name):
		b.e.unused(k)
	case k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter:
		b.Button.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	default:
		b.Button.TypedKey(k)
	}
}

// toggle is a button that stays pressed.
type toggle struct {
	*barButton
	on bool
}

func newToggle(e *Editor, text string, changed func()) *toggle {
	t := &toggle{}
	t.barButton = newBarButton(e, text, nil, func() {
		t.on = !t.on
		t.Importance = widget.LowImportance
		if t.on {
			t.Importance = widget.HighImportance
		}
		t.Refresh()
		changed()
	})
	return t
}

func newFindBar(e *Editor) *findBar {
	b := &findBar{e: e}
	b.find = newBarEntry(e, "Find")
	b.replace = newBarEntry(e, "Replace with")
	b.line = newBarEntry(e, "Line, or line:column")
	b.regex = newToggle(e, ".*", b.changed)
	b.exact = newToggle(e, "Aa", b.changed)
	b.status = canvas.NewText("", nil)
	b.problem = canvas.NewText("", nil)
	b.wrong = container.NewPadded(b.problem)
	b.wrong.Hide()
	b.ground = canvas.NewRectangle(nil)
	b.edge = canvas.NewRectangle(nil)
	b.edge.SetMinSize(fyne.NewSize(1, 1))

	b.find.OnChanged = func(string) { b.changed() }
	b.find.key = b.findKey
	b.replace.key = b.replaceKey
	b.line.key = b.lineKey
	for _, f := range []*barEntry{b.find, b.replace, b.line} {
		f.shortcut = b.shortcut
	}
	button := func(icon fyne.Resource, f func()) *barButton { return newBarButton(e, "", icon, f) }
	words := func(text string, f func()) *barButton { return newBarButton(e, text, nil, f) }
	closeButton := func() *barButton { return button(theme.CancelIcon(), e.closeFind) }
	b.rows[0] = container.NewBorder(nil, nil, nil, container.NewHBox(
		b.exact.barButton, b.regex.barButton, b.status,
		button(theme.MoveUpIcon(), func() { e.FindPrevious() }),
		button(theme.MoveDownIcon(), func() { e.FindNext() }),
		closeButton(),
	), b.find)
	b.rows[1] = container.NewBorder(nil, nil, nil, container.NewHBox(
		words("Replace", func() { e.Replace(b.replace.Text) }),
		words("All", b.replaceAll),
	), b.replace)
	b.rows[2] = container.NewBorder(nil, nil, nil, closeButton(), b.line)
	rows := container.New(fynelayout.NewCustomPaddedVBoxLayout(2), b.edge, b.rows[0], b.wrong, b.rows[1], b.rows[2])
	b.root = container.NewStack(b.ground, rows)
	return b
}

// recolour brings the bar in line with the palette.
func (b *findBar) recolour(p Palette) {
	b.ground.FillColor, b.edge.FillColor = p.Panel, p.Line
	b.status.Color, b.problem.Color = p.Muted, p.Red
	b.status.TextSize = b.e.Theme().Size(theme.SizeNameCaptionText)
	b.problem.TextSize = b.status.TextSize
}

// changed looks for what the bar says now, from where the caret was when the
// bar was opened, so that typing on narrows what was found.
func (b *findBar) changed() {
	e := b.e
	q := Query{Text: b.find.Text, Regexp: b.regex.on, MatchCase: b.exact.on}
	if e.SetQuery(q) == nil && e.finder.re != nil {
		e.findFrom(e.doc.clamp(b.origin), false)
	}
	e.showCount()
}

func (b *findBar) findKey(k *fyne.KeyEvent, shift bool) bool {
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if shift {
			b.e.FindPrevious()
		} else {
			b.e.FindNext()
		}
	case fyne.KeyDown:
		b.e.FindNext()
	case fyne.KeyUp:
		b.e.FindPrevious()
	default:
		return b.commonKey(k, shift)
	}
	return true
}

func (b *findBar) replaceKey(k *fyne.KeyEvent, shift bool) bool {
	if k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter {
		b.e.Replace(b.replace.Text)
		return true
	}
	return b.commonKey(k, shift)
}

func (b *findBar) lineKey(k *fyne.KeyEvent, shift bool) bool {
	if k.Name != fyne.KeyReturn && k.Name != fyne.KeyEnter {
		return b.commonKey(k, shift)
	}
	line, col, err := parsePlace(b.line.Text)
	if err != nil {
		b.line.SetText("")
		b.line.SetPlaceHolder("A line is a number, such as 12 or 12:5")
		return true
	}
	b.e.closeFind()
	b.e.GoTo(line, col)
	return true
}

// parsePlace reads "12" or "12:5".
func parsePlace(s string) (line, col int, err error) {
	l, c, has := strings.Cut(strings.TrimSpace(s), ":")
	if line, err = strconv.Atoi(strings.TrimSpace(l)); err == nil && has {
		col, err = strconv.Atoi(strings.TrimSpace(c))
	}
	return line, max(1, col), err
}

func (b *findBar) commonKey(k *fyne.KeyEvent, shift bool) bool {
	if k.Name == fyne.KeyEscape {
		b.e.closeFind()
		return true
	}
	var mod fyne.KeyModifier
	if shift {
		mod = fyne.KeyModifierShift
	}
	return b.e.runShortcut(&desktop.CustomShortcut{KeyName: k.Name, Modifier: mod})
}

// shortcut does Alt+C for case, Alt+R for a regular expression, and what else is
// not the field's own.
func (b *findBar) shortcut(s fyne.Shortcut) bool {
	switch s.(type) {
	case *fyne.ShortcutCopy, *fyne.ShortcutCut, *fyne.ShortcutPaste, *fyne.ShortcutSelectAll,
		*fyne.ShortcutUndo, *fyne.ShortcutRedo:
		return false
	}
	if alt, ok := s.(*desktop.CustomShortcut); ok && alt.Modifier == fyne.KeyModifierAlt {
		switch alt.KeyName {
		case fyne.KeyC:
			b.exact.OnTapped()
			return true
		case fyne.KeyR:
			b.regex.OnTapped()
			return true
		}
	}
	c, ok := b.e.commandFor(s)
	switch {
	case ok && (c.ID == "find" || c.ID == "replace" || c.ID == "go-to-line"):
		c.Run()
		return true
	case ok:
		return true // it would change the text behind the back of who types here
	case b.e.OnShortcut != nil:
		if custom, isCustom := s.(*desktop.CustomShortcut); isCustom && custom.Modifier&fyne.KeyModifierShortcutDefault != 0 {
			switch custom.KeyName {
			case fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd, fyne.KeyBackspace, fyne.KeyDelete:
				return false
			}
		}
		b.e.OnShortcut(s)
		return true
	}
	return false
}

func (b *findBar) replaceAll() {
	n := b.e.ReplaceAll(b.replace.Text)
	b.status.Text = fmt.Sprintf("%d replaced", n)
	b.e.redraw()
}

// showCount writes what was found into the bar.
func (e *Editor) showCount() {
	f := &e.finder
	if f.bar == nil || !f.open {
		return
	}
	s, problem := "", ""
	switch {
	case f.err != nil:
		problem = cut(visible(f.err.Error()), int(float64(e.view.size.Width)/e.view.cell))
	case f.re == nil:
	case f.total == 0:
		s = "none"
	case f.total >= maxMatches:
		s = fmt.Sprintf("over %d", maxMatches)
	case f.current > 0:
		s = fmt.Sprintf("%d of %d", f.current, f.total)
	default:
		s = fmt.Sprintf("%d found", f.total)
	}
	if f.bar.status.Text != s {
		f.bar.status.Text = s
		f.bar.status.Refresh()
		f.bar.root.Refresh()
	}
	if f.bar.problem.Text != problem {
		f.bar.problem.Text = problem
		f.bar.wrong.Hidden = problem == ""
		f.bar.wrong.Refresh()
		e.layoutBar()
	}
}

// The rows of the bar that each way to open it shows.
var (
	findRows    = [3]bool{0: true}
	replaceRows = [3]bool{0: true, 1: true}
	lineRows    = [3]bool{2: true}
)

// OpenFind shows the find bar; what is selected on one line is looked for.
func (e *Editor) OpenFind() { e.openBar(findRows) }

// OpenReplace shows the find bar with its row for replacing.
func (e *Editor) OpenReplace() { e.openBar(replaceRows) }

// OpenGoTo shows the bar that asks for a line.
func (e *Editor) OpenGoTo() { e.openBar(lineRows) }

func (e *Editor) openBar(rows [3]bool) {
	f := &e.finder
	if f.bar == nil {
		f.bar = newFindBar(e)
	}
	f.open = true
	for i, show := range rows {
		if show {
			f.bar.rows[i].Show()
		} else {
			f.bar.rows[i].Hide()
		}
	}
	e.closePopup()
	field := f.bar.find
	if rows == lineRows {
		field = f.bar.line
		field.SetText("")
	} else {
		a, b := e.sel.ordered()
		f.bar.origin = a
		if a != b && a.row == b.row && b.col-a.col < 200 {
			if s := e.SelectedText(); s != field.Text && !f.bar.regex.on {
				field.SetText(s)
			}
		}
		e.recount()
	}
	e.layoutBar()
	if c := e.canvas(); c != nil {
		c.Focus(field)
		field.TypedShortcut(&fyne.ShortcutSelectAll{})
	}
}

// closeFind hides the bar and goes on in the text.
func (e *Editor) closeFind() {
	if !e.finder.open {
		return
	}
	e.finder.open = false
	e.finder.timer.stop()
	e.layoutBar()
	if c := e.canvas(); c != nil {
		c.Focus(e)
	}
}

// layoutBar gives the bar its room and the text what is left.
func (e *Editor) layoutBar() {
	v, f := &e.view, &e.finder
	v.bottom = 0
	if f.open {
		f.bar.recolour(e.palette())
		h := f.bar.root.MinSize().Height
		f.bar.root.Resize(fyne.NewSize(v.size.Width, h))
		f.bar.root.Move(fyne.NewPos(0, v.size.Height-h))
		v.bottom = float64(h)
	}
	e.reveal()
	e.redraw()
}
