// Package assets holds what the app is shipped with beyond its code. icon.png
// is icon.svg, drawn by "go generate".
package assets

import (
	_ "embed"

	"fyne.io/fyne/v2"
)

//go:generate go run ./render icon.svg icon.png

//go:embed icon.png
var icon []byte

//go:embed font/symbols.ttf
var symbols []byte

// Icon is the app's.
var Icon = fyne.NewStaticResource("sealedroom.png", icon)

// Symbols is a font of arrows, geometric shapes, check marks and lines, without
// letters: what the app draws must not depend on the system's fonts. It holds
// DejaVu Sans 2.37's U+2190–23FF, 2500–27BF and 27E6–27EF, and spaces (one after
// a symbol is drawn in the symbol's font) with the widths and line of Noto Sans.
var Symbols = fyne.NewStaticResource("sealedroom-symbols.ttf", symbols)
