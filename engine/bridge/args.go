package bridge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"
)

// How deep arguments may nest, and how many values they may hold.
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
	return Args{call: call, values: values}, nil
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
		if nodes++; nodes > maxNodes {
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

// Count refuses fewer than least or more than most arguments.
func (a Args) Count(least, most int) error {
	if n := len(a.values); n < least || n > most {
		expected := fmt.Sprint(least)
		if most != least {
			expected = fmt.Sprintf("%d to %d", least, most)
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
	return Describe(a.values[i])
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
