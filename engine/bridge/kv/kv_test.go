package kv

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"sealedroom/engine/bridge"
)

func guest(t testing.TB, grant bridge.Grant) *bridge.Broker {
	t.Helper()
	broker, err := bridge.Open([]bridge.Kind{Kind()}, map[string]bridge.Grant{"kv": grant}, bridge.Budget{}, bridge.NewVault())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := broker.Close(); err != nil {
			t.Error(err)
		}
	})
	return broker
}

func call(broker *bridge.Broker, method string, args ...any) bridge.Answer {
	raw := []byte("[]")
	if args != nil {
		raw, _ = json.Marshal(args)
	}
	return broker.Call(context.Background(), "kv", method, raw)
}

func TestTheStoreKeepsWhatItIsGiven(t *testing.T) {
	for _, grant := range []bridge.Grant{bridge.Hardened, bridge.Naive} {
		broker := guest(t, grant)
		for _, step := range []struct {
			method string
			args   []any
			want   string
		}{
			{"get", []any{"a"}, "null"},
			{"set", []any{"a", map[string]any{"n": 1, "list": []any{nil, true, "x"}}}, "null"},
			{"get", []any{"a"}, `{"list":[null,true,"x"],"n":1}`},
			{"set", []any{"", nil}, "null"},
			{"get", []any{""}, "null"},
			{"set", []any{"b", "<&>"}, "null"},
			{"keys", nil, `["","a","b"]`},
			{"delete", []any{"a"}, "true"},
			{"delete", []any{"a"}, "false"},
			{"keys", nil, `["","b"]`},
		} {
			answer := call(broker, step.method, step.args...)
			var got, want any
			_ = json.Unmarshal(answer.JSON, &got)
			_ = json.Unmarshal([]byte(step.want), &want)
			if answer.Error != nil || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%v: %s %v: %s %s", grant, step.method, step.args, answer.JSON, answer.Logged)
			}
		}
	}
}

func TestPrototypePollutionReachesNaiveOnly(t *testing.T) {
	hardened, naive := guest(t, bridge.Hardened), guest(t, bridge.Naive)
	for _, broker := range []*bridge.Broker{hardened, naive} {
		call(broker, "set", "visitor", map[string]any{"name": "Eve"})
		call(broker, "set", "__proto__", map[string]any{"admin": true})
	}
	if answer := call(naive, "get", "visitor"); string(answer.JSON) != `{"admin":true,"name":"Eve"}` {
		t.Errorf("naive: %s", answer.JSON)
	}
	if answer := call(naive, "get", "admin"); string(answer.JSON) != "true" {
		t.Errorf("naive: %s", answer.JSON)
	}
	if answer := call(naive, "keys"); string(answer.JSON) != `["__proto__","visitor"]` {
		t.Errorf("naive: %s", answer.JSON)
	}
	if answer := call(hardened, "get", "visitor"); string(answer.JSON) != `{"name":"Eve"}` {
		t.Errorf("hardened: %s", answer.JSON)
	}
	for _, key := range shaped {
		for _, answer := range []bridge.Answer{call(hardened, "set", key, 1), call(hardened, "get", key), call(hardened, "delete", key)} {
			if answer.Error == nil || answer.Error.Code != bridge.CodeNotGranted {
				t.Errorf("hardened %s: %s", key, answer.JSON)
			}
		}
	}
}

func TestAProtoInsideAValueStaysData(t *testing.T) {
	broker := guest(t, bridge.Hardened)
	broker.Call(context.Background(), "kv", "set", []byte(`["a",{"__proto__":{"admin":1}}]`))
	call(broker, "set", "b", map[string]any{})
	if answer := call(broker, "get", "b"); string(answer.JSON) != `{}` {
		t.Errorf("%s", answer.JSON)
	}
	if answer := call(broker, "get", "a"); string(answer.JSON) != `{"__proto__":{"admin":1}}` {
		t.Errorf("%s", answer.JSON)
	}
}

func TestTheStoreIsBounded(t *testing.T) {
	for _, test := range []struct {
		grant bridge.Grant
		quota quota
	}{{bridge.Hardened, hardened}, {bridge.Naive, naive}} {
		s := open(bridge.Setup{Grant: test.grant}).(*store)
		broker, err := bridge.Open([]bridge.Kind{{Name: "kv", Methods: Kind().Methods, Open: func(bridge.Setup) bridge.Capability { return s }}},
			map[string]bridge.Grant{"kv": test.grant}, bridge.Budget{ArgBytes: 128 << 10}, bridge.NewVault())
		if err != nil {
			t.Fatal(err)
		}
		value := strings.Repeat("x", test.quota.value-2) // and its quotes
		tries := test.quota.total/test.quota.value + 10
		stored, refused := 0, 0
		for i := range tries {
			if answer := call(broker, "set", fmt.Sprint(i), value); answer.Error == nil {
				stored++
			} else if answer.Error.Code == bridge.CodeTooLarge {
				refused++
			}
		}
		size := 0
		for key, value := range s.records {
			size += len(key) + len(value)
		}
		if refused == 0 || stored+refused != tries || size != s.size || size > test.quota.total {
			t.Errorf("%v: %d stored, %d refused, %d bytes counted as %d", test.grant, stored, refused, size, s.size)
		}
		if answer := call(broker, "delete", "0"); string(answer.JSON) != "true" {
			t.Errorf("%v: %s", test.grant, answer.Logged)
		}
		if answer := call(broker, "set", "again", value); answer.Error != nil {
			t.Errorf("%v: no room after delete: %s", test.grant, answer.Logged)
		}
		if err := broker.Close(); err != nil || s.size != 0 {
			t.Errorf("%v: %v, %d bytes left", test.grant, err, s.size)
		}
	}
	broker := guest(t, bridge.Hardened)
	for i := range hardened.keys + 1 {
		if answer := call(broker, "set", fmt.Sprint(i), i); (answer.Error != nil) != (i == hardened.keys) {
			t.Errorf("key %d: %s", i, answer.Logged)
		}
	}
	for _, args := range [][]any{{strings.Repeat("k", 129), 1}, {"a", strings.Repeat("x", 20_000)}} {
		if answer := call(broker, "set", args...); answer.Error == nil || answer.Error.Code != bridge.CodeTooLarge {
			t.Errorf("%.20v: %+v", args, answer.Error)
		}
	}
}

func TestArgumentsAreChecked(t *testing.T) {
	broker := guest(t, bridge.Hardened)
	for _, test := range []struct{ method, args, want string }{
		{"get", `[]`, "kv.get: argument 1 is missing or undefined, 1 expected"},
		{"get", `[{"toString":"a"}]`, "kv.get: argument 1 is an object, text expected"},
		{"set", `["a"]`, "kv.set: argument 2 is missing or undefined, 2 expected"},
		{"keys", `[1]`, "kv.keys: 1 argument given, 0 expected"},
	} {
		answer := broker.Call(context.Background(), "kv", test.method, []byte(test.args))
		if answer.Error == nil || answer.Error.Name != "TypeError" || answer.Error.Message != test.want {
			t.Errorf("%s%s: %+v", test.method, test.args, answer.Error)
		}
	}
}

func BenchmarkGet(b *testing.B) {
	broker := guest(b, bridge.Hardened)
	call(broker, "set", "a", 1)
	for b.Loop() {
		call(broker, "get", "a")
	}
}
