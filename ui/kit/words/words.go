// Package words writes numbers, sizes, times and texts as the window shows them:
// short enough to be read at a glance.
package words

import (
	"fmt"
	"strings"

	"github.com/mattn/go-runewidth"
)

// Plural is a number and what is counted: "1 call", "2 calls".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Grouped(n) + " " + noun + "s"
}

// Grouped writes a whole number with its thousands apart.
func Grouped(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// Shortened keeps at most n characters.
func Shortened(text string, n int) string {
	for i := range text {
		if n == 0 {
			return strings.ToValidUTF8(text[:i], "\ufffd") + "…"
		}
		n--
	}
	return text
}

// Printable says whether a text has only printable ASCII.
func Printable(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// Cells is how many columns a text takes.
func Cells(text string) int {
	if Printable(text) {
		return len(text)
	}
	return runewidth.StringWidth(text)
}

// DisplayScale names a factor of the scale that the system reports.
func DisplayScale(factor float32) string {
	if factor == 1 {
		return "100 %: As the System Reports"
	}
	return fmt.Sprintf("%.0f %%", factor*100)
}
