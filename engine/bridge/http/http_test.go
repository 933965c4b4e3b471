package http

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"sealedroom/engine/bridge"
)

func guest(t testing.TB, kind bridge.Kind, grant bridge.Grant, budget bridge.Budget) *bridge.Broker {
	t.Helper()
	broker, err := bridge.Open([]bridge.Kind{kind}, map[string]bridge.Grant{"http": grant}, budget, bridge.NewVault())
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
	raw, _ := json.Marshal(args)
	return broker.Call(context.Background(), "http", method, raw)
}

func decode(t *testing.T, answer bridge.Answer) reply {
	t.Helper()
	var r reply
	if err := json.Unmarshal(answer.JSON, &r); err != nil {
		t.Fatalf("%v; logged %s", err, answer.Logged)
	}
	return r
}

func TestTheServiceGetsItsToken(t *testing.T) {
	for _, grant := range []bridge.Grant{bridge.Hardened, bridge.Naive} {
		broker := guest(t, Kind(), grant, bridge.Budget{})
		r := decode(t, call(broker, "get", "http://api.internal/users", map[string]any{"headers": map[string]string{"Accept": "application/json"}}))
		if r.Status != 200 || !strings.Contains(r.Body, "Alice") || r.Headers["content-type"] != "application/json" {
			t.Errorf("%v: %+v", grant, r)
		}
		r = decode(t, call(broker, "post", "http://API.internal:80/orders", "12345"))
		if r.Status != 201 || r.Body != "{\"received\":5}\n" {
			t.Errorf("%v: %+v", grant, r)
		}
		if r := decode(t, call(broker, "get", "http://api.internal/nowhere")); r.Status != 404 {
			t.Errorf("%v: %+v", grant, r)
		}
		if r := decode(t, call(broker, "get", "http://api.internal/redirect?to=/redirect?to=/status")); r.Status != 200 || r.Body != "{\"ok\":true}\n" {
			t.Errorf("%v: %+v", grant, r)
		}
		report := broker.Secrets()
		if report[0].Name != "API_TOKEN" || report[0].Used != 6 || report[0].Revealed+report[1].Revealed != 0 {
			t.Errorf("%v: %+v", grant, report)
		}
	}
}

// metadata are spellings of the metadata service that a naive host follows.
var metadata = []string{
	"http://169.254.169.254/", "http://169.254.169.254:80/latest", "http://metadata.internal/", "http://METADATA.internal./",
	"http://2852039166/", "http://0xa9fea9fe/", "http://0251.0376.0251.0376/", "http://169.254.43518/", "http://169.16689662/", "http://0xa9.254.0251.254/",
	"http://[::ffff:169.254.169.254]/", "http://[::ffff:a9fe:a9fe]/", "http://[fd00:ec2::254]/", "http://[fd00:ec2:0:0:0:0:0:254]/",
	"http://api.internal@169.254.169.254/", "http://api.internal:80@metadata.internal/", "http://u:p@169.254.169.254/#@api.internal/",
	"http://api.internal/redirect?to=http://169.254.169.254/", "http://api.internal/redirect?to=//metadata.internal/",
	"http://api.internal/redirect?to=http://api.internal/redirect?to=http://2852039166/",
	"http://169.254.169.254/?x=http://api.internal/", "HTTP://169.254.169.254",
}

func TestMetadataByEverySpelling(t *testing.T) {
	hardened, naive := guest(t, Kind(), bridge.Hardened, bridge.Budget{}), guest(t, Kind(), bridge.Naive, bridge.Budget{})
	for _, target := range metadata {
		answer := call(naive, "get", target)
		if len(answer.Seen) != 1 || answer.Seen[0].Secret != "METADATA_TOKEN" {
			t.Errorf("naive %s: seen %v, %s %s", target, answer.Seen, answer.JSON, answer.Logged)
		}
		answer = call(hardened, "get", target)
		if answer.Error == nil || answer.Error.Code != bridge.CodeNotGranted || answer.Decision != bridge.Denied {
			t.Errorf("hardened %s: %s %+v", target, answer.JSON, answer.Error)
		}
	}
	for _, secret := range hardened.Secrets() {
		if secret.Revealed != 0 {
			t.Errorf("hardened: %+v", secret)
		}
	}
}

