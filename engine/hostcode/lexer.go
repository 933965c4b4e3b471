package hostcode

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a piece of JavaScript. Comments and white space are not kept.
type token struct {
	kind kind
	text string // a string's is what it stands for
}

type kind int

const (
	word kind = iota // an identifier or a keyword
	number
	text // a string, or a template without substitutions
	template
	mark // any other character
)

// tokens takes a source apart. It is made for code that people paste: what it
// does not understand it passes over, and it never fails.
func tokens(source string) []token {
	var out []token
	add := func(k kind, s string) { out = append(out, token{k, s}) }
	for i := 0; i < len(source); {
		c, size := utf8.DecodeRuneInString(source[i:])
		rest := source[i:]
		switch {
		case unicode.IsSpace(c) || c == '\ufeff' || c == '\u200b':
			i += size
		case strings.HasPrefix(rest, "//"), i == 0 && strings.HasPrefix(rest, "#!"):
			i += end(rest, "\n")
		case strings.HasPrefix(rest, "/*"):
			i += 2 + end(rest[2:], "*/")
		case closes[c] != "":
			s, length, plain := quoted(rest, size, closes[c])
			if plain {
				add(text, s)
			} else {
				add(template, s)
			}
			i += length
		case c == '/' && startsRegexp(out):
			length := regexpLength(rest)
			add(mark, rest[:length])
			i += length
		case c == '_' || c == '$' || c == '#' || unicode.IsLetter(c):
			length := length(rest, func(c rune) bool {
				return c == '_' || c == '$' || c == '#' || unicode.IsLetter(c) || unicode.IsDigit(c)
			})
			add(word, rest[:length])
			i += length
		case unicode.IsDigit(c):
			length := length(rest, func(c rune) bool { return c == '_' || c == '.' || unicode.IsLetter(c) || unicode.IsDigit(c) })
			add(number, strings.ReplaceAll(rest[:length], "_", ""))
			i += length
		default:
			add(mark, rest[:size])
			i += size
		}
	}
	return out
}

// closes has the quotes that open a string, word processors' too, and those
// that close it.
var closes = map[rune]string{'\'': "'", '"': `"`, '`': "`", '“': "”", '‘': "’"}

func end(text, mark string) int {
	if i := strings.Index(text, mark); i >= 0 {
		return i + len(mark)
	}
	return len(text)
}

func length(text string, part func(rune) bool) int {
	for i, c := range text {
		if !part(c) {
			return i
		}
	}
	return len(text)
}

// quoted reads a string: what it stands for, its length in the source, and
// whether it has no substitutions.
func quoted(source string, open int, closing string) (string, int, bool) {
	var b strings.Builder
	plain := true
	for i := open; i < len(source); {
		if strings.HasPrefix(source[i:], closing) {
			return b.String(), i + len(closing), plain
		}
		c, size := utf8.DecodeRuneInString(source[i:])
		switch {
		case c == '\\' && i+1 < len(source):
			next, width := utf8.DecodeRuneInString(source[i+1:])
			if s, ok := escapes[next]; ok {
				b.WriteString(s)
			} else {
				b.WriteRune(next)
			}
			i += 1 + width
			continue
		case c == '\n' && closing != "`":
			return b.String(), i, plain // the string was never closed
		case closing == "`" && strings.HasPrefix(source[i:], "${"):
			plain = false
		}
		b.WriteRune(c)
		i += size
	}
	return b.String(), len(source), plain
}

var escapes = map[rune]string{'n': "\n", 't': "\t", 'r': "\r", 'b': "\b", 'f': "\f", 'v': "\v", '0': "\x00", '\n': "", '\r': ""}

// startsRegexp reports whether a / behind these tokens starts a regular
// expression, and does not divide.
func startsRegexp(before []token) bool {
	if len(before) == 0 {
		return true
	}
	last := before[len(before)-1]
	if last.kind == word {
		return last.text == "return" || last.text == "typeof" || last.text == "case"
	}
	return last.kind == mark && !strings.Contains(")]}", last.text)
}

func regexpLength(source string) int {
	class := false
	for i := 1; i < len(source); i++ {
		switch source[i] {
		case '\\':
			i++
		case '\n':
			return 1
		case '[':
			class = true
		case ']':
			class = false
		case '/':
			if !class {
				return i + 1
			}
		}
	}
	return 1
}
