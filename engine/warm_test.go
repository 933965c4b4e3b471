package engine_test

import (
	"sync"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

// TestSparesForSeveralRooms: rooms that start at once get a spare each, whatever
// their limits, and none has another's.
func TestSparesForSeveralRooms(t *testing.T) {
	rooms := engine.New()
	defer rooms.Close()
	small, large := limits(t, "64MB", "20s", engine.Switches{}), limits(t, "128MB", "20s", engine.Switches{NoJIT: true})
	all := []engine.Limits{small, large, small}
	rooms.Warm(all...)
	for deadline := time.Now().Add(20 * time.Second); rooms.Spares() < len(all); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d spares are ready, want %d", rooms.Spares(), len(all))
		}
	}
	var wait sync.WaitGroup
	for i, l := range all {
		wait.Go(func() {
			guest := engine.Guest{
				Source: "for (let i = 0; i < 2000; i++) kv.get('k'); 'done'",
				Grants: map[string]bridge.Grant{"kv": bridge.Hardened},
			}
			var started engine.Started
			ended, err := rooms.Run(t.Context(), guest, l, func(e engine.Event) {
				if s, ok := e.(engine.Started); ok {
					started = s
				}
			})
			if err != nil || ended.Outcome != engine.OK || !started.Waited.Spare {
				t.Errorf("room %d: %v, %s, a spare: %v", i, err, ended.Outcome, started.Waited.Spare)
			}
		})
	}
	wait.Wait()
}
