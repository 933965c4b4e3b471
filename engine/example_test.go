package engine_test

import (
	"context"
	"fmt"

	"sealedroom/engine"
)

// The article's three guests: one that behaves, one that reaches for a door,
// and one that never ends.
func ExampleEngine_Run() {
	room := engine.New()
	defer room.Close()
	for _, source := range []string{`10 + 20;`, `process.env.SECRET_API_KEY;`, `while (true) {}`} {
		ended, err := room.Run(context.Background(), engine.Guest{Source: source}, engine.Limits{}, func(event engine.Event) {
			if door, ok := event.(engine.Blocked); ok {
				fmt.Println("tried:", door.Name)
			}
		})
		switch {
		case err != nil:
			fmt.Println("not run:", err)
		case ended.Result != nil:
			fmt.Println(ended.Outcome, ended.Result.Preview)
		default:
			fmt.Println(ended.Outcome, "-", ended.Err())
		}
	}
	// Output:
	// ok 30
	// tried: process
	// exception - the guest threw: process is not defined. process is provided by Node, not by JavaScript itself, and the room does not have it.
	// timeout - wall time limit. To let it run on, raise the wall time limit: --wall, or Wall time in the panel.
}
