// Package theme is the window's colours, sizes and plain text, in a dark and a
// light variant of one palette.
package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"

	"sealedroom/assets"
)

// Palette is every colour the window uses. Text colours are readable (AA) on
// Ground, Panel and Raised; the tints are grounds for text of their colour.
type Palette struct {
	Ground, Panel, Raised, Line color.NRGBA
	Text, Muted                 color.NRGBA
	Teal                        color.NRGBA // the room, and what one can press
	Amber                       color.NRGBA // the vault, warnings
	Red                         color.NRGBA // stopped, blocked, revealed
	Green                       color.NRGBA // went well
	Blue                        color.NRGBA // committed memory
	Violet                      color.NRGBA // garbage collection
	OnTeal                      color.NRGBA // text on a teal button

	TealTint, AmberTint, RedTint, GreenTint color.NRGBA
}

// Dark is the palette of the dark theme.
var Dark = Palette{
	Ground: rgb(0x12161c), Panel: rgb(0x191f27), Raised: rgb(0x1f2630), Line: rgb(0x2c3540),
	Text: rgb(0xd7dee7), Muted: rgb(0x8f9bab),
	Teal: rgb(0x2ec4b6), Amber: rgb(0xffb020), Red: rgb(0xff7377), Green: rgb(0x4fd17a),
	Blue: rgb(0x5aa9ff), Violet: rgb(0xb18cff), OnTeal: rgb(0x06211e),
	TealTint: rgb(0x152e2d), AmberTint: rgb(0x33270f), RedTint: rgb(0x381d23), GreenTint: rgb(0x16301f),
}

// Light is the palette of the light theme.
var Light = Palette{
	Ground: rgb(0xfcfdfe), Panel: rgb(0xf1f4f7), Raised: rgb(0xe6ebf0), Line: rgb(0xc6ced8),
	Text: rgb(0x1b232d), Muted: rgb(0x4d5866),
	Teal: rgb(0x0a6b62), Amber: rgb(0x754900), Red: rgb(0xab1e28), Green: rgb(0x16632d),
	Blue: rgb(0x1657a8), Violet: rgb(0x6236bd), OnTeal: rgb(0xffffff),
	TealTint: rgb(0xd9efec), AmberTint: rgb(0xfdf0d3), RedTint: rgb(0xfde4e4), GreenTint: rgb(0xdff2e4),
}

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

// Now is the palette of the theme that is shown.
func Now() Palette {
	if app := fyne.CurrentApp(); app != nil {
		if t, ok := app.Settings().Theme().(*Theme); ok {
			return t.palette(app.Settings().ThemeVariant())
		}
	}
	return Dark
}

// Mode says which variant is shown.
type Mode string

// The modes.
const (
	FollowSystem Mode = "system"
	AlwaysDark   Mode = "dark"
	AlwaysLight  Mode = "light"
)

// Theme is the app's fyne.Theme.
type Theme struct {
	Mode  Mode
	Scale float32 // of all text and sizes; 1 is normal
}

func (t *Theme) variant(system fyne.ThemeVariant) fyne.ThemeVariant {
	switch t.Mode {
	case AlwaysDark:
		return fynetheme.VariantDark
	case AlwaysLight:
		return fynetheme.VariantLight
	}
	return system
}

func (t *Theme) palette(system fyne.ThemeVariant) Palette {
	if t.variant(system) == fynetheme.VariantLight {
		return Light
	}
	return Dark
}

