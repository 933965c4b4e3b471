package bridge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Decision is what the host decided about a call.
type Decision string

const (
	Allowed Decision = "allowed" // answered
	Denied  Decision = "denied"  // refused by policy, or for its arguments
	Failed  Decision = "failed"  // the host's own fault, or the run's end
)

// GuestError is all that a guest gets of an error. The guest's side makes an
// Error of its own realm from it.
type GuestError struct {
	Name    string `json:"name"` // "TypeError" or "Error"
	Code    string `json:"code"` // one of the codes
	Message string `json:"message"`
}

// Answer is what became of one call, from both sides of the window.
type Answer struct {
	N          int64 // the call's number in the run, from 1
	Capability string
	Method     string

	// JSON is what the guest gets if Error is nil.
	JSON json.RawMessage
	// Error is what the guest gets otherwise.
	Error *GuestError
	// Logged is what the host did, or the error as it logged it, at most 4 KiB on
	// one line: a guest's words in it cannot start another. It may hold secrets and
	// is for the host's eyes only.
	Logged string

	Decision Decision
	BytesIn  int // of the arguments
	BytesOut int // of the answer, or of the error's message
	Took     time.Duration
	// Asked is how long a person took to decide; it is not part of Took. 0: the call
	// was not asked about.
	Asked time.Duration
	// Seen are the secrets in the arguments, the answer and the error.
	Seen []Sighting
	// Stop, if not nil, must end the run; errors.Is(Stop, ErrBudget).
	Stop error
}

// Bounds of texts, in bytes, and how long Close waits for a call to end.
const (
	maxLogged  = 4 << 10
	maxMessage = 2 << 10
	maxName    = 64
	closeGrace = 2 * time.Second
)

// Broker answers the calls of one run. Calls are answered one at a time, in the
// order in which they come. All methods may be called from several goroutines.
type Broker struct {
	vault    *Vault
	scanner  *LeakScanner
	budget   Budget
	offered  map[string]*offer
	approver Approver // nil: every call is answered

	ended context.Context // until Close
	end   context.CancelFunc
	turn  chan struct{} // holds one token: the right to be answered
	calls int64         // under turn, as bytes
	bytes int64
}

// offer is one granted capability.
type offer struct {
	kind       Kind
	grant      Grant
	capability Capability
	kept       []string // names of the secrets that it must not give away
}

// naive says whether the guest gets everything as it is. No offer is none.
func (o *offer) naive() bool { return o != nil && o.grant == Naive }

// keeps says whether a secret is one that this capability has, and must not
// give away. Any other in what it says can only be the guest's own words, and
// one that a person chose so short that it can be guessed may be: to withhold
// those would confirm a guess to the guest.
func (o *offer) keeps(secret string) bool { return o != nil && slices.Contains(o.kept, secret) }

// Open opens the broker of one run: it makes the secrets that the grants bring
// along, where the vault has none of that name, and takes no other resource
// until the first call. grants are by capability name; a name that no kind
// has, or a secret that a capability cannot use, is an error that says so.
func Open(kinds []Kind, grants map[string]Grant, budget Budget, vault *Vault) (*Broker, error) {
	b := &Broker{
		vault:   vault,
		budget:  budget.withDefaults(),
		offered: map[string]*offer{},
		turn:    make(chan struct{}, 1),
	}
	known := make([]string, len(kinds))
	for i, kind := range kinds {
		known[i] = kind.Name
		grant := grants[kind.Name]
		if grant == Off {
			continue
		}
		if err := bring(vault, kind.Secrets); err != nil {
			return nil, err
		}
		b.offered[kind.Name] = &offer{
			kind:       kind,
			grant:      grant,
			capability: kind.Open(Setup{Grant: grant, Vault: vault, Budget: b.budget}),
		}
		for _, secret := range kind.Secrets {
			if len(vault.Peek(secret.Name)) >= unguessable {
				b.offered[kind.Name].kept = append(b.offered[kind.Name].kept, secret.Name)
			}
		}
	}
	for name := range grants {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("capability %.80q is unknown: use %s", name, strings.Join(known, ", "))
		}
	}
	b.scanner = vault.Scanner()
	b.ended, b.end = context.WithCancel(context.Background())
	b.turn <- struct{}{}
	return b, nil
}

