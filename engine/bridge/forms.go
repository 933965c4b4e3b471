package bridge

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
)

// Form is how a secret was written where it was seen.
type Form uint8

const (
	Plain    Form = iota // as it is, in capital or small letters
	Reversed             // back to front
	Hex                  // two hexadecimal digits a byte
	Base64               // standard or URL alphabet, at any alignment, padded or not
	Escaped              // percent-encoded or backslash-escaped, wholly or in part, also twice
	Wide                 // with a zero before or after each character, as in UTF-16
)

// String is the form's name for a person.
func (f Form) String() string {
	return [...]string{"plain", "reversed", "hex", "base64", "escaped", "UTF-16"}[f]
}

// written is one text to look for.
type written struct {
	text string
	form Form
}

// forms returns every text that gives a secret away. Escapes are not among
// them: the scanner undoes those as it reads.
func forms(secret string) []written {
	reversed := []byte(secret)
	slices.Reverse(reversed)
	all := []written{
		{secret, Plain},
		{string(reversed), Reversed},
		{strings.Join(strings.Split(secret, ""), "\x00"), Wide},
		{hex.EncodeToString([]byte(secret)), Hex},
		// A form's "+" for a space is the one escape that has no sign of its own.
		{url.QueryEscape(secret), Escaped},
	}
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			all = append(all, written{base64Core(encoding, secret, before), Base64})
		}
	}
	return all
}

// base64Core is the part of a longer text's base64 that depends on nothing but
// the secret, by how many bytes (modulo 3) come before it.
func base64Core(encoding *base64.Encoding, secret string, before int) string {
	padded := append(make([]byte, before), secret...)
	first := (before*8 + 5) / 6
	last := len(padded) * 8 / 6
	return encoding.EncodeToString(padded)[first:last]
}
