package db

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"sealedroom/engine/bridge"
)

// cache keeps the hardened guest's statements prepared: the last of them, so
// that a guest that never repeats itself fills nothing.
type cache struct {
	known map[string]*prepared
	order []string // oldest first
}

const maxPrepared = 32

// prepared is a statement with what its answers have in common.
type prepared struct {
	stmt    *sqlite3.Stmt
	names   [][]byte // of the columns, as JSON
	boolean []bool   // declared so
}

// query answers a hardened guest: one statement that only reads.
func (o *owner) query(job *job) ([]byte, error) {
	p, err := o.prepare(job)
	if err != nil {
		return nil, err
	}
	defer p.stmt.Reset()
	if n := p.stmt.BindCount(); n != len(job.params) {
		return nil, bridge.Refuse(bridge.CodeInvalid, "%s: the SQL has %d parameters, argument 2 has %d", job.call, n, len(job.params))
	}
	if err := bind(p.stmt, job.params); err != nil {
		return nil, refusal(job, err)
	}
	json, err := o.rows(job, p)
	if err != nil {
		return nil, refusal(job, err)
	}
	return json, nil
}

func (o *owner) prepare(job *job) (*prepared, error) {
	if p := o.cache.known[job.sql]; p != nil {
		return p, nil
	}
	if !reading.MatchString(job.sql) {
		return nil, bridge.Refuse(bridge.CodeNotGranted, "%s: only SELECT is granted", job.call)
	}
	o.rules.reset()
	stmt, tail, err := o.conn.PrepareFlags(job.sql, sqlite3.PREPARE_PERSISTENT|sqlite3.PREPARE_NO_VTAB)
	if err != nil {
		return nil, o.unprepared(job, err)
	}
	if stmt == nil {
		return nil, bridge.Refuse(bridge.CodeInvalid, "%s: argument 1 holds no SQL", job.call)
	}
	if !blank.MatchString(tail) || !stmt.ReadOnly() || stmt.ColumnCount() == 0 {
		_ = stmt.Close()
		return nil, bridge.Refuse(bridge.CodeNotGranted, "%s: one SELECT at a time is granted", job.call)
	}
	if len(o.cache.order) == maxPrepared {
		oldest := o.cache.order[0]
		_ = o.cache.known[oldest].stmt.Close()
		delete(o.cache.known, oldest)
		o.cache.order = o.cache.order[1:]
	}
	p := describe(stmt)
	if o.cache.known == nil {
		o.cache.known = map[string]*prepared{}
	}
	o.cache.known[job.sql] = p
	o.cache.order = append(o.cache.order, job.sql)
	return p, nil
}

var (
	// reading matches what begins, after spaces and comments, as a query.
	// EXPLAIN does not: how the host keeps its data is not granted.
	reading = regexp.MustCompile(`(?is)^(\s|--[^\n]*\n|/\*.*?\*/)*(SELECT|WITH|VALUES)\b`)
	blank   = regexp.MustCompile(`(?s)^(\s|;|--[^\n]*(\n|$)|/\*.*?\*/)*$`)
)

// missing finds the name in what SQLite says of a table that is not there.
var missing = regexp.MustCompile(`no such table: (.+)$`)

// unprepared is why a statement could not be prepared: as the rules say, or
// with the place in the guest's own SQL. SQLite's text is for the log. What is
// not granted is refused in the same words whether it is there or not: neither
// the tables nor their columns can be found out by asking.
func (o *owner) unprepared(job *job, err error) error {
	why := o.rules.refused
	if name := missing.FindStringSubmatch(err.Error()); name != nil && why == "" {
		why = tableNotGranted(name[1])
	}
	for _, table := range ungranted {
		if why == "" && strings.Contains(strings.ToLower(job.sql), table) {
			why = tableNotGranted(table)
		}
	}
	if why != "" {
		return bridge.Refuse(bridge.CodeNotGranted, "%s: %s", job.call, why).Because(err)
	}
	var detail *sqlite3.Error
	if errors.As(err, &detail) && detail.Code() == sqlite3.ERROR && detail.SQL() != "" {
		at := len(job.sql) - len(detail.SQL())
		return bridge.Refuse(bridge.CodeInvalid, "%s: the SQL makes no sense at character %d: %.24q", job.call, at+1, detail.SQL()).Because(err)
	}
	return refusal(job, err)
}

// refusal is the safe view of SQLite's errors.
func refusal(job *job, err error) error {
	var known *bridge.Refusal
	switch {
	case errors.As(err, &known), job.ctx.Err() != nil:
		return err
	case errors.Is(err, sqlite3.TOOBIG):
		return bridge.Refuse(bridge.CodeTooLarge, "%s: a text is too long: ask for less", job.call).Because(err)
	case errors.Is(err, sqlite3.ERROR), errors.Is(err, sqlite3.MISMATCH), errors.Is(err, sqlite3.RANGE):
		return bridge.Refuse(bridge.CodeInvalid, "%s: the SQL could not be run: check it", job.call).Because(err)
	}
	return err
}

