package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/engine/hostcode"
	"sealedroom/inspector"
	"sealedroom/inspector/recording"
	"sealedroom/inspector/session"
)

type runCommand struct {
	File string `arg:"" help:"A .js file, or a scenario's .md or name, which brings its limits; - reads standard input."`
	limitFlags
	Grant       []string `help:"Grant a capability: NAME, NAME=hardened or NAME=naive." placeholder:"NAME[=HOW]" sep:"none"`
	Ask         []string `help:"Pause before each call to these, and ask on the terminal." placeholder:"NAME,…"`
	Secret      []string `help:"Put a secret into the vault." placeholder:"NAME=VALUE" sep:"none"`
	Native      bool     `help:"Give the guest native hands: what code that broke out of V8 would have."`
	Without     []string `help:"Leave out walls, for a guest with native hands: ${walls}." placeholder:"WALL,…"`
	Room        string   `help:"Run one room of a scenario that has several; all of them run side by side without this." placeholder:"NAME"`
	JSON        bool     `name:"json" help:"Print the report as one JSON object; with several rooms, one object a line."`
	Record      string   `help:"Write every event to FILE, one JSON object a line." placeholder:"FILE"`
	CPUProfile  string   `name:"cpu-profile" help:"Sample where time goes and write it to FILE, which Chrome's DevTools and Speedscope open as a .cpuprofile." placeholder:"FILE"`
	Allocations string   `help:"Sample where memory goes and write it to FILE, as JSON by line." placeholder:"FILE"`
}

func (c *runCommand) Run(ctx context.Context) (err error) {
	setups, names, err := readSetups(c.File, c.Room)
	if err != nil {
		return err
	}
	if len(setups) > 1 {
		if err := c.single(); err != nil {
			return err
		}
	}
	for i := range setups {
		if err := c.change(&setups[i]); err != nil {
			return err
		}
	}
	host := engine.NewSingle()
	defer host.Close()
	if len(setups) > 1 {
		return runRooms(ctx, host, setups, names, c.JSON)
	}
	return c.runOne(ctx, host, setups[0])
}

// change makes the changes to a setup that the flags ask for.
func (c *runCommand) change(setup *session.Setup) error {
	limits, err := c.limits(setup.Limits)
	if err != nil {
		return err
	}
	grants, err := readGrants(c.Grant)
	if err != nil {
		return err
	}
	setup.Name, setup.Limits = guestName(c.File), limits
	setup.Secrets = append(setup.Secrets, c.Secret...)
	setup.Profile = setup.Profile || c.CPUProfile != "" || c.Allocations != ""
	if setup.Grants == nil {
		setup.Grants = map[string]bridge.Grant{}
	}
	maps.Copy(setup.Grants, grants)
	if err := c.breach(setup); err != nil {
		return err
	}
	return c.ask(setup)
}

// runOne runs a setup and prints what happened.
func (c *runCommand) runOne(ctx context.Context, host *engine.Engine, setup session.Setup) (err error) {
	room := session.NewRoom(host)
	if len(setup.AskFirst) > 0 {
		terminal, err := newTerminal(c.File)
		if err != nil {
			return err
		}
		room.Ask = terminal.ask
	}
	if c.Record != "" {
		recorder, startErr := recording.Create(c.Record, c.File)
		if startErr != nil {
			return startErr
		}
		defer func() {
			if closeErr := recorder.Close(); closeErr != nil { // more than any outcome
				err = closeErr
			}
		}()
		room.Seen = recorder.Add
	}
	ended, err := room.Run(ctx, setup)
	if err != nil {
		return err
	}
	state := room.State()
	if err := c.writeProfile(state, setup.Name); err != nil {
		return err
	}
	if c.JSON {
		if err := writeJSON(state.Report()); err != nil {
			return err
		}
	} else {
		state.WriteText(stdout)
		if a := ended.Advice; a != nil && a.HostCode {
			writeLifted(stdout, setup.Code)
		}
	}
	if ended.Outcome != engine.OK {
		return errOutcome
	}
	return nil
}

// breach gives the guest native hands if they are asked for, and leaves out the
// walls that the person named, which nothing but this flag can.
func (c *runCommand) breach(setup *session.Setup) error {
	setup.Native = setup.Native || c.Native
	if len(c.Without) == 0 {
		return nil
	}
	if !setup.Native {
		return errors.New("--without leaves out walls only for a guest with native hands: add --native")
	}
	for _, wall := range c.Without {
		if !slices.Contains(engine.RemovableWalls(), wall) {
			return fmt.Errorf("--without %s: there is no such wall: choose of %s", wall, strings.Join(engine.RemovableWalls(), ", "))
		}
	}
	setup.Without = c.Without
	fmt.Fprintf(stderr, "sealedroom: this run has no %s: its guest gets native hands, and what stands behind the walls may fall. It is made for this run; nothing of the machine's is within reach.\n",
		strings.Join(c.Without, ", no "))
	return nil
}

// ask has calls to the capabilities that the person named wait for an answer,
// in addition to those of a scenario.
func (c *runCommand) ask(setup *session.Setup) error {
	for _, name := range c.Ask {
		if names := session.Capabilities(); !slices.Contains(names, name) {
			return fmt.Errorf("--ask %q: there is no capability of that name: ask for one of %s", name, strings.Join(names, ", "))
		}
		if setup.Grants[name] == bridge.Off {
			return fmt.Errorf("--ask %s: it is not granted: add --grant %s", name, name)
		}
	}
	setup.AskFirst = append(setup.AskFirst, c.Ask...)
	*setup = setup.Tidy() // a flag may have taken a scenario's grant away
	return nil
}

// writeLifted prints the guests in host code, each with the command that runs
// it as the host would have.
func writeLifted(w io.Writer, source string) {
	lifted, ok := hostcode.Lift(source)
	if !ok {
		return
	}
	flags := ""
	if lifted.Memory > 0 {
		flags += " --memory " + strings.ReplaceAll(engine.FormatSize(lifted.Memory), " ", "")
	}
	if lifted.Wall > 0 {
		flags += " --wall " + strings.ReplaceAll(engine.FormatTime(lifted.Wall), " ", "")
	}
	for _, name := range lifted.Grants {
		flags += " --grant " + name
	}
	fmt.Fprintf(w, "To run a guest of it: sealedroom run%s GUEST.js, where GUEST.js is one of\n", flags)
	for _, g := range lifted.Guests {
		fmt.Fprintf(w, "  %s\n    %s\n", cmp.Or(inspector.Line(g.Name), "the guest"), strings.ReplaceAll(inspector.Visible(g.Code), "\n", "\n    "))
	}
	for _, name := range lifted.Unknown {
		fmt.Fprintf(w, "  The bridge function %s has no counterpart here: use db, http, files or kv.\n", inspector.Line(name))
	}
}

// readGrants reads grants as they are typed: db, db=hardened, db=naive.
func readGrants(typed []string) (map[string]bridge.Grant, error) {
	grants := map[string]bridge.Grant{}
	names := session.Capabilities()
	for _, text := range typed {
		name, how, _ := strings.Cut(text, "=")
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("--grant %q: there is no capability of that name: grant one of %s", text, strings.Join(names, ", "))
		}
		grant, err := bridge.ParseGrant(how)
		if err != nil {
			return nil, fmt.Errorf("--grant %q: %w", text, err)
		}
		grants[name] = grant
	}
	return grants, nil
}

func writeJSON(v any) error {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}
