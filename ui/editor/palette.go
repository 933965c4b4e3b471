package editor

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Palette is every colour the editor draws with. Text colours are meant to be
// read on Ground, CurrentLine, Selection, Match, ErrorLine and Panel.
type Palette struct {
	Ground      color.NRGBA // behind the text
	Panel       color.NRGBA // behind the find bar and the completion list
	Line        color.NRGBA // hairlines and scroll bars
	CurrentLine color.NRGBA // behind the line with the caret
	Selection   color.NRGBA // behind selected text
	Match       color.NRGBA // behind what find found
	ErrorLine   color.NRGBA // behind the line that an error points at

	Text   color.NRGBA
	Muted  color.NRGBA // comments, line numbers
	Caret  color.NRGBA
	Teal   color.NRGBA // numbers, calls to the teller
	Amber  color.NRGBA // characters that would not be seen, exceptions
	Red    color.NRGBA // errors, blocked globals
	Green  color.NRGBA // strings
	Violet color.NRGBA // keywords
	Blue   color.NRGBA // functions, console
}

// Dark is the palette for dark themes.
func Dark() Palette {
	return Palette{
		Ground: rgb(0x12161c), Panel: rgb(0x1f2630), Line: rgb(0x2c3540),
		CurrentLine: rgb(0x1a2129), Selection: rgb(0x122b48), Match: rgb(0x332810), ErrorLine: rgb(0x2e1a20),
		Text: rgb(0xd7dee7), Muted: rgb(0x8592a2), Caret: rgb(0x2ec4b6),
		Teal: rgb(0x2ec4b6), Amber: rgb(0xffb020), Red: rgb(0xff5a5f), Green: rgb(0x4fd17a),
		Violet: rgb(0xb18cff), Blue: rgb(0x5aa9ff),
	}
}

// Light is the palette for light themes.
func Light() Palette {
	return Palette{
		Ground: rgb(0xfcfdfe), Panel: rgb(0xf1f4f7), Line: rgb(0xc6ced8),
		CurrentLine: rgb(0xf0f4f8), Selection: rgb(0xd3e7f8), Match: rgb(0xffeebf), ErrorLine: rgb(0xfde8e8),
		Text: rgb(0x1b232d), Muted: rgb(0x535e6c), Caret: rgb(0x0a6b62),
		Teal: rgb(0x0a6b62), Amber: rgb(0x7d4e00), Red: rgb(0xb3202a), Green: rgb(0x186a30),
		Violet: rgb(0x6236bd), Blue: rgb(0x1657a8),
	}
}

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

// mix returns a with the given part of b.
func mix(a, b color.NRGBA, part float64) color.NRGBA {
	m := func(x, y uint8) uint8 { return uint8(float64(x)*(1-part) + float64(y)*part + 0.5) }
	return color.NRGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 0xff}
}

// chip returns the ground of a note that is written in c.
func (p Palette) chip(c color.NRGBA) color.NRGBA { return mix(p.Ground, c, 0.13) }

func (p Palette) class(c class) color.NRGBA {
	switch c {
	case classKeyword, classConstant:
		return p.Violet
	case classString:
		return p.Green
	case classNumber:
		return p.Teal
	case classComment:
		return p.Muted
	case classFunction, classBuiltin:
		return p.Blue
	case classRegex:
		return p.Amber
	}
	return p.Text
}

// palette returns the colours to draw with. The ground of the theme shows
// whether it is dark, as a theme may be so whatever the system prefers.
func (e *Editor) palette() Palette {
	if e.Palette != nil {
		return e.Palette()
	}
	r, g, b, _ := e.behind().RGBA()
	if r+g+b > 3*0x7fff {
		return Light()
	}
	return Dark()
}

// behind is what the theme draws under the widget.
func (e *Editor) behind() color.Color {
	return e.Theme().Color(theme.ColorNameBackground, fyne.CurrentApp().Settings().ThemeVariant())
}
