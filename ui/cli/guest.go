package cli

import (
	"fmt"
	"io"
	"os"
	"strings"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/inspector/session"
	"sealedroom/presets"
	"sealedroom/presets/textfile"
)

// openDocument reads what the window opens with: a guest, a scenario, or a
// folder of scenarios.
func openDocument(path string) (Document, error) {
	if path == "" {
		return Document{}, nil
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return Document{Folder: path}, nil
	}
	scenario, err := openScenario(path)
	if scenario != nil || err != nil {
		return Document{Scenario: scenario}, err
	}
	text, format, err := readGuest(path)
	return Document{Path: path, Text: text, Format: format}, err
}

// openScenario returns the scenario that an argument means: a .md file, or a
// built-in one by its name. It is nil where the argument is something else; a
// file goes before a name.
func openScenario(arg string) (*presets.Scenario, error) {
	if presets.IsFile(arg) {
		return presets.Load(arg)
	}
	if _, err := os.Lstat(arg); err == nil || arg == "-" {
		return nil, nil
	}
	scenario, err := presets.Find(arg)
	if err != nil && !strings.ContainsAny(arg, `./\`) {
		return nil, fmt.Errorf("%w (and no file of that name exists)", err)
	}
	if err != nil {
		return nil, nil
	}
	return scenario, nil
}

// readSetup reads what is run: a scenario's guest with its limits, or a guest.
func readSetup(path string) (session.Setup, error) {
	scenario, err := openScenario(path)
	if err != nil {
		return session.Setup{}, err
	}
	if scenario != nil {
		return scenario.Setup.Tidy(), nil
	}
	source, format, err := readGuest(path)
	if format.Converted() {
		fmt.Fprintf(os.Stderr, "sealedroom: %s is %s: converted to UTF-8 for this run\n", inspector.Line(path), format)
	}
	return session.Setup{Code: source}, err
}

// readGuest reads a guest's source, at most as much as is run, and how its file
// was written.
func readGuest(path string) (string, textfile.Format, error) {
	none := textfile.Format{}
	var in io.Reader = os.Stdin
	if path != "-" {
		info, err := os.Stat(path)
		if err != nil {
			return "", none, err
		}
		if !info.Mode().IsRegular() {
			return "", none, fmt.Errorf("%s is not a file: give a .js file, or - for standard input", path)
		}
		file, err := os.Open(path)
		if err != nil {
			return "", none, err
		}
		defer file.Close()
		in = file
	}
	source, err := io.ReadAll(io.LimitReader(in, engine.MaxSource+1))
	if err != nil {
		return "", none, err
	}
	if len(source) > engine.MaxSource {
		return "", none, fmt.Errorf("%s is longer than a guest may be: at most %s", path, engine.FormatSize(engine.MaxSource))
	}
	text, format, err := textfile.Decode(source)
	if err != nil {
		return "", none, fmt.Errorf("%s: %w: give a guest's JavaScript", inspector.Line(path), err)
	}
	return strings.ToValidUTF8(text, "\ufffd"), format, nil
}

func guestName(path string) string {
	if path == "-" {
		return "guest.js"
	}
	name := path[strings.LastIndexAny(path, `/\`)+1:]
	if presets.IsFile(name) { // the guest in it has lines of its own
		name = name[:len(name)-len("md")] + "js"
	} else if _, err := presets.Find(name); err == nil {
		name += ".js"
	}
	return inspector.Line(name)
}
