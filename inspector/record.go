package inspector

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"reflect"

	"sealedroom/engine"
)

// Recorder writes a run's events to a file, one JSON object a line:
// {"event":"Console","data":{…}}, after a line that says what the file is.
type Recorder struct {
	file *os.File
	out  *bufio.Writer
	err  error
}

// recordVersion changes when a reader of older recordings could not follow.
const recordVersion = 1

type recordHead struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
}

type recordLine struct {
	Event string       `json:"event"`
	Data  engine.Event `json:"data"`
}

// Record starts a recording at path.
func Record(path string) (*Recorder, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	r := &Recorder{file: file, out: bufio.NewWriter(file)}
	r.write(recordHead{"sealedroom recording", recordVersion})
	return r, nil
}

// Add writes one event. An error is kept for Close.
func (r *Recorder) Add(e engine.Event) {
	r.write(recordLine{reflect.TypeOf(e).Name(), e})
}

func (r *Recorder) write(v any) {
	if r.err != nil {
		return
	}
	line, err := json.Marshal(v)
	if err == nil {
		_, err = r.out.Write(append(line, '\n'))
	}
	r.err = err
}

// Close ends the recording and returns the first error of it.
func (r *Recorder) Close() error {
	if err := r.out.Flush(); r.err == nil {
		r.err = err
	}
	if err := r.file.Close(); r.err == nil {
		r.err = err
	}
	if r.err != nil {
		return fmt.Errorf("record: %w", r.err)
	}
	return nil
}
