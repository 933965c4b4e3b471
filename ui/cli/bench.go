package cli

import (
	"context"
	"fmt"

	"sealedroom/engine/bench"
)

type benchCommand struct {
	JSON  bool   `name:"json" help:"Print one JSON object."`
	Peers string `help:"A folder with npm's node@24 and isolated-vm@7, to compare with ours." placeholder:"DIR"`
}

func (c *benchCommand) Run(ctx context.Context) error {
	report, err := bench.Measure(ctx, c.Peers, func(step string) { fmt.Fprintln(stderr, "measuring", step) })
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(report)
	}
	report.WriteText(stdout)
	return nil
}
