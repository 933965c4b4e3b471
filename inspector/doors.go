package inspector

import (
	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

// DoorState says what became of a door in this run.
type DoorState string

// The states of a door.
const (
	DoorShut  DoorState = "shut"  // absent, and not tried
	DoorTried DoorState = "tried" // absent or switched off, and tried
	DoorOpen  DoorState = "open"  // provided: a switch is on
)

// Door is something a guest may look for outside of its room.
type Door struct {
	Name  string
	State DoorState
	Count int // attempts
	Line  int // of the first attempt; 0: none or unknown
	Why   string
}

// knownDoors are shown whether or not a guest tries them, in this order, with
// a paragraph on what each would let in.
var knownDoors = []struct{ name, why string }{
	{"process", "Node's process holds the environment, where keys and passwords live, and exit, which ends the host. It is an object of Node's, not of JavaScript: an isolate has never heard of it."},
	{"require", "require loads any installed module with all of its powers. Modules are a service of the host; a room without a loader has none to load."},
	{"fs", "fs reads and writes the machine's files. V8 cannot open a file: only an embedder can lend it that power, and this one does not."},
	{"net", "net opens sockets: from inside your network, past the firewall, to whatever listens there. V8 has no sockets."},
	{"http", "http and fetch reach other machines, and the metadata service of the cloud that hosts you. Give a purpose-built call that names what may be asked, never the raw network."},
	{"fetch", "fetch is a service of browsers and of Node, not of the language. A room has it only if a host builds it one."},
	{"eval", "eval and its kin turn strings into code, so whoever controls a string controls the program. V8 allows it unless told otherwise; here it is off unless you switch it on. It opens no wall of the room, but it defeats every review of the code in it."},
	{"Function", "new Function, and the constructor of any function, compile strings as eval does: ({}).constructor.constructor('…') is the classic first step of an escape. The same switch governs it."},
	{"import", "import() asks the host for a module. The host of this room has no loader, so the promise it gives is rejected."},
	{"WebAssembly", "WebAssembly runs compiled code inside the same walls, with memory that V8's heap limit does not count. It adds a compiler to what an attacker can aim at, so it is off unless you switch it on."},
	{"SharedArrayBuffer", "Shared memory makes a precise clock out of two threads, and precise clocks are what Spectre attacks measure with. Off unless you switch it on."},
	{"setTimeout", "Timers come from the host's event loop. A bare isolate has none: its script runs, its promises settle, and it is over. Switch them on to have an event loop in the room."},
}

// Doors lists the known doors and every other one that was tried.
func (s *State) Doors() []Door {
	var switches engine.Switches
	if s.Started != nil {
		switches = s.Started.Limits.Switches()
	}
	open := map[string]bool{
		"eval": switches.Eval, "Function": switches.Eval, "WebAssembly": switches.Wasm && !switches.NoJIT,
		"SharedArrayBuffer": switches.SharedMemory, "setTimeout": switches.Timers,
	}
	if s.Started != nil {
		for name, grant := range s.Started.Grants {
			open[name] = grant != bridge.Off
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
	doors := make([]Door, 0, len(knownDoors)+len(others))
	known := map[string]bool{}
	for _, k := range knownDoors {
		known[k.name] = true
		doors = append(doors, door(k.name, k.why, tried, open[k.name]))
	}
	for _, name := range others {
		if !known[name] {
			doors = append(doors, door(name, "The guest looked for this name, and the room has nothing of that name. For the guest that is an ordinary ReferenceError, or undefined.", tried, false))
		}
	}
	return doors
}

func door(name, why string, tried map[string]engine.Blocked, open bool) Door {
	d := Door{Name: name, State: DoorShut, Why: why}
	if b, ok := tried[name]; ok {
		d.State, d.Count, d.Line = DoorTried, b.Count, b.Line
	} else if open {
		d.State = DoorOpen
	}
	return d
}
