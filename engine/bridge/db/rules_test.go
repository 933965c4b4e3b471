package db

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"

	"sealedroom/engine/bridge"
)

// hardArguments are what makes functions slow: as long as a naive connection
// lets texts be, and of the shapes that naive algorithms are bad at.
func hardArguments() map[string]any {
	const n = 16 << 10
	repeat := func(text string) string { return strings.Repeat(text, (n-64)/len(text)) }
	return map[string]any{
		"same": repeat("a"), "half": strings.Repeat("a", n/2) + "b", "zeros": make([]byte, n-64), "digits": repeat("1"),
		"wide": repeat("é"), "list": "[" + repeat("1,") + "1]", "object": "{" + repeat(`"a":1,`) + `"b":1}`,
		"nested": strings.Repeat("[", 990) + strings.Repeat("]", 990), "path": "$[7000]", "broad": "%.16000d", "many": repeat("%d"),
		"quoted": repeat("'"), "like": strings.Repeat("%a", 24) + "b", "glob": strings.Repeat("*a", 24) + "b",
		"set": "*" + strings.Repeat("[a-z]*", 7) + "b", "few": 9, "huge": 1 << 60, "length": n - 64,
	}
}

// Every function that a guest may call ends soon, whatever it is given: SQLite
// is not interrupted within one.
func TestEveryFunctionEndsSoon(t *testing.T) {
	conn, err := sqlite3.Open(":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for name, limit := range naiveLimits {
		conn.Limit(name, limit)
	}
	if err := addLinear(conn); err != nil {
		t.Fatal(err)
	}
	values := hardArguments()
	var names []string
	for name := range values {
		names = append(names, ":"+name)
	}
	slices.Sort(names)
	arguments := []string{"", ":like,:same,':'"}
	for _, one := range names {
		arguments = append(arguments, one, one+",0.5")
		for _, two := range names {
			arguments = append(arguments, one+","+two, one+","+two+",''")
		}
	}
	slowest := map[string]time.Duration{}
	for _, function := range slices.Concat(functions, naiveFunctions) {
		ran := false
		for _, args := range arguments {
			stmt, err := prepareCall(conn, function, args)
			if err != nil {
				continue // of another number of arguments
			}
			ran = true
			for i := 1; i <= stmt.BindCount(); i++ {
				switch value := values[stmt.BindName(i)[1:]].(type) {
				case string:
					err = stmt.BindText(i, value)
				case []byte:
					err = stmt.BindBlob(i, value)
				case int:
					err = stmt.BindInt(i, value)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			best := time.Duration(1 << 62)
			for try := 0; try < 3 && best > 5*time.Millisecond; try++ {
				began := time.Now()
				stmt.Step() // an error will do: what counts is how soon
				best = min(best, time.Since(began))
				_ = stmt.Reset()
			}
			_ = stmt.Close()
			slowest[function] = max(slowest[function], best)
			if best > 30*time.Millisecond {
				t.Errorf("%s(%s) takes %v", function, args, best)
			}
		}
		if !ran {
			t.Errorf("%s was never called: is it a function?", function)
		}
	}
	for name, took := range slowest {
		if took > 500*time.Microsecond {
			t.Logf("%-20s %v", name, took)
		}
	}
}

// prepareCall prepares a function's call, as a window function where it is one.
func prepareCall(conn *sqlite3.Conn, function, args string) (stmt *sqlite3.Stmt, err error) {
	call := fmt.Sprintf(`%s(%s)`, function, args)
	if one, two, both := strings.Cut(args, ","); strings.HasPrefix(function, "->") {
		call = one + function + two
		if !both || strings.Contains(two, ",") {
			return nil, sqlite3.ERROR
		}
	} else if strings.HasPrefix(function, "current_") {
		call = function
	}
	for _, over := range []string{"", " OVER ()"} {
		if stmt, _, err = conn.Prepare("SELECT " + call + over); err == nil {
			return stmt, nil
		}
	}
	return nil, err
}

// Every other function that the library brings is refused, also to a naive guest.
func TestOtherFunctionsAreRefused(t *testing.T) {
	conn, err := sqlite3.Open(":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	stmt, _, err := conn.Prepare("SELECT name, max(narg), min(narg) FROM pragma_function_list GROUP BY name")
	if err != nil {
		t.Fatal(err)
	}
	defer stmt.Close()
	broker, _ := guest(t, bridge.Naive, bridge.Budget{})
	refused := 0
	for stmt.Step() {
		name := stmt.ColumnText(0)
		if slices.Contains(functions, name) || slices.Contains(naiveFunctions, name) {
			continue
		}
		refused++
		args := max(stmt.ColumnInt(1), 0)
		if stmt.ColumnInt(2) < 0 {
			args = max(args, -stmt.ColumnInt(2)-1) // at least
		}
		sql := fmt.Sprintf("SELECT %s(%s)", name, strings.TrimSuffix(strings.Repeat("1,", args), ","))
		if answer := query(broker, sql); answer.Error == nil || !strings.Contains(answer.Error.Message, fmt.Sprintf("the function %q is not granted", name)) {
			t.Errorf("%s: %s %s", sql, answer.JSON, answer.Logged)
		}
	}
	if refused < 50 {
		t.Errorf("%d functions refused: the library has more", refused)
	}
}

// The functions of ours answer as SQLite's own do.
func TestLinearFunctions(t *testing.T) {
	own, err := sqlite3.Open(":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	ours, err := sqlite3.Open(":memory:")
	if err == nil {
		err = addLinear(ours)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close()
	answer := func(conn *sqlite3.Conn, sql string) string {
		stmt, _, err := conn.Prepare(sql)
		if err != nil {
			t.Fatal(err)
		}
		defer stmt.Close()
		stmt.Step()
		return fmt.Sprint(stmt.ColumnText(0), stmt.Err())
	}
	values := []string{"NULL", "''", "'a'", "'aa'", "'aaa'", "'b'", "'éaé'", "'é'", "1", "11.5", "x''", "x'00'", "x'610061'", "x'c3'", "'x' || char(0) || 'a'"}
	for _, one := range values {
		for _, two := range values {
			sqls := []string{fmt.Sprintf("SELECT quote(instr(%s, %s))||typeof(instr(%[1]s, %[2]s))", one, two)}
			for _, three := range values {
				sqls = append(sqls, fmt.Sprintf("SELECT quote(replace(%s, %s, %s))", one, two, three))
			}
			for _, sql := range sqls {
				if got, want := answer(ours, sql), answer(own, sql); got != want {
					t.Errorf("%s: %s, want %s", sql, got, want)
				}
			}
		}
	}
}

// repeated is text n times, with a number in it.
func repeated(n int, format string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf(format, i)
	}
	return strings.Join(parts, ",")
}

// What the host does for a guest ends with its run: however a query is made to
// last, Close returns with the connection closed and the folder gone.
func TestTheHostStopsWithTheRun(t *testing.T) {
	triggers := "CREATE TABLE v (a); INSERT INTO v VALUES (hex(zeroblob(8000)))"
	for i := range 12 {
		triggers += fmt.Sprintf("; CREATE TRIGGER t%d AFTER INSERT ON users BEGIN SELECT %s FROM v; END", i, repeated(20, "instr(a, substr(a, %d + 8000) || 'x')"))
	}
	for name, test := range map[string]struct {
		first  string // another call
		sql    string
		params []any
	}{
		"an extension's functions": {sql: "SELECT " + repeated(200, "length(decimal_pow2(20000 - %d))")},
		"edit distance":            {sql: "SELECT " + repeated(200, "spellfix1_editdist(?1, ?1 || %d)"), params: []any{strings.Repeat("a", 16_000)}},
		"unhex":                    {sql: "SELECT " + repeated(200, "unhex(?1, ?1 || %d)"), params: []any{strings.Repeat("0", 16_000)}},
		"trim":                     {sql: "SELECT " + repeated(200, "trim(?1, ?1 || %d)"), params: []any{strings.Repeat("0", 16_000)}},
		"many calls, no jump":      {sql: "SELECT " + repeated(600, "instr(?1,?2||%d)"), params: []any{strings.Repeat("a", 16_000), strings.Repeat("a", 8000)}},
		"as many as may be":        {sql: "SELECT " + repeated(250, "instr(?1,?2||%d)"), params: []any{strings.Repeat("a", 16_000), strings.Repeat("a", 8000)}},
		"LIKE":                     {sql: "SELECT " + repeated(250, "?1||%d LIKE ?2"), params: []any{strings.Repeat("a", 16_000), strings.Repeat("%a", 24) + "b"}},
		"triggers":                 {first: triggers, sql: "INSERT INTO users VALUES (9, 'x', 0)"},
		"a view":                   {first: "CREATE VIEW v AS SELECT " + repeated(100, "replace(hex(zeroblob(8000)), hex(zeroblob(4000)) || %d, '') a%[1]d"), sql: "SELECT * FROM v, v b, v c, v d"},
		"windows":                  {sql: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT group_concat(i) OVER (ROWS BETWEEN 1000 PRECEDING AND 1000 FOLLOWING), sum(i) OVER () FROM n"},
		"a series":                 {sql: "SELECT count(*) FROM generate_series(1, 9007199254740991) a, generate_series(1, 9007199254740991) b"},
		"JSON":                     {sql: "SELECT count(*) FROM json_tree(?1) a, json_tree(?1) b, json_tree(?1) c", params: []any{"[" + strings.Repeat("1,", 8000) + "1]"}},
		"sorting":                  {sql: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT i FROM n ORDER BY random()"},
		"dates":                    {sql: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT max(date(i, '+1 month', '-1 day', 'weekday 0', '+400 years')) FROM n"},
		"random":                   {sql: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT max(hex(randomblob(8000))) FROM n"},
		"printf":                   {sql: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT max(printf('%.*d%*d%s', 16000, i, 16000, i, i)) FROM n"},
		"updates":                  {first: "CREATE TABLE u AS SELECT 1 a UNION SELECT 2", sql: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) UPDATE u SET a = (SELECT max(i) FROM n)"},
	} {
		t.Run(name, func(t *testing.T) {
			broker, _ := guest(t, bridge.Naive, bridge.Budget{})
			if answer := query(broker, "SELECT 1"); answer.Error != nil {
				t.Fatal(answer.Logged)
			}
			if test.first != "" {
				if answer := query(broker, test.first); answer.Error != nil {
					t.Fatal(answer.Logged)
				}
			}
			raw, _ := json.Marshal([]any{test.sql, test.params})
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
			defer cancel()
			answer := broker.Call(ctx, "db", "query", raw)
			began := time.Now()
			if err := broker.Close(); err != nil {
				t.Errorf("not over %v after the run: %v", time.Since(began), err)
			}
			t.Logf("close took %v; %.90s", time.Since(began).Round(time.Millisecond), answer.Logged)
			// The guest's cleanup looks for files, TestMain for goroutines.
		})
	}
}
