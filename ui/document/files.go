package document

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"sealedroom/engine"
	"sealedroom/presets/textfile"
)

// readSource reads a guest's file. Its line ends are the editor's.
func readSource(path string) (string, textfile.Format, error) {
	none := textfile.Format{}
	info, err := os.Stat(path)
	if err != nil {
		return "", none, err
	}
	if !info.Mode().IsRegular() {
		return "", none, fmt.Errorf("%s is not a file", filepath.Base(path))
	}
	if info.Size() > engine.MaxSource {
		return "", none, fmt.Errorf("%s is longer than a guest may be: at most %s", filepath.Base(path), engine.FormatSize(engine.MaxSource))
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", none, err
	}
	text, format, err := textfile.Decode(data)
	if err == nil && (!utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0) {
		err = textfile.ErrBinary
	}
	if err != nil {
		return "", none, fmt.Errorf("%s: %w: open a guest's JavaScript", filepath.Base(path), err)
	}
	return oneLineEnd.Replace(text), format, nil
}

// oneLineEnd writes all line ends as the editor does.
var oneLineEnd = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// likeTheFile gives a text the line ends and the encoding of the file it is to
// replace. The error says that it is UTF-8 instead, and why; the data is good.
func likeTheFile(path, text string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return []byte(text), nil // a new one
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, engine.MaxSource))
	old, format, wrong := textfile.Decode(data)
	if err != nil || wrong != nil {
		return []byte(text), nil
	}
	if strings.Contains(old, "\r\n") {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	out, err := format.Encode(text)
	if err != nil {
		return []byte(text), fmt.Errorf("%w: it was saved as UTF-8", err)
	}
	return out, nil
}

// WriteFile replaces a file in one step: a crash leaves the old or the new one.
func WriteFile(path, text string) error {
	mode := os.FileMode(0o644)
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // a link stays one
		if info, err := os.Stat(path); err == nil {
			mode = info.Mode().Perm()
		}
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".sealedroom-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.WriteString(text)
	if err == nil {
		err = temporary.Sync()
	}
	if err = errors.Join(err, temporary.Close()); err != nil {
		return err
	}
	if err := os.Chmod(temporary.Name(), mode); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}
