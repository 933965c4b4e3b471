package inspector

import "sealedroom/engine"

// why has a paragraph for each outcome: what stopped the guest, and why that
// holds.
var why = map[engine.Outcome]string{
	engine.OK:             "The guest ran to its end by itself, and nothing of the host was within its reach: it had its own heap, its own globals, and no way to a file, a socket or a process other than what it was granted. Its result was read without running any of its code: a getter or a toString of the guest's would be code of its choice, run at a moment of its choice.",
	engine.Exception:      "The guest threw, and nothing in it caught the error. For the host that is an ordinary end: an exception cannot cross the wall, only its text does. A guest chooses the words of its errors, so never show them as if they were yours, and never send them on with paths or secrets of yours inside.",
	engine.Pending:        "The guest ended with a promise that is still open, and nothing is left in the room that could settle it: no timer, no call under way. Waiting would only end at the time limit, so the run ends here. Many hosts wait, and then report a time-out that explains nothing.",
	engine.Timeout:        "The wall-clock limit counts from the moment the guest is handed over, and covers everything: compiling, running, promises, timers, and reading the result. V8 is told to terminate from another thread; it checks for that at every loop and call, and no try, catch or finally of the guest's can prevent it. Where V8 is inside something that does not check, the worker process is killed.",
	engine.ExceededCPU:    "CPU time counts only while the guest's thread truly computes; waiting for a timer or for the teller window is free. Platforms that bill by it let a guest wait for seconds, and compute for milliseconds. The gap between the two bars is time in which the guest waited, or in which no core was free.",
	engine.ExceededMemory: "The limit covers the guest's whole footprint: V8's heap, the buffers outside of it that it refers to, and whatever else the process has grown by. V8's own heap limit knows nothing of an ArrayBuffer or of WebAssembly memory, so the process is measured from outside as well. Only this guest's process is gone: a heap that is full takes its whole process with it, so no two guests should share one.",
	engine.ExceededCalls:  "Each call through the teller window is work that the host does for the guest. A guest that may call without end has a lever on your database that its own CPU limit does not see, so calls are counted, and the run ends at the limit.",
	engine.ExceededOutput: "What a guest prints is kept and shown by the host, in the host's memory. Output is counted where it leaves the room, so that a guest that prints without end costs no more than its limit.",
	engine.Canceled:       "You stopped the run. It takes the same path as a limit: V8 is told to terminate, and where it would not, the worker process is killed. A guest can neither see it coming nor prevent it.",
	engine.Crashed:        "The worker process died, and none of the limits explains it. It may be a bug in V8, an attack that went wrong, or one that would have gone right without the outer walls: the process could open no file and no socket, and it is gone. The window lives in another process and was not affected.",
}

// Why is the paragraph behind a verdict; empty while there is no outcome.
func (v Verdict) Why() string { return why[v.Outcome] }
