package bridge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"
)

// How deep arguments may nest, and how many values and keys they may hold. The
// prelude has the same bounds, and says the same of what is past them.
const (
	maxDepth = 16
	maxNodes = 4096
)

// Args are the arguments of one call: plain data, copied from the worker,
// bounded in size, depth and number. Positions count from 0 here and from 1 in
// what a person reads.
type Args struct {
	call   string // "db.query"
	values []json.RawMessage
}

// NewArgs decodes the JSON array of a call's arguments. call names it, as in
// "db.query". The error is always a [*Refusal].
func NewArgs(call string, raw []byte) (Args, error) {
	if !utf8.Valid(raw) {
		return Args{}, Refuse(CodeInvalid, "%s: the arguments are not valid UTF-8", call)
	}
	if err := checkShape(call, raw); err != nil {
		return Args{}, err
	}
	var values []json.RawMessage
	if err := json.Unmarshal(raw, &values); err != nil {
		return Args{}, Refuse(CodeInvalid, "%s: the arguments are not a JSON array", call)
	}
	if loneSurrogate(raw) {
		return Args{}, Refuse(CodeInvalid, "%s: the arguments have a lone surrogate (half of a character), which is no text", call)
	}
	return Args{call: call, values: values}, nil
}

// loneSurrogate reports whether JSON has an escape of half of a character, which
// json.Unmarshal would replace: two texts would become one.
func loneSurrogate(raw []byte) bool {
	half := func(at int) (high, low bool) { // of the escape at a place
		if len(raw) < at+6 || raw[at] != '\\' || raw[at+1] != 'u' || raw[at+2]|0x20 != 'd' {
			return false, false
		}
		third := raw[at+3] | 0x20 // digits stay what they are
		return third == '8' || third == '9' || third == 'a' || third == 'b', third >= 'c' && third <= 'f'
	}
	for at := 0; ; at += 2 { // an escape is two bytes at least
		next := bytes.IndexByte(raw[at:], '\\')
		if next < 0 {
			return false
		}
		at += next
		high, low := half(at)
		if low {
			return true
		}
		if high {
			if _, low = half(at + 6); !low {
				return true
			}
			at += 10
		}
	}
}

// checkShape walks the tokens before anything is built from them.
func checkShape(call string, raw []byte) error {
	notJSON := Refuse(CodeInvalid, "%s: the arguments are not a JSON array", call)
	if trimmed := bytes.TrimLeft(raw, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '[' {
		return notJSON
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	depth, nodes := 0, 0
	for {
		token, err := decoder.Token()
		if err == io.EOF && depth == 0 {
			return nil
		}
		if err != nil {
			return notJSON
		}
		closes := token == json.Delim(']') || token == json.Delim('}')
		if !closes {
			nodes++
		}
		if nodes > maxNodes+1 { // the array of arguments is no value of the guest's
			return Refuse(CodeTooLarge, "%s: the arguments hold more than %d values", call, maxNodes)
		}
		switch token {
		case json.Delim('['), json.Delim('{'):
			// The array of arguments is no nesting of the guest's.
			if depth++; depth > maxDepth+1 {
				return Refuse(CodeTooLarge, "%s: the arguments nest deeper than %d levels", call, maxDepth)
			}
		case json.Delim(']'), json.Delim('}'):
			depth--
		}
	}
}

// Call is the call's name, as in "db.query".
func (a Args) Call() string { return a.call }

// Has says whether argument i was given, and is not null.
func (a Args) Has(i int) bool {
	return i < len(a.values) && !bytes.Equal(a.values[i], []byte("null"))
}

// Count refuses fewer than least or more than most arguments. Those that are
// undefined at the end of a call do not arrive.
func (a Args) Count(least, most int) error {
	if n := len(a.values); n < least || n > most {
		expected := fmt.Sprint(least)
		if most != least {
			expected = fmt.Sprintf("%d to %d", least, most)
		}
		if n < least {
			return Refuse(CodeType, "%s: argument %d is missing or undefined, %s expected", a.call, n+1, expected)
		}
		return Refuse(CodeType, "%s: %s given, %s expected", a.call, plural(n, "argument"), expected)
	}
	return nil
}

// Text returns argument i, which must be text of at most max bytes.
func (a Args) Text(i, max int) (string, error) {
	var text string
	if a.kind(i) != "text" || json.Unmarshal(a.values[i], &text) != nil {
		return "", a.unexpected(i, "text")
	}
	if len(text) > max {
		return "", Refuse(CodeTooLarge, "%s: argument %d has %d bytes, at most %d are taken", a.call, i+1, len(text), max)
	}
	return text, nil
}

// List returns argument i, which must be a list.
func (a Args) List(i int) ([]json.RawMessage, error) {
	var list []json.RawMessage
	if a.kind(i) != "a list" || json.Unmarshal(a.values[i], &list) != nil {
		return nil, a.unexpected(i, "a list")
	}
	return list, nil
}

// Object returns argument i, which must be an object.
func (a Args) Object(i int) (map[string]json.RawMessage, error) {
	var object map[string]json.RawMessage
	if a.kind(i) != "an object" || json.Unmarshal(a.values[i], &object) != nil {
		return nil, a.unexpected(i, "an object")
	}
	return object, nil
}

// JSON returns argument i whatever it is; it must have been given.
func (a Args) JSON(i int) (json.RawMessage, error) {
	if i >= len(a.values) {
		return nil, a.unexpected(i, "a value")
	}
	return a.values[i], nil
}

func (a Args) kind(i int) string {
	if i >= len(a.values) {
		return "missing"
	}
	if kind := Describe(a.values[i]); kind != "null" {
		return kind
	}
	return "null or undefined"
}

func (a Args) unexpected(i int, expected string) *Refusal {
	return Refuse(CodeType, "%s: argument %d is %s, %s expected", a.call, i+1, a.kind(i), expected)
}

// Describe names the kind of a JSON value for a person: "text", "an object".
func Describe(value json.RawMessage) string {
	if len(value) == 0 {
		return "missing"
	}
	switch value[0] {
	case '"':
		return "text"
	case '{':
		return "an object"
	case '[':
		return "a list"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
