package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sealedroom/engine/bridge"
	"sealedroom/engine/bridge/catalog"
	"sealedroom/engine/wire"
)

// Capabilities lists what can be granted, in the order to show it.
func Capabilities() []bridge.Kind { return catalog.Kinds() }

// teller is the host's side of one run's teller window. It answers calls on the
// goroutine that reads the worker's frames: its guest waits, so no others come,
// and no call keeps the run from its deadline.
type teller struct {
	broker  *bridge.Broker
	granted []wire.Capability
	ended   context.Context // until close
	end     context.CancelFunc
	lines   int64                 // of the console, as the scanner counts them
	shown   []bridge.SecretReport // last

	askFirst map[string]bool
	always   map[string]bool      // "db.query", allowed for good; the reader's
	put      func(*question) bool // to the run; false: it is over
	asking   wire.Call            // the call being answered; the reader's
}

// question is a call that waits for a person.
type question struct {
	call    wire.Call
	request bridge.Request
	verdict chan Verdict // has room for the one
}

// Urgent reports that the run has to ask.
func (q *question) Urgent() bool { return true }

// answered is a call and what became of it.
type answered struct {
	call   wire.Call
	answer bridge.Answer
	err    error // no worker of ours sent this call
}

// Urgent reports whether the call ends the run.
func (a *answered) Urgent() bool { return a.err != nil || a.answer.Stop != nil }

func openTeller(guest Guest, limits Limits) (*teller, error) {
	vault := bridge.NewVault()
	owned := map[string]bool{}
	t := &teller{}
	for _, kind := range catalog.Kinds() {
		if guest.Grants[kind.Name] == bridge.Off {
			continue
		}
		t.granted = append(t.granted, wire.Capability{Name: kind.Name, Methods: kind.Methods})
		for _, secret := range kind.Secrets {
			owned[secret.Name] = true
		}
	}
	for _, secret := range guest.Secrets {
		var err error
		if strings.Contains(secret, "=") {
			err = vault.Add(secret)
		} else if !owned[secret] { // those a grant owns it makes itself
			err = vault.Make(secret)
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrGuest, err)
		}
	}
	broker, err := bridge.Open(catalog.Kinds(), guest.Grants, bridge.Budget{Calls: int64(limits.Calls())}, vault)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrGuest, err)
	}
	t.broker = broker
	if len(guest.AskFirst) > 0 {
		t.askFirst, t.always = guest.AskFirst, map[string]bool{}
		broker.SetApprover(t.approve)
	}
	t.ended, t.end = context.WithCancel(context.Background())
	return t, nil
}

// ask answers one call frame, to the guest at once and to the run by what it
// returns.
func (t *teller) ask(body []byte, guest *wire.Writer) *answered {
	a := &answered{}
	if a.err = wire.Decode(wire.KindCall, body, &a.call); a.err != nil {
		return a
	}
	if len(a.call.Capability) > maxName || len(a.call.Method) > maxName {
		a.err = fmt.Errorf("call: %w", wire.ErrTooLong)
		return a
	}
	t.asking = a.call
	if a.call.Code != "" {
		a.call.Args = ""
		a.answer = t.broker.Refuse(t.ended, a.call.Capability, a.call.Method, a.call.Code, a.call.Why)
	} else {
		a.answer = t.broker.Call(t.ended, a.call.Capability, a.call.Method, []byte(a.call.Args))
	}
	reply := wire.Answer{JSON: string(a.answer.JSON)}
	if e := a.answer.Error; e != nil {
		reply = wire.Answer{Error: &wire.AnswerError{Name: e.Name, Code: e.Code, Message: e.Message}}
	}
	_ = guest.Send(wire.KindAnswer, reply) // a worker that is gone needs none
	return a
}

// approve has a person decide about a call, where the guest's grant says so.
func (t *teller) approve(ctx context.Context, request bridge.Request) (allow, asked bool) {
	name := request.Capability + "." + request.Method
	if !t.askFirst[request.Capability] || t.always[name] {
		return true, false
	}
	q := &question{call: t.asking, request: request, verdict: make(chan Verdict, 1)}
	if !t.put(q) {
		return false, false
	}
	select {
	case verdict := <-q.verdict:
		t.always[name] = verdict == Always
		return verdict == Allow || verdict == Always, true
	case <-ctx.Done():
		return false, true
	}
}

// saw searches text that leaves the guest for secrets.
func (t *teller) saw(stream bridge.Stream, n int64, text string) {
	t.broker.Scanner().Scan(bridge.Place{Stream: stream, N: n}, []byte(text))
}

func (t *teller) sawLine(text string) {
	t.lines++
	t.saw(bridge.Console, t.lines, text)
}

// news returns what became of the secrets, if that has changed.
func (t *teller) news() ([]bridge.SecretReport, bool) {
	now := t.broker.Secrets()
	same := slices.EqualFunc(now, t.shown, func(a, b bridge.SecretReport) bool {
		return a.Name == b.Name && a.Used == b.Used && a.Revealed == b.Revealed
	})
	t.shown = now
	return now, !same
}

// close ends a call under way and gives everything back.
func (t *teller) close() {
	t.end()
	_ = t.broker.Close() // what could not be given back in time still is, later
}
