package settings

import (
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector/session"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// Grants edits what the next guest finds at the teller window.
type Grants struct {
	Object  *fyne.Container
	changed func() // is called after each change a person made

	setup    *session.Setup
	controls map[string]*control.Segments
	asks     map[string]*control.Toggle
	secrets  *control.Entry
	edge     *theme.Fill
	warning  *widget.Label
}

func newGrants(setup *session.Setup, changed func()) *Grants {
	g := &Grants{
		changed: changed, setup: setup, controls: map[string]*control.Segments{}, asks: map[string]*control.Toggle{},
		edge: theme.NewFill(theme.RoleGround, theme.RoleGround, 5), secrets: control.NewEntry(),
		warning: widget.NewLabel(""),
	}
	g.secrets.OnChanged = g.typedSecrets
	column, asks := container.New(box.Tight{}), container.New(&halves{})
	for _, kind := range engine.Capabilities() {
		segments := control.NewSegments([]control.Segment{
			{Text: bridge.Off.String(), Ink: theme.RoleText, Tint: theme.RolePanel},
			{Text: bridge.Hardened.String(), Ink: theme.RoleTeal, Tint: theme.RoleTealTint},
			{Text: bridge.Naive.String(), Ink: theme.RoleRed, Tint: theme.RoleRedTint},
		}, func(chosen int) {
			g.setup.Grants = with(g.setup.Grants, kind.Name, bridge.Grant(chosen))
			g.show()
			g.changed()
		})
		g.controls[kind.Name] = segments
		column.Add(box.Inset(container.New(&grantRow{}, theme.NewLabel(theme.Code, theme.RoleText, kind.Name), segments), 0, 2))
		g.asks[kind.Name] = control.NewToggle(kind.Name, func(on bool) {
			g.setup.AskFirst = slices.DeleteFunc(slices.Clone(g.setup.AskFirst), func(name string) bool { return name == kind.Name })
			if on {
				g.setup.AskFirst = slices.Sorted(slices.Values(append(g.setup.AskFirst, kind.Name)))
			}
			g.changed()
		})
		asks.Add(g.asks[kind.Name])
	}
	g.warning.Wrapping, g.warning.SizeName = fyne.TextWrapWord, fynetheme.SizeNameCaptionText
	g.secrets.SetPlaceHolder("NAME or NAME=VALUE, …")
	framed := container.NewStack(g.edge, box.Inset(container.New(box.Tight{}, column, g.warning), 5, 3))
	g.Object = container.New(box.Tight{}, section("TELLER WINDOWS"), framed,
		section("ASK ME BEFORE EACH CALL TO"), box.Inset(asks, 5, 0), section("MORE SECRETS IN THE VAULT"), g.secrets)
	g.show()
	return g
}

// grantRow puts a name before its segments, or above them where there is no
// room for both.
type grantRow struct{ below bool }

func (g *grantRow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	name, segments := objects[0].MinSize(), objects[1].MinSize()
	g.below = name.Width+theme.Scaled(6)+segments.Width > size.Width
	at := fyne.NewPos(size.Width-segments.Width, 0)
	if g.below {
		at = fyne.NewPos(0, name.Height)
	}
	objects[0].Resize(fyne.NewSize(name.Width, max(name.Height, segments.Height)))
	if g.below {
		objects[0].Resize(name)
	}
	objects[1].Move(at)
	objects[1].Resize(fyne.NewSize(min(size.Width, segments.Width), segments.Height))
}

func (g *grantRow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	height := objects[1].MinSize().Height
	if g.below {
		height += objects[0].MinSize().Height
	}
	return fyne.NewSize(0, height)
}

// halves puts two side by side, or all below each other where they need more.
type halves struct{ single bool }

func (h *halves) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	gap, across := theme.Scaled(14), 2
	width, height := max(0, (size.Width-gap)/2), objects[0].MinSize().Height
	h.single = width < theme.Scaled(84)
	if h.single {
		width, across = size.Width, 1
	}
	for i, o := range objects {
		o.Move(fyne.NewPos(float32(i%across)*(width+gap), float32(i/across)*height))
		o.Resize(fyne.NewSize(width, height))
	}
}

func (h *halves) MinSize(objects []fyne.CanvasObject) fyne.Size {
	rows := (len(objects) + 1) / 2
	if h.single {
		rows = len(objects)
	}
	return fyne.NewSize(0, float32(rows)*objects[0].MinSize().Height)
}

// SetAskFirst shows these as the capabilities whose calls wait for the person.
func (g *Grants) SetAskFirst(names []string) {
	g.setup.AskFirst = nil
	for _, name := range slices.Sorted(maps.Keys(g.asks)) {
		on := slices.Contains(names, name)
		if on {
			g.setup.AskFirst = append(g.setup.AskFirst, name)
		}
		g.asks[name].Set(on)
	}
}

// Set shows these grants.
func (g *Grants) Set(grants map[string]bridge.Grant) {
	g.setup.Grants = maps.Clone(grants)
	g.show()
}

// with returns the grants with one changed. A run that began keeps its own.
func with(grants map[string]bridge.Grant, name string, how bridge.Grant) map[string]bridge.Grant {
	changed := map[string]bridge.Grant{name: how}
	for other, how := range grants {
		if other != name {
			changed[other] = how
		}
	}
	return changed
}

func (g *Grants) show() {
	naive := []string{}
	for _, kind := range engine.Capabilities() {
		g.controls[kind.Name].Set(int(g.setup.Grants[kind.Name]))
		if g.setup.Grants[kind.Name] == bridge.Naive {
			naive = append(naive, kind.Name)
		}
	}
	g.edge.Set(theme.RoleGround, theme.RoleGround)
	importance, text := widget.LowImportance, "hardened: only what is needed, checked"
	if len(naive) > 0 {
		g.edge.Set(theme.RoleGround, theme.RoleRed)
		importance, text = widget.DangerImportance, "▲ naive: "+strings.Join(naive, ", ")+" with real holes"
	}
	if g.warning.Text != text {
		g.warning.Importance = importance
		g.warning.SetText(text)
	}
}

// SetSecrets shows these secrets, NAME or NAME=VALUE each.
func (g *Grants) SetSecrets(secrets []string) { g.secrets.SetText(strings.Join(secrets, ", ")) }

func (g *Grants) typedSecrets(text string) {
	g.setup.Secrets = nil
	for secret := range strings.SplitSeq(text, ",") {
		if secret = strings.TrimSpace(secret); secret != "" {
			g.setup.Secrets = append(g.setup.Secrets, secret)
		}
	}
}

func (g *Grants) has(focused fyne.Focusable) bool {
	for name, c := range g.controls {
		if focused == fyne.Focusable(c) || focused == fyne.Focusable(g.asks[name]) {
			return true
		}
	}
	return focused == fyne.Focusable(g.secrets)
}
