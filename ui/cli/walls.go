package cli

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"sealedroom/engine"
	"sealedroom/inspector"
)

type wallsCommand struct {
	JSON bool `name:"json" help:"Print one object."`
}

func (c *wallsCommand) Run(ctx context.Context) error {
	host := engine.NewSingle()
	defer host.Close()
	report, err := host.TryWalls(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		err = writeJSON(report)
	} else {
		inspector.WriteWalls(stdout, report)
	}
	if err == nil && len(report.Fell()) > 0 {
		return errOutcome
	}
	return err
}

type versionCommand struct{}

func (*versionCommand) Run(ctx context.Context) error {
	host := engine.NewSingle()
	defer host.Close()
	var room engine.Started
	_, err := host.Run(ctx, engine.Guest{}, engine.Limits{}, func(e engine.Event) {
		if started, ok := e.(engine.Started); ok {
			room = started
		}
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "Sealed Room %s\n%s\n%s\n%s/%s\n", inspector.Build(), runtime.Version(), inspector.DescribeV8(room.V8, time.Now()), runtime.GOOS, runtime.GOARCH)
	inspector.WriteStanding(stdout, room.Walls, room.Lacking)
	inspector.WriteHas(stdout, room.Has)
	return nil
}
