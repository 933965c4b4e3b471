package isolate

// #cgo CXXFLAGS: -std=c++20 -fno-rtti -fno-exceptions -O2 -Wall -Wno-unused-result
// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	"unsafe"

	v8 "rogchap.com/v8go"

	"sealedroom/engine/typescript"
	"sealedroom/engine/wire"
)

// Version is V8's.
func Version() string { return strings.TrimSuffix(v8.Version(), "-v8go") }

// OnFatal, where set, is called on the isolate's thread when V8 is about to
// abort the process: out of memory, or an invariant broken. V8 cannot go on;
// the process ends when it returns.
var OnFatal func(outOfMemory bool, message string)

// dynamic finds guests in which V8 may look a name up while they run, as it
// does inside of `with` and in functions that call eval, however that is spelt.
var dynamic = regexp.MustCompile(`\bwith\b|\beval\b|\\u`)

// engine is the Isolate that v8go and the shim make.
type engine struct {
	iso     *v8.Isolate
	ctx     *v8.Context
	room    *C.sr_room
	watcher Watcher
	timers  timerQueue
	startup Startup
	stopped chan struct{} // closed by the first Stop

	profiled bool      // a profile is under way
	returned *v8.Value // by a native to the prelude, last

	syntaxErrorAt Position // of a guest that does not compile
	redeclared    string   // the granted name that it declares
	refused       *Error   // of TypeScript that cannot be translated

	translation *typescript.Translation // of a guest in TypeScript; nil for JavaScript

	open, fire, sweep, result, thrown, stack *v8.Function
}

// current is the process's isolate: one a process, and V8's callbacks into Go
// find it here.
var current atomic.Pointer[engine]

// New starts V8 and makes an isolate, its context and its prelude. The calling
// goroutine must be locked to its thread. One process has one.
func New(config Config) (Isolate, error) {
	began := Now()
	e := &engine{stopped: make(chan struct{})}
	if !current.CompareAndSwap(nil, e) {
		return nil, fmt.Errorf("this process already has an isolate: a worker runs one guest")
	}
	v8.SetFlags(flags(config)...)
	e.iso = v8.NewIsolate(v8.WithResourceConstraints(0, uint64(config.HeapLimit)))
	made := Now()
	global := v8.NewFunctionTemplate(e.iso, func(*v8.FunctionCallbackInfo) *v8.Value { return nil })
	C.sr_watch_names(isolatePointer(e.iso), templatePointer(global.PrototypeTemplate()))
	e.ctx = v8.NewContext(e.iso, global.InstanceTemplate())
	e.room = C.sr_open(isolatePointer(e.iso), valuePointer(e.ctx.Global().Value), 1, C.uint64_t(config.HeapLimit))
	if err := e.installPrelude(); err != nil {
		return nil, fmt.Errorf("prelude: %w", err)
	}
	C.sr_allow_codegen(e.room, 0)
	e.startup = Startup{Isolate: made - began, Context: Now() - made}
	return e, nil
}

func flags(config Config) []string {
	// Where Turboshaft unrolls a loop it may drop the check for interrupts, and the
	// loop then ignores termination. Without Turboshaft nothing reaches TurboFan.
	// A scavenge of a small heap is over before a second thread has joined it, and
	// where that thread gets no core, the guest's waits for it.
	// Where a stack is full V8 cannot find out any more where its frames are.
	flags := []string{"--no-turboshaft-loop-unrolling", "--no-parallel-scavenge", "--no-enable-lazy-source-positions"}
	if config.NoJIT {
		flags = append(flags, "--jitless")
	}
	if config.NoOpt {
		flags = append(flags, "--no-maglev", "--no-opt")
	}
	if config.Profile {
		flags = append(flags, "--no-maglev") // its code does not say which line it is of
	}
	if config.Profile && config.NoOpt {
		// Where Sparkplug's code has called a part of V8, a sample loses the function
		// that it is in. Code that is soon optimized has few such samples.
		flags = append(flags, "--no-sparkplug")
	}
	if config.Seed != 0 {
		flags = append(flags, "--random-seed="+strconv.FormatInt(config.Seed, 10))
	}
	return flags
}