func TestHardenedGoesNowhereElse(t *testing.T) {
	broker := guest(t, Kind(), bridge.Hardened, bridge.Budget{})
	for _, test := range []struct{ target, code string }{
		{"http://127.0.0.1/", "not_granted"}, {"http://localhost/", "not_granted"}, {"http://127.1/", "not_granted"},
		{"http://0/", "not_granted"}, {"http://[::1]/", "not_granted"}, {"http://2130706433/", "not_granted"},
		{"http://10.0.0.10/", "not_granted"}, {"http://example.com/", "not_granted"},
		{"https://api.internal/", "not_granted"}, {"ftp://api.internal/", "not_granted"}, {"gopher://api.internal/", "not_granted"},
		{"file:///etc/passwd", "not_granted"}, {"data:text/plain,x", "not_granted"}, {"javascript:1", "not_granted"},
		{"http://api.internal:8080/", "not_granted"}, {"http://api.internal:0/", "not_granted"}, {"http://api.internal:/", "not_granted"},
		{"http://api.internal./", "not_granted"}, {"http://api.internal.evil.example/", "not_granted"}, {"http://xapi.internal/", "not_granted"},
		{"http://api。internal/", "not_granted"}, {"http://ａｐｉ.internal/", "not_granted"}, {"http://apİ.internal/", "not_granted"}, {"http://api.internaⓁ/", "not_granted"}, {"http://api.internal%00.evil/", "invalid"},
		{"http://token@api.internal/", "not_granted"}, {"http://api.internal\\@evil/", "invalid"}, {"//api.internal/", "not_granted"},
		{"http://api.internal/\r\nHost: metadata.internal", "invalid"}, {"http://api.internal /", "invalid"}, {"", "invalid"}, {"users", "invalid"},
		{"http://api.internal/redirect?to=http://127.0.0.1/", "not_granted"}, {"http://api.internal/redirect?to=file:///etc/passwd", "not_granted"},
		{"http://api.internal/redirect?to=http://u@api.internal/", "not_granted"},
		{"http://api.internal/redirect?to=" + strings.Repeat("/redirect%3Fto%3D", 5), "not_granted"},
		{"http://api.internal/redirect?to=http://api.internal%0d%0aHost:%20metadata.internal/", "invalid"}, {"http://api.internal/redirect?to=%0d%0aSet-Cookie:%20x", "not_granted"},
		{"http://api.internal/redirect?to=http://api.internal:80@metadata.internal/", "not_granted"}, {"http://api.internal/redirect?to=http:metadata.internal", "not_granted"},
		{"http://api.internal/redirect?to=//[fd00:ec2::254]/", "not_granted"}, {"http://api.internal/redirect?to=javascript:1", "not_granted"},
		{"http://[::ffff:169.254.169.254%25eth0]/", "not_granted"}, {"http://[64:ff9b::a9fe:a9fe]/", "not_granted"}, {"http://①⑥⑨.254.169.254/", "not_granted"},
		{"http://api.internal:080/", "not_granted"}, {"http://api.internal:+80/", "invalid"}, {"http://api%2einternal/", "invalid"}, {"http://[api.internal]/", "invalid"},
		{"http://a\u0440i.internal/", "not_granted"}, {"http://api.internal．/", "not_granted"}, {"http:\\\\api.internal\\", "invalid"}, {"http:api.internal", "invalid"},
		{"http://*", "not_granted"}, {"http://:80/", "not_granted"}, {"http://user@", "invalid"}, {"http:///x", "invalid"},
		{"http://api.internal/" + strings.Repeat("x", 4096), "too_large"},
	} {
		answer := call(broker, "get", test.target)
		if answer.Error == nil || answer.Error.Code != test.code {
			t.Errorf("%.80s: %s %+v, logged %s", test.target, answer.JSON, answer.Error, answer.Logged)
			continue
		}
		if strings.Contains(answer.Error.Message, "127.0.0.1:") || strings.Contains(answer.Error.Message, "dial") {
			t.Errorf("%s: the guest reads %s", test.target, answer.Error.Message)
		}
	}
}

