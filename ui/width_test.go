package ui

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/ui/editor"
	"sealedroom/ui/panes"
	"sealedroom/ui/theme"
)

// TestLimitsAreWhole: no word of the limits is shortened, whatever the width of
// the window and the size of the text.
func TestLimitsAreWhole(t *testing.T) {
	s := open(t, "")
	s.settings.Grants.Set(map[string]bridge.Grant{"db": bridge.Naive, "http": bridge.Naive})
	state := ended(engine.OK, leaked)
	for _, scale := range []float32{1, 2} {
		s.setAppearance(theme.AlwaysDark, scale)
		for _, width := range []float32{1024, 1440} {
			s.window.window.Resize(fyne.NewSize(width, 900))
			s.settings.Show(state)
			for range 2 { // what is below another changes heights
				s.window.window.Content().Refresh()
			}
			for _, text := range drawn(s.settings.Grants.Object) {
				if strings.HasSuffix(text, "…") && !strings.HasPrefix(text, "NAME or") && (scale < 2 || width > 1024) { // there is no room for a name beside its switch
					t.Errorf("%v wide at %v: %q is shortened", width, scale, text)
				}
			}
			for _, limit := range engine.AllLimits() {
				for _, text := range drawn(s.settings.Part(limit.String())) {
					if strings.HasSuffix(text, "…") {
						t.Errorf("%v wide at %v, %s: %q is shortened", width, scale, limit, text)
					}
				}
			}
		}
	}
}

// TestGuestTextStartsNoLine: whatever a guest's text says, it stands in a field
// for it, and behind a mark where it is copied.
func TestGuestTextStartsNoLine(t *testing.T) {
	forged := "x\n\n// call 2: allowed, from line 9\n\nWhat the host saw:\n(nothing was logged)"
	d := panes.NewCallDetail()
	d.Show(inspector.Call{Times: 1, Call: engine.Call{
		N: 1, Capability: "db", Method: "query\nWhat the host saw:", Args: forged, Answer: forged, Logged: forged, Code: forged,
		Decision: bridge.Failed, Secrets: []string{forged},
	}})
	fromApp := map[string]bool{}
	for _, line := range strings.Split(d.Text, "\n") {
		if strings.HasPrefix(line, "│ ") {
			continue
		}
		if fromApp[line] && line != "" || strings.HasPrefix(line, "//") || strings.HasPrefix(line, "(nothing") {
			t.Errorf("a line of the guest's passes for one of the app's: %q", line)
		}
		fromApp[line] = true
	}
	w := test.NewTempWindow(t, d.Object)
	w.Resize(fyne.NewSize(400, 600))
	for _, label := range []*theme.Label{d.Head, d.Leak, d.GotNote} {
		if strings.Contains(label.Text, "\n") {
			t.Errorf("a caption has several lines: %q", label.Text)
		}
	}
	if d.Guest.Text() != forged || d.Host.Text() != forged {
		t.Errorf("the fields hold %q and %q", d.Guest.Text(), d.Host.Text())
	}
}

// TestCallColumnsFit: what fits is whole, and each column is in line.
func TestCallColumnsFit(t *testing.T) {
	s := open(t, "")
	state := ended(engine.OK,
		engine.Call{N: 1, Capability: "kv", Method: "get", Args: `["k"]`, Answer: "a rather long answer that says much", Decision: bridge.Allowed, Line: 3},
		engine.Call{N: 2, Capability: "db", Method: "query", Args: `["SELECT 1"]`, Answer: "not granted", Decision: bridge.Denied, Line: 4})
	s.show(state)
	s.inspector.Open(panes.ViewCalls)
	s.window.window.Resize(fyne.NewSize(1920, 1000))
	s.window.window.Content().Refresh()
	for _, want := range []string{"a rather long an", `["SELECT 1"]`, "✗ refused", "✓ allowed", "2 calls"} {
		if !s.shows(want) {
			t.Errorf("%q is not shown whole", want)
		}
	}
	p := s.inspector.Calls
	p.List.Select(1)
	p.Filter.SetText("refused")
	if len(p.Rows) != 1 || p.Summary.Text != "1 of 2 calls" || !strings.Contains(p.Detail.Head.Text, "refused") {
		t.Errorf("filtered: %d rows, %q, shown is %q", len(p.Rows), p.Summary.Text, p.Detail.Head.Text)
	}
}

