// Package textfile reads text files in the encodings that editors write, and
// writes them as they were. Text inside the app is UTF-8 without a byte order
// mark.
package textfile

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Format is how a text is written in a file. The zero value is UTF-8.
type Format struct {
	kind kind
	mark bool // begins with a byte order mark
}

type kind int

const (
	utf8Text kind = iota
	utf16Little
	utf16Big
	windows1252
)

// String is the format's name, to read.
func (f Format) String() string {
	return [...]string{"UTF-8", "UTF-16 (little-endian)", "UTF-16 (big-endian)", "Windows-1252 (Latin-1)"}[f.kind]
}

// Converted reports whether text in this format is converted when it is read.
func (f Format) Converted() bool { return f.kind != utf8Text }

func (f Format) encoding() encoding.Encoding {
	switch f.kind {
	case utf16Little:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case utf16Big:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case windows1252:
		return charmap.Windows1252
	}
	return encoding.Nop
}

// ErrBinary says that a file holds no text.
var ErrBinary = errors.New("not a text file")

var marks = []struct {
	bytes []byte
	kind  kind
}{
	{[]byte("\xef\xbb\xbf"), utf8Text}, {[]byte("\xff\xfe"), utf16Little}, {[]byte("\xfe\xff"), utf16Big},
}

// Decode reads a file's bytes as text, and says how it was written.
func Decode(data []byte) (string, Format, error) {
	f := detect(data)
	if f.mark {
		data = data[len(f.markBytes()):]
	}
	if f.kind == utf8Text {
		return string(data), f, nil
	}
	if f.kind == windows1252 && isBinary(data) {
		return "", f, ErrBinary
	}
	text, err := f.encoding().NewDecoder().Bytes(data)
	if err != nil {
		return "", f, fmt.Errorf("read as %s: %w", f, err)
	}
	return string(text), f, nil
}

func (f Format) markBytes() []byte {
	for _, m := range marks {
		if f.mark && m.kind == f.kind {
			return m.bytes
		}
	}
	return nil
}

func detect(data []byte) Format {
	for _, m := range marks {
		if !bytes.HasPrefix(data, m.bytes) {
			continue
		}
		if m.kind == utf8Text && !utf8.Valid(data) {
			break
		}
		return Format{m.kind, true}
	}
	// Half of the bytes of most UTF-16 is zero: the even ones or the odd ones.
	head := data[:min(len(data), 4<<10)]
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	half := len(head) / 2
	switch {
	case half > 0 && len(data)%2 == 0 && zeros[1] > half/2 && zeros[0] <= half/20:
		return Format{kind: utf16Little}
	case half > 0 && len(data)%2 == 0 && zeros[0] > half/2 && zeros[1] <= half/20:
		return Format{kind: utf16Big}
	case utf8.Valid(data):
		return Format{}
	}
	return Format{kind: windows1252}
}

// isBinary reports whether bytes hold control characters that no text has.
func isBinary(data []byte) bool {
	return bytes.ContainsFunc(data, func(c rune) bool {
		return c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v' && c != 0x1b
	})
}

// Encode writes a text in a format. The error says that the format has no place
// for some character of it.
func (f Format) Encode(text string) ([]byte, error) {
	data := []byte(text)
	if f.kind != utf8Text {
		var err error
		if data, err = f.encoding().NewEncoder().Bytes(data); err != nil {
			return nil, fmt.Errorf("the text has characters that %s lacks", f)
		}
	}
	return append(bytes.Clone(f.markBytes()), data...), nil
}
