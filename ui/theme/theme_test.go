package theme

import (
	"image/color"
	"math"
	"testing"
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
				if c := contrast(text, ground); c < 4.5 {
					t.Errorf("%s: %s on %s has contrast %.2f, AA wants 4.5", name, textName, groundName, c)
				}
			}
		}
		for pair, c := range map[string]float64{
			"text on red tint": contrast(p.Text, p.RedTint), "red on red tint": contrast(p.Red, p.RedTint),
			"text on amber tint": contrast(p.Text, p.AmberTint), "amber on amber tint": contrast(p.Amber, p.AmberTint),
			"text on green tint": contrast(p.Text, p.GreenTint), "green on green tint": contrast(p.Green, p.GreenTint),
			"text on teal tint": contrast(p.Text, p.TealTint), "teal on teal tint": contrast(p.Teal, p.TealTint),
			"muted on teal tint": contrast(p.Muted, p.TealTint), "label on a teal button": contrast(p.OnTeal, p.Teal),
		} {
			if c < 4.5 {
				t.Errorf("%s: %s has contrast %.2f, AA wants 4.5", name, pair, c)
			}
		}
	}
}

// contrast is WCAG 2's ratio of two opaque colours.
func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(c color.NRGBA) float64 {
	channel := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(c.R) + 0.7152*channel(c.G) + 0.0722*channel(c.B)
}
