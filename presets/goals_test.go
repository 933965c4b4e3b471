package presets_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"sealedroom/engine"
	"sealedroom/presets"
)

// try is what a person might run: the scenario's guest or their own, with
// something changed.
type try struct {
	change presets.Change
	code   string // "" for the guest that change puts in
}

// Each goal, in the order of its file: another way there than the file's own,
// which must reach it, and something close, which must not.
var goalTries = map[string][]struct{ right, wrong try }{
	"the-engine": {
		{try{code: "console.log(1); console.log(2)"}, try{change: "no-jit=on"}},
		{try{change: "no-jit=on&wall=5s", code: "for (let i = 0; i < 20; i++) console.log(i)"}, try{}},
	},
	"the-room": {{try{code: "'visits: ' + (globalThis.visits ?? 'none')"}, try{code: "visits"}}},
	"own-heap": {
		{try{code: tidy(`let a = []; for (let i = 0; i < 2000; i++) { a.push(new Array(20_000).fill(i)); if (a.length > 40) a.shift() }`)}, try{code: "1"}},
		{try{change: "memory=64MB", code: "const all = []; for (;;) all.push(new Array(1000).fill(1))"}, try{change: "memory=8MB", code: "const all = []; for (;;) all.push(new Array(1000).fill(1))"}},
	},
	"a-room-dies": {
		{try{change: "memory=16MB", code: "const m = new Map(); for (let i = 0; ; i++) m.set(i, 'x' + i)"}, try{change: "wall=100ms"}},
		{try{code: "'anything'"}, try{code: "throw 1"}},
	},
	"how-fast": {{try{code: "20 + 30"}, try{code: "20 + x"}}},
	"an-empty-room": {
		{try{code: "[typeof process, typeof require, typeof fetch, typeof setTimeout, typeof Deno].join()"}, try{code: "typeof process"}},
		{try{change: "timers=on&eval=on", code: "await new Promise(done => setTimeout(done, 1))"}, try{}},
	},
	"limits-of-time": {
		{try{change: "wall=100ms", code: "for (let i = 0; ; i++);"}, try{change: "cpu=50ms&wall=20s"}},
		{try{change: "wall=9s", code: "await new Promise(done => setTimeout(done, 700)); 'my own words'"}, try{change: "code=waiting"}},
		{try{change: "cpu=50ms&wall=30s", code: "while (true) {}"}, try{change: "wall=100ms"}},
	},
	"limits-of-memory": {
		{try{change: "memory=32MB"}, try{change: "wall=5ms"}},
		{try{change: "memory=16MB"}, try{}},
	},
	"beyond-the-heap": {
		{try{code: "const b = []; for (;;) b.push(new Uint8Array(1 << 20).fill(1))"}, try{change: "wall=200ms", code: "for (;;);"}},
		{try{change: "wall=700ms", code: "for (let last; ; ) { last = new Uint8Array(1 << 19); last.fill(2) }"}, try{}},
	},
	"the-doors": {
		{try{code: "for (const f of [() => process, () => fs, () => net, () => http, () => eval('1'), () => Function('1'), () => require, () => Deno]) try { f() } catch {}"}, try{code: "typeof process"}},
		{try{change: "eval=on&timers=on", code: "eval('typeof process')"}, try{}},
	},
	"the-teller": {
		{try{code: "db.query('SELECT name FROM users').rows.map(row => row.name)"}, try{code: "db.query('SELECT * FROM credentials')"}},
		{try{change: "grant.db=off", code: "try { db.query('x') } catch (e) { e.message }"}, try{change: "grant.db=off", code: "1"}},
	},
	"rob-the-vault": {
		{try{code: "let e = ''; try { db.query('x') } catch (err) { e = err.message } [e, db.query('SELECT * FROM credentials').rows]"}, try{code: "db.query('SELECT * FROM credentials').rows"}},
		{try{change: "grant.db=hardened", code: "db.query('SELECT api_key FROM credentials')"}, try{change: "grant.db=hardened", code: "db.query('SELECT name FROM users').count"}},
	},
	"out-in-the-world": {
		{try{code: "db.query('SELECT count(*) AS n FROM users JOIN orders ON orders.user_id = users.id WHERE active').rows[0].n"}, try{code: "'Alice ordered 2 items'"}},
		{try{code: "try { db.query('SELECT * FROM credentials') } catch {} try { fetch('https://evil.example') } catch {} 'innocent'"}, try{}},
	},
	"a-256-mb-result":   {{try{change: "result=128KB"}, try{}}},
	"the-thenable":      {{try{code: "const it = { get then() { for (;;); } }; [it]['0']"}, try{}}},
	"constructor-chain": {{try{change: "eval=on", code: "(() => {}).constructor('return typeof process')()"}, try{}}},
	"challenge-seal-the-room": {
		{try{change: "eval=off&wasm=off&shared-memory=off&timers=off&wall=2s"}, try{change: "eval=off&wasm=off&timers=off"}},
		{try{change: "eval=off&wasm=off&shared-memory=off&no-jit=on"}, try{change: "eval=off&wasm=off&shared-memory=off&timers=off"}},
	},
	"a-promise-for-ever":     {{try{code: "new Promise(resolve => resolve('my own word'))"}, try{code: "new Promise((_, reject) => reject(1))"}}},
	"an-unhandled-rejection": {{try{code: "try { await Promise.reject(new RangeError('later')) } catch {} 'fine'"}, try{code: "const p = Promise.reject(1); p.then(() => {}); 'ok'"}}},
	"code-from-text":         {{try{change: "eval=on", code: "eval('1 + 1')"}, try{}}},
	"wasm-is-off":            {{try{change: "wasm=on", code: "new WebAssembly.Memory({ initial: 1 }).buffer.byteLength"}, try{}}},
	"a-leak":                 {{try{code: tidy(`let log = []; for (let i = 0; i < 2000; i++) { log.push(new Array(20_000).fill(i)); if (log.length > 40) log = [] }`)}, try{code: "'handled 1500'"}}},
	"ropes":                  {{try{code: "let s = 'x'; for (let i = 0; i < 27; i++) s += s; [...s].length"}, try{}}},
	"where-memory-goes":      {{try{code: "Float64Array.from({ length: 1_000_000 }).length"}, try{}}},
	"without-compilers":      {{try{change: "no-jit=off", code: "let n = 0; while (n < 1e6) n++; n"}, try{}}},
	"a-timer-for-ever":       {{try{change: "wall=10s", code: "let n = 0; const tick = () => { if (++n < 3) setTimeout(tick, 15) }; tick(); n"}, try{change: "wall=60ms"}}},
	"challenge-under-budget": {{try{code: "const n = 2_000_000; String(n * (n - 1) / 2)"}, try{change: "memory=256MB"}}},
	"evil-regex":             {{try{code: "/^a{1,}$/.test('a'.repeat(40) + '!')"}, try{code: "/^(a+)+!$/.test('a'.repeat(20) + '!')"}}},
	"stack-overflow":         {{try{code: "let n = 0; (function f() { n++; try { f() } catch {} })(); n"}, try{code: "30"}}},
	"a-slow-answer":          {{try{change: "grant.http=hardened&wall=30s", code: "let s; try { s = http.get('http://api.internal/slow').status } catch { s = 'my own words' } s"}, try{change: "grant.http=hardened&wall=30s", code: "http.get('http://api.internal/status').status"}}},
	"a-talkative-error": {
		{try{code: "db.query('DROP')"}, try{code: "db.query('SELECT 1')"}},
		{try{change: "grant.db=hardened", code: "db.query('SELECT x FROM y')"}, try{change: "grant.db=hardened", code: "db.query('SELECT name FROM users').count"}},
	},
	"asking-for-the-map": {{try{change: "grant.db=naive", code: "db.query('SELECT name FROM sqlite_schema').rows"}, try{}}},
	"call-flood":         {{try{change: "calls=1000000&wall=300ms", code: "for (;;) kv.get('x')"}, try{change: "wall=1ms", code: "for (;;);"}}},
	"challenge-the-metadata-token": {
		{try{code: "http.get('http://metadata.internal/').body; http.get('http://api.internal/status').status"}, try{code: "http.get('http://api.internal/status').status"}},
		{try{code: "let m; try { http.get('http://no.such.host/') } catch (e) { m = e.message } m"}, try{code: "http.get('http://169.254.169.254/').body"}},
		{try{change: "grant.http=hardened", code: "http.get('http://api.internal/status').status + db.query('SELECT id FROM users').count"}, try{change: "grant.db=off&grant.http=hardened"}},
	},
	"odd-spellings":           {{try{change: "grant.http=naive", code: "http.get('http://0xa9fea9fe/').status + http.get('http://2852039166/').status"}, try{}}},
	"a-person-at-the-counter": {{try{change: "ask.http=off"}, try{}}},
	"proto-key": {
		{try{code: "kv.set('bob', {}); kv.set('__proto__', { admin: true }); kv.get('bob').admin"}, try{code: "'admin: true'"}},
		{try{change: "grant.kv=hardened", code: "try { kv.set('__proto__', { admin: true }) } catch (e) { 'refused' }"}, try{change: "grant.kv=hardened", code: "kv.set('bob', 1)"}},
	},
	"ssrf-metadata": {
		{try{code: "http.get('http://metadata.internal/').body"}, try{code: "http.get('http://api.internal/users').status"}},
		{try{change: "grant.http=hardened", code: "let s = http.get('http://api.internal/status').status; try { http.get('http://169.254.169.254/') } catch { s += ' and my own words' } s"}, try{change: "grant.http=hardened", code: "http.get('http://api.internal/users').status"}},
	},
	"union-select": {
		{try{code: `db.query("SELECT name FROM users WHERE name = '" + "' UNION SELECT api_key FROM credentials --" + "'").rows`}, try{code: "db.query('SELECT name FROM users').rows"}},
		{try{code: "db.query('SELECT name FROM users WHERE name = ?1', [\"x' OR 1=1 --\"]).count"}, try{}},
	},
}

