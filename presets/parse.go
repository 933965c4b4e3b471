package presets

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"unicode/utf8"

	"sealedroom/inspector"
)

// How large a scenario's file may be, in bytes, and its parts: so large that
// no lesson comes near it, and so small that the slowest file to read
// takes no noticeable time.
const (
	MaxFile  = 1 << 20
	maxFront = 16 << 10
	maxProse = 32 << 10
)

// maxWarnings is how many warnings a file gets one by one.
const maxWarnings = 20

// ErrEmpty is what the Error of an empty file is. Nothing in it is wrong, and
// nothing in it can agree with a run.
var ErrEmpty = errors.New("is empty: a scenario has front matter and a block of code")

// Error is why a file is refused, with the line at fault.
type Error struct {
	Name string // of the file
	Line int    // from 1; 0 where none is to blame
	Text string
	Err  error // ErrEmpty, or nil
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Error reads "name:3: text".
func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", inspector.Line(e.Name), e.Text)
	}
	return fmt.Sprintf("%s:%d: %s", inspector.Line(e.Name), e.Line, e.Text)
}

// Load reads a scenario's file. It takes regular files only: no links, no
// devices, no pipes.
func Load(path string) (*Scenario, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	s, leads, err := parseFile(path, data)
	if err != nil {
		return nil, err
	}
	s.resolve(leads, nearby(filepath.Dir(path)))
	s.Path = absolute(path)
	return s, nil
}

func absolute(path string) string {
	if whole, err := filepath.Abs(path); err == nil {
		return whole
	}
	return path
}

func readFile(path string) ([]byte, error) {
	refuse := func(format string, args ...any) ([]byte, error) {
		return nil, &Error{Name: path, Text: fmt.Sprintf(format, args...)}
	}
	found, err := os.Lstat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return refuse("there is no such file: give a scenario's name, a .md file or a folder")
	case err != nil:
		return refuse("%v", err)
	case found.Mode()&os.ModeSymlink != 0:
		return refuse("is a link: give the file that it leads to")
	case !found.Mode().IsRegular():
		return refuse("is not a file: give a scenario's .md file")
	case found.Size() > MaxFile:
		return refuse("is %d bytes long: a scenario has at most %d", found.Size(), MaxFile)
	}
	// It may have been replaced since: a pipe must not hold us up.
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return refuse("%v", err)
	}
	defer file.Close()
	if opened, err := file.Stat(); err != nil || !os.SameFile(found, opened) {
		return refuse("was replaced while it was opened: try again")
	}
	data, err := io.ReadAll(io.LimitReader(file, MaxFile+1))
	if err != nil {
		return refuse("%v", err)
	}
	return data, nil
}

// Parse reads a scenario from a file's text. The error is an *Error that names
// the line at fault, or several joined. Whether links to other scenarios lead
// anywhere is left to Load and Open, which know of others.
func Parse(name string, data []byte) (*Scenario, error) {
	s, _, err := parseFile(name, data)
	return s, err
}

func parseFile(name string, data []byte) (*Scenario, []lead, error) {
	p := &parsing{file: name}
	s, err := p.parse(data)
	if err != nil {
		return nil, nil, err
	}
	base := filepath.Base(filepath.ToSlash(name))
	s.Name = inspector.Line(strings.TrimSuffix(base, filepath.Ext(base)))
	s.Setup.Name = s.Name + ".js"
	return s, p.leads, nil
}

// IsFile says whether a path looks like a scenario's.
func IsFile(path string) bool { return strings.EqualFold(filepath.Ext(path), ".md") }

// parsing is one file being read.
type parsing struct {
	file  string
	s     Scenario
	leads []lead
	// Where the text before and after the guest begins in the file.
	beforeLine, afterLine int
}

func (p *parsing) refuse(line int, format string, args ...any) error {
	return &Error{Name: p.file, Line: line, Text: fmt.Sprintf(format, args...)}
}

func (p *parsing) parse(data []byte) (*Scenario, error) {
	if len(data) > MaxFile {
		return nil, p.refuse(0, "is longer than %d bytes, a scenario's most", MaxFile)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, &Error{Name: p.file, Line: 1, Text: ErrEmpty.Error(), Err: ErrEmpty}
	}
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n")) // as the editor takes it
	if at := invalid(data); at >= 0 {
		return nil, p.refuse(lineAt(data, at), "is not UTF-8: save the file as UTF-8")
	}
	lines := strings.Split(string(data), "\n")
	if strings.TrimRight(lines[0], " ") != "---" {
		return nil, p.refuse(1, "has no front matter: begin with a line of ---")
	}
	end := 1
	for end < len(lines) && strings.TrimRight(lines[end], " ") != "---" {
		end++
	}
	if end == len(lines) {
		return nil, p.refuse(1, "front matter does not end: close it with a line of ---")
	}
	front := "\n" + strings.Join(lines[1:end], "\n") + "\n" // the first line keeps its place
	if len(front) > maxFront {
		return nil, p.refuse(1, "front matter has %d bytes: at most %d", len(front), maxFront)
	}
	p.warn(lines)
	// The text comes first: a change may name a block of it.
	bodyErr := p.body(lines[end+1:], end+2)
	if err := errors.Join(p.front(front), bodyErr); err != nil {
		return nil, firstErrors(err)
	}
	p.links(p.s.Before, p.beforeLine)
	p.links(p.s.After, p.afterLine)
	return &p.s, nil
}

// maxErrors is how many errors of one file are reported.
const maxErrors = 20

