package isolate

// #cgo CXXFLAGS: -std=c++20 -fno-rtti -fno-exceptions -O2 -Wall -Wno-unused-result
// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"
	"unsafe"

	v8 "rogchap.com/v8go"

	"sealedroom/engine/hosts"
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

	returned *v8.Value // by a native to the prelude, last

	syntaxErrorAt Position // of a guest that does not compile
	redeclared    string   // the granted name that it declares

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
	// Turboshaft drops the interrupt check of some loops, which then ignore
	// termination; without it they don't, at no cost measured.
	// A scavenge of a small heap is over before a second thread has joined it, and
	// where that thread gets no core, the guest's waits for it.
	// Where a stack is full V8 cannot find out any more where its frames are.
	flags := []string{"--no-turboshaft", "--no-parallel-scavenge", "--no-enable-lazy-source-positions"}
	if config.NoJIT {
		flags = append(flags, "--jitless")
	}
	if config.NoOpt {
		flags = append(flags, "--no-maglev", "--no-opt")
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

// ---- the prelude and its natives ------------------------------------------

func (e *engine) installPrelude() error {
	native := v8.NewObjectTemplate(e.iso)
	for name, f := range map[string]func([]*v8.Value) any{
		"emit":          e.nativeEmit,
		"call":          e.nativeCall,
		"hand":          e.nativeHand,
		"refuse":        e.nativeRefuse,
		"kind":          func(args []*v8.Value) any { return int32(C.sr_kind(valuePointer(args[0]))) },
		"names":         e.nativeNames,
		"entries":       e.nativeEntries,
		"promiseState":  func(args []*v8.Value) any { return int32(promiseState(args[0])) },
		"promiseResult": func(args []*v8.Value) any { return promiseResult(args[0]) },
		"head":          e.nativeHead,
		"size":          func(args []*v8.Value) any { return float64(C.sr_size(e.room, valuePointer(args[0]))) },
		"stack":         func(args []*v8.Value) any { return text(C.sr_stack(e.room, valuePointer(args[0]))) },
		"trace":         e.nativeTrace,
		"now":           func([]*v8.Value) any { return float64(Now().Microseconds()) / 1000 },
		"timer":         e.nativeTimer,
		"clearTimer":    e.nativeClearTimer,
		"alone":         e.nativeAlone,
	} {
		if err := native.Set(name, e.native(f)); err != nil {
			return err
		}
	}
	object, err := native.NewInstance(e.ctx)
	if err != nil {
		return err
	}
	source, name := C.CString(prelude), C.CString("start")
	defer C.free(unsafe.Pointer(source))
	defer C.free(unsafe.Pointer(name))
	if C.sr_run_own(e.room, source, C.int(len(prelude)), valuePointer(object.Value), name) != C.SR_VALUE {
		return errors.New("it does not run")
	}
	start, err := object.Get("start")
	if err != nil {
		return err
	}
	function, err := start.AsFunction()
	if err != nil {
		return err
	}
	hooks, err := function.Call(v8.Undefined(e.iso), object)
	if err != nil {
		return err
	}
	for name, hook := range map[string]**v8.Function{
		"open": &e.open, "fire": &e.fire, "sweep": &e.sweep, "result": &e.result, "thrown": &e.thrown, "stack": &e.stack,
	} {
		value, err := hooks.Object().Get(name)
		if err != nil {
			return err
		}
		if *hook, err = value.AsFunction(); err != nil {
			return err
		}
	}
	return nil
}

// native makes a Go function that the prelude may call. The prelude passes
// what each expects: none is ever in a guest's hands.
func (e *engine) native(f func([]*v8.Value) any) *v8.FunctionTemplate {
	return v8.NewFunctionTemplate(e.iso, func(info *v8.FunctionCallbackInfo) (value *v8.Value) {
		defer info.Release()
		defer func() { _ = recover() }() // a panic may not cross V8's frames
		// v8go keeps every value until it is told; what the last call returned has
		// been taken by now.
		if e.returned != nil {
			e.returned.Release()
			e.returned = nil
		}
		switch out := f(info.Args()).(type) {
		case *v8.Value:
			value = out
		case nil:
			return nil
		default:
			value, _ = v8.NewValue(e.iso, out)
		}
		e.returned = value
		return value
	})
}

func (e *engine) nativeEmit(args []*v8.Value) any {
	if e.watcher == nil {
		return nil
	}
	at := C.sr_caller(e.room)
	line := Console{Level: args[0].String(), Text: args[1].String(), Truncated: args[2].Boolean(), At: position(at)}
	if tree := args[3].String(); tree != "" {
		line.Tree = json.RawMessage(tree)
	}
	e.watcher.Console(line)
	return nil
}

func (e *engine) nativeCall(args []*v8.Value) any {
	return e.call(Call{Capability: args[0].String(), Method: args[1].String(), Args: args[2].String()})
}

func (e *engine) nativeRefuse(args []*v8.Value) any {
	return e.call(Call{Capability: args[0].String(), Method: args[1].String(), Code: args[2].String(), Why: args[3].String()})
}

func (e *engine) call(call Call) string {
	if e.watcher == nil {
		return `{"error":{"name":"Error","code":"closed","message":"the teller window is closed"}}`
	}
	call.At = position(C.sr_caller(e.room))
	return e.watcher.Call(call)
}

func (e *engine) nativeHand(args []*v8.Value) any {
	if e.watcher == nil {
		return `{"error":{"name":"Error","code":"closed","message":"the run is over"}}`
	}
	return e.watcher.Hand(Call{Method: args[0].String(), Args: args[1].String(), At: position(C.sr_caller(e.room))})
}

func (e *engine) nativeHead(args []*v8.Value) any {
	return text(C.sr_head(e.room, valuePointer(args[0]), C.int(args[1].Int32())))
}

func (e *engine) nativeTrace(args []*v8.Value) any {
	at := position(C.sr_caller(e.room))
	return fmt.Sprintf("    at %d:%d", at.Line, at.Column)
}

func (e *engine) nativeTimer(args []*v8.Value) any {
	return float64(e.timers.add(time.Duration(args[0].Number()*float64(time.Millisecond)), args[1].Boolean()))
}

func (e *engine) nativeClearTimer(args []*v8.Value) any {
	e.timers.remove(int(args[0].Number()))
	return nil
}

func (e *engine) nativeAlone(args []*v8.Value) any {
	C.sr_call_alone(e.room, valuePointer(args[0]), valuePointer(args[1]))
	return nil
}

// nativeNames and nativeEntries put what they find into args[1].list: an array
// that the shim makes is no value of v8go's.
func (e *engine) nativeNames(args []*v8.Value) any {
	C.sr_names(e.room, valuePointer(args[0]), valuePointer(args[1]))
	return nil
}

func (e *engine) nativeEntries(args []*v8.Value) any {
	return C.sr_entries(e.room, valuePointer(args[0]), valuePointer(args[1])) != 0
}

func promiseState(v *v8.Value) v8.PromiseState {
	promise, err := v.AsPromise()
	if err != nil {
		return v8.Pending
	}
	return promise.State()
}

func promiseResult(v *v8.Value) *v8.Value {
	promise, err := v.AsPromise()
	if err != nil || promise.State() == v8.Pending {
		return nil
	}
	return promise.Result()
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
	e.redeclared = ""
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

// read takes a text that the prelude made of a value. Only a stop keeps it from
// that; a value that cannot be read is no stop.
func read(step C.int, out C.sr_text, into any) (readable, stopped bool) {
	if step != C.SR_VALUE {
		return false, step == C.SR_TERMINATED
	}
	return json.Unmarshal([]byte(text(out)), into) == nil, false
}

// notRead stands for what the prelude could not describe.
const notRead = "(could not be read)"

func (e *engine) readResult(program Program, done *Completion) {
	result := &Result{}
	var out C.sr_text
	step := C.sr_describe_value(e.room, valuePointer(e.result.Value), C.double(program.ResultLimit), &out)
	readable, stopped := read(step, out, result)
	if stopped {
		done.Kind = Terminated
		return
	}
	if !readable {
		result = &Result{Type: "object", Preview: notRead, Truncated: true}
	}
	whole := len(result.Preview)
	result.Preview = cut(result.Preview, program.ResultLimit, &result.Truncated)
	if !result.Truncated {
		result.Bytes = whole
	} else if whole > result.Bytes && result.Type == "string" {
		result.Bytes = 0 // not known
	}
	done.Result = result
}

// maxMessage bounds what an error says, and maxStacks the stacks of those that it
// was made from, in bytes: all goes in one frame.
const maxMessage, maxStacks = 64 << 10, 32 << 10

func (e *engine) readError(program Program, phase string, done *Completion) {
	limit := min(program.ResultLimit, maxMessage)
	done.Error = &Error{}
	var out C.sr_text
	step := C.sr_describe_thrown(e.room, valuePointer(e.thrown.Value), valuePointer(e.stack.Value), C.double(limit), &out)
	readable, stopped := read(step, out, done.Error)
	if stopped {
		done.Kind, done.Error = Terminated, nil
		return
	}
	if !readable {
		done.Error = &Error{Type: "object", Message: notRead}
	}
	var at C.sr_position
	var stack C.sr_text
	C.sr_thrown_at(e.room, &at, &stack)
	done.Error.Phase, done.Error.Position = phase, position(clamp(at, program.Source))
	async := done.Error.Stack
	done.Error.Stack = text(stack)
	if done.Error.Stack != "" && async != "" {
		done.Error.Stack += "\n"
	}
	done.Error.Stack += async
	if phase == "compile" {
		done.Error.Position = e.syntaxErrorAt
	}
	if e.redeclared != "" {
		done.Error.Message = "Identifier '" + e.redeclared + "' has already been declared by a grant"
	}
	words, stacks := limit, maxStacks
	done.Error.bound(&words, &stacks)
}

// bound keeps what an error says, with all that it was made from, to so many
// bytes, and the stacks of those to so many more.
func (e *Error) bound(words, stacks *int) {
	take := func(text *string, left *int) {
		var truncated bool
		*text = cut(*text, *left, &truncated)
		*left -= len(*text)
	}
	take(&e.Message, words)
	for i := range e.Properties {
		take(&e.Properties[i].Name, words)
		take(&e.Properties[i].Value, words)
	}
	if e.Cause != nil {
		take(&e.Cause.Stack, stacks)
		e.Cause.bound(words, stacks)
	}
	for i := range e.Errors {
		take(&e.Errors[i].Stack, stacks)
		e.Errors[i].bound(words, stacks)
	}
}

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

func (e *engine) Heap() Sample {
	var s C.sr_sample
	C.sr_heap(e.room, &s)
	return sampleOf(s)
}

func sampleOf(s C.sr_sample) Sample {
	return Sample{time.Duration(s.at_ns), uint64(s.used), uint64(s.committed), uint64(s.external)}
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

// ---- from C -------------------------------------------------------------------

func position(p C.sr_position) Position { return Position{int(p.line), int(p.column)} }

func text(t C.sr_text) string {
	defer C.free(unsafe.Pointer(t.data))
	return C.GoStringN(t.data, t.length)
}

// cut keeps at most limit bytes of s, and whole characters.
func cut(s string, limit int, truncated *bool) string {
	if len(s) <= limit {
		return s
	}
	*truncated = true
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}

//export goBlocked
func goBlocked(_ C.uintptr_t, how C.int, name *C.char, length C.int, at C.sr_position, count C.int) {
	e := current.Load()
	if e == nil || e.watcher == nil {
		return
	}
	blocked := Blocked{Kind: "global", Name: C.GoStringN(name, length), Count: int(count), At: position(at)}
	switch how {
	case C.SR_IMPORT:
		blocked.Kind = "import"
	case C.SR_CODEGEN:
		// V8 tells the source, not who was asked to compile it.
		source := blocked.Name
		blocked.Kind, blocked.Name = "codegen", "eval"
		if constructed.MatchString(source) {
			blocked.Name = "Function"
		}
	}
	e.watcher.Blocked(blocked)
}

// goCounts reports whether looking for a name that is missing is an attempt at
// something that the room lacks. Any name that stands by itself is, but for words
// of the language; one that is read as a property is where another host has it.
//
//export goCounts
func goCounts(_ C.uintptr_t, how C.int, name *C.char, length C.int) C.int {
	text := C.GoStringN(name, length)
	counts := hosts.Provide(text)
	if how == C.SR_NAME {
		counts = !languageWords[text]
	}
	if counts {
		return 1
	}
	return 0
}

// languageWords mean something in some places, and are mere names in others:
// `typeof arguments` outside of a function looks for nothing.
var languageWords = map[string]bool{
	"arguments": true, "async": true, "await": true, "let": true, "static": true, "yield": true, "of": true,
}

// constructed matches the source that the Function constructors put together.
var constructed = regexp.MustCompile(`^\((async )?function\*? anonymous\(`)

//export goFatal
func goFatal(_ C.uintptr_t, outOfMemory C.int, message *C.char) {
	if OnFatal != nil {
		OnFatal(outOfMemory != 0, C.GoString(message))
	}
}