// Whatever a granted name resolves to, the address is checked before dialling.
func TestRebindingIsFollowedByNaiveOnly(t *testing.T) {
	for _, address := range []string{"169.254.169.254", "::ffff:169.254.169.254", "fd00:ec2::254"} {
		kind := Kind()
		kind.Open = func(setup bridge.Setup) bridge.Capability {
			return &fetcher{setup: setup, resolve: func(string) (netip.Addr, error) { return netip.MustParseAddr(address), nil }}
		}
		answer := call(guest(t, kind, bridge.Hardened, bridge.Budget{}), "get", "http://api.internal/")
		if answer.Error == nil || answer.Error.Code != bridge.CodeNotGranted || !strings.Contains(answer.Logged, "resolved to") || strings.Contains(answer.Error.Message, "169") {
			t.Errorf("hardened: %s %+v", answer.JSON, answer.Error)
		}
		// The naive host connects to the metadata service, which refuses only
		// because it is asked under another's name.
		if r := decode(t, call(guest(t, kind, bridge.Naive, bridge.Budget{}), "get", "http://api.internal/")); r.Status != 421 {
			t.Errorf("naive: %+v", r)
		}
	}
}

func TestTheTokenIsEchoedToNaiveOnly(t *testing.T) {
	for _, target := range []string{"http://api.internal/echo", "http://api.internal/redirect?to=/echo"} {
		naive := guest(t, Kind(), bridge.Naive, bridge.Budget{})
		if answer := call(naive, "get", target); len(answer.Seen) != 1 || answer.Seen[0].Secret != "API_TOKEN" {
			t.Errorf("naive: seen %v, %s %s", answer.Seen, answer.JSON, answer.Logged)
		}
		hardened := guest(t, Kind(), bridge.Hardened, bridge.Budget{})
		for _, body := range []int{0, 1000, maxBody - 300, maxBody - 150, maxBody - 100} { // around the bound on the answer
			answer := call(hardened, "post", target, strings.Repeat("x", body))
			if answer.JSON != nil && strings.Contains(string(answer.JSON), "api_") || answer.Decision == bridge.Allowed && !strings.Contains(target, "redirect") {
				t.Errorf("hardened, %d bytes: %.200s %+v", body, answer.JSON, answer.Error)
			}
		}
		for _, secret := range hardened.Secrets() {
			if secret.Revealed != 0 {
				t.Errorf("hardened: %+v", secret)
			}
		}
	}
}

func TestNaiveErrorsCarryTheToken(t *testing.T) {
	naive := guest(t, Kind(), bridge.Naive, bridge.Budget{})
	answer := call(naive, "get", "http://nowhere.example/")
	if answer.Error == nil || answer.Error.Message != answer.Logged || len(answer.Seen) != 1 || answer.Seen[0].Secret != "API_TOKEN" {
		t.Errorf("naive: %+v, seen %v", answer.Error, answer.Seen)
	}
}

func TestNaiveReachesNothingBeyondItsNetwork(t *testing.T) {
	broker := guest(t, Kind(), bridge.Naive, bridge.Budget{})
	for _, target := range []string{
		"http://127.0.0.1/", "http://127.0.0.1:22/", "http://localhost/", "http://[::1]/", "http://0/", "http://8.8.8.8/", "http://1.1.1.1/",
		"https://api.internal/", "http://api.internal:8080/", "http://169.254.169.254:22/", "http://169.254.169.253/", "http://example.com/",
		"file:///etc/passwd", "unix:///var/run/docker.sock", "http://[fe80::1%25eth0]/", "http://4294967296/", "http://0b1/", "http://1_0/",
		"http://api.internal/redirect?to=http://127.0.0.1:22/",
	} {
		if answer := call(broker, "get", target); answer.Error == nil {
			t.Errorf("%s: %s", target, answer.JSON)
		}
	}
}

