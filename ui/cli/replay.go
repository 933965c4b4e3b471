package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/inspector/recording"
)

type replayCommand struct {
	File string `arg:"" help:"A recording that run --record wrote."`
	JSON bool   `name:"json" help:"Print the report as one JSON object."`
}

// Run prints the report of a recorded run. Nothing is run again.
func (c *replayCommand) Run() error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return errors.Join(err, fmt.Errorf("replay %s: %w: give a recording", c.File, fs.ErrInvalid))
	}
	var state inspector.State
	missing, err := recording.Read(file, state.Apply)
	if err != nil {
		return fmt.Errorf("replay %s: %w", c.File, err)
	}
	if missing > 0 {
		fmt.Fprintf(stderr, "sealedroom: the recording left out or shortened %d events: the report is of the rest\n", missing)
	}
	if c.JSON {
		err = writeJSON(state.Report())
	} else {
		state.WriteText(stdout)
	}
	if err == nil && state.Ended.Outcome != engine.OK {
		return errOutcome
	}
	return err
}
