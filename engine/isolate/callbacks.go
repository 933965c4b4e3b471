package isolate

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"regexp"
	"unicode/utf8"
	"unsafe"

	"sealedroom/engine/hosts"
	"sealedroom/engine/typescript"
)

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
		// V8 passes the source, not who was asked to compile it.
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

//export goOriginal
func goOriginal(_ C.uintptr_t, at C.sr_position) C.sr_position {
	e := current.Load()
	if e == nil || e.translation == nil {
		return at
	}
	place := e.translation.Original(typescript.Place{Line: int(at.line), Column: int(at.column)})
	return C.sr_position{line: C.int(place.Line), column: C.int(place.Column)}
}
