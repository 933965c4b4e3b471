package bridge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// fake is a capability that does as its first argument says.
type fake struct {
	setup  Setup
	closed atomic.Int32
	inside atomic.Int32
}

func (f *fake) Call(ctx context.Context, _ string, args Args) (any, error) {
	if f.inside.Add(1) > 1 {
		panic("two calls at once")
	}
	defer f.inside.Add(-1)
	what, err := args.Text(0, 1<<20)
	if err != nil {
		return nil, err
	}
	switch what {
	case "secret":
		return map[string]any{"value": f.setup.Vault.Use("FAKE")}, nil
	case "raw":
		return nil, fmt.Errorf("dial fake://app:%s@host", f.setup.Vault.Use("FAKE"))
	case "refuse":
		return nil, Refuse(CodeNotGranted, "fake.do: not granted").Because(errors.New("since " + f.setup.Vault.Peek("FAKE")))
	case "careless":
		return nil, Refuse(CodeInvalid, "fake.do: %s", f.setup.Vault.Peek("FAKE"))
	case "panic":
		panic("at " + f.setup.Vault.Peek("FAKE"))
	case "wait":
		<-ctx.Done()
		return nil, ctx.Err()
	case "huge":
		return strings.Repeat("x", 1<<20), nil
	case "unencodable":
		return func() {}, nil
	}
	return what, nil
}

func (f *fake) Close() error { f.closed.Add(1); return nil }

func fakeKinds(made **fake) []Kind {
	return []Kind{{
		Name: "fake", Methods: []string{"do"},
		Secrets: []Secret{{Name: "FAKE", Make: func() string { return NewSecret("fk_") }, Check: func(value string) error {
			if value == "unusable" {
				return errors.New("cannot be used: choose another")
			}
			return nil
		}}},
		Open: func(setup Setup) Capability {
			*made = &fake{setup: setup}
			return *made
		},
	}}
}

func openFake(t *testing.T, grant Grant, budget Budget) (*Broker, *fake) {
	t.Helper()
	var made *fake
	d, err := Open(fakeKinds(&made), map[string]Grant{"fake": grant}, budget, NewVault())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d, made
}

func do(d *Broker, what string) Answer {
	args, _ := json.Marshal([]string{what})
	return d.Call(context.Background(), "fake", "do", args)
}

func TestTwoViewsOfEveryError(t *testing.T) {
	for _, test := range []struct {
		what, code, hardened string
		decision             Decision
	}{
		{"raw", CodeFailed, "fake.do: failed on the host, which has logged why", Failed},
		{"panic", CodeFailed, "fake.do: failed on the host, which has logged why", Failed},
		{"unencodable", CodeFailed, "fake.do: failed on the host, which has logged why", Failed},
		{"refuse", CodeNotGranted, "fake.do: not granted", Denied},
		{"careless", CodeInvalid, "the error's text was withheld", Denied},
		{"huge", CodeTooLarge, "fake.do: the answer has 1048578 bytes, at most 262144 are given: ask for less", Denied},
	} {
		d, _ := openFake(t, Hardened, Budget{})
		answer := do(d, test.what)
		if answer.Error == nil || answer.Error.Code != test.code || answer.Error.Message != test.hardened || answer.Decision != test.decision {
			t.Errorf("%s, hardened: %+v, decision %s", test.what, answer.Error, answer.Decision)
		}
		if d.Secrets()[0].Revealed != 0 || len(answer.Seen) != 0 {
			t.Errorf("%s, hardened: revealed %v", test.what, answer.Seen)
		}
		naive, made := openFake(t, Naive, Budget{})
		answer = do(naive, test.what)
		if answer.Error == nil || answer.Error.Message != answer.Logged {
			t.Errorf("%s, naive: the guest got %+v, the host logged %q", test.what, answer.Error, answer.Logged)
		}
		if leaks := strings.Contains(answer.Logged, made.setup.Vault.Peek("FAKE")); leaks != (naive.Secrets()[0].Revealed == 1) {
			t.Errorf("%s, naive: leaks %v, report %+v", test.what, leaks, naive.Secrets()[0])
		}
	}
}

func TestATypeErrorIsOne(t *testing.T) {
	for _, grant := range []Grant{Hardened, Naive} {
		d, _ := openFake(t, grant, Budget{})
		answer := d.Call(context.Background(), "fake", "do", []byte(`[{"toString":1}]`))
		want := GuestError{Name: "TypeError", Code: CodeType, Message: "fake.do: argument 1 is an object, text expected"}
		if answer.Error == nil || *answer.Error != want || answer.Decision != Denied {
			t.Errorf("%v: %+v", grant, answer.Error)
		}
	}
}

