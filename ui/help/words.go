package help

import (
	"strings"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sealedroom/ui/box"
	"sealedroom/ui/control"
	"sealedroom/ui/kit/dialogs"
)

// glossary explains the window's words, each in a sentence or two.
var glossary = [][2]string{
	{"Room", "The V8 isolate that runs the guest: a heap, a garbage collector and global objects that no other code shares. It lives in a worker process."},
	{"Guest", "The JavaScript in the editor. Nothing it does is trusted."},
	{"Worker", "A process for one run. It gives up its rights to files, network and other processes before the guest starts, and ends with the run."},
	{"Wall", "What the operating system takes away from a worker, so that native code that broke out of V8 stands in an empty process: files, network, other processes, most system calls. Room › Try the Walls has a worker try them all."},
	{"Door", "A global name that leads out of a JavaScript room elsewhere: process, require, fetch. Here it is absent, or locked by the app. The room picture shows which ones the guest tried."},
	{"Teller window", "The bridge: the only way for a guest to ask the host for something. It offers db, http, files and kv."},
	{"Grant", "What the teller window offers to this guest. Off: nothing. Hardened: only what is needed. Naive: as people often write it, with a real hole."},
	{"Vault", "The secrets that the host uses for a guest. Their values never enter the worker on purpose; the lamp turns red when one was seen there or left."},
	{"Revealed", "A secret was found in something that the guest received, logged, returned or sent."},
	{"Heap", "The memory that V8 manages for the guest's objects. Used: objects. Committed: what V8 holds in reserve for them, too."},
	{"External memory", "Memory that hangs on objects but is not in the heap, such as the bytes of an ArrayBuffer. The memory limit covers it."},
	{"Garbage collection (GC)", "V8 frees what the guest can no longer reach. Scavenge: the young objects. Mark-compact: all of them."},
	{"Wall time", "Time by the clock on the wall, from the moment the guest is handed over."},
	{"CPU time", "Time that the guest's thread spent computing."},
	{"JIT compiler", "Turns code that runs often into machine code. Without it V8 only interprets: slower, and less to attack."},
	{"Verdict", "What the host decided about a run, from what the host itself saw."},
}

// Words opens the window's words, explained.
func Words(d *dialogs.Stack) {
	column, text := container.New(box.Tight{}), &strings.Builder{}
	for _, entry := range glossary {
		term, meaning := control.NewText(widget.HighImportance), control.NewText(widget.MediumImportance)
		term.TextStyle.Bold = true
		term.SetText(entry[0])
		meaning.SetText(entry[1])
		column.Add(term)
		column.Add(box.Inset(meaning, 8, 0))
		text.WriteString(entry[0] + ": " + entry[1] + "\n")
	}
	d.Page("Words", container.NewVScroll(column), text.String())
}
