// Package bench measures the engine on this machine, in turn with its peers:
// what `sealedroom bench` prints.
package bench

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"runtime"
	"strconv"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

const (
	startupRounds = 30
	startupBatch  = 10
	coldRuns      = 20
	stopRounds    = 4
	stopBatch     = 5
	callbackRuns  = 20
	stopLimit     = 200 * time.Millisecond // by then the next spare has started
)

// Guests that are stopped at their limit: what V8 can end at once, and what
// only a kill does.
var stopGuests = []struct {
	name, source string
	switches     engine.Switches
}{
	{"loop", "while (true) {}", engine.Switches{}},
	{"regex", "/(a+)+$/.test('a'.repeat(40) + '!')", engine.Switches{}},
	{"wasm", "new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,12,0,11,11]))).exports.f()", engine.Switches{Wasm: true}},
	{"unstoppable", "const a = []; a.length = 2 ** 32 - 1; a.lastIndexOf(1)", engine.Switches{}},
}

var bombs = []struct {
	name, source string
	switches     engine.Switches
}{
	{"heap", "const a = []; for (;;) a.push({x: new Array(100).fill(1)})", engine.Switches{}},
	{"buffers", "const a = []; for (;;) a.push(new Uint8Array(1 << 20).fill(1))", engine.Switches{}},
	{"wasm", "const m = new WebAssembly.Memory({initial: 1, maximum: 65536}); for (;;) { m.grow(16); new Uint8Array(m.buffer).fill(1) }", engine.Switches{Wasm: true}},
}

// Measure measures everything; peers names the folder of the peers, "" for
// those on the path. step is called with what is measured next.
func Measure(ctx context.Context, peersDir string, step func(string)) (Report, error) {
	peers, err := findPeers(ctx, peersDir)
	if err != nil {
		return Report{}, err
	}
	if peers != nil {
		defer peers.close()
	}
	host := engine.New()
	defer host.Close()
	m := &measurement{host: host, peers: peers, step: step, report: Report{
		Machine: Machine{OS: runtime.GOOS, Arch: runtime.GOARCH, CPUs: runtime.NumCPU()},
		Stop:    map[string]Dist{}, Memory: Memory{Overshoot: map[string]float64{}}, Peers: map[string]Peer{},
	}}
	for _, part := range []func(context.Context) error{m.startup, m.cold, m.stop, m.bridge, m.memory} {
		if err := part(ctx); err != nil {
			return m.report, err
		}
	}
	return m.report, ctx.Err()
}

type measurement struct {
	host   *engine.Engine
	peers  *peers
	step   func(string)
	report Report
}

// run runs a guest from a spare worker.
func (m *measurement) run(ctx context.Context, source string, limits engine.Limits) (engine.Started, engine.Ended, error) {
	m.host.Warm(limits)
	for !m.host.Ready() && ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
	var started engine.Started
	ended, err := m.host.Run(ctx, engine.Guest{Source: source}, limits, func(e engine.Event) {
		if s, ok := e.(engine.Started); ok {
			started = s
		}
	})
	return started, ended, err
}

func (m *measurement) startup(ctx context.Context) error {
	m.step("start-up")
	var result, isolate, context, seal, teardown []float64
	theirs := map[string][]float64{}
	for range startupRounds {
		for i := range 1 + startupBatch {
			started, ended, err := m.run(ctx, "10+20", engine.Limits{})
			if err != nil {
				return err
			}
			if ended.Outcome != engine.OK || ended.Result.Preview != "30" {
				return fmt.Errorf("10+20 ended as %s", ended.Outcome)
			}
			if i == 0 {
				continue // the machine was the peers' until now, and its caches
			}
			m.report.Machine.V8 = started.V8
			result = append(result, milliseconds(ended.Time.FirstResult))
			teardown = append(teardown, milliseconds(ended.Time.Teardown))
			isolate = append(isolate, milliseconds(started.Waited.Isolate))
			context = append(context, milliseconds(started.Waited.Context))
			seal = append(seal, milliseconds(started.Waited.Seal))
		}
		m.settle(ctx)
		if err := m.batch(theirs, "isolated-vm run_to_result", startupBatch); err != nil {
			return err
		}
		if err := m.batch(theirs, "worker_threads run_to_result", 1); err != nil {
			return err
		}
		if m.peers != nil {
			took, err := m.peers.nodeProcess(ctx)
			if err != nil {
				return err
			}
			theirs["node process"] = append(theirs["node process"], took)
		}
	}
	s := &m.report.Startup
	s.RunToResult, s.Isolate, s.Context = summary(result), summary(isolate), summary(context)
	s.Seal, s.Teardown = summary(seal), summary(teardown)
	if m.peers != nil {
		m.peer("isolated-vm", m.peers.version.IsolatedVM).RunToResult(theirs["isolated-vm run_to_result"])
		m.peer("worker_threads", m.peers.version.Node).RunToResult(theirs["worker_threads run_to_result"])
		m.peer("node process", m.peers.version.Node).RunToResult(theirs["node process"])
	}
	return nil
}