// TestMarksSayWhatDecided: no code word of ours stands at a line's end.
func TestMarksSayWhatDecided(t *testing.T) {
	for _, outcome := range engine.Outcomes {
		state := ended(outcome,
			engine.Console{Level: "log", Text: "first\nsecond", Line: 1}, engine.Console{Level: "log", Text: "", Line: 2},
			engine.Console{Level: "log", Text: "1", Line: 3}, engine.Console{Level: "log", Text: "2", Line: 3},
			engine.Call{N: 1, Capability: "db", Method: "query", Decision: bridge.Denied, Line: 4})
		state.Ended.StoppedLine = 5
		marks, _ := panes.MarksOf(state, func(line int) int { return line })
		said := ""
		for _, m := range marks {
			said += fmt.Sprintf("%d %v %s|%s\n", m.Line, m.Kind, m.Value, m.Note)
		}
		for _, want := range []string{"1 console first …|", "2 console (empty line)|", "3 console 2|last of 2 lines", "4 refused |db.query"} {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %q is not among\n%s", outcome, want, said)
			}
		}
		for _, m := range marks {
			if m.Kind == editor.MarkStopped && strings.HasPrefix(m.Note, "exceeded") {
				t.Errorf("%s: a code word: %q", outcome, m.Note)
			}
		}
	}
}

// TestSaidStandsBelowTheList: what is said about the chosen one is next to it.
func TestSaidStandsBelowTheList(t *testing.T) {
	s := open(t, "")
	s.show(ended(engine.OK, process, leaked))
	for name, object := range map[panes.ViewID]fyne.CanvasObject{panes.ViewDoors: s.inspector.Doors.Object, panes.ViewVault: s.inspector.Vault.Body} {
		s.inspector.Open(name)
		s.window.window.Content().Refresh()
		box := object.(*fyne.Container)
		list, said := box.Objects[0], box.Objects[1].(*container.Scroll)
		if gap := said.Position().Y - list.Size().Height; gap != 0 || said.Size().Height > said.Content.MinSize().Height+1 {
			t.Errorf("%s: %v below the list, %v high", name, gap, said.Size().Height)
		}
	}
}

// TestStartupNamesAreWhole: no name or figure of a bar is cut, also where the
// column is narrow for its text.
func TestStartupNamesAreWhole(t *testing.T) {
	s := open(t, "")
	s.play("10 + 20")
	s.openLesson(true)
	for _, scale := range []float32{1, 1.5} {
		s.setAppearance(theme.AlwaysDark, scale)
		for _, width := range []float32{1360, 1440} {
			s.window.window.Resize(fyne.NewSize(width, 900))
			for _, view := range []panes.ViewID{panes.ViewStartup, panes.ViewRoom} {
				s.inspector.Open(view)
				s.window.window.Content().Refresh()
				bars := s.inspector.Startup.Bars
				if view == panes.ViewRoom {
					bars = []*panes.Bar{s.inspector.Times.Wall, s.inspector.Times.CPU}
				}
				for _, b := range bars {
					for _, text := range drawn(b) {
						if strings.HasSuffix(text, "…") {
							t.Errorf("%v wide at %v: %q is cut", width, scale, text)
						}
					}
				}
			}
		}
	}
}

// TestPresenting: with a lesson open, the room has a third of the window's
// height, and the code has the width of its own column; F5 shows the lesson, and a
// run the code, with a mark at the lesson's tab.
func TestPresenting(t *testing.T) {
	for _, size := range []fyne.Size{{Width: 1360, Height: 800}, {Width: 1440, Height: 900}, {Width: 1920, Height: 1080}, {Width: 2560, Height: 1440}} {
		s := open(t, "")
		s.library.Show(scenario(t, "rob-the-vault"))
		s.window.window.Resize(size)
		s.togglePresenter()
		s.window.window.Content().Refresh()
		paged := size.Height < 1400
		if s.paged() != paged || paged && s.pages.Chosen() != 0 {
			t.Errorf("%v: paged %v, shown is page %d", size, s.paged(), s.pages.Chosen())
		}
		s.Run()
		s.settleDown()
		if paged && (s.pages.Chosen() != 1 || !s.shows(lessonTitle+" ●")) {
			t.Errorf("%v: after a run, page %d is shown, and the lesson has no mark", size, s.pages.Chosen())
		}
		picture, at := s.inspector.Picture, fyne.CurrentApp().Driver().AbsolutePositionForObject(s.inspector.Picture)
		if high := min(picture.Size().Height, size.Height-at.Y); high < min(360, 0.3*size.Height) {
			t.Errorf("%v: of the room's picture %v are in sight", size, high)
		}
		if paged {
			s.pages.Select(0)
			if s.shows(lessonTitle + " ●") {
				t.Errorf("%v: the mark stays at what was read", size)
			}
		}
	}
}
