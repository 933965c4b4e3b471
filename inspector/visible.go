package inspector

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible makes text from a guest safe to show: what would control a terminal,
// reorder a line or hide in it is written as an escape. Line ends and tabs
// stay. The result is valid UTF-8.
func Visible(text string) string {
	plain := true
	for _, c := range text {
		if !shows(c) {
			plain = false
			break
		}
	}
	if plain {
		return strings.ToValidUTF8(text, "\ufffd")
	}
	var b strings.Builder
	for i, c := range text {
		switch {
		case c == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd"):
			b.WriteRune(utf8.RuneError)
		case shows(c):
			b.WriteRune(c)
		case c < 0x100:
			fmt.Fprintf(&b, `\x%02x`, c)
		case c < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			fmt.Fprintf(&b, `\u{%x}`, c)
		}
	}
	return b.String()
}

// Line is Visible on one line: line ends and tabs are escapes too.
func Line(text string) string {
	return oneLine.Replace(Visible(text))
}

var oneLine = strings.NewReplacer("\n", `\n`, "\t", `\t`)

// shows says whether a character stands for itself. Controls don't; nor do
// format characters (bidirectional overrides, zero-width ones, tags) except
// the joiners that scripts and emoji need, nor other line separators.
func shows(c rune) bool {
	switch {
	case c == '\n' || c == '\t':
		return true
	case unicode.IsControl(c), c == '\u2028', c == '\u2029', c == '\ufeff':
		return false
	case c == '\u200c' || c == '\u200d':
		return true
	case unicode.Is(unicode.Cf, c):
		return c == '\u00ad'
	case c == '\u115f' || c == '\u1160' || c == '\u3164' || c == '\uffa0': // Hangul fillers: blank, yet letters
		return false
	}
	return true
}
