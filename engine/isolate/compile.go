package isolate

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"regexp"
	"strings"
	"unicode/utf16"
	"unsafe"

	"github.com/evanw/esbuild/pkg/api"

	"sealedroom/engine/typescript"
)

// A guest is a script. One with top-level await is compiled in V8's REPL mode,
// which allows it and keeps completion values, but relaxes some rules of the
// language: RATIONALE.md says how those are kept.

// awaits matches guests that may use top-level await.
var awaits = regexp.MustCompile(`\bawait\b`)

// promises matches guests whose promises may wait for others.
var promises = regexp.MustCompile(`\b(async|await|then|catch|finally)\b`)

var throws = regexp.MustCompile(`\bthrow\b`)

// onlyThrow is where a guest throws that does so in one place: none where it may
// have code made from text that does.
func onlyThrow(program Program) C.sr_position {
	places := throws.FindAllStringIndex(program.Source, 2)
	if len(places) != 1 || program.Codegen {
		return C.sr_position{}
	}
	return endOf(program.Source[:places[0][0]])
}

// ambiguous matches an await that is good in a script too, where it is a name:
// `await (f())` is a call there, and a line may end behind it.
var ambiguous = regexp.MustCompile(`\bawait(\s*[(\[+\-/` + "`" + `]|[^\S\n\r\x{2028}\x{2029}]*[\n\r\x{2028}\x{2029}])`)

// useStrict matches a text that begins with the directive, after comments and
// other directives.
var useStrict = regexp.MustCompile(`^(?:[\s\x{feff};]|//[^\n\r\x{2028}\x{2029}]*|/\*(?s:.*?)\*/|'[^'\\\n]*'|"[^"\\\n]*")*?(?:'use strict'|"use strict")\s*(?:[;}\n\r]|//|/\*|$)`)

// sourceURL matches the comment by which a guest names its script.
var sourceURL = regexp.MustCompile(`//[#@]\s*sourceURL=`)

// maxParsed bounds the text that is parsed to distinguish await from a name; in longer
// ones an ambiguous await is a name.
const maxParsed = 512 << 10

// guestText is something to compile: the guest's source with what stands around it.
type guestText struct {
	before, source, after string
	repl                  bool
}

// compile compiles a guest, so that run runs it. repl: its value comes in a
// promise. Where the step is SR_THREW, at is where in the guest.
func (e *engine) compile(program Program) (repl bool, step C.int, at C.sr_position) {
	e.setTranslation(nil)
	if typescript.Named(program.Name) {
		return e.compileTypeScript(program)
	}
	repl, step, at = e.compileJavaScript(program, program.Source)
	if step == C.SR_THREW && e.redeclared == "" && typescript.Suspected(program.Source) {
		if t, err := e.translate(typescript.TranslateUnnamed, program.Source); err == nil {
			return e.compileTranslation(program, t)
		}
	}
	return repl, step, at
}

// compileJavaScript compiles the guest's own text, or what was made of it.
func (e *engine) compileJavaScript(program Program, source string) (repl bool, step C.int, at C.sr_position) {
	if strings.HasPrefix(source, "#!") {
		source = "//" + source[2:] // the same to V8, and stays so behind another text
	}
	script := guestText{source: source}
	text := script
	step, at = e.compileText(program, script)
	if awaits.MatchString(source) && (step == C.SR_THREW || step == C.SR_VALUE && topLevelAwait(source)) {
		text, step, at = e.compileAwaiting(program, script, step, at)
	}
	if step == C.SR_VALUE {
		step, at = e.refuseGranted(program, text)
	}
	return text.repl, step, at
}

// refuseGranted refuses a guest that declares, at its top level, a name that it
// is granted: a const would hide nothing and a var would be ignored. V8 would
// refuse some of them, without the place.
func (e *engine) refuseGranted(program Program, text guestText) (step C.int, at C.sr_position) {
	checked := false
	for _, c := range program.Capabilities {
		if !strings.Contains(text.source, c.Name) {
			continue
		}
		checked = true
		declared := guestText{before: "let " + c.Name + ";", source: text.source, repl: text.repl}
		if step, at := e.compileText(program, declared); step != C.SR_VALUE {
			e.redeclared = c.Name
			return step, at
		}
	}
	if !checked {
		return C.SR_VALUE, at
	}
	return e.compileText(program, text)
}

