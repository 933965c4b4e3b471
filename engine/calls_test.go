package engine_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector"
)

// footprints are sizes of host and worker at one call of a run, in bytes.
type footprints struct {
	call         int64
	host, worker int64
}

// manyCalls has a guest make n calls, no two alike, and reads the sizes ten
// times on the way. The host folds the events as the window does.
func manyCalls(t testing.TB, n int64) (sizes []footprints, ended engine.Ended) {
	t.Helper()
	guest := engine.Guest{
		Source: fmt.Sprintf(`for (let i = 0; i < %d; i++) {
			if (i %% 4 === 0) db.query('SELECT name FROM users WHERE id = ?', [i]);
			else if (i %% 4 === 1) kv.set('key' + i %% 100, {i, text: 'x'.repeat(i %% 50)});
			else if (i %% 4 === 2) kv.get('key' + (i - 1) %% 100);
			else try { db.query('SELECT api_key FROM credentials -- ' + i) } catch {}
		}`, n),
		Grants: map[string]bridge.Grant{"db": bridge.Hardened, "kv": bridge.Hardened},
	}
	var state inspector.State
	ended, err := host.Run(context.Background(), guest, limits(t, "64MB", "10m", engine.Switches{}), func(e engine.Event) {
		state.Apply(e)
		if call, ok := e.(engine.Call); ok && call.N%(n/10) == 0 {
			sizes = append(sizes, footprints{call.N, settledHeap(), state.Heap[len(state.Heap)-1].Process})
		}
	})
	must(t, err)
	if ended.Outcome != engine.OK || int64(state.CallCount) != n {
		t.Fatalf("ended as %s (%+v) after %d calls", ended.Outcome, ended.Error, state.CallCount)
	}
	return sizes, ended
}

func settledHeap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestManyCallsKeepMemoryLevel(t *testing.T) {
	sizes, _ := manyCalls(t, 50_000)
	// Until then V8 gives its young objects their room, and the state fills.
	first, last := sizes[2], sizes[9]
	if grown := last.host - first.host; grown > 4<<20 {
		t.Errorf("the host grew by %d KB: %v", grown>>10, sizes)
	}
	if grown := last.worker - first.worker; grown > 6<<20 {
		t.Errorf("the worker grew by %d KB: %v", grown>>10, sizes)
	}
}

// BenchmarkMillionCalls is a million calls in one run, and what host and worker
// grow by from the first hundred thousand to the last.
func BenchmarkMillionCalls(b *testing.B) {
	for b.Loop() {
		began := time.Now()
		sizes, ended := manyCalls(b, 1_000_000)
		b.ReportMetric(float64(sizes[9].host-sizes[0].host)/1024, "host-KB-grown")
		b.ReportMetric(float64(sizes[9].worker-sizes[0].worker)/1024, "worker-KB-grown")
		b.ReportMetric(1e6/ended.Time.Run.Seconds(), "calls/s")
		b.Logf("%v in all; %v", time.Since(began), sizes)
	}
}
