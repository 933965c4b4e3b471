package presets

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
	"sealedroom/inspector/session"
)

// Change is what a link or a choice changes of a setup, as it is written:
// "wall=3s&grant.db=naive". The empty one changes nothing.
type Change string

// Parts are what of the window a link can point at.
var Parts = []string{"verdict", "room", "memory", "time", "teller", "vault", "doors", "editor", "console", "result", "startup", "jit", "timeline", "limits", "status"}

// original names the scenario's own guest.
const original = "original"

// Apply returns the setup with the change made.
func (s *Scenario) Apply(change Change, setup session.Setup) (session.Setup, error) {
	if change == "" {
		return setup, nil
	}
	for _, part := range strings.Split(string(change), "&") {
		key, value, ok := strings.Cut(part, "=")
		if !ok {
			return setup, fmt.Errorf("change %q has no value: write it as wall=3s", clip(part))
		}
		var err error
		if setup, err = s.set(setup, key, value); err != nil {
			return setup, err
		}
	}
	return setup, nil
}

func (s *Scenario) set(setup session.Setup, key, value string) (session.Setup, error) {
	var err error
	capability, isGrant := strings.CutPrefix(key, "grant.")
	asked, isAsk := strings.CutPrefix(key, "ask.")
	switch {
	case isAsk:
		setup.AskFirst, err = askFirst(setup.AskFirst, asked, value)
	case isGrant:
		grants := maps.Clone(setup.Grants)
		if grants == nil {
			grants = map[string]bridge.Grant{}
		}
		setup.Grants, err = grants, grant(grants, capability, value)
	case key == "profile":
		var profile Profile
		if profile, err = FindProfile(value); err == nil {
			setup.Limits, err = profile.Apply(setup.Limits)
		}
	case key == "room":
		var room Room
		if room, err = s.FindRoom(value); err == nil {
			room.Setup.Name = setup.Name
			setup = room.Setup.Tidy()
		}
	case key == "code" && value == original:
		setup.Code = s.Setup.Code
	case key == "code":
		code, ok := s.Codes[value]
		if !ok {
			return setup, fmt.Errorf("there is no code %q: mark a block as \"js %s\"", clip(value), clip(value))
		}
		setup.Code = code
	case slices.Contains(limitKeys, key):
		setup.Limits, err = setLimit(setup.Limits, key, value)
	default:
		setup.Limits, err = setSwitch(setup.Limits, key, value)
	}
	return setup, err
}

// grant puts a grant into grants; "off" takes it out.
func grant(grants map[string]bridge.Grant, capability, how string) error {
	if !slices.Contains(session.Capabilities(), capability) {
		return fmt.Errorf("there is no capability %q: use %s", clip(capability), strings.Join(session.Capabilities(), ", "))
	}
	granted, err := bridge.ParseGrant(clip(how))
	if err != nil {
		return err
	}
	grants[capability] = granted
	if granted == bridge.Off {
		delete(grants, capability)
	}
	return nil
}

// askFirst returns the capabilities that ask before a call, with one of them
// put in or taken out.
func askFirst(names []string, capability, value string) ([]string, error) {
	if !slices.Contains(session.Capabilities(), capability) {
		return names, fmt.Errorf("there is no capability %q: use %s", clip(capability), strings.Join(session.Capabilities(), ", "))
	}
	on, known := onOff[value]
	if !known {
		return names, fmt.Errorf("ask.%s %q: write on or off", capability, clip(value))
	}
	rest := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == capability })
	if on {
		rest = append(rest, capability)
		slices.Sort(rest)
	}
	return rest, nil
}

var limitKeys, switchKeys = keysOf(engine.AllLimits()), append(keysOf(engine.AllSwitches()), "seed")

func keysOf[T fmt.Stringer](rows []T) []string {
	keys := make([]string, len(rows))
	for i, row := range rows {
		keys[i] = row.String()
	}
	return keys
}

func setLimit(l engine.Limits, key, value string) (engine.Limits, error) {
	limit, ok := engine.FindLimit(key)
	if !ok {
		return l, unknownSetting(key)
	}
	n, err := limit.Parse(value)
	if err != nil {
		return l, err
	}
	return l.With(limit, n)
}

var onOff = map[string]bool{"on": true, "true": true, "off": false, "false": false}

func setSwitch(l engine.Limits, key, value string) (engine.Limits, error) {
	s := l.Switches()
	if key == "seed" {
		seed, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return l, fmt.Errorf("seed %q: write a whole number", clip(value))
		}
		s.Seed = seed
		return l.WithSwitches(s), nil
	}
	which, ok := engine.FindSwitch(key)
	if !ok {
		return l, unknownSetting(key)
	}
	on, known := onOff[value]
	if !known {
		return l, fmt.Errorf("%s %q: write on or off", key, clip(value))
	}
	return l.WithSwitches(s.With(which, on)), nil
}

func unknownSetting(key string) error {
	return fmt.Errorf("there is nothing called %q to set: use %s, %s, grant.NAME, ask.NAME, profile, code or room",
		clip(key), strings.Join(limitKeys, ", "), strings.Join(switchKeys, ", "))
}

// clip keeps a message about invalid input short.
func clip(text string) string {
	if len(text) > 60 {
		return strings.ToValidUTF8(text[:60], "") + "…"
	}
	return text
}
