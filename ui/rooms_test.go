package ui

import (
	"strings"
	"testing"

	"sealedroom/presets"
)

// A scenario with several rooms opens with the first, and says so. A link brings
// another with all that it runs.
func TestScenarioOfSeveralRooms(t *testing.T) {
	s := open(t, "")
	several, err := presets.Parse("mine.md", []byte("---\ntitle: Mine\nrooms:\n  - name: first\n  - {name: second, code: b, limits: {memory: 32MB}, grants: {kv: naive}}\n---\n"+
		"~~~js\n1\n~~~\n\n~~~js b\n2\n~~~\n\n[the second](set:room=second)\n"))
	if err != nil {
		t.Fatal(err)
	}
	s.library.Show(several)
	if said := s.library.Lesson.Said(); s.editor.Text() != "1\n" || !strings.Contains(said, "has 2 rooms") || !strings.Contains(said, "sealedroom run mine") {
		t.Errorf("%q is in the editor; says %q", s.editor.Text(), said)
	}
	s.library.Follow(presets.Link{Set: "room=second"})
	if setup := s.library.Setup(); s.editor.Text() != "2\n" || !setup.Same(several.Rooms[1].Setup) {
		t.Errorf("%q is in the editor, under %+v", s.editor.Text(), setup)
	}
}
