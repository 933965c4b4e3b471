package ui

import (
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"sealedroom/engine/bridge"
	"sealedroom/ui/control"
)

// links are those of the verdict.
func (s *stage) links() []string {
	var out []string
	for _, o := range s.inspector.Verdict.Links.Objects {
		out = append(out, o.(*control.Link).Text)
	}
	return out
}

// follows taps a link of the verdict.
func (s *stage) follows(words string) {
	s.t.Helper()
	for _, o := range s.inspector.Verdict.Links.Objects {
		if link := o.(*control.Link); strings.Contains(link.Text, words) {
			link.OnTapped()
			return
		}
	}
	s.t.Fatalf("no link %q among %q", words, s.links())
}

// TestVerdictShowsWhatDecided: a verdict names the control that decided, with a
// link that shows it.
func TestVerdictShowsWhatDecided(t *testing.T) {
	s := open(t, "")
	s.window.window.Resize(fyne.NewSize(1440, 900))
	for _, c := range []struct{ guest, advice, link, control string }{
		{"db.query('SELECT 1')", "db is not granted", "Show db in the panel", "grant.db"},
		{"setTimeout(f => f)", "Timers are switched off", "Show Timers in the panel", "timers"},
		{"new ArrayBuffer(1e9)", "memory limit refused", "Show Memory in the panel", "memory"},
		{"eval('1')", "Running code from strings is switched off", "Show eval / new Function in the panel", "eval"},
	} {
		s.play(c.guest)
		v := s.inspector.Verdict
		if v.Advice.Hidden || !strings.Contains(v.Advice.Text, c.advice) || len(s.links()) != 1 || s.links()[0] != c.link {
			t.Errorf("%s: %q with the links %q", c.guest, v.Advice.Text, s.links())
			continue
		}
		s.showLimits(false)
		s.pointer.Clear()
		s.follows("Show")
		if !s.limitsBeside || len(s.pointer.Parts()) != 1 || s.pointer.Parts()[0] != s.settings.Part(c.control) {
			t.Errorf("%s: the link points at %v", c.guest, s.pointer.Parts())
		}
	}
	s.play("1 + 1")
	if !s.inspector.Verdict.Advice.Hidden || len(s.links()) != 0 {
		t.Errorf("after a good run: %q, %q", s.inspector.Verdict.Advice.Text, s.links())
	}
	s.play("throw new Error('mine')")
	if console := s.console; len(console.Rows) != 2 || console.Row(0).Text != "Uncaught Error: mine" || console.Row(0).Level != "✗ error" {
		t.Errorf("the console has %d rows", len(console.Rows))
	}
}

// TestLift: a guest, its limits and its grants come out of host code at a click,
// and one undo puts everything back.
func TestLift(t *testing.T) {
	data, err := os.ReadFile("../engine/hostcode/testdata/bridge.txt")
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, "")
	host := strings.ReplaceAll(string(data), "memoryLimit: 128", "memoryLimit: 64")
	s.document.Load("", "")
	s.editor.ReplaceText(host)
	s.play(host)
	if got := s.links(); len(got) != 1 || got[0] != "Lift out the guest" {
		t.Fatalf("the links are %q", got)
	}
	before := s.library.Setup()
	s.follows("Lift out")
	if code := s.editor.Text(); strings.Contains(code, "ivm") || !strings.Contains(code, "db.query") {
		t.Fatalf("the editor has %q", code)
	}
	if s.settings.Setup().Limits.Memory() != 64<<20 || s.settings.Kept().Grants["db"] != bridge.Hardened {
		t.Errorf("the room is %v, %v", s.settings.Setup().Limits.Memory(), s.settings.Kept().Grants)
	}
	lifted := s.editor.Text()
	s.play(lifted)
	if v := s.inspector.Verdict; !strings.Contains(v.Sentence.Text, "Found 1 active users.") {
		t.Errorf("the lifted guest: %q, %q", v.Title.Text, v.Sentence.Text)
	}

	s.document.Load("", host)
	s.settings.Set(before.Limits)
	s.settings.Grants.Set(nil)
	s.play(host)
	s.follows("Lift out")
	s.editor.Undo()
	s.document.Settle()
	if s.editor.Text() != host || len(before.Changes(s.library.Setup())) != 0 {
		t.Errorf("undone, the room differs by %v", before.Changes(s.library.Setup()))
	}
}

// TestOtherEncodings: a file in another encoding opens, it is said, and it is
// saved as it was.
func TestOtherEncodings(t *testing.T) {
	s := open(t, "")
	for _, c := range []struct{ file, text, says, saved string }{
		{"'gr\xf6\xdfe'\r\n", "'größe'\n", "Windows-1252", "'gr\xf6\xdfe'\r\n1"},
		{"\xff\xfe'\x00\xe9\x00'\x00", "'é'", "UTF-16", "\xff\xfe'\x00\xe9\x00'\x001\x00"},
		{"\xef\xbb\xbf'é'", "'é'", "", "\xef\xbb\xbf'é'1"},
	} {
		path := write(t, "guest.js", c.file)
		s.document.Load("", "")
		s.document.Dropped([]fyne.URI{storage.NewFileURI(path)})
		if s.editor.Text() != c.text {
			t.Errorf("%q opens as %q", c.file, s.editor.Text())
		}
		if s.dialogOpen() != (c.says != "") || c.says != "" && !strings.Contains(s.dialogText(), c.says) {
			t.Errorf("%q: a dialog %v", c.file, s.dialogOpen())
		}
		if s.dialogOpen() {
			s.typedKey(escape)
		}
		s.editor.ReplaceText(c.text + "1")
		s.document.Save()
		if data, _ := os.ReadFile(path); string(data) != c.saved {
			t.Errorf("%q is saved as %q", c.file, data)
		}
	}
	path := write(t, "arrow.js", "'\xe9'")
	s.document.OpenPath(path)
	s.typedKey(escape)
	s.editor.ReplaceText("'→'")
	s.document.Save()
	if data, _ := os.ReadFile(path); string(data) != "'→'" || !s.dialogOpen() || !strings.Contains(s.dialogText(), "UTF-8") {
		t.Errorf("an arrow is saved as %q", data)
	}
}
