package cli

import (
	"fmt"
	"time"

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
	var err error
	for _, flag := range []struct {
		name, text string
		set        func(text string) error
	}{
		{"memory", f.Memory, size(&limits, engine.Limits.WithMemory)},
		{"wall", f.Wall, timeOf(&limits, engine.Limits.WithWall)},
		{"cpu", f.CPU, timeOf(&limits, engine.Limits.WithCPU)},
		{"output", f.Output, size(&limits, engine.Limits.WithOutput)},
		{"result", f.Result, size(&limits, engine.Limits.WithResult)},
	} {
		if flag.text == "" {
			continue
		}
		if err := flag.set(flag.text); err != nil {
			return limits, fmt.Errorf("--%s: %w", flag.name, err)
		}
	}
	if f.Calls != nil {
		if limits, err = limits.WithCalls(*f.Calls); err != nil {
			return limits, fmt.Errorf("--calls: %w", err)
		}
	}
	s := limits.Switches()
	s.Eval, s.Wasm, s.SharedMemory = s.Eval || f.Eval, s.Wasm || f.Wasm, s.SharedMemory || f.SharedMemory
	s.Timers, s.NoJIT = s.Timers || f.Timers, s.NoJIT || f.NoJIT
	s.NoOpt = s.NoOpt || f.NoOpt
	if f.Seed != 0 {
		s.Seed = f.Seed
	}
	return limits.WithSwitches(s), nil
}

func size(limits *engine.Limits, with func(engine.Limits, int64) (engine.Limits, error)) func(string) error {
	return parsed(limits, engine.ParseSize, with)
}

func timeOf(limits *engine.Limits, with func(engine.Limits, time.Duration) (engine.Limits, error)) func(string) error {
	return parsed(limits, engine.ParseTime, with)
}

func parsed[T any](limits *engine.Limits, parse func(string) (T, error), with func(engine.Limits, T) (engine.Limits, error)) func(string) error {
	return func(text string) error {
		value, err := parse(text)
		if err != nil {
			return err
		}
		*limits, err = with(*limits, value)
		return err
	}
}
