package cli

import (
	"fmt"
	"strconv"

	"sealedroom/engine"
	"sealedroom/presets"
)

type limitFlags struct {
	Memory       string `help:"The guest's whole footprint at most (default 128MB)." placeholder:"SIZE"`
	Wall         string `help:"Time from hand-over to result at most (default 1s)." placeholder:"TIME"`
	CPU          string `name:"cpu" help:"CPU time of the isolate at most; 0: no limit." placeholder:"TIME"`
	Calls        *int   `help:"Calls through the teller window at most; 0: no limit." placeholder:"N"`
	Output       string `help:"Console text at most (default 64KiB)." placeholder:"SIZE"`
	Result       string `help:"Of the result's preview at most (default 1MiB)." placeholder:"SIZE"`
	Profile      string `help:"A platform's limits; other flags override them." placeholder:"NAME"`
	Eval         bool   `help:"Allow code from strings: eval and new Function."`
	Wasm         bool   `help:"Allow WebAssembly."`
	SharedMemory bool   `help:"Allow SharedArrayBuffer."`
	Timers       bool   `help:"Provide setTimeout, setInterval and queueMicrotask."`
	NoJIT        bool   `name:"no-jit" help:"Interpret only."`
	NoOpt        bool   `name:"no-opt" help:"No optimizing compilers: V8's bugs are most of all in them."`
	Seed         int64  `help:"Make Math.random repeat." placeholder:"N"`
}

// limits are the flags over base.
func (f limitFlags) limits(base engine.Limits) (engine.Limits, error) {
	limits := base
	if f.Profile != "" {
		profile, err := presets.FindProfile(f.Profile)
		if err != nil {
			return limits, err
		}
		if limits, err = profile.Apply(limits); err != nil {
			return limits, err
		}
	}
	flags := map[engine.Limit]string{
		engine.MemoryLimit: f.Memory, engine.WallLimit: f.Wall, engine.CPULimit: f.CPU,
		engine.OutputLimit: f.Output, engine.ResultLimit: f.Result,
	}
	if f.Calls != nil {
		flags[engine.CallsLimit] = strconv.Itoa(*f.Calls)
	}
	for _, limit := range engine.AllLimits() {
		text := flags[limit]
		if text == "" {
			continue
		}
		value, err := limit.Parse(text)
		if err == nil {
			limits, err = limits.With(limit, value)
		}
		if err != nil {
			return limits, fmt.Errorf("--%s: %w", limit, err)
		}
	}
	s := limits.Switches()
	for which, on := range map[engine.Switch]bool{
		engine.EvalSwitch: f.Eval, engine.WasmSwitch: f.Wasm, engine.SharedMemorySwitch: f.SharedMemory,
		engine.TimersSwitch: f.Timers, engine.NoJITSwitch: f.NoJIT, engine.NoOptSwitch: f.NoOpt,
	} {
		s = s.With(which, on || s.On(which))
	}
	if f.Seed != 0 {
		s.Seed = f.Seed
	}
	return limits.WithSwitches(s), nil
}
