package presets_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/presets"
)

const roomsFront = `---
title: Three rooms
limits: {memory: 64MB, wall: 20s}
grants: {kv: hardened}
expect: {outcome: ok, result: "done"}
rooms:
  - name: own
  - {name: loop, code: loop, limits: {wall: 200ms}, switches: {timers: true, seed: 7}, expect: {outcome: timeout, limit: wall}}
  - name: naive-db
    code: asks
    limits: {memory: 32MB}
    grants: {kv: off, db: naive}
    expect: {outcome: ok, value: at least 1}
---
`

const roomsBody = "~~~js\n'done'\n~~~\n\n~~~js loop\nfor (;;);\n~~~\n\n~~~js asks\ndb.query('SELECT name FROM users').count\n~~~\n"

func parsed(t *testing.T, text string) *presets.Scenario {
	t.Helper()
	s, err := presets.Parse("mine.md", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A room is the scenario's setup with what it changes; written and read again it
// is the same.
func TestRoomsAreReadAndWritten(t *testing.T) {
	s := parsed(t, roomsFront+roomsBody)
	if len(s.Rooms) != 3 || !s.Rooms[0].Setup.Same(s.Setup) || s.Rooms[0].Setup.Code != s.Setup.Code || s.Rooms[0].Expect != nil {
		t.Fatalf("rooms are %+v", s.Rooms)
	}
	loop, db := s.Rooms[1].Setup, s.Rooms[2].Setup
	if loop.Code != "for (;;);\n" || loop.Limits.Memory() != 64<<20 || !loop.Limits.Switches().Timers || loop.Limits.Switches().Seed != 7 || loop.Grants["kv"] != bridge.Hardened {
		t.Errorf("the second room is %+v", loop)
	}
	if !reflect.DeepEqual(db.Grants, map[string]bridge.Grant{"db": bridge.Naive}) || s.Setup.Grants["kv"] != bridge.Hardened || db.Limits.Memory() != 32<<20 {
		t.Errorf("the third room is %+v, the scenario's is %+v", db, s.Setup)
	}
	written, err := s.Format()
	if err != nil {
		t.Fatal(err)
	}
	again := parsed(t, string(written))
	for i, room := range again.Rooms {
		was := s.Rooms[i]
		if room.Name != was.Name || room.Code != was.Code || !room.Setup.Same(was.Setup) || room.Setup.Code != was.Setup.Code || !reflect.DeepEqual(room.Expect, was.Expect) {
			t.Errorf("room %d is read back as %+v, was %+v\n%s", i+1, room, was, written)
		}
	}
	// Saved with another setup, the other rooms stay what they were.
	s.Setup.Limits, _ = s.Setup.Limits.WithMemory(128 << 20)
	if written, err = s.Format(); err != nil {
		t.Fatal(err)
	}
	if again := parsed(t, string(written)); again.Rooms[0].Setup.Limits.Memory() != 128<<20 || again.Rooms[1].Setup.Limits.Memory() != 64<<20 {
		t.Errorf("saved as\n%s", written)
	}
}

func TestRoomsRefused(t *testing.T) {
	for want, rooms := range map[string]string{
		"mine.md:4: rooms has 1 entries: list 2 to 9":           "rooms:\n  - name: a",
		"mine.md:4: has 10 entries: at most 9":                  "rooms:\n  - name: a" + strings.Repeat("\n  - name: b", 9),
		`mine.md:3: expected a list`:                            "rooms: {name: a}",
		`mine.md:5: room a is there twice`:                      "rooms:\n  - name: a\n  - name: a",
		`mine.md:5: room name "A B": use small letters`:         "rooms:\n  - name: a\n  - name: A B",
		`mine.md:5: room name "": use small letters`:            "rooms:\n  - name: a\n  - limits: {wall: 1s}",
		`mine.md:5: there is no code "x": mark a block as "js `: "rooms:\n  - name: a\n  - name: b\n    code: x",
		`mine.md:6: unknown key "predict"`:                      "rooms:\n  - name: a\n  - name: b\n    predict: []",
		`mine.md:5: wall: limit out of range`:                   "rooms:\n  - name: a\n  - {name: b, limits: {wall: later}}",
		`mine.md:5: expect has no outcome`:                      "rooms:\n  - name: a\n  - {name: b, expect: {killed: true}}",
		`mine.md:4: the first room is the scenario's own guest`: "rooms:\n  - {name: a, limits: {wall: 3s}}\n  - name: b",
		`mine.md:6: rooms do not go with ask-first`:             "grants: {db: naive}\nask-first: {db: deny}\nrooms:\n  - name: a\n  - name: b",
		`mine.md:6: room b: guest cannot be run: native hands`:  "native: true\nrooms:\n  - name: a\n  - {name: b, grants: {db: naive}}",
	} {
		_, err := presets.Parse("mine.md", []byte(front(rooms)))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("error is %v, want %s…", err, want)
		}
	}
}

// A link can put a room into the window, with all that it runs.
func TestRoomsByLink(t *testing.T) {
	s := parsed(t, roomsFront+roomsBody)
	setup, err := s.Apply("room=naive-db", s.Setup)
	if err != nil || !setup.Same(s.Rooms[2].Setup) || setup.Code != s.Rooms[2].Setup.Code || setup.Name != "mine.js" {
		t.Errorf("%+v, %v", setup, err)
	}
	if setup, err = s.Apply("room=own", setup); err != nil || !setup.Same(s.Setup) || setup.Code != s.Setup.Code {
		t.Errorf("back: %+v, %v", setup, err)
	}
	if _, err := s.Apply("room=attic", s.Setup); err == nil || !strings.Contains(err.Error(), "use own, loop, naive-db") {
		t.Error(err)
	}
	alone := parsed(t, "---\ntitle: Mine\n---\n"+guest+"\n[other](set:room=b)\n")
	if len(alone.Warnings) != 1 || !alone.Warnings[0].Broken {
		t.Errorf("warnings are %v", alone.Warnings)
	}
}

// Check runs the rooms at once and compares each.
func TestRoomsAreChecked(t *testing.T) {
	s := parsed(t, roomsFront+roomsBody)
	wrong := parsed(t, strings.Replace(roomsFront, "outcome: timeout, limit: wall", "outcome: exceededMemory", 1)+roomsBody)
	results := presets.Check(t.Context(), []*presets.Scenario{s, wrong}, 1, nil)
	r := results[0]
	if !r.Agrees() || len(r.Rooms) != 3 || r.Rooms[1].Run.Report.Outcome != engine.Timeout || !strings.Contains(r.Text(), "rooms: own ok, loop timeout, naive-db ok") {
		t.Error(r.Text())
	}
	row, err := json.Marshal(r)
	if err != nil || !strings.Contains(string(row), `"rooms":[{"name":"own","outcome":"ok"},{"name":"loop","outcome":"timeout"}`) {
		t.Errorf("%s, %v", row, err)
	}
	if r := results[1]; r.Agrees() || len(r.Differences) != 1 || !strings.HasPrefix(r.Differences[0], "room loop: outcome is timeout, not exceededMemory") {
		t.Error(r.Text())
	}
}
