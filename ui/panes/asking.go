package panes

import (
	"sealedroom/ui/kit/words"

	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/mattn/go-runewidth"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/editor"
	"sealedroom/ui/kit/code"
	"sealedroom/ui/theme"
)

// Asking is the prompt about a call that waits. It is no dialog: everything
// else in the window goes on, and Esc still stops the run.
type Asking struct {
	widget.BaseWidget
	// decide is called with what the person decided about the call.
	decide func(n int64, verdict engine.Verdict)

	Call    *engine.Asked // shown; nil: none
	Since   time.Time
	focused bool
	title   *widget.Label
	Note    *widget.Label
	keys    *widget.Label
	Args    *editor.Editor
	columns int    // that the arguments are laid out in
	words   string // the arguments, in one line
	ground  *theme.Fill
	content fyne.CanvasObject
}

// A guest chooses when it asks. Keys and clicks that were on their way to
// something else decide nothing.
const TooSoon = 400 * time.Millisecond

// VerdictKeys are the keys and buttons that decide.
var VerdictKeys = []struct {
	Key     rune
	label   string
	Verdict engine.Verdict
}{
	{'a', "Allow  A", engine.Allow},
	{'d', "Deny  D", engine.Deny},
	{'w', "Always allow  W", engine.Always},
}

func newAsking(decide func(int64, engine.Verdict)) *Asking {
	a := &Asking{
		decide: decide, ground: theme.NewFill(theme.RoleAmberTint, theme.RoleAmber, 6),
		title: control.NewText(widget.WarningImportance), Note: control.NewText(widget.LowImportance),
		keys: control.NewText(widget.LowImportance), Args: code.NewReader(""),
	}
	a.title.TextStyle.Bold = true
	a.Note.SizeName, a.keys.SizeName = fynetheme.SizeNameCaptionText, fynetheme.SizeNameCaptionText
	buttons := container.New(&box.Flow{})
	for _, v := range VerdictKeys {
		buttons.Add(control.NewButton(v.label, func() { a.Choose(v.Verdict) }))
	}
	column := container.New(box.Tight{}, container.New(box.Bare{}, a.title), container.New(box.Bare{}, a.Note),
		box.Inset(container.NewStack(theme.NewFill(theme.RoleGround, theme.RoleLine, 4), box.Inset(container.New(argsHeight{a}, a.Args), 2, 2)), 0, 4),
		buttons, container.New(box.Bare{}, a.keys))
	a.content = box.Inset(container.NewStack(a.ground, box.Inset(column, 10, 8)), 10, 0)
	a.ExtendBaseWidget(a)
	a.Hide()
	return a
}

// argsHeight shows a few lines of a guest's text, in lines as long as there is
// room for; the rest scrolls.
type argsHeight struct{ a *Asking }

func (l argsHeight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	if columns := l.a.Args.Columns(); columns != l.a.columns {
		l.a.columns = columns
		l.a.layOut()
	}
}

func (l argsHeight) MinSize([]fyne.CanvasObject) fyne.Size {
	lines := max(3, min(8, strings.Count(l.a.Args.Text(), "\n")+1))
	return fyne.NewSize(60, theme.Scaled(20*float32(lines)+6))
}

// layOut shows the arguments in lines that need no scrolling sideways.
func (a *Asking) layOut() {
	a.Args.SetText(spread(a.words, max(MinColumns, a.columns)))
}

// Update shows the call that waits, or that none does; true when that changed.
func (a *Asking) Update(s *inspector.State) bool {
	if a.Call == s.Waiting || a.Call != nil && s.Waiting != nil && a.Call.N == s.Waiting.N {
		return false
	}
	a.Call, a.Since = s.Waiting, time.Now()
	if a.Call == nil {
		a.Hide()
		return true
	}
	c := a.Call
	where := ""
	if c.Line > 0 {
		where = fmt.Sprintf(", from line %d", c.Line)
	}
	a.title.SetText(fmt.Sprintf("May the guest call %s.%s%s?", inspector.Line(c.Capability), inspector.Line(c.Method), where))
	a.Note.Importance = widget.LowImportance
	note := fmt.Sprintf("This is call %s. The guest and its clocks are paused. These are its own words, %s:",
		words.Grouped(int(c.N)), engine.FormatSize(int64(c.BytesIn)))
	if len(c.Secrets) > 0 {
		a.Note.Importance = widget.DangerImportance
		note = "▲ " + inspector.Line(strings.Join(c.Secrets, ", ")) + " inside. These are the guest's own words:"
	}
	a.Note.SetText(note)
	a.keys.SetText("W allows " + inspector.Line(c.Capability+"."+c.Method) + " until the run ends. Esc stops the run.")
	a.words = inspector.Line(c.Args)
	a.layOut()
	a.Show()
	return true
}

// What a guest asks for must not hide behind the edge of its box: runs of one
// character are counted, and the rest is laid out in lines that fit.
const (
	longestRun = 12
	MinColumns = 24
)

// spread lays a text out in lines of cells columns, so that all of it can be
// looked through.
func spread(text string, columns int) string {
	var out strings.Builder
	runes := []rune(text)
	column := 0
	for i := 0; i < len(runes); {
		run := 1
		for i+run < len(runes) && runes[i+run] == runes[i] {
			run++
		}
		piece := string(runes[i : i+1])
		if run > longestRun {
			piece = fmt.Sprintf("%c⟨×%d⟩", runes[i], run)
		} else {
			run = 1
		}
		width := runewidth.StringWidth(piece)
		if column+width > columns {
			out.WriteByte('\n')
			column = 0
		}
		out.WriteString(piece)
		column += width
		i += run
	}
	return out.String()
}

// Choose decides about the call that is shown.
func (a *Asking) Choose(Verdict engine.Verdict) {
	if a.Call != nil && time.Since(a.Since) >= TooSoon {
		a.decide(a.Call.N, Verdict)
	}
}

// FocusGained implements fyne.Focusable.
func (a *Asking) FocusGained() { a.focus(true) }

// FocusLost implements fyne.Focusable.
func (a *Asking) FocusLost() { a.focus(false) }

func (a *Asking) focus(on bool) {
	a.focused = on
	edge := theme.RoleAmber
	if on {
		edge = theme.RoleTeal
	}
	a.ground.Set(theme.RoleAmberTint, edge)
}

// TypedRune decides: A allows, D denies, W always allows.
func (a *Asking) TypedRune(r rune) {
	for _, v := range VerdictKeys {
		if r == v.Key || r == v.Key-'a'+'A' {
			a.Choose(v.Verdict)
		}
	}
}

// TypedKey implements fyne.Focusable.
func (a *Asking) TypedKey(key *fyne.KeyEvent) { control.PassOn(a, key) }

// CreateRenderer implements fyne.Widget.
func (a *Asking) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(a.content)
}
