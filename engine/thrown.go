package engine

import (
	"strings"

	"sealedroom/engine/wire"
)

// Bounds of what a worker says of one error, with its causes and parts.
const (
	maxErrors     = 32
	maxErrorDepth = 6
	maxErrorText  = 256 << 10
	maxProperties = 16
)

// sound reports whether a worker of ours could have said that this was thrown.
func sound(e *wire.Error) bool {
	errors, text := maxErrors, maxErrorText
	return soundPart(e, maxErrorDepth, &errors, &text)
}

func soundPart(e *wire.Error, depth int, errors, text *int) bool {
	*errors--
	*text -= len(e.Name) + len(e.Message) + len(e.Stack) + len(e.Code)
	for _, p := range e.Properties {
		*text -= len(p.Name) + len(p.Value)
	}
	if depth == 0 || *errors < 0 || *text < 0 || len(e.Properties) > maxProperties ||
		len(e.Name) > maxName || len(e.Code) > maxName || len(e.Message) > maxText || len(e.Stack) > maxText {
		return false
	}
	if e.Cause != nil && !soundPart(e.Cause, depth-1, errors, text) {
		return false
	}
	for i := range e.Errors {
		if !soundPart(&e.Errors[i], depth-1, errors, text) {
			return false
		}
	}
	return true
}

// guestError copies an error that is sound.
func guestError(e wire.Error, file string) GuestError {
	out := GuestError{
		Type: word(e.Type), Name: e.Name, Message: e.Message, Stack: e.Stack, Code: e.Code,
		Line: number(e.Line), Column: number(e.Column), More: number(e.More),
	}
	if out.Line > 0 {
		out.File = file
	}
	for _, p := range e.Properties {
		out.Properties = append(out.Properties, Property(p))
	}
	if e.Cause != nil {
		cause := guestError(*e.Cause, file)
		out.Cause = &cause
	}
	for _, part := range e.Errors {
		out.Errors = append(out.Errors, guestError(part, file))
	}
	return out
}

// Map returns a copy of an error with every text of it passed through f.
func (e GuestError) Map(f func(string) string) GuestError {
	for _, text := range []*string{&e.Name, &e.Message, &e.Stack, &e.File, &e.Code, &e.Phase, &e.Type} {
		*text = f(*text)
	}
	var properties []Property
	for _, p := range e.Properties {
		properties = append(properties, Property{f(p.Name), f(p.Value)})
	}
	e.Properties = properties
	if e.Cause != nil {
		cause := e.Cause.Map(f)
		e.Cause = &cause
	}
	var errors []GuestError
	for _, part := range e.Errors {
		errors = append(errors, part.Map(f))
	}
	e.Errors = errors
	return e
}

// allText is everything that an error shows, for what searches it.
func (e GuestError) allText() string {
	var b strings.Builder
	e.Map(func(text string) string {
		b.WriteString(text)
		b.WriteByte('\n')
		return text
	})
	return b.String()
}
