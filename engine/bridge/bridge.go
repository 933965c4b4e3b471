// Package bridge is the host's side of the teller window: capabilities over
// real resources, the vault that holds their secrets, and the scanner for
// secrets that leave.
//
// A run opens one [Broker] with its grants, its [Budget] and its [Vault]; the
// broker answers the guest's calls through the capabilities, each a package of
// its own. The list of them is in package catalog: adding a capability is
// adding a package and one line there.
package bridge

import (
	"context"
	"fmt"
	"strings"
)

// Grant says how a capability is offered to a guest.
type Grant uint8

const (
	// Off is not offered at all.
	Off Grant = iota
	// Hardened is offered the way it should be.
	Hardened
	// Naive is offered with the hole that a lesson is about. The hole is
	// real, what lies behind it is made for the run and thrown away.
	Naive
)

// String is the grant's name as people type it.
func (g Grant) String() string {
	switch g {
	case Off:
		return "off"
	case Hardened:
		return "hardened"
	case Naive:
		return "naive"
	}
	return fmt.Sprintf("Grant(%d)", uint8(g))
}

// MarshalText writes the grant's name.
func (g Grant) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// UnmarshalText reads the grant's name; no text means hardened.
func (g *Grant) UnmarshalText(text []byte) error {
	grant, err := ParseGrant(string(text))
	if err != nil {
		return err
	}
	*g = grant
	return nil
}

// ParseGrant reads off, hardened or naive; the empty text means hardened, so
// that a grant that does not say how is the safe one.
func ParseGrant(text string) (Grant, error) {
	switch strings.ToLower(text) {
	case "off":
		return Off, nil
	case "", "hardened":
		return Hardened, nil
	case "naive":
		return Naive, nil
	}
	return Off, fmt.Errorf("grant %q is unknown: use off, hardened or naive", text)
}

// Kind describes a capability before it is granted.
type Kind struct {
	// Name is what the guest calls it: db, http, files, kv.
	Name string
	// Methods are the calls that it answers, in the order to show them.
	Methods []string
	// Secrets come into the vault with every grant of it.
	Secrets []Secret
	// Open makes the capability for one run. It takes no file, socket or
	// goroutine: those wait for the first call, so that opening costs nothing.
	Open func(Setup) Capability
}

// Secret is one that a capability brings along.
type Secret struct {
	// Name is its name in the vault.
	Name string
	// Make makes a fresh value.
	Make func() string
	// Check says whether a value that a person chose can be used instead;
	// nil takes any that the vault takes.
	Check func(value string) error
}

// Setup is what a capability gets to work with for one run.
type Setup struct {
	Grant  Grant // Hardened or Naive
	Vault  *Vault
	Budget Budget // with every default filled in
}

// Capability answers the calls of one guest, for one run.
//
// Call gets one of the kind's methods and plain data, already copied and
// bounded. It returns something that encoding/json can encode. Its error is a
// [*Refusal] where policy or the arguments are the reason; any other error is
// the host's own failure. It returns soon after ctx has ended. Calls come one
// at a time.
//
// Close gives back everything that calls took, once every call's context has
// ended. It may be called more than once, and takes a few seconds at most.
type Capability interface {
	Call(ctx context.Context, method string, args Args) (any, error)
	Close() error
}
