// Package uitest is what tests see of the screen: words and colours.
package uitest

import (
	"image"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

// Words are those that an object shows, in reading order, with one space
// between them.
func Words(object fyne.CanvasObject) string {
	var all []string
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		switch o := o.(type) {
		case *canvas.Text:
			all = append(all, strings.Fields(o.Text)...)
		case *fyne.Container:
			for _, inner := range o.Objects {
				walk(inner)
			}
		case fyne.Widget:
			for _, inner := range test.WidgetRenderer(o).Objects() {
				walk(inner)
			}
		}
	}
	walk(object)
	return strings.Join(all, " ")
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
