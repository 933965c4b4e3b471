package session

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

// full is a setup with something in each field that a file may have.
func full(t *testing.T) Setup {
	t.Helper()
	limits, err := engine.Limits{}.WithWall(3 * time.Second)
	if err != nil {
		t.Fatal(err)
	}
	return Setup{
		Name: "mine.js", Code: "1 // é", Limits: limits.WithSwitches(engine.Switches{Eval: true, Seed: 7}),
		Grants:   map[string]bridge.Grant{"db": bridge.Naive, "kv": bridge.Hardened},
		AskFirst: []string{"db"}, Secrets: []string{"CUSTOMER"},
	}
}

func TestSetupJSON(t *testing.T) {
	want := full(t)
	for _, setup := range []Setup{want, {}, {Native: true, Without: nil}} {
		data, err := json.Marshal(setup)
		if err != nil {
			t.Fatal(err)
		}
		var read Setup
		if err := json.Unmarshal(data, &read); err != nil || !reflect.DeepEqual(read, setup) && !(read.Same(setup) && read.Code == setup.Code) {
			t.Errorf("%s is read as %+v, %v", data, read, err)
		}
	}
	want.Secrets = []string{"CUSTOMER=swordfish", "TOKEN"}
	data, err := json.Marshal(want)
	if err != nil || strings.Contains(string(data), "swordfish") || !strings.Contains(string(data), `"secrets":["CUSTOMER","TOKEN"]`) {
		t.Errorf("written as %s, %v", data, err)
	}
	data, err = json.Marshal(Setup{Native: true, Without: []string{"seccomp"}})
	if err != nil || strings.Contains(string(data), "seccomp") {
		t.Errorf("a wall that is left out is written: %s, %v", data, err)
	}
	for _, refused := range []string{
		`{"limits":{"memory":1}}`, `{"grants":{"attic":"naive"}}`, `{"grants":{"db":"maybe"}}`, `{"ask_first":["db"]}`,
		`{"secrets":["TOKEN=swordfish"]}`, `{"secrets":["token"]}`, `{"native":true,"grants":{"db":"naive"}}`, `[]`,
	} {
		if err := json.Unmarshal([]byte(refused), new(Setup)); err == nil {
			t.Errorf("%s is taken", refused)
		}
	}
	// What JSON cannot say is not read either.
	var read Setup
	if err := json.Unmarshal([]byte(`{"native":true,"without":["seccomp"]}`), &read); err != nil || len(read.Without) > 0 {
		t.Errorf("read %+v, %v", read, err)
	}
}

func TestSetupCheck(t *testing.T) {
	for want, setup := range map[string]Setup{
		"at most 16 MB":                      {Code: strings.Repeat("x", engine.MaxSource+1)},
		`"attic": there is no capability`:    {Grants: map[string]bridge.Grant{"attic": bridge.Naive}},
		"Grant(9) is unknown":                {Grants: map[string]bridge.Grant{"db": 9}},
		"ask before calls to db: it is not":  {AskFirst: []string{"db"}},
		`ask before calls to "attic"`:        {AskFirst: []string{"attic"}},
		"secret name":                        {Secrets: []string{"token"}},
		"native hands go with no grants":     {Native: true, Grants: map[string]bridge.Grant{"kv": bridge.Hardened}},
		"native hands go with no grants and": {Native: true, Secrets: []string{"TOKEN"}},
		"only for a guest with native":       {Without: []string{"seccomp"}},
		`there is no wall "attic"`:           {Native: true, Without: []string{"attic"}},
	} {
		if err := setup.Check(); !errors.Is(err, engine.ErrGuest) || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want %s", err, want)
		}
	}
	for _, fine := range []Setup{{}, full(t), {Native: true, Grants: map[string]bridge.Grant{"db": bridge.Off}}, {Secrets: []string{"TOKEN=swordfish"}}} {
		if err := fine.Check(); err != nil {
			t.Error(err)
		}
	}
	if err := (Setup{Secrets: []string{"TOKEN=short"}}).Check(); err == nil || strings.Contains(err.Error(), "=short") {
		t.Errorf("error is %v", err)
	}
}

func TestSetupTidy(t *testing.T) {
	s := Setup{Grants: map[string]bridge.Grant{"db": bridge.Off, "kv": bridge.Hardened, "http": bridge.Naive}, AskFirst: []string{"kv", "db", "http", "kv"}}
	guest := s.Guest()
	if len(guest.Grants) != 2 || !reflect.DeepEqual(guest.AskFirst, map[string]bool{"kv": true, "http": true}) || guest.Breach != nil {
		t.Errorf("guest is %+v", guest)
	}
	if len(s.Grants) != 3 || !s.Same(s.Tidy()) || !reflect.DeepEqual(s.Tidy().AskFirst, []string{"http", "kv"}) {
		t.Errorf("tidy is %+v", s.Tidy())
	}
}

func TestSetupChanges(t *testing.T) {
	other := full(t)
	other.Grants, other.AskFirst = map[string]bridge.Grant{"kv": bridge.Hardened}, []string{"kv"}
	other.Limits = other.Limits.WithSwitches(engine.Switches{})
	want := []Difference{
		{"eval", "on", "off"}, {"seed", "7", "random"}, {"grant.db", "naive", "off"}, {"ask.db", "on", "off"}, {"ask.kv", "off", "on"},
	}
	if got := full(t).Changes(other); !reflect.DeepEqual(got, want) {
		t.Errorf("changes are %+v", got)
	}
}
