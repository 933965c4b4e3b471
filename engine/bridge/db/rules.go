package db

import (
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
}

func rulesOf(setup bridge.Setup) rules { return rules{grant: setup.Grant} }

// Bounds for a connection. SQLite looks whether it is interrupted once in a
// thousand of its steps, so one step must be short: texts are bounded so that
// a thousand of the slowest functions end soon.
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
		sqlite3.LIMIT_LENGTH:              32 << 10,
		sqlite3.LIMIT_SQL_LENGTH:          64 << 10,
		sqlite3.LIMIT_EXPR_DEPTH:          200,
		sqlite3.LIMIT_ATTACHED:            0,
		sqlite3.LIMIT_LIKE_PATTERN_LENGTH: 50,
		sqlite3.LIMIT_TRIGGER_DEPTH:       20,
		sqlite3.LIMIT_WORKER_THREADS:      0,
	}
)

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
		return conn.SetAuthorizer(r.naive)
	}
	return conn.SetAuthorizer(r.hardened)
}

// functions are granted to a hardened guest: each takes time in proportion to
// its arguments, and none tells anything about the host.
var functions = []string{
	"count", "sum", "total", "avg", "min", "max", "group_concat",
	"upper", "lower", "length", "substr", "substring", "like", "abs", "round",
	"coalesce", "ifnull", "iif", "nullif", "typeof",
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

// pragmas that a naive guest may read: they tell about the tables, and change
// nothing.
var pragmas = []string{
	"table_info", "table_xinfo", "table_list", "index_list", "index_info",
	"foreign_key_list", "function_list", "compile_options",
}

// ponderous take time in the product of their arguments' lengths.
var ponderous = []string{"trim", "ltrim", "rtrim", "load_extension"}

func (r *rules) naive(action sqlite3.AuthorizerActionCode, name3, name4, _, _ string) sqlite3.AuthorizerReturnCode {
	switch action {
	case sqlite3.AUTH_ATTACH, sqlite3.AUTH_DETACH: // VACUUM attaches, too
		return r.deny("ATTACH and VACUUM are not granted: they reach other files")
	case sqlite3.AUTH_CREATE_VTABLE, sqlite3.AUTH_DROP_VTABLE:
		return r.deny("virtual tables are not granted: they are extensions")
	case sqlite3.AUTH_FUNCTION:
		if slices.Contains(ponderous, strings.ToLower(name4)) {
			return r.deny("the function %.40q is not granted", name4)
		}
	case sqlite3.AUTH_PRAGMA:
		if !slices.Contains(pragmas, strings.ToLower(name3)) {
			return r.deny("the pragma %.40q is not granted", name3)
		}
	}
	return sqlite3.AUTH_OK
}

func (r *rules) deny(format string, args ...any) sqlite3.AuthorizerReturnCode {
	if r.refused == "" {
		r.refused = fmt.Sprintf(format, args...)
	}
	return sqlite3.AUTH_DENY
}
