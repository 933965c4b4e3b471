package advice

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"runtime/debug"
	"strings"
	"time"

	"github.com/evanw/esbuild/pkg/api"
)

// Grammar is what a source text can be read as.
type Grammar string

// The grammars that Parse distinguishes.
const (
	JavaScript Grammar = "javascript" // as a module or a script, newer than V8 perhaps
	TypeScript Grammar = "typescript"
	JSX        Grammar = "jsx"
	TSX        Grammar = "tsx"
	Object     Grammar = "object" // JavaScript, once its last block is put in parentheses
	Arrow      Grammar = "arrow"  // JavaScript, once the body of an arrow function is
	Unknown    Grammar = ""
)

const (
	// maxParsed is the longest source that is parsed.
	maxParsed = 128 << 10
	// ParseWithin is how long Parse may take. It can take minutes for a source
	// that is made for it, such as a<a<a<…, and esbuild cannot be interrupted:
	// so it runs in a process of its own, which is killed then.
	ParseWithin = 2 * time.Second
	maxTries    = 16
)

// Parse says what a source can be read as. See ParseWithin.
func Parse(source string) Grammar {
	if len(source) > maxParsed {
		return Unknown
	}
	for _, try := range []struct {
		loader  api.Loader
		grammar Grammar
	}{{api.LoaderJS, JavaScript}, {api.LoaderTS, TypeScript}, {api.LoaderJSX, JSX}, {api.LoaderTSX, TSX}} {
		if parses(source, try.loader) {
			return try.grammar
		}
	}
	// From the end: each { that may open an object, in parentheses.
	tries := 0
	for at := len(source); tries < maxTries; {
		if at = strings.LastIndexByte(source[:at], '{'); at < 0 {
			break
		}
		before := strings.TrimRight(source[:at], " \t\r\n")
		arrow := strings.HasSuffix(before, "=>")
		if !arrow && before != "" && !strings.ContainsAny(before[len(before)-1:], ";}") && !strings.Contains(source[len(before):at], "\n") {
			continue
		}
		end := closing(source, at)
		if end < 0 {
			continue
		}
		tries++
		object, after := source[at:end], source[end:]
		if arrow && parses(source[:at]+"("+object+")"+after, api.LoaderJS) {
			return Arrow
		}
		if !arrow && parses(source[:at]+"\n;("+object+")\n"+after, api.LoaderJS) && parses(source[:at], api.LoaderJS) {
			return Object
		}
	}
	return Unknown
}

// closing returns where the bracket at a place is closed, by counting brackets
// alone: what it finds is parsed before it is believed.
func closing(source string, at int) int {
	depth := 0
	for i := at; i < len(source); i++ {
		switch source[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

func parses(source string, loader api.Loader) bool {
	return len(api.Transform(source, api.TransformOptions{Loader: loader, LogLevel: api.LogLevelSilent, JSX: api.JSXPreserve}).Errors) == 0
}

// GrammarWorker is the value of confine.WorkerEnv that makes a process one that
// parses a source from its standard input.
const GrammarWorker = "grammar"

// ServeGrammar is that process. It prints one word and returns its exit status.
func ServeGrammar(in io.Reader, out io.Writer) int {
	debug.SetMaxStack(256 << 20) // deeper sources end the process, and have no grammar
	debug.SetMemoryLimit(512 << 20)
	source, err := io.ReadAll(io.LimitReader(in, maxParsed+1))
	if err != nil {
		return 1
	}
	fmt.Fprint(out, Parse(string(source)))
	return 0
}

// ParseIn parses in the process that a command starts, within ParseWithin.
func ParseIn(ctx context.Context, command *exec.Cmd, source string) Grammar {
	if len(source) > maxParsed {
		return Unknown
	}
	var out strings.Builder
	command.Stdin, command.Stdout = strings.NewReader(source), &out
	command.WaitDelay = time.Second
	if command.Start() != nil {
		return Unknown
	}
	ctx, cancel := context.WithTimeout(ctx, ParseWithin)
	defer cancel()
	defer context.AfterFunc(ctx, func() { _ = command.Process.Kill() })()
	if command.Wait() != nil {
		return Unknown
	}
	return Grammar(out.String())
}
