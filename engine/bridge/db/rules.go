package db

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"sealedroom/engine/bridge"
)

// rules say what SQL may do. SQLite asks them while it prepares a statement,
// for every table, column, function and pragma in it, whichever way the
// statement reaches them: views, subqueries, common table expressions.
type rules struct {
	grant   bridge.Grant
	refused string // why the last statement was refused, for the guest
	calls   int    // of functions, in the statement that is being prepared
}

// reset forgets the last statement.
func (r *rules) reset() { r.refused, r.calls = "", 0 }

func rulesOf(setup bridge.Setup) rules { return rules{grant: setup.Grant} }

// Bounds for a connection. SQLite checks for an interrupt at jumps, once in a
// thousand of its steps, and never within a function: so texts are short enough
// for each granted function to end within a millisecond or so, and a statement
// calls at most maxFunctions of them without a jump between.
var (
	hardenedLimits = map[sqlite3.LimitCategory]int{
		sqlite3.LIMIT_LENGTH:              16 << 10,
		sqlite3.LIMIT_SQL_LENGTH:          16 << 10,
		sqlite3.LIMIT_COLUMN:              64,
		sqlite3.LIMIT_EXPR_DEPTH:          50,
		sqlite3.LIMIT_COMPOUND_SELECT:     10,
		sqlite3.LIMIT_VDBE_OP:             25_000,
		sqlite3.LIMIT_FUNCTION_ARG:        8,
		sqlite3.LIMIT_ATTACHED:            0,
		sqlite3.LIMIT_LIKE_PATTERN_LENGTH: 32,
		sqlite3.LIMIT_VARIABLE_NUMBER:     100,
		sqlite3.LIMIT_TRIGGER_DEPTH:       1,
		sqlite3.LIMIT_WORKER_THREADS:      0,
	}
	naiveLimits = map[sqlite3.LimitCategory]int{
		sqlite3.LIMIT_LENGTH:              16 << 10,
		sqlite3.LIMIT_SQL_LENGTH:          16 << 10,
		sqlite3.LIMIT_EXPR_DEPTH:          200,
		sqlite3.LIMIT_FUNCTION_ARG:        32,
		sqlite3.LIMIT_ATTACHED:            0,
		sqlite3.LIMIT_LIKE_PATTERN_LENGTH: 50,
		sqlite3.LIMIT_TRIGGER_DEPTH:       20,
		sqlite3.LIMIT_WORKER_THREADS:      0,
	}
)

// maxFunctions is how many function calls a naive statement may hold, those of
// its views and triggers included.
const maxFunctions = 256

// Memory of one connection, in bytes, and the size of a naive one's file, in
// pages of 4 KiB. The memory also bounds how long SQLite may be compiling a
// statement, which nothing can interrupt: tables that double, one common table
// expression after another, take it a fifth of a second to fill.
const (
	maxMemory = 4 << 20
	maxPages  = 512
)

// apply sets the rules on a fresh connection.
func (r *rules) apply(conn *sqlite3.Conn) error {
	// Temporary tables and sorting stay in memory: the file is all there is.
	// Reading the schema now is what finds a wrong password.
	setup := fmt.Sprintf(`PRAGMA temp_store = memory; PRAGMA synchronous = off; PRAGMA journal_mode = memory;
		PRAGMA max_page_count = %d; SELECT count(*) FROM sqlite_schema;`, maxPages)
	if err := conn.Exec(setup); err != nil {
		return err
	}
	limits := naiveLimits
	switches := map[sqlite3.DBConfig]bool{
		sqlite3.DBCONFIG_DEFENSIVE:             true,
		sqlite3.DBCONFIG_TRUSTED_SCHEMA:        false,
		sqlite3.DBCONFIG_ENABLE_LOAD_EXTENSION: false,
	}
	if r.grant == bridge.Hardened {
		limits = hardenedLimits
		switches[sqlite3.DBCONFIG_ENABLE_TRIGGER] = false
		switches[sqlite3.DBCONFIG_ENABLE_VIEW] = false
		switches[sqlite3.DBCONFIG_DQS_DML] = false
		switches[sqlite3.DBCONFIG_DQS_DDL] = false
	}
	for name, on := range switches {
		if _, err := conn.Config(name, on); err != nil {
			return err
		}
	}
	for name, limit := range limits {
		conn.Limit(name, limit)
	}
	conn.HardHeapLimit(maxMemory)
	if r.grant == bridge.Naive {
		return errors.Join(addLinear(conn), conn.SetAuthorizer(r.naive))
	}
	return conn.SetAuthorizer(r.hardened)
}

// functions are granted to a hardened guest: each takes time in proportion to
// its arguments, and none says anything about the host.
var functions = []string{
	"count", "sum", "total", "avg", "min", "max", "group_concat",
	"upper", "lower", "length", "substr", "substring", "like", "abs", "round",
	"coalesce", "ifnull", "iif", "nullif", "typeof",
}

