package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/inspector/recording"
	"sealedroom/inspector/session"
	"sealedroom/presets"
	"sealedroom/presets/textfile"
)

// OpenDocument reads what an argument means: a folder of scenarios, a scenario's
// file or name, a recording, or a guest's file. The error says what was expected of it.
func OpenDocument(arg string) (Document, error) {
	if arg == "" {
		return Document{}, nil
	}
	document, err := readDocument(arg)
	if err != nil || arg == "-" {
		return document, err
	}
	document.Argument = arg
	if _, err := os.Lstat(arg); err == nil {
		document.Argument, err = filepath.Abs(arg)
		return document, err
	}
	return document, nil
}

func readDocument(arg string) (Document, error) {
	if info, err := os.Stat(arg); err == nil && info.IsDir() {
		return Document{Folder: arg}, nil
	}
	if recording.IsFile(arg) {
		return Document{Recording: arg}, nil
	}
	scenario, err := openScenario(arg)
	if scenario != nil || err != nil {
		return Document{Scenario: scenario}, err
	}
	text, format, err := readGuest(arg)
	return Document{Path: arg, Text: text, Format: format}, err
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

// readSetups reads what is run: a guest, a scenario's guest with its limits, or
// all rooms of a scenario that has several, with their names. room, where not "",
// chooses one of them.
func readSetups(path, room string) (setups []session.Setup, names []string, err error) {
	scenario, err := openScenario(path)
	switch {
	case err != nil:
		return nil, nil, err
	case scenario != nil && room != "":
		one, err := scenario.FindRoom(room)
		if err != nil {
			return nil, nil, fmt.Errorf("--room: %w", err)
		}
		return []session.Setup{one.Setup.Tidy()}, nil, nil
	case room != "":
		return nil, nil, errors.New("--room chooses one of a scenario's rooms: give a scenario that has several")
	case scenario == nil:
		setup, err := readGuestSetup(path)
		return []session.Setup{setup}, nil, err
	case len(scenario.Rooms) == 0:
		return []session.Setup{scenario.Setup.Tidy()}, nil, nil
	}
	for _, room := range scenario.Rooms {
		setups, names = append(setups, room.Setup.Tidy()), append(names, room.Name)
	}
	return setups, names, nil
}

// readGuestSetup reads a guest that is no scenario's.
func readGuestSetup(path string) (session.Setup, error) {
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
