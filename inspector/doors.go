package inspector

import (
	"sealedroom/engine"
	"sealedroom/engine/advice"
	"sealedroom/engine/bridge"
)

// DoorState says what became of a door in this run.
type DoorState string

// The states of a door.
const (
	DoorShut  DoorState = "shut"  // not there, and not tried
	DoorTried DoorState = "tried" // not there, and tried
	DoorOpen  DoorState = "open"  // switched on or granted
)

// Door is something a guest may look for outside of its room.
type Door struct {
	Name    string
	State   DoorState
	Absence string // why it is shut: "absent", "locked by the app", "switched off" or "not granted"
	Count   int    // attempts
	Line    int    // of the first attempt; 0: none or unknown
	Why     string
	Control string // the control of the limits panel that opens it, as links name it; "" for none
}

// absences are the words for why a door is shut.
var absences = map[advice.Kind]string{
	advice.Absent: "absent", advice.Locked: "locked by the app", advice.Off: "switched off",
	advice.Grant: "not granted", advice.Missing: "not in this V8",
}

// Doors lists the known doors and every other one that was tried.
func (s *State) Doors() []Door {
	var switches engine.Switches
	if s.Started != nil {
		switches = s.Started.Limits.Switches()
	}
	on := map[string]bool{ // by control
		"eval": switches.Eval, "wasm": switches.Wasm && !switches.NoJIT,
		"shared-memory": switches.SharedMemory, "timers": switches.Timers,
	}
	if s.Started != nil {
		for name, grant := range s.Started.Grants {
			on["grant."+name] = grant != bridge.Off
		}
	}
	tried := map[string]engine.Blocked{}
	var others []string
	for _, b := range s.Blocked {
		name := b.Name
		if b.Kind == "import" {
			name = "import"
		}
		if before, ok := tried[name]; ok {
			b.Count += before.Count
			b.Line = before.Line
		} else {
			others = append(others, name)
		}
		tried[name] = b
	}
	listed := advice.Listed()
	doors := make([]Door, 0, len(listed)+len(others))
	known := map[string]bool{}
	add := func(name string, n advice.Name) {
		d := Door{Name: name, State: DoorShut, Absence: absences[n.Kind], Why: n.Why, Control: n.Control}
		if d.Why == "" {
			d.Why = "The guest looked for this name, and the room has nothing by that name. The guest gets an ordinary ReferenceError, or undefined."
			if len(n.Names) == 0 {
				d.Why += " No other host that we know of has it either: it may be misspelt."
			}
		}
		if explained := advice.Explain(name); explained != "" && n.Why != explained {
			d.Why += " " + explained
		}
		if b, ok := tried[name]; ok {
			d.State, d.Count, d.Line = DoorTried, b.Count, b.Line
		} else if n.Kind != advice.Absent && on[n.Control] {
			d.State = DoorOpen
		}
		doors = append(doors, d)
	}
	for _, n := range listed {
		known[n.Names[0]] = true
		add(n.Names[0], n)
	}
	for _, name := range others {
		if !known[name] {
			add(name, advice.Find(name))
		}
	}
	return doors
}
