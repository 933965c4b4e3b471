package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sealedroom/engine/bridge"
)

func open(t testing.TB, grant bridge.Grant, budget bridge.Budget) *bridge.Broker {
	t.Helper()
	grants := map[string]bridge.Grant{}
	for _, kind := range Kinds() {
		grants[kind.Name] = grant
	}
	broker, err := bridge.Open(Kinds(), grants, budget, bridge.NewVault())
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

// call is a guest's call: "db.query" and its arguments.
type call struct {
	name string
	args []any
}

func (c call) on(broker *bridge.Broker) bridge.Answer {
	capability, method, _ := strings.Cut(c.name, ".")
	raw, err := json.Marshal(c.args)
	if err != nil {
		panic(err)
	}
	if c.args == nil {
		raw = []byte("[]")
	}
	return broker.Call(context.Background(), capability, method, raw)
}

func to(name string, args ...any) call { return call{name, args} }

// attacks are the guests' attacks on the teller window that a naive grant lets
// through; stolen says which secrets, and where they are seen.
var attacks = []struct {
	name   string
	calls  []call
	stolen map[string]string
}{
	{"SQL injection", []call{to("db.query", "SELECT name FROM users WHERE name = 'x' OR 1=1 UNION SELECT api_key FROM credentials")},
		map[string]string{"CUSTOMER_KEY": "answer of call 1"}},
	{"over-sharing rows", []call{to("db.query", "SELECT * FROM users JOIN credentials ON user_id = id")},
		map[string]string{"CUSTOMER_KEY": "answer of call 1"}},
	{"copied, then read", []call{to("db.query", "CREATE TABLE loot AS SELECT * FROM credentials"), to("db.query", "SELECT hex(api_key) FROM loot")},
		map[string]string{"CUSTOMER_KEY": "answer of call 2, hex"}},
	{"error text", []call{to("db.query", "SELECT 1"), to("db.query", "SELEC")},
		map[string]string{"DB_PASSWORD": "error of call 2"}},
	{"SSRF to metadata", []call{to("http.get", "http://169.254.169.254/")},
		map[string]string{"METADATA_TOKEN": "answer of call 1"}},
	{"SSRF by an odd spelling", []call{to("http.get", "http://0xa9fea9fe/latest/meta-data")},
		map[string]string{"METADATA_TOKEN": "answer of call 1"}},
	{"SSRF by redirect", []call{to("http.get", "http://api.internal/redirect?to=http://metadata.internal/")},
		map[string]string{"METADATA_TOKEN": "answer of call 1"}},
	{"the service's echo", []call{to("http.post", "http://api.internal/echo", "x")},
		map[string]string{"API_TOKEN": "answer of call 1"}},
	{"request's error", []call{to("http.get", "http://nowhere.internal/")},
		map[string]string{"API_TOKEN": "error of call 1"}},
	{"path traversal", []call{to("files.read", "../secret.txt")},
		map[string]string{"FILE_SECRET": "answer of call 1"}},
	{"absolute path", []call{to("files.read", "/secret.txt")},
		map[string]string{"FILE_SECRET": "answer of call 1"}},
	{"symbolic link", []call{to("files.read", "latest.txt")},
		map[string]string{"FILE_SECRET": "answer of call 1"}},
}

func TestAttacksSucceedOnNaiveAndFailOnHardened(t *testing.T) {
	for _, attack := range attacks {
		t.Run(attack.name, func(t *testing.T) {
			naive, hardened := open(t, bridge.Naive, bridge.Budget{}), open(t, bridge.Hardened, bridge.Budget{})
			for _, c := range attack.calls {
				c.on(naive)
				if answer := c.on(hardened); len(answer.Seen) != 0 || answer.Decision == bridge.Failed {
					t.Errorf("hardened: %s seen %v, logged %s", answer.Decision, answer.Seen, answer.Logged)
				} else if answer.Error != nil && answer.Error.Code == bridge.CodeWithheld && attack.name != "the service's echo" {
					t.Errorf("hardened: only the broker's last look stopped it: %s", answer.Logged)
				}
			}
			for _, secret := range naive.Secrets() {
				var want []string
				if where, ok := attack.stolen[secret.Name]; ok {
					want = []string{where}
				}
				if !slices.Equal(secret.Where, want) && len(secret.Where)+len(want) > 0 {
					t.Errorf("naive: %s in %q, want %q", secret.Name, secret.Where, want)
				}
			}
			for _, secret := range hardened.Secrets() {
				if secret.Revealed != 0 {
					t.Errorf("hardened: %+v", secret)
				}
			}
		})
	}
}

// What no grant lets through, whatever the arguments.
func TestHostileArguments(t *testing.T) {
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	for _, grant := range []bridge.Grant{bridge.Hardened, bridge.Naive} {
		broker := open(t, grant, bridge.Budget{})
		for _, kind := range Kinds() {
			for _, method := range kind.Methods {
				for _, raw := range []string{
					`{}`, `null`, ``, `[`, "[\"\xff\"]", `[` + deep + `]`, `["` + strings.Repeat("x", 100<<10) + `"]`,
					`[{"toString":1,"then":2}]`, `[[["a"]]]`, `[null]`, `[1,2,3,4,5]`,
				} {
					if method == "list" || method == "keys" {
						raw = strings.Replace(raw, "[", "[0,", 1)
					}
					answer := broker.Call(context.Background(), kind.Name, method, []byte(raw))
					if answer.Error == nil || answer.Decision != bridge.Denied || answer.Stop != nil || answer.Took > time.Second {
						t.Errorf("%v %s.%s(%.20s): %s %+v", grant, kind.Name, method, raw, answer.JSON, answer.Error)
					}
				}
			}
		}
	}
}

func TestOpeningTakesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	before := runtime.NumGoroutine()
	broker := open(t, bridge.Naive, bridge.Budget{})
	left, _ := os.ReadDir(dir)
	if len(left) != 0 || runtime.NumGoroutine() > before {
		t.Errorf("%d files and %d goroutines before the first call", len(left), runtime.NumGoroutine()-before)
	}
	if names := len(broker.Secrets()); names != 5 {
		t.Errorf("%d secrets", names)
	}
}