// bring puts a capability's secrets into the vault, or checks those of a
// person's own choice.
func bring(vault *Vault, secrets []Secret) error {
	for _, secret := range secrets {
		if !vault.Has(secret.Name) {
			if err := vault.Set(secret.Name, secret.Make()); err != nil {
				return err
			}
		} else if secret.Check != nil {
			if err := secret.Check(vault.Peek(secret.Name)); err != nil {
				return fmt.Errorf("secret %s %w", secret.Name, err)
			}
		}
	}
	return nil
}

// Scanner is the scanner of the broker's vault, for what does not pass the broker:
// console, result, exception.
func (b *Broker) Scanner() *LeakScanner { return b.scanner }

// Secrets says what became of each secret so far.
func (b *Broker) Secrets() []SecretReport { return b.vault.Report() }

// Call answers one call. rawArgs is a JSON array from a worker that is not
// trusted. Call returns soon after ctx has ended, whatever the capability
// does.
func (b *Broker) Call(ctx context.Context, capability, method string, rawArgs []byte) Answer {
	return b.inTurn(ctx, capability, method, rawArgs, func(answer Answer) Answer {
		return b.answer(ctx, answer, rawArgs)
	})
}

// Refuse answers a call whose arguments the worker could not copy, for the reason
// it gives: with an error, in every case. Such a call counts as any other.
func (b *Broker) Refuse(ctx context.Context, capability, method, code, why string) Answer {
	if code != CodeType && code != CodeTooLarge {
		code = CodeInvalid
	}
	why = clip(why, maxMessage)
	spoken, _ := encode([]string{why}) // names of the guest's are in it
	answer := b.inTurn(ctx, capability, method, spoken, func(answer Answer) Answer {
		if b.known(capability, method) == "" {
			return b.refuse(answer, nil, notGranted(answer))
		}
		return b.refuse(answer, b.offered[capability], Refuse(code, "%s", why))
	})
	answer.BytesIn = 0 // of arguments, none crossed
	if answer.Error.Code == code {
		answer.Error.Name = "TypeError" // what is wrong are the arguments, whatever the code
	}
	return answer
}

func notGranted(answer Answer) error {
	return Refuse(CodeNotGranted, "%q is not granted", answer.Capability+"."+answer.Method)
}

// inTurn has one call answered once those before it are; what it says is
// searched first.
func (b *Broker) inTurn(ctx context.Context, capability, method string, rawArgs []byte, respond func(Answer) Answer) Answer {
	start := time.Now()
	answer := Answer{Capability: clip(capability, maxName), Method: clip(method, maxName), BytesIn: len(rawArgs)}
	select {
	case <-b.turn: // also after the run's end, if nothing is in the way: it is counted
	default:
		select {
		case <-b.turn:
		case <-ctx.Done():
			return b.refuse(answer, nil, canceled(ctx.Err()))
		case <-b.ended.Done():
			return b.refuse(answer, nil, canceled(b.ended.Err()))
		}
	}
	defer func() { b.turn <- struct{}{} }()
	b.calls++
	answer.N = b.calls
	answer.Seen = b.scanner.scanCall(Place{Argument, answer.N}, b.known(capability, method), rawArgs)
	if err := b.charge(len(rawArgs)); err != nil {
		answer = b.stop(answer, err)
	} else if err := errors.Join(ctx.Err(), b.ended.Err()); err != nil {
		answer = b.refuse(answer, nil, canceled(err))
	} else {
		answer = respond(answer)
	}
	if answer.Error != nil {
		_ = b.spend(answer.BytesOut) // an overrun shows at the next call
	}
	answer.Took = time.Since(start) - answer.Asked
	return answer
}