// settle waits until the spare is ready, so that its start does not slow a peer.
func (m *measurement) settle(ctx context.Context) {
	for !m.host.Ready() && ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
}

// batch measures a peer, if it is there.
func (m *measurement) batch(into map[string][]float64, what string, n int) error {
	if m.peers == nil || m.peers.version.IsolatedVM == "" && what[:8] == "isolated" {
		return nil
	}
	samples, err := m.peers.samples(what, n)
	into[what] = append(into[what], samples...)
	return err
}

// peerWriter sets figures of one peer.
type peerWriter struct {
	all  map[string]Peer
	name string
}

func (m *measurement) peer(name, version string) peerWriter {
	w := peerWriter{m.report.Peers, name}
	if version != "" {
		p := w.all[name]
		p.Version = version
		w.all[name] = p
	}
	return w
}

func (w peerWriter) set(samples []float64, field func(*Peer) **Dist) {
	if len(samples) == 0 {
		return
	}
	p := w.all[w.name]
	d := summary(samples)
	*field(&p) = &d
	w.all[w.name] = p
}

func (w peerWriter) RunToResult(s []float64) {
	w.set(s, func(p *Peer) **Dist { return &p.RunToResult })
}
func (w peerWriter) Stop(s []float64)     { w.set(s, func(p *Peer) **Dist { return &p.Stop }) }
func (w peerWriter) Callback(s []float64) { w.set(s, func(p *Peer) **Dist { return &p.Callback }) }

func (m *measurement) cold(ctx context.Context) error {
	m.step("cold start-up")
	var samples []float64
	for range coldRuns {
		host := engine.NewSingle()
		ended, err := host.Run(ctx, engine.Guest{Source: "10+20"}, engine.Limits{}, func(engine.Event) {})
		host.Close()
		if err != nil {
			return err
		}
		samples = append(samples, milliseconds(ended.Time.FirstResult))
	}
	m.report.Startup.WorkerCold = summary(samples)
	return nil
}

func (m *measurement) stop(ctx context.Context) error {
	theirs := map[string][]float64{}
	for _, g := range stopGuests {
		m.step("stopping: " + g.name)
		limits, err := engine.Limits{}.WithSwitches(g.switches).WithWall(stopLimit)
		if err != nil {
			return err
		}
		var samples []float64
		for range stopRounds {
			for i := range 1 + stopBatch {
				_, ended, err := m.run(ctx, g.source, limits)
				if err != nil {
					return err
				}
				if ended.Outcome != engine.Timeout {
					return fmt.Errorf("%s ended as %s", g.name, ended.Outcome)
				}
				past := ended.Time.Wall - stopLimit
				if ended.Killed {
					past += ended.Time.Teardown // it is over when the worker is gone
				}
				if i > 0 {
					samples = append(samples, milliseconds(past))
				}
			}
			if g.name == "loop" {
				m.settle(ctx)
				if err := m.batch(theirs, "isolated-vm stop", stopBatch); err != nil {
					return err
				}
			}
		}
		m.report.Stop[g.name] = summary(samples)
	}
	if m.peers != nil && m.peers.version.IsolatedVM != "" {
		m.peer("isolated-vm", "").Stop(theirs["isolated-vm stop"])
	}
	return nil
}

