package advice

import (
	"fmt"
	"regexp"
	"strings"
)

// globals are names that every guest has.
var globals = strings.Fields(`Array ArrayBuffer AggregateError Atomics BigInt BigInt64Array BigUint64Array Boolean
DataView Date Error EvalError FinalizationRegistry Float32Array Float64Array Function Infinity Int16Array Int32Array
Int8Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set
String Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef
WeakSet console decodeURI decodeURIComponent encodeURI encodeURIComponent globalThis isFinite isNaN parseFloat
parseInt undefined`)

const maxTypoSource = 256 << 10 // bytes of a guest that are searched for similar names

var (
	identifier = regexp.MustCompile(`[\p{L}_$][\p{L}\p{N}_$]*`)
	keywords   = set(strings.Fields(`await async break case catch class const continue debugger default delete do else enum
export extends false finally for function if import in instanceof let new null of return static super switch this
throw true try typeof var void while with yield`))
)

func set(names []string) map[string]bool {
	out := make(map[string]bool, len(names))
	for _, name := range names {
		out[name] = true
	}
	return out
}

// explainTypo takes a name that nothing is known of for a misspelt one.
func (r Run) explainTypo(name string) Advice {
	if len(name) > 100 {
		return Advice{}
	}
	shown := "“" + name + "”"
	if near := r.similar(name); near != "" {
		return Advice{Text: fmt.Sprintf("Nothing is called %s. Is it misspelt? Did you mean “%s”?", shown, near)}
	}
	return Advice{Text: fmt.Sprintf("Nothing is called %s. Is it misspelt, or was it never declared?", shown)}
}

// similar returns the name that is spelt most like a missing one: of the
// guest's own, of the capabilities it was granted, and of JavaScript's globals.
func (r Run) similar(name string) string {
	source := r.Source[:min(len(r.Source), maxTypoSource)]
	best, bestAt := "", 3
	if len(name) <= 4 {
		bestAt = 2
	}
	seen := map[string]bool{name: true}
	consider := func(candidate string) {
		if seen[candidate] || len(seen) > 5000 {
			return
		}
		seen[candidate] = true
		if keywords[candidate] || len(candidate) < 2 || len(candidate) > 100 {
			return
		}
		if d := distance(name, candidate); d < bestAt && d < len(name) {
			best, bestAt = candidate, d
		}
	}
	for _, at := range identifier.FindAllStringIndex(source, 20_000) {
		before := strings.TrimRight(source[:at[0]], " \t")
		if !strings.HasSuffix(before, ".") || strings.HasSuffix(before, "...") {
			consider(source[at[0]:at[1]])
		}
	}
	for capability := range r.Granted {
		consider(capability)
	}
	for _, global := range globals {
		consider(global)
	}
	return best
}

// distance counts the letters that were left out, added, changed or swapped
// with their neighbour. Case counts only where nothing else differs.
func distance(a, b string) int {
	if strings.EqualFold(a, b) {
		return 1
	}
	x, y := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	if d := len(x) - len(y); d > 2 || d < -2 {
		return 3
	}
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(x)][len(y)]
}
