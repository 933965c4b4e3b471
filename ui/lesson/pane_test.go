package lesson

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"sealedroom/presets"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
	"sealedroom/ui/uitest"
)

// open shows a reading in a window as wide as the pane is beside the editor.
func open(t testing.TB, mode theme.Mode, r Reading) (*Pane, fyne.Window) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: mode})
	p := New()
	w := test.NewTempWindow(t, p.Object)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(430, 860))
	p.Set(r)
	w.Content().Refresh()
	return p, w
}

func scenario(t testing.TB, name string) *presets.Scenario {
	t.Helper()
	s, err := presets.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// parsed is a scenario of this text.
func parsed(t testing.TB, text string) *presets.Scenario {
	t.Helper()
	s, err := presets.Parse("mine.md", []byte("---\ntitle: Mine\n---\n"+text+"\n\n~~~js\n1\n~~~\n"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestHostileTextIsBounded: a file made of as many pieces as fit opens in a
// moment.
func TestHostileTextIsBounded(t *testing.T) {
	for name, piece := range map[string]string{
		"items": "- a\n", "paragraphs": "a\n\n", "spans": "**a** ", "links": "[a](show:room) ", "code": "`a` ", "headings": "# a\n",
		"rules": "---\n\n", "quotes": "> a\n\n", "one word": "a", "wide": "長", "accents": "e\u0301", "marks": "\u0301",
	} {
		s := parsed(t, strings.Repeat(piece, 31<<10/len(piece)))
		began := time.Now()
		open(t, theme.AlwaysDark, Reading{Scenario: s})
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("%s take %v", name, took)
		}
	}
	wide := "|" + strings.Repeat("a|", 7000) + "\n|" + strings.Repeat("-|", 7000) + "\n"
	tall := "|a|b|\n|-|-|\n" + strings.Repeat("|a|b|\n", 5000)
	for name, table := range map[string]string{"a wide table": wide, "a tall table": tall} {
		began := time.Now()
		open(t, theme.AlwaysDark, Reading{Scenario: parsed(t, table)})
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("%s takes %v", name, took)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	for _, name := range []string{"the-engine", "how-fast", "rob-the-vault", "the-doors"} {
		b.Run(name, func(b *testing.B) {
			s, other := scenario(b, name), scenario(b, "the-room")
			p, w := open(b, theme.AlwaysDark, Reading{Scenario: other})
			for b.Loop() {
				p.Set(Reading{Scenario: s, Progress: presets.Progress{Ran: true}})
				_ = w.Content().MinSize()
				b.StopTimer()
				p.Set(Reading{Scenario: other})
				b.StartTimer()
			}
		})
	}
}

// TestPictures draws a lesson at its stages, in both themes and at two sizes of
// text, and looks at what its reader looks at.
func TestPictures(t *testing.T) {
	s := scenario(t, "rob-the-vault")
	ask, fix := s.Predict[0], s.Fix.Question
	said := func(predicted, mended int) map[string]string {
		return map[string]string{ask.Ask: ask.Choices[predicted].Say, fix.Ask: fix.Choices[mended].Say}
	}
	for _, mode := range []theme.Mode{theme.AlwaysDark, theme.AlwaysLight} {
		p, w := open(t, mode, Reading{Scenario: s, Place: "lesson 12 of 14"})
		w.Resize(fyne.NewSize(430, 1500))
		for _, stage := range []struct {
			name           string
			progress       presets.Progress
			green, red     bool // tints
			words, without string
		}{
			{"fresh", presets.Progress{}, false, false, "once you have run it", "What happened"},
			{"a wrong guess", presets.Progress{Answers: map[string]string{ask.Ask: ask.Choices[0].Say}}, true, true, "✗ not this one", "What happened"},
			{"a right guess", presets.Progress{Answers: map[string]string{ask.Ask: ask.Choices[ask.Right].Say}}, true, false, "✓ right", "✗"},
			{"robbed", presets.Progress{Ran: true, Reached: []string{s.Goals[0].Goal}}, false, false, "✓ Rob the vault, and see", "The rule"},
			{"a wrong fix", presets.Progress{Ran: true, Answers: said(2, 1)}, true, true, "A list of words is no match", "The rule"},
			{"a right fix", presets.Progress{Ran: true, Answers: said(2, 2)}, true, false, "Now run it again", "It holds"},
			{"mended", presets.Progress{Ran: true, Answers: said(2, 2), Mended: true, Reached: []string{s.Goals[0].Goal, s.Goals[1].Goal}}, true, false, "✓ solved", "Set it for me"},
		} {
			t.Run(string(mode)+"/"+stage.name, func(t *testing.T) {
				p.Set(Reading{Scenario: s, Place: "lesson 12 of 14", Progress: stage.progress})
				w.Content().Refresh()
				words := uitest.Words(p.Object)
				if !strings.Contains(words, stage.words) || strings.Contains(words, stage.without) {
					t.Errorf("wants %q and not %q: %s", stage.words, stage.without, words)
				}
				picture, colours := w.Canvas().Capture(), theme.Now()
				if green := uitest.Pixels(picture, picture.Bounds(), colours.GreenTint); (green > 3000) != stage.green {
					t.Errorf("%d pixels are green", green)
				}
				if red := uitest.Pixels(picture, picture.Bounds(), colours.RedTint); (red > 3000) != stage.red {
					t.Errorf("%d pixels are red", red)
				}
				if teal := uitest.Pixels(picture, picture.Bounds(), colours.Teal); teal < 50 {
					t.Errorf("links have %d pixels", teal)
				}
				if ground := uitest.Pixels(picture, picture.Bounds(), colours.Ground); ground < 100_000 {
					t.Errorf("the ground has %d pixels", ground)
				}
			})
		}
	}
}

// TestText draws every kind of block.
func TestText(t *testing.T) {
	s := parsed(t, "# Head\n\nOne *two* **three** `four` [five](show:room).\n\n- item\n  - inner\n\n3. third\n\n> quote\n\n~~~sh\nls\n~~~\n\n---\n\n|a|b|\n|-|-|\n|c|d|\n")
	p, w := open(t, theme.AlwaysDark, Reading{Scenario: s})
	if words := uitest.Words(p.Object); !strings.Contains(words, "Head One two three four five . • item • inner 3. third quote ls a b c d") {
		t.Errorf("shown is %q", words)
	}
	var followed presets.Link
	p.OnLink = func(l presets.Link) { followed = l }
	for _, o := range test.LaidOutObjects(w.Content()) {
		if link, ok := o.(*widget.Hyperlink); ok && link.Text == "five" {
			w.Canvas().Focus(link)
			link.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
			if !p.Has(link) {
				t.Error("a link is no part of the pane")
			}
		}
	}
	if followed.Show != "room" {
		t.Errorf("followed is %+v", followed)
	}
}

// TestKeys reads and answers without a mouse.
func TestKeys(t *testing.T) {
	s := scenario(t, "how-fast")
	p, w := open(t, theme.AlwaysDark, Reading{Scenario: s, Progress: presets.Progress{Ran: true}})
	chosen := -1
	p.OnAnswer = func(_ presets.Question, choice int) { chosen = choice }
	p.Focus()
	focused := w.Canvas().Focused()
	if !p.Has(focused) {
		t.Fatalf("%T has the keyboard", focused)
	}
	focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	if p.page.scroll.Offset.Y < 300 {
		t.Errorf("a page down leads to %v", p.page.scroll.Offset)
	}
	focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	for range 10 {
		w.Canvas().FocusNext()
		if choice, ok := w.Canvas().Focused().(*control.Choice); ok && choice.Text() == s.Predict[0].Choices[1].Say {
			choice.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		}
	}
	if chosen != 1 {
		t.Errorf("chosen is %d", chosen)
	}
	p.page.scroll.ScrollToBottom()
	choice := p.predict[0].choices[0]
	w.Canvas().Focus(choice)
	if y := fyne.CurrentApp().Driver().AbsolutePositionForObject(choice).Y; y < 0 || y > 800 {
		t.Errorf("the choice that has the keyboard is out of sight, at %v", y)
	}
	p.Set(Reading{Scenario: s, Progress: presets.Progress{Answers: map[string]string{s.Predict[0].Ask: s.Predict[0].Choices[1].Say}}})
	chosen = -1
	test.Tap(p.predict[0].choices[0])
	if chosen != -1 {
		t.Error("a prediction can be changed once it was made")
	}
}

// TestPlaceStays: an answer does not scroll the text, another scenario begins
// at its top.
func TestPlaceStays(t *testing.T) {
	s := scenario(t, "how-fast")
	p, _ := open(t, theme.AlwaysDark, Reading{Scenario: s, Progress: presets.Progress{Ran: true}})
	p.page.move(200)
	p.Set(Reading{Scenario: s, Progress: presets.Progress{Ran: true, Answers: map[string]string{s.Predict[0].Ask: s.Predict[0].Choices[1].Say}}})
	if p.page.scroll.Offset.Y != 200 {
		t.Errorf("the text stands at %v", p.page.scroll.Offset)
	}
	p.Set(Reading{Scenario: scenario(t, "the-room")})
	if p.page.scroll.Offset.Y != 0 {
		t.Errorf("another text begins at %v", p.page.scroll.Offset)
	}
}
