// Package hostcode reads code that was written for a host with isolated-vm, as
// in articles and manuals, and takes out of it what a room needs: the guests,
// the memory limit, the timeout and the bridge functions. It runs nothing.
package hostcode

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"sealedroom/engine/bridge"
	"sealedroom/engine/bridge/catalog"
)

// What is read of host code, at most: each call and variable is looked up in
// all of it.
const (
	maxSource     = 128 << 10
	maxLookups    = 64
	maxParameters = 32 // tokens of a parameter list
	maxGuests     = 16
)

// Lifted is what was found in host code.
type Lifted struct {
	Guests  []Guest
	Memory  int64         // bytes; 0 where the code sets none
	Wall    time.Duration // 0 where the code sets none
	Grants  []string      // capabilities whose names the bridge has, sorted
	Unknown []string      // bridge functions that no capability stands for
}

// Guest is a text that the host code compiles in its isolate.
type Guest struct {
	Name string // of the variable that holds it; "" where it has none
	Code string
}

var isolatedVM = regexp.MustCompile(`(require\s*\(\s*|\bfrom\s*|\bimport\s*\(?\s*)['"“‘\x60]isolated-vm['"”’\x60]`)

// Recognize reports whether a source is host code for isolated-vm.
func Recognize(source string) bool {
	return strings.Contains(source, "isolated-vm") && isolatedVM.MatchString(source[:min(len(source), maxSource)])
}

// Lift takes the guests and their room out of host code; false where the
// source is none, or has no guest in it.
func Lift(source string) (Lifted, bool) {
	if !Recognize(source) || len(source) > maxSource {
		return Lifted{}, false
	}
	h := &host{tokens: tokens(source), strings: map[string]string{}}
	h.read()
	h.lift()
	return h.lifted, len(h.lifted.Guests) > 0
}

// host is host code while it is read.
type host struct {
	tokens  []token
	strings map[string]string // variables that hold one
	lifted  Lifted
	lookups int
}

// lookup reports whether one more search of all of the code is allowed.
func (h *host) lookup() bool {
	h.lookups++
	return h.lookups <= maxLookups
}

// at is the token at a place; an empty one where there is none.
func (h *host) at(i int) token {
	if i < 0 || i >= len(h.tokens) {
		return token{kind: mark}
	}
	return h.tokens[i]
}

func (h *host) is(i int, texts ...string) bool {
	for n, want := range texts {
		if t := h.at(i + n); t.text != want || t.kind == text || t.kind == template {
			return false
		}
	}
	return true
}

// read collects the variables that hold text, and the limits.
func (h *host) read() {
	for i := range h.tokens {
		if h.at(i).kind != word {
			continue
		}
		name := h.at(i).text
		if h.is(i+1, "=") && h.at(i+2).kind == text && !h.is(i+3, "+") {
			h.strings[name] = h.at(i + 2).text
		}
		if !h.is(i+1, ":") && !h.is(i+1, "=") {
			continue
		}
		n, ok := h.number(i + 2)
		switch {
		case !ok:
		case name == "memoryLimit" && h.lifted.Memory == 0 && n <= 1<<20:
			h.lifted.Memory = int64(n * (1 << 20))
		case name == "timeout" && h.lifted.Wall == 0 && n <= 1e9:
			h.lifted.Wall = time.Duration(n * float64(time.Millisecond))
		}
	}
}

// number reads a number, a product of numbers, or a variable that holds one.
func (h *host) number(i int) (float64, bool) {
	t := h.at(i)
	if t.kind == word {
		if !h.lookup() {
			return 0, false
		}
		for j := range h.tokens {
			if h.at(j).text == t.text && h.is(j+1, "=") && h.at(j+2).kind == number {
				return h.number(j + 2)
			}
		}
		return 0, false
	}
	product := 1.0
	for {
		n, err := strconv.ParseFloat(h.at(i).text, 64)
		if err != nil || h.at(i).kind != number || n < 0 {
			return 0, false
		}
		product *= n
		if !h.is(i+1, "*") {
			return product, true
		}
		i += 2
	}
}

