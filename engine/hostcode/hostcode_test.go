package hostcode

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func codes(l Lifted) []string {
	var out []string
	for _, g := range l.Guests {
		out = append(out, g.Name+": "+g.Code)
	}
	return out
}

var (
	limitsGuests = []string{"safeCode: 10 + 20;", "maliciousCode: while(true) {}", "securityRiskCode: process.env.SECRET_API_KEY;"}
	bridgeGuests = []string{": // This code can call db.query, but it NEVER sees your password\n" +
		"const data = db.query(\"SELECT * FROM users WHERE active = true\");\n'Found ' + data.count + ' active users.';"}
)

// The article's two examples, as printed and with small edits.
func TestLift(t *testing.T) {
	limits, bridge := read(t, "limits.txt"), read(t, "bridge.txt")
	edit := strings.NewReplacer
	for _, c := range []struct {
		name, source string
		guests       []string
		memory       int64
		wall         time.Duration
		grants       []string
		unknown      []string
	}{
		{"limits", limits, limitsGuests, 128 << 20, time.Second, nil, nil},
		{"bridge", bridge, bridgeGuests, 128 << 20, time.Second, []string{"db"}, nil},
		{"both", limits + "\n" + bridge, append(append([]string{}, limitsGuests...), bridgeGuests...), 128 << 20, time.Second, []string{"db"}, nil},
		{"other limits", edit("128", "32 * 2", "1000", "2_500").Replace(limits), limitsGuests, 64 << 20, 2500 * time.Millisecond, nil, nil},
		{"limits in variables", edit("memoryLimit: 128", "memoryLimit: MB", "const ivm", "const MB = 16;\nconst ivm").Replace(limits), limitsGuests, 16 << 20, time.Second, nil, nil},
		{"no limits", edit("memoryLimit: 128", "", "timeout: 1000", "").Replace(limits), limitsGuests, 0, 0, nil, nil},
		{"imported", edit("const ivm = require('isolated-vm')", `import ivm from "isolated-vm"`).Replace(bridge), bridgeGuests, 128 << 20, time.Second, []string{"db"}, nil},
		{"on Windows", strings.ReplaceAll(bridge, "\n", "\r\n"), bridgeGuests, 128 << 20, time.Second, []string{"db"}, nil},
		{"curly quotes", edit("require('isolated-vm')", "require(‘isolated-vm’)", "`10 + 20;`", "“10 + 20;”").Replace(limits), limitsGuests, 128 << 20, time.Second, nil, nil},
		{"an arrow function", edit("async function runUntrustedScript(code) {", "const runUntrustedScript = async (code) => {").Replace(limits), limitsGuests, 128 << 20, time.Second, nil, nil},
		{"synchronous", edit("await isolate.compileScript", "isolate.compileScriptSync").Replace(limits), limitsGuests, 128 << 20, time.Second, nil, nil},
		{"another parameter", edit("runUntrustedScript(code)", "runUntrustedScript(label, code)", "runUntrustedScript(safeCode)", "runUntrustedScript('a, (b', safeCode)",
			"runUntrustedScript(maliciousCode)", "runUntrustedScript([1, 2], maliciousCode)", "runUntrustedScript(securityRiskCode)", "runUntrustedScript(f(1, 2), securityRiskCode)").Replace(limits),
			limitsGuests, 128 << 20, time.Second, nil, nil},
		{"renamed", edit("runUntrustedScript", "go", "isolate", "room", "context", "world").Replace(strings.ReplaceAll(limits, "isolated-vm", "isolated\x00vm")), nil, 0, 0, nil, nil},
		{"another bridge", edit("globalThis.db", "globalThis.bank", "db.query", "bank.ask").Replace(bridge),
			[]string{strings.ReplaceAll(bridgeGuests[0], "db.query", "bank.ask")}, 128 << 20, time.Second, nil, []string{"bank"}},
		{"broken off", bridge[:strings.Index(bridge, "const result")], bridgeGuests, 128 << 20, 0, []string{"db"}, nil},
		{"eval of a context", "const ivm = require('isolated-vm');\nnew ivm.Isolate().createContextSync().evalSync('1 + 1', { timeout: 5 })", []string{": 1 + 1"}, 0, 5 * time.Millisecond, nil, nil},
		{"no guest", "const ivm = require('isolated-vm');\nconsole.log(ivm)", nil, 0, 0, nil, nil},
		{"a guest that names it", "const s = 'isolated-vm'; s", nil, 0, 0, nil, nil},
		{"nothing", "", nil, 0, 0, nil, nil},
	} {
		got, ok := Lift(c.source)
		if ok != (c.guests != nil) {
			t.Errorf("%s: lifted %v", c.name, ok)
		}
		if !ok {
			continue
		}
		if !reflect.DeepEqual(codes(got), c.guests) {
			t.Errorf("%s: guests %q", c.name, codes(got))
		}
		if got.Memory != c.memory || got.Wall != c.wall || !reflect.DeepEqual(got.Grants, c.grants) || !reflect.DeepEqual(got.Unknown, c.unknown) {
			t.Errorf("%s: memory %d, wall %v, grants %q, unknown %q", c.name, got.Memory, got.Wall, got.Grants, got.Unknown)
		}
	}
}

// Host code comes from anywhere: no text hangs or breaks its reader.
func FuzzLift(f *testing.F) {
	f.Add("const ivm = require('isolated-vm'); f = (a) => x.eval(a); f(`${`")
	f.Add("require('isolated-vm') x.eval(/[/")
	f.Fuzz(func(t *testing.T, source string) { Lift("require('isolated-vm');" + source) })
}

func TestLiftIsQuick(t *testing.T) {
	for _, part := range []string{"a.eval(x);", "f=(x", "x.eval(y,", "`${", "globalThis.a=", "a='b';"} {
		began := time.Now()
		Lift("require('isolated-vm');" + strings.Repeat(part, (maxSource-100)/len(part)))
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%q took %v", part, took)
		}
	}
}