// script answers a naive guest: statement after statement. The answer is that
// of the last one with columns; without any, the number of rows changed.
func (o *owner) script(job *job) ([]byte, error) {
	before := o.conn.TotalChanges()
	var last []byte
	sql, params := job.sql, job.params
	for {
		o.rules.reset()
		stmt, tail, err := o.conn.Prepare(sql)
		if stmt == nil && err == nil {
			break
		}
		if err == nil {
			used := min(stmt.BindCount(), len(params))
			last, err = o.step(job, stmt, params[:used], last)
			sql, params = tail, params[used:]
		}
		if err != nil && o.rules.refused != "" {
			return nil, fmt.Errorf("%w (%s)", err, o.rules.refused)
		}
		if err != nil {
			return nil, err
		}
	}
	if last == nil {
		last = fmt.Appendf(nil, `{"rows":[],"count":%d}`, o.conn.TotalChanges()-before)
	}
	return last, nil
}

// step runs one statement of a script to its end.
func (o *owner) step(job *job, stmt *sqlite3.Stmt, params []any, last []byte) (answer []byte, err error) {
	defer func() {
		if closeErr := stmt.Close(); err == nil { // else it repeats err
			err = closeErr
		}
	}()
	if err := bind(stmt, params); err != nil {
		return nil, err
	}
	rows, err := o.rows(job, describe(stmt))
	if err != nil || stmt.ColumnCount() > 0 {
		return rows, err
	}
	return last, nil
}

func describe(stmt *sqlite3.Stmt) *prepared {
	n := stmt.ColumnCount()
	p := &prepared{stmt: stmt, names: make([][]byte, n), boolean: make([]bool, n)}
	for i := range n {
		p.names[i], _ = json.Marshal(strings.ToValidUTF8(stmt.ColumnName(i), "\uFFFD"))
		p.boolean[i] = strings.EqualFold(stmt.ColumnDeclType(i), "boolean")
	}
	return p
}

func bind(stmt *sqlite3.Stmt, params []any) error {
	for i, param := range params {
		var err error
		switch value := param.(type) {
		case bool:
			err = stmt.BindBool(i+1, value)
		case string:
			err = stmt.BindText(i+1, value)
		case int64:
			err = stmt.BindInt64(i+1, value)
		case float64:
			err = stmt.BindFloat(i+1, value)
		default:
			err = stmt.BindNull(i + 1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// rows runs a statement and writes {"rows":[{…}],"count":n}, with the columns
// in the statement's order.
func (o *owner) rows(job *job, p *prepared) ([]byte, error) {
	budget := o.setup.Budget
	out := []byte(`{"rows":[`)
	count := 0
	for ; p.stmt.Step(); count++ {
		if count == budget.Rows {
			return nil, bridge.Refuse(bridge.CodeTooLarge, "%s: the answer has more than %d rows: add a LIMIT", job.call, budget.Rows)
		}
		if count > 0 {
			out = append(out, ',')
		}
		out = append(out, '{')
		for i, name := range p.names {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(append(out, name...), ':')
			out = appendValue(out, p.stmt, i, p.boolean[i])
			if len(out) > budget.AnswerBytes {
				return nil, bridge.Refuse(bridge.CodeTooLarge, "%s: the answer has more than %d bytes: ask for less", job.call, budget.AnswerBytes)
			}
		}
		out = append(out, '}')
	}
	if err := p.stmt.Err(); err != nil {
		return nil, err
	}
	out = append(out, `],"count":`...)
	return append(strconv.AppendInt(out, int64(count), 10), '}'), nil
}

// maxExact is the largest whole number that JavaScript holds exactly.
const maxExact = 1<<53 - 1

func appendValue(out []byte, stmt *sqlite3.Stmt, column int, boolean bool) []byte {
	switch stmt.ColumnType(column) {
	case sqlite3.INTEGER:
		value := stmt.ColumnInt64(column)
		switch {
		case boolean:
			return strconv.AppendBool(out, value != 0)
		case value > maxExact || value < -maxExact:
			return strconv.AppendQuote(out, strconv.FormatInt(value, 10))
		}
		return strconv.AppendInt(out, value, 10)
	case sqlite3.FLOAT:
		value := stmt.ColumnFloat(column)
		switch { // SQLite has no NaN: it is NULL there
		case math.IsInf(value, 1):
			return append(out, "1e999"...) // which JavaScript reads as Infinity
		case math.IsInf(value, -1):
			return append(out, "-1e999"...)
		}
		encoded, _ := json.Marshal(value)
		return append(out, encoded...)
	case sqlite3.TEXT:
		encoded, _ := json.Marshal(strings.ToValidUTF8(stmt.ColumnText(column), "\uFFFD"))
		return append(out, encoded...)
	case sqlite3.BLOB:
		out = append(hex.AppendEncode(append(out, '"'), stmt.ColumnRawBlob(column)), '"')
		return out
	}
	return append(out, "null"...)
}