// firstErrors returns the errors that were joined, at whatever depth, in the
// order of their lines and at most maxErrors of them. One alone stays alone.
func firstErrors(err error) error {
	all := Apart(err)
	slices.SortStableFunc(all, func(a, b error) int {
		var x, y *Error
		if errors.As(a, &x) && errors.As(b, &y) {
			return cmp.Compare(x.Line, y.Line)
		}
		return 0
	})
	if len(all) == 1 {
		return all[0]
	}
	return errors.Join(all[:min(len(all), maxErrors)]...)
}

// Apart returns the errors that were joined to one, at whatever depth.
func Apart(err error) []error {
	if err == nil {
		return nil
	}
	several, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var all []error
	for _, one := range several.Unwrap() {
		all = append(all, Apart(one)...)
	}
	return all
}

// body finds the guest, and the other guests, in the text. from is the number
// of its first line.
func (p *parsing) body(lines []string, from int) error {
	guest, guestEnd, prose := -1, -1, 0
	for i := 0; i < len(lines); i++ {
		fence, language, name := opening(lines[i])
		if fence == "" {
			prose += len(lines[i]) + 1
			continue
		}
		end := i + 1
		for end < len(lines) && !closes(lines[end], fence) {
			end++
		}
		if end == len(lines) {
			return p.refuse(from+i, "the block of code does not end: close it with a line of %s", fence)
		}
		code := strings.Join(lines[i+1:end], "\n")
		if end > i+1 {
			code += "\n"
		}
		switch {
		case !isJavaScript(language):
			prose += len(code)
		case guest < 0 && name == "":
			guest, guestEnd = i, end
			p.s.Setup.Code = code
		case name == original:
			return p.refuse(from+i, "code %q: that name is the guest's own", name)
		case name != "":
			if _, twice := p.s.Codes[name]; twice {
				return p.refuse(from+i, "code %q is there twice: give it another name", clip(name))
			}
			if p.s.Codes == nil {
				p.s.Codes = map[string]string{}
			}
			p.s.Codes[name] = code
		default:
			prose += len(code)
		}
		i = end
	}
	if guest < 0 {
		return p.refuse(from+len(lines)-1, "has no code: add a block marked js, with ```js")
	}
	if prose > maxProse {
		return p.refuse(0, "has %d bytes of text around its code: at most %d", prose, maxProse)
	}
	var skipped int
	p.s.Before, skipped = tidy(lines[:guest])
	p.beforeLine = from + skipped
	p.s.After, skipped = tidy(lines[guestEnd+1:])
	p.afterLine = from + guestEnd + 1 + skipped
	return nil
}

// tidy joins lines without the empty ones around them, and counts those that it
// left out at the beginning.
func tidy(lines []string) (text string, skipped int) {
	for skipped < len(lines) && lines[skipped] == "" {
		skipped++
	}
	return strings.TrimRight(strings.Join(lines[skipped:], "\n"), "\n"), skipped
}

// isJavaScript reports whether the word after a fence means a guest.
func isJavaScript(language string) bool {
	return strings.EqualFold(language, "js") || strings.EqualFold(language, "javascript")
}

// opening takes a line that opens a block of code apart: its fence, and the
// first two words behind it.
func opening(line string) (fence, language, name string) {
	text := strings.TrimLeft(line, " ")
	if len(line)-len(text) > 3 {
		return "", "", ""
	}
	info := strings.TrimLeft(text, "~")
	if len(text)-len(info) < 3 {
		if info = strings.TrimLeft(text, "`"); len(text)-len(info) < 3 || strings.Contains(info, "`") {
			return "", "", ""
		}
	}
	fence = text[:len(text)-len(info)]
	words := strings.Fields(info)
	if len(words) > 0 {
		language = words[0]
	}
	if len(words) > 1 {
		name = words[1]
	}
	return fence, language, name
}

func closes(line, fence string) bool {
	text := strings.TrimLeft(line, " ")
	return len(line)-len(text) <= 3 && strings.HasPrefix(text, fence) && strings.Trim(text, fence[:1]+" \t") == ""
}

// addWarning adds a warning; after maxWarnings, only that there are more.
func (p *parsing) addWarning(w Warning) {
	switch n := len(p.s.Warnings); {
	case n < maxWarnings:
		p.s.Warnings = append(p.s.Warnings, w)
	case n == maxWarnings:
		p.s.Warnings = append(p.s.Warnings, Warning{Line: w.Line, Text: "has more of this kind, as may others below", Broken: w.Broken})
	}
}

// warn warns of characters that a reader would not see, or not where they are.
func (p *parsing) warn(lines []string) {
	for i, line := range lines {
		if shown := inspector.Visible(line); shown != line {
			p.addWarning(Warning{Line: i + 1, Text: "has characters that don't show: " + clip(escapes(line))})
		}
	}
}

// escapes are the characters of a line that don't show, written out.
func escapes(line string) string {
	var out []string
	for _, c := range line {
		if shown := inspector.Visible(string(c)); shown != string(c) && len(out) < 8 {
			out = append(out, shown)
		}
	}
	return strings.Join(out, " ")
}

// invalid is the place of the first byte that is not UTF-8, or -1.
func invalid(data []byte) int {
	for i := 0; i < len(data); {
		c, size := utf8.DecodeRune(data[i:])
		if c == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

func lineAt(data []byte, at int) int { return 1 + bytes.Count(data[:at], []byte("\n")) }
