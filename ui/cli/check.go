package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"sealedroom/presets"
)

type checkCommand struct {
	Names    []string `arg:"" optional:"" name:"name" help:"Scenarios, .md files or folders; all built-in ones if none is given."`
	JSON     bool     `name:"json" help:"Print one JSON object a line."`
	Parallel int      `help:"How many run at once; 0: as many as the machine has processors and memory for." placeholder:"N"`
}

func (c *checkCommand) Run(ctx context.Context) error {
	scenarios, err := presets.Choose(c.Names...)
	refused, err := refusals(err)
	if err != nil {
		return err
	}
	if err := c.report(refused); err != nil {
		return err
	}
	var failed error
	results := presets.Check(ctx, scenarios, c.Parallel, func(r presets.Result) {
		if !c.JSON {
			fmt.Fprint(stdout, r.Text())
		} else if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
			failed = err
		}
	})
	if failed != nil {
		return failed
	}
	files := map[string]bool{}
	unreadable := false
	for _, e := range refused {
		files[e.Name] = true
		unreadable = unreadable || !errors.Is(e, presets.ErrEmpty)
	}
	if !c.JSON && len(results) > 0 {
		fmt.Fprintln(stdout, presets.Tally(results, len(files)))
	}
	switch {
	case unreadable:
		return errRefused
	case len(refused) > 0, slices.ContainsFunc(results, presets.Result.Disagrees), ctx.Err() != nil:
		return errOutcome
	}
	return nil
}

// refusals returns the errors that refuse a file. Any other is returned as err:
// nothing is checked then.
func refusals(joined error) (refused []*presets.Error, err error) {
	for _, one := range presets.Apart(joined) {
		var refusal *presets.Error
		if !errors.As(one, &refusal) {
			return nil, one
		}
		refused = append(refused, refusal)
	}
	return refused, nil
}

// report prints why files are refused: for a person on standard error, as JSON
// among the results.
func (c *checkCommand) report(refused []*presets.Error) error {
	for _, e := range refused {
		if !c.JSON {
			fail(e)
		} else if err := json.NewEncoder(os.Stdout).Encode(e); err != nil {
			return err
		}
	}
	return nil
}
