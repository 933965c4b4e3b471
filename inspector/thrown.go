package inspector

import (
	"fmt"
	"strconv"
	"strings"

	"sealedroom/engine"
)

// Thrown is an error with all that it carries, laid out as Node prints it: its
// headline, its stack, and in braces its code, its other properties, its cause
// and the errors that it was made from, each in the same way. The text is safe
// to show; only the first line starts at the margin.
func Thrown(e engine.GuestError) string {
	var b strings.Builder
	writeThrown(&b, e, "")
	return b.String()
}

func writeThrown(b *strings.Builder, e engine.GuestError, indent string) {
	b.WriteString(headline(e, indent+"    "))
	writeRest(b, e, indent)
}

// writeRest writes what stands behind an error's headline.
func writeRest(b *strings.Builder, e engine.GuestError, indent string) {
	if e.Stack != "" {
		for _, frame := range strings.Split(Visible(e.Stack), "\n") {
			b.WriteString("\n" + indent + "    " + strings.TrimSpace(frame))
		}
	}
	writeParts(b, e, indent)
}

// writeParts writes what stands in an error's braces; nothing where it carries
// nothing.
func writeParts(b *strings.Builder, e engine.GuestError, indent string) {
	if e.Code == "" && len(e.Properties) == 0 && e.Cause == nil && len(e.Errors) == 0 && e.More == 0 {
		return
	}
	inner, before := indent+"  ", "\n"
	b.WriteString(" {")
	key := func(name string) {
		b.WriteString(before + inner + name + ": ")
		before = ",\n"
	}
	if e.Code != "" {
		key("code")
		b.WriteString(codeText(e.Code))
	}
	for _, p := range e.Properties {
		key(Line(p.Name))
		b.WriteString(Line(p.Value))
	}
	if e.Cause != nil {
		key("[cause]")
		writeThrown(b, *e.Cause, inner)
	}
	if len(e.Errors) > 0 || e.More > 0 {
		key("[errors]")
		b.WriteString("[")
		before = "\n"
		for _, one := range e.Errors {
			b.WriteString(before + inner + "  ")
			writeThrown(b, one, inner+"  ")
			before = ",\n"
		}
		if e.More > 0 {
			b.WriteString(before + inner + "  ... and " + plural(e.More, "more error"))
		}
		b.WriteString("\n" + inner + "]")
	}
	b.WriteString("\n" + indent + "}")
}

// headline is an error's name and message, or the value that was thrown in place
// of one. Further lines of a message are indented.
func headline(e engine.GuestError, indent string) string {
	text := strings.ReplaceAll(Visible(e.Message), "\n", "\n"+indent)
	switch {
	case e.Name != "" && text != "":
		return Line(e.Name) + ": " + text
	case e.Name != "":
		return Line(e.Name)
	case e.Type == "string":
		return "'" + text + "'"
	case text == "":
		return Line(e.Type)
	}
	return text
}

// codeText is an error's code: a number as it is, a word in quotes.
func codeText(code string) string {
	if _, err := strconv.ParseFloat(code, 64); err == nil {
		return code
	}
	return "'" + Line(code) + "'"
}

// carried says in words what else an uncaught error has, for the verdict; it is
// empty where that is nothing.
func carried(e *engine.GuestError) string {
	said := ""
	if e.Code != "" {
		said += fmt.Sprintf(" Its code is %s.", quote(e.Code, 40))
	}
	if e.Cause != nil {
		said += fmt.Sprintf(" It was caused by %s.", strings.TrimPrefix(uncaught(e.Cause, 80), "Uncaught "))
	}
	if n := len(e.Errors) + e.More; n > 0 {
		said += fmt.Sprintf(" It holds %s", plural(n, "error"))
		if len(e.Errors) > 0 {
			said += ", the first of them " + strings.TrimPrefix(uncaught(&e.Errors[0], 80), "Uncaught ")
		}
		said += "."
	}
	return said
}
