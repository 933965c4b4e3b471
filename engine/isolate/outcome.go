package isolate

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"encoding/json"
)

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
	if e.refused != nil {
		done.Error = e.refused
		return
	}
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
