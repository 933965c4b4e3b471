package settings

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/inspector/session"
	"sealedroom/presets"
	"sealedroom/ui/theme"
)

var (
	enter = &fyne.KeyEvent{Name: fyne.KeyReturn}
	left  = &fyne.KeyEvent{Name: fyne.KeyLeft}
	right = &fyne.KeyEvent{Name: fyne.KeyRight}
)

func newPanel(t *testing.T) (*Panel, *int) {
	test.NewTempApp(t).Settings().SetTheme(&theme.Theme{Mode: theme.AlwaysDark})
	changes := new(int)
	p := New()
	p.Changed = func() { *changes++ }
	return p, changes
}

func (p *Panel) row(name string) *limitRow {
	for _, row := range p.rows {
		if row.name == name {
			return row
		}
	}
	return nil
}

func TestTypedLimits(t *testing.T) {
	for _, c := range []struct {
		row, typed string
		want       func(engine.Limits) any // after it
		value      any
		problem    string // "" where it is taken
	}{
		{"Memory", "64MB", func(l engine.Limits) any { return l.Memory() }, int64(64 << 20), ""},
		{"Memory", "64 MB", func(l engine.Limits) any { return l.Memory() }, int64(64 << 20), ""},
		{"Memory", "4MB", func(l engine.Limits) any { return l.Memory() }, engine.MemoryLimit.Default(), "8 MB to 2 GB"},
		{"Memory", "64", func(l engine.Limits) any { return l.Memory() }, engine.MemoryLimit.Default(), "no unit"},
		{"Memory", "", func(l engine.Limits) any { return l.Memory() }, engine.MemoryLimit.Default(), "no unit"},
		{"Wall time", "2s", func(l engine.Limits) any { return l.Wall() }, 2 * time.Second, ""},
		{"Wall time", "1.5 s", func(l engine.Limits) any { return l.Wall() }, 1500 * time.Millisecond, ""},
		{"Wall time", "2 min", func(l engine.Limits) any { return l.Wall() }, 2 * time.Minute, ""},
		{"Teller calls", "1,000", func(l engine.Limits) any { return l.Calls() }, 1000, ""},
		{"Wall time", "0", func(l engine.Limits) any { return l.Wall() }, time.Second, "1 ms to 10 min"},
		{"Wall time", "1e99s", func(l engine.Limits) any { return l.Wall() }, time.Second, "write a number"},
		{"CPU time", "50ms", func(l engine.Limits) any { return l.CPU() }, 50 * time.Millisecond, ""},
		{"CPU time", "0", func(l engine.Limits) any { return l.CPU() }, time.Duration(0), ""},
		{"Teller calls", "7", func(l engine.Limits) any { return l.Calls() }, 7, ""},
		{"Teller calls", "-7", func(l engine.Limits) any { return l.Calls() }, 0, "1 to"},
		{"Teller calls", "many", func(l engine.Limits) any { return l.Calls() }, 0, "whole number"},
		{"Console", "1KiB", func(l engine.Limits) any { return l.Output() }, int64(1 << 10), ""},
		{"Console", "1GB", func(l engine.Limits) any { return l.Output() }, engine.OutputLimit.Default(), "64 MB"},
		{"Result", "2 kB", func(l engine.Limits) any { return l.Result() }, int64(2 << 10), ""},
	} {
		p, changes := newPanel(t)
		row := p.row(c.row)
		row.entry.SetText(c.typed)
		if got := c.want(p.setup.Limits); got != c.value {
			t.Errorf("%s %q: the limit is %v, want %v", c.row, c.typed, got, c.value)
		}
		if c.problem == "" && row.problem.Visible() || !strings.Contains(row.problem.Text, c.problem) {
			t.Errorf("%s %q: says %q, want %q", c.row, c.typed, row.problem.Text, c.problem)
		}
		if changed := *changes > 0; changed != (c.problem == "") {
			t.Errorf("%s %q: changed: %v", c.row, c.typed, changed)
		}
	}
}

func TestRefusedLimitIsForgotten(t *testing.T) {
	p, _ := newPanel(t)
	row := p.row("Memory")
	row.entry.SetText("1MB")
	if !row.problem.Visible() || !strings.Contains(row.problem.Text, "Still in force: 128 MB") {
		t.Fatalf("says %q", row.problem.Text)
	}
	row.entry.TypedKey(enter)
	if row.problem.Visible() || row.entry.Text != "128 MB" {
		t.Errorf("Enter leaves %q and %q", row.entry.Text, row.problem.Text)
	}
}

func TestSliders(t *testing.T) {
	p, changes := newPanel(t)
	for _, row := range p.rows {
		for _, place := range []float64{0, 0.01, 0.029, 0.5, 0.77, 1} {
			row.slid(place)
			if row.problem.Visible() || *changes == 0 {
				t.Errorf("%s at %v: %q", row.name, place, row.problem.Text)
			}
			if value, err := row.parse(row.entry.Text); err != nil || value != row.get(p.setup.Limits) {
				t.Errorf("%s at %v shows %q, in force is %v", row.name, place, row.entry.Text, row.get(p.setup.Limits))
			}
		}
	}
}