func TestHeadersAreChecked(t *testing.T) {
	broker := guest(t, Kind(), bridge.Hardened, bridge.Budget{})
	with := func(headers any) bridge.Answer {
		return call(broker, "get", "http://api.internal/status", map[string]any{"headers": headers})
	}
	for _, name := range []string{"Authorization", "authorization", "Host", "Proxy-Authorization", "Connection", "Transfer-Encoding", "Content-Length",
		"X-Forwarded-Host", "Cookie", "Range", "Upgrade", "Accept\r\nHost", "", "__proto__"} {
		if answer := with(map[string]string{name: "x"}); answer.Error == nil || answer.Error.Code != bridge.CodeNotGranted {
			t.Errorf("%q: %s %+v", name, answer.JSON, answer.Error)
		}
	}
	for _, headers := range []any{"x", []int{1}, map[string]any{"Accept": 1}, map[string]any{"Accept": map[string]any{}}, map[string]string{"Accept": "a\r\nHost: metadata.internal"}, map[string]string{"Accept": strings.Repeat("x", 2000)}} {
		if answer := with(headers); answer.Error == nil || answer.Decision != bridge.Denied {
			t.Errorf("%v: %s", headers, answer.JSON)
		}
	}
	if answer := call(broker, "get", "http://api.internal/status", map[string]any{"redirect": "manual"}); answer.Error == nil {
		t.Error("an unknown option was taken")
	}
	if answer := call(broker, "post", "http://api.internal/orders", map[string]any{"toString": 1}); answer.Error == nil || answer.Error.Name != "TypeError" || answer.Error.Message != "http.post: argument 2 is an object, text expected" {
		t.Errorf("%+v", answer.Error)
	}
}

func TestSlowEndsWithTheRunOrTheCallsTime(t *testing.T) {
	naive := guest(t, Kind(), bridge.Naive, bridge.Budget{})
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	answer := naive.Call(ctx, "http", "get", []byte(`["http://api.internal/slow"]`))
	if took := time.Since(start); answer.Error == nil || answer.Error.Code != bridge.CodeCanceled || took > 5*time.Second {
		t.Errorf("naive: %+v after %v", answer.Error, took)
	}
	hardened := guest(t, Kind(), bridge.Hardened, bridge.Budget{CallTime: 50 * time.Millisecond})
	if answer := call(hardened, "get", "http://api.internal/slow"); answer.Error == nil || answer.Error.Code != bridge.CodeTimeout || answer.Took > 5*time.Second {
		t.Errorf("hardened: %+v after %v", answer.Error, answer.Took)
	}
}

func TestARunThatEndsMidCallLeavesNothing(t *testing.T) {
	broker := guest(t, Kind(), bridge.Naive, bridge.Budget{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		call(broker, "get", "http://api.internal/slow")
	}()
	time.Sleep(30 * time.Millisecond)
	start := time.Now()
	if err := broker.Close(); err != nil || time.Since(start) > 5*time.Second {
		t.Errorf("closed with %v after %v", err, time.Since(start))
	}
	<-done
}

func TestTheServicesCheckWhoAsks(t *testing.T) {
	vault := bridge.NewVault()
	_ = vault.Set(apiToken, "the-token")
	_ = vault.Set(metadataToken, "the-other")
	network, err := startNetwork(vault)
	if err != nil {
		t.Fatal(err)
	}
	defer network.close()
	// As another program on this machine would, that found the port.
	plain := (&fetcher{setup: bridge.Setup{Grant: bridge.Naive, Vault: bridge.NewVault()}, resolve: resolve}).newClient(network)
	defer plain.CloseIdleConnections()
	for address, want := range map[netip.Addr]int{apiAddress: 401, metadataAddress: 421} {
		response, err := plain.Transport.(bearer).transport.RoundTrip(mustRequest("http://"+address.String(), "127.0.0.1:1234"))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%v: %d, want %d", address, response.StatusCode, want)
		}
	}
}

func TestParseLoose(t *testing.T) {
	for name, want := range map[string]string{
		"2852039166": "169.254.169.254", "0XA9.0xfe.43518": "169.254.169.254", "1": "0.0.0.1", "127.1": "127.0.0.1",
		"256.1": "", "1.2.3.256": "", "1.2.3.4.5": "", "": "", "a.b": "", "1..2": "", "08": "", "-1": "", "0b1": "", "0o7": "", "1_0": "", "4294967296": "",
	} {
		address, ok := parseLoose(name)
		if got := fmt.Sprint(address); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %v %v, want %q", name, got, ok, want)
		}
	}
}

func BenchmarkGet(b *testing.B) {
	broker := guest(b, Kind(), bridge.Hardened, bridge.Budget{})
	for b.Loop() {
		call(broker, "get", "http://api.internal/status")
	}
}

func BenchmarkFirstGet(b *testing.B) {
	for b.Loop() {
		broker, _ := bridge.Open([]bridge.Kind{Kind()}, map[string]bridge.Grant{"http": bridge.Hardened}, bridge.Budget{}, bridge.NewVault())
		call(broker, "get", "http://api.internal/status")
		_ = broker.Close()
	}
}
