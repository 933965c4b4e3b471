package engine_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

// TestAskingStopsTheWorker: while a person decides, no thread of the worker
// runs, whatever it is made of; afterwards the guest goes on.
func TestAskingStopsTheWorker(t *testing.T) {
	var pid int
	stopped := false
	guest := engine.Guest{
		Source: "kv.get('k'); 'went on'", Grants: map[string]bridge.Grant{"kv": bridge.Hardened}, AskFirst: map[string]bool{"kv": true},
		Ask: func(ctx context.Context, _ engine.Asked) engine.Verdict {
			for deadline := time.Now().Add(20 * time.Second); !stopped && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
				stopped = allStopped(pid)
			}
			return engine.Allow
		},
	}
	ended, err := host.Run(t.Context(), guest, engine.Limits{}, func(e engine.Event) {
		if started, ok := e.(engine.Started); ok {
			pid = started.PID
		}
	})
	must(t, err)
	if !stopped {
		t.Error("the worker went on while a person was asked")
	}
	if ended.Outcome != engine.OK || ended.Result.Preview != "went on" {
		t.Errorf("ended as %s, %+v", ended.Outcome, ended.Error)
	}
}

// allStopped says whether every thread of a process is stopped by a signal.
func allStopped(pid int) bool {
	threads, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	for _, thread := range threads {
		stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/stat", pid, thread.Name()))
		_, rest, _ := strings.Cut(string(stat), ") ")
		if !strings.HasPrefix(rest, "T") {
			return false
		}
	}
	return len(threads) > 0
}
