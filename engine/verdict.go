package engine

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"sealedroom/engine/bridge"
	"sealedroom/engine/host"
	"sealedroom/engine/wire"
)

const maxDetail = 200 // bytes of what a worker died of

// final is the last that came of the worker.
type final struct {
	done    *wire.Done // nil: it did not end the run by itself
	arrived time.Time
	text    strings.Builder // a long result's preview
	tree    *Node           // of the result
	fatal   *wire.Fatal
	broken  string // how the worker broke the protocol
}

// judge decides the outcome: what the host did comes first, then how the
// worker died, and only then what the worker says.
func (r *run) judge(e *Ended) (Outcome, string) {
	death := r.worker.Death()
	memory := func() Outcome {
		if e.Limit == nil {
			// V8 gave up at the limit; the last reading may be from just before.
			e.Limit = r.memory.use(r.limits.Memory(), max(r.limits.Memory(), r.memory.peaks.Growth, r.memory.peaks.Heap+r.memory.peaks.External))
		}
		return ExceededMemory
	}
	switch {
	case r.stopping.started() && r.stopping.why != Crashed:
		return r.stopping.why, ""
	case r.final.broken != "":
		return Crashed, "the worker broke the protocol: " + r.final.broken
	case r.final.done == nil:
		if r.diedOfMemory(death) {
			return memory(), ""
		}
		return Crashed, r.causeOfDeath(death)
	}
	switch r.final.done.Kind {
	case "returned":
		return OK, ""
	case "threw":
		return Exception, ""
	case "pending":
		return Pending, ""
	case "terminated":
		if r.final.done.NearHeapLimit {
			return memory(), ""
		}
	}
	return Crashed, "the worker ended the run by itself"
}

// memoryWords match what V8, Go and C++ print when they abort for lack of memory
// on threads that cannot send a frame.
var memoryWords = regexp.MustCompile(`(?m)^(# )?Fatal (process|JavaScript) out of memory|^(fatal error: )?runtime: (cannot allocate|out of memory)|^runtime/cgo: pthread_create failed|std::bad_alloc`)

// diedOfMemory reports whether the worker aborted for want of memory: V8 said so,
// or it died as such aborts do, and printed what they print or had used nearly
// all that it may. No guest in JavaScript can print there, but native code can:
// a death of another kind stays a crash, whatever was printed or used.
func (r *run) diedOfMemory(death host.Death) bool {
	if r.final.fatal != nil && (r.final.fatal.OutOfMemory || strings.Contains(r.final.fatal.Message, "invalid size") ||
		strings.Contains(r.final.fatal.Message, "out of memory")) {
		return true
	}
	if death.ExitCode == wire.ExitOutOfMemory {
		return true
	}
	return death.Aborted && (memoryWords.MatchString(death.Stderr) || r.memory.nearlyFull(r.limits.Memory()))
}

// causeOfDeath says in words what the worker died of.
func (r *run) causeOfDeath(death host.Death) string {
	cause := death.Cause
	if r.memory.nearlyFull(r.limits.Memory()) {
		cause += fmt.Sprintf(" with %s of memory used", FormatSize(r.memory.peaks.Growth))
	}
	if r.final.fatal != nil && r.final.fatal.Message != "" {
		return cause + ": " + r.final.fatal.Message
	}
	if line, _, _ := strings.Cut(strings.TrimSpace(death.Stderr), "\n"); line != "" {
		return cause + ": " + shortDetail(line)
	}
	return cause
}

// shortDetail bounds what a worker says of its end, which is shown: it may have
// been taken over.
func shortDetail(text string) string {
	if len(text) > maxDetail {
		text = text[:maxDetail] + "…"
	}
	return strings.ToValidUTF8(text, "\ufffd")
}

// describe copies result and error, within their limits.
func (r *run) describe(e *Ended, d *wire.Done) {
	if d.Result != nil && e.Outcome == OK {
		e.Result = &Result{Type: word(d.Result.Type), Preview: d.Result.Preview, Bytes: number(d.Result.Bytes), Truncated: d.Result.Truncated, Tree: r.final.tree}
		if r.final.text.Len() > 0 {
			e.Result.Preview = strings.ToValidUTF8(r.final.text.String(), "\ufffd")
		}
	}
	if d.Error != nil && e.Outcome == Exception {
		thrown := guestError(*d.Error, r.guest.Name)
		thrown.Phase = word(d.Error.Phase)
		e.Error = &thrown
	}
}

// sawEnd searches the result and the error for secrets.
func (r *run) sawEnd(e Ended) {
	if e.Result != nil {
		r.teller.saw(bridge.Result, 0, e.Result.Preview)
		if e.Result.Tree != nil { // which may show what its preview does not
			r.teller.saw(bridge.Result, 0, e.Result.Tree.allText())
		}
	}
	if e.Error != nil {
		r.teller.saw(bridge.Exception, 0, e.Error.allText())
	}
}
