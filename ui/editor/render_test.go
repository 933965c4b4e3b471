package editor

import (
	"image"
	"image/color"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// picture paints what the editor's window shows. The canvas has a scale of one,
// and the editor lies within the window's padding.
func picture(e *Editor) func(p fyne.Position) color.NRGBA {
	e.redraw()
	img := e.canvas().Capture()
	off := fyne.CurrentApp().Driver().AbsolutePositionForObject(e)
	return func(p fyne.Position) color.NRGBA {
		at := image.Pt(int(p.X+off.X), int(p.Y+off.Y))
		return color.NRGBAModel.Convert(img.At(at.X, at.Y)).(color.NRGBA)
	}
}

func TestPictureOfCaretAndLine(t *testing.T) {
	e := open(t, "ab\nc|d\n")
	e.Palette = Dark
	p, px := Dark(), picture(e)
	caret := e.pointOf(e.sel.caret).AddXY(0, float32(e.view.line/2))
	if got := px(caret); got != p.Caret {
		t.Errorf("the caret is %v", got)
	}
	if got := px(fyne.NewPos(400, caret.Y)); got != p.CurrentLine {
		t.Errorf("the current line is %v", got)
	}
	if got := px(fyne.NewPos(400, caret.Y+float32(e.view.line))); got != p.Ground {
		t.Errorf("the next line is %v", got)
	}
	e.FocusLost()
	if got := picture(e)(caret); got == p.Caret {
		t.Error("a caret without focus")
	}
}

func TestPictureOfSelection(t *testing.T) {
	e := open(t, "|   x\n  | y")
	e.Palette = Dark
	px := picture(e)
	for _, c := range []struct {
		row, col int
		want     color.NRGBA
	}{{0, 1, Dark().Selection}, {1, 1, Dark().Selection}, {1, 2, Dark().Ground}, {0, 6, Dark().Ground}} {
		if got := px(middle(e, c.row, c.col)); got != c.want {
			t.Errorf("row %d, column %d is %v, want %v", c.row, c.col, got, c.want)
		}
	}
}

func TestPictureOfMarks(t *testing.T) {
	e := open(t, "a\nb\nc\nd\ne\nf\ng\nh\ni|")
	e.Palette = Dark
	var marks []Mark
	for k := MarkConsole; k <= MarkStopped; k++ {
		marks = append(marks, Mark{Line: int(k) + 1, Kind: k, Note: "why"})
	}
	e.SetMarks(marks)
	img := e.canvas().Capture()
	off := fyne.CurrentApp().Driver().AbsolutePositionForObject(e)
	shapes := map[string]MarkKind{}
	for _, m := range marks {
		s := e.view.renderer.side(m.Line - 1)
		var shape strings.Builder
		drawn := 0
		for y := range int(s.h) {
			for x := range int(s.w) {
				c := color.NRGBAModel.Convert(img.At(int(s.x)+x+int(off.X), int(s.y)+y+int(off.Y))).(color.NRGBA)
				if c == Dark().Ground {
					shape.WriteByte('.')
				} else {
					shape.WriteByte('x')
					drawn++
				}
			}
		}
		if drawn < 10 {
			t.Errorf("%v has no shape", m.Kind)
		}
		if other, taken := shapes[shape.String()]; taken {
			t.Errorf("%v and %v have the same shape", m.Kind, other)
		}
		shapes[shape.String()] = m.Kind
		if !strings.Contains(strings.Join(texts(e), "\n"), m.Kind.String()+": why") {
			t.Errorf("%v has no words among %q", m.Kind, texts(e))
		}
	}
}

// texts returns all that is written.
func texts(e *Editor) (out []string) {
	for _, o := range e.view.renderer.Objects() {
		if t, ok := o.(*canvas.Text); ok {
			out = append(out, t.Text)
		}
	}
	return out
}

func TestNothingUnseenIsDrawn(t *testing.T) {
	e := open(t, "a\u202eb\u200bc\x00\x1b[31m\xff|\n\u2066\n")
	e.SetMarks([]Mark{{Line: 2, Kind: MarkConsole, Note: "x\u202ey\nz\x07"}})
	all := strings.Join(texts(e), " ")
	for _, tag := range []string{"U+202E", "U+200B", "U+0000", "U+001B", `\xFF`, "U+2066", "xU+202Ey zU+0007"} {
		if !strings.Contains(all, tag) {
			t.Errorf("%s is not shown in %q", tag, all)
		}
	}
	for _, r := range all {
		if unseen(r, 4) {
			t.Errorf("%U is drawn", r)
		}
	}
	if e.Text() != "a\u202eb\u200bc\x00\x1b[31m\xff\n\u2066\n" {
		t.Errorf("the text became %q", e.Text())
	}
}

func TestCaretStaysInView(t *testing.T) {
	e := open(t, strings.Repeat(strings.Repeat("wide ", 60)+"\n\tx日本\n", 60))
	inView := func() bool {
		p := e.pointOf(e.sel.caret)
		w, h := e.view.text()
		return float64(p.X) >= e.view.gutter-1 && float64(p.X) <= e.view.gutter+w-barThickness &&
			float64(p.Y) >= 0 && float64(p.Y)+e.view.line <= h
	}
	for _, keys := range []string{"<C-End>", "<Up><End>", "<Home>", "<Prior>", "<Prior><End>", "<C-Home>", "<Next>", "<Next><End>x",
		"<C-F>", "<Escape><C-End>a", "<Return><Return>", "<undo><undo>", "<select-all>", "<delete-line>", "<C-Home><End><C-Right>"} {
		press(t, e, keys)
		if keys != "<select-all>" && !inView() {
			t.Errorf("after %s the caret is at %v of %v", keys, e.pointOf(e.sel.caret), e.view.size)
		}
	}
	e.GoTo(60, 1)
	setTextSize(t, e, 2*theme.TextSize())
	if !inView() {
		t.Error("out of view when scaled")
	}
	e.Resize(fyne.NewSize(300, 120))
	if !inView() {
		t.Error("out of view when made smaller")
	}
}

// However large the text or a line of it, a frame holds what is seen.
func TestFramesAreBounded(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("let x = f(1) + 'a' // b\n", 200_000),
		strings.Repeat("x = [1, 2, 3]; ", 1<<20/15),
		strings.Repeat("日本語", 1<<20/9),
		strings.Repeat("\u202e", 1<<20/3),
		strings.Repeat("\n", 1<<20),
		"{" + strings.Repeat("(", 1<<20),
		"wrap" + strings.Repeat("let x = f(1) + 'a' // b\n", 200_000),
		"wrap" + strings.Repeat("x = [1, 2, 3]; ", 1<<20/15),
		"wrap" + strings.Repeat("日本語", 1<<20/9),
		"wrap" + strings.Repeat("\u202e", 1<<20/3),
		"wrap" + strings.Repeat("\n", 1<<20),
	} {
		e := open(t, "")
		text, wraps := strings.CutPrefix(text, "wrap")
		e.SetWrap(wraps)
		e.Immediate = false
		e.onMain = func(func()) {}
		began := time.Now()
		e.SetText(text)
		press(t, e, "<C-End>x<BackSpace><C-Home><End>y<C-Left><C-S-Home><Escape>")
		e.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(-1e6, -1e5)})
		if took := time.Since(began); took > 8*time.Second { // beside other work
			t.Errorf("%.9q…: took %v", text, took)
		}
		if n := len(e.view.renderer.Objects()); n > 2500 {
			t.Errorf("%.9q…: %d objects", text, n)
		}
		for _, o := range e.view.renderer.Objects() {
			if s := o.Size(); s.Width > 5000 {
				t.Errorf("%.9q…: a %T %v wide", text, o, s.Width)
			}
			if tx, ok := o.(*canvas.Text); ok && len(tx.Text) > 4*maxRun {
				t.Errorf("%.9q…: a text of %d bytes", text, len(tx.Text))
			}
		}
		stop(e)
	}
}

