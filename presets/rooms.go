package presets

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/inspector/session"
)

// Room is one of several rooms that a scenario runs side by side. The first is
// the scenario's own guest, under its own limits and grants.
type Room struct {
	Name   string        // in small letters, digits and hyphens
	Code   string        // the name of the block that it runs; "" for the scenario's guest
	Setup  session.Setup // the scenario's, with what the room changes
	Expect *Expect       // what must happen in it; nil where the scenario's own expect holds
}

// FindRoom returns the scenario's room of this name.
func (s *Scenario) FindRoom(name string) (Room, error) {
	for _, room := range s.Rooms {
		if room.Name == name {
			return room, nil
		}
	}
	if len(s.Rooms) == 0 {
		return Room{}, fmt.Errorf("there is no room %q: the scenario has one room only", clip(name))
	}
	return Room{}, fmt.Errorf("there is no room %q: use %s", clip(name), strings.Join(s.roomNames(), ", "))
}

func (s *Scenario) roomNames() []string {
	var names []string
	for _, room := range s.Rooms {
		names = append(names, room.Name)
	}
	return names
}

// ---- reading ---------------------------------------------------------------------

// rooms takes the list of rooms. The rest of the front matter has been read.
func (p *parsing) rooms(node ast.Node) error {
	if node == nil {
		return nil
	}
	s := &p.s
	if err := p.each(session.MaxRooms, p.room)(node); err != nil {
		return err
	}
	switch {
	case len(s.Rooms) < session.MinRooms:
		return p.refuse(line(node), "rooms has %d entries: list %d to %d, or leave rooms out", len(s.Rooms), session.MinRooms, session.MaxRooms)
	case len(s.Setup.AskFirst) > 0:
		return p.refuse(line(node), "rooms do not go with ask-first: leave one of them out")
	case s.Rooms[0].Code != "" || !s.Rooms[0].Setup.Same(s.Setup):
		return p.refuse(line(node), "the first room is the scenario's own guest: it has a name and expect only, the others may change more")
	}
	return nil
}

func (p *parsing) room(node ast.Node) error {
	s := &p.s
	room := Room{Setup: s.Setup}
	room.Setup.Grants = maps.Clone(s.Setup.Grants)
	err := p.mapping(node, fields{
		"name":     p.text(&room.Name, 1, 40),
		"code":     p.text(&room.Code, 1, 200),
		"limits":   p.limits(&room.Setup, limitKeys, setLimit),
		"switches": p.limits(&room.Setup, switchKeys, setSwitch),
		"grants":   p.grants(&room.Setup),
		"expect":   p.mustHappen(&room.Expect),
	})
	if err != nil {
		return err
	}
	if room.Code != "" {
		code, ok := s.Codes[room.Code]
		if !ok {
			return p.refuse(line(node), "there is no code %q: mark a block as \"js %s\"", clip(room.Code), clip(room.Code))
		}
		room.Setup.Code = code
	}
	if len(room.Setup.Grants) == 0 {
		room.Setup.Grants = nil
	}
	if !scenarioName.MatchString(room.Name) {
		return p.refuse(line(node), "room name %q: use small letters, digits and hyphens", room.Name)
	}
	if slices.Contains(s.roomNames(), room.Name) {
		return p.refuse(line(node), "room %s is there twice: give it another name", room.Name)
	}
	if err := room.Setup.Check(); err != nil {
		return p.refuse(line(node), "room %s: %s", room.Name, inspector.Line(err.Error()))
	}
	s.Rooms = append(s.Rooms, room)
	return nil
}

// ---- writing ---------------------------------------------------------------------

// roomLines writes the rooms: what each changes of the scenario's setup.
func (s *Scenario) roomLines() []string {
	if len(s.Rooms) == 0 {
		return nil
	}
	out := []string{"rooms:"}
	for i, room := range s.Rooms {
		out = append(out, "  - name: "+quoted(room.Name))
		add := func(key, value string) {
			if value != "" {
				out = append(out, "    "+key+": "+value)
			}
		}
		if i > 0 {
			add("code", quoted(room.Code))
			add("limits", limitsFlow(s.Setup.Limits, room.Setup.Limits))
			add("switches", switchesFlow(s.Setup.Limits.Switches(), room.Setup.Limits.Switches()))
			add("grants", grantsFlow(s.Setup, room.Setup))
		}
		if room.Expect != nil {
			add("expect", room.Expect.flow())
		}
	}
	return out
}

// limitsFlow writes the limits that are not the same in base.
func limitsFlow(base, l engine.Limits) string {
	var f flow
	for _, limit := range engine.AllLimits() {
		if value := l.Get(limit); value != base.Get(limit) {
			f.add(limit.String(), limit.Exact(value))
		}
	}
	return f.String()
}

// switchesFlow writes the switches that are not the same in base.
func switchesFlow(base, s engine.Switches) string {
	var f flow
	for _, which := range engine.AllSwitches() {
		if on := s.On(which); on != base.On(which) {
			f.add(which.String(), strconv.FormatBool(on))
		}
	}
	if s.Seed != base.Seed {
		f.add("seed", strconv.FormatInt(s.Seed, 10))
	}
	return f.String()
}

// grantsFlow writes the grants that are not the same in base.
func grantsFlow(base, s session.Setup) string {
	var f flow
	for _, capability := range slices.Sorted(slices.Values(session.Capabilities())) {
		if how := s.Grants[capability]; how != base.Grants[capability] {
			f.add(capability, how.String())
		}
	}
	return f.String()
}

// ---- checking --------------------------------------------------------------------

// RoomRun is what was seen of one room that ran side by side with others.
type RoomRun struct {
	Name string
	Run  Run
}

// checkRooms runs all rooms at once and compares each with what must happen in it.
func (s *Scenario) checkRooms(ctx context.Context, host *engine.Engine) ([]RoomRun, []string, error) {
	if len(s.Rooms) == 0 {
		return nil, nil, nil
	}
	rooms, err := s.Open(host)
	if err != nil {
		return nil, nil, err
	}
	ends := rooms.Run(ctx)
	var runs []RoomRun
	var differences []string
	for i, lane := range rooms.Lanes() {
		room := s.Rooms[i]
		if err := ends[i].Err; err != nil {
			return runs, differences, fmt.Errorf("room %s: %w", room.Name, err)
		}
		run := RunOf(&lane.State)
		runs = append(runs, RoomRun{room.Name, run})
		for _, difference := range cmp.Or(room.Expect, s.Expect).Differences(run) {
			differences = append(differences, "room "+room.Name+": "+difference)
		}
	}
	return runs, differences, nil
}

// Open returns the scenario's rooms, ready to run on host. The scenario has
// several.
func (s *Scenario) Open(host *engine.Engine) (*session.Rooms, error) {
	var setups []session.Setup
	for _, room := range s.Rooms {
		setup := room.Setup.Tidy()
		setup.Name = cmp.Or(setup.Name, s.Name+".js")
		setups = append(setups, setup)
	}
	return session.NewRooms(host, setups...)
}
