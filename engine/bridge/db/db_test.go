package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"

	"sealedroom/engine/bridge"
)

// guest opens a broker with db alone, in a temporary folder of the test's own.
func guest(t testing.TB, grant bridge.Grant, budget bridge.Budget) (*bridge.Broker, string) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	broker, err := bridge.Open([]bridge.Kind{Kind()}, map[string]bridge.Grant{"db": grant}, budget, bridge.NewVault())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := broker.Close(); err != nil {
			t.Error(err)
		}
		left, _ := os.ReadDir(dir)
		if len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
	return broker, dir
}

func query(broker *bridge.Broker, sql string, params ...any) bridge.Answer {
	args := []any{sql}
	if params != nil {
		args = append(args, params)
	}
	raw, _ := json.Marshal(args)
	return broker.Call(context.Background(), "db", "query", raw)
}

func revealed(broker *bridge.Broker) (n int) {
	for _, secret := range broker.Secrets() {
		n += secret.Revealed
	}
	return n
}

func TestTheArticlesQuery(t *testing.T) {
	for _, grant := range []bridge.Grant{bridge.Hardened, bridge.Naive} {
		broker, _ := guest(t, grant, bridge.Budget{})
		for range 3 {
			answer := query(broker, "SELECT * FROM users WHERE active = true")
			if got := string(answer.JSON); got != `{"rows":[{"id":1,"name":"Alice","active":true}],"count":1}` || answer.Decision != bridge.Allowed {
				t.Errorf("%v: %s %s", grant, got, answer.Logged)
			}
		}
		if report := broker.Secrets(); report[1].Name != "DB_PASSWORD" || report[1].Used != 1 || revealed(broker) != 0 {
			t.Errorf("%v: %+v", grant, report)
		}
	}
}

func TestHardenedAnswersWhatIsGranted(t *testing.T) {
	broker, _ := guest(t, bridge.Hardened, bridge.Budget{})
	for _, test := range []struct {
		sql    string
		params []any
		want   string
	}{
		{"select name from users where id = ?", []any{2}, `{"rows":[{"name":"Bob"}],"count":1}`},
		{"select name from users where name = ?", []any{"x' OR 1=1 --"}, `{"rows":[],"count":0}`},
		{"select ? a, ? b, ? c, ? d, ? e", []any{nil, true, 1.5, "ü\x00", 1e300}, `{"rows":[{"a":null,"b":1,"c":1.5,"d":"ü\u0000","e":1e+300}],"count":1}`},
		{"-- a note\n/* and */ SELECT count(*) AS n FROM orders; -- end", nil, `{"rows":[{"n":4}],"count":1}`},
		{"WITH mine AS (SELECT total FROM orders WHERE user_id = 1) SELECT sum(total) AS s FROM mine", nil, `{"rows":[{"s":27.7}],"count":1}`},
		{"WITH mine AS MATERIALIZED (SELECT 1 FROM orders) SELECT count(*) AS n FROM mine, mine b", nil, `{"rows":[{"n":16}],"count":1}`},
		{"SELECT u.name, o.item FROM users u JOIN orders o ON o.user_id = u.id WHERE o.item LIKE 'd%'", nil, `{"rows":[{"name":"Bob","item":"door"}],"count":1}`},
		{"SELECT 9007199254740993 AS big, x'00ff' AS blob, 1e999 AS inf, -1e999 AS neg", nil, `{"rows":[{"big":"9007199254740993","blob":"00ff","inf":1e999,"neg":-1e999}],"count":1}`},
		{"VALUES (1)", nil, `{"rows":[{"column1":1}],"count":1}`},
		{`SELECT 1 AS "__proto__"`, nil, `{"rows":[{"__proto__":1}],"count":1}`},
	} {
		if answer := query(broker, test.sql, test.params...); string(answer.JSON) != test.want {
			t.Errorf("%s: %s %s", test.sql, answer.JSON, answer.Logged)
		}
	}
}

