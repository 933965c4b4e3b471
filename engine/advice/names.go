package advice

import (
	"fmt"
	"slices"
	"strings"

	"sealedroom/engine/hosts"
)

// Kind says why a room lacks a name.
type Kind int

// The kinds.
const (
	Absent  Kind = iota // another host's: JavaScript itself has no such thing
	Locked              // V8 has it, and the app locks it until a switch is turned on
	Off                 // the app provides it once a switch is turned on
	Grant               // a capability, which the app provides once it is granted
	Missing             // newer JavaScript than this V8 has
)

// Name is a name that a guest may look for, and what would provide it.
type Name struct {
	Names   []string
	Kind    Kind
	Control string // in the panel, as links name it; "" for none
	Flag    string // of the command line
	Label   string // what is switched, as the panel calls it
	What    string // subject of "… is switched off"
	Listed  bool   // among the doors that are always shown
	Why     string // what it would let in; a paragraph
	Instead string // what to use in its place; a sentence
}

const (
	requests = "To make requests, grant http (--grant http, or http in the panel) and call http.get(url)."
	storage  = "To store data, grant kv (--grant kv, or kv in the panel) and call kv.set(key, value)."
	folder   = "To read and write files, grant files (--grant files, or files in the panel) and call files.read(name)."
	database = "To query a database, grant db (--grant db, or db in the panel) and call db.query(sql)."
	timers   = "Timers come from the host's event loop. A bare isolate has none: its script runs, its promises settle, and it ends. Switch timers on to give the room an event loop."
)

// table is what provides each name, in the order of the doors that are shown.
var table = []Name{
	{Names: []string{"process"}, Listed: true, Why: "Node's process holds the environment, where keys and passwords live, and exit, which ends the host. It is Node's object, not JavaScript's: no isolate has it unless its host puts it there."},
	{Names: []string{"require"}, Listed: true, Instead: "There are no modules to load: paste in the code that the guest needs.",
		Why: "require loads any installed module with all of its powers. The host provides modules; a room without a loader has none to load."},
	{Names: []string{"fs"}, Control: "grant.files", Listed: true, Instead: folder,
		Why: "fs reads and writes the machine's files. V8 cannot open a file: only its embedder can lend it that power, and this one does not."},
	{Names: []string{"net"}, Listed: true, Why: "net opens sockets: from inside your network, past the firewall, to whatever listens there. V8 has no sockets."},
	grant("http", "http reaches other machines, and the metadata service of the cloud that hosts you. Grant a purpose-built call that limits what may be asked, never the raw network. Here the hardened http has an allow-list of hosts."),
	{Names: []string{"fetch"}, Control: "grant.http", Listed: true, Instead: requests,
		Why: "fetch is a service of browsers and of Node, not of the language. A room has it only if its host builds one."},
	{Names: []string{"eval"}, Kind: Locked, Control: "eval", Flag: "--eval", Label: "eval / new Function", What: "Running code from strings", Listed: true,
		Why: "eval and its kin turn strings into code, so an attacker who controls a string controls the program. V8 has it and the app locks it, until you switch it on. Code from strings stays inside the room's walls, but it defeats every review of the guest's text."},
	{Names: []string{"Function"}, Kind: Locked, Control: "eval", Flag: "--eval", Label: "eval / new Function", What: "Running code from strings", Listed: true,
		Why: "new Function, and the constructor of any function, compile strings as eval does: ({}).constructor.constructor('…') is the classic first step of an escape. V8 has it and the app locks it, with the same switch as eval."},
	{Names: []string{"import"}, Listed: true, Instead: "There are no modules to load: paste in the code that the guest needs.",
		Why: "import() asks the host for a module. The host of this room has no loader, so the promise that it returns is rejected."},
	{Names: []string{"WebAssembly"}, Kind: Locked, Control: "wasm", Flag: "--wasm", Label: "WebAssembly", What: "WebAssembly", Listed: true,
		Why: "WebAssembly runs compiled code inside the same walls, with memory that V8's heap limit does not count, and adds a compiler to what an attacker can aim at. V8 has it and the app locks it, until you switch it on."},
	{Names: []string{"SharedArrayBuffer"}, Kind: Locked, Control: "shared-memory", Flag: "--shared-memory", Label: "Shared memory", What: "Shared memory", Listed: true,
		Why: "Shared memory makes a precise clock out of two threads, and precise clocks are what Spectre attacks measure with. V8 has it and the app locks it, until you switch it on."},
	timer("setTimeout"), timer("setInterval"), timer("queueMicrotask"),
	{Names: []string{"clearTimeout", "clearInterval"}, Kind: Off, Control: "timers", Flag: "--timers", Label: "Timers", What: "Timers", Why: timers},
	{Names: []string{"setImmediate", "clearImmediate"}, Control: "timers", Why: timers,
		Instead: "setTimeout(f, 0) does nearly the same, once timers are switched on: --timers, or Timers in the panel."},
	{Names: []string{"requestAnimationFrame", "cancelAnimationFrame", "requestIdleCallback"}, Control: "timers", Why: timers,
		Instead: "setTimeout comes closest, once timers are switched on: --timers, or Timers in the panel."},
	grant("db", "A capability: db.query(sql) asks a real database, with a password that stays in the host's vault. It exists only in a room that was granted it. Hardened, it is read-only and limited to some tables; naive, it takes any SQL."),
	grant("files", "A capability: files.list, files.read and files.write work in one temporary folder. It exists only in a room that was granted it. Hardened, no name leads out of the folder; naive, ../ does."),
	grant("kv", "A capability: kv.get, kv.set, kv.delete and kv.keys keep values in a small store. It exists only in a room that was granted it. Hardened, it has quotas and refuses keys such as __proto__; naive, it does neither."),

	{Names: []string{"XMLHttpRequest", "EventSource", "WebSocket", "Request", "axios"}, Control: "grant.http", Instead: requests},
	{Names: []string{"https", "http2"}, Control: "grant.http", Instead: requests},
	{Names: []string{"localStorage", "sessionStorage", "indexedDB", "caches"}, Control: "grant.kv", Instead: storage},
	{Names: []string{"Deno", "Bun"}},
	{Names: []string{"window", "self", "global"}, Instead: "The global object is called globalThis, in every host."},
	{Names: []string{"alert", "print"}, Instead: "To show something, call console.log."},
	{Names: []string{"module", "exports"}, Instead: "A guest exports nothing: the value of its last expression is the result."},
	{Names: []string{"Temporal", "ShadowRealm", "AsyncContext", "DisposableStack", "AsyncDisposableStack", "SuppressedError", "Float16Array"}, Kind: Missing},
}