// compiles are the calls of isolated-vm that take a guest's text.
var compiles = []string{"compileScript", "compileScriptSync", "compileModule", "compileModuleSync",
	"eval", "evalSync", "evalIgnored", "evalClosure", "evalClosureSync"}

func (h *host) lift() {
	var set []string
	for i := range h.tokens {
		if !h.is(i, ".") || h.at(i+1).kind != word {
			continue
		}
		switch call := h.at(i + 1).text; {
		case !h.is(i+2, "("):
		case slices.Contains(compiles, call):
			h.compiled(i+3, "")
		case strings.HasPrefix(call, "set") && h.at(i+3).kind == text && (h.is(i-1, "global") || h.isGlobal(i-1)):
			set = append(set, h.at(i+3).text)
		}
	}
	// What the isolate's side of the bridge is called decides which capability it
	// is; a guest only sees that.
	wrappers := h.wrappers()
	if len(wrappers) == 0 {
		wrappers = set
	}
	known := catalog.Kinds()
	for _, name := range wrappers {
		switch i := slices.IndexFunc(known, func(kind bridge.Kind) bool { return kind.Name == name }); {
		case i >= 0:
			h.lifted.Grants = append(h.lifted.Grants, name)
		case name != "global" && name != "globalThis" && name != "console" && name != "log":
			h.lifted.Unknown = append(h.lifted.Unknown, name)
		}
	}
	for _, kind := range known { // also what guests call without a wrapper
		for _, method := range kind.Methods {
			call := regexp.MustCompile(`(^|[^\w$.])` + kind.Name + `\s*\.\s*` + method + `\s*\(`)
			if slices.ContainsFunc(h.lifted.Guests, func(g Guest) bool { return call.MatchString(g.Code) }) {
				h.lifted.Grants = append(h.lifted.Grants, kind.Name)
			}
		}
	}
	for _, slot := range []*[]string{&h.lifted.Grants, &h.lifted.Unknown} {
		slices.Sort(*slot)
		*slot = slices.Compact(*slot)
	}
}

// isGlobal reports whether a variable was made of a context's global.
func (h *host) isGlobal(i int) bool {
	name := h.at(i)
	if name.kind != word || !h.lookup() {
		return false
	}
	for j := range h.tokens {
		if h.at(j).text == name.text && h.is(j+1, "=") {
			for k := j + 2; k < j+8; k++ {
				if h.is(k, ".", "global") {
					return true
				}
			}
		}
	}
	return false
}

// compiled takes the guest that is an argument at a place: a text, a variable
// that holds one, or a parameter, for which the calls of its function count.
func (h *host) compiled(i int, name string) {
	t := h.at(i)
	switch {
	case t.kind == text:
		h.guest(name, t.text)
	case t.kind == word && h.strings[t.text] != "":
		h.guest(t.text, h.strings[t.text])
	case t.kind == word && h.lookup():
		function, n := h.parameter(i, t.text)
		if function == "" {
			return
		}
		for j := range h.tokens {
			if !h.is(j, function, "(") || h.is(j-1, "function") {
				continue
			}
			if len(h.lifted.Guests) >= maxGuests || n > maxParameters || !h.lookup() {
				break
			}
			argument := h.argument(j+2, n)
			if t := h.at(argument); t.kind == text {
				h.guest("", t.text)
			} else if t.kind == word && h.strings[t.text] != "" {
				h.guest(t.text, h.strings[t.text])
			}
		}
	}
}

