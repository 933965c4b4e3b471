package ui

import (
	"strings"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/ui/editor"
)

// globals exist in every room.
var globals = []string{
	"Array", "ArrayBuffer", "Atomics", "BigInt", "BigInt64Array", "BigUint64Array", "Boolean", "DataView", "Date",
	"Error", "EvalError", "FinalizationRegistry", "Float32Array", "Float64Array", "Infinity", "Int16Array", "Int32Array",
	"Int8Array", "Intl", "Iterator", "JSON", "Map", "Math", "NaN", "Number", "Object", "Promise", "Proxy", "RangeError",
	"ReferenceError", "Reflect", "RegExp", "Set", "String", "Symbol", "SyntaxError", "TypeError", "URIError",
	"Uint16Array", "Uint32Array", "Uint8Array", "Uint8ClampedArray", "WeakMap", "WeakRef", "WeakSet", "console",
	"decodeURIComponent", "encodeURIComponent", "globalThis", "isFinite", "isNaN", "parseFloat", "parseInt", "undefined",
}

// members are offered after a dot.
var members = map[string][]string{
	"console": {"assert", "count", "countReset", "debug", "dir", "error", "group", "groupEnd", "info", "log", "table", "time", "timeEnd", "timeLog", "trace", "warn"},
	"Math":    {"PI", "abs", "ceil", "floor", "max", "min", "pow", "random", "round", "sqrt", "trunc"},
	"JSON":    {"parse", "stringify"},
	"Object":  {"assign", "create", "defineProperty", "entries", "freeze", "fromEntries", "getOwnPropertyNames", "getPrototypeOf", "keys", "setPrototypeOf", "values"},
	"Promise": {"all", "allSettled", "any", "race", "reject", "resolve", "withResolvers"},
	"Reflect": {"apply", "construct", "get", "getPrototypeOf", "has", "ownKeys", "set"},
	"Array":   {"from", "isArray", "of"},
	"Number":  {"EPSILON", "MAX_SAFE_INTEGER", "isFinite", "isInteger", "isNaN", "parseFloat", "parseInt"},
}

// completions are the words that mean something in a room with these switches
// and these grants.
func completions(at editor.CompletionContext, switches engine.Switches, grants map[string]bridge.Grant) []editor.Completion {
	var out []editor.Completion
	add := func(detail string, words ...string) {
		for _, word := range words {
			out = append(out, editor.Completion{Label: word, Detail: detail})
		}
	}
	at.Receiver = strings.TrimPrefix(at.Receiver, "globalThis.")
	for _, kind := range engine.Capabilities() {
		switch grant := grants[kind.Name]; {
		case grant == bridge.Off:
		case at.Receiver == kind.Name:
			add(kind.Name, kind.Methods...)
			return out
		case at.Receiver == "":
			add("granted, "+grant.String(), kind.Name)
		}
	}
	if at.Receiver != "" {
		add(at.Receiver, members[at.Receiver]...)
		return out
	}
	add("in every room", globals...)
	if switches.Eval {
		add("switched on", "eval", "Function")
	}
	if switches.Wasm && !switches.NoJIT {
		add("switched on", "WebAssembly")
	}
	if switches.SharedMemory {
		add("switched on", "SharedArrayBuffer")
	}
	if switches.Timers {
		add("switched on", "setTimeout", "setInterval", "clearTimeout", "clearInterval", "queueMicrotask")
	}
	return out
}
