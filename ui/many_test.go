package ui

import (
	"strings"
	"testing"
)

// roomsOver plays what waits for the window's thread until no room is running.
func (s *stage) roomsOver() {
	s.t.Helper()
	s.await("the rooms", func() bool { return s.many.grid.Rooms().Running() == 0 && !s.run.Disabled() && len(s.work) == 0 })
}

// A scenario with several rooms shows and runs them all, and another one does not.
func TestSeveralRoomsOfAScenario(t *testing.T) {
	s := open(t, "")
	s.library.Show(scenario(t, "own-heaps"))
	if !s.many.several || s.center.Objects[0] != s.roomy || s.timeline.Object.Visible() {
		t.Fatal("its rooms are not shown")
	}
	s.Run()
	if !s.run.Disabled() {
		t.Error("Run is not taken")
	}
	s.roomsOver()
	for _, lane := range s.many.grid.Rooms().Lanes() {
		if lane.State.Ended == nil {
			t.Errorf("room %d has not run", lane.Number)
		}
	}
	if s.live.Running() || s.live.State().Started != nil {
		t.Error("the one room ran, too")
	}
	s.library.Show(scenario(t, "the-room"))
	if s.many.several || !s.timeline.Object.Visible() {
		t.Error("the rooms are still shown")
	}
}

// A room that is opened by itself has its code in the editor; what is changed of it
// comes back to the room.
func TestARoomOfSeveral(t *testing.T) {
	s := open(t, "")
	s.document.Load("", "console.log('both'); 1")
	s.many.toggle()
	s.Run()
	s.roomsOver()
	s.many.open(1)
	if s.many.several || s.editor.Text() != "console.log('both'); 1" {
		t.Fatalf("the editor has %q", s.editor.Text())
	}
	s.await("its run", func() bool { return s.lookback.former })
	if len(s.console.Lines) != 1 {
		t.Errorf("its run has %d lines", len(s.console.Lines))
	}
	s.editor.ReplaceText("'changed'")
	s.many.toggle()
	all := s.many.grid.Rooms()
	if all.Setup(1).Code != "'changed'" || !strings.Contains(all.Setup(0).Code, "both") {
		t.Errorf("the rooms run %q and %q", all.Setup(0).Code, all.Setup(1).Code)
	}
	s.many.leave()
	if s.many.several || s.center.Objects[0] == s.many.grid.Object {
		t.Error("the rooms are still shown")
	}
}

// The guest in the editor is compared under two setups.
func TestCompareOneGuest(t *testing.T) {
	for i, v := range variants {
		s := open(t, "")
		s.document.Load("", "1")
		s.many.variantsMenu().ChildMenu.Items[i].Action()
		s.roomsOver()
		all := s.many.grid.Rooms()
		if all.Len() != 2 || all.Setup(0).Code != "1" || all.Setup(1).Code != "1" || i != 1 && all.Setup(0).Same(all.Setup(1)) {
			t.Errorf("%s: %+v and %+v", v.name, all.Setup(0), all.Setup(1))
		}
		s.many.leave()
	}
}