// parameter finds the function around a place that has this parameter: its
// name, and which of them it is.
func (h *host) parameter(i int, name string) (string, int) {
	for ; i >= 0; i-- {
		open, function := -1, ""
		switch {
		case h.is(i, "function") && h.at(i+1).kind == word && h.is(i+2, "("):
			open, function = i+2, h.at(i+1).text
		case h.at(i).kind == word && h.is(i+1, "=", "("):
			open, function = i+2, h.at(i).text
		case h.at(i).kind == word && h.is(i+1, "=", "async", "("):
			open, function = i+3, h.at(i).text
		case h.at(i).kind == word && (h.is(i+1, "=", "function", "(") || h.is(i+1, "=", "async", "function")):
			open, function = i+3, h.at(i).text
			if h.is(i+2, "async") {
				open++
			}
		case h.at(i).kind == word && h.is(i+1, "=", name, "="):
			return h.at(i).text, 0
		case h.at(i).kind == word && h.is(i+1, "=", "async", name, "="):
			return h.at(i).text, 0
		}
		if open < 0 {
			continue
		}
		n := 0
		for j := open + 1; j < min(len(h.tokens), open+maxParameters) && !h.is(j, ")"); j++ {
			if h.is(j, ",") {
				n++
			} else if h.is(j, name) {
				return function, n
			}
		}
	}
	return "", 0
}

// argument is the place of the n-th argument of a call whose arguments start
// at i.
func (h *host) argument(i, n int) int {
	for depth := 0; i < len(h.tokens) && n > 0; i++ {
		switch {
		case h.is(i, "("), h.is(i, "["), h.is(i, "{"):
			depth++
		case h.is(i, ")"), h.is(i, "]"), h.is(i, "}"):
			depth--
		case depth == 0 && h.is(i, ","):
			n--
		}
	}
	return i
}

var (
	// glue is code that the host runs in the isolate to set up the bridge.
	glue    = regexp.MustCompile(`\bapply(Sync|Ignored|SyncPromise)?\s*\(\s*(undefined|null|void 0)|\$\d\b|\bnew\s+ivm\b`)
	wrapper = regexp.MustCompile(`(?:globalThis|global)\s*\.\s*([\p{L}_$][\p{L}\p{N}_$]*)\s*=|\b(?:function|const|let|var)\s+([\p{L}_$][\p{L}\p{N}_$]*)`)
)

// wrappers are the names that glue makes for the guest.
func (h *host) wrappers() []string {
	var names []string
	for _, t := range h.tokens {
		if t.kind != text && t.kind != template || !glue.MatchString(t.text) {
			continue
		}
		for _, m := range wrapper.FindAllStringSubmatch(t.text, 100) {
			if m[1] != "" {
				names = append(names, m[1])
			} else if len(m[2]) > 0 && !strings.Contains(t.text, "globalThis."+m[2]) {
				names = append(names, m[2])
			}
		}
	}
	return names
}

// guest keeps a guest's text once; glue is none.
func (h *host) guest(name, code string) {
	code = dedent(code)
	if code == "" || len(h.lifted.Guests) >= maxGuests || glue.MatchString(code) ||
		slices.ContainsFunc(h.lifted.Guests, func(g Guest) bool { return g.Code == code }) {
		return
	}
	h.lifted.Guests = append(h.lifted.Guests, Guest{name, code})
}

// dedent takes off the blank lines around a text, and the white space that all
// of its lines start with.
func dedent(code string) string {
	lines := strings.Split(strings.ReplaceAll(code, "\r\n", "\n"), "\n")
	indent := -1
	for i, line := range lines {
		if strings.TrimSpace(line) == "" {
			lines[i] = ""
			continue
		}
		n := len(line) - len(strings.TrimLeft(line, " \t"))
		if i == 0 && n == 0 && len(lines) > 1 {
			continue // the code starts right behind its quote
		}
		if indent < 0 || n < indent {
			indent = n
		}
	}
	for i, line := range lines {
		if n := len(line) - len(strings.TrimLeft(line, " \t")); indent > 0 && n >= indent {
			lines[i] = line[indent:]
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
