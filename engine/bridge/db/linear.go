package db

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ncruces/go-sqlite3"
)

// addLinear replaces those of SQLite's functions whose time is the product of
// their arguments' lengths and which SQL cannot do without. These give the same
// answers in time proportional to the sum.
func addLinear(conn *sqlite3.Conn) error {
	const flags = sqlite3.DETERMINISTIC | sqlite3.INNOCUOUS
	return errors.Join(
		conn.CreateFunction("instr", 2, flags, instr),
		conn.CreateFunction("replace", 3, flags, replace),
	)
}

// instr finds a text in a text, counting characters, or a blob in a blob,
// counting bytes.
func instr(ctx sqlite3.Context, args ...sqlite3.Value) {
	if hasNull(args) {
		return // NULL
	}
	if args[0].Type() == sqlite3.BLOB && args[1].Type() == sqlite3.BLOB {
		ctx.ResultInt(bytes.Index(args[0].RawBlob(), args[1].RawBlob()) + 1)
		return
	}
	text := []byte(args[0].Text())
	at := bytes.Index(text, args[1].RawText())
	if at > 0 {
		at = utf8.RuneCount(text[:at])
	}
	ctx.ResultInt(at + 1)
}

// replace puts a text in the place of every occurrence of another. One that is
// empty, or starts with a zero, occurs nowhere, as in SQLite.
func replace(ctx sqlite3.Context, args ...sqlite3.Value) {
	if hasNull(args[:2]) {
		return // NULL
	}
	text, old := args[0].Text(), args[1].Text()
	if old == "" || old[0] == 0 {
		ctx.ResultText(text)
		return
	}
	if hasNull(args) {
		return // NULL
	}
	with := args[2].Text()
	if len(text)+strings.Count(text, old)*(len(with)-len(old)) > naiveLimits[sqlite3.LIMIT_LENGTH] {
		ctx.ResultError(sqlite3.TOOBIG)
		return
	}
	ctx.ResultText(strings.ReplaceAll(text, old, with))
}

func hasNull(args []sqlite3.Value) bool {
	return slices.ContainsFunc(args, func(arg sqlite3.Value) bool { return arg.Type() == sqlite3.NULL })
}
