package ui

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/ui/control"
	"sealedroom/ui/editor"
	"sealedroom/ui/theme"
)

// asking is the prompt about a call that waits. It is no dialog: everything
// else in the window goes on, and Esc still stops the run.
type asking struct {
	widget.BaseWidget
	// decide is told what the person decided about the call.
	decide func(n int64, verdict engine.Verdict)

	call    *engine.Asked // shown; nil: none
	since   time.Time
	focused bool
	title   *theme.Label
	note    *theme.Label
	keys    *theme.Label
	args    *editor.Editor
	ground  *theme.Fill
	content fyne.CanvasObject
}

// A guest chooses when it asks. Keys and clicks that were on their way to
// something else decide nothing.
const tooSoon = 400 * time.Millisecond

var verdictKeys = []struct {
	key     rune
	label   string
	verdict engine.Verdict
}{
	{'a', "Allow  A", engine.Allow},
	{'d', "Deny  D", engine.Deny},
	{'w', "Always allow  W", engine.Always},
}

func newAsking(decide func(int64, engine.Verdict)) *asking {
	a := &asking{
		decide: decide, ground: theme.NewFill(theme.RoleAmberTint, theme.RoleAmber, 6),
		title: theme.Cut(theme.Bold, theme.RoleAmber, ""), note: theme.Cut(theme.Caption, theme.RoleMuted, ""),
		keys: theme.Cut(theme.Caption, theme.RoleMuted, ""), args: newReader(""),
	}
	buttons := container.NewHBox()
	for _, v := range verdictKeys {
		buttons.Add(control.NewButton(v.label, func() { a.choose(v.verdict) }))
	}
	box := container.New(tight{}, a.title, a.note, inset(container.NewStack(theme.NewFill(theme.RoleGround, theme.RoleLine, 4), inset(container.New(argsHeight{}, a.args), 2, 2)), 0, 4),
		container.NewBorder(nil, nil, buttons, nil, inset(a.keys, 8, 0)))
	a.content = inset(container.NewStack(a.ground, inset(box, 10, 8)), 10, 0)
	a.ExtendBaseWidget(a)
	a.Hide()
	return a
}

// argsHeight shows a few lines of a guest's text; the rest scrolls.
type argsHeight struct{}

func (argsHeight) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }
func (argsHeight) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(60, theme.Scaled(64))
}

// show shows the call that waits, or that none does; true when that changed.
func (a *asking) show(s *inspector.State) bool {
	if a.call == s.Waiting || a.call != nil && s.Waiting != nil && a.call.N == s.Waiting.N {
		return false
	}
	a.call, a.since = s.Waiting, time.Now()
	if a.call == nil {
		a.Hide()
		return true
	}
	c := a.call
	where := ""
	if c.Line > 0 {
		where = fmt.Sprintf(", from line %d", c.Line)
	}
	a.title.SetText(fmt.Sprintf("May the guest call %s.%s%s?", inspector.Line(c.Capability), inspector.Line(c.Method), where))
	a.note.Set(theme.RoleMuted, fmt.Sprintf("call %s · paused, its clocks too · the guest's own words, %s:",
		grouped(int(c.N)), engine.FormatSize(int64(c.BytesIn))))
	if len(c.Secrets) > 0 {
		a.note.Set(theme.RoleRed, "▲ "+inspector.Line(strings.Join(c.Secrets, ", "))+" inside · the guest's own words:")
	}
	a.keys.SetText("W: " + inspector.Line(c.Method) + ", until the run ends")
	a.args.SetText(spread(inspector.Line(c.Args)))
	a.Show()
	return true
}

// What a guest asks for must not hide behind the edge of its box: runs of one
// character are counted, and the rest is laid out in lines of this length.
const (
	longestRun  = 12
	spreadWidth = 56
)

// spread lays a text out so that all of it can be looked through.
func spread(text string) string {
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
		width := len([]rune(piece))
		if column+width > spreadWidth {
			out.WriteByte('\n')
			column = 0
		}
		out.WriteString(piece)
		column += width
		i += run
	}
	return out.String()
}

// choose decides about the call that is shown.
func (a *asking) choose(verdict engine.Verdict) {
	if a.call != nil && time.Since(a.since) >= tooSoon {
		a.decide(a.call.N, verdict)
	}
}

// FocusGained implements fyne.Focusable.
func (a *asking) FocusGained() { a.focus(true) }

// FocusLost implements fyne.Focusable.
func (a *asking) FocusLost() { a.focus(false) }

func (a *asking) focus(on bool) {
	a.focused = on
	edge := theme.RoleAmber
	if on {
		edge = theme.RoleTeal
	}
	a.ground.Set(theme.RoleAmberTint, edge)
}

// TypedRune decides: A allows, D denies, W always allows.
func (a *asking) TypedRune(r rune) {
	for _, v := range verdictKeys {
		if r == v.key || r == v.key-'a'+'A' {
			a.choose(v.verdict)
		}
	}
}

// TypedKey implements fyne.Focusable.
func (a *asking) TypedKey(key *fyne.KeyEvent) { control.PassOn(a, key) }

// CreateRenderer implements fyne.Widget.
func (a *asking) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(a.content)
}