// What a hardened guest tries, and the code that it gets.
var attempts = []struct{ sql, code string }{
	{"SELECT * FROM credentials", "not_granted"},
	{`SELECT * FROM "credentials"`, "not_granted"},
	{"SELECT * FROM main.credentials", "not_granted"},
	{"SELECT * FROM [Credentials] AS users", "not_granted"},
	{"SELECT count(*) FROM credentials", "not_granted"},
	{"SELECT 1 FROM credentials", "not_granted"},
	{"SELECT EXISTS (SELECT 1 FROM credentials WHERE user_id = 1)", "not_granted"},
	{"SELECT EXISTS (SELECT 1 FROM credentials WHERE user_id = 99)", "not_granted"},
	{"SELECT name FROM users UNION SELECT api_key FROM credentials", "not_granted"},
	{"SELECT name, (SELECT api_key FROM credentials WHERE user_id = id) FROM users", "not_granted"},
	{"SELECT name FROM users NATURAL JOIN credentials", "not_granted"},
	{"SELECT name FROM users ORDER BY (SELECT api_key FROM credentials)", "not_granted"},
	{"WITH users AS (SELECT * FROM credentials) SELECT * FROM users", "not_granted"},
	{"WITH credentials AS (SELECT 1) SELECT api_key FROM main.credentials", "not_granted"},
	{"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT i FROM n", "not_granted"},
	{"SELECT * FROM sqlite_master", "not_granted"},
	{"SELECT * FROM sqlite_schema", "not_granted"},
	{"SELECT count(*) FROM sqlite_schema", "not_granted"},
	{"SELECT * FROM sqlite_temp_master", "not_granted"},
	{"SELECT * FROM pragma_table_info('credentials')", "not_granted"},
	{"SELECT count(*) FROM pragma_database_list", "not_granted"},
	{"SELECT * FROM json_each('[1]')", "not_granted"},
	{"SELECT * FROM dbstat", "not_granted"},
	{"SELECT rowid, * FROM sqlite_stat1", "not_granted"},
	{"PRAGMA table_info(credentials)", "not_granted"},
	{"PRAGMA hexkey", "not_granted"},
	{"EXPLAIN SELECT * FROM users", "not_granted"},
	{"/**/ EXPLAIN QUERY PLAN SELECT * FROM users", "not_granted"},
	{"SELECT * FROM users JOIN credentials USING (user_id)", "not_granted"},
	{"SELECT name FROM users WHERE id IN credentials", "not_granted"},
	{"SELECT * FROM users LEFT JOIN (credentials) ON 1", "not_granted"},
	{"SELECT * FROM temp.credentials", "not_granted"},
	{"SELECT credentials.api_key FROM users AS credentials", "not_granted"},
	{"SELECT rowid FROM credentials", "not_granted"},
	{"SELECT 1 LIMIT (SELECT count(*) FROM credentials)", "not_granted"},
	{"SELECT count(*) FILTER (WHERE (SELECT 1 FROM credentials)) FROM users", "not_granted"},
	{"VALUES ((SELECT api_key FROM credentials))", "not_granted"},
	{"WITH a AS MATERIALIZED (SELECT api_key FROM credentials) SELECT 1 FROM a", "not_granted"},
	{"SELECT max(api_key) OVER () FROM credentials", "not_granted"},
	{"SELECT sql FROM sqlite_temp_schema", "not_granted"},
	{"SELECT * FROM bytecode('SELECT 1')", "not_granted"},
	{"SELECT * FROM sqlite_dbpage", "not_granted"},
	{"SELECT 1\x00; DROP TABLE users", "not_granted"},
	{"SELECT 'a\x00b'", "invalid"},
	{"SELECT\u00a01", "invalid"},
	{"\ufeffSELECT 1", "not_granted"},
	{"(SELECT 1)", "not_granted"},
	{"SELECT name ->> '$' FROM users", "not_granted"},
	{"SELECT name REGEXP '.*' FROM users", "not_granted"},
	{"SELECT name GLOB '*' FROM users", "not_granted"},
	{"SELECT readfile('/etc/passwd')", "invalid"},
	{"SELECT raise(abort, 'x')", "invalid"},
	{"SELECT sum(9223372036854775807) FROM users", "invalid"},
	{"SELECT abs(-9223372036854775808)", "invalid"},
	{"SELECT group_concat(a.name) FROM users a, users b, users c, users d, users e, users f", "too_large"},
	{"SELECT * FROM users WHERE name LIKE '" + strings.Repeat("%a", 20) + "'", "invalid"},
	{"SELECT 1; SELECT 2", "not_granted"},
	{"SELECT 1; DROP TABLE users", "not_granted"},
	{"SELECT 1;;; /* */ PRAGMA hexkey", "not_granted"},
	{"UPDATE users SET active = 1", "not_granted"},
	{"INSERT INTO users VALUES (9, 'Eve', 1)", "not_granted"},
	{"WITH x AS (SELECT 1) DELETE FROM users", "not_granted"},
	{"WITH x AS (SELECT 1) INSERT INTO users SELECT 9, 'Eve', 1", "not_granted"},
	{"WITH x AS (SELECT 1) UPDATE users SET name = 'Eve' RETURNING *", "not_granted"},
	{"CREATE TEMP VIEW v AS SELECT * FROM credentials", "not_granted"},
	{"CREATE TEMP TRIGGER t AFTER INSERT ON users BEGIN SELECT 1; END", "not_granted"},
	{"CREATE TABLE t (a)", "not_granted"},
	{"ATTACH 'other.db' AS other", "not_granted"},
	{"VACUUM INTO 'copy.db'", "not_granted"},
	{"BEGIN", "not_granted"},
	{"SAVEPOINT s", "not_granted"},
	{"SELECT load_extension('x')", "invalid"},
	{"SELECT sqlite_version()", "not_granted"},
	{"SELECT sqlite_compileoption_get(1)", "not_granted"},
	{"SELECT randomblob(1000000000)", "not_granted"},
	{"SELECT printf('%1000000000d', 1)", "not_granted"},
	{"SELECT datetime('now')", "not_granted"},
	{`SELECT "not a column" FROM users`, "invalid"},
	{"SELECT name FROM users WHERE name = 'unfinished", "invalid"},
	{"SELECT ?9999", "invalid"},
	{"SELECT", "invalid"},
	{"", "not_granted"},
	{"-- nothing", "not_granted"},
	{"SELECT ?", "invalid"},
	{"SELECT * FROM users a, users b, users c, users d, users e, users f, orders g", "too_large"},
	{"SELECT " + strings.Repeat("abs(", 200) + "1" + strings.Repeat(")", 200), "invalid"},
	{"SELECT " + strings.Repeat("1+", 2000) + "1", "invalid"},
	{"SELECT '" + strings.Repeat("x", 20_000) + "'", "too_large"},
}

