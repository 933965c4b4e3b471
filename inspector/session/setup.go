// Package session is what a person has open, without a window: a [Setup] is
// everything a run starts from, a [Room] runs one, and [Rooms] run several at
// once.
//
// The commands, scenarios, recordings and the window all make their runs of a
// Setup, which [Setup.Check] validates.
package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

// Setup is everything a run starts from. It is a value: who changes a list of
// it replaces the list. The zero value is an empty guest under the default
// limits.
//
// Its JSON form is what is kept and shared. That has the names of secrets and
// never their values, and it has no walls that are left out: those are a
// person's decision for one run.
type Setup struct {
	Name   string // of the guest's file, for stacks and reports; "" means guest.js
	Code   string // JavaScript, at most engine.MaxSource bytes
	Limits engine.Limits
	Grants map[string]bridge.Grant // by capability; one that is Off may be left out
	// AskFirst names the granted capabilities whose calls wait for a person.
	AskFirst []string
	// Secrets are put into the vault in addition to those that grants bring: NAME=VALUE,
	// or NAME alone for a value made for the run.
	Secrets []string
	// Native gives the guest native hands, and Without leaves out walls then.
	Native  bool
	Without []string
	// Profile has the run sample where its time and memory go.
	Profile bool
}

// SetupOf returns the setup that a run was started from, without the values of
// secrets and with all walls.
func SetupOf(s engine.Started) Setup {
	return Setup{
		Name: s.Name, Code: s.Source, Limits: s.Limits, Grants: s.Grants,
		AskFirst: s.AskFirst, Secrets: s.Secrets, Native: s.Breach != nil, Profile: s.Profile,
	}.Tidy()
}

// Tidy returns the setup without what has no effect: grants that are off, and
// questions about capabilities that are not granted. Its lists are copies.
func (s Setup) Tidy() Setup {
	s.Grants = maps.Clone(s.Grants)
	maps.DeleteFunc(s.Grants, func(_ string, how bridge.Grant) bool { return how == bridge.Off })
	var ask []string
	for _, name := range slices.Sorted(slices.Values(s.AskFirst)) {
		if s.Grants[name] != bridge.Off && !slices.Contains(ask, name) {
			ask = append(ask, name)
		}
	}
	s.AskFirst, s.Secrets, s.Without = ask, slices.Clone(s.Secrets), slices.Clone(s.Without)
	return s
}

// Guest returns what the engine runs, without the limits.
func (s Setup) Guest() engine.Guest {
	s = s.Tidy()
	guest := engine.Guest{Name: s.Name, Source: s.Code, Grants: s.Grants, Secrets: s.Secrets, Profile: s.Profile}
	if guest.Grants == nil {
		guest.Grants = map[string]bridge.Grant{}
	}
	if s.Native {
		guest.Breach = &engine.Breach{Without: s.Without}
	}
	if len(s.AskFirst) > 0 {
		guest.AskFirst = map[string]bool{}
		for _, name := range s.AskFirst {
			guest.AskFirst[name] = true
		}
	}
	return guest
}

// Check returns why the setup cannot be run; nil where it can. The error wraps
// engine.ErrGuest, and names no secret's value.
func (s Setup) Check() error {
	refuse := func(format string, args ...any) error {
		return fmt.Errorf("%w: "+format, append([]any{engine.ErrGuest}, args...)...)
	}
	if len(s.Code) > engine.MaxSource {
		return refuse("it is %s long: at most %s are run", engine.FormatSize(int64(len(s.Code))), engine.FormatSize(engine.MaxSource))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Grants)) {
		if err := known(name); err != nil {
			return refuse("grant %w", err)
		}
		if how := s.Grants[name]; how > bridge.Naive {
			return refuse("grant %s: %v is unknown: use off, hardened or naive", name, how)
		}
	}
	for _, name := range s.AskFirst {
		if err := known(name); err != nil {
			return refuse("ask before calls to %w", err)
		}
		if s.Grants[name] == bridge.Off {
			return refuse("ask before calls to %s: it is not granted: grant it, or do not ask", name)
		}
	}
	vault := bridge.NewVault()
	for _, secret := range s.Secrets {
		err := vault.Make(secret)
		if strings.Contains(secret, "=") {
			err = vault.Add(secret)
		}
		if err != nil {
			return refuse("%w", err)
		}
	}
	switch granted := s.Tidy().Grants; {
	case s.Native && len(granted)+len(s.Secrets) > 0:
		return refuse("native hands go with no grants and no secrets: leave them out")
	case !s.Native && len(s.Without) > 0:
		return refuse("walls are left out only for a guest with native hands")
	}
	for _, wall := range s.Without {
		if walls := engine.RemovableWalls(); !slices.Contains(walls, wall) {
			return refuse("there is no wall %.40q to leave out: choose of %s", wall, strings.Join(walls, ", "))
		}
	}
	return nil
}