// compileAwaiting compiles a guest that has, or may have, top-level await.
func (e *engine) compileAwaiting(program Program, script guestText, asScript C.int, scriptAt C.sr_position) (guestText, C.int, C.sr_position) {
	repl := guestText{source: script.source, repl: true}
	step, at := e.compileText(program, repl)
	if step == C.SR_THREW {
		// Either `await` is a name, or the text is wrong in both readings: then the
		// one that got further is meant.
		if asScript == C.SR_VALUE || before(at, scriptAt) {
			step, at = e.compileText(program, script)
			return script, step, at
		}
		return repl, step, at
	}
	// The body of an async function has the rules that REPL mode relaxes.
	body := guestText{before: "(async () => {\n", source: script.source, after: "\n})"}
	if step, at := e.compileText(program, body); step != C.SR_VALUE {
		return body, step, at
	}
	// In a block, let, const and class are what they are everywhere: REPL mode
	// has them at its top level only forget that they are not yet initialized.
	if sourceURL.MatchString(script.source) {
		step, at = e.compileText(program, repl) // V8 takes offsets back from such a script's frames
		return repl, step, at
	}
	block := guestText{before: "{", source: script.source, after: "\n}", repl: true}
	if useStrict.MatchString(script.source) {
		block.before = "'use strict';{"
	}
	if step, at := e.compileText(program, block); step != C.SR_THREW {
		return block, step, at
	}
	step, at = e.compileText(program, repl) // for instance a function and a var of one name
	return repl, step, at
}

func before(a, b C.sr_position) bool {
	return a.line < b.line || a.line == b.line && a.column < b.column
}

// compileText compiles the guest's source, so that positions in it are the
// guest's own.
func (e *engine) compileText(program Program, t guestText) (C.int, C.sr_position) {
	whole := t.before + t.source + t.after
	text, name := C.CString(whole), C.CString(program.Name)
	defer C.free(unsafe.Pointer(text))
	defer C.free(unsafe.Pointer(name))
	source := C.sr_source{text: text, length: C.int(len(whole)), name: name}
	if t.repl {
		source.repl = 1
	}
	if lines := strings.Count(t.before, "\n"); lines > 0 {
		source.line_offset = C.int(-lines)
	} else {
		source.column_offset = C.int(-len(t.before))
	}
	step := C.sr_compile(e.room, &source)
	if step != C.SR_THREW {
		return step, C.sr_position{}
	}
	var at C.sr_position
	var stack C.sr_text
	C.sr_thrown_at(e.room, &at, &stack)
	C.free(unsafe.Pointer(stack.data))
	if e.translation != nil {
		return step, at
	}
	return step, clamp(at, t.source)
}

// clamp keeps a position inside the guest's text. V8 places an end that comes
// too early behind the last line; a person looks for it on that line.
func clamp(at C.sr_position, source string) C.sr_position {
	end := endOf(strings.TrimRight(source, "\r\n"))
	if before(end, at) {
		return end
	}
	return at
}

func endOf(source string) C.sr_position {
	lines := 1
	last := source
	for {
		i := strings.IndexAny(last, "\n\r\u2028\u2029")
		if i < 0 {
			break
		}
		size := 1
		switch {
		case strings.HasPrefix(last[i:], "\r\n"):
			size = 2
		case last[i] > '\r':
			size = len("\u2028")
		}
		lines++
		last = last[i+size:]
	}
	return C.sr_position{line: C.int(lines), column: C.int(len(utf16.Encode([]rune(last))) + 1)}
}

// topLevelAwait reports whether a text that is a good script is meant as one
// with top-level await. V8 has parsed it, so that it is not nested too deep.
func topLevelAwait(source string) bool {
	if len(source) > maxParsed || !ambiguous.MatchString(source) {
		return false
	}
	result := api.Transform(source, api.TransformOptions{
		Loader: api.LoaderJS, LogLevel: api.LogLevelSilent, Target: api.ESNext,
		Supported: map[string]bool{"top-level-await": false},
	})
	for _, m := range result.Errors {
		if strings.Contains(m.Text, "await") {
			return true
		}
	}
	return false
}