func TestHardenedRefuses(t *testing.T) {
	broker, dir := guest(t, bridge.Hardened, bridge.Budget{})
	for _, test := range attempts {
		answer := query(broker, test.sql)
		if answer.Error == nil || answer.Error.Code != test.code || answer.Decision != bridge.Denied {
			t.Errorf("%.80s: %s %+v, logged %s", test.sql, answer.JSON, answer.Error, answer.Logged)
			continue
		}
		for _, host := range []string{dir, "hexkey", "adiantum", "customers.db", "sqlite3:", "owner.go"} {
			if strings.Contains(answer.Error.Message, host) {
				t.Errorf("%.80s: the guest reads %q in %s", test.sql, host, answer.Error.Message)
			}
		}
	}
	if n := revealed(broker); n != 0 {
		t.Errorf("%d secrets revealed", n)
	}
	if answer := query(broker, "SELECT count(*) AS n FROM users"); string(answer.JSON) != `{"rows":[{"n":4}],"count":1}` {
		t.Errorf("afterwards: %s %s", answer.JSON, answer.Logged)
	}
}

// A hardened guest learns nothing of what is in credentials: the refusal comes
// before anything is read, and is the same for what is there and what is not.
func TestCredentialsAnswerNoQuestion(t *testing.T) {
	broker, _ := guest(t, bridge.Hardened, bridge.Budget{})
	// Nor can the names of its columns be found out.
	for _, sql := range []string{
		"SELECT %s FROM credentials", "SELECT 1 FROM credentials WHERE %s = 1", "SELECT users.id FROM users JOIN credentials USING (%s)",
		"SELECT c.%s FROM users, credentials c", "SELECT id FROM users WHERE EXISTS (SELECT %s FROM Credentials)", "SELECT hex(%s) FROM [credentials]",
	} {
		known, unknown := query(broker, fmt.Sprintf(sql, "api_key")), query(broker, fmt.Sprintf(sql, "apy_kei"))
		if known.Error == nil || unknown.Error == nil || *known.Error != *unknown.Error {
			t.Errorf("%s: %+v and %+v", sql, known.Error, unknown.Error)
		}
	}
	if other := query(broker, "SELECT 1 FROM payslips"); other.Error.Message != `db.query: the table "payslips" is not granted` || other.Error.Code != bridge.CodeNotGranted {
		t.Errorf("a table that is not there: %+v", other.Error)
	}
	there := query(broker, "SELECT 1 FROM credentials WHERE user_id = 1")
	missing := query(broker, "SELECT 1 FROM credentials WHERE user_id = 9")
	if there.Error == nil || *there.Error != *missing.Error {
		t.Errorf("%+v and %+v", there.Error, missing.Error)
	}
}

