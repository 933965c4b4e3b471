package bridge

import (
	"context"
	"encoding/json"
	"time"
)

// Gate is asked about each call that is about to be answered: one that is
// granted, well-formed and within its budget. It returns when somebody has
// decided or ctx has ended; false denies the call. What it takes is no part of
// the call's time, nor of the time that a hardened call may take.
type Gate func(ctx context.Context, request Request) (allow, asked bool)

// Request is a call that waits at the gate.
type Request struct {
	N                  int64 // the call's number in the run, from 1
	Capability, Method string
	Args               json.RawMessage // a JSON array, bounded
	// Seen are the secrets in the arguments.
	Seen []Sighting
}

// Guard has every later call wait for gate. Call it before the first one.
func (d *Desk) Guard(gate Gate) { d.gate = gate }

// pass waits at the gate, if there is one.
func (d *Desk) pass(ctx context.Context, answer *Answer, rawArgs []byte) error {
	if d.gate == nil {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(d.ended, cancel)()
	began := time.Now()
	allow, asked := d.gate(ctx, Request{
		N: answer.N, Capability: answer.Capability, Method: answer.Method, Args: rawArgs, Seen: answer.Seen,
	})
	if asked {
		answer.Asked = time.Since(began)
	}
	switch {
	case ctx.Err() != nil:
		return canceled(ctx.Err())
	case !allow:
		return Refuse(CodeDenied, "%s.%s: denied by the person at the window", answer.Capability, answer.Method)
	}
	return nil
}
