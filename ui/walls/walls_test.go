package walls

import (
	"context"
	"errors"
	"fmt"
	"image/color"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"sealedroom/engine"
	"sealedroom/ui/theme"
)

// sample is a report of 70 attempts, of which one fell and one could not hold.
func sample() engine.WallReport {
	report := engine.WallReport{
		Walls:   []engine.Wall{{Name: "landlock", Strength: "ABI 7: the whole file system, TCP, signals and abstract sockets of other processes"}, {Name: "seccomp", Strength: "43 system calls of some 360 are answered"}},
		Lacking: []string{"capabilities: the kernel did not take them all"},
	}
	for i := range 68 {
		report.Attempts = append(report.Attempts, engine.WallAttempt{Name: fmt.Sprintf("have the kernel signal the host in way %d", i), Held: true, Detail: "EPERM: operation not permitted", By: []string{"seccomp"}})
	}
	return engine.WallReport{Walls: report.Walls, Lacking: report.Lacking, Attempts: append(report.Attempts,
		engine.WallAttempt{Name: "open a\u202e file", Detail: "it worked", By: []string{"seccomp", "landlock"}},
		engine.WallAttempt{Name: "mount", Detail: "it worked", By: []string{"capabilities"}},
	)}
}

// tried is a pane that shows what try answers, and the window's queue.
func tried(t *testing.T, try func(context.Context) (engine.WallReport, error)) (*Pane, chan func()) {
	t.Helper()
	work := make(chan func(), 10)
	p := New(try, func(f func()) { work <- f })
	p.Try()
	return p, work
}

func next(t *testing.T, work chan func()) {
	t.Helper()
	select {
	case f := <-work:
		f()
	case <-time.After(30 * time.Second):
		t.Fatal("nothing came back to the window")
	}
}

func words(o fyne.CanvasObject) (out []*canvas.Text) {
	for _, o := range test.LaidOutObjects(o) {
		if text, ok := o.(*canvas.Text); ok && text.Visible() && text.Text != "" {
			out = append(out, text)
		}
	}
	return out
}

func joined(o fyne.CanvasObject) string {
	var all []string
	for _, text := range words(o) {
		all = append(all, text.Text)
	}
	return strings.Join(all, " ")
}

// TestReport: what fell comes first and in red, each row says what answered and
// which walls refuse it, and the walls are listed with their strengths.
func TestReport(t *testing.T) {
	for _, scale := range []float32{1, 1.5} {
		test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: theme.AlwaysDark, Scale: scale})
		p, work := tried(t, func(context.Context) (engine.WallReport, error) { return sample(), nil })
		if !p.Busy() || !strings.Contains(p.title.Text, "Trying") || p.Text() != "" {
			t.Errorf("meanwhile: busy %v, %q", p.Busy(), p.title.Text)
		}
		w := test.NewTempWindow(t, p.Object)
		next(t, work)
		w.Resize(fyne.NewSize(900, 700))
		if p.title.Text != "2 of 70 attempts worked" || p.sign.Text != "✗" || p.Busy() {
			t.Errorf("the title is %q %q", p.sign.Text, p.title.Text)
		}
		if r := p.rows[0]; r.held != "✗ fell" || r.name != `open a\u202e file` || r.answer != "it worked" || r.wall != "seccomp, landlock" {
			t.Errorf("the first row is %+v", r)
		}
		if r := p.rows[1]; r.wall != "only capabilities, not on this system" {
			t.Errorf("the second row is %+v", r)
		}
		if r := p.rows[2]; r.held != "✓ held" || r.answer != "refused: not permitted (EPERM)" {
			t.Errorf("the third row is %+v", r)
		}
		all := joined(w.Content())
		for _, want := range []string{"landlock", "ABI 7", "capabilities", "did not take them all", "43 system calls"} {
			if !strings.Contains(all, want) {
				t.Errorf("%v: %q is not shown", scale, want)
			}
		}
		red := 0
		for _, text := range words(p.rows[0].object) {
			if text.Color == color.Color(theme.Now().Red) {
				red++
			}
		}
		if red < 2 {
			t.Errorf("what fell has %d red words", red)
		}
		if text := p.Text(); !strings.Contains(text, "FELL  open a") || !strings.Contains(text, "lacking capabilities") {
			t.Errorf("the text is %s", text)
		}
	}
}