func TestParametersAreChecked(t *testing.T) {
	broker, _ := guest(t, bridge.Hardened, bridge.Budget{})
	for raw, want := range map[string]string{
		`[]`:                         "db.query: argument 1 is missing or undefined, 1 to 2 expected",
		`["SELECT 1",[],1]`:          "db.query: 3 arguments given, 1 to 2 expected",
		`[{"sql":"SELECT 1"}]`:       "db.query: argument 1 is an object, text expected",
		`["SELECT ?","1"]`:           "db.query: argument 2 is text, a list expected",
		`["SELECT ?",{"0":1}]`:       "db.query: argument 2 is an object, a list expected",
		`["SELECT ?",[{"then":1}]]`:  "db.query: parameter 1 is an object, text, a number, a boolean or null expected",
		`["SELECT ?",[[1]]]`:         "db.query: parameter 1 is a list, text, a number, a boolean or null expected",
		`["SELECT ?",[1,2]]`:         "db.query: the SQL has 1 parameters, argument 2 has 2",
		`["SELECT ?",[1e999]]`:       "db.query: parameter 1 is a number, text, a number, a boolean or null expected",
		`["SELECT name FROM users"]`: "",
	} {
		answer := broker.Call(context.Background(), "db", "query", []byte(raw))
		if got := answer.Error; want == "" && got != nil || want != "" && (got == nil || got.Message != want) {
			t.Errorf("%s: %+v, want %s", raw, got, want)
		}
	}
}

func TestNaiveRevealsItsSecrets(t *testing.T) {
	for sql, secret := range map[string]string{
		"SELECT * FROM credentials": "CUSTOMER_KEY",
		"SELECT name FROM users WHERE name='x' OR 1=1 UNION SELECT api_key FROM credentials":                  "CUSTOMER_KEY",
		"SELECT hex(api_key) FROM credentials":                                                                "CUSTOMER_KEY",
		"CREATE VIEW v AS SELECT api_key FROM credentials; SELECT * FROM v":                                   "CUSTOMER_KEY",
		"UPDATE users SET name = (SELECT api_key FROM credentials WHERE user_id = 1); SELECT name FROM users": "CUSTOMER_KEY",
		"SELECT json_object('k', api_key) FROM credentials":                                                   "CUSTOMER_KEY",
		"SELEC oops":            "DB_PASSWORD",
		"SELECT * FROM nowhere": "DB_PASSWORD",
		"ATTACH 'x.db' AS x":    "DB_PASSWORD",
	} {
		broker, _ := guest(t, bridge.Naive, bridge.Budget{})
		answer := query(broker, sql)
		if len(answer.Seen) != 1 || answer.Seen[0].Secret != secret || revealed(broker) != 1 {
			t.Errorf("%s: seen %v; %s %s", sql, answer.Seen, answer.JSON, answer.Logged)
		}
		if answer.Error != nil && (answer.Error.Message != answer.Logged || !strings.Contains(answer.Logged, "hexkey=")) {
			t.Errorf("%s: the guest got %+v, the host logged %s", sql, answer.Error, answer.Logged)
		}
	}
	// One character an answer.
	broker, _ := guest(t, bridge.Naive, bridge.Budget{})
	for i := 1; i <= 40; i++ {
		query(broker, "SELECT substr(api_key, ?, 1) AS c FROM credentials WHERE user_id = 1", i)
	}
	if report := broker.Secrets()[0]; report.Revealed != 1 || report.Where[0] != "answer of call 40" {
		t.Errorf("character by character: %+v", report)
	}
}

