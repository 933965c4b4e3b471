package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"sealedroom/engine"
	"sealedroom/inspector"
	"sealedroom/inspector/session"
)

// roomReport is what `run --json` prints of one of several rooms.
type roomReport struct {
	Room    string  `json:"room"`
	StartMS float64 `json:"start_ms"` // from the common start until the guest was handed over
	inspector.Report
}

// single refuses the flags that are for one run.
func (c *runCommand) single() error {
	switch {
	case c.Record != "":
		return errors.New("--record writes one run: choose a room with --room NAME")
	case c.CPUProfile != "" || c.Allocations != "":
		return errors.New("--cpu-profile and --allocations write the profile of one run: choose a room with --room NAME")
	case len(c.Ask) > 0:
		return errors.New("--ask pauses one run: choose a room with --room NAME")
	case len(c.Without) > 0:
		return errors.New("--without is for one run: choose a room with --room NAME")
	}
	return nil
}

// runRooms runs a scenario's rooms side by side and prints a report of each once
// all have ended, in the order of the file.
func runRooms(ctx context.Context, host *engine.Engine, setups []session.Setup, names []string, asJSON bool) error {
	rooms, err := session.NewRooms(host, setups...)
	if err != nil {
		return err
	}
	ends := rooms.Run(ctx)
	var failed []error
	all := true
	for i, lane := range rooms.Lanes() {
		state := lane.State
		if err := ends[i].Err; err != nil {
			failed = append(failed, fmt.Errorf("room %s: %w", names[i], err))
			continue
		}
		all = all && ends[i].Ended.Outcome == engine.OK
		if asJSON {
			row := roomReport{names[i], float64(lane.Start.Microseconds()) / 1000, state.Report()}
			encoder := json.NewEncoder(os.Stdout)
			encoder.SetEscapeHTML(false)
			if err := encoder.Encode(row); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(stdout, "Room %d of %d: %s\n", i+1, len(names), names[i])
		state.WriteText(stdout)
		fmt.Fprintln(stdout)
	}
	if len(failed) > 0 {
		return errors.Join(failed...)
	}
	if !all {
		return errOutcome
	}
	return nil
}
