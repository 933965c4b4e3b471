package engine

import (
	"context"

	"sealedroom/engine/advice"
	"sealedroom/engine/bridge"
	"sealedroom/engine/host"
)

// advise says what a person can do about how the run ended. It may take a
// moment where the guest does not compile: see advice.ParseWithin.
func (r *run) advise(ctx context.Context, e Ended) *advice.Advice {
	var a advice.Advice
	switch {
	case e.Limit != nil:
		a = e.Limit.advice()
	case e.Outcome == OK, e.Outcome == Exception:
		a = advice.For(r.ended(ctx, e))
	}
	if a.Text == "" {
		return nil
	}
	return &a
}

// ended is the run as advice needs to know it.
func (r *run) ended(ctx context.Context, e Ended) advice.Run {
	out := advice.Run{
		Source: r.guest.Source, V8: r.worker.Ready.V8,
		Memory: FormatSize(r.limits.Memory()), NoJIT: r.limits.Switches().NoJIT, Granted: map[string][]string{},
		Parse: func(source string) advice.Grammar { return Grammar(ctx, source) },
	}
	for _, kind := range Capabilities() {
		if r.guest.Grants[kind.Name] != bridge.Off {
			out.Granted[kind.Name] = kind.Methods
		}
	}
	if e.Result != nil {
		out.Result = e.Result.Type
	}
	if t := e.Error; t != nil {
		out.Phase, out.Name, out.Message, out.Line, out.Column = t.Phase, t.Name, t.Message, t.Line, t.Column
		if t.Line > 0 && r.intake.lastBlocked.Line == t.Line && r.intake.lastBlocked.Kind == "global" {
			out.Blocked = r.intake.lastBlocked.Name
		}
	}
	return out
}

// Grammar says what a source can be read as. It asks a process of its own, and may
// take advice.ParseWithin.
func Grammar(ctx context.Context, source string) advice.Grammar {
	return advice.ParseIn(ctx, host.Command("sealedroom parser", advice.GrammarWorker), source)
}
