package bench

import (
	"fmt"
	"io"
	"math"
	"slices"
)

// Report is what was measured. A peer that is not installed is absent. We and
// the peers take turns; the first run of a turn, which finds the other's data in
// the caches, is not counted on either side.
type Report struct {
	Machine Machine         `json:"machine"`
	Startup Startup         `json:"startup_ms"`
	Stop    map[string]Dist `json:"stop_ms"` // past the limit, by what the guest does
	Bridge  Bridge          `json:"bridge"`
	Memory  Memory          `json:"memory"`
	Peers   map[string]Peer `json:"peers"`
}

// Machine is where it was measured.
type Machine struct {
	OS   string `json:"os"`
	Arch string `json:"arch"`
	CPUs int    `json:"cpus"`
	V8   string `json:"v8"`
}

// Startup is in milliseconds.
type Startup struct {
	RunToResult Dist `json:"run_to_result"` // request to the result of 10+20, a fresh process each, from a spare worker
	WorkerCold  Dist `json:"worker_cold"`   // the same without a spare
	Isolate     Dist `json:"isolate"`
	Context     Dist `json:"context"` // with its prelude, and the guests that warm them up
	Seal        Dist `json:"seal"`
	Teardown    Dist `json:"teardown"`
}

// Bridge is the way out of the room. Callback is from the guest into the
// worker's own code and back, as isolated-vm's callback is into Node's: one
// console.time, in nanoseconds. RoundTrip is the teller window, from the guest
// to the host's process and back with the answer of a kv.get, in microseconds.
type Bridge struct {
	Callback       Dist `json:"callback_ns"`
	RoundTrip      Dist `json:"round_trip_us"`
	CallsPerSecond int  `json:"calls_per_second"`
}

// Memory is what rooms cost, and how far a bomb gets past a limit of 64 MB.
type Memory struct {
	RSSPerIsolate int                `json:"rss_per_isolate_kb"`           // resident, of a worker with an idle guest
	PSSPerIsolate int                `json:"pss_per_isolate_kb,omitempty"` // its share of what it has in common with others
	Overshoot     map[string]float64 `json:"overshoot_mb"`                 // the process's growth, less the limit
}

// Peer is one thing we are compared with.
type Peer struct {
	Version     string `json:"version,omitempty"`
	RunToResult *Dist  `json:"run_to_result_ms,omitempty"`
	Stop        *Dist  `json:"stop_ms,omitempty"`
	Callback    *Dist  `json:"callback_ns,omitempty"`
}

// Dist sums up samples.
type Dist struct {
	N   int     `json:"n"`
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

func summary(samples []float64) Dist {
	if len(samples) == 0 {
		return Dist{}
	}
	slices.Sort(samples)
	at := func(q float64) float64 {
		return math.Round(1000*samples[min(len(samples)-1, int(q*float64(len(samples))))]) / 1000
	}
	return Dist{N: len(samples), P50: at(0.5), P99: at(0.99), Max: at(1)}
}

// WriteText writes the report for a person.
func (r Report) WriteText(w io.Writer) {
	row := func(name string, d Dist, unit string) {
		if d.N > 0 {
			fmt.Fprintf(w, "  %-34s p50 %8.3f  p99 %8.3f  max %8.3f %s  (n %d)\n", name, d.P50, d.P99, d.Max, unit, d.N)
		}
	}
	fmt.Fprintf(w, "%s/%s, %d CPUs, V8 %s\nfrom request to result of 10+20\n", r.Machine.OS, r.Machine.Arch, r.Machine.CPUs, r.Machine.V8)
	row("a spare room, fresh process", r.Startup.RunToResult, "ms")
	row("without a spare", r.Startup.WorkerCold, "ms")
	names := make([]string, 0, len(r.Peers))
	for name := range r.Peers {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if d := r.Peers[name].RunToResult; d != nil {
			row(name+" "+r.Peers[name].Version, *d, "ms")
		}
	}
	fmt.Fprintln(w, "of which, ahead of time")
	row("isolate", r.Startup.Isolate, "ms")
	row("context and prelude", r.Startup.Context, "ms")
	row("sealing the worker", r.Startup.Seal, "ms")
	row("teardown, afterwards", r.Startup.Teardown, "ms")
	fmt.Fprintf(w, "stopped past its limit of %v\n", stopLimit)
	for _, g := range stopGuests {
		row(g.name, r.Stop[g.name], "ms")
	}
	for _, name := range names {
		if d := r.Peers[name].Stop; d != nil {
			row(name+": loop", *d, "ms")
		}
	}
	fmt.Fprintln(w, "the teller window, guest to host and back")
	row("a call", r.Bridge.RoundTrip, "µs")
	fmt.Fprintf(w, "  %d calls a second\n", r.Bridge.CallsPerSecond)
	fmt.Fprintln(w, "a callback, guest to native code of its own process and back")
	row("console.time", r.Bridge.Callback, "ns")
	for _, name := range names {
		if d := r.Peers[name].Callback; d != nil {
			row(name+": a callback", *d, "ns")
		}
	}
	fmt.Fprintln(w, "memory")
	fmt.Fprintf(w, "  an idle room: %d KB resident, %d KB its share\n", r.Memory.RSSPerIsolate, r.Memory.PSSPerIsolate)
	for _, b := range bombs {
		fmt.Fprintf(w, "  %s bomb: %.1f MB past its limit of 64 MB\n", b.name, r.Memory.Overshoot[b.name])
	}
}
