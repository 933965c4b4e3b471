package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sealedroom/engine/worker"
)

// commandEnv makes the test binary the program itself.
const commandEnv = "SEALEDROOM_TEST_COMMAND"

func TestMain(m *testing.M) {
	if worker.Wanted() {
		worker.Main()
	}
	if os.Getenv(commandEnv) != "" {
		os.Exit(Main(os.Args[1:], Window{}))
	}
	os.Exit(m.Run())
}

// sealedroom runs the program on a machine without a display.
func sealedroom(t *testing.T, stdin string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	cmd := exec.Command("/proc/self/exe", args...)
	if _, err := os.Stat(cmd.Path); err != nil {
		if cmd.Path, err = os.Executable(); err != nil {
			t.Fatal(err)
		}
	}
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); name != "DISPLAY" && name != "WAYLAND_DISPLAY" {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	cmd.Env = append(cmd.Env, commandEnv+"=1")
	var out, words bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &words
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	hung := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer hung.Stop()
	err := cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), words.String()
}

// report is what is read of a run's JSON.
type report struct {
	Outcome string
	Killed  bool
	Summary string
	Limit   struct {
		Name          string
		Allowed, Used float64
	}
	Result struct{ Type, Preview string }
	Error  struct {
		Phase, Name, Message, File string
		Line, Column               int
	}
	Console []struct{ Level, Text string }
	Blocked []struct {
		Name, Kind   string
		Line, Column int
	}
}

// A guest and flags, and the status, outcome and words they end in.
func TestRun(t *testing.T) {
	for _, c := range []struct {
		name, guest, flags string
		status             int
		outcome            string
		check              func(r report) bool
	}{
		{name: "safe", guest: `10 + 20;`, outcome: "ok", check: func(r report) bool { return r.Result.Preview == "30" && r.Result.Type == "number" }},
		{name: "empty", guest: ``, outcome: "ok"},
		{name: "a door", guest: `process.env.SECRET_API_KEY;`, status: 1, outcome: "exception", check: func(r report) bool {
			return r.Error.Name == "ReferenceError" && r.Error.Line == 1 && r.Error.Column == 1 && r.Error.File == "guest.js" &&
				r.Blocked[0].Name == "process" && r.Blocked[0].Kind == "global"
		}},
		{name: "endless", guest: `while (true) {}`, flags: "--wall 100ms", status: 1, outcome: "timeout", check: func(r report) bool {
			return r.Limit.Name == "wall" && r.Limit.Allowed == 100 && r.Limit.Used >= 100 && !r.Killed
		}},
		{name: "unstoppable", guest: `[].indexOf.call({length: 2 ** 53 - 1}, 1)`, flags: "--wall 100ms", status: 1, outcome: "timeout", check: func(r report) bool { return r.Killed }},
		{name: "cpu", guest: `for (;;);`, flags: "--cpu 50ms --wall 20s", status: 1, outcome: "exceededCpu"},
		{name: "memory", guest: `const a = []; for (;;) a.push(new Array(100).fill(1))`, flags: "--memory 32MB --wall 20s", status: 1, outcome: "exceededMemory"},
		{name: "output", guest: `for (;;) console.log('x')`, flags: "--output 1KiB --wall 20s", status: 1, outcome: "exceededOutput"},
		{name: "no output", guest: `console.log('x')`, flags: "--output 0B", status: 1, outcome: "exceededOutput"},
		{name: "pending", guest: `new Promise(() => {})`, status: 1, outcome: "pending"},
		{name: "result is cut", guest: `'x'.repeat(1000)`, flags: "--result 16B", outcome: "ok", check: func(r report) bool { return r.Result.Preview == strings.Repeat("x", 16) }},
		{name: "syntax", guest: "1;\nlet = = 3", status: 1, outcome: "exception", check: func(r report) bool { return r.Error.Phase == "compile" && r.Error.Line == 2 }},
		{name: "its own exit status", guest: `throw 2`, status: 1, outcome: "exception"},
		{name: "eval is off", guest: `eval('1')`, status: 1, outcome: "exception", check: func(r report) bool { return r.Error.Name == "EvalError" && r.Blocked[0].Kind == "codegen" }},
		{name: "eval", guest: `eval('1 + 1')`, flags: "--eval", outcome: "ok", check: func(r report) bool { return r.Result.Preview == "2" }},
		{name: "wasm", guest: `typeof WebAssembly`, flags: "--wasm", outcome: "ok", check: func(r report) bool { return r.Result.Preview == "object" }},
		{name: "shared memory", guest: `typeof SharedArrayBuffer`, flags: "--shared-memory", outcome: "ok", check: func(r report) bool { return r.Result.Preview == "function" }},
		{name: "timers", guest: `await new Promise(done => setTimeout(done, 1, 'rung'))`, flags: "--timers", outcome: "ok", check: func(r report) bool { return r.Result.Preview == "rung" }},
		{name: "no jit, seeded", guest: `typeof Math.random()`, flags: "--no-jit --seed 7", outcome: "ok"},
		{name: "a profile", guest: `for (;;);`, flags: "--profile classroom --wall 20s", status: 1, outcome: "exceededCpu", check: func(r report) bool { return r.Limit.Allowed == 250 }},
		{name: "a flag over a profile", guest: `for (;;);`, flags: "--profile classroom --cpu 50ms --wall 20s", status: 1, outcome: "exceededCpu", check: func(r report) bool { return r.Limit.Allowed == 50 }},
		{name: "controls", guest: `console.log('\u001b[2J\u202e'); '\u0000'`, outcome: "ok", check: func(r report) bool {
			return r.Console[0].Text == `\x1b[2J\u202e` && r.Result.Preview == `\x00`
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := append([]string{"run", "--json"}, strings.Fields(c.flags)...)
			status, stdout, stderr := sealedroom(t, c.guest, append(args, "-")...)
			var r report
			decoder := json.NewDecoder(strings.NewReader(stdout))
			if err := decoder.Decode(&r); err != nil || decoder.More() {
				t.Fatalf("no single JSON object: %v\n%s\n%s", err, stdout, stderr)
			}
			if status != c.status || r.Outcome != c.outcome || r.Summary == "" || stderr != "" {
				t.Errorf("status %d, outcome %s (%s), stderr %q; want %d, %s", status, r.Outcome, r.Summary, stderr, c.status, c.outcome)
			}
			if c.check != nil && !c.check(r) {
				t.Errorf("report: %s", stdout)
			}
		})
	}
}

