package picker

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"sealedroom/presets"
	"sealedroom/ui/theme"
)

// open shows all built-in scenarios, of which one is solved, and a file that
// could not be loaded.
func open(t testing.TB) (*Picker, fyne.Window) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: theme.AlwaysDark})
	own := Section{Title: "Yours", Problems: []string{"bad.md:3: unknown key"}}
	all := Section{Title: "All"}
	for _, s := range presets.BuiltIn() {
		all.Entries = append(all.Entries, Entry{Scenario: s, Standing: standing(s.Name)})
	}
	p := New([]Section{own, all}, nil)
	p.OnChosen = func(*presets.Scenario) {}
	w := test.NewTempWindow(t, p.Object)
	w.Resize(fyne.NewSize(600, 640))
	w.Canvas().Focus(p.Focus())
	return p, w
}

func standing(name string) Standing {
	return map[string]Standing{"rob-the-vault": Solved, "the-doors": Begun}[name]
}

// found are the scenarios that are listed.
func (p *Picker) found() []*presets.Scenario {
	var out []*presets.Scenario
	for _, r := range p.rows {
		if r.entry != nil {
			out = append(out, r.entry.Scenario)
		}
	}
	return out
}

func TestSearch(t *testing.T) {
	p, _ := open(t)
	if n := len(p.found()); n != len(presets.BuiltIn()) {
		t.Errorf("%d are listed", n)
	}
	p.search.SetText("  VAULT rob ")
	for _, s := range p.found() {
		if !s.Matches("vault rob") {
			t.Errorf("%s is found", s.Name)
		}
	}
	if len(p.found()) == 0 {
		t.Error("Nothing found")
	}
	p.search.SetText("no such words anywhere")
	if len(p.rows) != 0 || !strings.Contains(p.count.Text, "Nothing found") {
		t.Errorf("%d rows, %q", len(p.rows), p.count.Text)
	}
	p.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) // chooses nothing
	p.search.SetText("bad.md")
	read := ""
	p.OnProblem = func(problem string) { read = problem }
	p.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if read != "bad.md:3: unknown key" {
		t.Errorf("Enter at a problem reads %q", read)
	}
}

func TestFilters(t *testing.T) {
	p, _ := open(t)
	for level := 1; level <= 3; level++ {
		p.level.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
		for _, s := range p.found() {
			if s.Level != level {
				t.Errorf("%s, of level %d, is listed for %d", s.Name, s.Level, level)
			}
		}
		if len(p.found()) == 0 {
			t.Errorf("nothing for level %d", level)
		}
	}
	p.level.Set(0)
	p.open.TypedRune(' ')
	for _, s := range p.found() {
		if s.Name == "rob-the-vault" {
			t.Error("what is solved is listed among what is not")
		}
	}
	if len(p.found()) != len(presets.BuiltIn())-1 {
		t.Errorf("%d are not solved", len(p.found()))
	}
}

// TestMoving goes through all rows and back; headings are passed over.
func TestMoving(t *testing.T) {
	p, w := open(t)
	key := func(name fyne.KeyName) { w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name}) }
	last := -1
	for p.marked != last {
		if last = p.marked; !p.rows[last].choosable() {
			t.Fatalf("a heading is marked: %+v", p.rows[last])
		}
		key(fyne.KeyDown)
	}
	if last != len(p.rows)-1 {
		t.Errorf("the way down ends at %d of %d", last, len(p.rows))
	}
	for range len(p.rows) {
		key(fyne.KeyPageUp)
	}
	if p.marked != 1 {
		t.Errorf("the way up ends at %d", p.marked)
	}
}

// TestMarksAreWords: a tick, a circle and a triangle say what colours say.
func TestMarksAreWords(t *testing.T) {
	p, w := open(t)
	p.search.SetText("rob")
	p.Reveal()
	signs := map[string]bool{}
	for _, o := range test.LaidOutObjects(w.Content()) {
		if text, ok := o.(*canvas.Text); ok {
			signs[text.Text] = true
		}
	}
	for _, want := range []string{"✓", "○", "12. Rob the vault, then mend it", "challenge · curious"} {
		if !signs[want] {
			t.Errorf("%q is not drawn", want)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	p, _ := open(b)
	for b.Loop() {
		p.search.SetText("vault")
		p.search.SetText("")
	}
}

// TestChallenges: the word in the rows finds all of them, and so does the filter.
func TestChallenges(t *testing.T) {
	p, _ := open(t)
	all := 0
	for _, s := range presets.BuiltIn() {
		if s.Challenge() {
			all++
		}
	}
	for _, words := range []string{"challenge", "Challenges", "chall"} {
		p.search.SetText(words)
		found := 0
		for _, s := range p.found() {
			if s.Challenge() {
				found++
			}
		}
		if found != all {
			t.Errorf("%q finds %d of %d", words, found, all)
		}
	}
	p.search.SetText("challenge vault")
	if n := len(p.found()); n == 0 || n >= all {
		t.Errorf("with another word %d are found", n)
	}
	p.search.SetText("")
	p.ShowChallenges(true)
	if n := len(p.found()); n != all {
		t.Errorf("the filter lists %d of %d", n, all)
	}
	for _, s := range p.found() {
		if !s.Challenge() {
			t.Errorf("%s is no challenge", s.Name)
		}
	}
}

// TestBegun: what was begun differs from what was not, in a sign and a word.
func TestBegun(t *testing.T) {
	p, w := open(t)
	p.search.SetText("the doors, one by one")
	p.Reveal()
	words := ""
	for _, o := range test.LaidOutObjects(w.Content()) {
		if text, ok := o.(*canvas.Text); ok {
			words += text.Text + " "
		}
	}
	if !strings.Contains(words, "◐") || !strings.Contains(words, "begun") {
		t.Errorf("shown is %q", words)
	}
}

// TestProblemsAreFound: a broken file that is found is no empty list.
func TestProblemsAreFound(t *testing.T) {
	p, _ := open(t)
	p.search.SetText("bad.md")
	if strings.Contains(p.count.Text, "Nothing found") {
		t.Errorf("over a found file it says %q", p.count.Text)
	}
}