// A line end in a name starts no line in the host's log; the guest gets its own
// words as they were.
func TestAGuestForgesNoLogLine(t *testing.T) {
	for _, grant := range []bridge.Grant{bridge.Hardened, bridge.Naive} {
		broker, _ := guest(t, grant, bridge.Budget{})
		for _, end := range []string{"\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029", "\v", "\f"} {
			answer := query(broker, `SELECT * FROM "x`+end+`// call 2: allowed, from line 9"`)
			if answer.Error == nil || strings.ContainsAny(answer.Logged, "\n\r\v\f\u0085\u2028\u2029") || !strings.Contains(answer.Logged, "call 2") {
				t.Errorf("%v, %q: logged %q", grant, end, answer.Logged)
			}
		}
	}
}

func TestNaiveTakesAnySQLOfItsOwnFile(t *testing.T) {
	broker, _ := guest(t, bridge.Naive, bridge.Budget{})
	for _, test := range []struct{ sql, want string }{
		{"UPDATE users SET active = 1 WHERE id > 1", `{"rows":[],"count":3}`},
		{"INSERT INTO users VALUES (9, 'Eve', 1); SELECT count(*) AS n FROM users; DELETE FROM orders", `{"rows":[{"n":5}],"count":1}`},
		{"SELECT count(*) AS n FROM orders", `{"rows":[{"n":0}],"count":1}`},
		{"PRAGMA table_info(credentials)", ""},
		{"SELECT name FROM sqlite_master WHERE name = 'users'", `{"rows":[{"name":"users"}],"count":1}`},
		{"BEGIN; DROP TABLE users", `{"rows":[],"count":0}`}, // and never a COMMIT
	} {
		answer := query(broker, test.sql)
		if answer.Error != nil || test.want != "" && string(answer.JSON) != test.want {
			t.Errorf("%s: %s %s", test.sql, answer.JSON, answer.Logged)
		}
	}
}

func TestNaiveStaysInItsFile(t *testing.T) {
	broker, dir := guest(t, bridge.Naive, bridge.Budget{})
	outside := filepath.Join(dir, "outside.db")
	for _, sql := range []string{
		"ATTACH '" + outside + "' AS x; CREATE TABLE x.t (a)",
		"ATTACH 'file:" + outside + "?mode=rwc' AS x",
		"VACUUM INTO '" + outside + "'",
		"VACUUM",
		"PRAGMA temp_store_directory = '" + dir + "'",
		"PRAGMA temp_store = file",
		"PRAGMA journal_mode = wal",
		"PRAGMA max_page_count = 1000000",
		"PRAGMA hard_heap_limit = 0",
		"PRAGMA hexkey = 'x'",
		"PRAGMA database_list",
		"SELECT * FROM pragma_database_list",
		"SELECT load_extension('" + outside + "')",
		"SELECT writefile('" + outside + "', 'x')",
		"SELECT readfile('/etc/passwd')",
		"CREATE VIRTUAL TABLE t USING csv(filename='/etc/passwd')",
		"CREATE VIRTUAL TABLE t USING fts5(a)",
		"CREATE TEMP TRIGGER t AFTER INSERT ON users BEGIN SELECT load_extension('x'); END; INSERT INTO users VALUES (7,'x',0)",
	} {
		if answer := query(broker, sql); answer.Error == nil || strings.Contains(answer.Error.Message, dir) && !strings.Contains(sql, dir) {
			t.Errorf("%s: %s %s", sql, answer.JSON, answer.Logged)
		}
	}
	if _, err := os.Stat(outside); err == nil {
		t.Error("a file was made outside")
	}
}

