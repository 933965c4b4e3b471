package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
)

// Compact shows Fyne's own widgets with less room around their text.
func Compact(o fyne.CanvasObject) fyne.CanvasObject { return container.NewThemeOverride(o, compact{}) }

// compact follows the app's theme in everything but its paddings.
type compact struct{}

func (compact) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	return fyne.CurrentApp().Settings().Theme().Color(name, variant)
}

func (compact) Font(style fyne.TextStyle) fyne.Resource {
	return fyne.CurrentApp().Settings().Theme().Font(style)
}

func (compact) Icon(name fyne.ThemeIconName) fyne.Resource {
	return fyne.CurrentApp().Settings().Theme().Icon(name)
}

func (compact) Size(name fyne.ThemeSizeName) float32 {
	size := fyne.CurrentApp().Settings().Theme().Size(name)
	switch name {
	case fynetheme.SizeNameInnerPadding:
		return size * 0.45
	case fynetheme.SizeNameText:
		return size * 0.94
	}
	return size
}
