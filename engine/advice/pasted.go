package advice

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"sealedroom/engine/hostcode"
)

const (
	moduleText = "A guest is a script, not a module, so it can import and export nothing: paste in the code that it needs, and leave out import and export. The value of its last expression is the result."
	returnText = "A guest is not the body of a function: leave out return. The value of the last expression is the result."
	objectText = "At the start of a statement, { opens a block, not an object. To get an object, put it in parentheses: ({ … })."
	arrowText  = "After =>, { opens the body of the function, not an object. To return an object, put it in parentheses: => ({ … })."
	fenceText  = "This is Markdown: leave out the lines that start with ``` and the text around them."
	jsonText   = "This is JSON, not a program. To have it as the result, put it in parentheses: ({ … })."
)

var hostCode = Advice{HostCode: true,
	Text: "This is the code of a host, which makes an isolate with isolated-vm. Here the app is the host: run the guest alone, and set its limits and grants in the panel."}

func isHostCode(source string) bool { return hostcode.Recognize(source) }

// pasted are texts that are known by how they begin.
var pasted = []struct {
	begins *regexp.Regexp
	text   string
}{
	{regexp.MustCompile("(?m)^[ \t]*(```|~~~)"), fenceText},
	{regexp.MustCompile(`(?i)^\s*<script\b`), "This is HTML: paste only what stands between <script> and </script>."},
	{regexp.MustCompile(`(?i)^\s*<(!doctype|\?xml|html|head|body|title|meta|link|svg)\b`), "This is HTML or XML, not JavaScript: the room runs scripts only, and has no page to show."},
	{regexp.MustCompile("^\ufeff+#!"), "An invisible byte order mark (U+FEFF) stands before #!, which may only be the very first: delete it."},
	{regexp.MustCompile(`^\s+#!`), "A line that starts with #! may only be the very first: delete what stands before it."},
	{regexp.MustCompile(`^\s*(\$ |npm (i|install|run|init)\b|npx \w|yarn add\b|node [\w./-]+\s*$|curl -?\w|pip install\b|git \w+ )`), "This is a shell command, not JavaScript, and the room has no shell."},
	{regexp.MustCompile(`(?i)^\s*(SELECT\s+.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE)\s`), "This is SQL. A guest that is granted db passes it to db.query as a string."},
	{regexp.MustCompile(`(?m)^(def \w+\(.*\):|from [\w.]+ import \w|(if|elif|for|while) .+:|print .+)\s*$`), "This looks like Python, not JavaScript."},
	{regexp.MustCompile(`^\s*(>>>|>) \S`), "The lines begin with the prompt of a console: delete the > signs."},
	{regexp.MustCompile(`^\s*0*1[.:|]?[ \t]+\S.*\n\s*0*2[.:|]?[ \t]`), "The lines begin with line numbers: delete them."},
}

// forSource explains a guest that does not compile.
func (r Run) forSource() Advice {
	if isHostCode(r.Source) {
		return hostCode
	}
	head := withoutComments(r.Source[:min(len(r.Source), maxParsed)])
	for _, p := range pasted {
		if p.begins.MatchString(head) {
			return Advice{Text: p.text}
		}
	}
	if looksLikeJSON(head) {
		return Advice{Text: jsonText}
	}
	if strings.HasPrefix(r.Message, "Illegal return statement") {
		return Advice{Text: returnText}
	}
	for _, explain := range []func() Advice{r.forDeclaration, r.forCharacter, r.forNewSyntax, r.forGrammar, r.forModule} {
		if a := explain(); a.Text != "" {
			return a
		}
	}
	return Advice{}
}

var comment = regexp.MustCompile(`^\s*(//[^\n]*(\n|$)|/\*(?s:.*?)\*/)`)

// withoutComments takes off the comments at the start of a source.
func withoutComments(source string) string {
	for range 100 {
		at := comment.FindStringIndex(source)
		if at == nil {
			break
		}
		source = source[at[1]:]
	}
	return source
}

// forFence explains a guest in a Markdown fence that V8 takes for a template.
func (r Run) forFence() Advice {
	if pasted[0].begins.MatchString(withoutComments(r.Source[:min(len(r.Source), 4<<10)])) {
		return Advice{Text: fenceText}
	}
	return Advice{}
}

var jsonBegins = regexp.MustCompile(`^\s*[\[{]?\s*\{\s*"(?:[^"\\\n]|\\.)*"\s*:`)

// looksLikeJSON also takes JSON with an error in it, such as a comma too many.
func looksLikeJSON(head string) bool {
	if !jsonBegins.MatchString(head) {
		return false
	}
	if json.Valid([]byte(head)) {
		return true
	}
	last := strings.TrimRight(head, " \t\r\n")
	return strings.HasSuffix(last, "}") && !strings.ContainsAny(head, ";=`")
}

// lookalikes are characters that word processors and chats put in the place of
// JavaScript's own, and what to type.
var lookalikes = map[rune]string{
	'“': `"`, '”': `"`, '„': `"`, '‟': `"`, '«': `"`, '»': `"`, '″': `"`, '＂': `"`,
	'‘': "'", '’': "'", '‚': "'", '‛': "'", '′': "'", '＇': "'", '´': "'",
	'–': "-", '—': "-", '−': "-", '×': "*", '÷': "/", '…': "...", '≤': "<=", '≥': ">=", '≠': "!==", '→': "=>", '⇒': "=>",
	'（': "(", '）': ")", '；': ";", '，': ",", '｛': "{", '｝': "}", '：': ":", '\u037e': ";",
}

