package bridge

import (
	"errors"
	"fmt"
)

// Codes of the errors that a guest gets. A guest may branch on them, so they
// do not change.
const (
	CodeType       = "type"        // an argument is not what was expected
	CodeInvalid    = "invalid"     // an argument is of the right type and still no use
	CodeNotGranted = "not_granted" // policy refuses it
	CodeDenied     = "denied"      // the person who was asked said no
	CodeNotFound   = "not_found"   // there is no such thing
	CodeTooLarge   = "too_large"   // an argument, an answer or a store is over its size
	CodeTimeout    = "timeout"     // the call took longer than a call may
	CodeCanceled   = "canceled"    // the run ended during the call
	CodeBudget     = "budget"      // the run has used up its calls or its bytes
	CodeWithheld   = "withheld"    // the answer carried a secret
	CodeFailed     = "failed"      // the host's own fault
)

// Refusal is an error whose text is safe for a guest: it speaks of the guest's
// own arguments and of what is granted, never of the host.
type Refusal struct {
	Code string // one of the codes
	Text string // for the guest
	// Cause is for the host's log only; it may be nil.
	Cause error
}

// Refuse makes a refusal; its text starts with the call, as in "db.query: …".
func Refuse(code, format string, args ...any) *Refusal {
	return &Refusal{Code: code, Text: fmt.Sprintf(format, args...)}
}

// Because adds what the host knows and the guest must not.
func (r *Refusal) Because(cause error) *Refusal {
	r.Cause = cause
	return r
}

// Error is the host's view: the guest's text and the cause.
func (r *Refusal) Error() string {
	if r.Cause == nil {
		return r.Text
	}
	return r.Text + ": " + r.Cause.Error()
}

// Unwrap returns the cause.
func (r *Refusal) Unwrap() error { return r.Cause }

// ErrBudget is what every [*BudgetError] is.
var ErrBudget = errors.New("the run's budget at the teller window is used up")

// BudgetError ends a run: it asked for more than the run may have in all.
type BudgetError struct {
	Name    string // "calls" or "bytes"
	Allowed int64
	Used    int64
	Unit    string // as in "1 001 calls"
}

// Error says which budget, how far, and what to do.
func (e *BudgetError) Error() string {
	return fmt.Sprintf("%d %s used of %d allowed: raise the limit of %s, or call less often",
		e.Used, e.Unit, e.Allowed, e.Name)
}

// Is makes errors.Is(err, ErrBudget) true.
func (e *BudgetError) Is(target error) bool { return target == ErrBudget }
