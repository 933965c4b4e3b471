package ui

import (
	"testing"

	"sealedroom/presets"
)

// A scenario with several rooms has the first in the editor, and shows all. A link
// brings another with all that it runs, alone.
func TestScenarioOfSeveralRooms(t *testing.T) {
	s := open(t, "")
	several, err := presets.Parse("mine.md", []byte("---\ntitle: Mine\nrooms:\n  - name: first\n  - {name: second, code: b, limits: {memory: 32MB}, grants: {kv: naive}}\n---\n"+
		"~~~js\n1\n~~~\n\n~~~js b\n2\n~~~\n\n[the second](set:room=second)\n"))
	if err != nil {
		t.Fatal(err)
	}
	s.library.Show(several)
	if s.editor.Text() != "1\n" || !s.many.several || s.many.grid.Rooms().Len() != 2 {
		t.Errorf("%q is in the editor", s.editor.Text())
	}
	s.library.Follow(presets.Link{Set: "room=second"})
	if setup := s.library.Setup(); s.editor.Text() != "2\n" || !setup.Same(several.Rooms[1].Setup) || s.many.several {
		t.Errorf("%q is in the editor, under %+v", s.editor.Text(), setup)
	}
}