// bridge times calls by when each reached the host's side: a guest that does
// nothing else calls again as soon as it has its answer.
func (m *measurement) bridge(ctx context.Context) error {
	m.step("the teller window")
	limits, err := engine.Limits{}.WithWall(20 * time.Second)
	if err != nil {
		return err
	}
	guest := engine.Guest{
		Source: "for (let i = 0; i < 20000; i++) kv.get('key')",
		Grants: map[string]bridge.Grant{"kv": bridge.Hardened},
	}
	var samples []float64
	var last time.Duration
	ended, err := m.host.Run(ctx, guest, limits, func(e engine.Event) {
		if call, ok := e.(engine.Call); ok {
			if call.N > 1000 { // the first ones compile
				samples = append(samples, float64(call.At-last)/1000)
			}
			last = call.At
		}
	})
	if err != nil {
		return err
	}
	if ended.Outcome != engine.OK {
		return fmt.Errorf("the guest that calls ended as %s", ended.Outcome)
	}
	m.report.Bridge = Bridge{RoundTrip: summary(samples), CallsPerSecond: int(20000 / ended.Time.Run.Seconds())}
	return m.callback(ctx)
}

// callback times what the worker answers by itself, to compare with the peer's.
func (m *measurement) callback(ctx context.Context) error {
	const calls = 20000 // as peers.js makes
	var ours []float64
	theirs := map[string][]float64{}
	for range callbackRuns {
		_, ended, err := m.run(ctx, fmt.Sprintf("for (let i = 0; i < %d; i++) console.time('bench')", calls), engine.Limits{})
		if err != nil {
			return err
		}
		if ended.Outcome != engine.OK {
			return fmt.Errorf("the guest that calls back ended as %s", ended.Outcome)
		}
		ours = append(ours, float64(ended.Time.Run.Nanoseconds())/calls)
		m.settle(ctx)
		if err := m.batch(theirs, "isolated-vm callback", 1); err != nil {
			return err
		}
	}
	m.report.Bridge.Callback = summary(ours)
	if m.peers != nil && m.peers.version.IsolatedVM != "" {
		m.peer("isolated-vm", "").Callback(theirs["isolated-vm callback"])
	}
	return nil
}

func (m *measurement) memory(ctx context.Context) error {
	for _, b := range bombs {
		m.step("memory: " + b.name)
		limits, err := engine.Limits{}.WithSwitches(b.switches).WithMemory(64 << 20)
		if err != nil {
			return err
		}
		if limits, err = limits.WithWall(20 * time.Second); err != nil {
			return err
		}
		_, ended, err := m.run(ctx, b.source, limits)
		if err != nil {
			return err
		}
		past := float64(ended.Memory.Growth-limits.Memory()) / (1 << 20)
		m.report.Memory.Overshoot[b.name] = math.Round(10*max(0, past)) / 10
	}
	return m.idle(ctx)
}

// idle reads the memory of a worker whose guest waits.
func (m *measurement) idle(ctx context.Context) error {
	m.step("memory: an idle room")
	limits, err := engine.Limits{}.WithSwitches(engine.Switches{Timers: true}).WithWall(10 * time.Second)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	_, err = m.host.Run(ctx, engine.Guest{Source: "await new Promise(done => setTimeout(done, 9000))"}, limits, func(e engine.Event) {
		if s, ok := e.(engine.Started); ok {
			time.Sleep(200 * time.Millisecond)
			m.report.Memory.RSSPerIsolate, m.report.Memory.PSSPerIsolate = resident(s.PID)
			cancel()
		}
	})
	return err
}

// resident reads a process's RSS and PSS in KB; 0 where the system does not say.
func resident(pid int) (rss, pss int) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, 0
	}
	for line := range bytes.Lines(data) {
		fields := bytes.Fields(line)
		if len(fields) < 2 {
			continue
		}
		value, _ := strconv.Atoi(string(fields[1]))
		switch string(fields[0]) {
		case "Rss:":
			rss = value
		case "Pss:":
			pss = value
		}
	}
	return rss, pss
}
