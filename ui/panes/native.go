package panes

import (
	"slices"
	"strings"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
	"sealedroom/ui/kit/words"
	"sealedroom/ui/room"
	"sealedroom/ui/theme"
)

// WallsOff says which walls are off; "" where all are up.
func WallsOff(out []string) string {
	switch len(out) {
	case 0:
		return ""
	case 1:
		return "▲ 1 wall is off: " + inspector.Line(out[0])
	}
	return "▲ " + words.Grouped(len(out)) + " walls are off: " + inspector.Line(strings.Join(out, ", "))
}

// Without lists the walls that were left out for a run.
func Without(s *inspector.State) []string {
	if s.Started == nil || s.Started.Breach == nil {
		return nil
	}
	return s.Started.Breach.Without
}

// ringRank orders the walls from the outermost in: the host's, what the kernel
// asks about what a call is for, and innermost the filter that every call meets
// first.
var ringRank = []string{engine.WallThreadCount, "memory-limit", "no-new-privs", "capabilities", "landlock", "rlimit", "descriptors", "seccomp"}

// ringsOf are the walls of a run with native hands, and its last attempt. Before
// its worker has named them, they are those that there is a switch for.
func ringsOf(s *inspector.State, breach *engine.Breach) room.RingsData {
	names := engine.RemovableWalls()
	if s.Started != nil {
		names = append(engine.WallNames(s.Started.Walls), breach.Without...)
	}
	// Native hands stand for code that has broken V8.
	names = slices.DeleteFunc(names, func(n string) bool { return n == engine.WallV8Sandbox || n == engine.WallPointerCompression })
	slices.SortStableFunc(names, func(a, b string) int { return slices.Index(ringRank, a) - slices.Index(ringRank, b) })
	var data room.RingsData
	for _, name := range slices.Compact(names) {
		data.Walls = append(data.Walls, room.Wall{Name: inspector.Line(name), Out: slices.Contains(breach.Without, name)})
	}
	if n := len(s.Hands); n > 0 {
		a := s.Hands[n-1]
		data.Last = room.Attempt{Words: inspector.Line(a.Name) + ", " + inspector.DescribeAttempt(a), By: a.By, Worked: a.Worked}
	}
	return data
}

// nativeHands is what the guest calls the object with the hands.
const nativeHands = "native"

// attemptsOf are the uses of native hands, as calls: so they are listed, filtered
// and opened like those of the teller window.
func attemptsOf(s *inspector.State) []inspector.Call {
	out := make([]inspector.Call, 0, len(s.Hands))
	for _, a := range s.Hands {
		c := inspector.Call{}
		c.At, c.N, c.Capability, c.Method, c.Line, c.Column = a.At, a.N, nativeHands, a.Name, a.Line, a.Column
		c.Args, c.Answer, c.Code, c.Logged, c.Times = a.Target, a.Answer, a.By, inspector.DescribeAttempt(a), 1
		switch {
		case a.Worked:
			c.Decision = bridge.Allowed
		case a.Held:
			c.Decision = bridge.Denied
		default:
			c.Decision = bridge.Failed
		}
		out = append(out, c)
	}
	return out
}

// heldOrFell is how the end of an attempt is shown.
func heldOrFell(c inspector.Call) decision {
	switch {
	case c.Decision == bridge.Allowed:
		return decision{"✗", "worked", theme.RoleRed}
	case c.Code == engine.ByHands:
		return decision{"–", "not tried", theme.RoleMuted}
	case c.Decision == bridge.Denied && c.Code != "":
		return decision{"✓", "held by " + inspector.Line(c.Code), theme.RoleGreen}
	case c.Decision == bridge.Denied:
		return decision{"✓", "held", theme.RoleGreen}
	}
	return decision{"!", "failed", theme.RoleAmber}
}
