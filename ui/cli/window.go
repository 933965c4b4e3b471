package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector/session"
	"sealedroom/presets"
	"sealedroom/presets/textfile"
)

// Window is what a program with a window adds to the commands.
type Window struct {
	// Open shows the window until it is closed or ctx ends. The document is
	// loaded, not run.
	Open func(ctx context.Context, document Document) error
	// Snapshot runs the document and draws the window into a picture.
	Snapshot func(ctx context.Context, document Document, picture Picture) error
}

// Document is what the window opens with.
type Document struct {
	// Argument is what the document was opened from: an absolute path, or a
	// scenario's name. It is "" where another process could not read the same:
	// without an argument, and for standard input.
	Argument string
	// Own has a window opened even if there is one, which would open the document.
	Own  bool
	Path string // of a guest's file; "" for none
	Text string
	// Format is how the file was written.
	Format textfile.Format
	// Recording, where not "", is the file of one that is shown.
	Recording string
	// Scenario, where not nil, is opened in place of a text.
	Scenario *presets.Scenario
	// Folder of a person's own scenarios; "" for none.
	Folder string
}

// Picture is a drawing of the window to make.
type Picture struct {
	Path          string // the .png to write
	Width, Height int    // pixels
	Light         bool
	Scale         float32 // of the text; 0 is 1
	Limits        engine.Limits
	Grants        map[string]bridge.Grant
	View          string // the inspector's tab to show; "" is the first
	Present       bool   // in presenter mode
}

type openCommand struct {
	show Window
	File string `arg:"" optional:"" help:"A .js file, a scenario's .md or name, or a folder of scenarios."`
	Own  bool   `name:"new-window" help:"Open a window of its own; otherwise one that is open already is used."`
}

func (c *openCommand) Run(ctx context.Context) error {
	document, err := OpenDocument(c.File)
	if err != nil {
		return err
	}
	document.Own = c.Own || c.File == "-"
	lacking := ""
	switch {
	case c.show.Open == nil:
		lacking = "this build has no window"
	case runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "":
		lacking = "there is no display: set DISPLAY or WAYLAND_DISPLAY for the window"
	default:
		return c.show.Open(ctx, document)
	}
	fmt.Fprintf(stderr, "%s, or use 'sealedroom run FILE'; running 'sealedroom check' instead\n", lacking)
	return (&checkCommand{}).Run(ctx)
}

type snapshotCommand struct {
	show     Window
	Out      string `required:"" help:"The picture to write, a .png." placeholder:"FILE"`
	File     string `help:"A .js file to show and run." placeholder:"FILE"`
	Scenario string `help:"A scenario to show and run." placeholder:"NAME"`
	Size     string `default:"1440x900" help:"In pixels." placeholder:"WxH"`
	Theme    string `default:"dark" enum:"dark,light" help:"dark or light."`
	Scale    string `default:"100%" help:"Of the text, from 80% to 200%." placeholder:"N%"`
	View     string `help:"The tab to show, such as result or start-up." placeholder:"NAME"`
	Present  bool   `help:"In presenter mode."`
	limitFlags
}

func (c *snapshotCommand) Run(ctx context.Context) error {
	var setup session.Setup
	var document Document
	switch {
	case c.Scenario != "":
		chosen, err := presets.Choose(c.Scenario)
		if err != nil {
			return err
		}
		setup = chosen[0].Setup
		document = Document{Scenario: chosen[0]}
	case c.File != "":
		var err error
		if document, err = OpenDocument(c.File); err != nil {
			return err
		}
		if document.Scenario != nil {
			setup = document.Scenario.Setup
		}
	}
	limits, err := c.limits(setup.Limits)
	if err != nil {
		return err
	}
	var width, height int
	if _, err := fmt.Sscanf(c.Size, "%dx%d", &width, &height); err != nil || width < 640 || height < 480 || width > 7680 || height > 4320 {
		return fmt.Errorf("--size %q: write a width and a height such as 1440x900, from 640x480 to 7680x4320", c.Size)
	}
	scale, err := strconv.ParseFloat(strings.TrimSuffix(c.Scale, "%"), 32)
	if err != nil || scale < 80 || scale > 200 {
		return fmt.Errorf("--scale %q: write a percentage from 80%% to 200%%", c.Scale)
	}
	if c.show.Snapshot == nil {
		return errors.New("snapshot: this build has no window: use the desktop app")
	}
	return c.show.Snapshot(ctx, document, Picture{
		Path: c.Out, Width: width, Height: height, Light: c.Theme == "light", Limits: limits, Grants: setup.Grants,
		Scale: float32(scale / 100), View: c.View, Present: c.Present,
	})
}
