package theme

import (
	"image/color"
	"testing"

	"sealedroom/ui/uitest"
)

// TestContrast holds every text colour to WCAG's AA on every ground it is read on.
func TestContrast(t *testing.T) {
	for name, p := range map[string]Palette{"dark": Dark, "light": Light} {
		texts := map[string]color.NRGBA{
			"text": p.Text, "muted": p.Muted, "teal": p.Teal, "amber": p.Amber, "red": p.Red,
			"green": p.Green, "blue": p.Blue, "violet": p.Violet,
		}
		grounds := map[string]color.NRGBA{"ground": p.Ground, "panel": p.Panel, "raised": p.Raised}
		for textName, text := range texts {
			for groundName, ground := range grounds {
				if c := uitest.Contrast(text, ground); c < 4.5 {
					t.Errorf("%s: %s on %s has contrast %.2f, AA wants 4.5", name, textName, groundName, c)
				}
			}
		}
		for pair, c := range map[string]float64{
			"text on red tint": uitest.Contrast(p.Text, p.RedTint), "red on red tint": uitest.Contrast(p.Red, p.RedTint),
			"text on amber tint": uitest.Contrast(p.Text, p.AmberTint), "amber on amber tint": uitest.Contrast(p.Amber, p.AmberTint),
			"text on green tint": uitest.Contrast(p.Text, p.GreenTint), "green on green tint": uitest.Contrast(p.Green, p.GreenTint),
			"text on teal tint": uitest.Contrast(p.Text, p.TealTint), "teal on teal tint": uitest.Contrast(p.Teal, p.TealTint),
			"muted on teal tint": uitest.Contrast(p.Muted, p.TealTint), "label on a teal button": uitest.Contrast(p.OnTeal, p.Teal),
		} {
			if c < 4.5 {
				t.Errorf("%s: %s has contrast %.2f, AA wants 4.5", name, pair, c)
			}
		}
	}
}