// The painter leaves out what lies outside the view, going by an object's size.
func TestTextsAreAsLargeAsTheyClaim(t *testing.T) {
	e := open(t, strings.Repeat("const long = 'some text that goes on' // 日本 \u202e\t and on\n", 40))
	for range 30 {
		e.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(-13, -7)})
		for _, o := range e.view.renderer.Objects() {
			if tx, ok := o.(*canvas.Text); ok && (tx.Size().Width < tx.MinSize().Width*0.9 || tx.Size().Height < tx.MinSize().Height*0.6) {
				t.Fatalf("%q is %v, its size says %v", tx.Text, tx.MinSize(), tx.Size())
			}
		}
	}
}

func TestTip(t *testing.T) {
	e := open(t, strings.Repeat("a", 60)+"\n|b\n")
	note := "a long note that says so much that it cannot be drawn in the room that is left behind the text"
	e.SetMarks([]Mark{{Line: 1, Kind: MarkThrown, Note: note}})
	full := func() bool {
		return strings.Contains(strings.Join(texts(e), " "), "left behind the text")
	}
	if full() {
		t.Error("there was room")
	}
	press(t, e, "<F8>")
	if !full() || shown(e)[0] != '|' {
		t.Errorf("F8 does not go there and say it: %q", texts(e))
	}
	press(t, e, "<Escape>")
	if full() {
		t.Error("esc does not hide it")
	}
	ev := &desktop.MouseEvent{}
	ev.Position = fyne.NewPos(8, 5)
	if e.MouseMoved(ev); !full() {
		t.Error("the mouse does not show it")
	}
	if e.MouseOut(); full() {
		t.Error("it stays when the mouse has left")
	}
}

