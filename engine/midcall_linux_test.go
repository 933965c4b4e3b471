package engine_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

// left is what a run may leave behind in this process.
type left struct{ files, goroutines int }

func leftNow(t *testing.T) left {
	t.Helper()
	open, err := os.ReadDir("/proc/self/fd")
	must(t, err)
	return left{len(open), runtime.NumGoroutine()}
}

// steady counts once nothing changes any more.
func steady(t *testing.T) left {
	now := leftNow(t)
	for same := 0; same < 20; same++ {
		time.Sleep(10 * time.Millisecond)
		if next := leftNow(t); next != now {
			now, same = next, 0
		}
	}
	return now
}

// settled counts once no more than most is left, or after some seconds.
func settled(t *testing.T, most left) (now left) {
	for range 500 {
		if now = leftNow(t); now.files <= most.files && now.goroutines <= most.goroutines {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return now
}

// TestARunThatEndsInACallLeavesNothing ends runs in every way, while the host
// is in the middle of a call or a person is: no transaction, file, socket,
// goroutine or temporary folder stays.
func TestARunThatEndsInACallLeavesNothing(t *testing.T) {
	long := map[string]string{
		"db, a query for ever": `db.query('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n')`,
		"db, a transaction":    `db.query('BEGIN; UPDATE users SET active = 1; DELETE FROM orders'); db.query('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n')`,
		"http":                 `http.get('http://api.internal/slow')`,
		"files, one by one":    `for (let i = 0; ; i = (i + 1) % 50) files.write('f' + i, 'x'.repeat(60_000))`,
		"kv, one by one":       `for (let i = 0; ; i++) kv.set('k' + i % 100, 'x'.repeat(1000))`,
		"a person":             `try { kv.get('asked') } catch {} for (;;);`,
	}
	// Everything that is opened once is open now.
	warm := visit(t, `db.query('SELECT 1'); files.list(); kv.keys(); http.get('http://api.internal/status').status`, bridge.Naive, engine.Limits{})
	if warm.text() != "200" {
		t.Fatal(warm.text())
	}
	for host.Warm(engine.Limits{}); !host.Ready(); time.Sleep(time.Millisecond) {
	} // its spare opens nothing more then
	for name, source := range long {
		for how, end := range map[string]func(pid int, cancel func()){
			"canceled":             func(_ int, cancel func()) { cancel() },
			"out of time":          nil,
			"with its worker dead": func(pid int, _ func()) { _ = syscall.Kill(pid, syscall.SIGKILL) },
		} {
			t.Run(name+", "+how, func(t *testing.T) {
				t.Setenv("TMPDIR", t.TempDir())
				host := engine.NewSingle()
				defer host.Close()
				before := steady(t)
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				wall := "1m"
				if end == nil {
					wall = "400ms"
				}
				guest := engine.Guest{Source: source, Grants: map[string]bridge.Grant{}}
				for _, kind := range engine.Capabilities() {
					guest.Grants[kind.Name] = bridge.Naive
				}
				if name == "a person" {
					guest.AskFirst, guest.Ask = map[string]bool{"kv": true}, forever
					if end == nil {
						t.Skip("a run that waits for a person has no end of time")
					}
				}
				ended, err := host.Run(ctx, guest, limits(t, "64MB", wall, engine.Switches{}), func(e engine.Event) {
					if started, ok := e.(engine.Started); ok && end != nil {
						time.AfterFunc(300*time.Millisecond, func() { end(started.PID, cancel) })
					}
				})
				must(t, err)
				if ended.Outcome == engine.OK || ended.Outcome == engine.Exception {
					t.Errorf("ended as %s: %+v", ended.Outcome, ended.Error)
				}
				// Run has returned: everything is given back, but for a statement that
				// may take a moment to take of its end.
				if after := settled(t, before); after.files > before.files || after.goroutines > before.goroutines {
					buffer := make([]byte, 64<<10)
					t.Errorf("left behind: %+v, before %+v\n%s", after, before, buffer[:runtime.Stack(buffer, true)])
				}
				for range 500 {
					if folders, _ := filepath.Glob(filepath.Join(os.TempDir(), "*")); len(folders) == 0 {
						return
					}
					time.Sleep(10 * time.Millisecond)
				}
				folders, _ := filepath.Glob(filepath.Join(os.TempDir(), "*"))
				t.Errorf("left behind: %v", folders)
			})
		}
	}
}
