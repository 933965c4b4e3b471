package isolate

// #include "shim.h"
import "C"

import (
	"errors"
	"time"

	"sealedroom/engine/typescript"
)

// translateWithin is how long a translation may take: some texts of a few
// kilobytes would take esbuild minutes.
const translateWithin = 2 * time.Second

var errTranslateTime = errors.New("this TypeScript takes too long to translate: compile it to JavaScript first")

// translate translates on another goroutine, since esbuild cannot be interrupted:
// one that is given up is left to end with the process.
func (e *engine) translate(how func(string) (typescript.Translation, error), source string) (*typescript.Translation, error) {
	type outcome struct {
		translation typescript.Translation
		err         error
	}
	began := Now()
	done := make(chan outcome, 1)
	go func() {
		t, err := how(source)
		done <- outcome{t, err}
	}()
	select {
	case o := <-done:
		if o.err != nil {
			return nil, o.err
		}
		e.watcher.Translated("typescript", Now()-began)
		return &o.translation, nil
	case <-e.stopped:
	case <-time.After(translateWithin):
	}
	return nil, errTranslateTime
}

// compileTypeScript compiles a guest whose name says that it is TypeScript.
func (e *engine) compileTypeScript(program Program) (repl bool, step C.int, at C.sr_position) {
	t, err := e.translate(typescript.Translate, program.Source)
	if err == nil {
		return e.compileTranslation(program, t)
	}
	select {
	case <-e.stopped:
		return false, C.SR_TERMINATED, at
	default:
	}
	e.refused = &Error{Phase: "compile", Type: "object", Name: "SyntaxError", Message: err.Error()}
	var wrong *typescript.SyntaxError
	if errors.As(err, &wrong) {
		e.refused.Message = wrong.Message
		e.refused.Position = Position{wrong.At.Line, wrong.At.Column}
	}
	return false, C.SR_THREW, at
}

// compileTranslation compiles what was made of a guest in TypeScript.
func (e *engine) compileTranslation(program Program, t *typescript.Translation) (repl bool, step C.int, at C.sr_position) {
	e.setTranslation(t)
	return e.compileJavaScript(program, t.JavaScript)
}

func (e *engine) setTranslation(t *typescript.Translation) {
	e.translation = t
	translated := C.int(0)
	if t != nil {
		translated = 1
	}
	C.sr_translated(e.room, translated)
}
