package recording

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"sealedroom/engine"
)

// ErrRecording is wrapped by every error about what a recording holds.
var ErrRecording = errors.New("not a readable recording")

// maxLine bounds one line, in bytes: the longest are an end with a result of
// engine.ResultLimit.Range().Max and a beginning with a guest of engine.MaxSource, all of
// it escaped.
const maxLine = 128 << 20

// maxNested bounds how deep the JSON of a line nests; the deepest that is
// written is the tree of a result.
const maxNested = 200

// Read reads a recording that a Writer wrote and passes its events to apply, in
// order. It returns how many events the recording left out
// or shortened. A recording is input
// like any other: an error wraps ErrRecording and names the line, and apply may
// have been given the events before it.
func Read(recording io.Reader, apply func(engine.Event)) (missing int64, err error) {
	lines := bufio.NewReaderSize(recording, 64<<10)
	started, ended := false, false
	for n := 1; ; n++ {
		line, err := readLine(lines)
		if errors.Is(err, io.EOF) && n > 1 {
			break
		}
		if err == nil && n == 1 {
			err = readHead(line)
		}
		if err == nil && n > 1 {
			var event engine.Event
			event, missing, err = readEvent(line, missing)
			_, first := event.(engine.Started)
			switch {
			case err != nil || event == nil:
			case first == started || ended:
				err = errors.New("an event in the wrong place")
			default:
				started = true
				_, ended = event.(engine.Ended)
				apply(event)
			}
		}
		if err != nil {
			return missing, fmt.Errorf("%w: line %d: %w", ErrRecording, n, err)
		}
	}
	if !ended {
		return missing, fmt.Errorf("%w: the end of the run is missing", ErrRecording)
	}
	return missing, nil
}

// maxFile is the largest file that is opened to look at, in bytes: twice what a
// Writer writes at most, with the longest guest and result.
const maxFile = 2 * (maxRecording + maxLine)

// IsFile reports whether a file says that it is a recording.
func IsFile(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	begins := `{"format":"` + format + `"`
	head := make([]byte, len(begins))
	_, err = io.ReadFull(file, head)
	return err == nil && string(head) == begins
}

// OpenFile opens a recording to play it. See Open.
func OpenFile(path string) (*Player, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.Size() > maxFile {
		return nil, fmt.Errorf("%w: it is larger than %s", ErrRecording, engine.FormatSize(maxFile))
	}
	return Open(io.LimitReader(file, maxFile))
}

// readLine returns the next line without its end.
func readLine(lines *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := lines.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			return line[:len(line)-1], nil
		case errors.Is(err, io.EOF) && len(line) > 0:
			return nil, io.ErrUnexpectedEOF
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		case len(line) > maxLine:
			return nil, fmt.Errorf("longer than %s", engine.FormatSize(maxLine))
		}
	}
}

func readHead(line []byte) error {
	var head headLine
	if err := json.Unmarshal(line, &head); err != nil || head.Format != format {
		return fmt.Errorf("it does not say %q: open a file that run --record wrote", format)
	}
	if head.Version != version {
		return fmt.Errorf("version %d: this app reads version %d", head.Version, version)
	}
	return nil
}

// readEvent reads one event; it is nil for the line that counts what is missing.
func readEvent(line []byte, missing int64) (engine.Event, int64, error) {
	if err := checkNesting(line); err != nil {
		return nil, missing, err
	}
	var read struct {
		Event string          `json:"event"`
		Data  json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(line, &read); err != nil {
		return nil, missing, err
	}
	if read.Event == cutName {
		var left Left
		err := json.Unmarshal(read.Data, &left)
		return nil, max(0, left.Events) + max(0, left.Texts), err
	}
	event, err := engine.DecodeEvent(read.Event, read.Data)
	if err != nil {
		return nil, missing, err
	}
	return event, missing, nil
}

// checkNesting refuses JSON that nests deeper than any event does.
func checkNesting(line []byte) error {
	depth, inText := 0, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '{' || c == '[':
			if depth++; depth > maxNested {
				return fmt.Errorf("nested deeper than %d levels", maxNested)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}
