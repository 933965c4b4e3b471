package inspector

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"sealedroom/engine/invisible"
)

// Visible makes text from a guest, a file or a worker safe to show: what would
// control a terminal, reorder a line or hide in it is written as an escape. Line
// ends and tabs stay. The result is valid UTF-8.
func Visible(text string) string {
	plain := true
	for i := 0; i < len(text); i++ {
		if c := text[i]; c >= 0x7f || c < ' ' && c != '\n' && c != '\t' {
			plain = false
			break
		}
	}
	if plain {
		return text
	}
	text = strings.ToValidUTF8(text, "\ufffd")
	b := make([]byte, 0, len(text)+len(text)/8)
	before := rune(0) // the character before; 0 if it is not shown
	for i, c := range text {
		shown := c == '\n' || c == '\t' || shows(before, c, text[i+utf8.RuneLen(c):])
		before = 0
		switch {
		case shown:
			b = utf8.AppendRune(b, c)
			before = c
		case c < 0x100:
			const digits = "0123456789abcdef"
			b = append(b, '\\', 'x', digits[c>>4], digits[c&15])
		case c < 0x10000:
			b = fmt.Appendf(b, `\u%04x`, c)
		default:
			b = fmt.Appendf(b, `\u{%x}`, c)
		}
	}
	return string(b)
}

// Line is Visible on one line: line ends and tabs are escapes too.
func Line(text string) string {
	return oneLine.Replace(Visible(text))
}

// Terminal returns a writer that makes every write Visible. Line ends pass: text
// that must not start a line goes through Line before.
func Terminal(w io.Writer) io.Writer { return terminal{w} }

type terminal struct{ w io.Writer }

// Write writes text, which must not be cut within a character.
func (t terminal) Write(text []byte) (int, error) {
	if _, err := io.WriteString(t.w, Visible(string(text))); err != nil {
		return 0, err
	}
	return len(text), nil
}

var oneLine = strings.NewReplacer("\n", `\n`, "\t", `\t`)

// shows reports whether a character stands for itself. Controls don't, nor do
// invisible ones, but for those that emoji and joining scripts are written with.
func shows(before, c rune, rest string) bool {
	switch {
	case c < 0x80:
		return c >= ' ' && c < 0x7f
	case unicode.IsControl(c):
		return false
	case !invisible.Is(c):
		return true
	}
	after, _ := utf8.DecodeRuneInString(rest)
	return invisible.Belongs(before, c, after)
}