// Runs share nothing: neither secrets, nor files, nor servers, nor a fate.
func TestRunsBesideOneAnother(t *testing.T) {
	var all sync.WaitGroup
	var mu sync.Mutex
	tokens := map[string]bool{}
	for i := range 12 {
		grant := []bridge.Grant{bridge.Hardened, bridge.Naive}[i%2]
		broker := open(t, grant, bridge.Budget{CallTime: time.Minute})
		all.Go(func() {
			for _, attack := range attacks {
				for _, c := range attack.calls {
					c.on(broker)
				}
			}
			answer := to("http.get", "http://169.254.169.254/").on(broker)
			mu.Lock()
			tokens[string(answer.JSON)] = true
			mu.Unlock()
			if err := broker.Close(); err != nil {
				t.Error(err)
			}
			for _, secret := range broker.Secrets() {
				if (secret.Revealed > 0) != (grant == bridge.Naive) {
					t.Errorf("%v: %+v", grant, secret)
				}
			}
		})
	}
	all.Wait()
	if len(tokens) != 6+1 { // six naive answers, and no hardened one
		t.Errorf("%d different answers", len(tokens))
	}
}

// Every secret can be a person's own, and is the one that the host uses.
func TestSecretsOfOnesOwn(t *testing.T) {
	vault := bridge.NewVault()
	own := map[string]string{"DB_PASSWORD": strings.Repeat("0a", 32), "CUSTOMER_KEY": "my-customer", "API_TOKEN": "my-api-token", "METADATA_TOKEN": `my "metadata"`, "FILE_SECRET": "my file & secret"}
	grants := map[string]bridge.Grant{}
	for name, value := range own {
		if err := vault.Add(name + "=" + value); err != nil {
			t.Fatal(err)
		}
	}
	for _, kind := range Kinds() {
		grants[kind.Name] = bridge.Naive
	}
	broker, err := bridge.Open(Kinds(), grants, bridge.Budget{}, vault)
	if err != nil {
		t.Fatal(err)
	}
	defer broker.Close()
	for _, c := range []call{to("db.query", "SELEC"), to("db.query", "SELECT * FROM credentials"), to("http.get", "http://api.internal/echo"), to("http.get", "http://metadata.internal/"), to("files.read", "../secret.txt")} {
		c.on(broker)
	}
	for _, secret := range broker.Secrets() {
		if secret.Revealed != 1 {
			t.Errorf("%+v", secret)
		}
	}
}

