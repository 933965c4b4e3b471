package panes

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/kit/words"
	"sealedroom/ui/theme"
)

// Vault lists the secrets: never their values, but how often each was used,
// and by which ways it left.
type Vault struct {
	Object  fyne.CanvasObject
	list    *control.List
	Where   *widget.Label
	note    *theme.Label
	secrets []bridge.SecretReport
	filled  bool
	Body    *fyne.Container
	columns secretColumns
}

func newVaultPane() *Vault {
	p := &Vault{Where: widget.NewLabel(""), note: box.Caption("")}
	p.Where.Wrapping = fyne.TextWrapWord
	p.list = control.NewList(
		func() int { return len(p.secrets) },
		func() fyne.CanvasObject { return newSecretRow(p) },
		func(i int, o fyne.CanvasObject) {
			if i < len(p.secrets) {
				o.(*secretRow).set(p.secrets[i])
			}
		},
	)
	p.list.OnSelected = func(i int) { p.explain(p.secrets[i]) }
	p.Body = container.New(box.ListAbove{Need: func(float32) float32 {
		return float32(len(p.secrets)) * (newSecretRow(p).MinSize().Height + fynetheme.Padding())
	}}, p.list, container.NewVScroll(box.Inset(p.Where, 4, 4)))
	p.Object = box.Pane(box.Caption("VAULT — values stay with the host"), p.note, p.Body)
	return p
}

func (p *Vault) show(s *inspector.State) {
	if p.filled && slices.EqualFunc(s.Secrets, p.secrets, func(a, b bridge.SecretReport) bool {
		return a.Name == b.Name && a.Used == b.Used && a.Revealed == b.Revealed
	}) {
		return
	}
	p.filled = true
	p.secrets = s.Secrets
	p.columns.name = 0
	for _, secret := range p.secrets {
		p.columns.name = max(p.columns.name, theme.NewLabel(theme.Code, theme.RoleText, inspector.Line(secret.Name)).NaturalWidth())
	}
	p.list.UnselectAll()
	p.list.Refresh()
	p.Body.Refresh()
	switch n := len(s.Revealed()); {
	case len(p.secrets) == 0:
		p.note.Set(theme.RoleMuted, "empty")
		p.Where.SetText("Each grant brings fresh secrets of its own into the vault, made for the run. The host uses them; the room never holds them, unless a hole lets them out.")
	case n > 0:
		p.note.Set(theme.RoleRed, fmt.Sprintf("OPEN: %d of %d revealed", n, len(p.secrets)))
		p.list.Select(slices.IndexFunc(p.secrets, func(s bridge.SecretReport) bool { return s.Revealed > 0 }))
	default:
		p.note.Set(theme.RoleAmber, fmt.Sprintf("locked: %d kept", len(p.secrets)))
		p.Where.SetText("Every byte that enters the room or leaves it is searched for each secret: plain, reversed, in hex, base64 and URL spelling, and in pieces.")
	}
}

func (p *Vault) explain(secret bridge.SecretReport) {
	text := inspector.Line(secret.Name) + ": " + times(secret.Used) + ". It never left."
	if secret.Revealed > 0 {
		text = fmt.Sprintf("%s: %s. It was seen in %s: %s.", inspector.Line(secret.Name), times(secret.Used),
			words.Plural(secret.Revealed, "place"), inspector.Line(strings.Join(secret.Where, "; ")))
	}
	p.Where.SetText(text)
	p.Body.Refresh()
}

func times(n int) string {
	switch n {
	case 0:
		return "the host had no use for it"
	case 1:
		return "the host used it once"
	}
	return "the host used it " + words.Grouped(n) + " times"
}

// secretRow is one secret.
type secretRow struct {
	widget.BaseWidget
	name, dots, state *theme.Label
	columns           *secretColumns
}

func newSecretRow(p *Vault) *secretRow {
	r := &secretRow{
		name: theme.Cut(theme.Code, theme.RoleText, ""), dots: theme.Cut(theme.Code, theme.RoleMuted, "••••••••"),
		state: theme.Cut(theme.Body, theme.RoleAmber, ""), columns: &p.columns,
	}
	r.ExtendBaseWidget(r)
	return r
}

func (r *secretRow) set(secret bridge.SecretReport) {
	r.name.Set(theme.RoleText, inspector.Line(secret.Name))
	r.Refresh()
	if secret.Revealed > 0 {
		r.state.Set(theme.RoleRed, fmt.Sprintf("OPEN · used %d · revealed %d", secret.Used, secret.Revealed))
		return
	}
	r.state.Set(theme.RoleAmber, fmt.Sprintf("locked · used %d · never left", secret.Used))
}

func (r *secretRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(box.Inset(container.New(r.columns, r.name, r.dots, r.state), 12, 3))
}

// secretColumns puts name, dots and state into columns; the dots go where there
// is no room for all.
type secretColumns struct{ name float32 }

func (c *secretColumns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	gap := theme.Scaled(12)
	dots, state := objects[1].(*theme.Label), objects[2].(*theme.Label)
	name := min(c.name, size.Width*0.5)
	x := name + gap
	dots.Hidden = x+dots.NaturalWidth()+gap+state.NaturalWidth() > size.Width
	objects[0].Resize(fyne.NewSize(name, size.Height))
	if !dots.Hidden {
		dots.Move(fyne.NewPos(x, 0))
		dots.Resize(fyne.NewSize(dots.NaturalWidth(), size.Height))
		x += dots.NaturalWidth() + gap
	}
	state.Move(fyne.NewPos(x, 0))
	state.Resize(fyne.NewSize(max(0, size.Width-x), size.Height))
}

func (c *secretColumns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(60, objects[2].MinSize().Height)
}
