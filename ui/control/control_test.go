package control

import (
	"image/color"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"sealedroom/ui/theme"
	"sealedroom/ui/uitest"
)

// embedded is a widget that is made of one of ours, as a search field is.
type embedded struct{ Entry }

// The other controls, embedded too.
type (
	embeddedList   struct{ List }
	embeddedSelect struct{ Select }
	embeddedGrid   struct{ Grid }
	embeddedButton struct{ Button }
	embeddedLink   struct{ Link }
	embeddedTree   struct{ Tree }
)

// TestWindowKeysFromEmbeddingWidgets: Fyne knows the outer widget only, so that is
// what has to be passed when a key is handed on.
func TestWindowKeysFromEmbeddingWidgets(t *testing.T) {
	test.NewTempApp(t)
	entry, list, choice, grid := &embedded{}, &embeddedList{}, &embeddedSelect{}, &embeddedGrid{}
	button, link, tree := &embeddedButton{}, &embeddedLink{}, &embeddedTree{}
	grid.UpdateItem = func(int, fyne.CanvasObject) {}
	widgets := []fyne.Widget{entry, list, choice, grid, button, link, tree}
	extend := []interface{ ExtendBaseWidget(fyne.Widget) }{entry, list, choice, grid, button, link, tree}
	row := container.NewVBox()
	for i, w := range widgets {
		extend[i].ExtendBaseWidget(w)
		row.Add(w)
	}
	w := test.NewTempWindow(t, row)
	got := fyne.KeyName("")
	w.Canvas().SetOnTypedKey(func(key *fyne.KeyEvent) { got = key.Name })
	uitest.Strict(t)
	if fyne.CurrentApp().Driver().CanvasForObject(&entry.Entry) != nil || fyne.CurrentApp().Driver().CanvasForObject(entry) == nil {
		t.Fatal("the driver knows an embedded field, or not the widget: the test tests nothing")
	}
	for _, widget := range widgets {
		for _, key := range []fyne.KeyName{fyne.KeyEscape, fyne.KeyF1, fyne.KeyF5, fyne.KeyF11} {
			got = ""
			widget.(fyne.Focusable).TypedKey(&fyne.KeyEvent{Name: key})
			if got != key {
				t.Errorf("%T gives the window %q for %s", widget, got, key)
			}
		}
	}
}

// TestTabsBeyondTheEdge: titles that have no room are indicated, and can be reached.
// The title below the pointer stands out, and the chosen one always does.
func TestTabsShowThePointer(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: theme.AlwaysDark, Scale: 1})
	tabs := NewTabs(Tab{"Room", widget.NewLabel("a")}, Tab{"Result", widget.NewLabel("b")}, Tab{"Calls", widget.NewLabel("c")})
	test.NewTempWindow(t, tabs.Object).Resize(fyne.NewSize(400, 200))
	lit := func() (out []string) {
		for _, text := range tabs.strip.texts {
			if text.Color == color.Color(theme.Now().Text) {
				out = append(out, text.Text)
			}
		}
		return out
	}
	move := func(i int) {
		x, width := tabs.strip.at(i)
		e := &desktop.MouseEvent{}
		e.Position = fyne.NewPos(x+width/2, 10)
		tabs.strip.MouseMoved(e)
	}
	move(2)
	if got := lit(); !slices.Equal(got, []string{"Room", "Calls"}) {
		t.Errorf("with the pointer at Calls, %v stand out", got)
	}
	tabs.strip.MouseOut()
	if got := lit(); !slices.Equal(got, []string{"Room"}) {
		t.Errorf("without a pointer, %v stand out", got)
	}
}

func TestTabsBeyondTheEdge(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: theme.AlwaysDark})
	tabs := NewTabs(Tab{"The first one", widget.NewLabel("1")}, Tab{"The second one", widget.NewLabel("2")}, Tab{"The third one", widget.NewLabel("3")})
	test.NewTempWindow(t, tabs.strip)
	tabs.strip.Resize(fyne.NewSize(600, 30))
	if !tabs.strip.more[0].Hidden || !tabs.strip.more[1].Hidden {
		t.Error("all titles are in sight, and more are counted")
	}
	tabs.strip.Resize(fyne.NewSize(160, 30))
	if !tabs.strip.more[0].Hidden || tabs.strip.more[1].Hidden {
		t.Error("nothing shows that there are titles at the right")
	}
	for range 2 {
		tabs.strip.Tapped(&fyne.PointEvent{Position: fyne.NewPos(tabs.strip.Size().Width-2, 5)})
	}
	if tabs.Chosen() != 2 || tabs.strip.more[0].Hidden || !tabs.strip.more[1].Hidden {
		t.Errorf("shown is tab %d", tabs.Chosen())
	}
}