func TestAHardenedAnswerWithASecretIsWithheld(t *testing.T) {
	d, _ := openFake(t, Hardened, Budget{})
	answer := do(d, "secret")
	if answer.JSON != nil || answer.Error.Code != CodeWithheld || !strings.Contains(answer.Logged, "FAKE in answer of call 1") || d.Secrets()[0].Revealed != 0 {
		t.Errorf("answer %+v %+v", answer, answer.Error)
	}
	naive, _ := openFake(t, Naive, Budget{})
	answer = do(naive, "secret")
	if answer.Decision != Allowed || len(answer.Seen) != 1 || naive.Secrets()[0].Revealed != 1 {
		t.Errorf("naive answer %+v", answer)
	}
}

// guessAt opens a hardened broker with a person's own secret, and has a guest say
// what it guesses: all of it must pass.
func guessAt(t *testing.T, secret string, guesses ...string) *Broker {
	t.Helper()
	vault := NewVault()
	_ = vault.Add(secret)
	var made *fake
	d, err := Open(fakeKinds(&made), map[string]Grant{"fake": Hardened}, Budget{}, vault)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	for _, guess := range guesses {
		if answer := do(d, guess); answer.Error != nil || string(answer.JSON) != `"`+guess+`"` {
			t.Errorf("%q: %s %+v", guess, answer.JSON, answer.Error)
		}
	}
	return d
}

// What a guest can only have written itself passes: else it could find a
// person's own short secret by trying what is withheld.
func TestWithholdingTellsNoGuess(t *testing.T) {
	d := guessAt(t, "OWN=abc123", "abc122", "abc123", "xxabc123", "321cba")
	for _, name := range []string{"nobody", "fake"} {
		if answer := d.Call(context.Background(), name, "abc123", []byte(`[]`)); answer.Error.Message != `"`+name+`.abc123" is not granted` {
			t.Errorf("%+v", answer.Error)
		}
	}
	// It is reported all the same: in three arguments, three answers, two errors.
	if report := d.Secrets()[1]; report.Name != "OWN" || report.Revealed != 8 {
		t.Errorf("%+v", report)
	}
}

// The same holds where a person chose the value of a capability's own secret.
func TestWithholdingTellsNoGuessOfItsOwnSecret(t *testing.T) {
	d := guessAt(t, "FAKE=hunter2", "hunter1", "hunter2")
	if report := d.Secrets()[0]; report.Revealed == 0 {
		t.Errorf("a guess that is right goes unreported: %+v", report)
	}
}

func TestASecretInAnArgumentIsRevealed(t *testing.T) {
	d, made := openFake(t, Hardened, Budget{ArgBytes: 100})
	secret := made.setup.Vault.Peek("FAKE")
	d.Call(context.Background(), "fake", "do", []byte(`["`+reverse(secret)+`"]`))
	d.Call(context.Background(), "fake", "do", []byte(`not JSON `+secret))
	d.Call(context.Background(), "fake", "do", []byte(`["`+secret+strings.Repeat(" ", 100)+`"]`))
	d.Call(context.Background(), "nobody", "asks", []byte(`["`+secret+`"]`))
	report := d.Secrets()[0]
	if report.Revealed != 4 || report.Where[0] != "argument of call 1, reversed" {
		t.Errorf("report %+v", report)
	}
}

func TestBudgets(t *testing.T) {
	d, _ := openFake(t, Hardened, Budget{Calls: 3})
	for i := range 5 {
		answer := do(d, "hello")
		if over := i >= 3; over != (answer.Stop != nil) || over != errors.Is(answer.Stop, ErrBudget) || over == (answer.Decision == Allowed) {
			t.Errorf("call %d: %+v", i+1, answer)
		}
	}
	var over *BudgetError
	if answer := do(d, "hello"); !errors.As(answer.Stop, &over) || over.Name != "calls" || over.Allowed != 3 || over.Used != 6 {
		t.Errorf("stop %+v", over)
	}

	d, _ = openFake(t, Hardened, Budget{Bytes: 100})
	calls := 0
	for ; calls < 20 && do(d, "hello").Stop == nil; calls++ { // 9 bytes in, 7 out
	}
	if calls != 6 {
		t.Errorf("%d calls within 100 bytes", calls)
	}

	d, _ = openFake(t, Hardened, Budget{Bytes: 1000})
	for calls = 0; calls < 100 && do(d, "raw").Stop == nil; calls++ { // 7 bytes in, 49 out
	}
	if calls != 18 {
		t.Errorf("%d failing calls within 1,000 bytes", calls)
	}

	d, _ = openFake(t, Hardened, Budget{ArgBytes: 20})
	if answer := do(d, strings.Repeat("x", 20)); answer.Error == nil || answer.Error.Code != CodeTooLarge || answer.Stop != nil {
		t.Errorf("large argument: %+v", answer)
	}
}

