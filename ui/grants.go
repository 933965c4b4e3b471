package ui

import (
	"maps"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// grantsPanel says what the next guest finds at the teller window.
type grantsPanel struct {
	object fyne.CanvasObject
	// changed is told after each change a person made.
	changed func()

	grants   map[string]bridge.Grant
	controls map[string]*control.Segments
	secrets  *control.Entry
	edge     *theme.Fill
	warning  *theme.Label
}

func newGrantsPanel(changed func()) *grantsPanel {
	g := &grantsPanel{
		changed: changed, grants: map[string]bridge.Grant{}, controls: map[string]*control.Segments{},
		edge: theme.NewFill(theme.RoleGround, theme.RoleGround, 5), secrets: control.NewEntry(),
		warning: caption(""),
	}
	column := container.New(tight{})
	for _, kind := range engine.Capabilities() {
		segments := control.NewSegments([]control.Segment{
			{Text: bridge.Off.String(), Ink: theme.RoleText, Tint: theme.RolePanel},
			{Text: bridge.Hardened.String(), Ink: theme.RoleTeal, Tint: theme.RoleTealTint},
			{Text: bridge.Naive.String(), Ink: theme.RoleRed, Tint: theme.RoleRedTint},
		}, func(chosen int) {
			g.grants = maps.Clone(g.grants)
			g.grants[kind.Name] = bridge.Grant(chosen)
			g.show()
			g.changed()
		})
		g.controls[kind.Name] = segments
		column.Add(inset(container.New(grantRow{}, theme.Cut(theme.Code, theme.RoleText, kind.Name), segments), 0, 2))
	}
	g.secrets.SetPlaceHolder("NAME or NAME=VALUE, …")
	framed := container.NewStack(g.edge, inset(container.New(tight{}, column, g.warning), 5, 3))
	g.object = container.New(tight{}, section("TELLER WINDOWS"), framed, section("MORE SECRETS IN THE VAULT"), g.secrets)
	g.show()
	return g
}

// grantRow puts a name before its segments.
type grantRow struct{}

func (grantRow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := min(objects[1].MinSize().Width, size.Width*0.78)
	objects[0].Resize(fyne.NewSize(max(0, size.Width-width-theme.Scaled(4)), size.Height))
	objects[1].Move(fyne.NewPos(size.Width-width, 0))
	objects[1].Resize(fyne.NewSize(width, size.Height))
}

func (grantRow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, objects[1].MinSize().Height)
}

// Set shows these grants.
func (g *grantsPanel) Set(grants map[string]bridge.Grant) {
	g.grants = maps.Clone(grants)
	if g.grants == nil {
		g.grants = map[string]bridge.Grant{}
	}
	g.show()
}

func (g *grantsPanel) show() {
	naive := []string{}
	for _, kind := range engine.Capabilities() {
		g.controls[kind.Name].Set(int(g.grants[kind.Name]))
		if g.grants[kind.Name] == bridge.Naive {
			naive = append(naive, kind.Name)
		}
	}
	g.edge.Set(theme.RoleGround, theme.RoleGround)
	g.warning.Set(theme.RoleMuted, "hardened: only what is needed, checked")
	if len(naive) > 0 {
		g.edge.Set(theme.RoleGround, theme.RoleRed)
		g.warning.Set(theme.RoleRed, "▲ naive: "+strings.Join(naive, ", ")+" with real holes")
	}
}

// asked are the secrets that were typed, one each.
func (g *grantsPanel) asked() []string {
	var out []string
	for _, text := range strings.Split(g.secrets.Text, ",") {
		if text = strings.TrimSpace(text); text != "" {
			out = append(out, text)
		}
	}
	return out
}

func (g *grantsPanel) has(focused fyne.Focusable) bool {
	for _, c := range g.controls {
		if focused == fyne.Focusable(c) {
			return true
		}
	}
	return focused == fyne.Focusable(g.secrets)
}