func TestAHundredThousandCallsKeepMemoryLevel(t *testing.T) {
	broker := open(t, bridge.Hardened, bridge.Budget{})
	turn := []call{
		to("kv.set", "a", 1), to("kv.get", "a"), to("kv.keys"), to("kv.get", map[string]int{}), to("kv.get", "__proto__"),
		to("db.query", "SELECT name FROM users WHERE id = ?", []int{1}), to("db.query", "SELECT * FROM credentials"), to("kv.delete", "a"),
		to("files.read", "../secret.txt"), to("http.get", "http://169.254.169.254/"),
	}
	calls := func(n int) uint64 {
		for i := range n {
			turn[i%len(turn)].on(broker)
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc + m.StackInuse
	}
	before := calls(2000)
	start := time.Now()
	after := calls(100_000)
	t.Logf("%d KiB before, %d KiB after, %v a call", before>>10, after>>10, time.Since(start)/100_000)
	if after > before+2<<20 {
		t.Errorf("memory grew from %d to %d bytes", before, after)
	}
}

func TestClosedRunsLeaveNoFile(t *testing.T) {
	const descriptors = "/proc/self/fd"
	if _, err := os.Stat(descriptors); err != nil {
		t.Skip("this system does not list a process's open files")
	}
	run := func() int {
		broker := open(t, bridge.Naive, bridge.Budget{})
		for _, attack := range attacks {
			for _, c := range attack.calls {
				c.on(broker)
			}
		}
		if err := broker.Close(); err != nil {
			t.Error(err)
		}
		open, _ := os.ReadDir(descriptors)
		return len(open)
	}
	first := run()
	for range 20 {
		run()
	}
	if last := run(); last > first {
		t.Errorf("%d files open after one run, %d after 22", first, last)
	}
}

func BenchmarkOpen(b *testing.B) {
	grants := map[string]bridge.Grant{}
	for _, kind := range Kinds() {
		grants[kind.Name] = bridge.Hardened
	}
	for b.Loop() {
		broker, err := bridge.Open(Kinds(), grants, bridge.Budget{}, bridge.NewVault())
		if err != nil {
			b.Fatal(err)
		}
		if err := broker.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzHardened calls everything with anything: no call may reveal a secret,
// fail on the host, or last.
func FuzzHardened(f *testing.F) {
	for _, attack := range attacks {
		for _, c := range attack.calls {
			f.Add(c.name, fmt.Sprint(c.args[0]))
		}
	}
	broker := open(f, bridge.Hardened, bridge.Budget{})
	f.Fuzz(func(t *testing.T, name, text string) {
		answer := to(name, text).on(broker)
		if answer.Error != nil && (answer.Error.Code == bridge.CodeFailed || strings.Contains(answer.Logged, "panic")) {
			t.Errorf("%s(%q): %s", name, text, answer.Logged)
		}
		for _, secret := range broker.Secrets() {
			if secret.Revealed != 0 {
				t.Fatalf("%s(%q): %+v", name, text, secret)
			}
		}
	})
}

// TestTheHostLogsWhatItDid: an allowed call stands in the host's log in one
// line, the guest's words quoted, and without the value of a secret.
func TestTheHostLogsWhatItDid(t *testing.T) {
	for _, c := range []struct{ capability, method, args, want string }{
		{"db", "query", `["SELECT name\nFROM users"]`, `[Vault] customers.db, opened with DB_PASSWORD: ran query "SELECT name\nFROM users"`},
		{"kv", "set", `["a\nb",1]`, `set "a\nb" in memory`},
		{"kv", "keys", `[]`, "listed the keys in memory"},
		{"files", "list", `[]`, "list"},
		{"http", "get", `["http://api.internal/users"]`, `GET "http://api.internal/users": status 200, `},
	} {
		for _, grant := range []bridge.Grant{bridge.Hardened, bridge.Naive} {
			broker := open(t, grant, bridge.Budget{})
			answer := broker.Call(t.Context(), c.capability, c.method, []byte(c.args))
			if answer.Decision != bridge.Allowed || !strings.HasPrefix(answer.Logged, c.want) || strings.Contains(answer.Logged, "\n") {
				t.Errorf("%s.%s, %v: %s, logged %q, want %q", c.capability, c.method, grant, answer.Decision, answer.Logged, c.want)
			}
		}
	}
}
