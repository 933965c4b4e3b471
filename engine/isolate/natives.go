package isolate

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unsafe"

	v8 "rogchap.com/v8go"

	"sealedroom/engine/typescript"
)

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
		"place":         e.nativePlace,
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
		// v8go keeps every value until it is released; what the last call returned has
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

// nativePlace writes a place in the guest's script as one in the guest's text.
func (e *engine) nativePlace(args []*v8.Value) any {
	at := typescript.Place{Line: int(args[0].Number()), Column: int(args[1].Number())}
	if e.translation != nil {
		at = e.translation.Original(at)
	}
	return fmt.Sprintf("%d:%d", at.Line, at.Column)
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