// tidy lets a guest of its own take long enough for V8 to collect garbage.
func tidy(code string) string { return code + "\n'tidy'" }

func TestGoalsTakeEveryRightAnswer(t *testing.T) {
	host := engine.NewSingle()
	defer host.Close()
	var all sync.WaitGroup
	room := make(chan struct{}, 2)
	for _, s := range presets.BuiltIn() {
		if s.Setup.Native {
			continue // only a person's switch reaches these: TestWallsFall takes the walls away
		}
		tries := goalTries[s.Name]
		if len(tries) != len(s.Goals) {
			t.Errorf("%s has %d goals, and %d are tried", s.Name, len(s.Goals), len(tries))
			continue
		}
		for i, goal := range s.Goals {
			if goal.By == "" {
				t.Errorf("%s: goal %d says no way there", s.Name, i+1)
			}
			for _, c := range []struct {
				try
				right bool
			}{{tries[i].right, true}, {tries[i].wrong, false}} {
				setup, err := s.Apply(c.change, s.Setup)
				if err != nil {
					t.Errorf("%s: goal %d: %v", s.Name, i+1, err)
					continue
				}
				if c.code != "" {
					setup.Code = c.code
				}
				all.Go(func() {
					room <- struct{}{}
					defer func() { <-room }()
					state, err := s.Run(context.Background(), host, setup, nil)
					if err != nil {
						t.Errorf("%s: %v", s.Name, err)
						return
					}
					if differences := goal.Evidence.Differences(presets.RunOf(state)); (len(differences) == 0) != c.right {
						t.Errorf("%s, goal %d: reached is %v, want %v: %s", s.Name, i+1, !c.right, c.right, fmt.Sprint(c.try, differences))
					}
				})
			}
		}
	}
	all.Wait()
}

// What a lesson says is measured: after a string, adding numbers takes longer.
func TestAWrongGuessCosts(t *testing.T) {
	s, err := presets.Find("a-wrong-guess")
	if err != nil {
		t.Fatal(err)
	}
	host := engine.NewSingle()
	defer host.Close()
	for range 5 { // the machine may be busy
		state, err := s.Run(context.Background(), host, s.Setup, nil)
		if err != nil {
			t.Fatal(err)
		}
		var before, after int
		lines := state.Report().Console
		if len(lines) != 3 {
			t.Fatalf("console is %+v", lines)
		}
		_, errBefore := fmt.Sscanf(lines[0].Text, "numbers best: %d", &before)
		_, errAfter := fmt.Sscanf(lines[2].Text, "numbers again best: %d", &after)
		if errBefore != nil || errAfter != nil {
			t.Fatalf("console is %+v", lines)
		}
		if after > before {
			return
		}
	}
	t.Error("numbers were never slower after a string")
}
