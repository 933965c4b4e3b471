// Package typescript turns TypeScript into JavaScript, with esbuild, and knows
// where in the TypeScript each place of that JavaScript comes from.
package typescript

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/go-sourcemap/sourcemap"
)

// Bounds of what is translated: esbuild recurses, and a Go stack that overflows
// ends the process.
const (
	MaxSource = 512 << 10 // bytes
	MaxDepth  = 2000      // brackets that are open at once
)

// Place is a place in a text, both from 1; a column counts UTF-16 units.
type Place struct{ Line, Column int }

// SyntaxError says why a text is no TypeScript.
type SyntaxError struct {
	Message string // esbuild's
	At      Place
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.At.Line, e.At.Column, e.Message)
}

// ErrTooLarge is returned for a text past MaxSource or MaxDepth.
var ErrTooLarge = fmt.Errorf("TypeScript of more than %d KB, or nested deeper than %d brackets, is not translated: compile it to JavaScript first", MaxSource>>10, MaxDepth)

// Named reports whether a file's name says that it is TypeScript.
func Named(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".ts", ".mts", ".cts":
		return true
	}
	return false
}

// signs matches what TypeScript adds to JavaScript, and much else.
var signs = regexp.MustCompile(`[:<!?]|\b(?:abstract|as|declare|enum|implements|import|interface|namespace|override|private|protected|public|readonly|satisfies|type)\b`)

// Suspected reports whether a text that is no JavaScript may be TypeScript, so
// that Translate is worth trying.
func Suspected(source string) bool {
	return len(source) <= MaxSource && signs.MatchString(source)
}

// Depth is how many brackets of a text are open at once, at most, counting those
// in strings and comments too.
func Depth(source string) (deepest int) {
	open := 0
	for i := range len(source) {
		switch source[i] {
		case '(', '[', '{':
			open++
			deepest = max(deepest, open)
		case ')', ']', '}':
			open = max(0, open-1)
		}
	}
	return deepest
}

// ErrJavaScript is returned for a text that is JavaScript already.
var ErrJavaScript = errors.New("this is JavaScript")

// TranslateUnnamed translates a text that V8 refuses and that no name calls
// TypeScript, unless esbuild can read it as JavaScript: such a text may be a
// module, or newer than this V8.
func TranslateUnnamed(source string) (Translation, error) {
	if len(source) > MaxSource || Depth(source) > MaxDepth {
		return Translation{}, ErrTooLarge
	}
	if len(api.Transform(source, api.TransformOptions{Loader: api.LoaderJS, LogLevel: api.LogLevelSilent, Target: api.ESNext}).Errors) == 0 {
		return Translation{}, ErrJavaScript
	}
	return Translate(source)
}

// Translation is the JavaScript that a TypeScript text means.
type Translation struct {
	JavaScript string
	places     *sourcemap.Consumer // nil where there is no JavaScript
}

// Translate removes the types, and makes JavaScript of what else JavaScript does
// not have: enums, namespaces, parameter properties, decorators. It may take
// minutes for a text that is made for it, and cannot be interrupted. The error is
// a *SyntaxError or ErrTooLarge.
func Translate(source string) (t Translation, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("esbuild cannot read this TypeScript: %v", e)
		}
	}()
	if len(source) > MaxSource || Depth(source) > MaxDepth {
		return Translation{}, ErrTooLarge
	}
	result := api.Transform(source, api.TransformOptions{
		Loader: api.LoaderTS, LogLevel: api.LogLevelSilent, Target: api.ESNext, Charset: api.CharsetUTF8,
		// V8 13.6 has neither.
		Supported: map[string]bool{"decorators": false, "using": false},
		Sourcemap: api.SourceMapExternal, SourcesContent: api.SourcesContentExclude,
	})
	if len(result.Errors) > 0 {
		first := result.Errors[0]
		wrong := &SyntaxError{Message: first.Text}
		if l := first.Location; l != nil {
			wrong.At = Place{l.Line, 1 + utf16Length(l.LineText[:min(l.Column, len(l.LineText))])}
		}
		return Translation{}, wrong
	}
	if len(result.Code) == 0 {
		return Translation{}, nil // nothing but types
	}
	places, err := sourcemap.Parse("", result.Map)
	if err != nil {
		return Translation{}, errors.Join(errors.New("esbuild's source map cannot be read"), err)
	}
	return Translation{JavaScript: string(result.Code), places: places}, nil
}

// Original returns where in the TypeScript a place of the JavaScript comes from:
// the start of the name, value or statement that it is in. A place that has no
// origin is returned as zero.
func (t Translation) Original(at Place) Place {
	if t.places == nil {
		return Place{}
	}
	_, _, line, column, ok := t.places.Source(at.Line, max(0, at.Column-1))
	if !ok {
		return Place{}
	}
	return Place{line, column + 1}
}

func utf16Length(s string) (n int) {
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}
