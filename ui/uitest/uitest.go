// Package uitest is what tests see of the screen: words and colours.
package uitest

import (
	"image"
	"image/color"
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

// Words are those that an object shows, in reading order, with one space
// between them.
func Words(object fyne.CanvasObject) string {
	var all []string
	walk(object, func(o fyne.CanvasObject) {
		if text, ok := o.(*canvas.Text); ok {
			all = append(all, strings.Fields(text.Text)...)
		}
	})
	return strings.Join(all, " ")
}

// walk visits an object and what it is made of, as far as it is visible.
func walk(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	visit(o)
	switch o := o.(type) {
	case *fyne.Container:
		for _, inner := range o.Objects {
			walk(inner, visit)
		}
	case fyne.Widget:
		for _, inner := range test.WidgetRenderer(o).Objects() {
			walk(inner, visit)
		}
	}
}

// Pixels counts those of a colour in a part of a picture.
func Pixels(picture image.Image, within image.Rectangle, c color.NRGBA) int {
	n := 0
	whole, fast := picture.(*image.NRGBA)
	for y := within.Min.Y; y < within.Max.Y; y++ {
		if fast {
			row := whole.Pix[whole.PixOffset(within.Min.X, y):whole.PixOffset(within.Max.X, y)]
			for i := 0; i+3 < len(row); i += 4 {
				if row[i] == c.R && row[i+1] == c.G && row[i+2] == c.B {
					n++
				}
			}
			continue
		}
		for x := within.Min.X; x < within.Max.X; x++ {
			if r, g, b, _ := picture.At(x, y).RGBA(); uint8(r>>8) == c.R && uint8(g>>8) == c.G && uint8(b>>8) == c.B {
				n++
			}
		}
	}
	return n
}

// strictApp is a test app whose driver knows only what is really on a canvas.
type strictApp struct {
	fyne.App
	driver strictDriver
}

func (a strictApp) Driver() fyne.Driver { return a.driver }

type strictDriver struct {
	fyne.Driver
	looking *bool // some widgets ask while they are looked through
}

// CanvasForObject finds an object where the real driver would. The test driver
// answers with its last window, whatever it is asked about.
func (d strictDriver) CanvasForObject(wanted fyne.CanvasObject) fyne.Canvas {
	if *d.looking {
		return d.Driver.CanvasForObject(wanted)
	}
	*d.looking = true
	defer func() { *d.looking = false }()
	for _, w := range d.AllWindows() {
		c := w.Canvas()
		for _, root := range append(c.Overlays().List(), c.Content()) {
			found := false
			walk(root, func(o fyne.CanvasObject) { found = found || o == wanted })
			if found {
				return c
			}
		}
	}
	return nil
}

// Strict has fyne.CurrentApp find canvases as the real driver does, until the
// test ends: an embedded field, or a widget that is not shown, is on none.
func Strict(t testing.TB) {
	before := fyne.CurrentApp()
	fyne.SetCurrentApp(strictApp{before, strictDriver{before.Driver(), new(bool)}})
	t.Cleanup(func() { fyne.SetCurrentApp(before) })
}

// Focusables are the widgets in an object that can have the keyboard.
func Focusables(object fyne.CanvasObject) []fyne.Focusable {
	var out []fyne.Focusable
	walk(object, func(o fyne.CanvasObject) {
		if f, ok := o.(fyne.Focusable); ok {
			out = append(out, f)
		}
	})
	return out
}

// Contrast is WCAG 2's ratio of two opaque colours.
func Contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(c color.Color) float64 {
	channel := func(v uint32) float64 {
		f := float64(v) / 0xffff
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	r, g, b, _ := c.RGBA()
	return 0.2126*channel(r) + 0.7152*channel(g) + 0.0722*channel(b)
}