func TestThemes(t *testing.T) {
	e := open(t, "a|")
	settings := fyne.CurrentApp().Settings()
	defer settings.SetTheme(settings.Theme())
	at := fyne.NewPos(300, 300)
	settings.SetTheme(variant{theme.DefaultTheme(), theme.VariantLight})
	if got := picture(e)(at); got != Light().Ground {
		t.Errorf("light ground is %v", got)
	}
	settings.SetTheme(variant{theme.DefaultTheme(), theme.VariantDark})
	if got := picture(e)(at); got != Dark().Ground {
		t.Errorf("dark ground is %v", got)
	}
	e.Palette = func() Palette { return Palette{Ground: Dark().Red} }
	if got := picture(e)(at); got != Dark().Red {
		t.Errorf("the app's ground is %v", got)
	}
}

type variant struct {
	fyne.Theme
	v fyne.ThemeVariant
}

func (v variant) Color(n fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	return v.Theme.Color(n, v.v)
}

// Every text colour must be readable on every ground it is drawn on: a contrast
// of 4.5, which is AA for text of any size.
func TestContrast(t *testing.T) {
	for name, p := range map[string]Palette{"dark": Dark(), "light": Light()} {
		grounds := map[string]color.NRGBA{
			"ground": p.Ground, "panel": p.Panel, "current line": p.CurrentLine,
			"selection": p.Selection, "match": p.Match, "error line": p.ErrorLine,
		}
		for _, field := range []string{"Text", "Muted", "Teal", "Amber", "Red", "Green", "Violet", "Blue"} {
			c := reflect.ValueOf(p).FieldByName(field).Interface().(color.NRGBA)
			grounds["chip"] = p.chip(c)
			for g, ground := range grounds {
				if got := contrast(c, ground); got < 4.5 {
					t.Errorf("%s: %s on %s has a contrast of %.2f", name, field, g, got)
				}
			}
		}
	}
}

func contrast(a, b color.NRGBA) float64 {
	light := func(c color.NRGBA) float64 {
		part := func(v uint8) float64 {
			f := float64(v) / 255
			if f <= 0.04045 {
				return f / 12.92
			}
			return math.Pow((f+0.055)/1.055, 2.4)
		}
		return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
	}
	x, y := light(a), light(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