// TestChoices: the list shows what is chosen, and the counts are right.
func TestChoices(t *testing.T) {
	test.NewTempApp(t)
	p, work := tried(t, func(context.Context) (engine.WallReport, error) { return sample(), nil })
	next(t, work)
	for choice, want := range map[string]int{"Every attempt (70)": 70, "What worked (2)": 2, "Refused by landlock (1)": 1, "Refused by seccomp (69)": 69} {
		p.choice.SetSelected(choice)
		shown := 0
		for _, r := range p.rows {
			if r.object.Visible() {
				shown++
			}
		}
		if shown != want || p.choice.Selected != choice {
			t.Errorf("%s shows %d", p.choice.Selected, shown)
		}
	}
}

// TestNothingOverlaps: at any width the words of a row stand apart and inside.
func TestNothingOverlaps(t *testing.T) {
	for _, scale := range []float32{1, 1.5, 2} {
		test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: theme.AlwaysDark, Scale: scale})
		for _, width := range []float32{420, 560, 700, 1000, 1400} {
			p, work := tried(t, func(context.Context) (engine.WallReport, error) { return sample(), nil })
			next(t, work)
			w := test.NewTempWindow(t, p.Object)
			w.SetPadded(false)
			w.Resize(fyne.NewSize(width, 600))
			width := w.Canvas().Size().Width
			var all []placed
			place(w.Content(), fyne.Position{}, &all)
			if len(all) < 10 {
				t.Errorf("%v wide, %v: only %d words are placed", width, scale, len(all))
			}
			for i, a := range all {
				size := a.text.MinSize()
				if a.at.X < 0 || a.at.X+size.Width > width+1 {
					t.Errorf("%v wide, %v: %q is outside", width, scale, a.text.Text)
				}
				for _, b := range all[:i] {
					bs := b.text.MinSize()
					if a.at.X < b.at.X+bs.Width-1 && b.at.X < a.at.X+size.Width-1 && a.at.Y+size.Height*0.2 < b.at.Y+bs.Height*0.85 && b.at.Y+bs.Height*0.2 < a.at.Y+size.Height*0.85 {
						t.Errorf("%v wide, %v: %q and %q overlap", width, scale, a.text.Text, b.text.Text)
					}
				}
			}
		}
	}
}

// placed is a text that is drawn, and where.
type placed struct {
	text *canvas.Text
	at   fyne.Position
}

// place finds out where each text below an object is, as far as it is in sight.
func place(o fyne.CanvasObject, at fyne.Position, out *[]placed) {
	if !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	var inner []fyne.CanvasObject
	switch o := o.(type) {
	case *canvas.Text:
		if o.Text != "" {
			*out = append(*out, placed{o, at})
		}
	case *container.Scroll:
		var content []placed
		place(o.Content, at, &content)
		for _, text := range content {
			if text.at.Y >= at.Y && text.at.Y+text.text.MinSize().Height <= at.Y+o.Size().Height {
				*out = append(*out, text)
			}
		}
	case *fyne.Container:
		inner = o.Objects
	case fyne.Widget:
		inner = test.WidgetRenderer(o).Objects()
	}
	for _, o := range inner {
		place(o, at, out)
	}
}

// TestFails: an error says so, and the walls can be tried again.
func TestFails(t *testing.T) {
	test.NewTempApp(t)
	calls := 0
	p, work := tried(t, func(context.Context) (engine.WallReport, error) {
		if calls++; calls == 1 {
			return engine.WallReport{}, errors.New("start a worker: no\nprocess")
		}
		return engine.WallReport{}, nil
	})
	next(t, work)
	if p.sign.Text != "✗" || p.sentence.Text != `start a worker: no\nprocess. Try again.` {
		t.Errorf("says %q %q", p.title.Text, p.sentence.Text)
	}
	p.Try()
	next(t, work)
	if p.sign.Text != "▲" || p.title.Text != "Nothing was tried" {
		t.Errorf("says %q %q", p.sign.Text, p.title.Text)
	}
}

// TestClose: closing ends the trial, and nothing of it is shown later.
func TestClose(t *testing.T) {
	test.NewTempApp(t)
	started := make(chan struct{})
	p, work := tried(t, func(ctx context.Context) (engine.WallReport, error) {
		close(started)
		<-ctx.Done()
		return sample(), ctx.Err()
	})
	<-started
	p.Try() // one at a time
	p.Close()
	p.Wait()
	next(t, work)
	if p.report != nil || p.Busy() || len(p.rows) > 0 {
		t.Error("a closed pane shows what came of it")
	}
}
