package rooms

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/ui/control"
	"sealedroom/ui/kit/dialogs"
	"sealedroom/ui/theme"
)

// ShowCompared opens what is different between two rooms. What differs is marked
// with a sign and a colour.
func ShowCompared(over *dialogs.Stack, a, b Side) {
	grid := container.NewGridWithColumns(3,
		theme.Cut(theme.Caption, theme.RoleMuted, "WHAT DIFFERS IS MARKED ▲"), theme.Cut(theme.Bold, theme.RoleText, a.Name), theme.Cut(theme.Bold, theme.RoleText, b.Name))
	var text strings.Builder
	fmt.Fprintf(&text, "\t%s\t%s\n", a.Name, b.Name)
	for _, line := range Compared(a, b) {
		mark, ink := "   ", theme.RoleText
		if line.Differs {
			mark, ink = "▲ ", theme.RoleAmber
		}
		grid.Add(theme.Cut(theme.Body, theme.RoleMuted, mark+line.What))
		grid.Add(theme.Cut(theme.Body, ink, line.A))
		grid.Add(theme.Cut(theme.Body, ink, line.B))
		fmt.Fprintf(&text, "%s%s\t%s\t%s\n", mark, line.What, line.A, line.B)
	}
	over.Page("Compare "+a.Name+" and "+b.Name, control.NewScroll(fyne.CanvasObject(grid)), text.String())
}