// v8go hides V8's isolate, values and templates behind unexported fields; each
// is the first of its struct, which TestPointers holds it to.
func isolatePointer(iso *v8.Isolate) unsafe.Pointer {
	return reflect.ValueOf(iso).Elem().FieldByName("ptr").UnsafePointer()
}

func valuePointer(value *v8.Value) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(value))
}

func templatePointer(template *v8.ObjectTemplate) unsafe.Pointer {
	return **(**unsafe.Pointer)(unsafe.Pointer(template))
}

// ---- a run ------------------------------------------------------------------

func (e *engine) Run(program Program, watcher Watcher) (done Completion) {
	e.watcher = watcher
	defer func() {
		e.watcher = nil
		done.NearHeapLimit = C.sr_near_heap_limit(e.room) > 0
		if done.Kind == Terminated {
			done.StoppedAt = position(C.sr_stopped_at(e.room))
		}
		if done.Kind == Pending || done.Kind == Terminated && done.StoppedAt.Line == 0 {
			done.StoppedAt = position(C.sr_awaited_at(e.room))
		}
	}()
	if program.Codegen {
		C.sr_allow_codegen(e.room, 1)
	}
	if program.Codegen || dynamic.MatchString(program.Source) {
		C.sr_dynamic_names(e.room)
	}
	if program.Wasm || program.SharedMemory || program.Timers || len(program.Capabilities) > 0 || len(program.Hands) > 0 {
		e.callOpen(program)
	}

	e.beginProfile(program.ProfileEvery)
	repl, step, phase := e.compileAndRun(program, &done)
	if step == C.SR_VALUE {
		began := Now()
		step, phase = e.settle(program, repl)
		done.Settle = Now() - began
	}
	began := Now()
	switch step {
	case C.SR_TERMINATED:
		done.Kind = Terminated
	case C.SR_THREW:
		done.Kind = Threw
		e.readError(program, phase, &done)
	case stepPending:
		done.Kind = Pending
	default:
		done.Kind = Returned
		e.readResult(program, &done)
	}
	done.Read = Now() - began
	if done.Kind != Terminated {
		done.Spaces = e.spaces()
	}
	return done
}

// stepPending joins the shim's ways for a step to end.
const stepPending C.int = 100

func (e *engine) callOpen(program Program) {
	tellers := map[string][]string{}
	for _, c := range program.Capabilities {
		tellers[c.Name] = c.Methods
	}
	names, _ := json.Marshal(tellers) // strings: cannot fail
	hands, _ := json.Marshal(program.Hands)
	var args []v8.Valuer
	for _, argument := range []any{program.Wasm, program.SharedMemory, program.Timers, string(names), string(hands), program.Targets} {
		value, err := v8.NewValue(e.iso, argument)
		if err != nil {
			panic("prelude: open: " + err.Error())
		}
		args = append(args, value)
	}
	if _, err := e.open.Call(v8.Undefined(e.iso), args...); err != nil {
		panic("prelude: open: " + err.Error()) // ours alone: no guest has run
	}
}

func (e *engine) compileAndRun(program Program, done *Completion) (repl bool, step C.int, phase string) {
	began := Now()
	e.redeclared, e.refused = "", nil
	C.sr_note_awaits(e.room, 0, C.sr_position{})
	repl, step, at := e.compile(program)
	done.Compile = Now() - began
	if step != C.SR_VALUE {
		e.syntaxErrorAt = position(at)
		return repl, step, "compile"
	}
	if promises.MatchString(program.Source) {
		C.sr_note_awaits(e.room, 1, onlyThrow(program))
	}
	began = Now()
	step = C.sr_run(e.room)
	done.Run = Now() - began
	return repl, step, "run"
}

