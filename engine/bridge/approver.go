package bridge

import (
	"context"
	"encoding/json"
	"time"
)

// Approver decides about each call that is about to be answered: one that is granted,
// well-formed and within its budget. It returns when a person has decided or ctx has
// ended; false denies the call. The time it takes counts neither as the call's nor
// against the time that a hardened call may take.
type Approver func(ctx context.Context, request Request) (allow, asked bool)

// Request is a call that waits for the approver.
type Request struct {
	N                  int64 // the call's number in the run, from 1
	Capability, Method string
	Args               json.RawMessage // a JSON array, bounded
	// Seen are the secrets in the arguments.
	Seen []Sighting
}

// SetApprover has every later call wait for a. Call it before the first one.
func (b *Broker) SetApprover(a Approver) { b.approver = a }

// pass waits for the approver, if there is one.
func (b *Broker) pass(ctx context.Context, answer *Answer, rawArgs []byte) error {
	if b.approver == nil {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(b.ended, cancel)()
	began := time.Now()
	allow, asked := b.approver(ctx, Request{
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