func (b *Broker) answer(ctx context.Context, answer Answer, rawArgs []byte) Answer {
	call := answer.Capability + "." + answer.Method
	offer := b.offered[answer.Capability]
	if offer == nil || !slices.Contains(offer.kind.Methods, answer.Method) {
		return b.refuse(answer, nil, notGranted(answer))
	}
	if len(rawArgs) > b.budget.ArgBytes {
		return b.refuse(answer, offer, Refuse(CodeTooLarge,
			"%s: the arguments have %d bytes, at most %d are taken", call, len(rawArgs), b.budget.ArgBytes))
	}
	args, err := NewArgs(call, rawArgs)
	if err != nil {
		return b.refuse(answer, offer, err)
	}
	if err := b.pass(ctx, &answer, rawArgs); err != nil {
		return b.refuse(answer, offer, err)
	}
	var did journal
	value, err := b.ask(context.WithValue(ctx, journalKey{}, &did), offer, answer.Method, args)
	if err != nil {
		return b.refuse(answer, offer, err)
	}
	answer.Logged = did.text
	encoded, err := encode(value)
	if err != nil {
		return b.refuse(answer, offer, fmt.Errorf("%s: encode the answer: %w", call, err))
	}
	if len(encoded) > b.budget.AnswerBytes {
		return b.refuse(answer, offer, Refuse(CodeTooLarge,
			"%s: the answer has %d bytes, at most %d are given: ask for less", call, len(encoded), b.budget.AnswerBytes))
	}
	return b.give(answer, offer, call, encoded)
}

// ask has the capability answer, under a context that ends with the run, with
// the broker, and for a hardened one with the time of a call.
func (b *Broker) ask(ctx context.Context, offer *offer, method string, args Args) (value any, err error) {
	callCtx, cancel := context.WithCancel(ctx)
	defer cancel()
	if offer.grant == Hardened {
		timed, stop := context.WithTimeout(callCtx, b.budget.CallTime)
		defer stop()
		callCtx = timed
	}
	defer context.AfterFunc(b.ended, cancel)()
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("%s: the host panicked: %v", args.Call(), panicked)
		}
		switch {
		case err == nil:
		case ctx.Err() != nil || b.ended.Err() != nil:
			err = canceled(err)
		case errors.Is(callCtx.Err(), context.DeadlineExceeded):
			err = Refuse(CodeTimeout, "%s: took longer than %v: ask for less", args.Call(), b.budget.CallTime).Because(err)
		}
	}()
	return offer.capability.Call(callCtx, method, args)
}

// give hands an answer to the guest. A hardened answer that carries one of the
// capability's secrets is withheld: none should, and if one does, it stops here.
func (b *Broker) give(answer Answer, offer *offer, call string, encoded []byte) Answer {
	if err := b.spend(len(encoded)); err != nil {
		return b.stop(answer, err)
	}
	seen, held := b.look(Place{Answered, answer.N}, call, offer, encoded)
	if held {
		return b.refuse(answer, offer, Refuse(CodeWithheld,
			"%s: the answer was withheld", call).Because(fmt.Errorf("it carried %v", seen)))
	}
	answer.Seen = append(answer.Seen, seen...)
	answer.JSON, answer.BytesOut, answer.Decision = encoded, len(encoded), Allowed
	return answer
}

// look searches what is about to enter the worker. held says that it must not.
func (b *Broker) look(at Place, call string, offer *offer, value []byte) (seen []Sighting, held bool) {
	if offer.naive() {
		return b.scanner.scanCall(at, call, value), false
	}
	return b.scanner.hold(at, call, value, offer.keeps)
}

// known returns the name of a granted call, as in "db.query"; "" of any other,
// which a worker that is not trusted may make up.
func (b *Broker) known(capability, method string) string {
	if offer := b.offered[capability]; offer == nil || !slices.Contains(offer.kind.Methods, method) {
		return ""
	}
	return capability + "." + method
}

