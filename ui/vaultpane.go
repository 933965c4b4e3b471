package ui

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/ui/control"
	"sealedroom/ui/theme"
)

// vaultPane lists the secrets: never their values, but how often each was used,
// and by which ways it left.
type vaultPane struct {
	object  fyne.CanvasObject
	list    *control.List
	where   *widget.Label
	note    *theme.Label
	secrets []bridge.SecretReport
	filled  bool
}

func newVaultPane() *vaultPane {
	p := &vaultPane{where: widget.NewLabel(""), note: caption("")}
	p.where.Wrapping = fyne.TextWrapWord
	p.list = control.NewList(
		func() int { return len(p.secrets) },
		func() fyne.CanvasObject { return newSecretRow() },
		func(i int, o fyne.CanvasObject) {
			if i < len(p.secrets) {
				o.(*secretRow).set(p.secrets[i])
			}
		},
	)
	p.list.OnSelected = func(i int) { p.explain(p.secrets[i]) }
	split := container.NewVSplit(pane(caption("VAULT — values stay with the host"), p.note, p.list), container.NewVScroll(inset(p.where, 8, 4)))
	split.Offset = 0.6
	p.object = split
	return p
}

func (p *vaultPane) show(s *inspector.State) {
	if p.filled && slices.EqualFunc(s.Secrets, p.secrets, func(a, b bridge.SecretReport) bool {
		return a.Name == b.Name && a.Used == b.Used && a.Revealed == b.Revealed
	}) {
		return
	}
	p.filled = true
	p.secrets = s.Secrets
	p.list.UnselectAll()
	p.list.Refresh()
	switch n := len(s.Revealed()); {
	case len(p.secrets) == 0:
		p.note.Set(theme.RoleMuted, "empty")
		p.where.SetText("Each grant brings fresh secrets of its own into the vault, made for the run. The host uses them; the room never holds them, unless a hole lets them out.")
	case n > 0:
		p.note.Set(theme.RoleRed, fmt.Sprintf("OPEN: %d of %d revealed", n, len(p.secrets)))
		p.list.Select(slices.IndexFunc(p.secrets, func(s bridge.SecretReport) bool { return s.Revealed > 0 }))
	default:
		p.note.Set(theme.RoleAmber, fmt.Sprintf("locked: %d kept", len(p.secrets)))
		p.where.SetText("Every byte that enters the room or leaves it is searched for each secret: plain, reversed, in hex, base64 and URL spelling, and in pieces.")
	}
}

func (p *vaultPane) explain(secret bridge.SecretReport) {
	text := inspector.Line(secret.Name) + ": " + times(secret.Used) + ". It never left."
	if secret.Revealed > 0 {
		text = fmt.Sprintf("%s: %s. It was seen in %s: %s.", inspector.Line(secret.Name), times(secret.Used),
			plural(secret.Revealed, "place"), inspector.Line(strings.Join(secret.Where, "; ")))
	}
	p.where.SetText(text)
}

func times(n int) string {
	switch n {
	case 0:
		return "the host had no use for it"
	case 1:
		return "the host used it once"
	}
	return "the host used it " + grouped(n) + " times"
}

// secretRow is one secret.
type secretRow struct {
	widget.BaseWidget
	name, state *theme.Label
}

func newSecretRow() *secretRow {
	r := &secretRow{name: theme.Cut(theme.Code, theme.RoleText, ""), state: theme.Cut(theme.Body, theme.RoleAmber, "")}
	r.ExtendBaseWidget(r)
	return r
}

func (r *secretRow) set(secret bridge.SecretReport) {
	r.name.Set(theme.RoleText, inspector.Line(secret.Name)+"  ••••••••")
	if secret.Revealed > 0 {
		state := fmt.Sprintf("OPEN · used %d · revealed %d", secret.Used, secret.Revealed)
		if len(secret.Where) > 0 {
			state += " — " + inspector.Line(secret.Where[0])
		}
		r.state.Set(theme.RoleRed, state)
		return
	}
	r.state.Set(theme.RoleAmber, fmt.Sprintf("locked · used %d · never left", secret.Used))
}

func (r *secretRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(inset(newEnds(r.name, r.state), 8, 3))
}
