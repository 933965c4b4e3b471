package editor

import (
	"image/color"
	"math/rand"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// TestAnyOrder does what users and applications do in any order, in a window.
// Nothing may panic, and what must hold holds after each.
func TestAnyOrder(t *testing.T) {
	e := open(t, "let a = 1")
	e.check.busy = true
	e.Complete = granted
	rng := rand.New(rand.NewSource(2))
	texts := []string{"", "a\nb\nc", strings.Repeat("f({[日本\u202e\t'x'\n", 60), "\xff\x00", strings.Repeat("wide ", 300)}
	keys := []string{"a", ".", "(", "'", "}", "/", "<Return>", "<Tab>", "<S-Tab>", "<BackSpace>", "<Delete>", "<Left>", "<Right>",
		"<Up>", "<Down>", "<S-Up>", "<S-Down>", "<Home>", "<End>", "<Prior>", "<Next>", "<C-Left>", "<C-S-Right>", "<C-BackSpace>",
		"<C-Home>", "<C-End>", "<C-Up>", "<Escape>", "<F3>", "<S-F3>", "<F8>", "<S-F8>"}
	at := func() fyne.Position {
		return fyne.NewPos(rng.Float32()*800-100, rng.Float32()*600-100)
	}
	mouse := func() *desktop.MouseEvent {
		ev := &desktop.MouseEvent{Button: desktop.MouseButton(1 << rng.Intn(3))}
		ev.Position = at()
		return ev
	}
	commands := e.Commands()
	for range 2000 {
		switch rng.Intn(25) {
		case 0:
			e.SetText(texts[rng.Intn(len(texts))])
		case 1:
			e.ReplaceText(texts[rng.Intn(len(texts))])
		case 2, 3, 4, 5:
			if len(e.doc.lines) < 2000 && e.doc.bytes < 50_000 {
				commands[rng.Intn(len(commands))].Run()
			}
		case 6:
			e.GoTo(rng.Intn(80)-5, rng.Intn(400)-5)
		case 7:
			e.Select(rng.Intn(80), rng.Intn(40), rng.Intn(80), rng.Intn(40))
		case 8:
			e.SetMarks([]Mark{{Line: rng.Intn(90) - 9, Kind: MarkKind(rng.Intn(8)), Note: "日\n\u202e"}, {Line: rng.Intn(5)}})
			e.SetErrorLine(rng.Intn(90) - 9)
		case 9:
			e.Resize(fyne.NewSize(rng.Float32()*600, rng.Float32()*400))
		case 10:
			e.MouseDown(mouse())
		case 11:
			e.MouseUp(mouse())
		case 12, 13:
			e.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at()}})
		case 14:
			e.MouseMoved(mouse())
		case 15:
			e.Scrolled(&fyne.ScrollEvent{PointEvent: fyne.PointEvent{Position: at()}, Scrolled: fyne.NewDelta(rng.Float32()*400-200, rng.Float32()*4000-2000)})
		case 16:
			_ = e.SetQuery(Query{Text: []string{"", "a", "x*", "(", "$"}[rng.Intn(5)], Regexp: rng.Intn(2) == 0})
			e.Replace("日$1")
		case 17:
			if e.doc.bytes < 50_000 {
				e.ReplaceAll("b\n")
			}
		case 18:
			setTextSize(t, e, 4+rng.Float32()*36)
		case 19:
			e.FocusLost()
			e.FocusGained()
		case 21:
			e.SetWrap(rng.Intn(2) == 0)
		case 20:
			e.ReadOnly = rng.Intn(4) == 0
		default:
			press(t, e, keys[rng.Intn(len(keys))])
		}
		e.mustHold(t)
	}
}

// setTextSize gives the theme's text another size until the test ends.
func setTextSize(t *testing.T, e *Editor, size float32) {
	settings := fyne.CurrentApp().Settings()
	before := settings.Theme()
	t.Cleanup(func() { settings.SetTheme(before) })
	settings.SetTheme(&sized{size})
	e.Refresh()
}

// sized is a theme with text of a size.
type sized struct{ text float32 }

func (s *sized) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	return theme.DefaultTheme().Color(name, variant)
}
func (s *sized) Font(style fyne.TextStyle) fyne.Resource { return theme.DefaultTheme().Font(style) }
func (s *sized) Icon(name fyne.ThemeIconName) fyne.Resource {
	return theme.DefaultTheme().Icon(name)
}
func (s *sized) Size(name fyne.ThemeSizeName) float32 {
	if name == theme.SizeNameText {
		return s.text
	}
	return theme.DefaultTheme().Size(name)
}