// naiveFunctions are granted to a naive guest too. They are listed so that no
// extension of the library is granted by being there: some of those compute for
// seconds in one call, which nothing can interrupt. trim, unhex, strftime,
// json_patch and json_pretty are SQLite's own and left out for the same reason.
var naiveFunctions = []string{
	"->", "->>", "acos", "asin", "atan", "atan2", "ceil", "ceiling", "changes", "char", "concat", "concat_ws",
	"cos", "cume_dist", "current_date", "current_time", "current_timestamp", "date", "datetime", "degrees",
	"dense_rank", "exp", "first_value", "floor", "format", "glob", "hex", "if", "instr",
	"json", "json_array", "json_array_insert", "json_array_length", "json_error_position", "json_extract",
	"json_group_array", "json_group_object", "json_insert", "json_object", "json_quote", "json_remove",
	"json_replace", "json_set", "json_type", "json_valid",
	"julianday", "lag", "last_insert_rowid", "last_value", "lead", "likelihood", "likely", "ln", "log", "log10",
	"log2", "mod", "nth_value", "ntile", "octet_length", "percent_rank", "pi", "pow", "power", "printf", "quote",
	"radians", "random", "randomblob", "rank", "replace", "row_number", "sign", "sin", "soundex",
	"sqlite_source_id", "sqlite_version", "sqrt", "string_agg", "tan", "time", "timediff", "total_changes",
	"trunc", "unicode", "unixepoch", "unlikely", "zeroblob",
}

func (r *rules) hardened(action sqlite3.AuthorizerActionCode, name3, name4, schema, _ string) sqlite3.AuthorizerReturnCode {
	switch action {
	case sqlite3.AUTH_SELECT:
		return sqlite3.AUTH_OK
	case sqlite3.AUTH_READ:
		return r.read(name3, name4, schema)
	case sqlite3.AUTH_FUNCTION:
		if slices.Contains(functions, strings.ToLower(name4)) {
			return sqlite3.AUTH_OK
		}
		return r.deny("the function %.40q is not granted", name4)
	case sqlite3.AUTH_RECURSIVE:
		return r.deny("recursive queries are not granted")
	}
	return r.deny("only SELECT is granted")
}

// read grants a column, or with no column a table that is only counted.
func (r *rules) read(table, column, schema string) sqlite3.AuthorizerReturnCode {
	columns, ok := granted[strings.ToLower(table)]
	switch {
	case ok && (schema == "main" || schema == "" && column == "") &&
		(column == "" || slices.Contains(columns, strings.ToLower(column))):
		return sqlite3.AUTH_OK
	case ok:
		return r.deny("the column %.40q of %.40q is not granted", column, table)
	case schema == "" && column == "" && isAlias(table):
		return sqlite3.AUTH_OK
	}
	return r.deny("%s", tableNotGranted(table))
}

func tableNotGranted(table string) string {
	return fmt.Sprintf("the table %.40q is not granted", table)
}

// isAlias says whether a name can only be that of the statement's own common
// table expression: statements are prepared without virtual tables, so every
// other name is one of the tables or SQLite's own.
func isAlias(table string) bool {
	table = strings.ToLower(table)
	return !slices.Contains(ungranted, table) && !strings.HasPrefix(table, "sqlite_")
}

// pragmas that a naive guest may read: they describe the tables, and change
// nothing.
var pragmas = []string{
	"table_info", "table_xinfo", "table_list", "index_list", "index_info",
	"foreign_key_list", "function_list", "compile_options",
}

func (r *rules) naive(action sqlite3.AuthorizerActionCode, name3, name4, _, _ string) sqlite3.AuthorizerReturnCode {
	switch action {
	case sqlite3.AUTH_ATTACH, sqlite3.AUTH_DETACH: // VACUUM attaches, too
		return r.deny("ATTACH and VACUUM are not granted: they reach other files")
	case sqlite3.AUTH_CREATE_VTABLE, sqlite3.AUTH_DROP_VTABLE:
		return r.deny("virtual tables are not granted: they are extensions")
	case sqlite3.AUTH_FUNCTION:
		return r.naiveCall(strings.ToLower(name4))
	case sqlite3.AUTH_PRAGMA:
		if !slices.Contains(pragmas, strings.ToLower(name3)) {
			return r.deny("the pragma %.40q is not granted", name3)
		}
	}
	return sqlite3.AUTH_OK
}

// naiveCall grants one function call of a naive statement.
func (r *rules) naiveCall(name string) sqlite3.AuthorizerReturnCode {
	if !slices.Contains(functions, name) && !slices.Contains(naiveFunctions, name) {
		return r.deny("the function %.40q is not granted", name)
	}
	if r.calls++; r.calls > maxFunctions {
		return r.deny("a statement with more than %d function calls is not granted", maxFunctions)
	}
	return sqlite3.AUTH_OK
}

func (r *rules) deny(format string, args ...any) sqlite3.AuthorizerReturnCode {
	if r.refused == "" {
		r.refused = fmt.Sprintf(format, args...)
	}
	return sqlite3.AUTH_DENY
}