func TestTheFileNeedsThePassword(t *testing.T) {
	broker, dir := guest(t, bridge.Naive, bridge.Budget{})
	query(broker, "SELECT 1")
	files, _ := filepath.Glob(filepath.Join(dir, "*", "customers.db"))
	if len(files) != 1 {
		t.Fatalf("files %v", files)
	}
	data, err := os.ReadFile(files[0])
	if err != nil || len(data) == 0 || strings.Contains(string(data), "SQLite") || strings.Contains(string(data), "Alice") {
		t.Errorf("the file is readable as it is (%d bytes, %v)", len(data), err)
	}
	conn, err := sqlite3.Open(connection(files[0], newPassword()))
	if err == nil {
		err = conn.Exec("SELECT * FROM users")
		_ = conn.Close()
	}
	if !errors.Is(err, sqlite3.NOTADB) {
		t.Errorf("with another password: %v", err)
	}
}

func TestAPasswordOfOnesOwn(t *testing.T) {
	vault := bridge.NewVault()
	_ = vault.Add("DB_PASSWORD=hunter22")
	_, err := bridge.Open([]bridge.Kind{Kind()}, map[string]bridge.Grant{"db": bridge.Hardened}, bridge.Budget{}, vault)
	if err == nil || !strings.Contains(err.Error(), "64 hexadecimal digits") || strings.Contains(err.Error(), "hunter22") {
		t.Error(err)
	}
}

// doubled is a query that is short to write and long to compile.
var doubled = func() string {
	tables := []string{"c0 AS (SELECT 1 FROM users)"}
	for i := range 30 {
		tables = append(tables, fmt.Sprintf("c%d AS (SELECT 1 FROM c%d a, c%d b)", i+1, i, i))
	}
	return strings.Join(tables, ", ")
}()

// slow are queries that would take minutes or for ever.
var slow = map[string]string{
	"join":      "SELECT count(*) FROM users a, users b, users c, users d, users e, users f, users g, users h, users i, users j, users k, users l, users m, users n",
	"like":      "SELECT count(*) FROM users a, users b, users c, users d, users e, users f, users g, users h, users i, users j WHERE (? || (a.id+b.id+c.id+d.id+e.id+f.id+g.id+h.id+i.id+j.id)) LIKE ?",
	"recursion": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT max(i) FROM n",
	"instr":     "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT max(instr(hex(zeroblob(16000)), hex(zeroblob(8000)) || i)) FROM n",
	"replace":   "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT max(replace(hex(zeroblob(16000)), hex(zeroblob(8000)) || i, '')) FROM n",
	"compile":   "WITH " + doubled + " SELECT count(*) FROM c30",
	"glob":      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT max(hex(zeroblob(16000)) GLOB '*0*0*0*0*0*0*0*0*0*0*0*0*0*0*0*0*0*0*0*0*0*0*1' || i) FROM n",
}

func TestASlowQueryEndsWithTheRun(t *testing.T) {
	for name, sql := range slow {
		for _, grant := range []bridge.Grant{bridge.Hardened, bridge.Naive} {
			var params []any
			if name == "like" {
				params = []any{strings.Repeat("a", 15_000), strings.Repeat("%a", 15) + "b"}
			}
			broker, _ := guest(t, grant, bridge.Budget{CallTime: time.Minute})
			query(broker, "SELECT 1 FROM users")
			raw, _ := json.Marshal([]any{sql, params})
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
			start := time.Now()
			answer := broker.Call(ctx, "db", "query", raw)
			took := time.Since(start)
			cancel()
			if answer.Error == nil || took > 5*time.Second {
				t.Errorf("%s, %v: %v late, %+v", name, grant, took, answer.Error)
			}
			start = time.Now()
			// A slow machine's statement may outlast one Close; it ends all the same.
			err := broker.Close()
			for err != nil && time.Since(start) < 30*time.Second {
				err = broker.Close()
			}
			if err != nil {
				t.Errorf("%s, %v: %v", name, grant, err)
			}
			t.Logf("%-9s %-8v call %v, close %v", name, grant, took.Round(time.Millisecond), time.Since(start).Round(time.Millisecond))
		}
	}
}

func TestACallHasItsTime(t *testing.T) {
	broker, _ := guest(t, bridge.Hardened, bridge.Budget{CallTime: 30 * time.Millisecond})
	query(broker, "SELECT 1")
	if answer := query(broker, slow["join"]); answer.Error == nil || answer.Error.Code != bridge.CodeTimeout || answer.Took > 5*time.Second {
		t.Errorf("%+v after %v", answer.Error, answer.Took)
	}
	if answer := query(broker, "SELECT 1 AS one"); string(answer.JSON) != `{"rows":[{"one":1}],"count":1}` {
		t.Errorf("the next call: %s", answer.Logged)
	}
}