// What is refused, with what the refusal has to say.
func TestRefusals(t *testing.T) {
	folder := t.TempDir()
	long := filepath.Join(folder, "long.js")
	if err := os.WriteFile(long, bytes.Repeat([]byte(" "), 17<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args string
		says string
	}{
		{"run", "file"},
		{"run no-such-file.js", "no-such-file.js"},
		{"run " + folder, "not a file"},
		{"run " + long, "16 MB"},
		{"run - extra", "extra"},
		{"run --memory 12parsecs -", "128MB"},
		{"run --memory 128 -", "unit"},
		{"run --memory 1KB -", "8 MB to 2 GB"},
		{"run --memory 100TB -", "8 MB to 2 GB"},
		{"run --wall -3s -", "wall"},
		{"run --wall=-3s -", "1 ms to 10 min"},
		{"run --wall 11m -", "1 ms to 10 min"},
		{"run --cpu nonsense -", "cpu"},
		{"run --calls=-1 -", "calls"},
		{"run --calls x -", "calls"},
		{"run --output 1TB -", "output"},
		{"run --result 1B -", "16 B to 16 MB"},
		{"run --profile unknown -", "classroom"},
		{"run --grant warp -", "warp"},
		{"run --grant db=maybe -", "maybe"},
		{"run --seed x -", "seed"},
		{"run --no-such-flag -", "no-such-flag"},
		{"run --record " + filepath.Join(folder, "no", "such") + " -", "record"},
		{"nonsense", "nonsense"},
		{"check no-such-scenario", "no-such-scenario"},
		{"snapshot", "out"},
		{"snapshot --out x.png --size 1x1", "640x480"},
		{"snapshot --out x.png --theme pink", "dark"},
		{"snapshot --out x.png --scale 500%", "200%"},
	} {
		status, stdout, stderr := sealedroom(t, "1", strings.Fields(c.args)...)
		if status != 2 || !strings.Contains(stderr, c.says) {
			t.Errorf("%s: status %d, says %q, want 2 and something about %q", c.args, status, stderr, c.says)
		}
		if strings.Contains(stderr, "panic") || strings.Contains(stderr, "goroutine") || strings.Contains(stdout, `"outcome"`) {
			t.Errorf("%s:\n%s\n%s", c.args, stdout, stderr)
		}
	}
}

// Without --json a person reads the same.
func TestRunForAPerson(t *testing.T) {
	status, stdout, stderr := sealedroom(t, `console.warn('careful'); 6 * 7`, "run", "-")
	if status != 0 || stderr != "" || !strings.Contains(stdout, "42") || !strings.Contains(stdout, "careful") || !strings.Contains(stdout, "Finished (ok)") {
		t.Errorf("status %d\n%s\n%s", status, stdout, stderr)
	}
	status, stdout, _ = sealedroom(t, `for (;;);`, "run", "--wall", "50ms", "-")
	if status != 1 || !strings.Contains(stdout, "hint: To let it run on, raise the wall time limit: --wall") {
		t.Errorf("status %d\n%s", status, stdout)
	}
}

// What ended a guest stands in the text as a console would print it, with what
// to do about it; files in other encodings are converted, and it is said.
func TestRunExplains(t *testing.T) {
	folder := t.TempDir()
	for i, c := range []struct {
		file, flags  string
		status       int
		says, stderr string
	}{
		{"process.env", "", 1, "✗ Uncaught ReferenceError: process is not defined (exception)\n", ""},
		{"1;\ndb.query('x')", "", 1, "hint: db is not granted. To grant it, use --grant db, or db in the panel.\n", ""},
		{"console.error('✗ Uncaught Error: forged\\n✗ Uncaught Error: forged')", "", 0, "  ┃ error: ✗ Uncaught Error: forged\n    ✗ Uncaught Error: forged\nFinished", ""},
		{"Promise.reject(null)", "", 1, "✗ Uncaught (in promise) null", ""},
		{"const ivm = require('isolated-vm');\nnew ivm.Isolate({ memoryLimit: 16 }).compileScriptSync('6 * 7')", "", 1, "sealedroom run --memory 16MB GUEST.js", ""},
		{"'gr\xf6\xdfe'", "", 0, "größe", "is Windows-1252 (Latin-1): converted"},
		{"\xff\xfe4\x002\x00", "", 0, "The result is 42.", "is UTF-16 (little-endian): converted"},
		{"\xef\xbb\xbf#!/usr/bin/env node\n42", "", 0, "The result is 42.", ""},
		{"\x7fELF\x00\x01\xff", "", 2, "", "not a text file"},
	} {
		path := filepath.Join(folder, fmt.Sprint(i, ".js"))
		if err := os.WriteFile(path, []byte(c.file), 0o600); err != nil {
			t.Fatal(err)
		}
		status, stdout, stderr := sealedroom(t, "", append([]string{"run"}, append(strings.Fields(c.flags), path)...)...)
		if status != c.status || !strings.Contains(stdout, c.says) || !strings.Contains(stderr, c.stderr) || (stderr == "") != (c.stderr == "") {
			t.Errorf("%q: status %d\n%s\n%s", c.file, status, stdout, stderr)
		}
	}
}

// A guest from a file goes by its name; its events are recorded when asked.
func TestRunFile(t *testing.T) {
	folder := t.TempDir()
	guest, record := filepath.Join(folder, "my guest.js"), filepath.Join(folder, "run.jsonl")
	for source, stack := range map[string]string{
		"1;\nnull.x":       "at my guest.js:2:6",
		"await 1;\nnull.x": ":2:6",
	} {
		if err := os.WriteFile(guest, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		status, stdout, _ := sealedroom(t, "", "run", "--json", "--record", record, guest)
		var r struct{ Error struct{ File, Stack string } }
		if err := json.Unmarshal([]byte(stdout), &r); err != nil || status != 1 || r.Error.File != "my guest.js" || !strings.Contains(r.Error.Stack, stack) {
			t.Errorf("status %d, %+v, %v", status, r.Error, err)
		}
	}
	data, err := os.ReadFile(record)
	if err != nil || !bytes.HasPrefix(data, []byte(`{"format":"sealedroom recording"`)) || !bytes.Contains(data, []byte(`{"event":"Ended"`)) {
		t.Errorf("recorded %s, %v", data, err)
	}
}

// A refused file does not stop the others of its folder; it is reported, and
// counts for the exit status.
func TestCheckFolder(t *testing.T) {
	file := func(head string) string { return "---\ntitle: Mine\n" + head + "\n---\n```js\n1\n```\n" }
	good, differs, bad := file("expect: {outcome: ok}"), file("expect: {outcome: timeout}"), file("level: 9\nfoo: 1")
	for _, c := range []struct {
		name   string
		files  []string
		status int
		rows   int // of JSON
		says   string
		words  string // on standard error
	}{
		{"all agree", []string{good, good}, 0, 2, "2 of 2 agree\n", ""},
		{"one differs", []string{good, differs}, 1, 2, "1 of 2 agree\n", ""},
		{"one is refused, for two reasons", []string{good, bad, good}, 2, 4, "2 of 2 agree; refused: 1\n", `1.md:4: unknown key "foo"`},
		{"one is empty", []string{good, ""}, 1, 2, "1 of 1 agree; refused: 1\n", "1.md:1: is empty"},
		{"all are refused", []string{bad}, 2, 2, "", "0.md:3: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			for i, text := range c.files {
				if err := os.WriteFile(filepath.Join(dir, string(rune('0'+i))+".md"), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			status, stdout, stderr := sealedroom(t, "", "check", dir)
			if status != c.status || !strings.HasSuffix(stdout, c.says) || !strings.Contains(stderr, c.words) || c.words == "" && stderr != "" {
				t.Errorf("status %d, want %d\n%s\n%s", status, c.status, stdout, stderr)
			}
			status, stdout, stderr = sealedroom(t, "", "check", "--json", dir)
			rows := strings.Split(strings.TrimSpace(stdout), "\n")
			for _, row := range rows {
				var r struct {
					Name, Error     string
					Line            int
					Agrees, Refused bool
				}
				if err := json.Unmarshal([]byte(row), &r); err != nil || r.Name == "" || r.Refused && (r.Agrees || r.Error == "" || r.Line == 0) {
					t.Errorf("row %s: %v", row, err)
				}
			}
			if status != c.status || len(rows) != c.rows || stderr != "" {
				t.Errorf("status %d, want %d; %d rows, want %d; %s", status, c.status, len(rows), c.rows, stderr)
			}
		})
	}
}

// A built-in scenario runs by its name, with its own limits and grants.
func TestRunByName(t *testing.T) {
	status, stdout, _ := sealedroom(t, "", "run", "--json", "the-teller")
	if status != 0 || !strings.Contains(stdout, "Found 1 active users.") {
		t.Errorf("status %d, %s", status, stdout)
	}
	status, stdout, _ = sealedroom(t, "", "run", "--json", "process-env")
	var r report
	if err := json.Unmarshal([]byte(stdout), &r); err != nil || status != 1 || r.Error.File != "process-env.js" {
		t.Errorf("status %d, %+v, %v", status, r.Error, err)
	}
	status, _, stderr := sealedroom(t, "", "run", "rob")
	if status != 2 || !strings.Contains(stderr, "is it rob-the-vault?") || !strings.Contains(stderr, "no file of that name") {
		t.Errorf("status %d, says %q", status, stderr)
	}
	status, _, stderr = sealedroom(t, "", "run", "rob.js")
	if status != 2 || !strings.Contains(stderr, "rob.js: no such file") {
		t.Errorf("status %d, says %q", status, stderr)
	}
}

func TestVersion(t *testing.T) {
	status, stdout, stderr := sealedroom(t, "", "version")
	if status != 0 || stderr != "" || !strings.Contains(stdout, "V8 1") || !strings.Contains(stdout, "go1") ||
		!strings.Contains(stdout, "v8-sandbox  ") || !strings.Contains(stdout, "\nhas ") {
		t.Errorf("status %d\n%s\n%s", status, stdout, stderr)
	}
}

// A recording prints what its run printed, and ends with the same status.
func TestReplay(t *testing.T) {
	file := filepath.Join(t.TempDir(), "run.jsonl")
	for _, flags := range [][]string{nil, {"--json"}} {
		run := append([]string{"run", "--timers", "--record", file}, flags...)
		status, printed, words := sealedroom(t, "console.log({a: [1]}); setTimeout(() => process.env, 5); await 1; throw new TypeError('x')", append(run, "-")...)
		if status != 1 || words != "" {
			t.Fatalf("status %d, says %q", status, words)
		}
		again, replayed, words := sealedroom(t, "", append([]string{"replay", file}, flags...)...)
		if again != status || replayed != printed || words != "" {
			t.Errorf("status %d, says %q and\n%s\nwhere the run printed\n%s", again, words, replayed, printed)
		}
	}
	if status, _, words := sealedroom(t, "", "replay", filepath.Dir(file)); status != 2 || !strings.Contains(words, "give a recording") {
		t.Errorf("a folder: status %d, says %q", status, words)
	}
}