// settle drains microtasks and timers until the value is no promise any more,
// nothing is left to run, or something was thrown.
func (e *engine) settle(program Program, repl bool) (C.int, string) {
	for {
		if step := C.sr_drain(e.room); step != C.SR_VALUE {
			return step, "run"
		}
		settled := C.sr_promise(e.room)
		if settled == C.SR_REJECTED {
			C.sr_settle(e.room, 0)
			if repl {
				return C.SR_THREW, "run" // by the script itself: the promise is V8's wrapping
			}
			return C.SR_THREW, "rejection"
		}
		if C.sr_take_rejection(e.room) != 0 {
			return C.SR_THREW, "rejection"
		}
		if settled == C.SR_FULFILLED {
			unwrap := C.int(0)
			if repl {
				unwrap, repl = 1, false
			}
			C.sr_settle(e.room, unwrap)
			continue
		}
		if program.Wasm || program.SharedMemory { // else nothing that a guest could wait for
			var ran, more C.int
			if step := C.sr_pump(e.room, &ran, &more); step != C.SR_VALUE {
				return step, "run"
			}
			if ran != 0 {
				continue
			}
			if more != 0 && !e.timers.dueWithin(pumpEvery) {
				select {
				case <-e.stopped:
				case <-time.After(pumpEvery):
				}
				continue
			}
		}
		if program.Wasm || program.SharedMemory {
			if step := C.sr_call(e.room, valuePointer(e.sweep.Value), 0); step != C.SR_VALUE {
				return step, "run"
			}
		}
		id, ok := e.timers.wait(e.stopped)
		if !ok {
			select {
			case <-e.stopped:
				return C.SR_TERMINATED, ""
			default:
			}
			if settled == C.SR_PENDING {
				return stepPending, ""
			}
			return C.SR_VALUE, ""
		}
		if step := C.sr_call(e.room, valuePointer(e.fire.Value), C.double(id)); step != C.SR_VALUE {
			return step, "run"
		}
	}
}

// pumpEvery is how long V8's own threads are left to themselves.
const pumpEvery = 500 * time.Microsecond

func (e *engine) spaces() []Space {
	var raw [32]C.sr_space
	n := int(C.sr_spaces(e.room, &raw[0], C.int(len(raw))))
	spaces := make([]Space, 0, n)
	for _, s := range raw[:n] {
		if s.committed > 0 {
			spaces = append(spaces, Space{C.GoString(s.name), uint64(s.used), uint64(s.committed)})
		}
	}
	return spaces
}

func (e *engine) Stop() {
	select {
	case <-e.stopped:
	default:
		close(e.stopped) // Stop has one caller at a time
	}
	C.sr_stop(e.room)
}

func (e *engine) PrepareStop() { C.sr_prepare_stop(e.room) }

func (e *engine) RequestSample() { C.sr_request_sample(e.room) }

func (e *engine) Sample() (Sample, bool) {
	var s C.sr_sample
	if C.sr_take_sample(e.room, &s) == 0 {
		return Sample{}, false
	}
	return sampleOf(s), true
}

func (e *engine) Startup() Startup { return e.startup }

func (e *engine) Cage() wire.Cage {
	var c C.sr_cage
	C.sr_read_cage(e.room, &c)
	return wire.Cage{Secure: c.secure != 0, Size: uint64(c.size), Reserved: uint64(c.reserved), PointerBytes: int(c.pointer_bytes)}
}

func (e *engine) Heap() Sample {
	var s C.sr_sample
	C.sr_heap(e.room, &s)
	return sampleOf(s)
}

func sampleOf(s C.sr_sample) Sample {
	return Sample{time.Duration(s.at_ns), uint64(s.used), uint64(s.committed), uint64(s.external), position(s.where)}
}

func (e *engine) GCs(out []GC) []GC {
	var raw [64]C.sr_gc
	for {
		n := int(C.sr_take_gcs(e.room, &raw[0], C.int(len(raw))))
		for _, g := range raw[:n] {
			out = append(out, GC{
				When: time.Duration(g.at_ns), Took: time.Duration(g.took_ns), Kind: gcKind(int(g._type)),
				Count: int(g.count), Before: uint64(g.before), After: uint64(g.after),
			})
		}
		if n < len(raw) {
			return out
		}
	}
}

// gcKind names a v8::GCType.
func gcKind(t int) string {
	switch t {
	case 1:
		return "scavenge"
	case 2:
		return "minor-mark-sweep"
	case 4:
		return "mark-compact"
	case 8:
		return "incremental-marking"
	case 16:
		return "weak-callbacks"
	}
	return "gc"
}