func TestMemoryAndFileAreBounded(t *testing.T) {
	broker, dir := guest(t, bridge.Naive, bridge.Budget{})
	for _, sql := range []string{
		"SELECT group_concat(hex(zeroblob(16000))) FROM users a, users b, users c, users d, users e, users f",
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 100000) SELECT max(length(x)) FROM (SELECT hex(zeroblob(8000)) || i AS x FROM n ORDER BY x)",
		"CREATE TEMP TABLE big AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 100000) SELECT hex(zeroblob(8000)) AS x FROM n",
		"CREATE TABLE big AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 100000) SELECT hex(zeroblob(8000)) AS x FROM n",
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 100000) SELECT i FROM n",
		"SELECT " + strings.Repeat("hex(zeroblob(8000)), ", 1000) + "1",
	} {
		answer := query(broker, sql)
		if answer.Error == nil {
			t.Errorf("%.80s: %.80s", sql, answer.JSON)
		}
		if answer := query(broker, "SELECT name FROM users WHERE id = 1"); string(answer.JSON) != `{"rows":[{"name":"Alice"}],"count":1}` {
			t.Errorf("after %s: %s %s", sql, answer.JSON, answer.Logged)
		}
	}
	_ = filepath.Walk(dir, func(path string, info os.FileInfo, _ error) error {
		if info != nil && info.Size() > (maxPages+10)*4096 {
			t.Errorf("%s has %d bytes", path, info.Size())
		}
		return nil
	})
}

func TestARunThatEndsMidCallLeavesNothing(t *testing.T) {
	broker, _ := guest(t, bridge.Naive, bridge.Budget{})
	query(broker, "BEGIN; DELETE FROM users")
	go query(broker, slow["recursion"])
	time.Sleep(20 * time.Millisecond)
	start := time.Now()
	if err := broker.Close(); err != nil || time.Since(start) > time.Second {
		t.Errorf("closed with %v after %v", err, time.Since(start))
	}
	if err := broker.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
	// The guest's cleanup looks for files, TestMain for goroutines.
}

func TestManyQueriesKeepMemoryLevel(t *testing.T) {
	broker, _ := guest(t, bridge.Hardened, bridge.Budget{})
	ask := func(from, to int) uint64 {
		for i := from; i < to; i++ {
			sql := "SELECT name FROM users WHERE id = ?"
			if i%10 == 0 { // a new text, past the cache
				sql += strings.Repeat(" ", i%1000)
			}
			if answer := query(broker, sql, i%5); answer.Error != nil {
				t.Fatal(answer.Logged)
			}
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := ask(0, 1000)
	if after := ask(1000, 10_000); after > before+1<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
}

func BenchmarkQuery(b *testing.B) {
	broker, _ := guest(b, bridge.Hardened, bridge.Budget{})
	raw := []byte(`["SELECT * FROM users WHERE active = true"]`)
	for b.Loop() {
		broker.Call(context.Background(), "db", "query", raw)
	}
}

func BenchmarkFirstQuery(b *testing.B) {
	raw := []byte(`["SELECT * FROM users WHERE active = true"]`)
	for b.Loop() {
		broker, _ := bridge.Open([]bridge.Kind{Kind()}, map[string]bridge.Grant{"db": bridge.Hardened}, bridge.Budget{}, bridge.NewVault())
		broker.Call(context.Background(), "db", "query", raw)
		_ = broker.Close()
	}
}

// The folder's path is part of a URI, and may hold what means something there.
func TestTheFolderMayHaveAnyName(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b%41&vfs=os#c")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	broker, _ := guest(t, bridge.Hardened, bridge.Budget{})
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	if answer := query(broker, "SELECT count(*) AS n FROM users"); string(answer.JSON) != `{"rows":[{"n":4}],"count":1}` {
		t.Errorf("%s %s", answer.JSON, answer.Logged)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*", "customers.db")); len(files) != 1 {
		t.Errorf("files %v", files)
	}
}
