package ui

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"sealedroom/engine/bridge"
	"sealedroom/ui/theme"
)

// overflowing lists the texts that are wider than what they stand in. One that is
// cut on purpose ends with an ellipsis, and fits.
func overflowing(o fyne.CanvasObject, box fyne.Size) (out []string) {
	if !o.Visible() {
		return nil
	}
	var parts []fyne.CanvasObject
	switch o := o.(type) {
	case *canvas.Text:
		if over := o.Position().X + o.MinSize().Width - box.Width; o.Text != "" && o.Alignment == fyne.TextAlignLeading && over > 1 {
			return []string{fmt.Sprintf("%.60q by %.0f of %.0f", o.Text, over, box.Width)}
		}
	case *fyne.Container:
		parts = o.Objects
	case *container.Clip:
		return nil // the row of tabs, which shows a sign where there are more
	case fyne.Widget:
		parts = test.WidgetRenderer(o).Objects()
	}
	for _, part := range parts {
		out = append(out, overflowing(part, o.Size())...)
	}
	return out
}

// TestTextsStayInTheirBoxes: whatever the size of the text, none runs out of what
// it stands in.
func TestTextsStayInTheirBoxes(t *testing.T) {
	s := open(t, "")
	s.settings.Grants.Set(map[string]bridge.Grant{"db": bridge.Naive, "kv": bridge.Hardened})
	s.play("console.log('x'.repeat(300)); try { process } catch {} db.query('SELECT api_key FROM credentials'); ({a: [1, {b: 2}]})")
	look := func(where string) {
		s.window.window.Content().Refresh()
		for _, over := range overflowing(s.window.window.Content(), s.window.window.Canvas().Size()) {
			t.Errorf("%s: %s", where, over)
		}
	}
	for _, scale := range []float32{1, 1.5} {
		s.setAppearance(theme.AlwaysLight, scale)
		for view := range s.inspector.Views {
			s.inspector.Tabs.Select(view)
			look(fmt.Sprintf("at %v, %s", scale, s.inspector.Views[view].Name))
		}
		s.library.Show(scenario(t, "rob-the-vault"))
		look(fmt.Sprintf("at %v, a lesson", scale))
		s.showLimits(true)
		look(fmt.Sprintf("at %v, a lesson with limits", scale))
		s.showLimits(false)
	}
}