func TestProfiles(t *testing.T) {
	p, _ := newPanel(t)
	for _, profile := range presets.Profiles {
		p.profile.SetSelected(profile.Title)
		if p.profile.Selected != profile.Title || !strings.Contains(p.source.Text, profile.Source) {
			t.Errorf("%s: shows %q, %q", profile.Title, p.profile.Selected, p.source.Text)
		}
		if want, _ := profile.Apply(engine.Limits{}); !sameLimits(want, p.setup.Limits) {
			t.Errorf("%s: its limits are not in force", profile.Title)
		}
	}
	p.row("Wall time").entry.SetText("777ms")
	if p.profile.Selected != "" || p.profile.PlaceHolder != ownLimits {
		t.Errorf("limits of one's own are called %q", p.profile.Selected)
	}
	p.Set(engine.Limits{})
	if p.profile.Selected != presets.Profiles[0].Title {
		t.Errorf("the default is called %q", p.profile.Selected)
	}
}

func TestSwitchesAndSeed(t *testing.T) {
	p, changes := newPanel(t)
	for i, which := range engine.AllSwitches() {
		before := p.setup.Limits.Switches()
		p.toggles[i].Tapped(nil)
		after := p.setup.Limits.Switches()
		if before.On(which) == after.On(which) || *changes != i+1 {
			t.Errorf("%s does nothing", which)
		}
	}
	p.seed.SetText("42")
	p.seed.SetText("4x2")
	if p.setup.Limits.Switches().Seed != 42 || !p.seedWhy.Visible() {
		t.Errorf("seed %d, problem shown %v", p.setup.Limits.Switches().Seed, p.seedWhy.Visible())
	}
	p.seed.SetText("")
	if p.setup.Limits.Switches().Seed != 0 || p.seedWhy.Visible() {
		t.Error("no seed is refused")
	}
}

// A difference in a switch is named in the panel's words, and as the panel shows
// it.
func TestSwitchesInWords(t *testing.T) {
	var none engine.Switches
	all := engine.Switches{Eval: true, Wasm: true, SharedMemory: true, Timers: true, NoJIT: true, NoOpt: true}
	a, b := session.Setup{Limits: engine.Limits{}.WithSwitches(none)}, session.Setup{Limits: engine.Limits{}.WithSwitches(all)}
	changes := a.Changes(b)
	if len(changes) != len(engine.AllSwitches()) {
		t.Errorf("%d switches differ, and there are %d", len(changes), len(engine.AllSwitches()))
	}
	for _, d := range changes {
		name, was, is := Worded(d)
		i := slices.IndexFunc(engine.AllSwitches(), func(s engine.Switch) bool { return s.Title() == name })
		if i < 0 || (was == "on") != engine.Switch(i).Removes() || (is == "on") == engine.Switch(i).Removes() {
			t.Errorf("%s is named %s, from %s to %s", d.Key, name, was, is)
		}
	}
}

func TestUse(t *testing.T) {
	p, _ := newPanel(t)
	for _, c := range []struct {
		used int64
		want string
		role theme.Role
	}{
		{10 << 20, "7\u00a0% used", theme.RoleMuted},
		{110 << 20, "▲ 85\u00a0% used", theme.RoleAmber},
		{128 << 20, "■ 100\u00a0% used", theme.RoleRed},
		{0, "", theme.RoleMuted},
	} {
		p.Show(&inspector.State{Started: &engine.Started{}, PeakUsed: c.used, PeakHeap: c.used})
		note := p.row("Memory").note
		if note.Text != c.want || note.Role(theme.Dark) != c.role(theme.Dark) {
			t.Errorf("%d bytes: %q", c.used, note.Text)
		}
	}
}

func TestGrants(t *testing.T) {
	p, changes := newPanel(t)
	g := p.Grants
	g.controls["db"].TypedKey(right)
	if g.setup.Grants["db"] != bridge.Hardened || *changes != 1 || strings.Contains(g.warning.Text, "naive:") {
		t.Errorf("db is %v, %d changes, %q", g.setup.Grants["db"], *changes, g.warning.Text)
	}
	g.controls["db"].TypedKey(right)
	if g.setup.Grants["db"] != bridge.Naive || !strings.Contains(g.warning.Text, "▲ naive: db") {
		t.Errorf("db is %v, %q", g.setup.Grants["db"], g.warning.Text)
	}
	given := g.setup.Grants
	g.controls["db"].TypedKey(left)
	if given["db"] != bridge.Naive {
		t.Error("a run that began has its grants changed")
	}
	g.secrets.SetText(" A , B=c,, ")
	if got := strings.Join(g.setup.Secrets, "|"); got != "A|B=c" {
		t.Errorf("secrets are %q", got)
	}
}