// Color implements fyne.Theme.
func (t *Theme) Color(name fyne.ThemeColorName, system fyne.ThemeVariant) color.Color {
	p := t.palette(system)
	switch name {
	case fynetheme.ColorNameBackground:
		return p.Ground
	case fynetheme.ColorNameForeground:
		return p.Text
	case fynetheme.ColorNamePlaceHolder, fynetheme.ColorNameDisabled:
		return p.Muted
	case fynetheme.ColorNameButton, fynetheme.ColorNameInputBackground, fynetheme.ColorNameDisabledButton:
		return p.Raised
	case fynetheme.ColorNameInputBorder, fynetheme.ColorNameSeparator:
		return p.Line
	case fynetheme.ColorNameOverlayBackground, fynetheme.ColorNameMenuBackground, fynetheme.ColorNameHeaderBackground:
		return p.Panel
	case fynetheme.ColorNamePrimary, fynetheme.ColorNameHyperlink:
		return p.Teal
	case fynetheme.ColorNameForegroundOnPrimary:
		return p.OnTeal
	case fynetheme.ColorNameFocus:
		return withAlpha(p.Teal, 0x50)
	case fynetheme.ColorNameSelection:
		return withAlpha(p.Teal, 0x40)
	case fynetheme.ColorNameHover:
		return withAlpha(p.Text, 0x14)
	case fynetheme.ColorNamePressed:
		return withAlpha(p.Text, 0x26)
	case fynetheme.ColorNameScrollBar:
		return withAlpha(p.Muted, 0x90)
	case fynetheme.ColorNameScrollBarBackground:
		return color.Transparent
	case fynetheme.ColorNameError:
		return p.Red
	case fynetheme.ColorNameSuccess:
		return p.Green
	case fynetheme.ColorNameWarning:
		return p.Amber
	case fynetheme.ColorNameShadow:
		return withAlpha(p.Line, 0x90)
	}
	return fynetheme.DefaultTheme().Color(name, t.variant(system))
}

func withAlpha(c color.NRGBA, a uint8) color.NRGBA {
	c.A = a
	return c
}

// Font implements fyne.Theme. Fyne looks for a character in the theme's font,
// then in its own, so symbols come from ours and letters from Fyne's. Fyne's
// monospaced font has the symbols itself, in a letter's width.
func (t *Theme) Font(style fyne.TextStyle) fyne.Resource {
	if style.Monospace {
		return fynetheme.DefaultTheme().Font(style)
	}
	return assets.Symbols
}

// Icon implements fyne.Theme.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource {
	return fynetheme.DefaultTheme().Icon(name)
}

// Size implements fyne.Theme.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	size := fynetheme.DefaultTheme().Size(name)
	switch name {
	case fynetheme.SizeNameText:
		size = 13
	case fynetheme.SizeNameCaptionText:
		size = 11
	case fynetheme.SizeNameSubHeadingText:
		size = 15
	case fynetheme.SizeNameHeadingText:
		size = 20
	case fynetheme.SizeNameInnerPadding:
		size = 4
	case fynetheme.SizeNamePadding:
		size = 4
	case fynetheme.SizeNameScrollBar:
		size = 10
	case fynetheme.SizeNameInlineIcon:
		size = 17
	case fynetheme.SizeNameInputRadius, fynetheme.SizeNameSelectionRadius:
		size = 5
	}
	return size * t.scale()
}

func (t *Theme) scale() float32 {
	if t.Scale <= 0 {
		return 1
	}
	return t.Scale
}

// Scaled is a length that grows with the text.
func Scaled(length float32) float32 {
	if app := fyne.CurrentApp(); app != nil {
		if t, ok := app.Settings().Theme().(*Theme); ok {
			return length * t.scale()
		}
	}
	return length
}

// Style is a kind of plain text.
type Style int

// The styles.
const (
	Body Style = iota
	Bold
	Caption // small
	Code    // monospace
	SmallCode
	Heading
	Sign // an icon drawn as text
)

// Text makes a line of text. Its size and font follow the style when
// Restyle is called again after the theme has changed.
func Text(style Style, c color.Color, text string) *canvas.Text {
	t := canvas.NewText(text, c)
	Restyle(t, style, c)
	return t
}

// Restyle gives a line of text its style and colour.
func Restyle(t *canvas.Text, style Style, c color.Color) {
	t.Color = c
	switch style {
	case Body, Bold, Code:
		t.TextSize = Scaled(13)
	case Caption, SmallCode:
		t.TextSize = Scaled(11.5)
	case Heading:
		t.TextSize = Scaled(17)
	case Sign:
		t.TextSize = Scaled(36)
	}
	t.TextStyle = fyne.TextStyle{Bold: style == Bold || style == Heading || style == Sign, Monospace: style == Code || style == SmallCode}
}
