// Package assets holds what the app is shipped with beside its code. icon.png
// is icon.svg, drawn by "go generate".
package assets

import (
	_ "embed"

	"fyne.io/fyne/v2"
)

//go:generate go run ./render icon.svg icon.png

//go:embed icon.png
var icon []byte

// Icon is the app's.
var Icon = fyne.NewStaticResource("sealedroom.png", icon)
