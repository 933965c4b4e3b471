package lesson

import (
	"image/png"
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"sealedroom/presets"
	"sealedroom/ui/theme"
)

func TestLook(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: theme.AlwaysDark})
	for _, name := range []string{"the-teller", "rob-the-vault", "how-fast", "a-filter-of-words"} {
		s, err := presets.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		p := New()
		w := test.NewTempWindow(t, p.Object)
		w.SetPadded(false)
		w.Resize(fyne.NewSize(430, 1300))
		pr := presets.Progress{Ran: true, Answers: map[string]string{}}
		for _, q := range s.Predict {
			pr.Answers[q.Ask] = q.Choices[0].Say
		}
		p.Set(Reading{Scenario: s, Place: "lesson 9 of 14", Progress: pr})
		p.Set(Reading{Scenario: s, Place: "lesson 9 of 14", Progress: pr})
		f, _ := os.Create("/tmp/look-" + name + ".png")
		png.Encode(f, w.Canvas().Capture())
		f.Close()
	}
}
