package panes

import (
	"sealedroom/ui/kit/words"

	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/editor"
	"sealedroom/ui/kit/code"
	"sealedroom/ui/theme"
)

// CallDetail shows one call in full. What the guest asked, what it got and what
// the host saw each stand in a field of its own, under a caption of the app's:
// whatever a guest writes, no line of it is a line of the app's.
type CallDetail struct {
	Object                fyne.CanvasObject
	Head, Leak            *theme.Label
	gotTitle, sawTitle    *theme.Label
	GotNote               *theme.Label
	Asked, Guest, Host    *editor.Editor
	Title, Text, LeakText string // for a page, and for the clipboard
}

// NewCallDetail returns a detail without a call.
func NewCallDetail() *CallDetail {
	d := &CallDetail{
		Head: theme.Cut(theme.Bold, theme.RoleText, ""), Leak: theme.Cut(theme.Caption, theme.RoleAmber, ""),
		gotTitle: box.Caption("WHAT THE GUEST GOT"), GotNote: box.Caption(""), sawTitle: box.Caption("WHAT THE HOST SAW"),
		Asked: code.NewReader(""), Guest: code.NewReader(""), Host: code.NewReader(""),
	}
	d.Leak.Hide()
	head := container.New(box.Tight{}, box.Inset(container.New(box.Tight{}, d.Head, d.Leak), 12, 5), box.Rule())
	d.Object = container.NewBorder(head, nil, nil, nil, container.New(shares{0.26, 0.42, 0.32},
		box.Pane(box.Caption("WHAT THE GUEST ASKED"), box.Caption(""), d.Asked),
		box.Pane(d.gotTitle, d.GotNote, d.Guest),
		box.Pane(d.sawTitle, box.Caption(""), d.Host)))
	d.clear()
	return d
}

// shares stacks objects, each with its part of the height.
type shares []float32

func (s shares) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for i, o := range objects {
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, size.Height*s[i]))
		y += size.Height * s[i]
	}
}

func (s shares) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(60, theme.Scaled(70)*float32(len(objects)))
}

func (d *CallDetail) clear() {
	d.Head.Set(theme.RoleMuted, "Choose a call above")
	d.Leak.Hide()
	for _, e := range []*editor.Editor{d.Asked, d.Guest, d.Host} {
		e.SetText("")
	}
	d.GotNote.SetText("")
}

// Show shows a call.
func (d *CallDetail) Show(c inspector.Call) {
	name := inspector.Line(c.Capability + "." + c.Method)
	parts := []string{fmt.Sprintf("Call %s: %s", words.Grouped(int(c.N)), name), decisionOf(c).sign()}
	if c.Line > 0 {
		parts = append(parts, fmt.Sprintf("line %d", c.Line))
	}
	native := c.Capability == nativeHands
	if !native {
		parts = append(parts, "took "+taken(c.Took))
	}
	if c.Times > 1 {
		parts = append(parts, "×"+words.Grouped(c.Times)+" in all")
	}
	if c.Asked > 0 {
		parts = append(parts, "decided by you after "+words.Briefly(c.Asked))
	}
	d.Title = parts[0]
	d.Head.Set(decisionOf(c).role, strings.Join(parts, " · "))
	d.Leak.Hidden = len(c.Secrets) == 0
	d.LeakText = ""
	if len(c.Secrets) > 0 {
		d.LeakText = "▲ leaked here: " + inspector.Line(strings.Join(c.Secrets, ", "))
		d.Leak.SetText(d.LeakText)
	}
	got := "the answer, " + engine.FormatSize(int64(c.BytesOut))
	if c.Code != "" {
		got = "an error, code " + inspector.Line(c.Code)
	}
	if native {
		got = "the system's answer"
	}
	d.GotNote.SetText(got)
	asked, answer, saw := prettyArgs(c.Args), pretty(c.Answer), c.Logged
	if c.Args == "" {
		asked = "(these arguments could not be copied out of the room)"
	}
	if saw == "" {
		saw = "(nothing was logged)"
	}
	d.Asked.SetText(inspector.Visible(asked))
	d.Guest.SetText(inspector.Visible(answer))
	d.Host.SetText(inspector.Visible(saw))
	d.Text = strings.Join([]string{
		d.Head.Text, d.LeakText, "What the guest asked:", behindMarks(asked),
		"What the guest got, " + got + ":", behindMarks(answer), "What the host saw:", behindMarks(saw),
	}, "\n")
	d.Object.Refresh()
}

// behindMarks puts a mark before each line that is not the app's.
func behindMarks(text string) string {
	return "│ " + strings.ReplaceAll(inspector.Visible(text), "\n", "\n│ ")
}

// pretty lays JSON out in lines; other text stays.
func pretty(text string) string {
	var out bytes.Buffer
	if text == "" || json.Indent(&out, []byte(text), "", "  ") != nil {
		return text
	}
	return out.String()
}

// prettyArgs puts each argument on lines of its own.
func prettyArgs(text string) string {
	var args []json.RawMessage
	if json.Unmarshal([]byte(text), &args) != nil {
		return text
	}
	lines := make([]string, len(args))
	for i, arg := range args {
		lines[i] = pretty(string(arg))
	}
	if len(lines) == 0 {
		return "(no arguments)"
	}
	return strings.Join(lines, ",\n")
}

// decision is what became of a call, as it is shown: never by colour alone.
type decision struct {
	icon, word string
	role       theme.Role
}

func (d decision) sign() string { return d.icon + " " + d.word }

func decisionOf(c inspector.Call) decision {
	if c.Capability == nativeHands {
		return heldOrFell(c)
	}
	d := decision{"✓", "allowed", theme.RoleTeal}
	switch c.Decision {
	case bridge.Denied:
		d = decision{"✗", "refused", theme.RoleRed}
	case bridge.Failed:
		d = decision{"!", "failed", theme.RoleAmber}
	}
	if len(c.Secrets) > 0 {
		d.icon, d.role = "▲", theme.RoleAmber
	}
	if c.Asked > 0 {
		d.word += " by you"
	}
	return d
}