func grant(name, why string) Name {
	return Name{Names: []string{name}, Kind: Grant, Control: "grant." + name, Flag: "--grant " + name, Label: name, Listed: true, Why: why}
}

func timer(name string) Name {
	return Name{Names: []string{name}, Kind: Off, Control: "timers", Flag: "--timers", Label: "Timers", What: "Timers", Listed: true, Why: timers}
}

// Listed returns the names that are shown as doors whether or not a guest
// tries them.
func Listed() []Name {
	var out []Name
	for _, n := range table {
		if n.Listed {
			out = append(out, n)
		}
	}
	return out
}

// Find returns what is known of a name; a name that nothing is known of is
// Absent, and has no Names.
func Find(name string) Name { return find(name) }

func find(name string) Name {
	if i := slices.IndexFunc(table, func(n Name) bool { return slices.Contains(n.Names, name) }); i >= 0 {
		return table[i]
	}
	if by := hosts.Provider(name); by != "" {
		return Name{Names: []string{name}}
	}
	return Name{}
}

// Explain says in a sentence or two why the room lacks a name, and what would
// provide it.
func Explain(name string) string {
	return Run{}.explainName(name).Text
}

// explainName is empty for a name that nothing is known of.
func (r Run) explainName(name string) Advice {
	n := find(name)
	switch {
	case len(n.Names) == 0:
		return Advice{}
	case n.Kind == Missing:
		return Advice{Text: fmt.Sprintf("%s is JavaScript, but newer than this V8%s.", name, version(r.V8))}
	case n.Control == "wasm" && r.NoJIT:
		return Advice{Control: "no-jit", Text: "WebAssembly needs the JIT compiler, which is switched off: leave out --no-jit, or switch on JIT compiler in the panel."}
	case n.Kind == Locked, n.Kind == Off, n.Kind == Grant:
		return n.off()
	}
	a := Advice{Text: fmt.Sprintf("%s is provided by %s, not by JavaScript itself, and the room does not have it.", name, provider(name))}
	if n.Instead != "" {
		a.Control = n.Control
		a.Text += " " + n.Instead
	}
	if capability, ok := strings.CutPrefix(n.Control, "grant."); ok && r.Granted[capability] != nil {
		a = Advice{Text: fmt.Sprintf("The room has no %s, but %s is granted: %s", name, capability, useOf[capability])}
	}
	return a
}

// useOf says how each capability is used.
var useOf = map[string]string{
	"http":  "call http.get(url), which returns {status, headers, body} at once.",
	"files": "call files.read(name), files.write(name, text) or files.list().",
	"kv":    "call kv.get(key) and kv.set(key, value).",
	"db":    "call db.query(sql), which returns {rows, count} at once.",
}

// off says how to get what a switch or a grant provides.
func (n Name) off() Advice {
	if n.Kind == Grant {
		return Advice{Control: n.Control, Text: fmt.Sprintf("%s is not granted. To grant it, use %s, or %s in the panel.", n.Label, n.Flag, n.Label)}
	}
	verb := "is"
	if n.What == "Timers" {
		verb = "are"
	}
	return Advice{Control: n.Control, Text: fmt.Sprintf("%s %s switched off. To switch %s on, use %s, or %s in the panel.", n.What, verb,
		map[string]string{"is": "it", "are": "them"}[verb], n.Flag, n.Label)}
}

func version(v8 string) string {
	if major, rest, ok := strings.Cut(v8, "."); ok {
		minor, _, _ := strings.Cut(rest, ".")
		return " (" + major + "." + minor + ")"
	}
	return ""
}

// provider is who provides a name, to read.
func provider(name string) string {
	switch by := hosts.Provider(name); by {
	case "Node, as a module":
		return "Node"
	case "", "this host, when granted":
		return "other hosts"
	default:
		return by
	}
}