// known returns an error that begins with the name, unless a capability has it.
func known(name string) error {
	names := Capabilities()
	if slices.Contains(names, name) {
		return nil
	}
	return fmt.Errorf("%.40q: there is no capability of that name: use %s", name, strings.Join(names, ", "))
}

// Capabilities lists the names of what can be granted, in the order to show them.
func Capabilities() []string {
	var names []string
	for _, kind := range engine.Capabilities() {
		names = append(names, kind.Name)
	}
	return names
}

// setupJSON is a Setup as it is written.
type setupJSON struct {
	Name     string                  `json:"name,omitempty"`
	Code     string                  `json:"code"`
	Limits   engine.Limits           `json:"limits"`
	Grants   map[string]bridge.Grant `json:"grants,omitempty"`
	AskFirst []string                `json:"ask_first,omitempty"`
	Secrets  []string                `json:"secrets,omitempty"` // names
	Native   bool                    `json:"native,omitempty"`
	Profile  bool                    `json:"profile,omitempty"`
}

// MarshalJSON writes the setup without the values of secrets, and without the
// walls that are left out.
func (s Setup) MarshalJSON() ([]byte, error) {
	s = s.Tidy()
	return json.Marshal(setupJSON{s.Name, s.Code, s.Limits, s.Grants, s.AskFirst, engine.SecretNames(s.Secrets), s.Native, s.Profile})
}

// UnmarshalJSON reads a setup and checks it. Left-out limits are the default
// ones. A setup that is read has no secret's value: one is refused.
func (s *Setup) UnmarshalJSON(data []byte) error {
	var read setupJSON
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	out := Setup{
		Name: read.Name, Code: read.Code, Limits: read.Limits, Grants: read.Grants,
		AskFirst: read.AskFirst, Secrets: read.Secrets, Native: read.Native, Profile: read.Profile,
	}
	if slices.ContainsFunc(read.Secrets, func(secret string) bool { return strings.Contains(secret, "=") }) {
		return errors.New("secrets: write names only, without =VALUE")
	}
	if err := out.Check(); err != nil {
		return err
	}
	*s = out.Tidy()
	return nil
}

// Difference is one thing that two setups do not have in common.
type Difference struct {
	Key     string // as links name it: "wall", "grant.db", "ask.db"
	Was, Is string // to read
}

// Same reports whether two setups run alike, but for their name and code.
func (s Setup) Same(other Setup) bool { return len(s.Changes(other)) == 0 }

// Changes returns what makes another setup of this one, but for name, code and
// secrets.
func (s Setup) Changes(other Setup) []Difference {
	var out []Difference
	a, b := s.Limits, other.Limits
	add := func(key string, was, is int64, text func(int64) string) {
		if was != is {
			out = append(out, Difference{key, text(was), text(is)})
		}
	}
	seed := func(n int64) string {
		if n == 0 {
			return "random"
		}
		return strconv.FormatInt(n, 10)
	}
	onOff := func(n int64) string { return map[int64]string{0: "off", 1: "on"}[n] }
	bit := func(on bool) int64 {
		if on {
			return 1
		}
		return 0
	}
	for _, limit := range engine.AllLimits() {
		add(limit.String(), a.Get(limit), b.Get(limit), limit.Format)
	}
	p, q := a.Switches(), b.Switches()
	for _, which := range engine.AllSwitches() {
		add(which.String(), bit(p.On(which)), bit(q.On(which)), onOff)
	}
	add("seed", p.Seed, q.Seed, seed)
	for _, name := range Capabilities() {
		add("grant."+name, int64(s.Grants[name]), int64(other.Grants[name]), func(n int64) string { return bridge.Grant(n).String() })
	}
	for _, name := range Capabilities() {
		asks := func(s Setup) int64 { return bit(s.Grants[name] != bridge.Off && slices.Contains(s.AskFirst, name)) }
		add("ask."+name, asks(s), asks(other), onOff)
	}
	return out
}