func TestWhatIsNotGranted(t *testing.T) {
	d, made := openFake(t, Off, Budget{})
	if made != nil {
		t.Error("a capability was opened without a grant")
	}
	for _, name := range []string{"fake", "", "constructor", strings.Repeat("x", 1<<20), "\xff\x00"} {
		answer := d.Call(context.Background(), name, name, []byte(`[]`))
		if answer.Error == nil || answer.Error.Code != CodeNotGranted || answer.Decision != Denied || len(answer.Error.Message) > 300 {
			t.Errorf("%.20q: %+v", name, answer.Error)
		}
	}
	if len(d.Secrets()) != 0 {
		t.Error("a grant that is off brought secrets")
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	var made *fake
	if _, err := Open(fakeKinds(&made), map[string]Grant{"warp": Hardened}, Budget{}, NewVault()); err == nil || err.Error() != `capability "warp" is unknown: use fake` {
		t.Error(err)
	}
	vault := NewVault()
	_ = vault.Add("FAKE=unusable")
	if _, err := Open(fakeKinds(&made), map[string]Grant{"fake": Hardened}, Budget{}, vault); err == nil || err.Error() != "secret FAKE cannot be used: choose another" {
		t.Error(err)
	}
	vault = NewVault()
	_ = vault.Add("FAKE=of-my-own")
	d, err := Open(fakeKinds(&made), map[string]Grant{"fake": Naive}, Budget{}, vault)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if answer := do(d, "secret"); string(answer.JSON) != `{"value":"of-my-own"}` {
		t.Errorf("the person's own secret was not used: %s", answer.JSON)
	}
}

func TestACallEndsWithItsRunItsTimeOrItsBroker(t *testing.T) {
	d, made := openFake(t, Naive, Budget{})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if answer := d.Call(ctx, "fake", "do", []byte(`["wait"]`)); answer.Error.Code != CodeCanceled || answer.Decision != Failed {
		t.Errorf("run over: %+v", answer.Error)
	}

	hardened, _ := openFake(t, Hardened, Budget{CallTime: 20 * time.Millisecond})
	if answer := do(hardened, "wait"); answer.Error.Code != CodeTimeout || answer.Decision != Denied || answer.Took > time.Second {
		t.Errorf("call too long: %+v", answer.Error)
	}

	go func() {
		for made.inside.Load() == 0 {
			time.Sleep(time.Millisecond)
		}
		_ = d.Close()
	}()
	if answer := do(d, "wait"); answer.Error.Code != CodeCanceled {
		t.Errorf("broker closed: %+v", answer.Error)
	}
	if answer := do(d, "hello"); answer.Error == nil || answer.Error.Code != CodeCanceled {
		t.Errorf("after Close: %+v", answer)
	}
	if err := d.Close(); err != nil || made.closed.Load() < 1 {
		t.Errorf("second Close: %v", err)
	}
}

func TestCallsComeOneAtATime(t *testing.T) {
	d, _ := openFake(t, Hardened, Budget{})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				if answer := do(d, "hello"); answer.Error != nil {
					t.Error(answer.Logged)
				}
			}
		})
	}
	all.Wait()
	if answer := do(d, "hello"); answer.N != 401 {
		t.Errorf("call %d", answer.N)
	}
}

func TestManyCallsKeepMemoryLevel(t *testing.T) {
	d, _ := openFake(t, Naive, Budget{})
	call := func(n int) uint64 {
		for i := range n {
			do(d, []string{"hello", "secret", "raw", "refuse"}[i%4])
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := call(1000)
	if after := call(20_000); after > before+1<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
}

func TestGrantsAreReadAndWritten(t *testing.T) {
	for text, want := range map[string]Grant{"": Hardened, "hardened": Hardened, "Naive": Naive, "off": Off} {
		var grant Grant
		if err := grant.UnmarshalText([]byte(text)); err != nil || grant != want {
			t.Errorf("%q: %v %v", text, grant, err)
		}
	}
	if _, err := ParseGrant("warp"); err == nil || err.Error() != `grant "warp" is unknown: use off, hardened or naive` {
		t.Error(err)
	}
}

func BenchmarkCall(b *testing.B) {
	var made *fake
	d, err := Open(fakeKinds(&made), map[string]Grant{"fake": Hardened}, Budget{}, NewVault())
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	args := []byte(`["hello"]`)
	b.ReportAllocs()
	for b.Loop() {
		d.Call(context.Background(), "fake", "do", args)
	}
}