var unseen = map[rune]string{
	'\u200b': "zero-width space", '\u2060': "word joiner", '\u00ad': "soft hyphen", '\u200e': "left-to-right mark",
	'\u200f': "right-to-left mark", '\u202a': "direction mark", '\u202c': "direction mark", '\u2066': "direction mark", '\u2069': "direction mark",
}

// forCharacter explains a character that V8 stopped at and that only looks
// like one of JavaScript's.
func (r Run) forCharacter() Advice {
	at, ok := r.character()
	if !ok {
		return Advice{}
	}
	place := fmt.Sprintf("Line %d, column %d", r.Line, r.Column)
	if name, ok := unseen[at]; ok {
		return Advice{Text: fmt.Sprintf("%s has an invisible character, a %s (U+%04X): delete it.", place, name, at)}
	}
	instead, ok := lookalikes[at]
	if !ok {
		return Advice{}
	}
	if instead == `"` || instead == "'" {
		return Advice{Text: fmt.Sprintf("%s has a curly quote, %c, which JavaScript does not take as a quote: type a straight one, %s, there and wherever else one stands.", place, at, instead)}
	}
	return Advice{Text: fmt.Sprintf("%s has %c (U+%04X), which is not the character of JavaScript's that it looks like: type %s.", place, at, at, instead)}
}

// character is the one that V8 stopped at.
func (r Run) character() (rune, bool) {
	line := r.line()
	for column := 1; line != ""; {
		c, size := utf8.DecodeRuneInString(line)
		if column >= r.Column {
			return c, c != utf8.RuneError
		}
		column += max(1, utf16.RuneLen(c))
		line = line[size:]
	}
	return 0, false
}

// line is the one that V8 stopped at, at most its first 64 KB.
func (r Run) line() string {
	rest := r.Source
	for n := 1; n < r.Line; n++ {
		_, after, ok := strings.Cut(rest, "\n")
		if !ok {
			return ""
		}
		rest = after
	}
	line, _, _ := strings.Cut(rest, "\n")
	return line[:min(len(line), 64<<10)]
}

var newSyntax = []struct {
	line *regexp.Regexp
	what string
}{
	{regexp.MustCompile(`(^|[;{(]|\bfor\s*\()\s*(await\s+)?using\s+[\p{L}_$][\p{L}\p{N}_$]*\s*(=|of\b)`), "using"},
	{regexp.MustCompile(`^\s*@[\p{L}_$]`), "a decorator"},
	{regexp.MustCompile(`\bimport\s+(defer|source)\s`), "import defer"},
}

// forNewSyntax explains what V8 does not know yet.
func (r Run) forNewSyntax() Advice {
	line := r.line()
	for _, s := range newSyntax {
		if s.line.MatchString(line) {
			return Advice{Text: fmt.Sprintf("Line %d uses %s, which is newer JavaScript than this V8%s.", r.Line, s.what, version(r.V8))}
		}
	}
	return Advice{}
}

var grammarTexts = map[Grammar]string{
	JSX:    "This is JSX: the room runs plain JavaScript only, and has no page to show. Paste what a compiler made of it.",
	TSX:    "This is TypeScript with JSX: the room runs TypeScript, but has no page to show JSX on. Paste what a compiler made of it.",
	Object: objectText,
	Arrow:  arrowText,
}

func (r Run) forGrammar() Advice {
	if r.Parse == nil || len(r.Source) > maxParsed {
		return Advice{}
	}
	return Advice{Text: grammarTexts[r.Parse(r.Source)]}
}

func (r Run) forModule() Advice {
	for _, words := range []string{"Cannot use import statement", "Unexpected token 'export'", "Cannot use 'import.meta'"} {
		if strings.HasPrefix(r.Message, words) {
			return Advice{Text: moduleText}
		}
	}
	return Advice{}
}

var (
	// A block that was likely meant as an object: { a, b } or { a: 1 }.
	lastBlock = regexp.MustCompile(`\{\s*(?:[\p{L}_$][\p{L}\p{N}_$]*\s*(?:,\s*[\p{L}_$][\p{L}\p{N}_$]*\s*)*,?|[\p{L}_$][\p{L}\p{N}_$]*\s*:[^{};\n]*)\s*\}\s*;?\s*$`)
	// What a block follows that is not a statement of its own.
	opensBlock = regexp.MustCompile(`(\b(else|do|try|finally)|\b(class|extends)\b[^\n;{}]*|[^\p{L}\p{N}_$;}\]'"\x60])\s*$`)
)

// forResult explains a result that is likely not the one that was meant: a
// guest that ends in a block which looks like an object.
func (r Run) forResult() Advice {
	const most = 2 << 10
	tail := r.Source[max(0, len(r.Source)-most):]
	if !strings.HasSuffix(strings.TrimRight(tail, "; \t\r\n"), "}") || r.Result == "" || r.Result == "object" || r.Result == "function" {
		return Advice{}
	}
	at := lastBlock.FindStringIndex(tail)
	if at == nil {
		return Advice{}
	}
	before := strings.TrimRight(tail[:at[0]], " \t\r\n")
	newLine := strings.Contains(tail[len(before):at[0]], "\n") || strings.HasSuffix(before, ";") || strings.HasSuffix(before, "}") || before == "" && len(r.Source) <= most
	if !newLine || opensBlock.MatchString(before) {
		return Advice{}
	}
	return Advice{Text: "The guest ends in a block, not in an object. To get the object as the result, put it in parentheses: ({ … })."}
}
