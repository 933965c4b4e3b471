package bridge

import (
	"bytes"
	"unicode"
)

// Which cursor of a lane reads what of the console's lines.
const (
	firstWords = iota
	lastWords
)

// Words end at a space. What stands around them in a list or a sentence is left
// out.
const (
	spaces = " \t\r\n"
	around = spaces + "'\"`,;:=[](){}<>"
)

// maxWord is the length of a word, in bytes, from which on it is not read: a
// secret that it holds as a whole is found without that.
const maxWord = 4096

// readWords reads the first words of the console's lines as one text, and the
// last ones as another: so a secret in pieces is found that is printed with
// labels, as in "part 1: sk_l" and "part 2: ive_". A line without words is left
// out.
func (l *lane) readWords(m *matcher, text []byte, found func(hit)) {
	for line := range bytes.Lines(text) {
		line = bytes.Trim(line, around)
		if !bytes.ContainsFunc(line, wordy) {
			continue
		}
		first, last := line, line[bytes.LastIndexAny(line, spaces)+1:]
		if end := bytes.IndexAny(line, spaces); end >= 0 {
			first = line[:end]
		}
		if len(first) <= maxWord {
			l.apart[firstWords].read(m, bytes.TrimRight(first, around), false, found)
		}
		if len(last) <= maxWord {
			l.apart[lastWords].read(m, bytes.TrimLeft(last, around), false, found)
		}
	}
}

func wordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