// refuse answers with an error, in two views: the host logs all of it, and a
// hardened guest gets the safe text only. A naive one gets what the host
// logged; that is the hole that lets a connection string out.
func (b *Broker) refuse(answer Answer, offer *offer, err error) Answer {
	answer.Logged = clip(logLine.Replace(err.Error()), maxLogged)
	answer.Decision = Failed
	guest := &GuestError{
		Name:    "Error",
		Code:    CodeFailed,
		Message: answer.Capability + "." + answer.Method + ": failed on the host, which has logged why",
	}
	var refusal *Refusal
	if errors.As(err, &refusal) {
		guest.Code, guest.Message = refusal.Code, refusal.Text
		switch refusal.Code {
		case CodeType:
			guest.Name = "TypeError"
			answer.Decision = Denied
		case CodeFailed, CodeCanceled:
		default:
			answer.Decision = Denied
		}
	}
	if offer.naive() {
		guest.Message = err.Error()
	}
	guest.Message = clip(guest.Message, maxMessage)

	message, _ := encode(guest.Message)
	if seen, held := b.look(Place{Refused, answer.N}, b.known(answer.Capability, answer.Method), offer, message); held {
		guest.Message = "the error's text was withheld"
	} else {
		answer.Seen = append(answer.Seen, seen...)
	}
	answer.Error = guest
	answer.BytesOut = len(guest.Message)
	return answer
}

// stop answers with a budget's end.
func (b *Broker) stop(answer Answer, err error) Answer {
	refusal := Refuse(CodeBudget, "the run's budget of calls is used up").Because(err)
	answer = b.refuse(answer, nil, refusal)
	answer.Stop = err
	return answer
}

// charge takes one call and its bytes off the run's budget.
func (b *Broker) charge(bytes int) error {
	if limit := b.budget.Calls; limit > 0 && b.calls > limit {
		return &BudgetError{Name: "calls", Allowed: limit, Used: b.calls, Unit: "calls"}
	}
	return b.spend(bytes)
}

// spend takes bytes off the run's budget.
func (b *Broker) spend(n int) error {
	b.bytes += int64(n)
	if limit := b.budget.Bytes; limit > 0 && b.bytes > limit {
		return &BudgetError{Name: "bytes", Allowed: limit, Used: b.bytes, Unit: "bytes"}
	}
	return nil
}

// Close ends the call that is being answered and gives back all that the
// capabilities took: transactions, files, sockets, goroutines. It takes a few
// seconds at most, and may be called more than once.
func (b *Broker) Close() error {
	b.end()
	var problems []error
	select {
	case <-b.turn:
		defer func() { b.turn <- struct{}{} }()
	case <-time.After(closeGrace):
		problems = append(problems, errors.New("a call at the teller window did not end"))
	}
	for name, offer := range b.offered {
		if err := offer.capability.Close(); err != nil {
			problems = append(problems, fmt.Errorf("close %s: %w", name, err))
		}
	}
	return errors.Join(problems...)
}

func canceled(cause error) *Refusal {
	return Refuse(CodeCanceled, "the run ended during the call").Because(cause)
}

// encode writes plain data as JSON, leaving <, > and & as they are.
func encode(value any) ([]byte, error) {
	if raw, ok := value.(json.RawMessage); ok {
		return raw, nil // a capability that writes its own JSON writes valid JSON
	}
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), nil
}

// logLine keeps an error on one line of a log.
var logLine = strings.NewReplacer("\n", `\n`, "\r", `\r`, "\v", `\v`, "\f", `\f`, "\u0085", `\u0085`, "\u2028", `\u2028`, "\u2029", `\u2029`)

// clip cuts text to at most max bytes of valid UTF-8.
func clip(text string, max int) string {
	if len(text) > max {
		text = text[:max]
	}
	return strings.ToValidUTF8(text, "")
}
